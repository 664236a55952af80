"""Sums of adjustments, by what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.recalculation.adjustments import ask_for
from subsidy.engine.recalculation.table import ADJUSTMENTS, DIFFERENCES, table_of
from subsidy.model.errors import InputError
from subsidy.model.text import shown

__all__ = [
    "COMPARED_GROUPS",
    "GROUPS",
    "TOTALS",
    "Sums",
    "differences_by",
    "of_adjustments",
    "of_differences",
    "totals_by",
]

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
    needed = ("paid_fen", "due_fen", "adjustment_fen")
    ask_for(adjustments, (_key(by), *needed))
    return _of_frame(adjustments, by, of_adjustments, needed, ADJUSTMENTS)


def differences_by(compared: pd.DataFrame, by: str) -> pd.DataFrame:
    """Sum what two policies give, by one of `COMPARED_GROUPS`."""
    if by not in COMPARED_GROUPS:
        raise InputError("by", shown(by), f"one of {', '.join(COMPARED_GROUPS)}")
    needed = ("status_a", "status_b", "amount_fen_a", "amount_fen_b", "difference_fen")
    return _of_frame(compared, by, of_differences, needed, DIFFERENCES)


def _key(by: str) -> str:
    return "applied_on" if by == "month" else by


def _of_frame(
    frame: pd.DataFrame, by: str, figures: Figures, needed: tuple[str, ...], schema: pa.Schema
) -> pd.DataFrame:
    """Sum the rows of a frame, in the order of its own words."""
    sums = Sums([by], figures)
    sums.add(table_of(frame, pa.schema([schema.field(name) for name in dict.fromkeys((_key(by), *needed))])))
    found = sums.totals(by)
    if by == "month":
        return found
    found[by] = found[by].astype(frame[by].dtype)
    return found.sort_values(by, ignore_index=True)


Figures = Callable[[pa.Table], Mapping[str, pa.ChunkedArray]]


def of_adjustments(adjustments: pa.Table) -> Mapping[str, pa.ChunkedArray]:
    """Give what is summed up of adjustments, in the form of `subsidy.engine.recalculation.table.ADJUSTMENTS`."""
    fen = adjustments.column("adjustment_fen")
    more, less = pc.greater(fen, 0), pc.less(fen, 0)
    return {
        "claims": _ones(fen),
        "paid_fen": adjustments.column("paid_fen"),
        "due_fen": adjustments.column("due_fen"),
        "adjustment_fen": fen,
        "top_ups": more.cast(pa.int64()),
        "top_up_fen": pc.if_else(more, fen, 0),
        "recoveries": less.cast(pa.int64()),
        "recovery_fen": pc.if_else(less, pc.negate(fen), 0),
    }


def of_differences(compared: pa.Table) -> Mapping[str, pa.ChunkedArray]:
    """Give what is summed up of two policies, in the form of `subsidy.engine.recalculation.table.DIFFERENCES`."""
    fen = compared.column("difference_fen")
    return {
        "claims": _ones(fen),
        "payable_a": pc.equal(compared.column("status_a"), "payable").cast(pa.int64()),
        "payable_b": pc.equal(compared.column("status_b"), "payable").cast(pa.int64()),
        "amount_a_fen": compared.column("amount_fen_a"),
        "amount_b_fen": compared.column("amount_fen_b"),
        "difference_fen": fen,
    }


def _ones(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(np.ones(len(column), np.int64))])


class Sums:
    """Totals of rows that come part by part.

    Parameters
    ----------
    groups : sequence of str
        What they are summed by, some of `GROUPS` or `COMPARED_GROUPS`.
    figures : callable
        What is summed up of them: `of_adjustments` or `of_differences`.
    """

    def __init__(self, groups: Sequence[str], figures: Figures = of_adjustments) -> None:
        self._parts: dict[str, list[pa.Table]] = {by: [] for by in groups}
        self._figures = figures

    def add(self, rows: pa.Table) -> None:
        """Take in the next rows."""
        figures = self._figures(rows)
        for by, parts in self._parts.items():
            key = pc.strftime(rows.column("applied_on"), format="%Y-%m") if by == "month" else rows.column(by)
            parts.append(_summed(pa.table({by: key, **figures}), by))

    def totals(self, by: str) -> pd.DataFrame:
        """Give what was summed so far; a row for each value that occurs, by its text, the missing one last."""
        summed = _summed(pa.concat_tables(self._parts[by]), by).sort_by([(by, "ascending")])
        frame: pd.DataFrame = summed.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
        return frame

    def whole(self) -> dict[str, int]:
        """Give the sums of all rows."""
        table = pa.concat_tables(next(iter(self._parts.values())))
        return {name: pc.sum(table.column(name)).as_py() or 0 for name in table.column_names[1:]}


def _summed(table: pa.Table, by: str) -> pa.Table:
    names = [name for name in table.column_names if name != by]
    found = table.group_by([by]).aggregate([(name, "sum") for name in names])
    return found.select([by, *(f"{name}_sum" for name in names)]).rename_columns([by, *names])
