"""What is due for each claim beside what was paid, and the cause of a difference: the table of design, section 6."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.arrays import BATCH, EMPTY, Array, by_batches, in_threads
from subsidy.engine.batch.grid import STATUSES
from subsidy.engine.recalculation.money import Money
from subsidy.engine.recalculation.now import Now
from subsidy.engine.recalculation.then import Then, decided_then, known_days
from subsidy.model.words import Status
from subsidy.policy.catalog import known
from subsidy.policy.policy import Policy

__all__ = ["CAUSES", "NO_CAUSE", "Cause", "Due", "due_of"]

_PAYABLE, _REFUSED = STATUSES.index(Status.PAYABLE), STATUSES.index(Status.REFUSED)


class Cause(StrEnum):
    """Why what is due differs from what was paid, in the order in which they are asked."""

    PAYMENT_WITHOUT_CLAIM = "payment_without_claim"
    UNDETERMINED = "undetermined"
    LISTED_AFTER_PAYMENT = "listed_after_payment"
    BECAME_UNPAYABLE = "became_unpayable"
    PAID_AMOUNT_WRONG = "paid_amount_wrong"
    NOT_PAID_YET = "not_paid_yet"
    BECAME_PAYABLE = "became_payable"
    PAID_TWICE = "paid_twice"
    BASE_CHANGED = "base_changed"
    UPLIFT_GAINED = "uplift_gained"
    UPLIFT_LOST = "uplift_lost"
    UPLIFT_RATE_CHANGED = "uplift_rate_changed"


CAUSES = tuple(Cause)
NO_CAUSE = -1
_NO_ROWS: Array = np.empty(0, np.int32)
_NUMBER = {cause: number for number, cause in enumerate(CAUSES)}


class Due(NamedTuple):
    """What is due for each claim, and why it differs from what was paid."""

    due: Array
    cause: Array
    asked: Array  # the claims whose decision of then was asked for
    then: Then


def due_of(policy: Policy, now: Now, money: Money) -> Due:
    """Set what is due now against what was paid."""
    paid, count = money.paid, len(money.paid)
    due, cause = np.empty(count, np.int64), np.empty(count, np.int8)
    keeping = any(one.late_listing == "keep" for one in now.law.procedures)
    place = np.int32 if count <= np.iinfo(np.int32).max else np.int64

    def settle(start: int) -> tuple[Array, Array]:
        part = slice(start, start + BATCH)
        status, own = now.status[part], due[part]
        payable = status == _PAYABLE
        np.multiply(now.law.grid.amount.take(now.standing.cell[part]), payable, out=own)
        cause[part] = NO_CAUSE
        unclear = np.flatnonzero(~payable & (status != _REFUSED))
        own[unclear] = np.maximum(paid[part].take(unclear), 0)
        cause[part][unclear] = _NUMBER[Cause.UNDETERMINED]
        return (_NO_ROWS, _NO_ROWS) if keeping else differing(start)

    def differing(start: int) -> tuple[Array, Array]:
        part = slice(start, start + BATCH)
        differs: Array = (np.flatnonzero(paid[part] != due[part]) + start).astype(place)
        status = now.status.take(differs)
        refused = differs[status == _REFUSED]
        keeps = paid.take(refused) > 0
        wrong, unpayable = (np.int8(_NUMBER[one]) for one in (Cause.PAID_AMOUNT_WRONG, Cause.BECAME_UNPAYABLE))
        cause[refused] = np.where(keeps, unpayable, wrong)
        return differs[status == _PAYABLE], refused[keeps]

    starts = range(0, max(count, 1), BATCH)
    found = in_threads(settle, starts, now.threads)
    if keeping:
        _keep(policy, now, money, due, cause)
        found = in_threads(differing, starts, now.threads)
    # Of what was paid and is refused now *then* changes nothing but tells whether the law changed.
    asked = np.concatenate([*(one for one, _ in found), *(one for _, one in found)])
    payable = asked[: sum(len(one) for one, _ in found)]

    def day_of(rows: Array) -> Array:
        first = money.first.take(rows)
        return np.where(first == EMPTY, now.rows.applied_day.take(rows), first)

    then = decided_then(now, asked, day_of, known_days(policy.editions), policy.as_known_on)

    def explain(part: slice) -> None:
        cause[payable[part]] = _causes(now, money, due, payable[part], then, part)

    by_batches(explain, len(payable), now.threads)
    return Due(due, cause, asked, then)


def _causes(now: Now, money: Money, due: Array, payable: Array, then: Then, part: slice) -> Array:
    """Ask the table, row by row, of claims that are payable now and whose money differs from what is due."""
    cell, own_paid = now.standing.cell.take(payable), money.paid.take(payable)
    uplift, uplift_then = now.law.grid.uplift.take(cell), then.uplifts.take(then.cell[part])
    base_changed = now.law.grid.base.take(cell) != then.bases.take(then.cell[part])
    rows = (
        (own_paid < 0, Cause.PAID_AMOUNT_WRONG),
        ((own_paid == 0) & then.payable[part], Cause.NOT_PAID_YET),
        (own_paid == 0, Cause.BECAME_PAYABLE),
        (money.twice.take(payable) & (own_paid > due.take(payable)), Cause.PAID_TWICE),
        (~then.payable[part] | (own_paid != then.amount(part)), Cause.PAID_AMOUNT_WRONG),
        (base_changed, Cause.BASE_CHANGED),
        ((uplift_then == 0) & (uplift != 0), Cause.UPLIFT_GAINED),
        ((uplift_then != 0) & (uplift == 0), Cause.UPLIFT_LOST),
    )
    return np.select(
        [holds for holds, _ in rows],
        [np.int8(_NUMBER[cause]) for _, cause in rows],
        np.int8(_NUMBER[Cause.UPLIFT_RATE_CHANGED]),
    )


def _keep(policy: Policy, now: Now, money: Money, due: Array, cause: Array) -> None:
    """Where the text says ``late_listing: keep``: what was listed after the payment earns no difference.

    After the payment since which there is money: of a claim whose money was all taken back before the occupation was
    listed, the whole new amount is due, and stays due once it is booked.
    """
    keeps = np.array([*(one.late_listing == "keep" for one in now.law.procedures), False])
    rows = np.flatnonzero((now.status == _PAYABLE) & (money.paid > 0) & keeps.take(now.standing.procedure))

    def with_catalog_of(day: date) -> Policy:
        return replace(policy, catalog_editions=known(policy.catalog_editions, day), whole=policy.whole or policy)

    starts = known_days(policy.catalog_editions)
    then = decided_then(now, rows, money.since.take, starts, with_catalog_of)
    amount = then.amount()
    less = then.payable & (amount < due[rows])
    rows = rows[less]
    due[rows] = amount[less]
    cause[rows[due[rows] == money.paid[rows]]] = _NUMBER[Cause.LISTED_AFTER_PAYMENT]
