"""Bugs to seed: each changes one line of the back office, as a tired programmer might have written it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import back_office.rules

from subsidy.testing import Implementation

__all__ = ["BUGS", "Bug", "office_with"]

SOURCE = Path(back_office.rules.__file__)


class Bug(NamedTuple):
    """A mistake, the text of the line that it changes, and what stands there instead."""

    mistake: str
    right: str
    wrong: str


BUGS = {
    "rounds_by_float": Bug(
        "Python's round() takes halves to the even number, and a float isn't exact.",
        "int(units.quantize(Decimal(1), ROUNDING[rule.mode]))",
        "round(float(units))",
    ),
    "uplift_on_the_ceiling": Bug(
        "The ceiling caps the base, and the uplift comes on top of it.",
        "min(base + uplift, ceiling)",
        "min(base, ceiling) + uplift",
    ),
    "counts_refused_claims": Bug(
        "A refused claim uses up a limit and stands in the way of the next one.",
        'if answers[row]["status"] == "payable":',
        'if answers[row]["status"] != "undetermined":',
    ),
    "off_by_one_day": Bug(
        "A claim on the last day of the window is too late.",
        "claim.applied_on > last or",
        "claim.applied_on >= last or",
    ),
    "months_end_on_the_28th": Bug(
        "Every month has a 28th, so that day serves wherever a month is shorter.",
        "min(day.day, calendar.monthrange(year, month + 1)[1])",
        "min(day.day, 28)",
    ),
    "uplift_by_todays_catalogue": Bug(
        "The shortage catalogue is that of today, not that of the entitlement date.",
        "lists = catalogues(policy, day)",
        "lists = catalogues(policy, date.today())",
    ),
    "special_is_the_lowest_level": Bug(
        "A special ability is taken for a level below all others.",
        'return level < other and "special" not in {level, other}',
        "return level < other",
    ),
    "unknown_is_refused": Bug(
        "What can't be decided yet is refused.",
        'status = str(reason.status) if reason else "payable"',
        'status = "refused" if reason and reason.status == "undetermined" else reason.status if reason else "payable"',
    ),
    "no_catalogue_is_no_uplift": Bug(
        "Where no catalogue is in force nothing is on it, so there is no uplift.",
        "if not at.catalogues:",
        "if False:",
    ),
    "unknown_months_are_none": Bug(
        "Months of insurance that nobody stated are no months.",
        "months = claim.insured_months",
        "months = claim.insured_months or 0",
    ),
    "edition_by_its_first_day": Bug(
        "Of two texts the one that begins later is in force, not the one published later.",
        "key=lambda one: one.published_on, default=None)",
        "key=lambda one: one.effective_from, default=None)",
    ),
}


def office_with(bug: str | None) -> Implementation:
    """Load the back office, with one of the bugs or (None or empty) with none."""
    source = SOURCE.read_text(encoding="utf-8")
    if bug:
        if bug not in BUGS:
            raise ValueError(f"no bug {bug!r}; there are: {', '.join(BUGS)}")
        _, right, wrong = BUGS[bug]
        before, line, after = source.partition(right)
        if not line or right in after:
            raise ValueError(f"{bug}: {right!r} must stand once in {SOURCE.name}")
        source = before + wrong + after
    name = f"back_office.rules_with_{bug}"
    module = sys.modules[name] = ModuleType(name)  # registered, for dataclasses look their module up
    exec(compile(source, str(SOURCE), "exec"), module.__dict__)
    office: Implementation = module.decide
    return office
