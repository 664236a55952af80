"""``subsidy assess``: one claim, a claim with its history, claims decided together, and a receipt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calls import PERSON, RECORD, REPOSITORY, call, one_message, process

COLUMNS = {
    "claim_id",
    "status",
    "reason",
    "detail",
    "blocked_by",
    "base",
    "uplift",
    "amount",
    "base_fen",
    "uplift_fen",
    "amount_fen",
    "confidence",
    "directory_edition",
    "catalog_edition",
    "rate_edition",
    "rules_edition",
    "steps",
    "policy_fingerprint",
}
CHINESE = {
    "申领编号": "C2",
    "身份证号": PERSON,
    "职业名称": "人工智能训练师",
    "等级": "三级/高级工",
    "证书编号": "S2",
    "发证日期": "2023年9月1日",
    "申请日期": "2023年10月9日",
}


def test_one_record() -> None:
    answer = call("assess", "--json", given=RECORD)
    assert answer.code == 0
    found = answer.json()
    assert set(found) == COLUMNS
    assert (found["claim_id"], found["status"], found["amount"], found["amount_fen"]) == (
        "C1",
        "payable",
        "2340.00",
        234000,
    )
    assert call("assess", "-", "--json", given=RECORD).json() == found
    assert PERSON not in answer.out


def test_a_page_shows_the_result_and_why_but_no_number() -> None:
    for lang, word in (("zh", "予以核定"), ("en", "payable")):
        answer = call("assess", "--lang", lang, given=CHINESE)
        assert answer.code == 0
        assert word in answer.out
        assert "2340.00" in answer.out
        assert PERSON not in answer.out


def test_history_counts() -> None:
    answer = call("assess", "--json", given={"claim": CHINESE, "history": [RECORD]})
    assert answer.code == 1
    found = answer.json()
    assert (found["status"], found["reason"], found["blocked_by"]) == ("refused", "same_level_already_paid", "C1")
    assert found["amount"] == "0.00"
    page = call("assess", given={"claim": CHINESE, "history": [RECORD]})
    assert page.code == 1
    assert "same_level_already_paid" in page.out


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"claims": rows}])
def test_claims_decided_together(wrap: Any) -> None:
    """Rows out = rows in, in the same order; the earlier one counts first."""
    answer = call("assess", "--json", given=wrap([CHINESE, RECORD, {"claim_id": "C3"}]))
    assert answer.code == 1
    assert [(one["claim_id"], one["status"]) for one in answer.json()] == [
        ("C2", "refused"),
        ("C1", "payable"),
        ("C3", "invalid"),
    ]
    assert all(set(one) == COLUMNS for one in answer.json())


def test_a_batch_for_people() -> None:
    answer = call("assess", given=[CHINESE, RECORD, {"claim_id": "C3"}])
    assert answer.code == 1
    assert "3 claims, 1 payable, 1 refused, 1 invalid; 2340.00 yuan in all." in answer.out
    assert answer.err == ""
    assert call("assess", given=[RECORD]).code == 0
    assert call("assess", given=[]).code == 0
    assert call("assess", "--json", given=[]).json() == []
    assert "2340.00 元" in call("assess", "--lang", "zh", given=[RECORD]).out


def test_history_of_a_batch() -> None:
    answer = call("assess", "--json", given={"claims": [CHINESE], "history": [RECORD]})
    assert [one["reason"] for one in answer.json()] == ["same_level_already_paid"]


def test_a_record_that_cannot_be_used() -> None:
    one_message(call("assess", given={**RECORD, "level": "7"}), "level", "1 to 5")
    one_message(call("assess", "--lang", "zh", given={**RECORD, "level": "7"}), "等级 (level)")
    one_message(call("assess", given={}), "claim_id")
    bad = {**RECORD, "person_id": PERSON[:-1] + "4"}
    answer = call("assess", given=bad)
    one_message(answer, "person_id", "check character")
    assert PERSON[:-1] not in answer.err


def test_an_invalid_record_as_json() -> None:
    answer = call("assess", "--json", given={**RECORD, "applied_on": "2023-02-30"})
    assert answer.code == 2
    assert (answer.json()["status"], answer.json()["reason"], answer.json()["detail"]) == (
        "invalid",
        "bad_date",
        "applied_on",
    )
    assert answer.err.count("\n") == 1


def test_history_that_cannot_be_used() -> None:
    given = {"claim": RECORD, "history": [{**CHINESE, "等级": "7"}, {"claim_id": "H2"}]}
    english = call("assess", given=given)
    assert english.code == 2
    assert "2 history rows can't be used" in english.err
    assert "history[0]: level: bad_level" in english.err
    chinese = call("assess", "--lang", "zh", given=given)
    assert chinese.code == 2
    assert "history[0]：level" in chinese.err
    assert "history[1]：person_id" in chinese.err
    assert (english.out, chinese.out) == ("", "")
    assert PERSON not in english.err + chinese.err


@pytest.mark.parametrize("given", [{"claim": RECORD, "history": [RECORD]}, {"claims": [RECORD], "history": [RECORD]}])
def test_a_claim_that_is_history_too(given: Any) -> None:
    answer = call("assess", given=given)
    assert answer.code == 2
    assert "C1 stands both in history and among the claims" in answer.err
    assert "C1 与本次申领重复" in call("assess", "--lang", "zh", given=given).err


def test_an_id_twice_in_history() -> None:
    given = {"claim": CHINESE, "history": [RECORD, {**RECORD, "certificate_no": "S9"}]}
    assert "history[1]: claim_id: C1 stands in history[0] too" in call("assess", given=given).err
    assert "history[1]：申领编号 C1 与 history[0] 重复" in call("assess", "--lang", "zh", given=given).err


SHAPES: list[tuple[Any, list[str]]] = [
    (3, ["JSON: found a number, expected a claim record"]),
    (None, ["found null"]),
    (True, ["found true or false"]),
    ('"text"', ["found a text"]),
    ([RECORD, 3], ["claims[1]: found a number"]),
    ({"claim": [RECORD]}, ["claim: found a list, expected a claim record"]),
    ({"claims": RECORD}, ["claims: found an object, expected a list of claim records"]),
    ({"claim": RECORD, "history": RECORD}, ["history: found an object"]),
    ({"claim": RECORD, "history": [[]]}, ["history[0]: found a list"]),
    ({"claim": RECORD, "histroy": []}, ["found 'histroy'", "did you mean history?"]),
    ({"claim": RECORD, "claims": []}, ["expected one of the two"]),
    ({"history": []}, ["expected claim or claims too"]),
]


@pytest.mark.parametrize(("given", "parts"), SHAPES)
def test_json_of_another_shape(given: Any, parts: list[str]) -> None:
    one_message(call("assess", given=given), *parts)
    one_message(call("assess", "--lang", "zh", given=given))


def test_a_json_file(tmp_path: Path) -> None:
    file = tmp_path / "claim.JSON"
    file.write_text(json.dumps(RECORD), encoding="utf-8")
    assert call("assess", str(file), "--json").json() == call("assess", "--json", given=RECORD).json()
    file.write_text("{", encoding="utf-8")
    answer = call("assess", str(file))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error: {file}:1:2: ")
    one_message(call("assess", str(tmp_path / "none.json")), "none.json", "can't be read")


def test_a_receipt(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    answer = call("assess", "--receipt", str(file), given=RECORD)
    assert answer.code == 0
    assert "The receipt is in" in answer.out
    receipt = json.loads(file.read_text(encoding="utf-8"))
    assert receipt["form"] == "subsidy.decision/1"
    assert receipt["input"]["person_id"] == "320***********4513"
    assert call("verify", str(file)).code == 0


def test_a_receipt_of_a_refusal(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    answer = call(
        "assess",
        "--receipt",
        str(file),
        "--json",
        given={**RECORD, "certificate_date": "2024-03-01", "applied_on": "2024-03-02"},
    )
    assert answer.code == 1
    assert json.loads(file.read_text(encoding="utf-8"))["decision"]["status"] == "undetermined"


def test_the_number_in_a_receipt(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    call("assess", "--receipt", str(file), "--person-id", "whole", given=RECORD)
    assert json.loads(file.read_text(encoding="utf-8"))["input"]["person_id"] == PERSON
    keyed = call(
        "assess", "--receipt", str(file), "--person-id", "keyed-hash", given=RECORD, env={"SUBSIDY_RECEIPT_KEY": "k"}
    )
    assert keyed.code == 0
    assert len(json.loads(file.read_text(encoding="utf-8"))["input"]["person_id"]) == 64
    missing = {"SUBSIDY_RECEIPT_KEY": None}
    answer = call("assess", "--receipt", str(file), "--person-id", "keyed-hash", given=RECORD, env=missing)
    one_message(answer, "SUBSIDY_RECEIPT_KEY is empty")


def test_a_receipt_that_cannot_be_written(tmp_path: Path) -> None:
    one_message(call("assess", "--receipt", str(tmp_path), given=RECORD), "can't be written")
    one_message(call("assess", "--receipt", str(tmp_path / "r"), given=[RECORD]), "expected one claim")
    invalid = call("assess", "--receipt", str(tmp_path / "r"), given={"claim_id": "C1"})
    one_message(invalid)
    assert not (tmp_path / "r").exists()


def test_policy_options_hold() -> None:
    assert call("assess", "--json", "--known-on", "2023-08-01", given=RECORD).json()["amount"] == "1800.00"
    weak = call("assess", "--json", "--minimum-confidence", "official", given=RECORD)
    assert (weak.code, weak.json()["reason"]) == (1, "confidence_too_low")


@pytest.mark.parametrize(("file", "amount"), [("claim.json", "2340.00"), ("claim_zh.json", "2600.00")])
def test_the_examples_are_payable(file: str, amount: str) -> None:
    answer = process("assess", "--json", given=(REPOSITORY / "examples" / file).read_bytes())
    assert (answer.code, answer.json()["amount"], answer.err) == (0, amount, "")
