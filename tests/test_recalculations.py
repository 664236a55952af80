"""Recalculations that an officer can read and check by hand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from subsidy import Recalculation, load_policy, recalculate
from subsidy.engine.recalculation.causes import Cause
from subsidy.model.money import format_yuan

HERE = Path(__file__).parent
_FILE = HERE / "cases" / "recalculations" / "qingxi.yaml"
_TEXT = _FILE.read_text(encoding="utf-8")
CASES: dict[str, dict[str, Any]] = {case["id"]: case for case in yaml.load(_TEXT, yaml.BaseLoader)}  # noqa: S506 - texts only
CLAIM = ("claim_id", "person_id", "occupation", "level", "certificate_date", "applied_on")
PAYMENT = ("claim_id", "amount", "paid_on", "state")


def recalculated(case: dict[str, Any], folder: Path) -> Recalculation:
    whole = CASES[case["like"]] | case if "like" in case else case
    shutil.copytree(HERE / "policies" / "qingxi", folder / "qingxi")
    rules = folder / "qingxi" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(
        text.replace("late_listing: pay_difference", f"late_listing: {case.get('late_listing', 'pay_difference')}"),
        encoding="utf-8",
    )
    claims = pd.DataFrame([dict(zip(CLAIM, row, strict=True)) for row in whole["claims"]])
    claims = claims.assign(certificate_no="S-" + claims["claim_id"], person_id_type="other", stream="training")
    payments = pd.DataFrame([dict(zip(PAYMENT, row, strict=False)) for row in whole["payments"]])
    policy = load_policy(folder / "qingxi")
    return recalculate(claims, payments, policy=policy, known_on=whole.get("known_on"))


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = recalculated(case, tmp_path)
    columns = ["claim_id", "paid_fen", "due_fen", "adjustment_fen", "cause"]
    rows = [
        [claim, *(format_yuan(int(fen)) for fen in amounts), "null" if pd.isna(cause) else cause]
        for claim, *amounts, cause in found.adjustments[columns].itertuples(index=False, name=None)
    ]
    assert rows == case["expect"]
    assert format_yuan(int(found.adjustments["adjustment_fen"].sum())) == case["total"]
    told = {lang: found.explain(rows[0][0], lang) for lang in ("zh", "en")}
    assert all(rows[0][0] in text for text in told.values())


def test_every_cause_has_a_case() -> None:
    shown = {row[-1] for case in CASES.values() for row in case["expect"]}
    assert shown == {str(cause) for cause in Cause} | {"null"}
