"""A table of claims decided as columns: read, asked what depends on one claim alone, then what depends on history."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array, in_threads, keep_blocks, threads_for
from subsidy.engine.batch.calendar import Calendar
from subsidy.engine.batch.compiled import pays
from subsidy.engine.batch.decided import OUTPUT_COLUMNS, Decided
from subsidy.engine.batch.fold import Refused, fold
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.batch.law import Law, Standing
from subsidy.engine.batch.order import Part
from subsidy.engine.batch.shares import Kept, Shares, same_certificates
from subsidy.engine.batch.sources import Source, source_of_table
from subsidy.engine.batch.texts import Texts
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["OUTPUT_COLUMNS", "Asked", "Decided", "ask", "decide_source", "decide_table", "refuse_by_history"]

_SHARED = 1 << 17
"""Rows that are shared out at once: more than a batch, since each part of the persons is put together of all shares."""


def decide_table(
    claims: pa.Table,
    history: pa.Table | None = None,
    *,
    policy: Policy | None = None,
    skip_bad_history: bool = False,
    workers: int | None = None,
    repeated: Array | None = None,
) -> Decided:
    """Decide every row of an Arrow table of claims.

    Parameters
    ----------
    claims : pa.Table
        The columns of a claim (see `subsidy.assess_frame`); others are left alone.
    history : pa.Table, optional
        Claims already paid.
    policy : Policy, optional
        Left out: the packaged policy.
    skip_bad_history : bool
        Leave rows of the history that can't be used out, and report them.
    workers : int, optional
        Threads; left out: one for each processor.
    repeated : Array, optional
        Of a part of a larger table: the rows whose claim id other rows of the whole have, and that can't be used
        therefore. Left out: they are looked for.

    Raises
    ------
    InputError
        If a required column is missing, or two columns have one heading.
    HistoryError
        If rows of the history can't be used, or a claim id stands twice among history and claims.
    """
    policy = policy or default_policy()
    past = None if history is None else source_of_table(policy, history, "history")
    found = source_of_table(policy, claims)
    return decide_source(found, past, policy, skip_bad_history=skip_bad_history, workers=workers, repeated=repeated)


def decide_source(
    claims: Source,
    history: Source | None,
    policy: Policy,
    *,
    skip_bad_history: bool,
    workers: int | None,
    repeated: Array | None = None,
) -> Decided:
    """Decide the rows of a source; see `decide_table`."""
    asked = ask(claims, history, policy, skip_bad_history=skip_bad_history, workers=workers, repeated=repeated)
    blocked = refuse_by_history(policy, asked)
    whole, past = asked.standing, asked.gathered.past
    return Decided(policy, asked.law, whole, blocked, asked.names, past, asked.skipped, asked.threads)


class Asked(NamedTuple):
    """Rows read, and asked all that depends on one claim alone."""

    gathered: Gathered
    law: Law
    standing: Standing
    names: Texts
    skipped: tuple[str, ...]
    threads: int


def ask(
    claims: Source,
    history: Source | None,
    policy: Policy,
    *,
    skip_bad_history: bool,
    workers: int | None,
    repeated: Array | None = None,
) -> Asked:
    """Read the rows of a source, and ask rules 1 to 6."""
    keep_blocks()
    threads = threads_for(claims.rows, workers)
    gathered = Gathered(policy, claims, history, threads)
    names = gathered.names
    skipped = gathered.check(names, skip=skip_bad_history, repeated=repeated)
    rows = gathered.rows
    calendar = Calendar([rows.certificate_day, rows.applied_day, rows.filed_day], gathered.days)
    law = Law(policy, calendar, gathered.readers.faults, loops=pays(claims.rows))
    whole = Standing.empty(rows.rows, law.grid)
    in_threads(lambda part: law.stand(rows, part, whole), gathered.parts, threads)
    return Asked(gathered, law, whole, names, skipped, threads)


def refuse_by_history(policy: Policy, asked: Asked, kept: Kept | None = None) -> Array:
    """Ask rules 7 to 10, person by person, in parts of persons that fit the processor's memory.

    What they refuse is written into what rules 1 to 6 said. Given are the claims that another stands in the way of
    (see `Refused.in_the_way`). Unless claims keep money, as in a recalculation, the memory of what was read is given
    back on the way.
    """
    whole = asked.standing

    def write(one: Refused) -> Array:
        whole.reason[one.row], whole.detail[one.row] = one.reason, one.detail
        return one.in_the_way()

    parts = _refused(policy, asked, kept, keep_rows=kept is not None)
    return np.concatenate(in_threads(write, parts, asked.threads))


def _refused(policy: Policy, asked: Asked, kept: Kept | None, *, keep_rows: bool) -> list[Refused]:
    """Give what is refused part by part.

    Without `keep_rows` the memory of what was read is given back as soon as it was shared out.
    """
    gathered, law, whole, names, _, threads = asked
    shares = Shares(policy, gathered, law, whole, kept)
    classes, bits = shares.classes, shares.bits
    count = gathered.rows.rows
    slices = [slice(start, min(start + _SHARED, count)) for start in range(0, max(1, count), _SHARED)]
    shared = in_threads(shares.of, slices, threads)
    del shares  # which holds what was read
    certificates = gathered.certificates
    if not keep_rows:
        gathered.forget_rows()

    def settle(number: int) -> Refused:
        part = Part.joined([one.slice(borders[number], borders[number + 1]) for one, borders in shared])
        return fold(part, classes, law.years, bits, names.by_name)

    found = in_threads(settle, range(1 << bits), threads)
    if not all(
        in_threads(lambda one: same_certificates(one, certificates, loops=law.loops), found, threads)
    ):  # two certificates of one person share a hash: once in millions of millions of claims
        if not keep_rows:
            gathered.read_again()
        gathered.number_certificates()
        return _refused(policy, asked, kept, keep_rows=True)
    return found
