"""Claim ids that stand in several rows. Hashes only propose: texts are compared before anything is said of a row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import BATCH, Array, in_threads

__all__ = ["repeated_ids"]

_MOST_SLICES = 8
_FILTER_BITS = 20
_FILTER_SHIFT = np.uint32(32 - _FILTER_BITS)


def repeated_ids(hashes: Array, names: Callable[[Array], pa.Array], workers: int) -> list[Array]:
    """Give the rows of each id that several rows have, each group in the order of its rows.

    Parameters
    ----------
    hashes : uint64 array
        Of the id of each row.
    names : callable
        Gives the ids of some rows, null where there is none.
    workers : int
        Threads.
    """
    bits = min(workers - 1, _MOST_SLICES - 1).bit_length()
    heads = np.empty(len(hashes), np.uint32)
    parts = [slice(start, start + BATCH) for start in range(0, len(hashes), BATCH)]

    def cut(part: slice) -> None:
        heads[part] = hashes[part] >> np.uint64(32)

    in_threads(cut, parts, workers)
    suspects = np.concatenate(in_threads(lambda part: _equal(heads, part, bits), range(1 << bits), workers))
    if not len(suspects):
        return []
    suspects.sort()
    possible = np.zeros(1 << _FILTER_BITS, np.bool_)
    possible[suspects >> _FILTER_SHIFT] = True
    found = in_threads(lambda part: _rows_with(heads[part], suspects, possible) + part.start, parts, workers)
    rows = np.concatenate(found)
    groups: dict[str, list[int]] = {}
    for row, name in zip(rows.tolist(), names(rows).to_pylist(), strict=True):
        if name is not None:
            groups.setdefault(name, []).append(row)
    return [np.array(group) for group in groups.values() if len(group) > 1]


def _equal(heads: Array, part: int, bits: int) -> Array:
    """Give the halves of hashes, of one share by their first bits, that occur several times.

    Numbers of 32 bits sort twice as fast as those of 64, and few ids share so many by chance.
    """
    own = heads[heads >> np.uint32(32 - bits) == part] if bits else heads.copy()
    own.sort()
    return np.unique(own[1:][own[1:] == own[:-1]])


def _rows_with(heads: Array, wanted: Array, possible: Array) -> Array:
    """Give the places of some numbers; most are ruled out by their first bits."""
    rows = np.flatnonzero(possible.take(heads >> _FILTER_SHIFT))
    own = heads.take(rows)
    places = np.minimum(np.searchsorted(wanted, own), len(wanted) - 1)
    return rows[wanted.take(places) == own]
