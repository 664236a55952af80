"""The laws as tests to inherit, for who runs pytest over an implementation of their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

import pytest

from subsidy.testing.checking import MAX_EXAMPLES, Report, report_on
from subsidy.testing.implementations import Implementation
from subsidy.testing.laws import LAWS

__all__ = ["LawTests"]


class LawTests:
    """A test for each law. Inherit it in a test module and say what is to be checked.

    Parameters
    ----------
    implementation : callable
        See `subsidy.testing.Implementation`; wrapped in ``staticmethod``.
    known_failures : names of laws
        What is known to be broken. A law of these that holds fails too, so that the list stays true.
    max_examples, seed : int
        As for `subsidy.testing.check_implementation`.

    Examples
    --------
    >>> from subsidy import assess_frame
    >>> from subsidy.testing import LawTests, by_frame
    >>> class TestOurs(LawTests):
    ...     implementation = staticmethod(by_frame(assess_frame))
    >>> TestOurs().report("amount_is_base_plus_uplift", max_examples=5).ok
    True
    """

    implementation: ClassVar[Implementation]
    known_failures: ClassVar[Collection[str]] = ()
    max_examples: ClassVar[int] = MAX_EXAMPLES
    seed: ClassVar[int] = 0

    def report(self, law: str, *, max_examples: int | None = None) -> Report:
        """Give the report on one law."""
        examples = self.max_examples if max_examples is None else max_examples
        implementation = type(self).implementation
        known = [law] if law in self.known_failures else []
        return report_on(implementation, laws=[law], max_examples=examples, seed=self.seed, known_failures=known)

    @pytest.mark.parametrize("law", list(LAWS))
    def test_law(self, law: str) -> None:
        """Show the report where a law doesn't do as it is said to."""
        outcome = next(one for one in self.report(law).outcomes if one.law.name == law)
        assert outcome.ok, str(outcome)
