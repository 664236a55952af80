"""What there is to say of catalogue entries and digital marks: without effect, or contradicting."""

from __future__ import annotations

from collections.abc import Iterator

from subsidy.engine.findings.folder import Finding, Folder, level_names, named, occupation_name
from subsidy.engine.findings.kind import Bilingual, several
from subsidy.model.level import Level, Stream
from subsidy.policy.policy import Listing, Texts
from subsidy.policy.texts import CatalogEdition, CatalogEntry
from subsidy.rules.entitlement import base_amount

__all__ = ["directory_marks", "entries", "repeated"]

_MARKS = {True: Bilingual("是数字职业", "is digital"), False: Bilingual("不是数字职业", "isn't digital")}
_CLASSIFICATION = Bilingual("职业分类大典", "the classification")


def repeated(folder: Folder) -> Iterator[Finding]:
    """Find occupations that two catalogue editions in force together name; once for each pair."""
    present = folder.policy.vocabulary.present
    found: dict[tuple[str, str], dict[str, tuple[CatalogEdition, int]]] = {}
    for texts in folder.periods:
        first: dict[str, CatalogEdition] = {}
        for edition in texts.catalog:
            own = {present(entry.occupation): row for row, entry in enumerate(edition.entries)}
            for code, row in own.items():
                if code in first:
                    found.setdefault((first[code].id, edition.id), {})[code] = (edition, row)
                first[code] = edition
    for (earlier, later), rows in found.items():
        edition, row = min(rows.values(), key=lambda item: item[1])
        path = folder.path_of("catalog", edition, "entries", row, "occupation")
        codes = several(named(folder.policy, rows))
        yield folder.finding("entry-repeated", "catalog", path, edition, later=later, earlier=earlier, codes=codes)


def entries(folder: Folder) -> Iterator[Finding]:
    """Find entries that other texts of the same time leave without effect or contradict; each once."""
    seen: set[tuple[str, str, int]] = set()
    for texts in folder.periods:
        winning = {(listed.edition.id, listed.entry.occupation) for listed in texts.entries.values()}
        for edition in texts.catalog:
            for row, entry in enumerate(edition.entries):
                if (edition.id, entry.occupation) in winning:
                    for finding in _entry(folder, texts, edition, row, entry):
                        if (finding.code, edition.id, row) not in seen:
                            seen.add((finding.code, edition.id, row))
                            yield finding


def _entry(folder: Folder, texts: Texts, edition: CatalogEdition, row: int, entry: CatalogEntry) -> Iterator[Finding]:
    code = folder.policy.vocabulary.present(entry.occupation)
    name, path = occupation_name(folder.policy, code), folder.path_of("catalog", edition, "entries", row)
    listing = texts.listing(code)
    if texts.directory is not None and listing is None:
        at, directory = (*path, "occupation"), texts.directory.id
        yield folder.finding("entry-not-listed", "catalog", at, edition, occupation=name, directory=directory)
    mark, other = _other_mark(folder, texts, code, listing)
    if entry.digital is not None and mark is not None and entry.digital is not mark:
        said = {"occupation": name, "entry": _MARKS[entry.digital], "other": other, "mark": _MARKS[mark]}
        yield folder.finding("entry-digital-differs", "catalog", (*path, "digital"), edition, **said)
    levels = _unpaid_levels(texts, code, entry)
    if listing is not None and texts.rules is not None and texts.rates is not None and levels:
        at = (*path, "levels") if "levels" in entry.model_fields_set else (*path, "occupation")
        said = {"occupation": name, "levels": level_names(levels)}
        yield folder.finding("entry-without-rate", "catalog", at, edition, **said, rates=texts.rates.id)


def _other_mark(folder: Folder, texts: Texts, code: str, listing: Listing | None) -> tuple[bool | None, Bilingual]:
    """Give the mark of the directory, else of the classification (None: it doesn't know), and which it is."""
    if listing is not None and texts.directory is not None and code in folder.stated[texts.directory.id]:
        edition = texts.directory.id
        return listing.digital, Bilingual(f"补贴职业目录 {edition} ", f"the directory {edition}")
    return folder.marks.get(code), _CLASSIFICATION


def _unpaid_levels(texts: Texts, code: str, entry: CatalogEntry) -> list[Level]:
    """Give the levels of an entry that no stream pays.

    An entry that names no levels means those that the table has: it counts only where none is paid.
    """
    unpaid = [
        level
        for level in entry.levels
        if not any(isinstance(base_amount(texts, stream, code, level), int) for stream in Stream)
    ]
    named_levels = "levels" in entry.model_fields_set
    return unpaid if named_levels or len(unpaid) == len(entry.levels) else []


def directory_marks(folder: Folder) -> Iterator[Finding]:
    """Occupations whose digital mark isn't that of the classification."""
    for place, edition in enumerate(folder.policy.directory):
        for row, listed in enumerate(edition.occupations):
            mark = folder.marks.get(folder.policy.vocabulary.present(listed.code))
            if listed.digital is None or mark is None or listed.digital is mark:
                continue
            path = ("editions", place, "occupations", row, "digital")
            said = {
                "occupation": occupation_name(folder.policy, listed.code),
                "entry": _MARKS[listed.digital],
                "mark": _MARKS[mark],
            }
            yield folder.finding("occupation-digital-differs", "directory", path, edition, **said)
