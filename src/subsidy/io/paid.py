"""Payments from files, one after the other; and on disk, each with the part of the claims that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.payments import Payments, read_payments
from subsidy.io.parts import Parts, number_of, plain, plain_schema
from subsidy.io.repeats import Repeats
from subsidy.io.said import FileError, Said
from subsidy.io.source import Source
from subsidy.io.spool import Spool, spread
from subsidy.model.errors import InputError, PaymentsError

__all__ = ["PaidParts", "groups_of", "joined"]

_GROUP = 1 << 19
_FIRST = 10
_PROBLEM = re.compile(r"payments\[(\d+)\]: (\w+): found (.*), expected .*", re.DOTALL)
_EXPECTED = {
    "claim_id": Said("申领编号", "the id of the claim that was paid for"),
    "amount": Said("以元为单位、至多两位小数的金额", "yuan with at most two decimals"),
    "amount_fen": Said("以分为单位的整数", "whole fen"),
    "paid_on": Said("日期", "a date"),
    "state": Said("已发放、退票或撤回", "paid, returned or withdrawn"),
}
_PAYMENTS = pa.schema(
    [
        ("name", pa.large_string()),
        ("hash", pa.uint64()),
        ("amount", pa.int64()),
        ("day", pa.int32()),
        ("counts", pa.bool_()),
        ("number", pa.int64()),
        ("copies", pa.int32()),
    ]
)


def groups_of(
    sources: Sequence[Source], workers: int, seen: Callable[[int], None], booked_on: date | None = None
) -> Iterator[Payments]:
    """Read the payments of several files, some hundred thousand at a time.

    Parameters
    ----------
    sources : sequence of Source
        The files.
    workers : int
        Threads.
    seen : callable
        Is told how many rows were read.
    booked_on : date, optional
        The day on which the differences are to be booked, which must be later than every payment.

    Raises
    ------
    FileError
        If a file can't be read; or, once all of it was read, if payments in it can't be; or if a payment is not before
        the day of the bookings.
    """
    rows = 0
    for source in sources:
        problems, count, start = list[tuple[int, str]](), 0, 0
        for table in _tables(source):
            frame = table.to_pandas(types_mapper=pd.ArrowDtype)
            try:
                group = read_payments(frame, workers)
            except PaymentsError as error:
                problems += [(start, problem) for problem in error.problems[: _FIRST - len(problems)]]
                count += error.count
            except InputError as error:
                raise _unclear(source, error) from None
            else:
                if booked_on is not None:
                    _check_before(booked_on, source, group)
                if not problems:
                    yield group
            start += table.num_rows
            rows += table.num_rows
            seen(rows)
        if problems:
            raise _unreadable(source, problems, count)


def _check_before(booked_on: date, source: Source, group: Payments) -> None:
    last = date.fromordinal(int(group.day.max(initial=1)))
    if last >= booked_on:
        raise FileError(
            Said(
                f"--booked-on：现为 {booked_on}，应晚于全部发放日期；{source.name} 中有 {last} 的发放",
                f"--booked-on: found {booked_on}, expected a day after all payments; {source.name} has one of {last}",
            )
        )


def _tables(source: Source) -> Iterator[pa.Table]:
    schema = plain_schema(source.schema)
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in source.batches():
        waiting.append(plain(batch, schema))
        rows += len(batch)
        if rows >= _GROUP:
            yield pa.Table.from_batches(waiting, schema)
            waiting, rows = [], 0
    yield pa.Table.from_batches(waiting, schema)


def _unclear(source: Source, error: InputError) -> FileError:
    """Say that it can't be told which column is meant."""
    both = {"the columns amount and amount_fen": "发放金额（amount）和 amount_fen 两列只应有其一"}
    zh = both.get(error.found, str(error))
    return FileError(Said(f"{source.name}：{zh}", f"{source.name}: {error}"))


def _unreadable(source: Source, problems: list[tuple[int, str]], count: int) -> FileError:
    """Say which rows can't be read; no money must get lost, so the run ends."""
    zh, en = [], []
    for start, problem in problems:
        match = _PROBLEM.fullmatch(problem)
        if match is None:
            raise AssertionError("a problem of another form")
        place, field, found = match.groups()
        row = source.row_number(int(place) + start)
        zh.append(f"  第 {row} 行：{field}：现为 {found}，应为{_EXPECTED[field].zh}")
        en.append(f"  row {row}: {field}: found {found}, expected {_EXPECTED[field].en}")
    rows, them = ("row", "it") if count == 1 else ("rows", "them")
    return FileError(
        Said(
            "\n".join((f"{source.name}：{count} 行发放记录无法读取，未作核算：", *zh, "更正后重试")),
            "\n".join((f"{source.name}: {count} {rows} can't be read, nothing was recalculated:", *en, f"Mend {them}")),
        )
    )


def joined(groups: Sequence[Payments]) -> Payments:
    """Put payments together."""
    return Payments(
        Texts([group.names.all for group in groups]),
        *(np.concatenate(columns) for columns in zip(*(group.columns for group in groups), strict=True)),
    )


class _Routes(NamedTuple):
    """To which part a payment goes by the hash of its claim id; several where claims share a hash."""

    hashes: Array  # sorted
    parts: Array

    def of(self, hashes: Array) -> tuple[Array, Array]:
        """Give the places of the hashes that some claim has, once for each part, and the parts."""
        first = np.searchsorted(self.hashes, hashes, side="left")
        count = np.searchsorted(self.hashes, hashes, side="right") - first
        places = np.repeat(np.arange(len(hashes)), count)
        within = np.arange(len(places)) - np.repeat(np.cumsum(count) - count, count)
        return places, self.parts.take(first.take(places) + within)


class PaidParts:
    """Payments on the disk, by the part of the claims that they belong to.

    Parameters
    ----------
    claims : Parts
        Read.
    part_of : Array
        The part of each row of the claims.
    repeats : Repeats
        Which rows of the claims can't be used, and which of them money is counted at.
    folder : Path
        Where the disk has room.
    stack : ExitStack
        At whose end the disk is given back.
    """

    def __init__(self, claims: Parts, part_of: Array, repeats: Repeats, *, folder: Path, stack: ExitStack) -> None:
        self._claims, self._part_of, self._repeats = claims, part_of, repeats
        self._waiting = stack.enter_context(Spool(folder, _PAYMENTS, compressed=False))
        self._parts = stack.enter_context(Spool(folder, _PAYMENTS))
        self._left = stack.enter_context(Spool(folder, _PAYMENTS))
        self.rows = 0

    def add(self, group: Payments, workers: int) -> None:
        """Keep payments by the hash of their claim id."""
        rows = len(group.hashes)
        numbers = np.arange(self.rows, self.rows + rows)
        columns = [pa.array(column) for column in (*group.columns, numbers, np.zeros(rows, np.int32))]
        table = pa.table([group.names.all, *columns], schema=_PAYMENTS)
        spread(self._waiting, table, number_of(_kept(group.hashes), self._claims.count), self._claims.count, workers)
        self.rows += rows

    def route(self, workers: int) -> None:
        """Put each payment to the part of its claim, once all were added."""
        for number in range(self._claims.count):
            payments = self._waiting.get(number).combine_chunks()
            if not payments.num_rows:
                continue
            routes = self._routes(number)
            places, parts = routes.of(_kept(payments.column("hash").to_numpy()))
            copies = np.bincount(places, minlength=payments.num_rows).astype(np.int32)
            counted = payments.set_column(len(_PAYMENTS) - 1, "copies", pa.array(copies))
            self._left.put(0, counted.filter(pa.array(copies == 0)))
            spread(self._parts, counted.take(pa.array(places)), parts, self._claims.count, workers)
        self._waiting.close()

    def _routes(self, number: int) -> _Routes:
        """Find the parts of the claims whose ids have these hashes: of one id only the row that money is counted at."""
        ids = self._claims.ids.get(number)
        hashes, rows = ids.column("id").to_numpy(), ids.column(1).to_numpy()
        owns = ~self._repeats.claims[rows] | self._repeats.owners[rows]
        hashes, parts = hashes[owns], self._part_of[rows[owns]].astype(np.int64)
        order = np.lexsort((parts, hashes))
        hashes, parts = hashes[order], parts[order]
        new = np.concatenate([[True], (hashes[1:] != hashes[:-1]) | (parts[1:] != parts[:-1])])[: len(hashes)]
        return _Routes(hashes[new], parts[new])

    def part(self, number: int) -> tuple[Payments, pa.Table]:
        """Give the payments of a part, as the engine takes them and as they lie on the disk."""
        table = self._parts.get(number).combine_chunks()
        return _as_payments(table), table

    def leave(self, table: pa.Table, places: Array) -> None:
        """Take back payments of a part that are of none of its claims: a hash only proposes."""
        if len(places):
            self._left.put(0, table.take(pa.array(places)))

    def orphans(self) -> Payments:
        """Give the payments that are of no claim, once all parts were seen."""
        table = self._left.get(0).combine_chunks()
        numbers, copies = table.column("number").to_numpy(), table.column("copies").to_numpy()
        _, first, inverse, count = np.unique(numbers, return_index=True, return_inverse=True, return_counts=True)
        lost = count[inverse] >= np.maximum(copies, 1)
        keep = np.zeros(len(numbers), np.bool_)
        keep[first] = True
        return _as_payments(table.filter(pa.array(keep & lost)))


def _kept(hashes: Array) -> Array:
    """Give hashes as the parts of the claims keep them (see `subsidy.io.parts.hashes_of`)."""
    return hashes | np.uint64(1)


def _as_payments(table: pa.Table) -> Payments:
    whole = table.combine_chunks()
    names = whole.column("name")
    array = pa.concat_arrays(names.chunks) if names.num_chunks else pa.array([], pa.large_string())
    amount, day, counts = (whole.column(name).to_numpy() for name in ("amount", "day", "counts"))
    return Payments(Texts([array]), whole.column("hash").to_numpy(), amount, day, counts)
