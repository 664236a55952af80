"""Mixtures: batches of claims and histories put together by a counter, so that rules meet in ways nobody thought of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

from subsidy.model.level import Level, Stream
from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Source, Stage
from subsidy.testing.conformance.themes.played import others

__all__ = ["mixed_drafts"]

_BATCHES = 12
T = TypeVar("T")


class _Counter:
    """A stream of numbers that looks random and is the same on every machine and Python (Lehmer, 1951)."""

    def __init__(self, start: int) -> None:
        self._state = start * 48271 % 2147483647 or 1

    def below(self, end: int) -> int:
        self._state = self._state * 48271 % 2147483647
        return self._state % end

    def one_of(self, things: list[T]) -> T:
        return things[self.below(len(things))]


def mixed_drafts(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft batches of eight claims and four histories of two persons and five occupations."""
    codes = [stage.place.code, *(other.code for other in others(source, stage.place)[:4])]
    for number in range(1, _BATCHES + 1):
        counter = _Counter(number)
        claims = [_claim(source, stage, codes, counter, f"C{place}") for place in range(1, 9)]
        history = [_claim(source, stage, codes, counter, f"H{place}") for place in range(1, 5)]
        yield Draft(
            "history",
            f"{stage.name}/mixed/{number}",
            f"混合第 {number} 批（{stage.procedure.id}，{stage.place.stream.zh}）",
            f"mixture {number} ({stage.procedure.id}, {stage.place.stream.en})",
            claims,
            history,
            "S4.history.batch-order",
        )


def _claim(source: Source, stage: Stage, codes: list[str], counter: _Counter, claim_id: str) -> Row:
    place = stage.place
    day = (place.day + timedelta(days=counter.below(90))).isoformat()
    row = source.claim(place) | {
        "claim_id": claim_id,
        "person_id": counter.one_of(["P1", "P1", "P1", "P2"]),
        "occupation": counter.one_of(codes),
        "level": counter.one_of([*Level]).value,
        "certificate_no": f"S{counter.below(20)}",
        "applied_on": day,
        "stream": counter.one_of([place.stream, place.stream, *Stream]).value,
    }
    if claim_id.startswith("C"):
        row["insured_months"] = counter.one_of([source.months, source.months, source.months, 0, None])
        for condition in source.policy.vocabulary.conditions:
            row[condition] = counter.one_of([True, True, True, True, False, None])
    return row
