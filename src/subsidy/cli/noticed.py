"""What commands on files say of the files: their form, and what was noticed while they were read and written."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from subsidy.cli.failures import scrubbed
from subsidy.cli.language import Both, Lang

if TYPE_CHECKING:
    from subsidy.cli.pages import Page
    from subsidy.io.said import Note
    from subsidy.io.source import Source

__all__ = ["file_json", "note_json", "print_notes", "print_noticed", "said_of_file", "to_show", "warn_of_misspelt"]


def file_json(source: Source) -> dict[str, Any]:
    """Say of a file what it is, for programs."""
    return {"file": source.name, "kind": source.kind, "encoding": source.encoding, "headings": [*source.headings]}


def said_of_file(source: Source, page: Page) -> str:
    """Say of a file what it is."""
    form = source.kind if source.encoding is None else f"{source.kind}, {source.encoding}"
    return page.say(f"{source.name}（{form}）", f"{source.name} ({form})")


def note_json(name: str, note: Note, lang: Lang) -> dict[str, Any]:
    """Give something that was noticed in a file, for programs."""
    return {
        "file": name,
        "kind": note.kind,
        "column": note.column,
        "count": note.cells,
        "rows": [*note.rows],
        "text": note.said.text(lang),
    }


def to_show(notes: Iterable[tuple[str, Note]]) -> list[tuple[str, Note]]:
    """Leave out what was told before the work began."""
    return [(name, note) for name, note in notes if note.kind != "misspelt"]


def print_notes(notes: Sequence[tuple[str, Note]], first: str, page: Page) -> None:
    """Print what was noticed, with the file it is about where there are several."""
    several = len({name for name, _ in notes} | {first}) > 1
    for name, note in notes:
        about = f"{name}{page.say('：', ': ')}" if several else ""
        page.paragraph(f"- {about}{note.said.text(page.lang)}", indent=2)


def print_noticed(notes: Iterable[tuple[str, Note]], first: str, page: Page) -> None:
    """Print what was noticed under its title, where there is anything."""
    shown = to_show(notes)
    if shown:
        page.blank()
        page.title(page.say("提示", "Noticed"))
        print_notes(shown, first, page)


def warn_of_misspelt(sources: Iterable[Source], lang: Lang) -> None:
    """Say before the work begins which columns look misspelt, so that nobody waits for decisions that lack them."""
    for source in sources:
        for note in source.notes:
            if note.kind == "misspelt":
                text = f"{Both('提示：', 'warning: ').text(lang)}{source.name}{Both('：', ': ').text(lang)}"
                print(scrubbed(text + note.said.text(lang)), file=sys.stderr, flush=True)
