"""Claims and payments in, adjustments out."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import Array, threads_for
from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.batch.table import ask
from subsidy.engine.recalculation.adjustments import adjustments_of, with_orphans
from subsidy.engine.recalculation.causes import due_of
from subsidy.engine.recalculation.money import claims_of, money_of
from subsidy.engine.recalculation.now import decided_now
from subsidy.engine.recalculation.payments import read_payments
from subsidy.engine.recalculation.runs import run_id
from subsidy.model.words import Reason
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["Recalculated", "recalculated"]


class Recalculated(NamedTuple):
    """The adjustments (see `subsidy.engine.recalculation.adjustments`), the policy that decided, the id of the run."""

    adjustments: pd.DataFrame
    policy: Policy
    run_id: str


def recalculated(
    claims: pd.DataFrame,
    payments: pd.DataFrame,
    *,
    policy: Policy | None = None,
    known_on: date | str | None = None,
    whole_person_ids: bool = False,
    workers: int | None = None,
) -> Recalculated:
    """Decide every claim again, and set what is due now against what was paid; see `subsidy.recalculate`."""
    policy = policy or default_policy()
    if known_on is not None:
        policy = policy.as_known_on(known_on)
    threads = threads_for(len(claims), workers)
    source = source_of_frame(policy, claims, workers=workers)
    paid = read_payments(payments, threads)
    asked = ask(source, None, policy, skip_bad_history=False, workers=workers)
    rows = asked.gathered.rows
    claim = claims_of(paid, rows.name, _staying(asked.gathered), asked.names, threads)
    money = money_of(paid, claim, rows.rows)
    now = decided_now(policy, asked, money)
    due = due_of(policy, now, money)
    decided = Decided(policy, now.law, now.standing, now.refused, now.names, 0, (), threads)
    adjustments = adjustments_of(now, decided, money, due, source, whole_person_ids=whole_person_ids)
    orphans = np.flatnonzero(claim < 0)
    if len(orphans):
        adjustments = with_orphans(adjustments, paid, orphans)
    run = adjustments.attrs["run_id"] = run_id(policy, asked.gathered, paid, threads)
    adjustments.attrs["policy_fingerprint"] = policy.fingerprint
    return Recalculated(adjustments, policy, run)


def _staying(gathered: Gathered) -> Array:
    """Give the rows that money can belong to: of one id the one that stays; where none stays, the first."""
    fault = gathered.readers.faults.number(Reason.DUPLICATE_CLAIM_ID, "claim_id")
    stays = gathered.rows.fault != fault
    stays[[group[0] for group in gathered.repeated]] = True
    names = gathered.names.all
    if names.null_count:
        stays &= names.is_valid().to_numpy(zero_copy_only=False)
    return np.flatnonzero(stays)
