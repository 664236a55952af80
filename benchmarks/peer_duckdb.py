"""The decision in SQL for DuckDB: the entitlement as a join, and as much of the history as windows can say.

The tables of cells are our own (`quote` in every cell), so the law isn't written again; what is left is what a user of
SQL would write. What the windows of `whole` can't do:

- A claim refused because of earlier ones uses up nothing. A window sees the rows, not what became of them: the first
  window counts every entitled and eligible earlier claim, also one that the yearly limit or a level refuses; the
  second at least leaves out what the first refused. To be exact takes a loop over each person's claims.
- A certificate shown twice is refused here as the same occupation at the same level, for another reason than the law's,
  and not at all where the two claims name different ones. A third window would see it, and cost a third more.
- No ``detail``, ``blocked_by``, ``confidence`` and editions; no check of the person's number; claim ids aren't checked
  for repetition; no conditions (the texts in force since 2023-06 ask none).

So it does less than ours in every respect. Rows come back in any order, with their claim ids.
"""

# The queries are made from the policy, and nobody types them in.
# ruff: noqa: S608

from __future__ import annotations

import itertools
from collections.abc import Callable

import duckdb
import pandas as pd
import pyarrow as pa

from benchmarks.grid import cells, deciding, starts
from subsidy import Level, Policy, Reason

__all__ = ["connected", "entitlement", "whole"]

THREADS = 2


def connected(policy: Policy, claims: pd.DataFrame, table: pa.Table) -> duckdb.DuckDBPyConnection:
    """Load the claims and the cells into a database in memory; that isn't timed."""
    connection = duckdb.connect(config={"threads": THREADS})
    # A table of DuckDB's own: an Arrow table in one piece is scanned by one thread only.
    connection.register("given", table)
    connection.execute("CREATE TABLE claims AS SELECT * FROM given").fetchall()
    connection.unregister("given")
    connection.register("made", cells(policy, claims))
    reasons = ", ".join(f"'{reason}'" for reason in Reason)
    bits = " ".join(f"WHEN '{level}' THEN {1 << place}" for place, level in enumerate(Level))
    connection.execute(f"CREATE TYPE reasons AS ENUM ({reasons})").fetchall()
    # Enums and small integers, which DuckDB handles faster than text and wide ones.
    connection.execute(
        "CREATE TABLE cells AS SELECT stream, occupation, level, period::UTINYINT AS period, base_fen, uplift_fen, "
        f"amount_fen, reason::reasons AS reason, (CASE meant {bits} END)::UTINYINT AS bit FROM made"
    ).fetchall()
    connection.execute("CREATE TABLE payable AS SELECT * FROM cells WHERE base_fen IS NOT NULL").fetchall()
    connection.unregister("made")
    return connection


def _day(policy: Policy) -> str:
    """Write the entitlement date."""
    names = {"": "NULL", "training_filed_on": "coalesce(training_filed_on, applied_on)"}
    steps = deciding(policy)
    cases = [
        f"WHEN applied_on < TIMESTAMP '{until} 00:00:00' THEN {names.get(name, name)}"
        for (_, name), (until, _) in itertools.pairwise(steps)
    ]
    return f"CASE {' '.join(cases)} ELSE {names.get(steps[-1][1], steps[-1][1])} END"


def _period(policy: Policy) -> str:
    """Write the number of a day's period."""
    days = starts(policy)
    cases = [f"WHEN day < TIMESTAMP '{day} 00:00:00' THEN {number}" for number, day in enumerate(days[1:])]
    return f"(CASE {' '.join(cases)} WHEN day IS NOT NULL THEN {len(days) - 1} END)::UTINYINT"


def _row_number(connection: duckdb.DuckDBPyConnection) -> str:
    """Name the column with the number of each row, where the claims have one."""
    return ", row" if any(name == "row" for name, *_ in connection.execute("DESCRIBE claims").fetchall()) else ""


def entitlement(policy: Policy, _: pd.DataFrame, connection: duckdb.DuckDBPyConnection) -> Callable[[], pa.Table]:
    """Give a function that joins the claims with the cells: base, uplift and amount of each row, with its claim id.

    The rows may come in any order, which is faster than asking for one.
    """
    extra = _row_number(connection)
    query = f"""
        WITH dated AS (SELECT claim_id, stream, occupation, level, {_day(policy)} AS day{extra} FROM claims),
        placed AS (SELECT claim_id, stream, occupation, level, {_period(policy)} AS period{extra} FROM dated)
        SELECT claim_id, base_fen, uplift_fen, amount_fen{extra}
        FROM placed LEFT JOIN payable USING (stream, occupation, level, period)
    """
    return lambda: connection.sql(query).to_arrow_table()


def whole(policy: Policy, _: pd.DataFrame, connection: duckdb.DuckDBPyConnection) -> Callable[[], pa.Table]:
    """Give a function that decides all claims as nearly as a join and two windows can."""
    extra = _row_number(connection)
    query = f"""
        WITH dated AS (
            SELECT claim_id, person_id, certificate_no, stream, occupation, level, certificate_date, applied_on,
                insured_months, {_day(policy)} AS day{extra}
            FROM claims
        ),
        placed AS (SELECT *, {_period(policy)} AS period FROM dated),
        alone AS (
            SELECT claim_id, person_id, occupation, applied_on, base_fen, uplift_fen, amount_fen, bit{extra},
                (CASE
                    WHEN claim_id IS NULL OR person_id IS NULL OR certificate_no IS NULL OR certificate_date IS NULL
                        OR applied_on IS NULL OR placed.level IS NULL THEN 'missing_value'
                    WHEN applied_on < certificate_date THEN 'applied_before_issue'
                    WHEN bit IS NULL AND day IS NOT NULL THEN 'bad_occupation'
                    WHEN reason IS NOT NULL THEN reason
                    WHEN day IS NULL THEN 'no_rules_in_force'
                    WHEN applied_on > certificate_date + INTERVAL 12 MONTH THEN 'claimed_too_late'
                    WHEN placed.stream = 'skill_improvement' AND insured_months < 12 THEN 'insured_too_short'
                    WHEN placed.stream = 'skill_improvement' AND insured_months IS NULL THEN 'insured_months_unknown'
                END)::reasons AS own
            FROM placed LEFT JOIN cells USING (stream, occupation, level, period)
        ),
        levels AS (
            SELECT *, bit_or(CASE WHEN own IS NULL THEN bit END) OVER (
                PARTITION BY person_id, occupation ORDER BY applied_on, claim_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS paid
            FROM alone
        ),
        seen AS (
            SELECT * EXCLUDE (own), CASE
                WHEN own IS NOT NULL THEN own
                WHEN (paid & bit) <> 0 THEN 'same_level_already_paid'::reasons
                WHEN bit < 32 AND (paid & 31) > bit THEN 'higher_level_already_paid'::reasons
            END AS earlier
            FROM levels
        ),
        counted AS (
            SELECT *, count(*) FILTER (WHERE earlier IS NULL) OVER (
                PARTITION BY person_id, year(applied_on) ORDER BY applied_on, claim_id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS used
            FROM seen
        )
        SELECT claim_id,
            CASE WHEN earlier IS NULL AND used >= 3 THEN 'limit_reached'::reasons ELSE earlier END AS reason,
            base_fen, uplift_fen, CASE WHEN earlier IS NULL AND used < 3 THEN amount_fen ELSE 0 END AS amount_fen{extra}
        FROM counted
    """
    assert [str(level) for level in Level] == ["5", "4", "3", "2", "1", "special"]  # the bits above
    return lambda: connection.sql(query).to_arrow_table()
