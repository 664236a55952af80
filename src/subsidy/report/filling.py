"""From a recalculation to what its page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from subsidy.engine.diff_texts import TextChange, diff_editions
from subsidy.model.text import is_empty, shown
from subsidy.policy.catalog import in_force
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Edition
from subsidy.report.data import MOST_CHANGES, MOST_LARGEST, MOST_SAMPLE, Change, ReportData, Row, Text, Totals
from subsidy.report.explaining import explain_adjustment, titles_of
from subsidy.report.gathering import By, bin_counts, slices
from subsidy.wording.phrases import Phrase

__all__ = ["changes_since", "report_data"]

_TABLES: Final[tuple[By, ...]] = ("cause", "occupation", "category", "level", "month")
_TEXTS: Final = {
    "directory": Text("补贴职业目录", "Directory"),
    "rates": Text("补贴标准表", "Rate table"),
    "catalog_editions": Text("紧缺职业（工种）目录", "Shortage catalogue"),
    "rules": Text("补贴办法", "Rules"),
}
_PUBLISHED: Final = Phrase(
    "《{title}》：{published} 公布，{first} 起适用。", "“{title}”: published {published}, governs from {first}."
)
_ENTERED: Final = {
    "added": Phrase("列入 {name}", "{name} is listed"),
    "removed": Phrase("不再列入 {name}", "{name} is no longer listed"),
}
_FROM_TO: Final = Phrase("{path}：由 {old} 改为 {new}", "{path}: from {old} to {new}")
_MOST_SHOWN: Final = 60


def report_data(
    adjustments: pd.DataFrame, totals: Mapping[By, pd.DataFrame], policy: Policy, run_id: str, made_on: date
) -> ReportData:
    """Fill what the page shows.

    Parameters
    ----------
    adjustments : DataFrame
        The adjustments.
    totals : mapping
        Their totals by cause, occupation, category, level and month.
    policy : Policy
        Under which it was decided.
    run_id : str
        The id of the run.
    made_on : date
        The day that the page bears.
    """
    names = {code: Text(title.zh or title.en, title.en or title.zh) for code, title in policy.vocabulary.titles.items()}
    tables = {by: slices(_records(totals[by]), by, names) for by in _TABLES}
    whole = Totals()
    for line in tables["cause"]:
        whole = whole.plus(line.totals)
    fen = adjustments["adjustment_fen"].to_numpy(np.int64)
    order = np.lexsort((np.arange(len(fen)), -np.abs(fen)))
    largest = order[: min(MOST_LARGEST, int((fen != 0).sum()))]
    first = adjustments["first_paid_on"].min()
    changes = [] if is_empty(first) else list(changes_since(policy, first.date()))
    return ReportData(
        run_id=run_id,
        policy_fingerprint=policy.fingerprint,
        known_on=policy.known_on,
        made_on=made_on,
        totals=whole,
        undetermined=int((adjustments["cause"] == "undetermined").sum()),
        without_claim=int((adjustments["cause"] == "payment_without_claim").sum()),
        by_cause=tables["cause"],
        by_occupation=tables["occupation"],
        by_category=tables["category"],
        by_level=tables["level"],
        by_month=tables["month"],
        differences=bin_counts(fen),
        largest=tuple(_rows(adjustments, largest, policy, names)),
        sample=tuple(_rows(adjustments, _sampled(adjustments), policy, names)),
        changes=tuple(changes[:MOST_CHANGES]),
        changes_left_out=max(0, len(changes) - MOST_CHANGES),
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _sampled(adjustments: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Take rows evenly: first those that have a cause, then others."""
    caused = np.flatnonzero(adjustments["cause"].notna().to_numpy())
    plain = np.flatnonzero(adjustments["cause"].isna().to_numpy())
    some = _evenly(caused, MOST_SAMPLE)
    return np.sort(np.concatenate([some, _evenly(plain, MOST_SAMPLE - len(some))]))


def _evenly(rows: np.ndarray[Any, np.dtype[np.int64]], most: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    if len(rows) <= most:
        return rows
    return rows[np.arange(most) * len(rows) // most] if most else rows[:0]


def _rows(adjustments: pd.DataFrame, places: Iterable[int], policy: Policy, names: Mapping[str, Text]) -> Iterator[Row]:
    """Make rows with their explanations in both languages."""
    titles = titles_of(policy)
    for place in places:
        row = {str(name): value for name, value in adjustments.iloc[int(place)].items()}
        code, level = ("" if is_empty(row[name]) else str(row[name]) for name in ("occupation", "level"))
        zh, en = (explain_adjustment(row, titles, lang) for lang in ("zh", "en"))
        yield Row(
            claim_id="" if is_empty(row["claim_id"]) else str(row["claim_id"]),
            person_id="" if is_empty(row["person_id"]) else str(row["person_id"]),
            occupation_code=code,
            occupation=names.get(code, Text(code, code)),
            level=level,
            paid_fen=int(row["paid_fen"]),
            due_fen=int(row["due_fen"]),
            cause=None if is_empty(row["cause"]) else str(row["cause"]),
            explanation=Text("".join(zh.splitlines()[1:]), " ".join(en.splitlines()[1:])),
        )


def changes_since(policy: Policy, day: date) -> Iterator[Change]:
    """Give what was published after a day: each edition, and what it changes of the one that was in force before."""
    before = policy.as_known_on(day)
    for field, text in _TEXTS.items():
        old: tuple[Edition, ...] = getattr(before, field)
        known = {edition.id for edition in old}
        for edition in getattr(policy, field):
            if edition.id in known:
                continue
            yield Change("added", edition.id, text, _published(edition))
            former = in_force(old, edition.effective_from)
            for one in () if former is None else diff_editions(former, edition):
                yield Change(one.change, edition.id, text, _line(one, policy))


def _published(edition: Edition) -> Text:
    values = {"published": str(edition.published_on), "first": str(edition.effective_from)}
    zh, en = edition.title.zh or edition.title.en, edition.title.en or edition.title.zh
    return Text(_PUBLISHED.say("zh", title=zh, **values), _PUBLISHED.say("en", title=en, **values))


def _line(change: TextChange, policy: Policy) -> Text:
    path = change.path or ""
    if path.startswith("entries[") and path.endswith("]") and change.change != "changed":
        code = path.removeprefix("entries[").removesuffix("]")
        title = policy.vocabulary.titles.get(policy.vocabulary.present(code))
        phrase = _ENTERED[change.change]
        zh, en = ("", "") if title is None else (title.zh or title.en, title.en or title.zh)
        return Text(phrase.say("zh", name=f"{code} {zh}".strip()), phrase.say("en", name=f"{code} {en}".strip()))
    old, new = (shown(value, _MOST_SHOWN) for value in (change.old, change.new))
    return Text(*(_FROM_TO.say(lang, path=path, old=old, new=new) for lang in ("zh", "en")))
