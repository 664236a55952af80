"""Ours alone: what a row costs from a thousand rows to many millions, and what a person with many claims costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks import claims_made
from benchmarks.batch import say
from benchmarks.timing import in_turn
from subsidy import load_policy
from subsidy.engine.batch.frame import assess_frame

__all__ = ["run"]

SIZES = (1_000, 10_000, 100_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000)
ONE_PERSON = (1_000, 10_000, 100_000)
_BYTES_A_ROW = 400  # of a frame and of deciding it; the frames are all held at once


def run(most: int) -> None:
    """Time frames of all sizes in turn, up to `most` rows and what memory holds."""
    free = _free()
    sizes = [size for size in SIZES if size <= most]
    while free is not None and len(sizes) > 1 and sum(sizes) * _BYTES_A_ROW > free:
        print(f"\n{sizes.pop():,} rows: left out, only {free / 2**30:.1f} GiB of memory are free")
    say("making frames of " + ", ".join(f"{size:,}" for size in sizes))
    _table("Rows", "rows", {size: claims_made.frame(size) for size in sizes})
    _table(
        "One person",
        "claims of one person",
        {size: claims_made.one_person(size) for size in ONE_PERSON if size <= most},
    )


def _table(title: str, what: str, frames: dict[int, pd.DataFrame]) -> None:
    policy = load_policy()
    works: dict[str, Callable[[], object]] = {
        f"{size:,}": lambda claims=claims: assess_frame(claims, policy=policy)  # type: ignore[misc]
        for size, claims in frames.items()
    }
    say("timing: " + ", ".join(works))
    timed = in_turn(works)
    print(f"\n### {title}\n\n| {what} | best, ms | median, ms | median, rows/s | median, ns a row |")
    print("|---:|---:|---:|---:|---:|")
    for size in frames:
        best, middle = (seconds * 1e3 for seconds in timed[f"{size:,}"])
        print(f"| {size:,} | {best:,.1f} | {middle:,.1f} | {size / middle * 1e3:,.0f} | {middle / size * 1e6:,.0f} |")


def _free() -> int | None:
    """Give how many bytes of memory are free, where that can be read."""
    info = Path("/proc/meminfo")
    if not info.exists():
        return None
    lines = dict(line.split(":", 1) for line in info.read_text(encoding="utf-8").splitlines())
    return int(lines["MemAvailable"].split()[0]) * 2**10
