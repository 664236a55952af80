"""Columns mixed into one number for each row."""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["mix"]

_u = np.uint64


@compiled
def mix(mixed: Array, column: Array, odd: Number, shift: Number) -> None:
    """Mix a column into what was mixed so far, each row for itself; all are uint64, odd and shift too."""
    for row in range(len(mixed)):
        found = (mixed[row] + _u(column[row])) * odd
        mixed[row] = found ^ (found >> shift)
