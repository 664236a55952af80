"""Findings about catalogue entries and digital marks: each at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.engine.faulty_policies import ENTRIES, Fault, check_fault, each, found
from tests.engine.sound_policy import (
    CATALOG,
    CLASSIFICATION,
    DIRECTORY,
    FROM,
    LIST_END,
    RATES,
    ROW_B,
    RULES,
    Edit,
    edition,
)


@each(ENTRIES)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)


TABLE = "    amounts: {training: {A: {5: 1000, 4: 1500, 3: 2000}, B: {5: 800}}}\n"
NEXT_TABLE = Edit(RATES, ROW_B, ROW_B + edition("next", "2024-03-01", "2024-03-01", TABLE))


def test_an_entry_is_told_once_however_many_periods_there_are(tmp_path: Path) -> None:
    unlisted = Edit(CATALOG, LIST_END, LIST_END + "      - {occupation: 9-01-01-03}\n")
    findings = found(tmp_path, "entry-not-listed", unlisted, NEXT_TABLE)
    assert [one.path for one in findings] == ["editions[0].entries[2].occupation"]


def test_while_no_directory_is_in_force_no_entry_is_missing_from_it(tmp_path: Path) -> None:
    for file in (DIRECTORY, RULES, RATES):
        until = Edit(file, FROM, f"{FROM}    effective_to: 2024-03-31\n")
        for code in ("entry-not-listed", "entry-without-rate", "entry-digital-differs"):
            assert found(tmp_path, code, until) == []


def test_an_entry_that_another_list_replaces_says_nothing(tmp_path: Path) -> None:
    """The later entry counts as a whole; of three lists each is told of the one before it."""
    lists = "".join(
        edition(name, f"2024-0{month}-01", "2024-01-01", f"    mode: adds\n    entries:\n{entries}")
        for name, month, entries in (
            ("q2", 2, "      - {occupation: 9-01-01-02, digital: true}\n      - {occupation: 9-01-01-01}\n"),
            ("q3", 3, "      - {occupation: 9-01-01-02, levels: [5]}\n"),
        )
    )
    added = Edit(CATALOG, LIST_END, LIST_END + lists)
    assert found(tmp_path, "entry-digital-differs", added) == []
    findings = found(tmp_path, "entry-repeated", added)
    assert [(one.path, one.message.en.split(". ")[0].rstrip(".")) for one in findings] == [
        (
            "editions[1].entries[0].occupation",
            "Catalogue edition q2 lists again what list lists: 9-01-01-02 Mist gatherer, 9-01-01-01 Cloud watcher",
        ),
        (
            "editions[2].entries[0].occupation",
            "Catalogue edition q3 lists again what q2 lists: 9-01-01-02 Mist gatherer",
        ),
    ]


def test_marks_are_compared_where_both_are_known(tmp_path: Path) -> None:
    """The directory's own mark counts before that of the classification."""
    mark = Edit(CATALOG, LIST_END, "      - {occupation: 9-01-01-02, digital: true}\n")
    unstated = Edit(DIRECTORY, "category: B, digital: false", "category: B")
    for edits, other in (
        ([], "the directory directory"),
        ([unstated], "the classification"),
        ([unstated, Edit(CLASSIFICATION, "采雾工,no", "采雾工,")], None),
    ):
        findings = found(tmp_path, "entry-digital-differs", mark, *edits)
        assert [other in one.message.en for one in findings if other] == ([True] if other else [])
        assert bool(findings) is bool(other)
