"""Implementations that read records wrongly, or let claims count wrongly for each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from subsidy import Policy, Status, assess
from subsidy.testing import Row
from subsidy.testing.choices import UNKNOWN
from subsidy.testing.implementations import rows_of
from tests.testing.mistakes import Record, Rows, add, right

# -- records are read wrongly ------------------------------------------------------------


def _records(name: str, laws: str, change: Callable[[Record], Record]) -> None:
    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        return right([change(one) for one in claims], history=[change(one) for one in history], policy=policy)

    add(name, laws, decide)


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
    "the_entitlement_is_that_of_its_date",
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

    add(name, laws, decide)


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
