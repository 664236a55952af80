"""Findings about the rules' parameters: each at its place, and nothing else."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from subsidy.engine.findings.rules import _shadows
from subsidy.model.level import Stream
from subsidy.policy.texts import Limit
from subsidy.rules.history import binds
from tests.engine.faulty_policies import PARAMETERS, Fault, check_fault, each, found
from tests.engine.sound_policy import CATALOG, RATES, ROW_B, RULES, UPLIFTS, Edit, edition


@each(PARAMETERS)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)


TRAINING, IMPROVEMENT = Stream
STREAMS = [(TRAINING,), (IMPROVEMENT,), (TRAINING, IMPROVEMENT)]
FACTS = [(), ("shortage",), ("digital",), ("shortage", "digital")]
BINDING = [(needs, without) for needs, without in product(FACTS, repeat=2) if not {*needs} & {*without}]
LIMITS = [
    Limit.model_validate(
        {"id": "a", "streams": streams, "at_most": most, "per": per, "requires": needs, "except": without}
    )
    for streams, most, per, (needs, without) in product(STREAMS, (1, 2), ("calendar_year", "lifetime"), BINDING)
]
CLAIMS = list(product(Stream, map(frozenset, FACTS)))


def stricter(other: Limit, limit: Limit) -> bool:
    """Binds every claim that the limit binds, and is reached no later."""
    over = other.per == "lifetime" or limit.per == "calendar_year"
    all_bound = all(binds(other, *claim) for claim in CLAIMS if binds(limit, *claim))
    return over and other.at_most <= limit.at_most and all_bound


def test_a_limit_has_no_effect_just_where_another_binds_all_that_it_binds_and_is_reached_no_later() -> None:
    """Of two that do so to each other the first in the text has an effect."""
    strict = {
        (one, other): stricter(LIMITS[one], LIMITS[other]) for one, other in product(range(len(LIMITS)), repeat=2)
    }
    for (one, other), does in strict.items():
        assert _shadows(LIMITS[one], LIMITS[other], True) is does
        assert _shadows(LIMITS[one], LIMITS[other], False) is (does and not strict[other, one])


IMPROVED = "    amounts: {skill_improvement: {any: {5: 1}}}\n"
CONDITION = "title: {zh: 云山户籍, en: Resident of Yunshan}, streams: [training]"
UNPAID = Edit(RULES, CONDITION, CONDITION.replace("training", "skill_improvement"))
LIFETIME = "        - {id: lifetime, streams: [training], at_most: 5, per: lifetime, except: [shortage]}\n"


@pytest.mark.parametrize("first_of", ["certificate_date", "applied_on"])
@pytest.mark.parametrize(
    ("first", "last", "by"),
    [
        ("2023-06-01", "2023-12-31", {"certificate_date"}),
        ("2023-06-01", "2024-01-01", {"certificate_date", "applied_on"}),
        ("2024-06-30", "null", {"certificate_date", "applied_on"}),
        ("2024-07-01", "null", set()),
    ],
)
def test_a_stream_is_paid_by_the_rate_tables_that_can_decide_a_claim(
    tmp_path: Path, first: str, last: str, by: set[str], first_of: str
) -> None:
    """A date that decides is never after the claim; where claims are decided by the day of the claim, nor before it."""
    findings = found(
        tmp_path,
        "condition-never-asked",
        UNPAID,
        Edit(RULES, "entitlement_date: applied_on", f"entitlement_date: {first_of}"),
        Edit(RULES, "effective_from: 2024-01-01", "effective_from: 2024-01-01\n    effective_to: 2024-06-30"),
        Edit(RATES, ROW_B, ROW_B + edition("other", "2023-05-01", first, IMPROVED, to=last)),
    )
    assert bool(findings) is (first_of not in by)


@pytest.mark.parametrize(
    ("more", "paid"),
    [
        ("      skill_improvement: {A: {}}\n", False),
        ("    by_occupation: {skill_improvement: {9-01-01-02: {5: 1}}}\n", True),
        ("    by_occupation: {training: {9-01-01-02: {5: 1}}}\n", False),
    ],
)
def test_a_stream_with_amounts_of_one_occupation_only_is_paid(tmp_path: Path, more: str, paid: bool) -> None:
    findings = found(tmp_path, "condition-never-asked", UNPAID, Edit(RATES, ROW_B, ROW_B + more))
    assert bool(findings) is not paid


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("rate: 0.1", "rate: 0.2", True),
        ("rate: 0.1, levels: [5, 4]", "rate: 0.2, levels: [4, 3]", True),
        ("rate: 0.1, levels: [5]", "rate: 0.2, levels: [4]", False),
        ("rate: 0.1, streams: [training]", "rate: 0.2, streams: [skill_improvement]", False),
        ("rate: 0.1", "amounts: {training: {A: {5: 1}, B: {4: 1}}}, levels: [4]", True),
        ("rate: 0.1, levels: [4]", "amounts: {training: {A: {5: 1}}}", False),
        ("rate: 0.1, streams: [skill_improvement]", "amounts: {training: {A: {5: 1}}}", False),
        ("rate: 0.1, requires: [shortage]", "rate: 0.2, requires: [digital]", True),
        ("rate: 0.1, requires: [starred]", "rate: 0.2, requires: [shortage]", True),
        ("rate: 0.1, requires: [urgent]", "rate: 0.2, requires: [starred]", True),
        ("rate: 0.1, requires: [urgent]", "rate: 0.2, requires: [old]", False),
        ("rate: 0.1, requires: [unheard]", "rate: 0.2", False),
    ],
)
def test_uplifts_overlap_where_both_can_have_a_worth_and_hold_at_once(
    tmp_path: Path, first: str, second: str, overlap: bool
) -> None:
    """An occupation has its own tags and those of its entries; of three uplifts, the pairs are told one by one."""
    third = "rate: 0.1, levels: [1], requires: [unheard]"
    uplifts = "".join(f"        - {{id: u{number}, {part}}}\n" for number, part in enumerate((first, third, second)))
    findings = found(
        tmp_path,
        "uplifts-overlap",
        Edit(RULES, UPLIFTS, uplifts),
        Edit(CATALOG, "      - {occupation: 9-01-01-02}\n", "      - {occupation: 9-01-01-02, tags: [urgent]}\n"),
        Edit(CATALOG, "levels: [5, 4, 3]}", "levels: [5, 4, 3], tags: [old]}"),
    )
    assert [one.path for one in findings] == (["editions[0].entitlement.uplifts[2].id"] if overlap else [])


def test_an_edition_that_says_how_uplifts_stack_hides_no_other(tmp_path: Path) -> None:
    uplifts = "    entitlement: {uplifts: [{id: a, rate: 0.1}, {id: b, rate: 0.2}]}\n"
    later = Edit(RULES, LIFETIME, LIFETIME + edition("next", "2024-03-01", "2024-03-01", uplifts))
    (finding,) = found(tmp_path, "uplifts-overlap", later)
    assert (finding.path, finding.edition) == ("editions[1].entitlement.uplifts[1].id", "next")


def test_a_tag_that_nothing_has_is_told_wherever_it_stands(tmp_path: Path) -> None:
    last = "at_most: 5, per: lifetime, except: [shortage]"
    findings = found(
        tmp_path,
        "tag-unknown",
        Edit(RULES, "requires: [starred]", "requires: [starred, x]"),
        Edit(RULES, last, "at_most: 5, per: lifetime, requires: [digital, y], except: [shortage, z]"),
    )
    assert [(one.path, one.message.en.split(", which")[0]) for one in findings] == [
        ("editions[0].entitlement.uplifts[1].requires[1]", "The uplift starred asks for the tag x"),
        ("editions[0].procedure.limits[1].requires[1]", "The limit lifetime asks for the tag y"),
        ("editions[0].procedure.limits[1].except[1]", "The limit lifetime asks for the tag z"),
    ]


def test_streams_are_listed_in_words(tmp_path: Path) -> None:
    rows = "      training:\n        A: {5: 1000, 4: 1500, 3: 2000, special: 800}\n" + ROW_B
    nothing = Edit(RATES, f"    amounts:\n{rows}", "    amounts: {}\n")
    both = Edit(RULES, CONDITION, CONDITION.replace("training", "training, skill_improvement"))
    (finding,) = found(tmp_path, "condition-never-asked", nothing, both)
    assert "training subsidy and skill improvement subsidy" in finding.message.en
    assert "职业培训补贴、参保职工技能提升补贴" in finding.message.zh
