"""Payments matched and summed by compiled loops beside the same by arrays, also where ids share the bits of a hash."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.reading import Rows
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.matched import matched
from subsidy.engine.recalculation.payments import Payments

pytest.importorskip("numba")

ALL = 2**64 - 1
CLAIMS, PAYMENTS = 400, 700


def _texts(ids: list[str | None], kept: int) -> tuple[Texts, Array]:
    array = pa.array(ids, pa.large_string())
    return Texts([array]), Spans(array).hashes() & np.uint64(kept)


@pytest.mark.parametrize("kept", [ALL, 0x3FF << 54, 0x7F << 57, 0xFFFF, 0], ids=hex)
@pytest.mark.parametrize("form", ["{:04}", "C{:07}", "SQ2023{:09}", "SQ2023-{:09}-A-{:04}", "{}"])
@pytest.mark.parametrize("several", [False, True], ids=["mostly one each", "several each"])
def test_loops_give_what_arrays_give(kept: int, form: str, several: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made = np.random.default_rng(len(form) + several)
    ids = [form.format(number, number) for number in range(CLAIMS + 50)]
    own: list[str | None] = [*ids[:CLAIMS]]
    serves = made.random(CLAIMS) < 0.98
    for row in made.integers(0, CLAIMS, 8).tolist():
        own[row], serves[row] = None, False
    names, hashes = _texts(own, kept)
    some = made.integers(0, len(ids), PAYMENTS) if several else made.permutation(len(ids))[: CLAIMS - 100]
    paid_for, paid_hashes = _texts([ids[number] for number in some], kept)
    amount = made.choice(np.array([-40_000, 0, 40_000, 60_000, 2**40]), len(some))
    day = made.integers(738_000, 738_030, len(some)).astype(np.int32)
    payments = Payments(paid_for, paid_hashes, amount, day, made.random(len(some)) < 0.9)

    found = []
    for switch, workers, spend in (("never", 1, False), ("always", 1, False), ("always", 2, True)):
        monkeypatch.setenv(SWITCH, switch)
        rows, handed = Rows(CLAIMS, 0), replace(payments)
        rows.name = hashes
        money, orphans = matched(handed, rows, serves, names, workers, spend=spend)
        assert (len(rows.name), len(handed.hashes)) == ((0, 0) if spend else (CLAIMS, len(some)))
        assert handed.take(orphans).names.all.equals(payments.take(orphans).names.all)
        found.append([*money, orphans])
    for other in found[1:]:
        for one, column in zip(found[0], other, strict=True):
            assert np.array_equal(one, column)
    assert len(found[0][-1]) > 0
    assert found[0][3].any() == several
