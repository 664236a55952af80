"""Claim ids that stand in several rows of a file larger than memory, or of its history.

Hashes only propose. Which of the rows that they propose are repeated is said by the engine, on those rows alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.sources import source_of_table
from subsidy.engine.batch.table import decide_table
from subsidy.engine.recalculation.owners import owners_of
from subsidy.io.parts import ROW, Parts, hashes_of, ids_of, number_of
from subsidy.io.spool import Spool, spread
from subsidy.model.claim import read_id
from subsidy.model.text import without_persons
from subsidy.model.words import Reason
from subsidy.policy.policy import Policy

__all__ = ["MOST_SHOWN", "Repeats", "find_repeats", "recurring", "rows_with"]

MOST_SHOWN = 100
_FILTER = np.uint64((1 << 20) - 1)


class Repeats:
    """What was found.

    Attributes
    ----------
    claims : bool array
        Of each row of the claims, whether its id is one that other claims have, so that it can't be used.
    history : bool array
        Of each row of the history, whether an earlier one has its id.
    problems : list of pairs
        The first of these rows, and what to say of each.
    both : list of str
        On the first ids that stand both in history and among the claims.
    in_both : int
        How many there are.
    owners : bool array
        Of each row of the claims, whether the money of its id is counted there although no row of it can be used.
    """

    def __init__(self, claims: int, history: int) -> None:
        self.claims, self.owners = np.zeros(claims, np.bool_), np.zeros(claims, np.bool_)
        self.history = np.zeros(history, np.bool_)
        self.problems: list[tuple[int, str]] = []
        self.both: list[str] = []
        self.in_both = 0

    def add(self, problems: list[tuple[int, str]], both: list[str]) -> None:
        """Note what concerns some rows of the history."""
        self.history[[row for row, _ in problems]] = True
        self.problems = heapq.nsmallest(MOST_SHOWN, [*self.problems, *problems])
        self.in_both += len(both)
        self.both = heapq.nsmallest(MOST_SHOWN, [*self.both, *both])


def find_repeats(
    claims: Parts, history: Parts | None, policy: Policy, unusable: Array, *, folder: Path, workers: int, together: int
) -> Repeats:
    """Find the rows whose claim id other rows have.

    Parameters
    ----------
    claims, history : Parts
        With equal counts, both read.
    policy : Policy
        Says what an occupation's names mean, by which rows with one id are compared.
    unusable : bool array
        Of each row of the history, whether it can't be used; it is left out of account.
    folder : Path
        Where the disk has room.
    workers : int
        Threads.
    together : int
        How many rows are compared at a time, about.
    """
    found = Repeats(claims.rows, 0 if history is None else history.rows)
    proposed, of_history = _proposed(claims, history)
    of_history &= ~unusable
    some = int(np.count_nonzero(proposed))
    if not some and not of_history.any():
        return found
    count = 1 + (some + int(np.count_nonzero(of_history))) // together
    with ExitStack() as stack:
        waiting = stack.enter_context(_gathered(claims, proposed, policy, count, folder, workers))
        past = None
        if history is not None and of_history.any():
            past = stack.enter_context(_gathered(history, of_history, policy, count, folder, workers))
        del proposed, of_history
        for number in range(count):
            table = _in_order(waiting.get(number))
            rows = table.column(ROW).to_numpy()
            own = table.drop_columns([ROW])
            if past is not None:
                found.add(*_of_history(_in_order(past.get(number)), own, policy))
            if len(rows):
                repeated = _repeated(own, policy, workers)
                found.claims[rows[repeated]] = True
                found.owners[rows[_owners(own, repeated, policy)]] = True
    return found


def recurring(hashes: Array) -> Array:
    """Give the hashes that occur several times, each once, sorted."""
    ordered = np.sort(hashes)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def rows_with(hashes: Array, wanted: Array) -> Array:
    """Give the places of the hashes that are among some, which are sorted; most are ruled out by their last bits."""
    if not len(wanted):
        return np.empty(0, np.intp)
    possible = np.zeros(int(_FILTER) + 1, np.bool_)
    possible[(wanted & _FILTER).astype(np.int64)] = True
    places = np.flatnonzero(possible.take((hashes & _FILTER).view(np.int64)))
    near = np.minimum(np.searchsorted(wanted, hashes[places]), len(wanted) - 1)
    return np.asarray(places[wanted[near] == hashes[places]])


def _proposed(claims: Parts, history: Parts | None) -> tuple[Array, Array]:
    """Say of each row of claims and history whether the hash of its id occurs several times."""
    found = np.zeros(claims.rows, np.bool_)
    past = np.zeros(0 if history is None else history.rows, np.bool_)
    for number in range(claims.count):
        own, rows = _ids(claims, number)
        if history is None:
            found[rows[rows_with(own, recurring(own))]] = True
            continue
        others, other_rows = _ids(history, number)
        wanted = recurring(np.concatenate([own, others]))
        found[rows[rows_with(own, wanted)]] = True
        past[other_rows[rows_with(others, wanted)]] = True
    return found, past


def _ids(parts: Parts, number: int) -> tuple[Array, Array]:
    table = parts.ids.get(number)
    return table.column("id").to_numpy(), table.column(ROW).to_numpy()


def _gathered(parts: Parts, wanted: Array, policy: Policy, count: int, folder: Path, workers: int) -> Spool:
    """Put the wanted rows of all parts on disk again, all rows of one id under one number."""
    spool = Spool(folder, parts.tables.schema)
    try:
        for number in range(parts.count):
            table = parts.tables.get(number)
            rows = wanted[table.column(ROW).to_numpy()]
            if not rows.any():
                continue
            some = table.filter(pa.array(rows)).combine_chunks()  # take would join all chunks first
            if count == 1:
                spool.put(0, some)
            else:
                spread(spool, some, number_of(hashes_of(_names(some, policy)), count), count, workers)
    except BaseException:
        spool.close()
        raise
    return spool


def _in_order(table: pa.Table) -> pa.Table:
    return table.take(pa.array(np.argsort(table.column(ROW).to_numpy(), kind="stable")))


def _names(table: pa.Table, policy: Policy) -> pa.Array:
    source = source_of_table(policy, table)
    return ids_of(source.fields["claim_id"], table.num_rows, read_id)


def _repeated(claims: pa.Table, policy: Policy, workers: int) -> Array:
    """Give the places of the rows that are repeated among some, as the engine says."""
    decided = decide_table(claims, policy=policy, workers=workers)
    reasons = decided.table().column("reason")
    return np.flatnonzero(pc.fill_null(pc.equal(reasons, str(Reason.DUPLICATE_CLAIM_ID)), False).to_numpy())


def _owners(claims: pa.Table, repeated: Array, policy: Policy) -> Array:
    """Give for each id of which no row can be used the row that its money is counted at."""
    source = source_of_table(policy, claims)
    names = _names(claims, policy).to_pylist()
    lost = set(repeated.tolist())
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None:
            rows.setdefault(name, []).append(row)
    return owners_of(source, [some for some in rows.values() if lost.issuperset(some)])


def _of_history(history: pa.Table, claims: pa.Table, policy: Policy) -> tuple[list[tuple[int, str]], list[str]]:
    """Say which rows of the history have the id of an earlier one, and which ids claims have too."""
    firsts: dict[str, int] = {}
    twice: list[tuple[int, str]] = []
    for name, row in _pairs(history, policy):
        first = firsts.setdefault(name, row)
        if first != row:
            shown = f"claim_id: {without_persons(name)} stands in history[{first}] too"
            twice.append((row, f"history[{row}]: {shown}"))
    own = set(_names(claims, policy).to_pylist()) if firsts else set()
    both = [name for name in firsts if name in own]
    return twice, [f"claim_id: {without_persons(name)} stands both in history and among the claims" for name in both]


def _pairs(table: pa.Table, policy: Policy) -> Iterator[tuple[str, int]]:
    return zip(_names(table, policy).to_pylist(), table.column(ROW).to_pylist(), strict=True)
