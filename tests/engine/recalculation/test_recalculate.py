"""The public `recalculate` beside the reference in every column: by hand, by chance, and in all small worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from subsidy import Policy
from subsidy import recalculate as public
from subsidy.model.claim import REQUIRED_FIELDS
from subsidy.model.money import fen_from_yuan, format_yuan
from tests.engine.recalculation import hand
from tests.engine.recalculation.laws import (
    Recalculate,
    Record,
    booking_leaves_nothing,
    causes_agree,
    order_says_nothing,
    persons_stand_alone,
    right_payments_leave_nothing,
    sums_agree,
    without_repeated_ids,
)
from tests.engine.recalculation.reference import Row, recalculated
from tests.engine.recalculation.strategies import KNOWN, World, paid_by, worlds
from tests.policy.support import edition, moderate
from tests.policy.support import policy as make_policy

FEW = settings(moderate(25), deadline=None, suppress_health_check=list(HealthCheck))
PAYMENT_COLUMNS = ["claim_id", "amount", "paid_on", "state"]
# By the name in `Row`; of the status *then* the public frame says whether it was payable.
COLUMNS = {
    name: name for name in ("claim_id", "paid_fen", "due_fen", "cause", "status", "reason", "detail", "blocked_by")
} | {
    "then_status": "payable_then",
    "then_amount_fen": "amount_then_fen",
    "base_then_fen": "base_then_fen",
    "uplift_then_fen": "uplift_then_fen",
}
THEN = {True: "payable", False: "not payable", None: None}


def recalculate(
    policy: Policy, claims: Sequence[Record], payments: Sequence[Record], known_on: date | None = None
) -> list[Row]:
    """Recalculate as columns; give rows in the form of the reference."""
    columns = None if claims else REQUIRED_FIELDS
    frame = pd.DataFrame([dict(one) for one in claims], columns=columns, dtype=object)
    paid = pd.DataFrame([dict(one) for one in payments], columns=PAYMENT_COLUMNS, dtype=object)
    found = public(frame, paid, policy=policy, known_on=known_on).adjustments
    values = {name: _plain(found[column]) for name, column in COLUMNS.items()}
    values["then_status"] = [THEN[one] for one in values["then_status"]]
    rows = [Row(**dict(zip(COLUMNS, row, strict=True))) for row in zip(*values.values(), strict=True)]
    assert [row.adjustment_fen for row in rows] == found["adjustment_fen"].tolist()
    assert [row.kind for row in rows] == _plain(found["kind"])
    return rows


def _plain(column: pd.Series[Any]) -> list[Any]:
    values = column.astype(object)
    return list(values.where(values.notna(), None))


def same(
    policy: Policy, claims: Sequence[Record], payments: Sequence[Record], known_on: date | None = None
) -> list[Row]:
    """Recalculate both ways; every row must be alike."""
    found = recalculate(policy, claims, payments, known_on)
    expected = recalculated(policy, claims, payments, known_on)
    assert len(found) == len(expected)
    for place, (row, wanted) in enumerate(zip(found, expected, strict=True)):
        assert as_public(row) == as_public(wanted), f"row {place}"
    return found


def as_public(row: Row) -> Row:
    """Leave out what the public frame doesn't tell: why it wasn't payable *then*."""
    return row if row.then_status in {None, "payable"} else replace(row, then_status="not payable")


# -- equal to the reference --------------------------------------------------------------


@pytest.mark.parametrize("name", hand.CASES)
def test_by_hand(name: str) -> None:
    policy, claims, payments, expected = hand.CASES[name]
    found = [(row.paid_fen, row.due_fen, row.cause) for row in same(policy, claims, payments)]
    assert found == [(fen_from_yuan(paid), fen_from_yuan(due), cause) for paid, due, cause in expected]


@FEW
@given(worlds(), KNOWN)
def test_by_chance(world: World, known_on: date | None) -> None:
    rows = same(*world, known_on)
    sums_agree(rows, world)
    causes_agree(rows)


# -- all small worlds --------------------------------------------------------------------

UNLISTED = [{"id": "ordinary", "at_most": 1, "per": "calendar_year", "except": ["shortage"]}]
LISTED = [{"id": "listed", "at_most": 1, "per": "lifetime", "requires": ["shortage"]}]
POLICIES: dict[str, Policy] = {
    "nothing asked": hand.town(),
    "lists and levels late": hand.town(
        lower_after_higher="allow", late_listing="keep", uplift_of_october="0.40", closes=True
    ),
    "limit for what isn't listed": hand.town(limits=UNLISTED),
    "limit for what is listed": hand.town(late_listing="keep", limits=LISTED),
}
KINDS = ((hand.X, "5"), (hand.X, "4"), (hand.Y, "5"), (hand.W, "5"), (hand.X, "?"))
SOME_WAYS = (
    "none",
    "right",
    "too little",
    "twice",
    "taken back",
    "taken back and paid again",
    "nothing but taken back",
)


def all_small_worlds() -> Iterator[tuple[list[Record], list[Record]]]:
    """Give every person with two claims of these kinds, of one certificate or two, each paid in one of these ways.

    The second claim was applied for later and paid first.
    """
    number = 0
    for *kinds, certificates in product(KINDS, KINDS, ("AA", "AB")):
        for ways in product(SOME_WAYS, SOME_WAYS):
            claims: list[Record] = []
            payments: list[Record] = []
            days = ((date(2023, 2, 10), date(2023, 6, 1)), (date(2023, 2, 20), date(2023, 3, 1)))
            for place, ((code, level), way, (applied, day)) in enumerate(zip(kinds, ways, days, strict=True)):
                name = f"{number}-{place}"
                own = {"person_id": f"P{number}", "certificate_no": certificates[place] + str(number)}
                claims.append(hand.claim(name, code, level, applied.isoformat(), **own))
                payments += [
                    hand.paid(name, format_yuan(fen), on.isoformat(), state)
                    for fen, on, state in paid_by(way, 100_000, day, date(2023, 7, 1))
                ]
            number += 1
            yield claims, payments


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", POLICIES)
def test_all_small_worlds(name: str) -> None:
    every = list(all_small_worlds())
    assert len(every) == len(KINDS) ** 2 * 2 * len(SOME_WAYS) ** 2 == 2_450
    claims, payments = ([one for world in every for one in world[place]] for place in (0, 1))
    claims = [claims[place] for place in np.random.default_rng(1).permutation(len(claims))]
    rows = same(POLICIES[name], claims, payments)
    causes = Counter(row.cause for row in rows)
    assert {None, "undetermined", "became_unpayable", "paid_amount_wrong", "not_paid_yet"} <= set(causes)
    assert {row.reason for row in rows} >= {"certificate_already_paid", "same_level_already_paid", "bad_level"}


# -- the laws ----------------------------------------------------------------------------


BOTH = pytest.mark.parametrize("how", [recalculate, recalculated], ids=["columns", "reference"])
LAWS = settings(moderate(40), deadline=None, suppress_health_check=list(HealthCheck))


@BOTH
@LAWS
@given(world=worlds())
def test_booked_adjustments_leave_nothing(how: Recalculate, world: World) -> None:
    assume(booking_leaves_nothing(how, world))


@BOTH
def test_booked_adjustments_leave_nothing_where_a_late_list_is_kept_out(how: Recalculate) -> None:
    """Paid 1000, all taken back, then listed: 1300 is due, also once the 1300 is booked."""
    policy = hand.town(late_listing="keep")
    payments = [hand.paid("C1", "1000"), hand.paid("C1", "-1000", "2023-04-01")]
    assert booking_leaves_nothing(how, World(policy, [hand.claim()], payments))


@BOTH
@LAWS
@given(world=worlds(), random=st.randoms(use_true_random=False))
def test_order_of_rows(how: Recalculate, world: World, random: Random) -> None:
    order_says_nothing(how, without_repeated_ids(world), random)


@BOTH
@LAWS
@given(world=worlds())
def test_split_by_person(how: Recalculate, world: World) -> None:
    persons_stand_alone(how, without_repeated_ids(world))


@BOTH
def test_payments_and_no_claims(how: Recalculate) -> None:
    """What is left of a world whose only claim id stood twice."""
    world = World(hand.town(), [], [hand.paid("NOBODY", "12.50")])
    persons_stand_alone(how, world)
    assert [(row.claim_id, row.cause) for row in how(*world, None)] == [("NOBODY", "payment_without_claim")]


@BOTH
@LAWS
@given(world=worlds(), day=st.dates(date(2023, 3, 1), date(2024, 6, 1)))
def test_right_payments(how: Recalculate, world: World, day: date) -> None:
    right_payments_leave_nothing(how, without_repeated_ids(world), day)


# -- in the corners ----------------------------------------------------------------------


def test_order_of_rows_that_differ_in_one_id() -> None:
    """Whether another claim of this person is paid doesn't depend on which of the two rows stands first."""
    rows = [hand.claim("C1", hand.Z), hand.claim("C1", hand.Z, "4"), hand.claim("C2", hand.Z, day="2023-02-20")]
    payments = [hand.paid("C1", "1000")]
    policy = hand.town(lower_after_higher="allow")
    first, second, third = same(policy, rows, payments)
    assert same(policy, [rows[1], rows[0], rows[2]], payments) == [second, first, third]
    assert (first.paid_fen, second.paid_fen) == (0, 100_000)  # level 4 is told before level 5


def test_what_was_not_known_then_is_missing() -> None:
    (row,) = recalculate(hand.town(), [hand.claim(code=hand.W)], [])  # W was in no directory then
    assert (row.base_then_fen, row.uplift_then_fen, row.then_amount_fen) == (None, None, 0)


def test_of_two_that_are_refused_now_neither_stood_in_the_way_then() -> None:
    """One certificate was paid twice, its occupation was struck off since: *then* counts who counts now."""
    two = [hand.claim(name, hand.Z, certificate_no="S") for name in ("C1", "C2")]
    rows = same(hand.town(closes=True), two, [hand.paid("C1", "1000"), hand.paid("C2", "1000", hand.JUNE)])
    assert [(row.cause, row.then_status, row.then_amount_fen) for row in rows] == [
        ("became_unpayable", "payable", 100_000)
    ] * 2


def test_one_certificate_stood_in_the_way_then() -> None:
    """So it was paid wrongly, whatever became of the directory since."""
    two = [hand.claim("C1", hand.X, certificate_no="S"), hand.claim("C2", hand.Z, certificate_no="S")]
    _, row = same(hand.town(closes=True), two, [hand.paid("C1", "1000"), hand.paid("C2", "1000", hand.JUNE)])
    assert (row.cause, row.reason, row.then_status) == ("became_unpayable", "occupation_not_listed", "not payable")


def test_what_was_not_payable_then_had_no_amount() -> None:
    """A limit of none, lifted in October."""
    limits = [{"id": "none", "at_most": 0, "per": "lifetime"}]
    town = hand.town()
    closed = edition("rules-0", hand.FIRST, hand.FIRST, procedure={"limits": limits})
    opened = edition("rules-1", hand.OCTOBER, hand.FIRST)
    policy = replace(town, rules=make_policy(rules=[closed, opened]).rules)
    (row,) = recalculate(policy, [hand.claim(code=hand.Z)], [])
    assert row.cause == "became_payable"
    assert row.then_amount_fen == 0
