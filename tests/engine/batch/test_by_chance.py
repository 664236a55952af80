"""Any policy, any claims, written in any way: the columns decide as the engine for one claim does."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy.model.words import INVALID_REASONS
from tests.engine.batch.chance import Pick, any_claims, any_policy, picks, seeded
from tests.engine.batch.support import same
from tests.engine.batch.writings import table
from tests.policy.support import moderate

LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@pytest.fixture(autouse=True)
def loops() -> None:
    """Every table here is decided by `same`, which does so both ways."""


@settings(moderate(60), suppress_health_check=LARGE)
@given(picks(), st.integers(0, 6), st.integers(0, 3))
def test_a_few_claims(pick: Pick, rows: int, past: int) -> None:
    """Small ones, so that what is found is small."""
    policy = any_policy(pick)
    claims = table(pick, any_claims(pick, rows))
    history = table(pick, any_claims(pick, past, letter=pick(("H", "H", "H", ""))), nonsense=pick((False, True)))
    same(claims, history if past else None, policy)


@pytest.mark.parametrize("seed", range(150))
def test_longer_histories(seed: int) -> None:
    """Five persons with up to thirty claims each."""
    pick = seeded(seed)
    policy = any_policy(pick)
    claims = table(pick, any_claims(pick, pick((30, 80, 150))))
    past = any_claims(pick, pick((0, 5, 20)), letter="H")
    history = table(pick, past, nonsense=False) if past else None
    same(claims, history, policy)


@pytest.mark.parametrize("seed", range(20))
def test_longer_histories_of_many_persons(seed: int) -> None:
    """So many persons that they are decided side by side, one claim of each at a time."""
    pick = seeded(3000 + seed)
    policy = any_policy(pick)
    persons = pick((30, 60))
    claims = table(pick, any_claims(pick, persons * pick((5, 25)), persons=persons))
    past = any_claims(pick, pick((0, persons)), letter="H", persons=persons)
    good = [one for one in past if one["applied_on"] >= one["certificate_date"]]
    same(claims, table(pick, good, nonsense=False) if good else None, policy, bad_history="raise")


@pytest.mark.parametrize("seed", range(4))
def test_many_rows(seed: int) -> None:
    """More rows than are worked on at once, of every reason to be invalid."""
    pick = seeded(seed)
    policy = any_policy(pick)
    small = any_claims(pick, 3000)
    for number, one in enumerate(small):
        one["claim_id"] += f"/{number // 2}" if one["claim_id"] in {"C", "C1"} else ""
        if one["person_id_type"] == "other":
            one["person_id"] += f"/{number % 700}"
    found = same(table(pick, small), policy=policy)
    assert isinstance(found, pd.DataFrame)


@pytest.mark.unmeasured
def test_every_reason_to_be_invalid_occurs() -> None:
    seen: set[str] = set()
    for seed in range(30):
        pick = seeded(1000 + seed)
        policy = any_policy(pick)
        seen |= set(same(table(pick, any_claims(pick, 200)), policy=policy)["reason"].dropna())
    assert {str(reason) for reason in INVALID_REASONS} <= seen
