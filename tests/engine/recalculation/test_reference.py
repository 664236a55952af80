"""The reference of recalculation itself: by hand, and by the laws of section 6. Then it may judge the columns."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from subsidy.model.money import fen_from_yuan
from tests.engine.batch.chance import seeded
from tests.engine.recalculation import hand, plain
from tests.engine.recalculation.laws import (
    causes_agree,
    sums_agree,
)
from tests.engine.recalculation.reference import Row, recalculated
from tests.engine.recalculation.strategies import KNOWN, World, few_claims, few_payments, retroactive_policy, worlds
from tests.policy.support import moderate

FEW = settings(moderate(40), deadline=None, suppress_health_check=list(HealthCheck))
CAUSES = {
    "payment_without_claim",
    "undetermined",
    "listed_after_payment",
    "became_unpayable",
    "paid_amount_wrong",
    "not_paid_yet",
    "became_payable",
    "paid_twice",
    "base_changed",
    "uplift_gained",
    "uplift_lost",
    "uplift_rate_changed",
    None,
}


# -- by hand -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", hand.CASES)
def test_by_hand(name: str) -> None:
    policy, claims, payments, expected = hand.CASES[name]
    rows = recalculated(policy, claims, payments)
    found = [(row.paid_fen, row.due_fen, row.cause) for row in rows]
    assert found == [(fen_from_yuan(paid), fen_from_yuan(due), cause) for paid, due, cause in expected]


def test_each_cause_was_shown_by_hand() -> None:
    assert {cause for *_, rows in hand.CASES.values() for *_, cause in rows} == CAUSES


def test_what_was_decided_then_by_hand() -> None:
    """The base of July is known since October: on the day of payment 1000 + 300; now 1200 + 360."""
    claims, payments = [hand.claim(day="2023-08-10")], [hand.paid("C1", "1300", hand.AUGUST)]
    (row,) = recalculated(hand.town(), claims, payments)
    assert row == Row(
        "C1", 130_000, 156_000, "base_changed", "payable", None, None, None, "payable", 130_000, 100_000, 30_000
    )
    assert (row.adjustment_fen, row.kind) == (26_000, "top_up")


def test_known_on_an_earlier_day_by_hand() -> None:
    policy, claims, payments, _ = hand.CASES["uplift gained"]
    (row,) = recalculated(policy, claims, payments, date(2023, 3, 1))
    assert (row.due_fen, row.adjustment_fen, row.cause) == (100_000, 0, None)


def test_two_corrections_in_a_row() -> None:
    """Paid 500 and then 50 more; 700 is due: 700 - (500 + 50) = 150, and then nothing."""
    claims = [hand.claim(code=hand.Z, level="2")]
    payments = [hand.paid("C1", "500"), hand.paid("C1", "50", "2023-04-01")]
    (row,) = recalculated(hand.town(), claims, payments)
    assert row.adjustment_fen == 70_000 - (50_000 + 5_000) == 15_000
    payments.append(hand.paid("C1", "150", "2023-05-01"))
    (row,) = recalculated(hand.town(), claims, payments)
    assert (row.adjustment_fen, row.cause) == (0, None)


def test_what_was_pushed_out_says_so() -> None:
    policy, claims, payments, _ = hand.CASES["what becomes payable pushes out none that was paid"]
    first, second = recalculated(policy, claims, payments)
    assert (first.status, first.reason, first.detail) == ("refused", "limit_reached", "yearly")
    assert (second.status, second.kind) == ("payable", "none")
    first, second = recalculated(policy, claims, [])
    assert (first.status, second.reason) == ("payable", "limit_reached")


# -- by chance ---------------------------------------------------------------------------


@FEW
@given(worlds(), KNOWN)
def test_sums_and_causes(world: World, known_on: date | None) -> None:
    rows = recalculated(*world, known_on)
    sums_agree(rows, world)
    causes_agree(rows)


@FEW
@given(worlds(), KNOWN)
def test_the_other_plain_reading_agrees(world: World, known_on: date | None) -> None:
    """Two readings of section 6, one with the ledger of the library and one without."""
    for own, other in zip(recalculated(*world, known_on), plain.recalculated(*world, known_on), strict=True):
        assert tuple(getattr(own, name) for name in other._fields) == tuple(other)


@pytest.mark.unmeasured
def test_chance_meets_every_cause() -> None:
    """The worlds above are worth something only if each cause occurs in them."""
    met: set[str | None] = set()
    for seed in range(200):
        pick = seeded(seed)
        policy, claims = retroactive_policy(pick), few_claims(pick, 6)
        met |= {row.cause for row in recalculated(policy, claims, few_payments(pick, policy, claims))}
    assert met == CAUSES
