"""Intake: records as they come in become claims, or are unusable and say why. `subsidy.Claim` reads the values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from subsidy import Claim, Policy, Reason

Record = Mapping[str, Any]

HEADINGS = {
    "申领编号": "claim_id",
    "身份证号": "person_id",
    "证件号码": "person_id",
    "证件类型": "person_id_type",
    "职业编码": "occupation",
    "职业名称": "occupation",
    "职业(工种)": "occupation",
    "职业工种": "occupation",
    "职业": "occupation",
    "等级": "level",
    "技能等级": "level",
    "证书编号": "certificate_no",
    "发证日期": "certificate_date",
    "申请日期": "applied_on",
    "补贴项目": "stream",
    "参保月数": "insured_months",
    "备案日期": "training_filed_on",
}
FIELDS = [
    *("claim_id", "person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on"),
    *("stream", "insured_months", "training_filed_on", "person_id_type"),
]
REASONS = list(Reason)


@dataclass(frozen=True)
class Unusable:
    """A record that can't be decided: the first reason of the table, and the field that is at fault."""

    claim_id: str | None
    reason: Reason
    detail: str


def read_all(policy: Policy, records: Sequence[Record]) -> list[Claim | Unusable]:
    """Read a batch. Of rows with one id the first stays where all say the same, else none does."""
    found = [read(policy, record) for record in records]
    rows: dict[str, list[int]] = {}
    for row, one in enumerate(found):
        if one.claim_id:
            rows.setdefault(one.claim_id, []).append(row)
    for claim_id, same in rows.items():
        said = [one if isinstance(one := found[row], Claim) else fields_of(policy, records[row]) for row in same]
        for row in same[1:] if all(one == said[0] for one in said) else same:
            found[row] = Unusable(claim_id, Reason.DUPLICATE_CLAIM_ID, "claim_id")
    return found


def read(policy: Policy, record: Record) -> Claim | Unusable:
    """Read one record; the occupation of a claim becomes its present code."""
    values = fields_of(policy, record)
    faults: list[tuple[Reason, str]] = []
    claim = None
    try:
        claim = Claim.model_validate(values)
    except ValidationError as error:
        faults = [(Reason(one["type"]), str(one["loc"][-1])) for one in error.errors()]
    code = policy.vocabulary.code_of(str(values.get("occupation") or ""))
    if claim is not None and code is not None:
        return claim.model_copy(update={"occupation": code})
    if code is None and "occupation" not in [field for _, field in faults]:
        faults.append((Reason.BAD_OCCUPATION, "occupation"))
    columns = [*FIELDS, *policy.vocabulary.conditions]
    reason, detail = min(faults, key=lambda fault: (REASONS.index(fault[0]), columns.index(fault[1])))
    named = "claim_id" not in [field for _, field in faults]
    return Unusable(plain(str(values["claim_id"])) if named else None, reason, detail)


def fields_of(policy: Policy, record: Record) -> dict[str, Any]:
    """Give the cells of a record by field; of two headings for one field the first that is filled serves."""
    names = {plain(name): name for name in [*FIELDS, *policy.vocabulary.conditions]} | HEADINGS
    values: dict[str, Any] = {}
    for heading, cell in record.items():
        name = names.get(plain(heading))
        if name is not None and values.get(name) in {None, ""}:
            values[name] = cell
    stated = {name: values.pop(name, None) for name in policy.vocabulary.conditions}
    return values | {"conditions": stated}


def plain(text: str) -> str:
    """Give a heading or an id without blanks, in capitals, full-width signs as plain ones."""
    return "".join(unicodedata.normalize("NFKC", text).strip("\ufeff").split()).upper()
