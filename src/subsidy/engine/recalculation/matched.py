"""Payments matched to claims and summed: by arrays, or by compiled loops that leave what isn't plain to arrays."""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.arrays import BATCH, Array, in_threads
from subsidy.engine.batch.compiled import pays
from subsidy.engine.batch.raw import raw_texts
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.money import Money, claims_of, money_of, sum_several
from subsidy.engine.recalculation.payments import Payments

__all__ = ["matched"]

_SHARE = 1 << 15
"""Claims of a share, about: a table of them fits the nearer memory of a processor."""
_NONE = -1
_u = np.uint64


def matched(payments: Payments, hashes: Array, serves: Array, names: Texts, workers: int) -> tuple[Money, Array]:
    """Sum what was paid for each claim, and give the payments that are for none.

    Parameters
    ----------
    payments : Payments
        The payments.
    hashes : uint64 array
        Of the ids of all claims.
    serves : bool array
        The claims that money can belong to; of several rows with one id, only the one that stays.
    names : Texts
        The ids of all claims.
    workers : int
        Threads.
    """
    if pays(len(hashes)) and len(hashes) and len(payments.hashes):
        found = _in_loops(payments, hashes, serves, names, workers)
        if found is not None:
            return found
    claim = claims_of(payments, hashes, np.flatnonzero(serves), names, workers)
    return money_of(payments, claim, len(hashes), workers), np.flatnonzero(claim < 0)


def _in_loops(
    payments: Payments, hashes: Array, serves: Array, names: Texts, workers: int
) -> tuple[Money, Array] | None:
    """Do it with loops; None where so many ids share a hash that they don't serve."""
    proposed = _proposed(payments, hashes, serves, workers)
    if proposed is None:
        return None
    last, again, orphans = proposed
    money, wrong = _taken(payments, last, names, workers)
    again, doubted = _compared(payments, again, names)
    again = again[payments.counts.take(again[:, 1])]
    rows, places = again[:, 0], again[:, 1]
    firsts = np.unique(rows)
    rows, places = np.concatenate([firsts, rows]), np.concatenate([last.take(firsts), places])
    doubted = np.concatenate([doubted, np.stack([wrong, last.take(wrong)], axis=1)])
    if len(doubted):
        # Few ids share bits of a hash and differ. Ids of one text have one hash, so that all claims and payments of
        # these hashes, and no others, belong together.
        some = np.unique(np.concatenate([hashes.take(doubted[:, 0]), payments.hashes.take(doubted[:, 1])]))
        own = np.flatnonzero(np.isin(hashes, some) & serves)
        paid = np.flatnonzero(np.isin(payments.hashes, some))
        claim = claims_of(payments.take(paid), hashes, own, names, workers)
        money.clear(own)
        others = ~np.isin(rows, own)
        counts = (claim >= 0) & payments.counts.take(paid)
        rows = np.concatenate([rows[others], claim[counts]])
        places = np.concatenate([places[others], paid[counts]])
        orphans = np.concatenate([orphans[~np.isin(orphans, paid)], paid[claim < 0]])
    if len(rows):
        sum_several(money, rows, payments.amount.take(places), payments.day.take(places))
    return money, np.sort(orphans).astype(np.int64)


def _proposed(payments: Payments, hashes: Array, serves: Array, workers: int) -> tuple[Array, Array, Array] | None:
    """Give by claim the first payment that counts, below 0 for none; the others each with its claim; the rest."""
    from subsidy.engine.recalculation.loops.matching import match

    bits = max(1, (len(hashes) // _SHARE).bit_length())
    width = _u(max(len(hashes), len(payments.hashes)).bit_length() + 1)
    claims, at = _in_shares(hashes, serves, np.empty(0, np.bool_), bits, width, workers)
    paid, paid_at = _in_shares(payments.hashes, np.empty(0, np.bool_), payments.counts, bits, width, workers)
    last = np.full(len(hashes), _NONE, np.int32)

    def work(share: int) -> tuple[Array, Array] | None:
        own, wanted = claims[at[share] : at[share + 1]], paid[paid_at[share] : paid_at[share + 1]]
        table = np.zeros(1 << max(1, (2 * len(own)).bit_length()), np.uint64)
        again, orphans = np.empty((len(wanted), 2), np.int32), np.empty(len(wanted), np.int32)
        several, left = match(own, wanted, table, width, last, again, orphans)
        return None if several < 0 else (again[:several].copy(), orphans[:left].copy())

    found = in_threads(work, range(1 << bits), workers)
    good = [one for one in found if one is not None]
    if len(good) < len(found):
        return None
    return last, np.concatenate([one for one, _ in good]), np.concatenate([one for _, one in good])


def _in_shares(
    hashes: Array, serves: Array, flags: Array, bits: int, width: np.uint64, workers: int
) -> tuple[Array, Array]:
    """Sort hashes by their upper bits, each worker some of them; give the borders of the shares too."""
    from subsidy.engine.recalculation.loops.matching import count_shares, sort_shares

    step = -(-len(hashes) // workers)
    parts = [slice(start, start + step) for start in range(0, len(hashes), step)]
    counts = np.zeros((len(parts), 1 << bits), np.int64)

    def count(number: int) -> None:
        count_shares(hashes[parts[number]], serves[parts[number]], _u(bits), counts[number])

    in_threads(count, range(len(parts)), workers)
    ends = counts.T.ravel().cumsum().reshape(1 << bits, len(parts)).T
    at = np.ascontiguousarray(ends - counts)
    borders = np.append(at[0], ends[-1, -1])
    out = np.empty(borders[-1], np.uint64)

    def sort(number: int) -> None:
        part = parts[number]
        sort_shares(hashes[part], part.start, serves[part], flags[part], _u(bits), width, at[number], out)

    in_threads(sort, range(len(parts)), workers)
    return out, borders


def _taken(payments: Payments, last: Array, names: Texts, workers: int) -> tuple[Money, Array]:
    """Give each claim the money of one payment, and the claims that a payment for another id was proposed for."""
    from subsidy.engine.recalculation.loops.matching import common_length, take

    money, rows = Money.empty(len(last)), len(last)
    claims, paid = raw_texts(names.all), raw_texts(payments.names.all)
    length = common_length(paid.offsets)
    if common_length(claims.offsets) != length:
        length = 0

    def work(start: int) -> Array:
        part = slice(start, min(start + BATCH, rows))
        bad = np.empty(part.stop - start, np.int64)
        given = (last[part], claims.offsets[start : part.stop + 1], claims.words, claims.data, *paid[:3], length)
        into = (money.paid[part], money.first[part], money.since[part])
        count, _ = take(*given, payments.amount, payments.day, *into, bad)
        return bad[:count] + start

    return money, np.concatenate(in_threads(work, range(0, rows, BATCH), workers))


def _compared(payments: Payments, pairs: Array, names: Texts) -> tuple[Array, Array]:
    """Tell pairs of a claim and a payment of one id from the others."""
    from subsidy.engine.recalculation.loops.matching import unlike

    claims, paid = raw_texts(names.all), raw_texts(payments.names.all)
    bad = np.empty(len(pairs), np.bool_)
    unlike(pairs, claims.offsets, claims.data, paid.offsets, paid.data, bad)
    return pairs[~bad], pairs[bad]
