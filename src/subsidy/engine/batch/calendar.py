"""Tables by day: what depends on a date is asked once for each day that occurs, then looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from subsidy.engine.batch.arrays import Array

__all__ = ["MOST_DAYS", "Calendar", "first_and_last"]

_EPOCH, _EPOCH_YEAR = date(1970, 1, 1).toordinal(), 1970
MOST_DAYS = 1 << 14  # days in a row, about 44 years; where they lie farther apart only those that occur are kept


def first_and_last(columns: list[Array]) -> tuple[int, int] | None:
    """Give the first and the last of some days, ordinals of 32 bits; numbers below 0 are none."""
    last = max((int(column.max()) for column in columns if len(column)), default=0)
    # Without a sign what is none is larger than every day.
    return (min(int(column.view(np.uint32).min()) for column in columns if len(column)), last) if last > 0 else None


class Calendar:
    """The days that claims name.

    Parameters
    ----------
    columns : list of Array
        Ordinals of days, of 32 bits; numbers below 0 are none.
    named : pair of int, optional
        The first and the last of these days, both 1 where there is none; left out: they are looked for.
    """

    def __init__(self, columns: list[Array], named: tuple[int, int] | None = None) -> None:
        first, last = named or first_and_last(columns) or (1, 1)
        if last - first < MOST_DAYS:
            self.days = np.arange(first, last + 1)
            self.first: int | None = first
        else:
            found = np.unique(np.concatenate([np.unique(column) for column in columns])).astype(np.int64)
            self.days = found[found > 0]
            self.first = None

    def places(self, column: Array) -> Array:
        """Give the place of each day in the tables of this calendar; of what is no day the first."""
        if self.first is not None:
            return np.maximum(column - np.int32(self.first), 0)
        return np.searchsorted(self.days, np.maximum(column, self.days[0])).astype(np.int32)

    def table(self, ask: Callable[[date], int], dtype: type[np.generic] = np.int32) -> Array:
        """Ask a function for each day."""
        return np.fromiter((ask(date.fromordinal(day)) for day in self.days.tolist()), dtype, len(self.days))

    @property
    def years(self) -> Array:
        """The calendar year of each day."""
        since = (self.days - _EPOCH).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int16)
        return since + np.int16(_EPOCH_YEAR)

    def steps(self, starts: list[int]) -> Array:
        """Give for each day the number of the last of some days that isn't later."""
        return (np.searchsorted(np.array(starts), self.days, side="right") - 1).astype(np.int32)
