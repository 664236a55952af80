"""Files larger than memory: their rows are put on disk by person, decided part by part, and put in order again.

The history of a person is the person's own, so a part that holds all rows of its persons is decided by itself. What
concerns rows of several persons is found before: claim ids and certificates that stand in several rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import NO_FAULT, Array, workers_of
from subsidy.engine.batch.decided import OUTPUT_COLUMNS
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.sources import source_of_table
from subsidy.engine.batch.table import decide_table
from subsidy.io.ordered import Ordered
from subsidy.io.parts import Parts, Seen
from subsidy.io.repeats import MOST_SHOWN, Repeats, find_repeats
from subsidy.io.shared_parts import Pairs, SharedParts
from subsidy.io.source import Source
from subsidy.io.summary import Shared
from subsidy.model.errors import HistoryError
from subsidy.policy.policy import Policy

__all__ = ["IN_MEMORY", "InParts", "Sizes", "is_large"]


class Sizes(NamedTuple):
    """From what size on a file is decided in parts, and how large they are.

    Parameters
    ----------
    most_rows : int
        Rows of claims and history that are decided in memory, about 350 bytes for each.
    most_bytes : int
        Of both files on disk, the same.
    part : int
        Rows of a part, about.
    bucket : int
        Decisions that are put in order at a time.
    """

    most_rows: int = 8_000_000
    most_bytes: int = 2 << 30
    part: int = 3 << 19
    bucket: int = 1 << 20


IN_MEMORY: Final = Sizes()


def is_large(sources: Iterable[Source | None], sizes: Sizes = IN_MEMORY) -> bool:
    """Say whether files are too large to be decided in memory; xlsx never is, for a sheet has a million rows."""
    large = [source for source in sources if source is not None and source.kind != "xlsx"]
    rows = sum(source.rows or 0 for source in large)
    size = sum(source.path.stat().st_size for source in large)
    return rows > sizes.most_rows or size > sizes.most_bytes


class InParts:
    """Claims decided in parts; to be used in a ``with`` block, at whose end nothing is left on the disk.

    Parameters
    ----------
    claims, history : Source
        As for `subsidy.io.deciding.decide_file`.
    folder : Path
        Where the disk has room for about the size of both files, unpacked.
    policy : Policy
        The texts to decide by.
    skip_bad_history : bool
        Leave out history rows that can't be used.
    workers : int, optional
        Threads.
    sizes : Sizes
        How large parts are.

    Attributes
    ----------
    rows : int
        How many claims there are, once they were read.
    skipped_history : tuple of str
        Rows of the history that were left out, once all was decided.
    shared : int
        How many certificate numbers several persons claim.
    first_shared : tuple of Shared
        The first of them.
    """

    def __init__(
        self,
        claims: Source,
        history: Source | None,
        folder: Path,
        policy: Policy,
        skip_bad_history: bool,
        workers: int | None,
        sizes: Sizes,
    ) -> None:
        self._folder, self._policy, self._skip, self._sizes = folder, policy, skip_bad_history, sizes
        self._workers = workers_of(workers)
        self._fields = tuple(claims.fields)
        self._stack = ExitStack()
        self.rows, self.shared = 0, 0
        self.skipped_history: tuple[str, ...] = ()
        self.first_shared: tuple[Shared, ...] = ()
        known = sum(source.rows or 0 for source in (claims, history) if source is not None)
        count = 1 + known // sizes.part
        try:
            self._claims = self._parts(claims, count)
            self._pairs = Pairs(self._claims, self._fields, folder=folder, workers=self._workers, stack=self._stack)
            self._history = None if history is None else self._parts(history, count)
            self._decisions = Ordered(folder, OUTPUT_COLUMNS, sizes.bucket, self._stack)
        except BaseException:
            self._stack.close()
            raise

    def _parts(self, source: Source, count: int) -> Parts:
        return Parts(source, self._policy, count=count, folder=self._folder, workers=self._workers, stack=self._stack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, seen: Seen) -> None:
        """Read both files, and put their rows on the disk.

        Raises
        ------
        FileError
            If a file can't be read to its end.
        """
        self._claims.read(seen, self._pairs.see)
        self.rows = self._claims.rows
        self._seen = _History(self._policy, self._workers)
        if self._history is not None:
            self._history.read(lambda _: None, self._seen.see)

    def decide(self, seen: Seen) -> None:
        """Decide all rows, part by part.

        Raises
        ------
        HistoryError
            If the history can't be used.
        """
        claims, history = self._claims, self._history
        unusable = self._seen.unusable
        repeats = find_repeats(
            *(claims, history, self._policy, unusable),
            folder=self._folder,
            workers=self._workers,
            together=self._sizes.part,
        )
        told = [problem for _, problem in sorted([*self._seen.problems, *repeats.problems])]
        problems = _first_of(told, int(np.count_nonzero(unusable) + np.count_nonzero(repeats.history)))
        if problems and not self._skip:
            raise HistoryError(problems)
        if repeats.both:
            raise HistoryError(_first_of(repeats.both, repeats.in_both))
        self.skipped_history = problems
        shared = SharedParts(claims, self._pairs, self._fields)
        for spool in (claims.ids, self._pairs.spool, *(() if history is None else (history.ids,))):
            spool.close()
        done = 0
        for number in range(claims.count):
            done += self._decide(number, repeats, shared)
            seen(done)
        claims.tables.close()
        self.shared, self.first_shared = shared.count, shared.first()

    def _decide(self, number: int, repeats: Repeats, shared: SharedParts) -> int:
        table, rows = self._claims.part(number)
        shared.see(table, rows)
        decided = decide_table(
            table,
            self._past(number, repeats),
            policy=self._policy,
            skip_bad_history=True,
            workers=self._workers,
            repeated=np.flatnonzero(repeats.claims[rows]),
        )
        del table
        self._decisions.put(decided.table(), rows)
        return len(rows)

    def _past(self, number: int, repeats: Repeats) -> pa.Table | None:
        if self._history is None:
            return None
        table, rows = self._history.part(number)
        repeated = repeats.history[rows]
        return table.filter(pa.array(~repeated)) if repeated.any() else table

    def tables(self, size: int) -> Iterator[pa.Table]:
        """Give the decisions in the order of the file, some rows at a time, with the columns of the engine."""
        return self._decisions.tables(size)


class _History:
    """Sees the history as it is read: which rows can't be used, and what the engine says of the first of them."""

    def __init__(self, policy: Policy, workers: int) -> None:
        self._policy, self._workers = policy, workers
        self._faulty: list[Array] = [np.empty(0, np.bool_)]
        self.problems: list[tuple[int, str]] = []

    @property
    def unusable(self) -> Array:
        """Say of each row whether it can't be used."""
        return np.concatenate(self._faulty)

    def see(self, table: pa.Table, start: int) -> None:
        """Look through the next rows."""
        source, none = source_of_table(self._policy, table), source_of_table(self._policy, table.slice(0, 0))
        gathered = Gathered(self._policy, none, source, self._workers)
        faulty = gathered.rows.fault[: gathered.past] != NO_FAULT
        self._faulty.append(faulty)
        rows = np.flatnonzero(faulty).tolist()
        if rows and len(self.problems) < MOST_SHOWN:
            told = gathered.check(gathered.names, skip=True, repeated=np.empty(0, np.int64))
            shifted = [(row + start, _shifted(one, start)) for row, one in zip(rows, told[:MOST_SHOWN], strict=False)]
            self.problems += shifted[: MOST_SHOWN - len(self.problems)]


def _shifted(problem: str, start: int) -> str:
    """Name the row of the whole history that a problem with a row of a part is about."""
    number, _, rest = problem.removeprefix("history[").partition("]")
    return f"history[{int(number) + start}]{rest}"


def _first_of(problems: list[str], count: int) -> tuple[str, ...]:
    """Give the first problems in words, and how many more there are, as the engine does."""
    more = count - len(problems[:MOST_SHOWN])
    return (*problems[:MOST_SHOWN], *([f"and {more:,} more rows"] if more else []))
