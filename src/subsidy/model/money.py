"""Money: whole fen inside, `Decimal` yuan with two places at the border, never a float.

A subsidy of 1800.00 yuan is the integer 180000. Text and decimals come in through `fen_from_yuan`, which is
exact or refuses; they go out through `yuan_from_fen` and `format_yuan`.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from enum import StrEnum
from fractions import Fraction

from subsidy.model.text import shown

__all__ = ["Rounding", "RoundingMode", "fen_from_yuan", "format_yuan", "round_fen", "yuan_from_fen"]

FEN_PER_YUAN = 100
YUAN_FORMS = "an amount in yuan with at most two decimals"
_YUAN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,2})?", re.ASCII)
_MOST_DIGITS = 15
_CENT = Decimal("0.01")
# Wide enough that no amount is ever rounded behind our back, whatever context the calling thread has set.
_EXACT = Context(prec=50)


def fen_from_yuan(yuan: str | int | Decimal) -> int:
    """Turn an amount in yuan into whole fen, exactly.

    Parameters
    ----------
    yuan : str, int or Decimal
        Yuan with at most two decimals, e.g. ``"1510.10"``. A float is refused: it can't hold 0.10.

    Returns
    -------
    int
        Fen.

    Raises
    ------
    ValueError
        If it isn't an amount in yuan with at most two decimals.

    Examples
    --------
    >>> fen_from_yuan("1510.10")
    151010
    >>> fen_from_yuan("0.005")
    Traceback (most recent call last):
        ...
    ValueError: '0.005' is not an amount in yuan with at most two decimals
    """
    value: object = yuan  # whatever the signature says: a float must not slip through
    exact = None
    if isinstance(value, str):
        exact = Decimal(value) if _YUAN.fullmatch(value) else None
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        exact = Decimal(value)
    if exact is not None and exact.is_finite() and exact.adjusted() < _MOST_DIGITS:
        cents = exact.quantize(_CENT, context=_EXACT)
        if cents == exact:
            return int(_EXACT.multiply(cents, FEN_PER_YUAN))
    raise ValueError(f"{shown(yuan)} is not {YUAN_FORMS}")


def yuan_from_fen(fen: int) -> Decimal:
    """Give whole fen as yuan with two decimals.

    Examples
    --------
    >>> yuan_from_fen(234000)
    Decimal('2340.00')
    """
    return _EXACT.multiply(Decimal(fen), _CENT)


def format_yuan(fen: int) -> str:
    """Write whole fen as text in yuan with two decimals, as files and ``--json`` show it.

    Examples
    --------
    >>> format_yuan(54000), format_yuan(-5)
    ('540.00', '-0.05')
    """
    return str(yuan_from_fen(fen))


class Rounding(StrEnum):
    """The unit that a policy rounds an amount to."""

    FEN = "fen"
    JIAO = "jiao"
    YUAN = "yuan"

    @property
    def fen(self) -> int:
        """Size of the unit in fen."""
        return _UNITS[self]


_UNITS = {Rounding.FEN: 1, Rounding.JIAO: 10, Rounding.YUAN: 100}


class RoundingMode(StrEnum):
    """How a policy rounds: halves away from zero, halves to the even neighbour, or always towards zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


def round_fen(fen: Fraction, to: Rounding, mode: RoundingMode) -> int:
    """Round an exact amount in fen to a unit of money.

    Parameters
    ----------
    fen : Fraction
        The exact amount, in fen.
    to : Rounding
        The unit: fen, jiao (10 fen) or yuan (100 fen).
    mode : RoundingMode
        What happens to a part of a unit.

    Returns
    -------
    int
        Whole fen, a multiple of the unit.

    Examples
    --------
    >>> round_fen(Fraction(10050), Rounding.YUAN, RoundingMode.HALF_UP)
    10100
    >>> round_fen(Fraction(10050), Rounding.YUAN, RoundingMode.HALF_EVEN)
    10000
    """
    units, rest = divmod(abs(fen), to.fen)
    to_the_half = 2 * rest - to.fen  # below zero: under one half of a unit; zero: just the half
    if mode is RoundingMode.HALF_UP:
        up = to_the_half >= 0
    elif mode is RoundingMode.HALF_EVEN:
        up = to_the_half > 0 or (to_the_half == 0 and units % 2 == 1)
    else:
        up = False
    whole = (units + up) * to.fen
    return -whole if fen < 0 else whole
