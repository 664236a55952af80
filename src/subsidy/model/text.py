"""Reading texts that people typed: full-width characters, stray blanks, several spellings of one value.

Every reader takes what a form, a JSON file or a table cell may hold and gives the one value that it means, or
raises `ValueError` with the forms that would have served. They are plain functions of one value, so that a
table of a million rows needs them only once for each distinct value.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from numbers import Rational, Real

__all__ = [
    "clean",
    "compact",
    "is_empty",
    "mask_person_id",
    "nearest",
    "read_boolean",
    "read_date",
    "read_identifier",
    "read_whole_number",
    "shown",
    "without_persons",
]

# Full-width forms of ASCII, the ideographic space, and characters that nobody sees: control characters, soft
# hyphen, joiners, marks of writing direction (copied along from dialogs of Windows), byte order mark.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CONTROL = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
_FORMAT = [
    0x00AD,
    0x061C,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
]
_SURROGATES = range(0xD800, 0xE000)  # halves of characters, which no file can hold
_TABLE: dict[int, int | None] = {
    **_WIDTH,
    **dict.fromkeys(_CONTROL),
    **dict.fromkeys(_FORMAT),
    **dict.fromkeys(_SURROGATES),
}

DATE_FORMS = "a date like 2023-09-01, 2023/9/1, 20230901 or 2023年9月1日"
NUMBER_FORMS = "a whole number from 0"
BOOLEAN_FORMS = "是 or 否, true or false, 1 or 0, or nothing where it isn't known"

# Databases export a day with a time; it is cut off, as that of a datetime is. A time zone could move the day: refused.
_TIME = r"(?:(?: |T|t)(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?)?"
# Blanks may stand beside a separator only: 2023-9-1 1 is no date, least of all the 11th.
_DATE = re.compile(
    r"([0-9]{4})"
    r"(?: ?- ?([0-9]{1,2}) ?- ?([0-9]{1,2})"
    + _TIME
    + r"| ?/ ?([0-9]{1,2}) ?/ ?([0-9]{1,2})"
    + _TIME
    + r"|([0-9]{2})([0-9]{2})"
    r"| ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日)",
    re.ASCII,
)
_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0*)?", re.ASCII)
_BOOLEANS = {"是": True, "TRUE": True, "1": True, "否": False, "FALSE": False, "0": False}
_RESIDENT = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])", re.ASCII)
_SHOWN = (3, 4)
_SHORT = 8
_LARGEST_EXACT_FLOAT = 2**53
_MOST_DIGITS = 30  # of a number that stands for an id
_LARGEST_WHOLE = 10**15


def clean(text: str) -> str:
    """Make full-width characters plain, drop invisible ones, and fold runs of blanks into one.

    Examples
    --------
    >>> clean("　４－０４－０５－０５ ")
    '4-04-05-05'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(text.translate(_TABLE).split())


def compact(text: str) -> str:
    """Give the form in which ids, codes and names are compared: plain width, no blanks, upper case.

    Examples
    --------
    >>> compact("ｂ 0123x")
    'B0123X'
    """
    if text.isascii() and text.isprintable():
        return (text if text.isalnum() else "".join(text.split())).upper()
    return "".join(text.translate(_TABLE).split()).upper()


def is_empty(value: object) -> bool:
    """Say whether a cell holds nothing: None, blanks, or the missing values of numpy and pandas.

    Examples
    --------
    >>> is_empty(" "), is_empty(float("nan")), is_empty(0)
    (True, True, False)
    """
    if value is None:
        return True
    if isinstance(value, str):
        return not value or not (value[0].isalnum() or clean(value))
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, Decimal):
        return value.is_nan()
    # By name, since this layer doesn't import numpy and pandas only to know their missing values.
    kind = type(value).__name__
    if kind in {"datetime64", "timedelta64"}:
        return str(value) == "NaT"
    if isinstance(value, Real) and not isinstance(value, Rational):
        return math.isnan(value)
    return kind in {"NAType", "NaTType"}


def _integral(value: object) -> int | None:
    """Give a number without fraction as an int, else None; True is not a number here."""
    if isinstance(value, bool) or type(value).__name__ == "timedelta64":  # numpy calls its durations integers
        return None
    if isinstance(value, Decimal):
        short = value.is_finite() and value.adjusted() < _MOST_DIGITS
        return int(value) if short and value == value.to_integral_value() else None
    if isinstance(value, (int, Rational)):  # also the integers of numpy
        number = int(value.numerator)
        return number if value.denominator == 1 and abs(number) < 10**_MOST_DIGITS else None
    if isinstance(value, Real):
        double = float(value)
        return int(double) if double.is_integer() and abs(double) < _LARGEST_EXACT_FLOAT else None
    return None


def read_identifier(value: object) -> str:
    """Read an id or a certificate number: plain width, no blanks, upper case.

    Examples
    --------
    >>> read_identifier(" s 000０12")
    'S000012'
    """
    if isinstance(value, str):
        return compact(value)
    number = _integral(value)
    if number is None:
        raise ValueError("an id as text")
    return str(number)


def read_date(value: object) -> date:
    """Read a day; a time of day is cut off.

    Examples
    --------
    >>> read_date("2023年9月1日"), read_date("20230901")
    (datetime.date(2023, 9, 1), datetime.date(2023, 9, 1))
    >>> read_date("2023-02-30")
    Traceback (most recent call last):
        ...
    ValueError: a date like 2023-09-01, 2023/9/1, 20230901 or 2023年9月1日
    """
    if type(value) is date:
        return value
    if isinstance(value, date) and not is_empty(value):  # the NaT of pandas is a datetime
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, str):
        text = clean(value)
    elif type(value).__name__ == "datetime64":  # numpy's, which writes itself as 2023-09-01T00:00:00
        text = str(value)[:10]
    else:
        number = _integral(value)
        text = "" if number is None else str(number)
    match = _DATE.fullmatch(text)
    if match:
        year, month, day = map(int, filter(None, match.groups()))
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise ValueError(DATE_FORMS)


def read_whole_number(value: object) -> int:
    """Read a whole number from 0; 36.0 is 36.

    Examples
    --------
    >>> read_whole_number("３６"), read_whole_number(36.0), read_whole_number("36.0")
    (36, 36, 36)
    """
    if isinstance(value, str):
        match = _WHOLE.fullmatch(compact(value))
        number = int(match[1]) if match else None
    else:
        number = _integral(value)
    if number is None or not 0 <= number < _LARGEST_WHOLE:
        raise ValueError(NUMBER_FORMS)
    return number


def read_boolean(value: object) -> bool:
    """Read 是/否, true/false, 1/0.

    Examples
    --------
    >>> read_boolean("是"), read_boolean("FALSE"), read_boolean(1)
    (True, False, True)
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        found = _BOOLEANS.get(compact(value))
    elif type(value).__name__ in {"bool", "bool_"}:  # numpy's own truth value
        found = bool(value)
    else:
        number = _integral(value)
        found = None if number is None else _BOOLEANS.get(str(number))
    if found is None:
        raise ValueError(BOOLEAN_FORMS)
    return found


def mask_person_id(number: str) -> str:
    """Hide the middle of a person's number, so that it can stand in a message or a report.

    Examples
    --------
    >>> mask_person_id("11010519491231002X"), mask_person_id("P-17")
    ('110***********002X', '****')
    """
    first, last = _SHOWN
    if len(number) < first + last + _SHORT:
        return "*" * len(number)
    return number[:first] + "*" * (len(number) - first - last) + number[-last:]


def without_persons(text: str) -> str:
    """Mask whatever looks like a resident number, wherever it stands in a text for people.

    Examples
    --------
    >>> without_persons("found 11010519491231002X")
    'found 110***********002X'
    """
    return _RESIDENT.sub(lambda match: mask_person_id(match[0]), text)


def shown(value: object, limit: int = 40) -> str:
    """Write a value as an error message shows it: one line, cut where it is long.

    Examples
    --------
    >>> shown("7"), shown("x" * 50)
    ("'7'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'...")
    """
    if isinstance(value, str):
        text = without_persons(clean(value))
        return repr(text) if len(text) <= limit else f"{text[:limit]!r}..."
    try:
        text = without_persons(" ".join(repr(value).split()))
    except ValueError:  # an integer of thousands of digits
        text = f"a huge {type(value).__name__}"
    return text if len(text) <= limit else f"{text[:limit]}..."


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Give the known word that a mistyped one most likely meant, None where none is near."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)), None)
