"""Design section 6 once more, written out claim by claim without the code that recalculates, nor that of rules 7 to 10.

Of the library it takes: how a record and a payment are read, the cell of the entitlement, and rules 4 to 6. What rules
7 to 10 ask, in which order money came, what was decided *then* and the table of causes stand here in the words of the
design. Payments must be valid; the library refuses others.

Where section 6 can be read in two ways, this is taken:

1. "Then" of a claim whose counting payments add up to zero is still that of the first of them: it was paid once.
2. "Paid", of those "paid but now undetermined or invalid", means a total above zero.
3. A payment of 0.00 counts: its day can be the first. It is never one of "two of the same amount above zero".
4. A row that can't be used counts wherever it can be read: without a person nowhere; without certificate, occupation,
   level or stream not in the rules that ask for it; without a day of application in no year, but in a lifetime. Its
   facts are known where occupation, level and entitlement date are. Its limits ask nothing, for it isn't decided.
5. A row that can't be used and has no day of application stands before others whose money came on the same day.
6. Where the rows of an id differ, the first of them by what they say has the money and counts as far as it can be
   read: that depends on no order.
7. `late_listing` is that of the procedure as known now; "all else as now" holds the facts of earlier claims too.
8. For `keep` a list came late if it became known after the day since which the total is above zero; else what was
   taken back, listed and paid anew would be due differently once it is booked. Where `keep` lowers what is due, "now"
   in the rows of the table below is still the decision as it is now.
9. An id without a claim has one row, also where none of its payments counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from subsidy import Level, Payment, Policy, Status, Stream
from subsidy.engine.decide import answers
from subsidy.engine.ledger import Ledger, case_of
from subsidy.engine.records import Unusable, Usable, read_record, readable
from subsidy.engine.sequence import mark_repeated
from subsidy.model.claim import PaymentState
from subsidy.model.person import is_resident_number
from subsidy.model.text import is_empty
from subsidy.model.words import Reason
from subsidy.policy.catalog import known
from subsidy.policy.texts import Limit, Procedure
from subsidy.rules.eligibility import entitlement_date_name
from subsidy.rules.entitlement import facts as facts_of

Record = Mapping[str, Any]
_HISTORY = {
    Reason.CERTIFICATE_ALREADY_PAID,
    Reason.SAME_LEVEL_ALREADY_PAID,
    Reason.HIGHER_LEVEL_ALREADY_PAID,
    Reason.LIMIT_REACHED,
}


@dataclass(frozen=True)
class Row:
    """What is proposed for a claim, or for an id that was paid and is no claim; *then* only where a cause needs it."""

    claim_id: str | None
    paid_fen: int
    due_fen: int
    cause: str | None = None
    status: str | None = None
    reason: str | None = None
    detail: str | None = None
    blocked_by: str | None = None
    then_status: str | None = None
    then_amount_fen: int | None = None
    base_then_fen: int | None = None
    uplift_then_fen: int | None = None

    @property
    def adjustment_fen(self) -> int:
        return self.due_fen - self.paid_fen

    @property
    def kind(self) -> str:
        return "none" if self.adjustment_fen == 0 else "top_up" if self.adjustment_fen > 0 else "recovery"


class Mark(NamedTuple):
    """What rules 7 to 10 can see of a claim; None for what can't be read."""

    claim_id: str
    certificate: str | None
    code: str | None
    level: Level | None
    stream: Stream | None
    year: int | None
    facts: frozenset[str]


class Answer(NamedTuple):
    status: Status
    reason: Reason | None
    detail: str | None
    blocked_by: str | None
    base: int | None
    uplift: int | None
    amount: int


# -- money -------------------------------------------------------------------------------


class Money(NamedTuple):
    paid: int
    first: date | None
    since: date | None
    twice: bool


def money_of(payments: Iterable[Payment]) -> Money:
    counting = [one for one in payments if one.state is PaymentState.PAID]
    days = sorted({one.paid_on for one in counting})
    ends = [sum(one.amount_fen for one in counting if one.paid_on <= day) for day in days]
    # the days from whose end on the total is above zero at every end of a day
    lasting = [day for place, day in enumerate(days) if min(ends[place:]) > 0]
    amounts = [one.amount_fen for one in counting if one.amount_fen > 0]
    return Money(
        ends[-1] if ends else 0,
        days[0] if days else None,
        lasting[0] if lasting else None,
        any(amounts.count(one) > 1 for one in amounts),
    )


# -- one claim ---------------------------------------------------------------------------


Bar = tuple[Reason, str | None, str | None]


def stands_in_the_way(procedure: Procedure, own: Mark, earlier: Sequence[Mark]) -> Bar | None:
    """Rules 7 to 10 in words: the reason, its detail, and which claim."""
    return _bar_by_claim(procedure, own, earlier) or _bar_by_limit(procedure, own, earlier)


def _bar_by_claim(procedure: Procedure, own: Mark, earlier: Sequence[Mark]) -> Bar | None:
    """Rules 7 to 9: the first claim that stands in the way."""
    assert own.level is not None
    levels = [(one.claim_id, one.level) for one in earlier if one.code == own.code and one.level is not None]
    blocking = {
        Reason.CERTIFICATE_ALREADY_PAID: [one.claim_id for one in earlier if one.certificate == own.certificate],
        Reason.SAME_LEVEL_ALREADY_PAID: [name for name, level in levels if level == own.level],
        Reason.HIGHER_LEVEL_ALREADY_PAID: [
            name for name, level in levels if level.higher_than(own.level) and procedure.lower_after_higher == "refuse"
        ],
    }
    return next(((reason, None, names[0]) for reason, names in blocking.items() if names), None)


def _bar_by_limit(procedure: Procedure, own: Mark, earlier: Sequence[Mark]) -> Bar | None:
    """Rule 10: the first limit that is reached."""
    for limit in procedure.limits:
        counted = [one for one in earlier if _sees(limit, one)]
        if limit.per == "calendar_year":
            counted = [one for one in counted if one.year == own.year]
        if _sees(limit, own) and len(counted) >= limit.at_most:
            return Reason.LIMIT_REACHED, limit.id, None
    return None


def _sees(limit: Limit, one: Mark) -> bool:
    facts = one.facts
    return one.stream in limit.streams and facts >= set(limit.requires) and not facts & set(limit.except_)


def mark_of(policy: Policy, usable: Usable) -> Mark:
    claim, code = usable
    facts = case_of(policy, *usable).facts
    return Mark(claim.claim_id, claim.certificate_no, code, claim.level, claim.stream, claim.applied_on.year, facts)


def decided(policy: Policy, usable: Usable, earlier: Sequence[Mark]) -> Answer:
    """Decide a claim after those that count before it."""
    case = case_of(policy, *usable)
    alone = answers(policy, case, Ledger(policy), every=False)
    found = [(one.reason, one.detail, one.blocked_by) for one in alone if one.reason and one.reason not in _HISTORY]
    if case.procedure is not None:
        more = stands_in_the_way(case.procedure.procedure, mark_of(policy, usable), earlier)
        found += [more] if more is not None else []
    refused = [one for one in found if one[0].status is Status.REFUSED]
    reason, detail, blocked_by = (refused + found + [(None, None, None)])[0]
    status = Status.PAYABLE if reason is None else reason.status
    base, uplift, amount = (
        (case.cell.base_fen, case.cell.uplift_fen, case.cell.amount_fen) if case.cell else (None,) * 3
    )
    return Answer(status, reason, detail, blocked_by, base, uplift, (amount or 0) if reason is None else 0)


# -- one row that may not be usable ------------------------------------------------------


def _id(read: Usable | Unusable) -> str | None:
    return read.claim.claim_id if isinstance(read, Usable) else read.claim_id


class Entry(NamedTuple):
    """A row of the claims with its money."""

    read: Usable | Unusable
    money: Money
    person: tuple[str, str] | None
    mark: Mark | None
    applied_on: date | None


def _entry(policy: Policy, record: Record, read: Usable | Unusable, money: Money) -> Entry:
    if isinstance(read, Usable):
        claim = read.claim
        return Entry(read, money, (claim.person_id, claim.person_id_type), mark_of(policy, read), claim.applied_on)
    seen: dict[str, Any] = readable(policy, record)
    person, kind, applied = seen.get("person_id"), seen.get("person_id_type"), seen.get("applied_on")
    if person is None or kind is None or (kind == "resident" and not is_resident_number(person)):
        return Entry(read, money, None, None, applied)
    mark = Mark(
        read.claim_id or "",
        seen.get("certificate_no"),
        seen.get("occupation"),
        seen.get("level"),
        seen.get("stream"),
        applied.year if applied else None,
        _facts_so_far(policy, seen),
    )
    return Entry(read, money, (person, kind), mark, applied)


def _facts_so_far(policy: Policy, seen: Mapping[str, Any]) -> frozenset[str]:
    code, level, applied = seen.get("occupation"), seen.get("level"), seen.get("applied_on")
    rules = policy.texts_on(applied).rules if applied else None
    if not code or not level or rules is None or "training_filed_on" not in seen:
        return frozenset()
    on = seen.get(entitlement_date_name(rules.procedure, filed=seen["training_filed_on"] is not None))
    return facts_of(policy.texts_on(on), code, level) if on else frozenset()


# -- all of them -------------------------------------------------------------------------


class _Knowledge:
    """A policy, and what was known of it on other days; each made once."""

    def __init__(self, policy: Policy) -> None:
        self.now = policy
        self._then: dict[date, Policy] = {}
        self._lists: dict[date, Policy] = {}

    def then(self, day: date) -> Policy:
        if day not in self._then:
            self._then[day] = self.now.as_known_on(day)
        return self._then[day]

    def with_lists_of(self, day: date) -> Policy:
        if day not in self._lists:
            self._lists[day] = replace(self.now, catalog_editions=known(self.now.catalog_editions, day))
        return self._lists[day]


def recalculated(
    policy: Policy, claims: Sequence[Record], payments: Sequence[Record], known_on: date | None = None
) -> list[Row]:
    """Give a row for each claim, then one for each id that was paid and is no claim, by id."""
    knowledge = _Knowledge(policy if known_on is None else policy.as_known_on(known_on))
    policy = knowledge.now
    read = mark_repeated(policy, list(claims), [read_record(policy, record) for record in claims])
    by_id: dict[str, list[Payment]] = {}
    for payment in (Payment.model_validate(dict(record)) for record in payments):
        by_id.setdefault(payment.claim_id, []).append(payment)
    owners = _owners(claims, read)
    entries = []
    for row, (record, one) in enumerate(zip(claims, read, strict=True)):
        name = _id(one)
        own = by_id.get(name, []) if name is not None and owners[name] == row else []
        entries.append(_entry(policy, record, one, money_of(own)))
    rows: dict[int, Row] = {}
    counted: dict[tuple[str, str], list[Mark]] = {}
    for row in sorted(range(len(entries)), key=lambda row: _turn(entries[row])):
        entry = entries[row]
        earlier = counted.setdefault(entry.person, []) if entry.person is not None else []
        rows[row] = _row(knowledge, entry, earlier)
        has_money = entry.money.paid > 0 and rows[row].status in {"undetermined", "invalid"}
        if entry.mark is not None and (rows[row].status == "payable" or has_money):
            earlier.append(entry.mark)
    orphans = [
        Row(name, money_of(by_id[name]).paid, 0, "payment_without_claim")
        for name in sorted(by_id)
        if name not in owners
    ]
    return [*(rows[row] for row in range(len(entries))), *orphans]


def _said(record: Record) -> list[str]:
    return ["" if is_empty(record[name]) else str(record[name]) for name in sorted(record)]


def _owners(claims: Sequence[Record], read: Sequence[Usable | Unusable]) -> dict[str, int]:
    """Give for each id the row that its money is counted for: the one that stays, or the first by what it says."""
    rows: dict[str, list[int]] = {}
    stays: dict[str, int] = {}
    for row, one in enumerate(read):
        name = _id(one)
        if name is not None:
            rows.setdefault(name, []).append(row)
            if isinstance(one, Usable) or one.reason is not Reason.DUPLICATE_CLAIM_ID:
                stays[name] = row
    said = [_said(record) for record in claims]
    return {name: min(some, key=lambda row: said[row]) for name, some in rows.items()} | stays


def _turn(entry: Entry) -> tuple[bool, date, date, str]:
    """Claims with money first, by the day since which their total is above zero; then the day and the id."""
    applied = entry.applied_on or date.min
    return entry.money.since is None, entry.money.since or applied, applied, _id(entry.read) or ""


def _row(knowledge: _Knowledge, entry: Entry, earlier: Sequence[Mark]) -> Row:
    read, money = entry.read, entry.money
    name, paid = _id(read), money.paid
    if isinstance(read, Unusable):
        return Row(name, paid, max(paid, 0), "undetermined", "invalid", str(read.reason), read.detail)
    now = decided(knowledge.now, read, earlier)
    reason = None if now.reason is None else str(now.reason)
    row = Row(name, paid, now.amount, None, str(now.status), reason, now.detail, now.blocked_by)
    if now.status is Status.UNDETERMINED:
        return replace(row, due_fen=max(paid, 0), cause="undetermined")
    if now.status is Status.PAYABLE:
        kept = _by_lists_of_then(knowledge, read, money, earlier)
        if kept is not None and kept.status is Status.PAYABLE and kept.amount < now.amount:
            row = replace(row, due_fen=kept.amount)
            if paid == row.due_fen:
                return replace(row, cause="listed_after_payment")
    if paid == row.due_fen:
        return row
    if now.status is Status.REFUSED and paid < 0:
        return replace(row, cause="paid_amount_wrong")
    then = decided(knowledge.then(money.first or read.claim.applied_on), read, earlier)
    refused = now.status is Status.REFUSED
    return replace(
        row,
        cause="became_unpayable" if refused else _cause(money, row.due_fen, then, now),
        then_status=str(then.status),
        then_amount_fen=then.amount,
        base_then_fen=then.base,
        uplift_then_fen=then.uplift,
    )


def _by_lists_of_then(knowledge: _Knowledge, read: Usable, money: Money, earlier: Sequence[Mark]) -> Answer | None:
    """Where the text says `keep` and money was paid: the decision with only the lists that were known then."""
    rules = knowledge.now.texts_on(read.claim.applied_on).rules
    if rules is None or rules.procedure.late_listing != "keep" or money.paid <= 0 or money.since is None:
        return None
    return decided(knowledge.with_lists_of(money.since), read, earlier)


def _cause(money: Money, due: int, then: Answer, now: Answer) -> str:
    """Ask the table, row by row, of a claim that is payable now and whose money differs from what is due."""
    payable_then = then.status is Status.PAYABLE
    if money.paid < 0:
        return "paid_amount_wrong"
    if money.paid == 0:
        return "not_paid_yet" if payable_then else "became_payable"
    if money.twice and money.paid > due:
        return "paid_twice"
    if not payable_then or money.paid != then.amount:
        return "paid_amount_wrong"
    if then.base != now.base:
        return "base_changed"
    if then.uplift == 0 and now.uplift != 0:
        return "uplift_gained"
    if then.uplift != 0 and now.uplift == 0:
        return "uplift_lost"
    return "uplift_rate_changed"
