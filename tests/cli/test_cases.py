"""``subsidy cases``: export, and the score of another system with what differs, in words and as JSON."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from subsidy.testing.conformance.answers import ALL_COLUMNS
from tests.cli.calls import POLICIES, call

GUANGDONG = str(POLICIES / "guangdong-2023")
Answers = list[dict[str, Any]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small export: one occupation."""
    folder = tmp_path_factory.mktemp("cases")
    assert call("cases", "export", str(folder), "--policy", GUANGDONG).code == 0
    return folder


@pytest.fixture
def right(exported: Path) -> Answers:
    """What a system that is right hands in."""
    files = sorted((exported / "v1").glob("*.jsonl"))
    cases = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [{"case": case["id"], "decisions": case["expected"]} for case in cases]


def handed_in(answers: Answers, folder: Path) -> str:
    file = folder / "decisions.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in answers), encoding="utf-8")
    return str(file)


def changed(answers: Answers, given: str | None, **changes: object) -> None:
    """Let a system decide otherwise wherever that reason would be given."""
    for one in answers:
        for decision in one["decisions"]:
            if decision["reason"] == given:
                decision.update(changes)


def test_export_says_what_was_written(tmp_path: Path) -> None:
    for lang, heading in (("en", "Conformance cases"), ("zh", "核验用例")):
        answer = call("cases", "export", str(tmp_path), "--policy", GUANGDONG, "--lang", lang)
        assert (answer.code, answer.err) == (0, "")
        lines = answer.out.splitlines()
        assert lines[0] == heading
        assert max(map(cell_len, lines)) <= 80
        assert any("grid.jsonl" in line for line in lines)
        assert str(tmp_path) in answer.out.replace("\n", "")


def test_export_leaves_alone_what_it_did_not_write(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "manifest.json").write_text('{"form": "another"}')
    answer = call("cases", "export", str(tmp_path), "--policy", GUANGDONG)
    assert answer.code == 2
    assert "found something that is no export of cases, expected a folder without v1" in answer.err
    assert [path.name for path in (tmp_path / "v1").iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("command", [["export", "x"], ["check", "x"]])
@pytest.mark.parametrize("option", [["--known-on", "2023-01-01"], ["--minimum-confidence", "official"]])
def test_days_and_confidence_are_in_the_cases(command: list[str], option: list[str], tmp_path: Path) -> None:
    answer = call("cases", *command, *option)
    assert answer.code == 2
    assert f"{option[0]}: the cases hold every such day" in answer.err


def test_a_broken_policy_is_told_as_everywhere(tmp_path: Path) -> None:
    answer = call("cases", "export", str(tmp_path), "--policy", str(tmp_path / "none"))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == call("check", str(tmp_path / "none")).err
    assert not (tmp_path / "v1").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = call("cases", "export", str(tmp_path / "file"), "--policy", GUANGDONG)
    assert answer.code == 2
    assert "can't be written" in answer.err


def test_all_right(right: Answers, exported: Path, tmp_path: Path) -> None:
    answer = call("cases", "check", handed_in(right, tmp_path), "--cases", str(exported))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == f"{len(right)} of {len(right)} cases are right (100.0%)"
    made_anew = call("cases", "check", handed_in(right, tmp_path), "--policy", GUANGDONG)
    assert made_anew == answer
    inside = call("cases", "check", handed_in(right, tmp_path), "--cases", str(exported / "v1"))
    assert inside == answer


FAULTS = [
    ("occupation_not_listed", {"status": "payable", "reason": None}, "base_amount"),
    ("no_rates_in_force", {"status": "refused"}, "base_amount"),
    ("level_not_subsidised", {"status": "invalid", "reason": "bad_level"}, "record"),
    ("higher_level_already_paid", {"status": "payable", "reason": None}, "no_lower_after_higher"),
    ("no_rates_in_force", {"status": "refused", "reason": "claimed_too_late"}, "within_claim_window"),
    (None, {"status": "refused", "reason": "insured_too_short"}, "insured_long_enough"),
    ("same_level_already_paid", {"reason": "certificate_already_paid"}, "certificate_paid_once"),
    ("certificate_already_paid", {"blocked_by": None}, "certificate_paid_once"),
    (None, {"uplift_fen": 1, "uplift": "0.01"}, "uplift"),
    (None, {"base_fen": 1, "base": "0.01"}, "base_amount"),
    (None, {"confidence": "official"}, "confidence"),
    (None, {"rules_edition": "another"}, "texts_in_force"),
]


@pytest.mark.parametrize(("reason", "changes", "rule"), FAULTS)
def test_a_fault_is_found_and_named(
    reason: str | None, changes: dict[str, object], rule: str, right: Answers, exported: Path, tmp_path: Path
) -> None:
    before = json.dumps(right)
    changed(right, reason, **changes)
    assert json.dumps(right) != before
    answer = call("cases", "check", handed_in(right, tmp_path), "--cases", str(exported), "--json")
    found = answer.json()
    assert (answer.code, found["ok"]) == (1, False)
    assert {pattern["rule"] for pattern in found["patterns"]} == {rule}
    wrong = {one["case"] for one in found["differences"]}
    assert found["total"]["cases"] - found["total"]["right"] == len(wrong) > 0
    assert sum(one["cases"] - one["right"] for one in found["themes"].values()) == len(wrong)
    assert sum(one["cases"] - one["right"] for one in found["rules"].values()) == len(wrong)
    assert found["total"]["percent"] < 100
    assert all(one["expected"] != one["found"] for one in found["differences"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_differs_where_and_why(lang: str, right: Answers, exported: Path, tmp_path: Path) -> None:
    changed(right, "occupation_not_listed", status="payable", reason=None)
    for number, one in enumerate(right):
        for decision in one["decisions"]:
            del decision["confidence"]
            if number % 7 == 0 and decision["status"] == "payable":
                decision["amount_fen"] += 1
    right += [{"case": "none/such", "decisions": []}, right[1]]
    right[2] = {**right[2], "decisions": right[2]["decisions"] * 2}
    del right[5]
    for more in ([], ["--all"]):
        answer = call("cases", "check", handed_in(right, tmp_path), "--cases", str(exported), "--lang", lang, *more)
        assert (answer.code, answer.err) == (1, "")
        assert max(map(cell_len, answer.out.splitlines())) <= 80
        text = answer.out.replace("\n", " ")
        wanted = ["confidence", "refused (occupation_not_listed)", "payable", "S4.base.not-listed", "none/such"]
        words = (
            [
                "未提交、未比较的栏",
                "不在补贴职业目录",
                "未提交的用例：1",
                "重复提交的用例：1",
                "不存在的用例：1",
                "1 / 2",
            ]
            if lang == "zh"
            else ["not compared", "not listed", "not answered: 1", "more than once: 1", "no case: 1", "(1 / 2)"]
        )
        assert [word for word in wanted + words if word not in text] == []


def test_a_table_of_decisions(right: Answers, exported: Path, tmp_path: Path) -> None:
    """The same as csv: an empty cell is null, and amounts may be in yuan only."""
    file = tmp_path / "decisions.csv"
    columns = [name for name in ALL_COLUMNS if not name.endswith("_fen")]
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, ["case", *columns, "remark"], extrasaction="ignore")
        writer.writeheader()
        for one in right:
            writer.writerows({"case": one["case"], "remark": "mine", **decision} for decision in one["decisions"])
    answer = call("cases", "check", str(file), "--cases", str(exported), "--json")
    assert (answer.code, answer.json()["ok"]) == (0, True)
    assert answer.json()["not_given"] == ["amount_fen", "base_fen", "uplift_fen"]


ROW = {"status": "payable", "amount": "1.00"}
UNUSABLE: list[tuple[str, str, str]] = [
    ("jsonl", "", "no decisions"),
    ("jsonl", "{", ":1: found no JSON"),
    ("jsonl", "[]", ':1: found \'[]\', expected {"case": ID, "decisions": [...]}'),
    ("jsonl", '{"case": "a", "decisions": [1]}', ":1: decisions: found"),
    ("jsonl", '{"case": "a", "decisions": [{"status": "payable"}]}', "expected status and amount"),
    ("jsonl", json.dumps({"case": "a", "decisions": [ROW | {"amount_fen": "1,000"}]}), "amount_fen: found '1,000'"),
    ("jsonl", json.dumps({"case": "a", "decisions": [ROW | {"amount_fen": 1.5}]}), "expected whole fen"),
    ("jsonl", json.dumps({"case": "a", "decisions": [ROW | {"base": "much"}]}), "expected yuan with two decimals"),
    ("jsonl", json.dumps({"case": "a", "decisions": [ROW | {"reason": 3}]}), "expected a text or null"),
    ("jsonl", json.dumps({"case": "a", "decisions": [ROW | {"reasn": "x"}]}), "the column 'reasn', expected reason"),
    ("csv", "id,status\na,payable\n", "expected a heading line with the column case"),
    ("csv", "case,status,amount\na,payable,1.00,x\n", "found more cells than headings"),
]


@pytest.mark.parametrize(("kind", "text", "said"), UNUSABLE)
def test_unusable_decisions_are_told(kind: str, text: str, said: str, exported: Path, tmp_path: Path) -> None:
    file = tmp_path / f"decisions.{kind}"
    file.write_text(text, encoding="utf-8")
    answer = call("cases", "check", str(file), "--cases", str(exported))
    assert answer.out == ""
    assert answer.code == 2
    assert said in answer.err.replace("\n", " ")


def test_no_file_and_no_cases(right: Answers, tmp_path: Path) -> None:
    answer = call("cases", "check", str(tmp_path / "none.jsonl"), "--cases", str(tmp_path))
    assert (answer.code, "No such file" in answer.err) == (2, True)
    answer = call("cases", "check", handed_in(right, tmp_path), "--cases", str(tmp_path))
    assert (answer.code, "no manifest.json of cases" in answer.err) == (2, True)
    answer = call("cases", "check", handed_in(right, tmp_path), "--cases", str(tmp_path), "--policy", GUANGDONG)
    assert (answer.code, "exclude each other" in answer.err) == (2, True)
