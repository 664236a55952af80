"""Answers in plain Chinese and English, for the officer and for the applicant.

The first line is the result; then comes one numbered line for each rule, in order, then the texts relied on,
and last what is missing and how it is supplied. Everything is told from the steps; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator

from subsidy.model.decision import Cite, Decision, Entitlement, Step, TextKind
from subsidy.model.errors import InputError
from subsidy.model.money import format_yuan
from subsidy.model.words import Outcome, Reason, Status
from subsidy.wording.figures import percent
from subsidy.wording.mending import advice_lines
from subsidy.wording.phrases import (
    CONFIDENCES,
    OUTCOMES,
    QUOTE_RECORD,
    REASONS,
    RULES,
    STATUSES,
    TEXTS,
    Phrase,
    language,
)
from subsidy.wording.sentences import EARLIER, because, cite_name, field_name, sentence
from subsidy.wording.uplifts import shares
from subsidy.wording.view import View

__all__ = ["advice", "capitals", "explain", "reason_text"]

_BASE = Phrase("补贴标准 {base} 元", "base {base} yuan")
_UPLIFT = Phrase("上浮 {rate}{uplift} 元", "uplift {rate}{uplift} yuan")
_UPLIFT_OPEN = Phrase("上浮待定", "uplift open")
_AMOUNT = Phrase("核定 {amount} 元", "amount {amount} yuan")
_LIMITED = Phrase("已按最高限额计", "at the ceiling")
_ROUNDED = Phrase("已取舍", "rounded")
_NOTHING = Phrase("核定 0.00 元", "amount 0.00 yuan")
_ALSO_FAILS = Phrase("另有不符合: {reasons}", "Also fails: {reasons}")
_ALSO_OPEN = Phrase("另有无法认定: {reasons}", "Also unclear: {reasons}")
_RELIED = Phrase("依据: {texts}", "texts: {texts}")
_SOURCES = Phrase("依据文件:", "Texts relied on:")
_EDITIONS = Phrase("待遇认定日期适用的文件:", "Texts in force on the entitlement date:")
_DOCUMENT = Phrase("《{document}》", '"{document}"')
_NO_STEPS = Phrase(
    "本结果未附逐项审查情况, 以上仅据结果所载各栏",
    "The rules' outcomes, one by one, are not at hand; this is told from the fields of the result alone",
)
_WEAKEST = Phrase("所用文件中可信度最低的: {confidence}", "The weakest of the texts used: {confidence}")
# Rules whose sentence says all where nothing stands in the way.
_PLAIN = frozenset({"record", "ceiling", "rounding"})
_RENMINBI = "人民币"
_LARGEST_CAPITALS_FEN = 10**17


def explain(answer: Decision | Entitlement, lang: str = "zh") -> str:
    """Tell an answer in plain words.

    Parameters
    ----------
    answer : Decision or Entitlement
        What `subsidy.assess` or `subsidy.quote` gave.
    lang : {"zh", "en"}
        Chinese or English.

    Returns
    -------
    str
        Several lines without a line break at the end. Persons stand in it with masked numbers only.

    Raises
    ------
    InputError
        If the language is another.

    Examples
    --------
    >>> from subsidy import quote
    >>> print(explain(quote("4-04-05-05", 3, "2023-09-01")).splitlines()[0])
    人工智能训练师 三级: 补贴标准 1800.00 元, 上浮 30% 540.00 元, 核定 2340.00 元 (人民币贰仟叁佰肆拾元整)
    >>> print(explain(quote("4-04-05-05", 3, "2023-09-01"), "en").splitlines()[0])
    Artificial intelligence trainer, level 3: base 1800.00 yuan, uplift 30% 540.00 yuan, amount 2340.00 yuan
    """
    view = View(answer, language(lang))
    return "\n".join((_headline(view), *_also(view), *_body(view), *_sources(view), *advice_lines(view)))


def reason_text(reason: Reason, lang: str = "zh") -> str:
    """Give the short phrase of a reason.

    Examples
    --------
    >>> reason_text(Reason.CLAIMED_TOO_LATE), reason_text(Reason.CLAIMED_TOO_LATE, "en")
    ('超过申领期限', 'claimed too late')
    """
    return REASONS[reason].say(language(lang))


def advice(answer: Decision | Entitlement, lang: str = "zh") -> str | None:
    """Say what an undetermined or invalid answer lacks and how to supply it; None for any other.

    Examples
    --------
    >>> from subsidy import assess, quote
    >>> print(advice(assess({"claim_id": "C1"}), "en"))
    Correct the person's number (person_id): a value is required, numbers of documents as text
    >>> advice(quote("4-04-05-05", 3, "2023-09-01")) is None
    True
    """
    lines = advice_lines(View(answer, language(lang)))
    return "\n".join(lines) if lines else None


def capitals(fen: int) -> str:
    """Write an amount in the capital characters of Chinese vouchers (人民币大写).

    Raises
    ------
    InputError
        From 1000000000000000 yuan on, in either direction.

    Examples
    --------
    >>> capitals(234000), capitals(0), capitals(-5)
    ('人民币贰仟叁佰肆拾元整', '人民币零元整', '人民币负伍分')
    """
    if abs(fen) >= _LARGEST_CAPITALS_FEN:
        limit = format_yuan(_LARGEST_CAPITALS_FEN)
        raise InputError("amount", format_yuan(fen), f"less than {limit} yuan to write it in capitals")
    # Loaded on first use: importing it takes longer than all the rest.
    from cn2an import an2cn  # type: ignore[import-untyped]

    return f"{_RENMINBI}{'负' if fen < 0 else ''}{an2cn(format_yuan(abs(fen)), 'rmb')}"


def _headline(view: View) -> str:
    return f"{view.subject}: {_result(view)}" if view.subject else _result(view)


def _result(view: View) -> str:
    """Say the result; what stands in the way with its figures, where there is no amount."""
    answer = view.answer
    if answer.status is Status.PAYABLE:
        return _amounts(view)
    parts = [f"{view.say(STATUSES[answer.status])}, {_reason(view)}"]
    if answer.status is Status.REFUSED:
        parts.append(view.say(_NOTHING))
    elif answer.base_fen is not None:
        uplift = view.say(_UPLIFT_OPEN) if answer.uplift_fen is None else _uplift(view, answer.uplift_fen)
        parts.append(f"{view.say(_BASE, base=format_yuan(answer.base_fen))}, {uplift}")
    return "; ".join(parts)


def _amounts(view: View) -> str:
    answer = view.answer
    parts = []
    if answer.base_fen is not None:
        parts.append(view.say(_BASE, base=format_yuan(answer.base_fen)))
    if answer.uplift_fen is not None:
        parts.append(_uplift(view, answer.uplift_fen))
    parts.append(view.say(_AMOUNT, amount=format_yuan(answer.amount_fen)))
    told = ", ".join(parts)
    if view.lang == "zh" and abs(answer.amount_fen) < _LARGEST_CAPITALS_FEN:
        told += f" ({capitals(answer.amount_fen)})"
    return ", ".join((told, *_changes(view)))


def _uplift(view: View, uplift_fen: int) -> str:
    """Say the uplift, with its rate where one rate alone gives it."""
    step = view.step("uplift")
    taken = [share for share in shares(step) if share.taken] if step is not None else []
    single = taken[0] if len(taken) == 1 else None
    plain = single is not None and not single.printed and single.rate is not None and single.worth == uplift_fen
    rate = f"{percent(single.rate)} " if plain and single is not None and single.rate is not None else ""
    return view.say(_UPLIFT, rate=rate, uplift=format_yuan(uplift_fen))


def _changes(view: View) -> Iterator[str]:
    """Say that a ceiling or a rounding changed the amount; nothing where it didn't."""
    ceiling, rounding = view.step("ceiling"), view.step("rounding")
    if ceiling is not None and ceiling.figures.get("limited"):
        yield view.say(_LIMITED)
    if rounding is not None and str(rounding.figures.get("exact_fen")) != str(rounding.figures.get("amount_fen")):
        yield view.say(_ROUNDED)


def _deciding(view: View) -> Step | None:
    """Give the step whose reason is the answer's."""
    answer = view.answer
    wanted = None if answer.reason is None else answer.reason.outcome
    return next(iter(view.failing(wanted)), None) if wanted is not None else None


def _reason(view: View) -> str:
    answer, step = view.answer, _deciding(view)
    if step is not None:
        return because(view, step)
    if answer.reason is None:
        return ""
    earlier = answer.blocked_by if isinstance(answer, Decision) else None
    named = view.say(EARLIER, claim=earlier) if earlier else field_name(view, answer.detail)
    short = view.say(REASONS[answer.reason])
    return f"{short} ({named})" if named else short


def _also(view: View) -> Iterator[str]:
    """Say what else fails or can't be said, beside the reason of the headline."""
    first = _deciding(view)
    if first is None or view.answer.status is Status.INVALID:
        return
    for outcome, phrase in ((Outcome.NOT_MET, _ALSO_FAILS), (Outcome.UNCLEAR, _ALSO_OPEN)):
        others = [because(view, step) for step in view.failing(outcome) if step is not first]
        if others:
            yield view.say(phrase, reasons="; ".join(dict.fromkeys(others)))


def _body(view: View) -> Iterator[str]:
    if not view.steps:
        yield from _fields(view)
        return
    for place, step in enumerate(view.steps, 1):
        yield f"{place}. {_line(view, step)}"


def _line(view: View, step: Step) -> str:
    """Tell one rule: its name, its outcome, what it found, and the texts it read."""
    name = QUOTE_RECORD if step.rule == "record" and view.is_quote else RULES[step.rule]
    plain = step.rule in _PLAIN and step.outcome in {Outcome.MET, Outcome.COMPUTED}
    told = ["" if plain else view.say(OUTCOMES[step.outcome]), sentence(view, step)]
    relied = f" ({view.say(_RELIED, texts=view.editions(step.cites))})" if step.cites else ""
    return f"{view.say(name)}: {', '.join(filter(None, told))}{relied}"


def _sources(view: View) -> Iterator[str]:
    """Name every text relied on with its document, and say of each that isn't official what it is."""
    cites = dict.fromkeys(cite for step in view.steps for cite in step.cites)
    if cites:
        yield view.say(_SOURCES)
    for cite in cites:
        yield f"- {_source(view, cite)}"


def _source(view: View, cite: Cite) -> str:
    number = f" ({cite.number})" if cite.number else ""
    told = (_document(view, cite.document) + number, cite.url or "", view.say(CONFIDENCES[cite.confidence]))
    return f"{cite_name(view, cite)}: {', '.join(filter(None, told))}"


def _document(view: View, document: str) -> str:
    return document if "《" in document or '"' in document else view.say(_DOCUMENT, document=document)


def _fields(view: View) -> Iterator[str]:
    """Tell what the fields of an answer without steps say."""
    answer = view.answer
    editions: tuple[tuple[TextKind, str | None], ...] = (
        ("directory", answer.directory_edition),
        ("catalog", answer.catalog_edition),
        ("rates", answer.rate_edition),
        ("rules", answer.rules_edition),
    )
    held = [f"- {view.say(TEXTS[kind])} {edition}" for kind, edition in editions if edition is not None]
    if held:
        yield view.say(_EDITIONS)
        yield from held
    if answer.confidence is not None:
        yield view.say(_WEAKEST, confidence=view.say(CONFIDENCES[answer.confidence]))
    yield view.say(_NO_STEPS)
