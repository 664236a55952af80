"""Adjustments as an Arrow table: what files hold, and what is summed up and shown part by part."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS
from subsidy.engine.recalculation.compared import COMPARED

__all__ = ["ADJUSTMENTS", "DIFFERENCES", "table_of"]

_KINDS = {"payable_then": pa.bool_(), "applied_on": pa.date32(), "first_paid_on": pa.date32()}


def _kind(name: str) -> pa.DataType:
    return _KINDS.get(name, pa.int64() if name.endswith("_fen") else pa.string())


ADJUSTMENTS = pa.schema([(name, _kind(name)) for name in ADJUSTMENT_COLUMNS])
"""The columns of a frame of adjustments: texts, whole fen, days."""

DIFFERENCES = pa.schema(
    [
        ("claim_id", pa.string()),
        *(
            (f"{name}_{policy}", pa.int64() if name.endswith("_fen") else pa.string())
            for name in COMPARED
            for policy in "ab"
        ),
        ("difference_fen", pa.int64()),
        *((name, pa.string()) for name in ("occupation", "category", "level", "stream")),
        ("applied_on", pa.date32()),
    ]
)
"""The columns of a frame of what two policies give."""


def table_of(frame: pd.DataFrame, schema: pa.Schema = ADJUSTMENTS) -> pa.Table:
    """Make an Arrow table of a frame.

    Parameters
    ----------
    frame : DataFrame
        With the columns of the schema.
    schema : pa.Schema
        Texts, numbers, truth and days; left out: adjustments.
    """
    return pa.table([_column(frame[field.name], field.type) for field in schema], schema=schema)


def _column(series: pd.Series, kind: pa.DataType) -> pa.ChunkedArray:
    made = pa.array(series, from_pandas=True)
    chunks = made.chunks if isinstance(made, pa.ChunkedArray) else [made]
    plain = [chunk.dictionary_decode() if pa.types.is_dictionary(chunk.type) else chunk for chunk in chunks]
    return pa.chunked_array([chunk.cast(kind) for chunk in plain], kind)
