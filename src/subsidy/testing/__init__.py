"""A proof kit for whoever decides these subsidies: strategies for hypothesis, and the laws of the policy as properties.

Needs the extra ``testing`` (hypothesis and pytest); `subsidy.testing.conformance` needs no extra. Names are loaded when
first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subsidy.testing.broken import BrokenPolicy, broken_policies
    from subsidy.testing.checking import LawsBrokenError, Outcome, Report, check_implementation, report_on
    from subsidy.testing.drawn_claims import claims, histories, levels, occupations, records
    from subsidy.testing.drawn_frames import claim_frames
    from subsidy.testing.drawn_policies import make_policy, policies
    from subsidy.testing.implementations import Implementation, Row, by_frame, one_by_one
    from subsidy.testing.laws import LAWS, Broken, Case, Law
    from subsidy.testing.suite import LawTests
    from subsidy.testing.world import World, worlds

_HOME = {
    "LAWS": "laws",
    "Broken": "laws",
    "BrokenPolicy": "broken",
    "Case": "laws",
    "Implementation": "implementations",
    "Law": "laws",
    "LawTests": "suite",
    "LawsBrokenError": "checking",
    "Outcome": "checking",
    "Report": "checking",
    "Row": "implementations",
    "World": "world",
    "broken_policies": "broken",
    "by_frame": "implementations",
    "check_implementation": "checking",
    "claim_frames": "drawn_frames",
    "claims": "drawn_claims",
    "histories": "drawn_claims",
    "levels": "drawn_claims",
    "make_policy": "drawn_policies",
    "occupations": "drawn_claims",
    "one_by_one": "implementations",
    "policies": "drawn_policies",
    "records": "drawn_claims",
    "report_on": "checking",
    "worlds": "world",
}

__all__ = [
    "LAWS",
    "Broken",
    "BrokenPolicy",
    "Case",
    "Implementation",
    "Law",
    "LawTests",
    "LawsBrokenError",
    "Outcome",
    "Report",
    "Row",
    "World",
    "broken_policies",
    "by_frame",
    "check_implementation",
    "claim_frames",
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
