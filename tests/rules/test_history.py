"""Rules 7 to 10 asked alone."""

from __future__ import annotations

from datetime import date

from subsidy.policy.texts import Limit
from subsidy.rules.history import counting_year


def test_a_limit_per_year_counts_in_the_year_of_application_one_per_lifetime_in_none() -> None:
    limit = {"id": "l", "at_most": "3"}
    assert counting_year(Limit.model_validate(limit | {"per": "calendar_year"}), date(2024, 1, 1)) == 2024
    assert counting_year(Limit.model_validate(limit | {"per": "lifetime"}), date(2024, 1, 1)) == 0
