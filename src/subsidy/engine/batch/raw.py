"""Arrow arrays as the memory that they are, for the loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array

__all__ = ["RawTexts", "raw_bits", "raw_texts"]

_WORD = 8
_NO_BYTES = np.zeros(0, np.uint8)


class RawTexts(NamedTuple):
    """The texts of an array: where each starts, their bytes by eight and one by one, and which aren't null."""

    offsets: Array
    words: Array
    data: Array
    bits: Array
    first_bit: int


def raw_bits(array: pa.Array) -> tuple[Array, int]:
    """Give the bits that say which values aren't null, and the place of the first; no bits where none is."""
    if not array.null_count:
        return _NO_BYTES, 0
    return np.frombuffer(array.buffers()[0], np.uint8), array.offset


def raw_texts(array: pa.Array) -> RawTexts:
    """Give the memory of an array of type string or large_string that isn't empty."""
    width = np.dtype(np.int64 if pa.types.is_large_string(array.type) else np.int32)
    _, offsets, data = array.buffers()
    found = np.frombuffer(offsets, width, len(array) + 1, array.offset * width.itemsize)
    size = data.size if data is not None else 0
    octets = np.frombuffer(data, np.uint8) if size else _NO_BYTES
    words = np.ndarray((max(0, size - _WORD + 1),), "<u8", octets, 0, (1,)) if size >= _WORD else np.zeros(0, "<u8")
    return RawTexts(found, words, octets, *raw_bits(array))
