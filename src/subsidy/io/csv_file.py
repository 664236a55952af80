"""Claims in a csv file.

Every cell is text, as it stands there. A file of which each line is a row is read by pyarrow; where that stops, and
where cells hold line breaks, the csv module of Python takes over at the row reached, so that no row is lost.

A row with fewer cells than headings is decided with the rest empty: Excel leaves out empty cells at the end. A row with
more is shifted, and nobody knows from where on: it is kept, but not decided, unless all that is too much is empty.
"""

from __future__ import annotations

import csv
import itertools
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

import pyarrow as pa
import pyarrow.csv as pacsv

from subsidy.io.columns import Wanted, choose, known_among
from subsidy.io.said import FileError, Note, Said, listed
from subsidy.io.scanning import Scanned, scan
from subsidy.io.source import Source

__all__ = ["CsvSource"]

_BLOCK = 1 << 23
_BATCH = 50_000
_LOOKED_AT = 20  # rows among which the headings are looked for: some exports begin with a title
_KEPT = 5
_FIELD_LIMIT = min(sys.maxsize, 2**31 - 1)
_DELIMITERS = {",": Said("逗号", "commas"), "\t": Said("制表符", "tabs"), ";": Said("分号", "semicolons")}


class _Head(NamedTuple):
    """Where the headings stand, and what stands between cells."""

    cells: list[str]
    row: int
    delimiter: str


class CsvSource(Source):
    """A csv file; see the module."""

    kind = "csv"

    def __init__(self, path: Path, name: str, wanted: Wanted) -> None:
        self._scanned = scan(path, name)
        self._head = _find_head(path, self._scanned, wanted, name)
        self._blank_rows: list[int] = []
        super().__init__(path, name, choose(self._head.cells, wanted, name), wanted)
        self.encoding = self._scanned.name
        self.rows = max(self._scanned.lines - self._head.row - 1, 0)

    def row_number(self, index: int) -> int:
        """Give the row as a spreadsheet counts it, blank ones included."""
        row = index + self._head.row + 2
        while True:
            moved = index + self._head.row + 2 + bisect_right(self._blank_rows, row)
            if moved == row:
                return row
            row = moved

    def _read(self) -> Iterator[pa.RecordBatch]:
        self._blank_rows = []
        self._found += self._noticed()
        done = 0
        if self._scanned.each_line_is_a_row(self._head.delimiter):
            try:
                for batch in self._fast():
                    yield batch
                    done += len(batch)
            except pa.ArrowInvalid:
                pass  # a ragged row, or a cell longer than a block
            else:
                return
        yield from self._careful(done)

    def _noticed(self) -> Iterator[Note]:
        if self._head.delimiter != ",":
            told = _DELIMITERS[self._head.delimiter]
            said = Said(f"各列以{told.zh}分隔", f"cells are separated by {told.en}")
            yield Note("delimiter", said, serious=False)
        if self._head.row:
            row = self._head.row + 1
            said = Said(
                f"列名在第 {row} 行；其上各行未使用", f"the headings stand in row {row}; what is above isn't used"
            )
            yield Note("headings_below", said, rows=(row,), serious=False)
        if self._scanned.first_nul is not None:
            line = self._scanned.first_nul
            said = Said(
                f"含有空字符 (NUL)，首次出现在第 {line} 行；已忽略",
                f"NUL characters, first in line {line}; they are ignored",
            )
            yield Note("nul", said, rows=(line,))

    def _fast(self) -> Iterator[pa.RecordBatch]:
        columns = [f"c{place}" for place in range(len(self._head.cells))]
        ours = [columns[place] for place in self._chosen.places]
        reader = pacsv.open_csv(
            self.path,
            read_options=pacsv.ReadOptions(
                encoding="utf8" if self._scanned.encoding.startswith("utf") else self._scanned.encoding,
                block_size=_BLOCK,
                column_names=columns,
                skip_rows=self._head.row,
                skip_rows_after_names=1,
            ),
            parse_options=pacsv.ParseOptions(delimiter=self._head.delimiter),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(ours, pa.string()),
                include_columns=ours,
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        for batch in reader:
            yield batch.rename_columns(self.headings)

    def _careful(self, skip: int) -> Iterator[pa.RecordBatch]:
        """Read row by row, from behind the rows that were read already."""
        ragged = _Ragged(len(self._head.cells))
        with _text(self.path, self._scanned) as stream:
            rows = self._rows(stream, ragged)
            with _endless_fields():
                for _ in itertools.islice(rows, skip):
                    pass
            ragged.forget()
            while True:
                with _endless_fields():
                    part = list(itertools.islice(rows, _BATCH))
                if not part:
                    break
                cells = zip(*part, strict=True)
                yield pa.record_batch([pa.array(column, pa.string()) for column in cells], list(self.headings))
        self._found += ragged.notes()
        if self._blank_rows:
            count = len(self._blank_rows)
            said = Said(f"跳过空行 {count} 行", f"{count} blank {'line' if count == 1 else 'lines'} left out")
            self._found.append(Note("blank_rows", said, cells=count, serious=False))

    def _rows(self, stream: TextIO, ragged: _Ragged) -> Iterator[list[str]]:
        """Give our cells of each row that isn't blank."""
        width, places = len(self._head.cells), self._chosen.places
        reader = csv.reader(stream, delimiter=self._head.delimiter, strict=True)
        row, started = 0, 1
        try:
            for row, cells in enumerate(reader, 1):
                started = reader.line_num + 1
                if row <= self._head.row + 1:
                    continue
                if not cells:
                    self._blank_rows.append(row)
                    continue
                if len(cells) != width:
                    cells = ragged.mended(row, cells)  # noqa: PLW2901 (the same row, as far as it can be used)
                yield [cells[place] for place in places]
        except csv.Error:
            raise _unclosed(self.name, row + 1, started) from None


class _Ragged:
    """Rows with more or fewer cells than there are headings."""

    def __init__(self, width: int) -> None:
        self._width = width
        self.forget()

    def forget(self) -> None:
        """Start to count."""
        self._short: list[int] = []
        self._long: list[int] = []
        self._counts = [0, 0]

    def mended(self, row: int, cells: Sequence[str]) -> list[str]:
        """Give a row as many cells as there are headings; none but the first, where the others may be shifted."""
        over = cells[self._width :]
        if not over:
            self._note(0, self._short, row)
            return [*cells, *[""] * (self._width - len(cells))]
        if not any(cell.strip() for cell in over):
            return [*cells[: self._width]]
        self._note(1, self._long, row)
        return [cells[0], *[""] * (self._width - 1)]

    def _note(self, kind: int, rows: list[int], row: int) -> None:
        self._counts[kind] += 1
        if len(rows) < _KEPT:
            rows.append(row)

    def notes(self) -> Iterator[Note]:
        short, long = self._counts
        if short:
            where = listed(self._short, short)
            said = Said(
                f"{short} 行的单元格少于列名（{where.zh}）；缺少的按空白处理",
                f"{short} {'row has' if short == 1 else 'rows have'} fewer cells than headings ({where.en}); "
                "what is missing counts as empty",
            )
            yield Note("short_rows", said, cells=short, rows=tuple(self._short))
        if long:
            where = listed(self._long, long)
            said = Said(
                f"{long} 行的单元格多于列名（{where.zh}），可能有未加引号的逗号；这些行按数据有误处理，未作核定",
                f"{long} {'row has' if long == 1 else 'rows have'} more cells than headings ({where.en}), "
                "perhaps for a comma without quotation marks; kept as invalid, not decided",
            )
            yield Note("long_rows", said, cells=long, rows=tuple(self._long))


def _unclosed(name: str, row: int, line: int) -> FileError:
    return FileError(
        Said(
            f"{name}：第 {row} 行（自文本第 {line} 行起）的引号不成对；请更正后重试",
            f"{name}: row {row}, which begins in line {line}, has a quotation mark that isn't closed; mend it",
        )
    )


def _text(path: Path, scanned: Scanned) -> TextIO:
    return path.open(encoding=scanned.encoding, newline="")


@contextmanager
def _endless_fields() -> Iterator[None]:
    """Let the csv module read cells of any length; its limit is one of the whole process, so it is put back."""
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _find_head(path: Path, scanned: Scanned, wanted: Wanted, name: str) -> _Head:
    """Find delimiter and headings: the first of the rows that have most of the required columns."""
    best: tuple[int, _Head] | None = None
    for delimiter in _DELIMITERS:
        for row, cells in enumerate(_first_rows(path, scanned, delimiter, name)):
            known = known_among(cells, wanted)
            if best is None or known > best[0]:
                best = known, _Head(cells, row, delimiter)
    if best is None:
        raise FileError(Said(f"{name}：没有列名", f"{name}: no headings"))
    return best[1]


def _first_rows(path: Path, scanned: Scanned, delimiter: str, name: str) -> list[list[str]]:
    with _text(path, scanned) as stream, _endless_fields():
        try:
            return list(itertools.islice(csv.reader(stream, delimiter=delimiter), _LOOKED_AT))
        except csv.Error:
            raise _unclosed(name, 1, 1) from None
