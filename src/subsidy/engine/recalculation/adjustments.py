"""The adjustments of a recalculation as a frame: one row for each claim, and one for each id paid without a claim."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import BATCH, Array, by_batches, in_threads
from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.grid import NO_AMOUNT
from subsidy.engine.batch.law import NONE, Law, Standing
from subsidy.engine.batch.raw import raw_texts
from subsidy.engine.batch.reading import LEVELS, STREAMS, Codes, Rows, normal_texts
from subsidy.engine.batch.sources import Source, one_column
from subsidy.engine.batch.spans import Spans
from subsidy.engine.recalculation.causes import CAUSES, Cause, Due
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.now import Now
from subsidy.engine.recalculation.payments import Payments
from subsidy.model.level import Category
from subsidy.model.text import compact, is_empty, mask_person_id

__all__ = ["ADJUSTMENT_COLUMNS", "KINDS", "adjustments_of", "what_for", "with_orphans"]

KINDS = ("recovery", "none", "top_up")
"""What an adjustment is, by the sign of its amount."""

ADJUSTMENT_COLUMNS = (
    "claim_id", "person_id", "paid_fen", "due_fen", "adjustment_fen", "kind", "cause",
    "status", "reason", "detail", "blocked_by",
    "payable_then", "base_then_fen", "base_fen", "uplift_then_fen", "uplift_fen", "amount_then_fen", "amount_fen",
    "confidence",
    "directory_edition_then", "directory_edition", "catalog_edition_then", "catalog_edition",
    "rate_edition_then", "rate_edition", "rules_edition_then", "rules_edition",
    "occupation", "category", "level", "stream", "applied_on", "first_paid_on",
)  # fmt: skip
"""The columns of the adjustments; those of *then* are missing where nobody had to ask."""

_EDITIONS = ("directory_edition", "catalog_edition", "rate_edition", "rules_edition")
_EPOCH, _SECONDS = 719_163, 86_400  # the ordinal of 1970-01-01, and how long a day is
_NO_DAY = np.iinfo(np.int64).min
_RESIDENT, _FIRST, _LAST = 18, 3, 14
_TEXT = pa.large_string()
_NO_ASCII = np.uint8(0x80)


def adjustments_of(
    now: Now, decided: Decided, money: Money, due: Due, source: Source, *, whole_person_ids: bool
) -> pd.DataFrame:
    """Make the frame of the claims; all columns of `ADJUSTMENT_COLUMNS`."""
    rows = now.rows.rows
    adjustment, kind = np.empty(rows, np.int64), np.empty(rows, np.int8)

    def differ(part: slice) -> None:
        adjustment[part] = due.due[part] - money.paid[part]
        kind[part] = np.sign(adjustment[part]) + 1

    by_batches(differ, rows, now.threads)
    persons = _persons(source, whole=whole_person_ids, threads=now.threads, loops=now.law.loops)
    columns: dict[str, object] = {
        "person_id": pd.array(persons, dtype="str"),
        **decided.frame(pd.RangeIndex(rows)),
        **what_for(now.rows, now.codes, now.law, now.standing, now.threads),
        **_then(rows, due, now.threads),
        "paid_fen": money.paid,
        "due_fen": due.due,
        "adjustment_fen": adjustment,
        "kind": _words(KINDS, kind),
        "cause": _words(CAUSES, due.cause),
        "first_paid_on": _dates(money.first, now.threads),
    }
    return pd.DataFrame({name: columns[name] for name in ADJUSTMENT_COLUMNS}, copy=False)


def _then(rows: int, due: Due, threads: int) -> dict[str, object]:
    """Give what was decided then, of the claims that it was asked of."""
    asked, then = due.asked, due.then
    amounts = {"base": then.base, "uplift": then.uplift, "amount": np.where(then.payable, then.amount, 0)}

    def edition(numbers: Array) -> pd.Categorical:
        spread = np.full(rows, NONE, np.min_scalar_type(-len(then.names) - 1))
        spread[asked] = numbers
        return _words(then.names, spread)

    def amount(fen: Array) -> pd.arrays.IntegerArray:
        known = fen != NO_AMOUNT
        return _whole(rows, asked[known], fen[known])

    return {
        "payable_then": _boolean(rows, asked, then.payable),
        **dict(
            zip((f"{name}_then_fen" for name in amounts), in_threads(amount, amounts.values(), threads), strict=True)
        ),
        **dict(zip((f"{name}_then" for name in _EDITIONS), in_threads(edition, then.editions, threads), strict=True)),
    }


def with_orphans(frame: pd.DataFrame, payments: Payments, places: Array) -> pd.DataFrame:
    """Add a row for each id that was paid and is no claim."""
    names = payments.names.take(places).to_pylist()
    paid: dict[str, int] = {}
    first: dict[str, int] = {}
    rows = zip(names, *(column[places].tolist() for column in payments[2:]), strict=True)
    for name, fen, day, counts in sorted(rows, key=lambda row: row[2]):
        paid[name] = paid.get(name, 0) + (fen if counts else 0)
        if counts:
            first.setdefault(name, day)
    fen = np.array([*paid.values()], np.int64)
    more = {
        "claim_id": [*paid],
        "paid_fen": fen,
        "due_fen": 0,
        "amount_fen": 0,
        "adjustment_fen": -fen,
        "kind": [KINDS[1 - int(np.sign(one))] for one in fen],
        "cause": str(Cause.PAYMENT_WITHOUT_CLAIM),
        "first_paid_on": _dates(np.array([first.get(name, 0) for name in paid], np.int32)),
    }
    orphans = pd.DataFrame(more).sort_values("claim_id").reindex(columns=frame.columns).astype(frame.dtypes)
    whole = pd.concat([frame, orphans], ignore_index=True)
    whole.attrs = frame.attrs
    return whole


def _words(words: Sequence[str], codes: Array) -> pd.Categorical:
    kind = pd.CategoricalDtype(pd.Index([str(word) for word in words], dtype=pd.StringDtype("python", na_value=np.nan)))
    return pd.Categorical.from_codes(codes, dtype=kind, validate=False)


def _whole(rows: int, places: Array, values: Array) -> pd.arrays.IntegerArray:
    spread, missing = np.zeros(rows, np.int64), np.ones(rows, np.bool_)
    spread[places], missing[places] = values, False
    return pd.arrays.IntegerArray(spread, missing)


def _boolean(rows: int, places: Array, values: Array) -> pd.arrays.BooleanArray:
    spread, missing = np.zeros(rows, np.bool_), np.ones(rows, np.bool_)
    spread[places], missing[places] = values, False
    return pd.arrays.BooleanArray(spread, missing)


def _dates(ordinals: Array, threads: int = 1) -> pd.Series[pd.Timestamp]:
    """Give days as dates; what is none is missing."""
    seconds = np.empty(len(ordinals), np.int64)

    def work(part: slice) -> None:
        own = ordinals[part]
        seconds[part] = np.where(own < 1, _NO_DAY, (own.astype(np.int64) - _EPOCH) * _SECONDS)

    by_batches(work, len(ordinals), threads)
    return pd.Series(seconds.view("datetime64[s]"))


def what_for(rows: Rows, codes: Codes, law: Law, standing: Standing, threads: int) -> dict[str, object]:
    """Say what each claim is for, as far as it can be read: occupation, category, level, stream, day of application."""
    names, kinds = list(codes.names), list(Category)
    table = _categories(names[: codes.known], kinds, law, len(names) + 1).ravel()
    count = len(rows.code)
    code, category = np.empty(count, np.min_scalar_type(-len(names) - 1)), np.empty(count, np.int8)

    def work(part: slice) -> None:
        own, period = rows.code[part], standing.period[part].astype(np.int32)
        code[part] = np.where(own >= 0, own, NONE)
        place = np.where(own >= 0, own, len(names)) + np.maximum(period, 0) * (len(names) + 1)
        category[part] = np.where(period < 0, NONE, table.take(place))

    by_batches(work, count, threads)
    return {
        "occupation": _words(names, code),
        "category": _words(kinds, category),
        "level": _words([str(level) for level in LEVELS], np.maximum(rows.level, NONE)),
        "stream": _words([str(stream) for stream in STREAMS], np.maximum(rows.stream, NONE)),
        "applied_on": _dates(rows.applied_day, threads),
    }


def _categories(names: Sequence[str], kinds: Sequence[Category], law: Law, width: int) -> Array:
    """Give the category of each occupation in each period; of what the policy doesn't know there is none."""
    table = np.full((max(len(law.policy.periods), 1), width), NONE, np.int8)
    for number, texts in enumerate(law.policy.periods):
        for place, name in enumerate(names):
            listing = texts.listing(name)
            if listing is not None and listing.category is not None:
                table[number, place] = kinds.index(listing.category)
    return table


def _persons(source: Source, *, whole: bool, threads: int, loops: bool) -> pa.ChunkedArray:
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
    ends, valid = np.zeros(rows + 1, np.int64), np.empty(rows, np.bool_)
    data = np.empty(rows * _RESIDENT, np.uint8)
    words = np.ndarray((len(data) - 7,), "<u8", data.data, 0, (1,))
    raw = raw_texts(values)
    size = mask_residents(raw.offsets, raw.words, raw.bits, raw.first_bit, places, keeps, ends[1:], words, valid)
    if size < 0:
        return None
    known = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(_TEXT, rows, [known, pa.py_buffer(ends), pa.py_buffer(data[:size])])


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
