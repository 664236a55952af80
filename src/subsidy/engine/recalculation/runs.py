"""The id of a run: a hash of what was read and of the policy, so that the same inputs have the same id in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import BATCH, NO_FAULT, Array, in_threads
from subsidy.engine.batch.compiled import pays
from subsidy.engine.batch.gathered import Gathered
from subsidy.engine.recalculation.payments import Payments
from subsidy.policy.policy import Policy

__all__ = ["Run", "claims_read", "payments_read"]

_ODD = np.random.default_rng(20230817).integers(0, 2**63, 64).astype(np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFT = np.uint64(29)
_WORD = 2**64


class Run(NamedTuple):
    """What a run read, in numbers that add up over parts of it.

    Rows are mixed one by one and summed, so their order doesn't matter. It tells runs apart; it proves nothing.
    """

    claims: int = 0
    of_claims: int = 0
    payments: int = 0
    of_payments: int = 0

    def plus(self, other: Run) -> Run:
        """Add what another part of the run read."""
        return Run(*((one + more) % _WORD for one, more in zip(self, other, strict=True)))

    def id(self, policy: Policy) -> str:
        """Give the id of the run under a policy."""
        found = (policy.fingerprint, policy.known_on, policy.minimum_confidence, *self)
        return blake2b(repr(found).encode(), digest_size=8).hexdigest()


def payments_read(payments: Payments, threads: int) -> Run:
    """Sum up payments."""
    paid, rows = [payments.hashes, payments.amount, payments.day, payments.counts], len(payments.hashes)
    return Run(payments=rows, of_payments=_sum(lambda part: (column[part] for column in paid), rows, threads))


def claims_read(gathered: Gathered, threads: int) -> Run:
    """Sum up the rows of claims."""
    rows = gathered.rows
    persons, (others, hashes) = rows.person, gathered.others
    if len(others):
        persons = persons.copy()
        persons[others] = hashes
    # What the policy doesn't know has a number by chance of order.
    named = [int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") for name in gathered.codes.names]
    codes = np.array([*named, 0], np.uint64)
    plain: list[Array] = [rows.name, rows.level, rows.stream, rows.certificate_day, rows.applied_day, rows.filed_day]
    plain += [rows.months, rows.fault, *rows.conditions]

    def columns(part: slice) -> Iterator[Array]:
        # What can't be read has no number of its own; of such a record the id, its fault and the rest must do.
        usable = rows.fault[part] == NO_FAULT
        yield np.where(usable, persons[part], 0)
        yield np.where(usable, rows.certificate[part], 0)
        yield codes.take(np.maximum(rows.code[part], -1), mode="wrap")
        for column in plain:
            yield column[part]

    return Run(claims=rows.rows, of_claims=_sum(columns, rows.rows, threads))


def _sum(columns: Callable[[slice], Iterator[Array]], rows: int, threads: int) -> int:
    """Mix the columns of each row, and sum the rows up."""
    mix = _mix
    if pays(rows):
        from subsidy.engine.recalculation.loops.mixing import mix

    def work(start: int) -> int:
        part = slice(start, min(start + BATCH, rows))
        mixed = np.zeros(part.stop - start, np.uint64)
        for column, odd in zip(columns(part), _ODD, strict=False):
            mix(mixed, column, odd, _SHIFT)
        return int(mixed.sum(dtype=np.uint64))

    return sum(in_threads(work, range(0, rows, BATCH), threads)) % _WORD


def _mix(mixed: Array, column: Array, odd: np.uint64, shift: np.uint64) -> None:
    mixed += column.astype(np.uint64)
    mixed *= odd
    mixed ^= mixed >> shift
