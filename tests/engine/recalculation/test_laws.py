"""The laws of design section 6 that hold whatever the policy, the claims and the payments are."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pytest

from subsidy import Policy, Recalculation, assess_frame, recalculate
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.worlds import Item, any_world, frame_of, late_world, rows_of

AFTER_ALL = date(2030, 1, 1)


@cache
def worlds(seed: int) -> tuple[Policy, pd.DataFrame, pd.DataFrame]:
    """Give a world, the same one to every law: they look at it and leave it as it is."""
    pick = seeded(seed)
    policy, claims, payments = (any_world if seed % 2 else late_world)(pick, pick((3, 10, 25)))
    return policy, _frame(claims), frame_of(payments)


@cache
def recalculated(seed: int) -> Recalculation:
    policy, claims, payments = worlds(seed)
    return recalculate(claims, payments, policy=policy)


@cache
def told_apart(seed: int) -> tuple[pd.DataFrame, Recalculation]:
    """Leave out claims of one id that differ: whose of them the money is can't be told."""
    policy, claims, payments = worlds(seed)
    repeated = claims["claim_id"].duplicated(keep=False)
    if not repeated.any():
        return claims, recalculated(seed)
    alone = claims[~repeated].reset_index(drop=True)
    return alone, recalculate(alone, payments, policy=policy)


def _frame(claims: list[Item]) -> pd.DataFrame:
    return pd.DataFrame(claims, dtype=object)


def _booked(payments: pd.DataFrame, found: Recalculation, on: date) -> pd.DataFrame:
    booked = found.booked(on)
    return pd.concat([payments.assign(paid_on=pd.to_datetime(payments["paid_on"])), booked], ignore_index=True)


@pytest.mark.parametrize("seed", range(60))
def test_adjustments_are_what_is_due_less_what_was_paid(seed: int) -> None:
    """sum(due) - sum(paid) = sum(adjustment); and every fen that counts stands in one row."""
    _, claims, payments = worlds(seed)
    found = recalculated(seed)
    frame = found.adjustments
    assert frame["due_fen"].sum() - frame["paid_fen"].sum() == frame["adjustment_fen"].sum()
    counts = payments["state"].isna() | payments["state"].isin(["paid", "已发放"])
    assert frame["paid_fen"].sum() == payments.loc[counts, "amount_fen"].sum()
    assert len(frame) - len(claims) == (frame["cause"] == "payment_without_claim").sum()
    assert set(frame["claim_id"].dropna()) >= set(payments["claim_id"])
    for by in ("cause", "month", "level", "occupation", "reason"):
        totals = found.totals(by)
        assert totals["adjustment_fen"].sum() == frame["adjustment_fen"].sum()
        assert totals["claims"].sum() == len(frame)
        assert (totals["top_up_fen"] - totals["recovery_fen"] == totals["adjustment_fen"]).all()


@pytest.mark.parametrize("seed", range(120))
def test_booked_adjustments_leave_nothing(seed: int) -> None:
    """Where every payable amount is above zero: a claim payable at 0.00 uses up, but never has money."""
    policy, claims, payments = worlds(seed)
    found = recalculated(seed)
    if ((found.adjustments["status"] == "payable") & (found.adjustments["due_fen"] == 0)).any():
        return
    again = recalculate(claims, _booked(payments, found, AFTER_ALL), policy=policy)
    assert (again.adjustments["adjustment_fen"] == 0).all()
    assert again.adjustments["due_fen"].tolist() == found.adjustments["due_fen"].tolist()
    assert not len(again.booked(AFTER_ALL))


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_rows_says_nothing(seed: int) -> None:
    """Nor of the run's id."""
    policy, _, payments = worlds(seed)
    claims, found = told_apart(seed)
    shuffled = np.random.default_rng(seed).permutation(len(claims))
    again = recalculate(claims.iloc[shuffled], payments.iloc[::-1], policy=policy)
    back = np.argsort(shuffled)
    rows, more = rows_of(again.adjustments), len(claims)
    assert [rows[place] for place in back] + rows[more:] == rows_of(found.adjustments)
    assert again.run_id == found.run_id


@pytest.mark.parametrize("seed", range(60))
def test_persons_can_be_taken_apart(seed: int) -> None:
    policy, _, payments = worlds(seed)
    claims, found = told_apart(seed)
    whole = dict(zip(claims["claim_id"], rows_of(found.adjustments), strict=False))
    for _, some in claims.groupby("person_id", dropna=False):
        paid = payments[payments["claim_id"].isin(some["claim_id"])]
        for row in rows_of(recalculate(some, paid, policy=policy).adjustments):
            assert row.claim_id is None or row == whole[row.claim_id]


@pytest.mark.parametrize("seed", range(40))
def test_what_was_paid_rightly_needs_nothing_by_what_was_known_then(seed: int) -> None:
    """`known_on` the day of the payments: no adjustment, and nothing but what can't be decided has a cause."""
    pick = seeded(seed)
    policy, claims, _ = late_world(pick, 12)
    frame, day = _frame(claims), date(2023, 9, 20) + timedelta(days=pick(range(200)))
    decided = assess_frame(frame, policy=policy.as_known_on(day))
    paid = pd.DataFrame(
        {"claim_id": frame["claim_id"], "amount_fen": decided["amount_fen"], "paid_on": pd.Timestamp(day)}
    )
    found = recalculate(frame, paid[decided["status"] == "payable"], policy=policy, known_on=day)
    assert (found.adjustments["adjustment_fen"] == 0).all()
    assert set(found.adjustments["cause"].dropna()) <= {"undetermined"}


@pytest.mark.parametrize("seed", range(40))
def test_what_was_published_since_explains_what_differs(seed: int) -> None:
    """Paid rightly by what was known: a difference now never says that the payment was wrong.

    Not so where a limit asks for facts: *then* counts the earlier claims with their facts as they are now.
    """
    pick = seeded(500 + seed)
    policy, claims, _ = late_world(pick, 12)
    if any(limit.except_ for edition in policy.rules for limit in edition.procedure.limits):
        return
    frame, day = _frame(claims), date(2023, 9, 20) + timedelta(days=pick(range(200)))
    decided = assess_frame(frame, policy=policy.as_known_on(day))
    paid = pd.DataFrame(
        {"claim_id": frame["claim_id"], "amount_fen": decided["amount_fen"], "paid_on": pd.Timestamp(day)}
    )
    found = recalculate(frame, paid[decided["amount_fen"] > 0], policy=policy)
    assert not set(found.adjustments["cause"].dropna()) & {"paid_amount_wrong", "paid_twice", "payment_without_claim"}
