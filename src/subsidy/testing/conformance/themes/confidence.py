"""How sure the texts are: every mixture of sources of the grid, under every confidence that a caller may ask for."""

from __future__ import annotations

from collections.abc import Iterator

from subsidy.model.words import Confidence
from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Source
from subsidy.testing.conformance.themes.grid import cell_name, words

__all__ = ["drafts"]


def drafts(source: Source) -> Iterator[Draft]:
    """Draft one place for each mixture: with no wish, with each wish, and with something else in the way."""
    seen = set()
    for place in source.places:
        own_sources = place.code if _has_own_source(source, place.code) else None
        mixture = (place.day, place.stream, place.cell.reason, place.cell.confidence, own_sources)
        if mixture in seen or place.texts.rules is None:
            continue
        seen.add(mixture)
        zh, en = words(source, place)
        row = source.claim(place)
        for wanted in (None, *Confidence):
            word = wanted.value if wanted else "any"
            yield Draft(
                "confidence", f"{word}/{cell_name(place)}", f"要求 {word}：{zh}", f"{word} is enough: {en}", [row],
                clause=None if wanted else "S4.confidence.weakest", minimum_confidence=wanted,
            )  # fmt: skip
    yield from _with_another_fault(source)


def _has_own_source(source: Source, code: str) -> bool:
    """Say whether an occupation or an entry of it carries a source of its own."""
    policy, present = source.policy, source.policy.vocabulary.present
    occupations = [(one.code, one.source) for edition in policy.directory for one in edition.occupations]
    entries = [(one.occupation, one.source) for edition in policy.catalog_editions for one in edition.entries]
    return any(own is not None and present(written) == code for written, own in occupations + entries)


def _with_another_fault(source: Source) -> Iterator[Draft]:
    """Draft a weak text with a rule behind it that says no or can't say: the no is named, else the first ° reason."""
    for stage in source.stages:
        asked = stage.procedure.procedure
        ids = [condition.id for condition in asked.conditions if stage.place.stream in condition.streams]
        faults: list[tuple[str, Row]] = [(f"{one}={value}", {one: value}) for one in ids for value in (False, None)]
        if asked.insured_months.get(stage.place.stream):
            faults += [("months=0", {"insured_months": 0}), ("months=unknown", {"insured_months": None})]
        for name, changes in faults:
            yield Draft(
                "confidence",
                f"and/{stage.name}/{name}",
                f"文本可信度不足，且 {name}（{stage.procedure.id}）",
                f"texts too weak, and {name} ({stage.procedure.id})",
                [source.claim(stage.place) | changes],
                clause="S4.status.first-reason",
                minimum_confidence=Confidence.OFFICIAL,
            )
