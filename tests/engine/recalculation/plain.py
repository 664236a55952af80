"""Recalculation in the plainest way, claim by claim, from design section 6; with the rules of a single claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, cast

from subsidy import Level, Payment, Policy, Status, Stream
from subsidy.engine.decide import decide
from subsidy.engine.ledger import Case, Ledger, case_of
from subsidy.engine.records import Unusable, Usable, read_record, readable
from subsidy.engine.sequence import mark_repeated
from subsidy.model.claim import PaymentState
from subsidy.model.decision import Decision
from subsidy.model.person import is_resident_number
from subsidy.model.text import is_empty
from subsidy.model.words import Reason
from subsidy.policy.catalog import known
from subsidy.policy.texts import Limit
from subsidy.rules.eligibility import entitlement_date_name
from subsidy.rules.entitlement import facts as facts_of
from subsidy.rules.history import LEVEL_BIT, binds

Record = Mapping[str, Any]
Read = Usable | Unusable


class Row(NamedTuple):
    claim_id: str | None
    paid_fen: int
    due_fen: int
    cause: str | None
    status: str | None
    reason: str | None
    detail: str | None
    blocked_by: str | None


class Counted(NamedTuple):
    """A claim that keeps money, as far as it can be read."""

    claim_id: str
    certificate: str | None
    code: str | None
    level: Level | None
    stream: Stream | None
    applied_on: date | None
    facts: frozenset[str]


class Paid:
    """What rules 7 to 10 ask, answered from a plain list; stands in for the ledger."""

    def __init__(self, counted: Sequence[Counted]) -> None:
        self._counted = counted
        self.empty = False

    def certificate_paid_by(self, certificate: str) -> str | None:
        return next((one.claim_id for one in self._counted if one.certificate == certificate), None)

    def _of(self, code: str) -> list[tuple[int, str]]:
        return [(LEVEL_BIT[one.level], one.claim_id) for one in self._counted if one.code == code and one.level]

    def levels(self, code: str) -> int:
        bits = 0
        for bit, _ in self._of(code):
            bits |= bit
        return bits

    def first_claim(self, code: str, bits: int) -> str | None:
        return next((name for bit, name in self._of(code) if bit & bits), None)

    def count(self, limit: Limit, case: Case) -> int:
        yearly = limit.per == "calendar_year"
        return sum(
            one.stream is not None
            and binds(limit, one.stream, one.facts)
            and (not yearly or (one.applied_on is not None and one.applied_on.year == case.claim.applied_on.year))
            for one in self._counted
        )


class Money(NamedTuple):
    paid: int
    since: date | None
    first: date | None
    twice: bool


def money_of(payments: Iterable[Payment]) -> Money:
    counting = sorted((one for one in payments if one.state is PaymentState.PAID), key=lambda one: one.paid_on)
    total, since, amounts = 0, None, [one.amount_fen for one in counting if one.amount_fen > 0]
    for day in sorted({one.paid_on for one in counting}):
        total += sum(one.amount_fen for one in counting if one.paid_on == day)
        since = (since or day) if total > 0 else None
    first = counting[0].paid_on if counting else None
    return Money(total, since, first, len(amounts) != len(set(amounts)))


def _decided(policy: Policy, usable: Usable, counted: Sequence[Counted]) -> Decision:
    return decide(policy, case_of(policy, *usable), cast(Ledger, Paid(counted)))


def _counted(policy: Policy, record: Record, read: Read) -> tuple[tuple[str, str], Counted] | None:
    """Give the person and what counts of a claim that keeps money."""
    if isinstance(read, Usable):
        claim, code = read
        facts = case_of(policy, *read).facts
        own = Counted(claim.claim_id, claim.certificate_no, code, claim.level, claim.stream, claim.applied_on, facts)
        return (claim.person_id, str(claim.person_id_type)), own
    values: dict[str, Any] = readable(policy, record)
    person: Any = values.get("person_id")
    kind = str(values.get("person_id_type"))
    if person is None or "person_id_type" not in values or (kind == "resident" and not is_resident_number(person)):
        return None
    level, applied = values.get("level"), values.get("applied_on")
    occupation: Any = values.get("occupation")
    facts = frozenset[str]()
    code = occupation
    if code and level and applied and "training_filed_on" in values:
        rules = policy.texts_on(applied).rules
        if rules is not None:
            filed = values["training_filed_on"] is not None
            on = values.get(entitlement_date_name(rules.procedure, filed=filed))
            facts = facts_of(policy.texts_on(on), code, level) if on else facts
    own = Counted(
        str(values.get("claim_id") or ""),
        values.get("certificate_no"),
        code,
        level,
        values.get("stream"),
        applied,
        facts,
    )
    return (person, kind), own


def recalculated(
    policy: Policy, claims: Sequence[Record], payments: Sequence[Record], known_on: date | None = None
) -> list[Row]:
    """Give a row for each claim, then one for each id that was paid and is no claim."""
    policy = policy if known_on is None else policy.as_known_on(known_on)
    read = mark_repeated(policy, list(claims), [read_record(policy, record) for record in claims])
    owner = _owners(claims, read)
    by_claim: dict[str, list[Payment]] = {}
    for payment in (Payment.model_validate(one) for one in payments):
        by_claim.setdefault(payment.claim_id, []).append(payment)
    money = [
        money_of(by_claim.get(name, ()) if name is not None and owner[name] == row else ())
        for row, name in enumerate(map(_id, read))
    ]
    rows: dict[int, Row] = {}
    persons: dict[tuple[str, str], list[Counted]] = {}
    for row in sorted(range(len(claims)), key=lambda row: _turn(policy, claims[row], read[row], money[row])):
        found = _counted(policy, claims[row], read[row])
        earlier = persons.setdefault(found[0], []) if found is not None else []
        rows[row], keeps = _row(policy, read[row], money[row], earlier)
        if keeps and found is not None:
            earlier.append(found[1])
    orphans = [
        Row(name, money_of(paid).paid, 0, "payment_without_claim", None, None, None, None)
        for name, paid in sorted(by_claim.items())
        if name not in owner
    ]
    return [*(rows[row] for row in range(len(claims))), *orphans]


def _id(read: Read) -> str | None:
    return read.claim.claim_id if isinstance(read, Usable) else read.claim_id


def _said(record: Record) -> list[str]:
    return ["" if is_empty(record[name]) else str(record[name]) for name in sorted(record)]


def _owners(claims: Sequence[Record], read: Sequence[Read]) -> dict[str, int]:
    """Say which row the money of an id belongs to: the one that stays; where none stays, the first by what it says."""
    owner: dict[str, int] = {}
    repeated = [isinstance(one, Unusable) and one.reason is Reason.DUPLICATE_CLAIM_ID for one in read]
    for row in sorted(range(len(read)), key=lambda row: (repeated[row], _said(claims[row]), row)):
        name = _id(read[row])
        if name is not None:
            owner.setdefault(name, row)
    return owner


def _turn(policy: Policy, record: Record, read: Read, money: Money) -> tuple[bool, date, date, str]:
    applied = read.claim.applied_on if isinstance(read, Usable) else readable(policy, record).get("applied_on")
    day = applied if isinstance(applied, date) else date.min
    return money.paid <= 0, (money.since or day) if money.paid > 0 else day, day, _id(read) or ""


def _row(policy: Policy, read: Read, money: Money, earlier: Sequence[Counted]) -> tuple[Row, bool]:
    """Set one claim's due against what was paid; and say whether it keeps money."""
    paid = money.paid
    if isinstance(read, Unusable):
        due = max(paid, 0)
        return Row(read.claim_id, paid, due, "undetermined", "invalid", str(read.reason), read.detail, None), paid > 0
    now = _decided(policy, read, earlier)
    due, cause = _due(policy, read, money, earlier, now)
    keeps = now.status is Status.PAYABLE or (now.status is Status.UNDETERMINED and paid > 0)
    reason = None if now.reason is None else str(now.reason)
    return Row(read.claim.claim_id, paid, due, cause, str(now.status), reason, now.detail, now.blocked_by), keeps


def _due(
    policy: Policy, usable: Usable, money: Money, earlier: Sequence[Counted], now: Decision
) -> tuple[int, str | None]:
    """Say what is due, and ask the table of causes from its top."""
    paid, due = money.paid, now.amount_fen
    if now.status is Status.UNDETERMINED:
        return max(paid, 0), "undetermined"
    kept = _kept(policy, usable, money, earlier) if now.status is Status.PAYABLE else None
    if kept is not None and kept < due:
        due = kept
        if paid == due:
            return due, "listed_after_payment"
    if paid == due:
        return due, None
    if paid < 0:
        return due, "paid_amount_wrong"
    if now.status is not Status.PAYABLE:
        return 0, "became_unpayable"
    then = _decided(policy.as_known_on(money.first or usable.claim.applied_on), usable, earlier)
    return due, _cause(money, due, then, now)


def _kept(policy: Policy, usable: Usable, money: Money, earlier: Sequence[Counted]) -> int | None:
    """Where the text says `keep`: what is payable with only the lists that were known when it was paid."""
    rules = policy.texts_on(usable.claim.applied_on).rules
    if rules is None or rules.procedure.late_listing != "keep" or money.paid <= 0 or money.since is None:
        return None
    lists = known(policy.catalog_editions, money.since)
    before = _decided(replace(policy, catalog_editions=lists), usable, earlier)
    return before.amount_fen if before.status is Status.PAYABLE else None


def _cause(money: Money, due: int, then: Decision, now: Decision) -> str:
    """Ask the rows of the table that look at what was decided then, of a payable claim."""
    was = then.status is Status.PAYABLE
    rows = (
        (money.paid == 0 and was, "not_paid_yet"),
        (money.paid == 0, "became_payable"),
        (money.twice and money.paid > due, "paid_twice"),
        (not was or money.paid != then.amount_fen, "paid_amount_wrong"),
        (then.base_fen != now.base_fen, "base_changed"),
        (not then.uplift_fen and bool(now.uplift_fen), "uplift_gained"),
        (bool(then.uplift_fen) and not now.uplift_fen, "uplift_lost"),
        (True, "uplift_rate_changed"),
    )
    return next(cause for holds, cause in rows if holds)
