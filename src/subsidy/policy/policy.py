"""A policy: the four texts, both time axes, and which texts are in force on a day.

Source: design, section 3.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from subsidy.model.canonical import digest
from subsidy.model.level import Category, Level, Stream
from subsidy.model.occupation import Name, Occupation
from subsidy.model.text import read_date
from subsidy.model.words import Confidence
from subsidy.policy.catalog import Listed, ShortageCatalog, in_force, known, merge
from subsidy.policy.texts import (
    CatalogEdition,
    DirectoryEdition,
    Edition,
    ListedOccupation,
    RatesEdition,
    RulesEdition,
    Source,
)
from subsidy.policy.vocabulary import Classified, Vocabulary

__all__ = ["Listing", "Policy", "Texts"]


class Listing(NamedTuple):
    """What the directory in force says of an occupation."""

    category: Category | None
    digital: bool
    tags: frozenset[str]
    source: Source | None


@dataclass(frozen=True)
class Texts:
    """The texts in force on every day from ``first_day`` to ``last_day``; None or empty where none is."""

    first_day: date
    last_day: date
    directory: DirectoryEdition | None
    rates: RatesEdition | None
    catalog: tuple[CatalogEdition, ...]
    rules: RulesEdition | None
    vocabulary: Vocabulary = field(repr=False)

    @cached_property
    def _occupations(self) -> dict[str, ListedOccupation]:
        occupations: dict[str, ListedOccupation] = {}
        for listed in self.directory.occupations if self.directory else ():
            code = self.vocabulary.present(listed.code)
            if code not in occupations or listed.code == code:
                occupations[code] = listed
        return occupations

    def listing(self, code: str) -> Listing | None:
        """Give what the directory in force says of a present code, None where it isn't listed."""
        marked = code in self.vocabulary.digital
        listed = self._occupations.get(code)
        if listed is not None:
            digital = marked if listed.digital is None else listed.digital
            return Listing(listed.category, digital, frozenset(listed.tags), listed.source)
        if self.directory is not None and self.directory.covers == "all" and code in self.vocabulary.classified:
            return Listing(None, marked, frozenset(), None)
        return None

    @cached_property
    def entries(self) -> Mapping[str, Listed]:
        """The catalogue's entries in force by present code."""
        return merge(self.catalog, self.vocabulary)

    @cached_property
    def _by_occupation(self) -> dict[tuple[Stream, str], Mapping[Level, int]]:
        rows: dict[tuple[Stream, str], Mapping[Level, int]] = {}
        for stream, occupations in self.rates.by_occupation.items() if self.rates else ():
            # sorted, since the order of keys has no meaning
            for written in sorted(occupations):
                key = (stream, self.vocabulary.present(written))
                if key not in rows or written == key[1]:
                    rows[key] = occupations[written]
        return rows

    def amounts_of(self, stream: Stream, code: str) -> Mapping[Level, int]:
        """Give the amounts in fen that the rate table in force prints for one occupation by its code."""
        return self._by_occupation.get((stream, code), {})

    @cached_property
    def editions(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Ids of directory, catalogue, rates and rules in force; catalogues that add up joined by ``+``."""
        return (
            self.directory.id if self.directory else None,
            "+".join(edition.id for edition in self.catalog) or None,
            self.rates.id if self.rates else None,
            self.rules.id if self.rules else None,
        )


@dataclass(frozen=True, eq=False)
class Policy:
    """The law as data. Make one with `subsidy.load_policy`; it never changes and may be shared by threads.

    Parameters
    ----------
    directory, rates, catalog_editions, rules : tuple of editions
        The four texts, each in the order of its file, as known on ``known_on``.
    classification : mapping
        Rows of ``classification.csv`` by code.
    vocabulary : Vocabulary
        Names and former codes; of all editions, also those not known yet.
    known_on : date or None
        The day whose knowledge this is; None: everything is known.
    minimum_confidence : Confidence or None
        Amounts that rest on weaker texts are left undetermined.
    whole : Policy or None
        Of a policy as known on a day: the one that it was taken from, with what wasn't published yet.
    """

    directory: tuple[DirectoryEdition, ...] = field(repr=False)
    rates: tuple[RatesEdition, ...] = field(repr=False)
    catalog_editions: tuple[CatalogEdition, ...] = field(repr=False)
    rules: tuple[RulesEdition, ...] = field(repr=False)
    classification: Mapping[str, Classified] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)
    known_on: date | None = None
    minimum_confidence: Confidence | None = None
    whole: Policy | None = field(default=None, repr=False)

    def as_known_on(self, day: date | str) -> Policy:
        """Give this policy without what was published after a day; names of occupations stay known.

        Examples
        --------
        >>> from subsidy import load_policy, quote
        >>> before = load_policy().as_known_on(date(2023, 8, 1))
        >>> quote("4-04-05-05", 3, date(2023, 9, 1), policy=before).uplift
        Decimal('0.00')
        """
        day = read_date(day)
        return replace(
            self,
            directory=known(self.directory, day),
            rates=known(self.rates, day),
            catalog_editions=known(self.catalog_editions, day),
            rules=known(self.rules, day),
            known_on=day if self.known_on is None else min(day, self.known_on),
            whole=self.whole or self,
        )

    def with_minimum_confidence(self, confidence: Confidence | None) -> Policy:
        """Give this policy with amounts on weaker texts left undetermined (None: none are)."""
        if confidence is self.minimum_confidence:
            return self  # with all that was worked out from it
        return replace(self, minimum_confidence=confidence)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the canonical content, as 64 hexadecimal digits.

        Formatting, comments and the order of keys don't change it, nor does ``source.verified_on``, which
        says when somebody last looked and not what the text says.
        """
        return digest(self.content())

    def content(self) -> dict[str, object]:
        """Give the canonical content as plain JSON data: what the fingerprint is taken of; amounts in fen."""
        return {
            "occupations": [content_of(edition) for edition in self.directory],
            "subsidy_rates": [content_of(edition) for edition in self.rates],
            "shortage_catalog": [content_of(edition) for edition in self.catalog_editions],
            "rules": [content_of(edition) for edition in self.rules],
            "classification": {code: [row.name, row.digital] for code, row in self.classification.items()},
        }

    @cached_property
    def catalog(self) -> ShortageCatalog:
        """The shortage catalogue of this policy."""
        return ShortageCatalog(self.catalog_editions, self.vocabulary)

    @property
    def editions(self) -> tuple[Edition, ...]:
        """All editions of all four texts."""
        return (*self.directory, *self.rates, *self.catalog_editions, *self.rules)

    @cached_property
    def boundaries(self) -> tuple[date, ...]:
        """The first day of each period in which no text changes, in order, from the first day of all."""
        starts = {date.min}
        for edition in self.editions:
            starts.add(edition.effective_from)
            if edition.last_day < date.max:
                starts.add(edition.last_day + timedelta(days=1))
        return tuple(sorted(starts))

    @cached_property
    def periods(self) -> tuple[Texts, ...]:
        """The texts in force in each period, one for each of `boundaries`."""
        ends = (*(day - timedelta(days=1) for day in self.boundaries[1:]), date.max)
        return tuple(
            Texts(
                first_day=first,
                last_day=last,
                directory=in_force(self.directory, first),
                rates=in_force(self.rates, first),
                catalog=self.catalog.editions_on(first),
                rules=in_force(self.rules, first),
                vocabulary=self.vocabulary,
            )
            for first, last in zip(self.boundaries, ends, strict=True)
        )

    def texts_on(self, day: date) -> Texts:
        """Give the texts in force on a day."""
        return self.periods[bisect_right(self.boundaries, day) - 1]

    def occupation(self, text: str, on: date) -> Occupation | None:
        """Give the occupation that a code, name or alias means, as the directory in force on a day has it.

        Returns
        -------
        Occupation or None
            None where the text means no code.
        """
        code = self.vocabulary.code_of(text)
        if code is None:
            return None
        listing = self.texts_on(on).listing(code)
        title = self.vocabulary.title(code)
        return Occupation(
            code=code,
            name=Name(zh=title.zh, en=title.en),
            category=listing.category if listing else None,
            digital=listing.digital if listing else code in self.vocabulary.digital,
        )

    @cached_property
    def memo(self) -> dict[Hashable, object]:
        """Where the engine keeps what it has worked out from this policy; never pickled or compared."""
        return {}

    def _identity(self) -> tuple[object, ...]:
        return (self.fingerprint, self.known_on, self.minimum_confidence)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Policy):
            return NotImplemented
        return self._identity() == other._identity() and self.vocabulary == other.vocabulary

    def __hash__(self) -> int:
        return hash(self._identity())

    def __getstate__(self) -> dict[str, object]:
        return {item.name: getattr(self, item.name) for item in fields(self)}


def content_of(edition: Edition) -> object:
    """Give the canonical content of an edition as plain JSON data, without ``verified_on``."""
    return _without_upkeep(edition.model_dump(mode="json", by_alias=True))


def _without_upkeep(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_upkeep(item) for key, item in value.items() if key != "verified_on"}
    if isinstance(value, list):
        return [_without_upkeep(item) for item in value]
    return value
