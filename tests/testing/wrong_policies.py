"""Implementations that read the policy wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from subsidy import Level, Policy
from subsidy.model.level import Stream
from subsidy.model.money import Rounding, RoundingMode
from subsidy.policy.texts import EntitlementDate
from tests.testing.mistakes import Record, Rows, add, right

# -- the policy is read wrongly ----------------------------------------------------------


def _policy(name: str, laws: str, change: Callable[[Policy], Policy]) -> None:
    changed: dict[int, tuple[Policy, Policy]] = {}  # the key holds the policy, so that its id isn't another's

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        if id(policy) not in changed:
            changed[id(policy)] = policy, change(policy)
        return right(claims, history=history, policy=changed[id(policy)][1])

    add(name, laws, decide)


def entitlement(**update: Callable[[Any], Any]) -> Callable[[Policy], Policy]:
    return _rules("entitlement", update)


def procedure(**update: Callable[[Any], Any]) -> Callable[[Policy], Policy]:
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
    entitlement(rounding=_one(mode=lambda mode: RoundingMode.HALF_EVEN if mode == "half_up" else mode)),
)
_policy(
    "rounds down",
    "uplift_by_rate_is_a_share_of_the_base a_printed_amount_wins_over_the_rate",
    entitlement(rounding=_one(mode=RoundingMode.DOWN)),
)
_policy("rounds to the fen always", "amounts_are_whole_units", entitlement(rounding=_one(to=Rounding.FEN)))
_policy("knows no ceiling", "amount_never_above_the_ceiling", entitlement(ceiling=lambda _: {}))
_policy(
    "takes the highest where uplifts add up",
    "uplift_by_rate_is_a_share_of_the_base",
    entitlement(stacking=lambda _: "highest"),
)
_policy(
    "adds uplifts up where the highest counts",
    "uplift_by_rate_is_a_share_of_the_base",
    entitlement(stacking=lambda _: "sum"),
)
_policy(
    "ignores printed amounts where there is a rate",
    "a_printed_amount_wins_over_the_rate",
    entitlement(uplifts=lambda several: tuple(_one(amounts={})(one) if one.rate else one for one in several)),
)
_policy(
    "doesn't ask whether a trade is digital",
    "uplift_needs_all_that_it_requires",
    entitlement(uplifts=_each(requires=lambda facts: tuple(fact for fact in facts if fact != "digital"))),
)
_policy(
    "doesn't ask whether a trade is listed",
    "uplift_needs_all_that_it_requires silence_of_an_incomplete_list_proves_nothing",
    entitlement(uplifts=_each(requires=lambda facts: tuple(fact for fact in facts if fact != "shortage"))),
)
_policy(
    "pays an uplift of one fund from both",
    "uplift_needs_all_that_it_requires",
    entitlement(uplifts=_each(streams=tuple(Stream))),
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
    entitlement(uplifts=_each(rate=lambda rate: Decimal(0) if rate is not None and rate > Decimal("0.30") else rate)),
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
    procedure(claim_window=_one(last_day="exclusive")),
)
_policy(
    "takes claims on the day after the window",
    "nobody_is_paid_after_the_window the_first_rule_that_says_no_is_the_reason",
    procedure(claim_window=_one(last_day="inclusive")),
)
_policy("has no window", "nobody_is_paid_after_the_window", procedure(claim_window=lambda _: None))
_policy(
    "asks for a month of insurance more",
    "nobody_is_paid_with_too_few_months the_first_rule_that_says_no_is_the_reason",
    procedure(insured_months=lambda asked: {stream: months + 1 for stream, months in asked.items()}),
)
_policy("asks nobody for insurance", "nobody_is_paid_with_too_few_months", procedure(insured_months=lambda _: {}))
_policy("knows no conditions", "every_condition_must_be_true", procedure(conditions=lambda _: ()))
_policy(
    "asks for the conditions of other funds",
    "every_condition_must_be_true a_fact_that_no_rule_asks_for_decides_nothing",
    procedure(conditions=_each(streams=tuple(Stream))),
)
_policy(
    "goes by the day of the certificate always",
    _MONEY,
    procedure(entitlement_date=lambda _: EntitlementDate.CERTIFICATE_DATE),
)
_policy(
    "pays a lower level after a higher one",
    "a_lower_level_after_a_higher_is_refused",
    procedure(lower_after_higher=lambda _: "allow"),
)
_policy(
    "refuses a lower level where it is allowed",
    "a_lower_level_after_a_higher_is_refused",
    procedure(lower_after_higher=lambda _: "refuse"),
)
_LIMITS = "limits_are_never_exceeded"
_policy("knows no limits", _LIMITS, procedure(limits=lambda _: ()))
_policy(
    "allows one more than the limit",
    _LIMITS,
    procedure(limits=_each(at_most=lambda most: most + 1)),
)
_policy(
    "allows one less than the limit",
    "a_limit_binds_only_when_it_is_reached",
    procedure(limits=_each(at_most=lambda most: max(0, most - 1))),
)
_policy("counts a lifetime by the year", _LIMITS, procedure(limits=_each(per="calendar_year")))
_policy(
    "counts what a limit excepts",
    "a_limit_binds_only_when_it_is_reached",
    procedure(limits=_each(except_=())),
)
_policy(
    "counts what lacks what a limit requires",
    "a_limit_binds_only_when_it_is_reached",
    procedure(limits=_each(requires=())),
)
_policy(
    "counts both funds for each limit",
    "a_limit_binds_only_when_it_is_reached",
    procedure(limits=_each(streams=tuple(Stream))),
)
