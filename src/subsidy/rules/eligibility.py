"""Rules 4 to 6: what depends on one claim alone. And which date decides, which all other rules need first.

Source: design, section 4, "Eligibility"; the parameters are those of the procedure in force on ``applied_on``.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from subsidy.model.claim import Claim
from subsidy.model.words import Reason
from subsidy.policy.texts import ClaimWindow, Condition, EntitlementDate, Procedure

__all__ = [
    "add_months",
    "condition_met",
    "conditions_of",
    "entitlement_date",
    "entitlement_date_name",
    "insured_long_enough",
    "last_claim_day",
    "within_claim_window",
]


_EVERY_MONTH_HAS = 28


def entitlement_date_name(procedure: Procedure, *, filed: bool) -> str:
    """Say which of a claim's dates is the entitlement date (待遇认定日期), by its name.

    A claim without a filing date is judged by the day of application where the filing date decides.
    """
    asked = procedure.entitlement_date
    if asked is EntitlementDate.TRAINING_FILED_ON and not filed:
        return EntitlementDate.APPLIED_ON.value
    return asked.value


def entitlement_date(procedure: Procedure, claim: Claim) -> tuple[str, date]:
    """Give the name and the day of the date whose texts decide the amount (待遇认定日期)."""
    name = entitlement_date_name(procedure, filed=claim.training_filed_on is not None)
    day: date = getattr(claim, name)
    return name, day


def add_months(day: date, months: int) -> date | None:
    """Give the same day of the month some months later, or that month's last day where it has no such day.

    None where the calendar ends before.

    Examples
    --------
    >>> add_months(date(2023, 8, 31), 6), add_months(date(2023, 8, 31), 12)
    (datetime.date(2024, 2, 29), datetime.date(2024, 8, 31))
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        return None
    if day.day <= _EVERY_MONTH_HAS:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_claim_day(window: ClaimWindow, certificate_date: date) -> date:
    """Give the last day on which a claim is in time."""
    day = add_months(certificate_date, window.months)
    if day is None:
        return date.max
    if window.last_day == "inclusive" or day == date.min:  # before the first day there is none
        return day
    return day - timedelta(days=1)


def within_claim_window(window: ClaimWindow | None, certificate_date: date, applied_on: date) -> Reason | None:
    """Rule 4: applied no later than the certificate date plus the months of the window."""
    if window is None or applied_on <= last_claim_day(window, certificate_date):
        return None
    return Reason.CLAIMED_TOO_LATE


def insured_long_enough(required: int | None, months: int | None) -> Reason | None:
    """Rule 5: insured for the months that the stream asks, where it asks."""
    if required is None:
        return None
    if months is None:
        return Reason.INSURED_MONTHS_UNKNOWN
    return Reason.INSURED_TOO_SHORT if months < required else None


def conditions_of(procedure: Procedure, claim: Claim) -> list[Condition]:
    """Give the conditions that the text asks of a claim's stream, in the order of the text."""
    return [condition for condition in procedure.conditions if claim.stream in condition.streams]


def condition_met(fact: bool | None) -> Reason | None:
    """Rule 6: a fact that the claim states and that must be true."""
    if fact is None:
        return Reason.CONDITION_UNKNOWN
    return None if fact else Reason.CONDITION_NOT_MET
