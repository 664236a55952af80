"""Texts of an Arrow array as the bytes they are: eight at a time, without making a Python text of any.

Where all texts of a batch have one length, as ids mostly have, their words are read by a stride; else word by word
from where each text starts.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array

__all__ = ["Spans"]

_WORD = 8
_LONGEST = 64
# The first n bytes of a word as they lie in memory, n from 0 to 8.
_FIRST_BYTES = np.array([(1 << (8 * count)) - 1 for count in range(_WORD)] + [2**64 - 1], dtype=np.uint64)
# Odd, so that multiplying loses nothing; any would do, for texts are compared where two hashes are equal.
_ODD = np.random.default_rng(20230817).integers(0, 2**63, _LONGEST // _WORD + 1).astype(np.uint64) * np.uint64(
    2
) + np.uint64(1)
_SHIFT = np.uint64(32)


class Spans:
    """Where each text of an array lies in memory.

    Parameters
    ----------
    array : pa.Array
        Of type string or large_string.
    """

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        self.rows = len(array)
        width = np.int64 if pa.types.is_large_string(array.type) else np.int32
        _, offsets, data = array.buffers()
        if not self.rows:  # may have no buffers at all
            offsets, data = pa.py_buffer(bytes(8 * (array.offset + 1))), None
        found = np.frombuffer(offsets, dtype=width, count=self.rows + 1, offset=array.offset * np.dtype(width).itemsize)
        self.filled: Array | None = None
        """Where all texts have one length or none: the rows that have one; None: all rows."""
        self._first, self._last = int(found[0]), int(found[-1])
        self._data = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, np.uint8)
        self._offsets = found
        self.lengths = np.diff(found)
        self.length = self._common_length(self.lengths)
        if array.null_count:
            self.lengths = np.where(array.is_valid().to_numpy(zero_copy_only=False), self.lengths, 0)

    def _common_length(self, lengths: Array) -> int | None:
        """Give the length of all texts but the empty ones where they have one; then they lie side by side.

        Also of what lies under nulls: it may be anything, and nobody asks for it.
        """
        if not self.rows:
            return None
        length = int(lengths.max())
        total = self._last - self._first
        if total == self.rows * length:  # none is longer, so none is shorter
            return length
        filled = np.flatnonzero(lengths)
        if total == len(filled) * length:
            self.filled = filled
            return length
        return None

    @property
    def bytes(self) -> Array:
        """All bytes of all texts, one after the other."""
        return self._data[self._first : self._last]

    def of_one_length(self, rows: Array) -> Array:
        """Give the bytes of some texts, none of them empty, where all have one length; equal where the texts are.

        To take each at once costs half of what its words cost: the memory is the far one.
        """
        if self.length is None:
            raise ValueError("texts of several lengths")
        count = self.rows if self.filled is None else len(self.filled)
        texts = np.ndarray((count,), f"S{self.length}", self.bytes.data)
        return texts.take(rows if self.filled is None else self.starts.take(rows) // self.length)

    def with_bytes(self, data: Array) -> pa.Array:
        """Give texts of the same lengths of other bytes."""
        offsets = (self._offsets - self._offsets[0]).astype(np.int64)
        valid = None
        if self.array.null_count:
            valid = pa.py_buffer(np.packbits(self.array.is_valid().to_numpy(zero_copy_only=False), bitorder="little"))
        return pa.Array.from_buffers(pa.large_string(), self.rows, [valid, pa.py_buffer(offsets), pa.py_buffer(data)])

    @cached_property
    def starts(self) -> Array:
        """Where each text starts among `bytes`."""
        return (self._offsets[:-1] - self._offsets[0]).astype(np.int64)

    @cached_property
    def _padded(self) -> Array:
        """The bytes with room behind, so that a whole word can be read where only a part is left."""
        if self._last + _WORD <= len(self._data):
            return self._data[self._first : self._last + _WORD]
        return np.concatenate([self.bytes, np.zeros(_WORD, np.uint8)])

    def word(self, place: int, rows: Array | None = None) -> Array:
        """Give the eight bytes from a place on of each text, or of the texts of some rows; none may be shorter.

        Where texts have one length or none, and no rows are asked for: of the texts that have one.
        """
        if self.length is not None and rows is None:
            count = self.rows if self.filled is None else len(self.filled)
            return np.ndarray((count,), "<u8", self._padded.data, place, (self.length,)).copy()
        anywhere = np.ndarray((len(self._padded) - _WORD + 1,), "<u8", self._padded.data, 0, (1,))
        starts = self.starts if rows is None else self.starts[rows]
        return np.asarray(anywhere[starts + place])

    def hashes(self) -> Array:
        """Give 64 bits for each text: equal texts have equal ones, and unequal texts almost never."""
        mixed = self._of_any_length() if self.length is None else self._of_one_length(self.length)
        mixed ^= mixed >> _SHIFT
        mixed *= _ODD[0]
        for row in np.flatnonzero(self.lengths > _LONGEST).tolist():
            text = self.bytes[self.starts[row] : self.starts[row] + self.lengths[row]].tobytes()
            mixed[row] = int.from_bytes(blake2b(text, digest_size=_WORD).digest(), "little")
        return mixed

    def _of_one_length(self, length: int) -> Array:
        words, rest = divmod(min(length, _LONGEST), _WORD)
        mixed = np.full(self.rows if self.filled is None else len(self.filled), _product(length), np.uint64)
        for number in range(words):
            mixed += self.word(number * _WORD) * _ODD[number + 1]
        if rest:
            mixed += (self.word(words * _WORD) & _FIRST_BYTES[rest]) * _ODD[words + 1]
        if self.filled is None:
            return mixed
        whole = np.zeros(self.rows, np.uint64)
        whole[self.filled] = mixed
        return whole

    def _of_any_length(self) -> Array:
        mixed = self.lengths.astype(np.uint64) * _ODD[0]
        longest = min(int(self.lengths.max(initial=0)), _LONGEST)
        for number in range(-(-longest // _WORD)):
            left = np.clip(self.lengths - number * _WORD, 0, _WORD)
            rows = np.flatnonzero(left)
            whole = len(rows) == self.rows
            word = self.word(number * _WORD, None if whole else rows)
            part = (word & _FIRST_BYTES[left if whole else left[rows]]) * _ODD[number + 1]
            if whole:
                mixed += part
            else:
                mixed[rows] += part
        return mixed


def _product(length: int) -> int:
    return (length * int(_ODD[0])) & (2**64 - 1)
