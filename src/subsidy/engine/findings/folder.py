"""A policy folder under check: its policy, the places in its files, and how a finding is made."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from subsidy.engine.findings.kind import Bilingual, Severity
from subsidy.engine.findings.kinds import KINDS
from subsidy.model.level import Level, Stream
from subsidy.policy.loading import CLASSIFICATION, FILES, load_policy
from subsidy.policy.policy import Policy, Texts
from subsidy.policy.problems import Place, path_text
from subsidy.policy.texts import Edition
from subsidy.policy.yaml_tree import Path_, Tree, read_tree

__all__ = ["TEXTS", "Finding", "Folder", "Text", "level_names", "named", "occupation_name", "stream_name"]


@dataclass(frozen=True)
class Finding:
    """One thing about a policy folder that somebody should know.

    Parameters
    ----------
    code : str
        Its kind, one of those of ``docs/findings.md``.
    severity : {"error", "warning", "info"}
        How grave it is.
    file : str
        The file, under the folder as the caller named it.
    line, column : int
        The place in the file, from 1.
    path : str
        The keys and positions that lead there, e.g. ``editions[0].source.confidence``.
    edition : str or None
        The edition that it is about; None where it is about a whole file.
    message, advice : Bilingual
        What is so, and what to do.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    path: str
    edition: str | None
    message: Bilingual
    advice: Bilingual

    def text(self, lang: str = "en") -> str:
        """Say it in one line, with its place."""
        where = f"{self.file}:{self.line}:{self.column}"
        said = f"{self.message.in_language(lang)}{'' if lang == 'zh' else ' '}{self.advice.in_language(lang)}"
        return f"{where}: {self.severity} {self.code}: {self.path}: {said}"

    def to_json(self) -> dict[str, object]:
        """Give it as plain JSON data."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "edition": self.edition,
            "message": self.message._asdict(),
            "advice": self.advice._asdict(),
        }


class Text(NamedTuple):
    """One of the four texts: its word in code, its file, its name, and the reason where none is in force."""

    kind: str
    file: str
    name: Bilingual
    reason: str

    def editions(self, policy: Policy) -> tuple[Edition, ...]:
        """Give its editions in the order of the file."""
        editions: dict[str, tuple[Edition, ...]] = {
            "directory": policy.directory,
            "rates": policy.rates,
            "catalog": policy.catalog_editions,
            "rules": policy.rules,
        }
        return editions[self.kind]

    def in_force(self, texts: Texts) -> tuple[Edition, ...]:
        """Give its editions in force, of the catalogue those that add up."""
        found: dict[str, Edition | None] = {
            "directory": texts.directory,
            "rates": texts.rates,
            "rules": texts.rules,
        }
        if self.kind == "catalog":
            return texts.catalog
        one = found[self.kind]
        return () if one is None else (one,)


_DIRECTORY, _RATES, _CATALOG, _RULES = FILES
TEXTS = {
    text.kind: text
    for text in (
        Text("directory", _DIRECTORY, Bilingual("补贴职业目录", "directory"), "no_directory_in_force"),
        Text("rates", _RATES, Bilingual("补贴标准", "rate table"), "no_rates_in_force"),
        Text("catalog", _CATALOG, Bilingual("紧缺职业目录", "shortage catalogue"), "no_catalog_in_force"),
        Text("rules", _RULES, Bilingual("补贴办法", "rules"), "no_rules_in_force"),
    )
}


@dataclass(frozen=True)
class Folder:
    """A policy folder that loads, with what its checks need."""

    path: Path
    policy: Policy
    today: date

    @classmethod
    def load(cls, path: Path, today: date) -> Folder:
        """Load a folder; raise `PolicyError` where it can't be used."""
        return cls(path, load_policy(path), today)

    @cached_property
    def trees(self) -> dict[str, Tree]:
        """Where everything stands, by file."""
        return {name: read_tree(self.path / name, str(self.path / name)) for name in FILES}

    @cached_property
    def marks(self) -> dict[str, bool]:
        """What the classification says of each present code whose digital mark it knows."""
        file = self.path / CLASSIFICATION
        if not file.exists():
            return {}
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = {row["code"]: row["digital"] for row in csv.DictReader(stream)}
        marks = {self.policy.vocabulary.present(code): mark == "yes" for code, mark in rows.items() if mark}
        # a present code's own row is better than that of a former code
        return marks | {code: mark == "yes" for code, mark in rows.items() if mark}

    @cached_property
    def stated(self) -> dict[str, frozenset[str]]:
        """The present codes whose digital mark an edition of the directory states itself, by its id."""
        present = self.policy.vocabulary.present
        return {
            edition.id: frozenset(present(one.code) for one in edition.occupations if one.digital is not None)
            for edition in self.policy.directory
        }

    @cached_property
    def periods(self) -> tuple[Texts, ...]:
        """The periods in which the texts in force differ, each combination of texts once."""
        return tuple({texts.editions: texts for texts in reversed(self.policy.periods)}.values())[::-1]

    def place_in_file(self, text: str, edition: Edition) -> int:
        """Give the place of an edition in its file."""
        ids = [one.id for one in TEXTS[text].editions(self.policy)]
        return ids.index(edition.id)

    def editions(self, text: str) -> Iterator[tuple[Path_, Edition]]:
        """Walk the editions of a text with their paths."""
        for place, edition in enumerate(TEXTS[text].editions(self.policy)):
            yield ("editions", place), edition

    def path_of(self, text: str, edition: Edition, *rest: str | int) -> Path_:
        """Give the path of a part of an edition."""
        return ("editions", self.place_in_file(text, edition), *rest)

    def finding(self, code: str, text: str, path: Path_, edition: Edition | None, /, **values: object) -> Finding:
        """Make a finding of a kind at the value that stands at a path of a text's file."""
        place = self.trees[TEXTS[text].file].place(path)
        return self._finding(code, text, path, place, edition, values)

    def finding_at_key(
        self, code: str, text: str, path: Path_, edition: Edition | None, /, **values: object
    ) -> Finding:
        """Make a finding of a kind at the key that stands at a path of a text's file."""
        place = self.trees[TEXTS[text].file].place(path, key=True)
        return self._finding(code, text, path, place, edition, values)

    def _finding(
        self,
        code: str,
        text: str,
        path: Path_,
        place: Place,
        edition: Edition | None,
        values: Mapping[str, object],
    ) -> Finding:
        kind = KINDS[code]
        return Finding(
            code=code,
            severity=kind.severity,
            file=self.trees[TEXTS[text].file].file,
            line=place.line,
            column=place.column,
            path=path_text(path),
            edition=edition.id if edition is not None else None,
            message=kind.message.filled(**values),
            advice=kind.advice,
        )


def occupation_name(policy: Policy, code: str) -> Bilingual:
    """Write a code with its name."""
    title = policy.vocabulary.title(code)
    return Bilingual(f"{code} {title.in_language('zh')}", f"{code} {title.in_language('en')}")


def named(policy: Policy, codes: Iterable[str]) -> list[Bilingual]:
    """Write codes with their names."""
    return [occupation_name(policy, code) for code in codes]


def stream_name(stream: Stream) -> Bilingual:
    """Give the name of a stream."""
    return Bilingual(stream.zh, stream.en)


def level_names(levels: Iterable[Level]) -> Bilingual:
    """Write levels."""
    shown = list(levels)
    return Bilingual("、".join(level.zh for level in shown), ", ".join(level.en for level in shown))
