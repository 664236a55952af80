"""Conformance cases: what any system, in whatever language, can prove its decisions by.

`export_cases` writes them with the policies, schemas and a manifest; `check_decisions` scores another system's answers
and says what differs. They are made from the texts of a policy folder: the whole entitlement grid, edge dates, every
reason, forms of values, history, what was known on a day, how sure the texts are.
"""

from subsidy.testing.conformance.case import Case
from subsidy.testing.conformance.check import Difference, Score, check_decisions, read_cases, read_decisions
from subsidy.testing.conformance.export import export_cases
from subsidy.testing.conformance.source import Source, default_sources, source_of

__all__ = [
    "Case",
    "Difference",
    "Score",
    "Source",
    "check_decisions",
    "default_sources",
    "export_cases",
    "read_cases",
    "read_decisions",
    "source_of",
]
