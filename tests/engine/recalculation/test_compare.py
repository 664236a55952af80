"""Two policies on the same claims: each decides as it does alone, and the difference turns its sign with them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from subsidy import InputError, assess_frame, compare, load_policy
from subsidy.engine.recalculation.table import DIFFERENCES
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.worlds import any_world, late_policy, late_world


@pytest.mark.parametrize("seed", range(40))
def test_each_policy_decides_as_it_does_alone(seed: int) -> None:
    pick = seeded(seed)
    policy, rows, _ = (any_world if seed % 2 else late_world)(pick, 15)
    other = late_policy(pick)
    claims = pd.DataFrame(rows, dtype=object, index=[f"row {number}" for number in range(len(rows))])
    found = compare(claims, policy, other)
    for letter, one in (("a", policy), ("b", other)):
        alone = assess_frame(claims, policy=one)
        for name in ("status", "reason", "base_fen", "uplift_fen", "amount_fen"):
            mine, theirs = (column.astype(object) for column in (found.differences[f"{name}_{letter}"], alone[name]))
            assert mine.where(mine.notna(), None).tolist() == theirs.where(theirs.notna(), None).tolist()
    assert found.differences.index.equals(claims.index)
    assert list(found.differences) == DIFFERENCES.names
    assert found.differences["claim_id"].equals(alone["claim_id"])
    back = compare(claims, other, policy)
    assert (back.differences["difference_fen"] == -found.differences["difference_fen"]).all()
    alike = policy.vocabulary.titles.keys() == other.vocabulary.titles.keys()  # else a text can mean two codes
    for by in ("occupation", "level", "stream", "month") if alike else ("level", "stream", "month"):
        there, again = found.totals(by), back.totals(by)
        assert there[by].astype(object).fillna("").tolist() == again[by].astype(object).fillna("").tolist()
        assert (there["difference_fen"] == -again["difference_fen"]).all()
        assert there["difference_fen"].sum() == found.difference_fen
        assert (there["amount_b_fen"] - there["amount_a_fen"] == there["difference_fen"]).all()


def test_the_list_of_2023_costs_thirty_percent_of_the_base() -> None:
    policy = load_policy()
    claims = pd.DataFrame(
        {
            "claim_id": ["C1", "C2"],
            "person_id": "11010519491231002X",
            "occupation": ["4-04-05-05", "4-04-05-05"],
            "level": ["3", "2"],
            "certificate_no": ["S1", "S2"],
            "certificate_date": date(2023, 9, 1),
            "applied_on": [date(2023, 10, 8), date(2023, 10, 9)],
        }
    )
    found = compare(claims, policy.as_known_on("2023-08-16"), policy)
    assert found.differences["difference_fen"].tolist() == [54_000, 75_000]  # 30% of 1800 and of 2500 yuan
    with pytest.raises(InputError, match="one of occupation, category"):
        found.totals("color")
