"""Steps and receipts: what a record that can't be used shows, and that each step cites its own text."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy import Level, Outcome, Reason, Stream, assess
from subsidy.engine.trace import EntitlementTrace
from subsidy.model.decision import Step
from tests.engine.test_decide import CODE, LIMIT, RECORD, city


def test_a_quote_has_no_receipt() -> None:
    law = city()
    trace = EntitlementTrace(law, law.texts_on(date(2024, 6, 1)), CODE, Level.L3, Stream.TRAINING)
    with pytest.raises(ValueError, match=r"^a quote has no receipt; only a decision on a claim has$"):
        trace.receipt()


def test_a_record_that_cannot_be_used_has_one_step() -> None:
    (step,) = assess(RECORD | {"insured_months": "-1"}, policy=city()).steps
    assert step == Step(
        rule="record",
        outcome=Outcome.NOT_MET,
        reason=Reason.BAD_NUMBER,
        detail="insured_months",
        figures=step.figures,
    )
    assert list(step.figures) == ["expected"]


def test_only_a_limit_is_cited_by_the_own_source_of_a_limit() -> None:
    own = {"document": "Own", "confidence": "assumed"}
    law = city(
        conditions=[{"id": "yearly", "title": {"zh": "每年", "en": "Each year"}}],
        limits=[LIMIT | {"source": own}, LIMIT | {"id": "plain"}],
    )
    steps = assess(RECORD | {"yearly": True}, policy=law).steps
    cited = {(step.rule, step.detail): [(cite.document, cite.part) for cite in step.cites] for step in steps}
    assert cited["condition", "yearly"] == [("D", None)]
    assert cited["limit", "yearly"] == [("Own", "yearly")]
    assert cited["limit", "plain"] == [("D", None)]
    (asked,) = (step.figures for step in steps if step.rule == "condition")
    assert asked == {"title_zh": "每年", "title_en": "Each year", "stated": True}
