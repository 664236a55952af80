"""What all parts of a batch use: threads, batches, days."""

from __future__ import annotations

from datetime import date
from os import cpu_count
from threading import get_ident
from time import sleep

import numpy as np
import pytest

from subsidy.engine.batch import arrays
from subsidy.engine.batch.arrays import BATCH, by_batches, in_threads, taken, threads_for, workers_of
from subsidy.engine.batch.calendar import MOST_DAYS, Calendar, first_and_last

# -- threads and batches -----------------------------------------------------------------


def test_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [workers_of(asked) for asked in (-1, 0, 1, 2, 7)] == [1, 1, 1, 2, 7]
    assert workers_of(None) == max(1, cpu_count() or 1)
    monkeypatch.setattr(arrays, "cpu_count", lambda: None)  # not every system says how many it has
    assert workers_of(None) == 1
    assert [threads_for(rows, 5) for rows in (0, 2**16 - 1, 2**16, 2**20)] == [1, 1, 5, 5]
    assert threads_for(2**16, None) == 1


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("items", [0, 1, 2, 9])
def test_results_stand_in_the_order_of_the_items(items: int, workers: int) -> None:
    own: set[int] = set()

    def work(item: int) -> int:
        own.add(get_ident())
        sleep(0.001)
        return item * item

    assert in_threads(work, iter(range(items)), workers) == [item * item for item in range(items)]
    if items:
        assert (get_ident() in own) == (workers == 1 or items < 2)
    assert len(own) <= workers


def test_an_error_in_a_thread_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda item: 1 // item, [1, 0, 1], 2)


@pytest.mark.parametrize("rows", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 5])
@pytest.mark.parametrize("workers", [1, 2])
def test_every_row_is_in_one_batch(rows: int, workers: int) -> None:
    found: list[slice] = []
    by_batches(found.append, rows, workers)
    parts = sorted((part.start, part.stop) for part in found)
    assert [number for start, stop in parts for number in range(start, stop)] == list(range(rows))
    assert all(start < stop <= start + BATCH for start, stop in parts)


@pytest.mark.parametrize("rows", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 5])
def test_taken_is_what_take_gives(rows: int) -> None:
    table = np.array([5, 7, 11, -1], np.int8)
    places = np.arange(rows) % 4
    found = taken(table, places.astype(np.int8))
    assert found.dtype == np.int8
    np.testing.assert_array_equal(found, table[places])


# -- days --------------------------------------------------------------------------------

NO_DAYS = np.array([], np.int32)
FIRST, LAST = date.min.toordinal(), date.max.toordinal()


def test_the_first_and_the_last_day_of_some_columns() -> None:
    def days(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(numbers, np.int32)

    assert first_and_last([]) is None
    assert first_and_last([NO_DAYS, days(-1, -2)]) is None
    assert first_and_last([days(-1, 1), NO_DAYS]) == (1, 1)
    assert first_and_last([days(9, 5, -2), days(-1), days(7, 12)]) == (5, 12)
    assert first_and_last([days(LAST), days(FIRST)]) == (FIRST, LAST)


SPANS = [
    [],
    [-1],
    [1],
    [738_000, 738_001, -2, 738_009],
    [738_000, 738_000 + MOST_DAYS - 1],
    [738_000, 738_000 + MOST_DAYS],
    [-1, FIRST, 577_736, LAST, -2],
]


@pytest.mark.parametrize("named", SPANS)
@pytest.mark.parametrize("told", [False, True])
def test_a_calendar_finds_every_day(named: list[int], told: bool) -> None:
    columns = [np.array(named[:2], np.int32), np.array([*named[2:], -1], np.int32)]
    calendar = Calendar(columns, (first_and_last(columns) or (1, 1)) if told else None)
    real = [day for day in named if day > 0]
    assert (calendar.first is None) == (bool(real) and max(real) - min(real) >= MOST_DAYS)
    table = calendar.table(lambda day: day.toordinal())
    assert table.dtype == np.int32
    assert table.tolist() == calendar.days.tolist()
    assert set(real) <= set(table.tolist())
    if calendar.first is None:
        assert table.tolist() == sorted(set(real))
    else:
        assert len(table) == (max(real) - min(real) + 1 if real else 1)
    for column in columns:
        found = table[calendar.places(column)]
        assert [int(one) for one, day in zip(found, column, strict=True) if day > 0] == [
            day for day in column if day > 0
        ]
        assert all(place == 0 for place, day in zip(calendar.places(column), column, strict=True) if day < 0)
    assert calendar.years.tolist() == [date.fromordinal(day).year for day in table.tolist()]


@pytest.mark.parametrize("days", [[10, 20, 30], [10, 20, 10 + 2 * MOST_DAYS]])
def test_the_last_step_that_is_not_later(days: list[int]) -> None:
    calendar = Calendar([np.array(days, np.int32)])
    starts = [1, 20, 21, 25]
    found = calendar.steps(starts)
    assert found.dtype == np.int32
    for day, step in zip(calendar.days.tolist(), found.tolist(), strict=True):
        assert step == sum(start <= day for start in starts) - 1
