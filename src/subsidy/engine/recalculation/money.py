"""What was paid for each claim: payments found by claim id, summed, and since when their total is above zero."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import BATCH, EMPTY, Array, by_batches, in_threads
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.payments import Payments

__all__ = ["Money", "claims_of", "money_of", "sum_several"]

_NONE = -1


class Money(NamedTuple):
    """What was paid for each claim, by its row; days are ordinals."""

    paid: Array  # fen, of the payments that count
    since: Array  # the day since which the running total has stayed above zero; EMPTY where it isn't
    first: Array  # the first day of a payment that counts; EMPTY where there is none
    twice: Array  # whether two payments that count are of one amount above zero

    @classmethod
    def empty(cls, rows: int) -> Money:
        """Give room for the money of some claims, none of them paid twice."""
        return cls(
            np.empty(rows, np.int64), np.empty(rows, np.int32), np.empty(rows, np.int32), np.zeros(rows, np.bool_)
        )

    def clear(self, rows: Array) -> None:
        """Take away what is noted of some claims."""
        self.paid[rows], self.since[rows], self.first[rows], self.twice[rows] = 0, EMPTY, EMPTY, False


def claims_of(payments: Payments, hashes: Array, rows: Array, names: Texts, workers: int) -> Array:
    """Give the row of the claim that each payment was made for, -1 where it is no claim.

    Parameters
    ----------
    payments : Payments
        The payments.
    hashes : uint64 array
        Of the ids of all claims.
    rows : Array
        The claims that money can belong to; of several rows with one id, the one that stays.
    names : Texts
        The ids of all claims.
    workers : int
        Threads.
    """
    found = np.full(len(payments.hashes), _NONE, np.int32)
    if not len(rows) or not len(found):
        return found
    bits = int(max(len(rows), len(found)) - 1).bit_length()
    shift, low = np.uint64(bits), np.uint64((1 << bits) - 1)
    sides = [(hashes, rows), (payments.hashes, None)]
    claims, paid = in_threads(lambda side: _sorted(*side, shift), sides, workers)

    def match(part: slice) -> None:
        wanted = paid[part]
        places = np.searchsorted(claims, wanted & ~low)  # both are sorted, so this walks through memory once
        claims_at = claims.take(np.minimum(places, len(claims) - 1))
        same = (claims_at >> shift) == (wanted >> shift)
        found[(wanted[same] & low).view(np.int64)] = rows.take((claims_at[same] & low).view(np.int64))

    by_batches(match, len(paid), workers)
    _compared(payments, found, names, workers)
    left = np.flatnonzero(found == _NONE)
    if len(left):
        _by_text(found, left, payments, (claims, rows, low), names)
    return found


def _by_text(
    found: Array, left: Array, payments: Payments, sorted_claims: tuple[Array, Array, np.uint64], names: Texts
) -> None:
    """Look up payments by the text of their id: where claims share a hash, only the first of them was proposed."""
    claims, rows, low = sorted_claims
    head = payments.hashes[left] & ~low
    first, last = np.searchsorted(claims, head), np.searchsorted(claims, head | low, side="right")
    some = np.flatnonzero(first < last)
    for place, start, stop in zip(left[some].tolist(), first[some].tolist(), last[some].tolist(), strict=True):
        own = rows.take((claims[start:stop] & low).view(np.int64))
        wanted = payments.names.take(np.array([place]))[0].as_py()
        by_name = dict(zip(names.take(own).to_pylist(), own.tolist(), strict=True))
        found[place] = by_name.get(wanted, _NONE)


def _sorted(hashes: Array, rows: Array | None, shift: np.uint64) -> Array:
    """Sort numbers of the first bits of a hash and its place: ten times as fast as to sort places by hashes."""
    count = len(hashes) if rows is None else len(rows)
    word = np.empty(count, np.uint64)

    def fill(part: slice) -> None:
        own = hashes[part] if rows is None else hashes.take(rows[part])
        word[part] = own >> shift << shift
        word[part] |= np.arange(part.start, part.stop, dtype=np.uint64)

    by_batches(fill, count, 1)
    word.sort()
    return word


def _compared(payments: Payments, found: Array, names: Texts, workers: int) -> None:
    """Take back what shares a hash only, not the text."""
    claims, paid = Spans(names.all), Spans(payments.names.all)
    same_length = claims.length is not None and claims.length == paid.length

    def by_bytes(part: Array, places: Array, start: int) -> Array:
        return np.asarray(claims.of_one_length(part.take(places)) == paid.of_one_length(places + start))

    def by_texts(part: Array, places: Array, start: int) -> Array:
        own = payments.names.all.slice(start, BATCH)
        if len(places) < len(part):
            own = own.take(pa.array(places))
        return np.asarray(pc.equal(own, names.take(part.take(places))).to_numpy(zero_copy_only=False))

    def work(start: int) -> None:
        part = found[start : start + BATCH]
        places = np.flatnonzero(part != _NONE)
        equal = (by_bytes if same_length else by_texts)(part, places, start)
        if not equal.all():
            part[places[~equal]] = _NONE

    in_threads(work, range(0, len(found), BATCH), workers)


def money_of(payments: Payments, claim: Array, rows: int, workers: int) -> Money:
    """Sum the payments that count.

    Parameters
    ----------
    payments : Payments
        The payments.
    claim : Array
        The row of the claim that each was made for; below 0 for none.
    rows : int
        How many claims there are.
    workers : int
        Threads.
    """
    money = Money(
        np.zeros(rows, np.int64),
        np.full(rows, EMPTY, np.int32),
        np.full(rows, EMPTY, np.int32),
        np.zeros(rows, np.bool_),
    )
    # The last payment of each claim: one that isn't it is one of several.
    last = np.full(rows, _NONE, np.int32)
    counting = payments.counts & (claim >= 0)
    several = np.zeros(rows, np.bool_)

    def find(part: slice) -> None:
        places = np.flatnonzero(counting[part]) + part.start
        last[claim.take(places)] = places

    def compare(part: slice) -> None:
        places = np.flatnonzero(counting[part]) + part.start
        own = claim.take(places)
        several[own[last.take(own) != places]] = True

    def take(part: slice) -> None:
        own = np.flatnonzero(last[part] != _NONE)
        places, own = last[part].take(own), own + part.start
        amount, day = payments.amount.take(places), payments.day.take(places)
        money.paid[own], money.first[own] = amount, day
        money.since[own] = np.where(amount > 0, day, EMPTY)

    by_batches(find, len(claim), 1)  # one after the other, since two could write of one claim
    by_batches(compare, len(claim), workers)
    by_batches(take, rows, workers)
    if several.any():
        some = np.flatnonzero(counting)
        some = some[several.take(claim.take(some))]
        sum_several(money, claim.take(some), payments.amount.take(some), payments.day.take(some))
    return money


def sum_several(money: Money, claim: Array, amount: Array, day: Array) -> None:
    """Sum the payments of claims that have several, all of them given, instead of what is noted of these claims."""
    order = np.lexsort((day, claim))
    claim, amount, day = claim.take(order), amount.take(order), day.take(order)
    new = np.concatenate([[True], claim[1:] != claim[:-1]])
    starts = np.flatnonzero(new)
    own = claim.take(starts)
    money.paid[own] = np.add.reduceat(amount, starts)
    money.first[own] = day.take(starts)
    # The running total of each claim at the end of each day.
    total = np.cumsum(amount)
    before = (total - amount).take(starts)
    last = np.concatenate([(claim[1:] != claim[:-1]) | (day[1:] != day[:-1]), [True]])
    ends = np.flatnonzero(last)
    group = np.cumsum(new)[ends] - 1
    above = total.take(ends) - before.take(group) > 0
    first_end = np.searchsorted(group, np.arange(len(own)))
    not_above = np.where(above, first_end.take(group) - 1, np.arange(len(ends)))
    since = np.maximum.reduceat(not_above, first_end) + 1
    stays = money.paid[own] > 0
    money.since[own] = EMPTY
    money.since[own[stays]] = day.take(ends.take(since[stays]))
    # Two of one amount lie side by side once sorted by it.
    order = np.lexsort((amount, claim))
    claim, amount = claim.take(order), amount.take(order)
    twice = (claim[1:] == claim[:-1]) & (amount[1:] == amount[:-1]) & (amount[1:] > 0)
    money.twice[claim[1:][twice]] = True
