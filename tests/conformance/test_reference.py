"""The independent reading of the law (tests/reference) against every case that an officer can check by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cases_io import BATCHES, CLAIMS, QUOTES, Example
from tests.reference import Policy, decide, read_policy

REFERENCE = Path(__file__).parents[1] / "reference"


@cache
def reference_policy(folder: Path) -> Policy:
    return read_policy(folder)


def policy_of(example: Example) -> Policy:
    known_on = example.content.get("known_on")
    return replace(
        reference_policy(example.policy_folder),
        known_on=None if known_on is None else date.fromisoformat(known_on),
    )


def asked(example: Example) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    content = example.content
    history = content.get("history") or []
    if "claims" in content:
        return content["claims"], history, content["expect"]
    return [content["claim"]], history, [content["expect"]]


def yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{fen // 100}.{fen % 100:02}" if fen >= 0 else f"-{-fen // 100}.{-fen % 100:02}"


@pytest.mark.parametrize("example", CLAIMS + BATCHES, ids=lambda example: example.id)
def test_it_decides_as_the_officer_did(example: Example) -> None:
    claims, history, expected = asked(example)
    decisions = decide(policy_of(example), claims, history, example.content.get("minimum_confidence"))
    for decision, wanted in zip(decisions, expected, strict=True):
        found = decision | {name: yuan(decision[f"{name}_fen"]) for name in ("base", "uplift", "amount")}
        assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("example", QUOTES, ids=lambda example: example.id)
def test_it_finds_the_quoted_amount(example: Example) -> None:
    """A quote as a claim: every date is the entitlement date, and nothing but rules 1 to 3 can stand in its way."""
    question, wanted = example.content["quote"], example.content["expect"]
    policy = policy_of(example)
    row = {
        "claim_id": "C",
        "person_id": "P",
        "person_id_type": "other",
        "certificate_no": "S",
        **dict.fromkeys(("certificate_date", "applied_on", "training_filed_on"), question["on"]),
        "insured_months": 999,
        **dict.fromkeys(policy.condition_ids(), True),
        **{name: value for name, value in question.items() if name != "on"},
    }
    (decision,) = decide(policy, [row], [], example.content.get("minimum_confidence"))
    found = decision | {name: yuan(decision[f"{name}_fen"]) for name in ("base", "uplift", "amount")}
    if wanted["reason"] == "no_rules_in_force":  # a quote names its only date, and the editions of that day
        wanted = {"status": wanted["status"], "reason": wanted["reason"]}
    assert {name: found[name] for name in wanted} == wanted


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_it_uses_nothing_of_the_library() -> None:
    files = sorted(REFERENCE.glob("*.py"))
    names = {name for file in files for name in imports(file)}
    assert len(files) >= 4
    assert not [name for name in names if name.split(".")[0] == "subsidy"]
    allowed = {"__future__", "ast", "calendar", "csv", "dataclasses", "datetime", "fractions", "functools", "re"}
    assert {name.split(".")[0] for name in names} <= allowed | {"pathlib", "typing", "unicodedata", "yaml", "tests"}
    assert {name for name in names if name.startswith("tests")} <= {
        "tests.reference",
        *(f"tests.reference.{file.stem}" for file in files),
    }
