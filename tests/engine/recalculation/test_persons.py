"""Person ids stand in the result masked, whatever they are made of; whole only where the caller asks."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy import recalculate
from subsidy.engine.batch.ids import normal_spans
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.batch.spans import Spans
from subsidy.engine.recalculation.shown import _ends, _masked, _masked_in_one_pass, persons_shown
from subsidy.model.text import compact, mask_person_id
from subsidy.policy.loading import default_policy

IDS = [
    "11010519491231002X",
    "P-1",
    "居民身份证号码不能公开的一个人",
    "临时证件号码云雾" * 3,
    None,
    "  P-123456789012 ",
    "ｐ－１７",
]
PAID = pd.DataFrame({"claim_id": ["C0"], "amount": ["1"], "paid_on": ["2023-11-01"]})


def _claims(kind: str | None) -> pd.DataFrame:
    rows = {"claim_id": [f"C{number}" for number in range(len(IDS))], "person_id": IDS, "occupation": "4-04-05-05"}
    more = {"level": "3", "certificate_no": "S1", "certificate_date": "2023-09-01", "applied_on": "2023-10-08"}
    return pd.DataFrame(rows | more).assign(person_id_type=kind)


def test_masked_one_by_one_and_all_at_once() -> None:
    shown = recalculate(_claims("other"), PAID).adjustments["person_id"]
    whole = recalculate(_claims("other"), PAID, whole_person_ids=True).adjustments["person_id"]
    assert whole.tolist()[:4] == IDS[:4]
    assert whole.isna().tolist() == shown.isna().tolist() == [one is None for one in IDS]
    assert shown.dropna().tolist() == [mask_person_id(one) for one in whole.dropna()]
    assert whole[6] == "P-17"


TEXTS = st.sampled_from([None, "", IDS[0], "P-1", "居民身份证", "居民身份证号", "证件" * 9, "x" * 17, "y" * 19])


@given(st.lists(TEXTS, max_size=9), st.sampled_from([pa.string(), pa.large_string()]), st.integers(0, 2))
def test_masked_side_by_side(texts: list[str | None], kind: pa.DataType, before: int) -> None:
    """Of any lengths, also of as many bytes as a resident number has characters, and from within an array."""
    array = pa.array(["zz"] * before + texts, kind).slice(before)
    assert _masked(Spans(array)).to_pylist() == [text and mask_person_id(text) for text in texts]


PLAIN = st.one_of(
    st.sampled_from([None, ""]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=18, max_size=18),
)


@given(st.lists(PLAIN, min_size=1, max_size=9), st.sampled_from([pa.string(), pa.large_string()]), st.integers(0, 2))
def test_masked_in_one_pass(texts: list[str | None], kind: pa.DataType, before: int) -> None:
    pytest.importorskip("numba")
    array = pa.array(["zz"] * before + texts, kind).slice(before)
    found = _masked_in_one_pass(array)
    assert found is not None
    found.validate(full=True)
    assert found.to_pylist() == _masked(normal_spans(array)).to_pylist()


@given(st.sampled_from(["P-1", " " * 18, "\x7f" * 18, "é" * 9, "x" * 17, "y" * 19, "居民身份证号"]), st.booleans())
def test_what_is_no_resident_number_is_masked_otherwise(text: str, behind: bool) -> None:
    pytest.importorskip("numba")
    assert _masked_in_one_pass(pa.array([IDS[0], text] if behind else [text, IDS[0]], pa.large_string())) is None


@pytest.mark.parametrize(("batch", "threads"), [(2, 1), (2, 3), (1 << 16, 1)])
@pytest.mark.parametrize("kind", [None, pa.string(), pa.large_string()], ids=["objects", "texts", "large texts"])
@pytest.mark.parametrize("whole", [False, True])
def test_shown_by_batches(
    whole: bool, kind: pa.DataType | None, batch: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subsidy.engine.recalculation.shown.BATCH", batch)
    claims = _claims("other")
    source = source_of_frame(default_policy(), claims)
    if kind is not None:
        column = pa.chunked_array([pa.array(IDS, kind)])
        source = source._replace(fields={**source.fields, "person_id": (column,)})
    normal = [None if one is None else compact(one) for one in IDS]
    found = persons_shown(source, whole=whole, threads=threads, loops=False)
    assert found.type == pa.large_string()
    assert found.to_pylist() == (normal if whole else [one and mask_person_id(one) for one in normal])


@pytest.mark.parametrize("ids", [[IDS[0], None, "11010519491231003x"], [IDS[0], "P-1", "ｐ－１７"]])
@pytest.mark.parametrize("whole", [False, True])
def test_shown_by_loops(whole: bool, ids: list[str | None], monkeypatch: pytest.MonkeyPatch) -> None:
    """In one pass where all are resident numbers or none, else as without loops; whole ids need no pass."""
    pytest.importorskip("numba")
    _ends.cache_clear()
    monkeypatch.setattr("subsidy.engine.recalculation.shown.BATCH", 2)
    source = source_of_frame(default_policy(), _claims("other")[: len(ids)].assign(person_id=pd.Series(ids)))
    found, other = (persons_shown(source, whole=whole, threads=1, loops=loops) for loops in (True, False))
    _ends.cache_clear()
    found.validate(full=True)
    normal = [None if one is None else compact(one) for one in ids]
    assert found.to_pylist() == (normal if whole else [one and mask_person_id(one) for one in normal])
    assert found == other


def test_as_many_bytes_as_a_resident_number() -> None:
    """Some characters of several bytes, wherever they stand: masked as the text that it is."""
    usual = "11010519491231002X"
    texts = [usual, "ab" + "é" * 8, usual, "é" * 8 + "ab", usual]
    assert _masked(Spans(pa.array(texts, pa.large_string()))).to_pylist() == [mask_person_id(one) for one in texts]


def test_shown_of_any_objects() -> None:
    source = source_of_frame(default_policy(), _claims("other")[:3].assign(person_id=pd.Series([7, None, "ｐ－ 1"])))
    assert persons_shown(source, whole=True, threads=1, loops=True).to_pylist() == ["7", None, "P-1"]


def test_nobody_shown() -> None:
    source = source_of_frame(default_policy(), _claims(None)[:0])
    found = persons_shown(source, whole=False, threads=1, loops=True)
    assert (found.to_pylist(), found.type) == ([], pa.large_string())


def test_an_explanation_names_no_person() -> None:
    found = recalculate(_claims(None), PAID)
    for lang in ("zh", "en"):
        assert "11010519491231002X" not in found.explain("C0", lang)
