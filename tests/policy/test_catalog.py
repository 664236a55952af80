"""The shortage catalogue by itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from subsidy.model.level import Level
from subsidy.policy.catalog import ShortageCatalog
from subsidy.policy.loading import load_catalog
from subsidy.policy.problems import PolicyError
from tests.policy.support import BASE, BROKEN, PACKAGED, Item, edition

DAY = date(2023, 9, 1)


@pytest.fixture
def alone(tmp_path: Path) -> ShortageCatalog:
    editions: list[Item] = [
        edition("y2022", "2022-05-20", "2022-01-01", entries=[{"occupation": "6-18-02-04"}]),
        edition(
            "y2023",
            "2023-05-20",
            "2023-01-01",
            entries=[{"occupation": "4-04-05-05", "levels": [1, 2]}, {"occupation": "su-01", "levels": [3]}],
        ),
        edition(
            "q3", "2023-07-01", "2023-07-01", mode="adds", entries=[{"occupation": "SU-01", "levels": ["special"]}]
        ),
    ]
    file = tmp_path / "any name.yaml"
    file.write_text(json.dumps({"editions": editions}), encoding="utf-8")
    return load_catalog(file)


def test_a_file_a_folder_and_a_text_serve() -> None:
    file = PACKAGED / "shortage_catalog.yaml"
    assert load_catalog(file) == load_catalog(PACKAGED) == load_catalog(str(file))


def test_the_entries_in_force(alone: ShortageCatalog) -> None:
    assert [one.occupation for one in alone.on(DAY)] == ["4-04-05-05", "SU-01"]
    assert [one.occupation for one in alone.on(date(2023, 6, 30))] == ["4-04-05-05", "su-01"]
    assert [one.occupation for one in alone.on(DAY, known_on=date(2023, 5, 19))] == ["6-18-02-04"]
    assert alone.on(date(2021, 12, 31)) == ()
    assert alone.on(DAY, known_on=date(2022, 5, 19)) == ()
    assert [one.id for one in alone.editions_on(DAY)] == ["y2023", "q3"]
    assert [one.id for one in alone.editions_on(DAY, known_on=date(2023, 6, 30))] == ["y2023"]


def test_whether_it_lists_a_level(alone: ShortageCatalog) -> None:
    assert [alone.lists("4-04-05-05", level, DAY) for level in (1, "2", "三级", Level.L4)] == [True, True, False, False]
    assert alone.lists("４-04-05-05", "高级技师", DAY)
    assert not alone.lists("6-18-02-04", 1, DAY)
    assert alone.lists("6-18-02-04", 1, DAY, known_on=date(2023, 5, 19))
    # an entry without levels lists them all, special too
    assert alone.lists("6-18-02-04", "special", date(2022, 6, 1))


def test_a_local_code_in_any_case_is_one_and_the_later_entry_wins_as_a_whole(alone: ShortageCatalog) -> None:
    for code in ("su-01", "SU-01", "ｓｕ-01"):
        assert alone.lists(code, "special", DAY)
        assert not alone.lists(code, 3, DAY)
        assert alone.lists(code, 3, date(2023, 6, 30))


def test_what_it_does_not_know_it_does_not_list(alone: ShortageCatalog) -> None:
    assert not alone.lists("9-99-99-99", 1, DAY)
    assert not alone.lists("焊工", 1, DAY)


def test_a_level_that_cannot_be_read(alone: ShortageCatalog) -> None:
    with pytest.raises(ValueError, match="one of 1 to 5"):
        alone.lists("4-04-05-05", "七级", DAY)
    with pytest.raises(ValueError, match="one of 1 to 5"):
        alone.lists("9-99-99-99", "七级", DAY)


def test_it_is_a_value(alone: ShortageCatalog) -> None:
    same = ShortageCatalog(alone.editions, alone.vocabulary)
    assert same == alone
    assert hash(same) == hash(alone)
    assert "vocabulary" not in repr(alone)
    assert alone != ShortageCatalog(alone.editions[:1], alone.vocabulary)


@pytest.mark.parametrize("case", ["level-6", "unknown-key", "alias-bomb", "two-editions-of-one-day", "duplicate-entry"])
def test_its_faults_are_those_of_a_policy(case: str) -> None:
    folder = BROKEN / case
    with pytest.raises(PolicyError) as caught:
        load_catalog(folder)
    said = str(caught.value).replace(f"{folder}/", "").splitlines()
    assert said == (folder / "expected.txt").read_text(encoding="utf-8").splitlines()


def test_codes_are_not_looked_up_for_there_is_no_directory() -> None:
    assert load_catalog(BROKEN / "unknown-code-in-entry").lists("6-18-02-40", 1, date(2023, 6, 1))


def test_alone_or_in_its_policy_it_says_the_same() -> None:
    assert load_catalog(BASE).lists("4-04-05-05", 3, date(2023, 6, 1))
    assert not load_catalog(BASE).lists("4-04-05-05", 4, date(2023, 6, 1))
