"""Every figure and every text that the rules used for a claim, step by step, as a judge would read them.

After a change on purpose: run this module with UPDATE_GOLDEN=1 in the environment, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.wording.answers import answer_of

GOLDEN = Path(__file__).parent / "golden" / "steps"
CASES = [
    "certificate-paid-other-stream",
    "claim-certificate-before-rules-too-short",
    "condition-not-met",
    "fuyang-level-known-before-publication",
    "months-and-condition-unknown",
    "quote-ai-trainer-level-3",
    "window-from-28-february-to-leap-day",
    "wuxi-b-level-4",
    "yandu-default-lower-after-higher",
    "ys-adds-place-in-file",
    "ys-condition-of-this-stream",
    "ys-confidence-own-source-too-weak",
    "ys-defaults",
    "ys-digital-limit",
    "ys-no-window",
    "ys-sum-and-ceiling",
    "ys-window-exclusive-day",
]


@pytest.mark.parametrize("case", CASES)
def test_the_steps_of_a_case(case: str) -> None:
    file = GOLDEN / f"{case}.jsonl"
    text = "".join(step.model_dump_json(exclude_defaults=True) + "\n" for step in answer_of(case).steps)
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(CASES)
