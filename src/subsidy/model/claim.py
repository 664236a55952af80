"""A claim: a person's application for the subsidy of one certificate; a payment made for it.

Texts are read as people write them (`subsidy.model.text`); what can't be read raises pydantic's
``ValidationError``, whose error types are the invalid reasons of `Reason`. Values are never in the errors:
one may be a person id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from numbers import Integral
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from subsidy.model.level import Level, Stream
from subsidy.model.money import YUAN_FORMS, fen_from_yuan, format_yuan, yuan_from_fen
from subsidy.model.person import RESIDENT_FORMS, PersonIdType, is_resident_number, mask_person_id
from subsidy.model.text import (
    clean,
    compact,
    is_empty,
    read_boolean,
    read_date,
    read_identifier,
    read_whole_number,
)
from subsidy.model.words import Reason

__all__ = [
    "OPTIONAL_FIELDS",
    "REQUIRED_FIELDS",
    "Claim",
    "Conditions",
    "Payment",
    "PaymentState",
    "read_id",
    "read_occupation",
    "read_person_id",
]

REQUIRED_FIELDS = (
    "claim_id",
    "person_id",
    "occupation",
    "level",
    "certificate_no",
    "certificate_date",
    "applied_on",
)
OPTIONAL_FIELDS = ("stream", "insured_months", "training_filed_on", "person_id_type")
_MOST_DIGITS_OF_A_NUMBER = 15


class Conditions(Mapping[str, bool | None]):
    """The facts that a claim states as booleans, by condition id; it can't be changed.

    A condition that is absent or None isn't known.

    Examples
    --------
    >>> Conditions({"insured": True})["insured"]
    True
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, bool | None] | Iterable[tuple[str, bool | None]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> bool | None:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Conditions({self._items!r})"


def fault(kind: str, expected: str, **context: str) -> PydanticCustomError:
    """Make the error of an unusable value, without the value; its kind is an invalid reason if one fits."""
    return PydanticCustomError(str(kind), "{expected}", {"expected": f"expected {expected}", **context})


def _required(read: Callable[[object], object], kind: str) -> BeforeValidator:
    def validate(value: object) -> object:
        try:
            return read(value)
        except ValueError as error:
            # Asked only now, since most values can be read and no reader takes an empty one for something.
            if is_empty(value):
                raise fault(Reason.MISSING_VALUE, "a value") from None
            raise fault(kind, str(error)) from None

    return BeforeValidator(validate)


def _optional(read: Callable[[object], object], kind: str, default: object = None) -> BeforeValidator:
    def validate(value: object) -> object:
        if value is None:
            return default
        try:
            return read(value)
        except ValueError as error:
            if is_empty(value):
                return default
            raise fault(kind, str(error)) from None

    return BeforeValidator(validate)


def read_id(value: object) -> str:
    """Read a claim id or a certificate number; raise ValueError where there is none."""
    found = read_identifier(value)
    if not found:
        raise ValueError(found)
    return found


def read_occupation(value: object) -> str:
    """Read the text of an occupation; raise ValueError where there is none."""
    found = clean(value) if isinstance(value, str) else read_identifier(value)
    if not found:
        raise ValueError(found)
    return found


def read_person_id(value: object) -> str:
    """Read the text of a person's number; raise ValueError where there is none that can be trusted."""
    found = read_id(value)
    # 18 digits that were a float somewhere on their way have lost the last ones, and nobody sees it any more.
    if not isinstance(value, str) and not (isinstance(value, Integral) and len(found) <= _MOST_DIGITS_OF_A_NUMBER):
        raise ValueError("a person id as text: a number may have lost its last digits")
    return found


def _read_conditions(value: object) -> Conditions:
    if not isinstance(value, Mapping):
        if is_empty(value):
            return Conditions()
        raise fault(Reason.BAD_BOOLEAN, "a mapping of condition ids to booleans")
    stated: dict[str, bool | None] = {}
    bad: list[InitErrorDetails] = []
    for name, fact in value.items():
        try:
            stated[str(name)] = None if is_empty(fact) else read_boolean(fact)
        except ValueError as error:
            kind = fault(Reason.BAD_BOOLEAN, str(error), condition=str(name))
            bad.append({"type": kind, "loc": (str(name),), "input": None})
    if bad:
        raise ValidationError.from_exception_data("Conditions", bad, hide_input=True)
    return Conditions(stated)


class _Record(BaseModel):
    """What claim and payment have in common: frozen, strict, and no value in any error."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )

    @model_validator(mode="wrap")
    @classmethod
    def _without_values(cls, data: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return read(data)
        except ValidationError as error:
            found = [_without_value(detail) for detail in error.errors(include_url=False, include_input=False)]
        raise ValidationError.from_exception_data(cls.__name__, found, hide_input=True)

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, None)  # it is frozen, and pydantic's error would show the value


def _without_value(detail: ErrorDetails) -> InitErrorDetails:
    if detail["type"] == "missing":
        kind = fault(Reason.MISSING_VALUE, "a value")
    else:
        kind = PydanticCustomError(detail["type"], detail["msg"], detail.get("ctx"))
    return {"type": kind, "loc": detail["loc"], "input": None}


class Claim(_Record):
    """A person's application for the subsidy of one certificate.

    Parameters
    ----------
    claim_id : str
        The agency's number of the claim.
    person_id : str
        The resident number (checked), or with ``person_id_type="other"`` any text.
    occupation : str
        Code, name (Chinese or English) or alias; the policy resolves it.
    level : Level
        Level of the certificate, in any spelling.
    certificate_no : str
        Number of the certificate.
    certificate_date, applied_on : date
        When the certificate was issued, and when the person applied.
    stream : Stream
        Left out or empty: training.
    insured_months : int or None
        Months of unemployment insurance paid; None: not known.
    training_filed_on : date or None
        When the training class was filed (备案), where it was.
    person_id_type : PersonIdType
        Left out or empty: a resident number.
    conditions : Conditions
        Stated facts by condition id; absent or None: not known.

    Raises
    ------
    pydantic.ValidationError
        Where a value can't be used. Each error's ``type`` is an invalid reason of `Reason`
        (``extra_forbidden`` for a name that isn't a field), its ``loc`` the field and a condition's id.

    Notes
    -----
    The id is masked in ``repr``, and values are left out of errors, also out of ``errors()``.

    Examples
    --------
    >>> claim = Claim.model_validate({
    ...     "claim_id": "C1", "person_id": "11010519491231002X", "occupation": "4-04-05-05", "level": "三级",
    ...     "certificate_no": "S1", "certificate_date": "2023年9月1日", "applied_on": "2023/10/8",
    ... })
    >>> claim.level, claim.stream
    (<Level.L3: '3'>, <Stream.TRAINING: 'training'>)
    >>> claim.masked_person_id
    '110***********002X'
    """

    # first, since how person_id is checked depends on it
    person_id_type: Annotated[
        PersonIdType, _optional(PersonIdType.read, Reason.BAD_PERSON_ID, PersonIdType.RESIDENT)
    ] = PersonIdType.RESIDENT
    claim_id: Annotated[str, _required(read_id, Reason.MISSING_VALUE)]
    person_id: Annotated[str, _required(read_person_id, Reason.BAD_PERSON_ID)]
    occupation: Annotated[str, _required(read_occupation, Reason.BAD_OCCUPATION)]
    level: Annotated[Level, _required(Level.read, Reason.BAD_LEVEL)]
    certificate_no: Annotated[str, _required(read_id, Reason.MISSING_VALUE)]
    certificate_date: Annotated[date, _required(read_date, Reason.BAD_DATE)]
    applied_on: Annotated[date, _required(read_date, Reason.BAD_DATE)]
    stream: Annotated[Stream, _optional(Stream.read, Reason.BAD_STREAM, Stream.TRAINING)] = Stream.TRAINING
    insured_months: Annotated[int | None, _optional(read_whole_number, Reason.BAD_NUMBER)] = None
    training_filed_on: Annotated[date | None, _optional(read_date, Reason.BAD_DATE)] = None
    conditions: Annotated[
        Conditions,
        BeforeValidator(_read_conditions),
        PlainSerializer(dict, return_type=dict[str, bool | None]),
        WithJsonSchema({"type": "object", "additionalProperties": {"type": ["boolean", "null"]}}),
    ] = Field(default_factory=Conditions)

    @field_validator("person_id")
    @classmethod
    def _is_resident(cls, number: str, info: ValidationInfo) -> str:
        if info.data.get("person_id_type") is PersonIdType.RESIDENT and not is_resident_number(number):
            raise fault(Reason.BAD_PERSON_ID, RESIDENT_FORMS)
        return number

    @field_validator("applied_on")
    @classmethod
    def _not_before_issue(cls, day: date, info: ValidationInfo) -> date:
        if day < info.data.get("certificate_date", day):
            raise fault(Reason.APPLIED_BEFORE_ISSUE, "applied_on not before certificate_date")
        return day

    @field_validator("training_filed_on")
    @classmethod
    def _not_after_certificate(cls, day: date | None, info: ValidationInfo) -> date | None:
        if day is not None and day > info.data.get("certificate_date", day):
            raise fault(Reason.FILED_AFTER_CERTIFICATE, "training_filed_on not after certificate_date")
        return day

    @property
    def masked_person_id(self) -> str:
        """The person id as messages and reports show it."""
        return mask_person_id(self.person_id)

    def __str__(self) -> str:
        return f"claim {self.claim_id} of {self.masked_person_id}"

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        for name, value in super().__repr_args__():
            yield name, self.masked_person_id if name == "person_id" else value


class PaymentState(StrEnum):
    """Whether a payment counts: paid, or returned 退票 and withdrawn 撤回, which count nothing."""

    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @classmethod
    def read(cls, value: object) -> PaymentState:
        """Read a state by its name in English or Chinese; raise ValueError with the forms that serve."""
        if isinstance(value, cls):
            return value
        found = _STATES.get(compact(value)) if isinstance(value, str) else None
        if found is None:
            raise ValueError("paid (已发放), returned (退票) or withdrawn (撤回)")
        return found


_STATES = {
    **dict.fromkeys(("PAID", "已发放", "发放"), PaymentState.PAID),
    **dict.fromkeys(("RETURNED", "退票"), PaymentState.RETURNED),
    **dict.fromkeys(("WITHDRAWN", "撤回", "补贴撤回"), PaymentState.WITHDRAWN),
}


def read_amount(value: object) -> int:
    """Read an amount in yuan as fen; raise ValueError with the forms that serve."""
    try:
        if isinstance(value, str):
            return fen_from_yuan(compact(value))
        if isinstance(value, (bool, Decimal)):
            return fen_from_yuan(value)
        if isinstance(value, Integral):  # also the integers of numpy
            return fen_from_yuan(read_identifier(value))
    except ValueError:
        pass
    raise ValueError(f"{YUAN_FORMS}, as text, int or Decimal (a float isn't exact)")


class Payment(_Record):
    """What was actually paid for a claim, or with a negative amount taken back.

    Parameters
    ----------
    claim_id : str
        The claim that it was made for.
    amount_fen : int
        Given as ``amount``, in yuan with at most two decimals (text, int or Decimal); kept in fen.
    paid_on : date
        The day of the payment.
    state : PaymentState
        Left out or empty: paid.

    Raises
    ------
    pydantic.ValidationError
        Where a value can't be used: ``missing_value``, ``bad_number``, ``bad_date`` or ``bad_state``.

    Examples
    --------
    >>> payment = Payment.model_validate({"claim_id": "C1", "amount": "2340.00", "paid_on": "2023-11-20"})
    >>> payment.amount_fen, payment.amount
    (234000, Decimal('2340.00'))
    """

    model_config = ConfigDict(serialize_by_alias=True)

    claim_id: Annotated[str, _required(read_id, Reason.MISSING_VALUE)]
    amount_fen: Annotated[
        int, _required(read_amount, Reason.BAD_NUMBER), PlainSerializer(format_yuan, return_type=str)
    ] = Field(alias="amount")
    paid_on: Annotated[date, _required(read_date, Reason.BAD_DATE)]
    state: Annotated[PaymentState, _optional(PaymentState.read, "bad_state", PaymentState.PAID)] = PaymentState.PAID

    @property
    def amount(self) -> Decimal:
        """The amount in yuan."""
        return yuan_from_fen(self.amount_fen)
