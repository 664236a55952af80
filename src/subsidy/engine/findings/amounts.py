"""What there is to say of the amounts that come out: the whole grid, each sort of occupation worked out once.

A cell is named by its texts: rates and rules. What many cells have in common is one finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from subsidy.engine.alike import alike, listed_codes
from subsidy.engine.cells import Cell, cell_of
from subsidy.engine.findings.folder import Finding, Folder, level_names, occupation_name, stream_name
from subsidy.engine.findings.kind import SEMICOLON, Bilingual, several
from subsidy.engine.findings.rates import LADDER
from subsidy.model.level import Level, Stream
from subsidy.model.money import FEN_PER_YUAN, format_yuan
from subsidy.policy.policy import Texts
from subsidy.policy.texts import ANY_ROW, RulesEdition, Uplift
from subsidy.policy.yaml_tree import Path_
from subsidy.rules.entitlement import Worth, ceiling, facts, holding, rounding, taken, uplifts_with_worth

__all__ = ["amounts"]


class Spot(NamedTuple):
    """A cell with an amount, of one sort of occupations: the texts, where it is, and what comes out."""

    texts: Texts
    rules: RulesEdition
    stream: Stream
    codes: tuple[str, ...]
    level: Level
    cell: Cell

    @property
    def base(self) -> int:
        """The base amount in fen."""
        return self.cell.base_fen or 0


def _spots(folder: Folder) -> Iterator[Spot]:
    """Walk the cells that have a base amount."""
    for texts in folder.periods:
        if texts.rules is None or texts.rates is None:
            continue
        for codes in alike(texts, listed_codes(folder.policy, texts)):
            for stream in Stream:
                for level in Level:
                    cell = cell_of(folder.policy, texts, stream, codes[0], level)
                    if cell.base_fen is not None:
                        yield Spot(texts, texts.rules, stream, tuple(codes), level, cell)


def _worths(spot: Spot) -> list[Worth]:
    listing = spot.texts.listing(spot.codes[0])
    category = listing.category if listing else None
    return uplifts_with_worth(spot.rules.entitlement, spot.stream, category, spot.level, spot.base)


def _shown(folder: Folder, spot: Spot, said: Bilingual) -> Bilingual:
    name = occupation_name(folder.policy, spot.codes[0])
    more = len(spot.codes) - 1
    zh, en = (f"{name.zh} 等{more + 1}个职业", f"{name.en} and {more} more") if more else name
    return Bilingual(f"{zh}（{said.zh}）", f"{en} ({said.en})")


def amounts(folder: Folder) -> Iterator[Finding]:
    """All that is to be said of the amounts that come out."""
    spots = list(_spots(folder))
    for check in (_below_zero, _fractional, _inverted, _printed):
        yield from check(folder, spots)


def _below_zero(folder: Folder, spots: list[Spot]) -> Iterator[Finding]:
    """Amounts under the base, and amounts under zero; once for each text, stream, level and cause."""
    found: dict[tuple[str, str, Stream, Level, Path_], list[Spot]] = {}
    causes: dict[Path_, Bilingual] = {}
    for spot in spots:
        uplift = spot.cell.uplift_fen
        if uplift is not None and uplift < 0:
            cause, path = _cause(folder, spot)
            causes[path] = cause
            code = "uplift-below-zero" if spot.cell.amount_fen >= 0 else "amount-below-zero"
            found.setdefault((code, spot.rules.id, spot.stream, spot.level, path), []).append(spot)
    for (code, _, stream, level, path), cases in found.items():
        cells = dict.fromkeys(_shown(folder, spot, _base_and_amount(spot)) for spot in cases)
        said: dict[str, object] = {"stream": stream_name(stream), "level": level_names([level])}
        said |= {"cause": causes[path], "cells": several(cells, SEMICOLON)}
        yield folder.finding(code, "rules", path, cases[0].rules, **said)


def _base_and_amount(spot: Spot) -> Bilingual:
    base, amount = format_yuan(spot.base), format_yuan(spot.cell.amount_fen)
    return Bilingual(f"标准 {base} 元，金额 {amount} 元", f"base {base}, amount {amount} yuan")


def _cause(folder: Folder, spot: Spot) -> tuple[Bilingual, Path_]:
    """Say what takes an amount under its base, and where that stands: ceiling, print or rounding."""
    part = spot.rules.entitlement
    path = folder.path_of("rules", spot.rules, "entitlement")
    known = facts(spot.texts, spot.codes[0], spot.level)
    chosen = taken(part, holding(_worths(spot), known))
    total = spot.base + sum((worth.fen for worth in chosen), Fraction())
    limited = ceiling(part, spot.stream, spot.level, total)
    if limited < total and limited < spot.base:
        return Bilingual("上限", "the ceiling"), (*path, "ceiling", spot.stream.value, spot.level.value)
    under = [worth.uplift for worth in chosen if worth.printed and worth.fen < 0]
    if total < spot.base and under:
        at = _printed_path(folder, spot, under[0])
        name = under[0].id
        return Bilingual(f"上浮 {name} 的列明金额", f"the printed amount of the uplift {name}"), at
    return Bilingual("取整", "rounding"), (*path, "rounding")


def _printed_path(folder: Folder, spot: Spot, uplift: Uplift) -> Path_:
    """Give the path of the amount that an uplift prints for a cell."""
    listing = spot.texts.listing(spot.codes[0])
    category = listing.category if listing else None
    row = str(category) if category is not None and category in uplift.amounts[spot.stream] else ANY_ROW
    place = [one.id for one in spot.rules.entitlement.uplifts].index(uplift.id)
    at = ("entitlement", "uplifts", place, "amounts", spot.stream.value, row, spot.level.value)
    return folder.path_of("rules", spot.rules, *at)


def _fractional(folder: Folder, spots: list[Spot]) -> Iterator[Finding]:
    """Amounts that aren't whole yuan; once for each rules edition, rate table and stream."""
    found: dict[tuple[str, str | None, Stream], dict[Bilingual, Spot]] = {}
    counted: dict[tuple[str, str | None, Stream], set[tuple[str, Level]]] = {}
    for spot in spots:
        if spot.cell.reason is None and spot.cell.amount_fen % FEN_PER_YUAN:
            key = (spot.rules.id, spot.texts.editions[2], spot.stream)
            counted.setdefault(key, set()).update((code, spot.level) for code in spot.codes)
            amount = format_yuan(spot.cell.amount_fen)
            example = Bilingual(f"{spot.level.zh}，{amount} 元", f"{spot.level.en}, {amount} yuan")
            found.setdefault(key, {})[_shown(folder, spot, example)] = spot
    for key, cells in found.items():
        rules = next(iter(cells.values())).rules
        path = folder.path_of("rules", rules, "entitlement", "rounding")
        said: dict[str, object] = {
            "stream": stream_name(key[2]),
            "count": len(counted[key]),
            "cells": several([*cells][:1]),
        }
        yield folder.finding("fractional-yuan", "rules", path, rules, **said)


def _inverted(folder: Folder, spots: list[Spot]) -> Iterator[Finding]:
    """Higher levels that with the uplift are paid less than the next lower one, though the base isn't."""
    ladders: dict[tuple[date, Stream, tuple[str, ...]], dict[Level, Spot]] = {}
    for spot in spots:
        if spot.cell.reason is None and spot.level in LADDER:
            where = (spot.texts.first_day, spot.stream, spot.codes)
            ladders.setdefault(where, {})[spot.level] = spot
    seen: set[tuple[object, ...]] = set()
    for (_, stream, codes), ladder in ladders.items():
        for below, above in pairwise(ladder.values()):
            low, high = below.cell.amount_fen, above.cell.amount_fen
            key = (above.rules.id, stream, below.level, above.level, low, high)
            if low <= high or above.base < below.base or key in seen:
                continue
            seen.add(key)
            yield _inversion(folder, above, below, codes)


def _inversion(folder: Folder, above: Spot, below: Spot, codes: tuple[str, ...]) -> Finding:
    name = occupation_name(folder.policy, codes[0])
    path = folder.path_of("rules", above.rules, "entitlement", "uplifts")
    said: dict[str, object] = {
        "where": Bilingual(f"{above.stream.zh}、{name.zh}", f"{above.stream.en}, {name.en}"),
        "high": level_names([above.level]),
        "low": level_names([below.level]),
        "high_amount": format_yuan(above.cell.amount_fen),
        "low_amount": format_yuan(below.cell.amount_fen),
    }
    return folder.finding("higher-level-paid-less-after-uplift", "rules", path, above.rules, **said)


def _printed(folder: Folder, spots: list[Spot]) -> Iterator[Finding]:
    """Uplifts with a rate that print another amount than it gives; once for each uplift."""
    found: dict[tuple[str, str], dict[Bilingual, tuple[Spot, Uplift]]] = {}
    for spot in spots:
        for worth in _worths(spot):
            if not worth.printed or worth.uplift.rate is None:
                continue
            part = spot.rules.entitlement
            text = rounding(part, spot.base + worth.fen)
            by_rate = rounding(part, spot.base * (1 + Fraction(worth.uplift.rate)))
            if text != by_rate:
                said, instead, base = format_yuan(text), format_yuan(by_rate), format_yuan(spot.base)
                cell = Bilingual(
                    f"{spot.stream.zh}、{spot.level.zh}（标准 {base} 元）列明 {said} 元，按比例 {instead} 元",
                    f"{spot.stream.en}, {spot.level.en} (base {base}): {said} yuan, by the rate {instead}",
                )
                found.setdefault((spot.rules.id, worth.uplift.id), {}).setdefault(cell, (spot, worth.uplift))
    for (_, name), cells in found.items():
        spot, uplift = next(iter(cells.values()))
        path = _printed_path(folder, spot, uplift)
        yield folder.finding(
            "printed-amount-differs", "rules", path, spot.rules, uplift=name, cells=several(cells, SEMICOLON)
        )
