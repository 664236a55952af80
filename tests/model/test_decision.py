"""Answers: money in yuan, equality without the trace, steps that are built late and travel along."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from subsidy.model.decision import Cite, Decision, Entitlement, Figures, Step
from subsidy.model.level import Level, Stream
from subsidy.model.words import Confidence, Outcome, Reason, Status

CITE = Cite(
    kind="rates", edition="jiangsu-benchmark-2023", document="苏人社函〔2023〕177号", confidence=Confidence.SECONDARY
)
STEPS = (
    Step(rule="base_amount", outcome=Outcome.COMPUTED, figures={"base_fen": 180000, "on": "2023-09-01"}, cites=(CITE,)),
    Step(rule="uplift", outcome=Outcome.NOT_MET, reason=Reason.CLAIMED_TOO_LATE, detail="x", blocked_by="C0"),
)


class CountingTrace:
    """A trace as the engine leaves it, that counts how often the steps are built and can't be pickled."""

    def __init__(self) -> None:
        self.built = 0
        self.unpicklable = lambda: None

    def steps(self) -> tuple[Step, ...]:
        self.built += 1
        return STEPS

    def receipt(self, decision: Decision, person_id: str, key: bytes | None) -> Figures:
        return {"claim_id": decision.claim_id, "person_id": person_id, "keyed": key is not None}


def decision(**changes: Any) -> Decision:
    values: dict[str, Any] = {
        "claim_id": "C1",
        "status": Status.PAYABLE,
        "base_fen": 180000,
        "uplift_fen": 54000,
        "amount_fen": 234000,
        "confidence": Confidence.ASSUMED,
        "directory_edition": "jiangsu-2023",
        "catalog_edition": "suzhou-digital-2023",
        "rate_edition": "jiangsu-benchmark-2023",
        "rules_edition": "suzhou-2023",
        "policy_fingerprint": "f" * 64,
    }
    return Decision(**(values | changes))


def entitlement(**changes: Any) -> Entitlement:
    values: dict[str, Any] = {
        "occupation": "4-04-05-05",
        "level": Level.L3,
        "stream": Stream.TRAINING,
        "on": date(2023, 9, 1),
        "status": Status.PAYABLE,
        "base_fen": 180000,
        "uplift_fen": 54000,
        "amount_fen": 234000,
    }
    return Entitlement(**(values | changes))


def traced(answer: Decision | Entitlement) -> CountingTrace:
    """Give an answer a trace, as the engine does."""
    trace = CountingTrace()
    answer._trace = trace
    return trace


ANSWERS = [decision, entitlement]


@given(st.integers(0, 10**12), st.integers(-(10**12), 10**12))
def test_money_in_yuan(base: int, uplift: int) -> None:
    answer = decision(base_fen=base, uplift_fen=uplift, amount_fen=base + uplift)
    assert answer.base is not None
    assert answer.uplift is not None
    for yuan, fen in ((answer.base, base), (answer.uplift, uplift), (answer.amount, base + uplift)):
        assert Fraction(yuan) * 100 == fen
        assert yuan.as_tuple().exponent == -2
    assert answer.base + answer.uplift == answer.amount


def test_the_example_of_the_specification() -> None:
    answer = decision()
    assert (str(answer.base), str(answer.uplift), str(answer.amount)) == ("1800.00", "540.00", "2340.00")


@pytest.mark.parametrize("make", ANSWERS)
def test_an_answer_made_without_checks_is_like_a_checked_one(make: Any) -> None:
    checked = make(**dict.fromkeys(("reason", "detail", "confidence")))
    fields = dict(checked)
    trace = CountingTrace()
    for names in (list(fields), list(reversed(fields))):
        made = type(checked).made(trace, **{name: fields[name] for name in names})
        assert made == checked
        assert hash(made) == hash(checked)
        assert made.model_fields_set == set(fields)
        assert made.model_dump() == checked.model_dump()
        assert sorted(made.model_dump_json()) == sorted(checked.model_dump_json())
        assert made.steps == STEPS
        assert pickle.loads(pickle.dumps(made)) == checked  # noqa: S301  (made in this line)
        with pytest.raises(ValidationError, match="frozen"):
            made.detail = "x"
    assert trace.built == 2
    assert type(checked).made(None, **fields).steps == ()


@pytest.mark.parametrize("make", ANSWERS)
def test_unknown_amounts_are_none_and_not_zero(make: Any) -> None:
    answer = make(status=Status.UNDETERMINED, base_fen=None, uplift_fen=None, amount_fen=0)
    assert answer.base is None
    assert answer.uplift is None
    assert answer.amount == Decimal("0.00")
    assert str(answer.amount) == "0.00"


@pytest.mark.parametrize("make", ANSWERS)
def test_steps_are_built_once_and_late(make: Any) -> None:
    answer = make()
    trace = traced(answer)
    assert trace.built == 0
    assert answer.steps is answer.steps
    assert answer.steps == STEPS
    assert trace.built == 1


@pytest.mark.parametrize("make", ANSWERS)
def test_without_a_trace_there_are_no_steps(make: Any) -> None:
    assert make().steps == ()


@pytest.mark.parametrize("make", ANSWERS)
def test_equality_and_hash_ignore_the_trace(make: Any) -> None:
    bare, fresh, built = make(), make(), make()
    traced(fresh)
    traced(built)
    assert built.steps
    assert bare == fresh == built
    assert len({bare, fresh, built}) == 1


@pytest.mark.parametrize("make", ANSWERS)
def test_answers_that_differ_in_one_field_are_not_equal(make: Any) -> None:
    other: dict[str, Any] = {
        "status": Status.REFUSED, "reason": Reason.LIMIT_REACHED, "detail": "yearly", "base_fen": 1,
        "uplift_fen": 1,
        "amount_fen": 1, "confidence": Confidence.OFFICIAL, "directory_edition": "x",
        "catalog_edition": "x",
        "rate_edition": "x", "rules_edition": "x", "policy_fingerprint": "x", "claim_id": "C2",
        "blocked_by": "C0",
        "occupation": "4-04-05-06", "level": Level.L4, "stream": Stream.SKILL_IMPROVEMENT,
        "on": date(2023, 9, 2),
    }  # fmt: skip
    fields = type(make()).model_fields
    assert set(fields) <= set(other)
    for field in fields:
        assert make(**{field: other[field]}) != make(), field


def test_a_decision_is_no_entitlement() -> None:
    assert decision() != entitlement()
    assert decision() != dict(decision())
    assert hash(decision()) != hash(entitlement())


@pytest.mark.parametrize("make", ANSWERS)
def test_pickle_keeps_the_steps_and_leaves_the_trace_behind(make: Any) -> None:
    answer = make()
    trace = traced(answer)
    for _ in range(2):
        twin = pickle.loads(pickle.dumps(answer))  # noqa: S301  (made in this line)
        assert twin == answer
        assert hash(twin) == hash(answer)
        assert twin.steps == STEPS
        assert twin.model_fields_set == answer.model_fields_set
        answer = twin
    assert trace.built == 1
    assert pickle.loads(pickle.dumps(make())).steps == ()  # noqa: S301  (made in this line)


@pytest.mark.parametrize("make", ANSWERS)
def test_a_copy_is_equal_and_has_the_steps(make: Any) -> None:
    answer = make()
    traced(answer)
    assert copy.copy(answer) == answer
    assert copy.copy(answer).steps == STEPS


@pytest.mark.parametrize("make", ANSWERS)
def test_answers_are_frozen_and_strict(make: Any) -> None:
    answer = make()
    for name in type(answer).model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(answer, name, None)
    for wrong in ({"status": "payable"}, {"amount_fen": 1.0}, {"amount_fen": "1"}, {"other": 1}):
        with pytest.raises(ValidationError):
            make(**wrong)


@pytest.mark.parametrize("make", ANSWERS)
def test_json_there_and_back(make: Any) -> None:
    for answer in (make(), make(status=Status.REFUSED, reason=Reason.LEVEL_NOT_SUBSIDISED, base_fen=None)):
        assert type(answer).model_validate_json(answer.model_dump_json()) == answer
        assert type(answer).model_validate(answer.model_dump()) == answer
    for mode in ("validation", "serialization"):
        assert set(type(make()).model_json_schema(mode=mode)["properties"]) == set(type(make()).model_fields)


@pytest.mark.parametrize("step", STEPS)
def test_steps_travel(step: Step) -> None:
    assert Step.model_validate_json(step.model_dump_json()) == step
    assert Step.model_validate(step.model_dump()) == step
    assert pickle.loads(pickle.dumps(step)) == step  # noqa: S301  (made in this line)
    frozen: Any = step
    with pytest.raises(ValidationError, match="frozen"):
        frozen.rule = "x"
    assert Step.model_json_schema()["required"] == ["rule", "outcome"]


def test_cites_are_values() -> None:
    assert Cite.model_validate_json(CITE.model_dump_json()) == CITE
    assert hash(Cite.model_validate(CITE.model_dump())) == hash(CITE)


def test_steps_do_not_share_their_figures() -> None:
    one, other = (Step(rule="uplift", outcome=Outcome.MET) for _ in range(2))
    assert one.figures is not other.figures


def test_a_receipt_is_asked_of_the_trace() -> None:
    answer = decision()
    traced(answer)
    assert answer.receipt() == {"claim_id": "C1", "person_id": "masked", "keyed": False}
    assert answer.receipt("keyed_hash", key=b"k") == {"claim_id": "C1", "person_id": "keyed_hash", "keyed": True}


def test_a_decision_from_elsewhere_gives_no_receipt() -> None:
    answer = decision()
    traced(answer)
    for elsewhere in (decision(), pickle.loads(pickle.dumps(answer))):  # noqa: S301  (made in this line)
        with pytest.raises(ValueError, match="assess the claim again"):
            elsewhere.receipt()
