"""Scores another system's decisions against the cases, and says what differs, where, and by which sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from subsidy.model.errors import InputError
from subsidy.model.words import Reason, Status
from subsidy.testing.conformance.answers import Answers, read_answers, supplied
from subsidy.testing.conformance.built import build
from subsidy.testing.conformance.case import AMOUNTS, Row
from subsidy.testing.conformance.clauses import CLAUSES, clause_of_reason
from subsidy.testing.conformance.export import VERSION, read_manifest
from subsidy.testing.conformance.source import Source, default_sources

__all__ = ["Difference", "Pattern", "Score", "Tally", "check_decisions", "read_cases", "read_decisions"]

read_decisions = read_answers
_AMOUNTS = frozenset((*AMOUNTS, *AMOUNTS.values()))


@dataclass(frozen=True)
class Difference:
    """One column of one decision that is not as expected.

    Parameters
    ----------
    case, theme, rule, clause : str
        The case, and what it is about.
    title : dict
        The case in words, ``zh`` and ``en``.
    claim, claims : int
        Which claim of the case, from 1, and how many there are, history too.
    column, expected, found
        What differs; None is null.
    expected_row, found_row : dict
        The whole decisions.
    """

    case: str
    theme: str
    rule: str
    clause: str
    title: Row
    claim: int
    claims: int
    column: str
    expected: object
    found: object
    expected_row: Row
    found_row: Row


@dataclass(frozen=True)
class Tally:
    """How many cases there are of a kind, how many were right, and how many were not answered."""

    cases: int = 0
    right: int = 0
    missing: int = 0

    @property
    def percent(self) -> float:
        """The share of right cases, in percent; never rounded up to 100."""
        return 100.0 if self.right == self.cases else min(99.9, 100 * self.right / self.cases)

    def with_case(self, *, right: bool, missing: bool) -> Tally:
        """Count one more case."""
        return Tally(self.cases + 1, self.right + right, self.missing + missing)


@dataclass(frozen=True)
class Pattern:
    """Differences that look alike, and so may be one fault: their rule, what was expected and found, how many cases."""

    rule: str
    clause: str
    expected: str
    found: str
    cases: int
    first: str


@dataclass(frozen=True)
class Score:
    """What a check found.

    Parameters
    ----------
    total : Tally
        Of all cases.
    themes, rules : dict of str to Tally
        By theme and by rule label.
    compared, not_given : tuple of str
        Columns that were compared, and columns that no decision states.
    differences : tuple of Difference
        In the order of the cases; the first that differs of each decision.
    patterns : tuple of Pattern
        The most frequent first.
    missing, unknown, repeated : tuple of str
        Cases that were not answered, ids that are no case, cases that were answered more than once.
    wrong_number : tuple of (str, int, int)
        Cases with another number of decisions than claims: case, claims, decisions.
    """

    total: Tally
    themes: dict[str, Tally]
    rules: dict[str, Tally]
    compared: tuple[str, ...]
    not_given: tuple[str, ...]
    differences: tuple[Difference, ...]
    patterns: tuple[Pattern, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]
    wrong_number: tuple[tuple[str, int, int], ...]

    @property
    def ok(self) -> bool:
        """Whether every case was answered once, and rightly, and nothing else was answered."""
        return self.total.right == self.total.cases and not self.unknown


def read_cases(folder: str | Path | None = None, sources: Iterable[Source] | None = None) -> list[Row]:
    """Read the cases of an export, or make them.

    Parameters
    ----------
    folder : path, optional
        The folder of an export (or its ``v1``). Left out: the cases are made of the sources.
    sources : iterable of Source, optional
        Left out: `default_sources`.

    Raises
    ------
    InputError
        If the folder is no export, or a file of it is broken.
    """
    if folder is None:
        return [case.line for case in build(default_sources() if sources is None else sources)]
    place = Path(folder)
    place = place / VERSION if (place / VERSION).is_dir() else place
    manifest = read_manifest(place)
    if manifest is None:
        raise InputError(str(folder), "no manifest.json of cases", "a folder that subsidy cases export wrote")
    cases = []
    for name in (str(theme["file"]) for theme in manifest["themes"]):
        try:
            with (place / name).open(encoding="utf-8") as lines:
                cases += [json.loads(line) for line in lines]
        except (OSError, ValueError) as error:
            raise InputError(str(place / name), f"a broken file ({error})", "one case a line: export again") from None
    return cases


def check_decisions(answers: Answers | str | Path, cases: Iterable[Row] | None = None) -> Score:
    """Score decisions against cases.

    Parameters
    ----------
    answers : Answers or path
        Decisions by case, or the file that holds them.
    cases : iterable of dict, optional
        Left out: those of `default_sources`.

    Returns
    -------
    Score

    Raises
    ------
    InputError
        If the file can't be read, or no decision states a status and an amount.

    Examples
    --------
    >>> case = {"id": "a", "theme": "grid", "title": {"zh": "", "en": ""}, "labels": {"rule": "limit",
    ...     "clause": "S4.limits"}, "claims": [{}], "expected": [{"status": "refused", "amount": "0.00"}]}
    >>> score = check_decisions({"a": [[{"status": "payable", "amount": "800.00"}]]}, [case])
    >>> score.rules["limit"], score.patterns[0].expected, score.patterns[0].found
    (Tally(cases=1, right=0, missing=0), 'refused', 'payable')
    """
    given = answers if isinstance(answers, dict) else read_answers(answers)
    compared = supplied(given)
    if not given:
        raise InputError("decisions", "no decisions", '{"case": ID, "decisions": [...]}')
    if not {"status"} < {*compared} & {"status", "amount", "amount_fen"}:
        raise InputError("decisions", shown_columns(compared), "status and amount (or amount_fen) at least")
    return _Checking(given, compared).score(read_cases() if cases is None else cases)


def shown_columns(columns: tuple[str, ...]) -> str:
    """Write which columns there are."""
    return ", ".join(columns) or "none of their columns"


class _Checking:
    """A check while it runs."""

    def __init__(self, answers: Answers, compared: tuple[str, ...]) -> None:
        self._answers = answers
        self._compared = compared
        self._differences: list[Difference] = []
        self._missing: list[str] = []
        self._wrong_number: list[tuple[str, int, int]] = []

    def score(self, cases: Iterable[Row]) -> Score:
        """Go through the cases."""
        total, themes, rules = Tally(), dict[str, Tally](), dict[str, Tally]()
        seen = set()
        columns: dict[str, None] = {}
        for case in cases:
            seen.add(case["id"])
            columns |= dict.fromkeys(case["expected"][0])
            lists = self._answers.get(case["id"])
            missing = lists is None
            right = lists is not None and self._is_right(case, lists[0]) and len(lists) == 1
            if missing:
                self._missing.append(case["id"])
            total = total.with_case(right=right, missing=missing)
            for tallies, label in ((themes, case["theme"]), (rules, case["labels"]["rule"])):
                tallies[label] = tallies.get(label, Tally()).with_case(right=right, missing=missing)
        return Score(
            total,
            themes,
            dict(sorted(rules.items())),
            self._compared,
            tuple(name for name in columns if name not in self._compared),
            tuple(self._differences),
            _patterns(self._differences),
            tuple(self._missing),
            tuple(case for case in self._answers if case not in seen),
            tuple(case for case, lists in self._answers.items() if len(lists) > 1),
            tuple(self._wrong_number),
        )

    def _is_right(self, case: Row, decisions: list[Row]) -> bool:
        """Compare a case, and keep the first difference of each decision."""
        expected = case["expected"]
        if len(decisions) != len(expected):
            self._wrong_number.append((case["id"], len(expected), len(decisions)))
            return False
        right = True
        for place, (wanted, found) in enumerate(zip(expected, decisions, strict=True), 1):
            column = next((name for name in self._compared if wanted.get(name) != found.get(name)), None)
            if column is not None:
                right = False
                labels = case["labels"]
                size = len(case["claims"]) + len(case.get("history", ()))
                self._differences.append(
                    Difference(
                        case["id"], case["theme"], labels["rule"], labels["clause"], case["title"], place,
                        size,
                        column, wanted.get(column), found.get(column), wanted, found,
                    )
                )  # fmt: skip
        return right


def _patterns(differences: list[Difference]) -> tuple[Pattern, ...]:
    """Put together what looks alike: by the rule that shows it, and by what was expected and found."""
    alike: dict[tuple[str, str, str, str], list[Difference]] = {}
    for one in differences:
        alike.setdefault((*_shown_by(one), *_kinds(one)), []).append(one)
    found = [
        Pattern(*key, len({one.case for one in several}), _plainest(key[0], several)) for key, several in alike.items()
    ]
    return tuple(sorted(found, key=lambda pattern: -pattern.cases))


def _plainest(rule: str, several: list[Difference]) -> str:
    """Give the case that shows a fault best: one about that rule, with one claim and no history if there is any."""
    return min(several, key=lambda one: (one.rule != rule, one.claims, one.case.count("+"))).case


def _shown_by(one: Difference) -> tuple[str, str]:
    """Say which rule and sentence a difference is about; where that isn't plain, what the case is about."""
    clause = _OF_COLUMN.get(one.column)
    if _other_texts(one):
        clause = "S3.axes.known"
    elif one.column in {"status", "reason", "detail", "blocked_by"}:
        names = [row.get("reason") for row in (one.expected_row, one.found_row)]
        reasons = [Reason(name) for name in names if name in _REASONS]
        # The reason that outranks the other was either missed or given wrongly.
        clause = clause_of_reason(min(reasons, key=_rank)) if reasons else None
    return (CLAUSES[clause].rule, clause) if clause else (one.rule, one.clause)


def _other_texts(one: Difference) -> bool:
    """Say whether the two decisions rest on other editions: then that is where they part."""
    rows = (one.expected_row, one.found_row)
    if Status.INVALID in {row.get("status") for row in rows}:
        return False
    return any(name in one.found_row and rows[0][name] != rows[1][name] for name in _EDITIONS & rows[0].keys())


def _rank(reason: Reason) -> tuple[int, int]:
    """Order reasons as a decision names them: an unusable record, then each no, then what can't be said."""
    statuses = [Status.INVALID, Status.REFUSED, Status.UNDETERMINED]
    return statuses.index(reason.status), list(Reason).index(reason)


def _kinds(one: Difference) -> tuple[str, str]:
    """Say what was expected and what was found, without what is different in every case."""
    if one.column in {"status", "reason"}:
        return _status(one.expected_row), _status(one.found_row)
    if one.found is None or one.expected is None:
        expected, found = ("null" if value is None else "set" for value in (one.expected, one.found))
        return f"{one.column} {expected}", f"{one.column} {found}"
    if one.column in _AMOUNTS:
        higher = Decimal(str(one.found)) > Decimal(str(one.expected))
        return one.column, f"{one.column} too {'high' if higher else 'low'}"
    if one.column in {"claim_id", "blocked_by"}:
        return one.column, f"another {one.column}"
    return f"{one.column}: {one.expected}", f"{one.column}: {one.found}"


def _status(row: Row) -> str:
    reason = row.get("reason")
    return f"{row.get('status')}" + (f" ({reason})" if reason else "")


_REASONS = frozenset(Reason)
_EDITIONS = frozenset({"directory_edition", "catalog_edition", "rate_edition", "rules_edition"})
_OF_COLUMN = {
    "claim_id": "S5.forms",
    "base_fen": "S4.base.cell",
    "base": "S4.base.cell",
    "uplift_fen": "S4.uplift.highest-sum",
    "uplift": "S4.uplift.highest-sum",
    "confidence": "S4.confidence.weakest",
}
