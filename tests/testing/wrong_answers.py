"""Implementations whose answer is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from subsidy import Level, Policy, Reason, Status, assess
from subsidy.model.level import Stream
from subsidy.testing import Row
from subsidy.testing.drawn_claims import months_later
from subsidy.testing.implementations import rows_of
from tests.testing.mistakes import Record, Rows, add, right
from tests.testing.wrong_policies import entitlement, procedure

# -- the answer is wrong -----------------------------------------------------------------


def _answer(name: str, laws: str, change: Callable[[Rows], list[Any]]) -> None:
    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> list[Any]:
        return change(right(claims, history=history, policy=policy))

    add(name, laws, decide)


def _rows(change: Callable[[Row], Row]) -> Callable[[Rows], Rows]:
    return lambda rows: [change(row) for row in rows]


_answer("drops invalid rows", "rows_out_are_rows_in", lambda rows: [row for row in rows if row.status != "invalid"])
_answer("sorts the rows", "rows_out_are_rows_in", lambda rows: sorted(rows, key=lambda row: str(row.claim_id)))
_answer(
    "pays what can't be determined",
    "a_reason_has_its_status not_to_know_is_undetermined",
    _rows(lambda row: row._replace(status="payable") if row.status == "undetermined" else row),
)
_answer(
    "refuses what it doesn't know",
    "a_reason_has_its_status",
    _rows(lambda row: row._replace(status="refused") if row.status == "undetermined" else row),
)
_answer(
    "gives an amount that is refused",
    "only_payable_claims_have_an_amount",
    _rows(lambda row: row if row.base_fen is None else row._replace(amount_fen=row.base_fen + (row.uplift_fen or 0))),
)
_answer(
    "leaves the uplift out of the amount",
    "amount_is_base_plus_uplift",
    _rows(lambda row: row._replace(amount_fen=row.base_fen) if row.status == "payable" else row),
)
_answer(
    "gives yuan for fen",
    "base_is_the_amount_of_the_table",
    _rows(lambda row: row._replace(base_fen=row.base_fen // 100) if row.base_fen else row),
)
_answer(
    "doesn't say who blocks",
    "blocked_by_names_the_first_in_the_way",
    _rows(lambda row: row._replace(blocked_by=None)),
)
_answer(
    "gives no detail",
    "an_unusable_record_is_invalid a_limit_binds_only_when_it_is_reached",
    _rows(lambda row: row._replace(detail=None)),
)


_answer(
    "pays what has no rate table",
    "without_a_text_nothing_is_paid",
    _rows(
        lambda row: (
            row._replace(status="payable", reason=None, base_fen=100_000, uplift_fen=0, amount_fen=100_000)
            if row.reason == "no_rates_in_force"
            else row
        )
    ),
)
_answer(
    "pays what isn't listed",
    "what_is_not_listed_is_not_paid",
    _rows(
        lambda row: (
            row._replace(status="payable", reason=None, base_fen=100_000, uplift_fen=0, amount_fen=100_000)
            if row.reason == "occupation_not_listed"
            else row
        )
    ),
)


def _invalid_use_up(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Let a record that can't be used stand in the way of others with its certificate."""
    rows = right(claims, history=history, policy=policy)
    used = {one.get("certificate_no") for one, row in zip(claims, rows, strict=True) if row.status == "invalid"}
    refused = ("refused", "certificate_already_paid", None, None)
    return [
        Row(row.claim_id, *refused, row.base_fen, row.uplift_fen, 0)
        if row.status != "invalid" and one.get("certificate_no") in used
        else row
        for one, row in zip(claims, rows, strict=True)
    ]


add("lets invalid records use certificates up", "invalid_records_change_nobody_else", _invalid_use_up)


def _raises(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    rows = right(claims, history=history, policy=policy)
    for row in rows:
        if row.status == "invalid":
            raise ValueError(f"{row.claim_id} can't be used")
    return rows


add("raises at a bad row", "rows_out_are_rows_in", _raises)


def _keeps_all(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Decide each row under a name of its own; repeated ones are told apart, so all are decided."""
    named = [
        {**one, "claim_id": f"{one.get('claim_id')}~{row:03}"} if one.get("claim_id") else one
        for row, one in enumerate(claims)
    ]
    rows = right(named, history=history, policy=policy)
    return [
        row._replace(
            claim_id=row.claim_id and row.claim_id.partition("~")[0],
            blocked_by=row.blocked_by and row.blocked_by.partition("~")[0],
        )
        for row in rows
    ]


add("decides repeated ids", "of_repeated_rows_the_first_stays of_rows_that_differ_none_stays", _keeps_all)


def _keeps_first(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Take the first row of each id, whether or not the others are alike."""
    seen: set[object] = set()
    first = []
    for row, one in enumerate(claims):
        name = one.get("claim_id") or row
        if name not in seen:
            seen.add(name)
            first.append(row)
    alone = dict(zip(first, right([claims[row] for row in first], history=history, policy=policy), strict=True))
    invalid = (str(Status.INVALID), str(Reason.DUPLICATE_CLAIM_ID), "claim_id", None, None, None, 0)
    return [alone.get(row) or Row(str(claims[row].get("claim_id")), *invalid) for row in range(len(claims))]


add("keeps the first of rows that differ", "of_rows_that_differ_none_stays", _keeps_first)


def _above_the_ceiling(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Put the ceiling on the base, and the uplift on the ceiling."""
    whole = right(claims, history=history, policy=entitlement(ceiling=lambda _: {})(policy))
    capped = right(claims, history=history, policy=entitlement(uplifts=lambda _: ())(policy))
    rows = []
    for row, low in zip(whole, capped, strict=True):
        if row.status != "payable" or row.uplift_fen is None or low.amount_fen is None or row.base_fen is None:
            rows.append(row)
            continue
        amount = low.amount_fen + row.uplift_fen
        rows.append(row._replace(amount_fen=amount, uplift_fen=amount - row.base_fen))
    return rows


add("puts the uplift on the ceiling", "amount_never_above_the_ceiling", _above_the_ceiling)


def _window_in_days(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Count the months of the window as thirty days each."""
    free = procedure(claim_window=lambda _: None)(policy)
    kept: list[Record] = []
    for one in claims:
        rules = policy.texts_on(one["applied_on"]).rules if isinstance(one["applied_on"], date) else None
        window = None if rules is None else rules.procedure.claim_window
        late = window is not None and one["applied_on"] - one["certificate_date"] > timedelta(days=30 * window.months)
        kept.append({**one, "late": late})
    rows = right(kept, history=history, policy=free)
    return [
        row._replace(status="refused", reason="claimed_too_late", detail=None, blocked_by=None, amount_fen=0)
        if one["late"] and row.status in {"payable", "undetermined"}
        else row
        for row, one in zip(rows, kept, strict=True)
    ]


add("counts months as thirty days", "nobody_is_paid_after_the_window", _window_in_days)


def _month_end(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Let a window that would end on a day that its month doesn't have run into the next month."""
    moved = []
    for one in claims:
        rules = policy.texts_on(one["applied_on"]).rules if isinstance(one["applied_on"], date) else None
        window = None if rules is None else rules.procedure.claim_window
        issued = one["certificate_date"]
        if window is not None and isinstance(issued, date):
            end = months_later(issued, window.months)
            if end.day < issued.day and one["applied_on"] == end + timedelta(days=1):
                moved.append({**one, "applied_on": end})
                continue
        moved.append(dict(one))
    return right(moved, history=history, policy=policy)


add("runs over the end of the month", "nobody_is_paid_after_the_window", _month_end)


def _no_first_refusal(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Say that the window is over before anything else is asked."""
    rows = right(claims, history=history, policy=policy)
    for at, (row, one) in enumerate(zip(rows, claims, strict=True)):
        if row.reason in {"occupation_not_listed", "level_not_subsidised"} and isinstance(one["applied_on"], date):
            rules = policy.texts_on(one["applied_on"]).rules
            window = None if rules is None else rules.procedure.claim_window
            if window is not None and one["applied_on"] > months_later(one["certificate_date"], window.months):
                rows[at] = row._replace(reason="claimed_too_late")
    return rows


add("asks for the window first", "the_first_rule_that_says_no_is_the_reason", _no_first_refusal)


def _special_is_lowest(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Take a special ability for a level below all others."""

    def decide(claim: Record, paid: Sequence[Record]) -> Row:
        row = rows_of([assess(claim, paid, policy=policy)])[0]
        code = policy.vocabulary.code_of(str(claim["occupation"]))
        if row.status == "payable" and claim["level"] == "special":
            for one in paid:
                same = policy.vocabulary.code_of(str(one["occupation"])) == code
                if same and one["person_id"] == claim["person_id"] and one["level"] != "special":
                    reason = "higher_level_already_paid"
                    return row._replace(status="refused", reason=reason, blocked_by=one["claim_id"], amount_fen=0)
        return row

    paid, found = list(history), dict[int, Row]()
    for at in sorted(range(len(claims)), key=lambda at: (str(claims[at]["applied_on"]), str(claims[at]["claim_id"]))):
        found[at] = decide(claims[at], paid)
        if found[at].status == "payable":
            paid.append(claims[at])
    return [found[at] for at in range(len(claims))]


add("takes a special ability for the lowest level", "a_lower_level_after_a_higher_is_refused", _special_is_lowest)


def _year_of_certificate(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Count the limits of a year by the year of the certificate."""
    lasting = procedure(limits=lambda several: tuple(one for one in several if one.per == "lifetime"))(policy)
    paid, found = list(history), dict[int, Row]()
    for at in sorted(range(len(claims)), key=lambda at: (str(claims[at]["applied_on"]), str(claims[at]["claim_id"]))):
        claim = claims[at]
        moved = [
            {**one, "applied_on": claim["applied_on"]}
            for one in paid
            if str(one["certificate_date"])[:4] == str(claim["certificate_date"])[:4]
            and isinstance(claim["applied_on"], date)
            and claim["applied_on"] >= one["certificate_date"]
        ]
        row = rows_of([assess(claim, paid, policy=lasting)])[0]
        yearly = rows_of([assess(claim, moved, policy=policy)])[0]
        found[at] = yearly if row.status == "payable" and yearly.reason == "limit_reached" else row
        if found[at].status == "payable":
            paid.append(claim)
    return [found[at] for at in range(len(claims))]


add("counts a year by the certificate", "limits_are_never_exceeded", _year_of_certificate)


def _uplift_once(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Pay the uplift for the first certificate of a person only."""
    rows = right(claims, history=history, policy=policy)
    paid = {(one["person_id"], one["person_id_type"]) for one in history}
    return [
        row._replace(uplift_fen=0, amount_fen=row.base_fen if row.status == "payable" else 0)
        if (one.get("person_id"), one.get("person_id_type")) in paid and row.uplift_fen
        else row
        for row, one in zip(rows, claims, strict=True)
    ]


add("pays the uplift once to each person", "the_history_of_a_person_changes_no_entitlement", _uplift_once)


def _up_to_the_ceiling(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Take the ceiling for the amount."""
    rows = right(claims, history=history, policy=policy)
    for at, (row, one) in enumerate(zip(rows, claims, strict=True)):
        for edition in policy.rules if row.status == "payable" else ():
            most = edition.entitlement.ceiling.get(Stream.read(one["stream"]), {}).get(Level.read(one["level"]))
            if most is not None and row.base_fen is not None:
                rows[at] = row._replace(amount_fen=most, uplift_fen=most - row.base_fen)
    return rows


add("takes the ceiling for the amount", "a_ceiling_only_takes_away", _up_to_the_ceiling)


def _now_so_now_so() -> Callable[..., object]:
    asked = 0

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        nonlocal asked
        asked += 1
        rows = right(claims, history=history, policy=policy)
        return [row._replace(detail=f"{asked}") for row in rows] if asked % 2 else rows

    return decide


add("answers now so, now so", "the_same_again_gives_the_same", _now_so_now_so())
