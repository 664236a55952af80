"""The facade: the headline to the letter, invalid records, answers without steps."""

from __future__ import annotations

import subprocess
import sys

import pytest

from subsidy import Decision, Entitlement, Reason, Status, assess, quote
from subsidy.model.level import Level, Stream
from subsidy.wording.words import advice, explain
from tests.wording.answers import MADE_UP_ID, all_answers, answer_of, claim, without_steps


def first(answer: Decision | Entitlement, lang: str = "zh") -> str:
    return explain(answer, lang).splitlines()[0]


def test_the_headline_of_the_first_example() -> None:
    answer = quote("4-04-05-05", 3, "2023-09-01")
    assert first(answer) == (
        "人工智能训练师 三级: 补贴标准 1800.00 元, 上浮 30% 540.00 元, 核定 2340.00 元 (人民币贰仟叁佰肆拾元整)"
    )
    assert first(answer, "en") == (
        "Artificial intelligence trainer, level 3: base 1800.00 yuan, uplift 30% 540.00 yuan, amount 2340.00 yuan"
    )


@pytest.mark.parametrize(
    ("case", "headline"),
    [
        (
            "quote-ai-trainer-level-special",
            "人工智能训练师 专项职业能力: 补贴标准 600.00 元, 上浮 30% 180.00 元, 核定 780.00 元 (人民币柒佰捌拾元整)",
        ),
        (
            "quote-ai-trainer-day-before",
            "人工智能训练师 三级: 补贴标准 1800.00 元, 上浮 0.00 元, 核定 1800.00 元 (人民币壹仟捌佰元整)",
        ),
        (
            "ys-sum-and-ceiling",
            (
                "观云员 三级: 补贴标准 2000.00 元, 上浮 650.00 元, "
                "核定 2650.00 元 (人民币贰仟陆佰伍拾元整), 已按最高限额计"
            ),
        ),
        (
            "ys-jiao-down",
            "采雾工 四级: 补贴标准 1234.56 元, 上浮 -0.06 元, 核定 1234.50 元 (人民币壹仟贰佰叁拾肆元伍角), 已取舍",
        ),
        (
            "quote-elderly-care-2021-no-list",
            "养老护理员 三级: 暂无法核定, 无适用于2021年3月1日的紧缺职业(工种)目录; 补贴标准 2000.00 元, 上浮待定",
        ),
    ],
)
def test_headlines(case: str, headline: str) -> None:
    assert first(answer_of(case)) == headline


def test_an_uplift_is_said_in_percent_only_where_one_rate_alone_gives_it() -> None:
    assert "上浮 30% 540.00 元" in first(answer_of("quote-ai-trainer-level-3"))
    assert "%" not in first(answer_of("chengdu-level-5"))  # a printed amount
    assert "%" not in first(answer_of("ys-sum-and-ceiling"))  # two uplifts under a ceiling


@pytest.mark.parametrize("earlier", ["import subsidy", "import subsidy.wording.words", "import subsidy.wording.view"])
def test_the_public_name_is_callable_whatever_was_imported_before(earlier: str) -> None:
    code = (
        f"{earlier}; from subsidy import explain, quote; answer = quote('4-04-05-05', 3, '2023-09-01'); "
        "from subsidy.wording import words; assert explain(answer, lang='en') == words.explain(answer, 'en'); "
        "import subsidy; assert subsidy.explain(answer) == words.explain(answer)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


INVALID = [
    ({"claim_id": ""}, "无编号的申领: 申领数据有误, 必填项为空: 申领编号", "申领编号 (claim_id): 必须填写"),
    ({"person_id": "320599199001010012"}, "申领 C1: 申领数据有误, 身份证号有误", "身份证号 (person_id): 18 位"),
    ({"person_id_type": "护照"}, "证件类型有误", "证件类型 (person_id_type): 居民身份证"),
    (
        {"certificate_date": "2023-02-30"},
        "日期无法识别: 发证日期",
        "发证日期 (certificate_date): 真实日期, 如 2023-09-01",
    ),
    ({"level": "7"}, "申领 C1: 申领数据有误, 技能等级无法识别", "技能等级 (level): 一级至五级"),
    ({"stream": "x"}, "补贴项目无法识别", "补贴项目 (stream): 职业培训补贴"),
    ({"occupation": "人工智能训练员"}, "职业(工种)无法识别", "职业编码, 名称或别名 (是否为 人工智能训练师?)"),
    ({"insured_months": "-1"}, "参保月数无法识别", "参保月数 (insured_months): 0 或正整数"),
    (
        {"insured_on_certificate_date": "也许"},
        "是否符合条件的填写无法识别: insured_on_certificate_date",
        "请更正“insured_on_certificate_date”栏: 填是或否",
    ),
    ({"applied_on": "2023-09-01"}, "申请日期早于发证日期", "申请日期 (applied_on): 不得早于发证日期"),
    ({"training_filed_on": "2023-10-01"}, "备案日期晚于发证日期", "备案日期 (training_filed_on): 不得晚于发证日期"),
]


@pytest.mark.parametrize(("changed", "headline", "mend"), INVALID)
def test_an_invalid_record_says_the_field_and_what_serves(changed: dict[str, object], headline: str, mend: str) -> None:
    decision = assess(claim(**changed))
    assert decision.status is Status.INVALID
    assert headline in first(decision)
    assert mend in (advice(decision) or "")
    assert "护照" not in explain(decision)
    assert "320599199001010012" not in explain(decision)


def test_the_suggestion_stands_in_english_too() -> None:
    assert "did you mean 人工智能训练师?" in (advice(assess(claim(occupation="人工智能训练员")), "en") or "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_decision_without_steps_tells_its_fields_and_says_so(lang: str) -> None:
    for case, answer in all_answers():
        if not isinstance(answer, Decision):
            continue
        read = without_steps(answer)
        text = explain(read, lang)
        assert read == answer
        assert "None" not in text
        assert text != explain(answer, lang)
        assert ("未附逐项审查情况" if lang == "zh" else "not at hand") in text, case
        for edition in (read.directory_edition, read.catalog_edition, read.rate_edition, read.rules_edition):
            assert edition is None or edition in text
        for word in (read.blocked_by, read.claim_id):
            assert word is None or word in text.splitlines()[0]
        assert (advice(read, lang) is None) == (advice(answer, lang) is None)


def test_a_decision_made_by_hand() -> None:
    decision = Decision(
        status=Status.PAYABLE, claim_id="C9", base_fen=180000, uplift_fen=54000, amount_fen=234000, rules_edition="r"
    )
    assert explain(decision).splitlines() == [
        "申领 C9: 补贴标准 1800.00 元, 上浮 540.00 元, 核定 2340.00 元 (人民币贰仟叁佰肆拾元整)",
        "待遇认定日期适用的文件:",
        "- 补贴办法 r",
        "本结果未附逐项审查情况, 以上仅据结果所载各栏",
    ]
    assert first(Decision(status=Status.PAYABLE, amount_fen=10**17), "en").endswith("amount 1000000000000000.00 yuan")
    assert first(Decision(status=Status.PAYABLE, amount_fen=10**17)).endswith("核定 1000000000000000.00 元")


def test_an_entitlement_without_steps_names_its_gap() -> None:
    answer = quote("4-04-05-05", 3, "2024-03-01")
    read = Entitlement.model_validate_json(answer.model_dump_json())
    assert first(read) == "4-04-05-05 三级: 暂无法核定, 无适用的补贴职业目录"
    assert "2024年3月1日" in (advice(read) or "")
    refused = Entitlement(
        occupation="X-1",
        level=Level.SPECIAL,
        stream=Stream.TRAINING,
        on=answer.on,
        status=Status.REFUSED,
        reason=Reason.LEVEL_NOT_SUBSIDISED,
    )
    assert first(refused, "en") == "X-1, special ability: refused, no base amount for this level; amount 0.00 yuan"
    assert advice(refused) is None


def test_all_gaps_are_mended_at_once() -> None:
    decision = answer_of("claim-no-list-and-months-unknown")
    mend = (advice(decision) or "").splitlines()
    assert len(mend) == 2
    assert "shortage_catalog.yaml" in mend[0]
    assert "insured_months" in mend[1]


def test_what_fails_besides_the_reason() -> None:
    second = explain(answer_of("insured-too-short-and-too-late")).splitlines()[1]
    assert second == "另有不符合: 参保月数不足 (要求 12 个月, 实际 3 个月)"
    assert MADE_UP_ID not in explain(answer_of("insured-too-short-and-too-late"))
