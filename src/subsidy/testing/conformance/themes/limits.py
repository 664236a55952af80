"""How many payable claims one person may have: one fewer, as many, other years, streams and facts, and in one batch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from subsidy.model.level import Stream
from subsidy.model.words import Reason
from subsidy.policy.texts import Limit
from subsidy.rules.history import binds
from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Place, Source, Stage
from subsidy.testing.conformance.themes.played import counted_places, facts_apart, fillers, paid

__all__ = ["limit_drafts"]

_MOST_UNLISTED = 3
_NOT_LISTED = (Reason.OCCUPATION_NOT_LISTED, Reason.NO_DIRECTORY_IN_FORCE)


def limit_drafts(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft the scenarios of each limit of the stage's procedure that binds a place of it."""
    for limit in stage.procedure.procedure.limits:
        place = _bound(source, stage, limit)
        if place is not None:
            for name, zh, en, claims, history, clause in _scenarios(source, place, limit):
                yield Draft(
                    "history",
                    f"{stage.name}/limit-{limit.id}/{name}",
                    f"限制 {limit.id}：{zh}（{stage.procedure.id}，{stage.place.stream.zh}）",
                    f"limit {limit.id}: {en} ({stage.procedure.id}, {stage.place.stream.en})",
                    claims,
                    history,
                    clause,
                )


def _bound(source: Source, stage: Stage, limit: Limit) -> Place | None:
    """Give a place of the stage's day and stream that pays and that the limit binds, of its level if there is one."""
    places = [
        place
        for place in source.places
        if place.day == stage.place.day
        and place.stream is stage.place.stream
        and place.cell.reason is None
        and binds(limit, place.stream, place.cell.facts)
    ]
    return max(places, key=lambda place: place.level is stage.place.level, default=None)


_Scenario = tuple[str, str, str, list[Row], list[Row], str]


def _scenarios(source: Source, place: Place, limit: Limit) -> Iterator[_Scenario]:
    row = source.claim(place)
    most = limit.at_most
    full = fillers(source, place, limit, most)
    if full:
        yield "one-fewer", f"已有 {most - 1} 笔", f"{most - 1} before", [row], full[: most - 1], "S4.limits"
        yield "as-many", f"已有 {most} 笔", f"{most} before", [row], full, "S4.limits"
        yield from _years(row, full, place)
        yield from _apart(source, place, limit, row, full)
        yield from _unlisted(source, place, row, full)
    yield from _batch(source, place, limit)


def _years(row: Row, full: list[Row], place: Place) -> Iterator[_Scenario]:
    """Move one of them to the ends of the year before, of this year, and to the days behind them."""
    year = place.day.year
    first, *rest = full
    december = {"certificate_date": f"{year - 1}-12-01", "training_filed_on": None}
    for day in (date(year - 1, 12, 31), date(year, 1, 1), date(year, 12, 31), date(year + 1, 1, 1)):
        moved = {**first, "applied_on": day.isoformat()}
        if day < place.day:
            moved |= december
        zh, en = f"其中一笔于 {day} 申请", f"one of them applied for on {day}"
        yield f"year/{day}", zh, en, [row], [*rest, moved], "S4.limits.calendar-year"


def _apart(source: Source, place: Place, limit: Limit, row: Row, full: list[Row]) -> Iterator[_Scenario]:
    """Draft claims of another stream or other facts, which the limit neither counts nor binds."""
    for stream in Stream:
        moved = [{**earlier, "stream": stream.value} for earlier in full]
        yield f"stream/{stream}", f"均为{stream.zh}", f"all of {stream.en}", [row], moved, "S4.limits"
    apart = facts_apart(source, place, limit)
    if apart is not None:
        earlier = paid(source, apart, 20)
        yield (
            "facts/not-counted",
            "其中一笔事实不符",
            "one of them has other facts",
            [row],
            [*full[1:], earlier],
            ("S4.limits.facts"),
        )
        free = source.claim(apart, 2)
        yield "facts/not-bound", "本笔事实不符", "the claim itself has other facts", [free], full, "S4.limits.facts"


def _unlisted(source: Source, place: Place, row: Row, full: list[Row]) -> Iterator[_Scenario]:
    """Draft one of them of an occupation that no directory in force lists: it has no facts of the catalogue."""
    codes = {
        other.code: other for other in source.places if other.day == place.day and other.cell.reason in _NOT_LISTED
    }
    for other in list(codes.values())[:_MOST_UNLISTED]:
        earlier = paid(source, other._replace(stream=place.stream), 30)
        name = f"facts/unlisted-{other.code}"
        yield name, "其中一笔不在目录", "one of them is listed nowhere", [row], [*full[1:], earlier], "S4.limits.facts"


def _batch(source: Source, place: Place, limit: Limit) -> Iterator[_Scenario]:
    """Draft one more than the limit allows in one batch, rows the other way round: the last by id is over it."""
    paying = [other for other in counted_places(source, place, limit) if other.cell.reason is None]
    several = [place, *paying[: limit.at_most]]
    if len(several) > 1:
        claims = [source.claim(other, number) for number, other in enumerate(several, 1)]
        yield "batch", "同批超出限制", "more than the limit in one batch", claims[::-1], [], "S4.limits"
