"""What spreadsheets do to ids and dates: recognised and told, never repaired.

A number of more than 15 digits loses its last ones, in the file itself; a date becomes the number of a day; a leading
zero goes. What is lost can't be had back, so the rows stay what they are, most of them invalid. No value is ever shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.io.columns import Chosen, Wanted
from subsidy.io.said import Note, Said, listed
from subsidy.model.person import is_resident_number

__all__ = ["DIGITS_KEPT", "Watch"]

DIGITS_KEPT = 15  # of a number, by spreadsheets
_FIRST = 5
_SCIENTIFIC = r"^\s*[+-]?[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}\s*$"
_SERIAL = r"^\s*[2-7][0-9]{4}(\.[0-9]+)?\s*$"  # days from 1954 to 2118
_SERIAL_LENGTH = 5  # without the time of day
_ZEROS = "000"
_RESIDENT = 18
_SAMPLE = 1_000
_LONG_ID = 8  # shorter ones are mostly counters, of which one has fewer digits than another by right
_MOSTLY = 0.8
_MOST_LOST = 3

_WORDS = {
    "scientific": Said(
        "为科学计数法，末几位数字已在 Excel 中丢失；请将该列设为文本后重新导出",
        "in scientific notation: Excel has lost the last digits. Export the column again as text",
    ),
    "long_number": Said(
        f"为超过 {DIGITS_KEPT} 位的数字而非文本，末几位可能已丢失；请以文本填写该列",
        f"with a number of more than {DIGITS_KEPT} digits: the last ones may be lost. Enter the column as text",
    ),
    "not_an_id": Said(
        "为小数、日期或真假值而非文本；请以文本填写该列",
        "with a fraction, a date or true/false instead of an id. Enter the column as text",
    ),
    "zeros": Said(
        "末三位变为 000，应为 Excel 丢失的数字；请将该列设为文本后重新导出",
        "ending in 000 where Excel has lost the last digits. Export the column again as text",
    ),
    "serial": Said(
        "似为 Excel 日期序号而非日期；请将该列设为日期格式后重新导出",
        "like the serial number of a day in Excel. Export the column again as dates",
    ),
    "leading_zeros": Said(
        "位数少于其他行，可能丢失了开头的 0；请核对后以文本导出该列",
        "with fewer digits than the others: leading zeros may be lost. Export the column as text",
    ),
}


class _Found:
    """How many cells of a column are spoiled in one way, and where the first are."""

    def __init__(self) -> None:
        self.count = 0
        self.rows: list[int] = []

    def add(self, places: npt.NDArray[np.intp], start: int) -> None:
        self.count += len(places)
        self.rows += [start + place for place in places[: _FIRST - len(self.rows)].tolist()]


class Watch:
    """Looks at each batch of a file as it is read.

    Parameters
    ----------
    chosen : Chosen
        The columns of the batches.
    wanted : Wanted
        Which columns hold ids, and which dates.
    row_number : callable
        Gives the number of a row by its place among the rows.
    """

    def __init__(self, chosen: Chosen, wanted: Wanted, row_number: Callable[[int], int]) -> None:
        self._chosen = chosen
        self._wanted = wanted
        self._row_number = row_number
        self._rows = 0
        self._found: dict[tuple[int, str], _Found] = {}
        self._lengths: dict[int, Counter[int]] = {}
        self._of_length: dict[tuple[int, int], list[int]] = {}
        self._zero_first: set[int] = set()

    def see(self, batch: pa.RecordBatch) -> None:
        """Look at a batch."""
        for place, field in enumerate(self._chosen.fields):
            column = _plain(batch.column(place))
            if field in self._wanted.dates:
                self._see_dates(place, column)
            elif field in self._wanted.ids:
                self._see_ids(place, field, column)
        self._rows += len(batch)

    def mark(self, place: int, kind: str, index: int) -> None:
        """Take in a cell that was found while it was read."""
        self._add(place, kind, np.array([index]), 0)

    def _add(self, place: int, kind: str, rows: npt.NDArray[Any], start: int) -> None:
        if len(rows):
            self._found.setdefault((place, kind), _Found()).add(rows, start)

    def _see_dates(self, place: int, column: pa.Array) -> None:
        if _is_text(column):
            likely = pc.equal(pc.binary_length(column), _SERIAL_LENGTH)
            if _holds(column, b".", b" "):
                likely = pc.or_(likely, pc.match_substring_regex(column, r"[. ]"))
            self._add(place, "serial", _matching(column, _rows(likely), _SERIAL), self._rows)
        elif pa.types.is_integer(column.type):
            self._add(place, "serial", _between(column, 20_000, 80_000), self._rows)

    def _see_ids(self, place: int, field: str, column: pa.Array) -> None:
        kind = column.type
        if not _is_text(column):
            if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
                most = 10**DIGITS_KEPT
                self._add(place, "long_number", _beyond(column, most), self._rows)
            return
        if _holds(column, b"E+", b"e+"):
            signs = pc.match_substring(column, "+")
            self._add(place, "scientific", _matching(column, _rows(signs), _SCIENTIFIC), self._rows)
        if field == "person_id":
            self._add(place, "zeros", _with_zeros(column), self._rows)
        else:
            self._see_lengths(place, column)

    def _see_lengths(self, place: int, column: pa.Array) -> None:
        """Count the ids that are digits alone, by how many they have."""
        sample = pc.utf8_is_digit(column.slice(0, _SAMPLE))
        if not pc.any(sample).as_py():
            return
        digits = pc.fill_null(pc.utf8_is_digit(column), False)
        lengths = pc.if_else(digits, pc.cast(pc.binary_length(column), pa.int64()), 0).to_numpy(zero_copy_only=False)
        counts = self._lengths.setdefault(place, Counter())
        for length, count in zip(*np.unique(lengths, return_counts=True), strict=True):
            counts[int(length)] += int(count)
            first = self._of_length.setdefault((place, int(length)), [])
            if len(first) < _FIRST:
                first += (np.flatnonzero(lengths == length)[: _FIRST - len(first)] + self._rows).tolist()
        if pc.any(pc.and_(digits, pc.starts_with(column, "0"))).as_py():
            self._zero_first.add(place)

    def notes(self) -> tuple[Note, ...]:
        """Tell what was found, column by column."""
        told = [
            (place, kind, found.count, tuple(map(self._row_number, found.rows)))
            for (place, kind), found in self._found.items()
        ]
        told += self._lost_zeros()
        return tuple(self._note(*one) for one in sorted(told))

    def _lost_zeros(self) -> Iterator[tuple[int, str, int, tuple[int, ...]]]:
        """Give columns of digits of which nearly all have one length, none begins with 0, and some are shorter."""
        for place, counts in self._lengths.items():
            length, most = counts.most_common(1)[0]
            near = [shorter for shorter in range(length - _MOST_LOST, length) if counts[shorter]]
            others = sum(count for other, count in counts.items() if other != length and other not in near)
            few = most >= _MOSTLY * (sum(counts.values()) - others) and not others
            if length >= _LONG_ID and near and few and place not in self._zero_first:
                rows = sorted(row for shorter in near for row in self._of_length[place, shorter])
                count = sum(counts[shorter] for shorter in near)
                yield place, "leading_zeros", count, tuple(map(self._row_number, rows[:_FIRST]))

    def _note(self, place: int, kind: str, count: int, rows: tuple[int, ...]) -> Note:
        heading = self._chosen.names[place]
        where, what = listed(rows, count), _WORDS[kind]
        cells = "cell" if count == 1 else "cells"
        said = Said(
            f"“{heading}”列有 {count} 处{what.zh}（{where.zh}）", f"{heading}: {count} {cells} ({where.en}) {what.en}"
        )
        return Note(kind, said, heading, count, rows)


def _is_text(column: pa.Array) -> bool:
    kind = column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _holds(column: pa.Array, *signs: bytes) -> bool:
    """Say whether any of some signs stands anywhere in a column, which is quick to know of all its bytes at once."""
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return False
    width = np.int64 if pa.types.is_large_string(column.type) else np.int32
    ends = np.frombuffer(offsets, dtype=width)[[column.offset, column.offset + len(column)]].tolist()
    letters = data.slice(ends[0], ends[1] - ends[0]).to_pybytes()
    return any(sign in letters for sign in signs)


def _rows(mask: pa.Array) -> npt.NDArray[np.intp]:
    """Give the places where a mask is true."""
    if not pc.any(mask).as_py():
        return np.zeros(0, np.intp)
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))


def _matching(column: pa.Array, rows: npt.NDArray[np.intp], pattern: str) -> npt.NDArray[np.intp]:
    if not len(rows):
        return rows
    return rows[_rows(pc.match_substring_regex(column.take(pa.array(rows)), pattern))]


def _between(column: pa.Array, low: int, high: int) -> npt.NDArray[np.intp]:
    values = pc.cast(column, pa.int64(), safe=False)
    return _rows(pc.and_(pc.greater_equal(values, low), pc.less(values, high)))


def _beyond(column: pa.Array, most: int) -> npt.NDArray[np.intp]:
    return _rows(pc.greater_equal(pc.abs(pc.cast(column, pa.float64(), safe=False)), float(most)))


def _with_zeros(column: pa.Array) -> npt.NDArray[np.intp]:
    """Find numbers that end in 000, where the check character shows that they didn't from the start."""
    length = pc.equal(pc.binary_length(column), _RESIDENT)
    rows = _rows(pc.and_(length, pc.ends_with(column, _ZEROS)))
    wrong = [not is_resident_number(number) for number in column.take(pa.array(rows)).to_pylist()]
    return rows[np.array(wrong, np.bool_)]


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
