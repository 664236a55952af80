"""What the laws read in a policy and its claims themselves, without the engine: dates, facts, what stands before.

Only the policy's own look-ups are used (which text is in force, which entry lists an occupation), as an officer would.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from subsidy import Claim, Policy
from subsidy.policy.texts import Limit, Procedure, Uplift
from subsidy.testing.drawn_claims import months_later
from subsidy.testing.laws.law import Case, in_order

__all__ = ["changed_rules", "code_of", "counted", "entitlement_day", "facts_of", "last_day_to_apply", "procedure_of"]

BY_HISTORY = ("certificate_already_paid", "same_level_already_paid", "higher_level_already_paid", "limit_reached")


def code_of(policy: Policy, claim: Claim) -> str:
    """Give the code that the claim's occupation means."""
    return policy.vocabulary.code_of(claim.occupation) or claim.occupation


def person_of(claim: Claim) -> tuple[str, str]:
    """Give what tells persons apart."""
    return claim.person_id, claim.person_id_type


def procedure_of(policy: Policy, claim: Claim) -> Procedure | None:
    """Give the procedure of the rules edition in force on the day of application."""
    rules = policy.texts_on(claim.applied_on).rules
    return None if rules is None else rules.procedure


def entitlement_day(procedure: Procedure, claim: Claim) -> tuple[str, date]:
    """Give the name and the day of the entitlement date."""
    name = str(procedure.entitlement_date)
    if name == "training_filed_on" and claim.training_filed_on is None:
        name = "applied_on"
    day: date = getattr(claim, name)
    return name, day


def facts_of(policy: Policy, claim: Claim, procedure: Procedure | None = None) -> frozenset[str]:
    """Give shortage, digital and the tags on the claim's own entitlement date; what is unknown is false."""
    asked = procedure or procedure_of(policy, claim)
    if asked is None:
        return frozenset()
    texts = policy.texts_on(entitlement_day(asked, claim)[1])
    code = code_of(policy, claim)
    listing = texts.listing(code)
    if listing is None:
        return frozenset({"digital"} if code in policy.vocabulary.digital else ())
    found = set(listing.tags)
    digital = listing.digital
    listed = texts.entries.get(code)
    if listed is not None and claim.level in listed.entry.levels:
        found |= {"shortage", *listed.entry.tags}
        digital = listing.digital if listed.entry.digital is None else listed.entry.digital
    return frozenset(found | ({"digital"} if digital else set()))


def uplifts_for(policy: Policy, claim: Claim) -> list[Uplift]:
    """Give the uplifts of the text in force for the claim's stream and level whose requirements all hold."""
    procedure = procedure_of(policy, claim)
    rules = None if procedure is None else policy.texts_on(entitlement_day(procedure, claim)[1]).rules
    if rules is None:
        return []
    known = facts_of(policy, claim)
    return [
        one
        for one in rules.entitlement.uplifts
        if claim.stream in one.streams and claim.level in one.levels and known.issuperset(one.requires)
    ]


def last_day_to_apply(procedure: Procedure, claim: Claim) -> date | None:
    """Give the last day on which the claim is in time, None where there is no window."""
    window = procedure.claim_window
    if window is None:
        return None
    end = months_later(claim.certificate_date, window.months)
    return end if window.last_day == "inclusive" else end - timedelta(days=1)


def counted(case: Case, place: int) -> list[Claim]:
    """Give the claims of the same person that count before one: history first, then earlier payable ones."""
    own = case.claims[place]
    assert own is not None
    before = [
        claim
        for other, (claim, row) in enumerate(zip(case.claims, case.rows, strict=True))
        if claim is not None
        and other != place
        and row.status == "payable"
        and person_of(claim) == person_of(own)
        and in_order(claim) < in_order(own)
    ]
    paid = [claim for claim in case.history if person_of(claim) == person_of(own)]
    return [*paid, *sorted(before, key=in_order)]


def open_to_history(case: Case) -> Iterable[tuple[int, Claim]]:
    """Give the claims of which no rule before the history says no, as they were decided."""
    for place, (claim, row) in enumerate(zip(case.claims, case.rows, strict=True)):
        if claim is not None and (row.status in {"payable", "undetermined"} or row.reason in BY_HISTORY):
            procedure = procedure_of(case.policy, claim)
            if procedure is not None:
                yield place, claim


def binds(policy: Policy, limit: Limit, claim: Claim) -> bool:
    """Say whether a limit counts and binds a claim: by its stream and its facts."""
    known = facts_of(policy, claim)
    return claim.stream in limit.streams and known.issuperset(limit.requires) and known.isdisjoint(limit.except_)


def used_up(policy: Policy, limit: Limit, claim: Claim, before: Iterable[Claim]) -> int:
    """Count the claims before one that use a limit up."""
    return sum(
        binds(policy, limit, other) and (limit.per == "lifetime" or other.applied_on.year == claim.applied_on.year)
        for other in before
    )


def changed_rules(policy: Policy, **entitlement: Any) -> Policy:
    """Give the policy with parameters of the entitlement changed in every rules edition."""
    rules = tuple(
        edition.model_copy(update={"entitlement": edition.entitlement.model_copy(update=entitlement)})
        for edition in policy.rules
    )
    return replace(policy, rules=rules)
