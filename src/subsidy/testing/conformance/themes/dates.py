"""Edge dates: the days beside every edge of a text, every pair of procedure and entitlement, the ends of windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from subsidy.model.level import Stream
from subsidy.rules.eligibility import add_months
from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Place, Source, Stage

__all__ = ["best_place", "drafts"]

_ONE_DAY = timedelta(days=1)
_MONTH_ENDS = ((1, 31), (2, 28), (2, 29), (3, 31), (4, 30), (8, 31), (11, 30), (12, 31))


def drafts(source: Source) -> Iterator[Draft]:
    """Draft all of them."""
    yield from _edges(source)
    yield from _pairs(source)
    for stage in source.stages:
        yield from _windows(source, stage)


def best_place(source: Source, stream: Stream) -> Place:
    """Give the place of a stream that a change of the texts shows best at: one that pays most above its base."""
    places = [place for place in source.places if place.stream is stream]
    return max(places, key=lambda place: (place.cell.reason is None, place.cell.uplift_fen or 0))


def _edges(source: Source) -> Iterator[Draft]:
    """Draft claims with every date on the last day before an edge, and on its first day."""
    for stream in Stream:
        best = best_place(source, stream)
        for edge in source.policy.boundaries[1:]:
            for day, zh, en in ((edge - _ONE_DAY, "前一日", "the day before"), (edge, "当日", "the first day")):
                row = source.claim(best._replace(day=day))
                name = f"edge/{edge}/{day}/{stream}"
                yield Draft(
                    "dates", name, f"文本起止日 {edge}：{zh}", f"{edge}, an edge of a text: {en}", [row],
                    clause="S3.effective.inclusive",
                )  # fmt: skip


def _pairs(source: Source) -> Iterator[Draft]:
    """Draft certificates of the last day of one period, applied for on the first day of a later one."""
    edges = source.policy.boundaries[1:]
    for stream in Stream:
        best = best_place(source, stream)
        for place, edge in enumerate(edges):
            for later in edges[place:]:
                issued = edge - _ONE_DAY
                row = source.claim(best._replace(day=issued), applied_on=later.isoformat())
                name = f"pair/{issued}/{later}/{stream}"
                zh, en = f"{issued} 发证，{later} 申请", f"issued on {issued}, applied on {later}"
                yield _pair(f"{name}/filed", f"{zh}，已备案", f"{en}, filed", row)
                yield _pair(f"{name}/not-filed", zh, en, {**row, "training_filed_on": None})


def _pair(name: str, zh: str, en: str, row: Row) -> Draft:
    return Draft("dates", name, zh, en, [row], clause="S4.procedure-edition")


def _windows(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft the last day of the window and those beside it, from ends of months and from leap days."""
    window = stage.procedure.procedure.claim_window
    if window is None:
        return
    for issued in _certificate_dates(stage):
        end = add_months(issued, window.months)
        if end is None:
            continue
        for day in (end - _ONE_DAY, end, end + _ONE_DAY):
            if day < issued:
                continue
            row = source.claim(
                stage.place,
                certificate_date=issued.isoformat(),
                applied_on=day.isoformat(),
                training_filed_on=None,
            )
            yield Draft(
                "dates",
                f"window/{stage.name}/{issued}/{day}",
                f"{issued} 发证，期限 {window.months} 个月，{day} 申请",
                f"issued on {issued}, {window.months} months, applied on {day}",
                [row],
                clause="S4.window",
            )


def _certificate_dates(stage: Stage) -> list[date]:
    """Give days of issue: the stage's own, and ends of months so that the window ends while its procedure governs."""
    window = stage.procedure.procedure.claim_window
    months = 0 if window is None else window.months
    first = max(stage.procedure.effective_from, date(1, 1, 1) + timedelta(days=31 * months))
    last = min(stage.procedure.last_day, date(first.year + 4, 12, 31))
    found = {stage.place.day}
    for year in range(first.year - months // 12 - 1, last.year + 1):
        for month, day in _MONTH_ENDS:
            try:
                issued = date(year, month, day)
            except ValueError:  # no leap year
                continue
            end = add_months(issued, months)
            if end is not None and first < end < last:
                found.add(issued)
    return sorted(found)
