"""Rows decided in parts, put in the order of their file again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array
from subsidy.io.parts import ROW
from subsidy.io.spool import Spool

__all__ = ["Ordered", "at_least_one"]


class Ordered:
    """Rows on the disk by buckets of neighbours; in a bucket they are put in order at once.

    Parameters
    ----------
    folder : Path
        Where the disk has room.
    schema : pa.Schema
        Of the rows.
    bucket : int
        Rows of a bucket.
    stack : ExitStack
        At whose end the disk is given back.
    """

    def __init__(self, folder: Path, schema: pa.Schema, bucket: int, stack: ExitStack) -> None:
        self._bucket = bucket
        self._spool = stack.enter_context(Spool(folder, schema.append(pa.field(ROW, pa.int64()))))
        self._buckets = 0

    def put(self, table: pa.Table, rows: Array) -> None:
        """Keep rows; which of the file they are goes up."""
        found = table.append_column(ROW, pa.array(rows))
        buckets = 1 + (int(rows[-1]) // self._bucket if len(rows) else 0)
        self._buckets = max(self._buckets, buckets)
        borders = np.searchsorted(rows, np.arange(buckets + 1) * self._bucket)
        for bucket, (first, last) in enumerate(zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True)):
            if first < last:
                self._spool.put(bucket, found.slice(first, last - first))

    def tables(self, size: int) -> Iterator[pa.Table]:
        """Give all rows in order, some at a time."""
        for bucket in range(self._buckets):
            table = self._spool.get(bucket)
            if not table.num_rows:
                continue
            ordered = _in_order(table, bucket * self._bucket)
            for start in range(0, ordered.num_rows, size):
                yield ordered.slice(start, size)


def _in_order(table: pa.Table, first: int) -> pa.Table:
    """Put the rows of a bucket in order; they are all there."""
    rows = table.column(ROW).to_numpy() - first
    order = np.empty(len(rows), np.int64)
    order[rows] = np.arange(len(rows))
    return table.drop_columns([ROW]).unify_dictionaries().combine_chunks().take(pa.array(order))


def at_least_one(tables: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Give tables; of none an empty one, so that what sums them up knows their columns."""
    given = False
    for table in tables:
        given = True
        yield table
    if not given:
        yield schema.empty_table()
