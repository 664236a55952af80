"""Timing that a shared machine can't fool too much: interleaved rounds, best and median of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

ROUNDS = 9


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


def _per_call(work: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def _calls_for(work: Callable[[], object], seconds: float) -> int:
    work()  # whatever is loaded or worked out once doesn't count
    return max(1, int(seconds / max(_per_call(work, 3), 1e-9)))
