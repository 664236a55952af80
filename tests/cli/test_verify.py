"""``subsidy verify``: intact, changed, and no receipt at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calls import PERSON, POLICIES, RECORD, call, one_message


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    file = tmp_path / "receipt.json"
    assert call("assess", "--receipt", str(file), "--person-id", "whole", given=RECORD).code == 0
    return file


def changed(receipt: Path, part: str, key: str, value: Any) -> str:
    content = json.loads(receipt.read_text(encoding="utf-8"))
    content[part][key] = value
    return json.dumps(content)


def test_intact(receipt: Path) -> None:
    answer = call("verify", str(receipt))
    assert answer.code == 0
    assert "The receipt is intact" in answer.out
    assert "凭证完整" in call("verify", str(receipt), "--lang", "zh").out
    assert call("verify", "-", "--json", given=receipt.read_text(encoding="utf-8")).json() == {
        "ok": True,
        "rerun": True,
        "differences": [],
    }


def test_differences_name_path_and_both_values(receipt: Path) -> None:
    given = changed(receipt, "decision", "amount", "2640.00")
    page = call("verify", "-", given=given)
    assert page.code == 1
    assert "The receipt differs in 2 places:" in page.out
    for part in ("decision.amount", '"2640.00"', '"2340.00"'):
        assert part in page.out
    found = call("verify", "-", "--json", given=given)
    assert found.code == 1
    assert found.json()["differences"][0] == {
        "path": "decision.amount",
        "receipt": '"2640.00"',
        "now": '"2340.00"',
    }


def test_another_policy_differs(receipt: Path) -> None:
    assert call("verify", str(receipt), "--policy", str(POLICIES / "yandu")).code == 1


def test_numbers_of_persons_are_not_shown(receipt: Path) -> None:
    given = changed(receipt, "input", "person_id", "P-1234567")
    for arguments in (["--json"], []):
        answer = call("verify", "-", *arguments, given=given)
        assert answer.code in (1, 2)
        assert PERSON not in answer.out + answer.err
        assert "P-1234567" not in answer.out + answer.err


@pytest.mark.parametrize("given", [3, [], {}, {"form": "subsidy.decision/9"}, {"form": "subsidy.decision/1"}])
def test_what_is_no_receipt(given: Any) -> None:
    one_message(call("verify", "-", given=given), "expected a receipt, form subsidy.decision/1")
    one_message(call("verify", "-", "--lang", "zh", given=given), "应为核定凭证 subsidy.decision/1")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    one_message(call("verify", str(tmp_path / "none.json")), "none.json: can't be read (No such file or directory)")
    one_message(call("verify", str(tmp_path)), "can't be read")
    (tmp_path / "half.json").write_text('{"form": ')
    one_message(call("verify", str(tmp_path / "half.json")), "half.json:1:10: found the end, expected a value")
    one_message(call("verify", "-"), "standard input is empty", "subsidy verify - < receipt.json")
    one_message(call("verify"), "argument RECEIPT is missing")
