"""The resident number of a person: checked by its date of birth and its check character, shown only masked.

A resident number has 18 characters: a region (6 digits), a date of birth (8), an order (3) and a check
character by ISO 7064 MOD 11-2. The region is not checked: county lists change, and a number keeps the county
of its first registration, so a check against a list refuses real people.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from stdnum.cn.ric import calc_check_digit

from subsidy.model.text import compact, mask_person_id

__all__ = ["PersonIdType", "is_resident_number", "mask_person_id"]

RESIDENT_FORMS = "an 18-character resident number with a real date of birth and a right check character"
TYPE_FORMS = "resident (居民身份证) or other (其他)"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)


class PersonIdType(StrEnum):
    """What kind of number names the person: a resident number, or any other text (permits, pseudonyms)."""

    RESIDENT = "resident"
    OTHER = "other"

    @classmethod
    def read(cls, value: object) -> PersonIdType:
        """Read a type by its name in English or Chinese; raise ValueError with the forms that serve."""
        if isinstance(value, cls):
            return value
        found = _TYPES.get(compact(value)) if isinstance(value, str) else None
        if found is None:
            raise ValueError(TYPE_FORMS)
        return found


_TYPES = {
    **dict.fromkeys(("RESIDENT", "居民身份证", "身份证"), PersonIdType.RESIDENT),
    **dict.fromkeys(("OTHER", "其他", "其它"), PersonIdType.OTHER),
}


def is_resident_number(number: str) -> bool:
    """Say whether a normalised text is a resident number.

    Examples
    --------
    >>> is_resident_number("11010519491231002X"), is_resident_number("110105194912310021")
    (True, False)
    """
    if not _SHAPE.fullmatch(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return bool(number[-1] == calc_check_digit(number))
