"""One adjustment in plain words: what was paid, what is due, and which text or figure makes the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty, without_persons
from subsidy.model.words import Reason
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Limit, RulesEdition
from subsidy.report.words import CAUSES, MEANINGS
from subsidy.wording.figures import day_text
from subsidy.wording.phrases import FIELDS, Lang, Phrase, language, name_of
from subsidy.wording.words import reason_text

__all__ = ["Names", "explain_adjustment", "titles_of"]

Row = Mapping[str, Any]

_HEAD: Final = {
    "top_up": Phrase(
        "申领 {id}：应补发 {money} 元（已发 {paid} 元，应发 {due} 元）。",
        "Claim {id}: {money} yuan more is owed (paid {paid} yuan, due {due} yuan).",
    ),
    "recovery": Phrase(
        "申领 {id}：多发 {money} 元（已发 {paid} 元，应发 {due} 元）；是否追回由经办机构决定。",
        "Claim {id}: {money} yuan too much was paid (paid {paid} yuan, due {due} yuan); "
        "whether to recover it is for the agency to decide.",
    ),
    "none": Phrase(
        "申领 {id}：无差额（已发 {paid} 元，应发 {due} 元）。",
        "Claim {id}: no difference (paid {paid} yuan, due {due} yuan).",
    ),
}
_CAUSE: Final = Phrase("原因：{cause}。{meaning}", "Cause: {cause}. {meaning}")
# What is said instead of the general meaning of a cause, where the row says more.
_WAITING: Final = {
    "invalid": Phrase(
        "申领数据更正之前，不提出补发或追回。",
        "Until the record of the claim is corrected, neither a top-up nor a recovery is proposed.",
    ),
    "undetermined": Phrase(
        "所缺的文件或事实补齐之前，不提出补发或追回。",
        "Until the missing text or fact is supplied, neither a top-up nor a recovery is proposed.",
    ),
}
_ONLY_BACK: Final = Phrase(
    "补齐或更正之前，只提出退还多收回的金额。", "Until that is mended, only what was taken back too much is proposed."
)
_MEANWHILE: Final = Phrase("应发暂按已发金额计。", "Meanwhile what was paid counts as due.")
_OTHERWISE: Final = Phrase(
    "已发合计与按当时所知的文件核定的金额相符；其后公布的文件未改变补贴标准和上浮，改变的是最高限额或金额取舍。",
    "The sum paid is what was due under the texts known then; a text published since left base and uplift alone and "
    "changed the ceiling or the rounding.",
)
_OVERDRAWN: Final = Phrase("收回的比发放的多 {money} 元。", "{money} yuan more was taken back than was paid.")
_GONE: Final = Phrase("曾有发放，与收回相抵后为零。", "Payments and what was taken back add up to zero.")
_PAID_ON: Final = Phrase("首次发放日（{day}）", "on the day of the first payment, {day}")
_APPLIED_ON: Final = Phrase("申请日（{day}）", "on the day of application, {day}")
_NOW_ON: Final = Phrase("现在", "now")
_KNOWN_ON: Final = Phrase("{day}", "on {day}")
_KNOWN: Final = Phrase("按{when}所知的文件：{figures}。", "By the texts known {when}: {figures}.")
_ALIKE: Final = Phrase(
    "按{then}所知的文件与按{now}所知的文件，核定结果相同：{figures}。",
    "By the texts known {then}, and by those known {now}, the result is the same: {figures}.",
)
_NOT_LAW: Final = Phrase("所以差额不是文件变化造成的。", "So it is not the law that makes the difference.")
_BETWEEN_THEM: Final = Phrase(
    "如其间曾按后来又被取代的文件补发或追回过，请核对各笔发放。",
    "If it was topped up or partly recovered under a text that was replaced since, look at the payments one by one.",
)
_BASE_ONLY: Final = Phrase(
    "已发合计等于补贴标准，未含当时应有的上浮 {uplift} 元。",
    "The sum paid is the base alone, without the uplift of {uplift} yuan that was due then.",
)
_NOTHING_DUE: Final = Phrase(
    "已有发放，而按当时所知的文件不予核定，或尚无法核定。",
    "Money was paid, though the claim was refused, or not decidable yet, under the texts known then.",
)
_SUM: Final = Phrase(
    "补贴标准 {base} 元，上浮 {uplift} 元，计 {amount} 元",
    "base {base} yuan, uplift {uplift} yuan, amount {amount} yuan",
)
_LIMITED: Final = Phrase("（已按最高限额或金额取舍计）", " (after the ceiling or the rounding)")
_NOT_THEN: Final = Phrase("不予核定，或尚无法核定", "refused, or not decidable yet")
_STATUS: Final = {
    "refused": Phrase("按{when}所知的文件不予核定：{reason}。", "Refused by the texts known {when}: {reason}."),
    "undetermined": Phrase(
        "按{when}所知的文件暂无法核定：{reason}。", "Can't be decided by the texts known {when}: {reason}."
    ),
    "invalid": Phrase("申领数据有误：{reason}。", "The record can't be used: {reason}."),
}
_DETAIL: Final = Phrase("{reason}（{detail}）", "{reason} ({detail})")
_BY: Final = Phrase("{reason}（以{detail}为准）", "{reason} (the {detail} decides)")
_BLOCKED: Final = Phrase("{reason}（见申领 {other}）", "{reason} (see claim {other})")
_TURNS: Final = Phrase(
    "已发放的申领在先，按发放先后计，其余按申请先后计。",
    "Claims with money come first, in the order in which it was paid, then the others in the order of application.",
)
_YEARLY: Final = Phrase("每年最多 {number} 次", "at most {number} a year")
_LIFELONG: Final = Phrase("终身最多 {number} 次", "at most {number} in a lifetime")
_NEVER: Final = Phrase(
    "按{then}所知的文件同样不能核定，所以不是其后文件变了，而是当时就不应发放。",
    "It was not payable by the texts known {then}, either: so it is not the law that changed since; "
    "the money was not due then.",
)
_REPEALED: Final = Phrase(
    "按{then}所知的文件可以核定，按其后公布的文件不予核定，所以是文件变了。",
    "It was payable by the texts known {then}, and a text published since refuses it: so it is the law that changed.",
)
_KEPT: Final = Phrase(
    "{listed}首次发放在{day}；办法规定，发放之后才列入紧缺职业（工种）目录的不补差额，故应发 {due} 元。",
    "{listed}The first payment was made on {day}, and the rules give no difference for what was listed as a "
    "shortage occupation only after payment, so {due} yuan is due.",
)
_LISTED: Final = Phrase("现适用的紧缺职业（工种）目录：{title}。", "The shortage catalogue that applies now: {title}. ")
_PARTS: Final = Phrase(
    "差额分两部分：按当时所知的文件，{wrong}；按其后公布的文件，{law}。",
    "The difference has two parts: by the texts known then, {wrong}; by the texts published since, {law}.",
)
_TOO_MUCH: Final = Phrase("多发 {money} 元", "{money} yuan too much was paid")
_TOO_LITTLE: Final = Phrase("少发 {money} 元", "{money} yuan too little was paid")
_LAW_MORE: Final = Phrase("应发增加 {money} 元", "{money} yuan more is due")
_LAW_LESS: Final = Phrase("应发减少 {money} 元", "{money} yuan less is due")
_ALL_LAW: Final = Phrase(
    "但已发合计与按当时所知的文件核定的金额相符，差额来自其后公布的文件；请核对是否为分次发放。",
    "Yet the sum paid is what was due under the texts known then, and the difference comes from texts published "
    "since: see whether it was paid in parts.",
)
_CORRECTED: Final = Phrase(
    "如其间已按后来公布的文件补发或追回过，则未必是当时发错，请核对各笔发放。",
    "If it was topped up or partly recovered under a later text, no payment need have been wrong: "
    "look at them one by one.",
)
_CHANGED: Final = Phrase("变了的文件：{texts}。", "The text that changed: {texts}.")
_SEVERAL: Final = Phrase(
    "变了的文件（差别来自其中一份或几份）：{texts}。",
    "The texts that changed, of which one or more make the difference: {texts}.",
)
_ELSEWHERE: Final = Phrase(
    "决定金额的各文件版本未变；差别来自别处，如申请日适用的补贴办法。",
    "The editions that decide the amount are the same; the difference comes from elsewhere, such as the rules in "
    "force on the day of application.",
)
_FROM_TO: Final = Phrase("{text}由{old}变为{new}", "{text} from {old} to {new}")
_NONE: Final = Phrase("“无”", "none")
_TITLE: Final = Phrase("《{title}》", "“{title}”")
_PUBLISHED: Final = Phrase("{title}（{day}公布）", "{title} (published {day})")
_TEXTS: Final = {
    "directory_edition": Phrase("补贴职业目录", "directory"),
    "catalog_edition": Phrase("紧缺职业（工种）目录", "shortage catalogue"),
    "rate_edition": Phrase("补贴标准表", "rate table"),
    "rules_edition": Phrase("补贴办法", "rules"),
}
_BETWEEN: Final = Phrase("；", "; ")
_AND: Final = Phrase("、", " and ")
_LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")
_MIXED: Final = frozenset({"paid_amount_wrong", "paid_twice", "became_unpayable"})
_TOLD_BELOW: Final = frozenset({"listed_after_payment", "became_unpayable"})
# Reasons that don't say of themselves what they are about.
_DETAILED: Final = frozenset(
    {
        Reason.MISSING_VALUE.value,
        Reason.BAD_PERSON_ID.value,
        Reason.BAD_DATE.value,
        Reason.BAD_BOOLEAN.value,
        Reason.NO_RULES_IN_FORCE.value,
        Reason.CONDITION_NOT_MET.value,
        Reason.CONDITION_UNKNOWN.value,
        Reason.LIMIT_REACHED.value,
    }
)
_WIDE: Final = str.maketrans({"(": "（", ")": "）", ",": "，", ":": "：", ";": "；"})


class Names(NamedTuple):
    """What a policy calls all that rows name by an id, and what of it is known."""

    titles: dict[tuple[str, str], Phrase]  # by column and id: an id is unique in one of the four texts only
    published: dict[tuple[str, str], date]
    details: dict[str, Phrase]  # columns of a claim, conditions and limits
    known_on: date | None
    known_days: tuple[date, ...]  # on which the texts that decide became known, the first one first


def titles_of(policy: Policy) -> Names:
    """Give the titles of all that rows of the adjustments name by an id; of texts not known yet too."""
    whole = policy.whole or policy
    four = (whole.directory, whole.catalog_editions, whole.rates, whole.rules)
    editions = {(column, one.id): one for column, some in zip(_TEXTS, four, strict=True) for one in some}
    known = [one.published_on for one in policy.editions]
    known += [one.ended.published_on for one in policy.editions if one.ended is not None]
    return Names(
        {key: Phrase(one.title.in_language("zh"), one.title.in_language("en")) for key, one in editions.items()},
        {key: one.published_on for key, one in editions.items()},
        {**FIELDS, **_details(whole.rules)},
        policy.known_on,
        tuple(sorted(set(known))),
    )


def _details(rules: tuple[RulesEdition, ...]) -> dict[str, Phrase]:
    """Name conditions and limits; none of which two editions say different things."""
    found: dict[str, set[Phrase]] = defaultdict(set)
    for procedure in (one.procedure for one in rules):
        for condition in procedure.conditions:
            title = condition.title
            found[condition.id].add(Phrase(title.in_language("zh"), title.in_language("en")))
        for limit in procedure.limits:
            found[limit.id].add(_allowed(limit))
    return {name: some.pop() for name, some in found.items() if len(some) == 1}


def _allowed(limit: Limit) -> Phrase:
    phrase = _YEARLY if limit.per == "calendar_year" else _LIFELONG
    return Phrase(*(phrase.say(lang, number=str(limit.at_most)) for lang in _LANGS))


def explain_adjustment(row: Row, titles: Names, lang: str = "zh") -> str:
    """Tell one row of the adjustments in plain words, one line for each thing to say.

    Parameters
    ----------
    row : mapping
        The columns of ``Recalculation.adjustments``.
    titles : Names
        What the policy calls its texts (see `titles_of`).
    lang : {"zh", "en"}
        Chinese or English.
    """
    return without_persons("\n".join(_Explanation(row, titles, language(lang)).lines()))


class _Explanation:
    """What there is to say of one row, in one language."""

    def __init__(self, row: Row, names: Names, lang: Lang) -> None:
        self.row, self.names, self.lang = row, names, lang
        self.cause, self.status, self.reason = (self._word(name) for name in ("cause", "status", "reason"))
        self.paid, self.due = int(row["paid_fen"]), int(row["due_fen"])
        self.asked = not is_empty(row["payable_then"])
        self.payable_then = self.asked and bool(row["payable_then"])
        self.due_then = int(row["amount_then_fen"]) if self.payable_then else 0
        self.alike = (
            self.payable_then
            and self.status == "payable"
            and all(int(row[f"{name}_then_fen"]) == int(row[f"{name}_fen"]) for name in ("base", "uplift", "amount"))
        )

    def lines(self) -> Iterator[str]:
        """Say it, the result first."""
        yield self._head()
        if self.cause:
            yield self._say(_CAUSE, cause=CAUSES[self.cause].say(self.lang), meaning=self._meaning()).rstrip()
        if self.paid < 0:
            yield self._say(_OVERDRAWN, money=format_yuan(-self.paid))
        if self.paid == 0 and not is_empty(self.row["first_paid_on"]) and self.status:
            yield self._say(_GONE)
        yield from self._decisions()
        if self.status == "payable" and self.due < self.row["amount_fen"]:
            yield self._kept()
        if self.status == "refused":
            yield from self._refusal()
        if self.asked and not self.alike and (self.payable_then or self.status == "payable"):
            yield from self._difference()

    def _say(self, phrase: Phrase, **values: str) -> str:
        return phrase.say(self.lang, **values)

    def _word(self, name: str) -> str:
        return "" if is_empty(self.row[name]) else str(self.row[name])

    def _day(self, name: str) -> str:
        return day_text(f"{self.row[name]:%Y-%m-%d}", self.lang)

    def _head(self) -> str:
        return self._say(
            _HEAD[str(self.row["kind"])],
            id=self._word("claim_id") or "?",
            money=format_yuan(abs(int(self.row["adjustment_fen"]))),
            paid=format_yuan(self.paid),
            due=format_yuan(self.due),
        )

    def _meaning(self) -> str:
        if self.cause == "undetermined":
            return self._waiting()
        if self.cause == "uplift_rate_changed" and self.row["uplift_then_fen"] == self.row["uplift_fen"]:
            return self._say(_OTHERWISE)
        if self.cause == "paid_amount_wrong" and self.paid > 0 and self.asked and not self.payable_then:
            return self._say(_NOTHING_DUE)
        told_below = self.cause in _TOLD_BELOW or (self.cause == "paid_amount_wrong" and self.paid < 0)
        return "" if told_below else MEANINGS[self.cause].say(self.lang)

    def _waiting(self) -> str:
        if self.paid < 0:
            return self._say(_ONLY_BACK)
        told = [self._say(_WAITING[self.status or "undetermined"])]
        if self.paid > 0:
            told.append(self._say(_MEANWHILE))
        return ("" if self.lang == "zh" else " ").join(told)

    def _now(self) -> str:
        known = self.names.known_on
        return self._say(_NOW_ON) if known is None else self._say(_KNOWN_ON, day=day_text(known, self.lang))

    def _then(self) -> str:
        if is_empty(self.row["first_paid_on"]):
            return self._say(_APPLIED_ON, day=self._day("applied_on"))
        return self._say(_PAID_ON, day=self._day("first_paid_on"))

    def _decisions(self) -> Iterator[str]:
        """Say what was decided then, where that was asked, and what is decided now."""
        if self.alike:
            yield self._say(_ALIKE, then=self._then(), now=self._now(), figures=self._figures(""))
            if self.cause in _MIXED and self.paid > 0 and self.due == self.due_then:
                yield self._say(_NOT_LAW)
                yield from self._wrong()
            return
        if self.asked and (self.payable_then or self.status == "payable"):
            figures = self._figures("_then") if self.payable_then else self._say(_NOT_THEN)
            yield self._say(_KNOWN, when=self._then(), figures=figures)
        if self.status == "payable":
            yield self._say(_KNOWN, when=self._now(), figures=self._figures(""))
        elif self.status:
            yield self._say(_STATUS[self.status], when=self._now(), reason=self._why())

    def _figures(self, when: str) -> str:
        base, uplift, amount = (int(self.row[f"{name}{when}_fen"]) for name in ("base", "uplift", "amount"))
        told = self._say(_SUM, base=format_yuan(base), uplift=format_yuan(uplift), amount=format_yuan(amount))
        return told if base + uplift == amount else told + self._say(_LIMITED)

    def _why(self) -> str:
        """Give the reason, with the field, condition, limit or claim that it is about."""
        reason = reason_text(Reason(self.reason), self.lang)
        told = reason.translate(_WIDE) if self.lang == "zh" else reason
        other, detail = self._word("blocked_by"), self._word("detail")
        if other:
            return self._say(_BLOCKED, reason=told, other=other)
        if not detail or self.reason not in _DETAILED:
            return told
        named = name_of(self.names.details, detail, self.lang)
        named = named.translate(_WIDE) if self.lang == "zh" else named
        return self._say(_BY if self.reason == Reason.NO_RULES_IN_FORCE else _DETAIL, reason=told, detail=named)

    def _wrong(self) -> Iterator[str]:
        """Say what the sum paid is of what was due then, as far as figures show, and what they can't show."""
        base, uplift = (int(self.row[f"{name}_then_fen"]) for name in ("base", "uplift"))
        if self.paid == base and self.due_then == base + uplift and uplift > 0:
            yield self._say(_BASE_ONLY, uplift=format_yuan(uplift))
        since = [day for day in self.names.known_days if f"{day}" > f"{self.row['first_paid_on']:%Y-%m-%d}"]
        if len(since) > 1:
            yield self._say(_BETWEEN_THEM)

    def _refusal(self) -> Iterator[str]:
        """Say whose turn is first, and of a claim that was paid whether it is the law that changed."""
        if self._word("blocked_by") or self.reason == Reason.LIMIT_REACHED:
            yield self._say(_TURNS)
        if self.asked:
            yield self._say(_REPEALED if self.payable_then else _NEVER, then=self._then())

    def _kept(self) -> str:
        title = self._title("catalog_edition", "catalog_edition", dated=True)
        listed = self._say(_LISTED, title=title) if self._word("catalog_edition") else ""
        return self._say(_KEPT, listed=listed, day=self._day("first_paid_on"), due=format_yuan(self.due))

    def _difference(self) -> Iterator[str]:
        """Say which part of the difference is the payment's and which the law's, and name the texts that changed."""
        wrong, law = self.due_then - self.paid, self.due - self.due_then
        if self.cause in _MIXED and self.paid > 0 and law:
            if wrong:
                yield self._say(_PARTS, wrong=self._part(wrong, paid=True), law=self._part(law, paid=False))
            elif self.cause == "paid_twice":
                yield self._say(_ALL_LAW)
        yield self._changed()
        if self.paid > 0 and wrong and self.cause in {"paid_amount_wrong", "became_unpayable"}:
            yield self._say(_CORRECTED)

    def _part(self, fen: int, *, paid: bool) -> str:
        less, more = (_TOO_MUCH, _TOO_LITTLE) if paid else (_LAW_LESS, _LAW_MORE)
        return self._say(more if fen > 0 else less, money=format_yuan(abs(fen)))

    def _changed(self) -> str:
        changed = [
            self._say(
                _FROM_TO,
                text=name.say(self.lang),
                old=self._title(f"{column}_then", column),
                new=self._title(column, column, dated=True),
            )
            for column, name in _TEXTS.items()
            if self._word(f"{column}_then") != self._word(column)
        ]
        if not changed:
            return self._say(_ELSEWHERE)
        return self._say(_CHANGED if len(changed) == 1 else _SEVERAL, texts=self._say(_BETWEEN).join(changed))

    def _title(self, place: str, column: str, *, dated: bool = False) -> str:
        """Name the editions of a column by their titles; with the day of publication where that is asked for."""
        ids = self._word(place)
        if not ids:
            return self._say(_NONE)
        return self._say(_AND).join(self._one(column, one, dated=dated) for one in ids.split("+"))

    def _one(self, column: str, edition: str, *, dated: bool) -> str:
        known = self.names.titles.get((column, edition))
        title = edition if known is None else known.say(self.lang)
        told = title if "《" in title else self._say(_TITLE, title=title)
        day = self.names.published.get((column, edition))
        return told if day is None or not dated else self._say(_PUBLISHED, title=told, day=day_text(day, self.lang))
