"""What a back office relies on: no crash, no shared state, history by person and in order, answers that travel."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy import (
    Claim,
    Decision,
    Entitlement,
    HistoryError,
    InputError,
    Level,
    Outcome,
    Policy,
    Reason,
    Status,
    Stream,
    SubsidyError,
    assess,
    load_policy,
    quote,
    verify,
)
from subsidy.engine.records import HEADINGS
from subsidy.engine.sequence import assess_all
from subsidy.model.claim import OPTIONAL_FIELDS, REQUIRED_FIELDS

PERSON = "11010519491231002X"
OTHER = "320599199001010011"
CLAIM: dict[str, Any] = {
    "claim_id": "C1",
    "person_id": PERSON,
    "occupation": "4-04-05-05",
    "level": "3",
    "certificate_no": "S1",
    "certificate_date": "2023-09-01",
    "applied_on": "2023-10-08",
}


def claim(**changes: object) -> dict[str, Any]:
    return CLAIM | changes


NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=5),
    st.dates(),
    st.datetimes(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
    st.decimals(),
)


@given(st.dictionaries(st.sampled_from([*CLAIM, *OPTIONAL_FIELDS, "conditions", "申领编号", "unknown"]), NASTY))
def test_a_record_never_crashes(changes: dict[str, Any]) -> None:
    decision = assess(CLAIM | changes)
    assert decision.status in Status
    assert (decision.status is Status.INVALID) == (
        decision.reason is not None and decision.reason.status is Status.INVALID
    )
    assert decision.steps


def test_every_column_has_its_chinese_heading() -> None:
    assert set(HEADINGS) == {*REQUIRED_FIELDS, *OPTIONAL_FIELDS}
    chinese = {HEADINGS[field][0]: value for field, value in CLAIM.items()}
    assert assess(chinese) == assess(CLAIM)


def test_steps_hold_every_rule_also_behind_the_first_failure() -> None:
    late = claim(applied_on="2024-12-30", certificate_date="2023-09-01", training_filed_on="2023-08-20")
    decision = assess(late, [claim(claim_id="H1")])
    failing = [step.reason for step in decision.steps if step.outcome is Outcome.NOT_MET]
    assert decision.reason is Reason.CLAIMED_TOO_LATE
    assert failing == [
        Reason.CLAIMED_TOO_LATE,
        Reason.CERTIFICATE_ALREADY_PAID,
        Reason.SAME_LEVEL_ALREADY_PAID,
    ]


@given(st.data())
def test_the_first_reason_among_the_steps_is_the_decision(data: st.DataObject) -> None:
    record = claim(
        occupation=data.draw(st.sampled_from(["4-04-05-05", "养老护理员", "9-99-99-99"])),
        level=data.draw(st.sampled_from(list(Level))).value,
        stream=data.draw(st.sampled_from(list(Stream))).value,
        certificate_date=data.draw(st.dates(date(2019, 6, 1), date(2025, 6, 1))),
        insured_months=data.draw(st.sampled_from([None, 3, 12])),
        insured_on_certificate_date=data.draw(st.sampled_from([None, True, False])),
    )
    record["applied_on"] = record["certificate_date"] + timedelta(days=data.draw(st.integers(0, 500)))
    history = [claim(claim_id="H1", certificate_no=data.draw(st.sampled_from(["S1", "S2"])), level="4")]
    decision = assess(record, history)
    reasons = [step.reason for step in decision.steps if step.reason is not None]
    refusing = [reason for reason in reasons if reason.status is Status.REFUSED]
    assert decision.reason is next(iter(refusing or reasons), None)
    assert (decision.status is Status.PAYABLE) == (not reasons)


def test_history_of_other_persons_is_left_aside() -> None:
    theirs = claim(claim_id="H1", person_id=OTHER)
    assert assess(CLAIM, [theirs]).status is Status.PAYABLE
    as_other = claim(claim_id="H1", person_id_type="other")
    assert assess(CLAIM, [as_other]).status is Status.PAYABLE
    assert assess(CLAIM, [claim(claim_id="H1")]).status is Status.REFUSED


def test_unusable_history_lists_every_row_and_no_whole_person_id() -> None:
    rows = [
        claim(claim_id="H1", level="7"),
        claim(claim_id="H2", person_id=PERSON[:-1] + "1"),
        claim(claim_id="H3"),
    ]
    with pytest.raises(HistoryError) as caught:
        assess(CLAIM, [*rows, claim(claim_id="H3")])
    assert len(caught.value.problems) == 3
    assert PERSON[:-1] not in str(caught.value)


def test_a_claim_id_in_both_history_and_claims_is_an_error() -> None:
    with pytest.raises(HistoryError, match="C1"):
        assess(CLAIM, [claim(person_id=OTHER)])
    with pytest.raises(HistoryError, match="C1"):
        assess_all([CLAIM], [claim(person_id=OTHER)])
    with pytest.raises(HistoryError, match="C1"):
        assess(claim(level="7"), [claim(person_id=OTHER)])


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("4-04-05-05", 7, "2023-09-01"), "level"),
        (("4-04-05-05", True, "2023-09-01"), "level"),
        (("4-04-05-05", 3, "2023-02-30"), "on"),
        (("no such trade", 3, "2023-09-01"), "occupation"),
        (("人工智能训练", 3, "2023-09-01"), "occupation"),
    ],
)
def test_a_quote_that_cannot_be_read_says_what_would_serve(arguments: tuple[Any, Any, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        quote(*arguments)
    assert caught.value.field == field
    assert caught.value.expected


@pytest.mark.parametrize(
    ("changed", "field", "found", "expected"),
    [
        ({"level": 7}, "level", "7", "1 to 5"),
        ({"on": "2023-02-30"}, "on", "'2023-02-30'", "a date like 2023-09-01"),
        ({"stream": "teaching"}, "stream", "'teaching'", "training (职业培训补贴) or skill_improvement"),
    ],
)
def test_a_quote_names_what_was_found_and_what_would_serve(
    changed: dict[str, Any], field: str, found: str, expected: str
) -> None:
    arguments: dict[str, Any] = {"occupation": "4-04-05-05", "level": 3, "on": "2023-09-01"} | changed
    with pytest.raises(InputError) as caught:
        quote(**arguments)
    assert (caught.value.field, caught.value.found) == (field, found)
    assert expected in caught.value.expected


def test_a_quote_names_the_texts_in_force_and_leaves_weak_amounts_undetermined() -> None:
    answer = quote("4-04-05-05", 3, "2023-09-01")
    assert (answer.directory_edition, answer.catalog_edition, answer.rate_edition, answer.rules_edition) == (
        "jiangsu-2023",
        "suzhou-digital-2023",
        "jiangsu-benchmark-2023",
        "suzhou-2023",
    )
    assert (answer.status, answer.detail, answer.confidence) == (Status.PAYABLE, None, "assumed")
    weak = quote("4-04-05-05", 3, "2023-09-01", policy=load_policy(minimum_confidence="secondary"))
    assert (weak.status, weak.reason, weak.amount_fen) == (Status.UNDETERMINED, Reason.CONFIDENCE_TOO_LOW, 0)
    assert (weak.base_fen, weak.uplift_fen) == (answer.base_fen, answer.uplift_fen)
    none = quote("4-04-05-05", 3, "2018-01-01")
    assert (none.reason, none.detail, none.steps[1].reason) == (Reason.NO_RULES_IN_FORCE, "on", none.reason)


def test_the_nearest_occupation_is_named() -> None:
    with pytest.raises(InputError, match="人工智能训练师"):
        quote("人工智能训练", 3, "2023-09-01")


def test_answers_are_frozen_hashable_and_travel() -> None:
    decision = assess(CLAIM, [claim(claim_id="H1", certificate_no="S0", occupation="4-04-05-06")])
    answer = quote("4-04-05-05", 3, "2023-09-01")
    for one in (decision, answer):
        again = pickle.loads(pickle.dumps(one))  # noqa: S301
        assert again == one
        assert hash(again) == hash(one)
        assert again.steps == one.steps
        assert copy.deepcopy(one) == one
    assert isinstance(decision, Decision)
    with pytest.raises(ValueError, match="frozen"):
        decision.amount_fen = 1  # type: ignore[misc]


def test_no_float_anywhere_in_an_answer() -> None:
    def walk(value: object) -> None:
        assert not isinstance(value, float)
        if isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                walk(item)

    for record in (CLAIM, claim(level="special"), claim(occupation="9-99-99-99")):
        decision = assess(record)
        walk(decision.model_dump())
        walk([step.model_dump() for step in decision.steps])


def test_eight_threads_share_a_policy() -> None:
    policy = load_policy()
    fresh = Policy(
        policy.directory,
        policy.rates,
        policy.catalog_editions,
        policy.rules,
        policy.classification,
        policy.vocabulary,
    )
    records = [
        claim(claim_id=f"C{number}", occupation=row.code, level=level.value, certificate_no=f"S{number}")
        for number, (row, level) in enumerate(
            (row, level) for row in policy.directory[1].occupations for level in Level
        )
    ]
    expected = [assess(record, policy=policy) for record in records]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(lambda record: assess(record, policy=fresh), records)) == expected


def test_claims_in_a_row_do_not_depend_on_their_order() -> None:
    rows = [
        claim(
            claim_id=f"C{number}",
            certificate_no=f"S{number % 4}",
            level=str(1 + number % 5),
            applied_on=f"2023-1{number % 3}-0{1 + number % 9}",
        )
        for number in range(24)
    ]
    forward = assess_all(rows)
    backward = assess_all(rows[::-1])
    assert forward == backward[::-1]
    assert [decision.claim_id for decision in forward] == [row["claim_id"] for row in rows]


def test_a_person_with_very_many_claims_is_decided_in_linear_time() -> None:
    rows = [claim(claim_id=f"C{number:06}", certificate_no=f"S{number}") for number in range(3000)]
    statuses = [decision.status for decision in assess_all(rows)]
    assert statuses.count(Status.PAYABLE) == 1


@pytest.mark.parametrize("module", ["pandas", "numpy", "pyarrow", "hypothesis", "pydantic", "yaml"])
def test_import_subsidy_stays_light(module: str) -> None:
    code = f"import sys, subsidy; raise SystemExit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_assess_loads_no_frames() -> None:
    code = (
        "import sys, subsidy; subsidy.quote('4-04-05-05', 3, '2023-09-01').steps\n"
        "raise SystemExit(any(name in sys.modules for name in ('pandas', 'numpy', 'pyarrow')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_public_names_are_all_there() -> None:
    import subsidy

    assert sorted(subsidy.__all__) == subsidy.__all__ or set(subsidy.__all__) == set(subsidy._HOME) | {"__version__"}
    for name in subsidy.__all__:
        assert getattr(subsidy, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = subsidy.no_such_name


def test_a_typed_claim_and_its_record_give_the_same() -> None:
    assert assess(Claim.model_validate(CLAIM)) == assess(CLAIM)


def test_answers_made_without_validation_would_pass_it() -> None:
    history = [claim(claim_id="H1")]
    for record in (CLAIM, claim(level="7"), claim(occupation="9-99-99-99"), claim(applied_on="2025-03-01"), {}):
        decision = assess(record, history)
        validated = Decision.model_validate(dict(decision))
        assert validated == decision
        assert list(dict(validated)) == list(dict(decision)) == list(Decision.model_fields)
        assert hash(validated) == hash(decision)
    answer = quote("4-04-05-05", 3, "2023-09-01")
    assert Entitlement.model_validate(dict(answer)) == answer
    assert list(dict(answer)) == list(Entitlement.model_fields)


@pytest.mark.parametrize(
    "call",
    [
        lambda: quote(PERSON, 3, "2023-09-01"),
        lambda: quote("4-04-05-05", PERSON, "2023-09-01"),
        lambda: quote("4-04-05-05", 3, PERSON),
        lambda: quote("4-04-05-05", 3, "2023-09-01", stream=PERSON),
        lambda: load_policy(minimum_confidence=PERSON),
        lambda: load_policy(f"folder/{PERSON}"),
        lambda: assess(claim(claim_id=PERSON), [claim(claim_id=PERSON)]),
        lambda: assess([PERSON]),  # type: ignore[arg-type]
        lambda: assess(PERSON),  # type: ignore[arg-type]
    ],
)
def test_no_error_shows_a_whole_person_id_wherever_somebody_typed_it(call: Callable[[], object]) -> None:
    with pytest.raises(SubsidyError) as caught:
        call()
    assert PERSON not in str(caught.value)


def test_half_a_character_is_dropped_so_that_every_decision_can_be_proved() -> None:
    decision = assess(claim(claim_id="C\ud800", certificate_no="S\udfff1"))
    assert decision.claim_id == "C"
    assert verify(decision.receipt()).ok


def test_a_day_of_knowledge_may_be_text() -> None:
    assert load_policy().as_known_on("2023-08-01") == load_policy().as_known_on(date(2023, 8, 1))
