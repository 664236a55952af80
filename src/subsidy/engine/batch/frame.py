"""`subsidy.assess_frame`: a pandas frame of claims in, a frame of decisions out."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import numpy as np
import pandas as pd

from subsidy.engine.batch.sources import Source, source_of_frame
from subsidy.engine.batch.table import decide_source
from subsidy.engine.records import Unusable, read_record
from subsidy.model.errors import InputError, InvalidRowsError
from subsidy.model.text import shown
from subsidy.model.words import Status
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["assess_frame"]

_SHOWN = 20


def assess_frame(
    claims: pd.DataFrame,
    history: pd.DataFrame | None = None,
    policy: Policy | None = None,
    *,
    on_invalid: Literal["keep", "raise"] = "keep",
    bad_history: Literal["raise", "skip"] = "raise",
    workers: int | None = None,
) -> pd.DataFrame:
    """Decide a frame of claims together: one decision for each row, the same as one by one.

    Parameters
    ----------
    claims : DataFrame
        A row for each claim, of any number of persons, in any order, with any index. Columns ``claim_id``,
        ``person_id``, ``occupation``, ``level``, ``certificate_no``, ``certificate_date``, ``applied_on``; optional
        ``stream``, ``insured_months``, ``training_filed_on``, ``person_id_type`` and a column for each condition of the
        policy. Chinese headings serve too; other columns are left alone. The forms of values are those of a single
        claim (docs/forms.md).
    history : DataFrame, optional
        Claims already paid, with the same columns; all of them count, also those applied for later.
    policy : Policy, optional
        Left out: the packaged policy.
    on_invalid : {"keep", "raise"}
        A record that can't be used gets status ``invalid`` and its reason; or all of them are an error.
    bad_history : {"raise", "skip"}
        Rows of the history that can't be used are an error; or they are left out, and ``attrs["skipped_history"]``
        lists them.
    workers : int, optional
        Threads; left out: one for each processor.

    Returns
    -------
    DataFrame
        With the index of ``claims``, rows out = rows in: ``claim_id``, ``status``, ``reason``, ``detail``,
        ``blocked_by``, ``base_fen``, ``uplift_fen``, ``amount_fen`` (whole fen), ``confidence``,
        ``directory_edition``, ``catalog_edition``, ``rate_edition``, ``rules_edition``; what isn't known is missing.
        ``attrs["policy_fingerprint"]`` names the policy.

    Raises
    ------
    InputError
        If a required column is missing, or two columns have one heading.
    HistoryError
        If a row of the history can't be used, or a claim id stands twice among history and claims.
    InvalidRowsError
        With ``on_invalid="raise"``, if a record can't be used.

    Notes
    -----
    Rules 1 to 10: design, section 4. Of one person's claims those applied for earlier count first, then by claim id.

    Examples
    --------
    >>> import pandas as pd
    >>> claims = pd.DataFrame({"claim_id": ["C2", "C1"], "person_id": "11010519491231002X", "occupation": "4-04-05-05",
    ...     "level": 3, "certificate_no": ["S2", "S1"], "certificate_date": "2023-09-01", "applied_on": "2023-10-08"})
    >>> assess_frame(claims)[["claim_id", "reason", "blocked_by", "amount_fen"]]
      claim_id                   reason blocked_by  amount_fen
    0       C2  same_level_already_paid         C1           0
    1       C1                      NaN        NaN      234000
    """
    for name, given, words in (
        ("on_invalid", on_invalid, ("keep", "raise")),
        ("bad_history", bad_history, ("raise", "skip")),
    ):
        if given not in words:
            raise InputError(name, shown(given), " or ".join(words))
    policy = policy or default_policy()
    past = None if history is None else source_of_frame(policy, history, "history")
    source = source_of_frame(policy, claims, workers=workers)
    decided = decide_source(source, past, policy, skip_bad_history=bad_history == "skip", workers=workers)
    frame = decided.frame(claims.index)
    if decided.skipped_history:
        frame.attrs["skipped_history"] = decided.skipped_history
    if on_invalid == "raise":
        _raise_for_invalid(policy, source, frame)
    return frame


def _raise_for_invalid(policy: Policy, source: Source, frame: pd.DataFrame) -> None:
    rows = np.flatnonzero(frame["status"] == Status.INVALID).tolist()
    if not rows:
        return
    reasons, details = frame["reason"].iloc[rows].tolist(), frame["detail"].iloc[rows].tolist()
    problems = []
    for row, reason, detail in zip(rows[:_SHOWN], reasons, details, strict=False):
        read = read_record(policy, source.record(row))
        expected = read.expected if isinstance(read, Unusable) else "an id that no other row has"
        problems.append(f"row {row}: {detail}: {reason}, expected {expected}")
    raise InvalidRowsError(tuple(problems), dict(Counter(reasons).most_common()))
