"""The columns that a recalculation works on: what they hold, in no wider numbers than needed, for memory is dear."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import EMPTY, Array
from subsidy.engine.batch.grid import STATUSES
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.batch.table import ask
from subsidy.engine.recalculation.causes import CAUSES, Due, due_of
from subsidy.engine.recalculation.matched import matched
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.now import Now, decided_now
from subsidy.engine.recalculation.payments import read_payments
from subsidy.engine.recalculation.then import known_days
from subsidy.policy.policy import Policy
from tests.engine.recalculation import hand
from tests.engine.recalculation.plain import recalculated

CLAIMS = [
    hand.claim("C1"),
    hand.claim("C2", hand.Z, day="2023-02-20"),
    hand.claim("C3", hand.Y, level="?"),
    hand.claim("C4", hand.W, day="2023-03-20"),
    hand.claim("C5", hand.Y, day="2022-12-31"),
    hand.claim("C6", hand.Z, "4", day="2023-02-21"),
    hand.claim("C7", hand.X, day="2023-03-01", stream="?", person_id="R"),
    hand.claim("C9", hand.Z, day="2023-04-01", person_id="S"),
    hand.claim("C8", hand.Y, day="2023-04-01", person_id="S"),
]
PAYMENTS = [hand.paid("C1", "1000"), hand.paid("C3", "900", hand.JUNE), hand.paid("C2", "1000", hand.AUGUST)]
PAYMENTS += [hand.paid("C5", "1000", "2023-01-01"), hand.paid("C7", "500", "2023-05-01")]


def settled(policy: Policy) -> tuple[Money, Now, Due]:
    source = source_of_frame(policy, pd.DataFrame(CLAIMS, dtype=object))
    asked = ask(source, None, policy, skip_bad_history=False, workers=1)
    serves: Array = np.ones(len(CLAIMS), np.bool_)
    money, orphans = matched(read_payments(pd.DataFrame(PAYMENTS), 1), asked.gathered.rows, serves, asked.names, 1)
    assert (orphans.tolist(), orphans.dtype) == ([], np.dtype(np.int64))
    now = decided_now(policy, asked, money)
    return money, now, due_of(policy, now, money)


def test_now() -> None:
    """Claims with money first, by the day of money; then the others, by the day of application."""
    _, now, _ = settled(hand.town())
    assert np.argsort(now.kept.turn, kind="stable").tolist() == [4, 0, 6, 2, 1, 5, 3, 7, 8]
    assert now.kept.turn.min() >= 0
    assert now.kept.money.tolist() == [True, True, True, False, True, False, True, False, False]
    assert now.kept.others.tolist() == [2, 6]
    others = {2: "invalid", 4: "undetermined", 6: "invalid"}
    assert [STATUSES[one] for one in now.status] == [others.get(row, "payable") for row in range(9)]
    assert now.keeps.tolist() == [True] * 9
    assert [one.dtype for one in (now.status, now.keeps, now.kept.turn, now.kept.money, now.kept.others)] == [
        np.int8, np.bool_, np.int32, np.bool_, np.int64
    ]  # fmt: skip
    kinds = now.kind_of(np.arange(len(CLAIMS)))
    assert kinds.dtype == np.int32
    named = [now.kinds[kind] for kind in kinds]
    assert [one.level for one in named] == ["5", "5", None, "5", "5", "4", "5", "5", "5"]
    assert [sorted(one.facts) for one in named] == [["shortage"], [], [], [], [], [], ["shortage"], [], []]
    assert [one.stream is None for one in named] == [row == 6 for row in range(9)]
    assert now.kind_of(np.array([5, 2])).tolist() == kinds[[5, 2]].tolist()
    assert len(now.rows.certificate) == 0
    assert now.in_turn(np.array([8, 7])).tolist() == [8, 7]  # of one day by claim id
    turns = now.in_turn(np.array([3]))
    assert (turns.tolist(), turns.dtype) == ([4, 0, 2, 1, 5, 3], np.dtype(np.int64))


def test_due_and_then() -> None:
    for policy in (hand.town(), hand.town(late_listing="keep"), hand.town(closes=True)):
        money, _, due = settled(policy)
        expected = recalculated(policy, CLAIMS, PAYMENTS)
        assert due.due.tolist() == [row.due_fen for row in expected]
        assert [None if one < 0 else CAUSES[one] for one in due.cause] == [row.cause for row in expected]
        differs = {
            row
            for row, one in enumerate(expected)
            if one.due_fen != one.paid_fen and one.status in {"payable", "refused"}
        }
        assert set(due.asked.tolist()) == {
            row for row in differs if not (money.paid[row] <= 0 and expected[row].due_fen == 0)
        }
        columns = (due.due, due.cause, due.asked, due.then.payable, due.then.cell, due.then.period, *due.then.editions)
        assert [one.dtype for one in columns] == [
            np.int64, np.int8, np.int32, np.bool_, np.int32, np.int32, *[np.int16] * 4
        ]  # fmt: skip
        assert {one.dtype for one in (due.then.bases, due.then.uplifts, due.then.amounts)} == {np.dtype(np.int64)}
        assert due.then.amount().tolist() == due.then.amounts[due.then.cell].tolist()


def test_nothing_to_settle() -> None:
    policy = hand.town()
    source = source_of_frame(policy, pd.DataFrame([], columns=list(CLAIMS[0])))
    now = decided_now(policy, ask(source, None, policy, skip_bad_history=False, workers=1), Money.empty(0))
    due = due_of(policy, now, Money.empty(0))
    assert [len(one) for one in (due.due, due.cause, due.asked, due.then.payable)] == [0] * 4
    assert {one.dtype for one in due.then.editions} == {np.dtype(np.int16)}


def test_days_on_which_something_became_known() -> None:
    """Behind a day before all of them: of that day nothing was known."""
    days = [date.fromisoformat(one) for one in ("2022-12-31", hand.FIRST, hand.MAY, hand.OCTOBER)]
    assert known_days(hand.town().editions) == days
    assert known_days([]) == [date.min]
    assert date.min.toordinal() > EMPTY
