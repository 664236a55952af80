"""The adjustments of a recalculation as a frame: one row for each claim, and one for each id paid without a claim."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from subsidy.engine.batch.arrays import BATCH, Array, by_batches, in_threads
from subsidy.engine.batch.decided import EDITIONS, OUTPUT_COLUMNS, Decided
from subsidy.engine.batch.grid import NO_AMOUNT
from subsidy.engine.batch.law import NONE, Law, Standing
from subsidy.engine.batch.reading import LEVELS, STREAMS, Codes, Rows
from subsidy.engine.batch.sources import Source
from subsidy.engine.recalculation.causes import CAUSES, Cause, Due
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.now import Now
from subsidy.engine.recalculation.payments import Payments
from subsidy.engine.recalculation.shown import persons_shown
from subsidy.model.errors import InputError
from subsidy.model.level import Category

__all__ = ["ADJUSTMENT_COLUMNS", "KINDS", "adjustments_of", "ask_for", "what_for", "with_orphans"]

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

_EPOCH, _SECONDS = 719_163, 86_400  # the ordinal of 1970-01-01, and how long a day is
_NO_DAY = np.iinfo(np.int64).min


def adjustments_of(
    now: Now,
    decided: Decided,
    money: Money,
    due: Due,
    source: Source,
    *,
    whole_person_ids: bool,
    columns: Collection[str] = ADJUSTMENT_COLUMNS,
) -> pd.DataFrame:
    """Make the frame of the claims: these columns of `ADJUSTMENT_COLUMNS`, and no others, for fresh memory is dear."""
    rows, threads = now.rows.rows, now.threads
    makers: dict[str, Callable[[], object]] = {
        "person_id": lambda: pd.array(
            persons_shown(source, whole=whole_person_ids, threads=threads, loops=now.law.loops), dtype="str"
        ),
        **what_for(now.rows, now.codes, now.law, now.standing),
        **_then(rows, due),
        "first_paid_on": lambda: _dates(money.first),
    }
    ready: dict[str, object] = {
        **_differences(money.paid, due.due, threads),
        "cause": _words(CAUSES, due.cause),
        **decided.columns([name for name in columns if name in OUTPUT_COLUMNS.names]),
    }
    wanted = [name for name in makers if name in columns]
    ready |= zip(wanted, in_threads(lambda name: makers[name](), wanted, threads), strict=True)
    return pd.DataFrame({name: ready[name] for name in columns}, index=pd.RangeIndex(rows), copy=False)


def _differences(paid: Array, due: Array, threads: int) -> dict[str, object]:
    adjustment, kind = np.empty(len(paid), np.int64), np.empty(len(paid), np.int8)

    def differ(part: slice) -> None:
        np.subtract(due[part], paid[part], out=adjustment[part])
        kind[part] = np.sign(adjustment[part]) + 1

    by_batches(differ, len(paid), threads)
    return {"paid_fen": paid, "due_fen": due, "adjustment_fen": adjustment, "kind": _words(KINDS, kind)}


def _then(rows: int, due: Due) -> dict[str, Callable[[], object]]:
    """Give what was decided then, of the claims that it was asked of."""
    asked, then = due.asked, due.then
    parts = [slice(start, start + BATCH) for start in range(0, len(asked), BATCH)]

    def edition(numbers: Array) -> pd.Categorical:
        spread = np.full(rows, NONE, np.min_scalar_type(-len(then.names) - 1))
        for part in parts:
            spread[asked[part]] = numbers.take(then.period[part])
        return _words(then.names, spread)

    def amount(fen: Callable[[slice], Array]) -> pd.arrays.IntegerArray:
        spread, missing = np.zeros(rows, np.int64), np.ones(rows, np.bool_)
        for part in parts:
            own = fen(part)
            known = own != NO_AMOUNT
            spread[asked[part]], missing[asked[part]] = np.where(known, own, 0), ~known
        return pd.arrays.IntegerArray(spread, missing)

    def payable() -> pd.arrays.BooleanArray:
        spread, missing = np.zeros(rows, np.bool_), np.ones(rows, np.bool_)
        spread[asked], missing[asked] = then.payable, False
        return pd.arrays.BooleanArray(spread, missing)

    return {
        "payable_then": payable,
        "base_then_fen": lambda: amount(lambda part: then.bases.take(then.cell[part])),
        "uplift_then_fen": lambda: amount(lambda part: then.uplifts.take(then.cell[part])),
        "amount_then_fen": lambda: amount(lambda part: np.where(then.payable[part], then.amount(part), 0)),
        **{f"{name}_then": partial(edition, numbers) for name, numbers in zip(EDITIONS, then.editions, strict=True)},
    }


def ask_for(adjustments: pd.DataFrame, names: Iterable[str]) -> None:
    """See that adjustments have some columns: they can be made without."""
    missing = [name for name in names if name not in adjustments]
    if missing:
        expected = "adjustments with them: name them in `columns`, or leave `columns` out"
        raise InputError("adjustments", f"no column {', '.join(missing)}", expected)


def with_orphans(frame: pd.DataFrame, payments: Payments) -> pd.DataFrame:
    """Add a row for each id that was paid and is no claim."""
    names = payments.names.all.to_pylist()
    paid: dict[str, int] = {}
    first: dict[str, int] = {}
    columns = (payments.amount, payments.day, payments.counts)
    rows = zip(names, *(column.tolist() for column in columns), strict=True)
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


def _dates(ordinals: Array) -> pd.Series[pd.Timestamp]:
    """Give days as dates; what is none is missing."""
    seconds = np.empty(len(ordinals), np.int64)
    for start in range(0, len(ordinals), BATCH):
        own = ordinals[start : start + BATCH]
        seconds[start : start + BATCH] = np.where(own < 1, _NO_DAY, (own.astype(np.int64) - _EPOCH) * _SECONDS)
    return pd.Series(seconds.view("datetime64[s]"))


def what_for(rows: Rows, codes: Codes, law: Law, standing: Standing) -> dict[str, Callable[[], object]]:
    """Say what each claim is for, as far as it can be read: occupation, category, level, stream, day of application.

    Each is made when it is called for.
    """
    names, kinds = list(codes.names), list(Category)
    count = len(rows.code)

    def occupation() -> pd.Categorical:
        code = np.empty(count, np.min_scalar_type(-len(names) - 1))
        np.maximum(rows.code, NONE, out=code, casting="unsafe")
        return _words(names, code)

    def category() -> pd.Categorical:
        table = _categories(names[: codes.known], kinds, law, len(names) + 1).ravel()
        found = np.empty(count, np.int8)
        for start in range(0, count, BATCH):
            part = slice(start, start + BATCH)
            own, period = rows.code[part], standing.period[part].astype(np.int32)
            place = np.where(own >= 0, own, len(names)) + np.maximum(period, 0) * (len(names) + 1)
            found[part] = np.where(period < 0, NONE, table.take(place))
        return _words(kinds, found)

    return {
        "occupation": occupation,
        "category": category,
        "level": lambda: _words([str(level) for level in LEVELS], np.maximum(rows.level, NONE)),
        "stream": lambda: _words([str(stream) for stream in STREAMS], np.maximum(rows.stream, NONE)),
        "applied_on": lambda: _dates(rows.applied_day),
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
