"""Run every benchmark and print its table in Markdown; the figures that stand in docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from benchmarks.timing import BATCH_ROUNDS, ROUNDS, Timed

PACKAGES = (
    "subsidy",
    "pydantic",
    "numpy",
    "numba",
    "pandas",
    "pyarrow",
    "duckdb",
    "polars",
    "openfisca-core",
    "zen-engine",
)
PARTS = ("imports", "one", "batch", "recalculation", "scaling", "large")
QUICK, WHOLE, LARGE = 20_000, 10_000_000, 50_000_000
_MORE = 3  # the largest frame of the scaling part, in frames of the batch part


def table(title: str, timed: dict[str, Timed], unit: str, beside: str) -> None:
    """Print one table; the ratio is that of the medians, how many times as long as the row it stands beside."""
    scale = {"us": 1e6, "ms": 1e3}[unit]
    print(f"\n### {title}\n\n| work | best, {unit} | median, {unit} | beside {beside} |\n|---|---:|---:|---:|")
    for name, (best, middle) in timed.items():
        ratio = middle / timed[beside].median
        print(f"| {name} | {best * scale:.1f} | {middle * scale:.1f} | {ratio:.2f} |")


def versions() -> str:
    """Name what was measured."""
    found = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def machine() -> str:
    """Name what it was measured on."""
    load = f"; load before: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} processors ({platform.machine()}, {platform.system()}){load}"


def read(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rows", type=int, help=f"claims of the batch part ({WHOLE:,}), or of --only large ({LARGE:,})"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; large runs only when asked for")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} rows: does it run at all?")
    return parser.parse_args(arguments)


def _imports() -> None:
    from benchmarks import imports

    table("Import, whole processes", imports.run(), "ms", "import pydantic")


def _one() -> None:
    from benchmarks import one_claim

    table("One claim", one_claim.run(), "us", "quote (entitlement only)")


def main() -> None:
    """Run what is asked for."""
    asked = read()
    parts = asked.only or PARTS[:-1]
    rows = asked.rows or (QUICK if asked.quick else WHOLE)
    print(f"{versions()}\n\n{machine()}; {ROUNDS} rounds in turn, {BATCH_ROUNDS} for many claims", flush=True)

    def batch() -> None:
        from benchmarks import batch

        batch.run(rows)

    def recalculation() -> None:
        from benchmarks import recalculation

        recalculation.run(rows)

    def scaling() -> None:
        from benchmarks import scaling

        scaling.run(_MORE * rows)

    def large() -> None:
        from benchmarks import large

        large.run(asked.rows or (QUICK if asked.quick else LARGE))

    run: dict[str, Callable[[], None]] = dict(
        zip(PARTS, (_imports, _one, batch, recalculation, scaling, large), strict=True)
    )
    for name in PARTS:
        if name in parts:
            run[name]()


if __name__ == "__main__":
    main()
