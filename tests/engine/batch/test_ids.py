"""Ids and certificate numbers of whole columns, against `compact` of one text."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.engine.batch import ids
from subsidy.engine.batch.ids import normal_ids
from subsidy.model.text import compact


def test_bytes_that_need_no_normalising() -> None:
    plain = ids._plain_bytes()
    assert len(plain) == 256
    for byte in range(128):
        # Lower case and blanks change, and so may what can't be printed.
        assert plain[byte] == (compact(chr(byte)) == chr(byte) and chr(byte).isprintable())
    # What is made of plain bytes alone stays as it is; of all characters beyond ASCII only those of Chinese are so.
    of_plain = [char for char in map(chr, [*range(0x80, 0xD800), *range(0xE000, 0x110000, 17)])
                if all(plain[byte] for byte in char.encode())]  # fmt: skip
    assert (of_plain[0], of_plain[-1], len(of_plain)) == ("\u4000", "\u9fff", 0x6000)
    assert all(compact(char) == char for char in of_plain)
    assert (plain == ids.PLAIN).all()


TEXTS = st.none() | st.text("aZz09{`@[ \u3000\u200b级ｂ\u00e9\u4000\u9fff\U00020000\t\x7f~!", max_size=6)


def expected(texts: list[str | None]) -> list[str | None]:
    return [None if text is None else compact(text) or None for text in texts]


@given(st.lists(TEXTS, max_size=12), st.integers(0, 4), st.sampled_from([pa.string(), pa.large_string()]))
def test_a_column_is_normalised_as_each_text_is(texts: list[str | None], cut: int, kind: pa.DataType) -> None:
    column = pa.array(texts, kind).slice(cut)
    found = normal_ids(column)
    assert found.to_pylist() == expected(texts[cut:])
    assert found.type == kind


PLAIN: list[list[str | None]] = [
    [],
    [None],
    [""],
    ["", None, "A"],
    [None, "0", "!"],
    ["A", "B"],
    ["a", "B"],
    ["z", "`"],
    ["1 ", " "],
    ["1\x1f", "!"],
    ["A~", "级", "A\x7f"],
    ["甲乙", "Ａ", ""],
    ["a", "", None, "ａ", "1 2"],
]


@pytest.mark.parametrize("texts", PLAIN)
def test_columns_that_are_plain_but_for_one(texts: list[str | None]) -> None:
    assert normal_ids(pa.array(texts, pa.string())).to_pylist() == expected(texts)


def test_what_lies_under_nulls_is_no_text() -> None:
    """Bytes may lie there that would need normalising."""
    full = pa.array(["a b", "x", "级ａ"])
    bits = pa.py_buffer(bytes([0b010]))
    column = pa.Array.from_buffers(pa.string(), 3, [bits, *full.buffers()[1:]])
    assert normal_ids(column).to_pylist() == [None, "X", None]
    found = normal_ids(column.slice(1))
    assert found.to_pylist() == ["X", None]
