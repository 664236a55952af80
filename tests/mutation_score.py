"""Prints what became of the mutants of each package, and the share that types or tests found; see docs/assurance.md."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTATED = Path("mutants/src/subsidy")
COLUMNS = ("killed", "caught by type check", "timeout", "survived", "no tests", "not checked")
FOUND = ("killed", "caught by type check", "timeout")


def count() -> dict[str, Counter[str]]:
    """Count the outcomes by package."""
    found: dict[str, Counter[str]] = {}
    for file in sorted(MUTATED.rglob("*.meta")):
        codes = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        package = found.setdefault(str(file.parent.relative_to(MUTATED)), Counter())
        package.update(status_by_exit_code[code] for code in codes)
    return {package: counted for package, counted in found.items() if counted}


def line(package: str, counted: Counter[str]) -> str:
    """One row: the outcomes and the score of the mutants that were tried."""
    others = counted.total() - sum(counted[name] for name in COLUMNS)
    tried = counted.total() - counted["not checked"]
    score = f"{sum(counted[name] for name in FOUND) / tried:.1%}" if tried else "-"
    cells = [str(counted[name]) for name in COLUMNS]
    return f"| {package} | {counted.total()} | " + " | ".join(cells) + f" | {others} | {score} |"


def main() -> None:
    """Print the table in Markdown."""
    packages = count()
    print("| package | mutants | " + " | ".join(COLUMNS) + " | other | score |")
    print("|---|" + "---|" * (len(COLUMNS) + 3))
    for package, counted in packages.items():
        print(line(package, counted))
    print(line("all", sum(packages.values(), Counter())))


if __name__ == "__main__":
    main()
