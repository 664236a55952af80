"""Texts as the bytes they are: lengths, words and hashes, whatever lies around them in memory."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.engine.batch import spans as module
from subsidy.engine.batch.spans import Spans

KINDS = [pa.string(), pa.large_string()]
TEXTS = st.none() | st.text("aB\0级", max_size=5) | st.integers(0, 75).map("x".__mul__)
LISTS = st.lists(TEXTS, max_size=10) | st.lists(st.sampled_from(["abcd", "abce", "", None]), max_size=10)


def column(texts: list[str | None], cut: int, kind: pa.DataType) -> pa.Array:
    """Make a column that begins and ends within a longer one."""
    return pa.array([*["y" * 9] * cut, *texts, *["z"] * cut], kind).slice(cut, len(texts))


def octets(texts: list[str | None]) -> list[bytes]:
    return [(text or "").encode() for text in texts]


@given(LISTS, st.integers(0, 3), st.sampled_from(KINDS))
def test_where_each_text_lies(texts: list[str | None], cut: int, kind: pa.DataType) -> None:
    spans = Spans(column(texts, cut, kind))
    plain = octets(texts)
    assert spans.rows == len(texts)
    assert spans.lengths.tolist() == [len(text) for text in plain]
    assert spans.bytes.tobytes() == b"".join(plain)
    found = [spans.bytes[at : at + size].tobytes() for at, size in zip(spans.starts, spans.lengths, strict=True)]
    assert found == plain


@given(LISTS, st.integers(0, 3), st.sampled_from(KINDS))
def test_one_length_is_that_of_all_but_the_empty(texts: list[str | None], cut: int, kind: pa.DataType) -> None:
    spans = Spans(column(texts, cut, kind))
    sizes = [len(text) for text in octets(texts)]
    several = {size for size in sizes if size}
    if not sizes or len(several) > 1:
        assert spans.length is None
        return
    assert spans.length == (max(several) if several else 0)
    filled = [row for row, size in enumerate(sizes) if size]
    if len(filled) == len(sizes) or not several:
        assert spans.filled is None
    else:
        assert spans.filled is not None
        assert spans.filled.tolist() == filled
    if several:
        some = np.array(filled[::-1])
        assert [bytes(one) for one in spans.of_one_length(some)] == [
            octets(texts)[row].rstrip(b"\0")
            for row in filled[::-1]  # numpy shows no zeros at the end
        ]


def test_several_lengths_are_no_one_length() -> None:
    with pytest.raises(ValueError, match=r"^texts of several lengths$"):
        Spans(pa.array(["a", "bc"])).of_one_length(np.array([0]))


@given(LISTS, st.integers(0, 3), st.sampled_from(KINDS))
def test_other_bytes_of_the_same_lengths(texts: list[str | None], cut: int, kind: pa.DataType) -> None:
    spans = Spans(column(texts, cut, kind))
    made = spans.with_bytes(np.frombuffer(spans.bytes.tobytes().replace(b"x", b"q"), np.uint8))
    made.validate(full=True)
    assert made.to_pylist() == [None if text is None else text.replace("x", "q") for text in texts]
    assert made.type == pa.large_string()


@given(st.lists(st.text("abc\0", min_size=8, max_size=30), min_size=1, max_size=6), st.integers(0, 2), st.data())
def test_a_word_is_eight_bytes(texts: list[str], cut: int, data: st.DataObject) -> None:
    spans = Spans(column([*texts], cut, pa.string()))
    place = data.draw(st.integers(0, min(map(len, texts)) - 8))
    expected = [int.from_bytes(text.encode()[place : place + 8], "little") for text in texts]
    assert spans.word(place).tolist() == expected
    rows = np.arange(len(texts))[::-1]
    assert spans.word(place, rows).tolist() == expected[::-1]


def test_a_word_of_texts_that_end_with_the_memory() -> None:
    """What is left of the last text is shorter than a word: behind it there is nothing to be read."""
    for size in (1, 8, 9, 15, 16, 17):
        texts = ["a" * size, "b" * size]
        data = np.frombuffer("".join(texts).encode(), np.uint8).copy()
        offsets = np.array([0, size, 2 * size], np.int32)
        spans = Spans(pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(offsets), pa.py_buffer(data)]))
        assert len(set(spans.hashes().tolist())) == 2
        if size >= 8:
            assert spans.word(size - 8).tolist() == [
                int.from_bytes(b"a" * 8, "little"),
                int.from_bytes(b"b" * 8, "little"),
            ]


@given(LISTS, LISTS, st.integers(0, 3), st.sampled_from(KINDS))
def test_equal_texts_have_equal_hashes_and_others_have_others(
    texts: list[str | None], more: list[str | None], cut: int, kind: pa.DataType
) -> None:
    """Whatever stands beside them: texts of one length are read in another way."""
    whole = Spans(column([*texts, *more], cut, kind)).hashes()
    assert len(whole) == len(texts) + len(more)
    assert whole.tolist() == [*Spans(column(texts, 0, kind)).hashes(), *Spans(pa.array(more, pa.string())).hashes()]
    by_hash: dict[int, set[bytes]] = {}
    for text, found in zip(octets([*texts, *more]), whole.tolist(), strict=True):
        by_hash.setdefault(found, set()).add(text)
    assert all(len(one) == 1 for one in by_hash.values())
    assert len(by_hash) == len(set(octets([*texts, *more])))


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33, 55, 56, 57, 63, 64, 65, 66, 71, 72, 73, 200])
def test_every_byte_counts(size: int) -> None:
    texts = ["a" * size, *("a" * place + "b" + "a" * (size - place - 1) for place in range(size)), "a" * size]
    alone = Spans(pa.array(texts)).hashes().tolist()
    for more in ([], [None], ["", "c" * (size + 1)], ["c"]):
        found = Spans(pa.array([*texts, *more])).hashes().tolist()
        assert found[: len(texts)] == alone  # whatever stands beside them
        assert found[0] == found[size + 1]
        assert len(set(found)) == size + 1 + len(more)


def test_hashes_are_spread_over_the_upper_bits() -> None:
    """By those repeated ids are shared out and looked for."""
    for texts in ([f"C{number:06}" for number in range(4096)], [f"C{number}" for number in range(4096)]):
        found = Spans(pa.array(texts)).hashes()
        for shift in (32, 44, 58):
            counts = np.bincount((found >> np.uint64(shift)).astype(np.int64) & 63, minlength=64)
            assert counts.min() > 20
            assert counts.max() < 140


def test_all_bits_tell_texts_apart() -> None:
    """Half of them would not do for so many."""
    rng = np.random.default_rng(1)
    octets = rng.integers(65, 91, (300_000, 12), np.uint8)
    texts = np.unique(octets.view("S12").ravel()).astype("U12")
    assert len(np.unique(Spans(pa.array(texts)).hashes())) == len(texts)


def test_the_first_bytes_of_a_word() -> None:
    word = int.from_bytes(b"abcdefgh", "little")
    firsts = [(word & int(mask)).to_bytes(8, "little").rstrip(b"\0") for mask in module._FIRST_BYTES]
    assert firsts == [b"abcdefgh"[:count] for count in range(9)]
    assert [len([*group]) for _, group in groupby(module._ODD % 2)] == [len(module._ODD)]
