"""Every test of tables is run twice: by arrays, and by the loops that numba compiles.

A module in which every table is decided by `support.same` has a fixture `loops` of its own that does nothing: `same`
then decides each table both ways beside what it decides claim by claim once.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.batch.support import WAYS, forced


@pytest.fixture(params=list(WAYS), ids=list(WAYS.values()), scope="module", autouse=True)
def loops(request: pytest.FixtureRequest) -> Iterator[str]:
    """Force one of both ways, whatever the number of rows."""
    with forced(request.param) as way:
        yield way
