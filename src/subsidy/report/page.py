"""The page: one HTML file that calls nobody, in Chinese and English, for the screen and for paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from subsidy.report import charts
from subsidy.report.data import BIN_EDGES_FEN, REST, Change, ReportData, Row, Slice, Text, Totals
from subsidy.report.figures import MINUS, count, signed, yuan
from subsidy.report.safe import claim_text, on_page
from subsidy.report.svg import MissingLibraryError
from subsidy.report.words import CAUSES, CHANGES, KINDS, LEVELS, MEANINGS, NO_CAUSE, name_of
from subsidy.wording.figures import day_text
from subsidy.wording.phrases import Phrase, language

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["page"]

FIRST_ROWS: Final = 10
"""How many rows of the sample are shown before anybody asks for more."""
# Together with the charts and the frame these keep the page under 2 MB, whatever the texts are.
_BYTES_LARGEST: Final = 350_000
_BYTES_SAMPLE: Final = 850_000
_BYTES_CHANGES: Final = 250_000
_SIGNS = {"added": "+", "removed": MINUS, "changed": "~"}
_TITLE = Text("补贴重算报告", "Subsidy recalculation")
_CONTENTS = (
    ("causes", "原因", "Causes"),
    ("occupations", "职业(工种)", "Occupations"),
    ("categories", "类别", "Categories"),
    ("levels", "等级", "Levels"),
    ("months", "申请月份", "Months"),
    ("sizes", "差额大小", "Sizes"),
    ("changes", "依据变化", "Changes of the texts"),
    ("largest", "差额最大", "Largest"),
    ("find", "按编号查找", "Find a claim"),
)


class _Chart(NamedTuple):
    """A chart in both languages, each in both widths, and the sentence that says it."""

    zh: Markup
    en: Markup
    says: Text


def page(data: ReportData, lang: str = "zh") -> str:
    """Write the page of a recalculation.

    Parameters
    ----------
    data : ReportData
        What it shows.
    lang : {"zh", "en"}
        The language it opens in; the reader can switch.

    Returns
    -------
    str
        A whole HTML document, under 2 MB, that needs no network and may be saved, mailed and printed. The same
        data gives the same text.

    Raises
    ------
    InputError
        If the language is another one.
    MissingLibraryError
        If the libraries of the extra ``report`` aren't installed.

    Examples
    --------
    >>> data = ReportData(run_id="r1", policy_fingerprint="p1", known_on=None, made_on=date(2024, 6, 3),
    ...     totals=Totals(claims=2, due_fen=54000, top_ups=1, top_up_fen=54000))
    >>> html = page(data, lang="en")
    >>> html.startswith("<!DOCTYPE html>"), "+540.00" in html
    (True, True)
    """
    chosen = language(lang)
    data = _cleaned(data)
    environment = _environment()
    style, script = _file("page.css") + _labels(), _file("page.js")
    changes, left_out = _changes(data)
    return environment.get_template("page.html").render(
        lang=chosen,
        title=_TITLE,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        style=_markup(style),
        script=_markup(script),
        data=data,
        totals=data.totals,
        claims=data.totals.claims - data.without_claim,
        made=_day(data.made_on),
        known=_known(data.known_on),
        known_day=Text("全部", "all of them") if data.known_on is None else _day(data.known_on),
        headline=_headline(data.totals),
        contents=_CONTENTS,
        charts=_charts(data),
        meanings=MEANINGS,
        bins=_bins(data.differences),
        changes=changes,
        changes_left_out=left_out,
        first_paid=None if data.first_paid_on is None else _day(data.first_paid_on),
        largest=_rows(data.largest, _BYTES_LARGEST),
        sample=_rows(data.sample, _BYTES_SAMPLE),
        first_rows=FIRST_ROWS,
    )


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError:
        raise MissingLibraryError("the report needs Jinja2: pip install 'subsidy[report]'") from None
    made = Environment(
        loader=PackageLoader("subsidy.report"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    made.globals |= {"t": _both, "n": count, "yuan": yuan, "signed": signed}
    return made


def _both(zh: object, en: object) -> Markup:
    """Write a text in both languages, of which the page shows one; once where they are the same."""
    from markupsafe import Markup, escape

    if zh == en:
        return escape(zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(zh, en)


def _markup(written: str) -> Markup:
    """Mark our own style, script and drawings as such; nothing that came in goes through here unescaped."""
    from markupsafe import Markup

    return Markup(written)  # noqa: S704 - package files and what svg.drawn let through


@cache
def _file(name: str) -> str:
    return (files("subsidy.report") / "templates" / name).read_text(encoding="utf-8")


def _labels() -> str:
    """Give the style sheet the words that stand before figures where a row is shown as a card."""
    words = {"level": ("等级", "Level"), "paid": ("已发", "Paid"), "due": ("应发", "Due")}
    zh, en = ("".join(f'--{key}:"{both[place]}";' for key, both in words.items()) for place in (0, 1))
    return (
        f":root,html:not(.js):has(#lang-zh:checked){{{zh}}}"
        f'html[data-lang="en"]{{{en}}}html:not(.js):has(#lang-en:checked){{{en}}}\n'
    )


def _hash(text: str) -> str:
    """Give the hash by which the security policy knows our own style and script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _cleaned(data: ReportData) -> ReportData:
    """Make every text from outside fit to be shown: no unseen characters, no whole person id, no endless one."""

    def lines(some: Iterable[Slice]) -> tuple[Slice, ...]:
        return tuple(replace(line, key=on_page(line.key, 80), name=_shown(line.name, 80)) for line in some)

    def rows(some: Iterable[Row]) -> tuple[Row, ...]:
        return tuple(
            replace(
                row,
                claim_id=claim_text(row.claim_id, 64),
                person_id=on_page(row.person_id, 40),
                occupation_code=on_page(row.occupation_code, 40),
                occupation=_shown(row.occupation, 80),
                level=on_page(row.level, 40),
                cause=None if row.cause is None else on_page(row.cause, 40),
                explanation=_shown(row.explanation, 1200),
            )
            for row in some
        )

    return replace(
        data,
        run_id=on_page(data.run_id, 128),
        policy_fingerprint=on_page(data.policy_fingerprint, 128),
        by_cause=lines(data.by_cause),
        by_occupation=lines(data.by_occupation),
        by_category=lines(data.by_category),
        by_level=lines(data.by_level),
        by_month=lines(data.by_month),
        largest=rows(data.largest),
        sample=rows(data.sample),
        changes=tuple(
            Change(one.change, on_page(one.edition, 80), _shown(one.text, 80), _shown(one.line, 600))
            for one in data.changes
        ),
    )


def _shown(text: Text, most: int) -> Text:
    return Text(on_page(text.zh, most), on_page(text.en, most))


def _day(day: date) -> Text:
    return Text(day_text(day, "zh"), day_text(day, "en"))


def _known(day: date | None) -> Text:
    if day is None:
        return Text("现在所知", "all texts known now")
    return Text(f"截至 {day_text(day, 'zh')}所知", f"the texts known on {day_text(day, 'en')}")


def _headline(totals: Totals) -> list[dict[str, Any]]:
    net = totals.adjustment_fen
    if net:
        says = (
            Text("收支相抵后应再支付", "to pay out, on the whole")
            if net > 0
            else Text("收支相抵后应收回", "to take back, on the whole")
        )
    else:
        says = Text("收支相抵", "nothing, on the whole")
    ups, downs = totals.top_ups, totals.recoveries
    return [
        {
            "kind": "top-up",
            "swatch": "top-up",
            "name": Text("补发", "Owed"),
            "amount": signed(totals.top_up_fen),
            "note": Text(f"{count(ups)} 笔", f"{count(ups)} {'top-up' if ups == 1 else 'top-ups'}"),
        },
        {
            "kind": "recovery",
            "swatch": "recovery",
            "name": Text("追回", "To recover"),
            "amount": signed(-totals.recovery_fen),
            "note": Text(f"{count(downs)} 笔", f"{count(downs)} {'recovery' if downs == 1 else 'recoveries'}"),
        },
        {"kind": "net", "swatch": "", "name": Text("净额", "Net"), "amount": signed(net), "note": says},
    ]


def _bins(differences: Sequence[int]) -> list[tuple[Text, int, int]]:
    """Name the bins, and set top-ups and recoveries of one size side by side."""
    edges = [f"{edge // 100:,}" for edge in BIN_EDGES_FEN]
    names = [Text(f"{edges[1]} 及以下", f"up to {edges[1]}")]
    names += [Text(f"{low}–{high}", f"{low}–{high}") for low, high in pairwise(edges[1:])]
    names.append(Text(f"{edges[-1]} 以上", f"over {edges[-1]}"))
    half = len(BIN_EDGES_FEN)
    return list(zip(names, differences[:half], differences[half:], strict=True))


def _charts(data: ReportData) -> dict[str, _Chart | None]:
    """Draw every chart that has something to show."""
    bins = _bins(data.differences)
    return {
        "cause": _both_sides(data.by_cause),
        "occupation": _both_sides(data.by_occupation),
        "category": _both_sides(data.by_category),
        "level": _both_sides(data.by_level),
        "month": _drawn(lambda lang, width: charts.columns(data.by_month, width, lang), _says(data.by_month))
        if _moved(data.by_month)
        else None,
        "size": _drawn(lambda lang, width: charts.bars(_size_bars(bins, lang), width), _says_size(bins))
        if any(data.differences)
        else None,
    }


def _both_sides(lines: Sequence[Slice]) -> _Chart | None:
    if not _moved(lines):
        return None
    return _drawn(lambda lang, width: charts.bars(charts.money_bars(lines, lang), width), _says(lines))


def _moved(lines: Sequence[Slice]) -> bool:
    return any(line.totals.top_ups or line.totals.recoveries for line in lines)


def _drawn(draw: Callable[[charts.Lang, charts.Width], str], says: Text) -> _Chart:
    return _Chart(
        _markup(draw("zh", "wide") + draw("zh", "narrow")), _markup(draw("en", "wide") + draw("en", "narrow")), says
    )


def _says(lines: Sequence[Slice]) -> Text:
    """Say in a sentence what the chart shows first: the line that moves most; the rest together is no such line."""
    named = [line for line in lines if line.key != REST] or lines
    most = max(named, key=lambda line: line.totals.top_up_fen + line.totals.recovery_fen)
    net, claims = signed(most.totals.adjustment_fen), most.totals.top_ups + most.totals.recoveries
    return Text(
        f"金额最多的是“{most.name.zh}”：{count(claims)} 笔，净额 {net} 元。",
        f"Most money: “{most.name.en}”, {count(claims)} difference{'' if claims == 1 else 's'}, net {net} yuan.",
    )


def _size_bars(bins: Sequence[tuple[Text, int, int]], lang: charts.Lang) -> list[charts.Bar]:
    return [
        charts.Bar(
            name.zh if lang == "zh" else name.en,
            "",
            ups,
            downs,
            count(ups) if ups or not downs else "",
            count(downs) if downs else "",
        )
        for name, ups, downs in bins
    ]


def _says_size(bins: Sequence[tuple[Text, int, int]]) -> Text:
    name, ups, downs = max(bins, key=lambda one: one[1] + one[2])
    return Text(
        f"最多的一档是 {name.zh} 元：补发 {count(ups)} 笔，追回 {count(downs)} 笔。",
        f"Most differences: {name.en} yuan, with {count(ups)} top-ups and {count(downs)} recoveries.",
    )


def _changes(data: ReportData) -> tuple[list[tuple[str, Text, list[tuple[str, Phrase, Text]]]], int]:
    """Group the changes by edition, as many as there is room for."""
    kept: list[Change] = []
    room = _BYTES_CHANGES
    for one in data.changes:
        room -= sum(len(str(_both(*text)).encode()) for text in (one.line, one.text)) + len(one.edition) * 5 + 200
        if room < 0:
            break
        kept.append(one)
    grouped = [
        (edition, text, [(_SIGNS[one.change], CHANGES[one.change], one.line) for one in some])
        for (edition, text), some in groupby(kept, key=lambda one: (one.edition, one.text))
    ]
    return grouped, data.changes_left_out + len(data.changes) - len(kept)


def _rows(rows: Sequence[Row], room: int) -> list[Markup]:
    """Write the rows of a table of claims, as many as there is room for."""
    claim = _environment().get_template("parts.html").make_module({}).claim  # type: ignore[attr-defined]
    written = []
    for row in rows:
        shown = {
            "claim_id": row.claim_id,
            "person_id": row.person_id,
            "occupation": row.occupation,
            "occupation_code": "" if row.occupation_code == row.occupation.zh else row.occupation_code,
            "level": Text(*name_of(LEVELS, row.level)),
            "paid_fen": row.paid_fen,
            "due_fen": row.due_fen,
            "adjustment_fen": row.adjustment_fen,
            "kind": KINDS[row.kind] if row.kind != "none" else None,
            "cause": Text(*name_of(CAUSES, row.cause or NO_CAUSE)),
            "explanation": row.explanation,
        }
        one = claim(shown)
        room -= len(one.encode())
        if room < 0:
            break
        written.append(one)
    return written
