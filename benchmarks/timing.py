"""Timing that a shared machine can't fool too much: interleaved rounds, best and median of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

ROUNDS = 9
BATCH_ROUNDS = 5


class Timed(NamedTuple):
    """Seconds a call: the best round and the median of the rounds."""

    best: float
    median: float


def side_by_side(works: Mapping[str, Callable[[], object]], *, seconds: float = 0.2) -> dict[str, Timed]:
    """Time works in turn, round by round, so that a slow moment of the machine falls on all of them."""
    calls = {name: _calls_for(work, seconds) for name, work in works.items()}
    rounds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            rounds[name].append(_per_call(work, calls[name]))
    return {name: Timed(min(times), median(times)) for name, times in rounds.items()}


def in_turn(
    works: Mapping[str, Callable[[], object]], *, rounds: int = BATCH_ROUNDS, alone: bool = False
) -> dict[str, Timed]:
    """Time works that take long, round by round: one call a round, or as many as make a tenth of a second.

    Each is called once before, uncounted; what the last one left behind is cleared away before the clock starts.
    Where they are to be timed `alone`, each counted call follows one of the same work that isn't counted: else a work
    that needs little memory lives on what a greedy one has just paid for and given back, and the greedy one doesn't.
    """
    calls = {name: _calls_after_one(work) for name, work in works.items()}
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            if alone:
                work()
            gc.collect()
            spent[name].append(_per_call(work, calls[name]))
    return {name: Timed(min(times), median(times)) for name, times in spent.items()}


def _calls_after_one(work: Callable[[], object]) -> int:
    once = _per_call(work, 1)  # whatever is loaded or worked out once doesn't count
    return 1 if once > 1 else max(1, int(0.1 / _per_call(work, 1)))


def _per_call(work: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def _calls_for(work: Callable[[], object], seconds: float) -> int:
    work()  # whatever is loaded or worked out once doesn't count
    return max(1, int(seconds / max(_per_call(work, 3), 1e-9)))
