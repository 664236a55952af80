"""Claims and payments in, adjustments out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import Array, threads_for
from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.shares import Kept
from subsidy.engine.batch.sources import Source, source_of_frame
from subsidy.engine.batch.table import ask
from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS, adjustments_of, with_orphans
from subsidy.engine.recalculation.causes import due_of
from subsidy.engine.recalculation.matched import matched
from subsidy.engine.recalculation.now import Now, decided_now
from subsidy.engine.recalculation.owners import owners_of
from subsidy.engine.recalculation.payments import Payments, read_payments
from subsidy.engine.recalculation.runs import Run, claims_read, payments_read
from subsidy.model.errors import InputError
from subsidy.model.text import shown
from subsidy.model.words import Reason
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["Part", "Recalculated", "orphans_of", "recalculated", "recalculated_part"]


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
    paid = read_payments(payments, threads)
    part = recalculated_part(policy, source, paid, whole_person_ids=whole_person_ids, columns=wanted, workers=workers)
    adjustments = part.adjustments
    if len(part.orphans):
        adjustments = with_orphans(adjustments, paid, part.orphans)
    run = adjustments.attrs["run_id"] = part.run.plus(payments_read(paid, threads)).id(policy)
    adjustments.attrs["policy_fingerprint"] = policy.fingerprint
    return Recalculated(adjustments, policy, run)


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
    asked = ask(source, None, policy, skip_bad_history=False, workers=workers, repeated=repeated)
    rows, threads = asked.gathered.rows, asked.threads
    stays = _staying(asked.gathered, source, owners)
    money, orphans = matched(payments, rows.name, stays, asked.names, threads)
    run = claims_read(asked.gathered, threads)
    rows.name = rows.name[:0].copy()  # a hash that nobody asks for any more: each byte of a row counts
    now = decided_now(policy, asked, money)
    due = due_of(policy, now, money)
    now, money = _slim(now), money._replace(since=stays[:0], twice=stays[:0])
    del asked, stays
    decided = Decided(policy, now.law, now.standing, now.refused.in_the_way(), now.names, 0, (), threads)
    adjustments = adjustments_of(now, decided, money, due, source, whole_person_ids=whole_person_ids, columns=columns)
    return Part(adjustments, orphans, run)


def _wanted(columns: Sequence[str] | None) -> tuple[str, ...]:
    """Check which columns are asked for."""
    if columns is None:
        return ADJUSTMENT_COLUMNS
    wanted = (columns,) if isinstance(columns, str) else tuple(columns)
    for name in wanted:
        if name not in ADJUSTMENT_COLUMNS:
            raise InputError("columns", shown(name), "columns of adjustments: " + ", ".join(ADJUSTMENT_COLUMNS))
        if wanted.count(name) > 1:
            raise InputError("columns", f"{shown(name)} twice", "each column once")
    return wanted


def orphans_of(part: Part, payments: Payments) -> pd.DataFrame:
    """Give a row for each id that was paid and is no claim, of a part that has no claims."""
    return with_orphans(part.adjustments, payments, part.orphans)


def _slim(now: Now) -> Now:
    """Let go of what adjustments don't show: their columns take its memory, and more memory is dear to ask for."""
    none = np.empty(0, np.int8)
    rows = now.rows
    for name in vars(rows).keys() - _SHOWN:
        setattr(rows, name, none)
    return now._replace(status=none, kind=none, keeps=none, kept=Kept(none, none, none, []))


def _staying(gathered: Gathered, source: Source, owners: Array | None) -> Array:
    """Mark the rows that money can belong to: of one id the one that stays; where none stays, the one that owns it."""
    fault = gathered.readers.faults.number(Reason.DUPLICATE_CLAIM_ID, "claim_id")
    faulty = gathered.rows.fault == fault
    stays: Array = ~faulty
    if owners is not None:
        stays[owners] = True
    if gathered.repeated:
        starts = np.cumsum([0, *(len(group) for group in gathered.repeated[:-1])])
        none_stays = np.logical_and.reduceat(faulty[np.concatenate(gathered.repeated)], starts)
        lost = [group.tolist() for group, one in zip(gathered.repeated, none_stays.tolist(), strict=True) if one]
        stays[owners_of(source, lost)] = True
    names = gathered.names.all
    if names.null_count:
        stays &= names.is_valid().to_numpy(zero_copy_only=False)
    return stays
