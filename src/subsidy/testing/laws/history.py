"""Laws of the history: what one person may be paid, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable

from subsidy import Claim
from subsidy.policy.texts import Procedure
from subsidy.testing.laws.law import Broken, Case, NotSaid, in_order, law
from subsidy.testing.laws.reading import (
    binds,
    code_of,
    counted,
    open_to_history,
    procedure_of,
    used_up,
)

HISTORY = "history"
_MOST = 3  # claims of a world that are left out, one after the other
DECISION = ("status", "reason", "detail", "base_fen", "uplift_fen", "amount_fen")


def _same_certificate(case: Case, claim: Claim, other: Claim) -> bool:
    return other.certificate_no == claim.certificate_no


def _same_level(case: Case, claim: Claim, other: Claim) -> bool:
    return other.level is claim.level and code_of(case.policy, other) == code_of(case.policy, claim)


def _higher_level(case: Case, claim: Claim, other: Claim) -> bool:
    procedure = procedure_of(case.policy, claim)
    return (
        procedure is not None
        and procedure.lower_after_higher == "refuse"
        and code_of(case.policy, other) == code_of(case.policy, claim)
        and other.level.higher_than(claim.level)
    )


_IN_THE_WAY: tuple[tuple[str, Callable[[Case, Claim, Claim], bool]], ...] = (
    ("certificate_already_paid", _same_certificate),
    ("same_level_already_paid", _same_level),
    ("higher_level_already_paid", _higher_level),
)


def _demand(case: Case, rule: int) -> None:
    """Demand that a rule says no just where an earlier claim stands in its way and no rule before it says no."""
    reason, stands = _IN_THE_WAY[rule]
    for place, claim in open_to_history(case):
        row, before = case.rows[place], counted(case, place)
        first = [any(in_way(case, claim, other) for other in before) for _, in_way in _IN_THE_WAY[: rule + 1]]
        if first[rule] and row.status == "payable":
            other = next(other for other in before if stands(case, claim, other))
            raise Broken(f"{row.claim_id}: refused: {reason} (by {other.claim_id})", row)
        if first[rule] and not any(first[:rule]) and row.reason != reason:
            raise Broken(f"{row.claim_id}: refused: {reason}", row)
        if row.reason == reason and not first[rule]:
            raise Broken(f"{row.claim_id}: not {reason}: of {_names(before)} none stands in the way", row)


def _names(claims: list[Claim]) -> str:
    return ", ".join(claim.claim_id for claim in claims) or "no earlier claims"


@law(HISTORY)
def one_payment_for_a_certificate(case: Case) -> None:
    """Same certificate number (normalised), in any stream: certificate_already_paid."""
    _demand(case, 0)


@law(HISTORY)
def one_payment_for_an_occupation_and_level(case: Case) -> None:
    """Same occupation and level, in any stream: same_level_already_paid."""
    _demand(case, 1)


@law(HISTORY)
def a_lower_level_after_a_higher_is_refused(case: Case) -> None:
    """A higher level of the same occupation, in any stream (where lower_after_higher: refuse).

    Level 1 is the highest; special is neither higher nor lower than any. A higher level after a lower one is paid.
    """
    _demand(case, 2)


@law(HISTORY)
def blocked_by_names_the_first_in_the_way(case: Case) -> None:
    """blocked_by = the id of the first claim in that order that stands in the way; of rules 7 to 9 only."""
    rules = dict(_IN_THE_WAY)
    for place, row in enumerate(case.rows):
        claim = case.claims[place]
        if row.reason not in rules:
            if row.blocked_by is not None:
                raise Broken(f"{row.claim_id}: blocked by nothing", row)
            continue
        if claim is None:
            continue
        before = counted(case, place)
        stands = rules[row.reason]
        # History counts first; for who decides one by one, what was decided already is history like all other.
        orders = (before, sorted(before, key=in_order))
        first = [next((one.claim_id for one in order if stands(case, claim, one)), None) for order in orders]
        if row.blocked_by not in first or row.blocked_by is None:
            raise Broken(f"{row.claim_id}: blocked by {first[0]}", row)


@law(HISTORY)
def limits_are_never_exceeded(case: Case) -> None:
    """Limits, on the payable claims of one person: never more than at_most per calendar year or lifetime."""
    for place, claim in open_to_history(case):
        if case.rows[place].status != "payable":
            continue
        procedure = procedure_of(case.policy, claim)
        for limit in procedure.limits if procedure is not None else ():
            if binds(case.policy, limit, claim):
                used = used_up(case.policy, limit, claim, counted(case, place))
                if used >= limit.at_most:
                    raise Broken(
                        f"{claim.claim_id}: refused: limit_reached ({limit.id}): {used} of {limit.at_most} used up",
                        case.rows[place],
                    )


@law(HISTORY)
def a_limit_binds_only_when_it_is_reached(case: Case) -> None:
    """limit_reached, detail = the first limit in the text that is reached; requires and except say what it counts."""
    for place, claim in open_to_history(case):
        row, procedure = case.rows[place], procedure_of(case.policy, claim)
        if row.reason == "limit_reached" and procedure is not None:
            reached = _reached(case, procedure, claim, counted(case, place))
            if row.detail != reached:
                raise Broken(
                    f"{row.claim_id}: {'limit_reached (' + reached + ')' if reached else 'no limit reached'}", row
                )


def _reached(case: Case, procedure: Procedure, claim: Claim, before: list[Claim]) -> str | None:
    return next(
        (
            limit.id
            for limit in procedure.limits
            if binds(case.policy, limit, claim) and used_up(case.policy, limit, claim, before) >= limit.at_most
        ),
        None,
    )


def _without(case: Case, place: int, changed: str, *, before: bool = False) -> None:
    """Demand that others (or those before one) are decided the same where one is left out."""
    kept = [at for at in range(len(case.rows)) if at != place]
    other = case.world.having(claims=[case.world.claims[at] for at in kept])
    own = case.claims[place]
    pairs = []
    for number, at in enumerate(kept):
        claim = case.claims[at]
        if not before or (claim is not None and own is not None and in_order(claim) < in_order(own)):
            pairs.append((at, number))
    case.same(other, pairs, changed)


@law(HISTORY)
def only_payable_claims_use_anything_up(case: Case) -> None:
    """Only payable claims use up anything: without one that isn't, all others are decided the same."""
    others = [place for place, row in enumerate(case.rows) if row.status in {"refused", "undetermined"}]
    for place in others[:_MOST]:
        _without(case, place, f"{case.rows[place].claim_id}, which is {case.rows[place].status}, was left out")


@law(HISTORY)
def a_later_claim_changes_no_earlier_one(case: Case) -> None:
    """Every payable claim counts that comes earlier by (applied_on, claim_id by code point), none that comes later."""
    payable = [place for place, row in enumerate(case.rows) if row.status == "payable"]
    for place in payable[:_MOST]:
        changed = f"{case.rows[place].claim_id} was left out, which comes later by applied_on and claim_id"
        _without(case, place, changed, before=True)


@law(HISTORY)
def a_paid_claim_counts_like_history(case: Case) -> None:
    """History is every claim paid in fact, then every payable claim that comes earlier: both count alike."""
    payable = [
        (in_order(claim), place)
        for place, (claim, row) in enumerate(zip(case.claims, case.rows, strict=True))
        if claim is not None and row.status == "payable"
    ]
    if not payable or len(case.rows) < 2:
        raise NotSaid
    when, first = min(payable)
    kept = [place for place in range(len(case.rows)) if place != first]
    later = {place for place, claim in enumerate(case.claims) if claim is not None and in_order(claim) > when}
    other = case.world.having(
        claims=[case.world.claims[place] for place in kept],
        history=[*case.world.history, case.world.claims[first]],
    )
    pairs = [(place, at) for at, place in enumerate(kept) if place in later]
    case.same(other, pairs, f"{case.rows[first].claim_id} was moved to the history", of=DECISION)


@law(HISTORY)
def history_counts_even_if_applied_for_later(case: Case) -> None:
    """Claims given as history were paid in fact, so all count, also those applied for later."""
    for place, (claim, row) in enumerate(zip(case.claims, case.rows, strict=True)):
        if claim is None or row.status != "payable":
            continue
        paid = dict(case.world.claims[place]) | {
            "claim_id": "PAID-LATER",
            "applied_on": claim.applied_on.replace(day=28),
        }
        if paid["applied_on"] < claim.applied_on:
            continue
        other = case.world.having(history=[*case.world.history, paid])
        found = case.decide(other)[place]
        if found.reason != "certificate_already_paid":
            changed = f"the same certificate stands in the history, applied for on {paid['applied_on']}"
            raise Broken(f"{row.claim_id}: refused: certificate_already_paid", found, changed)
        return
    raise NotSaid


@law(HISTORY)
def the_history_of_a_person_changes_no_entitlement(case: Case) -> None:
    """Entitlement depends only on stream, occupation, level and date: without history base and uplift stay."""
    if not case.world.history:
        raise NotSaid
    other = case.world.having(history=())
    case.same(
        other, [(at, at) for at in range(len(case.rows))], "the history was left out", of=("base_fen", "uplift_fen")
    )
