"""The closed lists of words: status, reason, confidence, outcome of a rule."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Confidence", "Outcome", "Reason", "Status"]


class Status(StrEnum):
    """What became of a claim. To refuse is an act of law, and not to know is not."""

    PAYABLE = "payable"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"
    INVALID = "invalid"

    @property
    def zh(self) -> str:
        """The Chinese word."""
        return _STATUS_ZH[self]


_STATUS_ZH = {
    Status.PAYABLE: "予以核定",
    Status.REFUSED: "不予核定",
    Status.UNDETERMINED: "暂无法核定",
    Status.INVALID: "申领数据有误",
}


class Outcome(StrEnum):
    """What one rule says of one claim."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"
    COMPUTED = "computed"
    NOT_ASKED = "not_asked"


class Confidence(StrEnum):
    """How sure a text is: seen as an official text, taken from a secondary source, or assumed.

    Examples
    --------
    >>> Confidence.weakest([Confidence.OFFICIAL, Confidence.ASSUMED])
    <Confidence.ASSUMED: 'assumed'>
    >>> Confidence.SECONDARY.weaker_than(Confidence.OFFICIAL)
    True
    """

    OFFICIAL = "official"
    SECONDARY = "secondary"
    ASSUMED = "assumed"

    @classmethod
    def weakest(cls, found: list[Confidence]) -> Confidence | None:
        """Give the weakest of those found, None where there is none."""
        return max(found, key=_WEAKNESS.__getitem__, default=None)

    def weaker_than(self, other: Confidence) -> bool:
        """Say whether this is weaker than the other."""
        return _WEAKNESS[self] > _WEAKNESS[other]


_WEAKNESS = {word: place for place, word in enumerate(Confidence)}


class Reason(StrEnum):
    """Why a claim is not payable. The invalid ones stand in the order in which they are asked."""

    # the record itself is unusable
    DUPLICATE_CLAIM_ID = "duplicate_claim_id"
    MISSING_VALUE = "missing_value"
    BAD_PERSON_ID = "bad_person_id"
    BAD_DATE = "bad_date"
    BAD_LEVEL = "bad_level"
    BAD_STREAM = "bad_stream"
    BAD_OCCUPATION = "bad_occupation"
    BAD_NUMBER = "bad_number"
    BAD_BOOLEAN = "bad_boolean"
    APPLIED_BEFORE_ISSUE = "applied_before_issue"
    FILED_AFTER_CERTIFICATE = "filed_after_certificate"
    # entitlement
    NO_RULES_IN_FORCE = "no_rules_in_force"
    NO_DIRECTORY_IN_FORCE = "no_directory_in_force"
    OCCUPATION_NOT_LISTED = "occupation_not_listed"
    NO_RATES_IN_FORCE = "no_rates_in_force"
    LEVEL_NOT_SUBSIDISED = "level_not_subsidised"
    NO_CATALOG_IN_FORCE = "no_catalog_in_force"
    CATALOG_INCOMPLETE = "catalog_incomplete"
    CONFIDENCE_TOO_LOW = "confidence_too_low"
    # eligibility
    CLAIMED_TOO_LATE = "claimed_too_late"
    INSURED_TOO_SHORT = "insured_too_short"
    INSURED_MONTHS_UNKNOWN = "insured_months_unknown"
    CONDITION_NOT_MET = "condition_not_met"
    CONDITION_UNKNOWN = "condition_unknown"
    # history
    CERTIFICATE_ALREADY_PAID = "certificate_already_paid"
    SAME_LEVEL_ALREADY_PAID = "same_level_already_paid"
    HIGHER_LEVEL_ALREADY_PAID = "higher_level_already_paid"
    LIMIT_REACHED = "limit_reached"

    @property
    def status(self) -> Status:
        """The status that this reason gives a claim."""
        if self in _INVALID:
            return Status.INVALID
        return Status.UNDETERMINED if self in _UNCLEAR else Status.REFUSED

    @property
    def outcome(self) -> Outcome:
        """What a rule says that gives this reason: no, or that the law or a fact is missing."""
        return Outcome.UNCLEAR if self in _UNCLEAR else Outcome.NOT_MET


_ORDER = list(Reason)
INVALID_REASONS = tuple(_ORDER[: _ORDER.index(Reason.FILED_AFTER_CERTIFICATE) + 1])
_INVALID = frozenset(INVALID_REASONS)
_UNCLEAR = frozenset(
    {
        Reason.NO_RULES_IN_FORCE,
        Reason.NO_DIRECTORY_IN_FORCE,
        Reason.NO_RATES_IN_FORCE,
        Reason.NO_CATALOG_IN_FORCE,
        Reason.CATALOG_INCOMPLETE,
        Reason.CONFIDENCE_TOO_LOW,
        Reason.INSURED_MONTHS_UNKNOWN,
        Reason.CONDITION_UNKNOWN,
    }
)
