"""What ``SUBSIDY_TESTS_MODULE=their.module pytest --pyargs subsidy.testing`` runs; see `subsidy.testing.known`."""

from __future__ import annotations

import pytest

from subsidy.testing.implementations import Implementation
from subsidy.testing.known import MODULE, named_implementation, named_known_failures
from subsidy.testing.suite import LawTests


def _named() -> Implementation:
    found = named_implementation()
    if found is None:
        pytest.skip(f"{MODULE} names no module", allow_module_level=True)
    return found


class TestNamedModule(LawTests):
    """The laws, checked on the implementation that the environment names."""

    implementation = staticmethod(_named())
    known_failures = named_known_failures()
