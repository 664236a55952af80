"""The invented city uses every key that a policy file may have, so that none is left untried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from subsidy.policy.loading import FILES
from subsidy.policy.texts import Edition
from subsidy.policy.yaml_tree import read_tree
from tests.cases_io import HERE

CITY = HERE / "policies" / "yunshan"
FREE = {"verified_on"}  # upkeep, not law


def keys_of(schema: dict[str, Any]) -> set[str]:
    """Every key that a model of the schema names."""
    models = [schema, *schema.get("$defs", {}).values()]
    return {key for model in models for key in model.get("properties", {})}


def keys_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from keys_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys_in(item)


def test_every_key_is_used() -> None:
    used = {name: set(keys_in(read_tree(CITY / name, name).root)) for name in FILES}
    anywhere = set().union(*used.values())
    common = keys_of(Edition.model_json_schema())
    for name, model in FILES.items():
        every = keys_of(model.model_json_schema(by_alias=True)) - FREE
        assert every - common - used[name] == set(), name
        assert every & common <= anywhere, name


def test_every_word_of_the_rules_is_used() -> None:
    text = (CITY / "rules.yaml").read_text(encoding="utf-8")
    words = (
        *("certificate_date", "applied_on", "training_filed_on", "inclusive", "exclusive", "highest", "sum"),
        *("half_even", "down", "jiao", "yuan", "refuse", "allow", "pay_difference", "keep"),
        *("lifetime", "calendar_year", "claim_window: null", "requires", "except"),
    )
    assert [word for word in words if word not in text] == []
    catalog = (CITY / "shortage_catalog.yaml").read_text(encoding="utf-8")
    assert [word for word in ("replaces", "adds", "complete: false") if word not in catalog] == []
    assert "covers: all" in (CITY / "occupations.yaml").read_text(encoding="utf-8")
