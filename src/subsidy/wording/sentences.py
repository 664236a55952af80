"""What each rule asked and found, in one sentence for each step; and each reason with its figures.

A sentence reads the figures of its step and nothing else, so that it can't say what the engine didn't do.
"""

from __future__ import annotations

from collections.abc import Callable

from subsidy.model.decision import Cite, Step, TextKind
from subsidy.model.words import Confidence, Outcome, Reason
from subsidy.wording.figures import facts_text, joined, number, texts, words, yuan_text
from subsidy.wording.phrases import (
    DEGREES,
    DEMANDS,
    FIELDS,
    PARTICULARS,
    REASONS,
    ROUNDING_MODES,
    ROUNDING_UNITS,
    TEXTS,
    Phrase,
    name_of,
)
from subsidy.wording.uplifts import uplift
from subsidy.wording.view import View

__all__ = ["EARLIER", "GAP_TEXTS", "SENTENCES", "because", "cite_name", "field_name", "sentence"]

# The text that is missing where a reason says so.
GAP_TEXTS: dict[Reason, TextKind] = {
    Reason.NO_RULES_IN_FORCE: "rules",
    Reason.NO_DIRECTORY_IN_FORCE: "directory",
    Reason.NO_RATES_IN_FORCE: "rates",
    Reason.NO_CATALOG_IN_FORCE: "catalog",
}

# Of the texts that a step cites, the one whose silence gave the reason.
_DECIDING: dict[Reason, TextKind] = {
    Reason.OCCUPATION_NOT_LISTED: "directory",
    Reason.LEVEL_NOT_SUBSIDISED: "rates",
    Reason.CATALOG_INCOMPLETE: "catalog",
}

_RECORD = Phrase("{claim}, 申请人 {person}, {asked}", "{claim}, person {person}, {asked}")
_QUOTE = Phrase("{asked}, 待遇认定日期 {day}", "{asked}, entitlement date {day}")
_DATE = {
    "certificate_date": Phrase("{day}, 按发证日期认定", "{day}, the date of the certificate decides"),
    "applied_on": Phrase("{day}, 按申请日期认定", "{day}, the date of application decides"),
    "training_filed_on": Phrase("{day}, 按备案日期认定", "{day}, the date on which the training was filed decides"),
}
_DATE_UNFILED = Phrase(
    "{day}, 按申请日期认定 (办法以备案日期为准, 本申领无备案日期)",
    "{day}, the date of application decides (the rules ask for the date of filing, and the claim has none)",
)
_DATE_UNKNOWN = Phrase(
    "申请日期 {day} 无适用的补贴办法, 无从确定以哪个日期为准",
    "no rules in force on the date of application, {day}, so none says which date decides",
)
_BASE_OWN = Phrase("{base} 元, 标准表对该职业(工种)单列", "{base} yuan, printed for this occupation by name")
_BASE_CATEGORY = Phrase(
    "{base} 元, 该职业(工种)属 {category} 类", "{base} yuan, the occupation is of category {category}"
)
_BASE_ANY = Phrase(
    "{base} 元, 目录对该职业(工种)未分类别", "{base} yuan, the directory gives the occupation no category"
)
_NO_CEILING = Phrase("未设", "none is set")
_UNDER_CEILING = Phrase("{ceiling} 元, {total} 元未超过", "{ceiling} yuan, {total} yuan is within it")
_CEILING = Phrase("{total} 元超过最高限额, 按 {ceiling} 元计", "{total} yuan is above it and counts as {ceiling} yuan")
_EXACT = Phrase("无需取舍, 金额 {amount} 元", "nothing to round, amount {amount} yuan")
_ROUNDED = Phrase("{exact} 元{mode}, 金额 {amount} 元", "{exact} yuan {mode}, amount {amount} yuan")
_SPLIT = Phrase(", 其中补贴标准 {base} 元, 上浮 {uplift} 元", ", of it base {base} yuan, uplift {uplift} yuan")
_NO_MINIMUM = Phrase("未设最低要求", "no minimum is asked for")
_WEAKEST = Phrase("所用文件中可信度最低的为{confidence}", "the weakest used are {confidence}")
_ALL_OFFICIAL = Phrase("所用文件均为正式文本", "all that were used are official texts")
_NO_TEXT_USED = Phrase("未用到任何文件", "no text was used")
_NO_WINDOW = Phrase(
    "办法未规定期限, 发证日期 {certificate}, 申请日期 {applied}",
    "the rules set none; certificate of {certificate}, applied on {applied}",
)
_WINDOW = Phrase(
    "发证日期 {certificate}, 限 {months} 个月内申领, 最迟 {last_day}, 申请日期 {applied}",
    "certificate of {certificate}, {months} months to claim, last day {last_day}, applied on {applied}",
)
_NO_MONTHS = Phrase("对该补贴项目不作要求", "not required for this kind of subsidy")
_MONTHS = Phrase("要求满 {required} 个月, 实际 {months} 个月", "{required} required, {months} found")
_MONTHS_UNKNOWN = Phrase("要求满 {required} 个月, 申领未填", "{required} required, the claim doesn't say")
_CONDITION = Phrase("{title}: 申领填报为{stated}", "{title}: the claim says {stated}")
_CONDITION_UNSTATED = Phrase("{title}: 申领未填", "{title}: the claim doesn't say")
_STATED = {True: Phrase("是", "yes"), False: Phrase("否", "no")}
_CERTIFICATE = Phrase("只享受一次补贴, 证书 {number} {found}", "one subsidy for each; certificate {number}: {found}")
_SAME_LEVEL = Phrase("只享受一次补贴, {level}{found}", "one subsidy for each; {level}: {found}")
_HIGHER = Phrase(
    "已享受更高等级补贴的, 不再享受{level}补贴; {found}",
    "whoever was granted one for a higher level gets none for {level}; {found}",
)
_LIMIT = Phrase(
    "{scope}, {streams}最多 {at_most} 次{only}, 此前已计 {count} 次 (限次条款 {id})",
    "at most {at_most} {scope}, {streams}{only}, {count} counted before (limit {id})",
)
_YEAR = Phrase("{year}年内", "in {year}")
_LIFETIME = Phrase("终身", "in a lifetime")
_TOGETHER = Phrase("{streams}合计", "{streams} together")
_ONLY = Phrase(", 只计{facts}的", ", counting only those of {facts}")
_BUT = Phrase(", 不计{facts}的", ", not counting those of {facts}")
_PART = Phrase("其中 {part}", "for {part}")
_FREE = Phrase("此前未享受", "none granted before")
_BLOCKED = Phrase("此前已由申领 {claim} 享受", "granted before to claim {claim}")
EARLIER = Phrase("申领 {claim}", "claim {claim}")


def _asked(view: View, step: Step) -> str:
    figures = step.figures
    name, code = words(figures, f"name_{view.lang}"), words(figures, "occupation")
    named = code if name == code else f"{name} ({code})"
    return ", ".join((named, view.level_name(words(figures, "level")), view.stream_name(words(figures, "stream"))))


def field_name(view: View, field: str | None) -> str:
    """Name a column of a record; a condition's own column stands as the policy names it."""
    return name_of(FIELDS, field or "", view.lang)


def cite_name(view: View, cite: Cite) -> str:
    """Name a text relied on, and the part of it that has a source of its own."""
    name = f"{view.say(TEXTS[cite.kind])} {cite.edition}"
    return f"{name} ({view.say(_PART, part=cite.part)})" if cite.part else name


def _record(view: View, step: Step) -> str:
    if step.reason is not None:
        return because(view, step)
    asked, day = _asked(view, step), view.gap_day("record") if view.is_quote else None
    if day is not None:
        return view.say(_QUOTE, asked=asked, day=view.day(day))
    return view.say(_RECORD, claim=view.claim, person=words(step.figures, "person"), asked=asked)


def _entitlement_date(view: View, step: Step) -> str:
    figures = step.figures
    if step.reason is not None:
        return view.say(_DATE_UNKNOWN, day=view.day(words(figures, "applied_on")))
    name, asked_for = words(figures, "date"), words(figures, "asked_for")
    phrase = _DATE[name] if name == asked_for else _DATE_UNFILED
    return view.say(phrase, day=view.day(words(figures, "on")))


def _base_amount(view: View, step: Step) -> str:
    if step.reason is not None:
        return because(view, step)
    category, base = words(step.figures, "category"), yuan_text(number(step.figures, "base_fen") or 0)
    if step.figures.get("by_occupation"):
        return view.say(_BASE_OWN, base=base)
    return view.say(_BASE_CATEGORY if category else _BASE_ANY, base=base, category=category)


def _ceiling(view: View, step: Step) -> str:
    limit_fen = number(step.figures, "ceiling_fen")
    if limit_fen is None:
        return view.say(_NO_CEILING)
    phrase = _CEILING if step.figures.get("limited") else _UNDER_CEILING
    return view.say(phrase, ceiling=yuan_text(limit_fen), total=yuan_text(words(step.figures, "total_fen")))


def _rounding(view: View, step: Step) -> str:
    figures = step.figures
    base, uplift_fen, amount = (yuan_text(words(figures, f"{name}_fen")) for name in ("base", "uplift", "amount"))
    split = view.say(_SPLIT, base=base, uplift=uplift_fen)
    exact = yuan_text(words(figures, "exact_fen"))
    if exact == amount:
        return view.say(_EXACT, amount=amount) + split
    unit = view.say(ROUNDING_UNITS[words(figures, "to")])
    mode = view.say(ROUNDING_MODES[words(figures, "mode")], unit=unit)
    return view.say(_ROUNDED, exact=exact, mode=mode, amount=amount) + split


def _degree(view: View, word: str) -> str:
    return view.say(DEGREES[Confidence(word)]) if word else ""


def _demand(view: View, step: Step) -> str:
    minimum = words(step.figures, "minimum")
    return view.say(DEMANDS[Confidence(minimum)] if minimum else _NO_MINIMUM)


def _minimum_confidence(view: View, step: Step) -> str:
    confidence = words(step.figures, "confidence")
    weakest = {"": _NO_TEXT_USED, Confidence.OFFICIAL.value: _ALL_OFFICIAL}.get(confidence, _WEAKEST)
    return f"{_demand(view, step)}, {view.say(weakest, confidence=_degree(view, confidence))}"


def _within_claim_window(view: View, step: Step) -> str:
    figures = step.figures
    certificate, applied = (view.day(words(figures, key)) for key in ("certificate_date", "applied_on"))
    if not words(figures, "months"):
        return view.say(_NO_WINDOW, certificate=certificate, applied=applied)
    last_day = view.day(words(figures, "last_day"))
    months = words(figures, "months")
    return view.say(_WINDOW, certificate=certificate, months=months, last_day=last_day, applied=applied)


def _insured_long_enough(view: View, step: Step) -> str:
    required, months = words(step.figures, "required"), words(step.figures, "months")
    phrase = (_MONTHS if months else _MONTHS_UNKNOWN) if required else _NO_MONTHS
    return view.say(phrase, required=required, months=months)


def _condition(view: View, step: Step) -> str:
    title, stated = words(step.figures, f"title_{view.lang}"), step.figures.get("stated")
    if stated is None:
        return view.say(_CONDITION_UNSTATED, title=title)
    return view.say(_CONDITION, title=title, stated=view.say(_STATED[bool(stated)]))


def _found(view: View, step: Step) -> str:
    return view.say(_FREE) if step.blocked_by is None else view.say(_BLOCKED, claim=step.blocked_by)


def _certificate_paid_once(view: View, step: Step) -> str:
    return view.say(_CERTIFICATE, number=words(step.figures, "certificate_no"), found=_found(view, step))


def _level_paid_once(view: View, step: Step) -> str:
    return view.say(_SAME_LEVEL, level=view.level_name(words(step.figures, "level")), found=_found(view, step))


def _no_lower_after_higher(view: View, step: Step) -> str:
    return view.say(_HIGHER, level=view.level_name(words(step.figures, "level")), found=_found(view, step))


def _scope(view: View, step: Step) -> str:
    yearly = words(step.figures, "per") == "calendar_year"
    return view.say(_YEAR if yearly else _LIFETIME, year=words(step.figures, "year"))


def _limit(view: View, step: Step) -> str:
    figures = step.figures
    names = [view.stream_name(stream) for stream in texts(figures, "streams")]
    streams = joined(names, view.lang)
    only = "".join(
        view.say(phrase, facts=facts_text(texts(figures, key), view.lang))
        for key, phrase in (("requires", _ONLY), ("except", _BUT))
        if texts(figures, key)
    )
    return view.say(
        _LIMIT,
        scope=_scope(view, step),
        streams=view.say(_TOGETHER, streams=streams) if len(names) > 1 else streams,
        only=only,
        at_most=words(figures, "at_most"),
        count=words(figures, "count"),
        id=step.detail or "",
    )


def _uplift(view: View, step: Step) -> str:
    return uplift(view, step, because(view, step) if step.reason is not None else None)


SENTENCES: dict[str, Callable[[View, Step], str]] = {
    "record": _record,
    "entitlement_date": _entitlement_date,
    "base_amount": _base_amount,
    "uplift": _uplift,
    "ceiling": _ceiling,
    "rounding": _rounding,
    "minimum_confidence": _minimum_confidence,
    "within_claim_window": _within_claim_window,
    "insured_long_enough": _insured_long_enough,
    "condition": _condition,
    "certificate_paid_once": _certificate_paid_once,
    "level_paid_once": _level_paid_once,
    "no_lower_after_higher": _no_lower_after_higher,
    "limit": _limit,
}


def sentence(view: View, step: Step) -> str:
    """Say what a rule asked and found; empty where it was not asked."""
    return "" if step.outcome is Outcome.NOT_ASKED else SENTENCES[step.rule](view, step)


def because(view: View, step: Step) -> str:
    """Say the reason of a step with its figures, e.g. 参保月数不足 (要求 12 个月, 实际 6 个月)."""
    if step.reason is None:
        return ""
    short = view.say(REASONS[step.reason])
    if step.blocked_by is not None:
        return f"{short} ({view.say(EARLIER, claim=step.blocked_by)})"
    phrase = PARTICULARS.get(step.reason)
    return short if phrase is None else view.say(phrase, reason=short, **_particulars(view, step))


def _particulars(view: View, step: Step) -> dict[str, str]:
    """Give the figures that the phrases of `PARTICULARS` name."""
    figures, level, day = step.figures, view.level, view.gap_day(step.rule)
    kind = GAP_TEXTS.get(step.reason) if step.reason is not None else None
    told = {
        "text": view.say(TEXTS[kind]) if kind is not None else "",
        "day": view.day(day) if day is not None else "",
        "level": view.level_name(level) if level is not None else "",
        "stream": view.stream,
        "field": field_name(view, step.detail),
        "editions": view.editions(step.cites, _DECIDING[step.reason]) if step.reason in _DECIDING else "",
        "title": words(figures, f"title_{view.lang}"),
    }
    if step.rule == "minimum_confidence":
        told |= {"confidence": _degree(view, words(figures, "confidence")), "asked": _demand(view, step)}
    if step.rule == "within_claim_window":
        told |= {key: view.day(words(figures, key)) for key in ("last_day", "applied_on")}
    if step.rule == "limit":
        told["scope"] = _scope(view, step)
    return {key: words(figures, key) for key in ("required", "months", "at_most", "count")} | told
