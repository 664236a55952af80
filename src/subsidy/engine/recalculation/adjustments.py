"""The adjustments of a recalculation as a frame: one row for each claim, and one for each id paid without a claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.batch.arrays import BATCH, Array, in_threads
from subsidy.engine.batch.decided import Decided
from subsidy.engine.batch.grid import NO_AMOUNT
from subsidy.engine.batch.law import NONE, Law, Standing
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
_EPOCH = 719_163  # the ordinal of 1970-01-01
_RESIDENT, _FIRST, _LAST = 18, 3, 14
_TEXT = pa.large_string()
_NO_ASCII = np.uint8(0x80)


def adjustments_of(
    now: Now, decided: Decided, money: Money, due: Due, source: Source, *, whole_person_ids: bool
) -> pd.DataFrame:
    """Make the frame of the claims; all columns of `ADJUSTMENT_COLUMNS`."""
    rows = now.rows.rows
    adjustment = due.due - money.paid

    def amounts() -> dict[str, object]:
        return {
            "paid_fen": money.paid,
            "due_fen": due.due,
            "adjustment_fen": adjustment,
            "kind": _words(KINDS, np.sign(adjustment).astype(np.int8) + np.int8(1)),
            "cause": _words(CAUSES, due.cause),
            "first_paid_on": _dates(money.first),
        }

    def persons() -> dict[str, object]:
        return {"person_id": pd.array(_persons(source, whole=whole_person_ids, threads=now.threads), dtype="str")}

    makers: list[Callable[[], Mapping[str, object]]] = [
        persons,
        lambda: {**decided.frame(pd.RangeIndex(rows))},
        lambda: what_for(now.rows, now.codes, now.law, now.standing),
        amounts,
        lambda: _then(rows, due),
    ]
    columns: dict[str, object] = {}
    for made in in_threads(lambda make: make(), makers, now.threads):
        columns |= made
    return pd.DataFrame({name: columns[name] for name in ADJUSTMENT_COLUMNS}, copy=False)


def _then(rows: int, due: Due) -> dict[str, object]:
    """Give what was decided then, of the claims that it was asked of."""
    columns: dict[str, object] = {"payable_then": _boolean(rows, due.asked, due.then.payable)}
    amount = np.where(due.then.payable, due.then.amount, 0)
    for name, fen in (("base", due.then.base), ("uplift", due.then.uplift), ("amount", amount)):
        columns[f"{name}_then_fen"] = _whole(rows, due.asked[fen != NO_AMOUNT], fen[fen != NO_AMOUNT])
    for name, numbers in zip(_EDITIONS, due.then.editions, strict=True):
        spread = np.full(rows, NONE, np.int16)
        spread[due.asked] = numbers
        columns[f"{name}_then"] = _words(due.then.names, spread)
    return columns


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


def _dates(ordinals: Array) -> pd.Series[pd.Timestamp]:
    """Give days as dates; what is none is missing."""
    days = (ordinals.astype(np.int64) - _EPOCH).astype("datetime64[D]").astype("datetime64[s]")
    days[ordinals < 1] = np.datetime64("NaT")
    return pd.Series(days)


def what_for(rows: Rows, codes: Codes, law: Law, standing: Standing) -> dict[str, object]:
    """Say what each claim is for, as far as it can be read: occupation, category, level, stream, day of application."""
    policy, code, usable = law.policy, rows.code, rows.code >= 0
    names = list(codes.names)
    kinds = list(Category)
    table = np.full((len(policy.periods), len(names) + 1), NONE, np.int8)
    for number, texts in enumerate(policy.periods):
        for place, name in enumerate(names[: codes.known]):
            listing = texts.listing(name)
            if listing is not None and listing.category is not None:
                table[number, place] = kinds.index(listing.category)
    category = table[np.maximum(standing.period, 0), np.where(usable, code, len(names))]
    category[standing.period < 0] = NONE
    return {
        "occupation": _words(names, np.where(usable, code, NONE)),
        "category": _words(kinds, category),
        "level": _words([str(level) for level in LEVELS], np.maximum(rows.level, NONE)),
        "stream": _words([str(stream) for stream in STREAMS], np.maximum(rows.stream, NONE)),
        "applied_on": _dates(rows.applied_day),
    }


def _persons(source: Source, *, whole: bool, threads: int) -> pa.ChunkedArray:
    """Give the ids of persons, masked unless they are wanted whole."""

    def read(start: int) -> pa.Array:
        values = one_column(source.fields["person_id"], start, min(start + BATCH, source.rows))
        spans = normal_texts(values)
        if spans is None:
            listed = values.to_pylist() if isinstance(values, pa.Array) else values.tolist()
            spans = Spans(pa.array([None if is_empty(one) else compact(str(one)) for one in listed], _TEXT))
        return (spans.array if whole else _masked(spans)).cast(_TEXT)

    return pa.chunked_array(in_threads(read, range(0, max(source.rows, 1), BATCH), threads))


def _masked(spans: Spans) -> pa.Array:
    """Hide the middle of resident numbers all at once, and of other texts one by one."""
    if spans.length == _RESIDENT and not (spans.bytes & _NO_ASCII).any():
        hidden = spans.bytes.reshape(-1, _RESIDENT).copy()
        hidden[:, _FIRST:_LAST] = ord("*")
        return spans.with_bytes(hidden.ravel())
    return pa.array([None if one is None else mask_person_id(one) for one in spans.array.to_pylist()], _TEXT)
