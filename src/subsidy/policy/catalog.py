"""The shortage catalogue (紧缺职业(工种)目录) on both time axes; stands alone too.

Source: design, section 3, "Two time axes" and "Catalogues that add".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from subsidy.model.level import Level
from subsidy.policy.texts import CatalogEdition, CatalogEntry, Edition
from subsidy.policy.vocabulary import Vocabulary

__all__ = ["Listed", "ShortageCatalog", "in_force", "known"]

E = TypeVar("E", bound=Edition)


def known(editions: tuple[E, ...], on: date | None) -> tuple[E, ...]:
    """Give the editions as known on a day (None: everything is known)."""
    if on is None:
        return editions
    seen = (edition.as_known_on(on) for edition in editions)
    return tuple(edition for edition in seen if edition is not None)


def in_force(editions: tuple[E, ...], day: date) -> E | None:
    """Give the edition in force on a day: of those that govern it, the one published last; else None."""
    governing = [edition for edition in editions if edition.governs(day)]
    return max(governing, key=lambda edition: edition.published_on, default=None)


class Listed(NamedTuple):
    """An entry and the edition that it stands in."""

    entry: CatalogEntry
    edition: CatalogEdition


@dataclass(frozen=True)
class ShortageCatalog:
    """The editions of the shortage catalogue.

    Parameters
    ----------
    editions : tuple of CatalogEdition
        In the order of the file.
    vocabulary : Vocabulary
        Names and former codes of occupations; without it, occupations are asked for by their code.

    Examples
    --------
    >>> from datetime import date
    >>> from subsidy import load_policy
    >>> catalog = load_policy().catalog
    >>> catalog.lists("焊工", 3, date(2019, 11, 1)), catalog.lists("焊工", 3, date(2023, 9, 1))
    (True, False)
    """

    editions: tuple[CatalogEdition, ...]
    vocabulary: Vocabulary = field(default_factory=Vocabulary, repr=False)

    def editions_on(self, on: date, known_on: date | None = None) -> tuple[CatalogEdition, ...]:
        """Give the editions in force on a day, in the order in which they add up.

        First the one that replaces, then those that add, by publication and by their place in the file.
        """
        seen = known(self.editions, known_on)
        base = in_force(tuple(edition for edition in seen if edition.mode == "replaces"), on)
        adds = [
            edition
            for edition in seen
            if edition.mode == "adds"
            and edition.governs(on)
            and (base is None or edition.published_on >= base.published_on)
        ]
        adds.sort(key=lambda edition: edition.published_on)
        return (*(() if base is None else (base,)), *adds)

    def listing_on(self, on: date, known_on: date | None = None) -> Mapping[str, Listed]:
        """Give the entries in force on a day by code; of two for one occupation the later wins as a whole."""
        return merge(self.editions_on(on, known_on), self.vocabulary)

    def on(self, on: date, known_on: date | None = None) -> tuple[CatalogEntry, ...]:
        """Give the entries in force on a day.

        Parameters
        ----------
        on : date
            The day that the texts govern.
        known_on : date, optional
            Only texts published by this day; left out, all.
        """
        return tuple(listed.entry for listed in self.listing_on(on, known_on).values())

    def lists(self, occupation: str, level: Level | int | str, on: date, known_on: date | None = None) -> bool:
        """Say whether the catalogue in force on a day lists an occupation at a level.

        Raises
        ------
        ValueError
            If the level can't be read.
        """
        wanted = Level.read(level)
        code = self.vocabulary.code_of(occupation) or occupation
        listed = self.listing_on(on, known_on).get(code)
        return listed is not None and wanted in listed.entry.levels


def merge(editions: tuple[CatalogEdition, ...], vocabulary: Vocabulary) -> dict[str, Listed]:
    """Add up the entries of editions in force, given in their order."""
    merged: dict[str, Listed] = {}
    for edition in editions:
        own: dict[str, Listed] = {}
        for entry in edition.entries:
            code = vocabulary.present(entry.occupation)
            # an entry under the present code is better than one that an edition still has under a former code
            if code not in own or entry.occupation == code:
                own[code] = Listed(entry, edition)
        merged |= own
    return merged
