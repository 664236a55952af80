"""Texts are told apart by short hashes first: where two texts have one hash, the texts themselves must decide.

Here every hash is made so weak that unequal texts share one all the time.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from subsidy.engine.batch.spans import Spans
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import OPEN, claim, frame, same, town
from tests.engine.batch.writings import table

_STRONG = Spans.hashes
KEPT = [0, 1, 0xFF, 0xFFFF, 0xFFFF_0000_0000_0000]


@pytest.fixture(autouse=True)
def loops() -> None:
    """Every table here is decided by `same`, which does so both ways."""


@pytest.fixture(params=KEPT, ids=hex)
def weak(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Keep only some bits of every hash."""
    kept = int(request.param)

    def hashes(spans: Spans) -> Any:
        return _STRONG(spans) & np.uint64(kept)

    monkeypatch.setattr(Spans, "hashes", hashes)
    return kept


LIMITED = town((OPEN[1], {"limits": [{"id": "yearly", "at_most": 2, "per": "calendar_year"}]}))


def test_claims_with_different_ids(weak: int) -> None:
    found = same(frame(*(claim(f"C{n}", person_id=f"P{n}") for n in range(300))), policy=LIMITED)
    assert set(found["status"]) == {"payable"}


def test_repeated_ids_among_different_ones(weak: int) -> None:
    rows = [claim(f"C{n % 200}", person_id=f"P{n}", level=str(1 + n % 3)) for n in range(250)]
    rows += [claim("same", person_id="Z")] * 3
    found = same(frame(*rows), policy=LIMITED)
    assert (found["reason"].astype(object) == "duplicate_claim_id").sum() == 102


def test_certificates_with_different_numbers(weak: int) -> None:
    rows = [
        claim(f"C{n}", person_id=f"P{n % 9}", certificate_no=f"S{n % 50}", occupation=f"9-01-01-0{1 + n % 3}",
              level=str(1 + n % 5), applied_on=date(2024 + n % 5, 3, 1))
        for n in range(300)
    ]  # fmt: skip
    same(frame(*rows), policy=town((OPEN[1], {"lower_after_higher": "allow"})))
    same(frame(*rows[100:]), frame(*(row | {"claim_id": f"H{n}"} for n, row in enumerate(rows[:100]))), LIMITED)


def test_persons_of_other_types(weak: int) -> None:
    rows = [claim(f"C{n}", person_id=f"P{n % 70}" * (1 + n % 7)) for n in range(400)]
    same(frame(*rows), policy=LIMITED)


def test_an_id_in_history_and_among_the_claims(weak: int) -> None:
    past = [claim(f"H{n}", person_id=f"P{n}") for n in range(50)]
    claims = [claim(f"C{n}", person_id=f"P{n}") for n in range(50)]
    same(frame(*claims), frame(*past), LIMITED)
    same(frame(*claims), frame(*past, claim("C7")), LIMITED)


@pytest.mark.parametrize("seed", range(8))
def test_by_chance(weak: int, seed: int) -> None:
    pick = seeded(2000 + seed)
    policy = any_policy(pick)
    claims, past = table(pick, any_claims(pick, 60)), table(pick, any_claims(pick, 8, letter="H"), nonsense=False)
    assert isinstance(same(claims, past, policy), pd.DataFrame)


def test_two_texts_of_more_than_the_hashed_length(weak: int) -> None:
    long = "9" * 70
    rows = [claim(f"C{n}", person_id=long + str(n % 3), certificate_no=long + str(n)) for n in range(9)]
    same(frame(*rows, *(row | {"claim_id": long + str(n)} for n, row in enumerate(rows))), policy=LIMITED)
