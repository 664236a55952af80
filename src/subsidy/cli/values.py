"""The values that options take: how each is read, what is expected, and what a shell may complete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from subsidy.cli.failures import found_expected
from subsidy.cli.language import LANGUAGES, Both
from subsidy.model.level import Level, Stream
from subsidy.model.text import nearest, read_date, read_whole_number, shown
from subsidy.model.words import Confidence

__all__ = ["CONFIDENCE", "DAY", "LANG", "LEVEL", "PERSON_ID", "SCHEMA", "SHELL", "STREAM", "WORKERS", "Value", "one_of"]


if TYPE_CHECKING:
    _ParamType = click.ParamType[object]
else:
    _ParamType = click.ParamType


class Value(_ParamType):
    """A value that is read by a function of ours, so that what can't be read is said in our words.

    Parameters
    ----------
    name : str
        How click names it.
    read : callable
        Gives the value of a text, or raises ValueError.
    expected : Both
        What would serve, to stand behind "expected".
    metavar : Both
        What stands for it in help.
    words : tuple of str
        The words it may be, for completion and for the nearest one; empty where they can't be listed.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[str], object],
        expected: Both,
        metavar: Both,
        words: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.read = read
        self.expected = expected
        self.metavar = metavar
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Read a value that was typed."""
        try:
            return self.read(value)
        except ValueError:
            field = param.opts[-1] if isinstance(param, click.Option) else self.name.upper()
            raise found_expected(field, shown(value), self.expected, nearest(value, self.words)) from None

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Give the words that begin with what was typed so far."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


def one_of(name: str, words: tuple[str, ...], metavar: Both) -> Value:
    """Make the value that is one of a few words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return Value(name, read, Both(f" {'、'.join(words)} 之一", f"one of {', '.join(words)}"), metavar, words)


def _read_day(text: str) -> date:
    return read_date(text)


_MOST_WORKERS = 1024


def _read_workers(text: str) -> int:
    number = read_whole_number(text)
    if not 1 <= number <= _MOST_WORKERS:
        raise ValueError
    return number


DAY = Value(
    "date",
    _read_day,
    Both("有效日期，如 2023-09-01", "a real date like 2023-09-01"),
    Both("日期", "DATE"),
)
LEVEL = Value(
    "level",
    Level.read,
    Both(
        " 1 至 5（如 3、三级、高级工）或 special（专项职业能力）",
        "1 to 5 (such as 3, 三级 or 高级工) or special (专项职业能力)",
    ),
    Both("等级", "LEVEL"),
    tuple(Level),
)
STREAM = Value(
    "stream",
    Stream.read,
    Both(
        " training（职业培训补贴）或 skill_improvement（参保职工技能提升补贴）",
        "training (职业培训补贴) or skill_improvement (参保职工技能提升补贴)",
    ),
    Both("项目", "STREAM"),
    tuple(Stream),
)
WORKERS = Value(
    "workers",
    _read_workers,
    Both(f" 1 至 {_MOST_WORKERS} 的整数", f"a whole number from 1 to {_MOST_WORKERS}"),
    Both("数量", "NUMBER"),
)
CONFIDENCE = one_of("confidence", tuple(Confidence), Both("可信度", "CONFIDENCE"))
LANG = one_of("lang", LANGUAGES, Both("zh|en", "zh|en"))
PERSON_ID = one_of("person-id", ("masked", "whole", "keyed-hash"), Both("方式", "FORM"))
SHELL = one_of("SHELL", ("bash", "zsh", "fish"), Both("SHELL", "SHELL"))
SCHEMA = one_of(
    "NAME",
    ("occupations", "subsidy_rates", "shortage_catalog", "rules", "claim", "payment", "decision"),
    Both("名称", "NAME"),
)
