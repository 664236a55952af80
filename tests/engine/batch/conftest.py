"""Every test of tables is run twice: by arrays, and by the loops that numba compiles.

A module in which every table is decided by `support.same` has a fixture `loops` of its own that does nothing: `same`
then decides each table both ways beside what it decides claim by claim once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from inspect import unwrap

import pytest

from tests.engine.batch.support import WAYS, forced

# A function that chooses its mutant by the environment can't be compiled: a loop gets the rule as it was written.
if os.environ.get("MUTANT_UNDER_TEST"):
    with suppress(ImportError):
        from subsidy.engine.batch.loops import compiling

        _rule = compiling.rule
        compiling.rule = lambda function: _rule(unwrap(function))


@pytest.fixture(params=list(WAYS), ids=list(WAYS.values()), scope="module", autouse=True)
def loops(request: pytest.FixtureRequest) -> Iterator[str]:
    """Force one of both ways, whatever the number of rows."""
    with forced(request.param) as way:
        yield way
