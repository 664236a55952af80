"""One claim in, one explained decision out; and a quote for an occupation at a level on a day.

Thread-safe: policies never change, and what the engine remembers of one is only ever added to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from subsidy.engine.cells import cell_of, too_weak
from subsidy.engine.decide import decide
from subsidy.engine.ledger import Ledger, case_of
from subsidy.engine.records import Record, Unusable, Usable, read_record, require
from subsidy.engine.trace import ClaimTrace, EntitlementTrace, UnusableTrace
from subsidy.model.claim import Claim
from subsidy.model.decision import Decision, Entitlement
from subsidy.model.errors import HistoryError, InputError
from subsidy.model.level import Level, Stream
from subsidy.model.text import read_date, shown, without_persons
from subsidy.model.words import Reason, Status
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["assess", "quote", "read_history"]


def quote(
    occupation: str,
    level: Level | int | str,
    on: date | str,
    *,
    stream: Stream | str = Stream.TRAINING,
    policy: Policy | None = None,
) -> Entitlement:
    """Say what the texts in force on a day give for an occupation at a level.

    Parameters
    ----------
    occupation : str
        Code, name (Chinese or English) or alias.
    level : Level, int or str
        In any spelling: 3, "三级", "高级工", "special".
    on : date or str
        The entitlement date (待遇认定日期): the day whose texts decide.
    stream : Stream or str
        Which fund pays; left out: training.
    policy : Policy, optional
        Left out: the packaged policy.

    Returns
    -------
    Entitlement
        Payable with base, uplift and amount; or refused or undetermined with the reason.

    Raises
    ------
    InputError
        If occupation, level, day or stream can't be read; it says what was found and what would serve.

    Notes
    -----
    Rules 1 to 3: design, section 4. No rule that depends on a person is asked.

    Examples
    --------
    >>> answer = quote("人工智能训练师", "三级", "2023-09-01")
    >>> answer.base, answer.uplift, answer.amount
    (Decimal('1800.00'), Decimal('540.00'), Decimal('2340.00'))
    >>> quote("人工智能训练师", 3, "2024-03-01").reason
    <Reason.NO_DIRECTORY_IN_FORCE: 'no_directory_in_force'>
    """
    policy = policy or default_policy()
    code = require(policy, occupation)
    wanted, day, fund = _read(level, on, stream)
    texts = policy.texts_on(day)
    cell = cell_of(policy, texts, fund, code, wanted)
    reason = cell.reason or too_weak(policy.minimum_confidence, cell.confidence)
    directory, catalog, rates, rules = texts.editions
    return Entitlement.made(
        EntitlementTrace(policy, texts, code, wanted, fund),
        status=Status.PAYABLE if reason is None else reason.status,
        reason=reason,
        detail="on" if reason is Reason.NO_RULES_IN_FORCE else None,
        base_fen=cell.base_fen,
        uplift_fen=cell.uplift_fen,
        amount_fen=cell.amount_fen if reason is None else 0,
        confidence=cell.confidence,
        directory_edition=directory,
        catalog_edition=catalog,
        rate_edition=rates,
        rules_edition=rules,
        policy_fingerprint=policy.fingerprint,
        occupation=code,
        level=wanted,
        stream=fund,
        on=day,
    )


def _read(level: object, on: object, stream: object) -> tuple[Level, date, Stream]:
    field, value = "level", level
    try:
        wanted = Level.read(level)
        field, value = "on", on
        day = read_date(on)
        field, value = "stream", stream
        return wanted, day, Stream.read(stream)
    except ValueError as error:
        raise InputError(field, shown(value), str(error)) from None


def assess(claim: Claim | Record, history: Iterable[Claim | Record] = (), *, policy: Policy | None = None) -> Decision:
    """Decide one claim.

    Parameters
    ----------
    claim : Claim or mapping
        A `Claim`, or a record by column headings (English or Chinese) as a form or a JSON file gives it.
    history : iterable of Claim or mapping, optional
        This person's claims already paid, in any order, also those applied for later; those of other persons
        are left aside.
    policy : Policy, optional
        Left out: the packaged policy.

    Returns
    -------
    Decision
        Status, reason, base, uplift, amount, confidence, editions; ``steps`` are built when asked for. A record that
        can't be used gives status ``invalid``, not an exception.

    Raises
    ------
    HistoryError
        If a history row can't be used, or a claim id stands twice among history and claim.

    Notes
    -----
    Rules 1 to 10: design, section 4.

    Examples
    --------
    >>> decision = assess({"申领编号": "C1", "身份证号": "11010519491231002X", "职业名称": "人工智能训练师",
    ...     "等级": "三级", "证书编号": "S1", "发证日期": "2023-09-01", "申请日期": "2023-10-08"})
    >>> decision.status, decision.amount
    (<Status.PAYABLE: 'payable'>, Decimal('2340.00'))
    """
    policy = policy or default_policy()
    read = read_record(policy, claim)
    earlier = read_history(policy, history)
    if isinstance(read, Unusable):
        check_ids(earlier, (read.claim_id,))
        return unusable_decision(policy, read)
    if earlier:
        check_ids(earlier, (read.claim.claim_id,))
        person = person_of(read)
        earlier = [paid for paid in earlier if person_of(paid) == person]
    return decide_usable(policy, read, earlier)


def person_of(usable: Usable) -> tuple[str, str]:
    """Give what tells persons apart: the id and its type."""
    return usable.claim.person_id, usable.claim.person_id_type


def in_order(usable: Usable) -> tuple[date, str]:
    """Give the order in which claims count: the day of application, then the claim id by code point."""
    return usable.claim.applied_on, usable.claim.claim_id


def decide_usable(policy: Policy, usable: Usable, earlier: list[Usable]) -> Decision:
    """Decide a usable claim after those of its person that count, given in their order."""
    ledger = Ledger(policy)
    for paid in earlier:
        ledger.add(case_of(policy, *paid))
    return decide(policy, case_of(policy, *usable), ledger, ClaimTrace(policy, usable, earlier, len(earlier)))


def unusable_decision(policy: Policy, unusable: Unusable) -> Decision:
    """Give the decision on a record that can't be used."""
    return Decision.made(
        UnusableTrace(policy, unusable),
        status=Status.INVALID,
        reason=unusable.reason,
        detail=unusable.detail,
        base_fen=None,
        uplift_fen=None,
        amount_fen=0,
        confidence=None,
        directory_edition=None,
        catalog_edition=None,
        rate_edition=None,
        rules_edition=None,
        policy_fingerprint=policy.fingerprint,
        claim_id=unusable.claim_id,
        blocked_by=None,
    )


def read_history(policy: Policy, history: Iterable[Claim | Record]) -> list[Usable]:
    """Read claims already paid into the order in which they count.

    Raises
    ------
    HistoryError
        With every row that can't be used, and every claim id that stands twice.
    """
    usable: list[Usable] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    for row, record in enumerate(history):
        read = read_record(policy, record)
        if isinstance(read, Unusable):
            problems.append(f"history[{row}]: {read.detail}: {read.reason}, expected {read.expected}")
            continue
        first = seen.setdefault(read.claim.claim_id, row)
        if first != row:
            problems.append(
                f"history[{row}]: claim_id: {without_persons(read.claim.claim_id)} stands in history[{first}] too"
            )
        usable.append(read)
    if problems:
        raise HistoryError(tuple(problems))
    return sorted(usable, key=in_order)


def check_ids(history: list[Usable], ids: Iterable[str | None]) -> None:
    wanted = set(ids)
    both = sorted({paid.claim.claim_id for paid in history} & wanted)
    if both:
        raise HistoryError(
            tuple(f"claim_id: {without_persons(name)} stands both in history and among the claims" for name in both)
        )
