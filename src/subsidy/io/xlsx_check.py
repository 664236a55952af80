"""Looking an xlsx file over before the reader sees it.

The reader sets aside room for every cell of the rectangle that holds all values, so two cells far apart, or a file that
grows a thousandfold when it is unpacked, would end the process or fill the memory. Both are found here, by reading each
part once.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from subsidy.io.said import FileError, Said

__all__ = ["check_xlsx"]

_MIB = 1 << 20
MOST_UNPACKED = 2048 * _MIB
_SMALL = 64 * _MIB  # up to here a file may shrink as well as it can
_MOST_SHRUNK = 200
MOST_CELLS = 40_000_000
_CHUNK = 1 << 22
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NAME = rb"([A-Za-z]{1,8})([0-9]{1,10})"
_FAR = re.compile(rb'<c r="(?=[A-Za-z]{2}|[A-Za-z][0-9]{7})' + _NAME)  # right of column Z, or below row 999999
_ANY = re.compile(rb'<c r="' + _NAME)
_CELL = re.compile(rb"""\br\s*=\s*["']""" + _NAME)
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\sr\s*=\s*["']([0-9]{1,10})["']""")
_ROWS = re.compile(rb"<(?:\w+:)?row\b")
# Cells that don't say where they stand come one after the other.
_NAMELESS = re.compile(rb"""<(?:\w+:)?c(?:\s*/?>|\s(?![^>]*\br\s*=)[^>]*>)""")
_CELLS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_LAST_LETTER = 26
_LAST_ROW = 1_048_576


def check_xlsx(data: bytes, name: str) -> None:
    """Refuse a file that isn't an xlsx, or that would take far more room than its claims do.

    Raises
    ------
    FileError
        With what is wrong and what would serve.
    """
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise FileError(
            Said(
                f"{name}：旧版 Excel 文件（.xls）或有密码的文件；请另存为无密码的 .xlsx",
                f"{name}: found an old Excel file (.xls) or one with a password; save it as .xlsx without one",
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive, len(data), name)
            for part in archive.infolist():
                _check_part(archive, part, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        if isinstance(error, FileError):
            raise
        raise damaged(name) from None


def damaged(name: str) -> FileError:
    """Make the error of a file that isn't what its name says, or not all of it."""
    return FileError(
        Said(
            f"{name}：不是完整的 xlsx 文件；文件可能已损坏或被截断，请重新另存",
            f"{name}: not a whole xlsx file; it may be damaged or cut off, save it again",
        )
    )


def _check_sizes(archive: zipfile.ZipFile, packed: int, name: str) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    odd = any(part.compress_type not in _KINDS or part.flag_bits & 1 for part in parts)
    if odd or len(set(names)) < len(names) or not any(name.lower().startswith("xl/") for name in names):
        raise damaged(name)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > _MOST_SHRUNK * packed):
        size = unpacked // _MIB
        raise FileError(
            Said(
                f"{name}：解压后达 {size} MiB，不像一般的申领表；请检查文件，或另存为 CSV UTF-8",
                f"{name}: unpacks to {size} MiB, which no usual table of claims does; look into it, or save it as "
                "CSV UTF-8",
            )
        )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Read a part to its end, which also checks its size and sum, and measure the cells that it may hold."""
    extent = _Extent(_FAR)
    for text in _pieces(archive, part):
        extent.see(text)
    if extent.columns * max(extent.rows, _LAST_ROW) <= MOST_CELLS:
        return
    extent = _Extent(_ANY)
    for text in _pieces(archive, part):
        extent.see(text)
    if extent.columns * extent.rows > MOST_CELLS:
        raise FileError(
            Said(
                f"{name}：单元格分布到第 {extent.rows} 行、第 {extent.columns} 列，超出可读取的范围；"
                "请删除申领表以外的单元格",
                f"{name}: its cells reach to row {extent.rows} and column {extent.columns}, more than can be read; "
                "delete the cells outside the table of claims",
            )
        )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, each of whole tags."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            xml = part.filename.lower().endswith((".xml", ".rels"))
            if xml and (b"\0" in chunk or len(rest) > _CHUNK):
                raise zipfile.BadZipFile("a text in UTF-16, or one of more than four million signs")
            cut = chunk.rfind(b"<")
            if cut >= 0:
                yield rest + chunk[:cut]
                rest = chunk[cut:]
            elif xml:
                rest += chunk
    yield rest


class _Extent:
    """The rectangle that the cells of a part span, as far as the pattern finds them."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        self._row = 0
        self._counted = 0
        self._column = _LAST_LETTER
        self._nameless = 0
        self._in_this_row = 0

    @property
    def rows(self) -> int:
        """The last row; rows that don't say where they stand follow the others."""
        return self._row + self._counted

    @property
    def columns(self) -> int:
        """The last column, at least the 26th; cells that don't say where they stand follow the others."""
        return self._column + self._nameless

    def see(self, text: bytes) -> None:
        """Take in a piece of whole tags."""
        if _is_plain(text):
            self._take(self._pattern.findall(text))
            self._in_this_row = 0
        else:
            self._see_odd(text)

    def _take(self, names: list[tuple[bytes, bytes]]) -> None:
        for letters, row in names:
            self._column = max(self._column, column_number(letters))
            self._row = max(self._row, int(row))

    def _see_odd(self, text: bytes) -> None:
        """Take in a piece in which some cells or rows may not say where they stand."""
        self._take(_CELL.findall(text))
        numbers = [int(match[1]) for match in _ROW.finditer(text)]
        self._counted += max(len(_ROWS.findall(text)) - len(numbers), 0)
        self._row = max([self._row, *numbers])
        if _NAMELESS.search(text):
            rows = _ROWS.split(text)
            counts = [len(_CELLS.findall(row)) for row in rows]
            counts[0] += self._in_this_row  # it may go on from the piece before
            self._in_this_row = counts[-1]
            self._nameless = max(self._nameless, *counts)


def _is_plain(text: bytes) -> bool:
    """Say whether every cell and row says first of all where it stands, as most programs write them.

    Other tags with these beginnings stand before or behind the cells; so a piece that holds any is looked through with
    more care, and no harm is done.
    """
    return (
        text.count(b"<c") - text.count(b"<co") == text.count(b'<c r="')
        and text.count(b"<row") == text.count(b'<row r="')
        and b":c" not in text
        and b":row" not in text
    )


def column_number(letters: bytes) -> int:
    """Give the number of a column by its letters.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
