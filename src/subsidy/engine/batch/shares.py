"""Which rows ask rules 7 to 10, and which part of the persons each belongs to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import NO_FAULT, Array
from subsidy.engine.batch.classes import HISTORY, OPEN, PAYABLE, STATES, Classes
from subsidy.engine.batch.fold import Refused
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.grid import REASONS, Kind, reason_number
from subsidy.engine.batch.law import NONE, Law, Standing
from subsidy.engine.batch.order import MIX, Part
from subsidy.engine.batch.raw import raw_texts
from subsidy.engine.batch.reading import LEVELS, STREAMS
from subsidy.engine.batch.texts import Texts
from subsidy.model.words import Reason, Status
from subsidy.policy.policy import Policy

__all__ = ["LAWLESS", "Kept", "Shares", "same_certificates"]

_PART, _PART_OF_LOOPS = 1 << 19, 1 << 17
_FAR = 1 << 31
_UNCLEAR = np.array([reason is not None and reason.status is Status.UNDETERMINED for reason in REASONS])
_CERTIFICATE = reason_number(Reason.CERTIFICATE_ALREADY_PAID)
LAWLESS = [Kind(stream, level, frozenset()) for stream in STREAMS for level in LEVELS]


class Kept(NamedTuple):
    """Of a recalculation: which claims keep money, and the order that it gives them."""

    turn: Array  # a number for each claim from 0: they count in this order, those with money before the others
    money: Array  # whether more than nothing was paid
    others: Array  # paid rows whose record can't be used but for some of it, in their order
    kinds: list[Kind]  # what can be read of each of them


class Shares:
    """Takes the rows that ask, sorted by the part that their persons belong to: by the upper bits of the keys."""

    def __init__(self, policy: Policy, gathered: Gathered, law: Law, whole: Standing, kept: Kept | None = None) -> None:
        self._rows, self._law, self._whole, self._past = gathered.rows, law, whole, gathered.past
        self._kept = kept
        known = [*law.grid.kinds]  # once: another thread that decides by this policy may find more meanwhile
        # What was paid while no text was in force counts too, without facts.
        self._lawless = len(known)
        self._unread = self._lawless + len(LAWLESS)
        others = [*LAWLESS, *(kept.kinds if kept is not None else [])]
        self.classes = Classes(policy, [*known, *others], law.details, loops=law.loops)
        self.bits = (self._rows.rows // (_PART_OF_LOOPS if law.loops else _PART)).bit_length()

    def of(self, part: slice) -> tuple[Part, Array]:
        """Give the rows of a slice that ask, and where among them each part starts."""
        rows, whole = self._rows, self._whole
        reason = whole.reason[part]
        unclear = _UNCLEAR.take(reason)
        state = unclear.astype(np.int32) * (OPEN - PAYABLE) + PAYABLE
        asks = (reason == 0) | (unclear & (whole.period[part] != NONE))
        kind = self._law.grid.kind.take(whole.cell[part])
        if part.start < self._past:
            past = np.arange(part.start, part.stop) < self._past
            asks = np.where(past, rows.fault[part] == NO_FAULT, asks)
            state[past] = HISTORY
            kind = np.where(past & (whole.period[part] == NONE), self._plain(part), kind)
        if self._kept is not None:
            kind = self._keep(self._kept, part, unclear, asks, state, kind)
        place = np.flatnonzero(asks)
        key = rows.person[part].take(place) * MIX
        borders = np.array([0, len(place)])
        if self.bits:
            shares = (key >> np.uint64(64 - self.bits)).astype(np.uint16 if self.bits > 8 else np.uint8)
            order = np.argsort(shares, kind="stable")
            borders = np.searchsorted(shares.take(order), np.arange((1 << self.bits) + 1))
            place, key = place.take(order), key.take(order)
        number = kind.take(place) * self.classes.procedures + np.maximum(whole.procedure[part].take(place), 0)
        return Part(
            key,
            rows.certificate[part].take(place),
            rows.code[part].take(place),
            number.astype(np.int32) * STATES + state.take(place),
            self._law.calendar.places(rows.applied_day[part].take(place)),
            (place + part.start).astype(np.int32 if rows.rows < _FAR else np.int64),
            None if self._kept is None else self._kept.turn[part].take(place),
            self._later(state, place),
        ), borders

    def _plain(self, part: slice) -> Array:
        """Give the kind of what no text governs: it counts, but has no facts."""
        rows = self._rows
        return self._lawless + rows.stream[part].astype(np.int32) * len(LEVELS) + rows.level[part]

    def _later(self, state: Array, place: Array) -> Array | None:
        """Say what counts behind all others: claims behind history."""
        return state.take(place) != HISTORY if self._past else None

    def _keep(self, kept: Kept, part: slice, unclear: Array, asks: Array, state: Array, kind: Array) -> Array:
        """See that claims which keep money count: also what is unclear now, or can't be used any more."""
        lawless = unclear & (self._whole.period[part] == NONE) & kept.money[part]
        state[unclear & kept.money[part]] = PAYABLE
        state[lawless] = HISTORY
        kind = np.where(lawless, self._plain(part), kind)
        asks |= lawless
        first, last = np.searchsorted(kept.others, [part.start, part.stop])
        places = kept.others[first:last] - part.start
        asks[places], state[places] = True, HISTORY
        kind[places] = self._unread + np.arange(first, last)
        return kind


def same_certificates(refused: Refused, certificates: Texts, *, loops: bool) -> bool:
    """Say whether each claim refused for its certificate shares the text of it, not only the hash."""
    rows = np.flatnonzero(refused.reason == _CERTIFICATE)
    if loops:
        from subsidy.engine.batch.loops.output import same_texts

        raw = raw_texts(certificates.all)
        return same_texts(raw.offsets, raw.words, raw.data, refused.row[rows], refused.blocked_by[rows])
    one = certificates.take(refused.row[rows])
    other = certificates.take(refused.blocked_by[rows])
    return bool(pc.all(pc.equal(one, other), min_count=0).as_py())
