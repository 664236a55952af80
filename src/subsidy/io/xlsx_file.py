"""Claims in an xlsx file: the first sheet that people see and that has our headings.

Cells become text as people see them, but for what can't be trusted: a number of more than 15 digits in place of an id
has lost its last ones, so it is no id, and never the id of another person by chance.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from subsidy.io.columns import Chosen, Wanted, choose, known_among
from subsidy.io.said import FileError, Note, Said, missing_package, word
from subsidy.io.source import Source
from subsidy.io.spoiled import DIGITS_KEPT
from subsidy.io.xlsx_check import check_xlsx, damaged

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["XlsxSource"]

_BATCH = 20_000
_LOOKED_AT = 20
_MOST_BYTES = 1 << 30
_MOST_TRUSTED = 10**DIGITS_KEPT
Rows = list[list[Any]]


class XlsxSource(Source):
    """An xlsx file; see the module."""

    kind = "xlsx"

    def __init__(self, path: Path, name: str, wanted: Wanted) -> None:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        if not data:
            raise FileError(Said(f"{name}：空文件，应有列名和数据行", f"{name}: empty, expected headings and rows"))
        if len(data) > _MOST_BYTES:
            raise FileError(
                Said(f"{name}：超过 1 GiB；请另存为 CSV UTF-8", f"{name}: over 1 GiB; save it as CSV UTF-8")
            )
        sheets = _Sheets(data, name, wanted)
        self._rows, self._numbers, self._sheet_notes = sheets.rows, sheets.numbers, sheets.notes
        super().__init__(path, name, choose(sheets.headings, wanted, name), wanted)
        self.rows = len(self._rows)

    def row_number(self, index: int) -> int:
        """Give the row as the spreadsheet numbers it."""
        return self._numbers[index]

    def _read(self) -> Iterator[pa.RecordBatch]:
        self._found += self._sheet_notes
        mark = self._watch.mark
        readers = [_reader(field, self._wanted) for field in self.fields]
        kinds = _place_of(self._chosen, "person_id_type")
        for start in range(0, len(self._rows), _BATCH):
            rows = self._rows[start : start + _BATCH]
            columns: list[list[str | None]] = []
            for place, (column, read) in enumerate(zip(self._chosen.places, readers, strict=True)):
                texts: list[str | None] = []
                for index, row in enumerate(rows):
                    cell = row[column]
                    if type(cell) is str:
                        texts.append(cell)
                        continue
                    text, spoiled = read(cell)
                    if spoiled:
                        mark(place, spoiled, start + index)
                        # With another type of id any text would serve, so nothing may be left of this one.
                        if self.fields[place] == "person_id" and kinds and _has_type(row, kinds):
                            text = None
                    texts.append(text)
                columns.append(texts)
            yield pa.record_batch([pa.array(texts, pa.string()) for texts in columns], list(self.headings))


class _Sheets:
    """Finds the sheet of the claims: its headings, and its rows with their numbers; empty rows are left out."""

    def __init__(self, data: bytes, name: str, wanted: Wanted) -> None:
        check_xlsx(data, name)
        self._wanted = wanted
        book = _opened(data, name)
        shown = _shown_sheets(book)
        if not shown:
            raise FileError(
                Said(f"{name}：没有可见的工作表；请取消隐藏", f"{name}: no sheet is visible; unhide that of the claims")
            )
        best: tuple[int, str, Rows, int] | None = None
        others: list[str] = []
        for sheet in shown:
            rows = _rows_of(book, sheet, name)
            known, head = self._headings(rows)
            if best is not None and known == len(wanted.required):
                if best[0] == known:
                    others.append(sheet)
                    continue
                best = None
            if best is None or known > best[0]:
                best = known, sheet, rows, head
        if best is None or not best[2]:
            raise FileError(Said(f"{name}：工作表为空", f"{name}: its sheet is empty"))
        _, sheet, rows, head = best
        self.headings = [_heading(cell) for cell in rows[head]]
        self.numbers = [number for number, row in enumerate(rows[head + 1 :], head + 2) if row.count("") < len(row)]
        self.rows = [rows[number - 1] for number in self.numbers]
        # Those at the end only look used, for their borders or colours.
        empty = self.numbers[-1] - head - 1 - len(self.rows) if self.rows else 0
        self.notes = [*self._said(sheet, len(shown), others), *_said_of_rows(head, empty)]

    def _headings(self, rows: Rows) -> tuple[int, int]:
        """Give the row with most of the required headings, and how many it has."""
        counts = [known_among([_heading(cell) for cell in row], self._wanted) for row in rows[:_LOOKED_AT]]
        known = max(counts, default=0)
        return known, counts.index(known) if counts else 0

    def _said(self, sheet: str, count: int, others: Sequence[str]) -> Iterator[Note]:
        if count > 1:
            said = Said(f"读取工作表 {word(sheet)}", f"the sheet {word(sheet)} is read")
            yield Note("sheet", said, serious=False)
        if others:
            zh, en = "、".join(map(word, others)), ", ".join(map(word, others))
            said = Said(
                f"工作表 {zh} 也有申领列名，未读取；请另存为单独的文件",
                f"claims stand in {en} too, which {'is' if len(others) == 1 else 'are'} not read; "
                "save each sheet as a file",
            )
            yield Note("more_sheets", said, cells=len(others))


def _said_of_rows(head: int, empty: int) -> Iterator[Note]:
    if head:
        row = head + 1
        said = Said(f"列名在第 {row} 行；其上各行未使用", f"the headings stand in row {row}; what is above isn't used")
        yield Note("headings_below", said, rows=(row,), serious=False)
    if empty:
        said = Said(f"跳过空行 {empty} 行", f"{empty} empty {'row' if empty == 1 else 'rows'} left out")
        yield Note("blank_rows", said, cells=empty, serious=False)


def _opened(data: bytes, name: str) -> CalamineWorkbook:
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise missing_package(name, "python-calamine") from None
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, ValueError, OSError):
        raise damaged(name) from None


def _shown_sheets(book: CalamineWorkbook) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _rows_of(book: CalamineWorkbook, sheet: str, name: str) -> Rows:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError):
        raise damaged(name) from None


def _heading(cell: object) -> str:
    return cell if isinstance(cell, str) else str(cell)


def _place_of(chosen: Chosen, field: str) -> list[int]:
    return [place for place, one in zip(chosen.places, chosen.fields, strict=True) if one == field]


def _has_type(row: Sequence[object], places: Sequence[int]) -> bool:
    return any(str(row[place]).strip() for place in places)


Reader = Callable[[Any], tuple[str | None, str]]


def _reader(field: str, wanted: Wanted) -> Reader:
    """Give the function that makes text of a cell that isn't text; it also names what is spoiled."""
    if field in wanted.ids:
        return _person if field == "person_id" else _id
    return _date if field in wanted.dates else _plain


def _plain(cell: object) -> tuple[str | None, str]:
    match cell:
        case bool():
            return ("true" if cell else "false"), ""
        case float() if math.isfinite(cell) and cell == int(cell) and abs(cell) < _MOST_TRUSTED:
            return str(int(cell)), ""
        case datetime():
            return str(cell), ""
        case date():
            return cell.isoformat(), ""
        case _:
            return str(cell), ""


def _date(cell: object) -> tuple[str | None, str]:
    if isinstance(cell, datetime):
        return cell.date().isoformat(), ""
    return _plain(cell)


def _id(cell: object) -> tuple[str | None, str]:
    text, _ = _plain(cell)
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return None, "not_an_id"
    if abs(cell) >= _MOST_TRUSTED:
        return None, "long_number"
    return (text, "") if cell == int(cell) else (None, "not_an_id")


def _person(cell: object) -> tuple[str | None, str]:
    text, spoiled = _id(cell)
    # A text that is no resident number, so that the row's reason is a bad id and not a missing one.
    return (f"{cell:.6e}".replace("+", "") if spoiled == "long_number" else text), spoiled
