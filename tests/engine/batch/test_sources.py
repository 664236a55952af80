"""The columns of a claim found in a frame or table by their headings, and its rows as they were handed in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy.engine.batch.sources import Column, Source, column_of, one_column, source_of_frame, source_of_table
from subsidy.engine.records import HEADINGS
from subsidy.model.errors import InputError
from tests.engine.batch.support import OPEN, REQUIRED, claim, frame, town

TOWN = town((OPEN[1], {"conditions": [{"id": "resident", "title": {"zh": "居民", "en": "Resident"}}]}))
ROWS = frame(claim("C1", note=1), claim("C2", note=2), claim(None, note=3))


def arrow(claims: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(claims, preserve_index=False)


def both(claims: pd.DataFrame) -> list[Source]:
    return [source_of_frame(TOWN, claims), source_of_table(TOWN, arrow(claims))]


def plain(columns: tuple[Column, ...], start: int, stop: int) -> list[Any]:
    """Give some rows of a field's column as a list."""
    found = one_column(columns, start, stop)
    return list(found.tolist() if isinstance(found, np.ndarray) else found.to_pylist())


# -- headings ----------------------------------------------------------------------------


def test_columns_are_found_by_any_of_their_headings() -> None:
    for source in both(ROWS):
        assert source.rows == 3
        assert [field for field, columns in source.fields.items() if columns] == [
            *REQUIRED, "stream", "insured_months", "person_id_type"
        ]  # fmt: skip
        assert "note" not in source.whole
        assert source.conditions == {"resident": ()}
    for field, headings in HEADINGS.items():
        for heading in (f" {field.upper()} ", *headings):
            claims = ROWS.assign(**{field: "x"}).rename(columns={field: heading})
            for source in both(claims):
                assert len(source.fields[field]) == 1
                assert heading in source.whole
    for source in both(ROWS.assign(Resident="是")):
        assert len(source.conditions["resident"]) == 1


def test_of_several_columns_for_one_field_the_best_stands_first() -> None:
    claims = ROWS.assign(技能等级="4", 等级="3")
    for source in both(claims):
        assert [plain((column,), 0, 1) for column in source.fields["level"]] == [["5"], ["3"], ["4"]]


def message(claims: pd.DataFrame, what: str = "claims") -> str:
    with pytest.raises(InputError) as of_frame:
        source_of_frame(TOWN, claims, what)
    with pytest.raises(InputError) as of_table:
        source_of_table(TOWN, arrow(claims), what)
    assert str(of_frame.value) == str(of_table.value)
    return str(of_frame.value)


def test_what_is_said_of_a_column_that_is_missing() -> None:
    given = ", ".join(repr(name) for name in ("claim_id", "person_id"))
    some = ROWS[["claim_id", "person_id"]]
    missing = "occupation, level, certificate_no, certificate_date, applied_on"
    assert message(some) == f"claims: found the columns {given}, expected {missing} too"
    assert (
        message(some.iloc[:, :0], "history")
        == f"history: found no columns, expected claim_id, person_id, {missing} too"
    )


def test_what_is_called_claims_if_nobody_says_otherwise() -> None:
    for read in (source_of_frame, source_of_table):
        with pytest.raises(InputError, match=r"^claims: "):
            read(TOWN, pd.DataFrame() if read is source_of_frame else arrow(pd.DataFrame()))


def test_what_is_said_of_a_heading_that_is_nearly_right() -> None:
    near = ROWS.rename(columns={"level": "Levle", "applied_on": "申请日"})
    said = message(near)
    assert said.endswith("expected level, applied_on too; did you mean level by 'Levle', applied_on by '申请日'?")
    assert "'note'" in said  # where one is missing all are named


def test_the_first_twenty_columns_are_named() -> None:
    wide = pd.DataFrame({f"n{number}": [1] for number in range(20)})
    assert "'n19', expected" in message(wide)
    more = message(wide.assign(other=1))
    assert "'n19' ..., expected" in more
    assert "other" not in more


def test_two_columns_of_one_heading() -> None:
    said = message(ROWS.assign(LEVEL="4"))
    assert said == "claims: found the columns 'level' and 'LEVEL', expected each heading once"
    twice = pd.concat([ROWS, ROWS[["level"]]], axis=1)
    with pytest.raises(
        InputError, match=r"^claims: found the columns 'level' and 'level', expected each heading once$"
    ):
        source_of_frame(TOWN, twice)
    # Of a table that lacks a column all are looked at, also those that are none of a claim's.
    assert "'note' and 'NOTE'" in message(ROWS.drop(columns="level").assign(NOTE=2))


def test_what_is_no_frame() -> None:
    with pytest.raises(InputError, match=r"^history: found list, expected a pandas DataFrame$"):
        source_of_frame(TOWN, [], "history")  # type: ignore[arg-type]


# -- rows --------------------------------------------------------------------------------


def whole() -> pa.Table:
    """Every way in which a column may be kept: one chunk or several, objects, views of texts, no calendar's days."""
    days = pa.array([0, 90_000_000, None], pa.int32()).cast(pa.date32())
    table = arrow(ROWS).drop_columns(["certificate_date", "occupation", "level", "note"])
    return (
        table.append_column("certificate_date", days)
        .append_column("occupation", pa.chunked_array([["a"], [None, "c"]]))
        .append_column("level", pa.array(["5", "", None], pa.string_view()))
    )


LIKE: dict[str, object] = {"claim_id": "C1", "certificate_date": date(1970, 1, 1), "occupation": "a", "level": "5"}
NO_DAY = "a date32[day] that no calendar has"


def test_rows_as_they_were_handed_in() -> None:
    source = source_of_table(TOWN, whole())
    records = [source.record(row) for row in range(3)]
    assert [{name: record[name] for name in LIKE} for record in records] == [
        LIKE,
        {"claim_id": "C2", "certificate_date": NO_DAY, "occupation": None, "level": ""},
        {"claim_id": None, "certificate_date": None, "occupation": "c", "level": None},
    ]
    assert source.records(np.array([2, 0, 1])) == [records[2], records[0], records[1]]
    assert [*records[0]] == [*source.whole]
    objects = source_of_frame(TOWN, ROWS.assign(insured_months=pd.Series([1, "2", None], dtype=object)))
    assert [record["insured_months"] for record in objects.records(np.array([1, 0, 2]))] == ["2", 1, None]
    assert objects.record(1)["insured_months"] == "2"


def texts(source: Source, *rows: int) -> list[dict[str, str]]:
    columns = [[text.decode() for text in column.to_pylist()] for column in source.texts(np.array(rows))]
    return [dict(zip(sorted(source.whole), row, strict=True)) for row in zip(*columns, strict=True)]


def test_rows_as_plain_texts_by_heading() -> None:
    source = source_of_table(TOWN, whole())
    assert [{name: row[name] for name in LIKE} for row in texts(source, 2, 0)] == [
        {"claim_id": "", "certificate_date": "", "occupation": "c", "level": ""},
        {"claim_id": "C1", "certificate_date": "1970-01-01", "occupation": "a", "level": "5"},
    ]
    objects = source_of_frame(TOWN, ROWS.assign(insured_months=[1, "2", float("nan")]))
    assert [row["insured_months"] for row in texts(objects, 1, 0, 2)] == ["2", "1", ""]
    # What Arrow can't write as texts.
    for odd in (pa.array([[1], None, [2, 3]]), pa.array(["[1]", None, "[2, 3]"], pa.string_view())):
        column = whole().drop_columns(["claim_id"]).append_column("claim_id", odd)
        assert [row["claim_id"] for row in texts(source_of_table(TOWN, column), 0, 1, 2)] == ["[1]", "", "[2, 3]"]
    half = source_of_frame(TOWN, ROWS.assign(insured_months=pd.Series(["a\ud800", 1, "2"], dtype=object)))
    place = sorted(half.whole).index("insured_months")
    assert half.texts(np.array([0]))[place].to_pylist() == ["a\ud800".encode("utf-8", "surrogatepass")]


# -- one column --------------------------------------------------------------------------

DTYPES: list[tuple[list[Any], Any, pa.DataType | None]] = [
    (["a", None], object, pa.large_string()),
    ([None, None], object, pa.large_string()),
    ([date(2024, 1, 1), None], object, pa.date32()),
    ([date(2024, 1, 1), "a"], object, None),
    ([1, "a"], object, None),
    ([1, 2], object, None),
    ([True, None], object, None),
    ([datetime(2024, 1, 1, 5), None], object, None),  # noqa: DTZ001 - frames hold such
    (["a", "a\ud800"], object, None),
    ([1, 2], "int64", pa.int64()),
    ([1.5, None], "float64", pa.float64()),
    ([True, False], "bool", pa.bool_()),
    (["a", None], "str", pa.large_string()),
    (["2024-01-01", None], "datetime64[us]", pa.timestamp("us")),
]


@pytest.mark.parametrize(("values", "kind", "expected"), DTYPES)
def test_a_column_is_converted_where_that_keeps_each_value(
    values: list[Any], kind: Any, expected: pa.DataType | None
) -> None:
    series = pd.Series(values, dtype=kind)
    found = column_of(series)
    if expected is None:
        assert isinstance(found, np.ndarray)
        assert found.dtype == object
        assert found.tolist() == values
    else:
        assert isinstance(found, pa.ChunkedArray)
        assert found.type == expected
        assert [value is None for value in found.to_pylist()] == series.isna().tolist()


def test_what_is_not_there_is_null() -> None:
    """pandas writes it as a number that is none, which Arrow would keep as a number."""
    found = column_of(pd.Series([1.5, float("nan")]))
    assert isinstance(found, pa.ChunkedArray)
    assert found.null_count == 1


def test_of_several_columns_the_first_that_holds_a_value_serves() -> None:
    best = pa.chunked_array([["a", None], [" ", ""], [None]], pa.string())
    second = np.array([1, 2.5, None, "d", float("nan")], object)
    third = pa.chunked_array([[7, None, 9, None, None]])
    assert plain((best, second, third), 0, 5) == ["a", 2.5, 9, "d", None]
    assert plain((best, second, third), 2, 4) == [9, "d"]
    assert plain((second,), 1, 4) == [2.5, None, "d"]
    assert plain((best,), 1, 5) == [None, " ", "", None]
    assert plain((best,), 2, 4) == [" ", ""]


def test_a_day_that_no_calendar_has_beside_another_column() -> None:
    days = pa.chunked_array([pa.array([90_000_000, None], pa.int32()).cast(pa.date32())])
    assert plain((days, pa.chunked_array([["a", "b"]])), 0, 2) == [NO_DAY, "b"]


def test_no_rows_keep_their_type() -> None:
    for chunks in (pa.chunked_array([], pa.date32()), pa.chunked_array([pa.array([], pa.date32())])):
        found = one_column((chunks,), 0, 0)
        assert isinstance(found, pa.Array)
        assert found.type == pa.date32()
