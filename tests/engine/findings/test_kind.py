"""Texts in both languages, lists of them, and kinds."""

from __future__ import annotations

from subsidy.engine.findings.kind import SEMICOLON, Bilingual, kind, several


def test_a_text_is_filled_in_by_language() -> None:
    text = Bilingual("{what}：{count}", "{what}: {count}")
    filled = text.filled(what=Bilingual("职业", "occupations"), count=3)
    assert filled == Bilingual("职业：3", "occupations: 3")
    assert [filled.in_language(lang) for lang in ("zh", "en")] == [*filled]


def test_a_list_is_cut_after_the_fifth() -> None:
    names = [Bilingual(f"甲{number}", f"a{number}") for number in range(7)]
    assert several([]) == Bilingual("", "")
    assert several(names[:2]) == Bilingual("甲0、甲1", "a0, a1")
    assert several(names[:2], SEMICOLON) == Bilingual("甲0；甲1", "a0; a1")
    assert several(names[:5]) == Bilingual("甲0、甲1、甲2、甲3、甲4", "a0, a1, a2, a3, a4")
    assert several(names[:6]) == Bilingual("甲0、甲1、甲2、甲3、甲4 等6项", "a0, a1, a2, a3, a4 and 1 more")
    assert several(iter(names)) == Bilingual("甲0、甲1、甲2、甲3、甲4 等7项", "a0, a1, a2, a3, a4 and 2 more")


def test_of_a_kind_the_chinese_words_stand_first() -> None:
    made = kind("code", "info", ("甲", "a"), ("乙", "b"))
    assert (made.code, made.severity) == ("code", "info")
    assert (made.message, made.advice) == (Bilingual("甲", "a"), Bilingual("乙", "b"))
