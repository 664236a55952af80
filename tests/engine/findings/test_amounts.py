"""Findings about the amounts that come out: each at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.faulty_policies import AMOUNTS, Fault, check_fault, each, found
from tests.engine.sound_policy import CATALOG, RATES, ROW_B, RULES, Edit, edition

ROW_A = "A: {5: 1000, 4: 1500, 3: 2000, special: 800}"
SHORTAGE = '          rate: "0.30"\n          requires: [shortage]\n          streams: [training]\n'
STARRED = '          rate: "0.10"\n          requires: [starred]\n          levels: [5]\n'
ROUNDING = "rounding: {to: fen, mode: half_up}"
DOWN = Edit(RULES, ROUNDING, "rounding: {to: yuan, mode: down}")


def uplifts(*parts: str, stacking: str = "sum") -> list[Edit]:
    """Put other uplifts, all of them for every occupation, in the place of the sound ones."""
    made = "".join(f"        - id: u{number}\n          {part}\n" for number, part in enumerate(parts))
    old = f"        - id: shortage\n{SHORTAGE}        - id: starred\n{STARRED}"
    return [Edit(RULES, old, made), Edit(RULES, "stacking: highest", f"stacking: {stacking}")]


def printed(amount: str) -> str:
    return f"amounts: {{training: {{A: {{5: {amount}}}}}}}"


@each(AMOUNTS)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)


def test_a_ceiling_at_the_base_is_not_what_takes_the_amount_below_it(tmp_path: Path) -> None:
    row = Edit(RATES, ROW_A, ROW_A.replace("5: 1000", "5: 1000.50"))
    ceiling = Edit(RULES, "ceiling: {}", "ceiling: {training: {5: 1000.50}}")
    (finding,) = found(tmp_path, "uplift-below-zero", row, ceiling, DOWN)
    assert finding.path == "editions[0].entitlement.rounding"


def test_of_printed_amounts_the_one_below_the_base_is_named(tmp_path: Path) -> None:
    parts = uplifts(printed("1000"), printed("1001"), printed("900"))
    (finding,) = found(tmp_path, "uplift-below-zero", *parts)
    assert "the printed amount of the uplift u2 takes" in finding.message.en
    assert finding.path == "editions[0].entitlement.uplifts[2].amounts.training.A.5"


@pytest.mark.parametrize("other", ["1001.50", "1002"])
def test_a_printed_amount_below_the_base_that_others_make_good_is_no_cause(tmp_path: Path, other: str) -> None:
    row = Edit(RATES, ROW_A, ROW_A.replace("5: 1000", "5: 1000.50"))
    rounding = Edit(RULES, ROUNDING, "rounding: {to: yuan, mode: down}")
    parts = uplifts(printed("999.50"), printed(other))
    findings = found(tmp_path, "uplift-below-zero", row, *parts, rounding)
    total = 999_50 + round(float(other) * 100) - 1000_50
    assert [one.path for one in findings] == (["editions[0].entitlement.rounding"] if total == 1000_50 else [])


def test_cells_of_one_cause_stand_in_one_finding(tmp_path: Path) -> None:
    print_a_and_b = "amounts: {training: {A: {5: 900}, B: {5: 700}}}"
    (finding,) = found(tmp_path, "uplift-below-zero", *uplifts("amounts: {training: {any: {5: 500}}}"))
    assert finding.message.en.endswith(
        "9-01-01-01 Cloud watcher (base 1000.00, amount 500.00 yuan); "
        "9-01-01-02 Mist gatherer (base 800.00, amount 500.00 yuan)."
    )
    findings = found(tmp_path, "uplift-below-zero", *uplifts(print_a_and_b))
    assert [one.path.rsplit(".", 2)[1] for one in findings] == ["A", "B"]


def test_amounts_with_jiao_are_counted_for_each_rate_table_with_one_example(tmp_path: Path) -> None:
    table = "    amounts: {training: {A: {5: 1000.10}, B: {5: 800}}}\n"
    findings = found(
        tmp_path,
        "fractional-yuan",
        Edit(RATES, ROW_A, "A: {5: 1000.20, 4: 1500.20, 3: 2000, special: 800}"),
        Edit(RATES, ROW_B, ROW_B + edition("next", "2024-03-01", "2024-04-01", table)),
        Edit(CATALOG, "      - {occupation: 9-01-01-01, digital: true, levels: [5, 4, 3]}\n", ""),
    )
    assert [one.message.en.split(" yuan: ")[1] for one in findings] == [
        "2, for example 9-01-01-01 Cloud watcher (level 5, 1000.20 yuan).",
        "1, for example 9-01-01-01 Cloud watcher (level 5, 1000.10 yuan).",
    ]


def test_the_special_ability_is_no_higher_level(tmp_path: Path) -> None:
    row = Edit(RATES, ROW_A, "A: {5: 1000, 4: 1500, 3: 2000, special: 2500}")
    assert found(tmp_path, "higher-level-paid-less-after-uplift", row) == []


def test_a_level_whose_amount_is_not_known_is_not_paid_less(tmp_path: Path) -> None:
    part = Edit(CATALOG, "    entries:\n", "    complete: false\n    entries:\n")
    fewer = Edit(CATALOG, "levels: [5, 4, 3]", "levels: [5, 4]")
    assert found(tmp_path, "higher-level-paid-less-after-uplift", part, fewer) == []


def test_equal_bases_can_be_turned_round_by_an_uplift(tmp_path: Path) -> None:
    row = Edit(RATES, ROW_A, "A: {5: 1000, 4: 1000, 3: 2000, special: 800}")
    (finding,) = found(
        tmp_path, "higher-level-paid-less-after-uplift", row, *uplifts('rate: "0.30"\n          levels: [5]')
    )
    assert "level 4 is paid 1000.00 yuan, less than level 5 with 1300.00 yuan" in finding.message.en


def test_an_uplift_that_prints_nothing_hides_no_other(tmp_path: Path) -> None:
    parts = uplifts('rate: "0.10"', printed("1500"), "rate: 0.30\n          amounts: {training: {any: {5: 1500}}}")
    (finding,) = found(tmp_path, "printed-amount-differs", *parts)
    assert finding.path == "editions[0].entitlement.uplifts[2].amounts.training.any.5"
    assert (
        "level 5 (base 1000.00): 1500.00 yuan, by the rate 1300.00; "
        "training subsidy, level 5 (base 800.00): 1500.00 yuan, by the rate 1040.00."
    ) in finding.message.en
