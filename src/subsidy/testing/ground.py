"""What a policy offers to draw claims from: its occupations, levels, streams, conditions, and the days that matter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from subsidy import Level, Policy, Stream
from subsidy.testing.choices import UNKNOWN

__all__ = ["Ground", "ground_of"]

_EARLIEST, _LATEST = date(1990, 1, 1), date(2090, 1, 1)
_FALLBACK = date(2023, 9, 1)
_INSIDE = timedelta(days=90)
_DAY = timedelta(days=1)


class Ground(NamedTuple):
    """The values that claims under a policy are drawn from, the plainest first."""

    codes: tuple[str, ...]  # listed somewhere in the policy
    texts: tuple[str, ...]  # these, mostly; and names, aliases and former codes of them, and a code that nobody knows
    levels: tuple[Level, ...]  # those with amounts; mostly those that most tables have
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
    listed = dict.fromkeys(row.code for row in rows)
    common = [level for level in (Level.L5, Level.L4, Level.L3) if level in levels]
    windows = [edition.procedure.claim_window for edition in whole.rules]
    return Ground(
        codes=tuple(codes) or (UNKNOWN,),
        texts=(*listed, *listed, *known, *codes, UNKNOWN),
        levels=(*common, *(level for level in Level if level in levels)) or tuple(Level),
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
    ruled = [one for one in policy.periods if one.directory or one.rates or one.rules]
    for period in sorted(ruled, key=lambda one: not (one.rules and one.rates and one.directory)):
        first, last = max(period.first_day, _EARLIEST), min(period.last_day, _LATEST)
        if first <= last:
            inner.append(min(first + _INSIDE, last))
            edges += [first, last] if last < _LATEST else [first, *_ends_after(first.year + 1)]
    return tuple(dict.fromkeys([*inner, *edges])) or (_FALLBACK,)


def _ends_after(year: int) -> list[date]:
    """Give days at which calendars are got wrong: near the end of a year, of a long month, of February."""
    return [
        date(year - 1, 12, 20),
        date(year, 1, 31),
        date(year, 8, 31),
        date(year, 12, 20),
        date(year + 1, 3, 1) - _DAY,
    ]
