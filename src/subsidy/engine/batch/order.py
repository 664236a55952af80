"""Claims of one part of the persons in the order in which they count: by person, history before, day, claim id."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import Array

__all__ = ["MIX", "Part", "in_order"]

MIX = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that a key times this loses nothing; its upper bits then depend on all of the key."""

_COLUMNS = 6  # that every part has
_ROW_BITS, _DAY_BITS = 20, 14
_HASH_SHIFT = np.uint64(1 + _DAY_BITS + _ROW_BITS)
_u = np.uint64


class Part(NamedTuple):
    """Claims of some persons, in columns of one length."""

    key: Array  # the person, mixed: its upper bits say which part
    certificate: Array
    code: Array
    kind: Array  # the class
    day: Array
    row: Array
    turn: Array | None = None  # what counts before the day; None: nothing does
    later: Array | None = None  # True for what counts behind all others; None: nothing does

    def take(self, order: Array) -> Part:
        """Give the claims of some places, in their order."""
        return self._each(lambda column: column.take(order))

    def slice(self, start: int, stop: int) -> Part:
        """Give the claims of some places side by side."""
        return self._each(lambda column: column[start:stop])

    @classmethod
    def joined(cls, parts: list[Part]) -> Part:
        """Put several together."""
        if len(parts) == 1:
            return parts[0]

        def of(name: str) -> Array | None:
            columns: list[Array | None] = [getattr(part, name) for part in parts]
            return None if columns[0] is None else np.concatenate([column for column in columns if column is not None])

        columns = zip(*(part[:_COLUMNS] for part in parts), strict=True)
        key, certificate, code, kind, day, row = (np.concatenate(column) for column in columns)
        return cls(key, certificate, code, kind, day, row, of("turn"), of("later"))

    def _each(self, give: Callable[[Array], Array]) -> Part:
        turn, later = (None if column is None else give(column) for column in (self.turn, self.later))
        own = (self.key, self.certificate, self.code, self.kind, self.day, self.row)
        key, certificate, code, kind, day, row = (give(column) for column in own)
        return Part(key, certificate, code, kind, day, row, turn, later)


def in_order(part: Part, part_bits: int, by_name: Callable[[Array, Array], Array]) -> Array:
    """Give the places of the claims in the order in which they count.

    Parameters
    ----------
    part : Part
        The claims.
    part_bits : int
        How many upper bits of the keys all claims of the part share.
    by_name : callable
        Gives for groups and rows the order by group and claim id.
    """
    rows, later = len(part.key), part.later
    turn = part.day if part.turn is None else part.turn
    if rows >> _ROW_BITS or (rows and int(turn.max()) >> (_DAY_BITS + (later is None))):
        flag = np.ones(rows, np.bool_) if later is None else later
        order = np.lexsort((turn, flag, part.key))
        when = turn.take(order).astype(np.int64) * 2 + flag.take(order)
    else:
        # One number holds a part of the key, whether it is later, the day and the place: to sort numbers is ten
        # times as fast as to sort places by numbers.
        word = (part.key << _u(part_bits)) >> _HASH_SHIFT << _HASH_SHIFT
        word |= turn.astype(np.uint64) << _u(_ROW_BITS)
        word |= np.arange(rows, dtype=np.uint64)
        if later is not None:
            word |= later.astype(np.uint64) << _u(_ROW_BITS + _DAY_BITS)
        word.sort()
        order = (word & _u((1 << _ROW_BITS) - 1)).view(np.int64)
        when = ((word >> _u(_ROW_BITS)) & _u((1 << (_DAY_BITS + 1)) - 1)).view(np.int64)
        _apart(part, order, word, when)
    key = part.key.take(order)
    same = (key[1:] == key[:-1]) & (when[1:] == when[:-1])
    if same.any():
        _ties(part, order, same, by_name)
    return order


def _apart(part: Part, order: Array, word: Array, when: Array) -> None:
    """Sort persons apart whose keys share the part that was sorted by."""
    key = part.key.take(order)
    head = word >> _HASH_SHIFT
    mixed = np.flatnonzero((head[1:] == head[:-1]) & (key[1:] != key[:-1]))
    if not len(mixed):
        return
    hit = np.isin(head, head[mixed])
    places = np.flatnonzero(hit)
    again = np.lexsort((when[places], key[places], head[places]))
    order[places], when[places] = order[places][again], when[places][again]


def _ties(part: Part, order: Array, same: Array, by_name: Callable[[Array, Array], Array]) -> None:
    """Sort what of one person has one turn by the day of application, and that of one day by claim id."""
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    first = np.ones(len(places), np.bool_)
    first[1:] = ~same[places[1:] - 1]
    groups = np.cumsum(first)
    if part.turn is not None:
        day = part.day.take(order.take(places))
        again = np.lexsort((day, groups))
        order[places] = order[places][again]
        day = day.take(again)
        alike = (groups[1:] == groups[:-1]) & (day[1:] == day[:-1])
        tied = np.zeros(len(places), np.bool_)
        tied[1:] = alike
        tied[:-1] |= alike
        groups = np.cumsum(np.concatenate([[True], ~alike]))[tied]
        places = places[tied]
    rows = part.row.take(order.take(places))
    order[places] = order[places][by_name(groups, rows)]
