"""Where a file is written: beside its name until it is complete, and then under its name at once.

While it is written, it has no name where the system allows that (Linux), so that even a killed process leaves nothing
behind; elsewhere it has a hidden name, which is removed whatever goes wrong.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Literal

from subsidy.io.said import FileError, Said, missing_package, system_error
from subsidy.io.source import Kind

__all__ = ["Target", "find_page", "find_target", "replacing"]

_WRITABLE: dict[str, Kind] = {".csv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
_PAGES: dict[str, Literal["html"]] = {".html": "html", ".htm": "html"}
_NEW_FILE = 0o666  # as far as the umask allows
_WRITING = Said("无法写入", "can't be written")


class Target:
    """A file that may be written: its kind by its ending, and its place with links followed.

    Parameters
    ----------
    name : str
        As the caller named it.
    kind : str
        csv, xlsx or parquet; html for a page.
    path : Path
        Where it really is.
    """

    def __init__(self, name: str, kind: Kind | Literal["html"], path: Path) -> None:
        self.name = name
        self.kind = kind
        self.path = path


def find_target(name: str | os.PathLike[str], inputs: Iterable[Path] = ()) -> Target:
    """Check, before anything is read, that a file may be written.

    Raises
    ------
    FileError
        If its kind isn't known, its folder isn't there, it is no plain file, it is one of the inputs, or the package
        that writes xlsx isn't there.
    """
    named = os.fspath(name)
    kind = _WRITABLE.get(_ending(named))
    if kind is None:
        raise FileError(
            Said(
                f"{named or '-o'}：应以 .csv、.xlsx 或 .parquet 结尾",
                f"{named or '-o'}: expected a name that ends in .csv, .xlsx or .parquet",
            )
        )
    if kind == "xlsx" and find_spec("xlsxwriter") is None:
        raise missing_package(named, "xlsxwriter")
    return Target(named, kind, _checked(named, inputs))


def find_page(name: str | os.PathLike[str], inputs: Iterable[Path] = ()) -> Target:
    """Check, before anything is read, that a page may be written.

    Raises
    ------
    FileError
        If its name doesn't end in .html, its folder isn't there, it is no plain file, or it is one of the inputs.
    """
    named = os.fspath(name)
    kind = _PAGES.get(_ending(named))
    if kind is None:
        raise FileError(
            Said(
                f"{named or '--report'}：应以 .html 结尾", f"{named or '--report'}: expected a name that ends in .html"
            )
        )
    return Target(named, kind, _checked(named, inputs))


def _ending(name: str) -> str:
    return Path(name).suffix.lower()


def _checked(named: str, inputs: Iterable[Path]) -> Path:
    """Follow links to the place of a file, and refuse what can't be written there."""
    try:
        path = Path(os.path.realpath(named))
        folder, found = path.parent, path.stat() if path.exists() else None
        there = folder.is_dir()
    except (OSError, ValueError) as error:
        raise system_error(named, error, _WRITING) from None
    if not there:
        raise FileError(Said(f"{named}：文件夹 {folder} 不存在", f"{named}: there is no folder {folder}"))
    if found is not None:
        _check_present(named, path, found, inputs)
    return path


def _check_present(name: str, path: Path, found: os.stat_result, inputs: Iterable[Path]) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise FileError(Said(f"{name}：是文件夹，应为文件名", f"{name}: found a folder, expected the name of a file"))
    if not stat.S_ISREG(found.st_mode):
        raise FileError(Said(f"{name}：是管道或设备，应为普通文件", f"{name}: found a pipe or device, expected a file"))
    for given in inputs:
        with suppress(OSError):
            if given.samefile(path):
                raise FileError(
                    Said(
                        f"{name}：与输入文件 {given} 相同；请写入另一个文件",
                        f"{name}: this is the input {given}; write to another file",
                    )
                )
    if not os.access(path, os.W_OK):
        raise FileError(Said(f"{name}：只读文件，未覆盖", f"{name}: it is read-only and isn't overwritten"))


@contextmanager
def replacing(target: Target) -> Iterator[BinaryIO]:
    """Give a stream to write; when all went well, what was written takes the name of the target, else it is gone.

    Raises
    ------
    FileError
        If the folder can't be written to, or is full.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with replacing(find_target(f"{folder}/out.csv")) as stream:
    ...         _ = stream.write(b"claim_id")
    ...     os.listdir(folder)
    ['out.csv']
    """
    try:
        stream, hidden = _opened(target.path)
    except OSError as error:
        raise system_error(target.name, error, _WRITING) from None
    try:
        with stream:
            yield stream
            _finish(stream, hidden, target.path)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise system_error(target.name, error, _WRITING) from None
    finally:
        if hidden is not None:
            hidden.unlink(missing_ok=True)


def _hidden(path: Path) -> Path:
    return path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")


def _opened(path: Path) -> tuple[BinaryIO, Path | None]:
    """Open a file without a name, else one with a hidden name, which is given too."""
    nameless = getattr(os, "O_TMPFILE", None)
    if nameless is not None and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # not every file system knows it
            return os.fdopen(os.open(path.parent, nameless | os.O_RDWR, _NEW_FILE), "w+b"), None
    hidden = _hidden(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(hidden, flags, _NEW_FILE), "w+b"), hidden


def _finish(stream: BinaryIO, hidden: Path | None, path: Path) -> None:
    """Bring all to the disk, then give it its name."""
    stream.flush()
    number = stream.fileno()
    if path.exists() and hasattr(os, "fchmod"):
        os.fchmod(number, stat.S_IMODE(path.stat().st_mode))
    os.fsync(number)
    if hidden is None:
        _name(stream, path)
    else:
        stream.close()  # some systems can't rename an open file
        hidden.replace(path)
    with suppress(OSError, AttributeError):
        folder = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _name(stream: BinaryIO, path: Path) -> None:
    """Give a file without a name its name; over an old file by way of a hidden one, for a link never replaces."""
    with suppress(FileExistsError):
        if _linked(stream, path):
            return
    hidden = _hidden(path)
    try:
        if not _linked(stream, hidden):
            _copied(stream, hidden)
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


def _linked(stream: BinaryIO, name: Path) -> bool:
    folder = os.open(name.parent, os.O_DIRECTORY)
    try:
        # Only with a folder does Python follow the link to the file behind the number.
        os.link(f"/proc/self/fd/{stream.fileno()}", name.name, src_dir_fd=folder, dst_dir_fd=folder)
    except FileExistsError:
        raise
    except OSError:
        return False
    finally:
        os.close(folder)
    return True


def _copied(stream: BinaryIO, name: Path) -> None:
    """Write it once more, where the system names no file without a name."""
    stream.seek(0)
    with name.open("xb") as copy:
        if hasattr(os, "fchmod"):
            os.fchmod(copy.fileno(), stat.S_IMODE(os.fstat(stream.fileno()).st_mode))
        shutil.copyfileobj(stream, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
