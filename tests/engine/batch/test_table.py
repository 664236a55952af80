"""A table of claims decided as a whole: what is left out of the call, and what is asked again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.table import decide_table
from subsidy.model.errors import HistoryError, InputError
from subsidy.policy.loading import default_policy
from tests.engine.batch.support import claim, frame, town

TOWN = town()


def arrow(claims: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(claims, preserve_index=False)


CLAIMS = frame(claim("C1"), claim("C2"), claim("C2", level="4"))
PAST = frame(claim("H1", level="?"), claim("H2", person_id="Q"))


def test_bad_rows_of_a_history_are_an_error_if_nobody_says_to_skip_them() -> None:
    with pytest.raises(HistoryError, match=r"history\[0\]"):
        decide_table(arrow(CLAIMS), arrow(PAST), policy=TOWN)
    found = decide_table(arrow(CLAIMS), arrow(PAST), policy=TOWN, skip_bad_history=True)
    assert [problem[:10] for problem in found.skipped_history] == ["history[0]"]
    assert found.table()["status"].to_pylist() == ["payable", "invalid", "invalid"]


def test_the_packaged_policy_serves_where_none_is_given() -> None:
    assert decide_table(arrow(CLAIMS)).policy is default_policy()


def test_of_which_table_a_column_is_missing() -> None:
    less = PAST.drop(columns="level")
    for name, claims, past in (("claims", less, PAST), ("history", CLAIMS, less)):
        with pytest.raises(InputError, match=f"^{name}: "):
            assess_frame(claims, past, TOWN)
        with pytest.raises(InputError, match=f"^{name}: "):
            decide_table(arrow(claims), arrow(past), policy=TOWN)


@pytest.mark.parametrize("workers", [1, 3])
def test_certificates_that_share_a_hash_are_asked_by_their_text(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is read again then, since the memory of it was given back."""
    strong = Spans.hashes
    monkeypatch.setattr(Spans, "hashes", lambda spans: strong(spans) & strong(spans).dtype.type(0))
    rows = [
        claim(f"C{n}", occupation=f"9-01-01-0{1 + n % 2}", certificate_no=f"S{n // 2}", level=str(5 - n // 2))
        for n in range(6)
    ]
    past = claim("H", occupation="9-99-99-99", certificate_no="S2")
    found = decide_table(arrow(frame(*rows)), arrow(frame(past)), policy=TOWN, workers=workers)
    table = found.table()
    refused = dict(zip(table["claim_id"].to_pylist(), table["blocked_by"].to_pylist(), strict=True))
    assert {name: by for name, by in refused.items() if by} == {"C1": "C0", "C3": "C2", "C4": "H", "C5": "H"}


@pytest.mark.parametrize("workers", [1, 3])
def test_each_share_of_the_persons_is_asked(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subsidy.engine.batch.shares._PART", 2)
    rows = [claim(f"{name}{n}", person_id=f"P{n}") for name in "AB" for n in range(12)]
    table = decide_table(arrow(frame(*rows)), policy=TOWN, workers=workers).table()
    assert table["blocked_by"].to_pylist() == [None] * 12 + [f"A{n}" for n in range(12)]


def test_rows_that_others_of_a_larger_table_repeat_can_not_be_used() -> None:
    found = decide_table(arrow(frame(claim("C1"), claim("C2"))), policy=TOWN, repeated=np.array([1])).table()
    assert found["reason"].to_pylist() == [None, "duplicate_claim_id"]
