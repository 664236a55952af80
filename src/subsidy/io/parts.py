"""The rows of a file on disk, in parts: all rows of a person in one part, and each with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.ids import normal_ids
from subsidy.engine.batch.objects import python_values
from subsidy.engine.batch.sources import Column, one_column, source_of_table
from subsidy.engine.batch.spans import Spans
from subsidy.io.source import Source
from subsidy.io.spool import Spool, spread
from subsidy.model.claim import read_id, read_person_id
from subsidy.model.text import is_empty
from subsidy.policy.policy import Policy

__all__ = ["ROW", "Parts", "Seen", "hashes_of", "ids_of", "number_of", "plain", "plain_schema", "put_by_hash"]

ROW = "\0row"
"""The column that says which row of the file it is, from 0; no heading of a file is this."""

Seen = Callable[[int], None]
"""Is told how many rows are done."""

_GROUP = 1 << 19
_GROUP_BYTES = 1 << 28
_IDS = pa.schema([("id", pa.uint64()), (ROW, pa.int64())])


class Parts:
    """A file of claims, its rows by part.

    Parameters
    ----------
    source : Source
        The file.
    policy : Policy
        Says which columns are read.
    count : int
        How many parts.
    folder : Path
        Where the disk has room.
    workers : int
        Threads.

    Attributes
    ----------
    tables : Spool
        By part: our columns, and behind them `ROW`.
    ids : Spool
        By upper bits of the hash of the normalised claim id: the hash and the row; rows without an id aren't there.
    rows : int
        How many rows there are, once they were read.
    """

    def __init__(
        self, source: Source, policy: Policy, *, count: int, folder: Path, workers: int, stack: ExitStack
    ) -> None:
        self._source, self._policy, self._workers = source, policy, workers
        self.count, self.rows = count, 0
        self._numbers: list[Array] = [np.empty(0, np.uint8)]
        self.schema = plain_schema(source.schema)
        self.tables = stack.enter_context(Spool(folder, self.schema.append(pa.field(ROW, pa.int64()))))
        self.ids = stack.enter_context(Spool(folder, _IDS, compressed=False))

    def read(self, seen: Seen, each: Callable[[pa.Table, int], None] | None = None) -> None:
        """Read the file once; ``each`` is shown the rows too, and where they begin."""
        for table in self._groups():
            if each is not None:
                each(table, self.rows)
            self._add(table)
            self.rows += table.num_rows
            seen(self.rows)

    def _groups(self) -> Iterator[pa.Table]:
        """Give the rows in tables of about half a million rows, their columns in one piece."""
        waiting: list[pa.RecordBatch] = []
        rows = size = 0
        for batch in self._source.batches():
            waiting.append(plain(batch, self.schema))
            rows += len(batch)
            size += waiting[-1].nbytes
            if rows >= _GROUP or size >= _GROUP_BYTES:
                yield pa.Table.from_batches(waiting, self.schema).combine_chunks()
                waiting, rows, size = [], 0, 0
        if waiting:
            yield pa.Table.from_batches(waiting, self.schema).combine_chunks()

    def _add(self, table: pa.Table) -> None:
        rows = np.arange(self.rows, self.rows + table.num_rows)
        source = source_of_table(self._policy, table)
        persons = hashes_of(ids_of(source.fields["person_id"], table.num_rows, read_person_id))
        # Who has no number that can be read has no history: such rows go anywhere.
        persons = np.where(persons == 0, rows.astype(np.uint64) << np.uint64(44), persons)
        numbered = table.append_column(pa.field(ROW, pa.int64()), pa.array(rows))
        numbers = number_of(persons, self.count)
        self._numbers.append(numbers.astype(np.min_scalar_type(self.count)))
        spread(self.tables, numbered, numbers, self.count, self._workers)
        names = hashes_of(ids_of(source.fields["claim_id"], table.num_rows, read_id))
        put_by_hash(self.ids, [names, rows], names != 0, self.count, self._workers)

    def part_of(self) -> Array:
        """Say of each row which part it is in."""
        return np.concatenate(self._numbers)

    def part(self, number: int) -> tuple[pa.Table, Array]:
        """Give the rows of a part in their order, and which they are."""
        table = self.tables.get(number)
        return table.select(self.schema.names), table.column(ROW).to_numpy()


def number_of(hashes: Array, count: int) -> Array:
    """Give each hash a number below a count, by its upper bits.

    Examples
    --------
    >>> number_of(np.array([0, 2**63, 2**64 - 1], np.uint64), 10).tolist()
    [0, 5, 9]
    """
    return (((hashes >> np.uint64(40)) * np.uint64(count)) >> np.uint64(24)).astype(np.int64)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Give a schema without dictionaries: a part would hold that of the whole file again and again."""
    return pa.schema(
        [(field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type) for field in schema]
    )


def plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Give rows without dictionaries, by a schema that `plain_schema` gave."""
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in batch.columns
    ]
    return pa.record_batch(columns, schema=schema)


def ids_of(columns: tuple[Column, ...], rows: int, read: Callable[[object], str]) -> pa.Array:
    """Give the ids of a table as the engine compares them, null where there is none that can be read."""
    values = one_column(columns, 0, rows)
    if isinstance(values, pa.Array) and (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return normal_ids(values)
    listed = python_values(values) if isinstance(values, pa.Array) else values.tolist()
    return pa.array([_read(value, read) for value in listed], pa.large_string())


def _read(value: object, read: Callable[[object], str]) -> str | None:
    try:
        return None if is_empty(value) else read(value)
    except ValueError:
        return None


def hashes_of(texts: pa.Array) -> Array:
    """Give a hash of each text, 0 where there is none and never else."""
    hashes = Spans(texts).hashes() | np.uint64(1)
    if texts.null_count:
        hashes[pc.is_null(texts).to_numpy(zero_copy_only=False)] = 0
    return hashes


def put_by_hash(spool: Spool, columns: Sequence[Array], which: Array, count: int, workers: int) -> None:
    """Keep some rows of numbers by the upper bits of the first column."""
    kept = list(columns) if which.all() else [column[which] for column in columns]
    table = pa.table([pa.array(column) for column in kept], schema=spool.schema)
    spread(spool, table, number_of(kept[0], count), count, workers)
