"""What rules 7 to 10 read of a claim besides person, certificate and occupation: few classes, each with its numbers."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.grid import Kind
from subsidy.engine.batch.law import NONE, Details
from subsidy.engine.ledger import Counters
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Limit, Procedure
from subsidy.rules.history import LEVEL_BIT, barred_bits, binds, counting_year, limits_of

if TYPE_CHECKING:
    from subsidy.engine.batch.loops.history import Asked

__all__ = [
    "HISTORY",
    "LANES",
    "LANE_BITS",
    "MOST_COUNTED",
    "OPEN",
    "PAYABLE",
    "STATES",
    "Bound",
    "Classes",
    "Limits",
    "Steps",
]

PAYABLE, OPEN, HISTORY = 0, 1, 2
"""What rules 1 to 6 leave of a claim: payable, undetermined (it asks, and uses up nothing), or paid in fact."""
STATES = 4

LANES = 8
"""Counters in one number, a byte for each: enough for the claims that a person has in the rounds."""
LANE_BITS = 8
MOST_COUNTED = (1 << LANE_BITS) - 1


class Bound(NamedTuple):
    """A limit that binds a class: what it counts, how many it allows, the number of its name."""

    counter: int
    yearly: bool
    at_most: int
    detail: int


class Steps(NamedTuple):
    """What one class is asked and what it moves, for one claim."""

    bit: int
    barred: int
    moves: list[tuple[int, bool]]
    limits: list[Bound]


class Limits(NamedTuple):
    """One place in the list of limits, by class: where its counter lies, how many it allows, its name."""

    word: Array
    shift: Array
    at_most: Array
    detail: Array


class Classes:
    """The classes of one run.

    A class is ``(kind * procedures + procedure) * STATES + state``; the state says what rules 1 to 6 left.
    """

    def __init__(self, policy: Policy, kinds: list[Kind], details: Details, *, loops: bool = False) -> None:
        self.loops = loops
        procedures = [edition.procedure for edition in policy.rules]
        some: list[Procedure | None] = [*procedures] or [None]
        self.procedures = len(some)
        counters = Counters.of(policy)
        yearly = [counting_year(limit, date.max) != 0 for limit in counters.limits]

        def bound(limit: Limit) -> Bound:
            number = counters.numbers[id(limit)]
            return Bound(number, yearly[number], limit.at_most, details.number(limit.id))

        def steps(kind: Kind, procedure: Procedure | None) -> Steps:
            stream, level = kind.stream, kind.level
            moves = [
                (number, yearly[number])
                for number, limit in enumerate(counters.limits)
                if stream is not None and binds(limit, stream, kind.facts) and (kind.dated or not yearly[number])
            ]
            bit = 0 if level is None else LEVEL_BIT[level]
            if procedure is None or stream is None or level is None:
                return Steps(bit, 0, moves, [])
            limits = [bound(limit) for limit in limits_of(procedure, stream, kind.facts)]
            return Steps(bit, barred_bits(procedure, level), moves, limits)

        self._steps = [steps(kind, procedure) for kind in kinds for procedure in some]
        self.never_alone = any(limit.at_most < 1 for one in procedures for limit in one.limits)
        """Whether a limit refuses even who has one claim only."""

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self._steps) * STATES

    def steps(self, number: int) -> Steps:
        """Give what a class is asked, for one claim."""
        return self._steps[number // STATES]

    @cached_property
    def level_bit(self) -> Array:
        """The bit of each class's level."""
        return _each(np.uint8, [one.bit for one in self._steps])

    @cached_property
    def barred_bits(self) -> Array:
        """The levels that bar each class."""
        return _each(np.uint8, [one.barred for one in self._steps])

    @cached_property
    def lifetime(self) -> list[Array]:
        """The counters of a lifetime that a paid claim of each class moves, as lanes."""
        return self._lanes(yearly=False)

    @cached_property
    def yearly(self) -> list[Array]:
        """The counters of a calendar year that a paid claim of each class moves, as lanes."""
        return self._lanes(yearly=True)

    def _lanes(self, *, yearly: bool) -> list[Array]:
        moves = [[number for number, of_year in one.moves if of_year is yearly] for one in self._steps]
        asked = [limit.counter for one in self._steps for limit in one.limits]
        most = max(asked, default=0)
        words = range(most // LANES + 1) if asked else range(0)
        # The smallest number that holds them: the smaller, the more are computed at once.
        fits = next(one for one in _UNSIGNED if np.dtype(one).itemsize > min(most, LANES - 1))
        return [
            _each(
                fits,
                [
                    sum(1 << (LANE_BITS * (one % LANES)) for one in row if one // LANES == word and one <= most)
                    for row in moves
                ],
            )
            for word in words
        ]

    @cached_property
    def limits(self) -> list[Limits]:
        """The limits in the order of the text, one place after the other."""
        found: list[Limits] = []
        for place in range(max((len(one.limits) for one in self._steps), default=0)):
            own = [one.limits[place] if place < len(one.limits) else _NEVER for one in self._steps]
            found.append(
                Limits(
                    _each(np.int8, [one.counter // LANES for one in own]),
                    _each(np.uint8, [one.counter % LANES * LANE_BITS for one in own]),
                    _each(np.int16, [min(one.at_most, _NEVER.at_most) for one in own]),
                    _each(np.int16, [one.detail for one in own]),
                )
            )
        return found

    @cached_property
    def asked(self) -> Asked:
        """What a loop looks up."""
        from subsidy.engine.batch.loops.history import Asked

        counters = 1 + max((number for one in self._steps for number, _ in one.moves), default=0)
        moves = np.zeros((len(self._steps), counters), np.int8)
        places = max((len(one.limits) for one in self._steps), default=0)
        counter, at_most, detail = (np.full((len(self._steps), places), NONE, np.int64) for _ in range(3))
        for which, one in enumerate(self._steps):
            for number, yearly in one.moves:
                moves[which, number] = 2 if yearly else 1
            for place, limit in enumerate(one.limits):
                counter[which, place], at_most[which, place] = limit.counter, limit.at_most
                detail[which, place] = limit.detail
        bit, barred = (
            np.array(values, np.uint8) for values in zip(*((one.bit, one.barred) for one in self._steps), strict=True)
        )
        return Asked(bit, barred, moves, counter, at_most, detail, STATES.bit_length() - 1, self.never_alone)


_UNSIGNED = (np.uint8, np.uint16, np.uint32, np.uint64)
_NEVER = Bound(counter=0, yearly=False, at_most=MOST_COUNTED + 1, detail=0)


def _each(dtype: type[np.generic], values: list[int]) -> Array:
    """Give a table by class of what is the same in every state."""
    return np.repeat(np.array(values, dtype), STATES)
