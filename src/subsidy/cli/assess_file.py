"""``subsidy assess FILE -o FILE``: decide a table of claims, write the decisions, and sum them up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from subsidy.cli.commands import Settings
from subsidy.cli.failures import PAID, Failure
from subsidy.cli.language import Both, Lang
from subsidy.cli.noticed import warn_of_misspelt
from subsidy.cli.output import print_json
from subsidy.cli.progress import ending_on_signals, shown_progress
from subsidy.cli.summary import Run, as_json, print_summary
from subsidy.io.columns import claim_columns
from subsidy.io.deciding import decide_file
from subsidy.io.place import find_target
from subsidy.io.source import Source, open_table
from subsidy.model.errors import HistoryError
from subsidy.model.words import Reason
from subsidy.wording.words import reason_text

__all__ = ["Wish", "history_lines", "run_file"]

_FIRST = 10
_UNUSABLE = re.compile(r"history\[(\d+)\]: (\w+): (\w+), expected (.*)", re.DOTALL)
_REPEATED = re.compile(r"history\[(\d+)\]: claim_id: (.*) stands in history\[(\d+)\] too", re.DOTALL)
_MORE = re.compile(r"and ([0-9,]+) more rows")
_BOTH = re.compile(r"claim_id: (.*) stands both in history and among the claims", re.DOTALL)


class Wish(NamedTuple):
    """What the caller asks for."""

    source: str
    output: str | None
    history: str | None
    skip_bad_history: bool
    workers: int | None


def run_file(settings: Settings, wish: Wish) -> int:
    """Decide a file, and give the exit code: 0 when all was decided, whatever the decisions."""
    if wish.skip_bad_history and wish.history is None:
        raise Failure(Both("--skip-bad-history：需与 --history 同用", "--skip-bad-history: needs --history"))
    inputs = [Path(name) for name in (wish.source, wish.history) if name is not None]
    target = None if wish.output is None else find_target(wish.output, inputs)
    policy = settings.load()
    wanted = claim_columns(policy.vocabulary.conditions)
    claims = open_table(wish.source, wanted)
    history = None if wish.history is None else open_table(wish.history, wanted)
    warn_of_misspelt([claims, *filter(None, [history])], settings.lang)
    try:
        with ending_on_signals(), shown_progress(settings.lang) as progress:
            outcome = decide_file(
                claims,
                target,
                policy=policy,
                history=history,
                skip_bad_history=wish.skip_bad_history,
                workers=wish.workers,
                progress=progress,
            )
    except HistoryError as error:
        raise _history_failure(error, history, wish.skip_bad_history) from None
    skipped = history_lines(outcome.skipped_history, history, settings.lang)
    run = Run(claims, history, outcome, target, policy.fingerprint, skipped)
    if settings.as_json:
        print_json(as_json(run, settings.lang))
    else:
        print_summary(run, settings.page())
    return PAID


def _history_failure(error: HistoryError, history: Source | None, skipping: bool) -> Failure:
    """Say what can't be used; of claim ids that stand twice nobody knows which row to leave out."""
    lasting = [problem for problem in error.problems if not _UNUSABLE.fullmatch(problem)]
    problems = lasting if skipping and lasting else [*error.problems]
    count = len(problems)
    name = "" if history is None else history.name
    zh, en = (history_lines(problems, history, lang) for lang in ("zh", "en"))
    rows, them = ("row", "it") if count == 1 else ("rows", "them")
    mend = Both("更正后重试", f"Mend {them}")
    if not lasting:
        mend = Both(
            f"{mend.zh}；或加 --skip-bad-history 跳过", f"{mend.en}, or leave {them} out with --skip-bad-history"
        )
    return Failure(
        Both(
            "\n".join((f"错误：{name}：{count} 处无法使用，未作核定：", *zh, mend.zh)),
            "\n".join((f"error: {name}: {count} {rows} can't be used, nothing was decided:", *en, mend.en)),
        )
    )


def history_lines(problems: Sequence[str], history: Source | None, lang: Lang) -> list[str]:
    """Say the first problems of a history, each with the row of its file."""
    lines = [f"  {_told(problem, history, lang)}" for problem in problems[:_FIRST]]
    more = len(problems) - len(lines)
    if more:
        lines.append(Both(f"  另有 {more} 处", f"  and {more} more").text(lang))
    return lines


def _told(problem: str, history: Source | None, lang: Lang) -> str:
    def row(index: str) -> str:
        number = int(index) if history is None else history.row_number(int(index))
        return Both(f"第 {number} 行", f"row {number}").text(lang)

    if match := _UNUSABLE.fullmatch(problem):
        index, field, reason, expected = match.groups()
        if lang == "en":
            return f"{row(index)}: {field}: {reason}, expected {expected}"
        why = reason_text(Reason(reason), lang) if reason in list(Reason) else reason
        return f"{row(index)}：{field}：{why}（{reason}）"
    if match := _REPEATED.fullmatch(problem):
        index, name, first = match.groups()
        return Both(
            f"{row(index)}：申领编号 {name} 与{row(first)}重复",
            f"{row(index)}: claim_id: {name} stands in {row(first)} too",
        ).text(lang)
    if match := _MORE.fullmatch(problem):
        return Both(f"另有 {match[1]} 行", f"and {match[1]} more rows").text(lang)
    if match := _BOTH.fullmatch(problem):
        return Both(f"申领编号 {match[1]} 与本次申领重复", problem).text(lang)
    return problem
