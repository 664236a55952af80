"""From a file of claims to a file of decisions."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from subsidy.engine.batch.table import decide_table
from subsidy.io.decisions import FILE_COLUMNS, as_file
from subsidy.io.large import IN_MEMORY, InParts, Sizes, is_large
from subsidy.io.parts import Seen
from subsidy.io.place import Target, replacing
from subsidy.io.said import Note
from subsidy.io.source import Source
from subsidy.io.summary import Certificates, Shared, Summary
from subsidy.io.write import check_size, open_sink
from subsidy.policy.policy import Policy

__all__ = ["Outcome", "Progress", "Stage", "decide_file", "silent"]

Stage = Literal["read", "decide", "write"]
Progress = Callable[[Stage, int, int | None], None]
"""Is told the stage, the rows done in it, and how many there are where that is known."""

_PART = 1 << 17
_PART_OF_SHEET = 1 << 12  # a sheet is written slowly, and people want to see that it is


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Parameters
    ----------
    summary : Summary
        Counts and sums.
    shared : int
        How many certificate numbers several persons claim.
    first_shared : tuple of Shared
        The first of them.
    skipped_history : tuple of str
        Rows of the history that were left out, each with its reason.
    notes : tuple of Note
        What was noticed while the decisions were written.
    """

    summary: Summary
    shared: int
    first_shared: tuple[Shared, ...]
    skipped_history: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def silent(_: Stage, __: int, ___: int | None) -> None:
    """Report progress to nobody."""


def decide_file(
    claims: Source,
    target: Target | None,
    *,
    policy: Policy,
    history: Source | None = None,
    skip_bad_history: bool = False,
    workers: int | None = None,
    progress: Progress = silent,
    sizes: Sizes = IN_MEMORY,
) -> Outcome:
    """Decide the claims of a file, and write the decisions in their order.

    Parameters
    ----------
    claims, history : Source
        As `subsidy.io.source.open_table` gives them; history: claims already paid.
    target : Target or None
        Where to write, as `subsidy.io.place.find_target` gives it; None: nowhere.
    policy : Policy
        The texts to decide by.
    skip_bad_history : bool
        Leave out history rows that can't be used, and report them.
    workers : int, optional
        Threads to decide with.
    progress : callable
        Is called in each stage, often.
    sizes : Sizes
        From what size on files are decided in parts, on the disk that the target is on.

    Returns
    -------
    Outcome
        The notes of both files are complete then.

    Raises
    ------
    FileError
        If a file can't be read or written. What stood at the target is as it was.
    HistoryError
        If the history can't be used.
    """
    with ExitStack() as stack:
        # Before anything is read: a folder that can't be written to is told at once.
        stream = None if target is None else stack.enter_context(replacing(target))
        decided: InMemory | InParts
        if is_large([claims, history], sizes):
            folder = Path(tempfile.gettempdir()) if target is None else target.path.parent
            decided = InParts(claims, history, folder, policy, skip_bad_history, workers, sizes)
        else:
            decided = InMemory(claims, history, policy, skip_bad_history, workers)
        stack.enter_context(decided)
        progress("read", 0, claims.rows)
        decided.read(lambda rows: progress("read", rows, claims.rows))
        if target is not None:
            check_size(target, decided.rows)
        progress("decide", 0, decided.rows)
        decided.decide(lambda rows: progress("decide", rows, decided.rows))
        sink = None
        if stream is not None and target is not None:
            sink = open_sink(stream, target, FILE_COLUMNS, decided.rows)
            stack.push(lambda kind, _, __: sink.discard() if kind else None)
        summary = Summary()
        for part in decided.tables(_PART if target is None or target.kind != "xlsx" else _PART_OF_SHEET):
            summary.add(part)
            if sink is not None:
                sink.write(as_file(part, policy.fingerprint))
            progress("write", summary.rows, decided.rows)
        if sink is not None:
            sink.close()
        notes = () if sink is None else tuple(sink.notes)
        return Outcome(summary, decided.shared, decided.first_shared, decided.skipped_history, notes)


class InMemory(AbstractContextManager["InMemory"]):
    """Claims decided at once; the same to its user as `subsidy.io.large.InParts`."""

    def __init__(
        self, claims: Source, history: Source | None, policy: Policy, skip_bad_history: bool, workers: int | None
    ) -> None:
        self._claims, self._history, self._policy = claims, history, policy
        self._skip, self._workers = skip_bad_history, workers
        self.shared = 0
        self.first_shared: tuple[Shared, ...] = ()

    def __exit__(self, *_: object) -> None:
        """Nothing is kept."""

    def read(self, seen: Seen) -> None:
        """Read both files."""
        self._table, self._certificates = _read(self._claims, seen)
        self._past = None if self._history is None else self._history.table()
        self.rows = self._table.num_rows

    def decide(self, seen: Seen) -> None:
        """Decide all rows."""
        self._decided = decide_table(
            self._table, self._past, policy=self._policy, skip_bad_history=self._skip, workers=self._workers
        )
        self.skipped_history = tuple(self._decided.skipped_history)
        seen(self.rows)
        self.shared, first_shared = self._certificates.shared(self._table)
        self.first_shared = tuple(first_shared)
        del self._table, self._past, self._certificates

    def tables(self, size: int) -> Iterator[pa.Table]:
        """Give the decisions in their order, some rows at a time."""
        for start in range(0, self.rows, size):
            yield self._decided.table(start, min(start + size, self.rows))


def _read(claims: Source, seen: Seen) -> tuple[pa.Table, Certificates]:
    certificates = Certificates(claims.fields)
    batches, rows = [], 0
    for batch in claims.batches():
        certificates.add(batch)
        batches.append(batch)
        rows += len(batch)
        seen(rows)
    return pa.Table.from_batches(batches, schema=claims.schema), certificates
