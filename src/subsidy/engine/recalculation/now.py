"""Every claim decided under what is known now, claims with money first. Source: design, section 6."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import NO_FAULT, Array, taken
from subsidy.engine.batch.fold import Refused
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.grid import REASONS, Kind
from subsidy.engine.batch.law import NONE, Law, Standing
from subsidy.engine.batch.reading import LEVELS, STREAMS, Codes, Readers, Rows
from subsidy.engine.batch.shares import LAWLESS, Kept
from subsidy.engine.batch.table import Asked, refuse_by_history
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.unread import kind_so_far
from subsidy.model.words import Status
from subsidy.policy.policy import Policy

__all__ = ["STATUSES", "STATUS_OF", "Now", "decided_now"]

STATUSES = tuple(Status)
STATUS_OF = np.array([STATUSES.index(reason.status if reason else Status.PAYABLE) for reason in REASONS], np.int8)
_PAYABLE, _UNCLEAR = STATUSES.index(Status.PAYABLE), STATUSES.index(Status.UNDETERMINED)


class Now(NamedTuple):
    """All claims under what is known now."""

    rows: Rows
    readers: Readers
    codes: Codes
    law: Law
    standing: Standing
    refused: Refused
    names: Texts
    certificates: Texts
    status: Array
    kind: Array
    kinds: list[Kind]
    keeps: Array  # whether it counts in rules 7 to 10 for others
    kept: Kept
    threads: int

    def in_turn(self, claims: Array) -> Array:
        """Give some claims and those of their persons that count, by person and in the order in which they do."""
        rows = np.flatnonzero(self.keeps)
        rows = rows[np.isin(self.rows.person.take(rows), np.unique(self.rows.person.take(claims)))]
        rows = np.union1d(rows, claims)
        names = self.names.take(rows).to_pylist()
        columns = (self.rows.person, ~self.kept.money, self.kept.turn, self.rows.applied_day)
        keys = zip(*(column.take(rows).tolist() for column in columns), names, rows.tolist(), strict=True)
        return np.array([key[-1] for key in sorted(keys)], np.int64)


def decided_now(policy: Policy, asked: Asked, money: Money) -> Now:
    """Decide every claim again, in the order in which money came.

    Claims with money come first, in order of the day since which their total is above zero, day of application and
    claim id; then the others. What counts in rules 7 to 10 are the claims that keep money.
    """
    gathered, law, whole = asked.gathered, asked.law, asked.standing
    rows = gathered.rows
    paid = money.paid > 0
    turn = np.where(paid, money.since, rows.applied_day)
    # Small numbers sort faster; what is no day belongs to a row that never asks.
    first = turn.min(initial=date.max.toordinal(), where=turn > 0)
    turn = np.maximum(turn - first, 0)
    others, kinds = _unread(policy, gathered, paid)
    kept = Kept(turn, paid, others, kinds)
    refused = refuse_by_history(policy, asked, kept)
    whole.reason[refused.row] = refused.reason
    whole.detail[refused.row] = refused.detail
    status = taken(STATUS_OF, whole.reason)
    keeps = (status == _PAYABLE) | (paid & (status == _UNCLEAR))
    keeps[others] = True
    kind, all_kinds = _kinds(law, rows, whole, kept)
    return Now(
        rows,
        gathered.readers,
        gathered.codes,
        law,
        whole,
        refused,
        asked.names,
        gathered.certificates,
        status,
        kind,
        all_kinds,
        keeps,
        kept,
        asked.threads,
    )


def _unread(policy: Policy, gathered: Gathered, paid: Array) -> tuple[Array, list[Kind]]:
    """Find the paid claims whose record can't be used, and what of them can still be read."""
    found = {
        row: kind
        for row in np.flatnonzero(paid & (gathered.rows.fault != NO_FAULT)).tolist()
        if (kind := kind_so_far(policy, gathered.record(row))) is not None
    }
    return np.array(list(found), np.int64), list(found.values())


def _kinds(law: Law, rows: Rows, whole: Standing, kept: Kept) -> tuple[Array, list[Kind]]:
    """Give the kind of each claim by number."""
    kind = taken(law.grid.kind.astype(np.int32), whole.cell)
    known = [*law.grid.kinds]  # once: another thread that decides by this policy may find more meanwhile
    lawless = np.flatnonzero((whole.period == NONE) & (rows.fault == NO_FAULT))
    streams, levels = (column[lawless].astype(np.int32) for column in (rows.stream, rows.level))
    kind[lawless] = streams * len(LEVELS) + levels + len(known)
    first = len(known) + len(STREAMS) * len(LEVELS)
    kind[kept.others] = first + np.arange(len(kept.others))
    return kind, [*known, *LAWLESS, *kept.kinds]
