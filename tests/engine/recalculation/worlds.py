"""Policies, claims and payments by chance: late lists and rates, and every way in which money went wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from subsidy import Policy, Status
from subsidy.engine.sequence import assess_all
from subsidy.model.text import is_empty
from tests.engine.batch.chance import Pick, any_claims, any_policy, some
from tests.engine.recalculation.plain import Row

Item = dict[str, Any]
COLUMNS = ("claim_id", "paid_fen", "due_fen", "cause", "status", "reason", "detail", "blocked_by")
_LATER = (0, 20, 60, 200, 400, 700)


def any_payments(pick: Pick, policy: Policy, claims: list[Item]) -> list[Item]:
    """Pay claims: mostly what was due by what was known on the day, and in every wrong way."""
    made: list[Item] = []
    for claim in claims:
        if is_empty(claim["claim_id"]) or not pick((True, True, False)):
            continue
        day = claim["applied_on"] + timedelta(days=pick(_LATER))
        then = assess_all([claim | {"claim_id": "X"}], policy=policy.as_known_on(day))[0]
        right = then.amount_fen if then.status is Status.PAYABLE else 30_000
        amount = pick((right, right, right, right + 5_000, 30_000, 0, -500))
        made.append(_payment(pick, claim, amount, day))
        while pick((False, False, True)):
            day += timedelta(days=pick((0, 1, 90)))
            made.append(_payment(pick, claim, pick((amount, -amount, 1_000, -1_000)), day))
    for _ in range(pick((0, 0, 1, 2))):
        made.append({"claim_id": pick(("NOBODY", "NOBODY-2")), "amount_fen": pick((500, -500, 0)), "paid_on": date(2023, 5, 1)})
    return made


def _payment(pick: Pick, claim: Item, fen: int, day: date) -> Item:
    payment: Item = {"claim_id": claim["claim_id"], "amount_fen": fen, "paid_on": day}
    state = pick((None, None, None, "paid", "已发放", "退票", "withdrawn"))
    return payment | ({} if state is None else {"state": state})


def any_world(pick: Pick, rows: int, *, persons: int = 0) -> tuple[Policy, list[Item], list[Item]]:
    """Give a policy, claims, and payments for them."""
    policy = any_policy(pick)
    claims = any_claims(pick, rows, persons=persons)
    for one in claims if pick((False, False, True)) else []:
        for field in some(pick, ("level", "occupation", "certificate_no", "stream")) if not pick((True,) * 9 + (False,)) else ():
            one[field] = pick(("?", None))
    return policy, claims, any_payments(pick, policy, claims)


def as_model(payments: list[Item]) -> list[Item]:
    """Write payments as `subsidy.Payment` takes them: yuan as text."""
    return [
        {name: value for name, value in one.items() if name != "amount_fen"}
        | {"amount": f"{'-' if one['amount_fen'] < 0 else ''}{abs(one['amount_fen']) // 100}.{abs(one['amount_fen']) % 100:02d}"}
        for one in payments
    ]


def frame_of(payments: list[Item]) -> pd.DataFrame:
    """Write payments as a frame."""
    return pd.DataFrame(payments, columns=["claim_id", "amount_fen", "paid_on", "state"])


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Give adjustments as plain values."""
    columns = []
    for name in COLUMNS:
        column = frame[name].astype(object)
        columns.append(column.where(column.notna(), None).tolist())
    return [Row(*values) for values in zip(*columns, strict=True)]
