"""Every small world, under several editions of the rules: the columns decide it as the engine for one claim does."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from subsidy import Level, Policy, Stream
from tests.engine.batch.support import OUTPUT, Row, same, town
from tests.engine.batch.worlds import Worlds, all_worlds, compare, frames, kinds_of, number_of_worlds
from tests.policy.support import Item

pytestmark = pytest.mark.unmeasured  # hundreds of thousands of worlds, and few branches


@pytest.fixture(autouse=True)
def loops() -> None:
    """Every table here is decided by `compare`, which does so both ways."""


X, Y = "9-01-01-01", "9-01-01-02"
STREAMS = ("training", "skill_improvement")
# the last day of a year, the first of the next, and one under the next edition of the rules
DAYS = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 1))
OLD, NEW = "2000-01-01", "2024-02-01"


def limit(name: str, at_most: int, per: str = "calendar_year", **more: Any) -> Item:
    return {"id": name, "at_most": at_most, "per": per, **more}


YEARLY_AND_EVER = {"limits": [limit("yearly", 2, streams=["training"]), limit("ever", 2, "lifetime")]}
BY_FACTS = {
    "limits": [
        limit("ordinary", 1) | {"except": ["shortage"]},
        limit("shortage", 2, requires=["shortage"]),
        limit("starred", 1, "lifetime", requires=["starred"]) | {"except": ["digital"]},
    ]
}
NONE_OF_ONE = {
    "lower_after_higher": "allow",
    "entitlement_date": "applied_on",
    "limits": [
        limit("none", 0, "lifetime", streams=["skill_improvement"]),
        limit("digital", 1, requires=["digital"]),
        limit("two", 2, "lifetime"),
    ],
}
ON_APPLICATION = {"entitlement_date": "applied_on", **BY_FACTS}

POLICIES: dict[str, Policy] = {
    "no limits": town(),
    "no limits, lower after higher": town((OLD, {"lower_after_higher": "allow"})),
    "a year and a lifetime, then by facts": town((OLD, YEARLY_AND_EVER), (NEW, BY_FACTS)),
    "by facts of the day, then none of one stream": town(
        (OLD, ON_APPLICATION), (NEW, NONE_OF_ONE), listed_from="2024-01-01"
    ),
    "a shorter limit later, and a window": town(
        (OLD, {"limits": [limit("ever", 3, "lifetime")]}),
        (NEW, {"limits": [limit("ever", 1, "lifetime")], "claim_window": {"months": 8, "last_day": "inclusive"}}),
    ),
}
LEVELS = (Level.L5, Level.L3, Level.L1, Level.SPECIAL)
KINDS = kinds_of((X, Y), LEVELS, tuple(Stream), DAYS)
FEWER = kinds_of((X, Y), (Level.L5, Level.L3, Level.SPECIAL), tuple(Stream), DAYS[::2])

# What the worlds of each policy must show beside COMMON: else they would prove little.
COMMON: set[str | None] = {None, "same_level_already_paid", "certificate_already_paid"}
REASONS: dict[str, set[str | None]] = {
    "no limits": {"higher_level_already_paid"},
    "no limits, lower after higher": set(),
    "a year and a lifetime, then by facts": {"limit_reached", "higher_level_already_paid"},
    "by facts of the day, then none of one stream": {
        "limit_reached",
        "higher_level_already_paid",
        "no_catalog_in_force",
    },
    "a shorter limit later, and a window": {"limit_reached", "higher_level_already_paid", "claimed_too_late"},
}


def reasons(answers: list[Row]) -> set[str | None]:
    return {answer[OUTPUT.index("reason")] for answer in answers}


@pytest.mark.parametrize("name", POLICIES)
def test_three_claims_of_any_kind(name: str) -> None:
    worlds = all_worlds(KINDS)
    assert len(worlds) == number_of_worlds(KINDS) == 10 * 16**3 * 5 == 204_800
    assert reasons(compare(worlds, POLICIES[name])) == COMMON | REASONS[name]


@pytest.mark.parametrize("paid", [1, 2])
@pytest.mark.parametrize("name", [*POLICIES][2:4])
def test_some_of_the_three_were_given_as_history(name: str, paid: int) -> None:
    worlds = all_worlds(FEWER, paid=paid)
    assert len(worlds) == number_of_worlds(FEWER, paid=paid) == 6 * 12**3 * 5 == 51_840
    assert "limit_reached" in reasons(compare(worlds, POLICIES[name]))


CONDITIONS: list[Item] = [
    {"id": "resident", "title": {"en": "Resident"}},
    {"id": "insured", "title": {"en": "Insured"}, "streams": ["skill_improvement"]},
]
ASKING = town(
    (OLD, {"conditions": CONDITIONS, "insured_months": {"skill_improvement": 12}, "limits": [limit("two", 2)]}),
    (NEW, {"conditions": CONDITIONS[:1], "limits": [limit("one", 1)]}),
)
STATED: list[dict[str, Any]] = [
    {"resident": True, "insured": True, "insured_months": 12},
    {"resident": False, "insured": None, "insured_months": None},
    {"resident": None, "insured": True, "insured_months": None},
    {"resident": True, "insured": False, "insured_months": 11},
]


def test_conditions_and_months_that_are_false_or_not_known() -> None:
    kinds = kinds_of((X,), (Level.L5, Level.L3), tuple(Stream), DAYS[1:], STATED)
    worlds = all_worlds(kinds)
    assert len(worlds) == number_of_worlds(kinds) == 4 * 16**3 * 5 == 81_920
    assert reasons(compare(worlds, ASKING)) == COMMON | {
        "condition_not_met",
        "condition_unknown",
        "insured_months_unknown",
        "insured_too_short",
        "limit_reached",
        "higher_level_already_paid",
    }


@pytest.mark.parametrize("paid", [0, 1, 2])
@pytest.mark.parametrize("name", POLICIES)
def test_the_tree_of_worlds_is_what_assess_all_decides(name: str, paid: int) -> None:
    worlds = all_worlds(FEWER, paid=paid)
    some = np.random.default_rng(paid).choice(len(worlds), 500, replace=False)
    part = Worlds(worlds.kinds, paid, worlds.chosen[np.sort(some)])
    same(*frames(part), policy=POLICIES[name])
    assert compare(part, POLICIES[name])
