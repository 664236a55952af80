"""What spreadsheets spoil is counted, with the first rows and never with a value; and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.io.tables import OTHER, PERSON, decided, notes, opened, row, write_csv


def told(path: Path, *rows: dict[str, str]) -> dict[str, tuple[int | None, tuple[int, ...]]]:
    source = opened(write_csv(path / "c.csv", rows))
    source.table()
    for note in source.notes:
        for text in note.said:
            assert PERSON[:17] not in text
    return notes(source)


@pytest.mark.parametrize("text", ["3.20507E+17", "1.1e+20", " 3E+17 ", "-1.5E+3"])
@pytest.mark.parametrize("column", ["person_id", "claim_id", "certificate_no"])
def test_scientific_notation(text: str, column: str, tmp_path: Path) -> None:
    assert told(tmp_path, row(), row(**{column: text})) == {"scientific": (1, (3,))}


@pytest.mark.parametrize("text", ["CE+1", "E+", "3E17", "3.2E+", "3.2E+1234", "+", "E1+2", "12E+3x", "1,2E+3"])
def test_what_only_looks_a_little_like_it(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, row(certificate_no=text)) == {}


def test_the_first_rows_of_many(tmp_path: Path) -> None:
    rows = [row(claim_id=f"C{number}", person_id="3.2E+17" if number % 2 else PERSON) for number in range(200_000)]
    source = opened(write_csv(tmp_path / "c.csv", rows))
    source.table()
    assert notes(source) == {"scientific": (100_000, (3, 5, 7, 9, 11))}
    assert "(rows 3, 5, 7, ...)" in source.notes[0].said.en
    assert "第 3、5、7 行等" in source.notes[0].said.zh


def test_the_last_three_digits_turned_to_zeros(tmp_path: Path) -> None:
    spoiled = PERSON[:15] + "000"
    assert told(tmp_path, row(), row(person_id=spoiled)) == {"zeros": (1, (3,))}
    # a number that ends so by right: its check character fits
    right = next(f"320507199003{day:02}2000" for day in range(1, 29) if _fits(f"320507199003{day:02}2000"))
    assert told(tmp_path, row(), row(person_id=right)) == {}
    # nor is it counted among spoiled ones: of many persons one in a thousand ends so
    assert told(tmp_path, row(person_id=right), row(person_id=spoiled)) == {"zeros": (1, (3,))}


def _fits(number: str) -> bool:
    from subsidy.model.person import is_resident_number

    return is_resident_number(number)


@pytest.mark.parametrize("text", ["45170", "45170.0", " 45170", "45170.25", "45170.395833", "20001"])
@pytest.mark.parametrize("column", ["certificate_date", "applied_on"])
def test_serial_numbers_of_days(text: str, column: str, tmp_path: Path) -> None:
    """Told, and not repaired: the row stays invalid."""
    assert told(tmp_path, row(**{column: text})) == {"serial": (1, (2,))}
    outcome = decided(write_csv(tmp_path / "d.csv", [row(**{column: text})]), None)
    assert {str(reason) for _, reason in outcome.summary.counts} == {"bad_date"}


@pytest.mark.parametrize(
    "text", ["2023-9", "x5170", "90000", "12345", "2023090", "4517０", "2023.9.1", "45170.", "2023 9 1"]
)
def test_other_short_dates(text: str, tmp_path: Path) -> None:
    assert told(tmp_path, row(applied_on=text)) == {}


def numbers(*texts: str, column: str = "certificate_no") -> list[dict[str, str]]:
    return [row(claim_id=f"C-{place}", **{column: text}) for place, text in enumerate(texts)]


def test_leading_zeros_lost(tmp_path: Path) -> None:
    long = [f"{number:012}" for number in range(320_000_000_000, 320_000_000_020)]
    assert told(tmp_path, *numbers(*long)) == {}
    assert told(tmp_path, *numbers(*long, "32000000001", "3200000001")) == {"leading_zeros": (2, (22, 23))}
    assert told(tmp_path, *numbers(*long, "032000000001", "3200000001")) == {}  # zeros are kept here
    assert told(tmp_path, *numbers(*long, "32")) == {}  # no zeros are lost that way
    assert told(tmp_path, *numbers(*long, *(text[:11] for text in long))) == {}  # two kinds of numbers
    assert told(tmp_path, *numbers(*(str(number) for number in range(1, 2_000)))) == {}  # a counter
    assert told(tmp_path, *numbers(*long, "S12345678901")) == {}


@given(parts=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["1.5E+17", PERSON, OTHER, ""])), max_size=30))
def test_counts_do_not_depend_on_batches(
    parts: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from subsidy.io import csv_file

    folder = tmp_path_factory.getbasetemp()
    rows = [row(claim_id=f"C{number}", person_id=person) for number, (_, person) in enumerate(parts)]
    places = [number + 2 for number, (_, person) in enumerate(parts) if "E+" in person]
    before, csv_file._BLOCK = csv_file._BLOCK, 512
    try:
        assert told(folder, *rows) == ({"scientific": (len(places), tuple(places[:5]))} if places else {})
    finally:
        csv_file._BLOCK = before
