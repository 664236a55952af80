"""Sums of adjustments, by what they have in common."""

from __future__ import annotations

import pandas as pd

from subsidy.model.errors import InputError
from subsidy.model.text import shown

__all__ = ["GROUPS", "TOTALS", "added", "totals_by"]

GROUPS = (
    "cause", "reason", "category", "occupation", "level", "stream", "month",
    "catalog_edition", "rate_edition", "rules_edition", "directory_edition",
)  # fmt: skip
TOTALS = (
    "claims", "paid_fen", "due_fen", "adjustment_fen", "top_ups", "top_up_fen", "recoveries", "recovery_fen",
)  # fmt: skip


def totals_by(adjustments: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum adjustments by one of `GROUPS`; a row for each value that occurs, the missing one last."""
    if by not in GROUPS:
        raise InputError("by", shown(by), f"one of {', '.join(GROUPS)}")
    fen = adjustments["adjustment_fen"]
    summed = pd.DataFrame(
        {
            by: adjustments["applied_on"].dt.strftime("%Y-%m") if by == "month" else adjustments[by],
            "claims": 1,
            "paid_fen": adjustments["paid_fen"],
            "due_fen": adjustments["due_fen"],
            "adjustment_fen": fen,
            "top_ups": (fen > 0).astype("int64"),
            "top_up_fen": fen.where(fen > 0, 0),
            "recoveries": (fen < 0).astype("int64"),
            "recovery_fen": -fen.where(fen < 0, 0),
        }
    )
    return summed.groupby(by, dropna=False, observed=True, sort=True)[list(TOTALS)].sum().reset_index()


def added(parts: list[pd.DataFrame], by: str) -> pd.DataFrame:
    """Add totals of several parts of the claims."""
    whole = pd.concat(parts, ignore_index=True)
    return whole.groupby(by, dropna=False, observed=True, sort=True)[list(TOTALS)].sum().reset_index()
