"""What `check` says of sound and of whole folders; of each small fault in `findings`, next to this."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from subsidy import PolicyError
from subsidy.engine.findings import KINDS, Finding, check_folder
from subsidy.policy.loading import packaged_folder
from tests.cases_io import HERE
from tests.engine.faulty_policies import FAULTS
from tests.engine.sound_policy import RATES, SOUND, TODAY, Edit, edition, write

FOLDERS = sorted(folder for folder in (HERE / "policies").iterdir() if folder.is_dir())


def checked(folder: Path, *edits: Edit, today: date = TODAY) -> list[Finding]:
    write(folder, edits)
    return check_folder(folder, today=today)


def test_of_a_sound_policy_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert checked(tmp_path) == []


def test_every_kind_comes_out_of_some_fault() -> None:
    assert {fault.code for fault in FAULTS} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_both_languages_of_a_kind_say_the_same_words(kind: object) -> None:
    from subsidy.engine.findings import Kind

    assert isinstance(kind, Kind)
    for text in (kind.message, kind.advice):
        assert set(re.findall(r"\{\w+\}", text.zh)) == set(re.findall(r"\{\w+\}", text.en))
        assert re.search(r"[一-鿿]", text.zh)
        assert not re.search(r"[一-鿿]", text.en)


@pytest.mark.parametrize("today", [date(2025, 1, 1), date(2025, 11, 24), date(2031, 5, 1)])
def test_of_the_packaged_policy_only_what_is_assumed_or_not_official_is_found(today: date) -> None:
    """Gaps and the incomplete list are texts that aren't public; nothing else is odd about it."""
    findings = check_folder(packaged_folder(), today=today)
    assert [(Path(one.file).name, one.code, one.edition) for one in findings] == [
        ("occupations.yaml", "secondary", "suzhou-2019"),
        ("occupations.yaml", "assumed", "jiangsu-2023"),
        ("occupations.yaml", "gap-in-directory", "jiangsu-2023"),
        ("rules.yaml", "secondary", "suzhou-2019"),
        ("rules.yaml", "secondary", "jiangsu-2023"),
        ("rules.yaml", "secondary", "suzhou-2023"),
        ("rules.yaml", "gap-in-rules", "suzhou-2023"),
        ("shortage_catalog.yaml", "secondary", "suzhou-2019"),
        ("shortage_catalog.yaml", "gap-in-catalog", "suzhou-2019"),
        ("shortage_catalog.yaml", "catalog-incomplete", "suzhou-2019"),
        ("shortage_catalog.yaml", "assumed", "suzhou-digital-2023"),
        ("shortage_catalog.yaml", "gap-in-catalog", "suzhou-digital-2023"),
        ("subsidy_rates.yaml", "secondary", "suzhou-2019"),
        ("subsidy_rates.yaml", "secondary", "jiangsu-benchmark-2023"),
        ("subsidy_rates.yaml", "gap-in-rates", "jiangsu-benchmark-2023"),
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_other_places_can_be_checked(folder: Path) -> None:
    findings = check_folder(folder, today=date(2025, 11, 24))
    assert findings == sorted(findings, key=lambda one: (one.file, one.line, one.column))
    for finding in findings:
        assert "{" not in finding.text("zh") + finding.text("en")


def test_a_text_that_ends_in_the_future_is_no_gap_yet(tmp_path: Path) -> None:
    ends = Edit(
        RATES, "    effective_from: 2024-01-01\n", "    effective_from: 2024-01-01\n    effective_to: 2024-12-31\n"
    )
    assert checked(tmp_path, ends, today=date(2024, 12, 31)) == []
    assert [finding.code for finding in checked(tmp_path, ends, today=date(2025, 1, 1))] == ["gap-in-rates"]


def test_an_edition_that_follows_in_time_is_no_overlap(tmp_path: Path) -> None:
    table = "    amounts: {training: {A: {5: 1000, 4: 1500, 3: 2000}, B: {5: 800, 4: 1200, 3: 1800}}}\n"
    follows = edition("next", "2024-03-01", "2024-03-01", table)
    last = "        B: {5: 800, 4: 1200, 3: 1800, special: 600}\n"
    assert checked(tmp_path, Edit(RATES, last, last + follows)) == []


def test_an_empty_file_is_a_gap_without_an_edition(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / RATES).write_text("editions: []\n", encoding="utf-8")
    findings = check_folder(tmp_path, today=TODAY)
    assert [(one.code, one.edition, one.path, one.line, one.column) for one in findings] == [
        ("gap-in-rates", None, "editions", 1, 11)
    ]


def test_without_any_text_there_is_no_rule_rate_or_directory(tmp_path: Path) -> None:
    write(tmp_path)
    for file in SOUND:
        if file.endswith(".yaml"):
            (tmp_path / file).write_text("editions: []\n", encoding="utf-8")
    codes = [finding.code for finding in check_folder(tmp_path, today=TODAY)]
    assert codes == ["gap-in-directory", "gap-in-rules", "gap-in-rates"]


def test_a_folder_that_does_not_load_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        checked(tmp_path, Edit(RATES, "A: {5: 1000", "A: {5: much"))
