"""Paid claims whose record can't be used any more: what of it can still be read counts in rules 7 to 10."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from subsidy.engine.batch.grid import Kind
from subsidy.engine.records import Record, readable
from subsidy.model.level import Level, Stream
from subsidy.model.person import PersonIdType, is_resident_number
from subsidy.policy.policy import Policy
from subsidy.rules.eligibility import entitlement_date_name
from subsidy.rules.entitlement import facts

__all__ = ["kind_so_far"]


def kind_so_far(policy: Policy, record: Record) -> Kind | None:
    """Give what the rules of history can read of a record; None where not even the person is known."""
    known = readable(policy, record)
    person, kind = known.get("person_id"), known.get("person_id_type")
    if not isinstance(person, str) or kind is None:
        return None
    if kind is PersonIdType.RESIDENT and not is_resident_number(person):
        return None
    stream, level, applied = known.get("stream"), known.get("level"), known.get("applied_on")
    return Kind(
        stream if isinstance(stream, Stream) else None,
        level if isinstance(level, Level) else None,
        _facts(policy, known),
        dated=isinstance(applied, date),
    )


def _facts(policy: Policy, known: Mapping[str, object]) -> frozenset[str]:
    """Give the facts on the entitlement date; none where a field that says it can't be read."""
    code, level, applied = known.get("occupation"), known.get("level"), known.get("applied_on")
    if not isinstance(code, str) or not isinstance(level, Level) or not isinstance(applied, date):
        return frozenset()
    rules = policy.texts_on(applied).rules
    if rules is None or "training_filed_on" not in known:
        return frozenset()
    name = entitlement_date_name(rules.procedure, filed=known["training_filed_on"] is not None)
    on = known.get(name)
    return facts(policy.texts_on(on), code, level) if isinstance(on, date) else frozenset()
