"""What the laws ask of an implementation, how its answers are read, and adapters for two common shapes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from subsidy import Policy, Reason, Status
from subsidy.engine.records import normal_form
from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty
from subsidy.testing.drawn_claims import Record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ANSWER", "Implementation", "Row", "by_frame", "one_by_one", "rows_of"]


class Implementation(Protocol):
    """A callable that decides claims together, as `check_implementation` calls it.

    It gets the claims as records by English column heading, what was paid before, and the policy; it gives one
    answer for each claim, in their order: objects (or mappings) with ``claim_id``, ``status``, ``reason``, ``detail``,
    ``blocked_by``, ``base_fen``, ``uplift_fen``, ``amount_fen``, or a DataFrame with these columns.
    """

    def __call__(self, claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> object:
        """Decide the claims together."""
        ...


class Row(NamedTuple):
    """An answer as plain values; what is unknown is None."""

    claim_id: str | None
    status: str | None
    reason: str | None
    detail: str | None
    blocked_by: str | None
    base_fen: int | None
    uplift_fen: int | None
    amount_fen: int | None

    def __str__(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        why += f" ({self.detail})" if self.detail else ""
        why += f", blocked by {self.blocked_by}" if self.blocked_by else ""
        money = ", ".join(
            f"{name} {_yuan(fen)}"
            for name, fen in (("base", self.base_fen), ("uplift", self.uplift_fen), ("amount", self.amount_fen))
        )
        return f"{self.claim_id}: {self.status}{why}; {money}"


ANSWER = Row._fields


def _yuan(fen: object) -> str:
    if fen is None:
        return "unknown"
    return format_yuan(fen) if isinstance(fen, int) else f"{fen!r} fen"


def rows_of(answer: Any) -> list[Row]:
    """Read what an implementation gave: decisions, mappings, or a frame.

    Raises
    ------
    AttributeError, KeyError
        Where an answer lacks a field.
    """
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(answer, pandas.DataFrame):
        columns = [answer[name].astype(object).tolist() for name in ANSWER]
        return [Row(*map(_plain, values)) for values in zip(*columns, strict=True)]
    return [Row(*(_plain(_value(one, name)) for name in ANSWER)) for one in answer]


def _value(one: Any, name: str) -> Any:
    return one[name] if isinstance(one, Mapping) else getattr(one, name)


def _plain(value: Any) -> Any:
    """Give None for what is missing in a frame, and a plain text or number for what isn't."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or value != value:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return int(value) if hasattr(value, "__index__") else value


def one_by_one(assess: Callable[..., Any]) -> Implementation:
    """Make an implementation of a function that decides one claim: ``assess(claim, history, *, policy)``.

    The adapter does what a batch needs besides: it decides in the order in which claims count (by ``applied_on``,
    then ``claim_id``), hands each person's payable claims on as history, and marks repeated claim ids.

    Examples
    --------
    >>> from subsidy import assess
    >>> from subsidy.testing import check_implementation
    >>> check_implementation(one_by_one(assess), max_examples=5).ok
    True
    """

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> list[Row]:
        forms = [dict(normal_form(policy, record)) for record in claims]
        names = [
            None if is_empty(record.get("claim_id")) else str(form["claim_id"])
            for record, form in zip(claims, forms, strict=True)
        ]
        repeated = _repeated(names, forms)
        found: dict[int, Row] = {}
        paid = list(history)
        for row in sorted(range(len(claims)), key=lambda row: _order(forms[row])):
            record = claims[row]
            if row in repeated:
                reason = Reason.DUPLICATE_CLAIM_ID
                found[row] = Row(repeated[row], str(reason.status), str(reason), "claim_id", None, None, None, 0)
                continue
            found[row] = rows_of([assess(record, paid, policy=policy)])[0]
            if found[row].status == Status.PAYABLE:
                paid.append(record)
        return [found[row] for row in range(len(claims))]

    return decide


def _order(form: Mapping[str, object]) -> tuple[str, str]:
    return str(form["applied_on"]), str(form["claim_id"])


def _repeated(names: Sequence[str | None], forms: Sequence[Mapping[str, object]]) -> dict[int, str]:
    """Give the rows whose id other rows have, with the id: all but the first where all are alike, else all."""
    by_id: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None:
            by_id.setdefault(name, []).append(row)
    repeated: dict[int, str] = {}
    for name, rows in by_id.items():
        alike = all(forms[row] == forms[rows[0]] for row in rows)
        repeated |= dict.fromkeys(rows[1:] if alike else rows if len(rows) > 1 else (), name)
    return repeated


def by_frame(assess_frame: Callable[..., pd.DataFrame]) -> Implementation:
    """Make an implementation of a function that decides a frame: ``assess_frame(claims, history, policy)``.

    Examples
    --------
    >>> from subsidy import assess_frame
    >>> from subsidy.testing import check_implementation
    >>> check_implementation(by_frame(assess_frame), max_examples=5).ok
    True
    """

    def decide(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> pd.DataFrame:
        return assess_frame(frame_of(claims), frame_of(history) if history else None, policy)

    return decide


def frame_of(records: Iterable[Record]) -> pd.DataFrame:
    """Write records as a frame whose cells hold just what the records held."""
    import pandas as pd

    from subsidy.model.claim import REQUIRED_FIELDS

    rows = list(records)
    columns = dict.fromkeys([*REQUIRED_FIELDS, *(name for row in rows for name in row)])
    return pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in columns})
