"""Resident numbers (all made up): checked against the standard written out plainly, shown only masked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.model.person import TYPE_FORMS, PersonIdType, is_resident_number, mask_person_id
from tests.model.test_text import ODD, label

# GB 11643: weights of the 17 digits, and the check character for each remainder by 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def with_check(digits: str) -> str:
    """Append the check character to 17 digits, by the table of the standard."""
    return digits + CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


def born(day: str, region: str = "999999", order: str = "001") -> str:
    """Make a number up for a birth date, right but for what the date is."""
    return with_check(region + day + order)


REGIONS = st.text("0123456789", min_size=6, max_size=6)
ORDERS = st.text("0123456789", min_size=3, max_size=3)
BIRTHS = st.dates().map(lambda day: f"{day.year:04d}{day.month:02d}{day.day:02d}")
NUMBERS = st.builds(born, BIRTHS, REGIONS, ORDERS)


def test_the_table_gives_the_example_of_the_standard() -> None:
    assert with_check("11010519491231002") == "11010519491231002X"


@given(NUMBERS)
def test_right_numbers_of_any_region(number: str) -> None:
    assert is_resident_number(number)


@given(NUMBERS)
def test_ten_of_eleven_check_characters_are_wrong(number: str) -> None:
    assert [check for check in CHECKS if is_resident_number(number[:-1] + check)] == [number[-1]]


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(number: str, place: int, change: int) -> None:
    digit = str((int(number[place]) + change) % 10)
    assert not is_resident_number(number[:place] + digit + number[place + 1 :])


@given(NUMBERS, st.integers(0, 16))
def test_two_neighbours_exchanged_are_found(number: str, place: int) -> None:
    exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_resident_number(exchanged) is (exchanged == number)


@pytest.mark.parametrize("day", ["20000229", "20240229", "19000228", "00010101", "99991231", "19491231"])
def test_real_births(day: str) -> None:
    assert is_resident_number(born(day))


@pytest.mark.parametrize(
    "day",
    [
        "00000000",
        "19000229",
        "20230229",
        "21000229",
        "20230230",
        "20230431",
        "20231301",
        "20230001",
        "20230100",
        "20230132",
    ],
)
def test_births_on_no_day(day: str) -> None:
    assert not is_resident_number(born(day))


def test_every_birth_of_a_leap_year() -> None:
    for month in range(14):
        for day in range(33):
            try:
                real = bool(date(2000, month, day))
            except ValueError:
                real = False
            assert is_resident_number(born(f"2000{month:02d}{day:02d}")) is real


# Places whose numbers a check of the region would refuse: Wuzhong, Wujiang, Huqiu for births before the
# counties were made, residence permits of Hong Kong, Macau and Taiwan, abolished counties.
@pytest.mark.parametrize(
    "region", ["320506", "320509", "320505", "320584", "810000", "820000", "830000", "320576", "510156"]
)
def test_the_region_is_not_checked(region: str) -> None:
    assert is_resident_number(born("19900101", region))


@pytest.mark.parametrize(
    "number",
    [
        "", "X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002",
        "11010519491231002XX", "11010519491231002X\n",
        " 11010519491231002X", "1101051949123100X2", "X1010519491231002X", "110105491231002",
        "٣١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "-1010519491231002X",
        "11010519491231002A", "+1010519491231002X",
    ],
)  # fmt: skip
def test_texts_of_another_shape(number: str) -> None:
    assert not is_resident_number(number)


@given(st.text())
def test_any_text_gives_an_answer(text: str) -> None:
    assert is_resident_number(text) in {True, False}


@given(st.text(st.characters(exclude_characters="*"), min_size=1))
def test_a_mask_never_shows_the_whole(number: str) -> None:
    masked = mask_person_id(number)
    assert len(masked) == len(number)
    assert number not in masked
    assert sum(char != "*" for char in masked) <= 7
    assert masked.count("*") >= min(len(number), 8)
    assert all(shown in ("*", char) for shown, char in zip(masked, number, strict=True))


@pytest.mark.parametrize("length", range(40))
def test_masks_of_every_length(length: int) -> None:
    number = ("0123456789" * 4)[:length]
    if length < 15:
        assert mask_person_id(number) == "*" * length
    else:
        assert mask_person_id(number) == number[:3] + "*" * (length - 7) + number[-4:]


@given(NUMBERS)
def test_the_mask_of_a_resident_number(number: str) -> None:
    assert mask_person_id(number) == f"{number[:3]}{'*' * 11}{number[-4:]}"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("resident", PersonIdType.RESIDENT),
        (" Resident", PersonIdType.RESIDENT),
        ("居民身份证", PersonIdType.RESIDENT),
        ("身份证", PersonIdType.RESIDENT),
        ("other", PersonIdType.OTHER),
        ("ＯＴＨＥＲ", PersonIdType.OTHER),
        ("其他", PersonIdType.OTHER),
        ("其它", PersonIdType.OTHER),
        (PersonIdType.OTHER, PersonIdType.OTHER),
    ],
)
def test_types(value: Any, kind: PersonIdType) -> None:
    assert PersonIdType.read(value) is kind


@pytest.mark.parametrize("value", [*ODD, None, "", "护照", "residents", 1, True], ids=label)
def test_no_types(value: Any) -> None:
    with pytest.raises(ValueError, match="居民身份证") as caught:
        PersonIdType.read(value)
    assert str(caught.value) == TYPE_FORMS
