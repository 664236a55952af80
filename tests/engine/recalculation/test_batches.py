"""However rows are batched and shared among threads: the same adjustments, differences and id of the run."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from subsidy import compare, recalculate
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.plain import recalculated
from tests.engine.recalculation.worlds import any_world, as_model, frame_of, late_policy, late_world, rows_of

MODULES = ("adjustments", "causes", "matched", "money", "payments", "runs", "shown", "then")
InTwos = Callable[[], None]


@pytest.fixture
def in_twos(monkeypatch: pytest.MonkeyPatch) -> InTwos:
    """Make batches of two rows, and threads for any number of them."""

    def patch() -> None:
        for name in MODULES:
            monkeypatch.setattr(f"subsidy.engine.recalculation.{name}.BATCH", 2)
        monkeypatch.setattr("subsidy.engine.batch.arrays.BATCH", 2)
        monkeypatch.setattr("subsidy.engine.batch.arrays._FEW", 0)

    return patch


@pytest.mark.parametrize(("seed", "workers"), [(9001, 1), (9001, 3), (7, 1), (3, 3)])
def test_adjustments(seed: int, workers: int, in_twos: InTwos) -> None:
    """Nor does it matter whether payments lie as whole numbers in one piece of memory."""
    policy, claims, payments = (late_world if seed > 9000 else any_world)(seeded(seed), 19)
    frame, paid = pd.DataFrame(claims, dtype=object), frame_of(payments)
    whole = recalculate(frame, paid, policy=policy, workers=1)
    in_twos()
    parts = recalculate(frame, paid.convert_dtypes(), policy=policy, workers=workers)
    assert list(parts.adjustments) == list(whole.adjustments)
    for name, column in whole.adjustments.items():
        pd.testing.assert_series_equal(parts.adjustments[name], column, check_category_order=False)
    assert parts.run_id == whole.run_id
    assert rows_of(parts.adjustments) == recalculated(policy, claims, as_model(payments))


@pytest.mark.parametrize("workers", [1, 3])
def test_differences(workers: int, in_twos: InTwos) -> None:
    pick = seeded(9003)
    policy, claims, _ = late_world(pick, 19)
    other, frame = late_policy(pick), pd.DataFrame(claims, dtype=object)
    whole = compare(frame, policy, other, workers=1).differences
    in_twos()
    pd.testing.assert_frame_equal(compare(frame, policy, other, workers=workers).differences, whole)
