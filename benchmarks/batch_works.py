"""The works that `benchmarks.batch` times: ours and what a user would pick instead, each on the same claims."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.command import assess_file
from subsidy import Policy, load_policy
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.entitlements import entitlements
from subsidy.engine.batch.frame import assess_frame

__all__ = ["OURS", "WORKS", "Given", "MissingError", "Work", "entitlement_only"]

WORKERS = 2
OURS = {"whole": "subsidy, 2 workers", "entitlement": "subsidy"}


class MissingError(Exception):
    """A work can't be done here."""


@dataclass
class Given:
    """The claims in each of the forms that a work starts from; making them isn't timed."""

    claims: pd.DataFrame
    folder: Path
    row_numbers: bool = False

    @cached_property
    def policy(self) -> Policy:
        return load_policy()

    @cached_property
    def table(self) -> pa.Table:
        """The same columns as an Arrow table, with the number of each row where rows have to be found again."""
        table = pa.Table.from_pandas(self.claims, preserve_index=False)
        if not self.row_numbers:
            return table
        return table.append_column("row", pa.array(range(table.num_rows), pa.int32()))

    @cached_property
    def polars(self) -> Any:
        return import_module("benchmarks.peer_polars").taken(self.table)

    @cached_property
    def duckdb(self) -> Any:
        return import_module("benchmarks.peer_duckdb").connected(self.policy, self.claims, self.table)

    @cached_property
    def file(self) -> Path:
        path = self.folder / "claims.parquet"
        pq.write_table(self.table, path, row_group_size=1 << 20, use_dictionary=["occupation", "level", "stream"])
        return path

    def head(self, rows: int) -> Given:
        """Give the first rows only."""
        return self if rows >= len(self.claims) else Given(self.claims.head(rows), self.folder, self.row_numbers)


class Work(NamedTuple):
    """What is timed: which decision it makes, and of how many rows where all would take too long."""

    kind: str
    make: Callable[[Given], Callable[[], object]]
    sample: int | None = None
    own_process: bool = False


def entitlement_only(given: Given) -> Callable[[], object]:
    """Give our rules 1 to 3 alone."""
    return lambda: entitlements(given.claims, given.policy, workers=WORKERS)


def _frame(workers: int) -> Callable[[Given], Callable[[], object]]:
    return lambda given: lambda: assess_frame(given.claims, policy=given.policy, workers=workers)


def _without_numba(given: Given) -> Callable[[], object]:
    def work() -> object:
        os.environ[SWITCH] = "never"
        try:
            return assess_frame(given.claims, policy=given.policy, workers=WORKERS)
        finally:
            del os.environ[SWITCH]

    return work


def _file(given: Given) -> Callable[[], object]:
    return lambda: assess_file(given.file, given.folder / "decisions.parquet", "--workers", str(WORKERS))


def _peer(module: str, name: str, **options: Any) -> Callable[[Given], Callable[[], object]]:
    def make(given: Given) -> Callable[[], object]:
        try:
            found = getattr(import_module(f"benchmarks.{module}"), name)
        except ModuleNotFoundError as error:
            raise MissingError(f"{error.name} isn't installed") from None
        rows = {"peer_duckdb": lambda: given.duckdb, "peer_polars": lambda: given.polars}.get(
            module, lambda: given.table
        )()
        work: Callable[[], object] = found(given.policy, given.claims, rows, **options)
        return work

    return make


def _loop(given: Given) -> Callable[[], object]:
    return import_module("benchmarks.peer_loop").looped(given.policy, given.claims)  # type: ignore[no-any-return]


def _apply(given: Given) -> Callable[[], object]:
    return import_module("benchmarks.peer_loop").applied(given.policy, given.claims)  # type: ignore[no-any-return]


def _zen(given: Given) -> Callable[[], object]:
    try:
        loop = import_module("benchmarks.peer_zen").loop
    except ModuleNotFoundError as error:
        raise MissingError(f"{error.name} isn't installed") from None
    return loop(given.policy, given.claims)  # type: ignore[no-any-return]


WORKS: dict[str, Work] = {
    OURS["whole"]: Work("whole", _frame(WORKERS)),
    "subsidy, 2 workers, without numba": Work("whole", _without_numba),
    "subsidy, 1 worker": Work("whole", _frame(1)),
    "subsidy assess, parquet to parquet": Work("whole", _file, own_process=True),
    "DuckDB, join and two windows (approximation)": Work("whole", _peer("peer_duckdb", "whole")),
    "Polars, join and two windows (approximation)": Work("whole", _peer("peer_polars", "whole"), 1_000_000),
    "loop over assess with history": Work("whole", _loop, 50_000),
    "DataFrame.apply(assess), no history": Work("whole", _apply, 5_000),
    OURS["entitlement"]: Work("entitlement", entitlement_only),
    "Polars, join": Work("entitlement", _peer("peer_polars", "entitlement")),
    "Polars, enums and a gather instead of a join": Work("entitlement", _peer("peer_polars", "entitlement_by_hand")),
    "DuckDB, join": Work("entitlement", _peer("peer_duckdb", "entitlement")),
    "OpenFisca, from texts": Work("entitlement", _peer("peer_openfisca", "columns")),
    "OpenFisca, from places made before": Work("entitlement", _peer("peer_openfisca", "columns", mapped=True)),
    "zen, a loop": Work("entitlement", _zen, 2_000),
}
