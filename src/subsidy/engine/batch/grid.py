"""The grid of entitlements as tables: what rules 1 to 3 and the facts give in each cell, by the number of the cell.

A cell is worked out by `subsidy.engine.cells.cell_of` when a claim first falls into it, and shared by all codes that
every rule treats alike in that period.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from threading import Lock
from typing import NamedTuple, cast

import numpy as np

from subsidy.engine.alike import likeness
from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.reading import LEVELS, STREAMS
from subsidy.engine.cells import Cell, cell_of
from subsidy.model.level import Level, Stream
from subsidy.model.words import Confidence, Reason, Status
from subsidy.policy.policy import Policy, Texts

__all__ = [
    "CONFIDENCES",
    "NO_AMOUNT",
    "NO_CONFIDENCE",
    "REASONS",
    "STATUSES",
    "STATUS_OF",
    "Grid",
    "Kind",
    "reason_number",
]

REASONS: tuple[Reason | None, ...] = (None, *Reason)
"""Every reason by its number; 0 is none."""

STATUSES = tuple(Status)
STATUS_OF = np.array([STATUSES.index(reason.status if reason else Status.PAYABLE) for reason in REASONS], np.int8)
"""The status of a row by the number of its reason."""

CONFIDENCES = tuple(Confidence)
NO_CONFIDENCE = -1
NO_AMOUNT = np.iinfo(np.int64).min
_UNASKED = -1
_NUMBERS = {reason: number for number, reason in enumerate(REASONS)}


def reason_number(reason: Reason | None) -> int:
    """Give the number of a reason, 0 for none."""
    return _NUMBERS[reason]


class Kind(NamedTuple):
    """What the rules of history read of a cell; None where a record that was paid can't be read any more."""

    stream: Stream | None
    level: Level | None
    facts: frozenset[str]
    dated: bool = True
    """Whether the day of application is known; else it moves no count of a year."""


class Grid:
    """Tables by the number of a cell; one for each policy, filled as it is used.

    The number is ``((period * codes + code) * streams + stream) * levels + level``; all codes that the policy doesn't
    know share the last one.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.codes = sorted(policy.vocabulary.titles)
        self.width = (len(self.codes) + 1) * len(STREAMS) * len(LEVELS)
        size = len(policy.periods) * self.width + 1
        self.none = size - 1
        """The cell of rows that have none: no amounts, no reason."""
        self.reason = np.full(size, _UNASKED, np.int8)
        self.base = np.full(size, NO_AMOUNT, np.int64)
        self.uplift = np.full(size, NO_AMOUNT, np.int64)
        self.amount = np.zeros(size, np.int64)
        self.confidence = np.full(size, NO_CONFIDENCE, np.int8)
        self.kind = np.zeros(size, np.int32)
        self.reason[self.none] = 0
        self.kinds: list[Kind] = []
        self._kind_numbers: dict[Kind, int] = {}
        self._shared: dict[tuple[int, Hashable, int, int], Cell] = {}
        self._likeness: dict[tuple[int, int], Hashable] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, policy: Policy) -> Grid:
        """Give the grid of a policy, made once."""
        found = policy.memo.get("grid")
        if found is None:
            found = policy.memo.setdefault("grid", cls(policy))
        return cast("Grid", found)

    def cells(self, period: Array, code: Array, stream: Array, level: Array) -> Array:
        """Give the cells of claims, each filled; of codes that the policy doesn't know that of unknown ones."""
        number = np.minimum(code, len(self.codes)) + period.astype(np.int64) * (len(self.codes) + 1)
        number *= len(STREAMS)
        number += stream
        number *= len(LEVELS)
        number += level
        return number

    def fill(self, cells: Array) -> None:
        """See that these cells are worked out."""
        new = cells[self.reason.take(cells) == _UNASKED]
        if len(new):
            with self._lock:
                self._fill(np.unique(new).tolist())

    def _fill(self, cells: Iterable[int]) -> None:
        for number in cells:
            rest, level = divmod(number, len(LEVELS))
            rest, stream = divmod(rest, len(STREAMS))
            period, code = divmod(rest, len(self.codes) + 1)
            cell = self._cell(period, code, stream, level)
            kind = Kind(STREAMS[stream], LEVELS[level], cell.facts)
            if kind not in self._kind_numbers:
                self.kinds.append(kind)
                self._kind_numbers[kind] = len(self.kinds) - 1
            self.kind[number] = self._kind_numbers[kind]
            self.base[number] = NO_AMOUNT if cell.base_fen is None else cell.base_fen
            self.uplift[number] = NO_AMOUNT if cell.uplift_fen is None else cell.uplift_fen
            self.amount[number] = cell.amount_fen
            if cell.confidence is not None:
                self.confidence[number] = CONFIDENCES.index(cell.confidence)
            self.reason[number] = reason_number(cell.reason)  # last: another thread takes it for all filled

    def _cell(self, period: int, code: int, stream: int, level: int) -> Cell:
        texts = self.policy.periods[period]
        name = self.codes[code] if code < len(self.codes) else ""
        key = (period, self._like(texts, period, code, name), stream, level)
        cell = self._shared.get(key)
        if cell is None:
            cell = self._shared[key] = cell_of(self.policy, texts, STREAMS[stream], name, LEVELS[level])
        return cell

    def _like(self, texts: Texts, period: int, code: int, name: str) -> Hashable:
        if (period, code) not in self._likeness:
            self._likeness[period, code] = likeness(texts, name)
        return self._likeness[period, code]
