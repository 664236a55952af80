"""What threads do changes nothing that is seen; a few claims need none."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from subsidy import Policy, recalculate
from tests.policy.support import edition
from tests.policy.support import policy as make_policy

_LATE = """
import atexit, threading
import pandas as pd
from subsidy import recalculate
claims = pd.DataFrame([{"claim_id": "C1", "person_id": "11010519491231002X", "occupation": "4-04-05-05", "level": "3",
    "certificate_no": "S1", "certificate_date": "2023-09-01", "applied_on": "2023-10-08"}])
payments = pd.DataFrame({"claim_id": ["C1"], "amount": ["5"], "paid_on": ["2023-11-01"]})
def paid(): print(recalculate(claims, payments).adjustments["paid_fen"].tolist(), flush=True)
def late():
    threading.main_thread().join()
    paid()
threading.Thread(target=late).start()
atexit.register(paid)
"""


def test_a_few_claims_need_no_thread() -> None:
    """Python starts no thread any more once the main one has ended."""
    done = subprocess.run([sys.executable, "-c", _LATE], capture_output=True, text=True, check=False, timeout=120)
    assert (done.stdout, done.stderr) == ("[500]\n[500]\n", "")


def _town() -> Policy:
    """A list that another one, published later, replaces from its first day on."""
    first, late = "2022-07-01", "2023-10-10"
    names = {"zh": "甲", "en": "A"}
    directory = {"occupations": [{"code": "9-01-01-01", "name": names, "category": "A", "digital": True}]}
    listed = {"entries": [{"occupation": "9-01-01-01"}]}
    return make_policy(
        occupations=[edition("directory", first, first, None, **directory)],
        rates=[edition("rates", first, first, None, amounts={"training": {"any": {"3": "1000.00"}}})],
        catalog=[edition("z-old", first, first, None, **listed), edition("a-new", late, first, None, **listed)],
        rules=[
            edition(
                "rules", first, first, None, entitlement={"uplifts": []}, procedure={"entitlement_date": "applied_on"}
            )
        ],
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_editions_are_in_the_order_of_their_days(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever claim is asked first."""
    monkeypatch.setattr("subsidy.engine.recalculation.then.BATCH", 2)
    monkeypatch.setattr("subsidy.engine.batch.arrays._FEW", 0)
    numbers = range(8)
    claims = pd.DataFrame(
        {
            "claim_id": [f"C{number}" for number in numbers],
            "person_id": [f"P{number}" for number in numbers],
            "person_id_type": "other",
            "occupation": "9-01-01-01",
            "level": "3",
            "certificate_no": [f"S{number}" for number in numbers],
            "certificate_date": "2023-02-01",
            "applied_on": "2023-03-01",
        }
    )
    paid_on = ["2023-04-01"] * 4 + ["2024-01-01"] * 4
    payments = pd.DataFrame({"claim_id": claims["claim_id"], "amount": "5", "paid_on": paid_on})
    policy, seen = _town(), set()
    for order in (claims, claims.iloc[::-1]):
        found = recalculate(order, payments, policy=policy, workers=workers).adjustments["catalog_edition_then"]
        assert sorted(found.astype(str)) == ["a-new"] * 4 + ["z-old"] * 4
        seen.add(tuple(found.cat.categories))
    assert seen == {("directory", "z-old", "rates", "rules", "a-new")}
