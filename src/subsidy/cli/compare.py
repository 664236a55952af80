"""``subsidy compare``: what another policy would give for the claims of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from subsidy.cli.commands import Settings
from subsidy.cli.diff import two_policies
from subsidy.cli.failures import PAID
from subsidy.cli.language import Lang
from subsidy.cli.noticed import file_json, note_json, print_noticed, said_of_file, warn_of_misspelt
from subsidy.cli.output import print_json, sums_json, totals_json
from subsidy.cli.pages import Cell, Page
from subsidy.cli.progress import ending_on_signals, shown_progress
from subsidy.engine.recalculation.totals import COMPARED_GROUPS
from subsidy.io.columns import claim_columns
from subsidy.io.comparing import Compared, compare_file
from subsidy.io.place import Target, find_target
from subsidy.io.said import Note
from subsidy.io.source import Source, open_table
from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty
from subsidy.policy.policy import Policy
from subsidy.report.words import CATEGORIES, LEVELS, name_of

__all__ = ["run"]

_MOST = 15


class _Run(NamedTuple):
    """A run that is over."""

    claims: Source
    found: Compared
    target: Target | None
    policies: tuple[Policy, Policy]


def run(settings: Settings, source: str, old: str, new: str, output: str | None, workers: int | None) -> int:
    """Compare, print, and give the exit code: 0 when all was decided, whatever the differences."""
    target = None if output is None else find_target(output, [Path(source)])
    policies = two_policies(settings, old, new)
    conditions = dict.fromkeys(condition for policy in policies for condition in policy.vocabulary.conditions)
    claims = open_table(source, claim_columns(conditions))
    warn_of_misspelt([claims], settings.lang)
    with ending_on_signals(), shown_progress(settings.lang) as progress:
        found = compare_file(claims, target, policies=policies, workers=workers, progress=progress)
    ended = _Run(claims, found, target, policies)
    if settings.as_json:
        print_json({"old": old, "new": new, **_as_json(ended, settings.lang)})
    else:
        _print(ended, settings.page(), old, new)
    return PAID


def _notes(ended: _Run) -> list[tuple[str, Note]]:
    written = "" if ended.target is None else ended.target.name
    found = [(ended.claims.name, note) for note in ended.claims.notes]
    return found + [(written, note) for note in ended.found.notes]


def _as_json(ended: _Run, lang: Lang) -> dict[str, Any]:
    sums = ended.found.sums
    return {
        **sums_json(sums.whole()),
        "totals": totals_json(sums, COMPARED_GROUPS),
        "files": [file_json(ended.claims)],
        "notes": [note_json(name, note, lang) for name, note in _notes(ended)],
        "output": None if ended.target is None else ended.target.name,
        "policy_fingerprint_a": ended.policies[0].fingerprint,
        "policy_fingerprint_b": ended.policies[1].fingerprint,
    }


def _print(ended: _Run, page: Page, old: str, new: str) -> None:
    """Print what both give by occupation, level and category."""
    page.title(f"{old} → {new}")
    page.blank()
    page.facts(_facts(ended, page))
    for by, heading in (
        ("occupation", page.say("职业（工种）", "Occupation")),
        ("level", page.say("等级", "Level")),
        ("category", page.say("类别", "Category")),
    ):
        rows = ended.found.sums.totals(by).to_dict("records")
        changed = sorted((row for row in rows if row["difference_fen"]), key=lambda row: -abs(row["difference_fen"]))
        if not changed:
            continue
        page.blank()
        headings = [
            heading,
            *page.say("笔数,现额（元）,新额（元）,差额（元）", "Claims,Old (yuan),New (yuan),More (yuan)").split(","),
        ]
        shown = [_row(_named(row[by], by, ended.policies, page.lang), row) for row in changed[:_MOST]]
        page.table(headings, shown, right=[1, 2, 3, 4], whole=[1, 2, 3, 4])
        if len(changed) > _MOST:
            more = len(changed) - _MOST
            page.paragraph(
                page.say(f"另有 {more} 项；加 --json 可看全部", f"and {more} more; --json shows all"), indent=2
            )
    print_noticed(_notes(ended), ended.claims.name, page)
    if ended.target is None:
        page.blank()
        page.paragraph(
            page.say(
                "逐笔差额未写入文件；加 -o 文件名即可写入。", "The differences aren't written; add -o FILE for that."
            )
        )


def _row(name: str, row: dict[Any, Any]) -> tuple[Cell, ...]:
    fen = (int(row[column]) for column in ("amount_a_fen", "amount_b_fen"))
    return (name, f"{int(row['claims'])}", *map(format_yuan, fen), _signed(int(row["difference_fen"])))


def _signed(fen: int) -> str:
    return f"{'+' if fen > 0 else ''}{format_yuan(fen)}"


def _named(key: object, by: str, policies: tuple[Policy, Policy], lang: Lang) -> str:
    text = "" if is_empty(key) else str(key)
    if by == "occupation":
        titles = [policy.vocabulary.titles.get(text) for policy in reversed(policies)]
        title = next((one for one in titles if one is not None), None)
        return text if title is None else f"{text} {getattr(title, lang) or title.zh or title.en}"
    names = name_of(LEVELS if by == "level" else CATEGORIES, text)
    return names[0] if lang == "zh" else names[1]


def _facts(ended: _Run, page: Page) -> Iterator[tuple[str, Cell]]:
    whole = ended.found.sums.whole()
    for label, one in ((page.say("现政策", "Old"), "a"), (page.say("新政策", "New"), "b")):
        count, fen = whole[f"payable_{one}"], whole[f"amount_{one}_fen"]
        yield label, page.say(f"{count} 笔予以核定，{page.yuan(fen)}", f"{count} payable, {page.yuan(fen)}")
    yield (
        page.say("差额", "Difference"),
        (page.say(f"{_signed(whole['difference_fen'])} 元", f"{_signed(whole['difference_fen'])} yuan"), "bold"),
    )
    yield page.say("申领", "Claims"), said_of_file(ended.claims, page)
    for label, policy in zip(
        (page.say("现政策摘要", "Old policy"), page.say("新政策摘要", "New policy")), ended.policies, strict=True
    ):
        yield label, policy.fingerprint
    if ended.target is not None:
        yield page.say("逐笔差额", "Differences"), ended.target.name
