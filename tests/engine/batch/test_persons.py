"""Resident numbers eight digits at a time, against the check digit library, the calendar and one number alone."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit

from subsidy.engine.batch import persons
from subsidy.engine.batch.ids import normal_spans
from subsidy.engine.batch.persons import resident_keys
from subsidy.model.person import is_resident_number

FRONTS = ["0" * 17, "9" * 17, *(f"{10**place:017}" for place in range(17)), "32050619900307001", "11010519491231002"]


def test_the_check_character_is_that_of_the_library() -> None:
    weights, characters = persons._expected_characters()
    assert len(characters) == 9 * sum(weights) + 1
    assert characters.dtype == np.uint8
    for front in FRONTS:
        total = sum(weight * int(digit) for weight, digit in zip(weights, front, strict=True))
        assert chr(characters[total]) == calc_check_digit(front + "0")
    # Of each sum the one character that its remainder has, all eleven of them.
    assert len(set(characters.tolist())) == 11
    assert characters[:-11].tolist() == characters[11:].tolist()


@given(st.text("0123456789", min_size=8, max_size=8), st.lists(st.integers(0, 10), min_size=8, max_size=8))
def test_eight_digits_are_weighed_at_once(digits: str, weights: list[int]) -> None:
    word = np.frombuffer(digits.encode(), "<u8") & persons._LOW_NIBBLES
    expected = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    assert persons._weighted(word, persons._lanes(weights)).tolist() == [expected]


def test_days_of_every_month() -> None:
    found = persons._month_days()
    assert len(found) == 10_000
    for number, kind in enumerate(found.tolist()):
        month, day = divmod(number, 100)
        real = [_is_day(year, month, day) for year in (2023, 2024)]
        assert kind == (persons._DAY if all(real) else persons._LEAP_DAY if any(real) else 0)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


YEARS = ["0000", "0001", "0004", "0100", "0400", "1600", "1899", "1900", "1904", "1999", "2000", "2001", "2100", "9999"]
DAYS = ["0000", "0001", "0101", "0131", "0132", "0228", "0229", "0230", "0431", "0630", "1231", "1301", "9999", "0100"]


def same_as_alone(texts: list[str]) -> list[str]:
    """Ask of all at once and of each alone; give those that are resident numbers."""
    spans = normal_spans(pa.array(texts))
    rows = np.flatnonzero(spans.lengths == persons.LENGTH)
    asked = [texts[row] for row in rows]
    assert asked
    good, keys = resident_keys(spans, rows)
    right = [is_resident_number(text) for text in asked]
    assert good.tolist() == right
    assert keys[good].tolist() == [int(text[:17]) for text in asked if is_resident_number(text)]
    if len(asked) == len(texts):
        alike = resident_keys(spans)
        assert (alike[0].tolist(), alike[1].tolist()) == (good.tolist(), keys.tolist())
    return [text for text in asked if is_resident_number(text)]


def test_every_kind_of_birth_date() -> None:
    fronts = [f"{region}{year}{day}{order}" for region, order in (("000000", "000"), ("999999", "999"))
              for year in YEARS for day in DAYS]  # fmt: skip
    good = same_as_alone([front + calc_check_digit(front + "0") for front in fronts])
    assert {text[6:14] for text in good} >= {"00040229", "20000229", "99991231", "19000228"}
    assert not {text[6:14] for text in good} & {"19000229", "21000229", "00000101", "20010229"}


def test_every_character_in_every_place() -> None:
    """Also those that lie beside the digits, and those that share half of their bits with one."""
    odd = "/:?0159@APX\x00\x0f\x1f~\x7f"
    for good in ("11010519491231002X", "320506199003070014"):
        texts = [good[:place] + other + good[place + 1 :] for place in range(18) for other in odd]
        texts += [good[:16] + other + check for other in ":/" for check in "0123456789X"]
        plain = [text for text in texts if text == text.strip() and text.isprintable()]
        assert good in same_as_alone(plain)


@given(st.lists(st.text("0123456789", min_size=17, max_size=17), min_size=1, max_size=20), st.booleans())
def test_any_digits(fronts: list[str], mixed: bool) -> None:
    texts = [front + calc_check_digit(front + "0") for front in fronts]
    texts += [front[:6] + f"{1900 + int(front[:2]):04}{1 + int(front[2]):02}{1 + int(front[3:5]) % 31:02}" + front[14:]
              for front in fronts]  # fmt: skip
    texts = [text[:17] + calc_check_digit(text[:17] + "0") for text in texts]
    same_as_alone([*texts, "short"] if mixed else texts)
