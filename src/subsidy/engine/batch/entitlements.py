"""Rules 1 to 3 alone, for a frame: what the texts give, whoever claims it. The part of the work that joins can do."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import BATCH, EMPTY, Array, in_threads, keep_blocks, workers_of
from subsidy.engine.batch.calendar import Calendar
from subsidy.engine.batch.grid import NO_AMOUNT, Grid
from subsidy.engine.batch.law import Dating
from subsidy.engine.batch.reading import Codes, Readers, read_asked
from subsidy.engine.batch.sources import source_of_frame
from subsidy.policy.policy import Policy

__all__ = ["NO_AMOUNT", "Entitled", "entitlements"]


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
    grid, readers = Grid.of(policy), Readers(policy, Codes(policy))
    base, uplift, amount = (np.empty(source.rows, np.int64) for _ in range(3))

    def work(start: int) -> None:
        stop = min(start + BATCH, source.rows)
        asked = read_asked(readers, source, start, stop)
        calendar = Calendar([asked.certificate_day, asked.applied_day, asked.filed_day])
        dating = Dating(policy, calendar)
        applied, issued = calendar.places(asked.applied_day), calendar.places(asked.certificate_day)
        procedure = dating.procedure.take(applied)
        _, day = dating.entitlement_date(procedure, applied, issued, asked.filed_day)
        cells = grid.cells(dating.period.take(day), asked.code, asked.stream, asked.level)
        unread = np.zeros(len(cells), np.bool_)
        for column, least in zip((*asked, procedure), (0, 0, 0, 0, 0, EMPTY, 0), strict=True):
            if column.min(initial=0) < least:
                unread |= column < least
        cells[unread] = grid.none
        grid.fill(cells)
        for table, out in ((grid.base, base), (grid.uplift, uplift), (grid.amount, amount)):
            table.take(cells, out=out[start:stop], mode="clip")

    in_threads(work, range(0, source.rows, BATCH), workers_of(workers))
    return Entitled(base, uplift, amount)
