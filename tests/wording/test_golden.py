"""Whole explanations, read line by line as an officer would.

After a change on purpose: run this module with UPDATE_GOLDEN=1 in the environment, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from subsidy.wording.words import explain
from tests.wording.answers import answer_of

GOLDEN = Path(__file__).parent / "golden"
CASES = [
    "quote-ai-trainer-level-3",  # payable, one uplift
    "quote-elderly-care-2019-incomplete",  # only a part of the list is held
    "quote-2024-no-directory",  # a text is missing
    "claim-payable",  # every rule says yes
    "insured-too-short-and-too-late",  # two rules say no
    "both-conditions-unknown",  # facts are missing
    "same-level-before-limit",  # history: what was granted, and how often
    "ys-sum-and-ceiling",  # two uplifts, one printed, under a ceiling
    "ys-confidence-own-source-too-weak",  # four uplifts, one holds; a source of its own
    "person-check-character",  # the record can't be used
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_explanation(case: str, lang: str) -> None:
    file = GOLDEN / f"{case}.{lang}.txt"
    text = explain(answer_of(case), lang) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {f"{case}.{lang}.txt" for case in CASES for lang in ("zh", "en")}
