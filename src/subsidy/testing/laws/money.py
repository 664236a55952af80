"""Laws of the amount: base, uplift, ceiling, rounding; each decision by itself, whatever stands before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from subsidy import Claim, Level, quote
from subsidy.model.money import format_yuan, round_fen
from subsidy.policy.texts import EntitlementPart, Uplift
from subsidy.testing.choices import UNKNOWN
from subsidy.testing.implementations import Row
from subsidy.testing.laws.law import Broken, Case, NotSaid, law
from subsidy.testing.laws.reading import (
    changed_rules,
    code_of,
    entitlement_day,
    facts_of,
    procedure_of,
    uplifts_for,
)

MONEY = "money"


def _payable(case: Case) -> Iterable[tuple[Claim, Row, EntitlementPart]]:
    """Give payable claims whose money is complete, and the entitlement part of the rules in force for each."""
    for claim, row in case.decided():
        procedure = procedure_of(case.policy, claim)
        if row.status != "payable" or procedure is None or None in {row.base_fen, row.uplift_fen, row.amount_fen}:
            continue
        rules = case.policy.texts_on(entitlement_day(procedure, claim)[1]).rules
        if rules is not None:
            yield claim, row, rules.entitlement


def _cell(amounts: Mapping[str, Mapping[Level, int]], category: str | None, level: Level) -> int | None:
    """Look a level up in the category's row, or in any's where there is none for the category."""
    return amounts.get(category or "any", amounts.get("any", {})).get(level)


@law(MONEY)
def amount_is_base_plus_uplift(case: Case) -> None:
    """Amount = base + uplift, exactly, in whole fen."""
    for row in case.rows:
        if row.status == "payable" and row.base_fen is not None and row.uplift_fen is not None:
            total = row.base_fen + row.uplift_fen
            if row.amount_fen != total or not isinstance(row.amount_fen, int):
                raise Broken(f"{row.claim_id}: the amount {format_yuan(total)}", row)


@law(MONEY)
def base_is_the_amount_of_the_table(case: Case) -> None:
    """Base amount: by_occupation's cell; else the row of the category; else any's row, where there is no other.

    Looked up in the rate table in force on the entitlement date.
    """
    for claim, row, _ in _payable(case):
        procedure = procedure_of(case.policy, claim)
        assert procedure is not None
        texts = case.policy.texts_on(entitlement_day(procedure, claim)[1])
        code = code_of(case.policy, claim)
        listing = texts.listing(code)
        if texts.rates is None or listing is None:
            raise Broken(f"{row.claim_id}: not payable: no rates in force or not listed", row)
        own = texts.amounts_of(claim.stream, code).get(claim.level)
        rows = texts.rates.amounts.get(claim.stream, {})
        base = _cell(rows, listing.category, claim.level) if own is None else own
        if base is None:
            raise Broken(f"{row.claim_id}: not payable: the table has no amount for this level", row)
        if row.base_fen != base:
            raise Broken(f"{row.claim_id}: base {format_yuan(base)}", row)


@law(MONEY)
def uplift_needs_all_that_it_requires(case: Case) -> None:
    """The candidates are the uplifts for this stream and level whose requires all hold: without one, no uplift.

    Where none holds the amount is the base under ceiling and rounding, so the uplift is at most one unit of rounding.
    """
    for claim, row, part in _payable(case):
        assert row.uplift_fen is not None
        if not uplifts_for(case.policy, claim) and row.uplift_fen >= max(part.rounding.to.fen, 1):
            known = ", ".join(sorted(facts_of(case.policy, claim))) or "nothing"
            raise Broken(f"{row.claim_id}: no uplift, for of the claim holds: {known}", row)


@law(MONEY)
def uplift_by_rate_is_a_share_of_the_base(case: Case) -> None:
    """Each uplift is a share of the base; highest takes the one worth most, sum all; only the total is rounded.

    Where every uplift that holds has a rate and prints no amounts, and no ceiling is stated for the level.
    """
    for claim, row, part in _payable(case):
        held = uplifts_for(case.policy, claim)
        if any(one.amounts or one.rate is None for one in held) or _ceiling(part, claim) is not None:
            continue
        rates = [Fraction(one.rate) for one in held if one.rate is not None]
        share = (sum(rates) if part.stacking == "sum" else max(rates, default=Fraction(0))) + 1
        _demand_amount(row, part, Fraction(row.base_fen or 0) * share, f"{Decimal(row.base_fen or 0) / 100} x {share}")


@law(MONEY)
def a_printed_amount_wins_over_the_rate(case: Case) -> None:
    """Printed amounts with the uplift: where a cell has one it wins over the rate.

    Where just one uplift holds, prints an amount for the claim's cell, and no ceiling is stated for the level.
    """
    for claim, row, part in _payable(case):
        held = uplifts_for(case.policy, claim)
        printed = _printed(case, claim, held[0]) if len(held) == 1 else None
        if printed is not None and _ceiling(part, claim) is None:
            _demand_amount(row, part, Fraction(printed), "the printed amount")


def _printed(case: Case, claim: Claim, uplift: Uplift) -> int | None:
    procedure = procedure_of(case.policy, claim)
    assert procedure is not None
    listing = case.policy.texts_on(entitlement_day(procedure, claim)[1]).listing(code_of(case.policy, claim))
    rows = uplift.amounts.get(claim.stream, {})
    return None if listing is None else _cell(rows, listing.category, claim.level)


def _ceiling(part: EntitlementPart, claim: Claim) -> int | None:
    return part.ceiling.get(claim.stream, {}).get(claim.level)


def _demand_amount(row: Row, part: EntitlementPart, exact: Fraction, of: str) -> None:
    due = round_fen(exact, part.rounding.to, part.rounding.mode)
    if row.amount_fen != due:
        unit = f"rounded to the {part.rounding.to} ({part.rounding.mode})"
        raise Broken(f"{row.claim_id}: the amount {format_yuan(due)}, {of} {unit}", row)


@law(MONEY)
def amount_never_above_the_ceiling(case: Case) -> None:
    """Ceiling, then rounding: the amount is never above the rounded ceiling of its stream and level."""
    for claim, row, part in _payable(case):
        most = _ceiling(part, claim)
        if most is None:
            continue
        rounded = round_fen(Fraction(most), part.rounding.to, part.rounding.mode)
        if (row.amount_fen or 0) > rounded:
            raise Broken(f"{row.claim_id}: at most the ceiling {format_yuan(rounded)}", row)


@law(MONEY)
def a_ceiling_only_takes_away(case: Case) -> None:
    """Amount = round(min(base + uplifts, ceiling)): without ceilings no base changes and no amount is lower."""
    if not any(edition.entitlement.ceiling for edition in case.policy.rules):
        raise NotSaid
    other = case.decide(case.world.having(policy=changed_rules(case.policy, ceiling={})))
    for here, there in zip(case.rows, other, strict=True):
        if (here.base_fen, here.status) != (there.base_fen, there.status):
            raise Broken(here, there, "the ceilings were left out")
        if (here.amount_fen or 0) > (there.amount_fen or 0):
            raise Broken(f"{here.claim_id}: no more than {format_yuan(there.amount_fen or 0)} without ceiling", here)


@law(MONEY)
def amounts_are_whole_units(case: Case) -> None:
    """Rounding is a rule of the policy: every amount is a whole number of its unit (fen, jiao, yuan)."""
    for _, row, part in _payable(case):
        if (row.amount_fen or 0) % part.rounding.to.fen:
            raise Broken(f"{row.claim_id}: whole {part.rounding.to}", row)


@law(MONEY)
def a_higher_rate_never_pays_less(case: Case) -> None:
    """Each uplift is a share of the base: with higher rates no claim is decided otherwise, and none is paid less."""
    if not any(one.rate is not None for edition in case.policy.rules for one in edition.entitlement.uplifts):
        raise NotSaid
    rules = tuple(
        edition.model_copy(update={"entitlement": _raised(edition.entitlement)}) for edition in case.policy.rules
    )
    other = case.decide(case.world.having(policy=replace(case.policy, rules=rules)))
    for here, there in zip(case.rows, other, strict=True):
        if (here.status, here.reason, here.base_fen) != (there.status, there.reason, there.base_fen):
            raise Broken(here, there, "all rates of uplifts were raised by 5 percent of the base")
        if (there.amount_fen or 0) < (here.amount_fen or 0):
            raise Broken(f"no less than {here}", there, "all rates of uplifts were raised by 5 percent of the base")


def _raised(part: EntitlementPart) -> EntitlementPart:
    uplifts = tuple(
        one if one.rate is None else one.model_copy(update={"rate": one.rate + Decimal("0.05")}) for one in part.uplifts
    )
    return part.model_copy(update={"uplifts": uplifts})


@law(MONEY)
def the_entitlement_is_that_of_its_date(case: Case) -> None:
    """Entitlement depends only on stream, occupation, level and entitlement date; its texts are those of that date.

    What they give is asked of `subsidy.quote`.
    """
    for claim, row in case.decided():
        procedure = procedure_of(case.policy, claim)
        if procedure is None:
            continue
        day = entitlement_day(procedure, claim)[1]
        due = quote(code_of(case.policy, claim), claim.level, day, stream=claim.stream, policy=case.policy)
        amount = due.amount_fen if row.status == "payable" else 0
        expected = (due.base_fen, due.uplift_fen, amount)
        if (row.base_fen, row.uplift_fen, row.amount_fen) != expected:
            shown = ", ".join("unknown" if fen is None else format_yuan(fen) for fen in expected)
            raise Broken(f"{row.claim_id}: base, uplift, amount {shown}: those of {day}", row)


@law(MONEY)
def what_is_not_listed_is_not_paid(case: Case) -> None:
    """An occupation that no edition of the directory lists is never paid, and nothing of it is known."""
    records = [dict(record) | {"occupation": UNKNOWN} for record in case.world.claims]
    if any(edition.covers == "all" and UNKNOWN in case.policy.classification for edition in case.policy.directory):
        raise NotSaid
    for row in case.decide(case.world.having(claims=records)):
        if row.status == "payable" or row.amount_fen or row.base_fen is not None:
            raise Broken(f"{row.claim_id}: not payable and no base", row, f"each occupation was made {UNKNOWN}")
