"""Names for arrays, and the numbers that stand for what is no value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = [
    "BAD",
    "BATCH",
    "EMPTY",
    "NO_FAULT",
    "Array",
    "by_batches",
    "in_threads",
    "keep_blocks",
    "taken",
    "threads_for",
    "workers_of",
]

Array = npt.NDArray[Any]

# Instead of a level, a code, a day and so on; all of those are numbers from 0.
EMPTY: Final = -1
BAD: Final = -2
NO_FAULT: Final = np.iinfo(np.int16).max

BATCH: Final = 1 << 16
"""Rows that are worked on at once, so that their columns fit the processor's memory."""

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def workers_of(asked: int | None) -> int:
    """Give the number of threads to work with; left open: one for each processor."""
    return max(1, asked if asked is not None else cpu_count() or 1)


def threads_for(rows: int, asked: int | None) -> int:
    """Give the number of threads to decide some rows with: one has a few decided before a second has started."""
    return 1 if rows < _FEW else workers_of(asked)


def in_threads(work: Callable[[_In], _Out], items: Iterable[_In], workers: int) -> list[_Out]:
    """Do a work on each item, on several threads where there are several; results in the order of the items.

    Arrays let go of the interpreter while they compute, so threads help.
    """
    listed = list(items)
    if workers == 1 or len(listed) < 2:
        return [work(item) for item in listed]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, listed))


def by_batches(work: Callable[[slice], None], rows: int, workers: int) -> None:
    """Do a work on all rows, a batch at a time, so that what it makes on the way stays small and is used again."""
    in_threads(work, [slice(at, min(at + BATCH, rows)) for at in range(0, rows, BATCH)], workers)


def taken(table: Array, places: Array) -> Array:
    """Take from a small table, a batch at a time: numpy makes eight bytes of each place, and fresh memory is dear."""
    found = np.empty(len(places), table.dtype)
    for at in range(0, len(places), BATCH):
        found[at : at + BATCH] = table.take(places[at : at + BATCH])
    return found


def keep_blocks() -> None:
    """Make the allocator of the C library keep the blocks that the arrays of a batch are made of.

    It keeps up to twice the size of the largest block that was given back (of at most 32 MiB). Else every array of a
    batch is asked of the system anew, page by page, which takes longer than to compute it. The block isn't touched.
    """
    np.empty(_LARGEST_KEPT, np.uint8)


_FEW: Final = 1 << 16
_LARGEST_KEPT: Final = 31 << 20
