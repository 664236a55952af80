"""A case: claims and history as they are handed in, and the decisions that must come out.

A theme drafts what is asked; the engine then says what comes out. That the engine is right is shown by an
independent reading of the specification in the library's tests, which decides every exported case again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from subsidy.engine.sequence import assess_all
from subsidy.model.decision import Decision
from subsidy.model.money import format_yuan
from subsidy.model.text import compact
from subsidy.model.words import Confidence, Status
from subsidy.policy.policy import Policy
from subsidy.testing.conformance.clauses import CLAUSES, clause_of_reason

__all__ = ["AMOUNTS", "COLUMNS", "Case", "Draft", "Row", "decided", "expected_of"]

Row = dict[str, Any]
"""A claim as JSON: names of columns, and what stands in them."""

COLUMNS = (
    "claim_id",
    "status",
    "reason",
    "detail",
    "blocked_by",
    "base_fen",
    "uplift_fen",
    "amount_fen",
    "confidence",
    "directory_edition",
    "catalog_edition",
    "rate_edition",
    "rules_edition",
)
"""What a decision says, in the order of a file."""

AMOUNTS = {"base": "base_fen", "uplift": "uplift_fen", "amount": "amount_fen"}
"""Columns in yuan as text, with the column in whole fen that says the same."""


@dataclass(frozen=True)
class Draft:
    """What a case asks, before it is decided.

    Parameters
    ----------
    theme, name : str
        The file it goes to, and its name there: letters, digits and signs without blanks.
    zh, en : str
        What it is about.
    claims, history : list of Row
        Their claim ids, and the pseudonyms of persons (P1, P2), are made unique by the case's own id.
    clause : str, optional
        The sentence it shows; left out: that of the reason, or of the amount.
    known_on, minimum_confidence
        How the policy is to be taken.
    as_they_are : frozenset of str
        Columns of ids that are not made unique, for their form is what is asked.
    """

    theme: str
    name: str
    zh: str
    en: str
    claims: list[Row]
    history: list[Row] = field(default_factory=list)
    clause: str | None = None
    known_on: date | None = None
    minimum_confidence: Confidence | None = None
    as_they_are: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Case:
    """A decided case: its line in the file, and the decisions with their steps."""

    line: Row
    decisions: list[Decision]

    @property
    def id(self) -> str:
        """The case's own id."""
        return str(self.line["id"])


def decided(name: str, policy: Policy, draft: Draft) -> Case:
    """Decide a draft under a policy, already taken as the draft wants it."""
    own = f"{name}/{draft.theme}/{draft.name}"
    claims = [_with_ids(row, own, draft.as_they_are) for row in draft.claims]
    history = [_with_ids(row, own, draft.as_they_are) for row in draft.history]
    decisions = assess_all(claims, history, policy=policy)
    asked = next((one for one in decisions if one.status is not Status.PAYABLE), decisions[-1])
    clause = draft.clause or _clause_of(asked)
    line = {
        "id": own,
        "theme": draft.theme,
        "policy": name,
        "policy_fingerprint": policy.fingerprint,
        "title": {"zh": draft.zh, "en": draft.en},
        "labels": {"rule": CLAUSES[clause].rule, "clause": clause, "reason": asked.reason and asked.reason.value},
        "known_on": draft.known_on and draft.known_on.isoformat(),
        "minimum_confidence": draft.minimum_confidence and draft.minimum_confidence.value,
        "claims": claims,
        "history": history,
        "expected": [expected_of(one) for one in decisions],
    }
    return Case(line, decisions)


def _with_ids(row: Row, own: str, as_they_are: frozenset[str]) -> Row:
    """Make the ids of a claim unique among all cases, so that cases may be put into one table."""
    unique = dict(row)
    for column, pattern in _IDS.items():
        written = row.get(column)
        if column not in as_they_are and isinstance(written, str) and pattern.fullmatch(compact(written)):
            unique[column] = f"{own.upper()}/{written}"
    return unique


_IDS = {"claim_id": re.compile(".+"), "person_id": re.compile(r"P[0-9]")}


def _clause_of(decision: Decision) -> str:
    if decision.reason is not None:
        return clause_of_reason(decision.reason)
    return "S4.uplift.highest-sum" if decision.uplift_fen else "S4.base.cell"


def expected_of(decision: Decision) -> Row:
    """Give what a decision says, as JSON: every column, and the amounts in yuan as text."""
    row: Row = {}
    for column in COLUMNS:
        value = getattr(decision, column)
        row[column] = value if value is None or isinstance(value, int) else str(value)
    for yuan, fen in AMOUNTS.items():
        row[yuan] = None if row[fen] is None else format_yuan(row[fen])
    return row
