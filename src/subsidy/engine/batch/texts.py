"""Texts of all rows, kept batch by batch as they were read; taken batch by batch too, since that stays in the cache."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import Array

__all__ = ["Texts"]


class Texts:
    """A column of texts.

    Parameters
    ----------
    pieces : list of pa.Array
        Of type string or large_string, one after the other.
    """

    def __init__(self, pieces: list[pa.Array]) -> None:
        self._pieces = pieces
        self._starts = np.cumsum([0, *(len(piece) for piece in pieces)])

    def all(self, start: int) -> pa.ChunkedArray:
        """Give all texts from a row on."""
        kinds = {piece.type for piece in self._pieces}
        kind = kinds.pop() if len(kinds) == 1 else pa.large_string()
        return pa.chunked_array([piece.cast(kind) for piece in self._pieces], type=kind).slice(start)

    def take(self, rows: Array) -> pa.Array:
        """Give the texts of some rows, in their order."""
        if not len(rows):
            return pa.array([], pa.large_string())
        numbers = (np.searchsorted(self._starts, rows, side="right") - 1).astype(np.uint16)
        order = np.argsort(numbers, kind="stable")
        borders = np.searchsorted(numbers.take(order), np.arange(len(self._pieces) + 1))
        sorted_rows = rows.take(order)
        found = [
            piece.take(pa.array(sorted_rows[borders[number] : borders[number + 1]] - self._starts[number]))
            for number, piece in enumerate(self._pieces)
            if borders[number] < borders[number + 1]
        ]
        back = np.empty(len(rows), np.int64)
        back[order] = np.arange(len(rows))
        return pa.concat_arrays([text.cast(pa.large_string()) for text in found]).take(pa.array(back))

    def by_name(self, groups: Array, rows: Array) -> Array:
        """Give the order of rows by group and text, by code point."""
        table = pa.table({"group": groups, "name": self.take(rows)})
        return pc.sort_indices(table, sort_keys=[("group", "ascending"), ("name", "ascending")]).to_numpy()
