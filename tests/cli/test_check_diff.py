"""``subsidy check`` and ``subsidy diff``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.calls import POLICIES, REPOSITORY, call, one_message

DATA = REPOSITORY / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "policy"
    shutil.copytree(DATA, copy)
    return copy


def test_findings() -> None:
    page = call("check", "--today", "2026-11-23")
    assert page.code == 1
    assert "Warnings" in page.out
    assert "occupations.yaml:" in page.out
    found = call("check", "--today", "2026-11-23", "--json")
    assert found.code == 1
    assert {"code", "severity", "file", "line", "column", "path", "edition", "message", "advice"} == set(
        found.json()[0]
    )
    assert {one["severity"] for one in found.json()} <= {"error", "warning", "info"}
    assert f"{len(found.json())} findings" in page.out
    assert "警告" in call("check", "--today", "2026-11-23", "--lang", "zh").out


def test_today_is_a_parameter() -> None:
    later, then = (call("check", "--today", day, "--json").json() for day in ("2026-11-23", "2023-10-01"))
    assert len(later) > len(then)


def test_the_folder_by_argument_or_option(folder: Path) -> None:
    by_argument = call("check", str(folder), "--json", "--today", "2024-01-01")
    assert by_argument.json() == call("check", "--policy", str(folder), "--json", "--today", "2024-01-01").json()
    one_message(call("check", str(folder), "--policy", str(DATA)), "found two folders")
    one_message(call("check", "--known-on", "2023-08-01"), "leave this option out")
    one_message(call("check", ""), "expected a policy folder")
    one_message(call("check", "no/such/folder"), "no such folder")


def test_sources_sure_enough_are_no_findings() -> None:
    codes = {one["code"] for one in call("check", "--json", "--minimum-confidence", "secondary").json()}
    assert "assumed" in codes
    assert "secondary" not in codes


def test_faults_that_keep_a_folder_from_loading(folder: Path) -> None:
    rates = folder / "subsidy_rates.yaml"
    rates.write_text(rates.read_text(encoding="utf-8").replace("1: 4300", "1: 43x0"), encoding="utf-8")
    for lang, word in (("en", "found '43x0', expected yuan"), ("zh", "现为 '43x0'")):
        answer = call("check", str(folder), "--lang", lang)
        assert (answer.code, answer.out) == (2, "")
        assert f"{rates}:" in answer.err
        assert "editions[1].amounts.training.A.1" in answer.err
        assert word in answer.err
    found = call("check", str(folder), "--json")
    assert found.code == 2
    assert [(one["severity"], one["path"]) for one in found.json()] == [("error", "editions[1].amounts.training.A.1")]
    assert call("quote", "--policy", str(folder), "--occupation", "x", "--level", "3", "--on", "2023-09-01").code == 2


def test_a_clean_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subsidy.cli.check.check_folder", lambda *_, **__: [])
    assert (call("check").code, call("check").out) == (0, "the packaged policy: no findings.\n")
    assert call("check", "--json").json() == []
    assert "没有发现" in call("check", "--lang", "zh").out


def test_two_days_of_knowledge() -> None:
    found = call("diff", "2023-08-01", "2023-09-01", "--json")
    assert found.code == 0
    assert [(one["text"], one["edition"], one["change"]) for one in found.json()["texts"]] == [
        ("catalog", "suzhou-digital-2023", "added"),
        ("rules", "suzhou-2023", "added"),
    ]
    trainer = next(
        one
        for one in found.json()["cells"]
        if (one["occupation"], one["level"], one["stream"]) == ("4-04-05-05", "3", "training")
    )
    assert (trainer["old"]["amount"], trainer["new"]["amount"], trainer["difference"]) == (
        "1800.00",
        "2340.00",
        "540.00",
    )
    page = call("diff", "2023-08-01", "2023-09-01")
    assert page.code == 0
    assert "added catalogue suzhou-digital-2023" in page.out
    assert "+540.00" in page.out
    assert "--all shows every one" in page.out
    every = call("diff", "2023-08-01", "2023-09-01", "--all")
    assert "--all" not in every.out
    assert len(every.out.splitlines()) > len(page.out.splitlines())
    assert "新增 紧缺职业目录 suzhou-digital-2023" in call("diff", "2023-08-01", "2023-09-01", "--lang", "zh").out


def test_two_folders(folder: Path) -> None:
    rates = folder / "subsidy_rates.yaml"
    rates.write_text(rates.read_text(encoding="utf-8").replace("1: 4300", "1: 4400"), encoding="utf-8")
    page = call("diff", str(DATA), str(folder))
    assert page.code == 0
    assert "amounts.training.A.1" in page.out
    assert "+" in page.out
    assert call("diff", str(DATA), str(DATA)).out.endswith("Nothing changes.\n")
    assert "没有变化" in call("diff", str(DATA), str(DATA), "--lang", "zh").out


@pytest.mark.parametrize("other", sorted(one.name for one in POLICIES.iterdir() if one.is_dir()))
def test_any_two_folders(other: str) -> None:
    assert call("diff", str(DATA), str(POLICIES / other)).code == 0


def test_what_cannot_be_compared() -> None:
    one_message(call("diff", "2023-09-01", str(DATA)), "found the date 2023-09-01 beside a folder")
    one_message(call("diff", str(DATA), "nowhere"), "NEW: found 'nowhere', expected a policy folder or a date")
    one_message(call("diff", str(DATA), ""), "NEW: found ''")
    one_message(call("diff", "2023-09-01"), "argument NEW is missing")
