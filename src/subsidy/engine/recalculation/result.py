"""What a recalculation gives: adjustments, totals, explanations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from subsidy.engine.recalculation.totals import totals_by
from subsidy.model.text import read_date
from subsidy.policy.policy import Policy

__all__ = ["Recalculation"]


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

    def booked(self, paid_on: date | str) -> pd.DataFrame:
        """Give the adjustments as payments of one day; recalculated with the former ones, nothing is left to adjust.

        Parameters
        ----------
        paid_on : date or str
            The day on which they are booked, later than all payments before.
        """
        some = self.adjustments.loc[self.adjustments["adjustment_fen"] != 0, ["claim_id", "adjustment_fen"]]
        booked = some.rename(columns={"adjustment_fen": "amount_fen"}).reset_index(drop=True)
        booked["paid_on"] = pd.Timestamp(read_date(paid_on))
        return booked
