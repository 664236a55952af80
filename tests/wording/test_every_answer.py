"""What every explanation says, over the answers of all cases: figures, texts, what is missing; no engine's words."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable

import pytest

from subsidy import Confidence, Decision, Entitlement, Outcome, Reason, Status, load_policy, quote
from subsidy.model.money import format_yuan
from subsidy.wording.phrases import CONFIDENCES, OUTCOMES, REASONS, RULES, Lang
from subsidy.wording.words import advice, explain
from tests.wording.answers import MADE_UP_ID, Answer, all_answers

LANGS: tuple[Lang, ...] = ("zh", "en")
ENGINE_WORDS = re.compile(
    r"\b(None|null|True|False|step|steps|fen=|_fen|shortage\b(?! catalogue)|stacking|highest\b(?! counts)|"
    r"half_up|half_even|calendar_year|skill_improvement\b|certificate_paid_once|not_met|effective)\b"
)
FILES = {
    Reason.NO_RULES_IN_FORCE: "rules.yaml",
    Reason.NO_DIRECTORY_IN_FORCE: "occupations.yaml",
    Reason.NO_RATES_IN_FORCE: "subsidy_rates.yaml",
    Reason.NO_CATALOG_IN_FORCE: "shortage_catalog.yaml",
    Reason.CATALOG_INCOMPLETE: "shortage_catalog.yaml",
}
ALL = all_answers()


def told(answer: Answer, lang: Lang) -> list[str]:
    return explain(answer, lang).splitlines()


def numbered(answer: Answer, lang: Lang) -> list[str]:
    return [line for line in told(answer, lang) if re.match(r"\d+\. ", line)]


def each(check: Callable[[str, Answer, Lang], None]) -> None:
    for case, answer in ALL:
        for lang in LANGS:
            check(case, answer, lang)


def test_every_reason_is_explained_with_a_real_answer() -> None:
    assert {answer.reason for _, answer in ALL} == {None, *Reason}


def test_the_first_line_is_the_result() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        first = told(answer, lang)[0]
        if answer.status is Status.PAYABLE:
            assert answer.base_fen is not None, case
            amounts = [format_yuan(fen) for fen in (answer.base_fen, answer.uplift_fen or 0, answer.amount_fen)]
            unit = "元" if lang == "zh" else "yuan"
            assert re.findall(rf"(-?[0-9.]+) {unit}", first) == amounts, case
        elif answer.reason in FILES.keys() - {Reason.CATALOG_INCOMPLETE}:
            assert re.search(r"\d{4}年\d+月\d+日" if lang == "zh" else r"\d{4}-\d\d-\d\d", first), case
        elif answer.reason is not Reason.BAD_PERSON_ID:
            assert answer.reason is not None
            assert REASONS[answer.reason].say(lang) in first, case
        if isinstance(answer, Decision) and answer.claim_id is not None:
            assert answer.claim_id in first, case

    each(check)


def test_every_rule_has_its_line_in_order_with_its_outcome() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        lines = numbered(answer, lang)
        assert len(lines) == len(answer.steps), case
        for place, (line, step) in enumerate(zip(lines, answer.steps, strict=True), 1):
            assert line.startswith(f"{place}. "), case
            if not (isinstance(answer, Entitlement) and step.rule == "record"):
                assert line.startswith(f"{place}. {RULES[step.rule].say(lang)}: "), case
            if step.outcome in {Outcome.NOT_MET, Outcome.UNCLEAR, Outcome.NOT_ASKED}:
                assert f": {OUTCOMES[step.outcome].say(lang)}" in line, case
            assert all(cite.edition in line for cite in step.cites), case

    each(check)


def test_every_amount_of_a_rule_stands_in_its_line() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        for line, step in zip(numbered(answer, lang), answer.steps, strict=True):
            for name in ("base_fen", "ceiling_fen", "uplift_fen", "amount_fen"):
                fen = step.figures.get(name)
                if isinstance(fen, int):
                    assert format_yuan(fen) in line, case
            for name in ("at_most", "count", "required", "certificate_no", "person", "claim_id"):
                value = step.figures.get(name)
                if value is not None:
                    assert str(value) in line, case
            if step.blocked_by is not None:
                assert step.blocked_by in line, case

    each(check)


def test_every_text_is_named_with_its_document_and_what_it_is() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        lines = [line for line in told(answer, lang) if line.startswith("- ")]
        for step in answer.steps:
            for cite in step.cites:
                wanted = (cite.edition, cite.document, cite.number, cite.url, CONFIDENCES[cite.confidence].say(lang))
                assert any(all(word in line for word in wanted if word) for line in lines), case

    each(check)


def test_all_that_fails_and_all_that_is_open_is_said_before_the_rules() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        lines = told(answer, lang)
        head = lines[: next(place for place, line in enumerate(lines) if line.startswith("1. "))]
        failing = [step for step in answer.steps if step.reason is not None]
        for step in failing:
            for value in (step.blocked_by, step.figures.get(f"title_{lang}"), step.figures.get("required")):
                assert value is None or str(value) in " ".join(head), case
        failing.sort(key=lambda step: step.outcome is Outcome.UNCLEAR)  # stable: a no comes before what is open
        assert len(head) == 1 + len({step.outcome for step in failing[1:]}), case

    each(check)


def test_a_gap_says_which_text_is_missing_for_which_day_and_how_to_add_it() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        mend = advice(answer, lang)
        assert (mend is None) == (answer.status in {Status.PAYABLE, Status.REFUSED}), case
        if mend is None or answer.reason not in FILES:
            return
        assert FILES[answer.reason] in mend, case
        assert "editions" in mend, case
        assert "published_on" in mend, case
        assert "subsidy check DIR" in mend, case
        assert explain(answer, lang).endswith(mend), case
        if answer.reason is Reason.CATALOG_INCOMPLETE:
            assert "complete" in mend, case
            assert all(edition in mend for edition in (answer.catalog_edition or "").split("+")), case
        else:
            assert "effective_from" in mend, case
            if isinstance(answer, Entitlement):
                assert answer.on.isoformat() in mend, case

    each(check)


def test_the_entitlement_date_is_said_and_why() -> None:
    def check(case: str, answer: Answer, lang: Lang) -> None:
        for line, step in zip(numbered(answer, lang), answer.steps, strict=True):
            if step.rule != "entitlement_date" or step.reason is not None:
                continue
            unfiled = step.figures["asked_for"] == "training_filed_on" and step.figures["date"] == "applied_on"
            assert (("无备案日期" if lang == "zh" else "has none") in line) == unfiled, case

    each(check)


def test_no_engine_word_stands_in_an_explanation() -> None:
    names = {"shortage", "digital-shortage"}  # ids that a policy gave its uplifts stand where there are several

    def check(case: str, answer: Answer, lang: Lang) -> None:
        mend = advice(answer, lang) or ""
        text = explain(answer, lang).removesuffix(mend)
        for name in names:
            text = re.sub(rf"\(\d\) {name}: ", "", text)
        text = re.sub(r" \((限次条款|limit|其中|for) [\w-]+\)", "", text)
        assert not ENGINE_WORDS.search(text), (case, ENGINE_WORDS.search(text))
        assert "{" not in text, case
        assert not re.search(r"[:,;(] *[,;)]|  |, *$|\n\n", text), case
        assert "()" not in text, case

    each(check)


def test_chinese_has_no_english_words_but_those_of_the_texts() -> None:
    for case, answer in ALL:
        mend = advice(answer) or ""
        for line in explain(answer).removesuffix(mend).splitlines():
            if line.startswith("- "):
                continue
            assert not re.search(r"(?<![\w.+-])[a-z]{3,} [a-z]{2,}", line), (case, line)


def test_persons_stand_only_masked() -> None:
    for case, answer in ALL:
        for lang in LANGS:
            assert not re.search(r"(?<!\d)\d{17}[\dX](?!\d)", explain(answer, lang)), case
            assert MADE_UP_ID not in explain(answer, lang), case


def test_a_pickled_answer_tells_the_same() -> None:
    for _, answer in ALL[::7]:
        again = pickle.loads(pickle.dumps(answer))  # noqa: S301 - made a line ago
        assert [explain(again, lang) for lang in LANGS] == [explain(answer, lang) for lang in LANGS]


@pytest.mark.parametrize("minimum", [Confidence.OFFICIAL, Confidence.SECONDARY])
def test_weak_texts_are_named_where_better_ones_are_asked_for(minimum: Confidence) -> None:
    answer = quote("4-04-05-05", 3, "2023-09-01", policy=load_policy(minimum_confidence=minimum))
    assert answer.reason is Reason.CONFIDENCE_TOO_LOW
    for lang in LANGS:
        mend = advice(answer, lang) or ""
        assert "jiangsu-2023" in mend
        assert "suzhou-digital-2023" in mend
        assert ("jiangsu-benchmark-2023" in mend) == (minimum is Confidence.OFFICIAL)
