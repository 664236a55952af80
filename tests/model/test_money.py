"""Money is exact both ways, and rounds as the standard library's decimals do."""

from __future__ import annotations

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    Inexact,
    localcontext,
)
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.model.money import Rounding, RoundingMode, fen_from_yuan, format_yuan, round_fen, yuan_from_fen

FEN = st.integers(-(10**17) + 1, 10**17 - 1)
WIDE = Context(prec=80)
DECIMAL_MODES = {
    RoundingMode.HALF_UP: ROUND_HALF_UP,
    RoundingMode.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingMode.DOWN: ROUND_DOWN,
}


@given(FEN)
def test_fen_come_back_from_yuan(fen: int) -> None:
    assert fen_from_yuan(yuan_from_fen(fen)) == fen
    assert fen_from_yuan(format_yuan(fen)) == fen


@given(FEN)
def test_yuan_have_two_decimals(fen: int) -> None:
    yuan = yuan_from_fen(fen)
    assert yuan.as_tuple().exponent == -2
    assert Fraction(yuan) * 100 == fen
    assert format_yuan(fen) == f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_yuan_as_int_text_and_decimal(yuan: int) -> None:
    assert fen_from_yuan(yuan) == fen_from_yuan(str(yuan)) == fen_from_yuan(Decimal(yuan)) == yuan * 100


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("0", 0),
        ("-0", 0),
        ("1510.1", 151010),
        ("1510.10", 151010),
        ("+2340.00", 234000),
        ("-0.05", -5),
        ("007", 700),
        (Decimal("1510.10000000"), 151010),
        (Decimal("0E-40"), 0),
        (Decimal("-0.00"), 0),
        (Decimal("1.8E+3"), 180000),
        (Decimal("999999999999999.99"), 99999999999999999),
        (1800, 180000),
        (-1, -100),
    ],
)
def test_amounts_that_serve(yuan: Any, fen: int) -> None:
    assert fen_from_yuan(yuan) == fen
    assert type(fen_from_yuan(yuan)) is int


@pytest.mark.parametrize(
    "yuan",
    [
        "", " ", "1 800", "1,800.00", "0.005", "1.000", ".5", "5.", "1e3", "1_000", "１８００", "¥5",
        "NaN", "Infinity", "--1",
        "1000000000000000", "1.00\n", True, False, 0.1, 1800.0, None, b"5", [5], 10**15, -(10**15),
        10**6000,
        Decimal("0.005"), Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1E+15"),
        Decimal("1E+999999"),
        Decimal("1E-999999"), Decimal("1." + "0" * 60 + "1"),
    ],
    ids=lambda yuan: str(yuan)[:20] if isinstance(yuan, str) else type(yuan).__name__,
)  # fmt: skip
def test_whatever_is_not_exactly_whole_fen_is_refused(yuan: Any) -> None:
    with pytest.raises(ValueError, match="is not an amount in yuan with at most two decimals") as caught:
        fen_from_yuan(yuan)
    assert len(str(caught.value)) < 120


@given(st.floats())
def test_a_float_never_becomes_an_amount(yuan: float) -> None:
    given_as: Any = yuan
    with pytest.raises(ValueError, match="not an amount"):
        fen_from_yuan(given_as)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_a_decimal_is_taken_just_where_it_is_whole_fen(yuan: Decimal) -> None:
    fen = Fraction(yuan) * 100
    if fen.denominator == 1:
        assert fen_from_yuan(yuan) == fen
    else:
        with pytest.raises(ValueError, match="not an amount"):
            fen_from_yuan(yuan)


@given(FEN)
def test_the_context_of_the_calling_thread_changes_nothing(fen: int) -> None:
    yuan = format_yuan(fen)
    rounded = round_fen(Fraction(2 * fen + 1, 2), Rounding.FEN, RoundingMode.HALF_EVEN)
    with localcontext(Context(prec=1, Emax=1, Emin=-1, traps=[Inexact])):
        assert fen_from_yuan(yuan) == fen
        assert fen_from_yuan(Decimal(yuan)) == fen
        assert str(yuan_from_fen(fen)) == format_yuan(fen) == yuan
        assert round_fen(Fraction(2 * fen + 1, 2), Rounding.FEN, RoundingMode.HALF_EVEN) == rounded


def by_quantize(fen: Fraction, to: Rounding, mode: RoundingMode) -> int:
    """Round with the standard library; `fen` must have a finite decimal form."""
    exact = WIDE.divide(Decimal(fen.numerator), Decimal(fen.denominator))
    assert Fraction(exact) == fen
    units = WIDE.divide(exact, Decimal(to.fen))
    return int(units.quantize(Decimal(1), rounding=DECIMAL_MODES[mode], context=WIDE)) * to.fen


@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("to", Rounding)
def test_every_quarter_fen_near_zero_rounds_as_quantize(to: Rounding, mode: RoundingMode) -> None:
    for quarters in range(-4 * 350, 4 * 350 + 1):
        fen = Fraction(quarters, 4)
        assert round_fen(fen, to, mode) == by_quantize(fen, to, mode), fen


@given(
    st.integers(-(10**14), 10**14),
    st.sampled_from([1, 2, 4, 5, 8, 10, 100, 1000, 10**6]),
    st.sampled_from(Rounding),
    st.sampled_from(RoundingMode),
)
def test_rounds_as_quantize(numerator: int, denominator: int, to: Rounding, mode: RoundingMode) -> None:
    fen = Fraction(numerator, denominator)
    assert round_fen(fen, to, mode) == by_quantize(fen, to, mode)


@given(st.fractions(), st.sampled_from(Rounding), st.sampled_from(RoundingMode))
def test_rounding_any_fraction(fen: Fraction, to: Rounding, mode: RoundingMode) -> None:
    rounded = round_fen(fen, to, mode)
    assert type(rounded) is int
    assert rounded % to.fen == 0
    assert round_fen(Fraction(rounded), to, mode) == rounded
    assert round_fen(-fen, to, mode) == -rounded
    off = abs(rounded - fen)
    if mode is RoundingMode.DOWN:
        assert off < to.fen
        assert abs(rounded) <= abs(fen)
    else:
        assert 2 * off <= to.fen
    if 2 * off == to.fen and mode is RoundingMode.HALF_UP:
        assert abs(rounded) > abs(fen)
    if 2 * off == to.fen and mode is RoundingMode.HALF_EVEN:
        assert rounded // to.fen % 2 == 0


@pytest.mark.parametrize(
    ("base", "rate", "amount"),
    [
        ("1800.00", "0.30", "2340.00"),
        ("1510.10", "0.30", "1963.13"),
        ("0.05", "0.30", "0.07"),
        ("0.15", "0.30", "0.20"),
    ],
)  # arithmetic: 1800 + 540; 1510.10 + 453.03; 0.065 half up; 0.195 half up
def test_thirty_percent_more(base: str, rate: str, amount: str) -> None:
    exact = fen_from_yuan(base) * (1 + Fraction(rate))
    assert format_yuan(round_fen(exact, Rounding.FEN, RoundingMode.HALF_UP)) == amount


def test_units() -> None:
    assert [(unit.value, unit.fen) for unit in Rounding] == [("fen", 1), ("jiao", 10), ("yuan", 100)]
