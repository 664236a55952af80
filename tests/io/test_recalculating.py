"""Recalculation and comparison from files to files: the same in one piece, in parts, and as frames."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from subsidy import Policy, compare, recalculate
from subsidy.engine.batch import spans
from subsidy.engine.recalculation.totals import COMPARED_GROUPS
from subsidy.io.columns import claim_columns, payment_columns
from subsidy.io.comparing import compare_file
from subsidy.io.large import IN_MEMORY, Sizes
from subsidy.io.place import find_target
from subsidy.io.recalculating import SUMMED_BY, Outcome, Targets, recalculate_files
from subsidy.io.source import open_table
from subsidy.model.text import is_empty
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.worlds import Item, any_world, as_model, late_world

PARTS = Sizes(most_rows=0, part=4, bucket=3)
DAY = date(2031, 1, 1)


def text_of(value: object) -> str:
    return "" if is_empty(value) else str(value)


def in_files(folder: Path, seed: int, rows: int = 14) -> tuple[Policy, Path, Path]:
    """Write a world as csv files; return where."""
    pick = seeded(seed)
    policy, claims, payments = (any_world if seed % 2 else late_world)(pick, rows)
    return policy, write(folder / "claims.csv", claims), write(folder / "paid.csv", as_model(payments), PAID)


PAID = ["claim_id", "amount", "paid_on", "state"]


def write(path: Path, rows: list[Item], columns: list[str] | None = None) -> Path:
    plain = [{name: text_of(value) for name, value in one.items()} for one in rows]
    pd.DataFrame(plain, columns=columns).to_csv(path, index=False)
    return path


def text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def run(policy: Policy, claims: Path, *paid: Path, out: Path | None = None, sizes: Sizes = IN_MEMORY) -> Outcome:
    wanted = claim_columns(policy.vocabulary.conditions)
    targets = Targets()
    if out is not None:
        targets = Targets(find_target(out / "adjustments.parquet"), find_target(out / "bookings.csv"), DAY)
    sources = [open_table(path, payment_columns()) for path in paid]
    return recalculate_files(open_table(claims, wanted), sources, targets, policy=policy, sizes=sizes)


def plain(values: pd.Series[Any]) -> list[Any]:
    return [None if pd.isna(one) else one for one in values.astype(object)]


@pytest.mark.parametrize("sizes", [IN_MEMORY, PARTS], ids=["in one piece", "in parts"])
@pytest.mark.parametrize("seed", range(24))
def test_files_give_what_frames_give(seed: int, sizes: Sizes, tmp_path: Path) -> None:
    policy, claims, paid = in_files(tmp_path, seed)
    expected = recalculate(text(claims), text(paid), policy=policy)
    outcome = run(policy, claims, paid, out=tmp_path, sizes=sizes)
    assert outcome.run_id == expected.run_id
    frame, found = expected.adjustments, pq.read_table(tmp_path / "adjustments.parquet").to_pandas()
    assert set(found["run_id"]) <= {expected.run_id}
    assert set(found["policy_fingerprint"]) <= {policy.fingerprint}
    for name in frame.columns.drop(["applied_on", "first_paid_on"]):
        assert plain(found[name]) == plain(frame[name]), name
    for name in ("applied_on", "first_paid_on"):
        days = [None if pd.isna(day) else day.date() for day in frame[name]]
        assert plain(found[name]) == days
    assert (found["adjustment"] * 100).astype("int64").tolist() == frame["adjustment_fen"].tolist()
    assert outcome.counts[1:] == (len(frame), frame["cause"].notna().sum(), (frame["adjustment_fen"] != 0).sum())
    for by in SUMMED_BY:
        own, wanted = (sums(by).set_index(by) for sums in (outcome.sums.totals, expected.totals))
        own.index, wanted.index = own.index.astype(object), wanted.index.astype(object)
        order = sorted(wanted.index.dropna())
        assert own.loc[order].equals(wanted.loc[order].astype("int64"))
        assert own.sum().tolist() == wanted.sum().tolist()


@pytest.mark.parametrize("sizes", [IN_MEMORY, PARTS], ids=["in one piece", "in parts"])
@pytest.mark.parametrize("seed", range(8))
def test_bookings_leave_nothing(seed: int, sizes: Sizes, tmp_path: Path) -> None:
    """The file of bookings beside the former payments: no difference is left, and the run is another."""
    policy, claims, paid = in_files(tmp_path, seed)
    first = run(policy, claims, paid, out=tmp_path, sizes=sizes)
    frame = pq.read_table(tmp_path / "adjustments.parquet").to_pandas()
    if ((frame["status"] == "payable") & (frame["due_fen"] == 0)).any():
        return
    again = run(policy, claims, paid, tmp_path / "bookings.csv", sizes=sizes)
    assert again.counts.differing == 0
    assert again.payments == first.payments + first.counts.differing
    assert (again.run_id == first.run_id) == (first.counts.differing == 0)


@pytest.mark.parametrize("seed", range(6))
def test_hashes_only_propose_the_part(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many ids share a hash, payments still find their claims, and none is lost or counted twice."""
    policy, claims, paid = in_files(tmp_path, seed, rows=30)
    expected = recalculate(text(claims), text(paid), policy=policy).adjustments
    whole: Callable[[spans.Spans], Any] = spans.Spans.hashes
    monkeypatch.setattr(spans.Spans, "hashes", lambda self: whole(self) >> np.uint64(62) << np.uint64(62))
    run(policy, claims, paid, out=tmp_path, sizes=PARTS)
    found = pq.read_table(tmp_path / "adjustments.parquet").to_pandas()
    for name in ("claim_id", "paid_fen", "due_fen", "cause"):
        assert plain(found[name]) == plain(expected[name])


@pytest.mark.parametrize("sizes", [IN_MEMORY, PARTS], ids=["in one piece", "in parts"])
@pytest.mark.parametrize("seed", range(8))
def test_comparison_of_files(seed: int, sizes: Sizes, tmp_path: Path) -> None:
    policy, claims, _ = in_files(tmp_path, seed)
    other = policy.as_known_on(date(2023, 9, 1))
    expected = compare(text(claims), policy, other)
    wanted = claim_columns(policy.vocabulary.conditions)
    target = find_target(tmp_path / "differences.parquet")
    found = compare_file(open_table(claims, wanted), target, policies=(policy, other), sizes=sizes)
    table = pq.read_table(target.path).to_pandas()
    for name in expected.differences.columns.drop("applied_on"):
        assert plain(table[name]) == plain(expected.differences[name]), name
    assert found.rows == len(expected.differences)
    for by in COMPARED_GROUPS:
        assert found.sums.totals(by)["difference_fen"].sum() == expected.difference_fen
        assert len(found.sums.totals(by)) == len(expected.totals(by))
