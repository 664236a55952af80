"""Claims in a row: a plain loop that decides each after those of the same person that count before it."""

from __future__ import annotations

from collections.abc import Iterable

from subsidy.engine.assess import (
    check_ids,
    in_order,
    person_of,
    read_history,
    unusable_decision,
)
from subsidy.engine.decide import decide
from subsidy.engine.ledger import Ledger, case_of
from subsidy.engine.records import Record, Unusable, Usable, normal_form, read_record
from subsidy.engine.trace import ClaimTrace
from subsidy.model.claim import Claim
from subsidy.model.decision import Decision
from subsidy.model.words import Reason, Status
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["assess_all", "mark_repeated"]


class _Person:
    """One person's claims that count so far: as a ledger to ask, and as a list to retrace steps by."""

    def __init__(self, policy: Policy) -> None:
        self.ledger = Ledger(policy)
        self.paid: list[Usable] = []

    def add(self, policy: Policy, usable: Usable) -> None:
        self.ledger.add(case_of(policy, *usable))
        self.paid.append(usable)


def assess_all(
    claims: Iterable[Claim | Record], history: Iterable[Claim | Record] = (), *, policy: Policy | None = None
) -> list[Decision]:
    """Decide claims together: one decision for each row, in the order given.

    Parameters
    ----------
    claims : iterable of Claim or mapping
        Of any number of persons, in any order.
    history : iterable of Claim or mapping, optional
        Claims already paid; all of them count.
    policy : Policy, optional
        Left out: the packaged policy.

    Returns
    -------
    list of Decision
        Rows out = rows in. Of one person's claims those applied for earlier count first, then by claim id.

    Raises
    ------
    HistoryError
        If a history row can't be used, or a claim id stands both in history and among the claims.

    Examples
    --------
    >>> row = {"person_id": "11010519491231002X", "occupation": "人工智能训练师", "level": 3,
    ...     "certificate_date": "2023-09-01", "applied_on": "2023-10-08"}
    >>> [str(d.reason) for d in assess_all([row | {"claim_id": "C2", "certificate_no": "S2"},
    ...     row | {"claim_id": "C1", "certificate_no": "S1"}])]
    ['same_level_already_paid', 'None']
    """
    policy = policy or default_policy()
    records = list(claims)
    read = mark_repeated(policy, records, [read_record(policy, record) for record in records])
    earlier = read_history(policy, history)
    check_ids(earlier, (_id_of(one) for one in read))
    persons: dict[tuple[str, str], _Person] = {}
    for paid in earlier:
        persons.setdefault(person_of(paid), _Person(policy)).add(policy, paid)
    decisions: dict[int, Decision] = {}
    usable = [(row, one) for row, one in enumerate(read) if isinstance(one, Usable)]
    for row, one in sorted(usable, key=lambda item: in_order(item[1])):
        person = persons.setdefault(person_of(one), _Person(policy))
        trace = ClaimTrace(policy, one, person.paid, len(person.paid))
        decision = decisions[row] = decide(policy, case_of(policy, *one), person.ledger, trace)
        if decision.status is Status.PAYABLE:
            person.add(policy, one)
    decisions |= {row: unusable_decision(policy, bad) for row, bad in enumerate(read) if isinstance(bad, Unusable)}
    return [decisions[row] for row in range(len(read))]


def _id_of(read: Usable | Unusable) -> str | None:
    return read.claim.claim_id if isinstance(read, Usable) else read.claim_id


def mark_repeated(
    policy: Policy, records: list[Claim | Record], read: list[Usable | Unusable]
) -> list[Usable | Unusable]:
    """Mark rows whose claim id other rows have: all but the first where all are alike, else all of them."""
    rows: dict[str, list[int]] = {}
    for row, one in enumerate(read):
        name = _id_of(one)
        if name is not None:
            rows.setdefault(name, []).append(row)
    for name, places in rows.items():
        if len(places) > 1:
            alike = len({normal_form(policy, records[row]) for row in places}) == 1
            for row in places[1:] if alike else places:
                expected = "an id that no other row has"
                read[row] = Unusable(name, Reason.DUPLICATE_CLAIM_ID, "claim_id", expected)
    return read
