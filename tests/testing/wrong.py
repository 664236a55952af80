"""Wrong implementations: each is ours with one small mutation, of the kind that a back office gets wrong.

A mutation stands before our engine (the policy or the records are read wrongly), behind it (the answer is), or takes
the place of the loop that lets claims count for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from subsidy import Level, Policy, Reason, Status, assess
from subsidy.engine.sequence import assess_all
from subsidy.model.level import Stream
from subsidy.model.money import Rounding, RoundingMode
from subsidy.policy.texts import EntitlementDate
from subsidy.testing import Row
from subsidy.testing.choices import UNKNOWN
from subsidy.testing.drawn_claims import months_later
from subsidy.testing.implementations import rows_of

Record = Mapping[str, Any]
Rows = list[Row]


class Wrong(NamedTuple):
    """A wrong implementation, and the laws that must be found broken."""

    name: str
    decide: Callable[..., object]
    laws: tuple[str, ...]


def right(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    return rows_of(assess_all(claims, history, policy=policy))


WRONG: list[Wrong] = []


def _add(name: str, laws: str, decide: Callable[..., object]) -> None:
    WRONG.append(Wrong(name, decide, tuple(laws.split())))


# -- the policy is read wrongly ----------------------------------------------------------


def _policy(name: str, laws: str, change: Callable[[Policy], Policy]) -> None:
    changed: dict[int, tuple[Policy, Policy]] = {}  # the key holds the policy, so that its id isn't another's

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        if id(policy) not in changed:
            changed[id(policy)] = policy, change(policy)
        return right(claims, history=history, policy=changed[id(policy)][1])

    _add(name, laws, decide)


def _entitlement(**update: Callable[[Any], Any]) -> Callable[[Policy], Policy]:
    return _rules("entitlement", update)


def _procedure(**update: Callable[[Any], Any]) -> Callable[[Policy], Policy]:
    return _rules("procedure", update)


def _rules(part: str, update: Mapping[str, Callable[[Any], Any]]) -> Callable[[Policy], Policy]:
    def change(policy: Policy) -> Policy:
        rules = []
        for edition in policy.rules:
            old = getattr(edition, part)
            new = {name: make(getattr(old, name)) for name, make in update.items()}
            rules.append(edition.model_copy(update={part: old.model_copy(update=new)}))
        return replace(policy, rules=tuple(rules))

    return change


def _each(**update: Any) -> Callable[[Any], Any]:
    """Change each of several: a value, or a function of the old one."""

    def change(several: Any) -> Any:
        return tuple(
            one.model_copy(
                update={name: new(getattr(one, name)) if callable(new) else new for name, new in update.items()}
            )
            for one in several
        )

    return change


def _one(**update: Any) -> Callable[[Any], Any]:
    def change(old: Any) -> Any:
        return None if old is None else _each(**update)((old,))[0]

    return change


_MONEY = "the_entitlement_is_that_of_its_date"
_policy(
    "halves to the even fen",
    "uplift_by_rate_is_a_share_of_the_base",
    _entitlement(rounding=_one(mode=lambda mode: RoundingMode.HALF_EVEN if mode == "half_up" else mode)),
)
_policy(
    "rounds down",
    "uplift_by_rate_is_a_share_of_the_base a_printed_amount_wins_over_the_rate",
    _entitlement(rounding=_one(mode=RoundingMode.DOWN)),
)
_policy("rounds to the fen always", "amounts_are_whole_units", _entitlement(rounding=_one(to=Rounding.FEN)))
_policy("knows no ceiling", "amount_never_above_the_ceiling", _entitlement(ceiling=lambda _: {}))
_policy(
    "takes the highest where uplifts add up",
    "uplift_by_rate_is_a_share_of_the_base",
    _entitlement(stacking=lambda _: "highest"),
)
_policy(
    "adds uplifts up where the highest counts",
    "uplift_by_rate_is_a_share_of_the_base",
    _entitlement(stacking=lambda _: "sum"),
)
_policy(
    "ignores printed amounts where there is a rate",
    "a_printed_amount_wins_over_the_rate",
    _entitlement(uplifts=lambda several: tuple(_one(amounts={})(one) if one.rate else one for one in several)),
)
_policy(
    "doesn't ask whether a trade is digital",
    "uplift_needs_all_that_it_requires",
    _entitlement(uplifts=_each(requires=lambda facts: tuple(fact for fact in facts if fact != "digital"))),
)
_policy(
    "doesn't ask whether a trade is listed",
    "uplift_needs_all_that_it_requires silence_of_an_incomplete_list_proves_nothing",
    _entitlement(uplifts=_each(requires=lambda facts: tuple(fact for fact in facts if fact != "shortage"))),
)
_policy(
    "pays an uplift of one fund from both",
    "uplift_needs_all_that_it_requires",
    _entitlement(uplifts=_each(streams=tuple(Stream))),
)
_policy(
    "takes a level that isn't listed for listed",
    "uplift_needs_all_that_it_requires",
    lambda policy: replace(policy, catalog_editions=_each(entries=_each(levels=tuple(Level)))(policy.catalog_editions)),
)
_policy(
    "takes an incomplete list for the whole",
    "silence_of_an_incomplete_list_proves_nothing",
    lambda policy: replace(policy, catalog_editions=_each(complete=True)(policy.catalog_editions)),
)
_policy(
    "lets a list that adds replace",
    _MONEY,
    lambda policy: replace(policy, catalog_editions=_each(mode="replaces")(policy.catalog_editions)),
)
_policy(
    "knows no amounts of one occupation",
    "base_is_the_amount_of_the_table",
    lambda policy: replace(policy, rates=_each(by_occupation={})(policy.rates)),
)


def _any_row_fills(amounts: Any) -> Any:
    return {
        stream: {name: {**rows.get("any", {}), **row} for name, row in rows.items()} for stream, rows in amounts.items()
    }


_policy(
    "fills a category's row from the row for any",
    "base_is_the_amount_of_the_table",
    lambda policy: replace(policy, rates=_each(amounts=_any_row_fills)(policy.rates)),
)


def _todays(editions: Any) -> Any:
    """Take the text published last for that of every day."""
    last = max(editions, key=lambda one: one.published_on, default=None)
    return () if last is None else _each(effective_from=date.min, effective_to=None, ended=None)((last,))


_policy(
    "pays by today's catalogue",
    _MONEY,
    lambda policy: replace(policy, catalog_editions=_todays(policy.catalog_editions)),
)
_policy(
    "pays by today's rates",
    "a_later_text_changes_no_earlier_date base_is_the_amount_of_the_table",
    lambda policy: replace(policy, rates=_todays(policy.rates)),
)


def _by_first_day(editions: Any) -> Any:
    """Rank texts by the day since which they govern, not by that of their publication."""
    order = sorted(editions, key=lambda one: (one.effective_from, one.published_on))
    days = {one.id: date(2000, 1, 1) + timedelta(days=place) for place, one in enumerate(order)}
    return tuple(one.model_copy(update={"published_on": days[one.id]}) for one in editions)


_policy(
    "lets the text win that governs since last",
    "the_text_published_last_is_in_force base_is_the_amount_of_the_table",
    lambda policy: replace(policy, rates=_by_first_day(policy.rates)),
)


def _a_day_less(edition: Any) -> Any:
    last = edition.effective_to
    return edition if last is None else edition.model_copy(update={"effective_to": last - timedelta(days=1)})


_policy(
    "pays a rate above 30 percent as none",
    "a_higher_rate_never_pays_less",
    _entitlement(uplifts=_each(rate=lambda rate: Decimal(0) if rate is not None and rate > Decimal("0.30") else rate)),
)
_policy(
    "knows what wasn't published yet",
    "what_was_not_published_was_not_known",
    lambda policy: policy.whole or policy,
)
_policy(
    "pays on texts that aren't sure enough",
    "a_weaker_text_pays_nothing_more",
    lambda policy: policy.with_minimum_confidence(None),
)
_policy(
    "ends a text a day early",
    "a_text_in_two_parts_says_the_same",
    lambda policy: replace(policy, rates=tuple(map(_a_day_less, policy.rates))),
)
_policy(
    "refuses on the last day of the window",
    "nobody_is_paid_after_the_window the_first_rule_that_says_no_is_the_reason",
    _procedure(claim_window=_one(last_day="exclusive")),
)
_policy(
    "takes claims on the day after the window",
    "nobody_is_paid_after_the_window the_first_rule_that_says_no_is_the_reason",
    _procedure(claim_window=_one(last_day="inclusive")),
)
_policy("has no window", "nobody_is_paid_after_the_window", _procedure(claim_window=lambda _: None))
_policy(
    "asks for a month of insurance more",
    "nobody_is_paid_with_too_few_months the_first_rule_that_says_no_is_the_reason",
    _procedure(insured_months=lambda asked: {stream: months + 1 for stream, months in asked.items()}),
)
_policy("asks nobody for insurance", "nobody_is_paid_with_too_few_months", _procedure(insured_months=lambda _: {}))
_policy("knows no conditions", "every_condition_must_be_true", _procedure(conditions=lambda _: ()))
_policy(
    "asks for the conditions of other funds",
    "every_condition_must_be_true a_fact_that_no_rule_asks_for_decides_nothing",
    _procedure(conditions=_each(streams=tuple(Stream))),
)
_policy(
    "goes by the day of the certificate always",
    _MONEY,
    _procedure(entitlement_date=lambda _: EntitlementDate.CERTIFICATE_DATE),
)
_policy(
    "pays a lower level after a higher one",
    "a_lower_level_after_a_higher_is_refused",
    _procedure(lower_after_higher=lambda _: "allow"),
)
_policy(
    "refuses a lower level where it is allowed",
    "a_lower_level_after_a_higher_is_refused",
    _procedure(lower_after_higher=lambda _: "refuse"),
)
_LIMITS = "limits_are_never_exceeded"
_policy("knows no limits", _LIMITS, _procedure(limits=lambda _: ()))
_policy(
    "allows one more than the limit",
    _LIMITS,
    _procedure(limits=_each(at_most=lambda most: most + 1)),
)
_policy(
    "allows one less than the limit",
    "a_limit_binds_only_when_it_is_reached",
    _procedure(limits=_each(at_most=lambda most: max(0, most - 1))),
)
_policy("counts a lifetime by the year", _LIMITS, _procedure(limits=_each(per="calendar_year")))
_policy(
    "counts what a limit excepts",
    "a_limit_binds_only_when_it_is_reached",
    _procedure(limits=_each(except_=())),
)
_policy(
    "counts what lacks what a limit requires",
    "a_limit_binds_only_when_it_is_reached",
    _procedure(limits=_each(requires=())),
)
_policy(
    "counts both funds for each limit",
    "a_limit_binds_only_when_it_is_reached",
    _procedure(limits=_each(streams=tuple(Stream))),
)


# -- records are read wrongly ------------------------------------------------------------


def _records(name: str, laws: str, change: Callable[[Record], Record]) -> None:
    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        return right([change(one) for one in claims], history=[change(one) for one in history], policy=policy)

    _add(name, laws, decide)


def _hex(value: object) -> object:
    return value.encode().hex() if isinstance(value, str) and value.strip() else value


_records(
    "minds the case of certificate numbers",
    "writing_means_nothing",
    lambda one: {**one, "certificate_no": _hex(one.get("certificate_no"))},
)
_records(
    "lets each fund pay for a certificate",
    "one_payment_for_a_certificate",
    lambda one: (
        {**one, "certificate_no": f"{one['certificate_no']}{one['stream']}"}
        if str(one.get("certificate_no") or "").strip()
        else one
    ),
)
_records(
    "takes all for one person",
    "persons_stand_alone",
    lambda one: (
        {**one, "person_id": "SAME", "person_id_type": "other"} if one.get("person_id_type") == "other" else one
    ),
)
_records(
    "minds the text of an id, not its type",
    "persons_stand_alone",
    lambda one: {**one, "person_id_type": "other"} if one.get("person_id_type") == "resident" else one,
)
_records(
    "takes unknown months of insurance for enough",
    "not_to_know_is_undetermined nobody_is_paid_with_too_few_months",
    lambda one: {**one, "insured_months": 99} if one.get("insured_months") is None else one,
)
_records(
    "takes what isn't stated for true",
    "not_to_know_is_undetermined every_condition_must_be_true",
    lambda one: {
        name: True if value is None and name in {"resident", "insured_then"} else value for name, value in one.items()
    },
)
_records(
    "looks names up by code only",
    "a_name_means_its_code an_unusable_record_is_invalid",
    lambda one: one if str(one.get("occupation")).isascii() else {**one, "occupation": "?"},
)
_records(
    "forgets the day of filing",
    _MONEY,
    lambda one: {**one, "training_filed_on": None},
)


# -- claims count wrongly for each other -------------------------------------------------


def _in_turn(
    name: str,
    laws: str,
    *,
    key: Callable[[int, Record], Any] = lambda _, one: (str(one.get("applied_on")), str(one.get("claim_id"))),
    counts: Callable[[Row], bool] = lambda row: row.status == Status.PAYABLE,
    past: Callable[[Record], bool] = lambda _: True,
    read: Callable[[Record], Record] = lambda one: one,
    before: Callable[[Record, list[Record]], list[Record]] = lambda _, paid: paid,
) -> None:
    """Decide claims one after the other with a wrong order, or a wrong choice of what counts."""

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        paid = [read(one) for one in history if past(one)]
        found: dict[int, Row] = {}
        for row in sorted(range(len(claims)), key=lambda row: key(row, claims[row])):
            found[row] = rows_of([assess(claims[row], before(claims[row], paid), policy=policy)])[0]
            if counts(found[row]) and found[row].status != Status.INVALID:
                paid.append(claims[row])
        return [found[row] for row in range(len(claims))]

    _add(name, laws, decide)


_in_turn("counts refused claims", "only_payable_claims_use_anything_up", counts=lambda _: True)
_in_turn(
    "counts claims that are undetermined",
    "only_payable_claims_use_anything_up",
    counts=lambda row: row.status in {Status.PAYABLE, Status.UNDETERMINED},
)
_in_turn(
    "lets a claim of 0.00 use nothing up",
    "one_payment_for_an_occupation_and_level",
    counts=lambda row: row.status == Status.PAYABLE and bool(row.amount_fen),
)
_in_turn("decides in the order of rows", "order_of_rows_means_nothing", key=lambda row, _: row)
_in_turn(
    "decides in the order of claim ids",
    "a_later_claim_changes_no_earlier_one",
    key=lambda _, one: str(one.get("claim_id")),
)
_in_turn(
    "counts by the number in a claim id",
    "a_later_claim_changes_no_earlier_one",
    key=lambda _, one: (str(one.get("applied_on")), len(str(one.get("claim_id"))), str(one.get("claim_id"))),
)
_in_turn(
    "decides the last claim first",
    "a_later_claim_changes_no_earlier_one",
    key=lambda row, one: -date.toordinal(one["applied_on"]) if isinstance(one.get("applied_on"), date) else row,
)
_in_turn("ignores the history", "one_payment_for_a_certificate", past=lambda _: False)
_in_turn(
    "reads of the history the certificates only",
    "a_paid_claim_counts_like_history one_payment_for_an_occupation_and_level",
    read=lambda one: {**one, "occupation": UNKNOWN},
)
_in_turn("decides each claim alone", "one_payment_for_an_occupation_and_level", counts=lambda _: False)
_in_turn(
    "leaves out history that was applied for later",
    "history_counts_even_if_applied_for_later",
    before=lambda one, paid: [
        other for other in paid if not isinstance(one["applied_on"], date) or other["applied_on"] <= one["applied_on"]
    ],
)
_in_turn(
    "lets each fund pay for a level",
    "one_payment_for_an_occupation_and_level",
    before=lambda one, paid: [
        other for other in paid if other["stream"] == one["stream"] or other["certificate_no"] == one["certificate_no"]
    ],
)


# -- the answer is wrong -----------------------------------------------------------------


def _answer(name: str, laws: str, change: Callable[[Rows], list[Any]]) -> None:
    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> list[Any]:
        return change(right(claims, history=history, policy=policy))

    _add(name, laws, decide)


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


_add("lets invalid records use certificates up", "invalid_records_change_nobody_else", _invalid_use_up)


def _raises(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    rows = right(claims, history=history, policy=policy)
    for row in rows:
        if row.status == "invalid":
            raise ValueError(f"{row.claim_id} can't be used")
    return rows


_add("raises at a bad row", "rows_out_are_rows_in", _raises)


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


_add("decides repeated ids", "of_repeated_rows_the_first_stays of_rows_that_differ_none_stays", _keeps_all)


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


_add("keeps the first of rows that differ", "of_rows_that_differ_none_stays", _keeps_first)


def _above_the_ceiling(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Put the ceiling on the base, and the uplift on the ceiling."""
    whole = right(claims, history=history, policy=_entitlement(ceiling=lambda _: {})(policy))
    capped = right(claims, history=history, policy=_entitlement(uplifts=lambda _: ())(policy))
    rows = []
    for row, low in zip(whole, capped, strict=True):
        if row.status != "payable" or row.uplift_fen is None or low.amount_fen is None or row.base_fen is None:
            rows.append(row)
            continue
        amount = low.amount_fen + row.uplift_fen
        rows.append(row._replace(amount_fen=amount, uplift_fen=amount - row.base_fen))
    return rows


_add("puts the uplift on the ceiling", "amount_never_above_the_ceiling", _above_the_ceiling)


def _window_in_days(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Count the months of the window as thirty days each."""
    free = _procedure(claim_window=lambda _: None)(policy)
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


_add("counts months as thirty days", "nobody_is_paid_after_the_window", _window_in_days)


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


_add("runs over the end of the month", "nobody_is_paid_after_the_window", _month_end)


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


_add("asks for the window first", "the_first_rule_that_says_no_is_the_reason", _no_first_refusal)


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


_add("takes a special ability for the lowest level", "a_lower_level_after_a_higher_is_refused", _special_is_lowest)


def _year_of_certificate(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Count the limits of a year by the year of the certificate."""
    lasting = _procedure(limits=lambda several: tuple(one for one in several if one.per == "lifetime"))(policy)
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


_add("counts a year by the certificate", "limits_are_never_exceeded", _year_of_certificate)


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


_add("pays the uplift once to each person", "the_history_of_a_person_changes_no_entitlement", _uplift_once)


def _up_to_the_ceiling(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    """Take the ceiling for the amount."""
    rows = right(claims, history=history, policy=policy)
    for at, (row, one) in enumerate(zip(rows, claims, strict=True)):
        for edition in policy.rules if row.status == "payable" else ():
            most = edition.entitlement.ceiling.get(Stream.read(one["stream"]), {}).get(Level.read(one["level"]))
            if most is not None and row.base_fen is not None:
                rows[at] = row._replace(amount_fen=most, uplift_fen=most - row.base_fen)
    return rows


_add("takes the ceiling for the amount", "a_ceiling_only_takes_away", _up_to_the_ceiling)


def _now_so_now_so() -> Callable[..., object]:
    asked = 0

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        nonlocal asked
        asked += 1
        rows = right(claims, history=history, policy=policy)
        return [row._replace(detail=f"{asked}") for row in rows] if asked % 2 else rows

    return decide


_add("answers now so, now so", "the_same_again_gives_the_same", _now_so_now_so())
