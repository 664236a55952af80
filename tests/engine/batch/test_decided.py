"""Decisions on a table: any rows and any columns of them, both ways."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from itertools import combinations, product

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy import Policy
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.decided import OUTPUT_COLUMNS, Decided
from subsidy.engine.batch.table import decide_table
from tests.engine.batch.support import AMOUNTS, OPEN, OUTPUT, as_rows, claim, frame, one_by_one, same_both_ways, town
from tests.policy.support import Item

LIMITS: list[Item] = [{"id": "yearly", "at_most": 2, "per": "calendar_year"}]
TOWN = town((OPEN[1], {"limits": LIMITS, "insured_months": {"training": 12}}), listed_from="2024-01-02")
# Paid, refused by each rule of history, unclear, invalid, without a row in the way at both ends.
CLAIMS = frame(
    claim("C1"),
    claim("C2", certificate_no="S-C1", level="4"),
    claim("C3", level="3", insured_months=None),
    claim("C4", occupation="9-01-01-02", level="3"),
    claim("級-5", occupation="9-01-01-02", level="4"),
    claim("C6", occupation="9-01-01-03", level="5"),
    claim("C7", level="六级"),
    claim("C8", person_id="Q", certificate_date=date(2024, 1, 1), applied_on=date(2024, 1, 5), level="special"),
    claim("C9", person_id="H", level="4"),
    claim("C10", person_id="R"),
)
PAST = frame(claim("H1", person_id="H", level="1"), claim("H2", person_id="X"))
WAYS = ["never", *(["always"] if find_spec("numba") is not None else [])]


def decided(
    way: str, claims: pd.DataFrame = CLAIMS, past: pd.DataFrame | None = PAST, policy: Policy = TOWN
) -> Decided:
    def arrow(given: pd.DataFrame) -> pa.Table:
        return pa.Table.from_pandas(given.astype({"level": "str"}), preserve_index=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, way)
        return decide_table(arrow(claims), None if past is None else arrow(past), policy=policy)


def test_all_kinds_of_rows() -> None:
    found = same_both_ways(CLAIMS, PAST, TOWN)
    assert set(found["reason"].dropna()) >= {
        "certificate_already_paid", "higher_level_already_paid", "limit_reached", "bad_level", "insured_months_unknown"
    }  # fmt: skip
    assert {"C1", "C4", "H1"} <= set(found["blocked_by"].dropna())
    same_both_ways(CLAIMS, None, TOWN)
    same_both_ways(CLAIMS.iloc[:1], None, TOWN)  # nothing stands in the way


@pytest.mark.parametrize("way", WAYS)
def test_some_rows_of_a_table(way: str) -> None:
    whole = decided(way)
    expected = one_by_one(CLAIMS, PAST, TOWN)
    assert whole.rows == len(CLAIMS)
    assert whole.skipped_history == ()
    for start, stop in product((0, 1, 4, 9, 10, 99, -3), (0, 2, 7, 10, 99, -1, None)):
        part = whole.table(start, stop)
        part.validate(full=True)
        assert part.schema == OUTPUT_COLUMNS
        rows = [*zip(*(part[name].to_pylist() for name in OUTPUT), strict=True)]
        wanted = range(len(expected))[start:stop]
        assert rows == [plainly(expected[row]) for row in wanted]
    assert whole.table().equals(whole.table(0, whole.rows))


def plainly(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(str(value) if isinstance(value, str) else value for value in row)


@pytest.mark.parametrize("way", WAYS)
def test_a_frame_has_the_index_that_it_is_given(way: str) -> None:
    index = pd.Index([f"row {number}" for number in range(len(CLAIMS))], name="rows")
    pd.testing.assert_index_equal(decided(way).frame(index).index, index)


@pytest.mark.parametrize("way", WAYS)
def test_a_policy_of_which_nothing_is_known_yet(way: str) -> None:
    """There are no editions to be named."""
    none = decided(way, CLAIMS, None, TOWN.as_known_on(date(1999, 1, 1)))
    part = none.table()
    part.validate(full=True)
    assert part.schema == OUTPUT_COLUMNS
    for name in OUTPUT[9:]:
        assert part[name].null_count == len(CLAIMS)
        assert none.frame(CLAIMS.index)[name].isna().all()


@pytest.mark.parametrize("way", WAYS)
def test_some_columns_of_a_frame(way: str) -> None:
    whole = decided(way)
    frame_of_all = whole.frame(pd.RangeIndex(whole.rows))
    assert frame_of_all.attrs == {"policy_fingerprint": TOWN.fingerprint}
    assert tuple(frame_of_all.columns) == OUTPUT
    for wanted in (*combinations(OUTPUT[::-1], 2), *((name,) for name in OUTPUT), AMOUNTS[::-1], ()):
        columns = whole.columns(wanted)
        assert tuple(columns) == wanted
        for name, column in columns.items():
            pd.testing.assert_series_equal(pd.Series(column, name=name), frame_of_all[name])
    for name in AMOUNTS[:2]:
        assert frame_of_all[name].dtype == "Int64"
    assert frame_of_all["amount_fen"].dtype == "int64"
    for name in ("status", "reason", "detail", "confidence", *OUTPUT[9:]):
        assert frame_of_all[name].dtype == "category"
        assert frame_of_all[name].cat.categories.is_unique
        assert str(frame_of_all[name].cat.categories.dtype) == "str"
    assert str(frame_of_all["blocked_by"].dtype) == str(frame_of_all["claim_id"].dtype) == "str"
    assert frame_of_all["reason"].cat.categories[0] == "missing_value" or len(frame_of_all["reason"].cat.categories) > 9


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 17])
def test_the_claim_in_the_way_of_any_number_of_rows(way: str, rows: int) -> None:
    """The bits that say where there is none fill whole bytes."""
    claims = frame(
        *(claim(f"C{row:02}", person_id=str(row // 3), certificate_no="S") for row in range(rows)), claim("Z")
    )
    claims = claims.iloc[:rows]
    found = decided(way, claims, None).table()
    first = [f"C{row // 3 * 3:02}" if row % 3 else None for row in range(rows)]
    assert found["blocked_by"].to_pylist() == first
    found.validate(full=True)


def test_what_is_refused_names_the_row_of_the_right_table() -> None:
    """Rows of the history stand before those of the claims; of neither the other's may be named."""
    for past in (None, PAST):
        expected = as_named(one_by_one(CLAIMS, past, TOWN))
        for way in WAYS:
            part = decided(way, CLAIMS, past).table()
            assert dict(zip(part["claim_id"].to_pylist(), part["blocked_by"].to_pylist(), strict=True)) == expected


def as_named(rows: list[tuple[object, ...]]) -> dict[object, object]:
    return {row[0]: row[OUTPUT.index("blocked_by")] for row in rows}


def test_an_empty_frame_has_all_columns() -> None:
    for way in WAYS:
        none = decided(way, CLAIMS.iloc[:0], None)
        assert none.table().num_rows == 0
        assert tuple(none.frame(pd.RangeIndex(0)).columns) == OUTPUT
        assert np.array(none.columns(["amount_fen"])["amount_fen"]).dtype == np.int64
    assert as_rows([]) == []
