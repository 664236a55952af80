"""A policy to make cases of: its grid, claims that it would pay, and the stages that history is played on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from subsidy.engine.cells import Cell, cell_of
from subsidy.model.level import Level, Stream
from subsidy.policy.loading import load_policy, packaged_folder
from subsidy.policy.policy import Policy, Texts
from subsidy.policy.texts import RulesEdition
from subsidy.testing.conformance.case import Row

__all__ = ["Place", "Source", "Stage", "default_sources", "shared_file", "source_of"]

_LEVELS_TO_STAND_ON = (Level.L4, Level.L3, Level.L5, Level.L2, Level.SPECIAL, Level.L1)
"""Which level a stage takes first: one with levels above and below it."""


class Place(NamedTuple):
    """A cell of the grid: texts of a period, stream, occupation and level, and what they give."""

    texts: Texts
    day: date
    stream: Stream
    code: str
    level: Level
    cell: Cell


@dataclass(frozen=True)
class Stage:
    """Where history is played: a place that pays, on a day on which one procedure is in force."""

    procedure: RulesEdition
    place: Place

    @property
    def name(self) -> str:
        """A name for the ids of cases."""
        return f"{self.procedure.id}/{self.place.stream}"


@dataclass(frozen=True)
class Source:
    """A policy with its name and its folder."""

    name: str
    folder: Path
    policy: Policy = field(repr=False)

    @cached_property
    def occupations(self) -> dict[str, int]:
        """The occupations of the grid, and how many codes each stands for.

        Every code that a text names stands for itself. Of the others, which every rule treats alike, the first
        digital and the first other one of the classification stand for all; one code that nothing knows comes last.
        """
        policy = self.policy
        present = policy.vocabulary.present
        named = {present(listed.code) for edition in policy.directory for listed in edition.occupations}
        named |= {present(entry.occupation) for edition in policy.catalog_editions for entry in edition.entries}
        for edition in policy.rates:
            named |= {present(code) for rows in edition.by_occupation.values() for code in rows}
        found = dict.fromkeys(sorted(named), 1)
        rest = sorted({present(code) for code in policy.classification} - named)
        for digital in (True, False):
            alike = [code for code in rest if (code in policy.vocabulary.digital) == digital]
            if alike:
                found[alike[0]] = len(alike)
        return found | {self.unknown_code: 1}

    @cached_property
    def unknown_code(self) -> str:
        """A well-formed code that nothing knows."""
        codes = self.policy.vocabulary.codes
        return next(code for number in range(99, -1, -1) if (code := f"9-99-99-{number:02}") not in codes)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """A day of each period between the edges of the texts: its first, and the last of the open one before all."""
        edges = self.policy.boundaries[1:]
        return (edges[0] - timedelta(days=1), *edges) if edges else (date(2000, 1, 1),)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The whole grid: period x stream x occupation x level."""
        return tuple(self._places(self.policy))

    def _places(self, policy: Policy) -> Iterator[Place]:
        for day in self.days:
            texts = policy.texts_on(day)
            for stream in Stream:
                for code in self.occupations:
                    for level in Level:
                        yield Place(texts, day, stream, code, level, cell_of(policy, texts, stream, code, level))

    @cached_property
    def months(self) -> int:
        """Months of insurance that are enough under every procedure."""
        asked = [months for edition in self.policy.rules for months in edition.procedure.insured_months.values()]
        return max(asked, default=12)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """A stage for each rules edition and stream that pays anything on a day of its own, the best of its places."""
        found = []
        for edition in self.policy.rules:
            for stream in Stream:
                paying = [
                    place
                    for place in self.places
                    if place.stream is stream and place.texts.rules is edition and place.cell.reason is None
                ]
                if paying:
                    found.append(Stage(edition, min(paying, key=_worse)))
        return tuple(found)

    def claim(self, place: Place, number: int = 1, **changes: object) -> Row:
        """Make a claim that falls into a place whatever date decides, with all that any condition asks.

        Its claim, person and certificate are numbered; the person is a pseudonym.
        """
        day = place.day.isoformat()
        row: Row = {
            "claim_id": f"C{number}",
            "person_id": "P1",
            "person_id_type": "other",
            "occupation": place.code,
            "level": place.level.value,
            "certificate_no": f"S{number}",
            "certificate_date": day,
            "applied_on": day,
            "stream": place.stream.value,
            "insured_months": self.months,
            "training_filed_on": day,
        }
        return {**row, **dict.fromkeys(self.policy.vocabulary.conditions, True), **changes}


def _worse(place: Place) -> tuple[bool, int, date]:
    """Order places: those with an uplift first, then by level."""
    return not place.cell.uplift_fen, _LEVELS_TO_STAND_ON.index(place.level), place.day


def source_of(name: str, folder: str | Path | None = None) -> Source:
    """Load a policy folder as a source of cases; left out: the packaged policy."""
    return Source(name, packaged_folder() if folder is None else Path(folder), load_policy(folder))


def default_sources() -> list[Source]:
    """Give the packaged policy and two of invented cities that the wheel carries for its cases.

    Yunshan's folder uses every key that a policy can have; Kongshan's texts have gaps and overlap.
    """
    kongshan = Path(__file__).parent / "policies" / "kongshan"
    return [source_of("suzhou"), source_of("yunshan", shared_file("yunshan")), source_of("kongshan", kongshan)]


def shared_file(name: str) -> Path:
    """Give a file or folder that the wheel carries, and that a working copy keeps with its tests."""
    here = Path(__file__).resolve()
    inside = here.parent / "_shared" / name
    if inside.exists():
        return inside
    tests = here.parents[4] / "tests"
    return tests / name if name.endswith(".yaml") else tests / "policies" / name
