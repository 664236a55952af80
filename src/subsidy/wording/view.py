"""An answer in one language: its steps and the few things that several sentences ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from subsidy.model.decision import Cite, Decision, Entitlement, Step, TextKind
from subsidy.model.level import Level, Stream
from subsidy.model.words import Outcome
from subsidy.wording.figures import day_text, words
from subsidy.wording.phrases import TEXTS, Lang, Phrase

__all__ = ["View"]

_NO_ID = Phrase("无编号的申领", "Claim without a number")
_CLAIM = Phrase("申领 {claim}", "Claim {claim}")


@dataclass(frozen=True)
class View:
    """An answer and the language to tell it in."""

    answer: Decision | Entitlement
    lang: Lang

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the answer; none where they aren't at hand."""
        return self.answer.steps

    @property
    def is_quote(self) -> bool:
        """Whether no claim was made, only an amount asked for."""
        return isinstance(self.answer, Entitlement)

    def step(self, rule: str) -> Step | None:
        """Give the first step of a rule."""
        return next((step for step in self.steps if step.rule == rule), None)

    def failing(self, outcome: Outcome) -> list[Step]:
        """Give the steps whose rule said no, or could not say."""
        return [step for step in self.steps if step.outcome is outcome and step.reason is not None]

    def say(self, phrase: Phrase, **values: str) -> str:
        """Say a phrase in this language."""
        return phrase.say(self.lang, **values)

    def day(self, day: date | str) -> str:
        """Write a day as this language does."""
        return day_text(day, self.lang)

    @property
    def claim(self) -> str:
        """Which claim; empty for a quote."""
        if isinstance(self.answer, Entitlement):
            return ""
        name = self.answer.claim_id
        return self.say(_NO_ID) if name is None else self.say(_CLAIM, claim=name)

    @property
    def occupation(self) -> str:
        """The name of the occupation, or its code where no name is known; empty where neither is."""
        record = self.step("record")
        if record is not None:
            return words(record.figures, f"name_{self.lang}")
        return self.answer.occupation if isinstance(self.answer, Entitlement) else ""

    @property
    def level(self) -> Level | None:
        """The level asked for."""
        if isinstance(self.answer, Entitlement):
            return self.answer.level
        record = self.step("record")
        found = words(record.figures, "level") if record is not None else ""
        return Level(found) if found else None

    def level_name(self, level: Level | str) -> str:
        """Give a level's full name."""
        found = Level(level)
        return found.zh if self.lang == "zh" else found.en

    def stream_name(self, stream: str) -> str:
        """Give the name of a stream."""
        found = Stream(stream)
        return found.zh if self.lang == "zh" else found.en

    @property
    def subject(self) -> str:
        """What the headline is about: the claim, the occupation and the level."""
        level = self.level
        if level is None:
            return self.claim
        if self.lang == "zh":
            short = level.zh.split("/")[0]
            return ", ".join(filter(None, (self.claim, f"{self.occupation} {short}")))
        return ", ".join(filter(None, (self.claim, self.occupation, level.en)))

    @property
    def stream(self) -> str:
        """The name of the stream; empty where it isn't known."""
        if isinstance(self.answer, Entitlement):
            return self.stream_name(self.answer.stream)
        record = self.step("record")
        found = words(record.figures, "stream") if record is not None else ""
        return self.stream_name(found) if found else ""

    def gap_day(self, rule: str) -> date | None:
        """Give the day for which a rule lacks a text, None where it isn't known."""
        if isinstance(self.answer, Entitlement):
            return self.answer.on
        decided = self.step("entitlement_date")
        if decided is None:
            return None
        key = "applied_on" if rule == "entitlement_date" else "on"
        return date.fromisoformat(words(decided.figures, key))

    def editions(self, cites: Iterable[Cite], kind: TextKind | None = None) -> str:
        """Name the editions among some cites; of one kind only their ids."""
        found: dict[TextKind, dict[str, None]] = {}
        for cite in cites:
            found.setdefault(cite.kind, {})[cite.edition] = None
        if kind is not None:
            return " + ".join(found.get(kind, {}))
        return ", ".join(f"{self.say(TEXTS[each])} {' + '.join(ids)}" for each, ids in found.items())
