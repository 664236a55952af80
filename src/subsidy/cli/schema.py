"""``subsidy schema``: the JSON Schemas of the policy files, of a claim, a payment and a receipt."""

from __future__ import annotations

from typing import Any

from subsidy.cli.commands import Settings
from subsidy.cli.failures import PAID
from subsidy.cli.language import Both
from subsidy.cli.output import print_json
from subsidy.engine.receipt import receipt_schema
from subsidy.model.claim import Claim, Payment
from subsidy.policy.loading import schemas

__all__ = ["run"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAMES = {
    "occupations": Both("政策文件 occupations.yaml：补贴职业目录", "the policy file occupations.yaml: the directory"),
    "subsidy_rates": Both("政策文件 subsidy_rates.yaml：补贴标准", "the policy file subsidy_rates.yaml: the rates"),
    "shortage_catalog": Both(
        "政策文件 shortage_catalog.yaml：紧缺职业目录", "the policy file shortage_catalog.yaml: the catalogue"
    ),
    "rules": Both("政策文件 rules.yaml：办法", "the policy file rules.yaml: the rules"),
    "claim": Both("一份申领", "a claim"),
    "payment": Both("一笔发放记录", "a payment"),
    "decision": Both("核定凭证 subsidy.decision/1", "the receipt of a decision, subsidy.decision/1"),
}


def run(settings: Settings, name: str | None) -> int:
    """Print the schema."""
    if name is not None:
        print_json(_schema(name))
    elif settings.as_json:
        print_json([*_NAMES])
    else:
        settings.page().facts([(name, says.text(settings.lang)) for name, says in _NAMES.items()])
    return PAID


def _schema(name: str) -> dict[str, Any]:
    match name:
        case "claim":
            return {"$schema": _DRAFT, **Claim.model_json_schema()}
        case "payment":
            return _payment()
        case "decision":
            return receipt_schema()
        case _:
            return schemas()[f"{name}.schema.json"]


def _payment() -> dict[str, Any]:
    """Give the schema of a payment as it is handed in: its amount in yuan, which the model keeps in fen."""
    schema = Payment.model_json_schema()
    schema["properties"]["amount"] = {
        "title": "Amount",
        "description": "yuan with at most two decimals",
        "anyOf": [{"type": "string", "pattern": r"^[+-]?[0-9]{1,15}(\.[0-9]{1,2})?$"}, {"type": "integer"}],
    }
    return {"$schema": _DRAFT, **schema}
