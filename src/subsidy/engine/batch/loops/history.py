"""Rules 7 to 10 on the claims of many persons, one person after the other.

The functions that ask are those of `subsidy.rules.history`, compiled; the order in which they are asked is compared
with that of `history_bars` when this is loaded.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.classes import HISTORY, OPEN
from subsidy.engine.batch.grid import reason_number
from subsidy.engine.batch.loops.compiling import Array, Number, compiled, rule
from subsidy.model.words import Reason
from subsidy.rules.history import higher_level_paid, history_bars, level_paid, limit_reached

__all__ = ["Asked", "ask_in_turn"]

_ORDER = [reason for reason, _ in history_bars(False, 0, 0, 0, [(0, 1)])]
if _ORDER != [
    Reason.CERTIFICATE_ALREADY_PAID,
    Reason.SAME_LEVEL_ALREADY_PAID,
    Reason.HIGHER_LEVEL_ALREADY_PAID,
    Reason.LIMIT_REACHED,
]:
    raise AssertionError("the loop asks the rules of history in another order than their text")
_CERTIFICATE, _LEVEL, _HIGHER, _LIMIT = (reason_number(reason) for reason in _ORDER)
_level_paid, _higher_level_paid, _limit_reached = rule(level_paid), rule(higher_level_paid), rule(limit_reached)
_NONE = -1
_u = np.uint64


class Asked(NamedTuple):
    """What each class of claims is asked and what it moves."""

    bit: Array
    barred: Array
    moves: Array  # by class and counter: 1 that of a lifetime, 2 that of the year, 0 none
    counter: Array  # by class and place in the list of limits; below 0 behind the last
    at_most: Array
    detail: Array
    shift: int  # bits of the state
    alone: bool  # whether a limit refuses even a first claim


# What a person was paid so far, a row for each claim in the order in which they count, in these columns.
_CERTIFICATE_OF, _CODE, _CLASS, _BIT, _YEAR, _ROW = range(6)


# One function, since a call with arrays counts who holds them, which costs more than all that is done here.
@compiled
def ask_in_turn(  # noqa: C901, PLR0912, PLR0915 - see above
    asked: Asked,
    order: Array,
    key: Array,
    certificate: Array,
    code: Array,
    kind: Array,
    year: Array,
    day: Array,
    row: Array,
    most: Number,
    out_row: Array,
    out_reason: Array,
    out_detail: Array,
    out_by: Array,
    long: Array,
) -> tuple[int, int]:
    """Ask the claims of each person in turn.

    Parameters
    ----------
    order : int64 array
        The places of the claims, by person and as they count.
    key, certificate, code, kind, day, row : arrays
        The claims; `year` is by day.
    most : int
        Claims of a person; who has more is left alone.
    out_row, out_reason, out_detail, out_by : arrays
        Take the claims that are refused: the row, why, the limit, the row in the way.
    long : int64 array
        Takes where in the order those begin who are left alone, and where they end.

    Returns
    -------
    int, int
        How many are refused, and how many persons are left alone.
    """
    paid = np.empty((most, 6), np.int64)
    mask, places = (1 << asked.shift) - 1, asked.counter.shape[1]
    count, left, start = 0, 0, 0
    while start < len(order):
        person, first = key[_u(order[start])], start
        start += 1
        while start < len(order) and key[_u(order[start])] == person:
            start += 1
        if start - first > most:
            long[left, 0], long[left, 1] = first, start
            left += 1
            continue
        if start - first == 1 and not asked.alone:
            continue
        payable = 0
        for number in range(first, start):
            at = _u(order[number])
            state, which = kind[at] & mask, _u(kind[at] >> asked.shift)
            own, trade, when = np.int64(certificate[at]), np.int64(code[at]), np.int64(year[_u(day[at])])
            bit, barred = np.int64(asked.bit[which]), np.int64(asked.barred[which])
            if state != HISTORY:
                same, bits = False, np.int64(0)
                for one in range(payable):
                    same |= paid[one, _CERTIFICATE_OF] == own
                    bits |= paid[one, _BIT] * (paid[one, _CODE] == trade)
                why, name, by = 0, 0, _NONE
                if same:
                    why = _CERTIFICATE
                    for one in range(payable - 1, -1, -1):
                        by = paid[one, _ROW] if paid[one, _CERTIFICATE_OF] == own else by
                elif _level_paid(bits, bit) or _higher_level_paid(bits, barred):
                    why = _LEVEL if _level_paid(bits, bit) else _HIGHER
                    barring = bit if why == _LEVEL else barred
                    for one in range(payable - 1, -1, -1):
                        hit = (paid[one, _CODE] == trade) & ((paid[one, _BIT] & barring) != 0)
                        by = paid[one, _ROW] if hit else by
                else:
                    for place in range(places):
                        counter = asked.counter[which, place]
                        if counter < 0:
                            break
                        counted = 0
                        for one in range(payable):
                            moved = asked.moves[_u(paid[one, _CLASS]), _u(counter)]
                            counted += (moved == 1) | ((moved == 2) & (paid[one, _YEAR] == when))
                        if _limit_reached(counted, asked.at_most[which, place]):
                            why, name = _LIMIT, asked.detail[which, place]
                            break
                if why:
                    out_row[count], out_reason[count] = row[at], why
                    out_detail[count], out_by[count] = name, by
                    count += 1
                    continue
            if state != OPEN:
                paid[payable, _CERTIFICATE_OF], paid[payable, _CODE], paid[payable, _CLASS] = own, trade, which
                paid[payable, _BIT], paid[payable, _YEAR], paid[payable, _ROW] = bit, when, row[at]
                payable += 1
    return count, left
