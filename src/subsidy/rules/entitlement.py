"""Rules 1 to 3: what the texts in force on the entitlement date give for (stream, occupation, level).

They depend on nothing else, so their answers form a finite grid: the engine works each cell out once and looks it up.
All amounts are whole fen, all shares exact fractions; only the total is rounded.
Source: design, section 4, "Entitlement"; the documents are those of the editions consulted.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from subsidy.model.level import Category, Level, Stream
from subsidy.model.money import round_fen
from subsidy.model.words import Reason
from subsidy.policy.catalog import Listed
from subsidy.policy.policy import Listing, Texts
from subsidy.policy.texts import ANY_ROW, EntitlementPart, Uplift

__all__ = [
    "DIGITAL",
    "SHORTAGE",
    "Worth",
    "asks_catalog",
    "base_amount",
    "catalog_gap",
    "ceiling",
    "entry_at_level",
    "facts",
    "holding",
    "rounding",
    "taken",
    "uplifts_with_worth",
]

SHORTAGE = "shortage"
DIGITAL = "digital"

Rows = Mapping[str, Mapping[Level, int]]


class Worth(NamedTuple):
    """An uplift and what it adds to one base amount, in fen; below zero where a printed amount is under the base."""

    uplift: Uplift
    fen: Fraction
    printed: bool


def _in_row(rows: Rows, category: Category | None, level: Level) -> int | None:
    """Look a level up in the category's row, or in that for any where there is no row for the category."""
    return rows.get(category or ANY_ROW, rows.get(ANY_ROW, {})).get(level)


def base_amount(texts: Texts, stream: Stream, code: str, level: Level) -> int | Reason:
    """Rule 1: the base amount (补贴标准) of the rate table in force, or why there is none.

    An occupation's own amount wins cell by cell; else the row of its category; else the row for any, which serves
    only where the stream has no row for the category or the occupation has none.
    """
    if texts.rules is None:
        return Reason.NO_RULES_IN_FORCE
    if texts.directory is None:
        return Reason.NO_DIRECTORY_IN_FORCE
    listing = texts.listing(code)
    if listing is None:
        return Reason.OCCUPATION_NOT_LISTED
    if texts.rates is None:
        return Reason.NO_RATES_IN_FORCE
    own = texts.amounts_of(stream, code).get(level)
    found = _in_row(texts.rates.amounts.get(stream, {}), listing.category, level) if own is None else own
    return Reason.LEVEL_NOT_SUBSIDISED if found is None else found


def entry_at_level(texts: Texts, code: str, level: Level) -> Listed | None:
    """Give the entry by which the catalogue in force lists the occupation at the level."""
    listed = texts.entries.get(code)
    return listed if listed is not None and level in listed.entry.levels else None


def _own_facts(listing: Listing) -> frozenset[str]:
    return listing.tags | {DIGITAL} if listing.digital else listing.tags


def facts(texts: Texts, code: str, level: Level) -> frozenset[str]:
    """Give the facts (认定事实) that hold: shortage, digital, and the tags of the occupation and its entry.

    An entry that does not list the level says nothing; one that does decides ``digital`` where it states it.
    What isn't known is false; an unlisted occupation has only the classification's ``digital``.
    """
    listing = texts.listing(code)
    if listing is None:
        return frozenset({DIGITAL}) if code in texts.vocabulary.digital else frozenset()
    known = _own_facts(listing)
    listed = entry_at_level(texts, code, level)
    if listed is None:
        return known
    if listed.entry.digital is not None:
        known = known | {DIGITAL} if listed.entry.digital else known - {DIGITAL}
    return known | {SHORTAGE, *listed.entry.tags}


def uplifts_with_worth(
    part: EntitlementPart, stream: Stream, category: Category | None, level: Level, base: int
) -> list[Worth]:
    """Rule 2, first half: the uplifts for this stream and level that have a worth in this cell.

    The worth is the printed amount less the base where the text prints one, else base x rate.
    """
    found: list[Worth] = []
    for uplift in part.uplifts:
        if stream not in uplift.streams or level not in uplift.levels:
            continue
        printed = _in_row(uplift.amounts.get(stream, {}), category, level)
        if printed is not None:
            found.append(Worth(uplift, Fraction(printed - base), printed=True))
        elif uplift.rate is not None:
            found.append(Worth(uplift, base * Fraction(uplift.rate), printed=False))
    return found


def asks_catalog(worths: list[Worth], listing: Listing) -> bool:
    """Say whether one of these uplifts needs the catalogue: shortage, or a fact that the occupation itself lacks."""
    own = _own_facts(listing)
    return any(need == SHORTAGE or need not in own for worth in worths for need in worth.uplift.requires)


def catalog_gap(texts: Texts, code: str, level: Level) -> Reason | None:
    """Rule 2, where the catalogue was asked: the reason why its silence proves nothing, None where it speaks."""
    if not texts.catalog:
        return Reason.NO_CATALOG_IN_FORCE
    if entry_at_level(texts, code, level) is None and not all(edition.complete for edition in texts.catalog):
        return Reason.CATALOG_INCOMPLETE
    return None


def holding(worths: list[Worth], known: frozenset[str]) -> list[Worth]:
    """Rule 2, second half: the candidates, whose requirements all hold."""
    return [worth for worth in worths if known.issuperset(worth.uplift.requires)]


def taken(part: EntitlementPart, candidates: list[Worth]) -> list[Worth]:
    """Rule 2, stacking: the one worth most (the first in the text among equals), or all."""
    if part.stacking == "sum" or not candidates:
        return candidates
    return [max(candidates, key=lambda worth: worth.fen)]


def ceiling(part: EntitlementPart, stream: Stream, level: Level, total: Fraction) -> Fraction:
    """Rule 3, first half: no more than the ceiling of the stream and level, where there is one."""
    limit = part.ceiling.get(stream, {}).get(level)
    return total if limit is None else min(total, Fraction(limit))


def rounding(part: EntitlementPart, total: Fraction) -> int:
    """Rule 3, second half: the total rounded as the text says, in fen."""
    return round_fen(total, part.rounding.to, part.rounding.mode)
