"""The whole entitlement grid: every period, stream, occupation and level, one claim for each."""

from __future__ import annotations

from collections.abc import Iterator

from subsidy.testing.conformance.case import Draft
from subsidy.testing.conformance.source import Place, Source

__all__ = ["cell_name", "drafts", "words"]


def drafts(source: Source) -> Iterator[Draft]:
    """Draft a claim that falls into each cell, whichever of its dates decides."""
    for place in source.places:
        zh, en = words(source, place)
        yield Draft("grid", cell_name(place), zh, en, [source.claim(place)])


def cell_name(place: Place) -> str:
    """Name a cell: day, stream, occupation, level."""
    return f"{place.day}/{place.stream}/{place.code}/{place.level.value}"


def words(source: Source, place: Place) -> tuple[str, str]:
    """Say in both languages what a cell is about."""
    title = source.policy.vocabulary.titles.get(place.code)
    zh = (title.zh or title.en) if title else place.code
    en = (title.en or title.zh) if title else place.code
    return (
        f"{zh}，{place.level.zh}，{place.stream.zh}，{place.day}",
        f"{en}, {place.level.en}, {place.stream.en}, {place.day}",
    )
