"""`make test` measures the coverage of the core by its own tests; all others run at full speed."""

from __future__ import annotations

import sys

import pytest


def test_what_is_not_of_the_core_runs_without_the_tracer(request: pytest.FixtureRequest) -> None:
    """Under it everything takes twice as long, and in a worker there are two of them."""
    tracer = sys.gettrace()
    assert not request.config.getoption("--measure-core") or "coverage" not in type(tracer).__module__
