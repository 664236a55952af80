"""What would have been decided *then*: the same claims under the texts as they were known on an earlier day.

Few texts are published, so there are few such days that differ: claims are put together by what was known, and each
group is decided as columns by the tables of that knowledge. Source: design, section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
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
    """Decisions of some claims under what was known on a day of each; in fen, `NO_AMOUNT` where none is known."""

    payable: Array
    base: Array
    uplift: Array
    amount: Array  # of the entitlement, also where it wasn't payable
    editions: list[Array]  # directory, catalogue, rates, rules: the place in `names`, `NO_EDITION` for none
    names: list[str]

    def first(self, count: int) -> Then:
        """Give those of the first claims."""
        payable, base, uplift, amount, *editions = (
            column[:count] for column in (self.payable, self.base, self.uplift, self.amount, *self.editions)
        )
        return Then(payable, base, uplift, amount, editions, self.names)


def known_days(editions: Iterable[Edition]) -> list[date]:
    """Give the days on which something became known, behind a day before all of them."""
    days = {edition.published_on for edition in editions}
    days |= {edition.ended.published_on for edition in editions if edition.ended is not None}
    return [min(days) - timedelta(days=1), *sorted(days)] if days else [date.min]


def decided_then(now: Now, claims: Array, days: Array, starts: list[date], policy_of: Callable[[date], Policy]) -> Then:
    """Decide some claims under what was known on a day of each, after the same earlier claims as now.

    Parameters
    ----------
    now : Now
        All claims, decided under what is known now.
    claims : Array
        The rows of claims that are payable now, or refused now and keep money.
    days : Array
        For each of them the ordinal of the day whose knowledge counts.
    starts : list of date
        From when on something more was known (see `known_days`).
    policy_of : callable
        Gives the policy as known from one of these days on.
    """
    count = len(claims)
    payable: Array = np.zeros(count, np.bool_)
    base, uplift, amount = (np.zeros(count, np.int64) for _ in range(3))
    editions: list[Array] = [np.full(count, NO_EDITION, np.int16) for _ in range(_EDITIONS)]
    numbers: dict[str, int] = {}
    hard: list[Asking] = []
    step = np.searchsorted(np.array([day.toordinal() for day in starts]), days, side="right") - 1
    for place in np.unique(np.maximum(step, 0)).tolist():
        policy = policy_of(starts[place])
        law = Law(policy, now.law.calendar, now.readers.faults, loops=now.law.loops)
        tables = [_numbers_of(policy, which, numbers) for which in range(_EDITIONS)]

        def decide(some: Array, law: Law = law, tables: list[Array] = tables) -> None:
            rows = claims.take(some)
            standing = Standing.empty(len(rows))
            law.stand(_some(now.rows, rows), slice(0, len(rows)), standing)
            grid = law.grid
            for table, column in ((grid.base, base), (grid.uplift, uplift), (grid.amount, amount)):
                column[some] = table.take(standing.cell)
            for numbers_of, column in zip(tables, editions, strict=True):
                column[some] = numbers_of.take(standing.period)
            by_rules = standing.reason == 0
            kind = grid.kind.take(standing.cell)
            free = was_let_through(now, rows) & no_stricter(now, rows, law, kind, standing.procedure)
            payable[some] = by_rules & free
            for one in np.flatnonzero(by_rules & ~free).tolist():
                asked, procedure = grid.kinds[int(kind[one])], law.procedures[int(standing.procedure[one])]
                hard.append(Asking(int(rows[one]), int(some[one]), asked, procedure))

        own = np.flatnonzero(np.maximum(step, 0) == place)
        in_threads(decide, [own[at : at + BATCH] for at in range(0, len(own), BATCH)], now.threads)
    payable[[one.place for one in hard]] = let_through(now, hard)
    return Then(payable, base, uplift, amount, editions, list(numbers))


def _some(rows: Rows, places: Array) -> Rows:
    """Give of some rows what rules 1 to 6 ask."""
    some = Rows(0, 0)
    some.rows = len(places)
    for name in _ASKED:
        setattr(some, name, getattr(rows, name).take(places, axis=-1))
    return some


def _numbers_of(policy: Policy, which: int, numbers: dict[str, int]) -> Array:
    """Give for each period, and behind them for none, the number of an edition."""
    ids = [period.editions[which] for period in policy.periods]
    found = [NO_EDITION if one is None else numbers.setdefault(one, len(numbers)) for one in ids]
    return np.array([*found, NO_EDITION], np.int16)
