"""The same claims under two policies: what each would decide, and the difference."""

from __future__ import annotations

import pandas as pd

from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.sources import Source, source_of_frame
from subsidy.engine.batch.table import ask, refuse_by_history
from subsidy.engine.recalculation.adjustments import what_for
from subsidy.policy.policy import Policy

__all__ = ["COMPARED", "compared"]

COMPARED = ("status", "reason", "base_fen", "uplift_fen", "amount_fen")
"""The columns that stand twice, ending in ``_a`` and ``_b``."""


def compared(claims: pd.DataFrame, policy_a: Policy, policy_b: Policy, *, workers: int | None = None) -> pd.DataFrame:
    """Decide claims under two policies; see `subsidy.compare`."""
    first, what = _decided(source_of_frame(policy_a, claims, workers=workers), policy_a, workers)
    second, other = _decided(source_of_frame(policy_b, claims, workers=workers), policy_b, workers)
    columns: dict[str, object] = {"claim_id": first["claim_id"]}
    for name in COMPARED:
        columns |= {f"{name}_a": first[name], f"{name}_b": second[name]}
    columns["difference_fen"] = second["amount_fen"] - first["amount_fen"]
    frame = pd.DataFrame(columns | what)
    unknown = frame["category"].isna()
    frame["category"] = frame["category"].where(~unknown, pd.Series(other["category"], index=frame.index))
    frame.index = claims.index
    return frame


def _decided(source: Source, policy: Policy, workers: int | None) -> tuple[pd.DataFrame, dict[str, object]]:
    asked = ask(source, None, policy, skip_bad_history=False, workers=workers)
    refused = refuse_by_history(policy, asked)
    whole = asked.standing
    whole.reason[refused.row] = refused.reason
    whole.detail[refused.row] = refused.detail
    decided = Decided(policy, asked.law, whole, refused, asked.names, 0, (), asked.threads)
    what = what_for(asked.gathered.rows, asked.gathered.codes, asked.law, whole)
    return decided.frame(pd.RangeIndex(source.rows)), what
