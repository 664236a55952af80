"""Resident numbers of a whole batch: the check of `subsidy.model.person.is_resident_number`, eight digits at a time.

A word holds eight digits as bytes; with them side by side, sums and products of all eight are one multiplication.
The weights of the check character are those of the check digit library, asked once; a test compares the answers.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from stdnum.cn.ric import calc_check_digit

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.ids import PLAIN
from subsidy.engine.batch.raw import raw_texts
from subsidy.engine.batch.spans import Spans

__all__ = ["LENGTH", "resident_keys", "resident_keys_in_one_pass"]

LENGTH = 18
_MODULUS = 11
_u = np.uint64
_LOW_NIBBLES = _u(0x0F0F0F0F0F0F0F0F)
_HIGH_NIBBLES = _u(0xF0F0F0F0F0F0F0F0)
_ASCII_ZEROS = _u(0x3030303030303030)
_SIXES = _u(0x0606060606060606)
_EVEN_BYTES = _u(0x00FF00FF00FF00FF)


def _expected_characters() -> tuple[list[int], Array]:
    """Ask the library for the weight of each digit, and for the check character of each remainder."""
    values = {str(digit): digit for digit in range(10)} | {"X": 10}

    def check(place: int) -> int:
        return values[calc_check_digit("0" * place + "1" + "0" * (LENGTH - 1 - place))]

    base = values[calc_check_digit("0" * LENGTH)]
    # A digit moves the check value by its weight, less the modulus.
    weights = [(base - check(place)) % _MODULUS for place in range(LENGTH - 1)]
    names = {value: ord(name) for name, value in values.items()}
    most = 9 * sum(weights)
    return weights, np.array([names[(base - total) % _MODULUS] for total in range(most + 1)], dtype=np.uint8)


_WEIGHTS, _CHARACTER = _expected_characters()


def _lanes(weights: list[int]) -> tuple[np.uint64, np.uint64]:
    """Give the factors that sum the even and the odd bytes of a word by their weights into its top 16 bits."""
    even = sum(weight << (16 * (3 - lane)) for lane, weight in enumerate(weights[0::2]))
    odd = sum(weight << (16 * (3 - lane)) for lane, weight in enumerate(weights[1::2]))
    return _u(even), _u(odd)


_FIRST, _SECOND = _lanes(_WEIGHTS[:8]), _lanes(_WEIGHTS[8:16])
_LAST_WEIGHT = _u(_WEIGHTS[16])
_FACTORS = np.array([*_FIRST, *_SECOND, _LAST_WEIGHT], np.uint64)

_DAY, _LEAP_DAY = 1, 2


def _month_days() -> Array:
    days = np.zeros(10_000, dtype=np.uint8)
    for month, length in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), start=1):
        days[month * 100 + 1 : month * 100 + length + 1] = _DAY
    days[229] = _LEAP_DAY
    return days


_MONTH_DAYS = _month_days()


def _is_digits(word: Array) -> Array:
    return ((word & _HIGH_NIBBLES) == _ASCII_ZEROS) & (((word + _SIXES) & _HIGH_NIBBLES) == _ASCII_ZEROS)


def _number(digits: Array) -> Array:
    """Turn eight digits, the first in the lowest byte, into the number that they write."""
    pairs = (digits * _u(10)) + (digits >> _u(8))
    first = (pairs & _u(0x000000FF000000FF)) * _u(100 + (1_000_000 << 32))
    second = ((pairs >> _u(16)) & _u(0x000000FF000000FF)) * _u(1 + (10_000 << 32))
    return (first + second) >> _u(32)


def _weighted(digits: Array, factors: tuple[np.uint64, np.uint64]) -> Array:
    even = ((digits & _EVEN_BYTES) * factors[0]) >> _u(48)
    odd = (((digits >> _u(8)) & _EVEN_BYTES) * factors[1]) >> _u(48)
    return even + odd


def resident_keys(spans: Spans, rows: Array | None = None) -> tuple[Array, Array]:
    """Say which texts are resident numbers, and give the first 17 digits as a number: one for each person.

    Parameters
    ----------
    spans : Spans
        Normalised texts.
    rows : Array, optional
        Where not all have 18 characters: those that have.

    Returns
    -------
    bool array, uint64 array
        The number means nothing where the text is no resident number.
    """
    first, second = spans.word(0, rows), spans.word(8, rows)
    last = spans.word(LENGTH - 8, rows) >> _u(48)  # digit 17 and the check character
    good = _is_digits(first) & _is_digits(second)
    seventeenth = (last & _u(0xFF)) - _u(ord("0"))
    good &= seventeenth <= _u(9)
    first &= _LOW_NIBBLES
    second &= _LOW_NIBBLES
    total = _weighted(first, _FIRST) + _weighted(second, _SECOND) + seventeenth * _LAST_WEIGHT
    total[~good] = 0
    good &= _CHARACTER.take(total.view(np.int64)) == (last >> _u(8)).astype(np.uint8)
    start, end = _number(first), _number(second)
    good &= _is_birth_date(start, (end // _u(100)).view(np.int64))
    start *= _u(10**9)
    end *= _u(10)
    start += end
    start += seventeenth
    return good, start


def resident_keys_in_one_pass(array: pa.Array, keys: Array) -> Array | None:
    """Do the same with a compiled loop, for texts as they were given.

    Parameters
    ----------
    array : pa.Array
        Of type string or large_string.
    keys : uint64 array
        Takes the first 17 digits of each.

    Returns
    -------
    int8 array or None
        1 for a resident number, 0 for another text, `EMPTY` for null; None where a text has to be normalised.
    """
    from subsidy.engine.batch.loops.texts import resident_numbers

    good = np.empty(len(array), np.int8)
    found = resident_numbers(*raw_texts(array), PLAIN, _FACTORS, _CHARACTER, _MONTH_DAYS, keys, good)
    return None if found < 0 else good


def _is_birth_date(start: Array, rest: Array) -> Array:
    """Say whether the last two of some digits and YYMMDD are a day of the calendar."""
    year = rest // 10_000
    kind = _MONTH_DAYS.take(rest - year * 10_000, mode="clip")  # what is no number at all can be anything
    real = kind == _DAY
    rows = np.flatnonzero((kind == _LEAP_DAY) | (year == 0))  # few: the rule of centuries is asked of them only
    whole = (start[rows] % _u(100)).astype(np.int64) * 100 + year[rows]
    leap = (whole % 4 == 0) & ((whole % 100 != 0) | (whole % 400 == 0))
    real[rows] = (whole > 0) & (real[rows] | ((kind[rows] == _LEAP_DAY) & leap))
    return real
