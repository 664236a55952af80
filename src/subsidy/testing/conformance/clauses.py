"""The sentences of the specification that cases point to: their rule, and their text in both languages.

The ids are those of ``docs/cases.md``, where each sentence stands with the cases that an officer can check by hand.
"""

from __future__ import annotations

from typing import NamedTuple

from subsidy.model.words import Reason

__all__ = ["CLAUSES", "Clause", "clause_of_reason"]


class Clause(NamedTuple):
    """A sentence of the specification: the rule that it belongs to, and what it says."""

    rule: str
    zh: str
    en: str


CLAUSES = {
    "S3.effective.inclusive": Clause(
        "texts_in_force",
        "effective_from、effective_to 首尾两日均适用；不填为不限",
        "effective_from and effective_to are inclusive; left out or null = open",
    ),
    "S3.axes.known": Clause(
        "texts_in_force",
        "在截至所知之日已公布、且适用于该日的版本中，以最后公布者为准",
        "of the editions published by the day of knowledge that govern a date, the one published last is in force",
    ),
    "S3.occupation.name": Clause(
        "occupation", "职业可填名称（中文或英文）", "an occupation may be a name (Chinese or English)"
    ),
    "S3.occupation.alias": Clause("occupation", "职业可填别名或所含工种", "an occupation may be an alias"),
    "S3.occupation.code": Clause(
        "occupation",
        "目录或分类大典所列编码即其本身；旧编码指其现行编码",
        "a code that any edition or the classification lists means itself (a former code: its present one)",
    ),
    "S3.occupation.unknown-code": Clause(
        "occupation",
        "形式正确而无处可查的编码仍为其本身，不在任何目录",
        "a well-formed code found nowhere stays itself and is in no directory",
    ),
    "S3.occupation.names-not-law": Clause(
        "occupation",
        "名称、别名、旧编码不属法规，不论截至何日均为已知",
        "names, aliases and former codes are not law: they are known at every day of knowledge",
    ),
    "S4.procedure-edition": Clause(
        "texts_in_force",
        "程序以申请日期有效的办法版本为准，由其确定待遇认定日期和规则 4 至 10",
        "procedure is that of the rules edition in force on applied_on: entitlement date and rules 4 to 10",
    ),
    "S4.status.first-reason": Clause(
        "status", "原因为按规则顺序最先不符合的一项", "the reason is the first rule that says no, in their order"
    ),
    "S4.only-payable-uses-up": Clause(
        "history", "只有予以核定的申领才占用次数和等级", "only payable claims use up anything"
    ),
    "S4.invalid.order": Clause("record", "数据错误按表中顺序取第一项", "of several faults the first of the table"),
    "S4.invalid.duplicate": Clause(
        "record",
        "申领编号重复：各栏（规范化后）全同的，除第一行外均有误；有两行不同的，全部有误",
        "a repeated claim_id: all but the first row where all are alike, all of them where any two differ",
    ),
    "S4.invalid.missing-value": Clause("record", "必填栏为空", "a needed field is empty; detail: the first such field"),
    "S4.invalid.bad-person-id": Clause(
        "record",
        "不是居民身份证号码，或证件类型未知",
        "not a resident number, or an unknown person_id_type",
    ),
    "S4.invalid.bad-date": Clause("record", "日期无法识别", "a date is unreadable"),
    "S4.invalid.bad-level": Clause("record", "等级无法识别", "the level is unreadable"),
    "S4.invalid.bad-stream": Clause("record", "补贴项目无法识别", "the stream is unreadable"),
    "S4.invalid.bad-occupation": Clause("record", "职业无法识别", "the occupation is unreadable"),
    "S4.invalid.bad-number": Clause(
        "record", "参保月数不是从 0 起的整数", "insured_months is not a whole number from 0 (36.0 is 36)"
    ),
    "S4.invalid.bad-boolean": Clause("record", "条件栏无法识别", "a condition's column is unreadable"),
    "S4.invalid.applied-before-issue": Clause(
        "record", "申请日期早于发证日期", "applied_on is before certificate_date"
    ),
    "S4.invalid.filed-after-certificate": Clause(
        "record", "备案日期晚于发证日期", "training_filed_on is after certificate_date"
    ),
    "S4.base.no-rules": Clause(
        "base_amount", "该日没有有效的办法", "no rules are in force; detail = the name of the date"
    ),
    "S4.base.no-directory": Clause("base_amount", "该日没有有效的补贴职业目录", "no directory is in force"),
    "S4.base.not-listed": Clause("base_amount", "职业不在补贴职业目录", "the occupation is not listed"),
    "S4.base.no-rates": Clause("base_amount", "该日没有有效的补贴标准", "no rate table is in force"),
    "S4.base.level": Clause(
        "base_amount", "该等级没有补贴标准", "the level has no amount: a level missing in an existing row"
    ),
    "S4.base.cell": Clause(
        "base_amount",
        "补贴标准先取按职业所定者，再取类别行，再取通用行",
        "the cell is by_occupation's; else in the category's row; else in the row for any",
    ),
    "S4.uplift.highest-sum": Clause(
        "uplift",
        "上浮条件全部满足者：取最高一项，或相加",
        "of the uplifts whose requirements hold, highest takes the one worth most, sum takes all",
    ),
    "S4.uplift.gap-no-catalogue": Clause(
        "uplift",
        "上浮须查紧缺职业目录而该日没有有效目录：无法认定，不作零上浮",
        "an uplift asks for the catalogue and none governs: a gap, never a silent zero",
    ),
    "S4.uplift.gap-incomplete": Clause(
        "uplift",
        "上浮须查紧缺职业目录，未列且目录不全：无法认定",
        "an uplift asks for the catalogue, it does not list the level, and only a part of it is held",
    ),
    "S4.confidence-too-low": Clause(
        "minimum_confidence",
        "所据文本弱于要求的可信度：暂不核定",
        "the texts are weaker than the confidence that the caller asked for",
    ),
    "S4.confidence.weakest": Clause(
        "confidence",
        "可信度为得出结果前所查文本中最弱者",
        "confidence is the weakest among the texts consulted until the reason was found",
    ),
    "S4.window": Clause(
        "within_claim_window",
        "申请不晚于发证日期加规定月数（末日是否计入依办法；当月无此日则为月末）",
        "applied no later than the certificate date plus the months (that day included or not; the month's last day "
        "where that day does not exist)",
    ),
    "S4.insured": Clause(
        "insured_long_enough",
        "参保月数不足则不予核定，未填则无法认定",
        "where the stream asks for months: too few is a no, unknown can't be said",
    ),
    "S4.conditions": Clause(
        "condition",
        "各项条件依次审查：为否则不予核定，未填则无法认定",
        "each condition in the order of the text: false is a no, unknown can't be said",
    ),
    "S4.history.person": Clause(
        "history",
        "只看同一人（证件号码及类型相同）",
        "history is that of the same person (person_id and its type)",
    ),
    "S4.history.batch-order": Clause(
        "history",
        "先计已发放的，再计同批中较早的（先看申请日期，再看申领编号）",
        "first the history, then payable claims of the batch that come earlier by (applied_on, claim_id)",
    ),
    "S4.history.certificate": Clause(
        "certificate_paid_once",
        "同一证书编号只补一次，不论项目",
        "a certificate is paid once, in any stream",
    ),
    "S4.history.same-level": Clause(
        "level_paid_once",
        "同一职业同一等级只补一次，不论项目",
        "the same occupation and level is paid once, in any stream",
    ),
    "S4.history.higher-level": Clause(
        "no_lower_after_higher",
        "已补高等级的，不再补同一职业的低等级（办法允许的除外）；专项不分高低",
        "no lower level after a higher one of the occupation, unless the text allows it; special is neither",
    ),
    "S4.history.blocked-by": Clause(
        "history",
        "blocked_by 为按此顺序第一个妨碍的申领",
        "blocked_by is the first claim in that order that stands in the way",
    ),
    "S4.limits": Clause(
        "limit",
        "次数限制按办法顺序逐项审查；detail 为限制的编号",
        "the limits of the claim's procedure, in the order of the text; detail = the limit's id",
    ),
    "S4.limits.calendar-year": Clause("limit", "年度以申请日期为准", "the calendar year is that of applied_on"),
    "S4.limits.facts": Clause(
        "limit",
        "有 requires 或 except 的限制，只计、只限事实相符的申领（事实以各自的待遇认定日期为准）",
        "with requires or except a limit counts, and binds, only claims with such facts, each on its own date",
    ),
    "S5.forms": Clause(
        "record",
        "各栏可用的写法（见本库文档 forms.md）",
        "the accepted forms of a value (section 5, and docs/forms.md of the library)",
    ),
}

_OF_REASON = {
    Reason.DUPLICATE_CLAIM_ID: "S4.invalid.duplicate",
    Reason.MISSING_VALUE: "S4.invalid.missing-value",
    Reason.BAD_PERSON_ID: "S4.invalid.bad-person-id",
    Reason.BAD_DATE: "S4.invalid.bad-date",
    Reason.BAD_LEVEL: "S4.invalid.bad-level",
    Reason.BAD_STREAM: "S4.invalid.bad-stream",
    Reason.BAD_OCCUPATION: "S4.invalid.bad-occupation",
    Reason.BAD_NUMBER: "S4.invalid.bad-number",
    Reason.BAD_BOOLEAN: "S4.invalid.bad-boolean",
    Reason.APPLIED_BEFORE_ISSUE: "S4.invalid.applied-before-issue",
    Reason.FILED_AFTER_CERTIFICATE: "S4.invalid.filed-after-certificate",
    Reason.NO_RULES_IN_FORCE: "S4.base.no-rules",
    Reason.NO_DIRECTORY_IN_FORCE: "S4.base.no-directory",
    Reason.OCCUPATION_NOT_LISTED: "S4.base.not-listed",
    Reason.NO_RATES_IN_FORCE: "S4.base.no-rates",
    Reason.LEVEL_NOT_SUBSIDISED: "S4.base.level",
    Reason.NO_CATALOG_IN_FORCE: "S4.uplift.gap-no-catalogue",
    Reason.CATALOG_INCOMPLETE: "S4.uplift.gap-incomplete",
    Reason.CONFIDENCE_TOO_LOW: "S4.confidence-too-low",
    Reason.CLAIMED_TOO_LATE: "S4.window",
    Reason.INSURED_TOO_SHORT: "S4.insured",
    Reason.INSURED_MONTHS_UNKNOWN: "S4.insured",
    Reason.CONDITION_NOT_MET: "S4.conditions",
    Reason.CONDITION_UNKNOWN: "S4.conditions",
    Reason.CERTIFICATE_ALREADY_PAID: "S4.history.certificate",
    Reason.SAME_LEVEL_ALREADY_PAID: "S4.history.same-level",
    Reason.HIGHER_LEVEL_ALREADY_PAID: "S4.history.higher-level",
    Reason.LIMIT_REACHED: "S4.limits",
}


def clause_of_reason(reason: Reason) -> str:
    """Give the id of the sentence by which a reason is given."""
    return _OF_REASON[reason]
