"""Rules 1 to 6 in columns, both ways, against one claim alone: few rows, each beside an edge of some rule."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest

from subsidy import Confidence, Policy
from subsidy.engine.batch.arrays import EMPTY
from subsidy.engine.batch.calendar import Calendar
from subsidy.engine.batch.faults import Faults
from subsidy.engine.batch.grid import Grid
from subsidy.engine.batch.law import NONE, Dating, Details, Law, Standing
from subsidy.model.words import INVALID_REASONS
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import OPEN, claim, frame, same_both_ways, town
from tests.engine.batch.writings import table
from tests.policy.support import Item


@pytest.mark.parametrize("seed", range(16))
def test_any_claims_by_any_policy(seed: int) -> None:
    pick = seeded(5000 + seed)
    policy = any_policy(pick)
    same_both_ways(table(pick, any_claims(pick, 20)), None, policy)


CONDITIONS: list[Item] = [
    {"id": "resident", "title": {"en": "Resident"}},
    {"id": "insured", "title": {"en": "Insured"}, "streams": ["training"]},
]
ASKS: Item = {
    "conditions": CONDITIONS,
    "insured_months": {"training": 12, "skill_improvement": 3},
    "claim_window": {"months": 1, "last_day": "inclusive"},
}
TEXTS = town(
    ("2023-01-01", ASKS),
    ("2023-07-01", {"conditions": CONDITIONS[::-1], "insured_months": {"training": 6}}),
    ("2024-01-01", {}),
)
FACTS = (True, False, None)


def grid_of_facts(day: date) -> pd.DataFrame:
    """A claim for each combination of what rules 4 to 6 ask."""
    rows = [
        claim(f"C{number}", person_id=str(number), certificate_date=day, applied_on=day + timedelta(days=days),
              stream=stream, insured_months=months, resident=resident, insured=insured)
        for number, (days, stream, months, resident, insured) in enumerate(
            product((0, 40), ("training", "skill_improvement"), (None, 2, 3, 5, 11, 12), FACTS, FACTS))
    ]  # fmt: skip
    return frame(*rows)


@pytest.mark.parametrize(
    "day", [date(2022, 12, 1), date(2023, 3, 1), date(2023, 6, 30), date(2023, 9, 1), date(2024, 2, 1)]
)
def test_what_is_false_counts_before_what_is_unknown(day: date) -> None:
    """Of several that refuse, and of several that are unclear, the first; also where two texts order them unlike."""
    found = same_both_ways(grid_of_facts(day), None, TEXTS)
    assert found["status"].nunique() > 1 or day.year == 2024


@pytest.mark.parametrize("last_day", ["inclusive", "exclusive"])
def test_the_last_day_of_a_window_and_those_beside_it(last_day: str) -> None:
    window: Item = {"claim_window": {"months": 1, "last_day": last_day}}
    rows = [claim(f"C{day}", person_id=str(day), certificate_date=date(2024, 1, 31), applied_on=date(2024, 2, day))
            for day in (1, 28, 29)]  # fmt: skip
    rows.append(claim("C1/3", person_id="4", certificate_date=date(2024, 1, 31), applied_on=date(2024, 3, 1)))
    for policy in (town((OPEN[1], window)), town((OPEN[1], {}), ("2023-01-01", window))):
        late = same_both_ways(frame(*rows), None, policy)["reason"].notna().tolist()
        assert late == [False, False, last_day == "exclusive", True]


def test_rows_that_no_rules_govern_beside_those_that_they_do() -> None:
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 6, 30), date(2023, 7, 1), date(2024, 1, 1)]
    for name in ("certificate_date", "applied_on", "training_filed_on"):
        policy = town(("2023-01-01", {"entitlement_date": name}), ("2023-07-01", ASKS | {"entitlement_date": name}))
        rows = [
            claim(f"C{one}/{other}/{filed}", person_id=f"{one}{other}{filed}", certificate_date=one, applied_on=other,
                  training_filed_on=filed, resident=True, insured=None)
            for one in days for other in days for filed in (None, *days[:3])
        ]  # fmt: skip
        found = same_both_ways(frame(*rows), None, policy)
        assert {"no_rules_in_force", "claimed_too_late", "applied_before_issue"} <= set(found["reason"].dropna())
        same_both_ways(frame(*(row for row in rows if row["training_filed_on"] is None)), None, policy)


@pytest.mark.parametrize("asks", [ASKS, {"insured_months": {"training": 1}}, {"conditions": CONDITIONS[:1]}])
def test_rows_that_can_not_be_read_on_days_without_rules(asks: Item) -> None:
    """What isn't read is no place in a table; there may be few places."""
    day = date(2022, 12, 31)
    bad = [{}, {"stream": "?"}, {"level": "?"}, {"insured_months": "?"}, {"resident": "?"}, {"occupation": "?"}]
    rows = [claim(f"C{number}", person_id=str(number), certificate_date=day, applied_on=day) | one
            for number, one in enumerate(bad)]  # fmt: skip
    later = [row | {"claim_id": f"L{number}", "applied_on": date(2023, 2, 1)} for number, row in enumerate(rows)]
    same_both_ways(frame(*rows, *later), None, town(("2023-01-01", asks)))


def test_days_that_lie_far_apart() -> None:
    days = date(1, 1, 1), date(1969, 12, 1), date(2023, 3, 1), date(9999, 1, 1)
    rows = [claim(f"C{day}", certificate_date=day, applied_on=day + timedelta(days=40)) for day in days]
    found = same_both_ways(frame(*rows), None, TEXTS)
    assert found["reason"].notna().tolist()[:3] == [True] * 3


@pytest.mark.parametrize("minimum", [None, *Confidence])
def test_amounts_on_texts_that_are_too_weak_are_not_told(minimum: Confidence | None) -> None:
    for seed in range(3):
        pick = seeded(6000 + seed)
        policy = any_policy(pick).with_minimum_confidence(minimum)
        same_both_ways(table(pick, any_claims(pick, 12), nonsense=False), None, policy)


# -- the tables --------------------------------------------------------------------------


def law_of(policy: Policy) -> tuple[Law, Calendar]:
    calendar = Calendar([np.array([date(2022, 12, 30).toordinal(), date(2024, 1, 5).toordinal()], np.int32)])
    return Law(policy, calendar, Faults(policy)), calendar


def test_numbers_of_details() -> None:
    details = Details(TEXTS, Faults(TEXTS))
    assert details.all[0] is None
    assert len(set(details.all)) == len(details.all)
    for number, name in enumerate(details.all):
        assert name is None or details.number(name) == number
    faults = Faults(TEXTS)
    assert [details.all[number] for number in details.of_faults.tolist()] == [field for _, field in faults.all]
    assert {"resident", "insured", "applied_on", "claim_id", "certificate_date"} <= set(details.all)
    assert details.of_faults.dtype == np.int16


def test_faults_are_numbered_in_the_order_in_which_they_count() -> None:
    faults = Faults(TEXTS)
    assert [faults.number(*fault) for fault in faults.all] == [*range(len(faults.all))]
    reasons = [reason for reason, _ in faults.all]
    assert [*dict.fromkeys(reasons)] == [*INVALID_REASONS]
    assert reasons == sorted(reasons, key=INVALID_REASONS.index)
    fields = [field for reason, field in faults.all if reason is INVALID_REASONS[0]]
    assert fields[0] == "claim_id"
    assert fields[-2:] == ["resident", "insured"]
    assert len(fields) * len(INVALID_REASONS) == len(faults.all)
    assert faults.reasons.dtype == np.int8


def test_room_for_what_is_said_of_rows() -> None:
    grid = Grid.of(TEXTS)
    room = Standing.empty(3, grid)
    assert [len(column) for column in room] == [3] * 6
    assert [str(column.dtype) for column in room] == ["int8", "int16", "int32", "int16", "int8", "int8"]
    law, _ = law_of(TEXTS)
    assert law.grid is grid
    editions = town(*((str(date(2023, 1, 1) + timedelta(days=day)), {}) for day in range(128)))
    assert Standing.empty(1, Grid.of(editions)).procedure.dtype == np.int16


def test_the_period_and_procedure_of_each_day() -> None:
    _, calendar = law_of(TEXTS)
    dating = Dating(TEXTS, calendar)
    assert dating.procedure.dtype == np.int8
    for place, number in enumerate(calendar.days.tolist()):
        texts = TEXTS.texts_on(date.fromordinal(number))
        assert TEXTS.periods[dating.period[place]] == texts
        expected = NONE if texts.rules is None else [one is texts.rules for one in TEXTS.rules].index(True)
        assert dating.procedure[place] == expected
    assert dating.occurring(np.array([2, NONE, 0, 0], np.int8)) == [0, 2]
    assert dating.occurring(np.array([NONE], np.int8)) == []
    assert dating.occurring(np.empty(0, np.int8)) == []


@pytest.mark.parametrize("name", ["certificate_date", "applied_on", "training_filed_on"])
def test_the_date_that_decides(name: str) -> None:
    policy = town((OPEN[1], {"entitlement_date": name}), ("2023-07-01", {"entitlement_date": "certificate_date"}))
    calendar = Calendar([np.array([738_000, 738_100], np.int32)])
    dating = Dating(policy, calendar)
    procedure = np.array([0, 0, 1, 1], np.int8)
    applied, issued = np.array([5, 6, 7, 8], np.int32), np.array([1, 2, 3, 4], np.int32)
    filed = np.array([738_009, EMPTY, 738_010, EMPTY], np.int32)
    _, day = dating.entitlement_date(procedure, applied, issued, filed)
    first = {"certificate_date": [1, 2], "applied_on": [5, 6], "training_filed_on": [9, 6]}[name]
    assert day.tolist() == [*first, 3, 4]
