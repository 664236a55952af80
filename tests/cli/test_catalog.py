"""``subsidy catalog`` and ``subsidy schema``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from subsidy.cli.values import SCHEMA
from tests.cli.calls import POLICIES, RECORD, REPOSITORY, call, one_message


def test_entries_in_force() -> None:
    found = call("catalog", "list", "--on", "2023-09-01", "--json").json()
    assert [edition["id"] for edition in found["editions"]] == ["suzhou-digital-2023"]
    trainer = next(entry for entry in found["entries"] if entry["occupation"] == "4-04-05-05")
    assert trainer == {
        "occupation": "4-04-05-05",
        "name": {"zh": "人工智能训练师", "en": "Artificial intelligence trainer"},
        "levels": ["5", "4", "3", "2", "1", "special"],
        "digital": True,
        "tags": [],
        "edition": "suzhou-digital-2023",
    }
    page = call("catalog", "list", "--on", "2019-11-01")
    assert page.code == 0
    assert "only a part of the list is held" in page.out
    assert "6-18-02-04" in page.out
    assert "9 occupations" in page.out


def test_a_day_without_a_catalogue() -> None:
    page = call("catalog", "list", "--on", "2021-03-01")
    assert page.code == 1
    assert "No shortage catalogue is in force on 2021-03-01." in page.out
    assert "2019-10-22 to 2019-12-31" in page.out
    found = call("catalog", "list", "--on", "2021-03-01", "--json")
    assert (found.code, found.json()["entries"]) == (1, [])
    assert call("catalog", "list", "--on", "2023-09-01", "--known-on", "2023-08-01").code == 1


def test_today_is_the_day_where_none_is_given() -> None:
    assert call("catalog", "list", "--json").json()["on"] == date.today().isoformat()  # noqa: DTZ011


@pytest.mark.parametrize("text", ["4-04-05-05", "人工智能训", "ai训练师", "Artificial intelligence", "数据标注员"])
def test_search_by_code_name_and_alias(text: str) -> None:
    answer = call("catalog", "search", text, "--json")
    assert answer.code == 0
    trainer = next(one for one in answer.json() if one["occupation"] == "4-04-05-05")
    assert (trainer["category"], trainer["digital"], trainer["directories"]) == ("B", True, ["jiangsu-2023"])
    assert [edition["id"] for edition in trainer["catalogs"]] == ["suzhou-digital-2023"]
    assert "4-04-05-05" in call("catalog", "search", text).out


def test_search_names_where_and_when_listed() -> None:
    page = call("catalog", "search", "焊工", "--lang", "zh")
    assert "suzhou-2019（5 4 3）" in page.out
    assert "2019-10-22 至 2019-12-31" in page.out


def test_search_shows_forty_unless_told() -> None:
    few, every = call("catalog", "search", "工"), call("catalog", "search", "工", "--all")
    assert "the first 40 shown" in few.out
    assert len(every.out.splitlines()) > len(few.out.splitlines())


def test_search_without_a_find() -> None:
    assert call("catalog", "search", "no such thing").code == 1
    assert call("catalog", "search", "no such thing", "--json").json() == []
    one_message(call("catalog", "search", " "), "a part of a code, name or alias")
    one_message(call("catalog", "search"), "argument TEXT is missing")


@pytest.mark.parametrize("folder", sorted(folder.name for folder in POLICIES.iterdir() if folder.is_dir()))
def test_every_policy_can_be_listed_and_searched(folder: str) -> None:
    policy = ("--policy", str(POLICIES / folder))
    assert call("catalog", "search", "工", "--all", *policy).code in (0, 1)
    for day in ("2019-11-01", "2023-09-01"):
        assert call("catalog", "list", "--on", day, *policy).code in (0, 1)


@pytest.mark.parametrize("name", SCHEMA.words)
def test_schemas(name: str) -> None:
    answer = call("schema", name)
    assert answer.code == 0
    schema = answer.json()
    assert schema["$schema"].startswith("https://json-schema.org/")
    jsonschema.Draft202012Validator.check_schema(schema)


def test_a_claim_fits_its_schema() -> None:
    for claim in (RECORD, json.loads((REPOSITORY / "examples" / "claim.json").read_text(encoding="utf-8"))):
        jsonschema.validate(claim, call("schema", "claim").json())


def test_a_payment_fits_its_schema() -> None:
    payment = {"claim_id": "C1", "amount": "2340.00", "paid_on": "2023-11-20"}
    jsonschema.validate(payment, call("schema", "payment").json())


def test_names_of_schemas() -> None:
    assert all(name in call("schema").out for name in SCHEMA.words)
    assert call("schema", "--json").json() == [*SCHEMA.words]
    one_message(call("schema", "rule"), "found 'rule'", "did you mean rules?")


def test_the_receipt_fits_its_schema(tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    call("assess", "--receipt", str(file), given=RECORD)
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), call("schema", "decision").json())
