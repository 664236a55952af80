"""From files of claims and payments to a file of adjustments."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, Self

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.batch.arrays import workers_of
from subsidy.engine.batch.sources import source_of_table
from subsidy.engine.recalculation.payments import Payments
from subsidy.engine.recalculation.recalculate import orphans_of, recalculated_part
from subsidy.engine.recalculation.runs import Run, payments_read
from subsidy.engine.recalculation.table import ADJUSTMENTS, table_of
from subsidy.engine.recalculation.totals import Sums
from subsidy.io.adjustments import ADJUSTMENT_FILE, BOOKINGS, as_adjustments, as_bookings
from subsidy.io.deciding import Progress, silent
from subsidy.io.large import IN_MEMORY, Sizes, is_large
from subsidy.io.ordered import Ordered, at_least_one
from subsidy.io.paid import PaidParts, groups_of, joined
from subsidy.io.parts import Parts, Seen
from subsidy.io.place import Target, replacing
from subsidy.io.repeats import find_repeats
from subsidy.io.said import Note
from subsidy.io.source import Source
from subsidy.io.write import Sink, check_size, open_sink
from subsidy.policy.policy import Policy

__all__ = ["SUMMED_BY", "Counts", "Outcome", "Pages", "Targets", "recalculate_files"]

SUMMED_BY = ("cause", "occupation", "category", "level", "month", "catalog_edition")
_PART = 1 << 17
_NONE = np.empty(0, np.bool_)


class Targets(NamedTuple):
    """Where to write; None: nowhere."""

    adjustments: Target | None = None
    bookings: Target | None = None
    booked_on: date | None = None
    page: Target | None = None


class Counts(NamedTuple):
    """What there is, known before anything is written."""

    claims: int
    rows: int  # of the adjustments: claims, and ids that were paid without a claim
    caused: int  # of them with a cause
    differing: int  # of them with a difference


class Pages(Protocol):
    """Makes a page of adjustments that it is shown part by part."""

    def begin(self, rows: int, caused: int) -> None:
        """Is told how many there will be, and how many of them have a cause."""

    def see(self, adjustments: pa.Table) -> None:
        """Is shown the next of them, in their order."""

    def page(self, sums: Sums, run_id: str) -> str:
        """Give the page."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Parameters
    ----------
    counts : Counts
        How many rows.
    payments : int
        How many payments were read, whether or not they count.
    sums : Sums
        Totals by `SUMMED_BY`.
    run_id : str
        The id of the run, the same as `subsidy.recalculate` gives for the same inputs.
    notes : tuple of Note
        What was noticed while files were written.
    """

    counts: Counts
    payments: int
    sums: Sums
    run_id: str
    notes: tuple[Note, ...] = ()


def recalculate_files(
    claims: Source,
    payments: Sequence[Source],
    targets: Targets,
    *,
    policy: Policy,
    pages: Pages | None = None,
    whole_person_ids: bool = False,
    workers: int | None = None,
    progress: Progress = silent,
    sizes: Sizes = IN_MEMORY,
) -> Outcome:
    """Recalculate the claims of a file, and write the adjustments: a row for each claim, then those without one.

    Parameters
    ----------
    claims : Source
        All claims of the persons concerned, as `subsidy.io.source.open_table` gives them.
    payments : sequence of Source
        What was paid, in one file or several; none of them twice.
    targets : Targets
        Where to write. All of it takes its name once all of it is complete.
    policy : Policy
        The texts to decide by.
    pages : Pages, optional
        Makes the page, where one is to be written.
    whole_person_ids : bool
        Write person ids whole; else they are masked.
    workers : int, optional
        Threads to decide with.
    progress : callable
        Is called in each stage, often.
    sizes : Sizes
        From what size on files are recalculated in parts, on the disk that the target is on.

    Raises
    ------
    FileError
        If a file can't be read or written, or a payment can't be read or isn't before the day of the bookings. What
        stood at the targets is as it was.
    """
    with ExitStack() as stack:
        streams = {target: stack.enter_context(replacing(target)) for target in targets if isinstance(target, Target)}
        known = None if claims.rows is None else claims.rows + sum(one.rows or 0 for one in payments)
        if is_large([claims, *payments], sizes):
            folder = Path(tempfile.gettempdir()) if targets.adjustments is None else targets.adjustments.path.parent
            work: _Work = _InParts(claims, payments, policy, whole_person_ids, workers, folder, sizes)
        else:
            work = _InMemory(claims, payments, policy, whole_person_ids, workers)
        work.booked_on = None if targets.bookings is None else targets.booked_on
        stack.enter_context(work)
        progress("read", 0, known)
        work.read(lambda rows: progress("read", rows, known))
        progress("decide", 0, work.claims)
        work.decide(lambda rows: progress("decide", rows, work.claims))
        counts, run_id = work.counts, work.run.id(policy)
        sinks = _sinks(targets, streams, counts, policy.fingerprint, run_id)
        stack.push(lambda kind, _, __: _discard(sinks) if kind else None)
        if pages is not None:
            pages.begin(counts.rows, counts.caused)
        sums, done = Sums(SUMMED_BY), 0
        for part in at_least_one(work.tables(_PART), ADJUSTMENTS):
            sums.add(part)
            for sink, made in sinks:
                sink.write(made(part))
            if pages is not None:
                pages.see(part)
            done += len(part)
            progress("write", done, counts.rows)
        for sink, _ in sinks:
            sink.close()
        if pages is not None and targets.page is not None:
            streams[targets.page].write(pages.page(sums, run_id).encode())
    notes = tuple(note for sink, _ in sinks for note in sink.notes)
    return Outcome(counts, work.payments, sums, run_id, notes)


_Sinks = list[tuple[Sink, Callable[[pa.Table], pa.Table]]]


def _sinks(
    targets: Targets, streams: Mapping[Target, BinaryIO], counts: Counts, fingerprint: str, run_id: str
) -> _Sinks:
    """Begin to write each table that is wanted; each beside what makes its rows of adjustments."""
    sinks: _Sinks = []
    if targets.adjustments is not None:
        check_size(targets.adjustments, counts.rows)
        stream = streams[targets.adjustments]
        sink = open_sink(stream, targets.adjustments, ADJUSTMENT_FILE, counts.rows, "adjustments")
        sinks.append((sink, lambda part: as_adjustments(part, fingerprint, run_id)))
    if targets.bookings is not None and targets.booked_on is not None:
        check_size(targets.bookings, counts.differing)
        day = targets.booked_on
        sink = open_sink(streams[targets.bookings], targets.bookings, BOOKINGS, counts.differing, "bookings")
        sinks.append((sink, lambda part: as_bookings(part, day)))
    return sinks


def _discard(sinks: _Sinks) -> None:
    for sink, _ in sinks:
        sink.discard()


class _Work(AbstractContextManager["_Work"]):
    """Claims and payments, recalculated at once or in parts."""

    claims = 0
    payments = 0
    booked_on: date | None = None
    run = Run()
    counts = Counts(0, 0, 0, 0)

    def read(self, seen: Seen) -> None:
        """Read all files."""
        raise NotImplementedError

    def decide(self, seen: Seen) -> None:
        """Recalculate all."""
        raise NotImplementedError

    def tables(self, size: int) -> Iterator[pa.Table]:
        """Give the adjustments in their order, some rows at a time."""
        raise NotImplementedError

    def _count(self, adjustments: pd.DataFrame) -> None:
        caused = int(adjustments["cause"].notna().sum())
        differing = int((adjustments["adjustment_fen"] != 0).sum())
        more = (0, len(adjustments), caused, differing)
        self.counts = Counts(self.claims, *(one + other for one, other in zip(self.counts[1:], more[1:], strict=True)))


class _InMemory(_Work):
    def __init__(
        self, claims: Source, payments: Sequence[Source], policy: Policy, whole: bool, workers: int | None
    ) -> None:
        self._sources, self._policy, self._whole, self._workers = (claims, payments), policy, whole, workers

    def __exit__(self, *_: object) -> None:
        """Nothing is kept."""

    def read(self, seen: Seen) -> None:
        claims, payments = self._sources
        self._table = claims.table()
        self.claims = self._table.num_rows
        seen(self.claims)
        groups = groups_of(payments, workers_of(self._workers), lambda rows: seen(self.claims + rows), self.booked_on)
        self._paid = joined(list(groups))
        self.payments = len(self._paid.hashes)

    def decide(self, seen: Seen) -> None:
        empty = self._table.slice(0, 0)
        part = recalculated_part(
            self._policy,
            source_of_table(self._policy, self._table),
            self._paid,
            whole_person_ids=self._whole,
            workers=self._workers,
        )
        del self._table
        self.run = part.run.plus(payments_read(self._paid, workers_of(self._workers)))
        self._frames = [part.adjustments]
        if len(part.orphans):
            left = self._paid.take(part.orphans)
            self._frames.append(_orphans(self._policy, empty, left, self._whole))
        del self._paid
        for frame in self._frames:
            self._count(frame)
        seen(self.claims)

    def tables(self, size: int) -> Iterator[pa.Table]:
        for frame in self._frames:
            for start in range(0, len(frame), size):
                yield table_of(frame.iloc[start : start + size])


class _InParts(_Work):
    def __init__(
        self,
        claims: Source,
        payments: Sequence[Source],
        policy: Policy,
        whole: bool,
        workers: int | None,
        folder: Path,
        sizes: Sizes,
    ) -> None:
        self._payments, self._policy, self._whole, self._folder, self._sizes = payments, policy, whole, folder, sizes
        self._workers = workers_of(workers)
        self._stack = ExitStack()
        known = sum(source.rows or 0 for source in (claims, *payments))
        try:
            self._claims = Parts(
                claims,
                policy,
                count=1 + known // sizes.part,
                folder=folder,
                workers=self._workers,
                stack=self._stack,
            )
            self._adjustments = Ordered(folder, ADJUSTMENTS, sizes.bucket, self._stack)
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, seen: Seen) -> None:
        claims, folder = self._claims, self._folder
        claims.read(seen)
        self.claims = claims.rows
        self._repeats = find_repeats(
            *(claims, None, self._policy, _NONE), folder=folder, workers=self._workers, together=self._sizes.part
        )
        self._paid = PaidParts(claims, claims.part_of(), self._repeats, folder=folder, stack=self._stack)
        groups = groups_of(self._payments, self._workers, lambda rows: seen(self.claims + rows), self.booked_on)
        for group in groups:
            self._paid.add(group, self._workers)
            self.run = self.run.plus(payments_read(group, self._workers))
        self.payments = self._paid.rows
        self._paid.route(self._workers)
        claims.ids.close()

    def decide(self, seen: Seen) -> None:
        done = 0
        for number in range(self._claims.count):
            done += self._recalculate(number)
            seen(done)
        left = self._paid.orphans()
        empty = self._claims.schema.empty_table()
        self._orphans = _orphans(self._policy, empty, left, self._whole)
        self._count(self._orphans)
        self._claims.tables.close()

    def _recalculate(self, number: int) -> int:
        table, rows = self._claims.part(number)
        payments, kept = self._paid.part(number)
        part = recalculated_part(
            self._policy,
            source_of_table(self._policy, table),
            payments,
            whole_person_ids=self._whole,
            workers=self._workers,
            repeated=np.flatnonzero(self._repeats.claims[rows]),
            owners=np.flatnonzero(self._repeats.owners[rows]),
        )
        self.run = self.run.plus(part.run)
        self._paid.leave(kept, part.orphans)
        self._count(part.adjustments)
        self._adjustments.put(table_of(part.adjustments), rows)
        return len(rows)

    def tables(self, size: int) -> Iterator[pa.Table]:
        yield from self._adjustments.tables(size)
        for start in range(0, len(self._orphans), size):
            yield table_of(self._orphans.iloc[start : start + size])


def _orphans(policy: Policy, no_claims: pa.Table, payments: Payments, whole: bool) -> pd.DataFrame:
    """Give a row for each id that was paid and is no claim."""
    source = source_of_table(policy, no_claims)
    part = recalculated_part(policy, source, payments, whole_person_ids=whole, workers=1)
    return orphans_of(part, payments)
