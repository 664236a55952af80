"""Ids of persons as adjustments show them: masked, or whole where that is asked for."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import BATCH, Array, in_threads
from subsidy.engine.batch.raw import raw_texts
from subsidy.engine.batch.reading import normal_texts
from subsidy.engine.batch.sources import Source, one_column
from subsidy.engine.batch.spans import Spans
from subsidy.model.text import compact, is_empty, mask_person_id

__all__ = ["persons_shown"]

_RESIDENT, _FIRST, _LAST = 18, 3, 14
_TEXT = pa.large_string()
_NO_ASCII = np.uint8(0x80)


def persons_shown(source: Source, *, whole: bool, threads: int, loops: bool) -> pa.ChunkedArray:
    """Give the ids of persons, masked unless they are wanted whole."""

    def read(start: int) -> pa.Array:
        values = one_column(source.fields["person_id"], start, min(start + BATCH, source.rows))
        if loops and not whole and isinstance(values, pa.Array) and len(values) and _is_plain(values.type):
            masked = _masked_in_one_pass(values)
            if masked is not None:
                return masked
        spans = normal_texts(values)
        if spans is None:
            listed = values.to_pylist() if isinstance(values, pa.Array) else values.tolist()
            spans = Spans(pa.array([None if is_empty(one) else compact(str(one)) for one in listed], _TEXT))
        return (spans.array if whole else _masked(spans)).cast(_TEXT)

    return pa.chunked_array(in_threads(read, range(0, max(source.rows, 1), BATCH), threads))


def _is_plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _masked_in_one_pass(values: pa.Array) -> pa.Array | None:
    """Do it for resident numbers with a compiled loop; None where there are others."""
    from subsidy.engine.recalculation.loops.masking import mask_residents

    shown = np.ones(_RESIDENT, np.bool_)
    shown[_FIRST:_LAST] = False
    places = np.array([0, 8, _RESIDENT - 8])
    keeps = np.array([np.where(shown[at : at + 8], 0xFF, 0).astype(np.uint8) for at in places]).view("<u8").ravel()
    rows = len(values)
    valid, data = np.empty(rows, np.bool_), np.empty(rows * _RESIDENT, np.uint8)
    words = np.ndarray((len(data) - 7,), "<u8", data.data, 0, (1,))
    raw = raw_texts(values)
    if not mask_residents(raw.offsets, raw.words, raw.bits, raw.first_bit, places, keeps, words, valid):
        return None
    known = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(_TEXT, rows, [known, _ends(), pa.py_buffer(data)])


@cache
def _ends() -> pa.Buffer:
    """Where texts of one length end: all batches share it, for fresh memory is dear."""
    ends = np.arange(0, (BATCH + 1) * _RESIDENT, _RESIDENT, dtype=np.int64)
    ends.flags.writeable = False
    return pa.py_buffer(ends)


def _masked(spans: Spans) -> pa.Array:
    """Hide the middle of resident numbers all at once, and of other texts one by one."""
    usual, data = _resident(spans), spans.bytes.copy()
    if len(usual) * _RESIDENT == len(data):
        data.reshape(-1, _RESIDENT)[:, _FIRST:_LAST] = ord("*")
    else:
        data[spans.starts[usual, None] + np.arange(_FIRST, _LAST)] = ord("*")
    hidden = spans.with_bytes(data)
    others = spans.lengths > 0
    others[usual] = False
    if not others.any():
        return hidden
    masked = [mask_person_id(text) for text in spans.array.filter(pa.array(others)).to_pylist()]
    return pc.replace_with_mask(hidden, pa.array(others), pa.array(masked, _TEXT))


def _resident(spans: Spans) -> Array:
    """Give the rows of texts that are as long as a resident number and hold no character of several bytes."""
    rows = np.flatnonzero(spans.lengths == _RESIDENT)
    if (spans.bytes & _NO_ASCII).any():
        letters = spans.bytes[spans.starts[rows, None] + np.arange(_RESIDENT)]
        rows = rows[~(letters & _NO_ASCII).any(axis=1)]
    return rows
