"""Settings shared by all tests: how hard hypothesis looks."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Hashable
from functools import cached_property

import pytest
from hypothesis import HealthCheck, settings

from subsidy.policy.policy import Policy

settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
# Looks 20 times harder, by other seeds each time: `make nightly`. How fast a busy machine draws is no finding then.
settings.register_profile(
    "nightly",
    parent=settings.get_profile("default"),
    max_examples=2_000,
    suppress_health_check=[HealthCheck.too_slow],
)
# Mutants run the same tests many times in one process; see CONTRIBUTING.
settings.register_profile(
    "mutants",
    parent=settings.get_profile("ci"),
    max_examples=25,
    database=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
_chosen = "mutants" if os.environ.get("MUTANT_UNDER_TEST") else "ci" if os.environ.get("CI") else "default"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", _chosen))


@pytest.fixture
def chance_seed(request: pytest.FixtureRequest) -> int:
    """Seed of what a test draws without hypothesis: always the same, if hypothesis isn't told one (`make nightly`)."""
    told = request.config.getoption("--hypothesis-seed")
    return int(told) if told is not None else 0


SECONDS_FOR_A_MUTANT = 3.0
_memos: list[dict[Hashable, object]] = []


def _remembered(_: Policy) -> dict[Hashable, object]:
    _memos.append({})
    return _memos[-1]


if os.environ.get("MUTANT_UNDER_TEST"):
    Policy.memo = cached_property(_remembered)  # type: ignore[assignment]
    Policy.memo.__set_name__(Policy, "memo")  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the ids of tests be the same each time they are collected in one process.

    pytest remembers those it made and escapes them once more: a mutant whose tests have signs to escape in their ids
    would count as killed, since none of these tests is found.
    """
    for mark in metafunc.definition.iter_markers("parametrize"):
        if os.environ.get("MUTANT_UNDER_TEST") and mark._param_ids_from is not None:
            object.__setattr__(mark._param_ids_from, "_param_ids_generated", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A mutant starts with policies of which nothing was worked out yet by the code as it was before.

    It gets the quickest of the tests that call its function, as many as fit into a few seconds: those of its
    own package first, one of each file before a second of any, of the file of its module five.
    """
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if "__mutmut_" not in mutant:
        return
    from mutmut.state import state

    for memo in _memos:
        memo.clear()
    seconds, kept = 0.0, 0
    own = "/".join(["tests", *mutant.split(".")[1:-2], ""])
    module = f"{own}test_{mutant.split('.')[-2]}.py"
    of_file: Counter[str] = Counter()
    turns = {}  # of each file the quickest first, as mutmut gives them
    for item in items:
        file = item.nodeid.partition("::")[0]
        turns[item.nodeid] = (not file.startswith(own), of_file[file] // (5 if file == module else 1))
        of_file[file] += 1
    items.sort(key=lambda item: turns[item.nodeid])
    for item in items:
        seconds += state().duration_by_test.get(item.nodeid, 0.0)
        if seconds > SECONDS_FOR_A_MUTANT and kept:
            break
        kept += 1
    config.hook.pytest_deselected(items=items[kept:])
    del items[kept:]
