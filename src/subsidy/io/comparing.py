"""From a file of claims to a file of what two policies give for them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import workers_of
from subsidy.engine.batch.sources import source_of_table
from subsidy.engine.recalculation.compared import compared_part
from subsidy.engine.recalculation.table import DIFFERENCES, table_of
from subsidy.engine.recalculation.totals import COMPARED_GROUPS, Sums, of_differences
from subsidy.io.adjustments import DIFFERENCE_FILE, as_differences
from subsidy.io.deciding import Progress, silent
from subsidy.io.large import IN_MEMORY, Sizes, is_large
from subsidy.io.ordered import Ordered, at_least_one
from subsidy.io.parts import Parts
from subsidy.io.place import Target, replacing
from subsidy.io.repeats import find_repeats
from subsidy.io.said import Note
from subsidy.io.source import Source
from subsidy.io.write import check_size, open_sink
from subsidy.policy.policy import Policy

__all__ = ["Compared", "compare_file"]

_PART = 1 << 17
_NONE = np.empty(0, np.bool_)


@dataclass(frozen=True)
class Compared:
    """What a run came to.

    Parameters
    ----------
    rows : int
        How many claims.
    sums : Sums
        Totals by occupation, category, level, stream and month.
    notes : tuple of Note
        What was noticed while the file was written.
    """

    rows: int
    sums: Sums
    notes: tuple[Note, ...] = ()


def compare_file(
    claims: Source,
    target: Target | None,
    *,
    policies: tuple[Policy, Policy],
    workers: int | None = None,
    progress: Progress = silent,
    sizes: Sizes = IN_MEMORY,
) -> Compared:
    """Decide the claims of a file under two policies, and write what they give.

    Parameters
    ----------
    claims : Source
        As `subsidy.io.source.open_table` gives them.
    target : Target or None
        Where to write; None: nowhere.
    policies : pair of Policy
        The policy that there is, and the one to compare it with.
    workers : int, optional
        Threads to decide with.
    progress : callable
        Is called in each stage, often.
    sizes : Sizes
        From what size on files are decided in parts, on the disk that the target is on.

    Raises
    ------
    FileError
        If a file can't be read or written. What stood at the target is as it was.
    """
    with ExitStack() as stack:
        stream = None if target is None else stack.enter_context(replacing(target))
        progress("read", 0, claims.rows)
        if is_large([claims], sizes):
            folder = Path(tempfile.gettempdir()) if target is None else target.path.parent
            rows, tables = _in_parts(claims, policies, workers, progress, folder, sizes, stack)
        else:
            rows, tables = _in_memory(claims, policies, workers, progress)
        sink = None
        if stream is not None and target is not None:
            check_size(target, rows)
            sink = open_sink(stream, target, DIFFERENCE_FILE, rows, "differences")
            stack.push(lambda kind, _, __: sink.discard() if kind else None)
        sums, done = Sums(COMPARED_GROUPS, of_differences), 0
        for part in at_least_one(tables, DIFFERENCES):
            sums.add(part)
            if sink is not None:
                sink.write(as_differences(part, policies[0].fingerprint, policies[1].fingerprint))
            done += len(part)
            progress("write", done, rows)
        if sink is not None:
            sink.close()
    return Compared(rows, sums, () if sink is None else tuple(sink.notes))


def _in_memory(
    claims: Source, policies: tuple[Policy, Policy], workers: int | None, progress: Progress
) -> tuple[int, Iterator[pa.Table]]:
    table = claims.table()
    rows = table.num_rows
    progress("read", rows, rows)
    progress("decide", 0, rows)
    sources = [source_of_table(policy, table) for policy in policies]
    frame = compared_part(sources[0], sources[1], *policies, workers=workers)
    progress("decide", rows, rows)
    parts = range(0, rows, _PART)
    return rows, (table_of(frame.iloc[start : start + _PART], DIFFERENCES) for start in parts)


def _in_parts(
    claims: Source,
    policies: tuple[Policy, Policy],
    workers: int | None,
    progress: Progress,
    folder: Path,
    sizes: Sizes,
    stack: ExitStack,
) -> tuple[int, Iterator[pa.Table]]:
    """Decide the claims of some persons after the other."""
    threads = workers_of(workers)
    count = 1 + (claims.rows or 0) // sizes.part
    parts = Parts(claims, policies[0], count=count, folder=folder, workers=threads, stack=stack)
    parts.read(lambda done: progress("read", done, claims.rows))
    # Whether rows of one id say the same is asked of each policy: it depends on the names of occupations.
    repeats = [
        find_repeats(parts, None, policy, _NONE, folder=folder, workers=threads, together=sizes.part)
        for policy in policies
    ]
    parts.ids.close()
    ordered = Ordered(folder, DIFFERENCES, sizes.bucket, stack)
    done = 0
    progress("decide", 0, parts.rows)
    for number in range(parts.count):
        table, rows = parts.part(number)
        sources = [source_of_table(policy, table) for policy in policies]
        repeated = (np.flatnonzero(repeats[0].claims[rows]), np.flatnonzero(repeats[1].claims[rows]))
        frame = compared_part(sources[0], sources[1], *policies, workers=workers, repeated=repeated)
        ordered.put(table_of(frame, DIFFERENCES), rows)
        done += len(rows)
        progress("decide", done, parts.rows)
    parts.tables.close()
    return parts.rows, ordered.tables(_PART)
