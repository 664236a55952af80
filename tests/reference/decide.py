"""Claims in, decisions out: statuses, unusable records, the order of history, and the columns of a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.reference import forms
from tests.reference.rules import (
    CANNOT_SAY,
    Claim,
    conditions,
    entitlement_date,
    facts_of,
    insured,
    limit_reached,
    stands_in_the_way,
    too_late,
    worth_on,
)
from tests.reference.texts import (
    WEAKEST_FIRST,
    Policy,
    catalogues_in_force,
    code_of,
    confidence_of,
    in_force,
    procedure,
    weakest,
)

COLUMNS = (
    "claim_id",
    "status",
    "reason",
    "detail",
    "blocked_by",
    "base_fen",
    "uplift_fen",
    "amount_fen",
    "confidence",
    "directory_edition",
    "catalog_edition",
    "rate_edition",
    "rules_edition",
)
NEEDED = ("claim_id", "person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on")
OPTIONAL = ("stream", "insured_months", "training_filed_on", "person_id_type")
DATES = ("certificate_date", "applied_on", "training_filed_on")

HEADINGS = {
    "申领编号": "claim_id",
    "身份证号": "person_id",
    "证件号码": "person_id",
    "证件类型": "person_id_type",
    "职业编码": "occupation",
    "职业名称": "occupation",
    "职业(工种)": "occupation",
    "职业工种": "occupation",
    "职业": "occupation",
    "等级": "level",
    "技能等级": "level",
    "证书编号": "certificate_no",
    "发证日期": "certificate_date",
    "申请日期": "applied_on",
    "补贴项目": "stream",
    "参保月数": "insured_months",
    "备案日期": "training_filed_on",
}
"""The usual Chinese headings are accepted. Headings are compared without blanks and in capitals."""

NOTHING: list[tuple[str | None, str | None, str | None]] = [(None, None, None)]

Row = dict[str, Any]


class UnusableError(Exception):
    """The record itself is unusable: the reason, and what it names."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def decide(policy: Policy, claims: list[Row], history: list[Row], minimum: str | None = None) -> list[Row]:
    """No row is ever dropped, and one bad row never stops a batch: rows out = rows in, in the same order."""
    claims = [with_our_headings(policy, row) for row in claims]
    history = [with_our_headings(policy, row) for row in history]
    decisions: list[Row] = [{} for _ in claims]
    usable: list[tuple[int, Claim]] = []
    for place, row in enumerate(claims):
        try:
            usable.append((place, read_claim(policy, row, is_repeated(policy, claims, place))))
        except UnusableError as fault:
            decisions[place] = columns(claim_id_of(row), "invalid", fault.reason, fault.detail)
    # History in that order too: (applied_on, claim_id by code point).
    paid = sorted((read_claim(policy, row, False) for row in history), key=turn)
    for place, claim in sorted(usable, key=lambda one: turn(one[1])):
        decisions[place] = decide_one(policy, claim, [one for one in paid if one.person == claim.person], minimum)
        # Only payable claims use up anything.
        if decisions[place]["status"] == "payable":
            paid.append(claim)
    return decisions


def turn(claim: Claim) -> tuple[date, str]:
    return claim.applied_on, claim.claim_id


def columns(claim_id: str | None, status: str, reason: str | None, detail: str | None, **more: Any) -> Row:
    """What is unknown is null; the amount is 0 unless payable."""
    row: Row = dict.fromkeys(COLUMNS)
    row |= {"claim_id": claim_id, "status": status, "reason": reason, "detail": detail, "amount_fen": 0}
    return row | more


def with_our_headings(policy: Policy, row: Row) -> Row:
    """Other columns are left alone: nothing asks for them."""
    ours = {forms.compared(name): name for name in [*NEEDED, *OPTIONAL, *policy.condition_ids()]}
    ours |= HEADINGS
    return {ours.get(forms.compared(heading), heading): cell for heading, cell in row.items()}


# ---- the record ----------------------------------------------------------------------------------------------------


def claim_id_of(row: Row) -> str | None:
    try:
        return None if forms.is_empty(row.get("claim_id")) else forms.read_id(row["claim_id"])
    except forms.UnreadableError:
        return None


def is_repeated(policy: Policy, claims: list[Row], place: int) -> bool:
    """Other rows have the id: if all are alike in every (normalised) field, all but the first; if two differ, all."""
    claim_id = claim_id_of(claims[place])
    if claim_id is None:
        return False
    same = [other for other, row in enumerate(claims) if claim_id_of(row) == claim_id]
    if len(same) == 1:
        return False
    alike = all(normalised(policy, claims[other]) == normalised(policy, claims[same[0]]) for other in same)
    return not alike or place != same[0]


def normalised(policy: Policy, row: Row) -> Row:
    """Every field as far as it can be read, else its text."""
    readers: dict[str, Any] = {
        "claim_id": forms.read_id,
        "certificate_no": forms.read_id,
        "occupation": lambda cell: code_of(policy, cell),
        "level": forms.read_level,
        "stream": forms.read_stream,
        "insured_months": forms.read_months,
        "person_id_type": forms.read_person_type,
        **dict.fromkeys(DATES, forms.read_date),
        **dict.fromkeys(policy.condition_ids(), forms.read_boolean),
    }
    found = {"stream": "training", "person_id_type": "resident"}
    for name in [*readers, "person_id"]:
        cell = row.get(name)
        if forms.is_empty(cell):
            continue
        try:
            found[name] = readers[name](cell) if name in readers else forms.compared(str(cell))
        except forms.UnreadableError:
            found[name] = forms.plain(str(cell))
    return found


def read_claim(policy: Policy, row: Row, repeated: bool) -> Claim:
    """The first of the table of reasons, in its order."""
    if repeated:
        raise UnusableError("duplicate_claim_id", "claim_id")
    ids = {}
    for name in NEEDED:
        if forms.is_empty(row.get(name)):
            raise UnusableError("missing_value", name)
        if name in {"claim_id", "certificate_no"}:
            ids[name] = read(forms.read_id, row, name, "missing_value")
    kind = read(forms.read_person_type, row, "person_id_type", "bad_person_id", "resident")
    person = read(lambda cell: forms.read_person(cell, kind), row, "person_id", "bad_person_id")
    dates = {name: read(forms.read_date, row, name, "bad_date") for name in DATES}
    level = read(forms.read_level, row, "level", "bad_level")
    stream = read(forms.read_stream, row, "stream", "bad_stream", "training")
    occupation = read(lambda cell: code_of(policy, cell), row, "occupation", "bad_occupation")
    months = read(forms.read_months, row, "insured_months", "bad_number")
    stated = {name: read(forms.read_boolean, row, name, "bad_boolean") for name in policy.condition_ids()}
    if dates["applied_on"] < dates["certificate_date"]:
        raise UnusableError("applied_before_issue", "applied_on")
    if dates["training_filed_on"] is not None and dates["training_filed_on"] > dates["certificate_date"]:
        raise UnusableError("filed_after_certificate", "training_filed_on")
    return Claim(
        person=(kind, person),
        occupation=occupation,
        level=level,
        stream=stream,
        insured_months=months,
        conditions=stated,
        **ids,
        **dates,
    )


def read(reader: Any, row: Row, name: str, reason: str, left_out: Any = None) -> Any:
    if forms.is_empty(row.get(name)):
        return left_out
    try:
        return reader(row[name])
    except forms.UnreadableError as fault:
        raise UnusableError(reason, name) from fault


# ---- one claim -----------------------------------------------------------------------------------------------------


def decide_one(policy: Policy, claim: Claim, paid: list[Claim], minimum: str | None) -> Row:
    """Every rule in its order: payable where all say yes, refused by the first no, else undetermined by the first °."""
    governing = in_force(policy, policy.rules, claim.applied_on)
    if governing is None:  # then no other rule is asked
        return columns(claim.claim_id, "undetermined", "no_rules_in_force", "applied_on")
    terms = procedure(governing)
    name, on = entitlement_date(claim, terms)
    worth = worth_on(policy, claim, on)
    said: list[tuple[str | None, str | None, str | None]] = []  # reason, detail, blocked_by
    if worth.reason is not None:
        said.append((worth.reason, name if worth.reason == "no_rules_in_force" else None, None))
    confidence = weakest([confidence_of(governing), *worth.consulted])
    if minimum is not None and WEAKEST_FIRST.index(confidence or minimum) < WEAKEST_FIRST.index(minimum):
        said.append(("confidence_too_low", None, None))
    if too_late(claim, terms):
        said.append(("claimed_too_late", None, None))
    months = insured(claim, terms)
    if months is not None:
        said.append((months, None, None))
    said += [(reason, condition, None) for reason, condition in conditions(claim, terms)]
    said += [(reason, None, blocker) for reason, blocker in stands_in_the_way(claim, paid, terms)]
    with_facts = [(other, facts_of(policy, other, own_date(policy, other))) for other in paid]
    limit = limit_reached(claim, facts_of(policy, claim, on), with_facts, terms)
    if limit is not None:
        said.append(("limit_reached", limit, None))

    refusals = [one for one in said if one[0] not in CANNOT_SAY]
    status = "refused" if refusals else "undetermined" if said else "payable"
    reason, detail, blocker = (refusals or said or NOTHING)[0]
    return columns(
        claim.claim_id,
        status,
        reason,
        detail,
        blocked_by=blocker,
        base_fen=worth.base,
        uplift_fen=worth.uplift,
        amount_fen=(worth.base or 0) + (worth.uplift or 0) if status == "payable" else 0,
        confidence=confidence,
        **editions_on(policy, on),
    )


def own_date(policy: Policy, claim: Claim) -> date | None:
    """A claim's facts are those on its own entitlement date, which its own procedure gives."""
    governing = in_force(policy, policy.rules, claim.applied_on)
    return None if governing is None else entitlement_date(claim, procedure(governing))[1]


def editions_on(policy: Policy, on: date) -> dict[str, str | None]:
    """The editions in force on the entitlement date; catalogues that add are joined by +."""

    def name(edition: dict[str, Any] | None) -> str | None:
        return None if edition is None else str(edition["id"])

    return {
        "directory_edition": name(in_force(policy, policy.directory, on)),
        "catalog_edition": "+".join(edition["id"] for edition in catalogues_in_force(policy, on)) or None,
        "rate_edition": name(in_force(policy, policy.rates, on)),
        "rules_edition": name(in_force(policy, policy.rules, on)),
    }
