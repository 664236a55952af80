"""Occupations and the form of their codes."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from pydantic import ValidationError

from subsidy.model.level import Category
from subsidy.model.occupation import LOCAL_CODE, NATIONAL_CODE, Name, Occupation

TRAINER = Occupation(
    code="4-04-05-05",
    name=Name(zh="人工智能训练师", en="Artificial intelligence trainer"),
    category=Category.B,
    digital=True,
)


@pytest.mark.parametrize("code", ["4-04-05-05", "0-00-00-00", "9-99-99-99"])
def test_national_codes(code: str) -> None:
    assert NATIONAL_CODE.fullmatch(code)
    assert LOCAL_CODE.fullmatch(code)


@pytest.mark.parametrize(
    "code",
    ["", "4-4-5-5", "4-04-05-5", "4-04-05-055", "44-04-05-05", "4-04-05-05\n", "４-04-05-05", "4040505"],
)
def test_no_national_codes(code: str) -> None:
    assert not NATIONAL_CODE.fullmatch(code)


@pytest.mark.parametrize(
    ("code", "right"), [("SZ-2023-01", True), ("a", True), ("a--b", False), ("-a", False), ("a-", False)]
)
def test_local_codes(code: str, right: bool) -> None:
    assert bool(LOCAL_CODE.fullmatch(code)) is right


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [(Name(zh="甲", en="A"), "甲", "A"), (Name(zh="甲"), "甲", "甲"), (Name(en="A"), "A", "A")],
)
def test_a_missing_name_gives_the_other(name: Name, zh: str, en: str) -> None:
    assert (name.in_language("zh"), name.in_language("en")) == (zh, en)


def test_an_occupation_is_a_value() -> None:
    twin = Occupation.model_validate_json(TRAINER.model_dump_json())
    assert twin == TRAINER
    assert hash(twin) == hash(TRAINER)
    assert pickle.loads(pickle.dumps(TRAINER)) == TRAINER  # noqa: S301  (made a line before)
    assert Occupation.model_json_schema()["required"] == ["code", "name"]


def test_it_can_not_be_changed() -> None:
    thing: Any = TRAINER
    with pytest.raises(ValidationError, match="frozen"):
        thing.digital = False
    with pytest.raises(ValidationError, match="frozen"):
        thing.name.zh = ""


def test_unknown_keys_and_loose_types_are_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        Occupation.model_validate({"code": 4, "name": {"zh": "甲", "fr": "A"}, "digital": 1})
    assert [error["type"] for error in caught.value.errors()] == [
        "string_type",
        "extra_forbidden",
        "bool_type",
    ]
