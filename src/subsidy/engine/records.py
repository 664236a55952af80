"""Reading records: one claim as a mapping of column headings to whatever a form, a JSON file or a table holds.

A record that can't be used becomes an `Unusable` with its reason, never an exception: one bad row stops nobody.
Source: design, section 4 (table of invalid reasons) and section 5 (columns).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from typing import Annotated, Any, NamedTuple, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from subsidy.model.claim import OPTIONAL_FIELDS, REQUIRED_FIELDS, Claim, read_occupation
from subsidy.model.errors import InputError
from subsidy.model.text import compact, is_empty, read_identifier, shown
from subsidy.model.words import INVALID_REASONS, Reason
from subsidy.policy.policy import Policy

__all__ = ["FIELDS", "HEADINGS", "Record", "Unusable", "Usable", "normal_form", "read_record", "readable"]

Record = Mapping[str, Any]

# Chinese headings of each column; of several for one column, the first that holds a value serves.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "claim_id": ("申领编号",),
    "person_id": ("身份证号", "证件号码"),
    "person_id_type": ("证件类型",),
    "occupation": ("职业编码", "职业名称", "职业(工种)", "职业工种", "职业"),
    "level": ("等级", "技能等级"),
    "certificate_no": ("证书编号",),
    "certificate_date": ("发证日期",),
    "applied_on": ("申请日期",),
    "stream": ("补贴项目",),
    "insured_months": ("参保月数",),
    "training_filed_on": ("备案日期",),
}
FIELDS = (*REQUIRED_FIELDS, *OPTIONAL_FIELDS)
_compared = lru_cache(1024)(compact)  # of headings, which are the same in record after record
_COMPARED = {field: tuple(compact(heading) for heading in (field, *HEADINGS[field])) for field in FIELDS}
_OCCUPATION_FORMS = "a code, name or alias of an occupation"
_RANK = {reason: place for place, reason in enumerate(INVALID_REASONS)}


class Usable(NamedTuple):
    """A claim that can be decided, with the present code of its occupation."""

    claim: Claim
    code: str


class Unusable(NamedTuple):
    """A record that can't be decided: why, which field, and what would have served."""

    claim_id: str | None
    reason: Reason
    detail: str
    forms: str
    nearest: Callable[[], str | None] | None = None

    @property
    def expected(self) -> str:
        """What would have served; the nearest name is looked for only now, since that takes milliseconds."""
        near = self.nearest() if self.nearest is not None else None
        return self.forms + (f"; did you mean {near}?" if near else "")


def read_record(policy: Policy, record: Claim | Record) -> Usable | Unusable:
    """Read one claim or record; never raises for what a cell may hold."""
    if isinstance(record, Claim):
        code = policy.vocabulary.code_of(record.occupation)
        return _bad_occupation(policy, record) if code is None else Usable(record, code)
    if not isinstance(record, Mapping):
        raise InputError("claim", f"{shown(record)} ({type(record).__name__})", "a Claim, or a mapping of its columns")
    values = by_field(policy, record)
    try:
        return read_record(policy, Claim.model_validate(values))
    except ValidationError as error:
        faults = [_fault(detail["type"], detail["loc"], detail.get("ctx", {})) for detail in error.errors()]
    if _means_nothing(policy, values.get("occupation")):
        faults.append((Reason.BAD_OCCUPATION, "occupation", _OCCUPATION_FORMS))
    reason, detail, expected = min(faults, key=lambda fault: (_RANK[fault[0]], _place(fault[1])))
    return Unusable(_claim_id(values), reason, detail, expected)


def _means_nothing(policy: Policy, occupation: object) -> bool:
    """Say whether an occupation can be read and is none that the policy knows."""
    try:
        return not is_empty(occupation) and policy.vocabulary.code_of(read_occupation(occupation)) is None
    except ValueError:
        return False  # a fault of the claim already


def by_field(policy: Policy, record: Record) -> dict[str, object]:
    """Give a record's values by field; columns that aren't ours are left alone."""
    columns = {_compared(str(heading)): value for heading, value in record.items()}
    values: dict[str, object] = {}
    for field in FIELDS:
        given = [columns.get(heading) for heading in _COMPARED[field]]
        values[field] = next((value for value in given if not is_empty(value)), None)
    stated = record.get("conditions")
    conditions: dict[str, object] = dict(stated) if isinstance(stated, Mapping) else {}
    for condition in policy.vocabulary.conditions:
        if _compared(condition) in columns:
            conditions[condition] = columns[_compared(condition)]
    known = {name: conditions[name] for name in policy.vocabulary.conditions if name in conditions}
    values["conditions"] = known | conditions  # in the order of the texts, for the first bad one is reported
    return values


def _fault(kind: str, loc: tuple[int | str, ...], context: Mapping[str, Any]) -> tuple[Reason, str, str]:
    reason = Reason(kind)
    detail = str(context.get("condition", loc[0]))
    return reason, detail, str(context["expected"]).removeprefix("expected ")


def _place(field: str) -> int:
    return FIELDS.index(field) if field in FIELDS else len(FIELDS)


def _claim_id(values: Mapping[str, object]) -> str | None:
    value = values.get("claim_id")
    try:
        return None if is_empty(value) else read_identifier(value)
    except ValueError:
        return None


def _bad_occupation(policy: Policy, claim: Claim) -> Unusable:
    near = partial(policy.vocabulary.nearest, claim.occupation)
    return Unusable(claim.claim_id, Reason.BAD_OCCUPATION, "occupation", _OCCUPATION_FORMS, near)


@cache
def _readers() -> dict[str, TypeAdapter[object]]:
    fields = Claim.model_fields
    config = ConfigDict(strict=True, arbitrary_types_allowed=True)
    return {
        name: TypeAdapter[object](cast("Any", Annotated)[field.annotation, *field.metadata], config=config)
        for name, field in fields.items()
    }


def readable(policy: Policy, record: Record) -> dict[str, object]:
    """Give what of a record can be read, by field; of the occupation its present code."""
    values = by_field(policy, record)
    known: dict[str, object] = {}
    for name, reader in _readers().items():
        try:
            known[name] = reader.validate_python(values.get(name))
        except ValidationError:
            continue
    occupation = known.pop("occupation", None)
    code = policy.vocabulary.code_of(occupation) if isinstance(occupation, str) else None
    return known if code is None else known | {"occupation": code}


def normal_form(policy: Policy, record: Claim | Record) -> tuple[tuple[str, object], ...]:
    """Give a record's fields normalised, each that can't be read as its plain text; to tell whether two are alike."""
    values = dict(record) if isinstance(record, Claim) else by_field(policy, record)
    form: list[tuple[str, object]] = []
    for name, reader in _readers().items():
        value = values.get(name)
        try:
            read = reader.validate_python(value)
        except ValidationError:
            read = compact(value) if isinstance(value, str) else shown(value)
        if name == "occupation" and isinstance(read, str):
            read = policy.vocabulary.code_of(read) or compact(read)
        form.append((name, read))
    return tuple(form)


def require(policy: Policy, occupation: str) -> str:
    """Give the code of an occupation that a caller asks for; raise `InputError` where the text means none."""
    code = policy.vocabulary.code_of(str(occupation))
    if code is None:
        near = policy.vocabulary.nearest(str(occupation))
        hint = f"; did you mean {near}?" if near else ""
        raise InputError("occupation", shown(occupation), f"{_OCCUPATION_FORMS}{hint}")
    return code
