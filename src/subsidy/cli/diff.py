"""``subsidy diff``: what changes for whom, between two policy folders or two days of knowledge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from subsidy.cli.commands import Settings
from subsidy.cli.failures import PAID, Failure
from subsidy.cli.language import Both
from subsidy.cli.output import print_json
from subsidy.engine.diff import CellAnswer, CellChange, PolicyDiff, TextChange, diff_policies
from subsidy.model.money import format_yuan
from subsidy.model.text import read_date, shown
from subsidy.policy.policy import Policy
from subsidy.wording.words import reason_text

if TYPE_CHECKING:
    from subsidy.cli.pages import Cell, Page

__all__ = ["run", "two_policies"]

_MOST = 40
_LONGEST = 60
_TEXTS = {
    "directory": Both("补贴职业目录", "directory"),
    "rates": Both("补贴标准表", "rates"),
    "catalog": Both("紧缺职业目录", "catalogue"),
    "rules": Both("办法", "rules"),
    "classification": Both("职业分类", "classification"),
}
_CHANGES = {
    "added": (Both("新增", "added"), "green"),
    "removed": (Both("删除", "removed"), "red"),
    "changed": (Both("修改", "changed"), "yellow"),
}
_KINDS = {
    "more": Both("金额增加", "more"),
    "less": Both("金额减少", "less"),
    "newly_payable": Both("变为予以核定", "newly payable"),
    "no_longer_payable": Both("不再予以核定", "no longer payable"),
    "otherwise": Both("其他变化", "changed otherwise"),
}


def run(settings: Settings, old: str, new: str, everything: bool) -> int:
    """Compare, print, and give the exit code."""
    changes = diff_policies(*two_policies(settings, old, new))
    if settings.as_json:
        print_json({"old": old, "new": new, **changes.to_json()})
    else:
        _print(settings.page(), changes, old, new, everything)
    return PAID


def two_policies(settings: Settings, old: str, new: str) -> tuple[Policy, Policy]:
    """Load two policy folders, or one policy as known on two days."""
    days = [_day(given) for given in (old, new)]
    if days[0] is not None and days[1] is not None:
        policy = settings.load()
        return policy.as_known_on(days[0]), policy.as_known_on(days[1])
    for name, given, day in zip(("OLD", "NEW"), (old, new), days, strict=True):
        if day is not None:
            raise Failure(
                Both(
                    f"{name}：现为日期 {given} 与文件夹，应为两个日期或两个文件夹",
                    f"{name}: found the date {given} beside a folder, expected two dates or two folders",
                )
            )
        if not given or not Path(given).is_dir():
            raise Failure(
                Both(
                    f"{name}：现为 {shown(given)}，应为政策文件夹或日期（如 2023-09-01）",
                    f"{name}: found {shown(given)}, expected a policy folder or a date like 2023-09-01",
                )
            )
    return settings.load(old), settings.load(new)


def _day(given: str) -> date | None:
    """Give the day that an argument means; a folder of that name is a folder."""
    if given and Path(given).is_dir():
        return None
    try:
        return read_date(given)
    except ValueError:
        return None


def _print(page: Page, changes: PolicyDiff, old: str, new: str, everything: bool) -> None:
    known = "" if _day(old) is None else page.say("所知截至 ", "as known on ")
    page.title(f"{known}{old} → {new}")
    page.blank()
    if not changes.texts and not changes.cells:
        page.paragraph(page.say("没有变化。", "Nothing changes."), style="green")
        return
    page.paragraph(
        page.say(f"文本变化 {len(changes.texts)} 处", f"Changes of the texts: {len(changes.texts)}"), style="bold"
    )
    for change in changes.texts if everything else changes.texts[:_MOST]:
        _print_text(page, change)
    _print_rest(page, len(changes.texts), everything)
    page.blank()
    counts = [
        f"{word.text(page.lang)} {changes.summary[kind]}" for kind, word in _KINDS.items() if changes.summary[kind]
    ]
    cells = page.say(f"补贴变化 {len(changes.cells)} 处", f"Changes of amounts: {len(changes.cells)}")
    tail = page.say("：", "; ") + page.say("，", ", ").join(counts) if counts else ""
    page.paragraph(cells + tail, style="bold")
    _print_cells(page, changes.cells if everything else changes.cells[:_MOST])
    _print_rest(page, len(changes.cells), everything)


def _print_rest(page: Page, number: int, everything: bool) -> None:
    if number > _MOST and not everything:
        page.blank()
        rest = number - _MOST
        page.paragraph(
            page.say(f"另有 {rest} 处；--all 列出全部", f"and {rest} more; --all shows every one"), style="dim"
        )


def _print_text(page: Page, change: TextChange) -> None:
    word, style = _CHANGES[change.change]
    what = " ".join(filter(None, (_TEXTS[change.text].text(page.lang), change.edition, change.path)))
    page.paragraph(f"- {word.text(page.lang)} {what}", indent=2, style=style)
    if change.path is not None:
        page.paragraph(f"{_short(change.old)} → {_short(change.new)}", indent=4)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _print_cells(page: Page, cells: Iterable[CellChange]) -> None:
    """Print the changes, those of one stream and one span of days in one table."""
    groups: dict[tuple[str, str], list[CellChange]] = {}
    for cell in cells:
        stream = page.say(cell.stream.zh, cell.stream.en)
        groups.setdefault((stream, _span(page, cell)), []).append(cell)
    headings = page.say("编码,职业,等级,原,现,差额", "Code,Occupation,Level,Before,Now,Difference").split(",")
    for (stream, days), some in groups.items():
        page.blank()
        page.paragraph(f"{stream} · {days}")
        page.blank()
        rows = [row for _, one in groupby(some, _who) for row in _rows(page, list(one))]
        page.table(headings, rows, right=[3, 4, 5], whole=[0, 2, 5])


def _span(page: Page, cell: CellChange) -> str:
    first = None if cell.first_day == date.min else cell.first_day.isoformat()
    last = None if cell.last_day == date.max else cell.last_day.isoformat()
    if first is None and last is None:
        return page.say("所有日期", "all dates")
    if first is None:
        return page.say(f"{last} 及以前", f"until {last}")
    return (
        page.say(f"{first} 起", f"from {first}")
        if last is None
        else page.say(f"{first} 至 {last}", f"{first} to {last}")
    )


def _who(cell: CellChange) -> tuple[str | None, str]:
    return cell.occupation, cell.name.in_language("zh")


def _rows(page: Page, cells: list[CellChange]) -> Iterator[tuple[Cell, ...]]:
    """Write the changes for one occupation, which is named once."""
    who = (cells[0].occupation or "", cells[0].name.in_language(page.lang))
    for cell in cells:
        difference = cell.difference_fen
        sign, style = ("+", "green") if difference > 0 else ("", "red" if difference < 0 else "")
        level, old, new = cell.level.value, _amount(page, cell.old), _amount(page, cell.new)
        yield (*who, level, old, new, (sign + format_yuan(difference), style))
        who = ("", "")


def _amount(page: Page, answer: CellAnswer) -> str:
    return format_yuan(answer.amount_fen) if answer.reason is None else reason_text(answer.reason, page.lang)
