"""The same claims under two policies: what each would decide, and the difference."""

from __future__ import annotations

import pandas as pd

from subsidy.engine.batch.arrays import Array, in_threads
from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.sources import Source, source_of_frame
from subsidy.engine.batch.table import ask, refuse_by_history
from subsidy.engine.recalculation.adjustments import what_for
from subsidy.policy.policy import Policy

__all__ = ["COMPARED", "compared", "compared_part"]

COMPARED = ("status", "reason", "base_fen", "uplift_fen", "amount_fen")
"""The columns that stand twice, ending in ``_a`` and ``_b``."""


def compared(claims: pd.DataFrame, policy_a: Policy, policy_b: Policy, *, workers: int | None = None) -> pd.DataFrame:
    """Decide claims under two policies; see `subsidy.compare`."""
    sources = [source_of_frame(policy, claims, workers=workers) for policy in (policy_a, policy_b)]
    frame = compared_part(sources[0], sources[1], policy_a, policy_b, workers=workers)
    frame.index = claims.index
    return frame


def compared_part(
    source_a: Source,
    source_b: Source,
    policy_a: Policy,
    policy_b: Policy,
    *,
    workers: int | None,
    repeated: tuple[Array | None, Array | None] = (None, None),
) -> pd.DataFrame:
    """Decide all claims, or all of some persons, under two policies.

    Parameters
    ----------
    source_a, source_b : Source
        The same claims, with the conditions of each policy.
    policy_a, policy_b : Policy
        The policies.
    workers : int, optional
        Threads.
    repeated : pair of Array, optional
        Of a part, under each policy: the rows that can't be used since other rows of the whole have their claim id.
    """
    first, what = _decided(source_a, policy_a, workers, repeated[0])
    second, other = _decided(source_b, policy_b, workers, repeated[1])
    columns: dict[str, object] = {"claim_id": first["claim_id"]}
    for name in COMPARED:
        columns |= {f"{name}_a": first[name], f"{name}_b": second[name]}
    columns["difference_fen"] = second["amount_fen"] - first["amount_fen"]
    frame = pd.DataFrame(columns | what)
    unknown = frame["category"].isna()
    frame["category"] = frame["category"].where(~unknown, pd.Series(other["category"], index=frame.index))
    return frame


def _decided(
    source: Source, policy: Policy, workers: int | None, repeated: Array | None
) -> tuple[pd.DataFrame, dict[str, object]]:
    asked = ask(source, None, policy, skip_bad_history=False, workers=workers, repeated=repeated)
    whole = asked.standing
    # First, while what was read is there.
    made = what_for(asked.gathered.rows, asked.gathered.codes, asked.law, whole)
    what = zip(made, in_threads(lambda name: made[name](), made, asked.threads), strict=True)
    blocked = refuse_by_history(policy, asked)
    decided = Decided(policy, asked.law, whole, blocked, asked.names, 0, (), asked.threads)
    return decided.frame(pd.RangeIndex(source.rows)), dict(what)
