"""Texts from outside made fit for a page: nothing unseen, no whole person id, no endless line."""

from __future__ import annotations

import re

from subsidy.model.person import is_resident_number, mask_person_id
from subsidy.model.text import without_persons

__all__ = ["claim_text", "on_page"]

# Control characters but tab and line feed, halves of characters, and marks that turn the direction of writing:
# some can't be written to a file, the others make a text read differently from what it says.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SIGN = "\ufffd"
_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])", re.ASCII)


def on_page(text: str, most: int) -> str:
    r"""Give a text as the page shows it.

    Parameters
    ----------
    text : str
        Any text.
    most : int
        How many characters are shown; what is longer ends in an ellipsis.

    Examples
    --------
    >>> on_page("11010519491231002X, applied twice", 30)
    '110***********002X, applied t…'
    >>> on_page("a\u202eb", 10) == "a\ufffdb"
    True
    """
    shown = without_persons(_UNSEEN.sub(_SIGN, text[: 4 * most].replace("\r\n", "\n")))
    return shown if len(shown) <= most and len(text) <= 4 * most else shown[: most - 1] + "…"


def claim_text(claim_id: str, most: int) -> str:
    """Give a claim id as the page shows it: 18 digits are masked only where they are a right resident number.

    Examples
    --------
    >>> claim_text("202402010000000001", 64), claim_text("A-11010519491231002X", 64)
    ('202402010000000001', 'A-110***********002X')
    """
    shown = _NUMBER.sub(_masked, _UNSEEN.sub(_SIGN, claim_id[: 4 * most]))
    return shown if len(shown) <= most and len(claim_id) <= 4 * most else shown[: most - 1] + "…"


def _masked(found: re.Match[str]) -> str:
    return mask_person_id(found[0]) if is_resident_number(found[0].upper()) else found[0]
