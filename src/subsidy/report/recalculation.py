"""`subsidy.recalculate`: claims and payments in; adjustments, totals, explanations and a page to look at out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS, ask_for
from subsidy.engine.recalculation.recalculate import recalculated
from subsidy.engine.recalculation.totals import totals_by
from subsidy.model.claim import read_id
from subsidy.model.errors import InputError
from subsidy.model.text import read_date, shown
from subsidy.policy.policy import Policy
from subsidy.report.explaining import explain_adjustment, titles_of

__all__ = ["Recalculation", "recalculate"]


@dataclass(frozen=True, eq=False)
class Recalculation:
    """What is due now beside what was paid; made by `subsidy.recalculate`.

    Parameters
    ----------
    adjustments : DataFrame
        One row for each claim in the order given, then one for each id that was paid without a claim. Amounts are whole
        fen: ``paid_fen``, ``due_fen``, ``adjustment_fen`` = due - paid; ``kind`` is ``top_up``, ``recovery`` or
        ``none``; ``cause`` says why (design, section 6), missing where there is nothing to say. The columns that end
        in ``_then`` and ``_then_fen`` are what was decided under what was known then, missing where nobody asked.
    policy : Policy
        Under which it was decided.
    run_id : str
        A hash of the inputs and the policy: the same inputs in any order have the same one.
    """

    adjustments: pd.DataFrame = field(repr=False)
    policy: Policy = field(repr=False)
    run_id: str

    @property
    def policy_fingerprint(self) -> str:
        """The fingerprint of the policy."""
        return self.policy.fingerprint

    @property
    def known_on(self) -> date | None:
        """The day whose knowledge decided; None: everything that the policy holds."""
        return self.policy.known_on

    def totals(self, by: str = "cause") -> pd.DataFrame:
        """Sum the adjustments.

        Parameters
        ----------
        by : str
            ``cause``, ``reason``, ``category``, ``occupation``, ``level``, ``stream``, ``month`` (of application),
            ``catalog_edition``, ``rate_edition``, ``rules_edition`` or ``directory_edition``.

        Returns
        -------
        DataFrame
            A row for each value that occurs, the missing one last: ``claims``, ``paid_fen``, ``due_fen``,
            ``adjustment_fen``, ``top_ups``, ``top_up_fen``, ``recoveries``, ``recovery_fen``.

        Raises
        ------
        InputError
            If there is nothing of that name to sum by.
        """
        return totals_by(self.adjustments, by)

    def explain(self, claim_id: str, lang: str = "zh") -> str:
        """Say in words what was paid, what is due, and which text or figure makes the difference.

        Parameters
        ----------
        claim_id : str
            The id of a claim, or of a payment without one.
        lang : {"zh", "en"}
            Chinese or English.

        Raises
        ------
        InputError
            If no row has the id, the language is another, or the adjustments were made without some columns.
        """
        ask_for(self.adjustments, ADJUSTMENT_COLUMNS)
        wanted = read_id(claim_id)
        rows = self.adjustments.index[self.adjustments["claim_id"] == wanted]
        if not len(rows):
            raise InputError("claim_id", shown(claim_id), "the id of a claim or of a payment")
        titles = titles_of(self.policy)
        told = [explain_adjustment(self.adjustments.loc[row].to_dict(), titles, lang) for row in rows]
        return "\n\n".join(told)

    def to_html(self, lang: str = "zh", *, made_on: date | str | None = None) -> str:
        """Give one page for people who look rather than read: self-contained, in both languages.

        Parameters
        ----------
        lang : {"zh", "en"}
            The language that it opens in.
        made_on : date or str, optional
            The day that it bears; left out: today.
        """
        ask_for(self.adjustments, ADJUSTMENT_COLUMNS)
        from subsidy.engine.recalculation.table import table_of
        from subsidy.report.filling import PageMaker  # needs the extra `report`
        from subsidy.report.page import page

        day = date.today() if made_on is None else read_date(made_on)  # noqa: DTZ011 - the reader's own day is meant
        maker = PageMaker(self.policy, day)
        caused = self.adjustments["cause"].notna()
        maker.begin(len(caused), int(caused.sum()))
        maker.see(table_of(self.adjustments))
        return page(maker.data(self.totals, self.run_id), lang)

    def booked(self, paid_on: date | str) -> pd.DataFrame:
        """Give the adjustments as payments of one day; recalculated with the former ones, nothing is left to adjust.

        Parameters
        ----------
        paid_on : date or str
            The day on which they are booked, later than all payments before.
        """
        ask_for(self.adjustments, ("claim_id", "adjustment_fen"))
        some = self.adjustments.loc[self.adjustments["adjustment_fen"] != 0, ["claim_id", "adjustment_fen"]]
        booked = some.rename(columns={"adjustment_fen": "amount_fen"}).reset_index(drop=True)
        booked["paid_on"] = pd.Timestamp(read_date(paid_on))
        return booked


def recalculate(
    claims: pd.DataFrame,
    payments: pd.DataFrame,
    *,
    policy: Policy | None = None,
    known_on: date | str | None = None,
    whole_person_ids: bool = False,
    columns: Sequence[str] | None = None,
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
    columns : sequence of str, optional
        The columns of the adjustments to make, in this order, or one name; left out: all of them. Fewer take less
        memory and time. `Recalculation.totals`, `booked`, `explain` and `to_html` raise `InputError` where a column
        that they need is missing.
    workers : int, optional
        Threads; left out: one for each processor.

    Returns
    -------
    Recalculation
        The adjustments, one row for each claim and one for each id that was paid without a claim.

    Raises
    ------
    InputError
        If a required column is missing, two columns have one heading, or `columns` names one twice or one that there
        isn't.
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
    return Recalculation(
        *recalculated(
            claims,
            payments,
            policy=policy,
            known_on=known_on,
            whole_person_ids=whole_person_ids,
            columns=columns,
            workers=workers,
        )
    )
