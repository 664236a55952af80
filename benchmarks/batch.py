"""Millions of claims: ours beside DuckDB, Polars, OpenFisca, zen and plain loops, all in one run on the same rows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import feather

from benchmarks import claims_made
from benchmarks.batch_works import OURS, WORKERS, WORKS, Given, MissingError, entitlement_only
from benchmarks.command import FailedError, assess_file
from benchmarks.memory import Memory, of_work
from benchmarks.timing import Timed, in_turn
from subsidy.engine.batch.entitlements import NO_AMOUNT
from subsidy.engine.batch.frame import assess_frame

__all__ = ["run"]

_CHECKED = 1_000_000
_HISTORY = (
    "duplicate_claim_id",
    "certificate_already_paid",
    "same_level_already_paid",
    "higher_level_already_paid",
    "limit_reached",
)
_TITLES = {"whole": "Whole decision", "entitlement": "Entitlement only (rows to base, uplift, amount)"}


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def run(rows: int) -> None:
    """Check all on the same rows, time all in turn, and print a table for each kind."""
    with TemporaryDirectory(prefix="subsidy-bench-") as name:
        folder = Path(name)
        check(min(rows, _CHECKED), folder)
        say(f"making {rows:,} claims")
        given = Given(claims_made.frame(rows), folder)
        works, sizes, peaks = _made(given)
        say("timing: " + ", ".join(works))
        timed = in_turn(works)
        works.clear()
        kept = folder / "claims.arrow"
        feather.write_feather(given.table, kept, compression="uncompressed")
        del given
        memory = {name: _memory(name, kept, peaks) for name in timed}
    for kind in _TITLES:
        _print(kind, timed, sizes, memory)


def _made(given: Given) -> tuple[dict[str, Callable[[], object]], dict[str, int], list[float]]:
    """Make the works, each with the number of its rows; those that can't be done here are named and left out."""
    works: dict[str, Callable[[], object]] = {}
    sizes: dict[str, int] = {}
    peaks: list[float] = []
    for name, work in WORKS.items():
        part = given if work.sample is None else _sample(name, given, work.sample)
        try:
            made = work.make(part)
            if work.own_process:
                made = _watched(made, peaks)
                made()
        except (MissingError, FailedError) as why:
            print(f"\n{name}: left out ({why})")
            continue
        works[name], sizes[name] = made, len(part.claims)
    return works, sizes, peaks


def _watched(work: Callable[[], Any], peaks: list[float]) -> Callable[[], object]:
    return lambda: peaks.append(work().peak)


def _sample(name: str, given: Given, rows: int) -> Given:
    if name.startswith("loop"):
        from benchmarks.peer_loop import of_whole_persons

        return Given(of_whole_persons(given.claims, rows), given.folder)
    if name.startswith("zen"):  # rows that have an amount, since a table without a match has no answer
        some = given.claims.head(4 * rows)
        decided = assess_frame(some, policy=given.policy)
        return Given(some[decided["uplift_fen"].notna().to_numpy()].head(rows), given.folder)
    return given.head(rows)


def _memory(name: str, file: Path, peaks: list[float]) -> Memory | None:
    if WORKS[name].own_process:
        return Memory(0, max(peaks))
    if WORKS[name].sample is not None:
        return None
    say(f"memory of: {name}")
    return of_work(name, file)


def _print(kind: str, timed: dict[str, Timed], sizes: dict[str, int], memory: dict[str, Memory | None]) -> None:
    ours = timed.get(OURS[kind])
    print(f"\n### {_TITLES[kind]}\n")
    print("| work | rows | best, rows/s | median, rows/s | ours is so many times as fast | held, MiB | peak, MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, (best, middle) in timed.items():
        if WORKS[name].kind != kind:
            continue
        rows, found = sizes[name], memory[name]
        ratio = f"{(middle / rows) / (ours.median / sizes[OURS[kind]]):.2f}" if ours else ""
        held = f"{found.held:,.0f}" if found and found.held else ""
        peak = f"{found.peak:,.0f}" if found else ""
        print(f"| {name} | {rows:,} | {rows / best:,.0f} | {rows / middle:,.0f} | {ratio} | {held} | {peak} |")


# -- do they compute the same? ------------------------------------------------------------------------------------


def check(rows: int, folder: Path) -> None:
    """Compare the peers' answers with ours, print how many rows are equal, and stop where all ought to be."""
    say(f"checking on {rows:,} claims")
    given = Given(claims_made.frame(rows), folder, row_numbers=True)
    ours = assess_frame(given.claims, policy=given.policy, workers=WORKERS)
    said = ours["status"].value_counts(normalize=True)
    print(
        f"\n### The claims\n\n{rows:,} for the checks: "
        + ", ".join(f"{share:.1%} {name}" for name, share in said.items())
    )
    reasons = ours["reason"].value_counts() / rows
    print("; by reason: " + ", ".join(f"{share:.1%} {name}" for name, share in reasons[reasons > 0].items()) + ".")
    print("\n### Equal to ours\n\n| work | compared | rows | equal |\n|---|---|---:|---:|")
    _check_entitlement(given, ours)
    _check_whole(given, ours)
    _check_loops(given, ours)
    _check_file(given, ours)


def _row(name: str, what: str, rows: int, equal: float, *, exact: bool = True) -> None:
    print(f"| {name} | {what} | {rows:,} | {'all' if equal == 1 else f'{equal:.3%}'} |")
    assert equal == 1 or not exact, (name, what, equal)


def _fen(found: Any, name: str) -> np.ndarray[Any, Any]:
    """Give a column of fen in the order of the rows, -1 for what is null."""
    if isinstance(found, pa.Table) or hasattr(found, "to_pandas"):
        found = found.to_pandas()
    elif not isinstance(found, pd.DataFrame):
        columns = {one: getattr(found, one) for one in ("base_fen", "uplift_fen", "amount_fen")}
        found = pd.DataFrame({one: np.where(fen == NO_AMOUNT, -1, fen) for one, fen in columns.items()})
    if "row" in found:
        found = found.sort_values("row")
    empty = 0 if name == "amount_fen" else -1
    return found[name].astype("Int64").fillna(empty).to_numpy(np.int64)


def _check_entitlement(given: Given, ours: pd.DataFrame) -> None:
    """Base and uplift of every row that can be decided; the amount where the decision is no other rule's."""
    usable = (ours["status"] != "invalid").to_numpy()
    payable = (ours["status"] == "payable").to_numpy()
    truth = {name: _fen(ours, name) for name in ("base_fen", "uplift_fen", "amount_fen")}
    where = {"base_fen": usable, "uplift_fen": usable, "amount_fen": payable}
    try:
        found = entitlement_only(given)()
    except MissingError as why:
        print(f"| subsidy, entitlement only | left out: {why} | | |")
    else:
        for name, rows in where.items():
            _row(
                "subsidy, entitlement only",
                f"{name} with the whole decision",
                rows.sum(),
                _same(found, truth, name, rows),
            )
        truth["amount_fen"], where["amount_fen"] = _fen(found, "amount_fen"), usable
    for work in ("Polars, join", "Polars, enums and a gather instead of a join", "DuckDB, join"):
        made = _made_one(work, given)
        if made is not None:
            found = made()
            for name, rows in where.items():
                _row(work, name, rows.sum(), _same(found, truth, name, rows))
    rows = where["amount_fen"]
    for work in ("OpenFisca, from texts", "OpenFisca, from places made before"):
        made = _made_one(work, given)
        if made is not None:
            amounts = np.rint(np.asarray(made(), np.float64) * 100).astype(np.int64)
            _row(work, "amount_fen", rows.sum(), float((amounts == truth["amount_fen"])[rows].mean()))
    some = _sample("zen", given, WORKS["zen, a loop"].sample or 0)
    made = _made_one("zen, a loop", some)
    if made is not None:
        amounts = np.rint(np.array(made()) * 100).astype(np.int64)
        at = some.claims.index.to_numpy()
        due = truth["base_fen"][at] + truth["uplift_fen"][at]
        kept = usable[at]  # an id may stand again beyond the sample
        _row("zen, a loop", "base_fen + uplift_fen", kept.sum(), float((amounts == due)[kept].mean()))


def _made_one(name: str, given: Given) -> Callable[[], Any] | None:
    try:
        return WORKS[name].make(given)
    except MissingError:
        return None


def _same(found: Any, truth: dict[str, Any], name: str, rows: np.ndarray[Any, Any]) -> float:
    return float((_fen(found, name) == truth[name])[rows].mean())


def _check_whole(given: Given, ours: pd.DataFrame) -> None:
    """Say how near the windows come, on the rows that can be decided."""
    usable = (ours["status"] != "invalid").to_numpy()
    reasons = ours["reason"].astype(object).fillna("").to_numpy()
    for work in WORKS:
        if "approximation" not in work or (made := _made_one(work, given)) is None:
            continue
        found: Any = made()
        found = found.to_pandas().sort_values("row")
        amounts = _fen(found, "amount_fen") == _fen(ours, "amount_fen")
        _row(work, "amount_fen", usable.sum(), float(amounts[usable].mean()), exact=False)
        if "DuckDB" in work:
            same = found["reason"].astype(object).fillna("").to_numpy() == reasons
            _row(work, "amount_fen and reason", usable.sum(), float((amounts & same)[usable].mean()), exact=False)


def _check_loops(given: Given, ours: pd.DataFrame) -> None:
    """Compare every output column of the loop; of `apply`, the rows that history has no say in."""
    from benchmarks.peer_loop import applied, looped, of_whole_persons

    claims = of_whole_persons(given.claims, 20_000)
    decided = looped(given.policy, claims)()
    together = assess_frame(claims, policy=given.policy).loc[list(decided)]
    _row("loop over assess with history", "every output column", len(decided), _equal(decided.values(), together))
    claims = given.claims.head(2_000)
    alone = applied(given.policy, claims)()
    together = ours.head(len(claims))
    kept = (~together["reason"].isin(_HISTORY)).to_numpy()
    equal = _equal(alone[kept], together[kept])
    _row("DataFrame.apply(assess), no history", "every output column, no history", int(kept.sum()), equal)


def _equal(decisions: Any, frame: pd.DataFrame) -> float:
    columns = frame.columns.tolist()
    ours = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return float(
        np.mean(
            [tuple(getattr(one, name) for name in columns) == row for one, row in zip(decisions, ours, strict=True)]
        )
    )


def _check_file(given: Given, ours: pd.DataFrame) -> None:
    """Compare the command's file with the frame, column by column."""
    import pyarrow.parquet as pq

    work = "subsidy assess, parquet to parquet"
    try:
        assess_file(given.file, given.folder / "decisions.parquet", "--workers", str(WORKERS))
    except FailedError as why:
        print(f"| {work} | left out: {why} | | |")
        return
    found = pq.read_table(given.folder / "decisions.parquet").to_pandas()
    same = np.ones(len(ours), bool)
    for name in ours.columns:
        same &= _plain(found[name]) == _plain(ours[name])
    _row(work, "every output column", len(ours), float(same.mean()))


def _plain(column: pd.Series[Any]) -> Any:
    return column.astype(object).where(column.notna(), "").to_numpy()
