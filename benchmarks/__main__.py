"""Run every benchmark and print its table in Markdown; the figures that stand in docs/performance.md."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from benchmarks import imports, one_claim
from benchmarks.timing import ROUNDS, Timed


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
    for name in ("subsidy", "pydantic", "openfisca-core", "zen-engine"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


def main() -> None:
    """Run all."""
    print(f"{versions()}; {ROUNDS} rounds in turn")
    table("Import, whole processes", imports.run(), "ms", "import pydantic")
    table("One claim", one_claim.run(), "us", "quote (entitlement only)")


if __name__ == "__main__":
    main()
