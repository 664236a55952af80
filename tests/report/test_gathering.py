"""What the page shows is added up exactly, from one frame or from parts, and never contradicts itself."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.report.data import BIN_EDGES_FEN, ReportData, Row, Slice, Text, Totals
from subsidy.report.gathering import By, bin_counts, slices
from tests.report.examples import example

KEYS: dict[By, list[Any]] = {
    "cause": ["uplift_gained", "paid_twice", "undetermined", None, float("nan")],
    "occupation": [f"4-04-05-{number:02d}" for number in range(30)] + [None],
    "category": ["A", "B", None],
    "level": ["5", "3", "special", None],
    "month": ["2023-11", "2024-02", "2024-05", "2019-01", None],
}
FEN = st.integers(0, 10**13)


def record(by: By, key: Any, paid: int, due: int, claims: int) -> dict[str, Any]:
    """One line of `totals(by)`: `claims` claims of the same kind."""
    ups, downs = due > paid, due < paid
    return {
        by: key,
        "claims": np.int64(claims),
        "paid_fen": np.int64(paid * claims),
        "due_fen": np.int64(due * claims),
        "adjustment_fen": np.int64((due - paid) * claims),
        "top_ups": claims if ups else 0,
        "top_up_fen": (due - paid) * claims if ups else 0,
        "recoveries": claims if downs else 0,
        "recovery_fen": (due - paid) * claims if downs else 0,
    }


@st.composite
def parts(draw: st.DrawFn) -> tuple[By, list[list[dict[str, Any]]]]:
    by = draw(st.sampled_from(sorted(KEYS)))
    one = st.builds(record, st.just(by), st.sampled_from(KEYS[by]), FEN, FEN, st.integers(1, 1000))
    return by, draw(st.lists(st.lists(one, max_size=8), max_size=5))


@given(parts())
def test_no_money_and_no_claim_is_lost_on_the_way_to_a_table(drawn: tuple[By, list[list[dict[str, Any]]]]) -> None:
    by, given_parts = drawn
    records = list(chain.from_iterable(given_parts))
    made = slices(chain.from_iterable(given_parts), by)
    for figure in ("claims", "paid_fen", "due_fen", "adjustment_fen", "top_ups", "top_up_fen", "recoveries"):
        assert sum(getattr(line.totals, figure) for line in made) == sum(int(one[figure]) for one in records)
    assert sum(line.totals.recovery_fen for line in made) == -sum(int(one["recovery_fen"]) for one in records)
    assert len({line.key for line in made}) == len(made)
    assert slices(reversed(records), by) == made


def test_occupations_beyond_the_first_twelve_stand_in_one_line() -> None:
    records = [record("occupation", code, 0, 100 + place, 1) for place, code in enumerate(KEYS["occupation"][:30])]
    made = slices(records, "occupation", {"4-04-05-29": Text("甲", "one")})
    assert len(made) == 13
    assert made[0].name == Text("甲", "one")
    assert made[-1].name == Text("其余 18 个职业(工种)", "18 other occupations")
    assert made[-1].totals.claims == 18


def test_one_occupation_too_many_is_named_and_not_called_others() -> None:
    records = [record("occupation", code, 0, 100, 1) for code in KEYS["occupation"][:13]]
    assert [line.key for line in slices(records, "occupation")] == KEYS["occupation"][:13]


def test_months_without_a_claim_stand_between_the_others() -> None:
    made = slices([record("month", "2023-11", 0, 1, 1), record("month", "2024-02", 1, 0, 1)], "month")
    assert [line.key for line in made] == ["2023-11", "2023-12", "2024-01", "2024-02"]
    assert made[1].totals == Totals()


def test_months_are_at_most_three_years_and_one_line_for_those_before() -> None:
    months = [f"{year}-{month:02d}" for year in range(2000, 2025) for month in range(1, 13)]
    made = slices([record("month", month, 0, 1, 1) for month in months], "month")
    assert len(made) == 37
    assert made[0].name == Text("2021-12 及以前", "Until 2021-12")
    assert made[0].totals.claims == 264
    far = slices([record("month", month, 0, 1, 1) for month in ("2024-01", "9999-12")], "month")
    assert [line.key for line in far] == ["2024-01", "9999-12"]


def test_levels_and_categories_stand_in_their_order() -> None:
    levels = [record("level", level, 0, 1, 1) for level in (None, "special", "1", "5", "3")]
    assert [line.key for line in slices(levels, "level")] == ["5", "3", "1", "special", ""]
    categories = [record("category", category, 0, 1, 1) for category in (None, "C", "A")]
    assert [line.key for line in slices(categories, "category")] == ["A", "C", ""]


@given(st.lists(st.integers(-(10**9), 10**9)), st.integers(0, 5))
def test_every_difference_is_counted_in_its_bin_once(differences: list[int], cut: int) -> None:
    whole = bin_counts(np.array(differences, dtype=np.int64))
    some = [bin_counts(np.array(part, dtype=np.int64)) for part in (differences[:cut], differences[cut:])]
    assert whole == tuple(map(sum, zip(*some, strict=True)))
    edges = [*BIN_EDGES_FEN, 10**10]
    for sign, offset in ((1, 0), (-1, len(BIN_EDGES_FEN))):
        for place, low in enumerate(BIN_EDGES_FEN):
            expected = sum(low < sign * one <= edges[place + 1] for one in differences)
            assert whole[offset + place] == expected


def a_row(claim_id: str, paid: int, due: int) -> Row:
    nobody = Text("", "")
    return Row(
        claim_id=claim_id,
        person_id="",
        occupation_code="",
        occupation=nobody,
        level="",
        paid_fen=paid,
        due_fen=due,
        cause=None,
        explanation=nobody,
    )


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"claims": 1, "due_fen": 5}, "due - paid"),
        ({"claims": 1, "top_ups": 1, "recoveries": 1}, "more top-ups"),
        ({"claims": -1}, "never below zero"),
        ({"claims": 1, "due_fen": 5, "recovery_fen": -5}, "never below zero"),
    ],
)
def test_totals_that_contradict_themselves_are_refused(figures: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Totals(**figures)


LINE = Slice("A", Text("A 类", "Category A"), Totals(claims=1, due_fen=5, top_ups=1, top_up_fen=5))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"by_category": (LINE,)}, "by_category: top_ups come to 1, the totals say 0"),
        ({"differences": (1, *[0] * 19)}, "differences"),
        ({"differences": (0,)}, "found 1 bins, expected 20"),
        ({"sample": (a_row("C1", 0, 0),) * 501}, "sample: found 501, the page takes at most 500"),
        ({"largest": (a_row("C1", 0, 1),) * 51}, "largest: found 51"),
        ({"without_claim": 3}, "without_claim"),
        ({"undetermined": -1}, "undetermined"),
    ],
)
def test_a_page_that_contradicts_itself_or_has_no_end_is_refused(changed: dict[str, Any], words: str) -> None:
    given_day = date(2024, 6, 3)
    with pytest.raises(ValueError, match=words):
        ReportData(
            **{
                "run_id": "r",
                "policy_fingerprint": "p",
                "known_on": None,
                "made_on": given_day,
                "totals": Totals(claims=2),
                **changed,
            }
        )


def test_the_example_is_whole() -> None:
    data = example(300)
    assert data.totals.claims == 300
    assert data.totals.adjustment_fen == sum(row.adjustment_fen for row in data.sample)
