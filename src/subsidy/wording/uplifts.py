"""The sentence on the uplift: each share by its figures, what it asks for, and whether it counts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple, cast

from subsidy.model.decision import Step
from subsidy.model.words import Reason
from subsidy.wording.figures import facts_text, percent, texts, yuan_text
from subsidy.wording.phrases import Phrase
from subsidy.wording.view import View

__all__ = ["Share", "shares", "uplift"]


class Share(NamedTuple):
    """One uplift as its step tells it; ``worth`` is what it adds, in fen."""

    id: str
    requires: list[str]
    holds: bool
    taken: bool
    printed: bool
    rate: str | None
    worth: Fraction


_NONE = Phrase(
    "0.00 元, 办法对该补贴项目和等级未规定上浮",
    "0.00 yuan, the rules have none for this kind of subsidy and level",
)
_TOTAL = Phrase("{total} 元; {shares}", "{total} yuan; {shares}")
_RATE = Phrase("按补贴标准的 {rate} 计 {worth} 元", "{rate} of the base ({worth} yuan)")
_PRINTED = Phrase(
    "文件载明金额 {printed} 元, 比补贴标准多 {worth} 元",
    "{printed} yuan is printed, {worth} yuan more than the base",
)
_PRINTED_UNDER = Phrase(
    "文件载明金额 {printed} 元, 比补贴标准少 {worth} 元",
    "{printed} yuan is printed, {worth} yuan less than the base",
)
_ALWAYS = Phrase("不附条件", "without condition")
_HOLDS = Phrase("条件为{facts}, 符合", "on condition of {facts}, met")
_FAILS = Phrase(
    "条件为{facts}, 其中{missing}不符合, 不予上浮", "on condition of {facts}, {missing} not met, not granted"
)
_FAILS_ALONE = Phrase("条件为{facts}, 不符合, 不予上浮", "on condition of {facts}, not met, not granted")
_ASKS = Phrase("条件为{facts}", "on condition of {facts}")
_LESS = Phrase("只取最高一项, 本项不计", "only the highest counts, not this one")
_HIGHEST = Phrase("同时符合多项, 只取最高一项", "several hold, only the highest counts")
_SUM = Phrase("同时符合多项, 各项相加", "several hold, they add up")
_IN_CATALOG = Phrase(
    "该职业(工种)该等级已列入紧缺职业(工种)目录", "the shortage catalogue lists the occupation at this level"
)
_NOT_IN_CATALOG = Phrase(
    "该职业(工种)该等级未列入紧缺职业(工种)目录",
    "the shortage catalogue does not list the occupation at this level",
)
_GAP = {
    Reason.NO_CATALOG_IN_FORCE: Phrase("{because}, 上浮待定; {shares}", "{because}, the uplift stays open; {shares}"),
    Reason.CATALOG_INCOMPLETE: Phrase(
        "{because}, 所存部分没有该职业(工种)该等级, 不能据此认定未列入, 上浮待定; {shares}",
        "{because}, the part does not list the occupation at this level, "
        "which does not prove that the whole does not; the uplift stays open; {shares}",
    ),
}


def shares(step: Step) -> list[Share]:
    """Read the uplifts that a step weighed, in the order of the text."""
    found = cast(list[Mapping[str, object]], step.figures.get("uplifts") or [])
    return [
        Share(
            id=str(one["id"]),
            requires=[str(fact) for fact in cast(list[str], one["requires"])],
            holds=bool(one["holds"]),
            taken=bool(one["taken"]),
            printed=bool(one["printed"]),
            rate=None if one["rate"] is None else str(one["rate"]),
            worth=Fraction(str(one["worth_fen"])),
        )
        for one in found
    ]


def uplift(view: View, step: Step, because: str | None) -> str:
    """Say which uplifts there are, which hold and count; or, with ``because``, why that can't be said."""
    found = shares(step)
    if not found:
        return view.say(_NONE)
    told = [_share(view, step, share, gap=because is not None) for share in found]
    if len(found) > 1:
        told = [f"({place}) {share.id}: {text}" for place, (share, text) in enumerate(zip(found, told, strict=True), 1)]
    if because is not None and step.reason is not None:
        return view.say(_GAP[step.reason], because=because, shares="; ".join(told))
    if sum(share.holds for share in found) > 1:
        told.append(view.say(_SUM if step.figures.get("stacking") == "sum" else _HIGHEST))
    if step.figures.get("asks_catalog"):
        phrase = _IN_CATALOG if step.figures.get("in_catalog") else _NOT_IN_CATALOG
        told.append(view.say(phrase))
    total = sum((share.worth for share in found if share.taken), Fraction())
    return view.say(_TOTAL, total=yuan_text(total), shares="; ".join(told))


def _share(view: View, step: Step, share: Share, *, gap: bool) -> str:
    parts = [_worth(view, share), _requirement(view, step, share, gap=gap)]
    if share.holds and not share.taken:
        parts.append(view.say(_LESS))
    return ", ".join(parts)


def _worth(view: View, share: Share) -> str:
    if not share.printed:
        return view.say(_RATE, rate=percent(share.rate or "0"), worth=yuan_text(share.worth))
    base = view.step("base_amount")
    base_fen = Fraction(str(base.figures["base_fen"])) if base is not None else Fraction()
    phrase = _PRINTED if share.worth >= 0 else _PRINTED_UNDER
    return view.say(phrase, printed=yuan_text(base_fen + share.worth), worth=yuan_text(abs(share.worth)))


def _requirement(view: View, step: Step, share: Share, *, gap: bool) -> str:
    if not share.requires:
        return view.say(_ALWAYS)
    facts = facts_text(share.requires, view.lang)
    if gap or share.holds:
        return view.say(_ASKS if gap else _HOLDS, facts=facts)
    known = texts(step.figures, "facts")
    missing = [fact for fact in share.requires if fact not in known]
    phrase = _FAILS_ALONE if missing == share.requires else _FAILS
    return view.say(phrase, facts=facts, missing=facts_text(missing, view.lang))
