"""The memory of Arrow arrays as the loops read it: of any part of an array, in one type."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from subsidy.engine.batch.raw import raw_bits, raw_texts

TEXTS = ["ab", None, "", "級", "a longer text than a word", None, "x", "y" * 9, "", "end"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=str)
@pytest.mark.parametrize(
    "whole", [TEXTS, [text or "" for text in TEXTS], ["", ""] * 5, [None] * 10, ["abcdefgh"], ["a"]]
)
def test_texts_of_any_part(whole: list[str | None], kind: pa.DataType) -> None:
    for start in range(len(whole)):
        for stop in range(start + 1, len(whole) + 1):
            part = pa.array(whole, kind).slice(start, stop - start)
            raw = raw_texts(part)
            assert raw.offsets.dtype == np.int64
            assert len(raw.offsets) == len(part) + 1
            texts = [raw.data[raw.offsets[row] : raw.offsets[row + 1]].tobytes() for row in range(len(part))]
            assert texts == [(text or "").encode() for text in whole[start:stop]]
            for at, word in enumerate(raw.words.tolist()):
                assert word.to_bytes(8, "little") == raw.data[at : at + 8].tobytes()
            assert len(raw.words) >= len(raw.data) - 8
            assert not any(array.flags.writeable for array in (raw.offsets, raw.words, raw.data, raw.bits))
            assert valid(raw.bits, raw.first_bit, len(part)) == [text is not None for text in whole[start:stop]]


def valid(bits: np.ndarray[tuple[int], np.dtype[np.uint8]], first: int, rows: int) -> list[bool]:
    return [not len(bits) or bool((bits[(first + row) >> 3] >> ((first + row) & 7)) & 1) for row in range(rows)]


def test_bits_of_any_part() -> None:
    values = pa.array([None if number % 3 == 1 else number for number in range(30)])
    for start in (0, 1, 7, 8, 9, 20):
        bits, first = raw_bits(values.slice(start))
        assert valid(bits, first, 30 - start) == [number % 3 != 1 for number in range(start, 30)]
    bits, first = raw_bits(pa.array([1, 2, 3]).slice(1))
    assert (len(bits), first) == (0, 0)
    assert bits.dtype == np.uint8
