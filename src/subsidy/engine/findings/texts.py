"""What there is to say of the texts themselves: gaps, overlaps, sources, names, and who last looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from subsidy.engine.alike import listed_codes
from subsidy.engine.findings.folder import TEXTS, Finding, Folder, Text, occupation_name
from subsidy.engine.findings.kind import Bilingual, several
from subsidy.model.words import Confidence
from subsidy.policy.policy import Policy, Texts
from subsidy.policy.texts import (
    CatalogEdition,
    DirectoryEdition,
    Edition,
    RulesEdition,
    Source,
    Title,
)
from subsidy.policy.yaml_tree import Path_
from subsidy.rules.eligibility import add_months
from subsidy.rules.entitlement import Worth, asks_catalog

__all__ = ["gaps", "incomplete", "names", "overlaps", "sources", "unverified"]

Span = tuple[date, date]


def _spans(periods: Iterable[Texts]) -> list[Span]:
    """Join periods that follow each other."""
    spans: list[Span] = []
    for texts in periods:
        if spans and spans[-1][1].toordinal() + 1 == texts.first_day.toordinal():
            spans[-1] = (spans[-1][0], texts.last_day)
        else:
            spans.append((texts.first_day, texts.last_day))
    return spans


def _dates(span: Span) -> Bilingual:
    first, last = span
    if last == date.max:
        return Bilingual(f"{first} 及以后", f"{first} and later")
    return Bilingual(f"{first} 至 {last}", f"{first} to {last}")


def gaps(folder: Folder) -> Iterator[Finding]:
    """Find dates that no edition of a text governs, once any does; of the catalogue, where it is asked.

    That the last text ends in the future is no gap yet: the next one is published when its time comes.
    """
    policy = folder.policy
    begun = (*policy.directory, *policy.rates, *policy.rules)
    start = min((edition.effective_from for edition in begun), default=date.min)
    for text in TEXTS.values():
        missing = [
            texts
            for texts in policy.periods
            if texts.first_day >= start
            and not text.in_force(texts)
            and (text.kind != "catalog" or _catalog_asked(policy, texts))
        ]
        for span in _spans(missing):
            between = any(edition.effective_from > span[1] for edition in text.editions(policy))
            if between or span[0] <= folder.today:
                yield _gap(folder, text, span)


def _gap(folder: Folder, text: Text, span: Span) -> Finding:
    """Make the finding at the end of the text before the gap; else at the beginning of the next."""
    editions = list(folder.editions(text.kind))
    before = [item for item in editions if item[1].last_day < span[0]]
    path: Path_ = ("editions",)
    edition: Edition | None = None
    if before:
        path, edition = max(before, key=lambda item: (item[1].last_day, item[1].published_on))
        stated = edition.last_day == edition.effective_to
        path = (*path, "effective_to") if stated else (*path, "ended", "last_day")
    elif editions:
        path, edition = min(editions, key=lambda item: item[1].effective_from)
        path = (*path, "effective_from")
    said = {"text": text.name, "dates": _dates(span), "reason": text.reason}
    return folder.finding(f"gap-in-{text.kind}", text.kind, path, edition, **said)


def _catalog_asked(policy: Policy, texts: Texts) -> bool:
    """Say whether an uplift in force asks the catalogue for any occupation."""
    uplifts = texts.rules.entitlement.uplifts if texts.rules else ()
    worths = [Worth(uplift, Fraction(), printed=False) for uplift in uplifts if uplift.requires]
    listings = [texts.listing(code) for code in listed_codes(policy, texts)]
    return any(listing is not None and asks_catalog(worths, listing) for listing in listings) or (
        bool(worths) and not listings
    )


def overlaps(folder: Folder) -> Iterator[Finding]:
    """Editions that a later one supersedes, unless it simply follows: known in time, and until the end."""
    for text in TEXTS.values():
        for path, edition in folder.editions(text.kind):
            governed = [texts for texts in folder.policy.periods if edition.governs(texts.first_day)]
            lost = [texts for texts in governed if edition not in text.in_force(texts)]
            later = dict.fromkeys(other.id for texts in lost for other in _winners(text, texts))
            if lost and len(lost) == len(governed):
                yield folder.finding(
                    "superseded-wholly",
                    text.kind,
                    (*path, "id"),
                    edition,
                    edition=edition.id,
                    later=", ".join(later),
                )
                continue
            for name in later:
                yield from _superseded_in_part(folder, text, path, edition, governed, lost, name)


def _winners(text: Text, texts: Texts) -> list[Edition]:
    """Give the edition in force that supersedes others: the one that replaces, not those that add to it."""
    return [
        edition
        for edition in text.in_force(texts)
        if not (isinstance(edition, CatalogEdition) and edition.mode == "adds")
    ]


def _superseded_in_part(
    folder: Folder,
    text: Text,
    path: Path_,
    edition: Edition,
    governed: list[Texts],
    lost: list[Texts],
    later: str,
) -> Iterator[Finding]:
    taken = [texts for texts in lost if any(one.id == later for one in _winners(text, texts))]
    winner = next(one for one in _winners(text, taken[0]) if one.id == later)
    back_in_force = any(texts not in lost for texts in governed if texts.first_day > taken[-1].last_day)
    if winner.published_on <= taken[0].first_day and not back_in_force:
        return
    spans = [_dates(span) for span in _spans(taken)]
    yield folder.finding(
        "superseded-in-part",
        text.kind,
        (*path, "id"),
        edition,
        edition=edition.id,
        later=later,
        dates=several(spans),
        published_on=winner.published_on,
    )


def incomplete(folder: Folder) -> Iterator[Finding]:
    """Catalogue editions of which only a part is held."""
    for place, edition in enumerate(folder.policy.catalog_editions):
        if not edition.complete:
            path = ("editions", place, "complete")
            yield folder.finding("catalog-incomplete", "catalog", path, edition, edition=edition.id)


Sourced = tuple[Path_, Source, Bilingual]


def _parts(edition: Edition, path: Path_) -> Iterator[tuple[Path_, Source | None, Bilingual]]:
    """Walk the parts of an edition that may have a source of their own, with their names."""
    if edition.ended is not None:
        yield (*path, "ended"), edition.ended.source, Bilingual("终止文本", "the text that ends it")
    if isinstance(edition, DirectoryEdition):
        for row, listed in enumerate(edition.occupations):
            yield (*path, "occupations", row), listed.source, Bilingual(listed.code, listed.code)
    elif isinstance(edition, CatalogEdition):
        for row, entry in enumerate(edition.entries):
            yield (*path, "entries", row), entry.source, Bilingual(entry.occupation, entry.occupation)
    elif isinstance(edition, RulesEdition):
        for row, uplift in enumerate(edition.entitlement.uplifts):
            name = Bilingual(f"上浮 {uplift.id}", f"uplift {uplift.id}")
            yield (*path, "entitlement", "uplifts", row), uplift.source, name
        for row, limit in enumerate(edition.procedure.limits):
            name = Bilingual(f"次数限制 {limit.id}", f"limit {limit.id}")
            yield (*path, "procedure", "limits", row), limit.source, name


def _sourced(edition: Edition, path: Path_) -> Iterator[Sourced]:
    """Give the source of an edition, and each source of its parts once, with all that rest on it."""
    name = Bilingual(f"版本 {edition.id}", f"Edition {edition.id}")
    yield (*path, "source"), edition.source, name
    parts: dict[Source, list[tuple[Path_, Bilingual]]] = {}
    for part, source, title in _parts(edition, path):
        if source is not None:
            parts.setdefault(source, []).append((part, title))
    for source, found in parts.items():
        titles = several(title for _, title in found)
        yield (
            (*found[0][0], "source"),
            source,
            Bilingual(f"{name.zh} 的 {titles.zh}", f"{name.en}, {titles.en}"),
        )


def sources(folder: Folder) -> Iterator[Finding]:
    """Find what isn't from an official text, and sources that nobody can look up; once for each source."""
    for text in TEXTS.values():
        for path, edition in folder.editions(text.kind):
            for where, source, what in _sourced(edition, path):
                said = {"what": what, "document": source.document}
                if source.confidence is not Confidence.OFFICIAL:
                    at = (*where, "confidence")
                    yield folder.finding(source.confidence.value, text.kind, at, edition, **said)
                if source.number is None and source.url is None:
                    yield folder.finding("unsourced", text.kind, (*where, "document"), edition, **said)


_LANGUAGES = (("zh", Bilingual("中文", "Chinese")), ("en", Bilingual("英文", "English")))


def names(folder: Folder) -> Iterator[Finding]:
    """Names that are missing in one language: of an edition, of its occupations (once), of its conditions."""
    for text in TEXTS.values():
        for path, edition in folder.editions(text.kind):
            for key, language in _LANGUAGES:
                for where, what in _unnamed(folder.policy, path, edition, key):
                    yield folder.finding("name-missing", text.kind, where, edition, what=what, language=language)


def _unnamed(policy: Policy, path: Path_, edition: Edition, key: str) -> Iterator[tuple[Path_, Bilingual]]:
    own = Bilingual(f"版本 {edition.id}", f"Edition {edition.id}")
    if _lacks(edition.title, key):
        yield (*path, "title"), own
    if isinstance(edition, DirectoryEdition):
        found = [row for row, listed in enumerate(edition.occupations) if _lacks(listed.name, key)]
        if found:
            codes = [edition.occupations[row].code for row in found]
            what = several(occupation_name(policy, code) for code in codes)
            yield (
                (*path, "occupations", found[0], "name"),
                Bilingual(f"{own.zh} 的 {what.zh}", f"{own.en}, {what.en}"),
            )
    if isinstance(edition, RulesEdition):
        for row, condition in enumerate(edition.procedure.conditions):
            if _lacks(condition.title, key):
                what = Bilingual(f"{own.zh} 的条件 {condition.id}", f"{own.en}, condition {condition.id}")
                yield (*path, "procedure", "conditions", row, "title"), what


def _lacks(title: Title, key: str) -> bool:
    return not (title.zh if key == "zh" else title.en)


def unverified(folder: Folder) -> Iterator[Finding]:
    """Find open editions in force today, published over a year ago, that nobody has looked at for a year."""
    since = add_months(folder.today, -12)
    in_force = folder.policy.texts_on(folder.today)
    for text in TEXTS.values():
        for path, edition in folder.editions(text.kind):
            is_open = edition.effective_to is None and edition.ended is None and edition in text.in_force(in_force)
            seen = edition.source.verified_on
            if since is None or not is_open or max(edition.published_on, seen or date.min) >= since:
                continue
            last = (
                Bilingual("从未核实", "nobody has verified it since it was published")
                if seen is None
                else Bilingual(f"上次核实为 {seen}", f"it was last verified on {seen}")
            )
            where = (*path, "source") if seen is None else (*path, "source", "verified_on")
            yield folder.finding("not-verified", text.kind, where, edition, edition=edition.id, last_seen=last)
