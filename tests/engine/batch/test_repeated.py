"""Claim ids that stand in several rows, however weak the hashes are that propose them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from subsidy.engine.batch import repeated as module
from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.repeated import repeated_ids


def plainly(names: list[str | None]) -> list[list[int]]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None:
            rows.setdefault(name, []).append(row)
    return sorted(one for one in rows.values() if len(one) > 1)


def found(names: list[str | None], hashes: Array, workers: int) -> list[list[int]]:
    column = pa.array(names, pa.string())
    return sorted(one.tolist() for one in repeated_ids(hashes, lambda rows: column.take(pa.array(rows)), workers))


# From what is shared by almost no two ids to what is shared by all.
KEPT = [2**64 - 1, 0xFFFF_FFFF, 0xFF00_0000_0000_0000, 0x1111_1111_0000_0000, 0x3_0000_0000, 0]


@pytest.mark.parametrize("kept", KEPT, ids=hex)
@pytest.mark.parametrize("batch", [4, 10, 1000])
def test_every_group_and_nothing_else(kept: int, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", batch)
    for workers in (1, 2, 3, 5, 99):
        rng = np.random.default_rng(workers)
        for rows in (1, 2, 3, 10, 60):
            numbers = rng.integers(0, rows, rows)
            names = [None if number % 7 == 6 else f"C{number}" for number in numbers]
            strong = rng.integers(0, 2**64, rows + 1, np.uint64)
            assert found(names, strong[numbers] & np.uint64(kept), workers) == plainly(names)


def test_ids_with_the_least_and_the_greatest_hash() -> None:
    hashes = np.array([0, 2**64 - 1, 5 << 32, 0, 2**64 - 1, 6 << 32], np.uint64)
    for workers in (1, 2, 8):
        assert found(["a", "b", "c", "a", "b", "d"], hashes, workers) == [[0, 3], [1, 4]]


def test_no_rows_and_no_groups() -> None:
    assert found([], np.empty(0, np.uint64), 2) == []
    assert found(["a", "b"], np.array([1 << 40, 2 << 40], np.uint64), 1) == []


def test_of_a_hash_that_many_share_the_half_is_given_once() -> None:
    heads = np.array([9, 3, 9, 9, 4, 3, 1 << 31], np.uint32)
    assert module._equal(heads, 0, 0).tolist() == [3, 9]
    assert module._equal(heads, 0, 1).tolist() == [3, 9]
    assert module._equal(np.concatenate([heads, heads]), 1, 1).tolist() == [1 << 31]
    assert heads.tolist() == [9, 3, 9, 9, 4, 3, 1 << 31]
