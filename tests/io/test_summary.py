"""The summary: the same as counting the decisions of the loop one by one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.engine.batch.table import decide_table
from subsidy.engine.sequence import assess_all
from subsidy.io import summary as module
from subsidy.io.summary import Certificates, Summary
from subsidy.model.text import compact
from subsidy.model.words import Status
from tests.io.tables import HEADINGS, OTHER, PERSON, decided, row, write_csv

_ROWS = st.lists(
    st.builds(
        row,
        claim_id=st.uuids().map(str),
        person_id=st.sampled_from([PERSON, OTHER, PERSON[:-1] + "4"]),
        occupation=st.sampled_from(["4-04-05-05", "焊工", "x"]),
        level=st.sampled_from("345"),
        certificate_no=st.sampled_from(["S1", "S2", "ｓ １", "S3", ""]),
        certificate_date=st.sampled_from(["2019-11-01", "2023-09-01", "2024-03-01"]),
        stream=st.sampled_from(["", "skill_improvement"]),
    ),
    max_size=20,
)


@given(rows=_ROWS, part=st.integers(1, 7))
def test_counts_and_sums(rows: list[dict[str, str]], part: int) -> None:
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in (*HEADINGS, "stream")]))
    made = decide_table(table)
    found = Summary()
    for start in range(0, len(rows), part):
        found.add(made.table(start, start + part))
    truth = assess_all(rows)
    paid = [one for one in truth if one.status is Status.PAYABLE]
    assert found.rows == len(rows)
    assert found.counts == Counter((one.status, one.reason) for one in truth)
    assert found.amount_fen == sum(one.amount_fen for one in paid)
    assert found.uplift_fen == sum(one.uplift_fen or 0 for one in paid)
    assert found.resting == {
        degree: (len(own), sum(one.amount_fen for one in own))
        for degree in {one.confidence for one in paid}
        for own in [[one for one in paid if one.confidence is degree]]
    }
    assert dict(found.by_status()) == Counter(one.status for one in truth)
    for status in Status:
        counts = [count for _, count in found.by_reason(status)]
        assert counts == sorted(counts, reverse=True)


@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["S1", "s 1", "Ｓ1", "S2", "S3", "", None]),
            st.sampled_from(["P1", "p1", "P2", "P3", None, " "]),
        ),
        max_size=25,
    ),
    part=st.integers(1, 9),
    exact=st.booleans(),
)
def test_certificates_of_several_persons(pairs: list[tuple[str | None, str | None]], part: int, exact: bool) -> None:
    table = pa.table(
        {
            "certificate_no": pa.array([number for number, _ in pairs], pa.string()),
            "person_id": pa.array([person for _, person in pairs], pa.string()),
        }
    )
    persons: dict[str, list[str]] = {}
    for number, person in pairs:
        if compact(number or "") and compact(person or ""):
            persons.setdefault(compact(number or ""), []).append(compact(person or ""))
    truth = {number: list(dict.fromkeys(own)) for number, own in persons.items() if len(set(own)) > 1}
    watched = Certificates(table.column_names)
    for batch in table.to_batches(max_chunksize=part):
        watched.add(batch)
    before, module._MOST_COMPARED = module._MOST_COMPARED, 1_000 if exact else 0
    try:
        count, first = watched.shared(table)
    finally:
        module._MOST_COMPARED = before
    assert count == len(truth)
    assert [(one.certificate_no, one.persons_in_all) for one in first] == [
        (number, len(own)) for number, own in list(truth.items())[:3]
    ]


def test_persons_are_masked(tmp_path: Path) -> None:
    rows = [row(), row(claim_id="C2", person_id=OTHER), row(claim_id="C3", person_id="x")]
    outcome = decided(write_csv(tmp_path / "c.csv", rows), None)
    (one,) = outcome.first_shared
    assert one.persons == ("320***********4513", "320***********6022", "*")
    assert (outcome.shared, one.certificate_no, one.persons_in_all) == (1, "S1", 3)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.int64(), pa.float64()])
def test_certificates_of_other_types(kind: pa.DataType) -> None:
    numbers = pa.array([1, 1, 2]) if kind in {pa.int64(), pa.float64()} else pa.array(["1", "1", "2"])
    table = pa.table({"certificate_no": numbers.cast(kind), "person_id": ["P1", "P2", "P2"]})
    watched = Certificates(table.column_names)
    for batch in table.to_batches():
        watched.add(batch)
    count, first = watched.shared(table)
    assert (count, first[0].certificate_no) == (1, "1")


def test_of_two_columns_the_first_that_holds_a_number_serves() -> None:
    table = pa.table({"a": ["S1", "", None], "b": ["S9", "S1", "S1"], "person_id": ["P1", "P2", "P1"]})
    watched = Certificates(["certificate_no", "certificate_no", "person_id"])
    for batch in table.to_batches():
        watched.add(batch)
    assert watched.shared(table)[0] == 1
