"""The columns of adjustments that repeat what was decided, beside the decisions claim by claim."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from subsidy import InputError, assess_frame, recalculate
from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS, ask_for
from subsidy.engine.records import Usable, read_record
from tests.engine.batch.chance import seeded
from tests.engine.recalculation import hand
from tests.engine.recalculation.strategies import retroactive_policy
from tests.engine.recalculation.worlds import any_payments, frame_of, late_world

EDITIONS = ("directory_edition", "catalog_edition", "rate_edition", "rules_edition")
DECIDED = ("base_fen", "uplift_fen", *EDITIONS)


def _plain(column: pd.Series[Any]) -> list[Any]:
    values = column.astype(object)
    return list(values.where(values.notna(), None))


@pytest.mark.parametrize("seed", [9001, 9004, 9007])
def test_what_each_claim_is_for_and_what_it_was_then(seed: int) -> None:
    """*Then* is the first day of a payment that counts, else the day of application."""
    pick = seeded(seed)
    policy, claims, payments = late_world(pick, 15)
    if seed == 9007:
        policy = retroactive_policy(pick)
        payments = any_payments(pick, policy, claims)
    claims[3] |= {"level": "?", "occupation": "?"}
    claims[4] |= {"stream": "?", "applied_on": "?"}
    claims[5] |= {"applied_on": date(2021, 5, 1), "certificate_date": date(2021, 4, 1)}  # before any text
    frame = recalculate(pd.DataFrame(claims, dtype=object), frame_of(payments), policy=policy).adjustments
    assert set(frame) == set(ADJUSTMENT_COLUMNS)
    columns = {name: _plain(frame[name]) for name in ADJUSTMENT_COLUMNS}
    asked = 0
    for row, claim in enumerate(claims):
        own = {name: values[row] for name, values in columns.items()}
        paid = [
            one["paid_on"]
            for one in payments
            if one["claim_id"] == claim["claim_id"] and one.get("state") in {None, "paid", "已发放"}
        ]
        first = min(paid, default=None)
        assert (own["first_paid_on"] and own["first_paid_on"].date()) == first
        read = read_record(policy, claim)
        if isinstance(read, Usable):
            texts = policy.texts_on(claim["applied_on"])
            listing = texts.listing(claim["occupation"])
            category = None if listing is None or listing.category is None else str(listing.category)
            assert [own[name] for name in ("occupation", "category", "level", "stream")] == [
                claim["occupation"], category, str(claim["level"]), str(claim["stream"])
            ]  # fmt: skip
            assert own["applied_on"].date() == claim["applied_on"]
        if own["payable_then"] is None:
            assert all(own[name] is None for name in own if "_then" in name)
            continue
        asked += 1
        alone = assess_frame(
            pd.DataFrame([claim], dtype=object), policy=policy.as_known_on(first or claim["applied_on"])
        )
        assert {
            name: own[name.replace("_fen", "_then_fen") if "_fen" in name else f"{name}_then"] for name in DECIDED
        } == {name: _plain(alone[name])[0] for name in DECIDED}
        amount = _plain(alone["amount_fen"])[0]
        assert own["amount_then_fen"] == (amount if own["payable_then"] else 0)
    assert asked > 3
    bad = {name: columns[name][3:5] for name in ("occupation", "level", "stream", "applied_on", "category")}
    assert (bad["occupation"][0], bad["level"][0], bad["stream"][1], bad["applied_on"][1]) == (None,) * 4
    assert bad["category"] == [None, None]


def test_columns_are_as_narrow_as_they_can_be() -> None:
    """Fresh memory is dear."""
    found = recalculate(
        pd.DataFrame([hand.claim("C1"), hand.claim("C2", hand.Z)]), pd.DataFrame([hand.paid("C1", "1000")]),
        policy=hand.town(),
    ).adjustments  # fmt: skip
    for name in ADJUSTMENT_COLUMNS:
        kind = found[name].dtype
        if isinstance(kind, pd.CategoricalDtype):
            assert found[name].cat.codes.dtype == np.int8
            assert kind.categories.dtype == pd.StringDtype("python", na_value=np.nan)
    assert {name: str(found[name].dtype) for name in ("payable_then", "base_then_fen", "paid_fen", "applied_on")} == {
        "payable_then": "boolean",
        "base_then_fen": "Int64",
        "paid_fen": "int64",
        "applied_on": "datetime64[s]",
    }
    assert isinstance(found.index, pd.RangeIndex)


def test_who_was_paid_and_claimed_nothing() -> None:
    """One row for each id, by id; the day is the first that counts."""
    payments = [
        hand.paid("Z9", "40", hand.JUNE),
        hand.paid("Z9", "-50", hand.MARCH),
        hand.paid("Z9", "7", "2023-01-05", "退票"),
        hand.paid("Z8", "-7"),
        hand.paid("Z7", "7", state="退票"),
        hand.paid("Z6", "2", "2023-04-02"),
        hand.paid("Z6", "3", "2023-04-01"),
    ]
    found = recalculate(pd.DataFrame([hand.claim()]), pd.DataFrame(payments), policy=hand.town()).adjustments
    names = ["claim_id", "paid_fen", "due_fen", "amount_fen", "adjustment_fen", "kind", "cause", "first_paid_on"]
    rows = list(zip(*(_plain(found[name])[1:] for name in names), strict=True))
    why = "payment_without_claim"
    assert [(*row[:-1], row[-1] and row[-1].date().isoformat()) for row in rows] == [
        ("Z6", 500, 0, 0, -500, "recovery", why, "2023-04-01"),
        ("Z7", 0, 0, 0, 0, "none", why, None),
        ("Z8", -700, 0, 0, 700, "top_up", why, hand.MARCH),
        ("Z9", -1000, 0, 0, 1000, "top_up", why, hand.MARCH),
    ]
    assert all(found[name][1:].isna().all() for name in found if name not in names)
    assert set(found.attrs) == {"run_id", "policy_fingerprint"}
    assert found.index.tolist() == list(range(5))


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(InputError) as caught:
        ask_for(pd.DataFrame({"a": [1]}), ("a", "b", "c"))
    assert (caught.value.field, caught.value.found) == ("adjustments", "no column b, c")
    assert caught.value.expected == "adjustments with them: name them in `columns`, or leave `columns` out"
