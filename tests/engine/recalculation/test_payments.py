"""Payments are read exactly or not at all: money must not get lost, and the error says where to mend it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from subsidy import InputError, PaymentsError
from subsidy.engine.recalculation.payments import Payments, read_payments

ROW: dict[str, object] = {"claim_id": "C1", "amount": "1800.00", "paid_on": "2024-03-01", "state": "paid"}


def read(*rows: dict[str, object]) -> Payments:
    return read_payments(pd.DataFrame(list(rows)), 1)


def test_what_was_paid_when_and_whether_it_counts() -> None:
    found = read(
        ROW,
        ROW | {"claim_id": " c２ ", "amount": "-0.01", "state": "退票"},
        ROW | {"claim_id": 7, "amount": 12, "paid_on": date(2024, 3, 2), "state": None},
        ROW | {"amount": Decimal("0.50"), "paid_on": "2024年3月3日", "state": "withdrawn"},
    )
    assert found.amount.tolist() == [180_000, -1, 1_200, 50]
    assert found.day.tolist() == [date(2024, 3, day).toordinal() for day in (1, 1, 2, 3)]
    assert found.counts.tolist() == [True, False, True, False]
    assert found.names.take(np.arange(3)).tolist() == ["C1", "C2", "7"]
    assert found.hashes[0] == found.hashes[3] != found.hashes[1]
    again = read(ROW | {"claim_id": "C2"}, ROW | {"claim_id": "7"})
    assert again.hashes.tolist() == found.hashes[1:3].tolist()


def test_without_a_state_a_payment_counts_and_fen_are_whole() -> None:
    found = read({"申领编号": "C1", "amount_fen": 180_000, "发放日期": "2024-03-01"})
    assert (found.amount.tolist(), found.counts.tolist()) == ([180_000], [True])
    assert read_payments(pd.DataFrame(columns=list(ROW)), 1).amount.tolist() == []
    with pytest.raises(PaymentsError) as caught:
        read({"claim_id": "C1", "amount_fen": "1800.5", "paid_on": "2024-03-01"})
    assert caught.value.problems == (
        "payments[0]: amount_fen: found '1800.5', expected whole fen, below zero for money taken back",
    )


@pytest.mark.parametrize(
    ("field", "value", "found", "expected"),
    [
        ("claim_id", "", "''", "the id of the claim that was paid for"),
        ("amount", "18x", "'18x'", "yuan with at most two decimals, as text, int or Decimal (a float isn't exact)"),
        ("paid_on", "2024-02-30", "'2024-02-30'", "a date"),
        ("state", "lost", "'lost'", "paid (已发放), returned (退票) or withdrawn (撤回)"),
    ],
)
def test_a_payment_that_cannot_be_read_is_named_by_row_and_field(
    field: str, value: object, found: str, expected: str
) -> None:
    with pytest.raises(PaymentsError) as caught:
        read(ROW, ROW | {field: value})
    assert caught.value.count == 1
    (problem,) = caught.value.problems
    assert problem.startswith(f"payments[1]: {field}: found {found}, expected {expected}")


def test_twenty_problems_are_told_and_all_rows_are_counted() -> None:
    bad = ROW | {"amount": "x", "paid_on": "y"}
    with pytest.raises(PaymentsError) as caught:
        read(*[bad] * 12)
    assert (caught.value.count, len(caught.value.problems)) == (12, 20)
    assert [problem.split(": found")[0] for problem in caught.value.problems[:3]] == [
        "payments[0]: amount",
        "payments[0]: paid_on",
        "payments[1]: amount",
    ]


@pytest.mark.parametrize(
    ("frame", "found", "expected"),
    [
        ([ROW], "list", "a pandas DataFrame"),
        (pd.DataFrame([ROW | {"金额": 1}]), "the columns 'amount' and '金额'", "amount once"),
        (pd.DataFrame([ROW | {"amount_fen": 1}]), "the columns amount and amount_fen", "one of them"),
        (
            pd.DataFrame([{"a": 1, "state": 2}]),
            "the columns 'a', 'state'",
            "claim_id, paid_on, amount (or amount_fen) too",
        ),
        (pd.DataFrame(), "the columns none", "claim_id, paid_on, amount (or amount_fen) too"),
        (
            pd.DataFrame([{"claim_id": 1, "paid_on": 2}]),
            "the columns 'claim_id', 'paid_on'",
            "amount (or amount_fen) too",
        ),
    ],
)
def test_a_missing_or_repeated_column_is_named(frame: Any, found: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read_payments(frame, 1)
    assert (caught.value.field, caught.value.found, caught.value.expected) == ("payments", found, expected)


@pytest.mark.parametrize("workers", [1, 3])
def test_payments_are_the_same_however_they_are_batched(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame(
        [
            ROW | {"claim_id": f"C{place}", "amount": place, "paid_on": f"2024-03-{place + 1:02}", "state": state}
            for place, state in enumerate(["paid", "returned", None, "paid", "withdrawn"])
        ]
    )
    whole = read_payments(frame, 1)
    assert [column.dtype for column in whole.columns] == [np.uint64, np.int64, np.int32, np.bool_]
    monkeypatch.setattr("subsidy.engine.recalculation.payments.BATCH", 2)
    parts = read_payments(frame, workers)
    for one, other in zip(whole.columns, parts.columns, strict=True):
        np.testing.assert_array_equal(one, other)
    every = np.arange(len(frame))
    assert whole.names.take(every).tolist() == parts.names.take(every).tolist()


def test_yuan_that_lie_as_whole_numbers_are_no_fen() -> None:
    frame = pd.DataFrame({"claim_id": ["C1", "C2"], "amount": [12, -7], "paid_on": "2024-03-01"})
    assert read_payments(frame, 1).amount.tolist() == [1_200, -700]
    fen = read_payments(frame.rename(columns={"amount": "amount_fen"}), 1).amount
    assert (fen.tolist(), fen.dtype) == ([12, -7], np.dtype(np.int64))


@pytest.mark.parametrize("kind", ["int64", "Int64", "int64[pyarrow]", object])
def test_fen_that_are_missing_or_none(kind: Any) -> None:
    """However whole numbers lie in memory, one that is missing is told, and of no payment there is no least amount."""
    frame = pd.DataFrame({"claim_id": ["C1", "C2"], "amount_fen": pd.array([5, 7], kind), "paid_on": "2024-03-01"})
    for some, fen in ((frame, [5, 7]), (frame[:0], []), (frame[1:], [7])):
        found = read_payments(some, 1)
        assert (found.amount.tolist(), found.amount.dtype) == (fen, np.dtype(np.int64))
        assert len(found.names.all) == len(found.hashes) == len(found.day) == len(found.counts) == len(fen)
    if kind != "int64":
        frame.loc[1, "amount_fen"] = None
        with pytest.raises(PaymentsError, match=r"payments\[1\]: amount_fen: found "):
            read_payments(frame, 1)


def test_fen_in_several_pieces() -> None:
    pieces = pd.arrays.ArrowExtensionArray(pa.chunked_array([[5], [7, 9]]))
    frame = pd.DataFrame({"claim_id": ["C1", "C2", "C3"], "amount_fen": pieces, "paid_on": "2024-03-01"})
    assert read_payments(frame, 1).amount.tolist() == [5, 7, 9]


@pytest.mark.parametrize("no_id", [None, 1.5, ""])
def test_payments_without_any_id(no_id: object) -> None:
    with pytest.raises(PaymentsError) as caught:
        read(ROW | {"claim_id": no_id}, ROW | {"claim_id": no_id})
    assert [one.partition(": found")[0] for one in caught.value.problems] == [
        f"payments[{row}]: claim_id" for row in (0, 1)
    ]
