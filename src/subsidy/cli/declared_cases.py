"""The commands of ``subsidy cases`` with their arguments, options and help."""

from __future__ import annotations

import click

from subsidy.cli.commands import Argument, Command, Group, Option
from subsidy.cli.language import Both, Lang

__all__ = ["cases"]


def cases(lang: Lang) -> click.Command:
    """Declare the group and its commands."""
    says = Both(
        "核验用例：导出，或给其他系统的结果评分",
        "Conformance cases: export them, or score the decisions of another system",
    )
    return Group("cases", lang, says, {"export": _cases_export, "check": _cases_check})


def _cases_export(lang: Lang) -> click.Command:
    says = Both(
        "将核验用例写入文件夹的 v1 中\n"
        "\n"
        "默认为随附的政策和两个虚构城市：一个用到全部政策项，一个文本有缺漏和重叠；给出 --policy 则只为该政策。"
        "内容：全部补贴网格、起止日期、每种原因、各栏写法、历史情形、截至某日所知、可信度；"
        "另有政策、JSON Schema 和说明。同一政策的输出逐字节相同。",
        "Write conformance cases into v1 of a folder\n"
        "\n"
        "Left to itself it takes the packaged policy and two invented cities: one uses every key of a policy, the "
        "texts of the other have gaps and overlap. With --policy it takes only that one. The cases: the whole "
        "entitlement grid, edge dates, every reason, forms of values, history, what was known on a day, confidence; "
        "with the policies, JSON Schemas and a page that explains them. The same policy gives the same bytes.",
    )
    folder = Argument("folder", metavar="DIR", says=Both("写入的文件夹", "the folder to write to"))
    return Command("export", lang, says, "cases:run_export", [folder], ["subsidy cases export conformance/"])


def _cases_check(lang: Lang) -> click.Command:
    says = Both(
        "为其他系统的核定结果评分，并说明何处不同\n"
        "\n"
        'DECISIONS 为 JSON Lines，每行 {"case": 用例 id, "decisions": [...]}；或 csv，列 case 之后为核定结果各栏。'
        "退出码：0 全部相同；1 有不同、缺少或多余；2 无法读取。",
        "Score the decisions of another system, and say what differs\n"
        "\n"
        'DECISIONS is JSON Lines, {"case": id, "decisions": [...]}, or csv with the column case before those of a '
        "decision. Exit codes: 0 all alike; 1 some differ, are missing or unknown; 2 can't be read.",
    )
    params = [
        Argument("decisions", says=Both("核定结果文件", "the file of decisions")),
        Option(
            "--cases",
            "folder",
            metavar="DIR",
            type=click.Path(),
            says=Both("导出的用例；不填则现制", "the exported cases; left out: they are made anew"),
        ),
        Option("--all", "everything", is_flag=True, says=Both("列出全部不同", "show every difference")),
    ]
    examples = ["subsidy cases check decisions.jsonl --cases conformance/"]
    return Command("check", lang, says, "cases:run_check", params, examples)
