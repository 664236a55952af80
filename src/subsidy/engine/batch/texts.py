"""Texts of all rows, put together once: to take from one array is faster than from many, and the copy costs little."""

from __future__ import annotations

from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import Array

__all__ = ["Texts"]


def _addresses(piece: pa.Array) -> list[int | None]:
    return [None if buffer is None else buffer.address for buffer in piece.buffers()]


class Texts:
    """A column of texts.

    Parameters
    ----------
    pieces : list of pa.Array
        Of type string or large_string, one after the other.
    """

    def __init__(self, pieces: list[pa.Array]) -> None:
        self._pieces = pieces

    @cached_property
    def all(self) -> pa.Array:
        """The texts of all rows; no copy where the pieces still lie side by side, as most that were given do."""
        first = self._pieces[0]
        at, buffers = first.offset, _addresses(first)
        for piece in self._pieces:
            if piece.type != first.type or piece.offset != at or _addresses(piece) != buffers:
                return pa.concat_arrays([piece.cast(pa.large_string()) for piece in self._pieces])
            at += len(piece)
        whole = pa.Array.from_buffers(first.type, at - first.offset, first.buffers(), offset=first.offset)
        return whole.cast(pa.large_string())

    def take(self, rows: Array) -> pa.Array:
        """Give the texts of some rows, in their order."""
        return self.all.take(pa.array(rows))

    def by_name(self, groups: Array, rows: Array) -> Array:
        """Give the order of rows by group and text, by code point."""
        table = pa.table({"group": groups, "name": self.take(rows)})
        return pc.sort_indices(table, sort_keys=[("group", "ascending"), ("name", "ascending")]).to_numpy()
