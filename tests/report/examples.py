"""A recalculation made up for the tests of its page: a list published in May that governs from January."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import numpy as np

from subsidy.report.data import Change, ReportData, Row, Text, Totals
from subsidy.report.figures import yuan
from subsidy.report.gathering import bin_counts, slices

OCCUPATIONS = {
    "4-04-05-05": Text("人工智能训练师", "Artificial intelligence trainer"),
    "4-04-05-04": Text("信息安全测试员", "Information security tester"),
    "6-25-04-09": Text("物联网安装调试员", "Internet of things installation technician"),
    "6-31-01-10": Text("工业机器人系统运维员", "Industrial robot system operation and maintenance technician"),
    "6-31-07-01": Text("智能硬件装调员", "Intelligent hardware assembler"),
    "4-01-06-01": Text("电子商务师", "E-commerce specialist"),
    "4-10-01-01": Text("婴幼儿发展引导员", "Early childhood development guide"),
    "4-10-01-05": Text("养老护理员", "Elderly care worker"),
    "6-18-01-01": Text("车工", "Lathe operator"),
    "6-18-02-04": Text("焊工", "Welder"),
    "6-29-03-03": Text("电工", "Electrician"),
    "4-03-02-01": Text("中式烹调师", "Chinese cook"),
    "4-07-03-04": Text("企业人力资源管理师", "Human resources manager"),
    "2-02-38-04": Text("工业互联网工程技术人员", "Industrial internet engineer"),
    "4-14-01-02": Text("保育师", "Nursery teacher"),
    "5-05-02-01": Text("农业技术员", "Agricultural technician"),
}
BASES = {"5": 80000, "4": 120000, "3": 180000, "2": 250000, "1": 350000, "special": 60000}
CAUSES = (
    ["uplift_gained"] * 30
    + ["uplift_lost"] * 5
    + ["paid_amount_wrong", "not_paid_yet", "became_payable", "became_unpayable", "paid_twice"] * 2
    + ["payment_without_claim", "undetermined", "listed_after_payment", "base_changed", "uplift_rate_changed"]
    + [None] * 60
)
WHY = Text(
    "2024年2月按紧缺目录 suzhou-2023 核定，已发 {paid} 元。\n"
    "现按 2024年5月公布、自1月1日起施行的 suzhou-2024 核定，应发 {due} 元。\n"
    "差额来自上浮：该职业列入新目录，补贴标准 1,800.00 元上浮 30%。",
    "In February 2024 it was decided under the list suzhou-2023, and {paid} yuan were paid.\n"
    "Under suzhou-2024, published in May and in force since 1 January, {due} yuan are due.\n"
    "The uplift makes the difference: the occupation is on the new list, so the base amount rises by 30%.",
)


def due_of(cause: str | None, base: int) -> tuple[int, int]:
    """Paid and due, in fen, of a claim with this cause."""
    more = base * 13 // 10
    return {
        "uplift_gained": (base, more),
        "uplift_lost": (more, base),
        "paid_amount_wrong": (base + 10010, base),
        "not_paid_yet": (0, base),
        "became_payable": (0, more),
        "became_unpayable": (base, 0),
        "paid_twice": (2 * base, base),
        "payment_without_claim": (base, 0),
        "base_changed": (base, base - 10000),
        "uplift_rate_changed": (more, base * 14 // 10),
    }.get(cause or "", (base, base))


def example(claims: int = 4000, **changed: Any) -> ReportData:
    """Claims at random, but always the same ones, added up as a recalculation adds them up."""
    dice = random.Random(7)  # noqa: S311 - made-up claims need no safe randomness
    sums: dict[str, dict[Any, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    rows, differences, whole = [], [], Counter[str]()
    weights = [17 - place for place in range(len(OCCUPATIONS))]
    for number in range(claims):
        code = dice.choices(list(OCCUPATIONS), weights)[0]
        level = dice.choices(list(BASES), [3, 4, 8, 3, 1, 1])[0]
        cause = dice.choice(CAUSES)
        paid, due = due_of(cause, BASES[level])
        month = f"2024-{dice.choices(range(1, 7), [2, 3, 5, 4, 2, 1])[0]:02d}" if dice.random() < 0.9 else "2023-12"
        row = Row(
            claim_id=f"SZ2024-{number + 1:06d}",
            person_id=f"320***********{dice.randrange(10000):04d}",
            occupation_code=code,
            occupation=OCCUPATIONS[code],
            level=level,
            paid_fen=paid,
            due_fen=due,
            cause=cause,
            explanation=Text(*(text.format(paid=yuan(paid), due=yuan(due)) for text in WHY)),
        )
        rows.append(row)
        differences.append(due - paid)
        figures = {
            "claims": 1,
            "paid_fen": paid,
            "due_fen": due,
            "top_ups": int(due > paid),
            "top_up_fen": max(due - paid, 0),
            "recoveries": int(due < paid),
        }
        whole.update(figures)
        keys = {"cause": cause, "occupation": code, "category": "ABC"[number % 3], "level": level, "month": month}
        for by, key in keys.items():
            sums[by][key].update(figures)

    def lines(by: Literal["cause", "occupation", "category", "level", "month"]) -> tuple[Any, ...]:
        return slices(({by: key, **one} for key, one in sums[by].items()), by, OCCUPATIONS)

    made: dict[str, Any] = {
        "run_id": "5f0c2b7e91d4a386c0b1e2f394a5d678",
        "policy_fingerprint": "b3a8f0d27c6e4195a2d83c7f1e0b9648d5c2a7f39e1b06843f7d52c1a9e8b604",
        "known_on": date(2024, 6, 3),
        "made_on": date(2024, 6, 3),
        "totals": Totals(**whole, recovery_fen=whole["top_up_fen"] - whole["due_fen"] + whole["paid_fen"]),
        "undetermined": sum(row.cause == "undetermined" for row in rows),
        "without_claim": sum(row.cause == "payment_without_claim" for row in rows),
        "by_cause": lines("cause"),
        "by_occupation": lines("occupation"),
        "by_category": lines("category"),
        "by_level": lines("level"),
        "by_month": lines("month"),
        "differences": bin_counts(np.array(differences, dtype=np.int64)),
        "largest": tuple(
            sorted((row for row in rows if row.adjustment_fen), key=lambda row: -abs(row.adjustment_fen))[:50]
        ),
        "sample": tuple(rows[:500]),
        "changes": CHANGES,
        "changes_left_out": 3,
    }
    return ReportData(**{**made, **changed})


CATALOG = Text("紧缺职业(工种)目录", "Shortage catalogue")
CHANGES: Sequence[Change] = (
    Change(
        "added",
        "suzhou-2024",
        CATALOG,
        Text("2024年5月20日公布，自2024年1月1日起施行", "published on 2024-05-20, in force since 2024-01-01"),
    ),
    Change(
        "added",
        "suzhou-2024",
        CATALOG,
        Text(
            "列入 6-25-04-09 物联网安装调试员，各等级",
            "lists 6-25-04-09 Internet of things installation technician, every level",
        ),
    ),
    Change(
        "removed",
        "suzhou-2024",
        CATALOG,
        Text("不再列入 4-01-06-01 电子商务师", "no longer lists 4-01-06-01 E-commerce specialist"),
    ),
    Change(
        "changed",
        "suzhou-2023",
        Text("补贴办法", "Rules"),
        Text("上浮比例 30% → 30%，适用等级 5、4、3 → 全部", "rate 30% → 30%, levels 5, 4, 3 → all"),
    ),
)
