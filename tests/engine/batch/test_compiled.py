"""When the compiled loops serve, and that they say what the arrays say: also of what is seldom in a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy import assess_frame
from subsidy.engine.batch import compiled
from subsidy.engine.batch.compiled import SWITCH, pays
from subsidy.engine.batch.entitlements import entitlements
from subsidy.engine.batch.ids import normal_spans
from subsidy.engine.batch.known import KnownTexts
from subsidy.engine.batch.persons import resident_keys, resident_keys_in_one_pass
from subsidy.engine.batch.values import Reader, days, numbered
from subsidy.model.text import read_boolean, read_date
from tests.engine.batch.chance import Pick, any_claims, any_policy, picks, seeded
from tests.engine.batch.writings import table

numba = pytest.importorskip("numba")
caching = pytest.importorskip("numba.core.caching")
compiling = pytest.importorskip("subsidy.engine.batch.loops.compiling")
texts = pytest.importorskip("subsidy.engine.batch.loops.texts")
compile_loop, rule = compiling.compiled, compiling.rule

A_MILLION = 1_000_000


@pytest.fixture(autouse=True)
def loops() -> None:
    """Each test here chooses its way itself."""


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Forget whether numba is there, before and after."""
    compiled._loaded.cache_clear()
    yield monkeypatch
    compiled._loaded.cache_clear()


def test_few_rows_wait_for_no_compiler(fresh: pytest.MonkeyPatch) -> None:
    fresh.delenv(SWITCH, raising=False)
    fresh.delitem(sys.modules, "numba", raising=False)
    assert not pays(A_MILLION)
    assert pays(2 * A_MILLION)
    assert "numba" in sys.modules
    assert pays(100_000)
    assert not pays(10_000)


def test_switch(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv(SWITCH, "never")
    assert not pays(100 * A_MILLION)
    fresh.setenv(SWITCH, "always")
    assert pays(1)


def test_without_numba(fresh: pytest.MonkeyPatch) -> None:
    """Not installed, or of a version that refuses the numpy beside it."""
    fresh.setitem(sys.modules, "numba", None)
    assert not pays(100 * A_MILLION)


BROKEN = ("raise RuntimeError", "raise OSError('libllvmlite.so')", "raise AttributeError", "")


@pytest.mark.parametrize("text", BROKEN)
def test_with_a_numba_that_is_broken(text: str, fresh: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text(text)
    fresh.syspath_prepend(tmp_path)
    fresh.delitem(sys.modules, "numba", raising=False)
    assert not pays(100 * A_MILLION)


def double(number: int) -> int:
    return 2 * number


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


def hits(made: Any) -> int:
    return sum(made.stats.cache_hits.values())


def test_what_was_compiled_is_kept(cache: Path) -> None:
    assert compile_loop(double)(1) == 2
    again = compile_loop(double)
    assert again(2) == 4
    assert hits(again) == 1


FACTOR = 2


def same_sign(one: int, other: int) -> bool:
    return one * other > 0


def opposite_sign(one: int, other: int) -> bool:
    return one * other < 0


asked = rule(same_sign)


def times(number: int) -> int:
    return FACTOR * number if asked(number, 1) else 0


def test_what_was_compiled_holds_as_long_as_all_that_it_was_made_of(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules and numbers of reasons come from other files, which an upgrade may change alone."""
    here = sys.modules[__name__]
    assert compile_loop(times)(5) == 10
    monkeypatch.setattr(here, "FACTOR", 3)
    assert compile_loop(times)(5) == 15
    monkeypatch.setattr(here, "asked", rule(opposite_sign))
    assert compile_loop(times)(5) == 0


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_what_was_kept_is_broken(cache: Path, ending: str) -> None:
    """As after a loss of power: files that were made and not written."""
    assert compile_loop(double)(1) == 2
    broken = list(cache.rglob(f"*.{ending}"))
    for file in broken:
        file.write_bytes(file.read_bytes()[:20])
    again, third = compile_loop(double), compile_loop(double)
    assert again(2) == 4
    assert third(3) == 6
    assert broken
    assert (hits(again), hits(third)) == (0, 1)


def test_a_full_disk(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    assert compile_loop(double)(1) == 2


def test_no_place_to_keep_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.FunctionCache._impl_class, "_locator_classes", [])
    assert compile_loop(double)(1) == 2


@given(picks(), st.integers(1, 40))
def test_both_ways_are_one(pick: Pick, rows: int) -> None:
    policy = any_policy(pick)
    claims = pd.DataFrame(any_claims(pick, rows))
    with pytest.MonkeyPatch.context() as patch:
        found = []
        for way in ("never", "always"):
            patch.setenv(SWITCH, way)
            found.append((assess_frame(claims, policy=policy), entitlements(claims, policy)))
    (arrays, entitled), (loops, also) = found
    pd.testing.assert_frame_equal(arrays, loops)
    for one, other in zip(entitled, also, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_are_one_for_longer_tables(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = seeded(900 + seed)
    policy = any_policy(pick)
    claims, past = table(pick, any_claims(pick, 80)), table(pick, any_claims(pick, 20, letter="H"), nonsense=False)
    found = []
    for way in ("never", "always"):
        monkeypatch.setenv(SWITCH, way)
        found.append(assess_frame(claims, past, policy, bad_history="skip"))
    pd.testing.assert_frame_equal(found[0], found[1])


@pytest.mark.parametrize("left_out", [["stream"], ["training_filed_on"], ["stream", "training_filed_on"]])
def test_entitlements_without_optional_columns(left_out: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    pick = seeded(1)
    policy, claims = any_policy(pick), pd.DataFrame(any_claims(pick, 40)).drop(columns=left_out)
    found = []
    for way in ("never", "always"):
        monkeypatch.setenv(SWITCH, way)
        found.append(entitlements(claims, policy))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


# Texts of every length around the words that are read at once, and some that share all but a byte.
TEXTS = st.text("aA9 級\U00020000\0", max_size=28) | st.sampled_from(["skill_improvement", "skill_improvemenT", ""])


@given(st.lists(TEXTS | st.none(), max_size=60), st.integers(0, 3), st.booleans())
def test_known_texts(texts: list[str | None], cut: int, large: bool) -> None:
    column = pa.array([*["x" * cut] * cut, *texts], pa.large_string() if large else pa.string()).slice(cut)
    number = dict.fromkeys(texts)
    places = {text: place for place, text in enumerate(number)}
    read: list[object] = []

    def reader(value: object) -> int:
        read.append(value)
        return places[str(value)]

    known = KnownTexts(reader)
    for _ in range(2):
        found = known.numbers(column, np.int32)
        assert found.tolist() == [-1 if text is None else places[text] for text in texts]
    short = [text for text in read if len(str(text).encode()) <= 24]
    assert len(short) == len(set(short))  # each is read once


def test_the_table_of_known_texts() -> None:
    """The loops read it without asking how large it is."""
    known = KnownTexts(lambda text: len(str(text)))
    known.numbers(pa.array([*(f"{number:03}" for number in range(20)), "a", "bc", "x" * 24, "y" * 25]), np.int32)
    table = known._table
    word = int.from_bytes(b"\xff" * 8, "little")
    bytes_of = [[max(0, min(8, length - 8 * place)) for place in range(3)] for length in range(25)]
    assert table.masks.tolist() == [[word >> (64 - 8 * one) if one else 0 for one in row] for row in bytes_of]
    assert table.lengths.tolist() == [*[3] * 20, 1, 2, 24]
    assert table.numbers.tolist() == [*[3] * 20, 1, 2, 24]
    assert table.texts.shape == (23, 3)
    assert [row.tobytes().rstrip(b"\0") for row in table.texts[20:]] == [b"a", b"bc", b"x" * 24]
    for number, words in enumerate(table.texts):  # each stands where it is looked for, or in the next free place
        size = len(table.slots)
        place = int(texts.place_of(words, np.uint64(table.lengths[number]), table.factors, np.uint64(size - 1)))
        while table.slots[place] not in {number, -1}:
            place = (place + 1) % size
        assert table.slots[place] == number
    assert len(table.slots) & (len(table.slots) - 1) == 0
    assert len(table.slots) >= 8 * 23
    assert len(table.factors) == 3
    assert (table.factors % 2 == 1).all()


def test_large_numbers() -> None:
    """Months of insurance can be written with fifteen digits; a text that long stands for nothing, but is read."""
    texts = ["999999999999999", "2147483648", "12", None]
    known = KnownTexts(lambda text: int(str(text)))
    for _ in range(2):
        assert known.numbers(pa.array(texts), np.int64).tolist() == [999_999_999_999_999, 2**31, 12, -1]


def test_bytes_that_are_no_text() -> None:
    """As a parquet file can hold them: one bad row never stops a batch."""
    octets = pa.array([b"\xff\xfe", b"3", None, b"\xff\xfe"], pa.binary())
    column = pa.Array.from_buffers(pa.string(), 4, octets.buffers())
    by = [Reader(lambda value: int(str(value)), loops=way) for way in (False, True)]
    for reader in (*by, *by):
        assert numbered(column, reader, np.int8).tolist() == [-2, 3, -1, -2]


def test_more_texts_than_are_kept() -> None:
    texts = [f"T{number}" for number in range(10_000)]
    known = KnownTexts(lambda text: int(str(text)[1:]))
    for _ in range(2):
        assert known.numbers(pa.array(texts), np.int32).tolist() == list(range(10_000))


RESIDENTS = st.sampled_from(
    ["11010519491231002X", "11010519491231002x", "320506199003070014", "110105194902290021", "11010519491231002"]
) | st.text("0123456789X", min_size=18, max_size=18)
ODD = st.sampled_from(["１１0105194912310021", " 320506199003070014", "", "320506199003070014 "])


@given(st.lists(RESIDENTS | st.none(), min_size=1, max_size=30), st.booleans())
def test_resident_numbers(texts: list[str | None], large: bool) -> None:
    column = pa.array(texts, pa.large_string() if large else pa.string())
    keys = np.empty(len(texts), np.uint64)
    good = resident_keys_in_one_pass(column, keys)
    assert good is not None
    spans = normal_spans(column)
    rows = np.flatnonzero(spans.lengths == 18)
    right, numbers = resident_keys(spans, rows)
    expected = np.where([text is None for text in texts], -1, 0)
    expected[rows] = right
    assert good.tolist() == expected.tolist()
    assert keys[rows[right]].tolist() == numbers[right].tolist()


@given(st.lists(RESIDENTS | ODD, min_size=1, max_size=10).filter(lambda texts: any(one[:1] in "１ " for one in texts)))
def test_what_has_to_be_normalised_is_left_alone(texts: list[str]) -> None:
    assert resident_keys_in_one_pass(pa.array(texts), np.empty(len(texts), np.uint64)) is None


MOMENTS = st.integers(-(2**62), 2**62) | st.integers(-(10**15), 10**15) | st.sampled_from([0, -1, 86_399_999_999])


@given(
    st.lists(MOMENTS | st.none(), min_size=1, max_size=30), st.sampled_from(["s", "ms", "us", "ns"]), st.integers(0, 9)
)
def test_days_and_booleans(moments: list[int | None], unit: str, cut: int) -> None:
    column = pa.array([*[0] * cut, *moments], pa.int64()).cast(pa.timestamp(unit), safe=False).slice(cut)
    by = [Reader(lambda value: read_date(value).toordinal(), loops=way) for way in (False, True)]
    one, other = (days(column, reader) for reader in by)
    np.testing.assert_array_equal(one, other)
    facts = pa.array([True] * cut + [None if one is None else one % 2 == 0 for one in moments]).slice(cut)
    by = [Reader(lambda value: int(read_boolean(value)), loops=way) for way in (False, True)]
    one, other = (numbered(facts, reader, np.int8) for reader in by)
    np.testing.assert_array_equal(one, other)
