"""Figures of steps as text: amounts exact to the last digit, dates as the language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

from subsidy.model.decision import Figures
from subsidy.model.money import FEN_PER_YUAN, format_yuan
from subsidy.wording.phrases import FACTS, Lang, name_of

__all__ = ["day_text", "facts_text", "joined", "number", "percent", "texts", "words", "yuan_text"]


def yuan_text(fen: int | str | Fraction) -> str:
    """Write fen as yuan: two decimals, more where the amount has them, a fraction where decimals never end.

    Examples
    --------
    >>> yuan_text(54000), yuan_text("1011/2"), yuan_text("100/3")
    ('540.00', '5.055', '1/3')
    """
    exact = Fraction(fen)
    if exact.denominator == 1:
        return format_yuan(int(exact))
    yuan = exact / FEN_PER_YUAN
    places, rest = 0, yuan.denominator
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2
        places += 1
    if rest != 1:
        return str(yuan)
    digits = f"{abs(int(yuan * 10**places)):0{places + 1}d}"
    return f"{'-' if yuan < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def percent(rate: str) -> str:
    """Write a rate as percent.

    Examples
    --------
    >>> percent("0.3"), percent("0.125"), percent("1")
    ('30%', '12.5%', '100%')
    """
    return f"{(Decimal(rate) * 100).normalize():f}%"


def day_text(day: date | str, lang: Lang) -> str:
    """Write a day.

    Examples
    --------
    >>> day_text("2023-09-01", "zh"), day_text(date(2023, 9, 1), "en")
    ('2023年9月1日', '2023-09-01')
    """
    read = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{read.year}年{read.month}月{read.day}日" if lang == "zh" else read.isoformat()


def joined(parts: list[str], lang: Lang) -> str:
    """Write a list with its last two parts joined by a word.

    Examples
    --------
    >>> joined(["紧缺", "数字技能"], "zh"), joined(["a", "b", "c"], "en"), joined([], "zh")
    ('紧缺和数字技能', 'a, b and c', '')
    """
    if len(parts) < 2:
        return "".join(parts)
    *first, last = parts
    return f"{', '.join(first)}{'和' if lang == 'zh' else ' and '}{last}"


def facts_text(facts: list[str], lang: Lang) -> str:
    """Write facts of a claim; tags stand in quotes as the policy writes them.

    Examples
    --------
    >>> facts_text(["shortage", "starred"], "zh")
    '紧缺和“starred”'
    """
    quoted = "“{}”" if lang == "zh" else '"{}"'
    return joined([name_of(FACTS, fact, lang) if fact in FACTS else quoted.format(fact) for fact in facts], lang)


def words(figures: Figures, key: str) -> str:
    """Give a figure that is text or a number as text; empty where the step has none."""
    value = figures.get(key)
    return "" if value is None else str(value)


def texts(figures: Figures, key: str) -> list[str]:
    """Give a figure that is a list of texts."""
    return [str(value) for value in cast(list[str], figures.get(key) or [])]


def number(figures: Figures, key: str) -> int | None:
    """Give a figure that is a whole number, None where the step has none."""
    return cast(int | None, figures.get(key))
