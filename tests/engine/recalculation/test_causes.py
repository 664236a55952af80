"""The table of causes at all its borders, beside the plain one; of amounts as small as one fen."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from subsidy import Status
from subsidy.engine.recalculation.causes import CAUSES, _causes
from tests.engine.recalculation.plain import _cause


@pytest.mark.parametrize("before", [0, 2])
def test_table_of_causes(before: int) -> None:
    """Each row of the table, asked from the top; places of *then* may start behind others."""
    figures = list(product((-1, 0, 1, 2), (False, True), (False, True), (0, 1), (0, 1), (0, 1, 2), (0, 1, 2)))
    paid, twice, payable, base_then, base, uplift_then, uplift = (np.array(one) for one in zip(*figures, strict=True))
    count = len(figures)
    places = np.arange(count)
    then: Any = SimpleNamespace(
        payable=np.concatenate([np.ones(before, np.bool_), payable]),
        cell=np.concatenate([np.zeros(before, np.int32), places]),
        bases=base_then,
        uplifts=uplift_then,
        amount=lambda part: (base_then + uplift_then)[np.concatenate([np.zeros(before, np.int32), places])[part]],
    )
    grid = SimpleNamespace(base=base, uplift=uplift)
    now: Any = SimpleNamespace(standing=SimpleNamespace(cell=places), law=SimpleNamespace(grid=grid))
    money: Any = SimpleNamespace(paid=paid, twice=twice)
    due = base + uplift
    found = _causes(now, money, due, places, then, slice(before, before + count))
    assert found.dtype == np.int8
    for row in np.flatnonzero(paid != due).tolist():
        if paid[row] < 0:
            assert CAUSES[found[row]] == "paid_amount_wrong"
            continue
        was: Any = SimpleNamespace(
            status=Status.PAYABLE if payable[row] else Status.REFUSED,
            amount_fen=int(base_then[row] + uplift_then[row]),
            base_fen=int(base_then[row]),
            uplift_fen=int(uplift_then[row]),
        )
        own: Any = SimpleNamespace(base_fen=int(base[row]), uplift_fen=int(uplift[row]))
        one: Any = SimpleNamespace(paid=int(paid[row]), twice=bool(twice[row]))
        assert CAUSES[found[row]] == _cause(one, int(due[row]), was, own)
