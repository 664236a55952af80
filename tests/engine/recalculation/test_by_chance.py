"""Any policy, claims and payments: the columns give what design section 6 gives claim by claim; and its laws hold."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from subsidy import Policy, recalculate
from subsidy.engine.recalculation.causes import Cause
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.plain import Row, recalculated
from tests.engine.recalculation.worlds import Item, any_world, as_model, frame_of, late_world, rows_of


def compared(policy: Policy, claims: list[Item], payments: list[Item], known_on: date | None = None) -> list[Row]:
    expected = recalculated(policy, claims, as_model(payments), known_on)
    found = recalculate(pd.DataFrame(claims, dtype=object), frame_of(payments), policy=policy, known_on=known_on)
    rows = rows_of(found.adjustments)
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected, strict=True):
        assert row == wanted
    assert (found.adjustments["adjustment_fen"] == found.adjustments["due_fen"] - found.adjustments["paid_fen"]).all()
    return rows


@pytest.mark.parametrize("seed", range(100))
def test_small_worlds(seed: int) -> None:
    """Few claims of few persons."""
    pick = seeded(seed)
    policy, claims, payments = any_world(pick, pick((1, 3, 8, 20)))
    compared(policy, claims, payments, pick((None, None, date(2023, 9, 1))))


@pytest.mark.parametrize("seed", range(6))
def test_many_persons(seed: int) -> None:
    """So many that they are decided side by side."""
    pick = seeded(7000 + seed)
    policy, claims, payments = any_world(pick, 300, persons=40)
    compared(policy, claims, payments)


@pytest.mark.parametrize("seed", range(100))
def test_late_texts(seed: int) -> None:
    """Lists, rates and rules that govern backwards, and payments that mostly were right on their day."""
    pick = seeded(9000 + seed)
    policy, claims, payments = late_world(pick, pick((1, 3, 8, 20)))
    compared(policy, claims, payments, pick((None, None, date(2023, 12, 1))))


@pytest.mark.unmeasured
def test_chance_meets_every_cause() -> None:
    """The worlds above are worth something only if each cause occurs in them."""
    met = set()
    for seed in range(9000, 9250):
        policy, claims, payments = late_world(seeded(seed), 8)
        met |= {row.cause for row in recalculated(policy, claims, as_model(payments))}
    assert met >= {str(cause) for cause in Cause if cause is not Cause.UNDETERMINED}  # the other worlds have it
