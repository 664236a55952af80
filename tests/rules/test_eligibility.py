"""The window for claims at the ends of the calendar, where there is no day before or behind."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy.policy.texts import ClaimWindow
from subsidy.rules.eligibility import add_months, last_claim_day, within_claim_window


@pytest.mark.parametrize("months", [0, 1, 12])
@pytest.mark.parametrize("last_day", ["inclusive", "exclusive"])
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_window_at_the_ends_of_the_calendar(day: date, months: int, last_day: str) -> None:
    window = ClaimWindow.model_validate({"months": months, "last_day": last_day})
    assert date.min <= last_claim_day(window, day) <= date.max
    if months:
        assert within_claim_window(window, day, day) is None


def test_months_are_added_up_to_the_last_year_of_the_calendar() -> None:
    assert add_months(date(9998, 12, 31), 12) == date(9999, 12, 31)
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert add_months(date(9999, 12, 1), 1) is None
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 12, 28), 2) == date(2024, 2, 28)
