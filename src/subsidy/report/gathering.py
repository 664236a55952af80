"""From totals to what the page shows: lines of tables, counts by size. Parts are simply chained.

Everything takes what one frame gives and what the parts of a file larger than memory give, one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from subsidy.model.text import is_empty
from subsidy.report.data import BIN_EDGES_FEN, REST, Slice, Text, Totals
from subsidy.report.words import (
    CATEGORIES,
    CAUSES,
    EARLIER,
    LEVELS,
    OTHERS,
    UNKNOWN_MONTH,
    UNKNOWN_OCCUPATION,
    name_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["By", "bin_counts", "slices"]

By = Literal["cause", "occupation", "category", "level", "month"]
OCCUPATIONS: Final = 12
MONTHS: Final = 36
_TABLES = {"cause": CAUSES, "category": CATEGORIES, "level": LEVELS}
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
_LEVEL_ORDER = ("5", "4", "3", "2", "1", "special")


def slices(records: Iterable[Mapping[str, Any]], by: By, names: Mapping[str, Text] | None = None) -> tuple[Slice, ...]:
    """Make the lines of one table.

    Parameters
    ----------
    records : iterable of mappings
        The rows of ``Recalculation.totals(by)``, e.g. ``frame.to_dict("records")``: the key under the name `by`
        (null: not known), ``claims, paid_fen, due_fen, top_ups, top_up_fen, recoveries``. For several parts chain
        their rows: those of one key are added up. ``recovery_fen`` is not asked for: it follows, whatever its sign.
    by : {"cause", "occupation", "category", "level", "month"}
        What the table is made by.
    names : mapping, optional
        Names of occupations by code; the others have their names here.

    Returns
    -------
    tuple of Slice
        Causes and occupations by the sum of their differences, the largest first, occupations beyond the first
        12 in one line; categories and levels in their order; months by date, those before the last 36 in one line,
        and the ones between without a claim where all are at most 36.

    Examples
    --------
    >>> part = {"category": "A", "claims": 2, "paid_fen": 100, "due_fen": 130, "top_ups": 1, "top_up_fen": 30,
    ...     "recoveries": 0}
    >>> [line] = slices([part, part], "category")
    >>> line.name.en, line.totals.claims, line.totals.adjustment_fen
    ('Category A', 4, 60)
    """
    found: dict[str, Totals] = {}
    for record in records:
        key = "" if is_empty(record[by]) else str(record[by])
        found[key] = found.get(key, Totals()).plus(_totals(record))
    if by == "occupation":
        return _occupations(found, names or {})
    if by == "month":
        return _months(found)
    lines = (Slice(key, Text(*name_of(_TABLES[by], key)), totals) for key, totals in found.items())
    if by == "cause":
        return tuple(sorted(lines, key=_by_size))
    if by == "level":
        return tuple(sorted(lines, key=_by_level))
    return tuple(sorted(lines, key=lambda line: (line.key == "", line.key)))


def _totals(record: Mapping[str, Any]) -> Totals:
    paid, due, top_up = int(record["paid_fen"]), int(record["due_fen"]), int(record["top_up_fen"])
    return Totals(
        claims=int(record["claims"]),
        paid_fen=paid,
        due_fen=due,
        top_ups=int(record["top_ups"]),
        top_up_fen=top_up,
        recoveries=int(record["recoveries"]),
        recovery_fen=top_up - (due - paid),
    )


def _by_size(line: Slice) -> tuple[int, int, str]:
    """Order by the money moved, in either direction; then by claims, then by key."""
    return -(line.totals.top_up_fen + line.totals.recovery_fen), -line.totals.claims, line.key


def _by_level(line: Slice) -> tuple[int, str]:
    known = line.key in _LEVEL_ORDER
    return _LEVEL_ORDER.index(line.key) if known else len(_LEVEL_ORDER), line.key


def _occupations(found: Mapping[str, Totals], names: Mapping[str, Text]) -> tuple[Slice, ...]:
    lines = [
        Slice(key, names.get(key, Text(key, key)) if key else Text(*UNKNOWN_OCCUPATION), totals)
        for key, totals in found.items()
    ]
    lines.sort(key=_by_size)
    rest = lines[OCCUPATIONS:]
    if len(rest) > 1:
        number = f"{len(rest):,}"
        others = Text(OTHERS.say("zh", number=number), OTHERS.say("en", number=number))
        lines[OCCUPATIONS:] = [Slice(REST, others, _sum(rest))]
    return tuple(lines)


def _months(found: Mapping[str, Totals]) -> tuple[Slice, ...]:
    unknown = [Slice("", Text(*UNKNOWN_MONTH), found[""])] if "" in found else []
    months = sorted(key for key in found if key)
    lines = [Slice(key, Text(key, key), found.get(key, Totals())) for key in _without_gaps(months)]
    early = lines[:-MONTHS]
    if len(early) > 1:
        last = early[-1].key
        name = Text(EARLIER.say("zh", month=last), EARLIER.say("en", month=last))
        lines[: len(early)] = [Slice("earlier", name, _sum(early))]
    return (*lines, *unknown)


def _without_gaps(months: list[str]) -> list[str]:
    """Add the months between without a claim, so that the scale of a chart is even, if they aren't too many."""
    if not all(_MONTH.fullmatch(month) for month in months):
        return months
    numbers = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in months]
    if not numbers or numbers[-1] - numbers[0] >= MONTHS:
        return months
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(numbers[0], numbers[-1] + 1)]


def _sum(lines: Iterable[Slice]) -> Totals:
    total = Totals()
    for line in lines:
        total = total.plus(line.totals)
    return total


def bin_counts(adjustment_fen: NDArray[np.int64]) -> tuple[int, ...]:
    """Count differences by their size, for ``ReportData.differences``.

    Parameters
    ----------
    adjustment_fen : array of int64
        The differences in fen, e.g. ``frame["adjustment_fen"].to_numpy()``.

    Returns
    -------
    tuple of int
        Top-ups in each bin of `BIN_EDGES_FEN`, then recoveries. Parts add up:
        ``tuple(map(sum, zip(*parts)))``.

    Examples
    --------
    >>> import numpy as np
    >>> counts = bin_counts(np.array([0, 54000, 20000, -180000]))
    >>> counts[:3], counts[10:].index(1), sum(counts)
    ((1, 0, 1), 6, 3)
    """
    import numpy as np

    edges = np.array(BIN_EDGES_FEN)
    counted: list[int] = []
    for some in (adjustment_fen[adjustment_fen > 0], -adjustment_fen[adjustment_fen < 0]):
        places = np.searchsorted(edges, some, side="left") - 1
        counted += np.bincount(places, minlength=len(edges)).tolist()
    return tuple(counted)
