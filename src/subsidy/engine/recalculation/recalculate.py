"""`subsidy.recalculate`: claims and payments in, adjustments out."""

from __future__ import annotations

from datetime import date

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
from subsidy.engine.recalculation.result import Recalculation
from subsidy.engine.recalculation.runs import run_id
from subsidy.model.words import Reason
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["recalculate"]


def recalculate(
    claims: pd.DataFrame,
    payments: pd.DataFrame,
    *,
    policy: Policy | None = None,
    known_on: date | str | None = None,
    whole_person_ids: bool = False,
    workers: int | None = None,
) -> Recalculation:
    """Decide every claim again, and set what is due now against what was paid.

    Parameters
    ----------
    claims : DataFrame
        As `subsidy.assess_frame` takes it: all claims of the persons concerned, paid or not.
    payments : DataFrame
        A row for each payment: ``claim_id`` (申领编号), ``amount`` (发放金额; yuan, as text, int or Decimal)
        or ``amount_fen`` (whole fen), ``paid_on`` (发放日期), and optional ``state`` (发放状态): ``paid`` 已发放, or
        ``returned`` 退票 and ``withdrawn`` 撤回, which count nothing. A negative amount is money taken back. Other
        columns are left alone.
    policy : Policy, optional
        Left out: the packaged policy.
    known_on : date or str, optional
        Decide under what was published up to this day; it limits the policy, not the payments.
    whole_person_ids : bool
        Show person ids whole in the result; else they are masked.
    workers : int, optional
        Threads; left out: one for each processor.

    Returns
    -------
    Recalculation
        The adjustments, one row for each claim and one for each id that was paid without a claim.

    Raises
    ------
    InputError
        If a required column is missing, or two columns have one heading.
    PaymentsError
        If a payment can't be read: money must not get lost.

    Notes
    -----
    Design, section 6. It proposes; whether to recover is the agency's act. Claims with money come first, in the order
    in which the money came, so a claim that becomes payable never pushes out one that was paid.

    Examples
    --------
    >>> import pandas as pd
    >>> claims = pd.DataFrame({"claim_id": ["C1"], "person_id": "11010519491231002X", "occupation": "4-04-05-05",
    ...     "level": 3, "certificate_no": ["S1"], "certificate_date": "2023-09-01", "applied_on": "2023-10-08"})
    >>> payments = pd.DataFrame({"claim_id": ["C1"], "amount": ["1800.00"], "paid_on": ["2023-10-20"]})
    >>> found = recalculate(claims, payments)
    >>> found.adjustments[["claim_id", "paid_fen", "due_fen", "adjustment_fen", "kind", "cause"]]
      claim_id  paid_fen  due_fen  adjustment_fen    kind              cause
    0       C1    180000   234000           54000  top_up  paid_amount_wrong
    """
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
    return Recalculation(adjustments, policy, run)


def _staying(gathered: Gathered) -> Array:
    """Give the rows that money can belong to: of one id the one that stays; where none stays, the first."""
    fault = gathered.readers.faults.number(Reason.DUPLICATE_CLAIM_ID, "claim_id")
    stays = gathered.rows.fault != fault
    stays[[group[0] for group in gathered.repeated]] = True
    names = gathered.names.all
    if names.null_count:
        stays &= names.is_valid().to_numpy(zero_copy_only=False)
    return np.flatnonzero(stays)
