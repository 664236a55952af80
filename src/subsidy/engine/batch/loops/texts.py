"""Texts of a batch in one pass: resident numbers, and the numbers of known texts.

A text is read eight bytes at a time from where it lies in memory. What needs more than that - to be normalised, to be
longer than most - is left to `subsidy.engine.batch.spans` and its neighbours, which give the same hashes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["EMPTY", "MISSED", "Table", "known_numbers", "place_of", "resident_numbers"]


EMPTY = -1
MISSED = -3
_u = np.uint64
_EIGHT = np.int64(8)
_HIGH = _u(0x8080808080808080)
_TO_HIGH = _u(0x1F1F1F1F1F1F1F1F)
_FIRST_PLAIN = _u(0x2121212121212121)
_LOW_NIBBLES = _u(0x0F0F0F0F0F0F0F0F)
_HIGH_NIBBLES = _u(0xF0F0F0F0F0F0F0F0)
_ZEROS = _u(0x3030303030303030)
_SIXES = _u(0x0606060606060606)
_SHIFT = _u(32)


class Table(NamedTuple):
    """Known texts of up to 24 bytes, and what each means."""

    slots: Array
    """A hash table of as many places as a power of two: the number of a known text, -1 where there is none."""
    lengths: Array
    texts: Array
    """The three words of each."""
    numbers: Array
    factors: Array
    masks: Array
    """By length, the bytes of each word that belong to a text."""


@compiled
def _is_valid(bits: Array, place: Number) -> bool:
    return (bits[place >> 3] >> (place & 7)) & 1 != 0


@compiled
def _word(words: Array, data: Array, at: Number, left: Number) -> Number:
    """Give the next eight bytes of a text, or the fewer that are left of it, with zeros behind."""
    if left <= 0:
        return _u(0)
    if at < len(words):
        word = words[at]
        if left < _EIGHT:
            word &= (_u(1) << _u(8 * left)) - _u(1)
        return word
    word = _u(0)
    for place in range(min(left, _EIGHT)):
        word |= _u(data[at + place]) << _u(8 * place)
    return word


@compiled
def _is_plain(word: Number, count: Number, plain: Array) -> bool:
    """Say whether no byte of a word needs normalising: the first `count` of them count."""
    filled = word
    if count < _EIGHT:
        filled |= ~((_u(1) << _u(8 * count)) - _u(1)) & _ZEROS
    if (filled & _HIGH) == _u(0) and ((filled + _TO_HIGH) | ~((filled | _HIGH) - _FIRST_PLAIN)) & _HIGH == _u(0):
        return True
    found = True
    for place in range(min(count, _EIGHT)):
        found &= plain[(word >> _u(8 * place)) & _u(0xFF)]
    return found


@compiled
def known_numbers(
    offsets: Array,
    words: Array,
    data: Array,
    bits: Array,
    first_bit: Number,
    table: Table,
    out: Array,
    missed: Array,
) -> int:
    """Look up texts in a table of known ones; write `EMPTY` for null and `MISSED` for what isn't in the table.

    Parameters
    ----------
    missed : int64 array
        Takes the rows that weren't found.

    Returns
    -------
    int
        How many weren't found.
    """
    mask = _u(len(table.slots) - 1)
    last = len(words) - 2 * _EIGHT
    count = 0
    for row in range(len(out)):
        start = np.int64(offsets[row])
        length = np.int64(offsets[row + 1]) - start
        if len(bits) and not _is_valid(bits, first_bit + row):
            out[row] = EMPTY
            continue
        found = MISSED
        if length <= 3 * _EIGHT:
            if start < last:
                first, second, third = words[_u(start)], words[_u(start + 8)], words[_u(start + 16)]
                first &= table.masks[_u(length), 0]
                second &= table.masks[_u(length), 1]
                third &= table.masks[_u(length), 2]
            else:
                first = _word(words, data, start, length)
                second = _word(words, data, start + 8, length - 8)
                third = _word(words, data, start + 16, length - 16)
            mixed = first * table.factors[0] + second * table.factors[1] + third * table.factors[2] + _u(length)
            place = (mixed * table.factors[0]) >> _SHIFT & mask
            while True:
                one = table.slots[place]
                if one < 0:
                    break
                key = _u(one)
                same = (table.texts[key, 0] == first) & (table.texts[key, 1] == second) & (table.texts[key, 2] == third)
                if same & (table.lengths[key] == length):
                    found = table.numbers[key]
                    break
                place = (place + _u(1)) & mask
        out[row] = found
        if found == MISSED:
            missed[count] = row
            count += 1
    return count


@compiled
def place_of(words: Array, length: Number, factors: Array, mask: Number) -> Number:
    """Give the place at which `known_numbers` begins to look for a text."""
    mixed = words[0] * factors[0] + words[1] * factors[1] + words[2] * factors[2] + length
    return (mixed * factors[0]) >> _SHIFT & mask


@compiled
def _number_of(digits: Number) -> Number:
    """Turn eight digits, the first in the lowest byte, into the number that they write."""
    pairs = digits * _u(10) + (digits >> _u(8))
    first = (pairs & _u(0x000000FF000000FF)) * _u(100 + (1_000_000 << 32))
    second = ((pairs >> _u(16)) & _u(0x000000FF000000FF)) * _u(1 + (10_000 << 32))
    return (first + second) >> _u(32)


@compiled
def _weighted(digits: Number, even: Number, odd: Number) -> Number:
    lanes = _u(0x00FF00FF00FF00FF)
    return (((digits & lanes) * even) >> _u(48)) + ((((digits >> _u(8)) & lanes) * odd) >> _u(48))


@compiled
def _is_digits(word: Number) -> bool:
    return (word & _HIGH_NIBBLES) == _ZEROS and ((word + _SIXES) & _HIGH_NIBBLES) == _ZEROS


@compiled
def resident_numbers(
    offsets: Array,
    words: Array,
    data: Array,
    bits: Array,
    first_bit: Number,
    plain: Array,
    factors: Array,
    characters: Array,
    month_days: Array,
    keys: Array,
    good: Array,
) -> int:
    """Check the resident numbers of a batch as `subsidy.engine.batch.persons.resident_keys` does.

    Parameters
    ----------
    factors : uint64 array
        Four that weigh the digits of two words, and the weight of the seventeenth digit.
    characters : uint8 array
        The check character of each weighted sum.
    month_days : uint8 array
        Of month and day as a number of four digits: 1 where they are a day of each year, 2 for the leap day.
    keys : uint64 array
        Takes the first 17 digits as a number, 0 for what is no resident number.
    good : int8 array
        Takes 1 for a resident number, 0 for another text, `EMPTY` for null.

    Returns
    -------
    int
        How many aren't resident numbers; -1 where a text has to be normalised.
    """
    bad = 0
    for row in range(len(keys)):
        keys[row] = _u(0)
        if len(bits) and not _is_valid(bits, first_bit + row):
            good[row] = EMPTY
            bad += 1
            continue
        start = np.int64(offsets[row])
        length = np.int64(offsets[row + 1]) - start
        right = length == 18
        if right:
            first, second = words[_u(start)], words[_u(start + 8)]
            seventeenth = _u(data[_u(start + 16)]) - _u(48)
            last = data[_u(start + 17)]
            last = np.uint8(88) if last == 120 else last  # x for X
            right = _is_digits(first) & _is_digits(second) & (seventeenth <= _u(9))
            first &= _LOW_NIBBLES
            second &= _LOW_NIBBLES
            total = _weighted(first, factors[0], factors[1]) + _weighted(second, factors[2], factors[3])
            total += seventeenth * factors[4]
            head, rest = _number_of(first), _number_of(second)
            birth = rest // _u(100)
            year = (head % _u(100)) * _u(100) + birth // _u(10_000)
            kind = month_days[birth % _u(10_000)]
            right &= characters[min(total, _u(len(characters) - 1))] == last
            leap = (year % _u(4) == _u(0)) & ((year % _u(100) != _u(0)) | (year % _u(400) == _u(0)))
            right &= (year > _u(0)) & ((kind == 1) | ((kind == 2) & leap))
            keys[row] = (head * _u(1_000_000_000) + rest * _u(10) + seventeenth) * _u(right)
        good[row] = right
        if not right:
            done = np.int64(0)
            if length == 0:
                return -1
            while done < length:
                if not _is_plain(_word(words, data, start + done, length - done), length - done, plain):
                    return -1
                done += _EIGHT
            bad += 1
    return bad
