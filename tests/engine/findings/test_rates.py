"""Findings about the rate tables as they are printed: each at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.engine.faulty_policies import ROWS, Fault, check_fault, each, found
from tests.engine.sound_policy import CATALOG, DIRECTORY, LIST_END, RATES, ROW_B, Edit, edition


@each(ROWS)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)


AGAIN = "    entries:\n      - {occupation: 9-01-01-01, digital: true, levels: [5, 4, 3]}\n"


def own(amounts: str, row: str = ROW_B, code: str = "9-01-01-02") -> Edit:
    return Edit(RATES, ROW_B, f"{row}    by_occupation: {{training: {{{code}: {{{amounts}}}}}}}\n")


def test_levels_may_be_paid_alike(tmp_path: Path) -> None:
    assert found(tmp_path, "higher-level-paid-less", Edit(RATES, "5: 800, 4: 1200", "5: 1200, 4: 1200")) == []


def test_an_own_amount_is_held_against_the_levels_beside_it(tmp_path: Path) -> None:
    """Also where they are those of the category; what the row itself turns round is said once, of the row."""
    for amounts, level in (("4: 700", "4"), ("5: 1300", "4"), ("3: 1100", "3")):
        (finding,) = found(tmp_path, "higher-level-paid-less", own(amounts))
        assert finding.path == f"editions[0].by_occupation.training.9-01-01-02.{level}"
    (finding,) = found(tmp_path, "higher-level-paid-less", own("5: 801", row=ROW_B.replace("3: 1800", "3: 1100")))
    assert finding.path == "editions[0].amounts.training.B.3"


def test_an_own_amount_counts_only_while_the_directory_lists_the_occupation(tmp_path: Path) -> None:
    assert found(tmp_path, "higher-level-paid-less", own("4: 700, 5: 800", code="9-01-01-03")) == []


def test_own_amounts_are_said_once_also_where_they_come_later(tmp_path: Path) -> None:
    table = (
        "    amounts: {training: {A: {5: 1000}, B: {5: 800}}}\n    by_occupation: {training: {9-01-01-02: {5: 800}}}\n"
    )
    findings = found(
        tmp_path,
        "amount-redundant",
        Edit(RATES, ROW_B, ROW_B + edition("next", "2024-03-01", "2024-03-01", table)),
        Edit(CATALOG, LIST_END, LIST_END + edition("again", "2024-04-01", "2024-04-01", AGAIN)),
    )
    assert [one.path for one in findings] == ["editions[1].by_occupation.training.9-01-01-02.5"]


def test_a_category_without_a_row_is_found_behind_a_stream_that_has_one_for_any(tmp_path: Path) -> None:
    """Once, however many periods there are, and also where the rate table begins behind the directory."""
    tables = "{training: {any: {5: 800}}, skill_improvement: {B: {5: 800}}}"
    with_own = f"    amounts: {tables}\n    by_occupation: {{skill_improvement: {{OWN: {{5: 1}}}}}}\n"
    for code, left in (("9-01-01-02", "9-01-01-01 Cloud watcher"), ("9-01-01-01", None)):
        findings = found(
            tmp_path,
            "category-without-rate",
            Edit(RATES, "effective_from: 2024-01-01", "effective_from: 2024-02-01"),
            Edit(
                RATES,
                f"    amounts:\n      training:\n        A: {{5: 1000, 4: 1500, 3: 2000, special: 800}}\n{ROW_B}",
                with_own.replace("OWN", code),
            ),
            Edit(CATALOG, LIST_END, LIST_END + edition("again", "2024-04-01", "2024-04-01", AGAIN)),
        )
        assert [one.message.en.rpartition(": ")[2] for one in findings] == ([f"{left}."] if left else [])


def test_an_occupation_with_amounts_of_its_own_hides_no_other(tmp_path: Path) -> None:
    table = "{5: 1000, 4: 1500, 3: 2000, special: 800}"
    findings = found(
        tmp_path,
        "category-without-rate",
        Edit(DIRECTORY, "category: A", "category: C"),
        Edit(
            RATES,
            f"        A: {table}\n{ROW_B}",
            f"        A: {table}\n    by_occupation: {{training: {{9-01-01-01: {{5: 1}}}}}}\n",
        ),
    )
    assert ["Mist gatherer" in one.message.en and "Cloud watcher" not in one.message.en for one in findings] == [True]


def test_the_row_for_any_is_told_as_such_in_both_languages(tmp_path: Path) -> None:
    row = Edit(RATES, ROW_B, f"{ROW_B}        any: {{5: 700}}\n")
    (finding,) = found(tmp_path, "level-without-rate", row)
    assert finding.message.zh.startswith("职业培训补贴、any 行")
    assert finding.message.en.startswith("training subsidy, row any ")
    (finding,) = found(tmp_path, "level-without-rate", Edit(RATES, "B: {5: 800, 4: 1200", "B: {5: 800"))
    assert finding.message.zh.startswith("职业培训补贴、B 类")
