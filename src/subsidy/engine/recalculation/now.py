"""Every claim decided under what is known now, claims with money first. Source: design, section 6."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import EMPTY, NO_FAULT, Array, by_batches
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.grid import STATUS_OF, STATUSES, Kind
from subsidy.engine.batch.law import NONE, Law, Standing
from subsidy.engine.batch.reading import LEVELS, Codes, Readers, Rows
from subsidy.engine.batch.shares import LAWLESS, Kept
from subsidy.engine.batch.table import Asked, refuse_by_history
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.unread import kind_so_far
from subsidy.model.words import Status
from subsidy.policy.policy import Policy

__all__ = ["Now", "decided_now"]

_NO_TURN = date.max.toordinal()
_PAYABLE, _UNCLEAR = STATUSES.index(Status.PAYABLE), STATUSES.index(Status.UNDETERMINED)


class Now(NamedTuple):
    """All claims under what is known now."""

    rows: Rows
    readers: Readers
    codes: Codes
    law: Law
    standing: Standing
    blocked: Array  # what stands in the way of which, see `Refused.in_the_way`
    names: Texts
    certificates: Texts
    status: Array
    kinds: list[Kind]  # those of the grid, those without a text, what can be read of paid claims that can't be used
    keeps: Array  # whether it counts in rules 7 to 10 for others
    kept: Kept
    threads: int

    def kind_of(self, claims: Array) -> Array:
        """Give the kinds of some claims, by their places in `kinds`."""
        known = len(self.kinds) - len(LAWLESS) - len(self.kept.kinds)
        kind = self.law.grid.kind.take(self.standing.cell.take(claims)).astype(np.int32)
        lawless = np.flatnonzero(
            (self.standing.period.take(claims) == NONE) & (self.rows.fault.take(claims) == NO_FAULT)
        )
        own = claims.take(lawless)
        kind[lawless] = self.rows.stream.take(own).astype(np.int32) * len(LEVELS) + self.rows.level.take(own) + known
        if len(self.kept.others):
            place = np.minimum(np.searchsorted(self.kept.others, claims), len(self.kept.others) - 1)
            unread = self.kept.others.take(place) == claims
            kind[unread] = known + len(LAWLESS) + place[unread]
        return kind

    def in_turn(self, claims: Array) -> Array:
        """Give some claims and those of their persons that count, by person and in the order in which they do."""
        rows = np.flatnonzero(self.keeps)
        rows = rows[np.isin(self.rows.person.take(rows), np.unique(self.rows.person.take(claims)))]
        rows = np.union1d(rows, claims)
        names = self.names.take(rows).to_pylist()
        columns = (self.rows.person, self.kept.turn, self.rows.applied_day)
        keys = zip(*(column.take(rows).tolist() for column in columns), names, rows.tolist(), strict=True)
        return np.array([key[-1] for key in sorted(keys)], np.int64)


def decided_now(policy: Policy, asked: Asked, money: Money) -> Now:
    """Decide every claim again, in the order in which money came.

    Claims with money come first, in order of the day since which their total is above zero, day of application and
    claim id; then the others. What counts in rules 7 to 10 are the claims that keep money.
    """
    gathered, law, whole, threads = asked.gathered, asked.law, asked.standing, asked.threads
    rows = gathered.rows
    kept = _kept(policy, gathered, money, threads)
    blocked = refuse_by_history(policy, asked, kept)
    rows.certificate = rows.certificate[:0].copy()  # a hash that nobody asks for any more: each byte of a row counts
    status, keeps = np.empty(rows.rows, np.int8), np.empty(rows.rows, np.bool_)

    def say(part: slice) -> None:
        own = status[part] = STATUS_OF.take(whole.reason[part])
        keeps[part] = (own == _PAYABLE) | (kept.money[part] & (own == _UNCLEAR))

    by_batches(say, rows.rows, threads)
    keeps[kept.others] = True
    known = [*law.grid.kinds]  # once: another thread that decides by this policy may find more meanwhile
    kinds = [*known, *LAWLESS, *kept.kinds]
    return Now(
        rows,
        gathered.readers,
        gathered.codes,
        law,
        whole,
        blocked,
        asked.names,
        gathered.certificates,
        status,
        kinds,
        keeps,
        kept,
        threads,
    )


def _kept(policy: Policy, gathered: Gathered, money: Money, threads: int) -> Kept:
    """Say which claims keep money, and in which order."""
    applied, count = gathered.rows.applied_day, gathered.rows.rows
    turn, paid = np.empty(count, np.int32), np.empty(count, np.bool_)
    # Small numbers sort faster. What is no day belongs to a row that never asks; without a sign it is a large number.
    first = min(gathered.days[0], int(money.since.view(np.uint32).min(initial=_NO_TURN)))
    behind = np.int32(max(gathered.days[1], int(money.since.max(initial=EMPTY))) - first + 1)

    def order(part: slice) -> None:
        np.greater(money.paid[part], 0, out=paid[part])
        own = np.where(paid[part], money.since[part], applied[part] + behind)
        np.maximum(np.subtract(own, first, out=own), 0, out=turn[part])

    by_batches(order, count, threads)
    others, kinds = _unread(policy, gathered, paid)
    return Kept(turn, paid, others, kinds)


def _unread(policy: Policy, gathered: Gathered, paid: Array) -> tuple[Array, list[Kind]]:
    """Find the paid claims whose record can't be used, and what of them can still be read."""
    found = {
        row: kind
        for row in np.flatnonzero(paid & (gathered.rows.fault != NO_FAULT)).tolist()
        if (kind := kind_so_far(policy, gathered.record(row))) is not None
    }
    return np.array(list(found), np.int64), list(found.values())
