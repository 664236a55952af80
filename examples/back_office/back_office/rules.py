"""The decision: the rules of the subsidy as this agency wrote them, from the texts in a policy folder.

The library reads folder and records; which text is in force, what is payable and how much is decided here.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from back_office.intake import Record, Unusable, read_all
from subsidy import Claim, Confidence, Policy, Reason

ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
FEN = {"fen": 1, "jiao": 10, "yuan": 100}

Refusal = tuple[Reason, str | None, str | None]  # or what isn't known: reason, detail, blocked by


def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> list[dict[str, Any]]:
    """Decide claims together; one answer for each, in their order. ``history`` was paid before."""
    paid: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for earlier in sorted((usable(one) for one in read_all(policy, history)), key=turn):
        paid[person(earlier)].append(earlier)
    read = read_all(policy, claims)
    answers: dict[int, dict[str, Any]] = {}
    for row, one in enumerate(read):
        if isinstance(one, Unusable):
            answers[row] = answer(one.claim_id, [(one.reason, one.detail, None)])
    readable = [(row, one) for row, one in enumerate(read) if isinstance(one, Claim)]
    for row, claim in sorted(readable, key=lambda one: turn(one[1])):
        answers[row] = decide_one(policy, claim, paid[person(claim)])
        if answers[row]["status"] == "payable":
            paid[person(claim)].append(claim)
    return [answers[row] for row in range(len(read))]


def usable(one: Claim | Unusable) -> Claim:
    """Give a claim that was paid; one that can't be read stops the batch."""
    if isinstance(one, Unusable):
        raise ValueError(f"history: {one.claim_id}: {one.reason} ({one.detail})")
    return one


def turn(claim: Claim) -> tuple[date, str]:
    """Give the order in which claims count."""
    return claim.applied_on, claim.claim_id


def person(claim: Claim) -> tuple[str, str]:
    """Two persons may have one number, one of them in a permit."""
    return claim.person_id_type, claim.person_id


def decide_one(policy: Policy, claim: Claim, paid: list[Claim]) -> dict[str, Any]:
    """Ask every rule in its order, after the claims of this person that were paid."""
    rules = in_force(policy.rules, claim.applied_on)
    if rules is None:
        return answer(claim.claim_id, [(Reason.NO_RULES_IN_FORCE, "applied_on", None)])
    terms = rules.procedure
    name, day = entitlement_date(policy, claim)
    due = entitlement(policy, claim, day)
    sure = Confidence.weakest([rules.source.confidence, *due.consulted])
    said: list[Refusal] = []
    if due.reason is not None:
        said.append((due.reason, name if due.reason is Reason.NO_RULES_IN_FORCE else None, None))
    if policy.minimum_confidence is not None and sure is not None and sure.weaker_than(policy.minimum_confidence):
        said.append((Reason.CONFIDENCE_TOO_LOW, None, None))
    if too_late(claim, terms.claim_window):
        said.append((Reason.CLAIMED_TOO_LATE, None, None))
    said += insured(claim, terms.insured_months.get(claim.stream))
    said += conditions(claim, terms.conditions)
    said += in_the_way(claim, paid, terms.lower_after_higher == "refuse")
    said += [(Reason.LIMIT_REACHED, one.id, None) for one in terms.limits if used_up(policy, one, claim, paid)]
    return answer(claim.claim_id, said, due.base, due.uplift) | {"confidence": sure} | editions(policy, day)


def answer(
    claim_id: str | None, said: list[Refusal], base: int | None = None, uplift: int | None = None
) -> dict[str, Any]:
    """Payable where no rule says anything; the first no decides, else the first that can't say."""
    refused = [one for one in said if one[0].status != "undetermined"]
    reason, detail, blocked_by = next(iter(refused or said), (None, None, None))
    status = str(reason.status) if reason else "payable"
    return {
        "claim_id": claim_id,
        "status": status,
        "reason": reason,
        "detail": detail,
        "blocked_by": blocked_by,
        "base_fen": base,
        "uplift_fen": uplift,
        "amount_fen": (base or 0) + (uplift or 0) if status == "payable" else 0,
    }


# -- the texts ------------------------------------------------------------------------------------------------------


def in_force(editions: Iterable[Any], day: date) -> Any:
    """Of the editions that govern a day the one published last; None where none does."""
    return max((one for one in editions if one.governs(day)), key=lambda one: one.published_on, default=None)


def catalogues(policy: Policy, day: date) -> list[Any]:
    """Give the catalogue that replaced the former ones, then those that add to it, in the order of publication."""
    base = in_force([one for one in policy.catalog_editions if one.mode == "replaces"], day)
    adds = [one for one in policy.catalog_editions if one.mode == "adds" and one.governs(day)]
    later = [one for one in adds if base is None or one.published_on >= base.published_on]
    return [*filter(None, [base]), *sorted(later, key=lambda one: one.published_on)]


def entitlement_date(policy: Policy, claim: Claim) -> tuple[str, date]:
    """Whose texts decide the amount: as the procedure of the day of application says."""
    name = str(in_force(policy.rules, claim.applied_on).procedure.entitlement_date)
    if name == "training_filed_on" and claim.training_filed_on is None:
        name = "applied_on"
    return name, getattr(claim, name)


def editions(policy: Policy, day: date) -> dict[str, str | None]:
    """Name the texts that a decision rests on."""
    found = {
        "directory_edition": [in_force(policy.directory, day)],
        "catalog_edition": catalogues(policy, day),
        "rate_edition": [in_force(policy.rates, day)],
        "rules_edition": [in_force(policy.rules, day)],
    }
    return {name: "+".join(one.id for one in texts if one) or None for name, texts in found.items()}


@dataclass
class Standing:
    """What directory and catalogue say of a claim's occupation on a day."""

    listed: Any  # its row of the directory
    category: str | None
    own: set[str]  # digital, and the tags of the occupation
    facts: set[str]  # with those of the catalogue's entry
    entry: Any
    catalogues: list[Any]


def standing(policy: Policy, claim: Claim, day: date) -> Standing:
    """Look an occupation up in directory and catalogue."""
    present, code = policy.vocabulary.present, claim.occupation
    directory = in_force(policy.directory, day)
    rows = directory.occupations if directory is not None else ()
    listed = next((one for one in rows if present(one.code) == code), None)
    marked = code in policy.vocabulary.digital
    digital = marked if listed is None or listed.digital is None else listed.digital
    own = {*(listed.tags if listed is not None else ()), *(["digital"] if digital else [])}
    lists = catalogues(policy, day)
    entry = next((one for text in reversed(lists) for one in text.entries if present(one.occupation) == code), None)
    if listed is None and directory is not None and directory.covers == "all" and code in policy.classification:
        listed = directory
    if listed is None or entry is None or claim.level not in entry.levels:
        return Standing(listed, getattr(listed, "category", None), own, own, None, lists)
    facts = own | {"shortage", *entry.tags}
    if entry.digital is not None:
        facts = facts | {"digital"} if entry.digital else facts - {"digital"}
    return Standing(listed, getattr(listed, "category", None), own, facts, entry, lists)


# -- rules 1 to 3: the amount ---------------------------------------------------------------------------------------


@dataclass
class Due:
    """Base and uplift in fen, or why there are none; and how sure the texts are that were asked."""

    reason: Reason | None = None
    base: int | None = None
    uplift: int | None = None
    consulted: list[Confidence] = field(default_factory=list)


def entitlement(policy: Policy, claim: Claim, day: date) -> Due:
    """Give what the texts in force on a day say of stream, occupation and level."""
    rules, rates = in_force(policy.rules, day), in_force(policy.rates, day)
    directory = in_force(policy.directory, day)
    if rules is None:
        return Due(Reason.NO_RULES_IN_FORCE)
    consulted = [rules.source.confidence]
    if directory is None:
        return Due(Reason.NO_DIRECTORY_IN_FORCE, consulted=consulted)
    at = standing(policy, claim, day)
    consulted.append(source(at.listed, directory).confidence)
    if at.listed is None:
        return Due(Reason.OCCUPATION_NOT_LISTED, consulted=consulted)
    if rates is None:
        return Due(Reason.NO_RATES_IN_FORCE, consulted=consulted)
    consulted.append(rates.source.confidence)
    base = base_amount(policy, rates, claim, at.category)
    if base is None:
        return Due(Reason.LEVEL_NOT_SUBSIDISED, consulted=consulted)

    part = rules.entitlement
    worths = {one.id: worth(one, claim, at.category, base) for one in part.uplifts}
    asked = [one for one in part.uplifts if worths[one.id] is not None]
    if any(fact == "shortage" or fact not in at.own for one in asked for fact in one.requires):
        consulted += [source(at.entry, one).confidence for one in (at.catalogues[:1] if at.entry else at.catalogues)]
        if not at.catalogues:
            return Due(Reason.NO_CATALOG_IN_FORCE, base, consulted=consulted)
        if at.entry is None and not all(one.complete for one in at.catalogues):
            return Due(Reason.CATALOG_INCOMPLETE, base, consulted=consulted)
    held = [one for one in asked if at.facts.issuperset(one.requires)]
    if held:
        consulted[0] = Confidence.weakest([source(one, rules).confidence for one in held])
    values = [worths[one.id] or Decimal(0) for one in held]
    uplift = sum(values, Decimal(0)) if part.stacking == "sum" else max(values, default=Decimal(0))
    ceiling = part.ceiling.get(claim.stream, {}).get(claim.level, base + uplift)
    amount = rounded(min(base + uplift, ceiling), part.rounding)
    return Due(None, base, amount - base, consulted)


def source(part: Any, text: Any) -> Any:
    """Give the own source of an occupation, entry or uplift, else that of the text that it stands in."""
    return getattr(part, "source", None) or text.source


def base_amount(policy: Policy, rates: Any, claim: Claim, category: str | None) -> int | None:
    """Give the occupation's own amount; else that of its category; else that of any."""
    for code, amounts in rates.by_occupation.get(claim.stream, {}).items():
        if policy.vocabulary.present(code) == claim.occupation and claim.level in amounts:
            return int(amounts[claim.level])
    return cell(rates.amounts, claim, category)


def cell(amounts: Any, claim: Claim, category: str | None) -> int | None:
    """Look the level up in the row of the category, or in any's where there is none."""
    rows = amounts.get(claim.stream, {})
    found: int | None = rows.get(category, rows.get("any", {})).get(claim.level)
    return found


def worth(uplift: Any, claim: Claim, category: str | None, base: int) -> Decimal | None:
    """Give the printed amount less the base, else the share of the base; None where it says nothing of the claim."""
    if claim.stream not in uplift.streams or claim.level not in uplift.levels:
        return None
    printed = cell(uplift.amounts, claim, category)
    if printed is not None:
        return Decimal(printed - base)
    return None if uplift.rate is None else base * uplift.rate


def rounded(amount: Decimal | int, rule: Any) -> int:
    """Round fen to fen, jiao or yuan."""
    units = Decimal(amount) / FEN[rule.to]
    return int(units.quantize(Decimal(1), ROUNDING[rule.mode])) * FEN[rule.to]


# -- rules 4 to 6: the claim by itself ------------------------------------------------------------------------------


def too_late(claim: Claim, window: Any) -> bool:
    """After the same day of the month so many months on, or the last day of a shorter month."""
    if window is None:
        return False
    last = months_later(claim.certificate_date, window.months)
    return claim.applied_on > last or (claim.applied_on == last and window.last_day == "exclusive")


def months_later(day: date, months: int) -> date:
    """Give the same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def insured(claim: Claim, least: int | None) -> list[Refusal]:
    """Long enough, where the stream asks."""
    months = claim.insured_months
    if least is None or (months is not None and months >= least):
        return []
    return [(Reason.INSURED_MONTHS_UNKNOWN if months is None else Reason.INSURED_TOO_SHORT, None, None)]


def conditions(claim: Claim, asked: Iterable[Any]) -> list[Refusal]:
    """Each fact that the stream asks for must be stated as true."""
    stated = [(one.id, claim.conditions.get(one.id)) for one in asked if claim.stream in one.streams]
    return [
        (Reason.CONDITION_UNKNOWN if fact is None else Reason.CONDITION_NOT_MET, name, None)
        for name, fact in stated
        if not fact
    ]


# -- rules 7 to 10: what the person was paid before -----------------------------------------------------------------


def in_the_way(claim: Claim, paid: list[Claim], refuse_lower: bool) -> list[Refusal]:
    """Find the first paid claims for the same certificate, the same level, a higher level of the occupation."""
    same = [one for one in paid if one.occupation == claim.occupation]
    blockers = {
        Reason.CERTIFICATE_ALREADY_PAID: [one for one in paid if one.certificate_no == claim.certificate_no],
        Reason.SAME_LEVEL_ALREADY_PAID: [one for one in same if one.level == claim.level],
        Reason.HIGHER_LEVEL_ALREADY_PAID: [one for one in same if refuse_lower and higher(one.level, claim.level)],
    }
    return [(reason, None, found[0].claim_id) for reason, found in blockers.items() if found]


def higher(level: str, other: str) -> bool:
    """Level 1 is the highest; special stands beside all."""
    return level < other and "special" not in {level, other}


def used_up(policy: Policy, limit: Any, claim: Claim, paid: list[Claim]) -> bool:
    """Whether so many claims were paid as the limit allows, in the year of application or ever."""
    if not counts(policy, limit, claim):
        return False
    times = [one for one in paid if limit.per == "lifetime" or one.applied_on.year == claim.applied_on.year]
    most: int = limit.at_most
    return sum(counts(policy, limit, one) for one in times) >= most


def counts(policy: Policy, limit: Any, claim: Claim) -> bool:
    """Whether a limit is about a claim: its stream, and its facts on its own entitlement date."""
    if claim.stream not in limit.streams:
        return False
    facts: set[str] = set()
    if in_force(policy.rules, claim.applied_on) is not None:
        facts = standing(policy, claim, entitlement_date(policy, claim)[1]).facts
    return facts.issuperset(limit.requires) and facts.isdisjoint(limit.except_)
