"""Every test of tables is run twice: by arrays, and by the loops that numba compiles."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from subsidy.engine.batch.compiled import SWITCH

# A function that chooses its mutant by the environment can't be compiled.
WAYS = {"never": "arrays"} if os.environ.get("MUTANT_UNDER_TEST") else {"never": "arrays", "always": "loops"}


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
