"""Decisions on a table as columns: small numbers while it is decided, words when somebody asks for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.batch.arrays import Array, in_threads, taken
from subsidy.engine.batch.fold import HALF
from subsidy.engine.batch.grid import CONFIDENCES, NO_AMOUNT, REASONS, STATUS_OF, STATUSES
from subsidy.engine.batch.law import NONE, Law, Standing
from subsidy.engine.batch.texts import Texts
from subsidy.policy.policy import Policy

__all__ = ["EDITIONS", "OUTPUT_COLUMNS", "Decided"]

EDITIONS = ("directory_edition", "catalog_edition", "rate_edition", "rules_edition")
_FEN = ("base_fen", "uplift_fen", "amount_fen")
_WORDS = pa.dictionary(pa.int8(), pa.string())
_NAMES = pa.dictionary(pa.int16(), pa.string())
OUTPUT_COLUMNS = pa.schema(
    [
        ("claim_id", pa.large_string()),
        ("status", _WORDS),
        ("reason", _WORDS),
        ("detail", _NAMES),
        ("blocked_by", pa.large_string()),
        ("base_fen", pa.int64()),
        ("uplift_fen", pa.int64()),
        ("amount_fen", pa.int64()),
        ("confidence", _WORDS),
        *((name, _NAMES) for name in EDITIONS),
    ]
)
"""The columns of decisions on a table."""


class _Coded:
    """A column of words: a number for each row, -1 where there is none."""

    def __init__(self, words: Sequence[str], codes: Array) -> None:
        self.words, self.codes = words, codes

    def arrow(self, kind: pa.DataType) -> pa.Array:
        indices = pa.array(self.codes, mask=self.codes < 0).cast(kind.index_type)
        return pa.DictionaryArray.from_arrays(indices, pa.array(self.words, pa.string()))

    def pandas(self) -> pd.Categorical:
        # Words kept as Python texts: to take them one by one out of Arrow costs microseconds each.
        kind = pd.CategoricalDtype(pd.Index([*self.words], dtype=pd.StringDtype("python", na_value=np.nan)))
        return pd.Categorical.from_codes(self.codes, dtype=kind, validate=False)


class Decided:
    """Decisions on a table of claims, row by row in its order.

    Attributes
    ----------
    rows : int
        How many claims there are.
    skipped_history : tuple of str
        Rows of the history that were left out, each with its reason.
    """

    def __init__(
        self,
        policy: Policy,
        law: Law,
        standing: Standing,
        in_the_way: Array,
        names: Texts,
        past: int,
        skipped_history: tuple[str, ...],
        workers: int,
    ) -> None:
        self._workers = workers
        self.rows = len(standing.reason) - past
        self.skipped_history = skipped_history
        self.policy = policy
        self._law, self._names, self._past = law, names, past
        self._standing = Standing(*(column[past:] for column in standing))
        self._in_the_way = in_the_way

    @cached_property
    def _blocked_rows(self) -> tuple[Array, Array]:
        """The rows that another stands in the way of, and which."""
        by_row = np.sort(self._in_the_way)
        return (by_row >> HALF) - self._past, by_row & ((1 << HALF) - 1)

    def table(self, start: int = 0, stop: int | None = None) -> pa.Table:
        """Give the decisions of some rows, with the columns of `OUTPUT_COLUMNS`."""
        first, last, _ = slice(start, stop).indices(self.rows)
        part = slice(first, max(first, last))
        fen = self._fen(part)

        def made(field: pa.Field) -> pa.Array:
            if field.name in fen:
                return pa.array(fen[field.name])
            column = self._column(field.name, part)
            return column.arrow(field.type) if isinstance(column, _Coded) else column

        columns = [made(field) for field in OUTPUT_COLUMNS]
        return pa.table(columns, schema=OUTPUT_COLUMNS)

    def frame(self, index: pd.Index) -> pd.DataFrame:
        """Give the decisions of all rows as a pandas frame."""
        columns = self.columns(OUTPUT_COLUMNS.names)
        frame = pd.DataFrame({name: columns[name] for name in OUTPUT_COLUMNS.names}, index=index, copy=False)
        frame.attrs["policy_fingerprint"] = self.policy.fingerprint
        return frame

    def columns(self, wanted: Collection[str]) -> dict[str, object]:
        """Give some columns of the decisions of all rows as pandas arrays, in any order."""
        part = slice(0, self.rows)

        def made(name: str) -> dict[str, object]:
            if name == _FEN[0]:
                return self._fen(part)
            column = self._column(name, part)
            return {name: column.pandas() if isinstance(column, _Coded) else pd.array(column, dtype="str")}

        # The amounts of a row are found together, and first, since that takes longest.
        first = _FEN[:1] if any(name in wanted for name in _FEN) else ()
        names = [*first, *(name for name in wanted if name not in _FEN)]
        found = {name: column for one in in_threads(made, names, self._workers) for name, column in one.items()}
        return {name: found[name] for name in wanted}

    def _column(self, name: str, part: slice) -> _Coded | pa.Array | pa.ChunkedArray:
        if name == "claim_id":
            return self._names.all.slice(self._past + part.start, part.stop - part.start)
        if name == "blocked_by":
            return self._blocked(part)
        return self._words(name, part)

    def _words(self, name: str, part: slice) -> _Coded:
        standing = self._standing
        reason = standing.reason[part]
        if name == "status":
            return _Coded([str(status) for status in STATUSES], taken(STATUS_OF, reason))
        if name == "reason":
            return _Coded([str(one) for one in REASONS[1:]], reason - np.int8(1))
        if name == "detail":
            return _Coded([str(one) for one in self._law.details.all[1:]], standing.detail[part] - np.int16(1))
        if name == "confidence":
            return _Coded([str(one) for one in CONFIDENCES], standing.confidence[part])
        place = EDITIONS.index(name)
        editions = [period.editions[place] for period in self.policy.periods]
        words = [*dict.fromkeys(edition for edition in editions if edition is not None)]
        kind = np.min_scalar_type(-len(words) - 1)
        numbers = np.array([*(NONE if one is None else words.index(one) for one in editions), NONE], kind)
        return _Coded(words, taken(numbers, standing.period[part]))

    def _fen(self, part: slice) -> dict[str, object]:
        """Give the amounts in fen by the names of their columns; what isn't known is missing."""
        grid, standing = self._law.grid, self._standing
        cell, reason = standing.cell[part], standing.reason[part]
        if self._law.loops:
            from subsidy.engine.batch.loops.output import amounts_of

            base, uplift, amount = (np.empty(len(cell), np.int64) for _ in range(3))
            no_base, no_uplift = (np.empty(len(cell), np.bool_) for _ in range(2))
            tables = (grid.base, grid.uplift, grid.amount, NO_AMOUNT)
            amounts_of(cell, reason, *tables, base, no_base, uplift, no_uplift, amount)
        else:
            base, uplift, amount = (taken(table, cell) for table in (grid.base, grid.uplift, grid.amount))
            no_base, no_uplift = base == NO_AMOUNT, uplift == NO_AMOUNT
            base[no_base], uplift[no_uplift], amount[reason != 0] = 0, 0, 0
        known = (pd.arrays.IntegerArray(base, no_base), pd.arrays.IntegerArray(uplift, no_uplift), amount)
        return dict(zip(_FEN, known, strict=True))

    def _blocked(self, part: slice) -> pa.Array:
        """Give the claim that stands in the way, as texts with gaps."""
        blocked, by = self._blocked_rows
        first, last = np.searchsorted(blocked, [part.start, part.stop])
        rows = blocked[first:last] - part.start
        count = part.stop - part.start
        texts = self._names.take(by[first:last])
        offsets = texts.buffers()[1]
        own = np.frombuffer(offsets, np.int64, len(texts) + 1, 8 * texts.offset)[1:] if len(rows) else rows
        if self._law.loops:
            from subsidy.engine.batch.loops.output import ends_of

            ends, bits = np.empty(count + 1, np.int64), np.zeros(-(-count // 8), np.uint8)
            ends_of(rows, own, ends, bits)
        else:
            ends, known = np.zeros(count + 1, np.int64), np.zeros(count, np.bool_)
            ends[rows + 1] = own
            np.maximum.accumulate(ends, out=ends)
            known[rows] = True
            bits = np.packbits(known, bitorder="little")
        data = texts.buffers()[2] or pa.py_buffer(b"")
        return pa.LargeStringArray.from_buffers(count, pa.py_buffer(ends), data, pa.py_buffer(bits))
