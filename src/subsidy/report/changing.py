"""What changed in the texts since a day, edition by edition, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pydantic import JsonValue

from subsidy.engine.diff_texts import TextChange, diff_editions
from subsidy.model.level import Level, Stream
from subsidy.policy.catalog import in_force
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Edition
from subsidy.report.data import Change, Text
from subsidy.report.words import CATEGORIES, LEVELS
from subsidy.wording.figures import percent
from subsidy.wording.phrases import FACTS, FIELDS, ROUNDING_UNITS, Lang, Phrase

__all__ = ["changes_since"]

_TEXTS: Final = {
    "directory": Text("补贴职业目录", "Directory"),
    "rates": Text("补贴标准表", "Rate table"),
    "catalog_editions": Text("紧缺职业（工种）目录", "Shortage catalogue"),
    "rules": Text("补贴办法", "Rules"),
}
_PUBLISHED: Final = Phrase(
    "《{title}》：{published} 公布，{first} 起适用。", "“{title}”: published {published}, governs from {first}."
)
_ENTERED: Final = {
    "added": Phrase("列入 {name}", "{name} is listed"),
    "removed": Phrase("不再列入 {name}", "{name} is no longer listed"),
}
_SAID: Final = {
    "added": Phrase("{what}：{new}", "{what}: {new}"),
    "removed": Phrase("{what}：取消（原为 {old}）", "{what}: no longer (it was {old})"),
    "changed": Phrase("{what}：由 {old} 改为 {new}", "{what}: from {old} to {new}"),
}
# What stands at a path: the keys of a policy's files, and the words that a text can have there.
_LABELS: Final = {
    "amounts": Phrase("金额", "amount"),
    "by_occupation": Phrase("单列的职业（工种）", "single occupations"),
    "covers": Phrase("补贴范围", "what is subsidised"),
    "mode": Phrase("与原目录的关系", "how it stands to former lists"),
    "complete": Phrase("所存目录完整", "the whole list is held"),
    "category": Phrase("类别", "category"),
    "digital": Phrase("数字技能职业", "digital occupation"),
    "tags": Phrase("标签", "tags"),
    "former_codes": Phrase("原编码", "former codes"),
    "levels": Phrase("等级", "levels"),
    "streams": Phrase("补贴项目", "kinds of subsidy"),
    "requires": Phrase("条件", "on condition of"),
    "except": Phrase("不计", "leaves out"),
    "uplifts": Phrase("上浮", "uplift"),
    "rate": Phrase("幅度", "rate"),
    "stacking": Phrase("同时符合多项上浮", "several uplifts"),
    "ceiling": Phrase("最高限额", "ceiling"),
    "rounding": Phrase("金额取舍", "rounding"),
    "rounding.to": Phrase("取到", "to"),
    "rounding.mode": Phrase("方式", "how"),
    "claim_window": Phrase("申领期限", "time to claim"),
    "months": Phrase("月数", "months"),
    "last_day": Phrase("期限最后一日", "the last day"),
    "conditions": Phrase("申领条件", "condition"),
    "title": Phrase("名称", "title"),
    "lower_after_higher": Phrase("高等级之后申领低等级", "a lower level after a higher one"),
    "late_listing": Phrase("发放后才列入目录", "what is listed after payment"),
    "limits": Phrase("申领次数上限", "limit"),
    "at_most": Phrase("最多", "at most"),
    "per": Phrase("每", "per"),
    "order": Phrase("顺序", "order"),
    "any": Phrase("不分类别", "any category"),
    "entitlement_date": Phrase("待遇认定日期", "entitlement date"),
    **{word: FIELDS[word] for word in ("certificate_date", "applied_on", "training_filed_on", "insured_months")},
}
_WORDS: Final = {
    "listed": Phrase("目录所列职业", "what is listed"),
    "all": Phrase("全部职业", "all occupations"),
    "replaces": Phrase("取代原目录", "replaces them"),
    "adds": Phrase("补充原目录", "adds to them"),
    "highest": Phrase("只取最高一项", "only the highest counts"),
    "sum": Phrase("各项相加", "they add up"),
    **ROUNDING_UNITS,
    "half_up": Phrase("四舍五入", "halves up"),
    "half_even": Phrase("四舍六入五成双", "halves to the even one"),
    "down": Phrase("舍去尾数", "cut"),
    "inclusive": Phrase("含当日", "included"),
    "exclusive": Phrase("不含当日", "not included"),
    "refuse": Phrase("不予核定", "refused"),
    "allow": Phrase("可以核定", "allowed"),
    "pay_difference": Phrase("补差额", "the difference is paid"),
    "keep": Phrase("不补差额", "no difference is paid"),
    "lifetime": Phrase("终身", "lifetime"),
    "calendar_year": Phrase("年（公历）", "calendar year"),
    **{word: FIELDS[word] for word in ("certificate_date", "applied_on", "training_filed_on")},
}
_STREAMS: Final = {stream.value: Phrase(stream.zh, stream.en) for stream in Stream}
_CELLS: Final = {**_STREAMS, **CATEGORIES, **LEVELS}
_FLAGS: Final = {True: Phrase("是", "yes"), False: Phrase("否", "no")}
_NONE: Final = Phrase("无", "none")
_ALL: Final = Phrase("全部", "all")
_YUAN: Final = Phrase("{amount} 元", "{amount} yuan")
_LIST: Final = Phrase("、", ", ")
_PARTS: Final = Phrase("；", "; ")
_QUOTED: Final = Phrase("“{word}”", " “{word}”")
_MONEY: Final = frozenset({"amounts", "by_occupation", "ceiling"})
_CONTAINERS: Final = frozenset({"entitlement", "procedure", "occupations", "entries"})
_PIECE: Final = re.compile(r"\[([^\]]*)\]|([^.\[\]]+)")
_MOST: Final = 300
_LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")


def changes_since(policy: Policy, day: date) -> Iterator[Change]:
    """Give what was published after a day: each edition, and what it changes of the one that was in force before."""
    before = policy.as_known_on(day)
    for field, text in _TEXTS.items():
        old: tuple[Edition, ...] = getattr(before, field)
        known = {edition.id for edition in old}
        for edition in getattr(policy, field):
            if edition.id in known:
                continue
            yield Change("added", edition.id, text, _published(edition))
            former = in_force(old, edition.effective_from)
            for one in () if former is None else diff_editions(former, edition):
                yield Change(one.change, edition.id, text, _line(one, policy))


def _published(edition: Edition) -> Text:
    values = {"published": str(edition.published_on), "first": str(edition.effective_from)}
    zh, en = edition.title.zh or edition.title.en, edition.title.en or edition.title.zh
    return Text(_PUBLISHED.say("zh", title=zh, **values), _PUBLISHED.say("en", title=en, **values))


def _line(change: TextChange, policy: Policy) -> Text:
    return Text(*(_Line(change, policy, lang).text() for lang in _LANGS))


class _Line:
    """One change of a text in one language."""

    def __init__(self, change: TextChange, policy: Policy, lang: Lang) -> None:
        self._change, self._policy, self._lang = change, policy, lang
        self._path = [named or key for named, key in _PIECE.findall(change.path or "")]
        self._money = bool(_MONEY.intersection(self._path))

    def text(self) -> str:
        change, path = self._change, self._path
        if len(path) == 2 and path[0] in {"entries", "occupations"} and change.change != "changed":
            return _ENTERED[change.change].say(self._lang, name=self._occupation(path[1]))
        key = path[-1]
        values = {"old": self._value(key, change.old), "new": self._value(key, change.new)}
        what = self._what()
        return _SAID[change.change].say(self._lang, what=what[:1].upper() + what[1:], **values)

    def _what(self) -> str:
        """Name what stands at the path."""
        told: list[str] = []
        for before, key in zip(["", *self._path], self._path, strict=False):
            if key in _CONTAINERS or (key in {"amounts", "by_occupation"} and not before):
                continue
            if before in {"uplifts", "conditions", "limits"}:
                told[-1] += _QUOTED.say(self._lang, word=key)
            elif before in {"entries", "occupations"}:
                told.append(self._occupation(key))
            else:
                told.append(self._label(key, before))
        return _LIST.say(self._lang).join(told) or ".".join(self._path)

    def _label(self, key: str, before: str = "") -> str:
        phrase = _LABELS.get(f"{before}.{key}") or _LABELS.get(key) or (_CELLS.get(key) if key else None)
        return self._occupation(key) if phrase is None else phrase.say(self._lang)

    def _occupation(self, code: str) -> str:
        title = self._policy.vocabulary.titles.get(self._policy.vocabulary.present(code))
        return code if title is None else f"{code} {title.in_language(self._lang)}".strip()

    def _value(self, key: str, value: JsonValue) -> str:
        told = self._said(key, value)
        return told if len(told) <= _MOST else f"{told[:_MOST]}…"

    def _said(self, key: str, value: JsonValue) -> str:
        if value is None or value in ([], {}):
            return _NONE.say(self._lang)
        if isinstance(value, bool):
            return _FLAGS[value].say(self._lang)
        if isinstance(value, list):
            whole = {"levels": len(Level), "streams": len(Stream)}.get(key)
            if len(value) == whole:
                return _ALL.say(self._lang)
            return _LIST.say(self._lang).join(self._said(key, one) for one in value)
        if isinstance(value, dict):
            return self._parts(key, value)
        if key == "rate":
            return percent(str(value))
        if self._money or key in _MONEY:
            return _YUAN.say(self._lang, amount=str(value))
        return self._word(key, str(value))

    def _parts(self, key: str, value: Mapping[str, JsonValue]) -> str:
        """Say a mapping: what it lacks is left out, and so is the id that the line names already."""
        money, self._money = self._money, self._money or key in _MONEY
        told = [
            f"{self._label(name, key)} {self._said(name, one)}"
            for name, one in value.items()
            if one is not None and one not in ([], {}) and name not in {"id", "source"}
        ]
        self._money = money
        return _PARTS.say(self._lang).join(told) or _NONE.say(self._lang)

    def _word(self, key: str, word: str) -> str:
        table = {"requires": FACTS, "except": FACTS, "levels": LEVELS, "streams": _STREAMS, "category": CATEGORIES}
        phrase = table.get(key, _WORDS).get(word)
        return word if phrase is None else phrase.say(self._lang)
