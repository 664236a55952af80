"""Claims and payments in, adjustments out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import Array, threads_for
from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.sources import Source, source_of_frame
from subsidy.engine.batch.table import Asked, ask
from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS, adjustments_of, with_orphans
from subsidy.engine.recalculation.causes import due_of
from subsidy.engine.recalculation.matched import matched
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.now import Now, decided_now
from subsidy.engine.recalculation.owners import owners_of
from subsidy.engine.recalculation.payments import Payments, read_payments
from subsidy.engine.recalculation.runs import Run, claims_read, payments_read
from subsidy.model.errors import InputError
from subsidy.model.text import shown
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["Part", "Recalculated", "orphans_of", "recalculated", "recalculated_part"]


_One = TypeVar("_One")
_Other = TypeVar("_Other")
_SHOWN = {"rows", "code", "level", "stream", "applied_day"}
"""Of `subsidy.engine.batch.reading.Rows`: what adjustments show."""


class Recalculated(NamedTuple):
    """The adjustments (see `subsidy.engine.recalculation.adjustments`), the policy that decided, the id of the run."""

    adjustments: pd.DataFrame
    policy: Policy
    run_id: str


class Part(NamedTuple):
    """Some claims and payments set against each other."""

    adjustments: pd.DataFrame
    orphans: Array  # the payments whose id is none of these claims
    run: Run  # what was read of the claims


def recalculated(
    claims: pd.DataFrame,
    payments: pd.DataFrame,
    *,
    policy: Policy | None = None,
    known_on: date | str | None = None,
    whole_person_ids: bool = False,
    columns: Sequence[str] | None = None,
    workers: int | None = None,
) -> Recalculated:
    """Decide every claim again, and set what is due now against what was paid; see `subsidy.recalculate`."""
    policy = policy or default_policy()
    wanted = _wanted(columns)
    if known_on is not None:
        policy = policy.as_known_on(known_on)
    source = source_of_frame(policy, claims, workers=workers)
    threads = threads_for(len(claims), workers)
    # Where claims are put in order one processor has nothing to do: it reads the payments.
    read, (paid, run) = _side_by_side(
        lambda: _read_claims(policy, source, workers=workers), lambda: _read_payments(payments, threads), threads
    )
    money, orphans = _matched(read, paid, spend=True)
    left = paid.take(orphans)
    del paid  # its memory serves what comes next
    adjustments = _adjusted(policy, source, read.asked, money, whole_person_ids=whole_person_ids, columns=wanted)
    if len(left.amount):
        adjustments = with_orphans(adjustments, left)
    run_id = adjustments.attrs["run_id"] = read.run.plus(run).id(policy)
    adjustments.attrs["policy_fingerprint"] = policy.fingerprint
    return Recalculated(adjustments, policy, run_id)


def recalculated_part(
    policy: Policy,
    source: Source,
    payments: Payments,
    *,
    whole_person_ids: bool,
    workers: int | None,
    columns: Collection[str] = ADJUSTMENT_COLUMNS,
    repeated: Array | None = None,
    owners: Array | None = None,
) -> Part:
    """Recalculate all claims, or all claims of some persons.

    Parameters
    ----------
    policy : Policy
        The texts to decide by.
    source : Source
        The claims.
    payments : Payments
        Those of these claims, and others.
    whole_person_ids : bool
        Show person ids whole.
    workers : int, optional
        Threads.
    columns : collection of str
        Those of the adjustments that are wanted.
    repeated : Array, optional
        Of a part: the rows that can't be used since other rows of the whole have their claim id.
    owners : Array, optional
        Of them those that money counts for nevertheless (see `owners_of`).
    """
    read = _read_claims(policy, source, workers=workers, repeated=repeated, owners=owners)
    money, orphans = _matched(read, payments)
    adjustments = _adjusted(policy, source, read.asked, money, whole_person_ids=whole_person_ids, columns=columns)
    return Part(adjustments, orphans, read.run)


def _read_payments(frame: pd.DataFrame, threads: int) -> tuple[Payments, Run]:
    paid = read_payments(frame, threads)
    return paid, payments_read(paid, threads)


class _Read(NamedTuple):
    """Claims read and asked, what was read of them, and those that money can belong to."""

    asked: Asked
    run: Run
    stays: Array


def _read_claims(
    policy: Policy,
    source: Source,
    *,
    workers: int | None,
    repeated: Array | None = None,
    owners: Array | None = None,
) -> _Read:
    asked = ask(source, None, policy, skip_bad_history=False, workers=workers, repeated=repeated)
    # Whose the money is takes texts of Python, which one processor looks at.
    stays, run = _side_by_side(
        lambda: _staying(asked.gathered, source, owners),
        lambda: claims_read(asked.gathered, asked.threads),
        asked.threads,
    )
    return _Read(asked, run, stays)


def _side_by_side(one: Callable[[], _One], other: Callable[[], _Other], threads: int) -> tuple[_One, _Other]:
    """Do two works, the second in a thread of its own where there may be several."""
    if threads == 1:
        return one(), other()
    with ThreadPoolExecutor(1) as beside:
        second = beside.submit(other)
        return one(), second.result()


def _matched(read: _Read, payments: Payments, *, spend: bool = False) -> tuple[Money, Array]:
    asked = read.asked
    return matched(payments, asked.gathered.rows, read.stays, asked.names, asked.threads, spend=spend)


def _adjusted(
    policy: Policy, source: Source, asked: Asked, money: Money, *, whole_person_ids: bool, columns: Collection[str]
) -> pd.DataFrame:
    now = decided_now(policy, asked, money)
    due = due_of(policy, now, money)
    _slim(now)
    decided = Decided(policy, now.law, now.standing, now.blocked, now.names, 0, (), now.threads)
    return adjustments_of(now, decided, money, due, source, whole_person_ids=whole_person_ids, columns=columns)


def _wanted(columns: object) -> tuple[str, ...]:
    """Check which columns are asked for."""
    if columns is None:
        return ADJUSTMENT_COLUMNS
    expected = "columns of adjustments: " + ", ".join(ADJUSTMENT_COLUMNS)
    if isinstance(columns, bytes) or not isinstance(columns, Iterable):
        raise InputError("columns", shown(columns), expected)
    wanted: list[str] = []
    for name in (columns,) if isinstance(columns, str) else columns:
        if not isinstance(name, str) or name not in ADJUSTMENT_COLUMNS:
            raise InputError("columns", shown(name), expected)
        if name in wanted:
            raise InputError("columns", f"{shown(name)} twice", "each column once")
        wanted.append(name)
    return tuple(wanted)


def orphans_of(part: Part, payments: Payments) -> pd.DataFrame:
    """Give a row for each id that was paid and is no claim, of a part that has no claims."""
    return with_orphans(part.adjustments, payments.take(part.orphans))


def _slim(now: Now) -> None:
    """Let go of what adjustments don't show: their columns take its memory, and more memory is dear to ask for."""
    none = np.empty(0, np.int8)
    for name in vars(now.rows).keys() - _SHOWN:
        setattr(now.rows, name, none)


def _staying(gathered: Gathered, source: Source, owners: Array | None) -> Array:
    """Mark the rows that money can belong to: of one id the one that stays; where none stays, the one that owns it."""
    stays: Array = np.ones(gathered.rows.rows, np.bool_)
    stays[gathered.marked] = False
    if owners is not None:
        stays[owners] = True
    if gathered.repeated:
        starts = np.cumsum([0, *(len(group) for group in gathered.repeated[:-1])])
        none_stays = ~np.logical_or.reduceat(stays[np.concatenate(gathered.repeated)], starts)
        lost = [group for group, one in zip(gathered.repeated, none_stays.tolist(), strict=True) if one]
        stays[owners_of(source, lost)] = True
    names = gathered.names.all
    if names.null_count:
        stays &= names.is_valid().to_numpy(zero_copy_only=False)
    return stays
