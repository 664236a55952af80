"""What was paid for each claim, beside a plain reading of the payments one by one; no wider numbers than needed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from subsidy import Payment
from subsidy.engine.batch.arrays import EMPTY
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.money import Money, claims_of, money_of
from subsidy.engine.recalculation.payments import Payments
from subsidy.model.money import format_yuan
from tests.engine.recalculation import plain

DAY = date(2023, 3, 1).toordinal()
CLAIMS, PAYMENTS = 40, 90


def _payments(seed: int, form: str, kept: int) -> tuple[list[str], Payments]:
    made = np.random.default_rng(seed)
    ids = [form.format(number) for number in made.integers(0, CLAIMS + 8, PAYMENTS)]
    names = pa.array(ids, pa.large_string())
    amount = made.choice(np.array([-40_000, -100, 0, 40_000, 60_000]), PAYMENTS)
    day = (DAY + made.integers(0, 9, PAYMENTS)).astype(np.int32)
    return ids, Payments(
        Texts([names]), Spans(names).hashes() & np.uint64(kept), amount, day, made.random(PAYMENTS) < 0.8
    )


def _day(found: date | None) -> int:
    return EMPTY if found is None else found.toordinal()


@pytest.mark.parametrize("batch", [2, 1 << 16])
@pytest.mark.parametrize("kept", [2**64 - 1, 1 << 63, 0], ids=["alone", "two hashes", "one hash"])
@pytest.mark.parametrize("form", ["C{:03}", "C{}"], ids=["one length", "several lengths"])
@pytest.mark.parametrize("workers", [1, 3])
def test_money_is_what_payments_give_one_by_one(
    workers: int, form: str, kept: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where ids share the first bits of their hashes; a row that money can't belong to gets none."""
    for name in ("batch.arrays", "recalculation.money"):
        monkeypatch.setattr(f"subsidy.engine.{name}.BATCH", batch)
    ids, payments = _payments(workers, form, kept)
    own = pa.array([form.format(row) for row in range(CLAIMS)], pa.large_string())
    serves = np.array([row for row in range(CLAIMS) if row % 7])
    hashes = Spans(own).hashes() & np.uint64(kept)
    claim = claims_of(payments, hashes, serves, Texts([own]), workers)
    by_name = {form.format(row): row for row in serves.tolist()}
    assert claim.tolist() == [by_name.get(one, -1) for one in ids]
    money = money_of(payments, claim, CLAIMS, workers)
    for row in range(CLAIMS):
        expected = plain.money_of(
            Payment.model_validate(
                {"claim_id": "C", "amount": format_yuan(fen), "paid_on": date.fromordinal(day), "state": "paid"}
            )
            for of, fen, day, counts in zip(
                claim, payments.amount.tolist(), payments.day.tolist(), payments.counts, strict=True
            )
            if of == row and counts
        )
        found = tuple(column[row].item() for column in money)
        assert found == (expected.paid, _day(expected.since), _day(expected.first), expected.twice)
    assert [column.dtype for column in money] == [np.int64, np.int32, np.int32, np.bool_]


def test_none_paid_and_nobody_to_pay() -> None:
    none = pa.array([], pa.large_string())
    one = pa.array(["C1"], pa.large_string())
    nothing = Payments(Texts([none]), *(np.empty(0, kind) for kind in (np.uint64, np.int64, np.int32, np.bool_)))
    assert claims_of(nothing, Spans(one).hashes(), np.array([0]), Texts([one]), 1).tolist() == []
    paid = Payments(Texts([one]), Spans(one).hashes(), np.array([1]), np.array([DAY], np.int32), np.array([True]))
    orphans = claims_of(paid, Spans(none).hashes(), np.empty(0, np.int64), Texts([none]), 1)
    assert (orphans.tolist(), orphans.dtype) == ([-1], np.dtype(np.int32))


def test_room_for_money() -> None:
    money = Money.empty(3)
    assert [column.dtype for column in money] == [np.int64, np.int32, np.int32, np.bool_]
    assert {len(column) for column in money} == {3}
    assert not money.twice.any()
    for column in money:
        column[:] = 1
    money.clear(np.array([0, 2]))
    assert [column.tolist() for column in money] == [[0, 1, 0], [-1, 1, -1], [-1, 1, -1], [False, True, False]]
