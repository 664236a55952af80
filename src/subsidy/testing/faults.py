"""Ways in which a record can't be used, one for each row of the table of invalid reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from subsidy import Reason

__all__ = ["FAULTS", "Fault"]


class Fault(NamedTuple):
    """A fault of a record: the reason and the field that a decision on it names, and the value that is wrong."""

    reason: Reason
    field: str
    value: object

    def into(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Give the record with this fault."""
        value = self.value
        if isinstance(value, timedelta):  # relative to the day of the certificate
            value = record["certificate_date"] + value
        spoiled = {**record, self.field: value}
        if self.field == "person_id" and self.reason is Reason.BAD_PERSON_ID:
            spoiled["person_id_type"] = "resident"
        return spoiled


FAULTS = (
    Fault(Reason.MISSING_VALUE, "level", None),
    Fault(Reason.MISSING_VALUE, "person_id", ""),
    Fault(Reason.MISSING_VALUE, "claim_id", None),
    Fault(Reason.MISSING_VALUE, "certificate_no", " "),
    Fault(Reason.BAD_PERSON_ID, "person_id", "123"),
    Fault(Reason.BAD_PERSON_ID, "person_id_type", "?"),
    Fault(Reason.BAD_DATE, "certificate_date", "2023-02-30"),
    Fault(Reason.BAD_DATE, "applied_on", "soon"),
    Fault(Reason.BAD_DATE, "training_filed_on", "?"),
    Fault(Reason.BAD_LEVEL, "level", "6"),
    Fault(Reason.BAD_STREAM, "stream", "?"),
    Fault(Reason.BAD_OCCUPATION, "occupation", "?"),
    Fault(Reason.BAD_NUMBER, "insured_months", "many"),
    Fault(Reason.APPLIED_BEFORE_ISSUE, "applied_on", timedelta(days=-1)),
    Fault(Reason.FILED_AFTER_CERTIFICATE, "training_filed_on", timedelta(days=1)),
)
