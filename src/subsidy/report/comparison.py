"""`subsidy.compare`: what a draft catalogue or another rate would cost, on the claims that there are."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from subsidy.engine.recalculation.compared import compared
from subsidy.engine.recalculation.totals import differences_by
from subsidy.policy.policy import Policy

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What two policies give for the same claims; made by `subsidy.compare`.

    Parameters
    ----------
    differences : DataFrame
        One row for each claim, with the index of the claims: ``claim_id``; ``status``, ``reason``, ``base_fen``,
        ``uplift_fen`` and ``amount_fen`` under each policy, ending in ``_a`` and ``_b``; ``difference_fen`` = b - a;
        ``occupation``, ``category`` (under a, else under b), ``level``, ``stream``, ``applied_on``.
    policy_a, policy_b : Policy
        The policies.
    """

    differences: pd.DataFrame = field(repr=False)
    policy_a: Policy = field(repr=False)
    policy_b: Policy = field(repr=False)

    @property
    def difference_fen(self) -> int:
        """What the second policy gives more than the first, in fen."""
        return int(self.differences["difference_fen"].sum())

    def totals(self, by: str = "occupation") -> pd.DataFrame:
        """Sum both, by ``occupation``, ``category``, ``level``, ``stream`` or ``month`` (of application).

        Returns
        -------
        DataFrame
            A row for each value that occurs, the missing one last: ``claims``, ``payable_a``, ``payable_b``,
            ``amount_a_fen``, ``amount_b_fen``, ``difference_fen``.

        Raises
        ------
        InputError
            If there is nothing of that name to sum by.
        """
        return differences_by(self.differences, by)


def compare(claims: pd.DataFrame, policy_a: Policy, policy_b: Policy, *, workers: int | None = None) -> Comparison:
    """Decide the same claims under two policies, to see what a draft catalogue or an uplift of 40% would cost.

    Parameters
    ----------
    claims : DataFrame
        As `subsidy.assess_frame` takes it.
    policy_a, policy_b : Policy
        The policy that there is, and the one to compare it with. Nothing of what was paid is asked for.
    workers : int, optional
        Threads; left out: one for each processor.

    Raises
    ------
    InputError
        If a required column is missing, or two columns have one heading.

    Examples
    --------
    >>> import pandas as pd
    >>> from subsidy import load_policy
    >>> claims = pd.DataFrame({"claim_id": ["C1"], "person_id": "11010519491231002X", "occupation": "4-04-05-05",
    ...     "level": 3, "certificate_no": ["S1"], "certificate_date": "2023-09-01", "applied_on": "2023-10-08"})
    >>> without = load_policy().as_known_on("2023-08-16")
    >>> found = compare(claims, without, load_policy())
    >>> found.difference_fen
    54000
    >>> found.totals("level")[["level", "amount_a_fen", "amount_b_fen", "difference_fen"]]
      level  amount_a_fen  amount_b_fen  difference_fen
    0     3        180000        234000           54000
    """
    return Comparison(compared(claims, policy_a, policy_b, workers=workers), policy_a, policy_b)
