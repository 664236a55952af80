"""One claim decided: the rules asked in their order, the first answer that stands in the way, the steps on demand.

Source of the order: design, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from subsidy.engine.cells import too_weak
from subsidy.engine.ledger import Case, Ledger
from subsidy.model.decision import Decision, Trace
from subsidy.model.words import Confidence, Reason, Status
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Procedure
from subsidy.rules.eligibility import (
    condition_met,
    conditions_of,
    insured_long_enough,
    within_claim_window,
)
from subsidy.rules.history import LEVEL_BIT, barred_bits, history_bars, limits_of

__all__ = ["Answer", "answers", "confidence_of", "decide"]


class Answer(NamedTuple):
    """What one rule said of one claim: no reason is a yes."""

    rule: str
    reason: Reason | None
    detail: str | None = None
    blocked_by: str | None = None


def confidence_of(case: Case) -> Confidence | None:
    """Give the weakest of the procedure's text and those that the entitlement consulted."""
    if case.procedure is None or case.cell is None:
        return None
    own = case.procedure.source.confidence
    other = case.cell.confidence
    return other if other is not None and other.weaker_than(own) else own


def answers(policy: Policy, case: Case, ledger: Ledger, *, every: bool = True) -> Iterator[Answer]:
    """Ask every rule of a claim in order, also those behind the first that stands in the way.

    With ``every=False`` only the answers that stand in the way are given: what a decision needs, in less time.
    """
    claim, cell = case.claim, case.cell
    if case.procedure is None or cell is None:
        yield Answer("entitlement", Reason.NO_RULES_IN_FORCE, "applied_on")
        return
    procedure, reason = case.procedure.procedure, cell.reason
    if reason or every:
        yield Answer("entitlement", reason, case.date_name if reason is Reason.NO_RULES_IN_FORCE else None)
    reason = too_weak(policy.minimum_confidence, confidence_of(case))
    if reason or every:
        yield Answer("minimum_confidence", reason)
    reason = within_claim_window(procedure.claim_window, claim.certificate_date, claim.applied_on)
    if reason or every:
        yield Answer("within_claim_window", reason)
    reason = insured_long_enough(procedure.insured_months.get(claim.stream), claim.insured_months)
    if reason or every:
        yield Answer("insured_long_enough", reason)
    for condition in conditions_of(procedure, claim):
        reason = condition_met(claim.conditions.get(condition.id))
        if reason or every:
            yield Answer("condition", reason, condition.id)
    if every or not ledger.empty or procedure.limits:
        yield from _history_answers(procedure, case, ledger, every)


def _history_answers(procedure: Procedure, case: Case, ledger: Ledger, every: bool) -> Iterator[Answer]:
    """Rules 7 to 10."""
    claim = case.claim
    paid_by = ledger.certificate_paid_by(claim.certificate_no)
    bit, barred = LEVEL_BIT[claim.level], barred_bits(procedure, claim.level)
    limits = limits_of(procedure, claim.stream, case.facts)
    counts = ((ledger.count(limit, case), limit.at_most) for limit in limits)
    binding = iter(limits)
    for reason, stands in history_bars(paid_by is not None, ledger.levels(case.code), bit, barred, counts):
        detail = next(binding).id if reason is Reason.LIMIT_REACHED else None
        if stands:
            first = paid_by
            if reason is not Reason.CERTIFICATE_ALREADY_PAID:
                bits = bit if reason is Reason.SAME_LEVEL_ALREADY_PAID else barred
                first = None if detail else ledger.first_claim(case.code, bits)
            yield Answer(_HISTORY_RULES[reason], reason, detail, first)
        elif every and (reason is not Reason.HIGHER_LEVEL_ALREADY_PAID or procedure.lower_after_higher == "refuse"):
            yield Answer(_HISTORY_RULES[reason], None, detail)


_HISTORY_RULES = {
    Reason.CERTIFICATE_ALREADY_PAID: "certificate_paid_once",
    Reason.SAME_LEVEL_ALREADY_PAID: "level_paid_once",
    Reason.HIGHER_LEVEL_ALREADY_PAID: "no_lower_after_higher",
    Reason.LIMIT_REACHED: "limit",
}


def decide(policy: Policy, case: Case, ledger: Ledger, trace: Trace | None = None) -> Decision:
    """Decide a usable claim against what its person was already paid."""
    stands = _YES
    for answer in answers(policy, case, ledger, every=False):
        if answer.reason is not None and answer.reason.status is Status.REFUSED:
            stands = answer
            break
        if stands is _YES:
            stands = answer
    reason = stands.reason
    cell = case.cell
    directory, catalog, rates, rules = case.texts.editions if case.texts is not None else _NO_EDITIONS
    return Decision.made(
        trace,
        status=Status.PAYABLE if reason is None else reason.status,
        reason=reason,
        detail=stands.detail,
        base_fen=cell.base_fen if cell else None,
        uplift_fen=cell.uplift_fen if cell else None,
        amount_fen=cell.amount_fen if cell and reason is None else 0,
        confidence=confidence_of(case),
        directory_edition=directory,
        catalog_edition=catalog,
        rate_edition=rates,
        rules_edition=rules,
        policy_fingerprint=policy.fingerprint,
        claim_id=case.claim.claim_id,
        blocked_by=stands.blocked_by,
    )


_YES = Answer("", None)
_NO_EDITIONS = (None, None, None, None)
