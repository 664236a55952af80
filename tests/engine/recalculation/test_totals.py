"""Totals beside sums that are made row by row, by each group; and the table that they are made of."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from subsidy import InputError, compare, recalculate
from subsidy.engine.recalculation.table import ADJUSTMENTS, DIFFERENCES, table_of
from subsidy.engine.recalculation.totals import (
    COMPARED_GROUPS,
    GROUPS,
    TOTALS,
    Sums,
    differences_by,
    of_differences,
    totals_by,
)
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.worlds import frame_of, late_policy, late_world

PICK = seeded(9001)
POLICY, CLAIMS, PAYMENTS = late_world(PICK, 20)
CLAIMS[2] |= {"level": "?", "applied_on": None}
FRAME = pd.DataFrame(CLAIMS, dtype=object)
ADJUSTED = recalculate(FRAME, frame_of(PAYMENTS), policy=POLICY).adjustments
COMPARED = compare(FRAME, POLICY, late_policy(PICK)).differences


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    values = frame.astype(object)
    found: list[dict[Any, Any]] = values.where(values.notna(), None).to_dict("records")
    for row in found:
        row["month"] = None if row["applied_on"] is None else row["applied_on"].strftime("%Y-%m")
    return found


def _summed(rows: list[dict[str, Any]], by: str, figures: Any) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(lambda: [0] * len(figures(rows[0])))
    for row in rows:
        found[row[by]] = [one + more for one, more in zip(found[row[by]], figures(row), strict=True)]
    return found


def _adjusted(row: dict[str, Any]) -> list[int]:
    fen = row["adjustment_fen"]
    return [1, row["paid_fen"], row["due_fen"], fen, int(fen > 0), max(fen, 0), int(fen < 0), max(-fen, 0)]


def _compared(row: dict[str, Any]) -> list[int]:
    payable = [int(row[name] == "payable") for name in ("status_a", "status_b")]
    return [1, *payable, row["amount_fen_a"], row["amount_fen_b"], row["difference_fen"]]


def _check(totals: pd.DataFrame, frame: pd.DataFrame, by: str, expected: dict[Any, list[int]]) -> None:
    values = totals.astype(object)
    rows = values.where(values.notna(), None).to_numpy().tolist()
    assert {row[0]: row[1:] for row in rows} == expected
    assert len(rows) == len(expected)
    assert totals.index.tolist() == list(range(len(rows)))
    known = totals[by].dropna()
    assert known.tolist() == totals[by].tolist()[: len(known)]  # the missing one last
    if by == "month":
        assert known.is_monotonic_increasing
    else:
        assert totals[by].dtype == frame[by].dtype
        codes = known.cat.codes.tolist()
        assert codes == sorted(codes)


@pytest.mark.parametrize("by", GROUPS)
def test_adjustments(by: str) -> None:
    totals = totals_by(ADJUSTED, by)
    assert list(totals) == [by, *TOTALS]
    _check(totals, ADJUSTED, by, _summed(_rows(ADJUSTED), by, _adjusted))


@pytest.mark.parametrize("by", COMPARED_GROUPS)
def test_differences(by: str) -> None:
    totals = differences_by(COMPARED, by)
    assert list(totals)[1:] == ["claims", "payable_a", "payable_b", "amount_a_fen", "amount_b_fen", "difference_fen"]
    _check(totals, COMPARED, by, _summed(_rows(COMPARED), by, _compared))


@pytest.mark.parametrize(
    ("frame", "totals", "groups"), [(ADJUSTED, totals_by, GROUPS), (COMPARED, differences_by, COMPARED_GROUPS)]
)
def test_what_cannot_be_summed_by(frame: pd.DataFrame, totals: Any, groups: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        totals(frame, "color")
    assert (caught.value.field, caught.value.found) == ("by", "'color'")
    assert caught.value.expected == f"one of {', '.join(groups)}"


def test_part_by_part() -> None:
    sums = Sums(["level", "month"])
    for start in range(0, len(ADJUSTED), 7):
        sums.add(table_of(ADJUSTED[start : start + 7]))
    rows = _rows(ADJUSTED)
    assert sums.whole() == dict(zip(TOTALS, (sum(one) for one in zip(*map(_adjusted, rows), strict=True)), strict=True))
    for by in ("level", "month"):
        found = sums.totals(by)
        assert found[by].dtype == pd.StringDtype(na_value=float("nan"))
        assert found[by].dropna().is_monotonic_increasing
        values = found.astype(object)
        assert {row[0]: row[1:] for row in values.where(values.notna(), None).to_numpy().tolist()} == _summed(
            rows, by, _adjusted
        )
    none = Sums(["level"], of_differences)
    none.add(table_of(COMPARED[:0], DIFFERENCES))
    assert set(none.whole().values()) == {0}


@pytest.mark.parametrize(("frame", "schema"), [(ADJUSTED, ADJUSTMENTS), (COMPARED, DIFFERENCES)])
def test_a_table_holds_what_the_frame_holds(frame: pd.DataFrame, schema: pa.Schema) -> None:
    table = table_of(frame, schema)
    assert table.schema == schema
    for name in schema.names:
        values = frame[name].astype(object)
        expected = [one.date() if isinstance(one, pd.Timestamp) else one for one in values.where(values.notna(), None)]
        assert table.column(name).to_pylist() == expected
    kinds = {str(kind) for kind in schema.types}
    assert kinds == (
        {"string", "int64", "bool", "date32[day]"} if schema is ADJUSTMENTS else {"string", "int64", "date32[day]"}
    )
