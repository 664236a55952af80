"""The kinds of finding about amounts and about the parameters of the rules.

Words in braces are filled in by the check.
"""

from __future__ import annotations

from subsidy.engine.findings.kind import kind

__all__ = ["AMOUNTS", "RULES"]

_LOOK_AGAIN = "请核对文本；原文如此的，无须改动。"
_LOOK_AGAIN_EN = "Compare with the text; where it says so, leave it."

AMOUNTS = (
    kind(
        "higher-level-paid-less",
        "warning",
        (
            "{where}：{high} {high_amount} 元，低于{low} {low_amount} 元。",
            "{where}: {high} is paid {high_amount} yuan, less than {low} with {low_amount} yuan.",
        ),
        (_LOOK_AGAIN, _LOOK_AGAIN_EN),
    ),
    kind(
        "higher-level-paid-less-after-uplift",
        "warning",
        (
            "{where}：上浮后{high} {high_amount} 元，低于{low} {low_amount} 元。",
            ("{where}: with the uplift {high} is paid {high_amount} yuan, less than {low} with {low_amount} yuan."),
        ),
        (
            "请核对上浮适用的等级、金额和上限。",
            "Check for which levels the uplift holds, its amounts and the ceiling.",
        ),
    ),
    kind(
        "category-without-rate",
        "warning",
        (
            ("{stream}没有{category}的标准行，也没有 any 行；补贴职业目录 {directory} 中相关职业得不到补贴：{codes}。"),
            (
                "{stream} has neither a row for {category} nor one for any; in the directory "
                "{directory} that leaves without an amount: {codes}."
            ),
        ),
        ("请补录该行，或更正类别。", "Add the row, or mend the category."),
    ),
    kind(
        "level-without-rate",
        "info",
        (
            "{where}没有{levels}的标准，而同一补贴项目的其他行有。",
            "{where} has no amount for {levels}, which other rows of the stream have.",
        ),
        (
            "文本未列该等级的，无须改动；否则请补录。",
            "Where the text doesn't pay that level, leave it; else add the amount.",
        ),
    ),
    kind(
        "amount-redundant",
        "info",
        (
            "{occupation} 在{stream}、{level}的单列金额与其类别的金额相同：{amount} 元。",
            (
                "The amount of its own that {occupation} has in {stream}, {level}, is that of its "
                "category: {amount} yuan."
            ),
        ),
        (
            "文本确实单列的，无须改动；否则可以删除。",
            "Where the text prints it, leave it; else it may be left out of a new edition.",
        ),
    ),
    kind(
        "printed-amount-differs",
        "info",
        (
            "上浮 {uplift} 的列明金额与按比例计算的不同：{cells}；以列明金额为准。",
            ("What the uplift {uplift} prints isn't what its rate gives: {cells}. The printed amount is paid."),
        ),
        (
            "请核对金额；原文如此的，无须改动。",
            "Compare the amounts with the text; where it prints them so, leave them.",
        ),
    ),
    kind(
        "uplift-below-zero",
        "warning",
        (
            "{stream}、{level}：{cause}使金额低于补贴标准，上浮为负：{cells}。",
            ("{stream}, {level}: {cause} takes the amount below the base, so that the uplift is below zero: {cells}."),
        ),
        ("请核对列明金额、上限和取整规则。", "Check the printed amounts, the ceiling and the rounding."),
    ),
    kind(
        "amount-below-zero",
        "error",
        (
            "{stream}、{level}：金额为负：{cells}。",
            "{stream}, {level}: the amount itself is below zero: {cells}.",
        ),
        (
            "请更正上浮的列明金额，或将 stacking 改为 highest。",
            "Mend the printed amounts of the uplifts, or take the highest instead of the sum.",
        ),
    ),
    kind(
        "fractional-yuan",
        "info",
        (
            "{stream}：有 {count} 个金额不是整元，例如 {cells}。",
            "{stream}: amounts that aren't whole yuan: {count}, for example {cells}.",
        ),
        (
            "文本规定取整的，请填写 rounding。",
            "Where the text rounds to jiao or yuan, write it as rounding.",
        ),
    ),
)

RULES = (
    kind(
        "uplifts-overlap",
        "warning",
        (
            "上浮 {first} 与 {second} 可能同时成立，而文本未写明 stacking；按默认取最高的一项。",
            (
                "The uplifts {first} and {second} can hold at once, and stacking isn't stated; by "
                "default the highest is taken."
            ),
        ),
        (
            "请按文本写明 stacking: highest 或 stacking: sum。",
            "Write stacking: highest or stacking: sum, as the text has it.",
        ),
    ),
    kind(
        "tag-unknown",
        "warning",
        (
            "{what}要求标签 {tag}，而没有任何职业或目录条目带有该标签。",
            "{what} asks for the tag {tag}, which no occupation and no entry has.",
        ),
        (
            "请更正标签，或为职业、条目补上标签。",
            "Mend the word, or tag the occupations or entries that are meant.",
        ),
    ),
    kind(
        "limit-allows-nothing",
        "info",
        (
            "次数限制 {limit} 的 at_most 为 0：其适用的申领一律不予核定。",
            "The limit {limit} is at most 0: no claim that it binds is payable.",
        ),
        (_LOOK_AGAIN, _LOOK_AGAIN_EN),
    ),
    kind(
        "limit-never-binds",
        "info",
        ("次数限制 {limit} 不会适用于任何申领：{why}。", "The limit {limit} binds no claim: {why}."),
        ("请更正或删除。", "Mend it or leave it out."),
    ),
    kind(
        "limit-shadowed",
        "info",
        (
            "次数限制 {limit} 不起作用：{other} 适用于同样的申领，且总是不晚于它达到。",
            ("The limit {limit} has no effect: {other} binds the same claims and is always reached no later."),
        ),
        ("请核对两者的次数、期间和条件。", "Check the number, the period and the facts of both."),
    ),
    kind(
        "condition-never-asked",
        "info",
        (
            "条件 {condition} 不会被审核：{streams}在此期间没有补贴标准。",
            ("The condition {condition} is never asked: no rate table of that time has amounts for {streams}."),
        ),
        ("请更正 streams，或补录补贴标准。", "Mend its streams, or add the amounts."),
    ),
    kind(
        "insured-months-never-asked",
        "info",
        (
            "{streams}的参保月数要求不会被审核：该补贴项目在此期间没有补贴标准。",
            ("Months of insurance are asked for {streams}, for which no rate table of that time has amounts."),
        ),
        ("请更正补贴项目，或补录补贴标准。", "Mend the stream, or add the amounts."),
    ),
)
