"""``subsidy recalculate``: who is owed more, who was overpaid and why, from files to files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from subsidy.cli.commands import Settings
from subsidy.cli.failures import PAID, Failure
from subsidy.cli.language import Both, Lang
from subsidy.cli.noticed import file_json, note_json, print_noticed, said_of_file, warn_of_misspelt
from subsidy.cli.output import print_json, sums_json, totals_json
from subsidy.cli.pages import Cell, Page
from subsidy.cli.progress import ending_on_signals, shown_progress
from subsidy.io.columns import claim_columns, payment_columns
from subsidy.io.place import Target, find_page, find_target
from subsidy.io.recalculating import SUMMED_BY, Outcome, Pages, Targets, recalculate_files
from subsidy.io.said import Note, missing_package
from subsidy.io.source import Source, open_table
from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty
from subsidy.policy.policy import Policy
from subsidy.report.words import CAUSES, NO_CAUSE

__all__ = ["run"]


class _Run(NamedTuple):
    """A run that is over."""

    claims: Source
    payments: list[Source]
    outcome: Outcome
    targets: Targets
    policy: Policy


def run(
    settings: Settings,
    source: str,
    payments: tuple[str, ...],
    output: str | None,
    bookings: str | None,
    booked_on: date | None,
    report: str | None,
    whole_person_ids: bool,
    workers: int | None,
) -> int:
    """Recalculate, print, and give the exit code: 0 when all was recalculated, whatever the differences."""
    targets = _targets([source, *payments], output, bookings, booked_on, report)
    policy = settings.load()
    claims = open_table(source, claim_columns(policy.vocabulary.conditions))
    paid = [open_table(name, payment_columns()) for name in payments]
    warn_of_misspelt([claims, *paid], settings.lang)
    with ending_on_signals(), shown_progress(settings.lang) as progress:
        outcome = recalculate_files(
            claims,
            paid,
            targets,
            policy=policy,
            pages=None if targets.page is None else _pages(policy, settings.lang, targets.page),
            whole_person_ids=whole_person_ids,
            workers=workers,
            progress=progress,
        )
    ended = _Run(claims, paid, outcome, targets, policy)
    if settings.as_json:
        print_json(_as_json(ended, settings.lang))
    else:
        _print(ended, settings.page())
    return PAID


def _targets(
    inputs: list[str], output: str | None, bookings: str | None, booked_on: date | None, report: str | None
) -> Targets:
    """Check, before anything is read, what is to be written."""
    if booked_on is not None and bookings is None:
        raise Failure(Both("--booked-on：需与 --bookings 同用", "--booked-on: needs --bookings"))
    given = [Path(name) for name in inputs]
    _check_once(given[1:])
    targets = Targets(
        None if output is None else find_target(output, given),
        None if bookings is None else find_target(bookings, given),
        date.today() if booked_on is None else booked_on,  # noqa: DTZ011 - the reader's own day is meant
        None if report is None else find_page(report, given),
    )
    paths = [target.path for target in targets if isinstance(target, Target)]
    if len(set(paths)) < len(paths):
        raise Failure(
            Both(
                "-o、--bookings、--report：指向同一文件，应各不相同",
                "-o, --bookings, --report: found one file for two of them, expected a file for each",
            )
        )
    return targets


def _check_once(payments: list[Path]) -> None:
    """Refuse a file that is given twice: its payments would count twice."""
    for one, other in combinations(payments, 2):
        if one.exists() and other.exists() and one.samefile(other):
            raise Failure(
                Both(
                    f"{other}：与 {one} 是同一文件，应各给一次",
                    f"{other}: found the same file as {one}, expected each file once",
                )
            )


def _pages(policy: Policy, lang: Lang, target: Target) -> Pages:
    try:
        from subsidy.report.filling import PageMaker  # needs the extra `report`
    except ModuleNotFoundError as error:
        raise missing_package(target.name, error.name or "jinja2") from None
    return PageMaker(policy, date.today(), lang)  # noqa: DTZ011 - the reader's own day is meant


def _sources(ended: _Run) -> list[Source]:
    return [ended.claims, *ended.payments]


def _notes(ended: _Run) -> list[tuple[str, Note]]:
    written = "" if ended.targets.adjustments is None else ended.targets.adjustments.name
    found = [(source.name, note) for source in _sources(ended) for note in source.notes]
    return found + [(written, note) for note in ended.outcome.notes]


def _as_json(ended: _Run, lang: Lang) -> dict[str, Any]:
    """Give the totals as JSON: counts as numbers, amounts as text in yuan and as whole numbers in fen."""
    outcome, policy = ended.outcome, ended.policy
    return {
        **sums_json(outcome.sums.whole()),
        "claims": outcome.counts.claims,  # without the ids that were paid and are no claim
        "payments": outcome.payments,
        "rows": outcome.counts.rows,
        "totals": totals_json(outcome.sums, SUMMED_BY),
        "files": [file_json(source) for source in _sources(ended)],
        "notes": [note_json(name, note, lang) for name, note in _notes(ended)],
        "output": _name(ended.targets.adjustments),
        "bookings": _name(ended.targets.bookings),
        "report": _name(ended.targets.page),
        "run_id": outcome.run_id,
        "policy_fingerprint": policy.fingerprint,
        "known_on": None if policy.known_on is None else policy.known_on.isoformat(),
    }


def _name(target: Target | None) -> str | None:
    return None if target is None else target.name


def _print(ended: _Run, page: Page) -> None:
    """Print what is proposed by cause, the sums, and what was noticed."""
    causes = {
        NO_CAUSE if is_empty(row["cause"]) else str(row["cause"]): row
        for row in ended.outcome.sums.totals("cause").to_dict("records")
    }
    order = sorted(CAUSES, key=lambda cause: cause == NO_CAUSE)  # in the order of the law, and what has none behind it
    rows = [_row(CAUSES[cause].say(page.lang), causes[cause]) for cause in order if cause in causes]
    rows.append(_row(page.say("合计", "all"), ended.outcome.sums.whole()))
    headings = page.say("原因,笔数,应补发（元）,多发（元）", "Cause,Claims,Owed (yuan),Overpaid (yuan)").split(",")
    page.table(headings, rows, right=[1, 2, 3], whole=[1, 2, 3])
    page.blank()
    page.facts(_facts(ended, page))
    print_noticed(_notes(ended), ended.claims.name, page)
    page.blank()
    if ended.targets.adjustments is None:
        page.paragraph(
            page.say("差额未写入文件；加 -o 文件名即可写入。", "The adjustments aren't written; add -o FILE for that.")
        )
    page.paragraph(
        page.say(
            "以上为核算建议，是否补发或追回由经办机构决定。", "These are proposals; what is done is for the agency."
        )
    )


def _row(name: str, figures: dict[Any, Any]) -> tuple[Cell, ...]:
    sums = (format_yuan(int(figures[name])) if figures[name] else "" for name in ("top_up_fen", "recovery_fen"))
    return (name, f"{int(figures['claims'])}", *sums)


def _facts(ended: _Run, page: Page) -> Iterator[tuple[str, Cell]]:
    whole, targets = ended.outcome.sums.whole(), ended.targets
    for label, count, fen in (
        (page.say("应补发", "Owed"), whole["top_ups"], whole["top_up_fen"]),
        (page.say("多发", "Overpaid"), whole["recoveries"], whole["recovery_fen"]),
    ):
        claims = "claim" if count == 1 else "claims"
        yield label, page.say(f"{count} 笔，{page.yuan(fen)}", f"{count} {claims}, {page.yuan(fen)}")
    yield page.say("净额", "Net"), (page.yuan(whole["adjustment_fen"]), "bold")
    yield (
        page.say("已发、应发", "Paid, due"),
        page.say(
            f"已发 {page.yuan(whole['paid_fen'])}，应发 {page.yuan(whole['due_fen'])}",
            f"{page.yuan(whole['paid_fen'])} paid, {page.yuan(whole['due_fen'])} due",
        ),
    )
    yield page.say("申领", "Claims"), said_of_file(ended.claims, page)
    for source in ended.payments:
        yield page.say("发放", "Payments"), said_of_file(source, page)
    yield page.say("政策", "Policy"), ended.policy.fingerprint
    if ended.policy.known_on is not None:
        yield page.say("所知截至", "Known on"), ended.policy.known_on.isoformat()
    yield page.say("核算编号", "Run"), ended.outcome.run_id
    for label, target in (
        (page.say("差额", "Adjustments"), targets.adjustments),
        (page.say("入账清单", "Bookings"), targets.bookings),
        (page.say("报告", "Report"), targets.page),
    ):
        if target is not None:
            yield label, target.name
