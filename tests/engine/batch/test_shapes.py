"""What the decisions must not depend on: size, order of rows, workers, how a column is stored or cut into chunks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from weakref import ref

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy import Policy
from subsidy.engine.batch import table as tables
from subsidy.engine.batch.fold import Refused, fold
from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.reading import Rows
from subsidy.engine.batch.table import OUTPUT_COLUMNS, decide_table
from subsidy.engine.sequence import assess_all
from subsidy.model.text import compact
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import (
    AMOUNTS,
    OPEN,
    OUTPUT,
    as_rows,
    claim,
    difference,
    frame,
    frame_rows,
    resident,
    same,
    town,
)
from tests.engine.batch.writings import table
from tests.policy.support import Item

LIMITS: list[Item] = [
    {"id": "yearly", "at_most": 2, "per": "calendar_year"},
    {"id": "lifetime", "at_most": 3, "per": "lifetime", "except": ["shortage"]},
]
TOWN = town((OPEN[1], {"limits": LIMITS, "claim_window": {"months": 12, "last_day": "inclusive"}}))


def many(rows: int, *, persons: int | None = None, seed: int = 11) -> pd.DataFrame:
    """Claims of residents, three a person if not said otherwise, in no order; one in fifty can't be used."""
    rng = np.random.default_rng(seed)
    numbers = np.array([resident(number) for number in range(persons or rows // 3 + 1)])
    issued = np.datetime64("2022-06-01") + rng.integers(0, 900, rows)
    level = rng.choice(["5", "4", "三级", "2", "1", "专项"], rows)
    level[rng.random(rows) < 0.02] = "六级"
    return pd.DataFrame(
        {
            "claim_id": np.char.add("C", rng.permutation(rows).astype(str)),
            "person_id": numbers[rng.integers(0, len(numbers), rows)],
            "occupation": rng.choice(["9-01-01-01", "采雾工", "9-01-01-03", "9-99-99-99"], rows),
            "level": level,
            "certificate_no": np.char.add("S", rng.integers(0, rows * 8, rows).astype(str)),
            "certificate_date": issued,
            "applied_on": issued + rng.integers(0, 500, rows),
            "insured_months": rng.integers(0, 30, rows),
        }
    )


# -- size --------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 63, 64, 65])
def test_few_rows(rows: int) -> None:
    found = same(many(70).iloc[:rows], policy=TOWN)
    assert found["status"].notna().all()


def test_no_rows_of_any_type_of_column() -> None:
    for kind in (object, "str", "category", "float64", "datetime64[us]"):
        found = same(frame(claim()).iloc[:0].astype(kind), policy=TOWN)
        assert len(found) == 0
        assert tuple(found.columns) == OUTPUT


def test_all_rows_invalid() -> None:
    claims = frame(*(claim(f"C{n}", level="六级") for n in range(100)))
    assert set(same(claims, policy=TOWN)["reason"]) == {"bad_level"}
    nothing = pd.DataFrame(dict.fromkeys(claims.columns, [None] * 5))
    assert set(same(nothing, policy=TOWN)["detail"]) == {"claim_id"}


@pytest.mark.parametrize("rows", [2**16 - 1, 2**16, 2**16 + 1])
def test_as_many_rows_as_sixteen_bits_count(rows: int) -> None:
    """The frame of many persons gives each of them what it gives to that person alone."""
    claims = many(rows)
    found = assess_frame(claims, policy=TOWN)
    some = claims["person_id"].isin(claims["person_id"].unique()[:300]) | (np.arange(rows) >= rows - 1)
    persons = claims["person_id"].isin(claims["person_id"][some])
    assert frame_rows(found[persons]) == frame_rows(same(claims[persons], policy=TOWN))


def test_more_rows_in_one_group_of_persons_than_are_sorted_as_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person has most rows, so that whatever shares the rows out by person has one great share."""
    monkeypatch.setattr("subsidy.engine.batch.order._ROW_BITS", 12)
    rows = 2**15
    claims = many(rows, persons=300)
    one = claims["person_id"].iloc[0]
    claims.loc[claims.index[:-4000], "person_id"] = one
    found = assess_frame(claims, policy=TOWN)
    others = claims["person_id"] != one
    assert frame_rows(found[others]) == frame_rows(same(claims[others], policy=TOWN))
    # the person with very many: what is payable keeps to the limits, and certificates and levels are paid once
    paid = claims[~others & (found["status"] == "payable")]
    per_year = paid["applied_on"].dt.year.value_counts()
    assert per_year.max() == 2
    assert len(paid) == 2 * len(per_year)
    assert not paid["certificate_no"].duplicated().any()
    # whether later rows are there or not, the first by day and id are decided alike
    first = claims[~others].sort_values("applied_on").iloc[:2000]
    first = first[first["applied_on"] < first["applied_on"].max()]
    alone = same(first, policy=TOWN)
    assert frame_rows(found.loc[first.index]) == frame_rows(alone)


# -- order, split, workers ---------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    pick = seeded(seed)
    policy, rows = any_policy(pick), any_claims(pick, 80)
    claims = table(pick, rows, plain_index=True)
    for name, kind in claims.dtypes.items():
        if "string_view" in str(kind):  # pandas can't put those into another order
            claims[name] = pd.Series(claims[name].tolist(), dtype="str")
    order = np.random.default_rng(seed).permutation(len(rows))
    # but of rows that are alike the first stays, so rows of one claim id keep their order
    names = [compact(row["claim_id"]) for row in rows]
    for name in {name for name in names if names.count(name) > 1}:
        places = [place for place, row in enumerate(order.tolist()) if names[row] == name]
        order[places] = np.sort(order[places])
    whole = assess_frame(claims, policy=policy)
    shuffled = assess_frame(claims.iloc[order], policy=policy)
    assert shuffled.index.tolist() == order.tolist()
    assert frame_rows(shuffled.sort_index()) == frame_rows(whole)


def test_the_order_of_rows_does_not_matter_at_all_in_a_large_frame() -> None:
    claims = many(150_000)
    whole = assess_frame(claims, policy=TOWN)
    for by in ("applied_on", "claim_id", "person_id"):
        ordered = claims.sort_values(by)
        assert assess_frame(ordered, policy=TOWN).sort_index().equals(whole)


def test_splitting_by_person_gives_the_same() -> None:
    claims = many(90_000)
    whole = assess_frame(claims, policy=TOWN)
    share = claims["person_id"].str[-2].astype(int) % 3
    parts = pd.concat([assess_frame(claims[share == part], policy=TOWN) for part in range(3)]).sort_index()
    assert frame_rows(parts) == frame_rows(whole)


@pytest.mark.parametrize("rows", [0, 1, 1000, 200_000])
def test_the_number_of_workers_changes_nothing(rows: int) -> None:
    claims, past = many(rows), many(max(rows // 10, 1), seed=12)
    past = past[past["level"] != "六级"]
    past = past[past["applied_on"] >= past["certificate_date"]].assign(claim_id=lambda f: "H" + f["claim_id"])
    single, *more = [assess_frame(claims, past, TOWN, workers=workers) for workers in (1, 2, 3, None)]
    for other in more:
        assert single.equals(other)


@pytest.mark.parametrize("seed", range(6))
def test_workers_change_nothing_in_odd_frames(seed: int) -> None:
    pick = seeded(500 + seed)
    policy = any_policy(pick)
    claims = table(pick, any_claims(pick, 2000))
    single, *more = [assess_frame(claims, policy=policy, workers=workers) for workers in (1, 2, 3)]
    for other in more:
        assert single.equals(other)


# -- what comes out ----------------------------------------------------------------------


def test_the_input_is_left_as_it_was() -> None:
    for seed in range(8):
        pick = seeded(seed)
        policy, claims = any_policy(pick), table(pick, any_claims(pick, 60))
        past = table(pick, any_claims(pick, 10, letter="H"))
        before = claims.copy(deep=True), past.copy(deep=True)
        assess_frame(claims, past, policy, bad_history="skip")
        for found, kept in zip((claims, past), before, strict=True):
            assert found.dtypes.astype(str).tolist() == kept.dtypes.astype(str).tolist()
            assert found.index.equals(kept.index)
            for place in range(found.shape[1]):  # pandas can't compare frames that hold views of strings
                assert [*map(repr, found.iloc[:, place])] == [*map(repr, kept.iloc[:, place])]
            assert found.attrs == kept.attrs == {}


def test_what_was_read_is_given_back_before_history_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ref[Rows]] = []
    forget = Gathered.forget_rows

    def forget_rows(gathered: Gathered) -> None:
        read.append(ref(gathered.rows))
        forget(gathered)

    def asked(*given: Any) -> Refused:
        assert read[0]() is None
        return fold(*given)

    monkeypatch.setattr(Gathered, "forget_rows", forget_rows)
    monkeypatch.setattr(tables, "fold", asked)
    assess_frame(many(300), policy=TOWN)
    assert read


def test_arrays_that_must_not_be_written_to() -> None:
    claims = many(500)
    for name in ("certificate_date", "applied_on", "insured_months"):
        values = claims[name].to_numpy()
        values.setflags(write=False)
        claims[name] = pd.Series(values, copy=False)
    same(claims, policy=TOWN)


def test_amounts_are_whole_numbers_and_words_are_few() -> None:
    found = assess_frame(many(300), policy=TOWN)
    for name in AMOUNTS:
        assert pd.api.types.is_integer_dtype(found[name].dtype), name
    assert found.attrs["policy_fingerprint"] == TOWN.fingerprint
    again = assess_frame(many(3).iloc[:0], policy=TOWN)
    assert [str(kind) for kind in again.dtypes] == [str(kind) for kind in found.dtypes]


def test_the_packaged_policy_serves_where_none_is_given() -> None:
    rows = [
        {"申领编号": "C1", "身份证号": "11010519491231002X", "职业名称": "人工智能训练师", "等级": "三级",
         "证书编号": "S1", "发证日期": "2023-09-01", "申请日期": "2023-10-08"},
    ]  # fmt: skip
    found = same(pd.DataFrame(rows))
    assert found["amount_fen"].tolist() == [234_000]


# -- Arrow tables ------------------------------------------------------------------------


def same_table(claims: pa.Table, history: pa.Table | None = None, policy: Policy = TOWN, **more: Any) -> None:
    expected = as_rows(assess_all(claims.to_pylist(), history.to_pylist() if history else (), policy=policy))
    decided = decide_table(claims, history, policy=policy, **more)
    found = decided.table()
    assert decided.rows == found.num_rows == claims.num_rows
    assert found.schema.equals(OUTPUT_COLUMNS)
    rows = [tuple(row.values()) for row in found.to_pylist()]
    assert rows == expected, difference(rows, expected, claims.to_pylist())
    for start, stop in ((0, 1), (1, 7), (5, None), (found.num_rows, None)):
        part = decided.table(start, stop)
        assert part.to_pylist() == found.slice(start, None if stop is None else stop - start).to_pylist()


def cut(array: pa.ChunkedArray, lengths: Iterable[int]) -> pa.ChunkedArray:
    """Cut a column into chunks, each a slice of a longer array, so that none begins where its memory begins."""
    chunks, start = [], 0
    for length in lengths:
        part = array.slice(start, length).combine_chunks()
        part = part.chunk(0) if isinstance(part, pa.ChunkedArray) else part
        padded = pa.concat_arrays([array.slice(0, 3).combine_chunks(), part, array.slice(0, 2).combine_chunks()])
        chunks.append(padded.slice(3, length))
        start += length
    return pa.chunked_array(chunks, array.type)


def arrow(rows: int = 400) -> pa.Table:
    claims = many(rows, seed=4)
    claims.loc[::17, "insured_months"] = -1
    made = pa.Table.from_pandas(claims, preserve_index=False)
    gaps = pa.array([n % 29 == 0 for n in range(rows)])
    for name in ("person_id", "certificate_no", "certificate_date", "level"):
        place = made.schema.get_field_index(name)
        made = made.set_column(place, name, pa.compute.if_else(gaps, None, made[name]))
        gaps = pa.concat_arrays([gaps[1:], gaps[:1]])
    return made


@pytest.mark.parametrize("seed", range(5))
def test_columns_cut_into_chunks_at_different_rows(seed: int) -> None:
    claims = arrow()
    rng = np.random.default_rng(seed)
    columns = {}
    for name in claims.column_names:
        borders = np.sort(rng.integers(0, claims.num_rows + 1, rng.integers(0, 6)))
        lengths = np.diff([0, *borders.tolist(), claims.num_rows]).tolist()  # some of them are empty
        columns[name] = cut(claims[name], lengths)
    same_table(pa.table(columns), workers=1 + seed % 3)


@pytest.mark.parametrize("start", [0, 1, 7, 8, 9, 63])
def test_slices_of_a_table(start: int) -> None:
    claims = arrow()
    same_table(claims.slice(start))
    same_table(claims.slice(start, 100), pa.table({**dict_of(claims.slice(start, 20)), **renamed(claims, start)}))


def dict_of(claims: pa.Table) -> dict[str, pa.ChunkedArray]:
    usable = arrow(20).to_pandas()
    fixed = usable.assign(level="5", certificate_no=[f"T{n}" for n in range(20)], insured_months=1)
    fixed["person_id"] = [resident(n) for n in range(20)]
    fixed["certificate_date"] = fixed["applied_on"]
    assert len(fixed) == claims.num_rows
    made = pa.Table.from_pandas(fixed, preserve_index=False)
    return {name: made[name] for name in made.column_names}


def renamed(claims: pa.Table, start: int) -> dict[str, pa.Array]:
    return {"claim_id": pa.array([f"H{start}-{n}" for n in range(20)])}


TEXTS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
DAYS = [pa.date32(), pa.date64(), *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")), pa.string()]
NUMBERS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.float32(), pa.float64(), pa.decimal128(20, 1), pa.string()]


@pytest.mark.parametrize("text", TEXTS, ids=str)
def test_texts_of_any_type(text: pa.DataType) -> None:
    claims = arrow(120)
    for name in ("claim_id", "person_id", "occupation", "level", "certificate_no"):
        place = claims.schema.get_field_index(name)
        column = claims[name].cast(pa.string())
        column = column.dictionary_encode() if pa.types.is_dictionary(text) else column.cast(text)
        claims = claims.set_column(place, name, column)
    same_table(claims)
    same_table(claims.slice(5, 60))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_days_of_any_type(day: pa.DataType) -> None:
    claims = arrow(120)
    for name in ("certificate_date", "applied_on"):
        place = claims.schema.get_field_index(name)
        claims = claims.set_column(place, name, claims[name].cast(pa.timestamp("s")).cast(pa.date32()).cast(day))
    same_table(claims)
    same_table(claims.slice(5, 60))


@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_numbers_of_any_type(number: pa.DataType) -> None:
    claims = arrow(120)
    months = pa.array([None if n % 7 == 0 else n % 40 for n in range(120)]).cast(number)
    levels = pa.array([None if n % 11 == 0 else n % 7 for n in range(120)]).cast(number)
    claims = claims.set_column(claims.schema.get_field_index("insured_months"), "insured_months", months)
    claims = claims.set_column(claims.schema.get_field_index("level"), "level", levels)
    policy = town((OPEN[1], {"insured_months": {"training": 12}}))
    same_table(claims, policy=policy)
    same_table(claims.slice(3, 50), policy=policy)


def test_columns_of_nothing_but_nulls() -> None:
    claims = arrow(30)
    for name in ("insured_months", "level", "certificate_date", "person_id"):
        place = claims.schema.get_field_index(name)
        same_table(claims.set_column(place, name, pa.nulls(30)))
        same_table(claims.set_column(place, name, pa.nulls(30, claims[name].type)))
    extra = {"stream": pa.nulls(30), "training_filed_on": pa.nulls(30, pa.date32()), "person_id_type": pa.nulls(30)}
    same_table(pa.table({**{name: claims[name] for name in claims.column_names}, **extra}))


def test_a_table_without_rows_or_chunks() -> None:
    claims = arrow(30)
    same_table(claims.slice(0, 0))
    same_table(pa.table({name: pa.chunked_array([], claims[name].type) for name in claims.column_names}))


@pytest.mark.parametrize(
    ("day", "per_day"),
    [
        (pa.date32(), 1),
        (pa.date64(), 86_400_000),
        (pa.timestamp("s"), 86_400),
        (pa.timestamp("us"), 86_400_000_000),
        (pa.timestamp("ms", tz="UTC"), 86_400_000),
    ],
    ids=str,
)
def test_days_that_are_no_days_of_the_calendar(day: pa.DataType, per_day: int) -> None:
    """Arrow holds many thousands of years; what Python has no date for is no date, and stops nobody."""
    since = [-719_163, -719_162, 0, 2_932_896, 2_932_897, 90_000_000]
    last = date.max.toordinal() - date(1970, 1, 1).toordinal()
    assert (since[1], since[3]) == (1 - date(1970, 1, 1).toordinal(), last)
    raw = pa.array([one * per_day for one in since], pa.int32() if day == pa.date32() else pa.int64())
    rows = [claim(f"C{n}", person_id=str(n), certificate_date=date.min) for n in range(len(since))]
    claims = pa.Table.from_pandas(frame(*rows).drop(columns="applied_on"), preserve_index=False)
    for applied in (raw.cast(day), raw.cast(day).dictionary_encode()):
        decided = decide_table(claims.append_column("applied_on", applied), policy=TOWN).table()
        bad = [reason == "bad_date" for reason in decided["reason"].to_pylist()]
        assert bad == [True, False, False, False, True, True]
