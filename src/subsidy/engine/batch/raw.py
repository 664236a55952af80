"""Arrow arrays as the memory that they are, for the loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array

__all__ = ["RawTexts", "raw_bits", "raw_texts"]

_WORD = 8
_NO_BYTES = np.zeros(0, np.uint8)
_NO_BYTES.flags.writeable = False
_NO_WORDS = np.zeros(0, "<u8")
_NO_WORDS.flags.writeable = False


class RawTexts(NamedTuple):
    """The texts of an array: where each starts, their bytes by eight and one by one, and which aren't null.

    All are of one type, and nobody may write to them: for each other type the loops would be compiled anew.
    """

    offsets: Array
    words: Array
    data: Array
    bits: Array
    first_bit: int


def _memory(buffer: pa.Buffer, kind: type[np.generic], count: int = -1, first: int = 0) -> Array:
    found = np.frombuffer(buffer, kind, count, first * np.dtype(kind).itemsize)
    found.flags.writeable = False
    return found


def raw_bits(array: pa.Array) -> tuple[Array, int]:
    """Give the bits that say which values aren't null, and the place of the first; no bits where none is."""
    return (_memory(array.buffers()[0], np.uint8), array.offset) if array.null_count else (_NO_BYTES, 0)


def raw_texts(array: pa.Array) -> RawTexts:
    """Give the memory of an array of type string or large_string that isn't empty."""
    _, offsets, data = array.buffers()
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    starts = _memory(offsets, width, len(array) + 1, array.offset)
    if width is np.int32:
        starts = starts.astype(np.int64)
        starts.flags.writeable = False
    size = data.size if data is not None else 0
    octets = _memory(data, np.uint8) if size else _NO_BYTES
    words = np.ndarray((size - _WORD + 1,), "<u8", octets, 0, (1,)) if size > _WORD else _NO_WORDS
    return RawTexts(starts, words, octets, *raw_bits(array))
