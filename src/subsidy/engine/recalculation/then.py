"""What would have been decided *then*: the same claims under the texts as they were known on an earlier day.

Few texts are published, so there are few such days that differ: claims are put together by what was known, and each
group is decided as columns by the tables of that knowledge. Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from threading import Lock
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import BATCH, Array, in_threads
from subsidy.engine.batch.law import Law, Standing
from subsidy.engine.batch.reading import Rows
from subsidy.engine.recalculation.earlier import Asking, let_through, no_stricter, was_let_through
from subsidy.engine.recalculation.now import Now
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Edition

__all__ = ["NO_EDITION", "Then", "decided_then", "known_days"]

NO_EDITION = -1
_EDITIONS = 4
_ASKED = (
    "fault", "applied_day", "certificate_day", "filed_day", "code", "stream", "level", "months", "conditions",
)  # fmt: skip


class Then(NamedTuple):
    """Decisions of some claims under what was known on a day of each: places in tables, for fresh memory is dear."""

    payable: Array
    cell: Array
    period: Array
    bases: Array  # by cell, in fen; `NO_AMOUNT` where none is known
    uplifts: Array
    amounts: Array
    editions: list[Array]  # directory, catalogue, rates, rules: by period the place in `names`, `NO_EDITION` for none
    names: list[str]

    def amount(self, part: slice = slice(None)) -> Array:
        """Give the amounts of the entitlements, also where they weren't payable."""
        return self.amounts.take(self.cell[part])


def known_days(editions: Iterable[Edition]) -> list[date]:
    """Give the days on which something became known, behind a day before all of them."""
    days = {edition.published_on for edition in editions}
    days |= {edition.ended.published_on for edition in editions if edition.ended is not None}
    return [min(days) - timedelta(days=1), *sorted(days)] if days else [date.min]


def decided_then(
    now: Now, claims: Array, day_of: Callable[[Array], Array], starts: list[date], policy_of: Callable[[date], Policy]
) -> Then:
    """Decide some claims under what was known on a day of each, after the same earlier claims as now.

    Parameters
    ----------
    now : Now
        All claims, decided under what is known now.
    claims : Array
        The rows of claims that are payable now, or refused now and keep money.
    day_of : callable
        Gives for some of them the ordinal of the day whose knowledge counts.
    starts : list of date
        From when on something more was known (see `known_days`).
    policy_of : callable
        Gives the policy as known from one of these days on.
    """
    ordinals, count = np.array([day.toordinal() for day in starts]), len(claims)
    parts = [slice(at, min(at + BATCH, count)) for at in range(0, max(count, 1), BATCH)]

    def steps(part: slice) -> Array:
        return np.maximum(np.searchsorted(ordinals, day_of(claims[part]), side="right") - 1, 0)

    known = _Known(now, lambda place: policy_of(starts[place]))
    payable, cell, period = np.zeros(count, np.bool_), np.empty(count, np.int32), np.empty(count, np.int32)

    def decide(part: slice) -> list[Asking]:
        step, hard = steps(part), list[Asking]()
        for place in np.unique(step).tolist():
            some = np.flatnonzero(step == place)
            rows, (law, first_cell, first_period) = claims[part].take(some), known.at(place)
            standing = Standing.empty(len(rows), law.grid)
            law.stand(_some(now.rows, rows), slice(0, len(rows)), standing)
            some += part.start
            cell[some] = standing.cell + first_cell
            period[some] = np.where(standing.period < 0, 0, standing.period + np.int32(first_period))
            by_rules = standing.reason == 0
            kind = law.grid.kind.take(standing.cell)
            free = was_let_through(now, rows) & no_stricter(now, rows, law, kind, standing.procedure)
            payable[some] = by_rules & free
            for one in np.flatnonzero(by_rules & ~free).tolist():
                asked, procedure = law.grid.kinds[int(kind[one])], law.procedures[int(standing.procedure[one])]
                hard.append(Asking(int(rows[one]), int(some[one]), asked, procedure))
        return hard

    hard = [one for found in in_threads(decide, parts, now.threads) for one in found]
    payable[[one.place for one in hard]] = let_through(now, hard)
    return known.then(payable, cell, period)


class _Known:
    """The tables of several states of knowledge, one behind the other, each made when it is first asked for.

    Parameters
    ----------
    now : Now
        All claims.
    policy_of : callable
        Gives the policy of a state of knowledge.
    """

    def __init__(self, now: Now, policy_of: Callable[[int], Policy]) -> None:
        self._now, self._policy_of = now, policy_of
        self._laws: dict[int, tuple[Law, int, int]] = {}
        self._cells, self._periods = 0, 1  # the first place of all periods is for none
        self._lock = Lock()

    def at(self, place: int) -> tuple[Law, int, int]:
        """Give a state of knowledge, and where its cells and its periods begin."""
        with self._lock:
            if place not in self._laws:
                now, policy = self._now, self._policy_of(place)
                law = Law(policy, now.law.calendar, now.readers.faults, loops=now.law.loops)
                self._laws[place] = law, self._cells, self._periods
                self._cells += len(law.grid.amount)
                self._periods += len(policy.periods)
            return self._laws[place]

    def then(self, payable: Array, cell: Array, period: Array) -> Then:
        """Give decisions beside what their places mean; the grids are filled where claims have fallen."""
        laws = [law for law, *_ in self._laws.values()]
        # By day: which thread asked first is chance.
        by_day = [law for _, (law, *_) in sorted(self._laws.items(), key=lambda one: one[0])]
        ids = [one for law in by_day for which in range(_EDITIONS) for one in _editions(law, which) if one is not None]
        numbers = {one: number for number, one in enumerate(dict.fromkeys(ids))}

        def numbered(which: int) -> Array:
            ids = [one for law in laws for one in _editions(law, which)]
            found = [NO_EDITION if one is None else numbers[one] for one in ids]
            return np.array([NO_EDITION, *found], np.int16)

        def joined(name: str) -> Array:
            return np.concatenate([np.empty(0, np.int64), *(getattr(law.grid, name) for law in laws)])

        editions = [numbered(which) for which in range(_EDITIONS)]
        tables = joined("base"), joined("uplift"), joined("amount")
        return Then(payable, cell, period, *tables, editions, list(numbers))


def _editions(law: Law, which: int) -> list[str | None]:
    return [period.editions[which] for period in law.policy.periods]


def _some(rows: Rows, places: Array) -> Rows:
    """Give of some rows what rules 1 to 6 ask."""
    some = Rows(0, 0)
    some.rows = len(places)
    for name in _ASKED:
        setattr(some, name, getattr(rows, name).take(places, axis=-1))
    return some
