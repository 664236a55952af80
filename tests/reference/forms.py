"""What a cell of a claim means (section 5 of the specification, and docs/forms.md for the forms)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Any

EMPTY = None
"""What an empty cell means."""


class UnreadableError(Exception):
    """The cell holds something, but nothing that this column can mean."""


@cache
def plain(text: str) -> str:
    """Full-width letters, digits and signs are plain ones; what nobody sees is left out; blanks at the ends too."""
    kept = []
    for sign in text:
        if "\uff01" <= sign <= "\uff5e":
            kept.append(chr(ord(sign) - 0xFEE0))
        elif sign.isspace():
            kept.append(" ")
        elif unicodedata.category(sign) not in {"Cc", "Cf"}:
            kept.append(sign)
    return "".join(kept).strip()


def compared(text: str) -> str:
    """Ids, codes, names, levels and streams are compared without blanks and in capitals."""
    return plain(text).replace(" ", "").upper()


def is_empty(cell: Any) -> bool:
    """A cell of nothing, or a text of blanks and invisible characters only."""
    return cell is None or (isinstance(cell, str) and plain(cell) == "")


def whole(cell: Any) -> int | None:
    """The whole number that a number stands for (36.0 is 36); nothing for a fraction and for yes or no."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return int(cell) if cell == int(cell) else None


def read_id(cell: Any) -> str:
    """``claim_id`` and ``certificate_no``: any text; a number is its digits, as far as none of them was lost."""
    if isinstance(cell, str):
        return compared(cell)
    number = whole(cell)
    if number is None or (isinstance(cell, float) and abs(number) >= 10**15):
        raise UnreadableError
    return str(number)


def read_date(cell: Any) -> date:
    """2023-09-01, 2023/9/1, 20230901, 2023年9月1日; behind a dash or a slash form a time of day is cut off."""
    number = whole(cell)
    text = plain(cell) if isinstance(cell, str) else "" if number is None else str(number)
    for form in (
        r"(\d{4}) *- *(\d{1,2}) *- *(\d{1,2})(?P<time>(?:T| +)\S+)?",
        r"(\d{4}) */ *(\d{1,2}) */ *(\d{1,2})(?P<time>(?:T| +)\S+)?",
        r"(\d{4})(\d{2})(\d{2})",
        r"(\d{4}) *年 *(\d{1,2}) *月 *(\d{1,2}) *日",
    ):
        found = re.fullmatch(form, text, re.ASCII)
        if found:
            time = found.groupdict().get("time")
            if time and not is_time(time.lstrip("T ")):
                raise UnreadableError
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError as no_such_day:
                raise UnreadableError from no_such_day
    raise UnreadableError


def is_time(text: str) -> bool:
    """Hours and minutes, with or without seconds and their fractions, without a time zone."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", text, re.ASCII)
    return bool(found) and int(found[1]) < 24 and int(found[2]) < 60 and int(found[3] or 0) < 60  # type: ignore[index]


NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5"}
TITLES = {"初级工": "5", "中级工": "4", "高级工": "3", "高级技师": "1", "技师": "2"}
SHORT_TITLES = {"初级": "5", "中级": "4", "高级": "3"}


def read_level(cell: Any) -> str:
    """``level`` may be 3, "3", "三级", "高级工", "三级/高级工", or ``special`` for 专项职业能力."""
    number = whole(cell)
    text = compared(cell) if isinstance(cell, str) else "" if number is None else str(number)
    if text in {"SPECIAL", "专项", "专项职业能力", "专项职业能力证书"}:
        return "special"
    for around in ("国家职业资格", "职业技能等级", "证书"):
        text = text.replace(around, "")
    parts = [part for part in re.split(r"[/()]", text) if part]
    if len(parts) == 1:
        joined = re.fullmatch(r"([一二三四五1-5]级)(.+)", parts[0])
        if joined:
            parts = [joined[1], joined[2]]
    meanings = {level_of(part) for part in parts}
    if len(meanings) != 1:
        raise UnreadableError
    return meanings.pop()


def level_of(part: str) -> str:
    """One way to say a level: its number, or its title."""
    if part in TITLES or part in SHORT_TITLES:
        return TITLES.get(part) or SHORT_TITLES[part]
    found = re.fullmatch(r"(?:L|LEVEL)?([1-5])(?:\.0+)?级?", part) or re.fullmatch(r"([一二三四五])级", part)
    if not found:
        raise UnreadableError
    return NUMERALS.get(found[1], found[1])


STREAMS = {
    "training": ("TRAINING", "TRAININGSUBSIDY", "职业培训补贴", "培训补贴", "职业培训", "培训", "培训获证补贴"),
    "skill_improvement": (
        "SKILL_IMPROVEMENT",
        "SKILLIMPROVEMENT",
        "参保职工技能提升补贴",
        "技能提升补贴",
        "技能提升",
    ),
}


def read_stream(cell: Any) -> str:
    """``stream`` may be Chinese."""
    for stream, spellings in STREAMS.items():
        if isinstance(cell, str) and compared(cell) in spellings:
            return stream
    raise UnreadableError


def read_months(cell: Any) -> int:
    """``insured_months``: a whole number from 0, of at most fifteen digits (36.0 is 36)."""
    number = whole(cell)
    if isinstance(cell, str):
        found = re.fullmatch(r"(\d{1,15})(\.0*)?", compared(cell), re.ASCII)
        number = int(found[1]) if found else None
    if number is None or not 0 <= number < 10**15:
        raise UnreadableError
    return number


def read_boolean(cell: Any) -> bool:
    """是/否, true/false, 1/0."""
    if isinstance(cell, bool):
        return cell
    number = whole(cell)
    text = compared(cell) if isinstance(cell, str) else "" if number is None else str(number)
    if text in {"是", "TRUE", "1"}:
        return True
    if text in {"否", "FALSE", "0"}:
        return False
    raise UnreadableError


def read_person_type(cell: Any) -> str:
    """``person_id_type``: empty means a resident number."""
    text = compared(cell) if isinstance(cell, str) else ""
    if text in {"RESIDENT", "居民身份证", "身份证"}:
        return "resident"
    if text in {"OTHER", "其他", "其它"}:
        return "other"
    raise UnreadableError


def read_person(cell: Any, kind: str) -> str:
    """A resident number: 17 digits with a real birth date, and the check character. Of another type: any text."""
    if kind == "other":
        number = whole(cell)
        if isinstance(cell, int) and number is not None and abs(number) < 10**15:
            return str(number)
        if not isinstance(cell, str):
            raise UnreadableError
        return compared(cell)
    text = compared(cell) if isinstance(cell, str) else ""
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
        raise UnreadableError
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as no_such_day:
        raise UnreadableError from no_such_day
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(text[:17]))
    if "10X98765432"[weighted % 11] != text[17]:
        raise UnreadableError
    return text
