"""Rules 1 to 3 alone, for a frame: what the texts give, whoever claims it. The part of the work that joins can do."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import BATCH, EMPTY, Array, in_threads, keep_blocks, workers_of
from subsidy.engine.batch.calendar import MOST_DAYS, Calendar, first_and_last
from subsidy.engine.batch.compiled import pays
from subsidy.engine.batch.grid import NO_AMOUNT, Grid
from subsidy.engine.batch.law import Dating
from subsidy.engine.batch.reading import LEVELS, STREAMS, Asked, Codes, Readers, read_asked
from subsidy.engine.batch.sources import source_of_frame
from subsidy.policy.policy import Policy

__all__ = ["NO_AMOUNT", "Entitled", "entitlements"]


_DAYS = 1 << 10


class Entitled(NamedTuple):
    """Base, uplift and amount of each row in fen; base and uplift are `NO_AMOUNT` where there is none."""

    base_fen: Array
    uplift_fen: Array
    amount_fen: Array


def entitlements(claims: pd.DataFrame, policy: Policy, *, workers: int | None = None) -> Entitled:
    """Give base, uplift and amount in fen of each row on its entitlement date.

    Base and uplift are `NO_AMOUNT` where the texts give none, where no rules are in force on the day of application, or
    where a field can't be read.
    """
    keep_blocks()
    source = source_of_frame(policy, claims, workers=workers)
    loops = pays(source.rows)
    grid, readers = Grid.of(policy), Readers(policy, Codes(policy), loops=loops)
    found = Entitled(*(np.empty(source.rows, np.int64) for _ in range(3)))
    in_days = cache(lambda first, last: Dating(policy, Calendar([], (first, last))))

    def work(start: int) -> None:
        part = slice(start, min(start + BATCH, source.rows))
        asked = read_asked(readers, source, part.start, part.stop)
        named = [asked.certificate_day, asked.applied_day, asked.filed_day]
        first, last = first_and_last(named) or (1, 1)
        some = Entitled(*(column[part] for column in found))
        if loops and last - first < MOST_DAYS - 2 * _DAYS:
            # Batches of nearly the same days share their tables.
            wide = max(first // _DAYS * _DAYS, 1), min((last // _DAYS + 1) * _DAYS, date.max.toordinal())
            _in_one_pass(grid, in_days(*wide), asked, some)
        else:
            _by_arrays(grid, Dating(policy, Calendar(named)), asked, some)

    in_threads(work, range(0, source.rows, BATCH), workers_of(workers))
    return found


def _in_one_pass(grid: Grid, dating: Dating, asked: Asked, into: Entitled) -> None:
    from subsidy.engine.batch.loops.law import entitle

    shape = (len(grid.codes) + 1, len(STREAMS), len(LEVELS), grid.none)
    days = (dating.calendar.first, dating.procedure, dating.period, dating.dates, shape)
    tables = (grid.reason, grid.base, grid.uplift, grid.amount)
    while entitle(*days, *tables, *asked, *into):
        grid.fill(_cells(grid, dating, asked))


def _by_arrays(grid: Grid, dating: Dating, asked: Asked, into: Entitled) -> None:
    cells = _cells(grid, dating, asked)
    grid.fill(cells)
    for table, out in zip((grid.base, grid.uplift, grid.amount), into, strict=True):
        table.take(cells, out=out, mode="clip")


def _cells(grid: Grid, dating: Dating, asked: Asked) -> Array:
    """Give the cell of each row, that of none where something can't be read or no rules are in force."""
    calendar = dating.calendar
    applied, issued = calendar.places(asked.applied_day), calendar.places(asked.certificate_day)
    procedure = dating.procedure.take(applied)
    _, day = dating.entitlement_date(procedure, applied, issued, asked.filed_day)
    cells = grid.cells(dating.period.take(day), asked.code, asked.stream, asked.level)
    unread = np.zeros(len(cells), np.bool_)
    for column, least in zip((*asked, procedure), (0, 0, 0, 0, 0, EMPTY, 0), strict=True):
        if column.min(initial=0) < least:
            unread |= column < least
    cells[unread] = grid.none
    return cells
