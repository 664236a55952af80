"""Laws of the texts: which edition is in force, what a gap means, and what was known when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter
from typing import TypeVar

from subsidy import Confidence, Policy
from subsidy.model.level import Level
from subsidy.policy.texts import Edition, RatesEdition
from subsidy.testing.laws.law import Broken, Case, NotSaid, law
from subsidy.testing.laws.reading import entitlement_day, facts_of, person_of, procedure_of

TEXTS = "money"
_ENTITLEMENT = attrgetter("base_fen", "uplift_fen")
_DECIDED = attrgetter("status", "reason", "detail", "base_fen", "uplift_fen")
_DAY = timedelta(days=1)
E = TypeVar("E", bound=Edition)
_PRINTED = 77_777


def _all(case: Case) -> list[tuple[int, int]]:
    return [(at, at) for at in range(len(case.rows))]


def _new_rates(policy: Policy, first: date, published: date) -> Policy:
    """Give the policy with one more rate table, published last: every occupation and level at one amount."""
    amounts = {
        stream: {"any": dict.fromkeys(Level, _PRINTED)} for edition in policy.rates for stream in edition.amounts
    }
    one = RatesEdition.model_construct(
        **{
            **dict(policy.rates[0]),
            "id": "new-rates",
            "published_on": published,
            "effective_from": first,
            "effective_to": None,
            "ended": None,
            "amounts": amounts,
            "by_occupation": {},
        }
    )
    return replace(policy, rates=(*policy.rates, one))


def _latest_day(case: Case) -> date:
    days = [
        day
        for claim in (*case.claims, *case.history)
        if claim is not None
        for day in (claim.certificate_date, claim.applied_on)
    ]
    if not days or not case.policy.rates:
        raise NotSaid
    return max(days)


@law(TEXTS)
def a_later_text_changes_no_earlier_date(case: Case) -> None:
    """A text decides the dates that it governs: one that governs from a later day on changes no earlier claim."""
    first = _latest_day(case) + _DAY
    published = max(edition.published_on for edition in case.policy.editions) + _DAY
    other = case.world.having(policy=_new_rates(case.policy, first, published))
    case.same(other, _all(case), f"a rate table was added that governs from {first} on")


@law(TEXTS)
def the_text_published_last_is_in_force(case: Case) -> None:
    """Of the editions that govern a date the one published last is in force, also where it governs backwards."""
    _latest_day(case)
    published = max(edition.published_on for edition in case.policy.editions) + _DAY
    other = case.decide(case.world.having(policy=_new_rates(case.policy, date.min, published)))
    changed = "a rate table was added, published last and governing all days: 777.77 for each level"
    for here, there in zip(case.rows, other, strict=True):
        if here.base_fen is not None and there.base_fen != _PRINTED:
            raise Broken(f"{there.claim_id}: base 777.77", there, changed)


@law(TEXTS)
def what_was_not_published_was_not_known(case: Case) -> None:
    """policy.as_known_on(k), without what was published after k, reproduces any earlier decision.

    It must decide as a policy that never had the later texts (names of occupations stay known).
    """
    days = sorted({edition.published_on for edition in case.policy.editions})
    if len(days) < 2 or case.policy.whole is not None:
        raise NotSaid
    known = case.policy.as_known_on(days[-1] - _DAY)
    never = replace(known, known_on=None, whole=None)
    there = case.decide(case.world.having(policy=never))
    for here, expected in zip(case.decide(case.world.having(policy=known)), there, strict=True):
        if here != expected:
            raise Broken(expected, here, f"as known on {days[-1] - _DAY}")


@law(TEXTS)
def a_text_in_two_parts_says_the_same(case: Case) -> None:
    """A text governs its dates, bounds included: in two editions that follow each other it says the same."""
    payable = [claim for claim, row in case.decided() if row.status == "payable"]
    procedure = procedure_of(case.policy, payable[0]) if payable else None
    if procedure is None:
        raise NotSaid
    cut = entitlement_day(procedure, payable[0])[1] + _DAY
    rates = []
    for edition in case.policy.rates:
        if edition.effective_from < cut <= edition.last_day and edition.ended is None:
            rates.append(edition.model_copy(update={"effective_to": cut - _DAY}))
            rates.append(edition.model_copy(update={"id": f"{edition.id}-more", "effective_from": cut}))
        else:
            rates.append(edition)
    if len(rates) == len(case.policy.rates):
        raise NotSaid
    other = case.world.having(policy=replace(case.policy, rates=tuple(rates)))
    case.same(other, _all(case), f"each rate table was cut in two: until {cut - _DAY}, and from {cut} on")


@law(TEXTS)
def without_a_text_nothing_is_paid(case: Case) -> None:
    """A gap in the law is never a silent zero: without rules, directory or rates in force no claim is payable."""
    for name, reason, policy in (
        ("rules", "no_rules_in_force", replace(case.policy, rules=())),
        ("directory", "no_directory_in_force", replace(case.policy, directory=())),
        ("rates", "no_rates_in_force", replace(case.policy, rates=())),
    ):
        for row in case.decide(case.world.having(policy=policy)):
            if row.status == "payable" or row.amount_fen:
                raise Broken(f"{row.claim_id}: undetermined: {reason}", row, f"all editions of the {name} left out")
            if name == "rules" and row.status != "invalid" and (row.reason, row.detail) != (reason, "applied_on"):
                raise Broken(f"{row.claim_id}: undetermined: {reason} (applied_on)", row, "no rules at all")


@law(TEXTS)
def silence_of_an_incomplete_list_proves_nothing(case: Case) -> None:
    """complete: false: absence from the list proves nothing, so an amount that asks for shortage is undetermined.

    Where an uplift by rate for the claim's stream and level requires shortage, and no entry lists the occupation.
    """
    lists = tuple(edition.model_copy(update={"complete": False}) for edition in case.policy.catalog_editions)
    other = case.world.having(policy=replace(case.policy, catalog_editions=lists))
    persons = [person_of(claim) if claim is not None else None for claim in case.claims]
    for (claim, here), there in zip(zip(case.claims, case.rows, strict=True), case.decide(other), strict=True):
        if claim is None or here.status == "invalid":
            continue
        procedure = procedure_of(case.policy, claim)
        if procedure is None:
            continue
        rules = case.policy.texts_on(entitlement_day(procedure, claim)[1]).rules
        asked = rules is not None and any(
            one.rate is not None
            and "shortage" in one.requires
            and claim.stream in one.streams
            and claim.level in one.levels
            for one in rules.entitlement.uplifts
        )
        if asked and "shortage" not in facts_of(case.policy, claim) and there.status == "payable":
            raise Broken(f"{there.claim_id}: undetermined: catalog_incomplete", there, "every list made incomplete")
        # Where an earlier claim of the person is undetermined now, it uses nothing up any more.
        alike = _ENTITLEMENT if persons.count(person_of(claim)) > 1 else _DECIDED
        if asked and "shortage" in facts_of(case.policy, claim) and alike(here) != alike(there):
            raise Broken(here, there, "every list made incomplete; this occupation is on it")


@law(TEXTS)
def a_weaker_text_pays_nothing_more(case: Case) -> None:
    """minimum_confidence leaves weaker amounts undetermined: what it lets through is paid as without it.

    For persons with one claim and no history, since a claim that isn't paid uses nothing up. On texts that are all
    assumed, nothing is paid where secondary ones are asked for.
    """
    if case.policy.minimum_confidence is not None:
        raise NotSaid
    persons = [person_of(claim) if claim is not None else None for claim in case.claims]
    past = {person_of(claim) for claim in case.history}
    other = case.world.having(policy=case.policy.with_minimum_confidence(Confidence.OFFICIAL))
    for person, here, there in zip(persons, case.rows, case.decide(other), strict=True):
        if person is None or persons.count(person) > 1 or person in past:
            continue
        if there.status == "payable" and here != there:
            raise Broken(here, there, "a minimum confidence of official")
    weak = replace(
        case.policy,
        directory=_assumed(case.policy.directory),
        rates=_assumed(case.policy.rates),
        rules=_assumed(case.policy.rules),
    )
    asked = case.world.having(policy=weak.with_minimum_confidence(Confidence.SECONDARY))
    for row in case.decide(asked):
        if row.status == "payable":
            changed = "directory, rates and rules made assumed, a minimum confidence of secondary"
            raise Broken(f"{row.claim_id}: not payable: confidence_too_low", row, changed)


def _assumed(editions: tuple[E, ...]) -> tuple[E, ...]:
    update = {"confidence": Confidence.ASSUMED}
    return tuple(one.model_copy(update={"source": one.source.model_copy(update=update)}) for one in editions)
