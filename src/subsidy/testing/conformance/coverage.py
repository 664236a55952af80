"""Which outcome of which rule, which reason and which cell of the grid is exercised by which case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from subsidy.engine.ledger import case_of
from subsidy.engine.records import Usable, read_record
from subsidy.model.level import Level, Stream
from subsidy.model.words import Outcome, Reason
from subsidy.testing.conformance.case import Case, Row
from subsidy.testing.conformance.source import Source

__all__ = ["CellKey", "Coverage", "OutcomeKey"]

_FIRST = 5
"""So many cases are named; how many there are in all is counted."""


class OutcomeKey(NamedTuple):
    """What one rule can say."""

    policy: str
    rule: str
    outcome: Outcome
    reason: Reason | None


class CellKey(NamedTuple):
    """A cell of the grid: the first day of its period, stream, occupation, level."""

    policy: str
    first_day: date
    stream: Stream
    occupation: str
    level: Level


@dataclass
class Cases:
    """The cases that exercise something."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, case: str) -> None:
        """Count a case once."""
        if not self.first or self.first[-1] != case:
            self.count += 1
            if len(self.first) < _FIRST:
                self.first.append(case)


class Coverage:
    """What the cases exercise, gathered case by case.

    Parameters
    ----------
    sources : iterable of Source
        The policies of the cases.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {source.name: source for source in sources}
        self.outcomes: dict[OutcomeKey, Cases] = {}
        self.reasons: dict[tuple[str, Reason], Cases] = {}
        self.cells: dict[CellKey, Cases] = {}

    def add(self, case: Case) -> None:
        """Take in a case."""
        name = str(case.line["policy"])
        for decision in case.decisions:
            if decision.reason is not None:
                self.reasons.setdefault((name, decision.reason), Cases()).add(case.id)
            for step in decision.steps:
                key = OutcomeKey(name, step.rule, step.outcome, step.reason)
                self.outcomes.setdefault(key, Cases()).add(case.id)
        if case.line["known_on"] is None:
            for row in case.line["claims"]:
                self._add_cell(self._sources[name], row, case.id)

    def _add_cell(self, source: Source, row: Row, case: str) -> None:
        """Count the cell that a usable claim falls into."""
        read = read_record(source.policy, row)
        if not isinstance(read, Usable):
            return
        place = case_of(source.policy, *read)
        claim = read.claim
        # Without rules on applied_on no other rule is asked, whatever the cell; so is the cell of that day.
        texts = place.texts or source.policy.texts_on(claim.applied_on)
        key = CellKey(source.name, texts.first_day, claim.stream, read.code, claim.level)
        self.cells.setdefault(key, Cases()).add(case)

    def summary(self) -> Row:
        """Give rule outcomes and reasons with the cases that exercise them, as JSON."""
        outcomes = [
            {
                "policy": key.policy,
                "rule": key.rule,
                "outcome": key.outcome.value,
                "reason": key.reason and key.reason.value,
                "cases": cases.count,
                "first": cases.first,
            }
            for key, cases in sorted(self.outcomes.items(), key=lambda item: [str(part) for part in item[0]])
        ]
        reasons = [
            {"policy": name, "reason": reason.value, "cases": cases.count, "first": cases.first}
            for (name, reason), cases in sorted(self.reasons.items())
        ]
        return {"outcomes": outcomes, "reasons": reasons}

    def grid(self) -> list[Row]:
        """Give every cell of the grid, what it gives, and the cases that exercise it, as rows of a table."""
        rows: list[Row] = []
        for source in self._sources.values():
            for place in source.places:
                key = CellKey(source.name, place.texts.first_day, place.stream, place.code, place.level)
                cases = self.cells.get(key, Cases())
                cell = place.cell
                rows.append(
                    {
                        "policy": source.name,
                        "first_day": place.texts.first_day.isoformat(),
                        "last_day": place.texts.last_day.isoformat(),
                        "stream": place.stream.value,
                        "occupation": place.code,
                        "stands_for": source.occupations[place.code],
                        "level": place.level.value,
                        "reason": cell.reason.value if cell.reason else "",
                        "base_fen": "" if cell.base_fen is None else cell.base_fen,
                        "uplift_fen": "" if cell.uplift_fen is None else cell.uplift_fen,
                        "cases": cases.count,
                        "first": " ".join(cases.first),
                    }
                )
        return rows
