"""Claims in csv: every cell as it stands there, and no row lost."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.io import csv_file
from subsidy.io.said import FileError
from tests.io.tables import HEADINGS, ROW, csv_text, notes, opened, row, texts, write_csv

_CELL = st.text(st.sampled_from("aB1 焊，,;\t\"'\n\r=+-@.E0\u3000\u4dae\U00020000NA"), max_size=8)


@given(
    rows=st.lists(st.lists(_CELL, min_size=8, max_size=8), max_size=12),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    delimiter=st.sampled_from(",;\t"),
    ends=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    block=st.sampled_from([1 << 10, 1 << 23]),
)
def test_cells_are_read_as_they_stand(
    rows: list[list[str]],
    encoding: str,
    delimiter: str,
    ends: str,
    quoting: Any,
    block: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Quotes, commas, line breaks, "NA", leading zeros: with any encoding, delimiter, line end and size of block."""
    if quoting == csv.QUOTE_MINIMAL:  # the csv module writes a lone CR without quotes
        rows = [[cell.replace("\r", "") for cell in cells] for cells in rows]
    headings = [*HEADINGS, "备注"]
    given_rows = [dict(zip(headings, cells, strict=True)) for cells in rows]
    text = csv_text(given_rows, headings, delimiter=delimiter, lineterminator=ends, quoting=quoting)
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    path.write_bytes(text.encode(encoding))
    before, csv_file._BLOCK = csv_file._BLOCK, block
    try:
        source = opened(path)
        read = texts(source)
    finally:
        csv_file._BLOCK = before
    assert read == [{name: one[name] for name in HEADINGS} for one in given_rows]
    assert {"short_rows", "long_rows", "blank_rows"}.isdisjoint(notes(source))


@pytest.mark.parametrize("place", [0, 1, 700, 1_999])
def test_a_ragged_row_stops_nobody(place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows out = rows in, wherever the fast reader stops."""
    monkeypatch.setattr(csv_file, "_BLOCK", 4096)
    monkeypatch.setattr(csv_file, "_BATCH", 300)
    rows = [row(claim_id=f"C{number}") for number in range(2_000)]
    lines = csv_text(rows).splitlines(keepends=True)
    lines[place + 1] = lines[place + 1].replace("2023-09-01,2023-10-08", "2023-09-01")
    lines[1_500] = lines[1_500].replace("S1", "S,1")
    path = tmp_path / "c.csv"
    path.write_text("".join(lines), encoding="utf-8", newline="")
    source = opened(path)
    read = texts(source)
    assert [one["claim_id"] for one in read] == [one["claim_id"] for one in rows]
    assert read[place]["applied_on"] == ""
    assert set(read[1_499].values()) == {"C1499", ""}  # shifted: nothing of it is used
    others = [one for number, one in enumerate(read) if number not in {place, 1_499}]
    assert others == [one for number, one in enumerate(rows) if number not in {place, 1_499}]
    assert notes(source) == {"short_rows": (1, (place + 2,)), "long_rows": (1, (1_501,))}


def test_a_shifted_row_is_never_decided(tmp_path: Path) -> None:
    """A stray comma moves what stands behind it, here the months of another column; so nothing of the row counts."""
    headings = ["姓名", *HEADINGS, "insured_months"]
    text = ",".join(headings) + "\n" + f"张,三,{','.join(ROW.values())},24\n"
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    assert set(texts(opened(path))[0].values()) == {""}


def test_empty_cells_too_many_are_no_shift(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(csv_text([row()]).replace("2023-10-08", "2023-10-08,, ,"), encoding="utf-8", newline="")
    source = opened(path)
    assert texts(source) == [ROW]
    assert notes(source) == {}


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    """Blank lines count, and a cell of several lines is one row."""
    path = tmp_path / "c.csv"
    first, second, third = (csv_text([row(claim_id=name)]).splitlines()[1] for name in ("C1", "C2", "C3"))
    text = "\n\n".join([csv_text([]).strip(), first, '"C\n1"' + first[2:], second + "\n" + third])
    path.write_text(text + "\n\n\n", encoding="utf-8")
    source = opened(path)
    assert [one["claim_id"] for one in texts(source)] == ["C1", "C\n1", "C2", "C3"]
    assert [source.row_number(index) for index in range(4)] == [3, 5, 7, 8]
    assert notes(source)["blank_rows"][0] == 5


def test_headings_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("申领表\n2023 年,苏州\n" + csv_text([row(), row(claim_id="C2")]), encoding="utf-8", newline="")
    source = opened(path)
    assert texts(source) == [row(), row(claim_id="C2")]
    assert [source.row_number(index) for index in range(2)] == [4, 5]
    assert notes(source) == {"headings_below": (None, (3,))}


@pytest.mark.parametrize(("sign", "said"), [("\t", "tabs"), (";", "semicolons")])
def test_the_delimiter_is_said(sign: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "c.tsv"
    path.write_text(csv_text([row()], delimiter=sign), encoding="utf-8", newline="")
    source = opened(path)
    assert texts(source) == [ROW]
    assert [note.said.en for note in source.notes] == [f"cells are separated by {said}"]


@pytest.mark.parametrize("place", [1, 500, 998])
def test_a_quotation_mark_that_is_not_closed(place: int, tmp_path: Path) -> None:
    """It would swallow the rows behind it: so it is told, with its row."""
    lines = csv_text([row(claim_id=f"C{number}") for number in range(1, 1_000)]).splitlines(keepends=True)
    lines[place] = '"' + lines[place]
    path = tmp_path / "c.csv"
    path.write_text("".join(lines), encoding="utf-8", newline="")
    with pytest.raises(FileError, match=f"row {place + 1}, which begins in line {place + 1}, has a quotation mark"):
        opened(path).table()
    lines[-1] = lines[-1].replace("S1", '"S1"')  # closed by a mark that opens another cell: still told
    path.write_text("".join(lines), encoding="utf-8", newline="")
    with pytest.raises(FileError, match="quotation mark"):
        opened(path).table()


def test_a_file_is_read_twice_alike(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [row(person_id="3.2E+17")] * 3)
    source = opened(path)
    assert source.rows == 3
    assert source.table() == source.table()
    assert notes(source)["scientific"] == (3, (2, 3, 4))
    assert sum(len(batch) for batch in source.batches()) == 3
