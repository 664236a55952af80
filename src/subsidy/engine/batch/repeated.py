"""Claim ids that stand in several rows. Hashes only propose: texts are compared before anything is said of a row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array, in_threads

__all__ = ["repeated_ids"]

_MOST_SLICES = 8
_FILTER_BITS = 20


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
    suspects = np.concatenate(in_threads(lambda part: _equal(hashes, part, bits), range(1 << bits), workers))
    if not len(suspects):
        return []
    rows = _rows_with(hashes, np.sort(suspects), bits)
    groups: dict[str, list[int]] = {}
    for row, name in zip(rows.tolist(), names(rows).to_pylist(), strict=True):
        if name is not None:
            groups.setdefault(name, []).append(row)
    return [np.array(group) for group in groups.values() if len(group) > 1]


def _equal(hashes: Array, part: int, bits: int) -> Array:
    """Give the first bits of the hashes of one share that occur several times: those of the share, and 32 more.

    Numbers of 32 bits sort twice as fast as those of 64, and few ids share so many by chance.
    """
    own = hashes[(hashes >> np.uint64(64 - bits)) == part] if bits else hashes
    own = (own >> np.uint64(32 - bits)).astype(np.uint32)
    own.sort()
    return np.unique(own[1:][own[1:] == own[:-1]]).astype(np.uint64) | np.uint64(part << 32)


def _rows_with(hashes: Array, wanted: Array, bits: int) -> Array:
    """Give the rows whose hash starts with one of some numbers; most rows are ruled out by its very first bits."""
    shift = np.uint64(64 - _FILTER_BITS)
    possible = np.zeros(1 << _FILTER_BITS, np.bool_)
    possible[(wanted >> np.uint64(32 + bits - _FILTER_BITS)).astype(np.int64)] = True
    rows = np.flatnonzero(possible.take((hashes >> shift).view(np.int64)))
    starts = hashes.take(rows) >> np.uint64(32 - bits)
    places = np.minimum(np.searchsorted(wanted, starts), len(wanted) - 1)
    return rows[wanted.take(places) == starts]
