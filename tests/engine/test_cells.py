"""What a cell of the grid says where the law has a gap, or prints a rate in an odd way."""

from __future__ import annotations

from datetime import date
from typing import Any

from subsidy.engine.cells import cell_of, entitlement_steps
from subsidy.model.decision import Step
from subsidy.model.level import Level, Stream
from subsidy.model.words import Confidence, Outcome, Reason
from subsidy.policy.policy import Policy
from tests.policy.support import Item, edition, policy

YEAR = ("2024-01-01", "2024-01-01")
CODE = "9-01-01-01"
DAY = date(2024, 6, 1)


def city(*uplifts: Item) -> Policy:
    return policy(
        occupations=[edition("directory", *YEAR, occupations=[{"code": CODE, "name": {"zh": "观云员"}}])],
        rates=[edition("rates", *YEAR, amounts={"training": {"any": {"3": "2000"}}})],
        rules=[edition("rules", *YEAR, entitlement={"uplifts": list(uplifts)})],
    )


def uplift_step(law: Policy) -> Step:
    return entitlement_steps(law.texts_on(DAY), Stream.TRAINING, CODE, Level.L3)[1]


def test_under_a_gap_of_the_catalogue_no_uplift_is_known_to_hold() -> None:
    own = {"document": "Own", "confidence": "assumed"}
    law = city(
        {"id": "always", "rate": "0.10", "requires": [], "source": own},
        {"id": "short", "rate": "0.30", "requires": ["shortage"]},
    )
    steps = entitlement_steps(law.texts_on(DAY), Stream.TRAINING, CODE, Level.L3)
    assert [(step.rule, step.outcome) for step in steps] == [
        ("base_amount", Outcome.COMPUTED),
        ("uplift", Outcome.UNCLEAR),
        ("ceiling", Outcome.NOT_ASKED),
        ("rounding", Outcome.NOT_ASKED),
    ]
    step = steps[1]
    assert step.reason is Reason.NO_CATALOG_IN_FORCE
    uplifts: Any = step.figures["uplifts"]
    assert [(one["id"], one["holds"], one["taken"]) for one in uplifts] == [
        ("always", False, False),
        ("short", False, False),
    ]
    assert [cite.part for cite in step.cites] == [None]
    cell = cell_of(law, law.texts_on(DAY), Stream.TRAINING, CODE, Level.L3)
    assert (cell.base_fen, cell.uplift_fen, cell.amount_fen) == (200_000, None, 0)
    assert cell.confidence is Confidence.OFFICIAL


def test_a_rate_is_shown_as_plain_digits() -> None:
    for written, shown in (("1", "1"), ("0.30", "0.3"), ("0.0000001", "0.0000001"), ("10", "10")):
        uplifts: Any = uplift_step(city({"id": "rate", "rate": written})).figures["uplifts"]
        assert [one["rate"] for one in uplifts] == [shown]
