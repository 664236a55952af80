"""Claims of one part of the persons in the order in which they count: by person, history before, day, claim id."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import Array

__all__ = ["MIX", "Part", "in_order"]

MIX = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that a key times this loses nothing; its upper bits then depend on all of the key."""

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

    def take(self, order: Array) -> Part:
        """Give the claims of some places, in their order."""
        return Part(*(column.take(order) for column in self))


def in_order(part: Part, is_claim: Array | None, part_bits: int, by_name: Callable[[Array, Array], Array]) -> Array:
    """Give the places of the claims in the order in which they count.

    Parameters
    ----------
    part : Part
        The claims.
    is_claim : bool array or None
        False for what was given as history, which counts before; None: nothing was.
    part_bits : int
        How many upper bits of the keys all claims of the part share.
    by_name : callable
        Gives for groups and rows the order by group and claim id.
    """
    rows = len(part.key)
    if rows >> _ROW_BITS or (rows and int(part.day.max()) >> _DAY_BITS):
        flag = np.ones(rows, np.bool_) if is_claim is None else is_claim
        order = np.lexsort((part.day, flag, part.key))
        when = part.day.take(order).astype(np.int64) * 2 + flag.take(order)
    else:
        # One number holds a part of the key, whether it is history, the day and the place: to sort numbers is ten
        # times as fast as to sort places by numbers.
        word = (part.key << _u(part_bits)) >> _HASH_SHIFT << _HASH_SHIFT
        word |= part.day.astype(np.uint64) << _u(_ROW_BITS)
        word |= np.arange(rows, dtype=np.uint64)
        if is_claim is not None:
            word |= is_claim.astype(np.uint64) << _u(_ROW_BITS + _DAY_BITS)
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
    """Sort what one person applied for on one day by claim id."""
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    first = np.ones(len(places), np.bool_)
    first[1:] = ~same[places[1:] - 1]
    groups = np.cumsum(first)
    rows = part.row.take(order.take(places))
    order[places] = order[places][by_name(groups, rows)]
