"""Every command with its arguments, options and help. What a command does is a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

from subsidy.cli.commands import Argument, Command, Group, Option
from subsidy.cli.declared_cases import cases
from subsidy.cli.language import Both, Lang
from subsidy.cli.values import DAY, LEVEL, PERSON_ID, SCHEMA, SHELL, STREAM, WORKERS
from subsidy.model.level import Stream

__all__ = ["COMMANDS", "RECEIPT_KEY"]

RECEIPT_KEY = "SUBSIDY_RECEIPT_KEY"


def _quote(lang: Lang) -> click.Command:
    says = Both(
        "查询某职业、等级在某日的补贴金额及理由",
        "Say what an occupation at a level is worth on a day, and why",
    )
    params = [
        Option(
            "--occupation",
            required=True,
            metavar=Both("职业", "TEXT").text(lang),
            says=Both("职业编码、名称或别名", "code, name or alias of the occupation"),
        ),
        Option(
            "--level",
            required=True,
            type=LEVEL,
            says=Both("技能等级：1 至 5、三级、高级工、special 等", "1 to 5, 三级, 高级工, special and the like"),
        ),
        Option(
            "--on",
            required=True,
            type=DAY,
            says=Both("待遇认定日期：适用该日有效的文本", "the entitlement date: the day whose texts decide"),
        ),
        Option(
            "--stream",
            type=STREAM,
            default=Stream.TRAINING.value,
            says=Both(
                "training 职业培训补贴（默认）或 skill_improvement 参保职工技能提升补贴",
                "training (the default) or skill_improvement",
            ),
        ),
    ]
    examples = [
        "subsidy quote --occupation 4-04-05-05 --level 3 --on 2023-09-01",
        "subsidy quote --occupation 焊工 --level 三级 --on 2019-11-01 \\",
        "              --stream skill_improvement --json",
    ]
    return Command("quote", lang, says, "quote:run", params, examples)


def _assess(lang: Lang) -> click.Command:
    says = Both(
        "核定申领：表格文件，或 JSON\n"
        "\n"
        "表格文件为 csv（UTF-8 或 GB18030）、xlsx 或 parquet，列名可用中文或英文；核定结果写入 -o 所指文件，"
        "每行申领对应一行，顺序不变，最后输出汇总。全部核定完毕即以 0 退出，不论结果如何。\n"
        "\n"
        'JSON（.json 文件或标准输入）为一份申领记录，或 {"claim": 记录, "history": [已发放的申领]}；'
        '成批核定时为记录的列表，或 {"claims": [记录], "history": [...]}。',
        "Decide claims: a table file, or JSON\n"
        "\n"
        "A table is a csv (UTF-8 or GB18030), xlsx or parquet file with English or Chinese headings. The decisions "
        "go to the file of -o, one row for each row in the same order, and a summary is printed. The exit code is "
        "0 once all are decided, whatever the decisions are.\n"
        "\n"
        'JSON (a .json file, or standard input) is one record, or {"claim": record, "history": [claims already '
        'paid]}; for claims decided together a list of records, or {"claims": [records], "history": [...]}.',
    )
    params = [
        Argument(
            "source",
            metavar="FILE",
            required=False,
            default="-",
            says=Both(
                "申领的 csv、xlsx、parquet 或 json 文件；- 或不填为标准输入的 JSON",
                "csv, xlsx, parquet or json file of claims; - or left out: JSON on standard input",
            ),
        ),
        *_table_options(),
        *_receipt_options(),
    ]
    examples = [
        "subsidy assess claims.xlsx -o decisions.xlsx --history paid.csv",
        "subsidy assess < claim.json",
        "subsidy assess claim.json --receipt receipt.json",
    ]
    return Command("assess", lang, says, "assess:run", params, examples)


def _table_options() -> list[Option]:
    return [
        _output(
            "将核定结果写入该 csv、xlsx 或 parquet 文件；写完才替换原有文件",
            "write the decisions to this csv, xlsx or parquet file; what is there is replaced once all is written",
        ),
        Option(
            "--history",
            metavar="FILE",
            type=click.Path(),
            says=Both(
                "已发放的申领（表格文件，列与申领相同）", "claims already paid, a table file with the same columns"
            ),
        ),
        Option(
            "--skip-bad-history",
            is_flag=True,
            says=Both(
                "跳过已发放记录中无法使用的行并列出；否则停止",
                "leave out rows of the history that can't be used and list them; else they stop the run",
            ),
        ),
        _workers(),
    ]


def _receipt_options() -> list[Option]:
    return [
        Option(
            "--receipt",
            metavar="FILE",
            type=click.Path(),
            says=Both("将核定凭证写入该文件（仅限一份申领）", "write the receipt to this file (one claim only)"),
        ),
        Option(
            "--person-id",
            type=PERSON_ID,
            default="masked",
            says=Both(
                "凭证中的证件号码：masked 遮蔽（默认）、whole 完整、"
                f"keyed-hash 加密摘要（密钥取自环境变量 {RECEIPT_KEY}）",
                "the person's number in the receipt: masked (the default), whole, "
                f"or keyed-hash (its key in the variable {RECEIPT_KEY})",
            ),
        ),
    ]


def _recalculate(lang: Lang) -> click.Command:
    says = Both(
        "重新核算已发补贴：谁应补发、谁多发、原因何在\n"
        "\n"
        "按现在所知的文件重新核定全部申领，与发放记录对照，逐笔写出差额和原因。发放记录的列为：申领编号、"
        "发放金额（元）、发放日期、发放状态（可不填：已发放；退票、撤回不计），负数为收回的款项。全部核算完毕即以 0 "
        "退出，不论差额如何。",
        "Recalculate what was paid: who is owed more, who was overpaid, and why\n"
        "\n"
        "All claims are decided again by the texts known now and set against the payments; each difference is written "
        "with its cause. Columns of payments: claim_id, amount (yuan), paid_on, state (left out: paid; returned and "
        "withdrawn count nothing); a negative amount is money taken back. The exit code is 0 once all is "
        "recalculated, whatever the differences are.",
    )
    params = [
        Argument(
            "source",
            metavar="CLAIMS",
            says=Both(
                "申领的 csv、xlsx 或 parquet 文件：相关人员的全部申领，不论是否已发",
                "csv, xlsx or parquet file of claims: all of the persons concerned, paid or not",
            ),
        ),
        Option(
            "--payments",
            metavar="FILE",
            required=True,
            multiple=True,
            type=click.Path(),
            says=Both("发放记录的表格文件；可多次给出", "table file of payments; may be given several times"),
        ),
        _output(
            "将差额写入该 csv、xlsx 或 parquet 文件；写完才替换原有文件",
            "write the adjustments to this csv, xlsx or parquet file, complete or not at all",
        ),
        Option(
            "--report",
            metavar="FILE",
            type=click.Path(),
            says=Both("将一页报告写入该 .html 文件", "write a page to look at to this .html file"),
        ),
        Option(
            "--bookings",
            metavar="FILE",
            type=click.Path(),
            says=Both(
                "将有差额的各笔写成发放记录；入账后与原记录一并给出，再核算即无差额",
                "write the differences as payments; once they are booked, both files together leave no difference",
            ),
        ),
        Option(
            "--booked-on",
            type=DAY,
            says=Both(
                "入账日期，应晚于全部发放日期；默认为今日",
                "the day of the bookings, later than all payments; left out: today",
            ),
        ),
        Option(
            "--whole-person-ids",
            is_flag=True,
            says=Both("写出完整证件号码；否则遮蔽中间各位", "write person ids whole; else their middle is masked"),
        ),
        _workers(),
    ]
    examples = [
        "subsidy recalculate claims.xlsx --payments paid.csv -o adjustments.xlsx",
        "subsidy recalculate claims.csv --payments paid.csv --known-on 2024-06-01 \\",
        "              --report report.html",
    ]
    return Command("recalculate", lang, says, "recalculate:run", params, examples)


def _compare(lang: Lang) -> click.Command:
    says = Both(
        "以两个政策核定同一批申领：新的目录或标准要多花多少\n"
        "\n"
        "OLD、NEW 为两个政策文件夹，或两个日期（以 --policy 的政策在该日及以前公布的文本比较）。",
        "Decide the same claims under two policies: what a draft list or another rate would cost\n"
        "\n"
        "OLD and NEW are two policy folders, or two dates: then the texts of --policy that were published by each are "
        "compared.",
    )
    params = [
        Argument(
            "source",
            metavar="CLAIMS",
            says=Both("申领的 csv、xlsx 或 parquet 文件", "csv, xlsx or parquet file of claims"),
        ),
        Argument("old", says=Both("现政策的文件夹或日期", "the folder or date of the policy that there is")),
        Argument("new", says=Both("新政策的文件夹或日期", "the folder or date of the one to compare it with")),
        _output(
            "将逐笔差额写入该 csv、xlsx 或 parquet 文件", "write the differences to this csv, xlsx or parquet file"
        ),
        _workers(),
    ]
    examples = ["subsidy compare claims.xlsx policy/ draft/ -o differences.xlsx"]
    return Command("compare", lang, says, "compare:run", params, examples)


def _output(zh: str, en: str) -> Option:
    return Option("-o", "--output", metavar="FILE", type=click.Path(), says=Both(zh, en))


def _workers() -> Option:
    return Option(
        "--workers",
        type=WORKERS,
        says=Both("使用的处理器数；默认为全部", "how many processors to use; left out: all"),
    )


def _check(lang: Lang) -> click.Command:
    says = Both(
        "检查政策文件夹：先报告加载错误，再报告缺口、重叠、推定数值等发现\n\n退出码：0 无发现；1 有发现；2 无法加载。",
        "Check a policy folder: faults that keep it from loading, then gaps, overlaps and more\n\n"
        "Exit codes: 0 clean; 1 findings; 2 can't be loaded.",
    )
    params = [
        Argument("folder", required=False, metavar="DIR", says=Both("政策文件夹", "the policy folder")),
        Option(
            "--today",
            type=DAY,
            says=Both("视为今日的日期；默认为今日", "the day that counts as today; left out: today"),
        ),
    ]
    return Command("check", lang, says, "check:run", params, ["subsidy check policy/"])


def _diff(lang: Lang) -> click.Command:
    says = Both(
        "比较两个政策文件夹，或同一政策在两个日期所知的内容：谁的金额有变\n"
        "\n"
        "OLD、NEW 为两个文件夹，或两个日期（以 --policy 的政策在该日及以前公布的文本比较）。",
        "Say what changes for whom, between two policy folders or two days of knowledge\n"
        "\n"
        "OLD and NEW are two folders, or two dates: then the texts of --policy that were published by each "
        "are compared.",
    )
    params = [
        Argument("old", says=Both("原文件夹或日期", "the old folder or date")),
        Argument("new", says=Both("新文件夹或日期", "the new folder or date")),
        Option("--all", "everything", is_flag=True, says=Both("列出全部变化", "show every change")),
    ]
    examples = ["subsidy diff 2023-08-01 2023-09-01", "subsidy diff policy-2023/ policy-2024/"]
    return Command("diff", lang, says, "diff:run", params, examples)


def _catalog(lang: Lang) -> click.Command:
    says = Both("查看紧缺职业（工种）目录", "Look into the shortage catalogue")
    return Group("catalog", lang, says, {"list": _catalog_list, "search": _catalog_search})


def _catalog_list(lang: Lang) -> click.Command:
    says = Both("列出某日有效的目录条目", "List the entries in force on a day")
    on = Option("--on", type=DAY, says=Both("适用日期；默认为今日", "the day that it governs; left out: today"))
    return Command("list", lang, says, "catalog:run_list", [on], ["subsidy catalog list --on 2023-09-01"])


def _catalog_search(lang: Lang) -> click.Command:
    says = Both(
        "按编码、名称或别名查找职业及其列入情况",
        "Find occupations by code, name or alias, and where they are listed",
    )
    params = [
        Argument("text", says=Both("编码、名称或别名的一部分", "a part of a code, name or alias")),
        Option("--all", "everything", is_flag=True, says=Both("列出全部结果", "show every occupation found")),
    ]
    return Command("search", lang, says, "catalog:run_search", params, ["subsidy catalog search 焊工"])


def _verify(lang: Lang) -> click.Command:
    says = Both(
        "核验核定凭证：校验摘要并重新核定\n\n退出码：0 完整且可重现；1 有差异；2 无法读取。",
        "Verify a receipt: check its hashes and decide again\n\n"
        "Exit codes: 0 intact and reproduced; 1 differs; 2 can't be read.",
    )
    params = [Argument("receipt", says=Both("凭证文件；- 为标准输入", "the receipt's file; - is standard input"))]
    return Command("verify", lang, says, "verify:run", params, ["subsidy verify receipt.json"])


def _schema(lang: Lang) -> click.Command:
    says = Both("输出 JSON Schema；不带名称时列出名称", "Print a JSON Schema; without a name, list the names")
    words = Both("、".join(SCHEMA.words), ", ".join(SCHEMA.words))
    params = [Argument("name", required=False, type=SCHEMA, says=words)]
    return Command("schema", lang, says, "schema:run", params, ["subsidy schema rules > rules.schema.json"])


def _completion(lang: Lang) -> click.Command:
    says = Both(
        "输出 bash、zsh 或 fish 的命令补全脚本；默认依环境变量 SHELL\n"
        "\n"
        "脚本以环境变量 _SUBSIDY_COMPLETE 调用 subsidy。将示例中的一行加入 shell 的启动文件即可启用。",
        "Print the completion script of bash, zsh or fish; left out: as SHELL says\n"
        "\n"
        "The script calls subsidy with the variable _SUBSIDY_COMPLETE. To use it, add the line of the "
        "example to the start file of the shell.",
    )
    params = [Argument("shell", required=False, type=SHELL, says=Both("bash、zsh 或 fish", "bash, zsh or fish"))]
    return Command("completion", lang, says, "completion:run", params, ['eval "$(subsidy completion bash)"'])


COMMANDS: Mapping[str, Callable[[Lang], click.Command]] = {
    "quote": _quote,
    "assess": _assess,
    "recalculate": _recalculate,
    "compare": _compare,
    "check": _check,
    "diff": _diff,
    "catalog": _catalog,
    "verify": _verify,
    "cases": cases,
    "schema": _schema,
    "completion": _completion,
}
