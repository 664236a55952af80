"""What a policy offers to draw claims from: its occupations, levels, streams, conditions, and the days that matter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from subsidy import Level, Policy, Stream
from subsidy.testing.choices import UNKNOWN

__all__ = ["Ground", "ground_of"]

_EARLIEST, _LATEST = date(1990, 1, 1), date(2090, 1, 1)
_FALLBACK = date(2023, 9, 1)
_A_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


class Ground(NamedTuple):
    """The values that claims under a policy are drawn from, the plainest first."""

    codes: tuple[str, ...]  # listed somewhere in the policy
    texts: tuple[str, ...]  # these, and names, aliases and former codes of them
    levels: tuple[Level, ...]
    streams: tuple[Stream, ...]
    conditions: tuple[str, ...]
    days: tuple[date, ...]  # in the middle of periods, on their first and last days, and on ends of months
    months: tuple[int, ...]  # of the claim windows


def ground_of(policy: Policy) -> Ground:
    """Look the ground of a policy up, worked out once."""
    found = policy.memo.get("subsidy.testing.ground")
    if not isinstance(found, Ground):
        found = policy.memo["subsidy.testing.ground"] = _ground(policy)
    return found


def _ground(policy: Policy) -> Ground:
    whole = policy.whole or policy
    rows = [row for edition in whole.directory for row in edition.occupations]
    codes = dict.fromkeys([*(row.code for row in rows), *whole.classification])
    names = [name for row in rows for name in (row.name.zh, row.name.en, *row.aliases, *row.former_codes) if name]
    known = [text for text in dict.fromkeys(names) if policy.vocabulary.code_of(text) in codes]
    levels = {
        level
        for edition in whole.rates
        for table in (edition.amounts, edition.by_occupation)
        for row in table.values()
        for amounts in row.values()
        for level in amounts
    }
    windows = [edition.procedure.claim_window for edition in whole.rules]
    return Ground(
        codes=tuple(codes) or (UNKNOWN,),
        texts=(*codes, *known) or (UNKNOWN,),
        levels=tuple(level for level in Level if level in levels) or tuple(Level),
        streams=tuple(
            stream for stream in Stream if not whole.rates or any(stream in edition.amounts for edition in whole.rates)
        )
        or tuple(Stream),
        conditions=policy.vocabulary.conditions,
        days=_days(policy),
        months=tuple(dict.fromkeys(window.months for window in windows if window is not None)),
    )


def _days(policy: Policy) -> tuple[date, ...]:
    """Give days inside each period, on its first and on its last; first those of periods that have all texts."""
    inner: list[date] = []
    edges: list[date] = []
    for period in sorted(policy.periods, key=lambda one: not (one.rules and one.rates and one.directory)):
        first, last = max(period.first_day, _EARLIEST), min(period.last_day, _LATEST)
        if first <= last and (policy.boundaries[1:] and last != policy.boundaries[1] - _DAY):
            inner.append(min(first + _A_WEEK, last))
            edges += [first, last] if last < _LATEST else [first, _end_of_february(first)]
    return tuple(dict.fromkeys([*inner, *edges])) or (_FALLBACK,)


def _end_of_february(day: date) -> date:
    return date(day.year + 1, 3, 1) - _DAY
