"""Settings shared by all tests: how hard hypothesis looks."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

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
