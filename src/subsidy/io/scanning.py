"""One pass over a csv file before it is read: its encoding, and whether each line is a row.

GB18030 takes most bytes, so UTF-8 is tried first, and on the whole file. A file of which each line is a row is read
fast; any other, with line breaks inside of cells, is read with more care, since one quotation mark that isn't closed
could swallow the rows behind it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from subsidy.io.said import FileError, Said

__all__ = ["Scanned", "scan"]

_CHUNK = 1 << 22
_LONGEST_HEAD = 1 << 20
_BOM = codecs.BOM_UTF8
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_QUOTE = ord('"')
_NEWLINE = ord("\n")
_ENDS = b"\r\n"


class Scanned(NamedTuple):
    """What the pass found.

    Parameters
    ----------
    encoding : str
        For Python: ``utf-8-sig`` or ``gb18030``.
    name : str
        For people: UTF-8, UTF-8 with BOM, or GB18030.
    lines : int
        Lines that hold anything, where each is a row; else a number near it.
    by_line : bool
        Whether each line is a row, if cells are told apart by what stands before those in quotation marks.
    behind : str
        What stands before a cell in quotation marks that isn't the first of its line.
    first_nul : int or None
        The line of the first NUL character.
    """

    encoding: str
    name: str
    lines: int
    by_line: bool
    behind: str
    first_nul: int | None

    def each_line_is_a_row(self, delimiter: str) -> bool:
        """Say whether the file can be read line by line."""
        return self.by_line and self.behind in ("", delimiter)


def scan(path: Path, name: str) -> Scanned:
    """Look through a file.

    Raises
    ------
    FileError
        If it is empty, or neither UTF-8 nor GB18030; with the line of the first byte that doesn't fit.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
        head = start + stream.readline(_LONGEST_HEAD)
    _refuse_others(start, head, name)
    lines = _Lines()
    fault: int | None = None  # the line of the first byte that isn't UTF-8
    for chunk in _chunks(path):
        if fault is None and not _is_utf8(chunk):
            fault = lines.all + _line_of_fault(chunk)
        lines.see(chunk)
    if not lines.anything:
        raise FileError(Said(f"{name}：空文件，应有列名和数据行", f"{name}: empty, expected headings and rows"))
    if fault is None:
        encoding, told = "utf-8-sig", "UTF-8 with BOM" if head.startswith(_BOM) else "UTF-8"
    else:
        _require_gb18030(path, head, fault, name)
        encoding = "gb18030"
        told = "GB18030"
    return Scanned(encoding, told, lines.rows, lines.by_line, lines.behind, lines.first_nul)


def _refuse_others(start: bytes, head: bytes, name: str) -> None:
    """Name files of another kind by their first bytes."""
    if start == b"PK\x03\x04":
        raise _other(name, "xlsx", ".xlsx")
    if start == b"PAR1":
        raise _other(name, "Parquet", ".parquet")
    if start == b"\xd0\xcf\x11\xe0":
        raise FileError(
            Said(
                f"{name}：旧版 Excel 文件（.xls）或有密码的文件；请另存为 .xlsx 或 CSV UTF-8",
                f"{name}: found an old Excel file (.xls) or one with a password; save it as .xlsx or CSV UTF-8",
            )
        )
    if start[:2] in _UTF16 or b"\0" in head[:64]:
        raise FileError(
            Said(
                f"{name}：UTF-16 编码或二进制文件，应为 UTF-8 或 GB18030；请在 Excel 中另存为“CSV UTF-8”",
                f"{name}: found UTF-16 or no text at all, expected UTF-8 or GB18030; save it in Excel as 'CSV UTF-8'",
            )
        )


def _other(name: str, kind: str, ending: str) -> FileError:
    return FileError(
        Said(
            f"{name}：内容为 {kind} 文件；请将文件名改为以 {ending} 结尾",
            f"{name}: found a file of the kind {kind}; rename it to end in {ending}",
        )
    )


def _chunks(path: Path) -> Iterator[bytes]:
    """Cut a file behind line ends, which are no part of a longer character in either encoding."""
    with path.open("rb") as stream:
        while data := stream.read(_CHUNK):
            yield data if data.endswith(b"\n") else data + stream.readline()


def _is_utf8(chunk: bytes) -> bool:
    """Say whether bytes are UTF-8, without making a text of them."""
    ends = np.array([0, len(chunk)], dtype=np.int64)
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, pa.py_buffer(ends), pa.py_buffer(chunk)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _line_of_fault(chunk: bytes) -> int:
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError as error:
        return chunk.count(b"\n", 0, error.start) + 1
    return 1


def _require_gb18030(path: Path, head: bytes, fault: int, name: str) -> None:
    """Refuse a file that is neither, and one that is UTF-8 but for some bytes."""
    utf8 = head.startswith(_BOM)
    if not utf8 and not head.isascii():
        try:
            head.decode("utf-8")
            utf8 = True  # headings of Chinese characters in GB18030 hardly ever are
        except UnicodeDecodeError:
            pass
    if utf8:
        raise FileError(
            Said(
                f"{name}：第 {fault} 行有不属于 UTF-8 的字节；文件可能已损坏或被截断，请重新导出",
                f"{name}: line {fault} has bytes that aren't UTF-8; it may be damaged or cut off, export it again",
            )
        )
    decoder = codecs.getincrementaldecoder("gb18030")()
    line = 0
    for chunk in _chunks(path):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line += chunk.count(b"\n", 0, error.start) + 1
            break
        line += chunk.count(b"\n")
    else:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            line += 1
        else:
            return
    raise FileError(
        Said(
            f"{name}：既非 UTF-8（第 {fault} 行）也非 GB18030（第 {line} 行）；请另存为 CSV UTF-8",
            f"{name}: neither UTF-8 (line {fault}) nor GB18030 (line {line}); save it as CSV UTF-8",
        )
    )


class _Lines:
    """Counts lines over all chunks, and notices what keeps a line from being a row."""

    def __init__(self) -> None:
        self.all = 0
        self.count = 0  # without the blank ones at the end
        self.anything = False
        self.by_line = True
        self.first_nul: int | None = None
        self.behind = ""
        self._quotes = 0
        self._blank_ahead = False
        self._last_ends = True
        self._seen = False

    @property
    def rows(self) -> int:
        """The lines, the last one also where no line end follows it."""
        return self.count + (not self._last_ends)

    def see(self, chunk: bytes) -> None:
        """Take in the next lines."""
        end = len(chunk)
        while end and chunk[end - 1] in _ENDS:
            end -= 1
        if end > (len(_BOM) if not self._seen and chunk.startswith(_BOM) else 0):
            self.anything = True
            last = chunk.find(b"\n", end) + 1 or len(chunk)
            # a blank line that something stands behind is a row for a spreadsheet and none for a reader of csv
            blank = (
                chunk[:1] in (b"\n", b"\r") or chunk.find(b"\n\n", 0, end) >= 0 or chunk.find(b"\n\r\n", 0, end) >= 0
            )
            self.by_line &= not (blank or self._blank_ahead)
            self._blank_ahead = False
        else:
            last = 0
        self._seen = True
        self._blank_ahead |= last < len(chunk)
        if b"\0" in chunk and self.first_nul is None:
            self.first_nul = self.all + chunk.count(b"\n", 0, chunk.index(b"\0")) + 1
        if b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n"):
            self.by_line = False
        if b'"' in chunk:
            self._see_quotes(chunk)
        self.count += chunk.count(b"\n", 0, last)
        self.all += chunk.count(b"\n")
        self._last_ends = last == 0 or chunk[last - 1] in _ENDS

    def _see_quotes(self, chunk: bytes) -> None:
        """Notice a line end inside of a cell: an odd number of quotation marks stands before it.

        That counts only where marks do what they are for. One inside of a cell that didn't begin with one is a mere
        character for a reader of csv, so where there is such a one, nothing is said by their number.
        """
        signs = np.frombuffer(chunk, dtype=np.uint8)
        quotes = np.flatnonzero(signs == _QUOTE)
        ends = np.flatnonzero(signs == _NEWLINE)
        if ((np.searchsorted(quotes, ends) + self._quotes) & 1).any():
            self.by_line = False
        opening = quotes[self._quotes :: 2]
        before = np.unique(signs[opening[opening > (len(_BOM) if not self.all and chunk.startswith(_BOM) else 0)] - 1])
        behind = bytes(before[~np.isin(before, (_QUOTE, _NEWLINE))]).decode("latin-1")
        self.behind = "".join(sorted({*self.behind, *behind}))
        self._quotes = (self._quotes + len(quotes)) & 1
        if not chunk.endswith(b"\n") and self._quotes:
            self.by_line = False
