"""Every readable case in one go, by the functions alone: quick enough to be asked of each mutant."""

from __future__ import annotations

from subsidy import assess, quote
from subsidy.engine.sequence import assess_all
from tests.cases_io import BATCHES, CLAIMS, QUOTES
from tests.test_cases import check


def test_every_quote() -> None:
    for example in QUOTES:
        asked = example.content["quote"]
        stream = asked.get("stream", "training")
        answer = quote(asked["occupation"], asked["level"], asked["on"], stream=stream, policy=example.policy())
        check(answer, example.content["expect"])


def test_every_claim() -> None:
    for example in CLAIMS:
        history = example.content.get("history") or []
        check(assess(example.content["claim"], history, policy=example.policy()), example.content["expect"])


def test_every_row_of_claims() -> None:
    for example in BATCHES:
        history = example.content.get("history") or []
        decisions = assess_all(example.content["claims"], history, policy=example.policy())
        for decision, expected in zip(decisions, example.content["expect"], strict=True):
            check(decision, expected)
