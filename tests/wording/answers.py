"""Real answers to explain: those of every case file, and a few that the case files have no room for."""

from __future__ import annotations

from functools import cache

from subsidy import Decision, Entitlement, assess, quote
from subsidy.engine.sequence import assess_all
from tests.cases_io import EXAMPLES, Example

Answer = Decision | Entitlement
MADE_UP_ID = "320599199001010011"


def answers_of(example: Example) -> list[Answer]:
    policy, content = example.policy(), example.content
    history = content.get("history") or []
    if "quote" in content:
        asked = content["quote"]
        stream = asked.get("stream", "training")
        return [quote(asked["occupation"], asked["level"], asked["on"], stream=stream, policy=policy)]
    if "claim" in content:
        return [assess(content["claim"], history, policy=policy)]
    return list(assess_all(content["claims"], history, policy=policy))


@cache
def all_answers() -> list[tuple[str, Answer]]:
    """Every answer of the case files, by the id of its case."""
    return [(example.id, answer) for example in EXAMPLES for answer in answers_of(example)]


def answer_of(case: str) -> Answer:
    """The one answer of a case."""
    example = next(example for example in EXAMPLES if example.id == case)
    (answer,) = answers_of(example)
    return answer


def claim(**changed: object) -> dict[str, object]:
    """A payable record under the packaged policy, with some values changed."""
    return {
        "claim_id": "C1",
        "person_id": MADE_UP_ID,
        "occupation": "4-04-05-05",
        "level": "3",
        "certificate_no": "CERT-1",
        "certificate_date": "2023-09-15",
        "applied_on": "2023-10-10",
    } | changed


def without_steps(decision: Decision) -> Decision:
    """The same decision as a file gives it back."""
    return Decision.model_validate_json(decision.model_dump_json())
