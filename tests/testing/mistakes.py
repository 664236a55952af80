"""What the seeded mistakes share: ours, which is right, and the list that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from subsidy import Policy
from subsidy.engine.sequence import assess_all
from subsidy.testing import Row
from subsidy.testing.implementations import rows_of

Record = Mapping[str, Any]
Rows = list[Row]


class Wrong(NamedTuple):
    """A wrong implementation, and the laws that must be found broken."""

    name: str
    decide: Callable[..., object]
    laws: tuple[str, ...]


def right(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
    return rows_of(assess_all(claims, history, policy=policy))


WRONG: list[Wrong] = []


def add(name: str, laws: str, decide: Callable[..., object]) -> None:
    WRONG.append(Wrong(name, decide, tuple(laws.split())))
