"""Payments matched to claims and summed: by arrays, or by compiled loops that leave what isn't plain to arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from subsidy.engine.batch.arrays import BATCH, Array, in_threads
from subsidy.engine.batch.compiled import pays
from subsidy.engine.batch.raw import raw_texts
from subsidy.engine.batch.reading import Rows
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.texts import Texts
from subsidy.engine.recalculation.money import Money, claims_of, money_of, sum_several
from subsidy.engine.recalculation.payments import Payments

__all__ = ["matched"]

_SHARE = 1 << 15
"""Claims of a share, about: a table of them fits the nearer memory of a processor."""
_NONE = -1
_NO_HASHES: Array = np.empty(0, np.uint64)
_u = np.uint64


def matched(
    payments: Payments, rows: Rows, serves: Array, names: Texts, workers: int, *, spend: bool = False
) -> tuple[Money, Array]:
    """Sum what was paid for each claim, and give the payments that are for none.

    Parameters
    ----------
    payments : Payments
        The payments.
    rows : Rows
        All claims; only the hashes of their ids are asked for.
    serves : bool array
        The claims that money can belong to; of several rows with one id, only the one that stays.
    names : Texts
        The ids of all claims.
    workers : int
        Threads.
    spend : bool
        Let go of the hashes of both as soon as they are used: fresh memory is dear.
    """
    if pays(len(rows.name)) and len(rows.name) and len(payments.hashes):
        found = _in_loops(payments, rows, serves, names, workers, spend=spend)
        if found is not None:
            return found
    claim = claims_of(payments, rows.name, np.flatnonzero(serves), names, workers)
    money = money_of(payments, claim, len(rows.name), workers)
    if spend:
        rows.name = payments.hashes = _NO_HASHES
    return money, np.flatnonzero(claim < 0)


def _in_loops(
    payments: Payments, rows: Rows, serves: Array, names: Texts, workers: int, *, spend: bool
) -> tuple[Money, Array] | None:
    """Do it with loops; None where so many ids share a hash that they don't serve."""
    proposed = _proposed(payments, rows, serves, names, workers, spend=spend)
    if proposed is None:
        return None
    last, again, orphans = proposed
    money, wrong = _taken(payments, last, names, workers)
    again, doubted = _compared(payments, again, names)
    again = again[payments.counts.take(again[:, 1])]
    own, places = again[:, 0], again[:, 1]
    firsts = np.unique(own)
    own, places = np.concatenate([firsts, own]), np.concatenate([last.take(firsts), places])
    doubted = np.concatenate([doubted, np.stack([wrong, last.take(wrong)], axis=1)])
    if len(doubted):
        # Few ids share bits of a hash and differ. Ids of one text have one hash, so that all claims and payments of
        # these hashes, and no others, belong together.
        hashes = Spans(names.all).hashes()
        again_paid = replace(payments, hashes=Spans(payments.names.all).hashes())
        some = np.unique(np.concatenate([hashes.take(doubted[:, 0]), again_paid.hashes.take(doubted[:, 1])]))
        asked = np.flatnonzero(np.isin(hashes, some) & serves)
        paid = np.flatnonzero(np.isin(again_paid.hashes, some))
        claim = claims_of(again_paid.take(paid), hashes, asked, names, workers)
        money.clear(asked)
        others = ~np.isin(own, asked)
        counts = (claim >= 0) & payments.counts.take(paid)
        own = np.concatenate([own[others], claim[counts]])
        places = np.concatenate([places[others], paid[counts]])
        orphans = np.concatenate([orphans[~np.isin(orphans, paid)], paid[claim < 0]])
    if len(own):
        sum_several(money, own, payments.amount.take(places), payments.day.take(places))
    return money, np.sort(orphans).astype(np.int64)


def _proposed(
    payments: Payments, rows: Rows, serves: Array, names: Texts, workers: int, *, spend: bool
) -> tuple[Array, Array, Array] | None:
    """Give by claim the first payment that counts, below 0 for none; the others each with its claim; the rest."""
    from subsidy.engine.recalculation.loops.matching import match

    count = len(rows.name)
    bits = max(1, (count // _SHARE).bit_length())
    width = _u(max(count, len(payments.hashes)).bit_length() + 1)
    nothing = np.empty(0, np.bool_)
    paid, paid_at = _in_shares(payments.hashes, nothing, payments.counts, bits, width, workers)
    if spend:
        payments.hashes = _NO_HASHES
    claims, at = _in_shares(rows.name, serves, nothing, bits, width, workers)
    if spend:
        rows.name = _NO_HASHES
    last = np.full(count, _NONE, np.int32)

    def work(share: int) -> tuple[Array, Array] | None:
        own, wanted = claims[at[share] : at[share + 1]], paid[paid_at[share] : paid_at[share + 1]]
        table = np.zeros(1 << max(1, (2 * len(own)).bit_length()), np.uint64)
        again, orphans = np.empty((len(wanted), 2), np.int32), np.empty(len(wanted), np.int32)
        several, left = match(own, wanted, table, width, last, again, orphans)
        return None if several < 0 else (again[:several].copy(), orphans[:left].copy())

    found = in_threads(work, range(1 << bits), workers)
    good = [one for one in found if one is not None]
    if len(good) < len(found):
        if spend:
            rows.name, payments.hashes = Spans(names.all).hashes(), Spans(payments.names.all).hashes()
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
    length, other = in_threads(common_length, (paid.offsets, claims.offsets), workers)
    if length != other:
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
