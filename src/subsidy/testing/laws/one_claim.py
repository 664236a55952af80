"""Laws of eligibility: what depends on one claim alone, and which rule's answer is the reason."""

from __future__ import annotations

from collections.abc import Iterable

from subsidy import Claim, Reason, Status, quote
from subsidy.testing.implementations import Row
from subsidy.testing.laws.law import Broken, Case, NotSaid, law
from subsidy.testing.laws.reading import (
    BY_HISTORY,
    code_of,
    entitlement_day,
    last_day_to_apply,
    procedure_of,
)

ONE_CLAIM = "procedure"
Answer = tuple[Reason, str | None]


def _answers(case: Case, claim: Claim) -> Iterable[Answer]:
    """Give what rules 1 to 6 find wrong, in their order; the entitlement is asked of `subsidy.quote`."""
    procedure = procedure_of(case.policy, claim)
    if procedure is None:
        yield Reason.NO_RULES_IN_FORCE, "applied_on"
        return
    name, day = entitlement_day(procedure, claim)
    due = quote(code_of(case.policy, claim), claim.level, day, stream=claim.stream, policy=case.policy)
    if due.reason is not None:
        yield due.reason, name if due.reason is Reason.NO_RULES_IN_FORCE else None
    last = last_day_to_apply(procedure, claim)
    if last is not None and claim.applied_on > last:
        yield Reason.CLAIMED_TOO_LATE, None
    months = procedure.insured_months.get(claim.stream)
    if months is not None and claim.insured_months is None:
        yield Reason.INSURED_MONTHS_UNKNOWN, None
    elif months is not None and claim.insured_months is not None and claim.insured_months < months:
        yield Reason.INSURED_TOO_SHORT, None
    for condition in procedure.conditions:
        if claim.stream in condition.streams:
            stated = claim.conditions.get(condition.id)
            if not stated:
                yield Reason.CONDITION_UNKNOWN if stated is None else Reason.CONDITION_NOT_MET, condition.id


def _judged(case: Case) -> Iterable[tuple[Claim, Row, list[Answer]]]:
    if case.policy.minimum_confidence is not None:
        raise NotSaid  # how sure the texts of the procedure are is no entitlement
    for claim, row in case.decided():
        yield claim, row, list(_answers(case, claim))


def _says(answer: Answer) -> str:
    return str(answer[0]) + (f" ({answer[1]})" if answer[1] else "")


@law(ONE_CLAIM)
def the_first_rule_that_says_no_is_the_reason(case: Case) -> None:
    """Refused: some rule says no; the reason is the first that does, in the order of the rules.

    What rules 1 to 3 say is asked of `subsidy.quote`.
    """
    for _, row, answers in _judged(case):
        no = next((one for one in answers if one[0].status is Status.REFUSED), None)
        if no is not None and (row.status, row.reason, row.detail) != ("refused", str(no[0]), no[1]):
            raise Broken(f"{row.claim_id}: refused: {_says(no)}", row)
        if no is None and row.status == "refused" and row.reason not in BY_HISTORY:
            raise Broken(f"{row.claim_id}: not refused: no rule says no", row)


@law(ONE_CLAIM)
def not_to_know_is_undetermined(case: Case) -> None:
    """Undetermined: no rule says no, but some can't say; the reason is the first of these.

    What rules 1 to 3 say is asked of `subsidy.quote`.
    """
    for _, row, answers in _judged(case):
        if row.status == "refused" or any(one[0].status is Status.REFUSED for one in answers):
            continue
        unclear = next(iter(answers), None)
        if unclear is not None and (row.status, row.reason, row.detail) != (
            "undetermined",
            str(unclear[0]),
            unclear[1],
        ):
            raise Broken(f"{row.claim_id}: undetermined: {_says(unclear)}", row)
        if unclear is None and row.status == "undetermined":
            raise Broken(f"{row.claim_id}: payable: every rule says yes", row)


@law(ONE_CLAIM)
def nobody_is_paid_after_the_window(case: Case) -> None:
    """Applied no later than the certificate date plus the months: same day of month, or the month's last day."""
    for claim, row in case.decided():
        procedure = procedure_of(case.policy, claim)
        last = None if procedure is None else last_day_to_apply(procedure, claim)
        if last is not None and claim.applied_on > last and row.status == "payable":
            raise Broken(f"{row.claim_id}: refused: claimed_too_late, for the last day was {last}", row)
        if row.reason == "claimed_too_late" and (last is None or claim.applied_on <= last):
            raise Broken(f"{row.claim_id}: in time, for the last day is {last or 'not limited'}", row)


@law(ONE_CLAIM)
def nobody_is_paid_with_too_few_months(case: Case) -> None:
    """Where the stream asks for months of insurance: too few is refused, unknown is undetermined, neither is paid."""
    for claim, row in case.decided():
        procedure = procedure_of(case.policy, claim)
        months = None if procedure is None else procedure.insured_months.get(claim.stream)
        enough = months is None or (claim.insured_months is not None and claim.insured_months >= months)
        if row.status == "payable" and not enough:
            raise Broken(f"{row.claim_id}: not payable: {months} months are asked", row)
        if row.reason in {"insured_too_short", "insured_months_unknown"} and enough:
            raise Broken(f"{row.claim_id}: insured long enough: {months or 'no'} months are asked", row)


@law(ONE_CLAIM)
def every_condition_must_be_true(case: Case) -> None:
    """Conditions are facts that a claim states and that must be true: false is refused, unknown is undetermined."""
    for claim, row in case.decided():
        procedure = procedure_of(case.policy, claim)
        asked = [
            one.id
            for one in (procedure.conditions if procedure is not None else ())
            if claim.stream in one.streams and not claim.conditions.get(one.id)
        ]
        if row.status == "payable" and asked:
            raise Broken(f"{row.claim_id}: not payable: the condition {asked[0]} isn't stated as true", row)
        if row.reason in {"condition_not_met", "condition_unknown"} and row.detail not in asked:
            raise Broken(f"{row.claim_id}: the condition {row.detail} is met, or isn't asked", row)


@law(ONE_CLAIM)
def a_fact_that_no_rule_asks_for_decides_nothing(case: Case) -> None:
    """Each rule asks for its own facts: insurance and conditions that the procedure doesn't ask for decide nothing."""
    records = []
    for record, claim in zip(case.world.claims, case.claims, strict=True):
        procedure = None if claim is None else procedure_of(case.policy, claim)
        if claim is None or procedure is None:
            records.append(record)
            continue
        asked = {one.id for one in procedure.conditions if claim.stream in one.streams}
        more = {name: None for name in case.policy.vocabulary.conditions if name not in asked}
        months = {} if claim.stream in procedure.insured_months else {"insured_months": None}
        records.append({**record, **more, **months})
    other = case.world.having(claims=records)
    case.same(other, [(at, at) for at in range(len(records))], "facts that no rule asks for were left out")
