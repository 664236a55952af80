"""Rows shared out by person: however many shares there are, and whatever is said to keep money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy.engine.batch import shares as module
from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.fold import HALF, Refused
from subsidy.engine.batch.grid import Kind, reason_number
from subsidy.engine.batch.order import Part
from subsidy.engine.batch.shares import Kept, Shares, same_certificates
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.table import Asked, ask, refuse_by_history
from subsidy.engine.batch.texts import Texts
from subsidy.model.level import Level, Stream
from subsidy.model.words import Reason
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import claim, frame, same_both_ways, town
from tests.engine.batch.writings import table
from tests.policy.support import Item

LIMITS: list[Item] = [
    {"id": "lifetime", "at_most": 2, "per": "lifetime"},
    {"id": "training", "at_most": 9, "per": "lifetime", "streams": ["training"]},
    {"id": "shortage", "at_most": 9, "per": "lifetime", "requires": ["shortage"]},
]
TOWN = town(("2024-01-01", {"limits": LIMITS, "insured_months": {"training": 12}}), listed_from="2024-01-01")


@pytest.mark.parametrize("part", [1, 2, 6, 40])
@pytest.mark.parametrize("far", [1, 1 << 31])
def test_any_number_of_shares(part: int, far: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PART", part)
    monkeypatch.setattr(module, "_PART_OF_LOOPS", part)
    monkeypatch.setattr(module, "_FAR", far)
    for seed in range(2):
        pick = seeded(9000 + seed)
        policy = any_policy(pick)
        claims, past = any_claims(pick, 40, persons=9), any_claims(pick, 8, letter="H", persons=9)
        good = [one for one in past if one["applied_on"] >= one["certificate_date"]]
        same_both_ways(table(pick, claims), table(pick, good, nonsense=False), policy)


def test_more_shares_than_a_byte_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PART", 1)
    rows = [claim(f"C{row}", person_id=f"P{row // 2}") for row in range(300)]
    found = same_both_ways(frame(*rows), None, TOWN)
    assert found["status"].tolist() == ["payable", "refused"] * 150


def asked(claims: pd.DataFrame, past: pd.DataFrame | None = None) -> Asked:
    history = None if past is None else source_of_frame(TOWN, past, "history")
    return ask(source_of_frame(TOWN, claims), history, TOWN, skip_bad_history=False, workers=1)


def given(claims: pd.DataFrame, past: pd.DataFrame | None = None, kept: Kept | None = None) -> dict[str, list[Any]]:
    """Give the rows that ask, by name of column."""
    of = asked(claims, past)
    shares = Shares(TOWN, of.gathered, of.law, of.standing, kept)
    rows = slice(0, of.gathered.rows.rows)
    part, borders = shares.of(rows)
    assert borders.tolist() == [0, len(part.key)]
    steps = [shares.classes.steps(number) for number in part.kind.tolist()]
    return {
        "row": part.row.tolist(),
        "state": [number % 4 for number in part.kind.tolist()],
        "bit": [one.bit for one in steps],
        "moves": [len(one.moves) for one in steps],
        "turn": [] if part.turn is None else part.turn.tolist(),
        "later": [] if part.later is None else part.later.tolist(),
    }


PAYABLE, UNCLEAR, REFUSED, BAD, LAWLESS = (
    claim("payable"),
    claim("unclear", insured_months=None),
    claim("refused", insured_months=0),
    claim("bad", level="?"),
    claim("lawless", certificate_date="2023-01-01", applied_on="2023-02-01"),
)
TWO = [Kind(Stream.TRAINING, Level.L1, frozenset()), Kind(None, Level.L2, frozenset())]
ROWS = frame(PAYABLE, UNCLEAR, REFUSED, BAD, LAWLESS)


def test_who_asks() -> None:
    """What is refused or can't be used doesn't, nor what no rules govern; what is unclear asks and uses up nothing."""
    found = given(ROWS)
    assert found["row"] == [0, 1]
    assert found["state"] == [0, 1]
    assert (found["turn"], found["later"]) == ([], [])
    assert found["bit"] == [1 << [*Level].index(Level.L5)] * 2
    assert found["moves"] == [3, 3]


def test_all_of_the_history_counts_before_all_claims() -> None:
    """Also what no rules govern: it has its level, and no facts."""
    paid = (PAYABLE, UNCLEAR, REFUSED, LAWLESS | {"level": "3", "stream": "skill_improvement"})
    found = given(ROWS, frame(*(row | {"claim_id": f"H{number}"} for number, row in enumerate(paid))))
    assert found["row"] == [0, 1, 2, 3, 4, 5]
    assert found["state"] == [2, 2, 2, 2, 0, 1]
    assert found["later"] == [False] * 4 + [True] * 2
    assert found["moves"] == [3, 3, 3, 1, 3, 3]
    assert found["bit"] == [1 << [*Level].index(Level.L3 if row == 3 else Level.L5) for row in range(6)]


def test_claims_that_keep_money() -> None:
    """Also those that are unclear now, and of what can't be used any more what can be read."""
    money = np.array([True, True, True, True, True])
    kinds = [Kind(Stream.TRAINING, Level.L1, frozenset())]
    found = given(ROWS, None, Kept(np.array([4, 3, 2, 1, 0]), money, np.array([3]), kinds))
    assert found["row"] == [0, 1, 3, 4]
    assert found["state"] == [0, 0, 2, 2]
    assert found["bit"] == [1 << [*Level].index(level) for level in (Level.L5, Level.L5, Level.L1, Level.L5)]
    assert (found["turn"], found["later"]) == ([4, 3, 1, 0], [])
    both = given(ROWS, None, Kept(np.array([4, 3, 2, 1, 0]), money, np.array([2, 3]), TWO))
    assert both["state"] == [0, 0, 2, 2, 2]
    assert both["bit"][2:4] == [1 << [*Level].index(level) for level in (Level.L1, Level.L2)]
    poor = given(ROWS, None, Kept(np.arange(5), ~money, np.empty(0, np.int64), []))
    assert poor["row"] == [0, 1]
    assert poor["state"] == [0, 1]


def in_the_way(blocked: Array) -> list[tuple[int, int]]:
    return sorted(divmod(number, 1 << HALF) for number in blocked.tolist())


def test_money_decides_who_stands_in_the_way() -> None:
    claims = frame(claim("C1"), claim("C2"), claim("C3"))
    assert in_the_way(refuse_by_history(TOWN, asked(claims))) == [(1, 0), (2, 0)]
    kept = Kept(np.array([3, 2, 1]), np.array([False, True, True]), np.empty(0, np.int64), [])
    assert in_the_way(refuse_by_history(TOWN, asked(claims), kept)) == [(0, 2), (1, 2)]


def test_money_decides_also_where_certificates_share_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    strong = Spans.hashes
    monkeypatch.setattr(Spans, "hashes", lambda spans: strong(spans) & np.uint64(0))
    of = asked(
        frame(claim("C1", certificate_no="S"), claim("C2", level="4"), claim("C3", certificate_no="S", level="3"))
    )
    kept = Kept(np.array([2, 1, 0]), np.array([False, False, True]), np.empty(0, np.int64), [])
    assert in_the_way(refuse_by_history(TOWN, of, kept)) == [(0, 2), (1, 2)]


def test_pieces_of_the_rows_ask_as_the_whole_does() -> None:
    """Also those that begin within the history, or behind it."""
    past = frame(*(claim(f"H{number}", person_id=f"P{number}") for number in range(5)), LAWLESS | {"claim_id": "H"})
    of = asked(pd.concat([ROWS, frame(claim("last"))]), past)
    for kept in (None, Kept(np.arange(13), np.arange(13) % 2 == 0, np.array([3, 8]), TWO)):
        if kept is not None:
            of = asked(
                pd.concat([ROWS, ROWS.assign(claim_id=[*"abcde"]), frame(claim("last"), claim("2"), claim("3"))])
            )
        shares = Shares(TOWN, of.gathered, of.law, of.standing, kept)
        rows = of.gathered.rows.rows
        whole, _ = shares.of(slice(0, rows))
        for cut in (1, 3, 6, 9):
            parts = [shares.of(part)[0] for part in (slice(0, cut), slice(cut, rows))]
            for column, other in zip(whole, Part.joined(parts), strict=True):
                np.testing.assert_array_equal(column, other)


def test_rows_beyond_what_four_bytes_count(monkeypatch: pytest.MonkeyPatch) -> None:
    of = asked(ROWS)
    shares = Shares(TOWN, of.gathered, of.law, of.standing)
    assert shares.of(slice(0, 5))[0].row.dtype == np.int32
    monkeypatch.setattr(module, "_FAR", 5)
    assert shares.of(slice(0, 5))[0].row.dtype == np.int64


@pytest.mark.parametrize("loops", [False, True])
def test_certificates_that_share_more_than_the_hash(loops: bool) -> None:
    if loops:
        pytest.importorskip("numba")
    texts = Texts([pa.array(["S1", "S1", "S2", "a long certificate number", "a long certificate numbeR", None])])
    certificate, level = reason_number(Reason.CERTIFICATE_ALREADY_PAID), reason_number(Reason.SAME_LEVEL_ALREADY_PAID)

    def refused(*pairs: tuple[int, int, int]) -> Refused:
        row, why, by = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
        return Refused(row, why.astype(np.int8), np.zeros(len(row), np.int16), by)

    assert same_certificates(refused((1, certificate, 0)), texts, loops=loops)
    assert same_certificates(refused((2, level, 0), (1, certificate, 0)), texts, loops=loops)
    assert not same_certificates(refused((1, certificate, 0), (2, certificate, 0)), texts, loops=loops)
    assert not same_certificates(refused((4, certificate, 3)), texts, loops=loops)
    assert same_certificates(Refused.none(), texts, loops=loops)
