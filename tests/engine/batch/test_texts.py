"""Texts of all rows, put together of pieces that may lie side by side in memory or not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from subsidy.engine.batch.texts import Texts

WHOLE = ["a", None, "級", "", "bb", "c", None, "d"]
OTHER = ["A", None, "级", "", "BB", "C", None, "D"]


def pieces(kind: pa.DataType, *cuts: tuple[int, int]) -> list[pa.Array]:
    array = pa.array(WHOLE, kind)
    return [array.slice(start, stop - start) for start, stop in cuts]


CUTS = [
    [(0, 8)],
    [(0, 3), (3, 8)],
    [(2, 3), (3, 3), (3, 7)],
    [(0, 3), (4, 8)],
    [(3, 8), (0, 3)],
    [(0, 3), (0, 3)],
]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize("cuts", CUTS, ids=str)
def test_pieces_of_one_array(cuts: list[tuple[int, int]], kind: pa.DataType) -> None:
    texts = Texts(pieces(kind, *cuts))
    texts.all.validate(full=True)
    assert texts.all.type == pa.large_string()
    expected = [text for start, stop in cuts for text in WHOLE[start:stop]]
    assert texts.all.to_pylist() == expected
    rows = np.arange(len(expected))[::-1]
    assert texts.take(rows).to_pylist() == expected[::-1]


def test_pieces_of_several_arrays_and_types() -> None:
    one, other, third = pa.array(WHOLE), pa.array(OTHER), pa.array(OTHER, pa.large_string())
    for given in ([one, other], [one.slice(0, 3), other.slice(3)], [one, third], [third.slice(0, 4), other.slice(4)]):
        expected = [text for piece in given for text in piece.to_pylist()]
        assert Texts(given).all.to_pylist() == expected
        assert Texts(given).all.type == pa.large_string()


def test_what_lies_side_by_side_is_not_copied() -> None:
    large = pa.array(WHOLE, pa.large_string())
    for given in ([large.slice(0, 3), large.slice(3)], [large.slice(2, 2), large.slice(4, 3)]):
        assert Texts(given).all.buffers()[2].address == large.buffers()[2].address


def test_order_by_group_and_code_point() -> None:
    names = ["C2", "C10", "C\uff5f", "C\U00010000", "C", "C10"]
    rows = np.array([3, 2, 1, 0, 4, 5])
    groups = np.array([1, 1, 1, 1, 1, 0])
    order = Texts([pa.array(names)]).by_name(groups, rows)
    assert rows[order].tolist() == [5, 4, 1, 0, 2, 3]
