"""Rules 7 to 10 on the claims of many persons at once: first the first claim of each, then the second, and so on.

Each round asks `subsidy.rules.history.history_bars`, the same text that one claim is decided by, of an array of
claims. The few persons with very many claims, or with more than all others, go through a plain loop over the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.classes import HISTORY, OPEN, STATES, Classes
from subsidy.engine.batch.grid import reason_number
from subsidy.engine.batch.order import Part, in_order
from subsidy.engine.batch.plain import plain_fold
from subsidy.model.words import Reason
from subsidy.rules.history import history_bars

__all__ = ["HALF", "Refused", "fold"]

HALF = 32  # bits of the place of a row
MOST_ROUNDS = 96
FEWEST_PERSONS = 8
_CERTIFICATE = reason_number(Reason.CERTIFICATE_ALREADY_PAID)
_LEVEL = reason_number(Reason.SAME_LEVEL_ALREADY_PAID)
_HIGHER = reason_number(Reason.HIGHER_LEVEL_ALREADY_PAID)
_NONE = -1
_YEAR_BITS, _KIND_BITS = 14, 20
_YEAR_MASK, _KIND_MASK = (1 << _YEAR_BITS) - 1, (1 << _KIND_BITS) - 1


class Refused(NamedTuple):
    """Claims that history refuses: the row, why, the limit or the row that stands in the way."""

    row: Array
    reason: Array
    detail: Array
    blocked_by: Array

    @classmethod
    def joined(cls, parts: list[Refused]) -> Refused:
        """Put several together."""
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def in_the_way(self) -> Array:
        """Give a number for each claim that another stands in the way of: its row in the upper half, the other's below.

        For to sort numbers is ten times as fast as to sort places by numbers.
        """
        some = self.blocked_by >= 0
        return (self.row[some] << HALF) | self.blocked_by[some]

    @classmethod
    def none(cls) -> Refused:
        """Give none."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0, np.int16), np.empty(0, np.int64))


class _Round(NamedTuple):
    """The k-th claims of all persons that have so many; what isn't paid has neither certificate nor code."""

    certificate: Array
    code: Array
    bit: Array
    year: Array
    lifetime: list[Array]
    yearly: list[Array]
    places: Array


def fold(
    part: Part, classes: Classes, years: Array, part_bits: int, by_name: Callable[[Array, Array], Array]
) -> Refused:
    """Ask rules 7 to 10 of the claims of some persons.

    Parameters
    ----------
    part : Part
        All claims of these persons that rules 1 to 6 don't refuse, and those given as history, in any order.
    classes : Classes
        The numbers of each class.
    years : Array
        The calendar year of each day.
    part_bits : int
        How many upper bits of the keys all claims of the part share.
    by_name : callable
        Gives for groups and rows the order by group and claim id.
    """
    if not len(part.key):
        return Refused.none()
    order = in_order(part, part_bits, by_name)
    if classes.loops:
        return _in_turn(part, order, classes, years)
    key = part.key.take(order)
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    sizes = np.diff(starts, append=len(key))
    if not classes.never_alone:  # who has one claim is refused by no limit that allows one
        several = sizes > 1
        starts, sizes = starts[several], sizes[several]
    if not len(starts):
        return Refused.none()
    # By falling size, so that in each round the persons who still have a claim stand in front.
    by_size = np.argsort(
        (np.iinfo(np.uint16).max - np.minimum(sizes, np.iinfo(np.uint16).max)).astype(np.uint16), kind="stable"
    )
    starts, sizes = starts.take(by_size), sizes.take(by_size)
    rounds = _rounds(sizes) if classes.count <= _KIND_MASK else 0
    long = int(np.searchsorted(-sizes, -rounds, side="left"))
    parts = [_in_rounds(part, order, starts[long:], sizes[long:], classes, years)]
    for start, size in zip(starts[:long].tolist(), sizes[:long].tolist(), strict=True):
        parts.append(Refused(*plain_fold(part.take(order[start : start + size]), classes, years)))
    return Refused.joined(parts)


def _in_turn(part: Part, order: Array, classes: Classes, years: Array) -> Refused:
    """Ask one person after the other, in a loop that is compiled; those with very many claims by the plain one."""
    from subsidy.engine.batch.loops.history import ask_in_turn

    rows = len(order)
    found = Refused(*(np.empty(rows, column.dtype) for column in Refused.none()))
    long = np.empty((rows // MOST_ROUNDS + 1, 2), np.int64)
    columns = (part.key, part.certificate, part.code, part.kind, years, part.day, part.row)
    count, left = ask_in_turn(classes.asked, order, *columns, MOST_ROUNDS, *found, long)
    parts = [Refused(*(column[:count].copy() for column in found))]
    for start, stop in long[:left].tolist():
        parts.append(Refused(*plain_fold(part.take(order[start:stop]), classes, years)))
    return Refused.joined(parts)


def _rounds(sizes: Array) -> int:
    """Say how many rounds pay: as long as they have enough persons."""
    most = min(int(sizes[0]), MOST_ROUNDS)
    if len(sizes) < FEWEST_PERSONS:
        return 0
    return min(most, int(sizes[FEWEST_PERSONS - 1]))


def _in_rounds(part: Part, order: Array, starts: Array, sizes: Array, classes: Classes, years: Array) -> Refused:
    earlier: list[_Round] = []
    refused = [Refused.none()]
    packed = _packed(part, years) if len(sizes) else part.code
    for number in range(int(sizes[0]) if len(sizes) else 0):
        persons = int(np.searchsorted(-sizes, -number, side="left"))
        places = order.take(starts[:persons] + number)
        values = packed.take(places)
        kind = (values >> _YEAR_BITS) & _KIND_MASK
        one = _Round(
            part.certificate.take(places),
            (values >> (_YEAR_BITS + _KIND_BITS)).astype(np.int32),
            classes.level_bit.take(kind),
            (values & _YEAR_MASK).astype(np.int16),
            [table.take(kind) for table in classes.lifetime],
            [table.take(kind) for table in classes.yearly],
            places,
        )
        state = (kind & (STATES - 1)).astype(np.int8)
        unpaid = state == OPEN
        if earlier or classes.never_alone:
            reason, detail = _asked(classes, kind, one, earlier)
            reason[state == HISTORY] = 0
            hit = np.flatnonzero(reason)
            refused.append(_refused(part, classes, kind, one, earlier, reason, detail, hit))
            unpaid |= reason != 0
        if unpaid.any():
            _leave_out(one, np.flatnonzero(unpaid))
        earlier.append(one)
    return Refused.joined(refused)


def _packed(part: Part, years: Array) -> Array:
    """Put code, class and year of each claim into one number: to take one from afar costs as much as to take three."""
    packed = part.code.astype(np.int64) << _KIND_BITS
    packed |= part.kind
    packed <<= _YEAR_BITS
    packed |= years.take(part.day)
    return packed


def _leave_out(one: _Round, unpaid: Array) -> None:
    """See that what isn't paid stands in nobody's way and counts nowhere."""
    one.certificate[unpaid] = 0
    one.code[unpaid] = _NONE
    for lanes in (*one.lifetime, *one.yearly):
        lanes[unpaid] = 0


def _asked(classes: Classes, kind: Array, one: _Round, earlier: list[_Round]) -> tuple[Array, Array]:
    """Ask the rules of one claim of each person; 0 where none stands in the way."""
    persons = len(kind)
    same = np.zeros(persons, np.bool_)
    bits = np.zeros(persons, np.uint8)
    counted = [np.zeros_like(lanes) for lanes in one.lifetime]
    for before in earlier:
        same |= before.certificate[:persons] == one.certificate
        bits |= (before.code[:persons] == one.code).view(np.uint8) * before.bit[:persons]
        if counted:
            this_year = (before.year[:persons] == one.year).astype(counted[0].dtype)
            for lanes, lifetime, yearly in zip(counted, before.lifetime, before.yearly, strict=True):
                np.add(lanes, lifetime[:persons], out=lanes)
                np.add(lanes, yearly[:persons] * this_year, out=lanes)
    reason = np.zeros(persons, np.int8)
    detail = np.zeros(persons, np.int16)
    limits = iter(classes.limits)
    counts = _counts(classes, kind, counted)
    for why, stands in history_bars(same, bits, one.bit, classes.barred_bits.take(kind), counts):
        limit = next(limits) if why is Reason.LIMIT_REACHED else None
        new = np.flatnonzero(stands & (reason == 0))
        reason[new] = reason_number(why)
        if limit is not None:
            detail[new] = limit.detail.take(kind[new])
    return reason, detail


def _counts(classes: Classes, kind: Array, counted: list[Array]) -> Iterator[tuple[Array, Array]]:
    """Give for each place in the list of limits how many count and how many are allowed."""
    for limit in classes.limits:
        shift = limit.shift.take(kind)
        count = (counted[0] >> shift.astype(counted[0].dtype)).astype(np.uint8)
        if len(counted) > 1:
            word = limit.word.take(kind)
            for number, lanes in enumerate(counted[1:], start=1):
                count = np.where(word == number, (lanes >> shift.astype(lanes.dtype)).astype(np.uint8), count)
        yield count, limit.at_most.take(kind)


def _refused(
    part: Part,
    classes: Classes,
    kind: Array,
    one: _Round,
    earlier: list[_Round],
    reason: Array,
    detail: Array,
    hit: Array,
) -> Refused:
    """Find the first claim that stands in the way of each refused one."""
    why = reason[hit]
    blocked = np.full(len(hit), _NONE, np.int64)
    by_certificate = np.flatnonzero(why == _CERTIFICATE)
    same, certificate = hit.take(by_certificate), one.certificate.take(hit.take(by_certificate))
    by_level = np.flatnonzero((why == _LEVEL) | (why == _HIGHER))
    level, code = hit.take(by_level), one.code.take(hit.take(by_level))
    asked = np.where(why.take(by_level) == _LEVEL, one.bit.take(level), classes.barred_bits.take(kind.take(level)))
    for before in reversed(earlier):  # the first is written last
        found = np.flatnonzero(before.certificate.take(same) == certificate)
        blocked[by_certificate.take(found)] = part.row.take(before.places.take(same.take(found)))
        found = np.flatnonzero((before.code.take(level) == code) & ((before.bit.take(level) & asked) != 0))
        blocked[by_level.take(found)] = part.row.take(before.places.take(level.take(found)))
    return Refused(part.row[one.places[hit]].astype(np.int64), why, detail[hit], blocked)
