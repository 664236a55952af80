"""The typed scalars of a policy file. Each reads the text that stands there, or takes the value itself.

A failure is a ``PydanticCustomError`` whose context names what would have served (a keyword of
`subsidy.policy.problems`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from subsidy.model.level import Level
from subsidy.model.money import fen_from_yuan, format_yuan
from subsidy.model.occupation import LOCAL_CODE

__all__ = [
    "Code",
    "Day",
    "Fact",
    "Flag",
    "Id",
    "LevelKey",
    "Months",
    "OpenDay",
    "Rate",
    "StatedFlag",
    "Tag",
    "Text",
    "Times",
    "Yuan",
    "expected",
]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
_RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_TAG = re.compile(r"[^\s+,;:]+")
_FACTS = frozenset({"shortage", "digital"})
MAX_RATE = Decimal(100)


def expected(keyword: str, *names: str) -> PydanticCustomError:
    """Make the error of one value: what would have served."""
    return PydanticCustomError(keyword, "expected {keyword}", {"keyword": keyword, "names": list(names)})


def _day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    elif type(value) is date:
        return value
    raise expected("date")


def _plain(number: Decimal) -> str:
    # not normalize(), which rounds to whatever precision the calling thread has set
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _digits(value: object) -> object:
    if isinstance(value, Decimal):
        return _plain(value)
    return str(value) if type(value) is int else value


def _yuan(value: object) -> object:
    text = _digits(value)
    if isinstance(text, str) and _YUAN.fullmatch(text):
        return fen_from_yuan(text)
    raise expected("yuan")


def _rate(value: object) -> object:
    text = _digits(value)
    if isinstance(text, str) and _RATE.fullmatch(text) and Decimal(text) <= MAX_RATE:
        return Decimal(text)
    raise expected("rate")


def _whole(low: int, high: int) -> Callable[[object], object]:
    def read(value: object) -> object:
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if type(value) is int and low <= value <= high:
            return value
        raise expected("whole_number", str(low), str(high))

    return read


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise expected("boolean")


def _shaped(keyword: str, shape: re.Pattern[str]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if isinstance(value, str) and shape.fullmatch(value):
            return value
        raise expected(keyword)

    return read


def _level(value: object) -> object:
    # only the six words of the format: a policy file isn't a place for spellings
    text = str(value) if type(value) is int else value
    if isinstance(text, str) and text in _LEVELS:
        return Level(text)
    raise expected("one_of", ", ".join(_LEVELS))


_LEVELS = tuple(sorted(level.value for level in Level))


def _text(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    raise expected("text")


def _tag(value: object) -> object:
    if isinstance(value, str) and _TAG.fullmatch(value) and value not in _FACTS:
        return value
    raise expected("tag")


def _fact(value: object) -> object:
    if isinstance(value, str) and _TAG.fullmatch(value):
        return value
    raise expected("fact")


# The schemas below are for editors, which see a plain 0.30 or 2023 as a number and every key as text.


def _text_schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "pattern": pattern})


def _number_schema(pattern: str, maximum: str) -> WithJsonSchema:
    limits = {"minimum": 0, "maximum": float(maximum) if "." in maximum else int(maximum)}
    return WithJsonSchema({"type": ["number", "string"], **limits, "pattern": pattern})


def _integer_schema(low: int, high: int) -> WithJsonSchema:
    limits = {"minimum": low, "maximum": high}
    return WithJsonSchema({"type": ["integer", "string"], **limits, "pattern": "^[0-9]{1,9}$"})


_DAY_SCHEMA = {"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"}
_FLAG_SCHEMA = WithJsonSchema({"type": "boolean"})

Text = Annotated[str, BeforeValidator(_text), _text_schema(r"\S")]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema(_DAY_SCHEMA)]
Yuan = Annotated[
    int,
    BeforeValidator(_yuan),
    PlainSerializer(format_yuan, return_type=str),
    _number_schema(f"^{_YUAN.pattern}$", "999999999.99"),
]
Rate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    PlainSerializer(_plain, return_type=str),
    _number_schema(f"^{_RATE.pattern}$", str(MAX_RATE)),
]
# may be null, which says the same as leaving it out
OpenDay = Annotated[
    date | None,
    BeforeValidator(lambda value: None if value is None else _day(value)),
    WithJsonSchema({"anyOf": [_DAY_SCHEMA, {"type": "null"}]}),
]
Flag = Annotated[bool, BeforeValidator(_flag), _FLAG_SCHEMA]
# may be left out, but null is refused: it would say nothing
StatedFlag = Annotated[bool | None, BeforeValidator(_flag), _FLAG_SCHEMA]
Code = Annotated[
    str,
    BeforeValidator(_shaped("code", LOCAL_CODE)),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"^{LOCAL_CODE.pattern}$"}),
]
Id = Annotated[str, BeforeValidator(_shaped("id", _ID)), _text_schema(f"^{_ID.pattern}$")]
Tag = Annotated[str, BeforeValidator(_tag), _text_schema(f"^(?!(shortage|digital)$){_TAG.pattern}$")]
Fact = Annotated[str, BeforeValidator(_fact), _text_schema(f"^{_TAG.pattern}$")]
LevelKey = Annotated[
    Level,
    BeforeValidator(_level),
    WithJsonSchema({"enum": [*range(1, 6), *_LEVELS]}),
]
Months = Annotated[int, BeforeValidator(_whole(0, 1200)), _integer_schema(0, 1200)]
Times = Annotated[int, BeforeValidator(_whole(0, 1_000_000)), _integer_schema(0, 1_000_000)]
