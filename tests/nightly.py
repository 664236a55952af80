"""`make nightly`: repeat the property tests with other seeds until the minutes asked for are up, and say what was seen.

Every round is a pytest run of its own, of all tests that look by chance, in an order by chance. In a round each test
gets an equal share of the time that is left: quick ones look at as many examples as the profile `nightly` says, slow
ones at what they manage. As a plugin of pytest (see `main`) this module also chooses and counts them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.engine import ConjectureRunner, ExitReason

ROOT = Path(__file__).parents[1]
UNTIL, SEED, SEEN = "SUBSIDY_NIGHTLY_UNTIL", "SUBSIDY_NIGHTLY_SEED", "SUBSIDY_NIGHTLY_SEEN"
BY_SEED = "chance_seed"
"""The fixture of tests that draw by a seed of their own; see tests/conftest.py."""
SHORTEST = 2.0


# -- the command -------------------------------------------------------------------------


def main(minutes: float) -> int:
    """Run rounds until time is up; 0 where all tests held in all of them."""
    begun = time.time()
    until = begun + minutes * 60
    seen = Seen()
    while not seen.seeds or until - time.time() > seen.startup + SHORTEST:
        seed = SystemRandom().randrange(1, 2**32)
        if not seen.add(seed, _round(seed, until)):
            break
    print(seen.summary(time.time() - begun))
    return 1 if seen.failed or seen.broken else 0


def _round(seed: int, until: float) -> dict[str, Any] | None:
    """Run all of them once in a process of its own; None where pytest itself broke off."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seen.json"
        more = {"HYPOTHESIS_PROFILE": "nightly", UNTIL: str(until), SEED: str(seed), SEEN: str(file)}
        command = [sys.executable, "-m", "pytest", *_files(), "-q", "--no-header", "-p", "tests.nightly"]
        subprocess.run([*command, f"--hypothesis-seed={seed}"], cwd=ROOT, env=os.environ | more, check=False)
        found: dict[str, Any] | None = json.loads(file.read_text()) if file.exists() else None
        return found


def _files() -> list[str]:
    """Leave aside what can't look by chance: to collect ten thousand other tests takes longer than a test's share."""
    texts = {file: file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests").rglob("test_*.py"))}
    return [str(file.relative_to(ROOT)) for file, text in texts.items() if "hypothesis" in text or BY_SEED in text]


class Seen:
    """What all rounds gave together."""

    def __init__(self) -> None:
        self.seeds: list[int] = []
        self.examples: Counter[str] = Counter()
        self.whole: set[str] = set()
        self.failed: dict[str, int] = {}
        self.startup = 0.0
        self.broken = False

    def add(self, seed: int, found: dict[str, Any] | None) -> bool:
        """Take in a round; False where it gave nothing."""
        self.seeds.append(seed)
        if found is None or not found["examples"]:
            self.broken = True
            return False
        self.examples.update(found["examples"])
        self.whole |= set(found["examples"]) - set(found["cut"])
        for name in found["failed"]:
            self.failed.setdefault(name, seed)
        self.startup = found["startup"]
        return True

    def summary(self, seconds: float) -> str:
        """Say how much was looked at, and which tests failed under which seed."""
        cut = self.examples.keys() - self.whole
        took, examples = timedelta(seconds=round(seconds)), sum(self.examples.values())
        lines = [
            f"nightly: {len(self.examples)} property tests, {examples:,} examples, {len(self.seeds)} rounds in {took}",
            f"  {len(self.failed)} tests failed",
            f"  {len(cut)} of them never reached the number of examples of the profile in their share of the time",
            f"  seeds: {' '.join(map(str, self.seeds))}",
            *(
                f"  FAILED {name} (HYPOTHESIS_PROFILE=nightly pytest --hypothesis-seed={seed})"
                for name, seed in sorted(self.failed.items())
            ),
        ]
        if self.broken:
            lines.append("  BROKEN: the last round ran no test; see above")
        return "\n".join(lines)


# -- the plugin --------------------------------------------------------------------------


class Watch:
    """Counts the examples of the test that runs, and lets hypothesis end it when its share of the time is used up."""

    def __init__(self) -> None:
        self.begun = time.time()
        self.until = float(os.environ.get(UNTIL, "inf"))
        self.startup = 0.0
        self.left = 0
        self.name = ""
        self.limit = self.until
        self.examples: Counter[str] = Counter()
        self.cut: list[str] = []
        self.failed: list[str] = []

    def begin(self, item: pytest.Item) -> None:
        """Give a test its share."""
        now = time.time()
        self.startup = self.startup or now - self.begun
        self.name, self.limit = item.nodeid, now + max(self.until - now, 0) / self.left
        self.left -= 1

    def example(self, runner: ConjectureRunner) -> None:
        """Count one example, or end the test; what failed is shrunk to its end first.

        Not before one example served: hypothesis skips a test that had none, and with it what the laws of
        `subsidy.testing`, which run several properties in one test, found before.
        """
        if time.time() > self.limit and not runner.interesting_test_cases and runner.valid_test_cases:
            self.cut.append(self.name)
            runner.exit_with(ExitReason.finished)
        self.examples[self.name] += 1


watch = Watch()
_run_example = ConjectureRunner.test_function


def _watched(runner: ConjectureRunner, data: ConjectureData) -> None:
    watch.example(runner)
    _run_example(runner, data)


def pytest_configure() -> None:
    """Stand before each example of every property, of a machine of states too."""
    ConjectureRunner.test_function = _watched  # type: ignore[assignment, method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what looks by chance, in an order by chance."""
    chosen = [item for item in items if item.get_closest_marker("hypothesis") or BY_SEED in _fixtures(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    Random(os.environ.get(SEED, "0")).shuffle(chosen)  # noqa: S311 - an order needs no safe randomness
    watch.left = len(chosen)
    items[:] = chosen


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin the share of a test; none is begun when time is up."""
    if time.time() > watch.until:
        item.session.shouldstop = "time is up"
    watch.begin(item)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note which tests failed."""
    if report.failed:
        watch.failed.append(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what was seen for `main`."""
    if SEEN in os.environ:
        seen = {name: getattr(watch, name) for name in ("examples", "cut", "failed", "startup")}
        Path(os.environ[SEEN]).write_text(json.dumps(seen))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 30))
