"""What an officer reads of one claim: every cause in both languages, and nothing that the row doesn't bear out."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from subsidy import Policy, load_policy, recalculate
from subsidy.report.explaining import explain_adjustment, titles_of
from subsidy.report.words import CAUSES, MEANINGS
from tests.engine.recalculation.hand import AUGUST, CASES, JUNE, MARCH, OCTOBER, Item, W, Z, claim, paid, town

LANGS = ("zh", "en")
EMPTY: dict[str, list[str]] = {"claim_id": [], "amount": [], "paid_on": []}
HALF_WIDTH = re.compile(r"[一-鿿][,;:!?()]|[,;:!?()][一-鿿]")
QUOTED = re.compile(r"《[^》]*》")


def told(policy: Policy, claims: list[Item], payments: list[Item], of: str = "C1", **more: Any) -> tuple[str, str]:
    """Give the explanation of a claim in Chinese and English."""
    found = recalculate(pd.DataFrame(claims), pd.DataFrame(payments or EMPTY), policy=policy, **more)
    return found.explain(of), found.explain(of, "en")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def hand(name: str, of: str = "C1") -> tuple[str, str]:
    return told(*CASES[name][:3], of=of)


@pytest.mark.parametrize("name", CASES)
def test_every_row_by_hand_is_told_in_clean_words(name: str) -> None:
    policy, claims, payments, expected = CASES[name]
    frame = recalculate(pd.DataFrame(claims), pd.DataFrame(payments or EMPTY), policy=policy).adjustments
    titles = titles_of(policy)
    for row, (_, _, cause) in zip(records(frame), expected, strict=True):
        zh, en = (explain_adjustment(row, titles, lang) for lang in LANGS)
        assert len(zh.splitlines()) == len(en.splitlines())
        assert not HALF_WIDTH.search(QUOTED.sub("", zh))
        assert all(line.endswith("。") for line in zh.splitlines())
        assert all(line.endswith(".") for line in en.splitlines())
        assert not re.search("[一-鿿、。；：，（）]", en)
        assert not re.search(r"\.\d\d(?! yuan)\b", en), "every amount has its unit"
        assert cause is None or CAUSES[cause].zh in zh
        assert max(len(zh), len(en)) < 1200


def test_every_cause_has_a_name_and_a_meaning() -> None:
    assert CAUSES.keys() == MEANINGS.keys()
    for zh, en in (*CAUSES.values(), *MEANINGS.values()):
        assert not HALF_WIDTH.search(zh)
        assert not re.search("[一-鿿]", en)


def test_a_title_is_that_of_its_own_text() -> None:
    # Directory, rates and rules of this city have one id.
    one = claim(code="4-04-05-08", level="4", day="2024-07-05")
    zh, en = told(load_policy("tests/policies/qingxi"), [one], [paid("C1", "1200", "2024-07-20")])
    assert "补贴标准表由《清溪市补贴标准》变为《清溪市2024年7月补贴标准》（2024年9月10日公布）" in zh
    assert "rate table from “Rates of Qingxi” to “Rates of Qingxi from July 2024” (published 2024-09-10)" in en


@pytest.mark.parametrize("name", ["wrong amount", "paid twice", "listed before payment"])
def test_texts_without_effect_are_not_blamed(name: str) -> None:
    zh, en = hand(name)
    assert "核定结果相同" in zh
    assert "所以差额不是文件变化造成的" in zh
    assert "it is not the law that makes the difference" in en
    assert "变为" not in zh


def test_a_mixed_difference_is_told_in_its_two_parts() -> None:
    zh, en = hand("paid before it could be")
    assert "已有发放，而按当时所知的文件不予核定，或尚无法核定。" in zh
    assert "差额分两部分：按当时所知的文件，多发 900.00 元；按其后公布的文件，应发增加 1000.00 元。" in zh
    assert "900.00 yuan too much was paid; by the texts published since, 1000.00 yuan more is due" in en
    zh, en = told(town(), [claim()], [paid("C1", "1100", MARCH)])
    assert "多发 100.00 元" in zh
    assert "应发增加 300.00 元" in zh


def test_two_equal_parts_of_what_was_due_then_are_no_mistake() -> None:
    zh, en = told(town(), [claim(code="9-01-01-02")], [paid("C1", "650"), paid("C1", "650")])
    assert "请核对是否为分次发放" in zh
    assert "the difference comes from texts published since" in en


def test_topped_up_meanwhile_is_no_mistake() -> None:
    late = claim(day="2023-07-10")
    zh, en = told(town(), [late], [paid("C1", "1300", AUGUST), paid("C1", "100", "2023-09-01")])
    assert "则未必是当时发错" in zh
    assert "no payment need have been wrong" in en


def test_refused_now_and_then_is_no_change_of_the_law() -> None:
    for name in ("refused always", "of two with money the earlier money"):
        zh, en = hand(name)
        assert "同样不能核定，所以不是其后文件变了，而是当时就不应发放。" in zh
        assert "It was not payable by the texts known on the day of the first payment" in en
        assert "变了的文件" not in zh
        assert "尚无法核定" not in zh


def test_refused_now_and_payable_then_is_a_change_of_the_law() -> None:
    policy, one = CASES["refused"][0], claim(code=Z)
    zh, en = told(policy, [one], [paid("C1", "1000", MARCH)])
    assert "按首次发放日（2023年3月1日）所知的文件：补贴标准 1000.00 元，上浮 0.00 元，计 1000.00 元。" in zh
    assert "按现在所知的文件不予核定：职业（工种）未列入补贴职业目录。" in zh
    assert "可以核定，按其后公布的文件不予核定，所以是文件变了。" in zh
    assert "so it is the law that changed" in en
    assert "补贴职业目录由《directory》变为《directory-2024》（2024年3月1日公布）" in zh
    assert "差额分两部分" not in zh
    assert "请核对各笔发放" not in zh
    zh, en = told(policy, [one], [paid("C1", "1100", MARCH)])
    assert "按当时所知的文件，多发 100.00 元；按其后公布的文件，应发减少 1000.00 元" in zh
    assert "100.00 yuan too much was paid; by the texts published since, 1000.00 yuan less is due" in en
    assert "请核对各笔发放" in zh


def test_the_base_alone_says_that_the_uplift_was_left_out() -> None:
    zh, en = hand("listed before payment")
    assert "已发合计等于补贴标准，未含当时应有的上浮 300.00 元。" in zh
    assert "The sum paid is the base alone, without the uplift of 300.00 yuan" in en
    for name in ("wrong amount", "paid twice"):
        assert "未含当时应有的上浮" not in hand(name)[0]


def test_a_text_that_came_and_went_may_have_been_followed() -> None:
    """Between then and now of two publications the first can be one that the second took back."""
    early, late = (paid("C1", "1100", day) for day in (MARCH, OCTOBER))
    for name, payments, open_ in (("early", [early], True), ("late", [late], False)):
        zh, en = told(town(), [claim(code=Z)], payments)
        assert "所以差额不是文件变化造成的" in zh, name
        assert ("后来又被取代的文件" in zh) is open_, name
        assert ("a text that was replaced since" in en) is open_, name


def test_refused_by_a_limit_names_it_and_the_order() -> None:
    zh, en = hand("what becomes payable pushes out none that was paid")
    assert "已达申领次数上限（每年最多 1 次）。\n已发放的申领在先" in zh
    assert "(at most 1 a year)" in en


def test_what_is_open_says_what_is_missing_and_that_nothing_is_proposed() -> None:
    zh, en = told(town(), [claim(certificate_date="")], [paid("C1", "900")])
    assert "申领数据有误：必填项为空（发证日期）。" in zh
    assert "不提出补发或追回。应发暂按已发金额计。" in zh
    assert "a required value is missing (date of the certificate)" in en
    zh, en = hand("law missing")
    assert "无适用的补贴办法（以申请日期为准）" in zh
    assert "(the date of application decides)" in en
    zh, en = hand("can't be read, money taken back twice")
    assert "只提出退还多收回的金额" in zh
    assert "收回的比发放的多 9.00 元" in zh


def test_a_condition_is_named_by_its_title() -> None:
    title = {"zh": "取得证书时参保", "en": "Insured on the certificate date"}
    policy = town(conditions=[{"id": "insured", "title": title}])
    zh, en = told(policy, [claim(code=Z, insured="否")], [paid("C1", "1000")])
    assert "不符合申领条件（取得证书时参保）" in zh
    assert "(Insured on the certificate date)" in en
    zh, _ = told(policy, [claim(code=Z, insured="")], [paid("C1", "1000")])
    assert "按现在所知的文件暂无法核定：申领条件尚未核实（取得证书时参保）。" in zh


def test_money_that_is_gone() -> None:
    zh, en = hand("taken back")
    assert "曾有发放，与收回相抵后为零。" in zh
    assert "add up to zero" in en
    zh, _ = hand("not paid yet")
    assert "曾有发放" not in zh
    zh, en = hand("refused, more taken back")
    assert "收回的比发放的多 1.00 元" in zh
    assert "1.00 yuan more was taken back than was paid" in en


def test_listed_after_payment_names_the_list_and_both_days() -> None:
    for name, due in (
        ("listed after payment", "1000.00"),
        ("listed after payment, and one yuan too little", "1000.00"),
    ):
        zh, en = hand(name)
        assert "《list-may》（2023年5月20日公布）。首次发放在2023年3月1日" in zh
        assert f"故应发 {due} 元。" in zh
        assert en.count("published 2023-05-20). The first payment was made on 2023-03-01") == 1


def test_became_payable_does_not_say_refused_where_it_may_have_been_open() -> None:
    zh, en = told(town(), [claim(code=W)], [])
    assert "按申请日（2023年2月10日）所知的文件：不予核定，或尚无法核定。" in zh
    assert "refused, or not decidable yet" in en


def row_of(**changed: Any) -> dict[str, Any]:
    """Give the row of a claim whose uplift changed, with something else in it."""
    policy, claims, payments, _ = CASES["uplift of another rate"]
    frame = recalculate(pd.DataFrame(claims), pd.DataFrame(payments), policy=policy).adjustments
    return records(frame)[0] | changed


def test_an_amount_that_is_no_sum_and_a_difference_without_a_text() -> None:
    titles = titles_of(town(uplift_of_october="0.40"))
    limited = row_of(uplift_then_fen=40000, amount_then_fen=130000)
    zh, en = (explain_adjustment(limited, titles, lang) for lang in LANGS)
    assert "计 1300.00 元（已按最高限额或金额取舍计）" in zh
    assert "未改变补贴标准和上浮，改变的是最高限额或金额取舍" in zh
    assert "changed the ceiling or the rounding" in en
    same = row_of(rules_edition_then="rules-october")
    zh, en = (explain_adjustment(same, titles, lang) for lang in LANGS)
    assert "差别来自别处，如申请日适用的补贴办法" in zh
    assert "the difference comes from elsewhere" in en


def test_joined_editions_and_none_are_named() -> None:
    titles = titles_of(town())
    row = row_of(catalog_edition_then=None, catalog_edition="list+list-may", first_paid_on=pd.Timestamp(JUNE))
    zh, en = (explain_adjustment(row, titles, lang) for lang in LANGS)
    assert "由“无”变为《list》（2023年1月1日公布）、《list-may》（2023年5月20日公布）" in zh
    assert "from none to “list” (published 2023-01-01) and “list-may” (published 2023-05-20)" in en


def test_a_payment_without_a_claim_asks_to_check_the_id() -> None:
    zh, en = hand("no claim", "Z9")
    assert "请先核对编号和申领是否齐全" in zh
    assert "first check the id" in en
    assert hand("no claim", "C1")[1].count("\n") == 1
