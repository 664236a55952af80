"""The decision in Polars: the entitlement as a join, and as much of the history as windows can say.

What the windows can't do is what SQL's can't: see `benchmarks.peer_duckdb`. Here the same level and a higher one are
told apart only where no higher one was paid.
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "2"

import itertools
from collections.abc import Callable

import pandas as pd
import polars as pl
import pyarrow as pa

from benchmarks.grid import KEYS, cells, deciding, starts
from subsidy import Level, Policy

__all__ = ["entitlement", "entitlement_by_hand", "taken", "whole"]

FEN = ("base_fen", "uplift_fen", "amount_fen")

_PIECE = 1 << 17
_RANK = {str(level): 0 if level is Level.SPECIAL else 6 - int(level) for level in Level}


def _day(policy: Policy) -> pl.Expr:
    """Write the entitlement date."""
    dates = {
        "": pl.lit(None, pl.Datetime("us")),
        "certificate_date": pl.col("certificate_date"),
        "applied_on": pl.col("applied_on"),
        "training_filed_on": pl.coalesce("training_filed_on", "applied_on"),
    }
    steps = deciding(policy)
    day = dates[steps[-1][1]]
    for (_, name), (until, _) in reversed(list(itertools.pairwise(steps))):
        day = pl.when(pl.col("applied_on") < until).then(dates[name]).otherwise(day)
    return day


def _period(policy: Policy) -> pl.Expr:
    """Write the number of a day's period."""
    days = starts(policy)
    number = pl.when(pl.col("day").is_not_null()).then(pl.lit(len(days) - 1, pl.UInt8))
    for place, until in reversed(list(enumerate(days[1:]))):
        number = pl.when(pl.col("day") < until).then(pl.lit(place, pl.UInt8)).otherwise(number)
    return number


def _cells(policy: Policy, claims: pd.DataFrame) -> pl.DataFrame:
    made = pl.from_arrow(cells(policy, claims))
    assert isinstance(made, pl.DataFrame)
    made = made.with_columns(pl.col("period").cast(pl.UInt8), pl.col("reason").cast(pl.Categorical))
    return made.with_columns(rank=pl.col("meant").replace_strict(_RANK, return_dtype=pl.UInt8)).drop("meant", "code")


def _placed(policy: Policy, rows: pl.DataFrame) -> pl.LazyFrame:
    return rows.lazy().with_columns(day=_day(policy)).with_columns(period=_period(policy))


def taken(table: pa.Table) -> pl.DataFrame:
    """Take an Arrow table as Polars' own, in pieces: with one piece Polars works on one thread only."""
    pieces = [table.slice(start, _PIECE) for start in range(0, table.num_rows, _PIECE)]
    frame = pl.from_arrow(pa.concat_tables(pieces), rechunk=False)
    assert isinstance(frame, pl.DataFrame)
    return frame


def entitlement(policy: Policy, claims: pd.DataFrame, rows: pl.DataFrame) -> Callable[[], pl.DataFrame]:
    """Give a function that joins the claims with the cells: base, uplift and amount of each row, in order."""
    made = _cells(policy, claims).filter(pl.col("base_fen").is_not_null()).select(*KEYS, *FEN)
    query = _placed(policy, rows).join(made.lazy(), on=list(KEYS), how="left", maintain_order="left").select(FEN)
    return query.collect


def entitlement_by_hand(policy: Policy, claims: pd.DataFrame, rows: pl.DataFrame) -> Callable[[], pl.DataFrame]:
    """Give what an expert writes instead of a join: texts as enums, one number a cell, a gather from dense columns."""
    made = _cells(policy, claims)
    occupations, levels = (pl.Enum(made[name].unique().sort().to_list()) for name in ("occupation", "level"))

    def key() -> pl.Expr:
        occupation, level = (
            pl.col(name).cast(enum, strict=False).to_physical().cast(pl.UInt32)
            for name, enum in (("occupation", occupations), ("level", levels))
        )
        training = (pl.col("stream") == "training").cast(pl.UInt32)
        return ((occupation * 32 + level) * 2 + training) * 32 + pl.col("period")

    keyed = made.select(*FEN, key=key()).with_columns(pl.col("key").cast(pl.UInt32))
    last = int(keyed["key"].max()) + 1  # type: ignore[arg-type]  # holds nothing, as where a text means nothing
    dense = pl.DataFrame({"key": pl.int_range(last + 1, dtype=pl.UInt32, eager=True)})
    dense = dense.join(keyed, on="key", how="left", maintain_order="left")
    query = _placed(policy, rows).select(key=key().fill_null(last))
    query = query.select(pl.lit(dense[name]).gather(pl.col("key")).alias(name) for name in FEN)
    return query.collect


def whole(policy: Policy, claims: pd.DataFrame, rows: pl.DataFrame) -> Callable[[], pl.DataFrame]:
    """Give a function that decides all claims as nearly as a join and two windows can."""
    texts = ("claim_id", "person_id", "certificate_no", "level", "certificate_date", "applied_on")
    skilled, months = pl.col("stream") == "skill_improvement", pl.col("insured_months")
    own = (
        pl.when(pl.any_horizontal(pl.col(name).is_null() for name in texts))
        .then(pl.lit("missing_value"))
        .when(pl.col("applied_on") < pl.col("certificate_date"))
        .then(pl.lit("applied_before_issue"))
        .when(pl.col("rank").is_null() & pl.col("day").is_not_null())
        .then(pl.lit("bad_occupation"))
        .when(pl.col("reason").is_not_null())
        .then(pl.col("reason"))
        .when(pl.col("day").is_null())
        .then(pl.lit("no_rules_in_force"))
        .when(pl.col("applied_on") > pl.col("certificate_date").dt.offset_by("12mo"))
        .then(pl.lit("claimed_too_late"))
        .when(skilled & (months < 12))
        .then(pl.lit("insured_too_short"))
        .when(skilled & months.is_null())
        .then(pl.lit("insured_months_unknown"))
    )
    counts = pl.col("own").is_null()
    before = pl.when(counts).then(pl.col("rank")).cum_max().shift(1).over("person_id", "occupation", "special")
    used = (counts & ~pl.col("barred")).cast(pl.UInt32).cum_sum().over("person_id", pl.col("applied_on").dt.year())
    barred = pl.col("rank_before") >= pl.col("rank")
    query = (
        _placed(policy, rows)
        .join(_cells(policy, claims).lazy(), on=list(KEYS), how="left")
        .with_columns(own=own, special=pl.col("rank") == 0)
        .sort("applied_on", "claim_id")
        .with_columns(rank_before=before)
        .with_columns(barred=counts & barred.fill_null(value=False))
        .with_columns(used=used)
        .with_columns(
            reason=pl.when(~counts)
            .then(pl.col("own"))
            .when(pl.col("barred"))
            .then(pl.lit("higher_or_same_level_already_paid"))
            .when(pl.col("used") > 3)
            .then(pl.lit("limit_reached"))
        )
        .select(
            "claim_id",
            "reason",
            "base_fen",
            "uplift_fen",
            pl.when(pl.col("reason").is_null()).then(pl.col("amount_fen")).otherwise(0),
            *(["row"] if "row" in rows.columns else []),
        )
    )
    return query.collect
