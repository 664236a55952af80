"""The end of ``subsidy assess FILE``: what the decisions come to, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from subsidy.cli.language import Lang
from subsidy.cli.noticed import file_json, note_json, print_notes, said_of_file, to_show
from subsidy.cli.pages import Cell, Page
from subsidy.io.deciding import Outcome
from subsidy.io.place import Target
from subsidy.io.said import Note
from subsidy.io.source import Source
from subsidy.io.summary import Shared
from subsidy.model.money import format_yuan
from subsidy.model.text import without_persons
from subsidy.model.words import Confidence, Status
from subsidy.wording.phrases import CONFIDENCES
from subsidy.wording.words import reason_text

__all__ = ["Run", "as_json", "print_summary"]


class Run(NamedTuple):
    """A run that is over."""

    claims: Source
    history: Source | None
    outcome: Outcome
    target: Target | None
    fingerprint: str
    skipped: list[str]
    """Lines on the history rows that were left out, in the language of the call."""


def as_json(run: Run, lang: Lang) -> dict[str, Any]:
    """Give the summary as JSON: counts as numbers, amounts as text in yuan and as whole numbers in fen."""
    summary = run.outcome.summary
    return {
        "claims": summary.rows,
        "statuses": {status.value: dict(summary.by_status()).get(status, 0) for status in Status},
        "reasons": [
            {"status": status.value, "reason": reason.value, "claims": count}
            for status in Status
            for reason, count in summary.by_reason(status)
            if reason is not None
        ],
        "amount": format_yuan(summary.amount_fen),
        "uplift": format_yuan(summary.uplift_fen),
        "amount_fen": summary.amount_fen,
        "uplift_fen": summary.uplift_fen,
        "resting_on": {
            degree.value: {"claims": count, "amount": format_yuan(fen)}
            for degree in Confidence
            for count, fen in [summary.resting.get(degree, (0, 0))]
        },
        "shared_certificates": {
            "count": run.outcome.shared,
            "first": [
                {
                    "certificate_no": without_persons(one.certificate_no),
                    "persons": [*one.persons],
                    "persons_in_all": one.persons_in_all,
                }
                for one in run.outcome.first_shared
            ],
        },
        "skipped_history": len(run.outcome.skipped_history),
        "files": [file_json(source) for source in _sources(run)],
        "notes": [note_json(name, note, lang) for name, note in _notes(run)],
        "output": None if run.target is None else run.target.name,
        "policy_fingerprint": run.fingerprint,
    }


def _notes(run: Run) -> list[tuple[str, Note]]:
    """Give what was noticed, each with the file it is about."""
    found = [(source.name, note) for source in _sources(run) for note in source.notes]
    return found + [("" if run.target is None else run.target.name, note) for note in run.outcome.notes]


def _sources(run: Run) -> list[Source]:
    return [source for source in (run.claims, run.history) if source is not None]


def print_summary(run: Run, page: Page) -> None:
    """Print counts by result and reason, sums and what they rest on, then what was noticed."""
    summary = run.outcome.summary
    rows: list[tuple[Cell, ...]] = []
    for status, count in summary.by_status():
        amount = format_yuan(summary.amount_fen) if status is Status.PAYABLE else ""
        reasons = [(reason_text(why, page.lang), f"{many}") for why, many in summary.by_reason(status) if why]
        single = reasons.pop()[0] if len(reasons) == 1 else ""
        rows.append((page.status(status), single, f"{count}", amount))
        rows += [("", why, many, "") for why, many in reasons]
    rows.append((page.say("合计", "all"), "", f"{summary.rows}", format_yuan(summary.amount_fen)))
    headings = page.say("核定结果,理由,笔数,金额（元）", "Result,Why,Claims,Amount (yuan)").split(",")
    page.table(headings, rows, right=[2, 3], whole=[0, 2, 3])
    page.blank()
    page.facts(_facts(run, page))
    notes = to_show(_notes(run))
    if notes or run.outcome.skipped_history:
        page.blank()
        page.title(page.say("提示", "Noticed"))
        print_notes(notes, run.claims.name, page)
        _print_skipped(run, page)
    if run.target is None:
        page.blank()
        page.paragraph(
            page.say(
                "核定结果未写入文件；加 -o 文件名即可写入。", "The decisions aren't written; add -o FILE for that."
            )
        )


def _print_skipped(run: Run, page: Page) -> None:
    count = len(run.outcome.skipped_history)
    if not count or run.history is None:
        return
    told = page.say(
        f"- {run.history.name}：跳过 {count} 行无法使用的记录：",
        f"- {run.history.name}: {count} {'row' if count == 1 else 'rows'} left out that can't be used:",
    )
    page.paragraph(told, indent=2)
    for line in run.skipped:
        page.paragraph(line.strip(), indent=4)


def _facts(run: Run, page: Page) -> Iterator[tuple[str, Cell]]:
    summary = run.outcome.summary
    uplift = page.yuan(summary.uplift_fen)
    amount = page.yuan(summary.amount_fen)
    yield (
        page.say("金额合计", "Amount"),
        page.say(f"{amount}，其中上浮 {uplift}", f"{amount}, of which uplift {uplift}"),
    )
    resting = [(degree, *summary.resting[degree]) for degree in Confidence if degree in summary.resting]
    for place, (degree, count, fen) in enumerate(resting):
        label = page.say("所依文本", "Rests on") if not place else ""
        what = CONFIDENCES[degree].say(page.lang)
        yield label, page.say(f"{what}：{count} 笔，{page.yuan(fen)}", f"{what}: {_claims(count)}, {page.yuan(fen)}")
    if run.outcome.shared:
        yield page.say("多人同证", "Shared"), _shared(run.outcome, page)
    for place, source in enumerate(_sources(run)):
        label = page.say("已发放", "History") if place else page.say("申领", "Claims")
        yield label, said_of_file(source, page)
    yield page.say("政策", "Policy"), run.fingerprint
    if run.target is not None:
        yield page.say("核定结果", "Decisions"), run.target.name


def _claims(count: int) -> str:
    return f"{count} {'claim' if count == 1 else 'claims'}"


def _shared(outcome: Outcome, page: Page) -> str:
    """Say how many certificate numbers several persons claim, and name the first."""
    count = outcome.shared
    first = page.say("；", "; ").join(_named(one, page) for one in outcome.first_shared)
    more = page.say(" 等", "; ...") if count > len(outcome.first_shared) else ""
    numbers = "certificate number" if count == 1 else "certificate numbers"
    return page.say(
        f"{count} 个证书编号由多人申领：{first}{more}", f"{count} {numbers} of several persons: {first}{more}"
    )


def _named(one: Shared, page: Page) -> str:
    more = one.persons_in_all - len(one.persons)
    persons = page.say("、", ", ").join(one.persons)
    persons += page.say(f" 等 {one.persons_in_all} 人", f" and {more} more") if more else ""
    return page.say(f"{one.certificate_no}（{persons}）", f"{one.certificate_no} ({persons})")
