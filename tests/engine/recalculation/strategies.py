"""Policies, claims and payments for hypothesis: each way in which money goes wrong has a name.

The policies change backwards in every text that section 6 asks about: lists that replace and that add, rates, uplifts,
limits by facts, `late_listing` and `lower_after_higher`. What else may differ stands in `worlds`, which is mixed in.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from subsidy import Policy, Status
from subsidy.engine.sequence import assess_all
from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty
from tests.engine.batch.chance import STREAMS, Pick, X, Y, Z, maybe, picks, some
from tests.engine.recalculation.worlds import any_world, as_model, late_world
from tests.policy.support import edition
from tests.policy.support import policy as make_policy

Item = dict[str, Any]
FIRST = "2023-01-01"
# When a text of May or later becomes known that governs from January, or from July on.
PUBLISHED = ("2023-05-20", "2023-10-10", "2024-03-01")
GOVERNS = ("2023-01-01", "2023-07-01")
TAGGED = "starred"
NOBODY = ("NOBODY", "NOBODY-2")


class World(NamedTuple):
    """A policy, claims as records, and payments as `subsidy.Payment` takes them."""

    policy: Policy
    claims: list[Item]
    payments: list[Item]


# -- policies ----------------------------------------------------------------------------


def retroactive_policy(pick: Pick) -> Policy:
    """Make a policy of which every text may be superseded later, from an earlier day on."""
    directory = [
        {"code": X, "name": {"zh": "观云员"}, "category": "A", "digital": True},
        {"code": Y, "name": {"zh": "采雾工"}, "category": "B", "tags": [TAGGED]},
        {"code": Z, "name": {"zh": "测风师"}},
    ]
    return make_policy(
        occupations=[edition("directory", FIRST, FIRST, occupations=directory)],
        rates=_editions(pick, "rates", _rates),
        catalog=_editions(pick, "list", _list),
        rules=_editions(pick, "rules", _rules),
    )


def _editions(pick: Pick, name: str, content: Any) -> list[Item]:
    late = [(published, pick(GOVERNS)) for published in some(pick, PUBLISHED)]
    return [
        edition(f"{name}-{number}", published, first, **content(pick, number))
        for number, (published, first) in enumerate([(FIRST, FIRST), *late])
    ]


def _rates(pick: Pick, number: int) -> Item:
    base = 1000 + number * pick((0, 0, 500))
    return {"amounts": {stream: {"any": {"5": base, "4": base, "3": base + 500}} for stream in STREAMS}}


def _list(pick: Pick, number: int) -> Item:
    entries = [
        {"occupation": code}
        | maybe(pick, lambda: {"levels": ["5", "4"]}, often=False)
        | maybe(pick, lambda: {"digital": False}, often=False)
        for code in some(pick, (X, Y, Z))
    ]
    mode = pick(("replaces", "adds")) if number else "replaces"
    return {"mode": mode, "complete": pick((True, True, True, False)), "entries": entries}


def _rules(pick: Pick, number: int) -> Item:
    uplift = {"id": "listed", "rate": pick(("0.30", "0.40")), "requires": pick((["shortage"], ["shortage", "digital"]))}
    always = {"id": "always", "amounts": {"training": {"any": {"5": 1100, "4": 1100, "3": 1700}}}}
    limits = [
        {"id": "lifetime", "at_most": pick((3, 2)), "per": "lifetime", "streams": ["training"]},
        {"id": "ordinary", "at_most": 1, "per": "calendar_year", "except": [pick(("shortage", TAGGED))]},
        {"id": "listed", "at_most": pick((2, 1)), "per": "calendar_year", "requires": ["shortage"]},
    ]
    procedure = {
        "entitlement_date": pick(("certificate_date", "applied_on", "training_filed_on")),
        "lower_after_higher": pick(("refuse", "allow")),
        "late_listing": pick(("pay_difference", "keep")),
        "limits": some(pick, limits),
    } | maybe(pick, lambda: {"insured_months": {"skill_improvement": 12}}, often=False)
    entitlement = {"uplifts": [uplift, *some(pick, [always])], "stacking": pick(("highest", "sum"))}
    return {"entitlement": entitlement, "procedure": procedure}


# -- claims ------------------------------------------------------------------------------


def few_claims(pick: Pick, most: int) -> list[Item]:
    """Make claims of a few persons; now and then a repeated id, or a record that can't be used."""
    made: list[Item] = []
    persons = pick((1, 2, 3))
    for number in range(1 + pick(range(most))):
        issued = date(2023, pick((2, 8)), pick((1, 28)))
        one = {
            "claim_id": f"C{number}",
            "person_id": f"P{pick(range(persons))}",
            "person_id_type": "other",
            "occupation": pick((X, Y, Z)),
            "level": pick(("5", "4", "3")),
            "certificate_no": pick((f"S{number}", f"S{number}", "SAME")),
            "certificate_date": issued,
            "applied_on": issued + timedelta(days=pick((5, 40, 320))),
            "stream": pick(STREAMS),
            "insured_months": pick((24, 24, None)),
            "training_filed_on": pick((None, issued - timedelta(days=20))),
        }
        spoiled = pick((None,) * 6 + ("level", "occupation", "applied_on", "certificate_no", "person_id", "stream"))
        made.append(one if spoiled is None else one | {spoiled: pick(("?", None)) if spoiled != "person_id" else None})
        if not pick((True,) * 8 + (False,)):
            made.append(dict(made[-1]) | pick(({}, {"level": "4"})))
    return made


# -- payments ----------------------------------------------------------------------------

WAYS = (
    "right",
    "none",
    "too little",
    "too much",
    "twice",
    "in two parts",
    "returned",
    "withdrawn and paid again",
    "taken back",
    "taken back and paid again",
    "more taken back than paid",
    "nothing but taken back",
    "another of nothing",
)


def paid_by(way: str, right: int, day: date, later: date) -> list[tuple[int, date, str]]:
    """Give payments of one claim: fen, day, state. `right` is what was due by what was known on the first day."""
    part = right // 3
    ways: dict[str, list[tuple[int, date, str]]] = {
        "right": [(right, day, "paid")],
        "none": [],
        "too little": [(right - 100, day, "paid")],
        "too much": [(right + 5_000, day, "")],
        "twice": [(right, day, "paid"), (right, later, "paid")],
        "in two parts": [(part, day, "paid"), (right - part, later, "paid")],
        "returned": [(right, day, "returned")],
        "withdrawn and paid again": [(right, day, "撤回"), (right, later, "已发放")],
        "taken back": [(right, day, "paid"), (-right, later, "paid")],
        "taken back and paid again": [(right, day, "paid"), (-right, day, "paid"), (right, later, "paid")],
        "more taken back than paid": [(right, day, "paid"), (-right - 100, later, "paid")],
        "nothing but taken back": [(-30_000, day, "paid")],
        "another of nothing": [(0, day, "paid"), (right, later, "paid")],
    }
    return ways[way]


def few_payments(pick: Pick, policy: Policy, claims: list[Item]) -> list[Item]:
    """Pay claims in every way; the right amount is what was due by what was known on the day, mostly."""
    made: list[Item] = []
    known: dict[date, list[int]] = {}
    for row, claim in enumerate(claims):
        if is_empty(claim["claim_id"]):
            continue
        applied = claim["applied_on"] if isinstance(claim["applied_on"], date) else claim["certificate_date"]
        day = pick((applied + timedelta(days=10), date(2023, 4, 1), date(2023, 9, 15), date(2024, 4, 1)))
        if day not in known:
            found = assess_all(claims, policy=policy.as_known_on(day))
            known[day] = [one.amount_fen if one.status is Status.PAYABLE else 100_000 for one in found]
        for fen, on, state in paid_by(pick(WAYS), known[day][row], day, day + timedelta(days=pick((0, 30, 250)))):
            made.append({"claim_id": claim["claim_id"], "amount": format_yuan(fen), "paid_on": on, "state": state})
    for name in some(pick, NOBODY):
        state = pick(("paid", "returned"))
        made.append({"claim_id": name, "amount": pick(("12.50", "-3")), "paid_on": date(2023, 5, 1), "state": state})
    return made


# -- worlds ------------------------------------------------------------------------------


@st.composite
def worlds(draw: st.DrawFn, most: int = 6) -> World:
    """Give worlds whose texts change backwards, and a few of any other kind."""
    pick = draw(picks())
    make = pick((None, None, None, late_world, any_world))
    if make is not None:
        policy, claims, payments = make(pick, 1 + pick(range(most)))
        return World(policy, claims, as_model(payments))
    policy = retroactive_policy(pick)
    claims = few_claims(pick, most)
    return World(policy, claims, few_payments(pick, policy, claims))


KNOWN = st.sampled_from((None, None, date(2023, 6, 1), date(2024, 1, 1)))
