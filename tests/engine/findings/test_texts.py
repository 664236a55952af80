"""Findings about the texts themselves: each at its place, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from subsidy.engine.findings import check_folder
from tests.engine.faulty_policies import GAPS, TEXTS, Fault, check_fault, each, found
from tests.engine.sound_policy import (
    CATALOG,
    DIRECTORY,
    FROM,
    LIST_END,
    RATES,
    ROW_B,
    RULES,
    TODAY,
    Edit,
    edition,
    write,
)


@each([*GAPS, *TEXTS])
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)


TABLE = "    amounts: {training: {A: {5: 1000}, B: {5: 800}}}\n"
LIST = "    entries:\n      - {occupation: 9-01-01-02}\n"


def rates(*more: tuple[str, str, str, str]) -> Edit:
    """Put rate tables (id, published, first day, last day) behind the sound one."""
    editions = "".join(edition(name, published, first, TABLE, to=last) for name, published, first, last in more)
    return Edit(RATES, ROW_B, ROW_B + editions)


def ends(last: str) -> Edit:
    return Edit(RATES, FROM, f"{FROM}    effective_to: {last}\n")


def test_a_gap_over_several_periods_is_one_at_the_end_of_the_text_that_ended_last(tmp_path: Path) -> None:
    """Whatever the order in the file; of those that ended on one day the one published last."""
    again = Edit(CATALOG, LIST_END, LIST_END + edition("again", "2024-03-20", "2024-05-01", LIST))
    (finding,) = found(
        tmp_path, "gap-in-rates", again, ends("2024-03-31"), rates(("b", "2024-01-01", "2024-01-01", "2024-02-01"))
    )
    assert finding.path == "editions[0].effective_to"
    assert "governs 2024-04-01 and later" in finding.message.en
    twins = rates(("b", "2024-03-01", "2024-02-01", "2024-03-31"), ("c", "2024-02-01", "2024-02-01", "2024-03-31"))
    (finding,) = found(tmp_path, "gap-in-rates", ends("2024-03-31"), twins)
    assert finding.path == "editions[1].effective_to"


def test_a_gap_before_any_edition_is_found_at_the_one_that_begins_first(tmp_path: Path) -> None:
    begins = Edit(RATES, FROM, "    effective_from: 2024-05-01\n")
    (finding,) = found(tmp_path, "gap-in-rates", begins, rates(("b", "2024-03-01", "2024-03-01", "null")))
    assert finding.path == "editions[1].effective_from"
    assert "governs 2024-01-01 to 2024-02-29" in finding.message.en


def test_two_gaps_are_two(tmp_path: Path) -> None:
    spring = rates(("b", "2024-03-01", "2024-04-01", "2024-04-30"))
    findings = found(tmp_path, "gap-in-rates", ends("2024-02-29"), spring)
    assert [one.path for one in findings] == ["editions[0].effective_to", "editions[1].effective_to"]
    assert "2024-03-01 to 2024-03-31" in findings[0].message.en


def test_a_gap_counts_from_its_first_day_on(tmp_path: Path) -> None:
    write(tmp_path, [ends("2024-05-31")])
    for today, is_gap in ((date(2024, 5, 31), False), (date(2024, 6, 1), True)):
        codes = {one.code for one in check_folder(tmp_path, today=today)}
        assert ("gap-in-rates" in codes) is is_gap


@pytest.mark.parametrize(
    ("requires", "gap"), [("[shortage]", True), ("[digital]", True), ("[starred]", True), ("[]", False)]
)
def test_the_catalogue_has_a_gap_only_where_an_uplift_asks_for_it(tmp_path: Path, requires: str, gap: bool) -> None:
    """Also where no directory lists an occupation that could ask; not where each itself has what is asked."""
    edits = [
        Edit(CATALOG, FROM, f"{FROM}    effective_to: 2024-03-31\n"),
        Edit(RULES, "requires: [starred]", "requires: []"),
        Edit(RULES, "requires: [shortage]", f"requires: {requires}"),
    ]
    assert bool(found(tmp_path, "gap-in-catalog", *edits)) is gap
    until = Edit(DIRECTORY, FROM, f"{FROM}    effective_to: 2024-03-31\n")
    assert bool(found(tmp_path, "gap-in-catalog", *edits, until)) is gap
    both = Edit(DIRECTORY, "category: A, digital: true", "category: A, digital: true, tags: [starred]")
    marks = Edit(DIRECTORY, "category: B, digital: false", "category: B, digital: true")
    assert bool(found(tmp_path, "gap-in-catalog", *edits, both, marks)) is (requires == "[shortage]")


def test_an_edition_superseded_wholly_hides_no_other_and_names_all_that_do(tmp_path: Path) -> None:
    later = rates(("b", "2024-01-10", "2024-01-01", "2024-03-31"), ("c", "2024-01-20", "2024-03-01", "null"))
    findings = found(tmp_path, "superseded-wholly", later)
    assert [(one.edition, one.message.en.split(" by ")[1]) for one in findings] == [
        ("rates", "b, c, published later; it decides no date.")
    ]
    findings = found(tmp_path, "superseded-in-part", later)
    assert [(one.edition, one.path) for one in findings] == []
    early = rates(("b", "2024-05-10", "2024-01-01", "2024-03-31"), ("c", "2024-05-20", "2024-03-01", "null"))
    (finding,) = found(tmp_path, "superseded-in-part", early)
    assert (finding.edition, finding.path) == ("b", "editions[1].id")
    assert "superseded 2024-03-01 to 2024-03-31 by c, published on 2024-05-20" in finding.message.en


def test_a_list_that_adds_supersedes_nothing(tmp_path: Path) -> None:
    added = edition("adds", "2024-05-10", "2024-03-01", "    mode: adds\n" + LIST.replace("9-01-01-02", "9-01-01-01"))
    write(tmp_path, [Edit(CATALOG, LIST_END, LIST_END + added)])
    assert not {one.code for one in check_folder(tmp_path, today=TODAY)} & {"superseded-in-part", "superseded-wholly"}


@pytest.mark.parametrize(("published", "said"), [("2024-03-01", 0), ("2024-03-02", 1)])
def test_a_text_known_on_its_first_day_simply_follows(tmp_path: Path, published: str, said: int) -> None:
    """But not where the earlier text is back in force behind it, in one finding with all the dates that it loses."""
    assert len(found(tmp_path, "superseded-in-part", rates(("b", published, "2024-03-01", "null")))) == said
    (finding,) = found(tmp_path, "superseded-in-part", rates(("b", published, "2024-03-01", "2024-03-31")))
    assert finding.message.en.startswith("Edition rates is superseded 2024-03-01 to 2024-03-31 by b")


def test_only_open_texts_in_force_that_are_a_year_old_are_to_be_looked_at(tmp_path: Path) -> None:
    """One that nobody needs to look at hides no other."""
    old = edition("old", "2022-01-01", "2022-01-01", TABLE).replace(
        "verified_on: 2024-05-01", "verified_on: 2022-02-01"
    )
    seen = edition("seen", "2022-06-01", "2022-06-01", TABLE)
    unseen = edition("unseen", "2023-01-01", "2023-01-01", TABLE).replace(", verified_on: 2024-05-01", "")
    start = Edit(RATES, FROM, "    effective_from: 2024-01-01\n    effective_to: 2024-01-31\n")
    for editions, expected in (
        (old, ["editions[1].source.verified_on"]),
        (old + seen, []),
        (seen + unseen, ["editions[2].source"]),
        (unseen.replace("effective_to: null", "effective_to: 2024-12-31"), []),
    ):
        findings = found(tmp_path, "not-verified", start, Edit(RATES, ROW_B, ROW_B + editions))
        assert [one.path for one in findings] == expected


def test_a_year_without_a_look_counts_from_the_day(tmp_path: Path) -> None:
    write(tmp_path)
    assert check_folder(tmp_path, today=date(2025, 5, 1)) == []
    assert {one.code for one in check_folder(tmp_path, today=date(2025, 5, 2))} == {"not-verified"}
