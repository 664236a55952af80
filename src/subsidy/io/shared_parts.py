"""Certificate numbers that several persons claim, in a file larger than memory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array
from subsidy.io.parts import ROW, Parts, hashes_of, put_by_hash
from subsidy.io.repeats import recurring, rows_with
from subsidy.io.spool import Spool
from subsidy.io.summary import Shared, normal, places
from subsidy.model.text import mask_person_id

__all__ = ["Pairs", "SharedParts"]

_FIRST = 3
_MOST_PERSONS = 3
_PAIRS = pa.schema([("certificate", pa.uint64()), ("person", pa.uint64()), (ROW, pa.int64())])
_NONE = np.empty(0, np.uint64)


class Pairs:
    """Certificates and persons of the rows of a file as they are read, on the disk.

    Parameters
    ----------
    claims : Parts
        Whose rows they are.
    fields : sequence of str
        Which column each of the table is.
    folder : Path
        Where the disk has room.
    workers : int
        Threads.
    stack : ExitStack
        At whose end the disk is given back.

    Attributes
    ----------
    spool : Spool
        By upper bits of the hash of the certificate number: it, the person's hash, and the row, where both are given.
    """

    def __init__(self, claims: Parts, fields: Sequence[str], *, folder: Path, workers: int, stack: ExitStack) -> None:
        self._columns = [places(fields, field) for field in ("certificate_no", "person_id")]
        self._count, self._workers = claims.count, workers
        self.spool = stack.enter_context(Spool(folder, _PAIRS, compressed=False))

    def see(self, table: pa.Table, start: int) -> None:
        """Keep the next rows, by the texts by which the summary tells certificates and persons apart."""
        certificates, persons = (
            np.concatenate([_NONE, *(hashes_of(normal(batch, own)) for batch in table.to_batches())])
            for own in self._columns
        )
        rows = np.arange(start, start + table.num_rows)
        both = (certificates != 0) & (persons != 0)
        put_by_hash(self.spool, [certificates, persons, rows], both, self._count, self._workers)


class _One(NamedTuple):
    """A certificate: its first row, the first row of each of its first persons, and how many persons it has."""

    first: int
    rows: tuple[int, ...]
    persons: int


class SharedParts:
    """Finds them by hashes of certificates and persons, and takes the texts of the first from the parts.

    Parameters
    ----------
    claims : Parts
        All rows.
    pairs : Pairs
        Of all of them.
    fields : sequence of str
        Which column each of the table is.

    Attributes
    ----------
    count : int
        How many there are.
    """

    def __init__(self, claims: Parts, pairs: Pairs, fields: Sequence[str]) -> None:
        self._numbers, self._persons = places(fields, "certificate_no"), places(fields, "person_id")
        self.count = 0
        found: list[_One] = []
        for number in range(claims.count):
            count, first = _of_bucket(pairs.spool.get(number))
            self.count += count
            found = sorted([*found, *first])[:_FIRST]
        self._found = found
        self._wanted = np.array(sorted(row for one in found for row in one.rows), np.int64)
        self._texts: dict[int, tuple[str, str]] = {}

    def see(self, table: pa.Table, rows: Array) -> None:
        """Take what is needed from the rows of a part."""
        own = np.isin(rows, self._wanted)
        if own.any():
            for batch in table.filter(pa.array(own)).combine_chunks().to_batches():
                numbers, persons = (normal(batch, which).to_pylist() for which in (self._numbers, self._persons))
                self._texts |= zip(rows[own].tolist(), zip(numbers, persons, strict=True), strict=True)

    def first(self) -> tuple[Shared, ...]:
        """Give the first of them, once all parts were seen."""
        return tuple(
            Shared(
                self._texts[one.first][0], tuple(mask_person_id(self._texts[row][1]) for row in one.rows), one.persons
            )
            for one in self._found
        )


def _of_bucket(table: pa.Table) -> tuple[int, list[_One]]:
    """Give how many certificates of a bucket several persons have, and the first of them."""
    numbers, persons, rows = (table.column(name).to_numpy() for name in ("certificate", "person", ROW))
    some = rows_with(numbers, recurring(numbers))
    some = some[np.argsort(numbers[some], kind="stable")]
    if not len(some):
        return 0, []
    number, person = numbers[some], persons[some]
    starts = np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1]]))
    ends = np.append(starts[1:], len(some))
    differs = np.logical_or.reduceat(person != np.repeat(person[starts], ends - starts), starts)
    mixed = np.flatnonzero(differs)
    first = mixed[np.argsort(rows[some[starts[mixed]]], kind="stable")][:_FIRST]
    return len(mixed), [_one(person[starts[at] : ends[at]], rows[some[starts[at] : ends[at]]]) for at in first]


def _one(persons: Array, rows: Array) -> _One:
    _, places_of_persons = np.unique(persons, return_index=True)
    firsts = np.sort(places_of_persons)
    return _One(int(rows[0]), tuple(rows[firsts[:_MOST_PERSONS]].tolist()), len(firsts))
