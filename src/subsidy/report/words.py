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
    "paid_amount_wrong": Phrase("当时发放有误", "Paid wrongly at the time"),
    "not_paid_yet": Phrase("应发未发", "Not paid yet"),
    "became_payable": Phrase("现予以核定", "Became payable"),
    "paid_twice": Phrase("重复发放", "Paid twice"),
    "base_changed": Phrase("补贴标准变化", "Base amount changed"),
    "uplift_gained": Phrase("新获上浮", "Uplift gained"),
    "uplift_lost": Phrase("失去上浮", "Uplift lost"),
    "uplift_rate_changed": Phrase("上浮幅度变化", "Uplift changed"),
}
MEANINGS: Final = {
    NO_CAUSE: Phrase("已发等于应发。", "What was paid is what is due."),
    "payment_without_claim": Phrase(
        "发放记录的申领编号不在本次申领之中，应发为零。",
        "The payment names a claim that is not among the claims; nothing is due.",
    ),
    "undetermined": Phrase(
        "依据或事实尚缺，或申领数据有误；补齐之前不提出追回。",
        "A text or a fact is missing, or the record can't be used; no recovery is proposed until it is supplied.",
    ),
    "listed_after_payment": Phrase(
        "发放之后职业(工种)才列入目录，按办法不补差额。",
        "The occupation was listed only after payment, and the rules give no difference for that.",
    ),
    "became_unpayable": Phrase(
        "已发放，但按现在所知的依据不予核定。", "Money was paid, but the claim is refused under the texts known now."
    ),
    "paid_amount_wrong": Phrase(
        "发放与当时所知依据下的核定结果不符。",
        "The payment does not match the decision under the texts known then.",
    ),
    "not_paid_yet": Phrase(
        "申请时即可核定，尚无发放。", "The claim was payable when it was made, and nothing has been paid."
    ),
    "became_payable": Phrase(
        "申请时不能核定，按现在所知的依据可以核定。",
        "The claim was not payable when it was made, and is so under the texts known now.",
    ),
    "paid_twice": Phrase("同一申领有两笔相同金额的发放。", "One claim has two payments of the same amount."),
    "base_changed": Phrase("发放之后，适用的补贴标准变了。", "The base amount that applies changed after payment."),
    "uplift_gained": Phrase("发放时无上浮，现在有。", "There was no uplift at payment, and there is one now."),
    "uplift_lost": Phrase("发放时有上浮，现在没有。", "There was an uplift at payment, and there is none now."),
    "uplift_rate_changed": Phrase("上浮仍在，金额变了。", "There still is an uplift, of another amount."),
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
