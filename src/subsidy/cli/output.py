"""What programs read: JSON on standard output, and the parts that the answers of several commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty

if TYPE_CHECKING:
    from subsidy.engine.recalculation.totals import Sums
    from subsidy.model.decision import Decision, Entitlement

__all__ = ["EDITIONS", "amounts", "editions", "print_json", "steps", "sums_json", "totals_json"]

EDITIONS = ("directory_edition", "catalog_edition", "rate_edition", "rules_edition")


def print_json(value: object) -> None:
    """Print a value as JSON; with escapes where the terminal or file can't hold its characters."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        text = json.dumps(value, indent=2, allow_nan=False)
    sys.stdout.write(f"{text}\n")


def sums_json(sums: Mapping[Any, Any]) -> dict[str, object]:
    """Give sums for programs: counts as numbers, amounts in fen as numbers and in yuan as text."""
    found: dict[str, object] = {}
    for name, value in sums.items():
        found[name] = int(value)
        if name.endswith("_fen"):
            found[name.removesuffix("_fen")] = format_yuan(int(value))
    return found


def totals_json(sums: Sums, groups: Iterable[str]) -> dict[str, object]:
    """Give totals for programs, by each of some columns; a value that isn't known is null."""
    return {by: [_line(row, by) for row in sums.totals(by).to_dict("records")] for by in groups}


def _line(row: Mapping[Any, Any], by: str) -> dict[str, object]:
    key = None if is_empty(row[by]) else str(row[by])
    return {by: key, **sums_json({name: value for name, value in row.items() if name != by})}


def amounts(answer: Decision | Entitlement) -> dict[str, object]:
    """Give base, uplift and amount in yuan as text, null where the law doesn't give one."""
    return {
        "base": None if answer.base_fen is None else format_yuan(answer.base_fen),
        "uplift": None if answer.uplift_fen is None else format_yuan(answer.uplift_fen),
        "amount": format_yuan(answer.amount_fen),
    }


def editions(answer: Decision | Entitlement) -> dict[str, object]:
    """Give the editions in force."""
    return {name: getattr(answer, name) for name in EDITIONS}


def steps(answer: Decision | Entitlement) -> list[object]:
    """Give the steps as JSON."""
    return [step.model_dump(mode="json") for step in answer.steps]
