"""Texts of which few differ, and the number that each means: looked up by a loop, read once by a reader."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.objects import python_values
from subsidy.engine.batch.raw import raw_texts

__all__ = ["KnownTexts"]

_LONGEST = 24
_MOST = 1 << 12
"""Known texts: enough for codes, names and levels, and few enough to stay in the processor's memory."""


class KnownTexts:
    """The texts of a column that were read already; several threads may share them.

    Parameters
    ----------
    read : callable
        Gives the number of a text.
    """

    def __init__(self, read: Callable[[object], int]) -> None:
        from subsidy.engine.batch.loops.texts import Table

        self._read = read
        self._texts: dict[str, int] = {}
        self._lock = Lock()
        ends = np.clip(np.arange(_LONGEST + 1)[:, None] - np.arange(0, _LONGEST, 8), 0, 8).astype(np.uint64)
        masks = np.where(ends == 8, np.uint64(2**64 - 1), (np.uint64(1) << (ends % 8 * 8)) - np.uint64(1))
        factors = np.random.default_rng(20230817).integers(0, 2**63, 3).astype(np.uint64) * np.uint64(2) + np.uint64(1)
        slots, lengths, texts = _slots([], factors)
        self._table = Table(slots, lengths, texts, np.empty(0, np.int64), factors, masks)

    def numbers(self, values: pa.Array, dtype: type[np.generic]) -> Array:
        """Give the number of each text of an array of type string or large_string."""
        from subsidy.engine.batch.loops.texts import known_numbers

        found = np.empty(len(values), np.int64)
        missed = np.empty(len(values), np.int64)
        if len(values):
            count = known_numbers(*raw_texts(values), self._table, found, missed)
            if count:
                self._find(values, missed[:count], found)
        return found.astype(dtype, copy=False)

    def _find(self, values: pa.Array, rows: Array, found: Array) -> None:
        """Read the texts that aren't known yet, each once."""
        encoded = values.take(pa.array(rows)).dictionary_encode()
        # What isn't UTF-8 has a text in its place that is longer than those that are kept.
        texts = [str(text) for text in python_values(encoded.dictionary)]
        numbers = np.array([self._read(text) for text in texts], found.dtype)
        found[rows] = numbers.take(encoded.indices.to_numpy(zero_copy_only=False))
        with self._lock:
            short = {text: number for text, number in zip(texts, numbers.tolist(), strict=True) if _fits(text)}
            if len(self._texts) < _MOST and not short.keys() <= self._texts.keys():
                self._texts |= short
                slots = _slots([text.encode() for text in self._texts], self._table.factors)
                known = np.array(list(self._texts.values()), np.int64)
                self._table = self._table._replace(slots=slots[0], lengths=slots[1], texts=slots[2], numbers=known)


def _fits(text: str) -> bool:
    return len(text.encode()) <= _LONGEST


def _slots(known: list[bytes], factors: Array) -> tuple[Array, Array, Array]:
    """Make a hash table of which at most an eighth is filled: its places, and length and words of each text."""
    from subsidy.engine.batch.loops.texts import place_of

    size = 1 << max(4, (8 * len(known)).bit_length())
    slots = np.full(size, -1, np.int32)
    texts = np.zeros((len(known), _LONGEST // 8), np.uint64)
    for number, octets in enumerate(known):
        texts[number] = np.frombuffer(octets.ljust(_LONGEST, b"\0"), "<u8")
        place = int(place_of(texts[number], np.uint64(len(octets)), factors, np.uint64(size - 1)))
        while slots[place] >= 0:
            place = (place + 1) % size
        slots[place] = number
    return slots, np.array([len(octets) for octets in known], np.int64), texts
