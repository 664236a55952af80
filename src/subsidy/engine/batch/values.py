"""Columns of few distinct values: each value is read once, by the reader that a single claim is read by."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import BAD, EMPTY, Array
from subsidy.engine.batch.known import KnownTexts
from subsidy.engine.batch.objects import python_values
from subsidy.engine.batch.raw import raw_bits
from subsidy.model.text import is_empty

__all__ = ["Reader", "days", "numbered", "whole_numbers"]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY: Final = date.min.toordinal() - _EPOCH
_LAST_DAY: Final = date.max.toordinal() - _EPOCH
_UNITS = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_LARGEST: Final = 10**15


class Reader:
    """Turns the values of a column into numbers and remembers each; several threads may share one.

    Parameters
    ----------
    read : callable
        Gives the number from 0 for a value, and raises ValueError where it can't be read.
    loops : bool
        Look up texts and days by compiled loops.
    """

    def __init__(self, read: Callable[[object], int], *, loops: bool = False) -> None:
        self._read = read
        self.loops = loops
        self.known = KnownTexts(self) if loops else None
        self._known: dict[tuple[type, Hashable], int] = {}

    def __call__(self, value: object) -> int:
        """Give the number, `EMPTY` or `BAD`."""
        if getattr(value, "tzinfo", None) is not None:  # equal moments of two zones can be two days
            return self._asked(value)
        try:
            key = (type(value), value)
            found = self._known.get(key)
        except TypeError:  # a list, say
            return self._asked(value)
        if found is None:
            found = self._known[key] = self._asked(value)
        return found

    def _asked(self, value: object) -> int:
        if is_empty(value):
            return EMPTY
        try:
            return self._read(value)
        except ValueError:
            return BAD


def numbered(values: pa.Array | Array, reader: Reader, dtype: type[np.generic]) -> Array:
    """Give the number of each value."""
    if isinstance(values, np.ndarray):
        return np.fromiter((reader(value) for value in values.tolist()), dtype, len(values))
    if pa.types.is_null(values.type):
        return np.full(len(values), EMPTY, dtype)
    if pa.types.is_boolean(values.type) and len(values):
        known = np.array([reader(False), reader(True), EMPTY], dtype)
        if reader.loops:
            from subsidy.engine.batch.loops.columns import number_booleans

            found = np.empty(len(values), dtype)
            number_booleans(
                np.frombuffer(values.buffers()[1], np.uint8), values.offset, *raw_bits(values), known, found
            )
            return found
        return known.take(pc.fill_null(values.cast(pa.int8()), 2).to_numpy(zero_copy_only=False))
    if reader.known is not None and (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return reader.known.numbers(values, dtype)
    try:
        encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # nested values
        return np.fromiter((reader(value) for value in python_values(values)), dtype, len(values))
    known = np.array([*(reader(value) for value in python_values(encoded.dictionary)), EMPTY], dtype)
    return known.take(_places(encoded.indices, len(known) - 1))


def _places(indices: pa.Array, empty: int) -> Array:
    """Give places as numpy takes them, that of the empty value for nulls."""
    if not indices.null_count:
        return indices.to_numpy(zero_copy_only=False)
    found = indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    found[~_is_valid(indices)] = empty
    return found


def _is_valid(array: pa.Array) -> Array:
    """Say which values aren't null, from the bits that an array with nulls has."""
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    first, shift = divmod(array.offset, 8)
    return np.unpackbits(bits[first:], bitorder="little", count=shift + len(array))[shift:].view(np.bool_)


def _raw(array: pa.Array, dtype: type[np.generic]) -> Array:
    """Give the values of an array as they lie in memory; under nulls they mean nothing."""
    size = np.dtype(dtype).itemsize
    return np.frombuffer(array.buffers()[1], dtype, len(array), array.offset * size)


def days(values: pa.Array | Array, reader: Reader) -> Array:
    """Give days as their ordinals; a time of day is cut off, also from texts."""
    if isinstance(values, np.ndarray) or values.null_count == len(values):
        return numbered(values, reader, np.int32)
    kind = values.type
    if reader.loops and pa.types.is_timestamp(kind) and kind.tz is None:
        from subsidy.engine.batch.loops.columns import ordinals_of

        found = np.empty(len(values), np.int32)
        ordinals_of(_raw(values, np.int64), *raw_bits(values), _UNITS[kind.unit], _EPOCH, _FIRST_DAY, _LAST_DAY, found)
        return found
    if pa.types.is_date32(kind):
        since = _raw(values, np.int32).astype(np.int64)
    elif pa.types.is_timestamp(kind) and kind.tz is None:
        since = _raw(values, np.int64) // _UNITS[kind.unit]
    else:
        return numbered(values, reader, np.int32)
    least, most = since.min(), since.max()
    outside = None
    if least < _FIRST_DAY or most > _LAST_DAY:  # under a null lies anything
        outside = (since < _FIRST_DAY) | (since > _LAST_DAY)
        since[outside] = 0
    ordinals = since.astype(np.int32)
    ordinals += np.int32(_EPOCH)
    if outside is not None:
        ordinals[outside] = BAD
    if values.null_count:
        ordinals[~_is_valid(values)] = EMPTY
    return ordinals


def whole_numbers(values: pa.Array | Array, reader: Reader) -> Array:
    """Give whole numbers from 0."""
    if isinstance(values, np.ndarray) or values.null_count == len(values):
        return numbered(values, reader, np.int64)
    kind = values.type
    if pa.types.is_signed_integer(kind) or pa.types.is_float64(kind):
        given = _raw(values, np.float64) if pa.types.is_float64(kind) else _raw(pc.cast(values, pa.int64()), np.int64)
        bad = ~((given >= 0) & (given < _LARGEST) & (given == np.floor(given)))
        empty = np.isnan(given)
        if values.null_count:
            empty |= ~_is_valid(values)
        with np.errstate(invalid="ignore"):
            found = given.astype(np.int64)
        found[bad] = BAD
        found[empty] = EMPTY
        return found
    return numbered(values, reader, np.int64)
