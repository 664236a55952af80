"""Levels, streams, categories: every spelling, and no reading of two that contradict each other."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.model.level import LEVEL_FORMS, STREAM_FORMS, Category, Level, Stream
from tests.model.test_text import ODD, label, wide

NUMERALS = {"5": "五", "4": "四", "3": "三", "2": "二", "1": "一"}
TITLES = {
    "5": ["初级工", "初级"],
    "4": ["中级工", "中级"],
    "3": ["高级工", "高级"],
    "2": ["技师"],
    "1": ["高级技师"],
}
PREFIXES = ["", "国家职业资格", "职业资格", "职业技能等级", "技能等级", "职业技能"]
JOINTS = [
    "{}/{}",
    "{}({})",
    "{}（{}）",
    "{}、{}",
    "{}-{}",
    "{}_{}",
    "{}·{}",
    "{},{}",
    "{}，{}",
    "{}／{}",
    "{} / {}",
]


def numbers(level: str) -> list[str]:
    return [level, f"{level}级", f"{NUMERALS[level]}级"]


def spellings(level: str) -> list[str]:
    """Every spelling of a level with a number, a title or both."""
    both = [
        form
        for number, title in product(numbers(level), TITLES[level])
        for form in (number + title, title + number, *(joint.format(number, title) for joint in JOINTS))
    ]
    both += [joint.format(title, number) for joint in JOINTS for number in numbers(level) for title in TITLES[level]]
    return [
        prefix + form + end
        for prefix, form, end in product(PREFIXES, [*numbers(level), *TITLES[level], *both], ["", "证书"])
    ]


@pytest.mark.parametrize("level", "54321")
def test_every_spelling(level: str) -> None:
    for text in spellings(level):
        assert Level.read(text) is Level(level), text
        assert Level.read(wide(text)) is Level(level), text
        assert Level.read(f" {text}\u200b") is Level(level), text


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (3, "3"), (3.0, "3"), ("3.0", "3"), (Decimal(3), "3"), (np.int64(3), "3"), (np.int8(3), "3"),
        (np.float32(3), "3"),
        ("L3", "3"), ("l3", "3"), ("level 3", "3"), ("Level-3", "3"), ("(三级)", "3"),
        ("国家职业资格(三级)", "3"),
        ("职业技能等级证书（三级）", "3"), ("高级工证书/三级", "3"), ("高 级 工", "3"),
        ("高级工/技能等级三级", "3"),
        ("五级初级工", "5"), ("special", "special"), ("SPECIAL", "special"), ("专项", "special"),
        ("专项能力", "special"),
        ("专项职业能力", "special"), ("专项职业能力证书", "special"), ("专项职业能力考核证书", "special"),
    ],
)  # fmt: skip
def test_further_spellings(value: Any, level: str) -> None:
    assert Level.read(value) is Level(level)


@pytest.mark.parametrize("level", Level)
def test_a_level_is_read_from_its_own_names(level: Level) -> None:
    assert Level.read(level) is level
    assert Level.read(level.value) is level
    assert Level.read(level.name) is level
    assert Level.read(level.zh) is level
    assert Level.read(level.en) is level


def test_levels_of_pandas_columns() -> None:
    for column in (
        pd.Series([3, 1]),
        pd.Series([3.0, 1.0]),
        pd.Series(["三级", "1"]),
        pd.Series([3, 1], dtype="Int8"),
    ):
        assert [Level.read(value) for value in column] == [Level.L3, Level.L1]
        assert [Level.read(value) for value in column.to_numpy()] == [Level.L3, Level.L1]


def test_two_levels_in_one_text_are_refused() -> None:
    for one, other in product("54321", repeat=2):
        if one == other:
            continue
        for left, right in product([*numbers(one), *TITLES[one]], [*numbers(other), *TITLES[other]]):
            for joint in JOINTS:
                text = joint.format(left, right)
                if " " not in joint:  # 高级 技师 written with a blank is 高级技师
                    with pytest.raises(ValueError, match="one of 1 to 5"):
                        Level.read(text)


@pytest.mark.parametrize(
    "text",
    ["高级/技师", "高级、技师", "高级,技师", "高级-技师", "三级/技师", "五级-三级", "special/3", "专项(5)"],
)
def test_no_level_is_glued_from_two(text: str) -> None:
    with pytest.raises(ValueError, match="one of 1 to 5"):
        Level.read(text)


@pytest.mark.parametrize(
    "value",
    [
        *ODD, True, False, np.True_, None, "", " ", float("nan"), pd.NA, pd.NaT, 0, 6, -3, -3.0, 3.5, "0",
        "6", "-3", "3-", "/3",
        "3/", "03", "33", "三", "级", "工", "证书", "国家职业资格", "国家职业资格/", "六级", "学徒工",
        "三级/", "//", "()", "(", "3.5", "3.00",
        "L", "level", "Ⅲ", "③", "-", "training", Stream.TRAINING,
    ],
    ids=label,
)  # fmt: skip
def test_no_levels(value: Any) -> None:
    with pytest.raises(ValueError, match="one of 1 to 5") as caught:
        Level.read(value)
    assert str(caught.value) == LEVEL_FORMS


@given(st.text(st.sampled_from("12345一二三四五级初中高工技师专项能力/()-、 证书")))
def test_any_text_is_a_level_or_a_value_error(text: str) -> None:
    try:
        level = Level.read(text)
    except ValueError:
        return
    assert Level.read(wide(text)) is level
    others = {form for other in "54321" if other != level.value for form in (other, NUMERALS[other])}
    assert not others & set(text)


def test_which_level_is_higher() -> None:
    order = [Level.L5, Level.L4, Level.L3, Level.L2, Level.L1]
    for one, other in product(Level, repeat=2):
        expected = one in order and other in order and order.index(one) > order.index(other)
        assert one.higher_than(other) is expected


def test_names_of_levels() -> None:
    assert [level.zh for level in Level] == [
        "五级/初级工", "四级/中级工", "三级/高级工", "二级/技师", "一级/高级技师", "专项职业能力",
    ]  # fmt: skip
    assert [level.en for level in Level] == [
        "level 5",
        "level 4",
        "level 3",
        "level 2",
        "level 1",
        "special ability",
    ]


TRAINING = [
    "training",
    "Training",
    "TRAINING",
    "培训",
    "职业培训",
    "职业培训补贴",
    "培训补贴",
    "培训获证补贴",
    "职业培训 补贴",
]
SKILL = [
    "skill_improvement", "Skill Improvement", "SKILL_IMPROVEMENT", "技能提升", "技能提升补贴",
    "参保职工技能提升", "参保职工技能提升补贴",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "stream"),
    [*((text, Stream.TRAINING) for text in TRAINING), *((text, Stream.SKILL_IMPROVEMENT) for text in SKILL)],
)
def test_every_spelling_of_a_stream(text: str, stream: Stream) -> None:
    assert Stream.read(text) is stream
    assert Stream.read(wide(text)) is stream
    assert Stream.read(f"\u3000{text}\u200b") is stream


@pytest.mark.parametrize("stream", Stream)
def test_a_stream_is_read_from_its_own_names(stream: Stream) -> None:
    for own in (stream, stream.value, stream.name, stream.zh, stream.en):
        assert Stream.read(own) is stream


@pytest.mark.parametrize("value", [*ODD, None, True, 1, "", "补贴", "training,skill_improvement", Level.L3], ids=label)
def test_no_streams(value: Any) -> None:
    with pytest.raises(ValueError, match="职业培训补贴") as caught:
        Stream.read(value)
    assert str(caught.value) == STREAM_FORMS


def test_categories() -> None:
    assert list(Category) == ["A", "B", "C"]
