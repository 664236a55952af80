"""Every word of the closed lists is spoken in both languages, and says the same in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from subsidy import InputError, Outcome, Reason, Status
from subsidy.model.words import INVALID_REASONS, Confidence
from subsidy.rules.entitlement import DIGITAL, SHORTAGE
from subsidy.wording import mending, phrases, sentences, uplifts, view, words
from subsidy.wording.phrases import Phrase
from subsidy.wording.words import explain, reason_text
from tests.wording.answers import all_answers, answer_of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACE = re.compile(r"\{(\w+)\}")


def spoken(module: ModuleType) -> Iterator[Phrase]:
    for value in vars(module).values():
        if isinstance(value, Phrase):
            yield value
        elif isinstance(value, dict):
            yield from (one for one in value.values() if isinstance(one, Phrase))


PHRASES = [phrase for module in (phrases, sentences, uplifts, mending, view, words) for phrase in spoken(module)]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_phrase_in_both_languages(reason: Reason) -> None:
    assert CHINESE.search(reason_text(reason))
    assert not CHINESE.search(reason_text(reason, "en"))
    assert "_" not in reason_text(reason, "en")


def test_no_two_reasons_are_called_the_same() -> None:
    for lang in ("zh", "en"):
        assert len({reason_text(reason, lang) for reason in Reason}) == len(Reason)


def test_every_word_of_the_engine_has_a_phrase() -> None:
    assert phrases.REASONS.keys() == set(Reason)
    assert phrases.OUTCOMES.keys() == set(Outcome)
    assert phrases.STATUSES.keys() == set(Status)
    assert phrases.CONFIDENCES.keys() == phrases.DEGREES.keys() == set(Confidence)
    assert phrases.FACTS.keys() == {SHORTAGE, DIGITAL}
    assert mending._WANTED.keys() == set(INVALID_REASONS)


def test_every_rule_that_is_ever_asked_has_a_name_and_a_sentence() -> None:
    asked = {step.rule for _, answer in all_answers() for step in answer.steps}
    assert phrases.RULES.keys() == sentences.SENTENCES.keys() == asked


def test_every_outcome_is_met_in_the_cases() -> None:
    assert {step.outcome for _, answer in all_answers() for step in answer.steps} == set(Outcome)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.en[:40])
def test_a_phrase_has_the_same_places_in_both_languages(phrase: Phrase) -> None:
    assert phrase.zh
    assert phrase.en
    assert set(PLACE.findall(phrase.zh)) == set(PLACE.findall(phrase.en))


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.en[:40])
def test_chinese_uses_plain_punctuation(phrase: Phrase) -> None:
    assert not re.search("[，：；（）。、？！]", phrase.zh)


def test_another_language_is_refused_with_those_that_serve() -> None:
    answer = answer_of("quote-ai-trainer-level-3")
    with pytest.raises(InputError, match="lang: found 'fr', expected zh or en"):
        explain(answer, "fr")
    with pytest.raises(InputError):
        reason_text(Reason.BAD_DATE, "ZH")
