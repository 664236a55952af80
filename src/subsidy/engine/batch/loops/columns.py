"""Columns of days and of booleans in one pass."""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["number_booleans", "ordinals_of"]

_EMPTY, _BAD = -1, -2
_MICROSECONDS, _NANOSECONDS = 86_400_000_000, 86_400_000_000_000
_u = np.uint64


@compiled
def ordinals_of(
    since: Array, bits: Array, first_bit: Number, unit: Number, epoch: Number, first: Number, last: Number, out: Array
) -> None:
    """Turn moments since the epoch into ordinals of days; the time of day is cut off.

    Parameters
    ----------
    since : int64 array
        The moments; `unit` of them are a day.
    bits, first_bit
        The bits that say what isn't null; none where nothing is.
    epoch, first, last : int
        The ordinal of the epoch; the first and the last day of the calendar, from the epoch on.
    out : int32 array
        Takes the ordinals, -1 for null and -2 for what no calendar has.
    """
    for row in range(len(out)):
        # Divisions by a number that is known when this is compiled are multiplications.
        if unit == _MICROSECONDS:
            day = since[row] // _MICROSECONDS
        elif unit == _NANOSECONDS:
            day = since[row] // _NANOSECONDS
        else:
            day = since[row] // unit
        found = day + epoch if first <= day <= last else _BAD
        if len(bits):
            place = _u(first_bit + row)
            if (bits[place >> _u(3)] >> np.uint8(place & _u(7))) & np.uint8(1) == 0:
                found = _EMPTY
        out[row] = found


@compiled
def number_booleans(values: Array, first: Number, bits: Array, first_bit: Number, known: Array, out: Array) -> None:
    """Give the number of each boolean, which lies in memory as a bit; the third of those known is that of null."""
    for row in range(len(out)):
        place = _u(first + row)
        which = (values[place >> _u(3)] >> np.uint8(place & _u(7))) & np.uint8(1)
        if len(bits):
            place = _u(first_bit + row)
            valid = (bits[place >> _u(3)] >> np.uint8(place & _u(7))) & np.uint8(1)
            which = which if valid else np.uint8(2)
        out[row] = known[_u(which)]
