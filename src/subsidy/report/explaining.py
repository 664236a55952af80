"""One adjustment in plain words: what was paid, what is due, and which text or figure makes the difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty, without_persons
from subsidy.model.words import Reason
from subsidy.policy.policy import Policy
from subsidy.report.words import CAUSES, MEANINGS
from subsidy.wording.phrases import Lang, Phrase, language
from subsidy.wording.words import reason_text

__all__ = ["explain_adjustment", "titles_of"]

_HEAD: Final = {
    "top_up": Phrase(
        "申领 {id}：应补发 {money} 元（已发 {paid} 元，应发 {due} 元）。",
        "Claim {id}: {money} yuan more is owed (paid {paid}, due {due}).",
    ),
    "recovery": Phrase(
        "申领 {id}：多发 {money} 元（已发 {paid} 元，应发 {due} 元）；是否追回由经办机构决定。",
        "Claim {id}: {money} yuan too much was paid (paid {paid}, due {due}); whether to recover it is for the agency.",
    ),
    "none": Phrase(
        "申领 {id}：无差额（已发 {paid} 元，应发 {due} 元）。", "Claim {id}: no difference (paid {paid}, due {due})."
    ),
}
_CAUSE: Final = Phrase("原因：{cause}。{meaning}", "Cause: {cause}. {meaning}")
_PAID_THEN: Final = Phrase(
    "按首次发放日（{day}）所知的文件：{figures}。",
    "By the texts known on the day of the first payment, {day}: {figures}.",
)
_APPLIED_THEN: Final = Phrase(
    "按申请日（{day}）所知的文件：{figures}。", "By the texts known on the day of application, {day}: {figures}."
)
_NOW: Final = Phrase("按现在所知的文件：{figures}。", "By the texts known now: {figures}.")
_FIGURES: Final = Phrase(
    "补贴标准 {base} 元，上浮 {uplift} 元，计 {amount} 元", "base {base}, uplift {uplift}, amount {amount} yuan"
)
_NOT_THEN: Final = Phrase("不予核定", "not payable")
_REFUSED: Final = Phrase("{reason}", "{reason}")
_BLOCKED: Final = Phrase("{reason}（见申领 {other}）", "{reason} (by claim {other})")
_KEPT: Final = Phrase(
    "办法规定，发放之后才列入目录的，不补差额，故应发 {due} 元。",
    "The rules give no difference for an occupation listed after payment, so {due} yuan is due.",
)
_CHANGED: Final = Phrase("所依据的文件变了：{texts}。", "The texts relied on changed: {texts}.")
_SAME: Final = Phrase("所依据的文件没有变。", "The texts relied on are the same.")
_FROM_TO: Final = Phrase("{text}由“{old}”变为“{new}”", "{text} from “{old}” to “{new}”")
_NONE: Final = Phrase("无", "none")
_TEXTS: Final = {
    "directory_edition": Phrase("补贴职业目录", "directory"),
    "catalog_edition": Phrase("紧缺职业（工种）目录", "shortage catalogue"),
    "rate_edition": Phrase("补贴标准表", "rate table"),
    "rules_edition": Phrase("补贴办法", "rules"),
}
_BETWEEN: Final = Phrase("；", "; ")


def titles_of(policy: Policy) -> dict[str, Phrase]:
    """Give the title of each edition by its id; of those not known yet too."""
    found: dict[str, Phrase] = {}
    for edition in (policy.whole or policy).editions:
        title = edition.title
        found[edition.id] = Phrase(title.zh or title.en or edition.id, title.en or title.zh or edition.id)
    return found


def explain_adjustment(row: Mapping[str, Any], titles: Mapping[str, Phrase], lang: str = "zh") -> str:
    """Tell one row of the adjustments in plain words, one line for each thing to say.

    Parameters
    ----------
    row : mapping
        The columns of ``Recalculation.adjustments``.
    titles : mapping
        Titles of the editions by id (see `titles_of`).
    lang : {"zh", "en"}
        Chinese or English.
    """
    spoken = language(lang)
    lines = [_head(row, spoken)]
    cause = "" if is_empty(row["cause"]) else str(row["cause"])
    if cause:
        lines.append(_CAUSE.say(spoken, cause=CAUSES[cause].say(spoken), meaning=MEANINGS[cause].say(spoken)))
    if not is_empty(row["payable_then"]):
        lines.append(_then(row, spoken))
    if not is_empty(row["status"]):
        lines.append(_NOW.say(spoken, figures=_now(row, spoken)))
    if row["status"] == "payable" and row["due_fen"] < row["amount_fen"]:
        lines.append(_KEPT.say(spoken, due=format_yuan(int(row["due_fen"]))))
    if not is_empty(row["payable_then"]):
        lines.append(_texts(row, titles, spoken))
    return without_persons("\n".join(lines))


def _head(row: Mapping[str, Any], lang: Lang) -> str:
    return _HEAD[str(row["kind"])].say(
        lang,
        id="?" if is_empty(row["claim_id"]) else str(row["claim_id"]),
        money=format_yuan(abs(int(row["adjustment_fen"]))),
        paid=format_yuan(int(row["paid_fen"])),
        due=format_yuan(int(row["due_fen"])),
    )


def _figures(row: Mapping[str, Any], names: tuple[str, str, str], lang: Lang) -> str:
    base, uplift, amount = (format_yuan(int(row[name])) for name in names)
    return _FIGURES.say(lang, base=base, uplift=uplift, amount=amount)


def _then(row: Mapping[str, Any], lang: Lang) -> str:
    figures = _NOT_THEN.say(lang)
    if row["payable_then"]:
        figures = _figures(row, ("base_then_fen", "uplift_then_fen", "amount_then_fen"), lang)
    if is_empty(row["first_paid_on"]):
        return _APPLIED_THEN.say(lang, day=f"{row['applied_on']:%Y-%m-%d}", figures=figures)
    return _PAID_THEN.say(lang, day=f"{row['first_paid_on']:%Y-%m-%d}", figures=figures)


def _now(row: Mapping[str, Any], lang: Lang) -> str:
    if row["status"] == "payable":
        return _figures(row, ("base_fen", "uplift_fen", "amount_fen"), lang)
    reason = reason_text(Reason(str(row["reason"])), lang)
    if is_empty(row["blocked_by"]):
        return _REFUSED.say(lang, reason=reason)
    return _BLOCKED.say(lang, reason=reason, other=str(row["blocked_by"]))


def _texts(row: Mapping[str, Any], titles: Mapping[str, Phrase], lang: Lang) -> str:
    changed = [
        _FROM_TO.say(
            lang,
            text=name.say(lang),
            old=_title(row[f"{column}_then"], titles, lang),
            new=_title(row[column], titles, lang),
        )
        for column, name in _TEXTS.items()
        if _id(row[f"{column}_then"]) != _id(row[column])
    ]
    return _CHANGED.say(lang, texts=_BETWEEN.say(lang).join(changed)) if changed else _SAME.say(lang)


def _id(value: object) -> str:
    return "" if is_empty(value) else cast("str", value)


def _title(value: object, titles: Mapping[str, Phrase], lang: Lang) -> str:
    if is_empty(value):
        return _NONE.say(lang)
    return " + ".join(titles[one].say(lang) if one in titles else one for one in str(value).split("+"))
