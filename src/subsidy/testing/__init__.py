"""A proof kit for whoever decides these subsidies: strategies for hypothesis, and the laws of the policy as properties.

Needs the extra ``testing`` (hypothesis and pytest). Names are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subsidy.testing.checking import LawsBrokenError, Outcome, Report, check_implementation, report_on
    from subsidy.testing.claims import claims, histories, levels, occupations, records
    from subsidy.testing.implementations import Implementation, Row, by_frame, one_by_one
    from subsidy.testing.laws import LAWS, Broken, Case, Law
    from subsidy.testing.policies import make_policy, policies
    from subsidy.testing.worlds import World, worlds

_HOME = {
    "LAWS": "laws",
    "Broken": "laws",
    "Case": "laws",
    "Implementation": "implementations",
    "Law": "laws",
    "LawsBrokenError": "checking",
    "Outcome": "checking",
    "Report": "checking",
    "Row": "implementations",
    "World": "worlds",
    "by_frame": "implementations",
    "check_implementation": "checking",
    "claims": "claims",
    "histories": "claims",
    "levels": "claims",
    "make_policy": "policies",
    "occupations": "claims",
    "one_by_one": "implementations",
    "policies": "policies",
    "records": "claims",
    "report_on": "checking",
    "worlds": "worlds",
}

__all__ = [
    "LAWS",
    "Broken",
    "Case",
    "Implementation",
    "Law",
    "LawsBrokenError",
    "Outcome",
    "Report",
    "Row",
    "World",
    "by_frame",
    "check_implementation",
    "claims",
    "histories",
    "levels",
    "make_policy",
    "occupations",
    "one_by_one",
    "policies",
    "records",
    "report_on",
    "worlds",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'subsidy.testing' has no attribute {name!r}")
    found: object = getattr(import_module(f"subsidy.testing.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
