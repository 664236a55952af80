"""Claims person by person, as large files are read, give the rows that all of them give at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from subsidy import recalculate
from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.recalculation.compared import compared, compared_part
from subsidy.engine.recalculation.payments import read_payments
from subsidy.engine.recalculation.recalculate import orphans_of, recalculated_part
from subsidy.engine.recalculation.runs import Run, payments_read
from tests.engine.recalculation import hand
from tests.engine.recalculation.worlds import rows_of

POLICY = hand.town()
CLAIMS = [
    hand.claim("C1"),
    hand.claim("C1", hand.Z, person_id="Q"),  # another person's claim has its id, so that neither can be used
    hand.claim("C2", hand.Z, day="2023-02-20"),
    hand.claim("C3", hand.Z, person_id="Q"),
]
PAYMENTS = pd.DataFrame([hand.paid("C1", "900"), hand.paid("C3", "1000"), hand.paid("C9", "7")])
# By person: the rows, of them those that repeat an id, of those the ones that money counts for.
PARTS: list[tuple[list[int], list[int], list[int]]] = [([0, 2], [0], [0]), ([1, 3], [0], [])]


def _frame(rows: list[int]) -> pd.DataFrame:
    return pd.DataFrame([CLAIMS[row] for row in rows], dtype=object)


@pytest.mark.parametrize("whole", [False, True])
def test_adjustments_by_person(whole: bool) -> None:
    """The payments serve every part; those of no claim in any part are told once."""
    once = recalculate(_frame([0, 1, 2, 3]), PAYMENTS, policy=POLICY, whole_person_ids=whole)
    expected, payments = rows_of(once.adjustments), read_payments(PAYMENTS, 1)
    run, left = payments_read(payments, 1), np.arange(len(PAYMENTS))
    for rows, repeated, owners in PARTS:
        marks: tuple[Array, Array] = np.array(repeated, np.int64), np.array(owners, np.int64)
        part = recalculated_part(
            POLICY,
            source_of_frame(POLICY, _frame(rows)),
            payments,
            whole_person_ids=whole,
            workers=1,
            repeated=marks[0],
            owners=marks[1],
        )
        assert rows_of(part.adjustments) == [expected[row] for row in rows]
        assert part.adjustments["person_id"].tolist() == once.adjustments["person_id"].iloc[rows].tolist()
        left = np.intersect1d(left, part.orphans)
        run = run.plus(part.run)
    assert run.id(POLICY) == once.run_id
    assert run != Run()
    nobody = recalculated_part(
        POLICY, source_of_frame(POLICY, _frame([0])[:0]), payments.take(left), whole_person_ids=whole, workers=1
    )
    assert rows_of(orphans_of(nobody, payments.take(left))) == expected[len(CLAIMS) :]


def test_some_columns_of_a_part() -> None:
    source = source_of_frame(POLICY, _frame([2]))
    part = recalculated_part(
        POLICY, source, read_payments(PAYMENTS, 1), whole_person_ids=False, workers=1, columns=("cause", "paid_fen")
    )
    assert list(part.adjustments) == ["cause", "paid_fen"]


def test_differences_by_person() -> None:
    other = hand.town(closes=True)
    once = compared(_frame([0, 1, 2, 3]), POLICY, other)
    for rows, repeated, _ in PARTS:
        marks: Array = np.array(repeated, np.int64)
        one, two = (source_of_frame(policy, _frame(rows)) for policy in (POLICY, other))
        part = compared_part(one, two, POLICY, other, workers=1, repeated=(marks, marks))
        pd.testing.assert_frame_equal(
            part.astype(object), once.iloc[rows].reset_index(drop=True).astype(object), check_dtype=False
        )


def test_several_ids_that_stand_twice() -> None:
    """Money of each belongs to the row that stays, or to the first by what the rows say."""
    claims = [hand.claim(one, hand.Z, level) for one in ("C1", "C2", "C3") for level in "54"]
    claims[1] = dict(claims[0])  # the same once more: the first stays
    paid = pd.DataFrame([hand.paid(one, "1000") for one in ("C1", "C2", "C3")])
    found = recalculate(pd.DataFrame(claims), paid, policy=POLICY).adjustments
    assert found["paid_fen"].tolist() == [100_000, 0, 0, 100_000, 0, 100_000]
