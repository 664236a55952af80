"""What a user writes who has only `assess`: a loop with each person's paid claims as history, or `DataFrame.apply`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from pydantic import ValidationError

from subsidy import Claim, Decision, Policy, Status, assess

__all__ = ["applied", "looped", "of_whole_persons"]


def of_whole_persons(claims: pd.DataFrame, rows: int) -> pd.DataFrame:
    """Take a sample of about so many rows that holds every claim of its persons."""
    share = len(claims) / claims["person_id"].nunique()
    persons = claims["person_id"].drop_duplicates().head(max(1, int(rows / share)))
    return claims[claims["person_id"].isin(persons)]


def looped(policy: Policy, claims: pd.DataFrame) -> Callable[[], dict[Any, Decision]]:
    """Give a function that decides row by row: each person's claims in order, after those already found payable.

    Each record is read once; rows with an id that others have are left to the user, and so aren't in the result.
    """
    conditions = policy.vocabulary.conditions
    fields = [name for name in claims.columns if name not in conditions]

    def work() -> dict[Any, Decision]:
        ordered = claims.sort_values(["person_id", "applied_on", "claim_id"])
        copies = ordered.duplicated()
        ordered = ordered[~copies]
        ordered = ordered[~ordered["claim_id"].duplicated(keep=False)]
        facts = zip(*(_plain(ordered[name]) for name in conditions), strict=True)
        records = zip(*(_plain(ordered[name]) for name in fields), strict=True)
        decisions: dict[Any, Decision] = {}
        person, paid = None, list[Claim]()
        for row, record, stated in zip(ordered.index.tolist(), records, facts, strict=True):
            given = dict(zip(fields, record, strict=True))
            if given["person_id"] != person:
                person, paid = given["person_id"], []
            try:
                claim = Claim.model_validate({**given, "conditions": dict(zip(conditions, stated, strict=True))})
            except ValidationError:
                decisions[row] = assess(given, policy=policy)  # invalid, with its reason
                continue
            decisions[row] = decision = assess(claim, paid, policy=policy)
            if decision.status is Status.PAYABLE:
                paid.append(claim)
        return decisions

    return work


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Give a column's values as Python's own, None for what is missing: `assess` reads them faster than pandas' own."""
    values = column.dt.date if column.dtype.kind == "M" else column
    return values.astype(object).where(column.notna(), None).tolist()


def applied(policy: Policy, claims: pd.DataFrame) -> Callable[[], pd.Series[Any]]:
    """Give a function that decides each row as if it were its person's only one."""
    return lambda: claims.apply(lambda row: assess(row.to_dict(), policy=policy), axis=1)
