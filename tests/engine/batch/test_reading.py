"""Every field of every row read, in all the ways in which a column may hold it, and the first fault of each row."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy.engine.batch.arrays import EMPTY, NO_FAULT
from subsidy.engine.batch.reading import Codes, Readers, Rows, normal_texts, read_asked, read_piece
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.batch.table import decide_table
from subsidy.engine.records import Unusable, read_record
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import OPEN, claim, frame, records, resident, same_both_ways, town
from tests.engine.batch.writings import table

TOWN = town(
    (OPEN[1], {"conditions": [{"id": "resident", "title": {"en": "Resident"}}], "insured_months": {"training": 12}})
)


@pytest.mark.parametrize("seed", range(8))
def test_nonsense_in_any_column(seed: int) -> None:
    pick = seeded(8000 + seed)
    policy = any_policy(pick)
    claims = any_claims(pick, 15)
    same_both_ways(table(pick, claims), table(pick, any_claims(pick, 3, letter="H")), policy)


BAD: dict[str, tuple[Any, ...]] = {
    "claim_id": (None, "", 1.5),
    "person_id": (None, "", "\u200b", 1.5, b"x"),
    "person_id_type": (None, "?", "resident"),
    "occupation": (None, "?"),
    "level": (None, "?"),
    "certificate_no": (None, "", 1.5),
    "certificate_date": (None, "?", date(2024, 3, 1), date(2024, 3, 2)),
    "applied_on": (None, "?", date(2024, 1, 2), date(2024, 1, 1)),
    "stream": (None, "?"),
    "insured_months": (None, "?", -1),
    "training_filed_on": (None, "?", date(2024, 1, 2), date(2024, 1, 3)),
    "resident": (None, "?"),
}


def test_every_fault_of_every_field() -> None:
    """A whole column is read as each of its values is alone."""
    one = [claim(f"C{field}{n}", person_id=f"P{n}") | {field: value} for field, values in BAD.items()
           for n, value in enumerate(values)]  # fmt: skip
    faults = Readers(TOWN, Codes(TOWN)).faults
    found = [None if number == NO_FAULT else faults.all[number] for number in rows_of(*one).fault.tolist()]
    read = [read_record(TOWN, record) for record in records(frame(*one))]
    assert found == [(row.reason, row.detail) if isinstance(row, Unusable) else None for row in read]


@pytest.mark.parametrize("field", BAD)
def test_one_fault_beside_rows_that_are_as_they_should_be(field: str) -> None:
    good = claim("C", training_filed_on=date(2024, 1, 1), resident=True)
    for value in BAD[field]:
        same_both_ways(frame(good, good | {"claim_id": "C1", field: value}), None, TOWN)


def test_the_order_of_days_from_the_first_day_on() -> None:
    first, second = date.min, date(1, 1, 2)
    days = [(issued, applied, filed) for issued in (first, second) for applied in (first, second)
            for filed in (None, first, second)]  # fmt: skip
    rows = [claim(f"C{n}", person_id=str(n), certificate_date=issued, applied_on=applied, training_filed_on=filed)
            for n, (issued, applied, filed) in enumerate(days)]  # fmt: skip
    found = same_both_ways(frame(*rows), None, TOWN)["reason"].astype(object).tolist()
    for reason, (issued, applied, filed) in zip(found, days, strict=True):
        assert (reason == "applied_before_issue") == (applied < issued)
        assert (reason == "filed_after_certificate") == (applied >= issued and filed is not None and filed > issued)


@pytest.mark.parametrize("field", BAD)
def test_of_two_faults_the_first_in_order_is_told(field: str) -> None:
    faults = [{other: value} for other, values in BAD.items() for value in values[1:3]]
    same_both_ways(frame(*(claim(f"C{n}") | {field: BAD[field][0]} | one for n, one in enumerate(faults))), None, TOWN)


# -- persons -----------------------------------------------------------------------------

R, WRONG, LOWER = resident(5), resident(5)[:-1] + ("0" if resident(5)[-1] != "0" else "1"), "11010519491231002x"
PERSONS: list[list[str | None]] = [
    [R, LOWER.upper()],
    [R, LOWER],
    [R, WRONG],
    [R, None, WRONG],
    [R, None],
    [None, None],
    [R, "short"],
    [R, "1"],
    [R, "short", None, WRONG],
    ["a" * 18, R],
    [R, f" {R}"],
    [R + "0", R],
]
TYPES: list[Any] = [None, "resident", "other", ["other", "resident"], [None, "other"], ["?", "resident"]]


@pytest.mark.parametrize("persons", PERSONS, ids=[str(number) for number in range(len(PERSONS))])
@pytest.mark.parametrize("kind", TYPES, ids=[str(number) for number in range(len(TYPES))])
def test_persons_of_any_type(kind: Any, persons: list[str | None]) -> None:
    rows = [claim(f"C{row}", person_id=person) for row, person in enumerate(persons)]
    types = kind if isinstance(kind, list) else [kind]
    claims = frame(*(row | {"person_id_type": types[number % len(types)]} for number, row in enumerate(rows)))
    if kind is None:
        claims = claims.drop(columns="person_id_type")
    if not isinstance(kind, list):  # of one type, as most tables are: the column too, then all are read at once
        claims["person_id"] = claims["person_id"].astype(pd.ArrowDtype(pa.large_string()))
    same_both_ways(claims, None, TOWN)


@pytest.mark.parametrize("dtype", ["int64", "float64", "bool", "datetime64[us]", "category"])
def test_persons_that_are_no_texts(dtype: Any) -> None:
    claims = frame(*(claim(f"C{n}") for n in range(3))).drop(columns="person_id_type")
    claims["person_id"] = pd.Series([1, 0, 1]).astype(dtype)
    same_both_ways(claims, None, TOWN)


# -- texts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["ａ", None, "B"]),
        pa.array(["ａ", None, "B"], pa.large_string()),
        pa.array(["ａ", None, "B"], pa.string_view()),
        pa.array(["ａ", None, "B"]).dictionary_encode(),
        pa.array(["ａ", None, "B"]).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.large_string())),
    ],
    ids=["string", "large", "view", "dictionary", "large dictionary"],
)
def test_columns_of_texts_are_normalised_whole(values: pa.Array) -> None:
    found = normal_texts(values)
    assert found is not None
    assert found.array.to_pylist() == ["A", None, "B"]


@pytest.mark.parametrize(
    "values", [None, np.array(["a"], object), pa.array([1]), pa.array([b"a"]), pa.nulls(1)], ids=[*"01234"]
)
def test_columns_of_other_things_are_not(values: Any) -> None:
    assert normal_texts(values) is None
    assert normal_texts(pa.array([1, 2]).dictionary_encode()) is None


# -- rows --------------------------------------------------------------------------------


def rows_of(*claims: dict[str, Any]) -> Rows:
    source = source_of_frame(TOWN, frame(*claims))
    readers, rows = Readers(TOWN, Codes(TOWN)), Rows(len(claims) + 2, 1)
    piece = read_piece(readers, source, rows, 0, len(claims), 2)
    assert piece.start == 2
    return rows.take(np.arange(2, len(claims) + 2))


def test_pairs_of_rows_with_the_same_numbers() -> None:
    """Any field tells two rows apart but the id that they share."""
    good = claim("C", person_id=R, person_id_type=None, training_filed_on=date(2024, 1, 1), resident=True)
    other: dict[str, Any] = {
        "person_id": LOWER, "occupation": "9-01-01-02", "level": "4", "certificate_no": "X",
        "stream": "skill_improvement",
        "certificate_date": date(2024, 1, 3), "applied_on": date(2024, 3, 2), "insured_months": 3,
        "training_filed_on": None, "resident": None,
    }  # fmt: skip
    rows = rows_of(good, good, *(good | {field: value} for field, value in other.items()))
    assert rows.rows == 2 + len(other)
    first = np.zeros(rows.rows, np.int64)
    assert rows.equal(first, np.arange(rows.rows)).tolist() == [True, True] + [False] * len(other)
    assert rows.equal(first, first).all()
    assert rows.filed_day[-2] == rows.conditions[0][-1] == EMPTY
    assert len(set(rows.name.tolist())) == 1


def test_a_piece_is_read_into_its_place_and_nowhere_else() -> None:
    """Rows of a source that begin anywhere, into rows of a run that begin elsewhere."""
    claims = [
        claim(f"C{n}", level=str(1 + n % 5), occupation=f"9-01-01-0{1 + n % 3}", insured_months=n) for n in range(9)
    ]
    source, readers = source_of_frame(TOWN, frame(*claims)), Readers(TOWN, Codes(TOWN))
    whole, part = Rows(9, 1), Rows(20, 1)
    read_piece(readers, source, whole, 0, 9, 0)
    for column in (part.level, part.code, part.months, part.fault, part.certificate_day, part.name, part.conditions):
        column[...] = 77
    piece = read_piece(readers, source, part, 3, 8, 11)
    assert piece.start == 11
    assert piece.names.to_pylist() == [f"C{n}" for n in range(3, 8)]
    assert piece.other_rows.tolist() == [*range(11, 16)]
    for name in ("level", "code", "months", "fault", "certificate_day", "name", "conditions"):
        column = getattr(part, name)
        np.testing.assert_array_equal(column[..., 11:16], getattr(whole, name)[..., 3:8])
        assert (column[..., :11] == 77).all()
        assert (column[..., 16:] == 77).all()


def test_ids_that_are_days_of_no_calendar() -> None:
    """One bad row never stops a batch."""
    days = pa.array([90_000_000, None, 5], pa.int32()).cast(pa.date32())
    bare = pa.Table.from_pandas(frame(*(claim(f"C{n}") for n in range(3))), preserve_index=False)
    for name in ("claim_id", "person_id", "certificate_no"):
        given = bare.set_column(bare.schema.get_field_index(name), name, days)
        found = decide_table(given, policy=TOWN).table()
        assert found["detail"].to_pylist()[1] == name
        assert found.num_rows == 3


def test_the_first_and_the_last_day_that_a_piece_names() -> None:
    issued, applied, filed = date(2024, 1, 2), date(2024, 3, 1), date(2023, 5, 5)
    for named, first in ((filed, filed), (None, issued)):
        row = claim(certificate_date=issued, applied_on=applied, training_filed_on=named)
        piece = read_piece(Readers(TOWN, Codes(TOWN)), source_of_frame(TOWN, frame(row)), Rows(1, 1), 0, 1, 0)
        assert piece.days == (first.toordinal(), applied.toordinal())


def test_no_certificate_number_is_the_number_of_none() -> None:
    rows = rows_of(*(claim(f"C{number}") for number in range(40)), claim("D", certificate_no=None))
    assert (rows.certificate > 0).all()


def test_codes_are_numbered_once() -> None:
    codes = Codes(TOWN)
    known = [codes.read(code) for code in codes.names]
    assert known == [*range(codes.known)]
    assert codes.read("观云员") == codes.read("9-01-01-01")
    assert codes.read("9-01-01-30") == codes.read("9-01-01-03")
    assert [codes.read(code) for code in ("9-88-88-88", "9-77-77-77", "9-88-88-88")] == [
        codes.known, codes.known + 1, codes.known
    ]  # fmt: skip
    assert codes.names[codes.known :] == ["9-88-88-88", "9-77-77-77"]
    with pytest.raises(ValueError, match=r"^a code, name or alias of an occupation$"):
        codes.read("?")


def test_what_an_entitlement_depends_on() -> None:
    claims = frame(claim(), claim(stream=None, level="?"), claim(training_filed_on="x", stream="?"))
    readers = Readers(TOWN, Codes(TOWN))
    asked = read_asked(readers, source_of_frame(TOWN, claims), 0, 3)
    assert [column.dtype for column in asked] == [np.int32, np.int8, np.int8, *[np.int32] * 3]
    assert asked.stream.tolist() == [0, 0, -2]
    assert asked.filed_day.tolist() == [-1, -1, -2]
    assert asked.level.tolist()[1] == -2
    bare = read_asked(readers, source_of_frame(TOWN, claims.drop(columns=["stream", "training_filed_on"])), 1, 3)
    assert bare.stream.tolist() == [0, 0]
    assert bare.filed_day.tolist() == [-1, -1]
    assert [column.dtype for column in bare] == [column.dtype for column in asked]
