"""Ids of persons as adjustments show them, in one pass."""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["mask_residents"]

_u = np.uint64
_HIGH = _u(0x8080808080808080)
_TO_FIRST = _u(0x5F5F5F5F5F5F5F5F)  # sets the high bit of what is at least "!"
_TO_LAST = _u(0x0101010101010101)  # of what is more than "~"
_TO_A, _TO_Z = _u(0x1F1F1F1F1F1F1F1F), _u(0x0505050505050505)  # of "a" and more; of what is behind "z"


@compiled
def _is_visible(word: Number) -> bool:
    """Say whether all eight bytes are visible ASCII characters."""
    return bool(((word | ~(word + _TO_FIRST) | (word + _TO_LAST)) & _HIGH) == _u(0))


@compiled
def _upper(word: Number) -> Number:
    return word ^ (((word + _TO_A) & ~(word + _TO_Z) & _HIGH) >> _u(2))


@compiled
def mask_residents(
    offsets: Array, words: Array, bits: Array, first_bit: Number, places: Array, keeps: Array, out: Array, valid: Array
) -> bool:
    """Hide the middle of each text that is as long as a resident number; those and empty ones are all that serve.

    Parameters
    ----------
    offsets, words, bits, first_bit
        The texts; see `subsidy.engine.batch.raw`.
    places, keeps : arrays
        Three words of a text: where each begins, and which of its bytes are shown. Later ones write over earlier.
    out : uint64 array
        The memory that takes the texts, by bytes, each in as much room; stars where there is none.
    valid : bool array
        Takes which texts there are.

    Returns
    -------
    bool
        False where a text is neither empty nor as long, or has to be normalised.
    """
    length = np.int64(places[2]) + 8
    first, second, third = _u(places[0]), _u(places[1]), _u(places[2])
    stars = _u(0x2A2A2A2A2A2A2A2A)
    for row in range(len(valid)):
        start = np.int64(offsets[row])
        size = np.int64(offsets[row + 1]) - start
        if len(bits):
            place = _u(first_bit + row)
            known = (bits[place >> _u(3)] >> np.uint8(place & _u(7))) & np.uint8(1)
            size = size if known else np.int64(0)
        valid[row] = size > 0
        at = _u(row * length)
        if size == length:
            one, two, three = words[_u(start) + first], words[_u(start) + second], words[_u(start) + third]
            if not (_is_visible(one) & _is_visible(two) & _is_visible(three)):
                return False
            out[at + first] = (_upper(one) & keeps[0]) | (stars & ~keeps[0])
            out[at + second] = (_upper(two) & keeps[1]) | (stars & ~keeps[1])
            out[at + third] = (_upper(three) & keeps[2]) | (stars & ~keeps[2])
        elif size:
            return False
        else:
            out[at + first], out[at + second], out[at + third] = stars, stars, stars
    return True
