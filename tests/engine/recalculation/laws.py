"""The laws of design section 6, for whatever recalculates: the reference, and the public function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from subsidy import Payment, Policy, Reason, Status
from subsidy.engine.records import Usable, read_record
from subsidy.engine.sequence import assess_all
from subsidy.model.claim import PaymentState
from subsidy.model.money import format_yuan
from subsidy.model.text import is_empty, read_identifier
from tests.engine.recalculation.reference import Row
from tests.engine.recalculation.strategies import World

Item = dict[str, Any]
Record = Mapping[str, Any]
Recalculate = Callable[[Policy, Sequence[Record], Sequence[Record], date | None], list[Row]]
AFTER_ALL = date(2031, 1, 1)
BY_HISTORY = {
    Reason.CERTIFICATE_ALREADY_PAID,
    Reason.SAME_LEVEL_ALREADY_PAID,
    Reason.HIGHER_LEVEL_ALREADY_PAID,
    Reason.LIMIT_REACHED,
}


def as_payments(payments: Sequence[Record]) -> list[Payment]:
    return [Payment.model_validate(dict(one)) for one in payments]


def without_repeated_ids(world: World) -> World:
    """Leave out claims whose id another has: whose of them the money is can't be told."""
    names = [None if is_empty(one["claim_id"]) else read_identifier(one["claim_id"]) for one in world.claims]
    alone = [one for one, name in zip(world.claims, names, strict=True) if name is None or names.count(name) == 1]
    return World(world.policy, alone, world.payments)


def booked(world: World, rows: Sequence[Row], on: date = AFTER_ALL) -> World:
    """Book what is proposed as payments of one later day."""
    more = [
        {"claim_id": row.claim_id, "amount": format_yuan(row.adjustment_fen), "paid_on": on, "state": "paid"}
        for row in rows
        if row.adjustment_fen
    ]
    return World(world.policy, world.claims, [*world.payments, *more])


# -- the laws ----------------------------------------------------------------------------


def sums_agree(rows: Sequence[Row], world: World) -> None:
    """sum(due) - sum(paid) = sum(adjustment); each claim has its row and each counting fen stands in one."""
    assert sum(row.due_fen for row in rows) - sum(row.paid_fen for row in rows) == sum(
        row.adjustment_fen for row in rows
    )
    payments = as_payments(world.payments)
    counting = [one.amount_fen for one in payments if one.state is PaymentState.PAID]
    assert sum(row.paid_fen for row in rows) == sum(counting)
    orphans = rows[len(world.claims) :]
    assert all(row.cause == "payment_without_claim" for row in orphans)
    names = [row.claim_id for row in orphans]
    assert len(set(names)) == len(names)
    claimed = {row.claim_id for row in rows[: len(world.claims)]}
    assert set(names) == {one.claim_id for one in payments} - claimed
    for row, record in zip(rows, world.claims, strict=False):
        read = read_record(world.policy, record)
        assert row.claim_id == (read.claim.claim_id if isinstance(read, Usable) else read.claim_id)


def causes_agree(rows: Sequence[Row]) -> None:
    """A cause stands where there is a difference, where a list came late, or where nothing can be decided."""
    for row in rows:
        if row.cause is None:
            assert row.adjustment_fen == 0
        elif row.cause not in {"undetermined", "listed_after_payment", "payment_without_claim"}:
            assert row.adjustment_fen != 0
        if row.cause in {"not_paid_yet", "became_payable"}:
            assert row.kind == "top_up"
        if row.cause in {"became_unpayable", "paid_twice"}:
            assert row.kind == "recovery"
        if row.status in {"undetermined", "invalid"}:
            assert row.cause == "undetermined"
            assert row.due_fen == max(row.paid_fen, 0)
        if row.status == "refused":
            assert row.due_fen == 0


def booking_leaves_nothing(recalculate: Recalculate, world: World) -> bool:
    """Recalculate after booking: all zeros, the same dues. False where the law says nothing of this world."""
    rows = recalculate(world.policy, world.claims, world.payments, None)
    if any(row.status == "payable" and row.due_fen == 0 for row in rows):
        return False
    again = recalculate(*booked(world, rows), None)
    assert [row.adjustment_fen for row in again] == [0] * len(rows)
    assert [row.due_fen for row in again] == [row.due_fen for row in rows]
    return True


def order_says_nothing(recalculate: Recalculate, world: World, random: Random) -> None:
    rows = recalculate(world.policy, world.claims, world.payments, None)
    places = list(range(len(world.claims)))
    random.shuffle(places)
    payments = list(world.payments)
    random.shuffle(payments)
    again = recalculate(world.policy, [world.claims[place] for place in places], payments, None)
    assert dict(zip(places, again, strict=False)) == dict(enumerate(rows[: len(places)]))
    assert again[len(places) :] == rows[len(places) :]


def persons_stand_alone(recalculate: Recalculate, world: World) -> None:
    """What a person's claims give doesn't depend on those of others, nor on their payments."""
    rows = recalculate(world.policy, world.claims, world.payments, None)
    persons = [one["person_id"] for one in world.claims]
    for person in dict.fromkeys(persons):
        own = [place for place, one in enumerate(persons) if one == person]
        names = {rows[place].claim_id for place in own}
        paid = [
            record
            for record, one in zip(world.payments, as_payments(world.payments), strict=True)
            if one.claim_id in names
        ]
        found = recalculate(world.policy, [world.claims[place] for place in own], paid, None)
        assert found == [rows[place] for place in own]


def right_payments_leave_nothing(recalculate: Recalculate, world: World, day: date) -> None:
    """Pay on a day what was due by what was known on it; by that knowledge nothing differs."""
    decisions = assess_all(world.claims, policy=world.policy.as_known_on(day))
    paid = [
        {"claim_id": one.claim_id, "amount": format_yuan(one.amount_fen), "paid_on": day}
        for one in decisions
        if one.status is Status.PAYABLE
    ]
    rows = recalculate(world.policy, world.claims, paid, day)
    assert [row.adjustment_fen for row in rows] == [0] * len(world.claims)
    assert {row.cause for row in rows} <= {None, "undetermined"}
    for row, one in zip(rows, decisions, strict=True):
        if (row.status, row.reason) != (one.status, one.reason):
            # Claims with money count first, also before an earlier claim that got none: then history refuses that one.
            assert one.status is not Status.PAYABLE
            assert row.reason in BY_HISTORY
