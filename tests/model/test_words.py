"""The closed lists of words are the specification's, in its order."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.model.words import INVALID_REASONS, Confidence, Outcome, Reason, Status

INVALID = [
    "duplicate_claim_id", "missing_value", "bad_person_id", "bad_date", "bad_level", "bad_stream",
    "bad_occupation",
    "bad_number", "bad_boolean", "applied_before_issue", "filed_after_certificate",
]  # fmt: skip
# In the order of the rules; those marked ° leave the claim undetermined.
LATER = [
    "no_rules_in_force°", "no_directory_in_force°", "occupation_not_listed", "no_rates_in_force°",
    "level_not_subsidised",
    "no_catalog_in_force°", "catalog_incomplete°", "confidence_too_low°",
    "claimed_too_late", "insured_too_short", "insured_months_unknown°", "condition_not_met",
    "condition_unknown°",
    "certificate_already_paid", "same_level_already_paid", "higher_level_already_paid", "limit_reached",
]  # fmt: skip


def test_invalid_reasons_stand_in_the_order_of_the_table() -> None:
    assert list(INVALID_REASONS) == INVALID


def test_all_reasons_stand_in_the_order_of_the_rules() -> None:
    assert list(Reason) == [*INVALID, *(reason.removesuffix("°") for reason in LATER)]


@pytest.mark.parametrize("reason", INVALID)
def test_an_unusable_record_is_invalid(reason: str) -> None:
    assert Reason(reason).status is Status.INVALID
    assert Reason(reason).outcome is Outcome.NOT_MET


@pytest.mark.parametrize("reason", LATER)
def test_not_to_know_is_not_to_refuse(reason: str) -> None:
    unclear = reason.endswith("°")
    found = Reason(reason.removesuffix("°"))
    assert found.status is (Status.UNDETERMINED if unclear else Status.REFUSED)
    assert found.outcome is (Outcome.UNCLEAR if unclear else Outcome.NOT_MET)


def test_statuses_and_outcomes() -> None:
    assert list(Status) == ["payable", "refused", "undetermined", "invalid"]
    assert list(Outcome) == ["met", "not_met", "unclear", "computed", "not_asked"]
    assert len({status.zh for status in Status}) == len(Status)


def test_which_confidence_is_weaker() -> None:
    order = ["official", "secondary", "assumed"]
    assert list(Confidence) == order
    for one, other in product(Confidence, repeat=2):
        assert one.weaker_than(other) is (order.index(one) > order.index(other))


@given(st.lists(st.sampled_from(Confidence)))
def test_the_weakest_is_one_of_them_and_none_is_weaker(found: list[Confidence]) -> None:
    weakest = Confidence.weakest(found)
    if weakest is None:
        assert not found
    else:
        assert weakest in found
        assert not any(one.weaker_than(weakest) for one in found)
