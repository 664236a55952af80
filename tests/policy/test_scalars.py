"""The typed scalars: exact, strict, and the same for text of a file and for a value of Python."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from subsidy.model.level import Level
from subsidy.policy import scalars
from tests.policy.support import moderate


def adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(getattr(scalars, name))


def refusal(name: str, value: object) -> tuple[str, ...]:
    """Give the keyword, and what it names, of what would have served."""
    with pytest.raises(ValidationError) as caught:
        adapter(name).validate_python(value)
    context = caught.value.errors()[0]["ctx"]
    return (context["keyword"], *context["names"])


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("Yuan", "1510.10", 151010),
        ("Yuan", "1510.1", 151010),
        ("Yuan", "1510", 151000),
        ("Yuan", "0", 0),
        ("Yuan", "0.01", 1),
        ("Yuan", "0800", 80000),  # no octal number
        ("Yuan", "999999999.99", 99999999999),
        ("Yuan", 1510, 151000),
        ("Yuan", Decimal("1510.10"), 151010),
        ("Yuan", Decimal("1510.100"), 151010),
        ("Rate", "0.30", Decimal("0.30")),
        ("Rate", "0", Decimal(0)),
        ("Rate", "100", Decimal(100)),
        ("Rate", "100.000", Decimal(100)),
        ("Rate", "0.123456789012", Decimal("0.123456789012")),
        ("Rate", Decimal("0.3"), Decimal("0.3")),
        ("Rate", 1, Decimal(1)),
        ("Day", "2023-09-01", date(2023, 9, 1)),
        ("Day", "2024-02-29", date(2024, 2, 29)),
        ("Day", date(2023, 9, 1), date(2023, 9, 1)),
        ("OpenDay", "9999-12-31", date.max),
        ("OpenDay", None, None),
        ("Flag", "true", True),
        ("Flag", "false", False),
        ("Flag", False, False),
        ("StatedFlag", "false", False),
        ("LevelKey", "3", Level.L3),
        ("LevelKey", 3, Level.L3),
        ("LevelKey", "special", Level.SPECIAL),
        ("LevelKey", Level.L1, Level.L1),
        ("Months", "0", 0),
        ("Months", "1200", 1200),
        ("Months", 12, 12),
        ("Times", "1000000", 1_000_000),
        ("Code", "4-04-05-05", "4-04-05-05"),
        ("Code", "SZ2023-a", "SZ2023-a"),
        ("Id", "suzhou-2023_v1.2", "suzhou-2023_v1.2"),
        ("Text", " x ", " x "),
        ("Tag", "星级", "星级"),
        ("Fact", "shortage", "shortage"),
        ("Fact", "starred", "starred"),
    ],
)
def test_what_serves(name: str, text: object, value: object) -> None:
    read = adapter(name).validate_python(text)
    assert (read, type(read)) == (value, type(value))


YUAN = ["1510.105", "1510.100", "-1", "-0", "+1", "1e3", "1,000", "1_000", "１０", "٣", ".5", "5.", "", " 5", "5\n"]
YUAN += ["1000000000", "NaN", "Infinity", "0x10", "一千", "¥5"]
RATES = ["100.01", "-0.3", "+0.3", "30%", "3e-1", ".3", "3.", "", "1" * 4, "0." + "1" * 13, "NaN", "０.3", "0.3\n"]
DATES = ["2023-02-30", "2023-13-01", "2023-00-01", "0000-01-01", "2023-9-1", "20230901", "2023/09/01", "2023-09-01 "]
DATES += ["2023-09-01T00:00", "2023-W35-5", "２023-09-01", "today", "", "10000-01-01"]


@pytest.mark.parametrize("text", [*YUAN, 1.5, True, None, [], Decimal("0.001"), Decimal("NaN"), -1, 10**12])
def test_no_amount(text: object) -> None:
    assert refusal("Yuan", text) == ("yuan",)


@pytest.mark.parametrize("text", [*RATES, 0.3, True, None, [], Decimal("-0.1"), Decimal("Infinity"), 101])
def test_no_rate(text: object) -> None:
    assert refusal("Rate", text) == ("rate",)


@pytest.mark.parametrize("name", ["Day", "OpenDay"])
@pytest.mark.parametrize("text", [*DATES, 1693526400, datetime(2023, 9, 1), [], True])  # noqa: DTZ001
def test_no_day(name: str, text: object) -> None:
    assert refusal(name, text) == ("date",)


def test_a_day_may_be_left_open_only_where_it_says_so() -> None:
    assert refusal("Day", None) == ("date",)


@pytest.mark.parametrize("name", ["Flag", "StatedFlag"])
@pytest.mark.parametrize("text", ["yes", "no", "on", "True", "TRUE", "1", "是", "", None, 1, [], {}])
def test_no_boolean(name: str, text: object) -> None:
    assert refusal(name, text) == ("boolean",)


@pytest.mark.parametrize("text", ["0", "6", "三级", "高级工", "03", "3.0", " 3", "Special", "", None, True, 3.0, []])
def test_no_level(text: object) -> None:
    assert refusal("LevelKey", text) == ("one_of", "1, 2, 3, 4, 5, special")


@pytest.mark.parametrize(("name", "high"), [("Months", "1200"), ("Times", "1000000")])
@pytest.mark.parametrize("text", ["-1", "1.0", "1e3", "", "１", "9" * 10, None, True, 1.0, -1, "1000001"])
def test_no_whole_number(name: str, high: str, text: object) -> None:
    assert refusal(name, text) == ("whole_number", "0", high)


@pytest.mark.parametrize(
    ("name", "text", "keyword"),
    [
        ("Code", "4-04-05-05 ", "code"),
        ("Code", "-4", "code"),
        ("Code", "4--4", "code"),
        ("Code", "4_4", "code"),
        ("Code", "４-04", "code"),
        ("Code", "码", "code"),
        ("Code", 4, "code"),
        ("Id", ".a", "id"),
        ("Id", "a b", "id"),
        ("Id", "a+b", "id"),
        ("Id", "", "id"),
        ("Id", "编号", "id"),
        ("Text", "", "text"),
        ("Text", " \u3000", "text"),
        ("Text", 5, "text"),
        ("Text", None, "text"),
        ("Tag", "shortage", "tag"),
        ("Tag", "digital", "tag"),
        ("Tag", "a b", "tag"),
        ("Tag", "a+b", "tag"),
        ("Tag", "a,b", "tag"),
        ("Tag", "", "tag"),
        ("Fact", "shortage, digital", "fact"),
        ("Fact", "", "fact"),
        ("Fact", None, "fact"),
    ],
)
def test_no_word(name: str, text: object, keyword: str) -> None:
    assert refusal(name, text) == (keyword,)


@moderate(200)
@given(st.integers(0, 99_999_999_999))
def test_an_amount_is_written_as_it_was_read(fen: int) -> None:
    yuan = adapter("Yuan")
    text = f"{fen // 100}.{fen % 100:02}"
    assert yuan.validate_python(text) == fen
    assert yuan.dump_python(fen) == text


@moderate(200)
@given(st.decimals(0, 100, allow_nan=False, allow_infinity=False, places=9), st.integers(1, 5))
def test_a_rate_is_written_in_plain_digits_whatever_the_context(rate: Decimal, precision: int) -> None:
    kind = adapter("Rate")
    with localcontext() as context:
        context.prec = precision
        read = kind.validate_python(format(rate, "f"))
        text = kind.dump_python(read)
    assert read == rate
    assert Decimal(text) == rate
    assert not ("." in text and text.endswith(("0", ".")))


@pytest.mark.parametrize(("one", "two"), [("0.3", "0.30"), ("1", "1.000"), ("0", "0.0"), ("100", "100.0")])
def test_equal_rates_are_written_alike(one: str, two: str) -> None:
    kind = adapter("Rate")
    assert kind.dump_python(kind.validate_python(one)) == kind.dump_python(kind.validate_python(two)) == one
