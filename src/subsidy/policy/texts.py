"""The four texts of a policy as they are written down: what each key means stands here, once.

The editors' JSON Schemas are generated from these models and the loader validates with them. Editions are
frozen.
Source of the format: design, section 3.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from subsidy.model.level import Category, Level, Stream
from subsidy.model.money import Rounding as RoundingUnit
from subsidy.model.money import RoundingMode
from subsidy.model.words import Confidence
from subsidy.policy.scalars import (
    Code,
    Day,
    Fact,
    Flag,
    Id,
    LevelKey,
    Months,
    OpenDay,
    Rate,
    StatedFlag,
    Tag,
    Text,
    Times,
    Yuan,
    expected,
)

__all__ = [
    "ALL_LEVELS",
    "ALL_STREAMS",
    "ANY_ROW",
    "CatalogEdition",
    "CatalogEntry",
    "CatalogFile",
    "ClaimWindow",
    "Condition",
    "DirectoryEdition",
    "DirectoryFile",
    "Edition",
    "Ended",
    "EntitlementDate",
    "EntitlementPart",
    "Limit",
    "ListedOccupation",
    "Procedure",
    "RatesEdition",
    "RatesFile",
    "RulesEdition",
    "RulesFile",
    "Source",
    "Title",
    "Uplift",
]

ALL_LEVELS = tuple(Level)
ALL_STREAMS = tuple(Stream)
ANY_ROW = "any"
_ROWS = (*Category, ANY_ROW)


def _one_of(words: type[StrEnum]) -> BeforeValidator:
    def read(value: object) -> object:
        if isinstance(value, str):
            try:
                return words(value)
            except ValueError:
                pass
        raise expected("one_of", ", ".join(words))

    return BeforeValidator(read)


def _row(value: object) -> object:
    if isinstance(value, str) and value in _ROWS:
        return str(value)
    raise expected("one_of", ", ".join(_ROWS))


def _several(value: object) -> object:
    """Take a list of words that is neither empty nor says one twice."""
    if isinstance(value, (list, tuple)) and not value:
        raise expected("not_empty")
    words = [str(word) for word in value] if isinstance(value, (list, tuple)) else []
    for place, word in enumerate(words):
        if word in words[:place]:
            raise expected("each_once", word)
    return value


def _words(*words: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(words)})


_SEVERAL = Field(json_schema_extra={"minItems": 1, "uniqueItems": True})

StreamWord = Annotated[Stream, _one_of(Stream), _words(*Stream)]
CategoryWord = Annotated[Category | None, _one_of(Category), _words(*Category)]
Levels = Annotated[tuple[LevelKey, ...], BeforeValidator(_several), _SEVERAL]
Streams = Annotated[tuple[StreamWord, ...], BeforeValidator(_several), _SEVERAL]
Row = Annotated[str, BeforeValidator(_row), _words(*_ROWS)]
Tags = tuple[Tag, ...]
Facts = tuple[Fact, ...]
LevelAmounts = dict[Annotated[LevelKey, _words(*sorted(Level))], Yuan]  # keys are text to an editor
RateTable = dict[StreamWord, dict[Row, LevelAmounts]]


class _Text(BaseModel):
    """Base of all parts of a policy file: frozen, and no key is let through unread."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Title(_Text):
    """A name in Chinese and English; at least one of them."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    zh: Text = Field("", description="In Chinese.")
    en: Text = Field("", description="In English.")

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.zh or self.en):
            raise expected("name")
        return self

    def in_language(self, lang: str) -> str:
        """Give the name in ``zh`` or ``en``, or the other where that one is missing."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


class Source(_Text):
    """Where a text was found: document, how sure, and what helps to find it again."""

    document: Text = Field(description="Name of the document.")
    confidence: Annotated[Confidence, _one_of(Confidence), _words(*Confidence)] = Field(
        description="official: seen as an official text; secondary: another's account; assumed: inferred."
    )
    issuer: Text | None = Field(None, description="Who issued the document.")
    number: Text | None = Field(None, description="Number of the document, e.g. 苏人社函〔2023〕504号.")
    issued_on: Day | None = Field(None, description="Day on the document.")
    url: Text | None = Field(None, description="Address where it was seen.")
    note: Text | None = Field(None, description="What else helps to judge it: what was inferred, and from what.")
    verified_on: Day | None = Field(None, description="Day on which somebody last looked. Not part of the fingerprint.")


class Ended(_Text):
    """A later text that ends an open edition; it ends only for who knows that text."""

    last_day: Day = Field(description="The last day that the edition governs.")
    published_on: Day = Field(description="Day on which the text that ends it was published.")
    source: Source


class Edition(_Text):
    """One published text on both time axes: what it governs, and when it became known."""

    id: Id = Field(description="Short name of the edition, unique in its file.")
    title: Title
    source: Source
    published_on: Day = Field(description="Day on which the text became known.")
    effective_from: Day = Field(description="First day that it governs.")
    effective_to: OpenDay = Field(None, description="Last day that it governs; left out: open.")
    ended: Ended | None = Field(None, description="Where a later text ends an open edition.")

    def governs(self, day: date) -> bool:
        """Say whether this text governs a day (bounds included)."""
        return self.effective_from <= day <= self.last_day

    @property
    def last_day(self) -> date:
        """The last day that this text governs; the last day of the calendar where it is open."""
        last = self.effective_to or date.max
        return min(last, self.ended.last_day) if self.ended else last

    def as_known_on(self, day: date) -> Self | None:
        """Give this text as known on a day: without what wasn't published; None where it wasn't itself."""
        if self.published_on > day:
            return None
        if self.ended and self.ended.published_on > day:
            return self.model_copy(update={"ended": None})
        return self


class ListedOccupation(_Text):
    """An occupation in an edition of the directory (补贴职业目录)."""

    code: Code = Field(description="Code of the national classification (d-dd-dd-dd), or a local code.")
    name: Title
    category: CategoryWord = Field(
        None, description="A manufacturing, B production services and clerks, C life services."
    )
    digital: StatedFlag = Field(None, description="A digital occupation (S); left out: as classification.csv says.")
    aliases: tuple[Text, ...] = Field((), description="Other names, and trades (工种) under it.")
    former_codes: tuple[Code, ...] = Field(
        (), description="Codes it had before; in every edition and claim they mean this one."
    )
    tags: Tags = Field((), description="Free words that an uplift or a limit can ask for.")
    source: Source | None = Field(None, description="Its own source, where it isn't that of the edition.")


class DirectoryEdition(Edition):
    """An edition of the directory: the occupations that are subsidised at all, with their categories."""

    covers: Literal["listed", "all"] = Field(
        "listed", description="all: occupations of classification.csv count as listed too, without category."
    )
    occupations: tuple[ListedOccupation, ...] = ()


class RatesEdition(Edition):
    """An edition of the rate table: yuan per person by stream, category (or ``any``) and level."""

    amounts: RateTable = Field({}, description="Yuan by stream, then category or any, then level.")
    by_occupation: dict[StreamWord, dict[Code, LevelAmounts]] = Field(
        {}, description="Yuan by stream, then code, then level; wins over amounts cell by cell."
    )


class CatalogEntry(_Text):
    """An occupation on the shortage catalogue (紧缺职业目录), at some levels or all."""

    occupation: Code = Field(description="Code of the occupation.")
    digital: StatedFlag = Field(None, description="Left out: as the occupation is.")
    levels: Levels = Field(ALL_LEVELS, description="Levels that are listed; left out: all, special too.")
    tags: Tags = Field((), description="Free words that an uplift or a limit can ask for.")
    source: Source | None = Field(None, description="Its own source, where it isn't that of the edition.")


class CatalogEdition(Edition):
    """An edition of the shortage catalogue; it replaces the former one or adds to it."""

    mode: Literal["replaces", "adds"] = Field(
        "replaces", description="adds: it doesn't supersede, but adds to what is in force."
    )
    complete: Flag = Field(True, description="false: only a part of the list is known, so absence proves nothing.")
    entries: tuple[CatalogEntry, ...] = ()


class Uplift(_Text):
    """What is added to the base amount when all its requirements hold: a rate, printed amounts, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["rate"]}, {"required": ["amounts"]}]})

    id: Id
    rate: Rate | None = Field(None, description='Share of the base amount, e.g. "0.30".')
    amounts: RateTable = Field(
        {}, description="Printed amounts with the uplift; where a cell has one it wins over the rate."
    )
    requires: Facts = Field((), description="shortage, digital or tags, which must all hold; []: always.")
    levels: Levels = Field(ALL_LEVELS, description="Left out: all, special too.")
    streams: Streams = Field(ALL_STREAMS, description="Left out: all.")
    source: Source | None = Field(None, description="Its own source, where it isn't that of the edition.")


class RoundingRule(_Text):
    """What an amount is rounded to, and how."""

    to: Annotated[RoundingUnit, _one_of(RoundingUnit), _words(*RoundingUnit)] = RoundingUnit.FEN
    mode: Annotated[RoundingMode, _one_of(RoundingMode), _words(*RoundingMode)] = RoundingMode.HALF_UP


class EntitlementPart(_Text):
    """The parameters of rules 2 and 3: of the edition in force on the entitlement date."""

    uplifts: tuple[Uplift, ...] = ()
    stacking: Literal["highest", "sum"] = Field(
        "highest", description="Of several uplifts that hold: the one worth most, or their sum."
    )
    ceiling: dict[StreamWord, LevelAmounts] = Field(
        {}, description="The most that is paid, yuan by stream, then level."
    )
    rounding: RoundingRule = RoundingRule()


class ClaimWindow(_Text):
    """How many months after the certificate a person may apply, and whether the last day counts."""

    months: Months = Field(description="Months after the certificate date.")
    last_day: Literal["inclusive", "exclusive"] = Field(
        "inclusive", description="Whether a claim on the last day is in time."
    )


class Condition(_Text):
    """A fact that a claim states as a boolean and that must be true."""

    id: Id = Field(description="Name of the column of a claim that states the fact.")
    title: Title
    streams: Streams = Field(ALL_STREAMS, description="Left out: all.")


class Limit(_Text):
    """How many payable claims one person may have, per calendar year or in a lifetime."""

    id: Id
    streams: Streams = Field(ALL_STREAMS, description="Left out: all.")
    at_most: Times = Field(description="So many payable claims, not more.")
    per: Literal["lifetime", "calendar_year"]
    requires: Facts = Field((), description="Counts and binds only claims with all of these facts.")
    except_: Facts = Field((), alias="except", description="Leaves claims with one of these facts out.")
    source: Source | None = Field(None, description="Its own source, where it isn't that of the edition.")


class EntitlementDate(StrEnum):
    """Which date's texts decide the amount."""

    CERTIFICATE_DATE = "certificate_date"
    APPLIED_ON = "applied_on"
    TRAINING_FILED_ON = "training_filed_on"


class Procedure(_Text):
    """The entitlement date and the parameters of rules 4 to 10: of the edition in force on applied_on."""

    entitlement_date: Annotated[EntitlementDate, _one_of(EntitlementDate), _words(*EntitlementDate)] = Field(
        EntitlementDate.CERTIFICATE_DATE, description="Which date's texts decide the amount."
    )
    claim_window: ClaimWindow | None = Field(None, description="null or left out: no limit.")
    insured_months: dict[StreamWord, Months] = Field({}, description="Months of insurance asked, by stream.")
    conditions: tuple[Condition, ...] = ()
    lower_after_higher: Literal["refuse", "allow"] = Field(
        "refuse", description="A lower level of an occupation after a higher one was paid."
    )
    late_listing: Literal["pay_difference", "keep"] = Field(
        "pay_difference", description="keep: an occupation listed after payment earns no difference."
    )
    limits: tuple[Limit, ...] = ()


class RulesEdition(Edition):
    """An edition of the parameters of the rules."""

    entitlement: EntitlementPart = EntitlementPart()
    procedure: Procedure = Procedure()


class DirectoryFile(_Text):
    """occupations.yaml: the editions of the directory."""

    editions: tuple[DirectoryEdition, ...]


class RatesFile(_Text):
    """subsidy_rates.yaml: the editions of the rate table."""

    editions: tuple[RatesEdition, ...]


class CatalogFile(_Text):
    """shortage_catalog.yaml: the editions of the shortage catalogue."""

    editions: tuple[CatalogEdition, ...]


class RulesFile(_Text):
    """rules.yaml: the editions of the parameters of the rules."""

    editions: tuple[RulesEdition, ...]
