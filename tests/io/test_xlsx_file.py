"""Claims in xlsx: cells as people see them, and no id that a spreadsheet has spoiled."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from subsidy.io.said import FileError
from subsidy.io.xlsx_check import MOST_CELLS, check_xlsx
from tests.hostile.files import cell, claims_xml, sheet_xml, write_xlsx
from tests.io.tables import HEADINGS, PERSON, ROW, decided, notes, opened, row, texts


def book(path: Path, *sheets: tuple[str, list[list[Any]]], hide: tuple[str, ...] = ()) -> Path:
    """Write sheets with cells of their own types."""
    with xlsxwriter.Workbook(path) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = made.add_worksheet(name)
            for number, cells in enumerate(rows):
                for place, value in enumerate(cells):
                    if isinstance(value, (date, datetime, time)):
                        sheet.write_datetime(number, place, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, place, value)
                    elif value is not None:
                        sheet.write(number, place, value)
            if name in hide:
                sheet.hide()
            else:
                sheet.activate()  # one that is active is never hidden
    return path


def claims(*rows: dict[str, Any], headings: tuple[str, ...] = HEADINGS) -> list[list[Any]]:
    return [list(headings), *([one.get(name) for name in headings] for one in rows)]


def test_cells_of_every_type(tmp_path: Path) -> None:
    """Real dates are read, whole numbers are written without a point."""
    one = {**ROW, "level": 3, "certificate_date": date(2023, 9, 1), "applied_on": datetime(2023, 10, 8, 9, 30)}  # noqa: DTZ001 (as sheets have it)
    other = {**ROW, "claim_id": 12, "certificate_no": 123456789012345.0, "applied_on": 20231008, "level": 2.5}
    source = opened(book(tmp_path / "c.xlsx", ("S", claims(one, other))))
    assert texts(source) == [
        row(level="3"),
        row(claim_id="12", certificate_no="123456789012345", applied_on="20231008", level="2.5"),
    ]
    assert notes(source) == {}


def test_a_number_is_no_id_beyond_fifteen_digits(tmp_path: Path) -> None:
    """Its last digits are lost in the file: neither the right person's number nor, by chance, another's."""
    long = claims(
        {**ROW, "person_id": int(PERSON)},
        {**ROW, "claim_id": 10**15},
        {**ROW, "claim_id": "C3", "certificate_no": 10**15 - 1},
        {**ROW, "claim_id": "C4", "certificate_no": -(10**15)},
        {**ROW, "claim_id": "C5", "certificate_no": 1.5},
        {**ROW, "claim_id": True, "certificate_no": date(2023, 9, 1)},
    )
    path = book(tmp_path / "c.xlsx", ("S", long))
    source = opened(path)
    found = texts(source)
    assert [one["claim_id"] for one in found] == ["C1", None, "C3", "C4", "C5", None]
    assert [one["certificate_no"] for one in found] == ["S1", "S1", "999999999999999", None, None, None]
    outcome = decided(path, None)
    reasons = {str(reason): count for (_, reason), count in outcome.summary.counts.items()}
    assert reasons == {"bad_person_id": 1, "missing_value": 4, "None": 1}
    told = {(note.kind, note.column): (note.cells, note.rows) for note in source.notes}
    assert told == {
        ("long_number", "person_id"): (1, (2,)),
        ("long_number", "claim_id"): (1, (3,)),
        ("not_an_id", "claim_id"): (1, (7,)),
        ("long_number", "certificate_no"): (1, (5,)),
        ("not_an_id", "certificate_no"): (2, (6, 7)),
    }


def test_a_long_number_of_another_type_of_id_is_nothing(tmp_path: Path) -> None:
    """Any text would serve with that type, and two persons' numbers may have become the same."""
    headings = (*HEADINGS, "person_id_type")
    rows = claims(
        {**ROW, "person_id": int(PERSON), "person_id_type": "other"},
        {**ROW, "person_id": int(PERSON), "person_id_type": None},
        headings=headings,
    )
    found = texts(opened(book(tmp_path / "c.xlsx", ("S", rows))))
    assert found[0]["person_id"] is None
    assert str(found[1]["person_id"]).startswith("3.20507")


def test_serial_numbers_in_place_of_dates(tmp_path: Path) -> None:
    source = opened(
        book(tmp_path / "c.xlsx", ("S", claims({**ROW, "applied_on": 45170}, {**ROW, "applied_on": 45170.5})))
    )
    assert [one["applied_on"] for one in texts(source)] == ["45170", "45170.5"]
    assert notes(source)["serial"] == (2, (2, 3))


def test_the_sheet_that_people_see(tmp_path: Path) -> None:
    other = claims(row(claim_id="X"))
    path = book(
        tmp_path / "c.xlsx",
        ("hidden", other),
        ("notes", [["x"]]),
        ("claims", claims(ROW)),
        ("more", other),
        hide=("hidden",),
    )
    source = opened(path)
    assert texts(source) == [ROW]
    said = [note.said.en for note in source.notes]
    assert said[0] == "the sheet 'claims' is read"
    assert "claims stand in 'more' too" in said[1]
    assert notes(source)["more_sheets"] == (1, ())


def test_row_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    """Titles above, empty rows between and below."""
    rows = [["申领表"], [], *claims(ROW, {}, row(claim_id="C2")), ["", ""], [" "], [""]]
    source = opened(book(tmp_path / "c.xlsx", ("S", rows)))
    assert [one["claim_id"] for one in texts(source)] == ["C1", "C2", " "]
    assert [source.row_number(index) for index in range(3)] == [4, 6, 8]
    assert notes(source) == {"headings_below": (None, (3,)), "blank_rows": (2, ())}


def test_cells_left_of_and_above_the_table_do_not_shift_it(tmp_path: Path) -> None:
    rows = [[None, None, *cells] for cells in claims(ROW)]
    source = opened(book(tmp_path / "c.xlsx", ("S", [[], *rows])))
    assert texts(source) == [ROW]
    assert source.row_number(0) == 3


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        (lambda: f'<row r="900000">{cell("ZZ900000", "x")}</row>', True),
        (lambda: f'<row r="900000">{cell("AM900000", "x")}</row>', False),
        (lambda: f'<row r="2">{cell("XFD2", "x")}</row>', False),
        (lambda: f'<row r="5000000">{cell("A5000000", "x")}</row>', True),
        (lambda: f'<row r="3"><c/></row><row r="400000">{"<c/>" * 200}</row>', True),
        (lambda: '<row r="3"><c></c></row>', False),
        (lambda: f"<x:row><x:c r='XFD9'/></x:row>{cell('A900000', 'x')}", True),
    ],
)
def test_the_rectangle_of_all_cells_is_bounded(rows: Callable[[], str], refused: bool, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    write_xlsx(path, claims_xml(rows()))
    if refused:
        with pytest.raises(FileError, match="its cells reach to row"):
            check_xlsx(path.read_bytes(), "c.xlsx")
    else:
        check_xlsx(path.read_bytes(), "c.xlsx")


def test_a_wide_sheet_over_many_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the file is cut, no cell between two pieces is overlooked."""
    sheet = sheet_xml("".join(f'<row r="{number}">{cell(f"A{number}", "x" * 20)}</row>' for number in range(1, 60)))
    place = sheet.index('<row r="30">')
    path = tmp_path / "c.xlsx"
    write_xlsx(
        path,
        sheet[:place]
        + f"<row r='77'><c s='1'  r='XFD77'/></row><row r=\"9\">{cell('B900000', 'x')}</row>"
        + sheet[place:],
    )
    data = path.read_bytes()
    for size in (*range(300, 340), 1 << 22):
        monkeypatch.setattr("subsidy.io.xlsx_check._CHUNK", size)
        with pytest.raises(FileError, match="row 900000 and column 16384"):
            check_xlsx(data, "c.xlsx")
    assert MOST_CELLS < 900_000 * 16_384


@pytest.mark.parametrize("package", ["python_calamine", "xlsxwriter"])
def test_a_package_that_is_missing(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "c.xlsx", ("S", claims(ROW)))
    real = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr("subsidy.io.place.find_spec", lambda name: None if name == package else name)
    with pytest.raises(FileError, match=r"pip install 'subsidy\[files\]'"):
        decided(path, tmp_path / "out.xlsx")
    assert [one.name for one in tmp_path.iterdir()] == ["c.xlsx"]
