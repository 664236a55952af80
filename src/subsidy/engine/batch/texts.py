"""Texts of all rows, put together once: to take from one array is faster than from many, and the copy costs little."""

from __future__ import annotations

from functools import cached_property

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

    @cached_property
    def all(self) -> pa.Array:
        """The texts of all rows."""
        return pa.concat_arrays([piece.cast(pa.large_string()) for piece in self._pieces])

    def take(self, rows: Array) -> pa.Array:
        """Give the texts of some rows, in their order."""
        return self.all.take(pa.array(rows))

    def by_name(self, groups: Array, rows: Array) -> Array:
        """Give the order of rows by group and text, by code point."""
        table = pa.table({"group": groups, "name": self.take(rows)})
        return pc.sort_indices(table, sort_keys=[("group", "ascending"), ("name", "ascending")]).to_numpy()
