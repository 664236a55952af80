"""The id of a run: other for whatever else was read, the same for the same in another order or in parts."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from subsidy import recalculate
from subsidy.engine.recalculation.runs import Run
from tests.engine.recalculation import hand

CLAIMS = [
    hand.claim("C1")
    | {
        "applied_on": date(2023, 2, 10),
        "certificate_date": date(2023, 2, 10),
        "training_filed_on": date(2023, 1, 5),
        "insured_months": 14,
    },
    hand.claim("C2", hand.Z, "4")
    | {
        "applied_on": date(2023, 2, 20),
        "certificate_date": date(2023, 2, 20),
        "training_filed_on": None,
        "insured_months": 14,
    },
    hand.claim("C3", "?", "4")
    | {
        "applied_on": date(2023, 2, 20),
        "certificate_date": date(2023, 2, 20),
        "training_filed_on": None,
        "insured_months": 14,
    },
]
PAYMENTS = [hand.paid("C1", "1000"), hand.paid("C2", "9", hand.JUNE)]
POLICY = hand.town()


def run(claims: list[hand.Item], payments: list[hand.Item], known_on: date | None = None) -> str:
    return recalculate(
        pd.DataFrame(claims, dtype=object), pd.DataFrame(payments), policy=POLICY, known_on=known_on
    ).run_id


WHOLE = run(CLAIMS, PAYMENTS)
OTHER = {
    "claim_id": "C9", "person_id": "Q", "occupation": hand.Y, "level": "2", "certificate_no": "S9",
    "certificate_date": date(2023, 2, 1), "applied_on": date(2023, 3, 9), "training_filed_on": date(2023, 1, 6),
    "insured_months": 15, "person_id_type": "passport",
}  # fmt: skip


def test_order_says_nothing() -> None:
    assert run(CLAIMS[::-1], PAYMENTS[::-1]) == WHOLE
    assert len(WHOLE) == 16
    assert int(WHOLE, 16)


@pytest.mark.parametrize("field", OTHER)
@pytest.mark.parametrize("row", [0, 1])
def test_another_claim_is_another_run(row: int, field: str) -> None:
    claims = [dict(one) for one in CLAIMS]
    claims[row][field] = OTHER[field]
    assert run(claims, PAYMENTS) != WHOLE


@pytest.mark.parametrize("field", ["claim_id", "amount", "paid_on", "state"])
def test_another_payment_is_another_run(field: str) -> None:
    other = {"claim_id": "C3", "amount": "1000.01", "paid_on": hand.AUGUST, "state": "退票"}
    assert run(CLAIMS, [PAYMENTS[0] | {field: other[field]}, PAYMENTS[1]]) != WHOLE
    assert run(CLAIMS, PAYMENTS[:1]) != WHOLE


def test_what_is_known_is_part_of_it() -> None:
    assert run(CLAIMS, PAYMENTS, date(2023, 9, 1)) not in {WHOLE, run(CLAIMS, PAYMENTS, date(2024, 9, 1))}


def test_values_that_change_places_are_another_run() -> None:
    """Fields are mixed, not added: two days or two persons that swap places don't cancel out."""
    one, other = CLAIMS[:2]
    for field in ("person_id", "certificate_no", "level", "occupation", "applied_on"):
        swapped = [one | {field: OTHER[field]}, other], [one, other | {field: OTHER[field]}]
        assert run(swapped[0], PAYMENTS) != run(swapped[1], PAYMENTS)
    day = timedelta(days=1)
    moved = one | {"applied_on": one["applied_on"] + day, "certificate_date": one["certificate_date"] - day}
    assert run([moved, *CLAIMS[1:]], PAYMENTS) != WHOLE


def test_parts_add_up() -> None:
    top = 2**64 - 1
    assert Run(1, top, 3, 4).plus(Run(10, 2, 30, top)) == Run(11, 1, 33, 3)
    assert Run() == Run(0, 0, 0, 0)
    fingerprint = Run(1, 2, 3, 4).id(POLICY)
    assert fingerprint == Run(1, 2, 3, 4).id(POLICY) != Run(1, 2, 4, 3).id(POLICY)
    assert fingerprint != Run(1, 2, 3, 4).id(hand.town(closes=True))
