"""From a recalculation to the figures of its page: nothing is added, nothing lost, whoever's claims they are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from subsidy import InputError, Policy, Recalculation, load_policy, recalculate
from subsidy.engine.recalculation.table import table_of
from subsidy.engine.recalculation.totals import Sums
from subsidy.report import filling
from subsidy.report.changing import changes_since
from subsidy.report.filling import PageMaker
from subsidy.report.gathering import By
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.worlds import any_world, frame_of, late_world
from tests.policy.support import edition
from tests.policy.support import policy as make_policy

TABLES: tuple[By, ...] = ("cause", "occupation", "category", "level", "month")


def _made(seed: int) -> Recalculation:
    pick = seeded(seed)
    policy, claims, payments = (any_world if seed % 2 else late_world)(pick, pick((1, 10, 40)))
    return recalculate(pd.DataFrame(claims, dtype=object), frame_of(payments), policy=policy)


@pytest.mark.parametrize("seed", range(20))
def test_the_page_shows_the_sums_of_the_frame(seed: int) -> None:
    found = _made(seed)
    frame = found.adjustments
    maker = PageMaker(found.policy, date(2024, 6, 3))
    maker.begin(len(frame), int(frame["cause"].notna().sum()))
    maker.see(table_of(frame))
    data = maker.data(found.totals, found.run_id)
    fen = frame["adjustment_fen"]
    assert data.totals.claims == len(frame)
    assert (data.totals.top_up_fen, data.totals.recovery_fen) == (fen[fen > 0].sum(), -fen[fen < 0].sum())
    assert data.totals.paid_fen == frame["paid_fen"].sum()
    assert [abs(row.adjustment_fen) for row in data.largest] == sorted(abs(fen[fen != 0]), reverse=True)[:50]
    assert {row.claim_id for row in data.sample} <= {*frame["claim_id"].dropna(), ""}
    assert sum(data.differences) == (fen != 0).sum()


@pytest.mark.parametrize("size", [1, 3, 17])
@pytest.mark.parametrize("seed", range(6))
def test_parts_make_the_page_of_the_whole(seed: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_LARGEST", 4)
    monkeypatch.setattr(filling, "MOST_SAMPLE", 7)
    found = _made(seed)
    table, caused = table_of(found.adjustments), int(found.adjustments["cause"].notna().sum())
    pages = []
    for step in (size, len(table)):
        maker, sums = PageMaker(found.policy, date(2024, 6, 3)), Sums(TABLES)
        maker.begin(len(table), caused)
        for start in range(0, len(table), step):
            maker.see(table.slice(start, step))
            sums.add(table.slice(start, step))
        pages.append(maker.data(sums.totals, found.run_id))
    assert pages[0] == pages[1]
    assert len(pages[0].sample) == min(7, len(table))
    assert pages[0] == replace(pages[0], by_level=maker.data(found.totals, found.run_id).by_level)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_made_from_any_recalculation(lang: str) -> None:
    for seed in (0, 1, 2):
        page = _made(seed).to_html(lang, made_on="2024-06-03")
        assert len(page.encode()) < 2_000_000
        assert page == _made(seed).to_html(lang, made_on="2024-06-03")


def test_what_was_published_since_is_told_edition_by_edition() -> None:
    policy, _, _ = late_world(seeded(9004), 3)
    everything = {edition.id for edition in policy.editions}
    first = min(edition.published_on for edition in policy.editions)
    told = {change.edition for change in changes_since(policy, first)}
    assert told == everything - {edition.id for edition in policy.as_known_on(first).editions}


def test_only_a_claim_or_a_payment_can_be_explained() -> None:
    with pytest.raises(InputError, match="the id of a claim or of a payment"):
        _made(2).explain("NEVER-SEEN")


def lines_of(policy: Policy, day: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for change in changes_since(policy, date.fromisoformat(day)):
        found.setdefault(change.edition, []).append(change.line)
    return found


def test_what_changed_is_told_in_words() -> None:
    lines = lines_of(load_policy("tests/policies/qingxi"), "2024-02-05")
    assert lines["qingxi-2024-07"][1:] == [
        (
            "职业培训补贴、B 类、四级/中级工：由 1200.00 元 改为 1300.00 元",
            "Training subsidy, Category B, Level 4: from 1200.00 yuan to 1300.00 yuan",
        ),
        ("职业培训补贴、B 类、二级/技师：2500.00 元", "Training subsidy, Category B, Level 2: 2500.00 yuan"),
    ]
    assert lines["qingxi-2024-10"][1:] == [
        ("上浮“digital-shortage”、幅度：由 30% 改为 40%", "Uplift “digital-shortage”, rate: from 30% to 40%")
    ]
    assert (
        "不再列入 4-04-05-08 电子数据取证分析师",
        "4-04-05-08 Electronic data forensics analyst is no longer listed",
    ) in lines["qingxi-list-2024"]
    (_, (zh, en)) = lines_of(load_policy(), "2023-08-10")["suzhou-2023"]
    assert zh == "上浮“digital-shortage”：幅度 30%；条件 紧缺、数字技能；等级 全部；补贴项目 全部"
    assert en.startswith(
        "Uplift “digital-shortage”: rate 30%; on condition of short supply, digital skills; levels all;"
    )


@pytest.mark.parametrize("folder", ["data", *sorted(map(str, Path("tests/policies").iterdir()))])
def test_no_change_is_told_in_the_words_of_a_program(folder: str) -> None:
    """Neither keys of the files nor what a computer writes of values."""
    policy = load_policy(folder)
    for day in {one.published_on for one in policy.editions}:
        for change in changes_since(policy, day):
            for text in (re.sub("“.*?”|《.*?》", "", one) for one in change.line):
                assert not re.search(
                    r"None|True|False|[{}\[\]']|_|\b(entitlement|procedure|amounts|entries)\b", text
                ), text


def test_what_a_text_says_of_the_procedure_is_told_in_words() -> None:
    old = edition("rules", "2023-01-01", "2023-01-01")
    rules: dict[str, Any] = {
        "entitlement": {"ceiling": {"training": {"1": 6000}}, "rounding": {"to": "yuan"}, "stacking": "sum"},
        "procedure": {
            "entitlement_date": "applied_on",
            "claim_window": {"months": 12, "last_day": "exclusive"},
            "limits": [{"id": "yearly", "at_most": 3, "per": "calendar_year", "except": ["shortage"]}],
            "late_listing": "keep",
        },
    }
    policy = make_policy(rules=[old, edition("new", "2023-05-01", "2023-01-01", **rules)])
    told = dict(lines_of(policy, "2023-02-01")["new"][1:])
    assert told["最高限额、职业培训补贴：一级/高级技师 6000.00 元"] == "Ceiling, training subsidy: Level 1 6000.00 yuan"
    assert told["金额取舍、取到：由 分 改为 元"] == "Rounding, to: from fen to yuan"
    assert (
        told["同时符合多项上浮：由 只取最高一项 改为 各项相加"]
        == "Several uplifts: from only the highest counts to they add up"
    )
    assert told["待遇认定日期：由 发证日期 改为 申请日期"].endswith(
        "from date of the certificate to date of application"
    )
    assert told["申领期限：月数 12；期限最后一日 不含当日"] == "Time to claim: months 12; the last day not included"
    assert "最多 3；每 年（公历）；不计 紧缺" in next(zh for zh in told if "“yearly”" in zh)
    assert told["发放后才列入目录：由 补差额 改为 不补差额"].endswith(
        "from the difference is paid to no difference is paid"
    )
