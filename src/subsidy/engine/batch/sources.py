"""The columns of a table or frame that a claim has, found by their headings, as Arrow arrays or as they are.

A column whose values are all texts, numbers, days or booleans is read as an Arrow array; one that mixes them is kept
as Python objects, since to make one kind of them would change what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, TypeAlias, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.batch.arrays import Array, in_threads, threads_for
from subsidy.engine.batch.objects import python_value, python_values
from subsidy.engine.records import FIELDS, HEADINGS
from subsidy.model.claim import REQUIRED_FIELDS
from subsidy.model.errors import InputError
from subsidy.model.text import compact, is_empty, nearest, shown
from subsidy.policy.policy import Policy

__all__ = ["Column", "Source", "column_of", "one_column", "source_of_frame", "source_of_table"]

_KINDS = {"string": pa.large_string(), "empty": pa.large_string(), "date": pa.date32()}

Column: TypeAlias = "pa.ChunkedArray | Array"
"""An Arrow column, or an array of Python objects."""


class Source(NamedTuple):
    """The columns of a table of claims: by field and by condition id, of several for one the best first."""

    rows: int
    fields: Mapping[str, tuple[Column, ...]]
    conditions: Mapping[str, tuple[Column, ...]]
    whole: Mapping[str, Column]

    def record(self, row: int) -> dict[str, object]:
        """Give one row by its own headings, as `subsidy.assess` takes it."""
        return {heading: _value(column, row) for heading, column in self.whole.items()}

    def records(self, rows: Array) -> list[dict[str, object]]:
        """Give some rows so."""
        taken = [_values(column, rows) for column in self.whole.values()]
        return [dict(zip(self.whole, values, strict=True)) for values in zip(*taken, strict=True)]

    def texts(self, rows: Array) -> list[pa.Array]:
        """Give the columns of some rows as plain texts in UTF-8, by heading; what is empty is an empty text."""
        return [_texts(self.whole[heading], rows) for heading in sorted(self.whole)]


def _texts(column: Column, rows: Array) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        with suppress(pa.ArrowException):  # views of texts can't be taken, and lists be no texts
            some = column.take(pa.array(rows)).combine_chunks().cast(pa.large_string())
            return some.cast(pa.large_binary()).fill_null(b"")
    # Texts of Python may hold halves of characters that UTF-8 has no form for.
    plain = ("" if is_empty(value) else str(value) for value in _values(column, rows))
    return pa.array([text.encode("utf-8", "surrogatepass") for text in plain], pa.large_binary())


def _values(column: Column, rows: Array) -> list[object]:
    if not isinstance(column, pa.ChunkedArray):
        return cast("list[object]", column[rows].tolist())
    if column.num_chunks == 1:  # else all chunks would be joined first
        with suppress(pa.ArrowException):  # views of texts can't be taken
            return python_values(column.chunk(0).take(pa.array(rows)))
    return [python_value(column[row]) for row in rows.tolist()]


def _value(column: Column, row: int) -> object:
    return python_value(column[row]) if isinstance(column, pa.ChunkedArray) else cast("object", column[row])


def _found(policy: Policy, what: str, rows: int, whole: Mapping[str, Column]) -> Source:
    """Match headings to fields; extra columns are left alone."""
    by_heading: dict[str, str] = {}
    for heading in whole:
        by_heading.setdefault(compact(heading), heading)

    def own(*headings: str) -> tuple[Column, ...]:
        found = [by_heading[compact(heading)] for heading in headings if compact(heading) in by_heading]
        return tuple(whole[heading] for heading in dict.fromkeys(found))

    fields = {field: own(field, *HEADINGS[field]) for field in FIELDS}
    missing = [field for field in REQUIRED_FIELDS if not fields[field]]
    if missing:
        raise InputError(what, _headings(whole), f"{', '.join(missing)} too{_hint(missing, whole)}")
    conditions = {condition: own(condition) for condition in policy.vocabulary.conditions}
    return Source(rows, fields, conditions, whole)


def _headings(whole: Mapping[str, Column]) -> str:
    first = [shown(heading) for heading in list(whole)[:20]]
    return f"the columns {', '.join(first)}{' ...' if len(whole) > len(first) else ''}" if first else "no columns"


def _hint(missing: Sequence[str], whole: Mapping[str, Column]) -> str:
    names = {compact(heading): heading for heading in whole}
    near = [
        f"{field} by {shown(names[found])}"
        for field in missing
        for wanted in (field, *HEADINGS[field])
        if (found := nearest(compact(wanted), names)) is not None
    ]
    return f"; did you mean {', '.join(dict.fromkeys(near))}?" if near else ""


def source_of_table(policy: Policy, table: pa.Table, what: str = "claims") -> Source:
    """Find a claim's columns in an Arrow table."""
    ours = _ours(policy, table.column_names)
    whole = _unlike(what, [table.column_names[place] for place in ours], [table.column(place) for place in ours])
    return _found(policy, what, table.num_rows, whole)


def source_of_frame(policy: Policy, frame: pd.DataFrame, what: str = "claims", *, workers: int | None = 1) -> Source:
    """Find a claim's columns in a pandas frame; only those are converted.

    Raises
    ------
    InputError
        If a required column is missing, or two columns have one heading.
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError(what, type(frame).__name__, "a pandas DataFrame")
    names = [str(heading) for heading in frame.columns]
    ours = _ours(policy, names)
    columns = in_threads(lambda place: column_of(frame.iloc[:, place]), ours, threads_for(len(frame), workers))
    return _found(policy, what, len(frame), _unlike(what, [names[place] for place in ours], columns))


def _ours(policy: Policy, names: Sequence[str]) -> list[int]:
    """Give the places of the columns that a claim may have; of all where a required one is missing, to name them."""
    wanted = {compact(heading) for field in FIELDS for heading in (field, *HEADINGS[field])}
    wanted |= {compact(condition) for condition in policy.vocabulary.conditions}
    ours = [place for place, name in enumerate(names) if compact(name) in wanted]
    found = {compact(names[place]) for place in ours}
    complete = all(found.intersection(map(compact, (field, *HEADINGS[field]))) for field in REQUIRED_FIELDS)
    return ours if complete else list(range(len(names)))


def _unlike(what: str, names: Sequence[str], columns: Sequence[Column]) -> dict[str, Column]:
    """Give columns by heading; two of one heading can't be told apart."""
    by_name: dict[str, Column] = {}
    seen: dict[str, str] = {}
    for name, column in zip(names, columns, strict=True):
        first = seen.setdefault(compact(name), name)
        if first != name or name in by_name:
            raise InputError(what, f"the columns {shown(first)} and {shown(name)}", "each heading once")
        by_name[name] = column
    return by_name


def column_of(series: pd.Series) -> Column:
    """Convert a column where that keeps every value what it is."""
    if series.dtype == object:
        kind = pd.api.types.infer_dtype(series, skipna=True)
        if kind not in _KINDS:
            return series.to_numpy(dtype=object)
        wanted = _KINDS[kind]
    else:
        wanted = None
    try:
        made = pa.array(series, type=wanted, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return series.to_numpy(dtype=object)
    return made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])


def one_column(columns: tuple[Column, ...], start: int, stop: int) -> pa.Array | Array:
    """Give some rows of a field's column; of several columns the first that holds a value serves, row by row."""
    parts = [_some_rows(column, start, stop) for column in columns]
    if len(parts) == 1:
        return parts[0]
    merged = np.empty(stop - start, dtype=object)
    for values in reversed([python_values(part) if isinstance(part, pa.Array) else part.tolist() for part in parts]):
        for row, value in enumerate(values):
            if not is_empty(value):
                merged[row] = value
    return merged


def _some_rows(column: Column, start: int, stop: int) -> pa.Array | Array:
    if not isinstance(column, pa.ChunkedArray):
        return column[start:stop]
    part = column.slice(start, stop - start)
    return part.chunk(0) if part.num_chunks == 1 else pa.concat_arrays(part.chunks or [pa.array([], column.type)])
