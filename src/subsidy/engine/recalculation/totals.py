"""Sums of adjustments, by what they have in common."""

from __future__ import annotations

import pandas as pd

from subsidy.model.errors import InputError
from subsidy.model.text import shown

__all__ = ["COMPARED_GROUPS", "GROUPS", "TOTALS", "added", "differences_by", "totals_by"]

GROUPS = (
    "cause", "reason", "category", "occupation", "level", "stream", "month",
    "catalog_edition", "rate_edition", "rules_edition", "directory_edition",
)  # fmt: skip
COMPARED_GROUPS = ("occupation", "category", "level", "stream", "month")
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


def differences_by(compared: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum what two policies give, by one of `COMPARED_GROUPS`."""
    if by not in COMPARED_GROUPS:
        raise InputError("by", shown(by), f"one of {', '.join(COMPARED_GROUPS)}")
    summed = pd.DataFrame(
        {
            by: compared["applied_on"].dt.strftime("%Y-%m") if by == "month" else compared[by],
            "claims": 1,
            "payable_a": (compared["status_a"] == "payable").astype("int64"),
            "payable_b": (compared["status_b"] == "payable").astype("int64"),
            "amount_a_fen": compared["amount_fen_a"],
            "amount_b_fen": compared["amount_fen_b"],
            "difference_fen": compared["difference_fen"],
        }
    )
    columns = [name for name in summed if name != by]
    return summed.groupby(by, dropna=False, observed=True, sort=True)[columns].sum().reset_index()


def added(parts: list[pd.DataFrame], by: str) -> pd.DataFrame:
    """Add totals of several parts of the claims."""
    whole = pd.concat(parts, ignore_index=True)
    return whole.groupby(by, dropna=False, observed=True, sort=True)[list(TOTALS)].sum().reset_index()
