"""Adjustments as a file holds them, and as payments to be booked; and what two policies give."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.recalculation.table import ADJUSTMENTS, DIFFERENCES
from subsidy.io.decisions import YUAN, constant, yuan
from subsidy.model.claim import PaymentState

__all__ = ["ADJUSTMENT_FILE", "BOOKINGS", "DIFFERENCE_FILE", "as_adjustments", "as_bookings", "as_differences"]

_WORD = pa.dictionary(pa.int8(), pa.string())
_YUAN = ("paid", "due", "adjustment")

ADJUSTMENT_FILE = pa.schema(
    [*ADJUSTMENTS, *((name, YUAN) for name in _YUAN), ("run_id", _WORD), ("policy_fingerprint", _WORD)]
)
BOOKINGS = pa.schema([("claim_id", pa.string()), ("amount", YUAN), ("paid_on", pa.date32()), ("state", _WORD)])
"""As `subsidy recalculate --payments` takes them."""
DIFFERENCE_FILE = pa.schema(
    [
        *DIFFERENCES,
        *((name, YUAN) for name in ("amount_a", "amount_b", "difference")),
        *((f"policy_fingerprint_{one}", _WORD) for one in "ab"),
    ]
)


def as_adjustments(adjustments: pa.Table, fingerprint: str, run_id: str) -> pa.Table:
    """Add what files hold beyond the columns of the engine: amounts in yuan, the run and the policy."""
    table = adjustments
    for name in _YUAN:
        table = table.append_column(name, yuan(adjustments.column(f"{name}_fen")))
    table = table.append_column("run_id", constant(run_id, len(table)))
    return table.append_column("policy_fingerprint", constant(fingerprint, len(table))).cast(ADJUSTMENT_FILE)


def as_bookings(adjustments: pa.Table, paid_on: date) -> pa.Table:
    """Give the differences as payments of one day: recalculated with them, nothing is left to adjust."""
    some = adjustments.filter(pc.not_equal(adjustments.column("adjustment_fen"), 0))
    days = pa.array(np.full(len(some), np.datetime64(paid_on, "D")))
    columns = [
        some.column("claim_id"),
        yuan(some.column("adjustment_fen")),
        days,
        constant(PaymentState.PAID.value, len(some)),
    ]
    return pa.table(columns, schema=BOOKINGS)


def as_differences(differences: pa.Table, fingerprint_a: str, fingerprint_b: str) -> pa.Table:
    """Add amounts in yuan, and the policies."""
    table = differences
    for name, fen in (("amount_a", "amount_fen_a"), ("amount_b", "amount_fen_b"), ("difference", "difference_fen")):
        table = table.append_column(name, yuan(differences.column(fen)))
    for name, text in (("a", fingerprint_a), ("b", fingerprint_b)):
        table = table.append_column(f"policy_fingerprint_{name}", constant(text, len(table)))
    return table.cast(DIFFERENCE_FILE)
