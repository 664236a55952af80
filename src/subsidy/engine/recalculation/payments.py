"""Payments as columns: to which claim, how much, when, and whether they count."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.batch.arrays import BAD, BATCH, EMPTY, Array, in_threads
from subsidy.engine.batch.objects import python_values
from subsidy.engine.batch.reading import normal_texts
from subsidy.engine.batch.sources import Column, column_of, one_column
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.texts import Texts
from subsidy.engine.batch.values import Reader, days, numbered
from subsidy.model.claim import PaymentState, read_amount, read_id
from subsidy.model.errors import InputError, PaymentsError
from subsidy.model.text import compact, is_empty, read_date, shown, without_persons

__all__ = ["PAYMENT_HEADINGS", "Payments", "read_payments"]

PAYMENT_HEADINGS = {
    "claim_id": ("申领编号",),
    "amount": ("发放金额", "金额"),
    "amount_fen": (),
    "paid_on": ("发放日期",),
    "state": ("发放状态", "状态"),
}
"""Chinese headings of each column of payments; ``amount_fen``, in whole fen, may stand instead of ``amount``."""

_EXPECTED = {
    "claim_id": "the id of the claim that was paid for",
    "amount": "yuan with at most two decimals, as text, int or Decimal (a float isn't exact)",
    "amount_fen": "whole fen, below zero for money taken back",
    "paid_on": "a date",
    "state": "paid (已发放), returned (退票) or withdrawn (撤回)",
}
_STATES = tuple(PaymentState)
_MOST_PROBLEMS = 20


@dataclass(slots=True)
class Payments:
    """What was paid, in columns of one length."""

    names: Texts
    hashes: Array
    amount: Array
    day: Array
    counts: Array

    @property
    def columns(self) -> tuple[Array, Array, Array, Array]:
        """All but the names, in their order."""
        return self.hashes, self.amount, self.day, self.counts

    def take(self, places: Array) -> Payments:
        """Give some payments, in their order."""
        hashes, *others = self.columns
        taken = hashes.take(places) if len(hashes) else hashes  # which may be spent
        return Payments(Texts([self.names.take(places)]), taken, *(column.take(places) for column in others))


class _Amounts:
    """Amounts by number, for a reader gives numbers from 0 and an amount may be below it."""

    def __init__(self, *, whole_fen: bool) -> None:
        self.all: list[int] = []
        self._whole_fen = whole_fen
        self._lock = Lock()

    def read(self, value: object) -> int:
        """Give the number of an amount."""
        fen = read_amount(value)
        if self._whole_fen:
            fen, rest = divmod(fen, 100)
            if rest:
                raise ValueError("whole fen")
        with self._lock:
            self.all.append(fen)
            return len(self.all) - 1


def read_payments(frame: pd.DataFrame, workers: int) -> Payments:
    """Read a frame of payments.

    Raises
    ------
    InputError
        If a column is missing or stands twice.
    PaymentsError
        If a payment can't be read: money must not get lost.
    """
    columns = _columns(frame)
    money = "amount_fen" if "amount_fen" in columns else "amount"
    amounts = _Amounts(whole_fen=money == "amount_fen")
    of_money, of_state = Reader(amounts.read), Reader(lambda value: _STATES.index(PaymentState.read(value)))
    of_day = Reader(lambda value: read_date(value).toordinal())
    rows = len(frame)
    ready = _as_they_lie(columns[money]) if money == "amount_fen" else None
    hashes, amount = np.empty(rows, np.uint64), np.empty(rows, np.int64) if ready is None else ready
    day, state = np.empty(rows, np.int32), np.zeros(rows, np.int8)

    def read(start: int) -> tuple[pa.Array, list[tuple[int, str]]]:
        stop = min(start + BATCH, rows)
        part = slice(start, stop)
        values = {field: one_column((column,), start, stop) for field, column in columns.items()}
        spans = _ids(values["claim_id"])
        hashes[part] = spans.hashes()
        bad = {}
        whole = _whole_fen(values[money], of_money) if money == "amount_fen" else None
        if whole is None:
            numbers = numbered(values[money], of_money, np.int64)
            fen = np.array([*amounts.all, 0], np.int64)
            whole = fen.take(np.where(numbers < 0, len(fen) - 1, numbers))
            bad[money] = numbers < 0
        if ready is None:
            amount[part] = whole
        day[part] = days(values["paid_on"], of_day)
        bad |= {"claim_id": spans.lengths == 0, "paid_on": day[part] < 0}
        if "state" in values:
            found = numbered(values["state"], of_state, np.int8)
            bad["state"] = found == BAD
            state[part] = np.where(found == EMPTY, _STATES.index(PaymentState.PAID), found)
        return spans.array, [
            (start + row, field) for field, mask in bad.items() for row in np.flatnonzero(mask).tolist()
        ]

    pieces = in_threads(read, range(0, max(rows, 1), BATCH), workers)
    problems = sorted(problem for _, found in pieces for problem in found)
    if problems:
        raise PaymentsError(_in_words(columns, problems), len({row for row, _ in problems}))
    counts = state == _STATES.index(PaymentState.PAID)
    amount.flags.writeable = False  # as those that lie in memory are: loops are compiled once for each kind
    return Payments(Texts([names for names, _ in pieces]), hashes, amount, day, counts)


def _as_they_lie(column: Column) -> Array | None:
    """Give amounts that lie in memory as they are wanted, for fresh memory is dear; None where they don't."""
    if isinstance(column, np.ndarray) or column.type != pa.int64() or column.num_chunks != 1 or column.null_count:
        return None
    found: Array = column.chunk(0).to_numpy()
    return found


def _whole_fen(values: pa.Array | Array, reader: Reader) -> Array | None:
    """Give amounts that are whole numbers as they are, None where some aren't or can't be read.

    Of two whole numbers that can be read, all between them can.
    """
    if isinstance(values, np.ndarray) or values.type != pa.int64() or values.null_count or not len(values):
        return None
    found: Array = values.to_numpy()
    return found if min(reader(int(found.min())), reader(int(found.max()))) >= 0 else None


def _ids(values: pa.Array | Array) -> Spans:
    """Give claim ids normalised; empty where there is none."""
    spans = normal_texts(values)
    if spans is not None:
        return spans
    found: list[str | None] = []
    for value in python_values(values) if isinstance(values, pa.Array) else values.tolist():
        try:
            found.append(None if is_empty(value) else read_id(value))
        except ValueError:
            found.append(None)
    return Spans(pa.array(found, pa.large_string()))


def _columns(frame: pd.DataFrame) -> dict[str, Column]:
    """Find the columns of a payment by their headings."""
    if not isinstance(frame, pd.DataFrame):
        raise InputError("payments", type(frame).__name__, "a pandas DataFrame")
    names = [compact(str(heading)) for heading in frame.columns]
    columns: dict[str, Column] = {}
    for field, headings in PAYMENT_HEADINGS.items():
        wanted = {compact(heading) for heading in (field, *headings)}
        places = [place for place, name in enumerate(names) if name in wanted]
        if len(places) > 1:
            both = " and ".join(shown(str(frame.columns[place])) for place in places)
            raise InputError("payments", f"the columns {both}", f"{field} once")
        if places:
            columns[field] = column_of(frame.iloc[:, places[0]])
    if "amount" in columns and "amount_fen" in columns:
        raise InputError("payments", "the columns amount and amount_fen", "one of them")
    missing = [field for field in ("claim_id", "paid_on") if field not in columns]
    missing += [] if {"amount", "amount_fen"} & set(columns) else ["amount (or amount_fen)"]
    if missing:
        found = ", ".join(shown(str(heading)) for heading in frame.columns[:_MOST_PROBLEMS]) or "none"
        raise InputError("payments", f"the columns {found}", f"{', '.join(missing)} too")
    return columns


def _in_words(columns: dict[str, Column], problems: list[tuple[int, str]]) -> tuple[str, ...]:
    """Say what is wrong with the first payments that can't be read."""
    found: list[str] = []
    for row, field in problems[:_MOST_PROBLEMS]:
        value = one_column((columns[field],), row, row + 1)[0]
        text = shown(value.as_py() if isinstance(value, pa.Scalar) else value)
        found.append(f"payments[{row}]: {field}: found {without_persons(text)}, expected {_EXPECTED[field]}")
    return tuple(found)
