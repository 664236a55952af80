"""All that is said of one change of each sort between two small policies, as a program reads it.

After a change on purpose: run this module with UPDATE_GOLDEN=1 in the environment, then read the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from subsidy import Policy, load_policy
from subsidy.engine.diff import CellChange, PolicyDiff, diff_policies
from subsidy.engine.diff_texts import diff_editions
from tests.engine.sound_policy import CATALOG, CLASSIFICATION, DIRECTORY, FROM, RATES, RULES, Edit, edition, write

GOLDEN = Path(__file__).parent / "golden" / "diff"
MORE = (
    "9-01-01-04,观星员,yes\n9-01-01-05,听雨员,yes\n9-01-01-06,数雪员,no\n9-01-01-07,量露员,no\n9-01-01-08,称霜员,no\n"
)
CHANGES = {
    "texts": [
        Edit(RATES, "B: {5: 800,", "B: {2: 2500, 5: 810,"),
        Edit(RATES, "3: 1800, special: 600}", "special: 600}"),
        Edit(CATALOG, "      - {occupation: 9-01-01-02}\n", ""),
        Edit(DIRECTORY, "category: A, digital: true}", "category: A, digital: false, aliases: [看云员]}"),
        Edit(RULES, "      stacking: highest\n", "      stacking: sum\n"),
        Edit(RULES, "at_most: 3, per: calendar_year}", "at_most: 2, per: lifetime}"),
        Edit(RULES, "training: 12}", "training: 6}"),
    ],
    "covers": [
        Edit(DIRECTORY, FROM, FROM + "    covers: all\n"),
        Edit(RATES, "        A: {5: 1000", "        any: {5: 500}\n        A: {5: 1000"),
        Edit(RULES, "requires: [shortage]", "requires: [digital]"),
    ],
    "ends": [
        Edit(RATES, FROM, FROM + "    effective_to: 2024-03-31\n"),
        Edit(CATALOG, FROM, FROM + "    effective_to: 2024-06-30\n"),
    ],
    "names": [
        Edit(CLASSIFICATION, "测风师,\n", "测风员,\n" + MORE.replace("yes", "no", 1)),
        Edit(RATES, "document: 云山市2024年标准", "document: 云山市标准"),
    ],
}


def policy(folder: Path, *edits: Edit) -> Policy:
    folder.mkdir()
    write(folder, edits)
    return load_policy(folder)


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_said_of_a_change(name: str, tmp_path: Path) -> None:
    more = [] if name == "names" else [Edit(CLASSIFICATION, "测风师,\n", "测风师,\n" + MORE)]
    old, new = policy(tmp_path / "old", *more), policy(tmp_path / "new", *more, *CHANGES[name])
    there, back = diff_policies(old, new).to_json(), diff_policies(new, old).to_json()
    assert (there.pop("old_fingerprint"), there.pop("new_fingerprint")) == (old.fingerprint, new.fingerprint)
    assert (back.pop("old_fingerprint"), back.pop("new_fingerprint")) == (new.fingerprint, old.fingerprint)
    text = json.dumps({"there": there, "back": back["summary"]}, ensure_ascii=False, indent=1) + "\n"
    file = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_an_added_edition_is_told_by_its_title_and_dates(tmp_path: Path) -> None:
    table = "    amounts: {training: {A: {5: 1000}}}\n"
    last = "        B: {5: 800, 4: 1200, 3: 1800, special: 600}\n"
    added = edition("next", "2024-03-01", "2025-01-01", table)
    old, new = policy(tmp_path / "old"), policy(tmp_path / "new", Edit(RATES, last, last + added))
    (change,) = diff_policies(old, new).texts
    assert change.to_json() == {
        "text": "rates",
        "edition": "next",
        "change": "added",
        "path": None,
        "old": None,
        "new": {
            "title": {"zh": "云山市next", "en": "Yunshan next"},
            "published_on": "2024-03-01",
            "effective_from": "2025-01-01",
            "effective_to": None,
        },
        "concerns": "law",
    }
    (gone,) = diff_policies(new, old).texts
    assert (gone.edition, gone.change, gone.old, gone.new) == ("next", "removed", change.new, None)


def paid(changes: PolicyDiff) -> list[CellChange]:
    return [cell for cell in changes.cells if cell.kind == "newly_payable"]


def test_other_occupations_are_named_by_their_number_and_told_apart_where_they_differ(tmp_path: Path) -> None:
    """All that no text names: of the classification, by their mark where that counts, and any other code."""
    covers = Edit(DIRECTORY, FROM, FROM + "    covers: all\n")
    rate = Edit(RATES, "        A: {5: 1000", "        any: {5: 500}\n        A: {5: 1000")
    old = policy(tmp_path / "old", rate)
    (change,) = paid(diff_policies(old, policy(tmp_path / "new", covers, rate)))
    assert (change.occupation, change.occupations, change.name.zh) == ("9-01-01-03", 1, "测风师")
    more = Edit(CLASSIFICATION, "测风师,\n", "测风师,\n9-01-01-04,观星员,no\n")
    (pair,) = paid(diff_policies(policy(tmp_path / "o", rate, more), policy(tmp_path / "n", covers, rate, more)))
    assert (pair.occupation, pair.occupations) == (None, 2)
    assert (pair.name.zh, pair.name.en) == ("大典中其他职业（2个）", "2 other occupations of the classification")
    gone = Edit(RULES, "effective_from: 2024-01-01", "effective_from: 2024-02-01")
    others = [one for one in diff_policies(old, policy(tmp_path / "gone", rate, gone)).cells if one.occupations is None]
    (endless, *_) = [one for one in others if one.occupation is None]
    assert (endless.name.zh, endless.name.en) == ("其他职业", "all other occupations")
    assert (endless.to_json()["from"], endless.to_json()["to"]) == ("2024-01-01", "2024-01-31")


def test_an_occupation_that_only_one_policy_knows_has_its_name_of_there(tmp_path: Path) -> None:
    line = "category: B, digital: false, tags: [starred]}\n"
    new_line = line + "      - {code: 9-01-01-09, name: {zh: 捕风员, en: Wind catcher}, category: B}\n"
    old, new = policy(tmp_path / "old"), policy(tmp_path / "new", Edit(DIRECTORY, line, new_line))
    for one, other in ((old, new), (new, old)):
        found = {cell.name.zh for cell in diff_policies(one, other).cells if cell.occupation == "9-01-01-09"}
        assert found == {"捕风员"}
    days = {(cell.to_json()["from"], cell.to_json()["to"]) for cell in diff_policies(old, new).cells}
    assert days == {("2024-01-01", None)}


def test_of_two_editions_only_what_can_change_a_decision_is_told(tmp_path: Path) -> None:
    rate = Edit(RATES, "B: {5: 800,", "B: {5: 801,")
    name = Edit(RATES, "zh: 云山市2024年标准", "zh: 云山市标准")
    old, new = policy(tmp_path / "old").rates[0], policy(tmp_path / "new", rate, name).rates[0]
    (change,) = diff_editions(old, new)
    assert (change.text, change.edition, change.path) == ("rates", "rates", "amounts.training.B.5")
    assert (change.old, change.new, change.concerns) == ("800.00", "801.00", "law")
    names = policy(tmp_path / "names", Edit(DIRECTORY, "zh: 观云员", "zh: 望云员")).directory[0]
    assert diff_editions(policy(tmp_path / "same").directory[0], names) == ()
