"""The order in which claims count, whichever way it is found: by numbers that hold all, or by several columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from subsidy.engine.batch import order as module
from subsidy.engine.batch.order import Part, in_order
from subsidy.engine.batch.texts import Texts

# Whether what counts later and what counts by turn is told: of claims alone, with history, of a recalculation.
KINDS = [(False, False), (False, True), (True, False), (True, True)]
HEADS = 1 << 40  # keys that differ below this share what they are sorted by first


def part_of(rng: np.random.Generator, rows: int, *, turns: bool, later: bool, most: int = 3) -> tuple[Part, list[str]]:
    """Make claims of few persons on few days, so that much is equal; and the claim ids of all rows."""
    keys = np.array([0, 1, 2, HEADS, HEADS + 1, 5 * HEADS, 2**59, 2**59 + 1], np.uint64) | np.uint64(0b101 << 61)
    names = [f"C{number}" for number in rng.permutation(2 * rows + 1)]
    part = Part(
        key=rng.choice(keys, rows),
        certificate=rng.integers(1, 9, rows).astype(np.uint64),
        code=rng.integers(0, 9, rows).astype(np.int32),
        kind=rng.integers(0, 9, rows).astype(np.int32),
        day=rng.integers(0, most, rows).astype(np.int32),
        row=rng.permutation(2 * rows)[:rows].astype(np.int32),
        turn=rng.integers(0, most, rows) if turns else None,
        later=rng.random(rows) < 0.5 if later else None,
    )
    return part, names


def plainly(part: Part, names: list[str]) -> list[int]:
    def place(at: int) -> tuple[Any, ...]:
        late = part.later is not None and bool(part.later[at])
        turn = 0 if part.turn is None else int(part.turn[at])
        return int(part.key[at]), late, turn, int(part.day[at]), names[int(part.row[at])]

    return sorted(range(len(part.key)), key=place)


def found(part: Part, names: list[str], bits: int = 0) -> list[int]:
    given = [None if column is None else column.copy() for column in part]
    order = in_order(part, bits, Texts([pa.array(names)]).by_name)
    for column, before in zip(part, given, strict=True):
        np.testing.assert_array_equal(column, before)
    return [int(one) for one in order]


@pytest.mark.parametrize(("turns", "later"), KINDS)
@pytest.mark.parametrize("bits", [0, 2, 3])
@pytest.mark.parametrize("rows", [0, 1, 2, 30])
def test_claims_of_one_part(rows: int, bits: int, turns: bool, later: bool) -> None:
    """The key's upper bits that a part shares tell nobody apart."""
    for seed in range(6):
        part, names = part_of(np.random.default_rng(seed), rows, turns=turns, later=later)
        assert found(part, names, bits) == plainly(part, names)


@pytest.mark.parametrize(("turns", "later"), KINDS)
def test_more_rows_than_one_number_has_room_for(monkeypatch: pytest.MonkeyPatch, turns: bool, later: bool) -> None:
    monkeypatch.setattr(module, "_ROW_BITS", 4)
    for rows in (15, 16, 17, 40):
        part, names = part_of(np.random.default_rng(rows), rows, turns=turns, later=later)
        assert found(part, names) == plainly(part, names)


@pytest.mark.parametrize(("turns", "later"), KINDS)
@pytest.mark.parametrize("most", [2**14, 2**14 + 1, 2**16, 2**31])
def test_more_days_or_turns_than_one_number_has_room_for(most: int, turns: bool, later: bool) -> None:
    for seed in range(4):
        part, names = part_of(np.random.default_rng(seed), 25, turns=turns, later=later, most=most)
        column = part.day if part.turn is None else part.turn
        column[:12] = most - 1
        part.key[:12] = part.key[0]
        assert found(part, names) == plainly(part, names)


@pytest.mark.parametrize(("turns", "later"), KINDS)
def test_parts_are_cut_and_put_together(turns: bool, later: bool) -> None:
    part, _ = part_of(np.random.default_rng(7), 12, turns=turns, later=later)
    cut = [part.slice(0, 5), part.slice(5, 5), part.slice(5, 12)]
    assert [len(one.key) for one in cut] == [5, 0, 7]
    places = np.array([3, 0, 11])
    taken = [cut[0].take(places[:2]), cut[2].take(places[2:] - 5)]
    for whole, other in ((part, Part.joined(cut)), (part.take(places), Part.joined(taken))):
        for column, also in zip(whole, other, strict=True):
            assert (column is None) == (also is None)
            if column is not None and also is not None:
                np.testing.assert_array_equal(column, also)
    assert Part.joined([part]) is part
    assert (part.turn is not None, part.later is not None) == (turns, later)
