"""Payments matched to claims share by share, where a share has the ids of some upper bits of their hashes.

A share's claims fit the processor's memory as a hash table. Hashes only propose: `take` compares the texts.
"""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["common_length", "count_shares", "match", "sort_shares", "take", "unlike"]

_NONE = -1
_EIGHT = 8
_MOST_STEPS = 32
_BLOCK = 128
"""Rows whose payments are fetched at once: they fit the nearest memory of a processor."""
_u = np.uint64


@compiled
def count_shares(hashes: Array, serves: Array, bits: Number, counts: Array) -> None:
    """Count the hashes of each share.

    Parameters
    ----------
    serves : bool array
        Which of them count; of no length: all.
    bits : uint64
        Upper bits that say the share, at least one.
    counts : int64 array
        Takes the counts.
    """
    shift = _u(64) - bits
    for row in range(len(hashes)):
        if len(serves) and not serves[row]:
            continue
        counts[hashes[row] >> shift] += 1


@compiled
def sort_shares(
    hashes: Array, first: Number, serves: Array, flags: Array, bits: Number, width: Number, at: Array, out: Array
) -> None:
    """Put one number for each hash into the place of its share: further bits of the hash, its row, a flag.

    Parameters
    ----------
    first : int
        The row of the first hash.
    serves : bool array
        Which of them count; of no length: all.
    flags : bool array
        The lowest bit of each; of no length: not set.
    width : uint64
        How many lower bits hold the row from 1 on, and the flag.
    at : int64 array
        Where the next of each share goes.
    out : uint64 array
        Takes the numbers.
    """
    shift = _u(64) - bits
    for row in range(len(hashes)):
        if len(serves) and not serves[row]:
            continue
        mixed = hashes[row]
        share = mixed >> shift
        flag = _u(flags[row]) if len(flags) else _u(0)
        place = at[share]
        out[_u(place)] = (((mixed << bits) >> width) << width) | (_u(first + row + 1) << _u(1)) | flag
        at[share] = place + 1


@compiled
def match(
    claims: Array, paid: Array, table: Array, width: Number, last: Array, again: Array, orphans: Array
) -> tuple[int, int]:
    """Propose a claim for each payment of a share.

    Parameters
    ----------
    claims, paid : uint64 arrays
        The numbers of one share, made by `sort_shares`; the flag of a payment says that it counts.
    table : uint64 array
        Zeros, of as many places as a power of two, more than there are claims.
    last : int32 array
        Takes by claim the first payment that counts.
    again : int32 array
        Takes the other payments, each with its claim.
    orphans : int32 array
        Takes the payments that no claim is proposed for.

    Returns
    -------
    int, int
        How many payments stand in `again` and in `orphans`; below 0 where so many ids share a hash that the table
        doesn't serve.
    """
    mask = _u(len(table) - 1)
    top = _u(1)
    while (_u(len(table)) >> top) > _u(1):
        top += _u(1)
    shift = _u(64) - top
    steps, most = 0, _MOST_STEPS * (len(claims) + len(paid)) + 1024
    for number in range(len(claims)):
        word = claims[number]
        slot = word >> shift
        while table[slot] != _u(0):
            slot = (slot + _u(1)) & mask
            steps += 1
        table[slot] = word
        if steps > most:
            return _NONE, _NONE
    low = (_u(1) << width) - _u(1)
    several, left = 0, 0
    for number in range(len(paid)):
        word = paid[number]
        place = np.int64((word & low) >> _u(1)) - 1
        slot = word >> shift
        found = table[slot]
        while (found != _u(0)) & (((found ^ word) >> width) != _u(0)):
            slot = (slot + _u(1)) & mask
            found = table[slot]
            steps += 1
        if steps > most:
            return _NONE, _NONE
        if found == _u(0):
            orphans[left] = place
            left += 1
        else:
            row = (found & low) >> _u(1)
            if word & ~found & _u(1):
                last[row - _u(1)] = place
                table[slot] = found | _u(1)
            else:
                again[several, 0], again[several, 1] = np.int64(row) - 1, place
                several += 1
    return several, left


@compiled
def common_length(offsets: Array) -> int:
    """Give the length of all texts where they have one of at least eight bytes, else 0."""
    length = np.int64(offsets[1]) - np.int64(offsets[0])
    same = length >= _EIGHT
    for row in range(len(offsets) - 1):
        same &= np.int64(offsets[row + 1]) - np.int64(offsets[row]) == length
    return int(length) if same else 0


# One function, since a call with arrays counts who holds them.
@compiled
def take(  # noqa: C901, PLR0912 - see above
    last: Array,
    offsets: Array,
    words: Array,
    data: Array,
    paid_offsets: Array,
    paid_words: Array,
    paid_data: Array,
    length: Number,
    amount: Array,
    day: Array,
    out_paid: Array,
    out_first: Array,
    out_since: Array,
    bad: Array,
) -> tuple[int, Number]:
    """Give each claim the money of the payment proposed for it, where their ids are the same text.

    Parameters
    ----------
    last : int32 array
        The payment proposed for each claim, below 0 for none.
    offsets, words, data, paid_offsets, paid_words, paid_data : arrays
        The ids of the claims and of all payments; see `subsidy.engine.batch.raw`.
    length : int
        The length of all of them, 0 where they have several or one of less than eight bytes.
    bad : int64 array
        Takes the claims that another id was proposed for.

    Returns
    -------
    int, int64
        How many those are; the other number means nothing.
    """
    count, rows = 0, len(last)
    touched, end = np.int64(0), length - _EIGHT
    first = np.int64(paid_offsets[0])
    for start in range(0, rows, _BLOCK):
        stop = min(start + _BLOCK, rows)
        # Payments lie anywhere. Loops that do nothing but touch them have many on the way from memory at once.
        for row in range(start, stop):
            touched ^= amount[_u(max(last[row], 0))]
        for row in range(start, stop):
            touched ^= np.int64(day[_u(max(last[row], 0))])
        if length:
            for row in range(start, stop):
                touched ^= np.int64(paid_words[_u(first + max(np.int64(last[row]), 0) * length)])
            for row in range(start, stop):
                touched ^= np.int64(paid_words[_u(first + max(np.int64(last[row]), 0) * length + end)])
        for row in range(start, stop):
            place = np.int64(last[row])
            is_paid = place >= 0
            at = _u(place) if is_paid else _u(0)
            fen, when = np.int64(amount[at]), np.int32(day[at])
            out_paid[row] = fen if is_paid else 0
            out_first[row] = when if is_paid else _NONE
            # The sign of an amount is no matter of guessing: a shift gives all ones, which is -1, or nothing.
            out_since[row] = (when if is_paid else _NONE) | ~np.int32(-fen >> 63)
        for row in range(start, stop):
            place = np.int64(last[row])
            is_paid = place >= 0
            at = _u(place) if is_paid else _u(0)
            one = np.int64(offsets[row])
            if length:
                other = first + np.int64(at) * length
                differs = words[_u(one + end)] ^ paid_words[_u(other + end)]
                for step in range(0, end, _EIGHT):
                    differs |= words[_u(one + step)] ^ paid_words[_u(other + step)]
                same = differs == _u(0)
            else:
                other = np.int64(paid_offsets[at])
                size = np.int64(offsets[row + 1]) - one
                same = np.int64(paid_offsets[at + _u(1)]) - other == size
                if is_paid & same:
                    for step in range(size):
                        same &= data[_u(one + step)] == paid_data[_u(other + step)]
            if is_paid & (not same):
                bad[count] = row
                count += 1
    return count, touched


@compiled
def unlike(pairs: Array, offsets: Array, data: Array, paid_offsets: Array, paid_data: Array, out: Array) -> None:
    """Say which pairs of a claim and a payment have ids that aren't the same text."""
    for number in range(len(pairs)):
        row, at = _u(pairs[number, 0]), _u(pairs[number, 1])
        one, other = np.int64(offsets[row]), np.int64(paid_offsets[at])
        size = np.int64(offsets[row + _u(1)]) - one
        same = np.int64(paid_offsets[at + _u(1)]) - other == size
        if same:
            for step in range(size):
                same &= data[_u(one + step)] == paid_data[_u(other + step)]
        out[number] = not same
