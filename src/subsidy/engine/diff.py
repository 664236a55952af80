"""What changes between two policies, or between two views of one: in the texts, and for whom in what amounts.

The cells are those of the grid of rules 1 to 3. What depends on a claim (the procedure: windows, conditions, limits)
shows among the texts only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from subsidy.engine.alike import likeness
from subsidy.engine.cells import cell_of, too_weak
from subsidy.engine.diff_texts import TextChange, diff_texts
from subsidy.model.level import Level, Stream
from subsidy.model.money import format_yuan
from subsidy.model.words import Reason, Status
from subsidy.policy.policy import Policy, Texts
from subsidy.policy.texts import Title

__all__ = ["CellAnswer", "CellChange", "CellKind", "PolicyDiff", "TextChange", "diff_policies"]

CellKind = Literal["more", "less", "newly_payable", "no_longer_payable", "otherwise"]
CELL_KINDS: tuple[CellKind, ...] = ("more", "less", "newly_payable", "no_longer_payable", "otherwise")


class CellAnswer(NamedTuple):
    """What a policy gives in a cell; amounts in whole fen, None where the texts don't give them."""

    status: Status
    reason: Reason | None
    base_fen: int | None
    uplift_fen: int | None
    amount_fen: int

    def to_json(self) -> dict[str, str | None]:
        """Give it as plain JSON data, amounts in yuan."""
        return {
            "status": self.status.value,
            "reason": None if self.reason is None else self.reason.value,
            "base": None if self.base_fen is None else format_yuan(self.base_fen),
            "uplift": None if self.uplift_fen is None else format_yuan(self.uplift_fen),
            "amount": format_yuan(self.amount_fen),
        }


@dataclass(frozen=True)
class CellChange:
    """What changes for an occupation at a level in a stream, over days on which the change is the same.

    Parameters
    ----------
    stream, level
        Where.
    occupation : str or None
        The code; None where it is about all codes that no text names.
    occupations : int or None
        How many codes it is about; None where that is any other code.
    name : Title
        What it is called.
    first_day, last_day : date
        Bounds included; ``date.min`` and ``date.max`` where there is none.
    old, new : CellAnswer
        What either policy gives.
    """

    stream: Stream
    occupation: str | None
    occupations: int | None
    name: Title
    level: Level
    first_day: date
    last_day: date
    old: CellAnswer
    new: CellAnswer

    @property
    def difference_fen(self) -> int:
        """The new amount less the old one."""
        return self.new.amount_fen - self.old.amount_fen

    @property
    def kind(self) -> CellKind:
        """Which way it changes."""
        before, after = (one.status is Status.PAYABLE for one in (self.old, self.new))
        if before != after:
            return "newly_payable" if after else "no_longer_payable"
        if self.difference_fen == 0:
            return "otherwise"
        return "more" if self.difference_fen > 0 else "less"

    def to_json(self) -> dict[str, object]:
        """Give it as plain JSON data; a date is null where there is no bound."""
        return {
            "stream": self.stream.value,
            "occupation": self.occupation,
            "occupations": self.occupations,
            "name": {"zh": self.name.in_language("zh"), "en": self.name.in_language("en")},
            "level": self.level.value,
            "from": None if self.first_day == date.min else self.first_day.isoformat(),
            "to": None if self.last_day == date.max else self.last_day.isoformat(),
            "kind": self.kind,
            "old": self.old.to_json(),
            "new": self.new.to_json(),
            "difference": format_yuan(self.difference_fen),
            "difference_fen": self.difference_fen,
        }


@dataclass(frozen=True)
class PolicyDiff:
    """What changes from one policy to another.

    Parameters
    ----------
    old_fingerprint, new_fingerprint : str
        Of either policy.
    texts : tuple of TextChange
        Editions added, removed and changed, and rows of the classification.
    cells : tuple of CellChange
        What changes for whom, by stream, occupation, level and day.
    """

    old_fingerprint: str
    new_fingerprint: str
    texts: tuple[TextChange, ...]
    cells: tuple[CellChange, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many changes there are, of texts and of cells, and of each kind of cell."""
        kinds = [cell.kind for cell in self.cells]
        return {
            "texts": len(self.texts),
            "cells": len(kinds),
            **{kind: kinds.count(kind) for kind in CELL_KINDS},
        }

    def to_json(self) -> dict[str, object]:
        """Give it as plain JSON data."""
        return {
            "old_fingerprint": self.old_fingerprint,
            "new_fingerprint": self.new_fingerprint,
            "summary": self.summary,
            "texts": [change.to_json() for change in self.texts],
            "cells": [change.to_json() for change in self.cells],
        }


def diff_policies(old: Policy, new: Policy) -> PolicyDiff:
    """Say what changes from one policy to another: in the texts, and in the amounts for whom.

    Parameters
    ----------
    old, new : Policy
        Two policies, or one as known on two days.

    Returns
    -------
    PolicyDiff
        Empty where both give the same and say the same.

    Examples
    --------
    >>> from subsidy import load_policy
    >>> policy = load_policy()
    >>> changes = diff_policies(policy.as_known_on(date(2023, 8, 1)), policy)
    >>> [(change.text, change.edition, change.change) for change in changes.texts]
    [('catalog', 'suzhou-digital-2023', 'added'), ('rules', 'suzhou-2023', 'added')]
    >>> cells = [cell for cell in changes.cells if cell.occupation == "4-04-05-05"]
    >>> found = next(cell for cell in cells if cell.level is Level.L3)
    >>> found.first_day, found.last_day, found.difference_fen
    (datetime.date(2023, 8, 17), datetime.date(2023, 12, 31), 54000)
    """
    return PolicyDiff(old.fingerprint, new.fingerprint, diff_texts(old, new), tuple(_cells(old, new)))


class _Period(NamedTuple):
    """Days between two boundaries of either policy, with the texts in force in each."""

    first_day: date
    last_day: date
    old: Texts
    new: Texts


class _Row(NamedTuple):
    """A change without the occupation that it is about."""

    stream: Stream
    level: Level
    first_day: date
    last_day: date
    old: CellAnswer
    new: CellAnswer


class _Sort(NamedTuple):
    """Codes that a row is about: one code, or all those that no text names; endless: any other code too.

    The mark says whether the classification of the new policy has them as digital; None where it differs.
    """

    codes: tuple[str, ...]
    rows: tuple[_Row, ...]
    digital: bool | None = None
    endless: bool = False


# Stands for any code that neither a text nor the classification has.
_NOWHERE = ""


def _cells(old: Policy, new: Policy) -> Iterator[CellChange]:
    changes = _Changes(old, new)
    named = _named(old, new)
    sorts = [_Sort((code,), changes.of(code)) for code in named]
    sorts += _others(old, new, frozenset(named), changes)
    bare = sum(len(one.codes) > 1 and not one.endless for one in sorts)
    for stream in Stream:
        for sort in sorts:
            single = len(sort.codes) == 1 and not sort.endless
            for row in sort.rows:
                if row.stream is stream:
                    yield CellChange(
                        occupation=sort.codes[0] if single else None,
                        occupations=None if sort.endless else len(sort.codes),
                        name=_title(old, new, sort.codes[0]) if single else _title_of_others(sort, bare > 1),
                        **row._asdict(),
                    )


class _Changes:
    """Works out what changes for a code; codes that the rules treat alike are worked out once."""

    def __init__(self, old: Policy, new: Policy) -> None:
        self._policies = (old, new)
        starts = sorted({*old.boundaries, *new.boundaries})
        ends = [*(day - timedelta(days=1) for day in starts[1:]), date.max]
        periods = [
            _Period(first, last, old.texts_on(first), new.texts_on(first))
            for first, last in zip(starts, ends, strict=True)
        ]
        alike = old.vocabulary == new.vocabulary and old.minimum_confidence == new.minimum_confidence
        self._periods = [period for period in periods if not (alike and _same_texts(period))]
        self._answers: dict[Hashable, list[CellAnswer]] = {}

    def of(self, code: str) -> tuple[_Row, ...]:
        """Give the changes for a code, by stream, level and day; consecutive equal ones joined."""
        rows: dict[tuple[Stream, Level], list[_Row]] = {}
        for period in self._periods:
            before, after = self._answer(0, period.old, code), self._answer(1, period.new, code)
            for (stream, level), was, now in zip(_COORDINATES, before, after, strict=True):
                if was != now:
                    row = _Row(stream, level, period.first_day, period.last_day, was, now)
                    _join(rows.setdefault((stream, level), []), row)
        return tuple(row for where in _COORDINATES for row in rows.get(where, ()))

    def _answer(self, which: int, texts: Texts, code: str) -> list[CellAnswer]:
        """Give what a policy answers for a code under texts in force, one for each of the coordinates."""
        policy = self._policies[which]
        present = policy.vocabulary.present(code)
        key = (which, texts.first_day, likeness(texts, present))
        if key not in self._answers:
            self._answers[key] = [_answer(policy, texts, *where, present) for where in _COORDINATES]
        return self._answers[key]


_COORDINATES = tuple((stream, level) for stream in Stream for level in Level)


def _answer(policy: Policy, texts: Texts, stream: Stream, level: Level, code: str) -> CellAnswer:
    cell = cell_of(policy, texts, stream, code, level)
    reason = cell.reason or too_weak(policy.minimum_confidence, cell.confidence)
    status = Status.PAYABLE if reason is None else reason.status
    amount = cell.amount_fen if reason is None else 0
    return CellAnswer(status, reason, cell.base_fen, cell.uplift_fen, amount)


def _same_texts(period: _Period) -> bool:
    old, new = period.old, period.new
    return (
        old.directory == new.directory
        and old.rates == new.rates
        and old.catalog == new.catalog
        and old.rules == new.rules
    )


def _join(rows: list[_Row], row: _Row) -> None:
    last = rows[-1] if rows else None
    if last and (last.old, last.new) == (row.old, row.new) and last.last_day + timedelta(days=1) == row.first_day:
        rows[-1] = last._replace(last_day=row.last_day)
    else:
        rows.append(row)


def _named(old: Policy, new: Policy) -> list[str]:
    """Give the codes that a text of either policy names; not those that both know as former codes of one code."""
    codes = {code for policy in (old, new) for code in _codes_of(policy)}
    meant = {code: {policy.vocabulary.present(code) for policy in (old, new)} for code in codes}
    return sorted(code for code in codes if code in meant[code] or len(meant[code]) > 1)


def _codes_of(policy: Policy) -> Iterator[str]:
    for directory in policy.directory:
        for listed in directory.occupations:
            yield from (listed.code, *listed.former_codes)
    for catalog in policy.catalog_editions:
        yield from (entry.occupation for entry in catalog.entries)
    for rates in policy.rates:
        for occupations in rates.by_occupation.values():
            yield from occupations


def _others(old: Policy, new: Policy, named: frozenset[str], changes: _Changes) -> list[_Sort]:
    """Give the codes of the classification that no text names, and any other; put together where all is equal."""
    marked: dict[Hashable, list[str]] = {}
    for code in sorted({*old.classification, *new.classification} - named):
        if code not in {one.vocabulary.present(code) for one in (old, new)}:
            continue  # a former code, or another spelling: the code that it means is compared
        marks = [(code in one.vocabulary.classified, code in one.vocabulary.digital) for one in (old, new)]
        marked.setdefault(tuple(marks), []).append(code)
    together: dict[tuple[_Row, ...], list[str]] = {}
    for codes in marked.values():
        together.setdefault(changes.of(codes[0]), []).extend(codes)
    any_other = _Sort((), changes.of(_NOWHERE), endless=True)
    together.pop(any_other.rows, None)
    sorts = [_Sort(tuple(codes), rows, _mark(new, codes)) for rows, codes in together.items()]
    return [*sorts, any_other]


def _mark(policy: Policy, codes: list[str]) -> bool | None:
    marks = {code in policy.vocabulary.digital for code in codes}
    return marks.pop() if len(marks) == 1 else None


def _title(old: Policy, new: Policy, code: str) -> Title:
    return (new if code in new.vocabulary.titles else old).vocabulary.title(code)


def _title_of_others(sort: _Sort, several: bool) -> Title:
    """Name codes that no text names; where several such rows differ, by their digital mark."""
    if sort.endless:
        return Title(zh="其他职业", en="all other occupations")
    count = len(sort.codes)
    zh, en = _MARKED[sort.digital if several else None]
    return Title(zh=f"大典中其他{zh}职业（{count}个）", en=f"{count} other occupations of the classification{en}")


_MARKED = {True: ("数字", " (digital)"), False: ("非数字", " (not digital)"), None: ("", "")}
