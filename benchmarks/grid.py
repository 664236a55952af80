"""Our entitlement as cells for peers that join: stream, occupation, level, period, and what `quote` gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import groupby

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy import Level, Policy, Stream, quote

__all__ = ["cells", "deciding", "deciding_days", "period_numbers", "spellings", "starts"]

KEYS = ("stream", "occupation", "level", "period")
_READERS: dict[str, Callable[[Policy, str], str | None]] = {
    "stream": lambda _, text: _or_none(partial(Stream.read, text)),
    "occupation": lambda policy, text: policy.vocabulary.code_of(text),
    "level": lambda _, text: _or_none(partial(Level.read, text)),
}


def _or_none(read: Callable[[], str]) -> str | None:
    try:
        return str(read())
    except ValueError:
        return None


def spellings(policy: Policy, claims: pd.DataFrame, column: str) -> dict[str, str]:
    """Give each text of a column with the stream, code or level that it means; what means nothing is left out."""
    read = {text: _READERS[column](policy, text) for text in claims[column].dropna().unique().tolist()}
    return {text: meant for text, meant in read.items() if meant is not None}


def starts(policy: Policy) -> list[date]:
    """Give the first day of each period in which no text changes; the number of a period is its place."""
    return list(policy.boundaries)


def deciding(policy: Policy) -> list[tuple[date, str]]:
    """Give which date decides a claim by the day of application: first day, and the name of the date.

    The name is empty where no rules edition is in force.
    """
    named = [
        (texts.first_day, texts.rules.procedure.entitlement_date if texts.rules else "") for texts in policy.periods
    ]
    return [next(group) for _, group in groupby(named, key=lambda item: item[1])]


def deciding_days(policy: Policy, applied: np.ndarray, issued: np.ndarray, filed: np.ndarray) -> np.ndarray:
    """Give the entitlement date of each row; NaT where there is none."""
    found = np.full(len(applied), np.datetime64("NaT"), applied.dtype)
    for first, name in deciding(policy):
        if not name:
            date_of = np.full(len(applied), np.datetime64("NaT"), applied.dtype)
        elif name == "training_filed_on":
            date_of = np.where(np.isnat(filed), applied, filed)
        else:
            date_of = issued if name == "certificate_date" else applied
        found = date_of if first == date.min else np.where(applied >= np.datetime64(first), date_of, found)
    return found


def period_numbers(policy: Policy, days: np.ndarray) -> np.ndarray:
    """Give the number of the period of each day; NaT is taken for the last."""
    return np.searchsorted(np.array(starts(policy)[1:], days.dtype), days, side="right")


def cells(policy: Policy, claims: pd.DataFrame) -> pa.Table:
    """Make the table, with the spellings that the claims hold: a user knows them, and no text has to be read again."""
    return pa.Table.from_pylist(list(_cells(policy, claims)))


def _cells(policy: Policy, claims: pd.DataFrame) -> Iterator[dict[str, object]]:
    streams, occupations, levels = (spellings(policy, claims, column) for column in KEYS[:3])
    for number, first in enumerate(starts(policy)):
        for stream in streams:
            for occupation in occupations:
                for level, meant in levels.items():
                    cell = quote(occupation, level, first, stream=stream, policy=policy)
                    yield {
                        "stream": stream,
                        "occupation": occupation,
                        "level": level,
                        "period": number,
                        "base_fen": cell.base_fen,
                        "uplift_fen": cell.uplift_fen,
                        "amount_fen": cell.amount_fen,
                        "reason": None if cell.reason is None else str(cell.reason),
                        "code": occupations[occupation],
                        "meant": meant,
                    }
