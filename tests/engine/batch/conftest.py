"""Every test of tables is run twice: by arrays, and by the loops that numba compiles."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from inspect import unwrap

import pytest

from subsidy.engine.batch.compiled import SWITCH

# Mutants are tried by arrays; that the loops say the same is asked of them by `test_compiled` alone. A function that
# chooses its mutant by the environment can't be compiled, so that a loop gets the rule as it was written.
WAYS = {"never": "arrays", "always": "loops"}
if os.environ.get("MUTANT_UNDER_TEST"):
    WAYS = {"never": "arrays"}
    with suppress(ImportError):
        from subsidy.engine.batch.loops import compiling

        _rule = compiling.rule
        compiling.rule = lambda function: _rule(unwrap(function))


@pytest.fixture(params=list(WAYS), ids=list(WAYS.values()), scope="module", autouse=True)
def loops(request: pytest.FixtureRequest) -> Iterator[str]:
    """Force one of both ways, whatever the number of rows."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = request.param
    yield str(request.param)
    if before is None:
        del os.environ[SWITCH]
    else:
        os.environ[SWITCH] = before
