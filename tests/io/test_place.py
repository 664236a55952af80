"""A file takes its name only when it is complete; what was there stays until then, and nothing else is left."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path
from typing import Any

import pytest

from subsidy.io import place
from subsidy.io.deciding import Stage, decide_file
from subsidy.io.place import find_target, replacing
from subsidy.io.said import FileError
from subsidy.policy.loading import default_policy
from tests.io.tables import opened, row, write_csv

posix = pytest.mark.skipif(os.name != "posix", reason="signals and links of POSIX")
WAYS = ["nameless", "hidden", "copied"]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write in each way that a system may allow."""
    if request.param == "hidden":
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    if request.param == "copied":
        monkeypatch.setattr(place, "_linked", lambda *_: False)
    return str(request.param)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


@pytest.mark.parametrize("old", [None, b"old"])
def test_all_or_nothing(old: bytes | None, way: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    if old is not None:
        path.write_bytes(old)
    with replacing(find_target(path)) as stream:
        stream.write(b"x" * 100_000)
        stream.flush()
        assert (path.read_bytes() if path.exists() else None) == old
        assert (names(tmp_path) == (["out.csv"] if old else [])) == (way != "hidden")
    assert path.read_bytes() == b"x" * 100_000
    assert names(tmp_path) == ["out.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, MemoryError])
@pytest.mark.parametrize("old", [None, b"old"])
def test_whatever_goes_wrong(error: type[BaseException], old: bytes | None, way: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    if old is not None:
        path.write_bytes(old)

    def fail() -> None:
        with replacing(find_target(path)) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == (["out.csv"] if old else [])
    assert (path.read_bytes() if path.exists() else None) == old


def test_a_full_disk_is_told(way: str, tmp_path: Path) -> None:
    told = pytest.raises(FileError, match=r"out.csv: can't be written \(No space left on device\)")
    with told, replacing(find_target(f"{tmp_path}/out.csv")):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


@posix
def test_the_mode_is_that_of_the_file_before(way: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    before = os.umask(0o027)
    try:
        with replacing(find_target(path)) as stream:
            stream.write(b"new")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        with replacing(find_target(path)) as stream:
            stream.write(b"newer")
    finally:
        os.umask(before)
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (0o600, b"newer")


def test_inputs_are_never_overwritten(tmp_path: Path) -> None:
    """By another spelling, a symbolic link or a hard link neither."""
    path = tmp_path / "claims.csv"
    path.write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "hard.csv").hardlink_to(path)
    for name in ("claims.csv", "folder/../claims.csv", "link.csv", "hard.csv"):
        with pytest.raises(FileError, match="this is the input"):
            find_target(tmp_path / name, [tmp_path / "none.csv", path])
        with pytest.raises(FileError, match="this is the input"):
            find_target(path, [tmp_path / name])
    assert find_target(tmp_path / "other.csv", [path]).kind == "csv"


def test_a_link_stays_a_link(way: str, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out.csv").symlink_to(tmp_path / "real" / "there.csv")
    for _ in range(2):
        with replacing(find_target(tmp_path / "out.csv")) as stream:
            stream.write(b"new")
    assert (tmp_path / "out.csv").is_symlink()
    assert (tmp_path / "real" / "there.csv").read_bytes() == b"new"
    assert names(tmp_path) == ["out.csv", "real"]
    assert names(tmp_path / "real") == ["there.csv"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("out.xls", "expected a name that ends in .csv, .xlsx or .parquet"),
        ("out", "expected a name that ends in"),
        ("", "-o: expected a name"),
        ("none/out.csv", "there is no folder"),
        ("file.txt/out.csv", "there is no folder"),
        ("folder.csv", "found a folder"),
        ("pipe.csv", "found a pipe or device"),
        ("null.csv", "found a pipe or device"),
        ("a\0.csv", "can't be written"),
        (f"{'x' * 300}.csv", "can't be written"),
    ],
)
@posix
def test_what_can_not_be_written(name: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.txt").write_bytes(b"x")
    Path("folder.csv").mkdir()
    os.mkfifo("pipe.csv")
    Path("null.csv").symlink_to("/dev/null")
    before = names(tmp_path)
    with pytest.raises(FileError, match=part), replacing(find_target(name)):
        pass
    assert names(tmp_path) == before


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_or_file_that_is_closed(way: str, tmp_path: Path) -> None:
    path = tmp_path / "closed" / "out.csv"
    path.parent.mkdir()
    path.write_bytes(b"old")
    path.chmod(0o400)
    with pytest.raises(FileError, match="read-only"):
        find_target(path)
    path.chmod(0o600)
    path.parent.chmod(0o500)
    try:
        with pytest.raises(FileError, match="can't be written"), replacing(find_target(path)):
            pass
    finally:
        path.parent.chmod(0o700)
    assert path.read_bytes() == b"old"


@posix
@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="here a file being written has a name")
@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
@pytest.mark.parametrize("stage", ["read", "decide", "write"])
@pytest.mark.parametrize("old", [None, b"old"])
def test_killed_in_each_stage(ending: str, stage: Stage, old: bytes | None, tmp_path: Path) -> None:
    """Even a process that is killed outright leaves the old file or none, and nothing beside it."""
    source = write_csv(tmp_path / "claims.csv", [row(claim_id=f"C{number}") for number in range(20_000)])
    path = tmp_path / f"out.{ending}"
    if old is not None:
        path.write_bytes(old)
    before = names(tmp_path)

    def killing(now: Stage, done: int, _: Any) -> None:
        if now == stage and done:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        try:
            decide_file(opened(source), find_target(path), policy=default_policy(), workers=1, progress=killing)
        finally:
            os._exit(99)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    assert names(tmp_path) == before
    assert old is None or path.read_bytes() == old


def test_a_folder_of_windows_has_no_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    monkeypatch.delattr(os, "O_DIRECTORY", raising=False)
    monkeypatch.delattr(os, "fchmod", raising=False)
    for _ in range(2):
        with replacing(find_target(tmp_path / "out.csv")) as stream:
            stream.write(b"new")
    assert names(tmp_path) == ["out.csv"]
