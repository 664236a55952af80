"""The words of an explanation in both languages: one table for each closed list.

Nothing is decided here. The words in braces are filled in by `subsidy.wording.sentences`.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from subsidy.model.decision import TextKind
from subsidy.model.errors import InputError
from subsidy.model.text import shown
from subsidy.model.words import Confidence, Outcome, Reason, Status

__all__ = ["Lang", "Phrase", "language", "name_of"]

Lang = Literal["zh", "en"]


class Phrase(NamedTuple):
    """One thing to say, in Chinese and English.

    Examples
    --------
    >>> Phrase("{n} 元", "{n} yuan").say("zh", n="1800.00")
    '1800.00 元'
    """

    zh: str
    en: str

    def say(self, lang: Lang, **values: str) -> str:
        """Give it in a language, with its places filled in."""
        return (self.zh if lang == "zh" else self.en).format(**values)


def language(lang: str) -> Lang:
    """Take the name of a language; raise `InputError` for one that isn't spoken here.

    Examples
    --------
    >>> language("en")
    'en'
    >>> language("fr")
    Traceback (most recent call last):
        ...
    subsidy.model.errors.InputError: lang: found 'fr', expected zh or en
    """
    if lang == "zh":
        return "zh"
    if lang == "en":
        return "en"
    raise InputError("lang", shown(lang), "zh or en")


STATUSES: Final = {
    Status.PAYABLE: Phrase(Status.PAYABLE.zh, "payable"),
    Status.REFUSED: Phrase(Status.REFUSED.zh, "refused"),
    Status.UNDETERMINED: Phrase(Status.UNDETERMINED.zh, "can't be decided yet"),
    Status.INVALID: Phrase(Status.INVALID.zh, "the record can't be used"),
}

OUTCOMES: Final = {
    Outcome.MET: Phrase("符合", "met"),
    Outcome.NOT_MET: Phrase("不符合", "not met"),
    Outcome.UNCLEAR: Phrase("无法认定", "unclear"),
    Outcome.COMPUTED: Phrase("已认定", "computed"),
    Outcome.NOT_ASKED: Phrase("未审查", "not asked"),
}

RULES: Final = {
    "record": Phrase("申领信息", "Record"),
    "entitlement_date": Phrase("待遇认定日期", "Entitlement date"),
    "base_amount": Phrase("补贴标准", "Base amount"),
    "uplift": Phrase("上浮", "Uplift"),
    "ceiling": Phrase("最高限额", "Ceiling"),
    "rounding": Phrase("金额取舍", "Rounding"),
    "minimum_confidence": Phrase("依据的可信度", "Reliability of the texts"),
    "within_claim_window": Phrase("申领期限", "Time to claim"),
    "insured_long_enough": Phrase("参保月数", "Months insured"),
    "condition": Phrase("申领条件", "Condition"),
    "certificate_paid_once": Phrase("同一证书", "Same certificate"),
    "level_paid_once": Phrase("同一职业(工种)同一等级", "Same occupation and level"),
    "no_lower_after_higher": Phrase("同一职业(工种)更高等级", "Higher level of the same occupation"),
    "limit": Phrase("申领次数", "Number of subsidies"),
}
QUOTE_RECORD: Final = Phrase("查询事项", "Asked for")

CONFIDENCES: Final = {
    Confidence.OFFICIAL: Phrase("正式文本", "official text"),
    Confidence.SECONDARY: Phrase("转载资料, 未见正式文本", "secondary source, the official text was not seen"),
    Confidence.ASSUMED: Phrase("推定内容, 未见正式文本", "assumed, the official text was not seen"),
}
# The same words where only the degree is said.
DEGREES: Final = {
    Confidence.OFFICIAL: Phrase("正式文本", "official texts"),
    Confidence.SECONDARY: Phrase("转载资料", "secondary sources"),
    Confidence.ASSUMED: Phrase("推定内容", "assumptions"),
}
# What a caller asks for at least.
DEMANDS: Final = {
    Confidence.OFFICIAL: Phrase("要求为正式文本", "official texts are asked for"),
    Confidence.SECONDARY: Phrase("要求不低于转载资料", "secondary sources or better are asked for"),
    Confidence.ASSUMED: Phrase("推定内容亦可", "assumptions are admitted"),
}

TEXTS: Final[dict[TextKind, Phrase]] = {
    "rules": Phrase("补贴办法", "rules"),
    "directory": Phrase("补贴职业目录", "directory of subsidised occupations"),
    "rates": Phrase("补贴标准表", "rate table"),
    "catalog": Phrase("紧缺职业(工种)目录", "shortage catalogue"),
}

FACTS: Final = {
    "shortage": Phrase("紧缺", "short supply"),
    "digital": Phrase("数字技能", "digital skills"),
}

# Columns of a record, by the headings that forms use.
FIELDS: Final = {
    "claim_id": Phrase("申领编号", "claim number"),
    "person_id": Phrase("身份证号", "person's number"),
    "person_id_type": Phrase("证件类型", "type of the person's number"),
    "occupation": Phrase("职业(工种)", "occupation"),
    "level": Phrase("技能等级", "level"),
    "certificate_no": Phrase("证书编号", "certificate number"),
    "certificate_date": Phrase("发证日期", "date of the certificate"),
    "applied_on": Phrase("申请日期", "date of application"),
    "stream": Phrase("补贴项目", "kind of subsidy"),
    "insured_months": Phrase("参保月数", "months insured"),
    "training_filed_on": Phrase("备案日期", "date of filing"),
    "on": Phrase("待遇认定日期", "entitlement date"),
}

ROUNDING_UNITS: Final = {
    "fen": Phrase("分", "fen"),
    "jiao": Phrase("角", "jiao"),
    "yuan": Phrase("元", "yuan"),
}
ROUNDING_MODES: Final = {
    "half_up": Phrase("四舍五入到{unit}", "rounded to the {unit}, halves up"),
    "half_even": Phrase("四舍六入五成双到{unit}", "rounded to the {unit}, halves to the even one"),
    "down": Phrase("取到{unit}, 不足一{unit}的舍去", "cut to the {unit}, what is less than one is dropped"),
}

_TEXT_GAP = "无适用于{day}的{text}", "no {text} in force on {day}"

# Each reason: in short, and with the figures of its step.
REASONS: Final = {
    Reason.DUPLICATE_CLAIM_ID: Phrase("申领编号重复", "claim number stands more than once"),
    Reason.MISSING_VALUE: Phrase("必填项为空", "a required value is missing"),
    Reason.BAD_PERSON_ID: Phrase("证件号码或证件类型有误", "person's number or its type is wrong"),
    Reason.BAD_DATE: Phrase("日期无法识别", "a date can't be read"),
    Reason.BAD_LEVEL: Phrase("技能等级无法识别", "level can't be read"),
    Reason.BAD_STREAM: Phrase("补贴项目无法识别", "kind of subsidy can't be read"),
    Reason.BAD_OCCUPATION: Phrase("职业(工种)无法识别", "occupation can't be read"),
    Reason.BAD_NUMBER: Phrase("参保月数无法识别", "months insured can't be read"),
    Reason.BAD_BOOLEAN: Phrase("是否符合条件的填写无法识别", "yes or no of a condition can't be read"),
    Reason.APPLIED_BEFORE_ISSUE: Phrase("申请日期早于发证日期", "applied before the certificate was issued"),
    Reason.FILED_AFTER_CERTIFICATE: Phrase("备案日期晚于发证日期", "training filed after the certificate was issued"),
    Reason.NO_RULES_IN_FORCE: Phrase("无适用的补贴办法", "no rules in force"),
    Reason.NO_DIRECTORY_IN_FORCE: Phrase("无适用的补贴职业目录", "no directory of subsidised occupations in force"),
    Reason.OCCUPATION_NOT_LISTED: Phrase(
        "职业(工种)未列入补贴职业目录", "occupation is not in the directory of subsidised occupations"
    ),
    Reason.NO_RATES_IN_FORCE: Phrase("无适用的补贴标准表", "no rate table in force"),
    Reason.LEVEL_NOT_SUBSIDISED: Phrase("该等级未设补贴标准", "no base amount for this level"),
    Reason.NO_CATALOG_IN_FORCE: Phrase("无适用的紧缺职业(工种)目录", "no shortage catalogue in force"),
    Reason.CATALOG_INCOMPLETE: Phrase("所存紧缺职业(工种)目录不完整", "only a part of the shortage catalogue is held"),
    Reason.CONFIDENCE_TOO_LOW: Phrase("依据的可信度低于要求", "the texts are less reliable than asked for"),
    Reason.CLAIMED_TOO_LATE: Phrase("超过申领期限", "claimed too late"),
    Reason.INSURED_TOO_SHORT: Phrase("参保月数不足", "insured for too few months"),
    Reason.INSURED_MONTHS_UNKNOWN: Phrase("参保月数未知", "months insured are not known"),
    Reason.CONDITION_NOT_MET: Phrase("不符合申领条件", "a condition is not met"),
    Reason.CONDITION_UNKNOWN: Phrase("申领条件尚未核实", "a condition is not verified"),
    Reason.CERTIFICATE_ALREADY_PAID: Phrase("同一证书已享受补贴", "a subsidy was already granted for this certificate"),
    Reason.SAME_LEVEL_ALREADY_PAID: Phrase(
        "同一职业(工种)同一等级已享受补贴", "a subsidy was already granted for this occupation and level"
    ),
    Reason.HIGHER_LEVEL_ALREADY_PAID: Phrase(
        "同一职业(工种)更高等级已享受补贴",
        "a subsidy was already granted for a higher level of this occupation",
    ),
    Reason.LIMIT_REACHED: Phrase("已达申领次数上限", "the number of subsidies is used up"),
}

# What the figures of the step add to a reason; a reason without figures has none here.
PARTICULARS: Final = {
    Reason.MISSING_VALUE: Phrase("{reason}: {field}", "{reason}: {field}"),
    Reason.BAD_PERSON_ID: Phrase("{field}有误", "{field} is wrong"),
    Reason.BAD_DATE: Phrase("{reason}: {field}", "{reason}: {field}"),
    Reason.BAD_BOOLEAN: Phrase("{reason}: {field}", "{reason}: {field}"),
    Reason.NO_RULES_IN_FORCE: Phrase(*_TEXT_GAP),
    Reason.NO_DIRECTORY_IN_FORCE: Phrase(*_TEXT_GAP),
    Reason.NO_RATES_IN_FORCE: Phrase(*_TEXT_GAP),
    Reason.NO_CATALOG_IN_FORCE: Phrase(*_TEXT_GAP),
    Reason.CATALOG_INCOMPLETE: Phrase("{reason} ({editions})", "{reason} ({editions})"),
    Reason.OCCUPATION_NOT_LISTED: Phrase("{reason} ({editions})", "{reason} ({editions})"),
    Reason.LEVEL_NOT_SUBSIDISED: Phrase(
        "{reason} ({stream}, {level}, {editions})", "{reason} ({stream}, {level}, {editions})"
    ),
    Reason.CONFIDENCE_TOO_LOW: Phrase(
        "{reason} (可信度最低的为{confidence}, {asked})",
        "{reason} (the weakest are {confidence}, {asked})",
    ),
    Reason.CLAIMED_TOO_LATE: Phrase(
        "{reason} (最迟 {last_day}, 申请日期 {applied_on})",
        "{reason} (last day {last_day}, applied on {applied_on})",
    ),
    Reason.INSURED_TOO_SHORT: Phrase(
        "{reason} (要求 {required} 个月, 实际 {months} 个月)", "{reason} ({months} of {required})"
    ),
    Reason.INSURED_MONTHS_UNKNOWN: Phrase("{reason} (要求 {required} 个月)", "{reason} ({required} are required)"),
    Reason.CONDITION_NOT_MET: Phrase("{reason} ({title})", "{reason} ({title})"),
    Reason.CONDITION_UNKNOWN: Phrase("{reason} ({title})", "{reason} ({title})"),
    Reason.LIMIT_REACHED: Phrase(
        "{reason} ({scope}最多 {at_most} 次, 已计 {count} 次)", "{reason} ({count} of {at_most} {scope})"
    ),
}


def name_of(table: dict[str, Phrase], word: str, lang: Lang) -> str:
    """Give the word of a table; a word that a policy made up itself is shown as it stands."""
    phrase = table.get(word)
    return word if phrase is None else phrase.say(lang)
