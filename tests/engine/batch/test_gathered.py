"""All rows of a run: read, numbered, repeated ids found, and what is said of a history that can't be used."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy.engine.batch import gathered as module
from subsidy.engine.batch.arrays import NO_FAULT, Array
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.batch.table import decide_table
from subsidy.model.errors import HistoryError
from subsidy.model.level import LEVEL_FORMS
from tests.engine.batch.support import OPEN, claim, frame, resident, same_both_ways, town

TOWN = town((OPEN[1], {"conditions": [{"id": "resident", "title": {"en": "Resident"}}]}))


def gathered(claims: pd.DataFrame, past: pd.DataFrame | None = None, workers: int = 1) -> Gathered:
    history = None if past is None else source_of_frame(TOWN, past, "history")
    return Gathered(TOWN, source_of_frame(TOWN, claims), history, workers)


def people(rows: int) -> list[dict[str, Any]]:
    """Residents and others, of whom several write one id in several ways."""
    ids = (("ｐ 1", "other"), (resident(5), None), ("P1", "other"), ("Q", "其他"), (resident(5).lower(), "resident"))
    return [
        claim(f"C{row}", person_id=ids[row % 5][0], person_id_type=ids[row % 5][1], certificate_no=f"s {row % 3}",
              certificate_date=date(2024, 1, 2 + row), applied_on=date(2024, 3, 1 + row), resident=True)
        for row in range(rows)
    ]  # fmt: skip


def plain_rows(found: Gathered) -> dict[str, Any]:
    return {name: value.tolist() for name, value in vars(found.rows).items() if isinstance(value, np.ndarray)}


@pytest.mark.parametrize("batch", [3, 4, 100])
@pytest.mark.parametrize("workers", [1, 2])
def test_rows_of_the_history_stand_before_those_of_the_claims(
    batch: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", batch)
    claims, past = frame(*people(10)), frame(*(one | {"claim_id": f"H{n}"} for n, one in enumerate(people(4))))
    both = gathered(claims, past, workers)
    assert (both.past, both.rows.rows) == (4, 14)
    assert both.names.all.to_pylist() == [f"H{n}" for n in range(4)] + [f"C{n}" for n in range(10)]
    assert both.certificates.all.to_pylist() == [f"S{n % 3}" for n in (*range(4), *range(10))]
    assert both.days == (date(2024, 1, 2).toordinal(), date(2024, 3, 10).toordinal())
    assert [number for part in both.parts for number in range(part.start, part.stop)] == [*range(14)]
    persons = both.rows.person.tolist()
    same_person = [0, 1, 0, 3, 1]
    assert [persons.index(one) for one in persons] == [same_person[n % 5] for n in (*range(4), *range(10))]
    assert len(set(persons)) == 3
    others, hashes = both.others
    assert others.tolist() == [row for row, n in enumerate((*range(4), *range(10))) if n % 5 in {0, 2, 3}]
    assert len(set(hashes.tolist())) == 2
    assert [both.record(row)["claim_id"] for row in (0, 3, 4, 13)] == ["H0", "H3", "C0", "C9"]
    for way in ("never", "always"):
        monkeypatch.setenv(SWITCH, way)
        residents = gathered(claims.iloc[[1, 4]].drop(columns="person_id_type"))
        assert [len(one) for one in residents.others] == [0, 0]
    assert gathered(claims).rows.person.tolist()[:3] != persons[:2]
    assert (gathered(claims).past, gathered(claims.iloc[:0]).days) == (0, (1, 1))


def test_what_was_forgotten_is_read_again() -> None:
    found = gathered(frame(*people(7), claim("C9", level="?")))
    before = plain_rows(found)
    found.rows.fault[0] = 5
    found.forget_rows()
    assert (found.rows.rows, len(found.rows.person), len(found.rows.fault)) == (8, 0, 8)
    assert found.rows.conditions.shape == (1, 0)
    found.read_again()
    after = plain_rows(found)
    assert after.pop("fault") == [5, *before.pop("fault")[1:]]
    assert after == before


def test_certificates_can_be_numbered_by_their_text() -> None:
    found = gathered(frame(*people(7), claim("C9", certificate_no=None)))
    found.number_certificates()
    numbers = found.rows.certificate.tolist()
    assert numbers[:7] == [1, 2, 3, 1, 2, 3, 1]  # never 0, which stands for none
    assert numbers[7] > 0


# -- repeated ids ------------------------------------------------------------------------


def test_rows_of_one_id_that_are_alike_or_not() -> None:
    rows = [
        claim("A"), claim(" a", level="五级"), claim("A", certificate_no="s-a"),  # the same: the first stays
        claim("B"), claim("B", certificate_no="other"), claim("B"),
        claim("C", level="?"), claim("C", level=" ? "), claim("D", level="?"), claim("D", level="!"),
        claim("E", level="?"), claim("E"), claim("F", note=1), claim("F", note=2), claim(None), claim(None),
        claim("G", resident=True), claim("G", resident=None), claim("H", certificate_no=None),
        claim("H", certificate_no=None),
    ]  # fmt: skip
    found = same_both_ways(frame(*rows), None, TOWN)
    assert (found["reason"] == "duplicate_claim_id").sum() > 6
    past = [claim(f"{name}-past", level=level) for name in "HI" for level in ("5", "4")]
    same_both_ways(frame(*rows), frame(*past), TOWN)


def test_rows_that_are_said_to_be_repeated() -> None:
    """Of a part of a larger table nobody looks for them."""
    rows = [claim(name, resident=True) for name in "AABC"]
    table = pa.Table.from_pandas(frame(*rows), preserve_index=False)
    past = pa.Table.from_pandas(frame(claim("H1"), claim("H2")), preserve_index=False)
    for repeated, expected in (([2], ["payable", "refused", "invalid"]), ([], ["payable", "refused"])):
        marked: Array = np.array(repeated, np.int64)
        alone = decide_table(table, policy=TOWN, repeated=marked).table()
        assert [
            row for row, reason in enumerate(alone["reason"].to_pylist()) if reason == "duplicate_claim_id"
        ] == repeated
        assert set(alone["status"].to_pylist()) == set(expected)
        after = decide_table(table, past, policy=TOWN, repeated=marked).table()
        assert [one == "duplicate_claim_id" for one in after["reason"].to_pylist()] == [
            row in repeated for row in range(4)
        ]
        assert set(alone["detail"].to_pylist()) == {None, *(["claim_id"] if repeated else [])}


# -- a history that can't be used --------------------------------------------------------


def problems(claims: pd.DataFrame, past: pd.DataFrame) -> tuple[str, ...]:
    same_both_ways(claims, past, TOWN)
    with pytest.raises(HistoryError) as caught:
        assess_frame(claims, past, TOWN)
    return caught.value.problems


def test_every_problem_is_named_in_the_order_of_its_row() -> None:
    past = [
        claim("H0"),
        claim("H1", level="?"),
        claim("H0"),
        claim("H3"),
        claim("H0", level="4"),
        claim("H1"),
        claim("H3"),
    ]
    found = problems(frame(claim("C")), frame(*past))
    assert found == (
        f"history[1]: level: bad_level, expected {LEVEL_FORMS}",
        "history[2]: claim_id: H0 stands in history[0] too",
        "history[4]: claim_id: H0 stands in history[0] too",
        "history[6]: claim_id: H3 stands in history[3] too",
    )
    skipped = assess_frame(frame(claim("C")), frame(*past), TOWN, bad_history="skip")
    assert tuple(skipped.attrs["skipped_history"]) == found


def test_of_a_repeated_row_of_the_history_the_first_counts() -> None:
    past = frame(*(claim(name) for name in ("H", "h", "G", "H", "G")))
    found = gathered(frame(claim("C")), past)
    assert len(found.check(found.names, skip=True, repeated=None)) == 3
    assert (found.rows.fault == NO_FAULT).tolist() == [True, False, True, False, False, True]


def test_ids_in_history_and_among_the_claims() -> None:
    claims = frame(claim("B"), claim("A"), claim("A", level="4"), claim("P", person_id="Q"))
    found = problems(claims, frame(claim("A"), claim("B"), claim("C")))
    both = "stands both in history and among the claims"
    assert found == (f"claim_id: A {both}", f"claim_id: B {both}")
    with pytest.raises(HistoryError) as caught:
        assess_frame(claims, frame(claim("A"), claim("H", level="?")), TOWN, bad_history="skip")
    assert caught.value.problems == found[:1]


def test_no_whole_person_id_stands_in_a_problem() -> None:
    """Some use it as the id of the claim."""
    number = resident(5)
    found = problems(frame(claim("C")), frame(claim(number), claim(number)))
    assert number not in found[0]
    assert found[0].endswith("stands in history[0] too")


@pytest.mark.parametrize("bad", [99, 100, 101, 1200])
def test_the_first_hundred_problems_are_told_and_the_others_counted(bad: int) -> None:
    past = frame(*(claim(f"H{row}", level="?") for row in range(bad)))
    with pytest.raises(HistoryError) as caught:
        assess_frame(frame(claim("C")), past, TOWN)
    found = caught.value.problems
    assert len(found) == min(bad, 101)
    told = min(bad, 100)
    assert found[:told] == tuple(f"history[{row}]: level: bad_level, expected {LEVEL_FORMS}" for row in range(told))
    if bad > 100:
        assert found[100] == ("and 1 more rows" if bad == 101 else "and 1,100 more rows")
    twice = frame(*(claim(f"C{row}") for row in range(bad)))
    with pytest.raises(HistoryError) as caught:
        assess_frame(twice, twice, TOWN)
    assert len(caught.value.problems) == min(bad, 101)
