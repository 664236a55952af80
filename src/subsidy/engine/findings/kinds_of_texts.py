"""The kinds of finding about the texts themselves and the entries of the lists.

Words in braces are filled in by the check.
"""

from __future__ import annotations

from subsidy.engine.findings.kind import kind

__all__ = ["ENTRIES", "TEXTS"]

_GAP = (
    ("没有{text}版本适用于 {dates}：未掌握该时段的文本，待遇认定日期在此时段的申领无法核定（{reason}）。"),
    (
        "No edition of the {text} governs {dates}: the text for these dates isn't held, and "
        "claims whose deciding date falls there are undetermined ({reason})."
    ),
)
_CATALOG_GAP = (
    (
        "没有{text}版本适用于 {dates}，而此时段的上浮以目录为条件：未掌握该时段的文本，"
        "相关申领的上浮无法核定（{reason}）。"
    ),
    (
        "No edition of the {text} governs {dates}, when an uplift asks for it: the text for "
        "these dates isn't held, and claims whose uplift asks for it are undetermined "
        "({reason})."
    ),
)
_GAP_ADVICE = (
    "取得该时段的文本后增加一个版本；金额和名单不从其他年度沿用。",
    ("Add an edition for these dates once its text is at hand; nothing is carried over from another year."),
)

TEXTS = (
    kind("gap-in-directory", "warning", _GAP, _GAP_ADVICE),
    kind("gap-in-rates", "warning", _GAP, _GAP_ADVICE),
    kind("gap-in-catalog", "warning", _CATALOG_GAP, _GAP_ADVICE),
    kind("gap-in-rules", "warning", _GAP, _GAP_ADVICE),
    kind(
        "superseded-wholly",
        "info",
        (
            "版本 {edition} 在其适用期内始终被后公布的 {later} 取代，不决定任何日期。",
            ("Edition {edition} is superseded on all of its dates by {later}, published later; it decides no date."),
        ),
        (
            "如属更正，无须处理；否则请核对两个版本的日期。",
            "If it was corrected, leave it; else compare the dates of both.",
        ),
    ),
    kind(
        "superseded-in-part",
        "info",
        (
            "版本 {edition} 在 {dates} 被 {later}（{published_on} 公布）取代。",
            "Edition {edition} is superseded {dates} by {later}, published on {published_on}.",
        ),
        (
            (
                "后一版本追溯适用的，请重新核定其公布前已核定的申领；前一版本在其后恢复适用的，"
                "请核对后一版本的截止日期。"
            ),
            (
                "Where the later text reaches back before its publication, recalculate what was decided "
                "until then; where the earlier text comes back into force behind it, check the later "
                "one's last day."
            ),
        ),
    ),
    kind(
        "catalog-incomplete",
        "info",
        (
            "目录版本 {edition} 只是名单的一部分（complete: false）：未列入不能证明不紧缺。",
            (
                "Catalogue edition {edition} holds a part of the list only (complete: false): absence "
                "from it proves nothing."
            ),
        ),
        (
            "取得完整名单后增加一个版本；在此之前，未列入的职业上浮无法核定。",
            (
                "Add an edition with the whole list once it is at hand; until then the uplift of what "
                "isn't listed is undetermined."
            ),
        ),
    ),
    kind(
        "assumed",
        "warning",
        (
            "{what}：推定，并非依据正式文本（{document}）。",
            "{what}: assumed, not taken from an official text: {document}.",
        ),
        (
            "取得文本后增加一个新版本；只接受正式或转载文本的，请设置 minimum_confidence。",
            (
                "Add a new edition once the text is at hand; to do without assumed amounts, ask for a "
                "minimum confidence."
            ),
        ),
    ),
    kind(
        "secondary",
        "info",
        (
            "{what}：依据转载或报道，并非正式文本（{document}）。",
            "{what}: taken from a report or copy, not from the official text: {document}.",
        ),
        (
            "请与正式文本核对，一致的标为 official。",
            "Compare with the official text; where it agrees, mark it official.",
        ),
    ),
    kind(
        "unsourced",
        "warning",
        (
            "{what}：来源既无文号也无网址，无法查证（{document}）。",
            ("{what}: its source has neither a number nor an address, so nobody can look it up: {document}."),
        ),
        ("请补充 number 或 url。", "Add number or url."),
    ),
    kind(
        "name-missing",
        "info",
        ("{what}：缺{language}名称。", "{what}: no name in {language}."),
        (
            "请补充；在此之前显示另一语言的名称。",
            "Add it; until then the name in the other language is shown.",
        ),
    ),
    kind(
        "not-verified",
        "warning",
        (
            "版本 {edition} 无截止日期、现仍适用，但{last_seen}，距今已超过一年。",
            "Edition {edition} is open and governs today, and {last_seen}, more than a year ago.",
        ),
        (
            "请确认文本仍然有效，并填写 source.verified_on；已失效的，填写 ended。",
            (
                "Make sure that it is still in force and write the day as source.verified_on; where it "
                "isn't, "
                "write ended."
            ),
        ),
    ),
)

ENTRIES = (
    kind(
        "entry-repeated",
        "info",
        (
            "目录版本 {later} 再次列出 {earlier} 已列的职业：{codes}；以后者的整条为准。",
            ("Catalogue edition {later} lists again what {earlier} lists: {codes}. The later entry wins as a whole."),
        ),
        (
            "请核对后一条的等级、数字标识和标签是否完整。",
            "Check that the later entry names all levels, its digital mark and its tags.",
        ),
    ),
    kind(
        "entry-not-listed",
        "warning",
        (
            "紧缺目录列出的 {occupation} 不在同时适用的补贴职业目录 {directory} 中，申领将不予核定。",
            (
                "The catalogue lists {occupation}, which the directory in force at that time, "
                "{directory}, "
                "doesn't list: its claims are refused."
            ),
        ),
        ("请核对职业编码，或补录补贴职业目录。", "Check the code, or add the occupation to the directory."),
    ),
    kind(
        "entry-without-rate",
        "warning",
        (
            "紧缺目录列出的 {occupation} 在{levels}没有补贴标准（{rates}）。",
            ("The catalogue lists {occupation} at {levels}, for which the rate table {rates} has no amount."),
        ),
        ("请核对等级，或补录补贴标准。", "Check the levels of the entry, or add the amounts."),
    ),
    kind(
        "entry-digital-differs",
        "warning",
        (
            "紧缺目录称 {occupation} {entry}，而{other}称{mark}；以紧缺目录为准。",
            (
                "The catalogue says that {occupation} {entry}, {other} says that it {mark}. The "
                "catalogue's entry decides."
            ),
        ),
        ("请核对数字职业标识。", "Check the digital mark in both texts."),
    ),
    kind(
        "occupation-digital-differs",
        "warning",
        (
            "补贴职业目录称 {occupation} {entry}，而职业分类大典称{mark}；以补贴职业目录为准。",
            (
                "The directory says that {occupation} {entry}, the classification says that it {mark}. "
                "The directory decides."
            ),
        ),
        ("请核对数字职业标识。", "Check the digital mark in both texts."),
    ),
)
