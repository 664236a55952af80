"""Every readable case, through every way in: claim object, record, JSON, command line."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from subsidy import Claim, Decision, Entitlement, Reason, assess, quote
from subsidy.cli import app
from subsidy.engine.records import Unusable, read_record
from subsidy.engine.sequence import assess_all
from tests.cases_io import BATCHES, CLAIMS, EXAMPLES, QUOTES, REPOSITORY, Example

ANSWER_KEYS = {
    "status",
    "reason",
    "detail",
    "blocked_by",
    "base",
    "uplift",
    "amount",
    "confidence",
    "directory_edition",
    "catalog_edition",
    "rate_edition",
    "rules_edition",
}


def named(examples: list[Example]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("example", examples, ids=lambda example: example.id)


def outcome(answer: Decision | Entitlement, keys: set[str]) -> dict[str, str | None]:
    """What an answer says under the keys of a case, as text."""
    found: dict[str, str | None] = {}
    for key in keys:
        value = getattr(answer, key)
        found[key] = value if value is None else str(value)
    return found


def check(answer: Decision | Entitlement, expected: dict[str, Any]) -> None:
    assert expected.keys() <= ANSWER_KEYS
    assert {"status", "reason"} <= expected.keys()
    assert outcome(answer, set(expected)) == expected


def run(example: Example, *arguments: str, given: object = None) -> Any:
    """Run the command line on a case; the answer as JSON, the exit code checked against the status."""
    options = ["--policy", str(example.policy_folder), "--json"]
    for key in ("known_on", "minimum_confidence"):
        if key in example.content:
            options += [f"--{key.replace('_', '-')}", example.content[key]]
    text = None if given is None else json.dumps(given, ensure_ascii=False)
    return CliRunner().invoke(app, [*arguments, *options], input=text)


@named(QUOTES)
def test_quote(example: Example) -> None:
    asked = example.content["quote"]
    answer = quote(
        asked["occupation"],
        asked["level"],
        asked["on"],
        stream=asked.get("stream", "training"),
        policy=example.policy(),
    )
    check(answer, example.content["expect"])


@named(QUOTES)
def test_quote_on_the_command_line(example: Example) -> None:
    asked = example.content["quote"]
    arguments = [text for key in asked for text in (f"--{key}", asked[key])]
    result = run(example, "quote", *arguments)
    expected = example.content["expect"]
    shown = json.loads(result.stdout)
    assert {key: shown[key] for key in expected} == expected
    assert result.exit_code == (0 if expected["status"] == "payable" else 1)


@named(CLAIMS)
def test_claim(example: Example) -> None:
    policy, expected = example.policy(), example.content["expect"]
    record, history = example.content["claim"], example.content.get("history") or []
    decision = assess(record, history, policy=policy)
    check(decision, expected)
    read = read_record(policy, record)
    if not isinstance(read, Unusable):
        # the same as a claim object, and alone in a row of claims
        objects = [read_record(policy, row) for row in history]
        claims = [one.claim for one in objects if not isinstance(one, Unusable)]
        assert assess(Claim.model_validate(read.claim.model_dump()), claims, policy=policy) == decision
        assert assess_all([record], history, policy=policy) == [decision]


@named(CLAIMS)
def test_claim_on_the_command_line(example: Example) -> None:
    expected = example.content["expect"]
    given = {"claim": example.content["claim"], "history": example.content.get("history") or []}
    result = run(example, "assess", given=given)
    if expected["status"] == "invalid":
        assert result.exit_code == 2
        assert expected["detail"] in result.stderr
        return
    shown = json.loads(result.stdout)
    assert {key: shown[key] for key in expected} == expected
    assert result.exit_code == (0 if expected["status"] == "payable" else 1)


@named(BATCHES)
def test_batch(example: Example) -> None:
    claims, history = example.content["claims"], example.content.get("history") or []
    expected = example.content["expect"]
    decisions = assess_all(claims, history, policy=example.policy())
    assert len(decisions) == len(expected)
    for decision, row in zip(decisions, expected, strict=True):
        check(decision, row)


@named(BATCHES)
def test_batch_on_the_command_line(example: Example) -> None:
    claims, history = example.content["claims"], example.content.get("history") or []
    expected = example.content["expect"]
    result = run(example, "assess", given={"claims": claims, "history": history})
    shown = json.loads(result.stdout)
    assert [{key: one[key] for key in row} for one, row in zip(shown, expected, strict=True)] == expected
    assert result.exit_code == (0 if all(row["status"] == "payable" for row in expected) else 1)


def test_there_are_enough_cases_each_named_once_and_sourced() -> None:
    ids = [example.id for example in EXAMPLES]
    assert len(ids) == len(set(ids)) >= 80
    assert all(example.content["source"] for example in EXAMPLES)


def test_every_reason_is_produced_by_a_case() -> None:
    produced = {
        row["reason"]
        for example in EXAMPLES
        for row in (example.content["expect"] if "claims" in example.content else [example.content["expect"]])
    }
    assert produced >= {reason.value for reason in Reason}


def sentences() -> dict[str, set[str]]:
    """The sentences of the specification and the cases that prove them, from docs/cases.md."""
    found: dict[str, set[str]] = {}
    for line in (REPOSITORY / "docs" / "cases.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| S") and len(cells) >= 3:
            found[cells[0].strip("` ")] = {name.strip("` ") for name in cells[-1].split(",") if name.strip("` ")}
    return found


def test_every_decisive_sentence_has_a_case_and_the_list_is_true() -> None:
    listed = sentences()
    shown: dict[str, set[str]] = {}
    for example in EXAMPLES:
        for sentence in example.shows:
            shown.setdefault(sentence, set()).add(example.id)
    assert listed
    assert all(listed.values())
    assert listed == shown


def test_amounts_add_up_in_every_case() -> None:
    for example in EXAMPLES:
        expect = example.content["expect"]
        for row in expect if isinstance(expect, list) else [expect]:
            if row["status"] == "payable" and {"base", "uplift", "amount"} <= row.keys():
                assert Decimal(row["base"]) + Decimal(row["uplift"]) == Decimal(row["amount"]), example.id
            elif "amount" in row and row["status"] != "payable":
                assert row["amount"] == "0.00", example.id


def test_the_packaged_policy_is_what_the_cases_call_suzhou() -> None:
    assert (REPOSITORY / "data" / "shortage_catalog.yaml").is_file()
    assert Path(QUOTES[0].policy_folder).is_dir()
