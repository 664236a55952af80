"""What there is to say of the rate tables as they are printed: rows, levels, amounts for one occupation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from subsidy.engine.alike import listed_codes
from subsidy.engine.findings.folder import Finding, Folder, level_names, named, occupation_name, stream_name
from subsidy.engine.findings.kind import Bilingual, several
from subsidy.model.level import Category, Level, Stream
from subsidy.model.money import format_yuan
from subsidy.policy.policy import Texts
from subsidy.policy.texts import ANY_ROW, DirectoryEdition, RatesEdition
from subsidy.policy.yaml_tree import Path_
from subsidy.rules.entitlement import base_amount

__all__ = ["LADDER", "categories", "own_amounts", "rows"]

# From the lowest level to the highest; `special` stands beside them.
LADDER = tuple(level for level in Level if level is not Level.SPECIAL)


def rows(folder: Folder) -> Iterator[Finding]:
    """Find rows that pay a higher level less than a lower one, or lack a level that another row has."""
    for place, edition in enumerate(folder.policy.rates):
        for stream, table in edition.amounts.items():
            levels = {level for amounts in table.values() for level in amounts}
            for row, amounts in table.items():
                path = ("editions", place, "amounts", stream.value, row)
                where = Bilingual(f"{stream.zh}、{_row(row).zh}", f"{stream.en}, {_row(row).en}")
                yield from _inverted(folder, edition, path, where, amounts, amounts)
                lacking = [level for level in Level if level in levels and level not in amounts]
                if lacking:
                    said = {"where": where, "levels": level_names(lacking)}
                    yield folder.finding_at_key("level-without-rate", "rates", path, edition, **said)


def _row(row: str) -> Bilingual:
    return Bilingual("any 行" if row == ANY_ROW else f"{row} 类", "row any" if row == ANY_ROW else f"category {row}")


def _inverted(
    folder: Folder,
    edition: RatesEdition,
    path: Path_,
    where: Bilingual,
    amounts: Mapping[Level, int],
    own: Mapping[Level, int],
) -> Iterator[Finding]:
    """Find a higher level paid less than the next lower one, of which at least one is ``own``."""
    paid = [level for level in LADDER if level in amounts]
    for low, high in pairwise(paid):
        if amounts[high] < amounts[low] and (high in own or low in own):
            said: dict[str, object] = {
                "where": where,
                "high": level_names([high]),
                "low": level_names([low]),
                "high_amount": format_yuan(amounts[high]),
                "low_amount": format_yuan(amounts[low]),
            }
            yield folder.finding("higher-level-paid-less", "rates", (*path, high.value), edition, **said)


def categories(folder: Folder) -> Iterator[Finding]:
    """Find categories without a row in a stream with rows, where none is for any; once for each category."""
    seen: set[tuple[str, str, Stream, Category | None]] = set()
    for texts in folder.periods:
        if texts.rates is None or texts.directory is None:
            continue
        for stream, table in texts.rates.amounts.items():
            if not table or ANY_ROW in table:
                continue
            for category, codes in _without_row(folder, texts, stream).items():
                key = (texts.rates.id, texts.directory.id, stream, category)
                if key not in seen:
                    seen.add(key)
                    yield _no_row(folder, texts.rates, texts.directory, stream, category, codes)


def _without_row(folder: Folder, texts: Texts, stream: Stream) -> dict[Category | None, list[str]]:
    found: dict[Category | None, list[str]] = {}
    for code in listed_codes(folder.policy, texts):
        listing = texts.listing(code)
        if listing is None or texts.rates is None or texts.amounts_of(stream, code):
            continue
        if listing.category is None or listing.category not in texts.rates.amounts[stream]:
            found.setdefault(listing.category, []).append(code)
    return found


def _no_row(
    folder: Folder,
    rates: RatesEdition,
    directory: DirectoryEdition,
    stream: Stream,
    category: Category | None,
    codes: list[str],
) -> Finding:
    what = (
        Bilingual("无类别职业", "occupations without a category")
        if category is None
        else Bilingual(f" {category} 类", f"category {category}")
    )
    path = folder.path_of("rates", rates, "amounts", stream.value)
    return folder.finding_at_key(
        "category-without-rate",
        "rates",
        path,
        rates,
        stream=stream_name(stream),
        category=what,
        directory=directory.id,
        codes=several(named(folder.policy, codes)),
    )


def own_amounts(folder: Folder) -> Iterator[Finding]:
    """Find amounts of one occupation that are those of its category, or that pay a higher level less."""
    seen: set[tuple[str, str, str]] = set()
    for texts in folder.periods:
        if texts.rates is None:
            continue
        plain = replace(texts, rates=texts.rates.model_copy(update={"by_occupation": {}}))
        for stream, occupations in texts.rates.by_occupation.items():
            for written in occupations:
                code = folder.policy.vocabulary.present(written)
                path = folder.path_of("rates", texts.rates, "by_occupation", stream.value, written)
                for finding in _own(folder, texts, plain, stream, code, path):
                    if (finding.code, finding.path, texts.rates.id) not in seen:
                        seen.add((finding.code, finding.path, texts.rates.id))
                        yield finding


def _own(folder: Folder, texts: Texts, plain: Texts, stream: Stream, code: str, path: Path_) -> Iterator[Finding]:
    own = texts.amounts_of(stream, code)
    if texts.rates is None or texts.listing(code) is None:
        return
    name = occupation_name(folder.policy, code)
    for level, amount in own.items():
        if amount == base_amount(plain, stream, code, level):
            said = {"occupation": name, "stream": stream_name(stream), "level": level_names([level])}
            at = (*path, level.value)
            yield folder.finding("amount-redundant", "rates", at, texts.rates, **said, amount=format_yuan(amount))
    amounts: dict[Level, int] = {}
    for level in LADDER:
        base = base_amount(texts, stream, code, level)
        if isinstance(base, int):
            amounts[level] = base
    where = Bilingual(f"{stream.zh}、{name.zh}", f"{stream.en}, {name.en}")
    yield from _inverted(folder, texts.rates, path, where, amounts, own)
