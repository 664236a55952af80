"""What changes between two policies is what `quote` answers under each, cell by cell, and no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from subsidy import Entitlement, Level, Policy, Stream, load_policy, quote
from subsidy.engine.cells import Cell, cell_of
from subsidy.engine.diff import CellAnswer, CellChange, PolicyDiff, diff_policies
from subsidy.policy.loading import packaged_folder
from subsidy.policy.policy import Texts
from tests.cases_io import HERE
from tests.engine.sound_policy import CATALOG, CLASSIFICATION, DIRECTORY, RATES, RULES, Edit, edition, write

UNHEARD_OF = "9-99-99-99"
YUNSHAN = HERE / "policies" / "yunshan"


def spoiled(folder: Path, *edits: Edit) -> Policy:
    folder.mkdir()
    write(folder, edits)
    return load_policy(folder)


@pytest.fixture
def sound(tmp_path: Path) -> Policy:
    return spoiled(tmp_path / "sound")


def answer(policy: Policy, code: str, level: Level, stream: Stream, day: date) -> CellAnswer:
    given: Entitlement = quote(code, level, day, stream=stream, policy=policy)
    return CellAnswer(given.status, given.reason, given.base_fen, given.uplift_fen, given.amount_fen)


def days(old: Policy, new: Policy) -> list[date]:
    """The days around every boundary of either policy."""
    starts = {*old.boundaries, *new.boundaries} - {date.min}
    around = {start + timedelta(days=step) for start in starts for step in (-1, 0)}
    return sorted(around | {date.min, date.max})


def covering(changes: list[CellChange], stream: Stream, level: Level, day: date) -> list[CellChange]:
    where = (stream, level)
    return [one for one in changes if (one.stream, one.level) == where and one.first_day <= day <= one.last_day]


def check_every_cell(old: Policy, new: Policy, codes: list[str]) -> PolicyDiff:
    """Ask `quote` under both for each code, level, stream and day, and find just that among the changes."""
    changes = diff_policies(old, new)
    by_code: dict[str | None, list[CellChange]] = {}
    for change in changes.cells:
        by_code.setdefault(change.occupation, []).append(change)
    for text in codes:
        meant = {policy.vocabulary.present(text) for policy in (old, new)}
        code = meant.pop() if len(meant) == 1 else text
        for stream in Stream:
            for level in Level:
                for day in days(old, new):
                    was, now = (answer(policy, code, level, stream, day) for policy in (old, new))
                    own = covering(by_code.get(code, []), stream, level, day)
                    others = covering(by_code.get(None, []), stream, level, day)
                    found = {(one.old, one.new) for one in own or others}
                    where = (code, stream, level, day)
                    assert ((was, now) in found) if was != now else not own, where
                    assert len(own) <= 1, where
    return changes


POLICIES = {
    "packaged": load_policy(),
    "packaged known on 2023-08-01": load_policy().as_known_on(date(2023, 8, 1)),
    "packaged known on 2019-12-01": load_policy().as_known_on(date(2019, 12, 1)),
    "packaged, secondary": load_policy(minimum_confidence="secondary"),
    "yandu": load_policy(HERE / "policies" / "yandu"),
    "wuxi": load_policy(HERE / "policies" / "wuxi-2023"),
}
CODES = ["4-04-05-05", "4-01-06-01", "4-01-02-02", "6-18-02-04", "6-25-04-09", "4-03-02-01", "2-02-10-01", UNHEARD_OF]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("packaged", "packaged"),
        ("packaged", "packaged known on 2019-12-01"),
        ("packaged known on 2023-08-01", "packaged"),
        ("packaged, secondary", "packaged known on 2023-08-01"),
        ("yandu", "packaged"),
        ("packaged", "yandu"),
        ("wuxi", "packaged"),
        ("yandu", "wuxi"),
    ],
)
def test_each_change_is_what_quote_says_before_and_after(old: str, new: str) -> None:
    changes = check_every_cell(POLICIES[old], POLICIES[new], CODES)
    if old == new:
        assert not changes.texts
        assert not changes.cells


def test_two_days_of_knowledge_of_the_packaged_policy() -> None:
    """The measures of 2023-08-17 raise every digital occupation, in both streams, at each level that has a rate."""
    policy = load_policy()
    changes = diff_policies(policy.as_known_on(date(2023, 8, 1)), policy)
    assert {(change.text, change.edition, change.change) for change in changes.texts} == {
        ("catalog", "suzhou-digital-2023", "added"),
        ("rules", "suzhou-2023", "added"),
    }
    assert changes.summary == {
        "texts": 2,
        "cells": 225,  # 25 digital occupations; 6 levels of training and 3 of skill improvement
        "more": 225,
        "less": 0,
        "newly_payable": 0,
        "no_longer_payable": 0,
        "otherwise": 0,
    }
    assert {(cell.first_day, cell.last_day) for cell in changes.cells} == {(date(2023, 8, 17), date(2023, 12, 31))}


def test_the_confidence_that_a_caller_asks_for_can_differ() -> None:
    changes = diff_policies(load_policy(), load_policy(minimum_confidence="secondary"))
    assert changes.texts == ()
    assert {(cell.new.reason, cell.new.amount_fen) for cell in changes.cells} == {("confidence_too_low", 0)}
    assert changes.summary["no_longer_payable"] == len(changes.cells)


KINDS = [
    (Edit(RATES, "B: {5: 800,", "B: {5: 801,"), "more", 100),
    (Edit(RATES, "B: {5: 800,", "B: {5: 799,"), "less", -100),
    (Edit(RATES, "B: {5: 800,", "B: {2: 2500, 5: 800,"), "newly_payable", 325000),
    (Edit(RATES, "B: {5: 800,", "B: {"), "no_longer_payable", -104000),
]


@pytest.mark.parametrize(("edit", "kind", "difference"), KINDS, ids=lambda value: str(value)[:20])
def test_the_kinds_of_a_change(sound: Policy, tmp_path: Path, edit: Edit, kind: str, difference: int) -> None:
    (change,) = diff_policies(sound, spoiled(tmp_path / "new", edit)).cells
    assert (change.kind, change.occupation, change.name.zh) == (kind, "9-01-01-02", "采雾工")
    if kind in ("more", "less"):  # with the uplift of 30%
        assert change.difference_fen == round(difference * 1.3)
    else:
        assert change.difference_fen == difference


@pytest.mark.parametrize(
    ("edit", "level"),
    [
        (Edit(DIRECTORY, "category: A", "category: B"), Level.L5),
        (Edit(RATES, "special: 800", "special: 900"), Level.SPECIAL),
        (Edit(CATALOG, "levels: [5, 4, 3]", "levels: [5, 4]"), Level.L3),
        (Edit(RULES, 'rate: "0.30"', 'rate: "0.40"'), Level.L3),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_change_of_one_text_alone_shows_among_the_amounts(
    sound: Policy, tmp_path: Path, edit: Edit, level: Level
) -> None:
    changes = diff_policies(sound, spoiled(tmp_path / "new", edit)).cells
    assert ("9-01-01-01", level) in {(one.occupation, one.level) for one in changes}


def test_a_mark_of_the_classification_alone_shows_among_the_amounts(tmp_path: Path) -> None:
    edits = [
        Edit(DIRECTORY, "category: B, digital: false", "category: B"),
        Edit(RULES, "requires: [shortage]", "requires: [digital]"),
    ]
    old = spoiled(tmp_path / "old", *edits)
    new = spoiled(tmp_path / "new", *edits, Edit(CLASSIFICATION, "采雾工,no", "采雾工,yes"))
    assert {(one.occupation, one.kind) for one in diff_policies(old, new).cells} == {("9-01-01-02", "more")}


def test_a_reason_that_changes_is_a_change_too(sound: Policy, tmp_path: Path) -> None:
    edit = Edit(RULES, "effective_from: 2024-01-01", "effective_from: 2024-02-01")
    changes = check_every_cell(sound, spoiled(tmp_path / "new", edit), ["9-01-01-02", UNHEARD_OF])
    assert {cell.kind for cell in changes.cells} == {"no_longer_payable", "otherwise"}
    assert {cell.last_day for cell in changes.cells} == {date(2024, 1, 31)}


def test_days_with_the_same_change_are_one_row(sound: Policy, tmp_path: Path) -> None:
    """A boundary that changes nothing else doesn't cut a row: a catalogue edition of the same entries."""
    again = """    entries:
      - {occupation: 9-01-01-01, digital: true, levels: [5, 4, 3]}
      - {occupation: 9-01-01-02}
"""
    last = "      - {occupation: 9-01-01-02}\n"
    new = spoiled(
        tmp_path / "new",
        Edit(CATALOG, last, last + edition("again", "2024-03-01", "2024-03-01", again)),
        Edit(RATES, "A: {5: 1000", "A: {5: 1100"),
    )
    (change,) = diff_policies(sound, new).cells
    assert (change.first_day, change.last_day, change.difference_fen) == (date(2024, 1, 1), date.max, 13000)


def test_occupations_that_no_text_names_are_one_row(sound: Policy, tmp_path: Path) -> None:
    rows = "".join(f"9-05-01-0{number},职业{number},{'yes' if number < 3 else 'no'}\n" for number in range(1, 8))
    base = (
        Edit(CLASSIFICATION, "9-01-01-03,测风师,\n", rows),
        Edit(RATES, "        A: {5", "        any: {5: 500}\n        A: {5"),
        Edit(RULES, "requires: [shortage]", "requires: [digital]"),
    )
    old = spoiled(tmp_path / "old", *base)
    new = spoiled(tmp_path / "new", *base, Edit(DIRECTORY, "    occupations:\n", "    covers: all\n    occupations:\n"))
    changes = check_every_cell(old, new, [*(f"9-05-01-0{n}" for n in range(1, 8)), UNHEARD_OF]).cells
    at_5 = [cell for cell in changes if cell.level is Level.L5 and cell.stream is Stream.TRAINING]
    assert [(one.occupation, one.occupations, one.name.zh, one.name.en, one.new.amount_fen) for one in at_5] == [
        (None, 2, "大典中其他数字职业（2个）", "2 other occupations of the classification (digital)", 65000),
        (None, 5, "大典中其他非数字职业（5个）", "5 other occupations of the classification (not digital)", 50000),
    ]


# One code for each pair of what the classifications of both policies say of it: nothing, not digital, digital.
PAIRS = [pair for pair in product(("", "no", "yes"), repeat=2) if any(pair)]
MARKED = {f"9-05-01-0{number}": pair for number, pair in enumerate(PAIRS, 1)}
MARKS = {frozenset({True}): " (digital)", frozenset({False}): " (not digital)"}


@pytest.mark.parametrize("needs", ["digital", "starred"])
@pytest.mark.parametrize("covers", list(product(["listed", "all"], repeat=2)), ids="-".join)
def test_codes_that_no_text_names_stand_together_just_where_all_is_equal_for_them(
    tmp_path: Path, covers: tuple[str, str], needs: str
) -> None:
    """Where several such rows differ, the name tells the mark in the new policy, if it is the same for all of them."""
    policies = []
    for which, name in enumerate(("old", "new")):
        rows = "".join(f"{code},职业{code},{pair[which]}\n" for code, pair in MARKED.items() if pair[which])
        edits = [
            Edit(CLASSIFICATION, "9-01-01-03,测风师,\n", rows),
            Edit(RATES, "        A: {5", "        any: {5: 500}\n        A: {5"),
            Edit(RULES, "requires: [shortage]", f"requires: [{needs}]"),
            Edit(DIRECTORY, "    occupations:\n", f"    covers: {covers[which]}\n    occupations:\n"),
        ]
        policies.append(spoiled(tmp_path / name, *edits))
    alike: dict[tuple[tuple[CellAnswer, CellAnswer], ...], list[str]] = {}
    cells = [(level, stream, day) for stream in Stream for level in Level for day in days(*policies)]
    for code in (*MARKED, UNHEARD_OF):
        both = tuple((answer(policies[0], code, *cell), answer(policies[1], code, *cell)) for cell in cells)
        alike.setdefault(both, []).append(code)
    several = sum(len(codes) > 1 and UNHEARD_OF not in codes for codes in alike.values()) > 1
    expected: Counter[tuple[object, ...]] = Counter()
    for both, codes in alike.items():
        mark = MARKS.get(frozenset(MARKED[code][1] == "yes" for code in codes if code in MARKED), "") if several else ""
        row: tuple[object, ...] = (None, len(codes), f"{len(codes)} other occupations of the classification{mark}")
        if UNHEARD_OF in codes:
            row = (None, None, "all other occupations")
        elif len(codes) == 1:
            row = (codes[0], 1, f"职业{codes[0]}")
        answers = zip(cells, both, strict=True)
        changed = {(stream, level, was, now) for (level, stream, _), (was, now) in answers if was != now}
        expected.update((*row, *change) for change in changed)
    found = Counter(
        (one.occupation, one.occupations, one.name.in_language("en"), one.stream, one.level, one.old, one.new)
        for one in diff_policies(*policies).cells
    )
    assert found == expected


def test_a_former_code_of_different_codes_is_compared_with_what_each_policy_means_by_it(
    sound: Policy, tmp_path: Path
) -> None:
    """One that both know as a former code of the same code is no row of its own."""
    old, new, same = (
        spoiled(
            tmp_path / name,
            Edit(DIRECTORY, "code: 9-01-01-02,", f"code: {code}, former_codes: [9-01-01-02],"),
            Edit(CATALOG, "occupation: 9-01-01-02", f"occupation: {code}"),
            Edit(RATES, "B: {5: 800", f"B: {{5: {amount}"),
        )
        for name, code, amount in (("old", "9-01-01-22", 800), ("new", "9-01-01-23", 900), ("same", "9-01-01-22", 900))
    )
    changes = check_every_cell(old, new, ["9-01-01-02", "9-01-01-22", "9-01-01-23"])
    assert {cell.occupation for cell in changes.cells} == {"9-01-01-02", "9-01-01-22", "9-01-01-23"}
    changes = check_every_cell(old, same, ["9-01-01-02", "9-01-01-22"])
    assert {cell.occupation for cell in changes.cells} == {"9-01-01-22"}


def test_a_former_code_hides_no_code_of_the_classification(tmp_path: Path) -> None:
    old, new = (
        spoiled(
            tmp_path / name,
            Edit(DIRECTORY, "code: 9-01-01-02,", "code: 9-01-01-22, former_codes: [9-01-01-02],"),
            Edit(DIRECTORY, "    occupations:\n", "    covers: all\n    occupations:\n"),
            Edit(RATES, "        A: {5", f"        any: {{5: {amount}}}\n        A: {{5"),
        )
        for name, amount in (("old", 500), ("new", 600))
    )
    assert {(one.occupation, one.level) for one in diff_policies(old, new).cells} == {("9-01-01-03", Level.L5)}


def test_all_codes_that_no_text_names_are_one_row_where_nothing_tells_them_apart(sound: Policy, tmp_path: Path) -> None:
    ends = Edit(DIRECTORY, "effective_from: 2024-01-01", "effective_from: 2024-01-01\n    effective_to: 2024-03-31")
    changes = check_every_cell(sound, spoiled(tmp_path / "new", ends), ["9-01-01-01", "9-01-01-03", UNHEARD_OF])
    others = [cell for cell in changes.cells if cell.occupation is None]
    assert {(one.occupations, one.name.en, one.kind) for one in others} == {
        (None, "all other occupations", "otherwise")
    }
    assert len(others) == len(Stream) * len(Level)


def test_a_code_that_becomes_a_former_one_is_compared_with_what_it_means_now(sound: Policy, tmp_path: Path) -> None:
    moved = (
        Edit(DIRECTORY, "code: 9-01-01-02,", "code: 9-01-01-22, former_codes: [9-01-01-02],"),
        Edit(RATES, "B: {5: 800", "B: {5: 900"),
    )
    new = spoiled(tmp_path / "new", *moved)
    changes = check_every_cell(sound, new, ["9-01-01-02", "9-01-01-22"])
    assert {cell.occupation for cell in changes.cells} == {"9-01-01-02", "9-01-01-22"}
    assert [cell.kind for cell in changes.cells if cell.occupation == "9-01-01-02"] == ["more"]


def test_an_edition_more_and_an_edition_less(sound: Policy, tmp_path: Path) -> None:
    table = "    amounts: {training: {A: {5: 1}}}\n"
    last = "        B: {5: 800, 4: 1200, 3: 1800, special: 600}\n"
    new = spoiled(tmp_path / "new", Edit(RATES, last, last + edition("next", "2024-03-01", "2024-03-01", table)))
    head = {
        "title": {"zh": "云山市next", "en": "Yunshan next"},
        "published_on": "2024-03-01",
        "effective_from": "2024-03-01",
        "effective_to": None,
    }
    (more,) = diff_policies(sound, new).texts
    assert (more.text, more.edition, more.change, more.path, more.old, more.new) == (
        "rates",
        "next",
        "added",
        None,
        None,
        head,
    )
    (less,) = diff_policies(new, sound).texts
    assert (less.change, less.old, less.new) == ("removed", head, None)


CHANGES: list[tuple[Edit, list[object]]] = [
    (
        Edit(RATES, "B: {5: 800", "B: {5: 900.50"),
        ["rates", "rates", "changed", "amounts.training.B.5", "800.00", "900.50", "law"],
    ),
    (
        Edit(RATES, "special: 800", "2: 3000"),
        ["rates", "rates", "removed", "amounts.training.A.special", "800.00", None, "law"],
    ),
    (
        Edit(DIRECTORY, "en: Cloud watcher", "en: Cloud gazer"),
        [
            "directory",
            "directory",
            "changed",
            "occupations[9-01-01-01].name.en",
            "Cloud watcher",
            "Cloud gazer",
            "names",
        ],
    ),
    (
        Edit(DIRECTORY, "category: A", "aliases: [看云人], category: A"),
        ["directory", "directory", "changed", "occupations[9-01-01-01].aliases", [], ["看云人"], "names"],
    ),
    (
        Edit(DIRECTORY, "category: A", "category: B"),
        ["directory", "directory", "changed", "occupations[9-01-01-01].category", "A", "B", "law"],
    ),
    (
        Edit(CATALOG, "levels: [5, 4, 3]", "levels: [5, 4]"),
        ["catalog", "list", "changed", "entries[9-01-01-01].levels", ["5", "4", "3"], ["5", "4"], "law"],
    ),
    (
        Edit(CATALOG, "number: 云人社〔2023〕88号", "number: 云人社〔2023〕89号"),
        ["catalog", "list", "changed", "source.number", "云人社〔2023〕88号", "云人社〔2023〕89号", "source"],
    ),
    (
        Edit(RULES, "at_most: 5", "at_most: 4"),
        ["rules", "rules", "changed", "procedure.limits[lifetime].at_most", 5, 4, "law"],
    ),
    (
        Edit(RULES, "streams: [training]}\n      limits", "streams: [training, skill_improvement]}\n      limits"),
        [
            "rules",
            "rules",
            "changed",
            "procedure.conditions[resident].streams",
            ["training"],
            ["training", "skill_improvement"],
            "law",
        ],
    ),
    (
        Edit(CLASSIFICATION, "9-01-01-03,测风师,\n", "9-01-01-03,测风师,yes\n"),
        ["classification", None, "changed", "[9-01-01-03].digital", False, True, "law"],
    ),
    (
        Edit(CLASSIFICATION, "测风师", "风师"),
        ["classification", None, "changed", "[9-01-01-03].name", "测风师", "风师", "names"],
    ),
    (
        Edit(CLASSIFICATION, "9-01-01-03,测风师,\n", ""),
        ["classification", None, "removed", "[9-01-01-03]", {"name": "测风师", "digital": False}, None, "law"],
    ),
]


@pytest.mark.parametrize(("edit", "expected"), CHANGES, ids=[str(change[1][3]) for change in CHANGES])
def test_a_change_of_a_text_is_named_by_its_path(
    sound: Policy, tmp_path: Path, edit: Edit, expected: list[object]
) -> None:
    changes = diff_policies(sound, spoiled(tmp_path / "new", edit)).texts
    assert expected in [list(change.to_json().values()) for change in changes]


def test_the_order_of_uplifts_means_something_and_that_of_entries_does_not(sound: Policy, tmp_path: Path) -> None:
    first, second = (
        "      - {occupation: 9-01-01-01, digital: true, levels: [5, 4, 3]}\n",
        "      - {occupation: 9-01-01-02}\n",
    )
    swapped = spoiled(tmp_path / "entries", Edit(CATALOG, first + second, second + first))
    assert diff_policies(sound, swapped).texts == ()
    limits = (
        "        - {id: yearly, streams: [training, skill_improvement], at_most: 3, per: calendar_year}\n",
        "        - {id: lifetime, streams: [training], at_most: 5, per: lifetime, except: [shortage]}\n",
    )
    swapped = spoiled(tmp_path / "limits", Edit(RULES, "".join(limits), "".join(reversed(limits))))
    (change,) = diff_policies(sound, swapped).texts
    assert (change.path, change.old, change.new) == (
        "procedure.limits.order",
        ["yearly", "lifetime"],
        ["lifetime", "yearly"],
    )


def test_an_end_that_becomes_known_later(sound: Policy, tmp_path: Path) -> None:
    ended = """    ended:
      last_day: 2024-03-31
      published_on: 2024-03-01
      source: {document: 云山市通知, number: 云人社〔2024〕2号, confidence: official}
"""
    policy = spoiled(tmp_path / "ended", Edit(RATES, "    amounts:\n", ended + "    amounts:\n"))
    before = policy.as_known_on(date(2024, 2, 1))
    changes = check_every_cell(before, policy, ["9-01-01-01"])
    (change,) = changes.texts
    assert (change.edition, change.change, change.path) == ("rates", "added", "ended")
    assert {cell.first_day for cell in changes.cells} == {date(2024, 4, 1)}


def test_when_somebody_last_looked_is_no_change(sound: Policy, tmp_path: Path) -> None:
    looked = spoiled(tmp_path / "new", Edit(RATES, "verified_on: 2024-05-01", "verified_on: 2024-05-02"))
    changes = diff_policies(sound, looked)
    assert not changes.texts
    assert not changes.cells
    assert changes.old_fingerprint == changes.new_fingerprint


def test_a_classification_that_is_new_as_a_whole(sound: Policy, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    write(bare)
    (bare / CLASSIFICATION).unlink()
    (change,) = diff_policies(load_policy(bare), sound).texts
    assert (change.text, change.edition, change.change, change.path, change.old, change.new) == (
        "classification",
        None,
        "added",
        None,
        None,
        {"rows": 3},
    )
    (change,) = diff_policies(sound, load_policy(bare)).texts
    assert (change.change, change.old, change.new) == ("removed", {"rows": 3}, None)


def test_it_is_plain_json_data() -> None:
    policy = load_policy()
    changes = diff_policies(policy.as_known_on(date(2023, 8, 1)), policy)
    content = changes.to_json()
    assert json.loads(json.dumps(content)) == content
    cells = content["cells"]
    assert isinstance(cells, list)
    assert cells[0] == {
        "stream": "training",
        "occupation": "4-01-06-01",
        "occupations": 1,
        "name": {"zh": "电子商务师", "en": "E-commerce specialist"},
        "level": "5",
        "from": "2023-08-17",
        "to": "2023-12-31",
        "kind": "more",
        "old": {"status": "payable", "reason": None, "base": "800.00", "uplift": "0.00", "amount": "800.00"},
        "new": {"status": "payable", "reason": None, "base": "800.00", "uplift": "240.00", "amount": "1040.00"},
        "difference": "240.00",
        "difference_fen": 24000,
    }


def test_without_bounds_the_dates_are_null(sound: Policy, tmp_path: Path) -> None:
    edit = Edit(RATES, "A: {5: 1000", "A: {5: 1100")
    (cell,) = diff_policies(sound, spoiled(tmp_path / "new", edit)).cells
    content = cell.to_json()
    assert (content["from"], content["to"]) == ("2024-01-01", None)
    assert replace(cell, first_day=date.min, last_day=date(2024, 1, 31)).to_json() == {
        **content,
        "from": None,
        "to": "2024-01-31",
    }


def _rows(categories: str) -> Iterator[str]:
    codes = [line.split(",")[0] for line in (packaged_folder() / CLASSIFICATION).read_text("utf-8").splitlines()[1:]]
    for number, code in enumerate(codes):
        category = categories[number % len(categories)]
        yield f"      - {{code: {code}, name: {{zh: 职业{number}}}, category: {category}}}\n"


def test_occupations_that_the_rules_treat_alike_are_worked_out_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a directory of the whole classification costs no more than one of three occupations."""
    policies = []
    for name, categories in (("old", "ABC"), ("new", "BCA")):
        (tmp_path / name).mkdir()
        for file in packaged_folder().glob("*.*"):
            (tmp_path / name / file.name).write_bytes(file.read_bytes())
        text = (packaged_folder() / DIRECTORY).read_text("utf-8")
        head = text[: text.index("    # aliases")]
        (tmp_path / name / DIRECTORY).write_text(head + "    occupations:\n" + "".join(_rows(categories)), "utf-8")
        policies.append(load_policy(tmp_path / name))
    worked_out: list[str] = []

    def counted(policy: Policy, texts: Texts, stream: Stream, code: str, level: Level) -> Cell:
        worked_out.append(code)
        return cell_of(policy, texts, stream, code, level)

    monkeypatch.setattr("subsidy.engine.diff.cell_of", counted)
    changes = diff_policies(*policies)
    assert len(changes.cells) > 10_000
    assert len(worked_out) < 1_000
