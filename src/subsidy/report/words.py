"""The closed lists of the page in both languages: causes and what they mean, kinds, the four texts, categories."""

from __future__ import annotations

from typing import Final

from subsidy.model.level import Level
from subsidy.wording.phrases import Phrase

__all__ = ["CATEGORIES", "CAUSES", "CHANGES", "LEVELS", "MEANINGS", "NO_CAUSE", "OTHERS", "name_of"]

NO_CAUSE: Final = ""
"""The key of the rows without a cause, and of any other row that lacks what a table is made by."""

# Each cause of section 6 of the specification: its name, and what it says.
CAUSES: Final = {
    NO_CAUSE: Phrase("无差额", "No difference"),
    "payment_without_claim": Phrase("有发放、无申领", "Payment without a claim"),
    "undetermined": Phrase("暂无法核定", "Can't be decided yet"),
    "listed_after_payment": Phrase("发放后才列入目录", "Listed after payment"),
    "became_unpayable": Phrase("现不予核定", "Not payable now"),
    "paid_amount_wrong": Phrase("已发与当时应发不符", "Not the sum due then"),
    "not_paid_yet": Phrase("应发未发", "Not paid yet"),
    "became_payable": Phrase("现可核定", "Became payable"),
    "paid_twice": Phrase("重复发放", "Paid twice"),
    "base_changed": Phrase("补贴标准变化", "Base amount changed"),
    "uplift_gained": Phrase("新获上浮", "Uplift gained"),
    "uplift_lost": Phrase("失去上浮", "Uplift lost"),
    "uplift_rate_changed": Phrase("上浮幅度变化", "Uplift changed"),
}
MEANINGS: Final = {
    NO_CAUSE: Phrase("已发等于应发。", "What was paid is what is due."),
    "payment_without_claim": Phrase(
        "所给的申领中没有这一编号，故应发为零；请先核对编号和申领是否齐全。",
        "No claim given has this id, so nothing is due; first check the id, and whether all claims were given.",
    ),
    "undetermined": Phrase(
        "所需的文件或事实尚缺，或申领数据有误；补齐、更正之前不提出补发或追回。",
        "A text or a fact is missing, or the record can't be used; until that is mended, "
        "neither a top-up nor a recovery is proposed.",
    ),
    "listed_after_payment": Phrase(
        "发放之后才列入紧缺职业（工种）目录，按办法不补差额。",
        "It was listed as a shortage occupation only after payment, and the rules give no difference for that.",
    ),
    "became_unpayable": Phrase(
        "已发放，但按现在所知的文件不予核定。", "Money was paid, but the claim is refused by the texts known now."
    ),
    "paid_amount_wrong": Phrase(
        "已发合计与按当时所知的文件核定的金额不符。",
        "The sum paid is not what was due under the texts known then.",
    ),
    "not_paid_yet": Phrase(
        "按当时所知的文件即可核定，而已发为零（退票、撤回的不计）。",
        "It was payable under the texts known then, and nothing stands as paid "
        "(returned and withdrawn payments don't count).",
    ),
    "became_payable": Phrase(
        "按当时所知的文件不能核定，按现在所知的文件可以核定；已发为零。",
        "It was not payable under the texts known then, and is payable now; nothing stands as paid.",
    ),
    "paid_twice": Phrase(
        "同一申领至少有两笔金额相同的发放，合计多于应发。",
        "One claim has two or more payments of the same amount, together more than is due.",
    ),
    "base_changed": Phrase(
        "已发合计与按当时所知的文件核定的金额相符；其后公布的文件改变了适用的补贴标准。",
        "The sum paid is what was due under the texts known then; a text published since changed the base amount.",
    ),
    "uplift_gained": Phrase(
        "已发合计与按当时所知的文件核定的金额相符，当时没有上浮；按其后公布的文件有上浮。",
        "The sum paid is what was due under the texts known then, without an uplift; a text published since gives one.",
    ),
    "uplift_lost": Phrase(
        "已发合计与按当时所知的文件核定的金额相符，当时有上浮；按其后公布的文件没有上浮。",
        "The sum paid is what was due under the texts known then, with an uplift; "
        "under a text published since there is none.",
    ),
    "uplift_rate_changed": Phrase(
        "已发合计与按当时所知的文件核定的金额相符；其后公布的文件改变了上浮的金额。",
        "The sum paid is what was due under the texts known then; "
        "a text published since changed the amount of the uplift.",
    ),
}
KINDS: Final = {
    "top_up": Phrase("补发", "Top-up"),
    "recovery": Phrase("追回", "Recovery"),
    "none": Phrase("无差额", "No difference"),
}
CHANGES: Final = {
    "added": Phrase("新增", "Added"),
    "removed": Phrase("删除", "Removed"),
    "changed": Phrase("修改", "Changed"),
}
CATEGORIES: Final = {
    "A": Phrase("A 类", "Category A"),
    "B": Phrase("B 类", "Category B"),
    "C": Phrase("C 类", "Category C"),
    NO_CAUSE: Phrase("未分类", "No category"),
}
LEVELS: Final = {
    **{level.value: Phrase(level.zh, level.en[0].upper() + level.en[1:]) for level in Level},
    NO_CAUSE: Phrase("等级不详", "Level unknown"),
}
OTHERS: Final = Phrase("其余 {number} 个职业(工种)", "{number} other occupations")
EARLIER: Final = Phrase("{month} 及以前", "Until {month}")
UNKNOWN_OCCUPATION: Final = Phrase("职业(工种)不详", "Occupation unknown")
UNKNOWN_MONTH: Final = Phrase("月份不详", "Month unknown")


def name_of(table: dict[str, Phrase], key: str) -> tuple[str, str]:
    """Give the Chinese and English name of a key; one that the table lacks is shown as it stands.

    Examples
    --------
    >>> name_of(CAUSES, "paid_twice"), name_of(CATEGORIES, "D")
    (('重复发放', 'Paid twice'), ('D', 'D'))
    """
    zh, en = table.get(key, (key, key))
    return zh, en
