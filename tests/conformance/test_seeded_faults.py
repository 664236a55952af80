"""Faults such as back offices have, put into the independent reference: the check finds each and names its rule."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from subsidy.testing.conformance import check_decisions, default_sources, read_cases
from tests.reference import read_policy

rules, texts, deciding = (importlib.import_module(f"tests.reference.{name}") for name in ("rules", "texts", "decide"))
Fault = Callable[..., Any]


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    """A part of those of the two invented cities."""
    every = read_cases(sources=default_sources()[1:])
    part = [case for case in every if case["theme"] not in {"grid", "forms", "confidence"}][::4]
    return part + [case for case in every if case["theme"] == "grid"][::20]


def window_ends_a_day_early(claim: Any, terms: Any) -> bool:
    return bool(too_late(replace(claim, applied_on=min(date(9999, 1, 1), claim.applied_on) + timedelta(days=1)), terms))


def months_of_thirty_days(start: date, months: int) -> date:
    return min(start, date(9990, 1, 1)) + timedelta(days=30 * months)


def unknown_months_are_none(claim: Any, terms: Any) -> str | None:
    reason: str | None = insured(replace(claim, insured_months=claim.insured_months or 0), terms)
    return reason


def always_to_the_fen(amount: Fraction, _rounding: Any) -> int:
    return int(amount + Fraction(1, 2))


def no_ceiling(amount: Fraction, _claim: Any, _terms: Any) -> Fraction:
    return amount


def special_is_the_lowest(level: str, than: str) -> bool:
    ranks = ["1", "2", "3", "4", "5", "special"]
    return ranks.index(level) < ranks.index(than)


def limits_forget_facts(claim: Any, _facts: Any, limit: Any) -> bool:
    return claim.stream in (limit.get("streams") or texts.STREAMS)


def ids_by_number(claim: Any) -> tuple[date, int, str]:
    return claim.applied_on, len(claim.claim_id), claim.claim_id


def newest_by_effect(policy: Any, editions: Any, on: date) -> Any:
    found = [one for one in editions if texts.is_known(policy, one["published_on"]) and texts.governs(policy, one, on)]
    return max(found, key=lambda one: (one["effective_from"], -editions.index(one)), default=None)


def all_is_known(_policy: Any, _published_on: str) -> bool:
    return True


def shortage_without_a_listing(policy: Any, claim: Any, on: date) -> set[str]:
    listed = texts.entry_of(policy, texts.catalogues_in_force(policy, on), claim.occupation, claim.level)
    found: set[str] = facts_of(policy, claim, on) | ({"shortage"} if listed else set())
    return found


def lists_never_end(_policy: Any, catalogues: Any, code: str, _level: str) -> Any:
    return entry_of(_policy, catalogues, code, "3") or entry_of(_policy, catalogues, code, "5")


too_late, insured, facts_of, entry_of = rules.too_late, rules.insured, rules.facts_of, texts.entry_of

FAULTS: list[tuple[Fault, list[tuple[Any, str]], set[str]]] = [
    (window_ends_a_day_early, [(deciding, "too_late")], {"within_claim_window"}),
    (months_of_thirty_days, [(rules, "plus_months")], {"within_claim_window"}),
    (unknown_months_are_none, [(deciding, "insured")], {"insured_long_enough"}),
    (always_to_the_fen, [(rules, "rounded")], {"uplift"}),
    (no_ceiling, [(rules, "under_ceiling")], {"uplift"}),
    (special_is_the_lowest, [(rules, "is_higher")], {"no_lower_after_higher"}),
    (limits_forget_facts, [(rules, "falls_under")], {"limit"}),
    (ids_by_number, [(deciding, "turn")], {"level_paid_once", "no_lower_after_higher"}),
    (newest_by_effect, [(rules, "in_force"), (texts, "in_force"), (deciding, "in_force")], {"texts_in_force"}),
    (shortage_without_a_listing, [(deciding, "facts_of")], {"limit"}),
    (all_is_known, [(texts, "is_known")], {"texts_in_force"}),
    (lists_never_end, [(rules, "entry_of")], {"uplift"}),
]


@pytest.mark.parametrize(("fault", "places", "named"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_seeded_fault_is_found_and_named(
    fault: Fault,
    places: list[tuple[Any, str]],
    named: set[str],
    cases: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, name in places:
        monkeypatch.setattr(module, name, fault)
    policies = {source.name: read_policy(source.folder) for source in default_sources()[1:]}
    answers = {}
    for case in cases:
        known_on = case["known_on"]
        view = replace(policies[case["policy"]], known_on=known_on and date.fromisoformat(known_on))
        decide = deciding.decide
        answers[case["id"]] = [decide(view, case["claims"], case["history"], case["minimum_confidence"])]
    score = check_decisions(answers, cases)
    assert not score.ok
    assert score.patterns[0].rule in named
