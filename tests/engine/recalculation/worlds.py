"""Policies, claims and payments by chance: late lists and rates, and every way in which money went wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from subsidy import Policy, Status
from subsidy.engine.sequence import assess_all
from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty
from tests.engine.batch.chance import STREAMS, Pick, X, Y, Z, any_claims, any_policy, some
from tests.engine.recalculation.plain import Row
from tests.policy.support import edition
from tests.policy.support import policy as make_policy

Item = dict[str, Any]
COLUMNS = ("claim_id", "paid_fen", "due_fen", "cause", "status", "reason", "detail", "blocked_by")
_PUBLISHED = ("2023-03-15", "2023-05-20", "2023-10-10", "2024-03-01")
_LATER = (0, 20, 60, 200, 400, 700)


def late_policy(pick: Pick) -> Policy:
    """Make a policy whose lists, rates and rules are published late and govern backwards."""
    first = "2022-07-01"
    directory = {
        "occupations": [{"code": code, "name": {"zh": code}, "category": "A", "digital": True} for code in (X, Y, Z)]
    }

    def editions(name: str, content: Callable[[], Item]) -> list[Item]:
        late = [(day, pick(("2022-07-01", "2023-01-01", "2023-07-01"))) for day in some(pick, _PUBLISHED)]
        return [
            edition(f"{name}-{number}", published, governs, None, **content())
            for number, (published, governs) in enumerate([(first, first), *late])
        ]

    def rules() -> Item:
        uplift = {"id": "listed", "requires": pick((["shortage"], ["shortage", "digital"], []))}
        uplifts = [uplift | {"rate": pick(("0.30", "0.40"))}] if pick((True, True, True, False)) else []
        limits = [
            {"id": "yearly", "at_most": pick((1, 2, 3)), "per": "calendar_year"}
            | {"streams": ["training", "skill_improvement"], "except": pick(([], ["shortage"]))}
        ]
        procedure = {
            "entitlement_date": pick(("certificate_date", "applied_on")),
            "lower_after_higher": pick(("refuse", "allow")),
            "late_listing": pick(("pay_difference", "keep")),
            "limits": limits if pick((False, True)) else [],
        }
        return {"entitlement": {"uplifts": uplifts}, "procedure": procedure}

    return make_policy(
        occupations=[edition("directory", first, first, None, **directory)],
        rates=editions("rates", lambda: {"amounts": {one: {"any": _amounts(pick)} for one in STREAMS}}),
        catalog=editions(
            "list", lambda: {"entries": [{"occupation": one} for one in some(pick, (X, Y, Z), at_least=1)]}
        ),
        rules=editions("rules", rules),
    )


def _listed(codes: list[str]) -> Item:
    return {"entries": [{"occupation": code} for code in codes]}


def _amounts(pick: Pick) -> Item:
    return dict.fromkeys(("5", "4", "3"), pick((1000, 1500)))


def late_world(pick: Pick, rows: int) -> tuple[Policy, list[Item], list[Item]]:
    """Give a late policy, sound claims of a few persons, and payments that mostly were right on their day."""
    policy = late_policy(pick)
    claims = []
    for number in range(rows):
        issued = date(2023, pick((2, 3, 8)), pick((1, 28)))
        claims.append(
            {
                "claim_id": f"C{number}",
                "person_id": f"P-{pick(range(1 + rows // 2))}",
                "person_id_type": "other",
                "occupation": pick((X, Y, Z)),
                "level": pick(("3", "4", "5")),
                "certificate_no": f"S{number}",
                "certificate_date": issued,
                "applied_on": issued + timedelta(days=pick((5, 40))),
                "stream": pick(STREAMS),
            }
        )
    return policy, claims, any_payments(pick, policy, claims)


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
    nobody = pick(((), (), ("NOBODY",), ("NOBODY", "NOBODY-2", "NOBODY")))
    return made + [{"claim_id": one, "amount_fen": pick((500, -500, 0)), "paid_on": date(2023, 5, 1)} for one in nobody]


def _payment(pick: Pick, claim: Item, fen: int, day: date) -> Item:
    payment: Item = {"claim_id": claim["claim_id"], "amount_fen": fen, "paid_on": day}
    state = pick((None, None, None, "paid", "已发放", "退票", "withdrawn"))
    return payment | ({} if state is None else {"state": state})


def any_world(pick: Pick, rows: int, *, persons: int = 0) -> tuple[Policy, list[Item], list[Item]]:
    """Give a policy, claims, and payments for them."""
    policy = any_policy(pick)
    claims = any_claims(pick, rows, persons=persons)
    careless = pick((False, False, True))
    for one in claims if careless else []:
        if not pick((True,) * 9 + (False,)):
            for field in some(pick, ("level", "occupation", "certificate_no", "stream")):
                one[field] = pick(("?", None))
    return policy, claims, any_payments(pick, policy, claims)


def as_model(payments: list[Item]) -> list[Item]:
    """Write payments as `subsidy.Payment` takes them: yuan as text."""
    return [
        {name: value for name, value in one.items() if name != "amount_fen"}
        | {"amount": format_yuan(one["amount_fen"])}
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
