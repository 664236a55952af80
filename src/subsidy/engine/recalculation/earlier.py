"""Rules 7 to 10 asked of a claim *then*: after the same earlier claims as now, by the text that was known.

A claim that is payable now was let through by the rules of history. Where the text known *then* asks nothing stricter
of it, it was let through *then* too; only the others are asked again, person by person. So is a claim that is refused
now, whatever it is refused for.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.grid import STATUSES, Kind
from subsidy.engine.batch.law import Law
from subsidy.engine.recalculation.now import Now
from subsidy.model.words import Status
from subsidy.policy.texts import Limit, Procedure
from subsidy.rules.history import LEVEL_BIT, barred_bits, binds, counting_year, history_bars, limits_of

__all__ = ["Asking", "let_through", "no_stricter", "was_let_through"]


class Asking(NamedTuple):
    """A claim to be asked again: its row, where its answer belongs, and how it stands under the text of *then*."""

    row: int
    place: int
    kind: Kind
    procedure: Procedure


def _counts(limit: Limit) -> Hashable:
    """Say what a limit counts, whatever it allows."""
    return frozenset(limit.streams), limit.per, frozenset(limit.requires), frozenset(limit.except_)


def was_let_through(now: Now, rows: Array) -> Array:
    """Say of claims whether the rules of history let them through now."""
    return np.asarray(now.status.take(rows) == STATUSES.index(Status.PAYABLE))


def no_stricter(now: Now, rows: Array, law: Law, kind: Array, procedure: Array) -> Array:
    """Say of claims that are payable now whether rules 9 and 10 ask no more of them under another text.

    Parameters
    ----------
    now : Now
        All claims under what is known now.
    rows : Array
        The claims.
    law : Law
        The other text.
    kind, procedure : Array
        How the claims stand under it: numbers of `law.grid.kinds` and of `law.procedures`.
    """
    here, there = len(now.law.procedures) + 1, len(law.procedures) + 1
    own = now.kind_of(rows) * np.int64(here) + (now.standing.procedure.take(rows) + 1)
    wide = max(len(law.grid.kinds), 1) * there
    both = pa.array(own * wide + kind * np.int64(there) + (procedure + 1)).dictionary_encode()
    free: list[bool] = []
    for pair in both.dictionary.to_pylist():
        (number, current), (other, then) = divmod(pair // wide, here), divmod(pair % wide, there)
        if not then:
            free.append(False)
            continue
        asked, before = law.grid.kinds[other], now.kinds[number]
        free.append(_asks_no_more(law.procedures[then - 1], asked, now.law.procedures[current - 1], before))
    return np.asarray(np.array(free, np.bool_).take(both.indices.to_numpy()))


def _asks_no_more(then: Procedure, asked: Kind, now: Procedure, before: Kind) -> bool:
    if asked.level is None or asked.stream is None or before.stream is None or before.level is None:
        return False
    if barred_bits(then, asked.level) & ~barred_bits(now, before.level):
        return False
    passed: dict[Hashable, int] = {}
    for limit in limits_of(now, before.stream, before.facts):
        passed[_counts(limit)] = min(limit.at_most, passed.get(_counts(limit), limit.at_most))
    limits = limits_of(then, asked.stream, asked.facts)
    return all(_counts(limit) in passed and passed[_counts(limit)] <= limit.at_most for limit in limits)


class _Paid:
    """What one person was paid so far, as far as some limits count it."""

    def __init__(self, limits: dict[Hashable, Limit]) -> None:
        self._limits = limits
        self._certificates: set[str | None] = set()
        self._levels: dict[int, int] = {}
        self._counts: dict[tuple[Hashable, int], int] = {}

    def add(self, kind: Kind, certificate: str | None, code: int, applied_on: date) -> None:
        """Count a claim that keeps money."""
        self._certificates.add(certificate)
        if kind.level is not None and code >= 0:
            self._levels[code] = self._levels.get(code, 0) | LEVEL_BIT[kind.level]
        for name, limit in self._limits.items():
            if kind.stream is None or not binds(limit, kind.stream, kind.facts):
                continue
            if kind.dated or not counting_year(limit, date.max):
                key = (name, counting_year(limit, applied_on))
                self._counts[key] = self._counts.get(key, 0) + 1

    def lets(self, asking: Asking, certificate: str | None, code: int, applied_on: date) -> bool:
        """Say whether rules 7 to 10 let a claim through."""
        kind, procedure = asking.kind, asking.procedure
        if kind.level is None or kind.stream is None:
            return False
        counts = (
            (self._counts.get((_counts(limit), counting_year(limit, applied_on)), 0), limit.at_most)
            for limit in limits_of(procedure, kind.stream, kind.facts)
        )
        own, barred = LEVEL_BIT[kind.level], barred_bits(procedure, kind.level)
        bars = history_bars(certificate in self._certificates, self._levels.get(code, 0), own, barred, counts)
        return not any(stands for _, stands in bars)


def let_through(now: Now, asking: list[Asking]) -> list[bool]:
    """Ask the claims that a text of *then* asks more of, each after the claims of its person that keep money."""
    if not asking:
        return []
    limits = {_counts(limit): limit for one in asking for limit in one.procedure.limits}
    by_row = {one.row: one for one in asking}
    rows = now.in_turn(np.array([*by_row]))
    columns = (now.rows.person, now.rows.code, now.rows.applied_day, now.keeps)
    taken = (
        rows.tolist(),
        now.certificates.take(rows).to_pylist(),
        now.kind_of(rows).tolist(),
        *(column.take(rows).tolist() for column in columns),
    )
    answers: dict[int, bool] = {}
    paid, last = _Paid(limits), None
    for row, certificate, kind, person, code, day, keeps in zip(*taken, strict=True):
        if person != last:
            paid, last = _Paid(limits), person
        applied_on = date.fromordinal(max(day, 1))
        if row in by_row:
            answers[row] = paid.lets(by_row[row], certificate, code, applied_on)
        if keeps:
            paid.add(now.kinds[kind], certificate, code, applied_on)
    return [answers[one.row] for one in asking]
