"""``subsidy catalog``: what the shortage catalogue lists on a day, and where an occupation is listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from subsidy.cli.commands import Settings
from subsidy.cli.failures import OPEN, PAID, found_expected
from subsidy.cli.language import Both
from subsidy.cli.output import print_json
from subsidy.model.level import Level
from subsidy.model.text import compact, shown
from subsidy.policy.catalog import Listed
from subsidy.policy.policy import Policy
from subsidy.policy.texts import CatalogEdition

if TYPE_CHECKING:
    from subsidy.cli.pages import Page

__all__ = ["run_list", "run_search"]

_MOST = 40
_Row = dict[str, Any]


def run_list(settings: Settings, on: date | None) -> int:
    """Print the entries in force."""
    policy = settings.load()
    day = on or date.today()  # noqa: DTZ011  (the day where the user sits)
    editions = policy.catalog.editions_on(day)
    entries = [_entry(policy, code, listed, day) for code, listed in sorted(policy.catalog.listing_on(day).items())]
    if settings.as_json:
        print_json(
            {
                "on": day.isoformat(),
                "known_on": None if policy.known_on is None else policy.known_on.isoformat(),
                "editions": [_edition(edition) for edition in editions],
                "entries": entries,
            }
        )
    elif editions:
        _print_list(settings.page(), day, editions, entries)
    else:
        _print_none(settings.page(), day, policy)
    return PAID if editions else OPEN


def _names(policy: Policy, code: str) -> dict[str, str | None]:
    title = policy.vocabulary.title(code)
    return {"zh": title.zh or None, "en": title.en or None}


def _entry(policy: Policy, code: str, listed: Listed, day: date) -> _Row:
    entry, edition = listed
    occupation = policy.occupation(code, day)
    own = occupation is not None and occupation.digital
    return {
        "occupation": code,
        "name": _names(policy, code),
        "levels": [level.value for level in entry.levels],
        "digital": own if entry.digital is None else entry.digital,
        "tags": [*entry.tags],
        "edition": edition.id,
    }


def _edition(edition: CatalogEdition) -> _Row:
    last = edition.last_day
    return {
        "id": edition.id,
        "title": {"zh": edition.title.zh or None, "en": edition.title.en or None},
        "mode": edition.mode,
        "complete": edition.complete,
        "published_on": edition.published_on.isoformat(),
        "effective_from": edition.effective_from.isoformat(),
        "effective_to": None if last == date.max else last.isoformat(),
        "confidence": edition.source.confidence,
    }


def _span(page: Page, edition: _Row) -> str:
    """Write the days that an edition governs."""
    first, last = edition["effective_from"], edition["effective_to"]
    return (
        page.say(f"{first} 起", f"from {first}")
        if last is None
        else page.say(f"{first} 至 {last}", f"{first} to {last}")
    )


def _levels(page: Page, levels: list[str]) -> str:
    return page.say("全部", "all") if len(levels) == len(Level) else " ".join(levels)


def _name(page: Page, names: dict[str, str]) -> str:
    return page.say(names["zh"] or names["en"], names["en"] or names["zh"])


def _count(page: Page, number: int) -> str:
    many = "occupation" if number == 1 else "occupations"
    return page.say(f"共 {number} 个职业", f"{number} {many}")


def _print_none(page: Page, day: date, policy: Policy) -> None:
    page.paragraph(page.say(f"{day} 没有有效的紧缺职业目录。", f"No shortage catalogue is in force on {day}."))
    if policy.catalog_editions:
        page.blank()
        page.facts([(edition.id, _span(page, _edition(edition))) for edition in policy.catalog_editions])


def _print_list(page: Page, day: date, editions: Iterable[CatalogEdition], entries: list[_Row]) -> None:
    page.title(page.say(f"{day} 有效的紧缺职业目录", f"Shortage catalogue in force on {day}"))
    page.blank()
    for edition in editions:
        rows = [
            (page.say("版本", "Edition"), edition.id),
            (page.say("名称", "Title"), edition.title.in_language(page.lang)),
            (page.say("适用", "Governs"), _span(page, _edition(edition))),
        ]
        if not edition.complete:
            missing = page.say(
                "只有该目录的一部分：此处没有的职业，未必不在目录内",
                "only a part of the list is held: what is missing here may be on it",
            )
            rows.append((page.say("注意", "Note"), missing))
        page.facts(rows)
        page.blank()
    headings = page.say("编码,名称,等级,数字,版本", "Code,Name,Levels,Digital,Edition").split(",")
    page.table(
        headings,
        [
            (
                row["occupation"],
                _name(page, row["name"]),
                _levels(page, row["levels"]),
                page.say("是", "yes") if row["digital"] else page.say("否", "no"),
                row["edition"],
            )
            for row in entries
        ],
        whole=[0],
    )
    page.blank()
    page.paragraph(_count(page, len(entries)))


def run_search(settings: Settings, text: str, everything: bool) -> int:
    """Print the occupations found."""
    wanted = compact(text)
    if not wanted:
        raise found_expected("TEXT", shown(text), Both("编码、名称或别名的一部分", "a part of a code, name or alias"))
    policy = settings.load()
    rows = [_occupation(policy, code) for code in _found(policy, wanted)]
    if settings.as_json:
        print_json(rows)
    else:
        _print_found(settings.page(), rows, shown(text), everything)
    return PAID if rows else OPEN


def _found(policy: Policy, wanted: str) -> list[str]:
    """Give the codes whose code, former code, name or alias holds a text."""
    words = policy.vocabulary
    return sorted({code for known in (words.codes, words.names) for form, code in known.items() if wanted in form})


def _occupation(policy: Policy, code: str) -> _Row:
    """Give what the editions say of an occupation; category and digital mark by the last directory."""
    present = policy.vocabulary.present
    directories = [
        edition for edition in policy.directory if any(present(one.code) == code for one in edition.occupations)
    ]
    last = max(directories, key=lambda edition: edition.published_on, default=None)
    occupation = policy.occupation(code, date.max if last is None else last.effective_from)
    return {
        "occupation": code,
        "name": _names(policy, code),
        "category": occupation.category if occupation else None,
        "digital": bool(occupation and occupation.digital),
        "directories": [edition.id for edition in directories],
        "catalogs": [
            {**_edition(edition), "levels": [level.value for level in entry.levels]}
            for edition in policy.catalog_editions
            for entry in edition.entries
            if present(entry.occupation) == code
        ],
    }


def _print_found(page: Page, rows: list[_Row], text: str, everything: bool) -> None:
    if not rows:
        page.paragraph(
            page.say(
                f"没有职业的编码、名称或别名含有 {text}。",
                f"No code, name or alias of an occupation holds {text}.",
            )
        )
        return
    few = rows if everything else rows[:_MOST]
    words = page.say("编码,名称,类别,数字,紧缺职业目录（等级）", "Code,Name,Category,Digital,Catalogue (levels)")
    page.table(words.split(","), [_found_row(page, row) for row in few], whole=[0])
    page.blank()
    spans = {edition["id"]: _span(page, edition) for row in few for edition in row["catalogs"]}
    if spans:
        page.facts([*spans.items()])
        page.blank()
    more = page.say(f"，列出前 {_MOST} 个；--all 列出全部", f", the first {_MOST} shown; --all shows every one")
    page.paragraph(_count(page, len(rows)) + (more if len(few) < len(rows) else ""))


def _found_row(page: Page, row: _Row) -> tuple[str, ...]:
    listed = []
    for edition in row["catalogs"]:
        levels = " ".join(edition["levels"])
        some = "" if len(edition["levels"]) == len(Level) else page.say(f"（{levels}）", f" ({levels})")
        listed.append(edition["id"] + some)
    return (
        row["occupation"],
        _name(page, row["name"]),
        row["category"] or "",
        page.say("是", "yes") if row["digital"] else page.say("否", "no"),
        "\n".join(listed),
    )
