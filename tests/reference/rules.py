"""The rules of section 4, one small function for each sentence, in the order of the text."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from tests.reference.texts import (
    LEVELS,
    STREAMS,
    Edition,
    Policy,
    catalogues_in_force,
    confidence_of,
    entitlement,
    entry_of,
    fen,
    in_force,
    missing,
    occupation_in,
    own_facts,
    present,
    row_of,
    weakest,
    with_entry,
)

CANNOT_SAY = {
    "no_rules_in_force",
    "no_directory_in_force",
    "no_rates_in_force",
    "no_catalog_in_force",
    "catalog_incomplete",
    "confidence_too_low",
    "insured_months_unknown",
    "condition_unknown",
}
"""The reasons marked °: the law or a fact is missing. Every other reason is a no."""


@dataclass
class Claim:
    """A claim as it was read."""

    claim_id: str
    person: tuple[str, str]  # the same person: person_id and its type
    occupation: str
    level: str
    certificate_no: str
    certificate_date: date
    applied_on: date
    stream: str
    insured_months: int | None
    training_filed_on: date | None
    conditions: dict[str, bool | None]


@dataclass
class Worth:
    """What the texts of one day give: rules 1 to 3."""

    reason: str | None = None
    base: int | None = None
    uplift: int | None = None
    consulted: list[str] = field(default_factory=list)


def entitlement_date(claim: Claim, terms: dict[str, Any]) -> tuple[str, date]:
    """certificate_date; or applied_on, or training_filed_on (a claim without one: applied_on)."""
    name = terms["entitlement_date"]
    if name == "training_filed_on" and claim.training_filed_on is None:
        name = "applied_on"
    found: date = getattr(claim, name)
    return name, found


# ---- rules 1 to 3 --------------------------------------------------------------------------------------------------


def worth_on(policy: Policy, claim: Claim, on: date) -> Worth:
    """Entitlement depends only on (stream, occupation, level, entitlement date)."""
    found = Worth()
    rules = in_force(policy, policy.rules, on)
    if rules is None:
        found.reason = "no_rules_in_force"
        return found
    directory = in_force(policy, policy.directory, on)
    if directory is None:
        found.consulted = [confidence_of(rules)]
        found.reason = "no_directory_in_force"
        return found
    listed = occupation_in(policy, directory, claim.occupation)
    found.consulted = [confidence_of(rules), confidence_of(directory, listed)]
    if listed is None:
        found.reason = "occupation_not_listed"
        return found
    rates = in_force(policy, policy.rates, on)
    if rates is None:
        found.reason = "no_rates_in_force"
        return found
    found.consulted.append(confidence_of(rates))
    base = base_amount(policy, rates, claim, listed.get("category"))
    if base is None:
        found.reason = "level_not_subsidised"
        return found
    found.base = int(base)
    add_uplift(policy, claim, on, rules, listed, base, found)
    return found


def base_amount(policy: Policy, rates: Edition, claim: Claim, category: str | None) -> Fraction | None:
    """The cell is by_occupation's; else in the row of the occupation's category; else in `any`'s row."""
    cells = (rates.get("by_occupation") or {}).get(claim.stream) or {}
    for code, row in cells.items():
        if present(policy, code) == claim.occupation and claim.level in row:
            return fen(row[claim.level])
    row = row_of(rates["amounts"], claim.stream, category)
    return fen(row[claim.level]) if row is not None and claim.level in row else None


def add_uplift(
    policy: Policy, claim: Claim, on: date, rules: Edition, listed: dict[str, Any], base: Fraction, found: Worth
) -> None:
    """The uplifts for this stream and level that have a worth here; candidates are those whose `requires` all hold."""
    terms = entitlement(rules)
    own = own_facts(policy, claim.occupation, listed)
    catalogues = catalogues_in_force(policy, on)
    entry = entry_of(policy, catalogues, claim.occupation, claim.level)
    facts = with_entry(own, entry)
    worths = []
    catalogue_asked = False
    for uplift in terms["uplifts"]:
        worth = worth_of(uplift, claim, listed.get("category"), base)
        if worth is None:
            continue
        wanted = uplift.get("requires") or []
        # Where one of these uplifts needs `shortage`, or a fact that the occupation itself does not have.
        if any(fact == "shortage" or fact not in own for fact in wanted):
            catalogue_asked = True
        if all(fact in facts for fact in wanted):
            worths.append((worth, uplift))
    if catalogue_asked:
        # The catalogue editions in force where an uplift asked (the entry's own where one was found).
        if entry is not None and "source" in entry:
            found.consulted.append(entry["source"]["confidence"])
        else:
            found.consulted += [confidence_of(edition) for edition in catalogues]
        # A gap in the law is never a silent zero. This holds even if another uplift would win.
        if not catalogues:
            found.reason = "no_catalog_in_force"
            return
        if entry is None and any(str(edition.get("complete", "true")).lower() == "false" for edition in catalogues):
            found.reason = "catalog_incomplete"
            return
    if worths:  # the uplift's own source where it holds
        found.consulted[0] = weakest([confidence_of(rules, uplift) for _, uplift in worths]) or ""
    amount = rounded(under_ceiling(base + total(worths, terms["stacking"]), claim, terms), terms["rounding"])
    # The reported base is the table's; the reported uplift is amount - base.
    found.uplift = amount - int(base)


def worth_of(uplift: dict[str, Any], claim: Claim, category: str | None, base: Fraction) -> Fraction | None:
    """Its printed amount (looked up like rates) minus the base; else base x rate; it may be below zero."""
    if claim.level not in (uplift.get("levels") or LEVELS) or claim.stream not in (uplift.get("streams") or STREAMS):
        return None
    row = row_of(uplift.get("amounts") or {}, claim.stream, category)
    if row is not None and claim.level in row:
        return fen(row[claim.level]) - base
    if not missing(uplift.get("rate")):
        return base * Fraction(uplift["rate"])
    return None


def total(worths: list[tuple[Fraction, dict[str, Any]]], stacking: str) -> Fraction:
    """`highest` takes the one worth most, `sum` all. Each is a share of the base; only the total is rounded."""
    if not worths:
        return Fraction(0)
    if stacking == "sum":
        return sum((worth for worth, _ in worths), Fraction(0))
    return max(worth for worth, _ in worths)


def under_ceiling(amount: Fraction, claim: Claim, terms: dict[str, Any]) -> Fraction:
    """min(base + uplifts, ceiling)"""
    ceiling = (terms["ceiling"].get(claim.stream) or {}).get(claim.level)
    return amount if ceiling is None else min(amount, fen(ceiling))


def rounded(amount: Fraction, rounding: dict[str, str]) -> int:
    """fen, jiao or yuan; half_up, half_even, down."""
    unit = {"fen": 1, "jiao": 10, "yuan": 100}[rounding["to"]]
    units, rest = divmod(amount / unit, 1)
    up = {
        "down": False,
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and units % 2 == 1),
    }[rounding["mode"]]
    return (int(units) + int(up)) * unit


# ---- rules 4 to 6 --------------------------------------------------------------------------------------------------


def plus_months(start: date, months: int) -> date | None:
    """The same day of month, or the month's last day where that day does not exist; none behind the calendar's end."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def too_late(claim: Claim, terms: dict[str, Any]) -> bool:
    """Applied no later than the certificate date plus the months, that day included or not."""
    window = terms["claim_window"]
    if missing(window):
        return False
    last = plus_months(claim.certificate_date, int(window["months"]))
    if last is None:
        return False
    return claim.applied_on > last or (claim.applied_on == last and window.get("last_day") == "exclusive")


def insured(claim: Claim, terms: dict[str, Any]) -> str | None:
    """Where the stream asks: too few insured_too_short, unknown insured_months_unknown."""
    wanted = terms["insured_months"].get(claim.stream)
    if wanted is None:
        return None
    if claim.insured_months is None:
        return "insured_months_unknown"
    return "insured_too_short" if claim.insured_months < int(wanted) else None


def conditions(claim: Claim, terms: dict[str, Any]) -> list[tuple[str, str]]:
    """Each a rule of its own, in the order of the text: false condition_not_met, unknown condition_unknown."""
    found = []
    for condition in terms["conditions"]:
        if claim.stream in (condition.get("streams") or STREAMS):
            stated = claim.conditions.get(condition["id"])
            if stated is None:
                found.append(("condition_unknown", condition["id"]))
            elif not stated:
                found.append(("condition_not_met", condition["id"]))
    return found


# ---- rules 7 to 10 -------------------------------------------------------------------------------------------------


def stands_in_the_way(claim: Claim, earlier: list[Claim], terms: dict[str, Any]) -> list[tuple[str, str]]:
    """Rules 7 to 9, each with the id of the first claim in that order that stands in the way."""
    found = []
    for other in earlier:
        if other.certificate_no == claim.certificate_no:
            found.append(("certificate_already_paid", other.claim_id))
            break
    for other in earlier:
        if other.occupation == claim.occupation and other.level == claim.level:
            found.append(("same_level_already_paid", other.claim_id))
            break
    if terms["lower_after_higher"] == "refuse":
        for other in earlier:
            if other.occupation == claim.occupation and is_higher(other.level, claim.level):
                found.append(("higher_level_already_paid", other.claim_id))
                break
    return found


def is_higher(level: str, than: str) -> bool:
    """Level 1 is the highest; `special` is neither higher nor lower than any."""
    return "special" not in {level, than} and int(level) < int(than)


def limit_reached(
    claim: Claim, facts: set[str], earlier: list[tuple[Claim, set[str]]], terms: dict[str, Any]
) -> str | None:
    """`limits` of this claim's procedure, in the order of the text."""
    for limit in terms["limits"]:
        if not falls_under(claim, facts, limit):
            continue
        counted = 0
        for other, its_facts in earlier:
            same_time = limit["per"] == "lifetime" or other.applied_on.year == claim.applied_on.year
            if same_time and falls_under(other, its_facts, limit):
                counted += 1
        if counted >= int(limit["at_most"]):
            return str(limit["id"])
    return None


def falls_under(claim: Claim, facts: set[str], limit: dict[str, Any]) -> bool:
    """A limit counts, and binds, only claims whose facts include all of `requires`, or none of `except`."""
    if claim.stream not in (limit.get("streams") or STREAMS):
        return False
    has_all = all(fact in facts for fact in limit.get("requires") or [])
    has_none = not any(fact in facts for fact in limit.get("except") or [])
    return has_all and has_none


def facts_of(policy: Policy, claim: Claim, on: date | None) -> set[str]:
    """Those of rule 2 on its own entitlement date; what is unknown is false.

    An unlisted occupation has only the classification's `digital`.
    """
    if on is None:
        return set()
    directory = in_force(policy, policy.directory, on)
    listed = None if directory is None else occupation_in(policy, directory, claim.occupation)
    own = own_facts(policy, claim.occupation, listed)
    if listed is None:
        return own
    return with_entry(own, entry_of(policy, catalogues_in_force(policy, on), claim.occupation, claim.level))
