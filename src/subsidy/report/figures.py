"""Numbers as the page prints them: whole fen in, yuan with thousands separators and two decimals out, no float."""

from __future__ import annotations

from subsidy.model.money import FEN_PER_YUAN

__all__ = ["MINUS", "count", "signed", "yuan"]

# The sign of arithmetic: a hyphen is thin in print, and screen readers pass over it.
MINUS = "\u2212"


def yuan(fen: int) -> str:
    """Write whole fen as yuan.

    Parameters
    ----------
    fen : int
        The amount in fen.

    Returns
    -------
    str
        Yuan with thousands separators and two decimals; below zero with a minus sign (not a hyphen).

    Examples
    --------
    >>> yuan(123456789), yuan(5), yuan(0)
    ('1,234,567.89', '0.05', '0.00')
    >>> yuan(-234000) == "\u22122,340.00"
    True
    """
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{MINUS if fen < 0 else ''}{whole:,}.{rest:02d}"


def signed(fen: int) -> str:
    """Write whole fen as yuan with its sign, so that the direction of a difference is read without colour.

    Examples
    --------
    >>> signed(54000), signed(0)
    ('+540.00', '0.00')
    """
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


def count(number: int) -> str:
    """Write a number of claims.

    Examples
    --------
    >>> count(10000000)
    '10,000,000'
    """
    return f"{number:,}"
