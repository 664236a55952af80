"""Wrapped lines fit and lose nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from subsidy.cli.wrapping import columns, wrap

TEXT = st.text(alphabet='ab1 .,;()"元年补贴，。（）《》、：-\n', max_size=120)


@given(TEXT, st.integers(20, 100))
def test_lines_fit(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


@given(TEXT, st.integers(20, 100))
def test_nothing_but_blanks_is_lost_or_added(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


def test_a_line_begins_with_no_closing_sign() -> None:
    text = "补贴标准表，" * 20
    for width in range(20, 40):
        assert not any(line.startswith("，") for line in wrap(text, width))


def test_an_amount_stays_with_its_unit() -> None:
    for width in range(20, 60):
        lines = wrap("补贴标准为 1800.00 元，上浮 540.00 元，合计 2340.00 元。", width)
        assert not any(line.lstrip().startswith("元") for line in lines)


def test_what_follows_a_bullet_stays_under_it() -> None:
    first, *rest = wrap("  - " + "词" * 30, 20)
    assert first.startswith("  - 词")
    assert all(line.startswith("    词") for line in rest)


def test_long_words_are_folded() -> None:
    assert wrap("x" * 50, 20) == ["x" * 20, "x" * 20, "x" * 10]


def test_columns_align_chinese() -> None:
    lines = columns([("等级", "level"), ("a", "b"), ("x" * 40, "on a line of its own")], 60)
    assert lines == [
        "  等级  level",
        "  a     b",
        "  " + "x" * 40,
        "        on a line of its own",
    ]
