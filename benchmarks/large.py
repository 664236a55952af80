"""A file larger than memory ought to hold: `subsidy assess` on it, its peak memory, and some persons decided again."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import claims_made
from benchmarks.batch import say
from benchmarks.command import FailedError, assess_file
from subsidy.engine.batch.frame import assess_frame

__all__ = ["run"]

PERSONS = 5_000
_COLUMNS = ("status", "reason", "detail", "blocked_by", "base_fen", "uplift_fen", "amount_fen", "confidence")
_EDITIONS = ("directory_edition", "catalog_edition", "rate_edition", "rules_edition")


def run(rows: int, folder: Path | None = None) -> None:
    """Make the file, decide it in a process of its own, and compare the claims of some persons."""
    with TemporaryDirectory(prefix="subsidy-large-", dir=folder) as name:
        claims, decisions = Path(name) / "claims.parquet", Path(name) / "decisions.parquet"
        say(f"writing {rows:,} claims")
        start = time.perf_counter()
        claims_made.write(claims, rows)
        made = time.perf_counter() - start
        left = shutil.disk_usage(name).free / 2**30
        say(f"written in {made:.0f} s, {claims.stat().st_size / 2**20:,.0f} MiB; {left:.0f} GiB of disk are left")
        print(f"\n### A file of {rows:,} claims\n")
        try:
            done = assess_file(claims, decisions)
        except FailedError as why:
            print(f"Left out ({why}).")
            return
        say("deciding some persons again")
        compared, equal = _again(claims, decisions)
        print("| claims | file, MiB | seconds | rows/s | peak, MiB | persons decided again | their claims | equal |")
        print("|---:|---:|---:|---:|---:|---:|---:|---:|")
        size = claims.stat().st_size / 2**20
        print(
            f"| {rows:,} | {size:,.0f} | {done.seconds:,.1f} | {rows / done.seconds:,.0f} | {done.peak:,.0f} "
            f"| {PERSONS:,} | {compared:,} | {equal:,} |"
        )
        assert compared == equal


def _again(claims: Path, decisions: Path) -> tuple[int, int]:
    """Decide the claims of some persons in memory; rows whose id stands twice in the file are compared as they are."""
    asked, answered = pq.ParquetFile(claims), pq.ParquetFile(decisions)
    assert asked.metadata.num_rows == answered.metadata.num_rows
    persons = _persons(asked)
    given, found = _rows_of(asked, answered, persons)
    assert given["claim_id"].equals(found["claim_id"])
    unique = (found["reason"] != "duplicate_claim_id").to_numpy()
    given, found = given[unique].reset_index(drop=True), found[unique].reset_index(drop=True)
    ours = assess_frame(given)
    same = np.ones(len(ours), bool)
    for name in (*_COLUMNS, *_EDITIONS):
        same &= _plain(ours[name]) == _plain(found[name])
    return len(ours), int(same.sum())


def _persons(asked: pq.ParquetFile) -> pa.Array:
    """Take persons from the first, a middle and the last row group, those with several claims among them."""
    groups = sorted({0, asked.num_row_groups // 2, asked.num_row_groups - 1})
    ids = [asked.read_row_group(group, columns=["person_id"])["person_id"].combine_chunks() for group in groups]
    each = -(-PERSONS // len(groups))
    return pc.unique(pa.concat_arrays([pc.unique(some.drop_null())[: 2 * each] for some in ids]))[:PERSONS]


def _rows_of(asked: pq.ParquetFile, answered: pq.ParquetFile, persons: pa.Array) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read both files side by side, and keep the rows of some persons."""
    size = 1 << 18
    pairs = zip(_even(asked, size), _even(answered, size), strict=True)
    kept = []
    for one, other in pairs:
        mask = pc.is_in(one["person_id"], value_set=persons.cast(one.schema.field("person_id").type))
        kept.append((one.filter(mask), other.filter(mask)))
    given = pa.concat_tables([one for one, _ in kept])
    found = pa.concat_tables([other for _, other in kept], promote_options="permissive")
    return claims_made.as_frame(given.combine_chunks()), found.to_pandas()


def _even(file: pq.ParquetFile, size: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Give a file's rows in tables of one size, however its row groups are cut."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in file.iter_batches(size):
        held.append(batch)
        count += batch.num_rows
        while count >= size:
            table = pa.Table.from_batches(held)
            yield table.slice(0, size)
            held = table.slice(size).to_batches()
            count -= size
    if count:
        yield pa.Table.from_batches(held)


def _plain(column: pd.Series) -> np.ndarray:  # type: ignore[type-arg]
    return column.astype(object).where(column.notna(), "").to_numpy()
