"""Columns of every type read as numbers: what the reader of one value says of each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from subsidy.engine.batch.arrays import BAD, EMPTY, Array
from subsidy.engine.batch.objects import python_value, python_values
from subsidy.engine.batch.values import Reader, days, numbered, whole_numbers
from subsidy.model.text import read_boolean, read_date, read_whole_number

EPOCH = date(1970, 1, 1)


WAYS = (False, True)[: 1 + (find_spec("numba") is not None)]


def day_reader(*, loops: bool = False) -> Reader:
    return Reader(lambda value: read_date(value).toordinal(), loops=loops)


def month_reader(*, loops: bool = False) -> Reader:
    return Reader(read_whole_number, loops=loops)


def fact_reader(*, loops: bool = False) -> Reader:
    return Reader(lambda value: int(read_boolean(value)), loops=loops)


def cut(values: pa.Array) -> list[pa.Array]:
    """Give a column, parts of it that don't begin with a byte of its bits, and nothing of it."""
    return [values, values.slice(1), values.slice(3, 9), values.slice(9), values.slice(2, 0)]


def plainly(values: pa.Array, reader: Reader) -> list[int]:
    return [reader(value) for value in python_values(values)]


# -- the reader --------------------------------------------------------------------------


def test_a_reader_reads_each_value_once() -> None:
    asked: list[object] = []

    def read(value: object) -> int:
        asked.append(value)
        if value == "bad":
            raise ValueError
        return 7

    reader = Reader(read)
    assert reader.known is None
    assert [reader(value) for value in ("a", "a", "bad", "bad", " ", None, float("nan"))] == [
        7,
        7,
        BAD,
        BAD,
        *[EMPTY] * 3,
    ]
    assert asked == ["a", "bad"]
    # Equal values of several types mean several things, and what can't be remembered is read again.
    assert [reader(value) for value in (1, True, 1.0, [1], [1])] == [7] * 5
    assert [*map(repr, asked[2:])] == ["1", "True", "1.0", "[1]", "[1]"]
    evening = datetime(2024, 3, 1, 20, tzinfo=UTC)
    morning = evening.astimezone(timezone(timedelta(hours=8)))
    assert [day_reader()(moment) - EPOCH.toordinal() for moment in (evening, morning)] == [19_783, 19_784]
    both = day_reader()
    assert both(evening) + 1 == both(morning)


# -- few distinct values -----------------------------------------------------------------

FACTS = [True, None, False, False, None, True, True, None, None, True, False, None]
WORDS = ["1", None, "否", "x", "", "true", "1", None, "0", "TRUE", "x", None]
COLUMNS = [
    pa.array(FACTS),
    pa.array(FACTS[::2] * 2).drop_null(),
    pa.array(WORDS, pa.string()),
    pa.array(WORDS, pa.large_string()),
    pa.array(WORDS, pa.string_view()),
    pa.array(WORDS).dictionary_encode(),
    pa.array(WORDS).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.string())),
    pa.array(WORDS * 30).dictionary_encode(null_encoding="encode"),
    pa.array([1, 0, None, 2, -1, 1, 0, None, 1, 1, 0, 3], pa.int8()),
    pa.array([1, 0, None, 2, -1, 0.5, float("nan"), None, 1, 1, 0, 3], pa.float32()),
    pa.array([Decimal("1.0"), None, Decimal(0), Decimal("0.5")] * 3, pa.decimal128(9, 1)),
    pa.array([[1], None, [], [0]] * 3),
    pa.array([{"a": 1}, None, {"a": None}] * 4),
    pa.nulls(12),
    pa.nulls(12, pa.string()),
    pa.nulls(12, pa.bool_()),
]


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
@pytest.mark.parametrize("values", COLUMNS, ids=[str(number) for number in range(len(COLUMNS))])
def test_any_column_of_facts(values: pa.Array, kind: type[np.generic]) -> None:
    for part in cut(values):
        for loops in WAYS:
            found = numbered(part, fact_reader(loops=loops), kind)
            assert found.dtype == kind
            assert found.tolist() == plainly(part, fact_reader())


def test_python_objects() -> None:
    facts = np.array([True, "否", None, 1.0, "x", [1], float("nan")], object)
    found = numbered(facts, fact_reader(), np.int8)
    assert found.dtype == np.int8
    assert found.tolist() == [1, 0, EMPTY, 1, BAD, BAD, EMPTY]
    months = whole_numbers(np.array([3, "４", None, 5.0, -1, 10**20], object), month_reader())
    assert months.dtype == np.int64
    assert months.tolist() == [3, 4, EMPTY, 5, BAD, BAD]
    named = days(np.array([date(1970, 1, 2), "1970/1/1", None, "x"], object), day_reader())
    assert named.dtype == np.int32
    assert named.tolist() == [EPOCH.toordinal() + 1, EPOCH.toordinal(), EMPTY, BAD]


# -- days --------------------------------------------------------------------------------

# The first and last day that Python has, those beside them, and what lies far away.
SINCE = [-719_162, -719_163, 2_932_896, 2_932_897, 0, -1, 1, 19_723, None, 20_000, 106_000, -106_000, 90_000_000, None]
UNITS = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def moments(unit: str, shift: int) -> list[int | None]:
    made = [None if day is None else day * UNITS[unit] + shift for day in SINCE]
    return [one if one is None or abs(one) < 2**63 else None for one in made]


def filled(values: pa.Array) -> pa.Array:
    """Put what is no day under the nulls: nobody may look at it."""
    raw = values.cast(pa.int32() if values.type == pa.date32() else pa.int64())
    other = raw.fill_null(-(2**31) if values.type == pa.date32() else -(2**63))
    return pa.Array.from_buffers(values.type, len(values), [values.buffers()[0], other.buffers()[1]])


DAYS = [
    pa.array(SINCE, pa.int32()).cast(pa.date32()),
    pa.array(moments("ms", 0), pa.int64()).cast(pa.date64()),
    *(pa.array(moments(unit, shift), pa.int64()).cast(pa.timestamp(unit))
      for unit, day in UNITS.items() for shift in (0, 1, day - 1)),
    pa.array(moments("s", 5), pa.int64()).cast(pa.timestamp("s", tz="UTC")),
    *(pa.array([number * 3_600 for number in range(12)]).cast(pa.timestamp("s", tz=zone))
      for zone in ("Asia/Shanghai", "America/New_York")),
    pa.array(["2024-02-29", None, "x", "1970/1/1", "20240301 ", ""]),
    pa.array([20240229, None, 19700101, 5, 20240301, 20240301]),
    pa.array([date(2024, 3, 1)] * 12),
    pa.nulls(12, pa.date32()),
    pa.nulls(12),
]  # fmt: skip


@pytest.mark.parametrize("values", DAYS, ids=[str(number) for number in range(len(DAYS))])
def test_any_column_of_days(values: pa.Array) -> None:
    given = [values]
    if values.null_count and (pa.types.is_date(values.type) or pa.types.is_timestamp(values.type)):
        given.append(filled(values))
    for whole in given:
        for part in cut(whole):
            for loops in WAYS:
                found = days(part, day_reader(loops=loops))
                assert found.dtype == np.int32
                assert found.tolist() == plainly(part, day_reader())


def test_days_are_not_written_into_what_was_given() -> None:
    values = pa.array([5, 90_000_000, None], pa.int32()).cast(pa.date32())
    before = values.to_string()
    days(values, day_reader())
    assert values.to_string() == before


# -- whole numbers -----------------------------------------------------------------------

FLOATS = [0.0, -0.0, 1.0, None, 0.5, -1.0, float("nan"), float("inf"), -float("inf"), 1e15, 1e15 - 1, 1e300, 12.0]
INTEGERS = [0, 1, None, -1, 127, None, 12]
NUMBERS = [
    pa.array(FLOATS, pa.float64()),
    pa.array(FLOATS[:11], pa.float32()),
    *(pa.array(INTEGERS * 2, kind) for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())),
    pa.array([10**15, 10**15 - 1, None, -(2**63), 2**63 - 1] * 3),
    *(pa.array([0, 255, None, 3] * 3, kind) for kind in (pa.uint8(), pa.uint16(), pa.uint32())),
    pa.array([0, 2**64 - 1, None, 3] * 3, pa.uint64()),
    pa.array([Decimal("1.0"), None, Decimal(0), Decimal("0.5")] * 3, pa.decimal128(9, 1)),
    pa.array(["3", "３", None, "x", "3.0", "-1"] * 2),
    pa.array([1.0, 2.0, 3.0] * 4),
    pa.nulls(12, pa.int64()),
    pa.nulls(12, pa.float64()),
    pa.nulls(12),
]


@pytest.mark.parametrize("values", NUMBERS, ids=[str(number) for number in range(len(NUMBERS))])
def test_any_column_of_whole_numbers(values: pa.Array) -> None:
    for part in cut(values):
        for loops in WAYS:
            found = whole_numbers(part, month_reader(loops=loops))
            assert found.dtype == np.int64
            assert found.tolist() == plainly(part, month_reader())


# -- Arrow values that Python has no object for ------------------------------------------


def test_values_that_python_has_no_object_for() -> None:
    column = pa.array([0, 90_000_000, None], pa.int32()).cast(pa.date32())
    expected = [EPOCH, "a date32[day] that no calendar has", None]
    assert python_values(column) == expected
    assert [python_value(value) for value in column] == expected
    assert python_values(column.slice(0, 1)) == expected[:1]


Read = Callable[[pa.Array | Array, Reader], Array]


@pytest.mark.parametrize(("read", "kind"), [(days, np.int32), (whole_numbers, np.int64)])
def test_no_values(read: Read, kind: Any) -> None:
    for values in (
        pa.array([], pa.date32()),
        pa.array([], pa.int64()),
        pa.array([], pa.string()),
        np.array([], object),
    ):
        found = read(values, day_reader())
        assert (found.dtype, len(found)) == (kind, 0)
