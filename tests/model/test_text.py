"""Readers take what forms, JSON and table cells hold, and refuse all else with `ValueError`."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.model.text import (
    BOOLEAN_FORMS,
    DATE_FORMS,
    NUMBER_FORMS,
    clean,
    compact,
    is_empty,
    read_boolean,
    read_date,
    read_identifier,
    read_whole_number,
    shown,
)

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202e\u2060\u2066\u2069\ufeff\u00ad\u061c\x00\x07\x7f\x9f"
BLANKS = " \t\n\r\u00a0\u3000\u2003\u2028"

MISSING: list[Any] = [
    None, "", " ", BLANKS, INVISIBLE, "\u3000\u200b", float("nan"), Decimal("NaN"), Decimal("sNaN"), np.nan,
    np.float32("nan"), np.float16("nan"), np.datetime64("NaT"), np.datetime64("NaT", "ns"), pd.NA, pd.NaT,
]  # fmt: skip
ODD: list[Any] = [
    b"1", [], [1], {}, {"a": 1}, (), object(), 1j, Exception(), np.array([1, 2]), np.array([]),
    pd.Series([1, 2]), type,
    float("inf"), float("-inf"), 1e300, 0.5, -0.5, np.float32("inf"), Decimal("Infinity"), Decimal("0.5"),
    Decimal("1E+999999"), Decimal("1E-999999"), Fraction(1, 3), Fraction(10**400), Fraction(10**400, 3),
    10**6000,
    -(10**6000), timedelta(1), np.timedelta64(1, "D"),
]  # fmt: skip
FORMS = {"an id as text", DATE_FORMS, NUMBER_FORMS, BOOLEAN_FORMS}
READERS = [read_identifier, read_date, read_whole_number, read_boolean]


def label(value: Any) -> str:
    """Name a parameter: texts as they are, all else by its type, since not everything has a short name."""
    return ascii(value) if isinstance(value, str) else type(value).__name__


def wide(text: str) -> str:
    """Write ASCII in full-width characters."""
    return "".join(
        "\u3000" if char == " " else chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text
    )


# -- clean, compact ----------------------------------------------------------------------


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert compact(compact(text)) == compact(text)
    assert compact(clean(text)) == compact(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_full_width_and_plain_ascii_are_one(text: str) -> None:
    assert clean(wide(text)) == clean(text)
    assert compact(wide(text)) == compact(text)


@given(st.text(st.sampled_from("aB1-职" + INVISIBLE)))
def test_invisible_characters_count_nothing(text: str) -> None:
    seen = "".join(char for char in text if char not in INVISIBLE)
    assert clean(text) == seen
    assert compact(text) == seen.upper()


@given(st.text(st.sampled_from("aB1-职" + BLANKS)))
def test_blanks_fold_or_vanish(text: str) -> None:
    assert clean(text) == " ".join(text.split())
    assert compact(text) == "".join(text.split()).upper()


@given(st.text(), st.sampled_from(INVISIBLE + BLANKS), st.integers(0))
def test_an_invisible_or_blank_character_anywhere_changes_no_id(text: str, char: str, place: int) -> None:
    at = place % (len(text) + 1)
    assert compact(text[:at] + char + text[at:]) == compact(text)


def test_chinese_and_case_stay_in_clean() -> None:
    assert clean(" 人工智能 训练师　Ａi ") == "人工智能 训练师 Ai"


# -- empty -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", MISSING, ids=label)
def test_missing_values_are_empty(value: Any) -> None:
    assert is_empty(value) is True


NOT_MISSING: list[Any] = [
    *ODD, 0, False, 0.0, "0", "-", "\u200b.", "无", date.min, np.int64(0), np.False_, Decimal(0),
    Fraction(0),
]  # fmt: skip


@pytest.mark.parametrize("value", NOT_MISSING, ids=label)
def test_others_are_not(value: Any) -> None:
    assert is_empty(value) is False


@given(st.text())
def test_a_text_is_empty_where_nothing_can_be_seen(text: str) -> None:
    assert is_empty(text) is (clean(text) == "")


@pytest.mark.parametrize("value", [value for value in MISSING if not isinstance(value, str)], ids=label)
@pytest.mark.parametrize("read", READERS)
def test_a_missing_value_is_never_read_as_something(read: Any, value: Any) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the message is compared below)
        read(value)
    assert str(caught.value) in FORMS


@pytest.mark.parametrize("value", ODD, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("read", READERS)
def test_odd_values_raise_value_error_and_nothing_else(read: Any, value: Any) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (the message is compared below)
        read(value)
    assert str(caught.value) in FORMS


# -- identifiers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("s 000０12", "S000012"),
        ("s\u200b1", "S1"),
        (17, "17"),
        (17.0, "17"),
        (-3, "-3"),
        (np.int64(17), "17"),
        (np.uint8(17), "17"),
        (np.float64(17), "17"),
        (np.float32(17), "17"),
        (Decimal("17.00"), "17"),
        (Decimal("1E+2"), "100"),
        (Decimal(12345678901234567890), "12345678901234567890"),
        (2**53 - 1.0, "9007199254740991"),
        (10**29, "1" + "0" * 29),
        ("", ""),
    ],
)
def test_identifiers(value: Any, read: str) -> None:
    assert read_identifier(value) == read


@pytest.mark.parametrize("value", [True, False, np.True_, 1.5, 2.0**53, np.float64(1e16), 10**30, date(2023, 9, 1)])
def test_no_identifiers(value: Any) -> None:
    with pytest.raises(ValueError, match="an id as text"):
        read_identifier(value)


# -- dates -------------------------------------------------------------------------------

DATES = st.dates()


def date_texts(day: date) -> list[str]:
    """Every accepted spelling of a day."""
    y, m, d = f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"
    return [
        f"{y}{m}{d}",
        *(
            form
            for month in {m, str(day.month)}
            for dom in {d, str(day.day)}
            for form in (f"{y}-{month}-{dom}", f"{y}/{month}/{dom}", f"{y}年{month}月{dom}日")
        ),
    ]


@given(DATES)
def test_every_form_of_every_day(day: date) -> None:
    for text in date_texts(day):
        assert read_date(text) == day
        assert read_date(wide(text)) == day
        assert read_date(f" \u202a{text}\u200b\u3000") == day


@given(DATES.filter(lambda day: day.year >= 1000))
def test_days_as_numbers(day: date) -> None:
    number = day.year * 10000 + day.month * 100 + day.day
    for value in (
        number,
        float(number),
        Decimal(number),
        np.int64(number),
        np.int32(number),
        np.float64(number),
    ):
        assert read_date(value) == day


def test_every_day_of_four_years_and_none_beside_them() -> None:
    real = {date(2020, 1, 1) + timedelta(days) for days in range(366 + 3 * 365)}
    read = set()
    for year in range(2020, 2024):
        for month in range(14):
            for day in range(33):
                text = f"{year}-{month:02d}-{day:02d}"
                try:
                    read.add(read_date(text))
                except ValueError:
                    continue
    assert read == real


@given(st.datetimes(timezones=st.none() | st.just(UTC) | st.just(timezone(timedelta(hours=8)))))
def test_a_time_of_day_is_cut_off(moment: datetime) -> None:
    day = read_date(moment)
    assert day == moment.date()
    assert type(day) is date


def test_dates_of_pandas_and_numpy() -> None:
    day = date(2023, 9, 1)
    assert read_date(pd.Timestamp("2023-09-01 23:59:59")) == day
    assert read_date(pd.Timestamp("2023-09-01 23:59", tz="Asia/Shanghai")) == day
    assert type(read_date(pd.Timestamp("2023-09-01"))) is date
    for unit in ("D", "s", "us", "ns"):
        assert read_date(pd.Series(["2023-09-01"], dtype="datetime64[ns]").to_numpy()[0].astype(f"M8[{unit}]")) == day
    for column in (pd.Series([day]), pd.Series([pd.Timestamp(day)]), pd.Series(["2023年9月1日"])):
        assert [read_date(value) for value in column] == [day]


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "2023", "2023-9", "2023-02-30", "2023-02-29", "2100-02-29", "2023-13-01", "2023-00-10",
        "2023-01-00",
        "2023-04-31", "0000-01-01", "00000000", "20231301", "2023091", "202309011", "2023-091", "2023-9/1",
        "2023/9-1",
        "23-09-01", "1/9/2023", "2023.9.1", "2023年9月", "2023年9月1", "2023年9-1", "2023-W35-5",
        "2023-244",
        "2023-09-01 24:00", "2023-09-01T00:00Z", "2023-09-01 00:00:00+08:00",
        "2023-9-1 1", "2023 0901", "202 30901", "2023-0 9-01",
        "-2023-09-01",
        "２０２３－０２－３０", "二〇二三年九月一日", "٢٠٢٣-٠٩-٠١", "2023-09-01\x00\x00x",
        True, 20231301, 20230901.5, 2023090, 202309010, 0, -20230901, 45170, np.datetime64("2023-09"),
        np.datetime64("2023"),
    ],
)  # fmt: skip
def test_no_dates(value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{DATE_FORMS}$"):
        read_date(value)


@pytest.mark.parametrize("text", ["2023 - 09 - 01", "2023 / 9 / 1", "2023 年 9 月 1 日", "2023年 9月 1日"])
def test_blanks_beside_a_separator(text: str) -> None:
    assert read_date(text) == date(2023, 9, 1)


@given(st.text(st.sampled_from("0123456789-/年月日 ")))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        day = read_date(text)
    except ValueError:
        return
    assert compact(text) in date_texts(day)


# -- whole numbers -----------------------------------------------------------------------


@given(st.integers(0, 10**15 - 1))
def test_whole_numbers_in_every_form(number: int) -> None:
    for value in (
        number,
        str(number),
        wide(str(number)),
        f"{number}.0",
        f"0{number}"[-15:],
        Decimal(number),
        np.int64(number),
    ):
        assert read_whole_number(value) == number
    if number < 2**53:
        assert read_whole_number(float(number)) == number
    assert type(read_whole_number(np.int64(number))) is int


@given(st.integers(max_value=-1) | st.integers(min_value=10**15))
def test_numbers_out_of_range_in_every_form(number: int) -> None:
    for value in (number, str(number), Decimal(number)):
        with pytest.raises(ValueError, match=NUMBER_FORMS):
            read_whole_number(value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("36", 36),
        ("３６", 36),
        (" 36 ", 36),
        ("36.", 36),
        ("36.00", 36),
        (36.0, 36),
        (-0.0, 0),
        (np.float32(36), 36),
    ],
)
def test_whole_numbers(value: Any, read: int) -> None:
    assert read_whole_number(value) == read


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "-1",
        "+1",
        "1.5",
        "36.01",
        ".0",
        "1e3",
        "1_0",
        "1,000",
        "三十六",
        "²",
        True,
        False,
        1.5,
        -1.0,
        np.True_,
    ],
)
def test_no_whole_numbers(value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{NUMBER_FORMS}$"):
        read_whole_number(value)


# -- booleans ----------------------------------------------------------------------------

TRUE: list[Any] = [
    "是",
    " 是 ",
    "true",
    "TRUE",
    "True",
    "ｔｒｕｅ",
    "1",
    "１",
    1,
    1.0,
    True,
    np.True_,
    np.int8(1),
    Decimal(1),
]
FALSE: list[Any] = [
    "否",
    "否\u200b",
    "false",
    "FALSE",
    "0",
    "０",
    0,
    0.0,
    False,
    np.False_,
    np.uint64(0),
    np.float32(0),
]


@pytest.mark.parametrize(("value", "read"), [*((v, True) for v in TRUE), *((v, False) for v in FALSE)])
def test_booleans(value: Any, read: bool) -> None:
    assert read_boolean(value) is read


def test_booleans_of_pandas_columns() -> None:
    assert [read_boolean(value) for value in pd.Series([True, False])] == [True, False]
    assert [read_boolean(value) for value in pd.Series([True, False], dtype="boolean")] == [True, False]
    assert [read_boolean(value) for value in pd.Series([True, False]).to_numpy()] == [True, False]


@pytest.mark.parametrize(
    "value", ["", "yes", "no", "y", "不是", "是否", "2", "-1", "00", 2, -1, 0.5, "truefalse", "on", "√"]
)
def test_no_booleans(value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{BOOLEAN_FORMS}$"):
        read_boolean(value)


# -- shown -------------------------------------------------------------------------------


@given(st.text() | st.integers() | st.floats() | st.lists(st.text()) | st.none(), st.integers(1, 60))
def test_what_is_shown_is_one_short_line(value: Any, limit: int) -> None:
    text = shown(value, limit)
    assert "\n" not in text
    assert len(text) <= 10 * limit + 5  # an unprintable character is written as up to ten


def test_shown() -> None:
    assert shown("ａ\nb") == "'a b'"
    assert shown([1, 2]) == "[1, 2]"
    assert shown(list(range(99)), 10) == "[0, 1, 2, ..."
    assert shown(10**6000) == "a huge int"


# -- the layer ---------------------------------------------------------------------------


def test_the_model_imports_neither_numpy_nor_pandas() -> None:
    program = (
        "import sys, subsidy.model.claim, subsidy.model.decision, subsidy.model.occupation\n"
        "print(sorted({'numpy', 'pandas', 'pyarrow', 'hypothesis', 'yaml'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
