"""What would mend an answer that isn't one: which text or fact is missing, and how an agency supplies it."""

from __future__ import annotations

import re

from subsidy.model.decision import Cite, Step, TextKind
from subsidy.model.words import Confidence, Outcome, Reason, Status
from subsidy.wording.figures import words
from subsidy.wording.phrases import CONFIDENCES, TEXTS, Phrase
from subsidy.wording.sentences import GAP_TEXTS, cite_name, field_name
from subsidy.wording.view import View

__all__ = ["advice_lines"]

# File of the policy folder, and what an edition of it must hold besides its head.
FILES: dict[TextKind, tuple[str, str]] = {
    "rules": ("rules.yaml", "entitlement, procedure"),
    "directory": ("occupations.yaml", "occupations"),
    "rates": ("subsidy_rates.yaml", "amounts"),
    "catalog": ("shortage_catalog.yaml", "entries"),
}

_MISSING = Phrase(
    "缺少适用于{day}的{text}. 贵单位如有该文本, 可在政策文件夹的 {file} 中 editions 下新增一个版本: "
    "effective_from 不晚于 {iso}, effective_to 不早于该日或留空, "
    "并填写 id, title, source, published_on, {keys}; {check}",
    "Missing: {text} for {day}. An agency that has the text adds an edition to {file} of its policy "
    "folder, under editions: with effective_from not after {iso}, effective_to not before it or left out, "
    "and id, title, source, published_on, {keys}; {check}",
)
_MISSING_UNDATED = Phrase(
    "缺少所需日期适用的{text}. 贵单位如有该文本, 可在政策文件夹的 {file} 中 editions 下新增一个版本, "
    "填写 id, title, source, published_on, effective_from, {keys}; {check}",
    "Missing: {text} for the date that decides. An agency that has the text adds an edition to {file} of its "
    "policy folder, under editions, with id, title, source, published_on, effective_from, {keys}; {check}",
)
_INCOMPLETE = Phrase(
    "所存的紧缺职业(工种)目录{editions} 只是整份目录的一部分. 贵单位如有完整目录, "
    "可在政策文件夹的 {file} 中 editions 下新增一个版本: "
    "entries 列出全部职业(工种), complete 为 true, published_on 晚于所存部分, 适用日期与该目录一致; {check}",
    "Only a part of the shortage catalogue{editions} is held. An agency that has the whole list adds an "
    "edition to {file} of its policy folder, under editions: with all occupations in entries, "
    "complete: true, published_on later than that of the part, and the dates that the list governs; {check}",
)
_CHECK = Phrase(
    "然后运行 subsidy check DIR (DIR 为该文件夹), 并用 --policy DIR 重新核定",
    "then run subsidy check DIR (DIR is that folder) and decide again with --policy DIR",
)
_WEAK = Phrase(
    "所用文件中可信度低于要求的: {texts}. "
    "贵单位如有更可靠的文本, 可在政策文件夹中作为新版本补入, 并在 source 注明出处; {check}",
    "Texts less reliable than asked for: {texts}. An agency that has better ones adds them to its policy folder "
    "as editions of their own, with their source; {check}",
)
_WEAK_UNNAMED = Phrase(
    "贵单位如有更可靠的文本, 可在政策文件夹中作为新版本补入, 并在 source 注明出处; {check}",
    "An agency that has better texts adds them to its policy folder as editions of their own, with "
    "their source; {check}",
)
_MONTHS = Phrase(
    "补填参保月数 (insured_months) 后重新核定", "Fill in the months insured (insured_months) and decide again"
)
_CONDITION = Phrase(
    "核实“{title}”, 在 {column} 栏填是或否后重新核定",
    'Verify "{title}", put true or false into the column {column} and decide again',
)
_MEND = Phrase("请更正{field}: {wanted}", "Correct the {field}: {wanted}")
_COLUMN = Phrase("“{column}”栏", "column {column}")
_NEAR = Phrase(" (是否为 {near}?)", " (did you mean {near}?)")
_WANTED = {
    Reason.DUPLICATE_CLAIM_ID: Phrase("每件申领使用不同的编号", "each claim has a number of its own"),
    Reason.MISSING_VALUE: Phrase("必须填写, 编号类须为文本", "a value is required, numbers of documents as text"),
    Reason.BAD_PERSON_ID: Phrase(
        "18 位居民身份证号, 出生日期真实, 校验码正确; 其他证件须注明证件类型为其他",
        "an 18-character resident number with a real date of birth and a right check character; "
        "for other documents the type is other",
    ),
    Reason.BAD_DATE: Phrase(
        "真实日期, 如 2023-09-01, 2023/9/1, 20230901 或 2023年9月1日",
        "a real date like 2023-09-01, 2023/9/1, 20230901 or 2023年9月1日",
    ),
    Reason.BAD_LEVEL: Phrase(
        "一级至五级 (如 3, 三级, 高级工, 三级/高级工) 或专项职业能力",
        "1 to 5 (or 三级, 高级工, 三级/高级工) or special (专项职业能力)",
    ),
    Reason.BAD_STREAM: Phrase(
        "职业培训补贴 (training) 或参保职工技能提升补贴 (skill_improvement)",
        "training (职业培训补贴) or skill_improvement (参保职工技能提升补贴)",
    ),
    Reason.BAD_OCCUPATION: Phrase("职业编码, 名称或别名", "a code, name or alias of an occupation"),
    Reason.BAD_NUMBER: Phrase("0 或正整数", "a whole number from 0"),
    Reason.BAD_BOOLEAN: Phrase("填是或否, 未知的留空", "true or false (是 or 否), nothing where it isn't known"),
    Reason.APPLIED_BEFORE_ISSUE: Phrase("不得早于发证日期", "not before the date of the certificate"),
    Reason.FILED_AFTER_CERTIFICATE: Phrase("不得晚于发证日期", "not after the date of the certificate"),
}
_TYPE_WANTED = Phrase("居民身份证 (resident) 或其他 (other)", "resident (居民身份证) or other (其他)")
_SUGGESTED = re.compile(r"did you mean (.+)\?$")


def advice_lines(view: View) -> list[str]:
    """Say what would mend an answer, one line for each thing; none for what is payable or refused."""
    answer = view.answer
    if answer.reason is None or answer.status not in {Status.UNDETERMINED, Status.INVALID}:
        return []
    if answer.status is Status.INVALID:
        return [_mend_record(view, answer.reason, answer.detail)]
    open_steps = view.failing(Outcome.UNCLEAR)
    if open_steps:
        return list(dict.fromkeys(_supply(view, step) for step in open_steps))
    return [_supply(view, Step(rule="", outcome=Outcome.UNCLEAR, reason=answer.reason, detail=answer.detail))]


def _mend_record(view: View, reason: Reason, detail: str | None) -> str:
    wanted = view.say(_TYPE_WANTED if detail == "person_id_type" else _WANTED[reason])
    record = view.step("record")
    near = _SUGGESTED.search(words(record.figures, "expected")) if record is not None else None
    if near is not None:
        wanted += view.say(_NEAR, near=near[1])
    name = field_name(view, detail)
    return view.say(
        _MEND, field=view.say(_COLUMN, column=name) if name == detail else f"{name} ({detail})", wanted=wanted
    )


def _supply(view: View, step: Step) -> str:
    """Say how one thing that is missing is supplied."""
    match step.reason:
        case Reason.INSURED_MONTHS_UNKNOWN:
            return view.say(_MONTHS)
        case Reason.CONDITION_UNKNOWN:
            title = words(step.figures, f"title_{view.lang}") or (step.detail or "")
            return view.say(_CONDITION, title=title, column=step.detail or "")
        case Reason.CONFIDENCE_TOO_LOW:
            return _better_texts(view, step)
        case Reason.CATALOG_INCOMPLETE:
            held = view.editions(step.cites, "catalog")
            return view.say(
                _INCOMPLETE,
                editions=f" ({held})" if held else "",
                file=FILES["catalog"][0],
                check=view.say(_CHECK),
            )
        case reason:
            return _missing_text(view, step, GAP_TEXTS[reason] if reason is not None else "rules")


def _missing_text(view: View, step: Step, kind: TextKind) -> str:
    file, keys = FILES[kind]
    day = view.gap_day(step.rule)
    values = {"text": view.say(TEXTS[kind]), "file": file, "keys": keys, "check": view.say(_CHECK)}
    if day is None:
        return view.say(_MISSING_UNDATED, **values)
    return view.say(_MISSING, day=view.day(day), iso=day.isoformat(), **values)


def _better_texts(view: View, step: Step) -> str:
    wanted = words(step.figures, "minimum")
    if not wanted:
        return view.say(_WEAK_UNNAMED, check=view.say(_CHECK))
    minimum = Confidence(wanted)
    cites = [cite for one in view.steps for cite in one.cites if cite.confidence.weaker_than(minimum)]
    told = ", ".join(dict.fromkeys(f"{cite_name(view, cite)} ({_confidence(view, cite)})" for cite in cites))
    return view.say(_WEAK, texts=told, check=view.say(_CHECK))


def _confidence(view: View, cite: Cite) -> str:
    return view.say(CONFIDENCES[cite.confidence])
