"""``subsidy cases``: export conformance cases, and score the decisions of another system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subsidy.cli.commands import Settings
from subsidy.cli.failures import OPEN, PAID, Failure, found_expected
from subsidy.cli.language import Both
from subsidy.cli.output import print_json
from subsidy.model.errors import InputError
from subsidy.model.money import format_yuan
from subsidy.testing.conformance.check import Difference, Score, Tally, check_decisions, read_cases, read_decisions
from subsidy.testing.conformance.clauses import CLAUSES
from subsidy.testing.conformance.export import MANIFEST, VERSION, export_cases
from subsidy.testing.conformance.source import Source, source_of

if TYPE_CHECKING:
    from subsidy.cli.pages import Page

__all__ = ["run_check", "run_export"]

_MOST = 5
_MOST_NAMED = 3
_THEMES = {
    "grid": Both("补贴网格", "grid"),
    "dates": Both("起止日期", "dates"),
    "reasons": Both("各种原因", "reasons"),
    "forms": Both("各栏写法", "forms"),
    "history": Both("历史情形", "history"),
    "known_on": Both("截至某日所知", "known on"),
    "confidence": Both("可信度", "confidence"),
}
_NO_NAME = re.compile(r"[^\w.-]+")


def _sources(settings: Settings) -> list[Source] | None:
    """Give the policy that is asked for as the only source; None: those that cases are made of by default."""
    for name, value in (
        ("--known-on", settings.known_on),
        ("--minimum-confidence", settings.minimum_confidence),
    ):
        if value is not None:
            raise Failure(
                Both(
                    f"{name}：用例本身已含各个日期和可信度，请去掉此选项",
                    f"{name}: the cases hold every such day and confidence themselves; leave this option out",
                )
            )
    if settings.policy is None:
        return None
    settings.load()  # says what is wrong with the folder in the words of the other commands
    name = _NO_NAME.sub("-", Path(settings.policy).resolve().name).strip("-.") or "policy"
    return [source_of(name, settings.policy)]


def run_export(settings: Settings, folder: str) -> int:
    """Write the cases and say how many there are."""
    sources = _sources(settings)
    try:
        manifest = export_cases(folder, sources)
    except InputError as error:
        raise found_expected(
            error.field,
            Both("其他内容", error.found).text(settings.lang),
            Both("没有 v1 的文件夹，或以前的导出", error.expected),
        ) from None
    except OSError as error:
        raise Failure(
            Both(f"{folder}：无法写入（{error.strerror}）", f"{folder}: can't be written ({error.strerror})")
        ) from None
    if settings.as_json:
        print_json({key: manifest[key] for key in ("form", "cases", "claims", "themes", "policies")})
        return PAID
    page = settings.page()
    page.title(page.say("核验用例", "Conformance cases"))
    page.blank()
    rows = [(_THEMES[one["name"]].text(page.lang), str(one["cases"]), one["file"]) for one in manifest["themes"]]
    rows.append((page.say("合计", "all"), str(manifest["cases"]), ""))
    page.table(page.say("主题,用例,文件", "Theme,Cases,File").split(","), rows, right=[1])
    page.blank()
    page.facts([(one["name"], one["fingerprint"]) for one in manifest["policies"]])
    page.blank()
    where = Path(folder) / VERSION
    page.paragraph(page.say(f"已写入 {where}；说明见其中的 README.md", f"Written to {where}; README.md explains them"))
    return PAID


def run_check(settings: Settings, decisions: str, folder: str | None, everything: bool) -> int:
    """Score, print, and give the exit code."""
    if folder is not None and settings.policy is not None:
        raise Failure(
            Both(
                "--cases 与 --policy 只能取其一：导出的用例自带政策",
                "--cases and --policy exclude each other: exported cases bring their policies",
            )
        )
    sources = _sources(settings)
    try:
        answers = read_decisions(decisions)
        score = check_decisions(answers, read_cases(folder, sources))
    except InputError as error:
        raise found_expected(
            error.field, error.found, Both(_EXPECTED_ZH.get(error.expected, error.expected), error.expected)
        ) from None
    if settings.as_json:
        print_json(_json(score))
    else:
        _print(score, settings.page(), everything)
    return PAID if score.ok else OPEN


_EXPECTED_ZH = {
    f"a folder with {MANIFEST}": f"含 {MANIFEST} 的文件夹",
    "a folder that subsidy cases export wrote": "subsidy cases export 所写的文件夹",
    "a file of decisions, JSON Lines or csv": "核定结果文件（JSON Lines 或 csv）",
    "a file in UTF-8": "UTF-8 文件",
    'one line {"case": ID, "decisions": [...]}': '每行 {"case": 用例 id, "decisions": [...]}',
    '{"case": ID, "decisions": [...]}': '{"case": 用例 id, "decisions": [...]}',
    "a list of objects, one for each claim": "列表，每笔申领一个对象",
    "a heading line with the column case": "首行为列名，含 case",
    "yuan with two decimals": "以元计、两位小数的金额",
    "whole fen": "以分计的整数",
    "a text or null": "文本或 null",
    "status and amount (or amount_fen) at least": "至少有 status 和 amount（或 amount_fen）",
}


def _tally(tally: Tally) -> dict[str, Any]:
    return {**asdict(tally), "percent": round(tally.percent, 1)}


def _json(score: Score) -> dict[str, Any]:
    found = asdict(score)
    found["total"] = _tally(score.total)
    for name in ("themes", "rules"):
        found[name] = {key: _tally(one) for key, one in getattr(score, name).items()}
    return {"ok": score.ok, **found}


def _print(score: Score, page: Page, everything: bool) -> None:
    total = score.total
    style = "bold green" if score.ok else "bold red"
    page.paragraph(
        page.say(
            f"{total.cases} 个用例中 {total.right} 个相同（{total.percent:.1f}%）",
            f"{total.right} of {total.cases} cases are right ({total.percent:.1f}%)",
        ),
        style=style,
    )
    if score.not_given:
        names = ", ".join(score.not_given)
        page.paragraph(page.say(f"未提交、未比较的栏：{names}", f"Columns not handed in and not compared: {names}"))
    page.blank()
    _tallies(page, page.say("主题", "Theme"), {_THEMES[key].text(page.lang): one for key, one in score.themes.items()})
    page.blank()
    _tallies(page, page.say("规则", "Rule"), score.rules)
    if score.patterns:
        _print_patterns(score, page, everything)
        _print_differences(score, page, everything)
    _print_ids(score, page, everything)


def _tallies(page: Page, label: str, tallies: dict[str, Tally]) -> None:
    headings = [label, *page.say("用例,相同,缺少,%", "Cases,Right,Missing,%").split(",")]
    rows = [
        (name, str(one.cases), str(one.right), str(one.missing), f"{one.percent:.1f}") for name, one in tallies.items()
    ]
    page.table(headings, rows, right=[1, 2, 3, 4], whole=[0])


def _print_patterns(score: Score, page: Page, everything: bool) -> None:
    """Print differences that look alike, which may be one fault each."""
    page.blank()
    page.title(page.say("不同之处，同类合计", "What differs, put together"))
    page.blank()
    few = score.patterns if everything else score.patterns[: 2 * _MOST]
    rows = [(one.rule, one.expected, one.found, str(one.cases)) for one in few]
    page.table(page.say("规则,应为,现为,用例", "Rule,Expected,Found,Cases").split(","), rows, right=[3])
    _more(page, len(score.patterns) - len(few))


def _print_differences(score: Score, page: Page, everything: bool) -> None:
    """Print one case of each pattern, or all."""
    by_case = {one.case: one for one in reversed(score.differences)}
    chosen = score.differences if everything else [by_case[one.first] for one in score.patterns[:_MOST]]
    for one in chosen:
        page.blank()
        page.paragraph(page.say(one.title["zh"], one.title["en"]), style="bold")
        page.facts(_facts(one, page))
    _more(page, len(score.differences) - len(chosen))


def _facts(one: Difference, page: Page) -> list[tuple[str, str]]:
    clause = CLAUSES.get(one.clause)
    text = f"{one.clause}: {page.say(clause.zh, clause.en)}" if clause else one.clause
    return [
        (page.say("用例", "Case"), one.case),
        (page.say("第几笔", "Claim"), str(one.claim)),
        (page.say("栏", "Column"), one.column),
        (page.say("应为", "Expected"), _shown(one, one.expected, one.expected_row)),
        (page.say("现为", "Found"), _shown(one, one.found, one.found_row)),
        (page.say("条款", "Clause"), text),
    ]


def _shown(one: Difference, value: object, row: Mapping[str, object]) -> str:
    """Write a value: a status with its reason, fen as yuan too."""
    if value is None:
        return "null"
    if one.column == "status" and row.get("reason"):
        return f"{value} ({row['reason']})"
    return f"{value} ({format_yuan(value)})" if one.column.endswith("_fen") and isinstance(value, int) else str(value)


def _print_ids(score: Score, page: Page, everything: bool) -> None:
    """Print cases that were not answered, or not once, and answers to none."""
    wrong = tuple(f"{case} ({claims} / {decisions})" for case, claims, decisions in score.wrong_number)
    for ids, zh, en in (
        (score.missing, "未提交的用例", "Cases that were not answered"),
        (wrong, "结果笔数不符（应为 / 现为）", "Another number of decisions (expected / found)"),
        (score.repeated, "重复提交的用例", "Cases answered more than once"),
        (score.unknown, "不存在的用例", "Answers to no case"),
    ):
        if ids:
            page.blank()
            page.paragraph(page.say(f"{zh}：{len(ids)}", f"{en}: {len(ids)}"), style="bold")
            few = ids if everything else ids[:_MOST_NAMED]
            for case in few:
                page.paragraph(case, indent=2)
            _more(page, len(ids) - len(few))


def _more(page: Page, number: int) -> None:
    if number > 0:
        page.paragraph(page.say(f"另有 {number} 项；--all 列出全部", f"{number} more; --all shows every one"))
