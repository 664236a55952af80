"""What programs read: JSON on standard output, and the parts that the answers of several commands share."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from subsidy.model.money import format_yuan

if TYPE_CHECKING:
    from subsidy.model.decision import Decision, Entitlement

__all__ = ["EDITIONS", "amounts", "editions", "print_json", "steps"]

EDITIONS = ("directory_edition", "catalog_edition", "rate_edition", "rules_edition")


def print_json(value: object) -> None:
    """Print a value as JSON; with escapes where the terminal or file can't hold its characters."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        text = json.dumps(value, indent=2, allow_nan=False)
    sys.stdout.write(f"{text}\n")


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
