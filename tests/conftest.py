"""Settings shared by all tests: how hard hypothesis looks."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.register_profile("nightly", parent=settings.get_profile("default"), max_examples=20_000)
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
