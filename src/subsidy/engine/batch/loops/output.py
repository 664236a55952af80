"""Columns of the output in one pass."""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["amounts_of", "ends_of", "same_texts"]

_u = np.uint64


@compiled
def amounts_of(
    cell: Array,
    reason: Array,
    bases: Array,
    uplifts: Array,
    amounts: Array,
    unknown: Number,
    base: Array,
    no_base: Array,
    uplift: Array,
    no_uplift: Array,
    amount: Array,
) -> None:
    """Look up what each row's cell gives; a row with a reason gets no amount.

    Parameters
    ----------
    cell, reason : int arrays
        Of each row.
    bases, uplifts, amounts : int64 arrays
        By cell, in fen; `unknown` where there is none.
    base, uplift, amount : int64 arrays
        Take the amounts of the rows, 0 where there is none.
    no_base, no_uplift : bool arrays
        Take whether there is none.
    """
    for row in range(len(cell)):
        at = _u(cell[row])
        found = bases[at]
        no_base[row] = found == unknown
        base[row] = 0 if found == unknown else found
        found = uplifts[at]
        no_uplift[row] = found == unknown
        uplift[row] = 0 if found == unknown else found
        amount[row] = 0 if reason[row] != 0 else amounts[at]


@compiled
def ends_of(rows: Array, own: Array, ends: Array, bits: Array) -> None:
    """Lay out texts that only some rows have.

    Parameters
    ----------
    rows : int64 array
        The rows that have one, in their order.
    own : int64 array
        Where the text of each of these ends.
    ends : int64 array
        Takes where the text of each row ends, behind a first 0.
    bits : uint8 array
        Zeros; takes a bit for each row that has a text.
    """
    ends[0] = 0
    end, row = np.int64(0), 0
    for number in range(len(rows)):
        while row < rows[number]:
            row += 1
            ends[row] = end
        end = own[number]
        bits[row >> 3] |= np.uint8(1) << np.uint8(row & 7)
        row += 1
        ends[row] = end
    while row < len(ends) - 1:
        row += 1
        ends[row] = end


@compiled
def same_texts(offsets: Array, words: Array, data: Array, rows: Array, others: Array) -> bool:
    """Say whether the texts of some rows are those of others; none is null.

    `words` are the bytes by eight from each place on, `data` one by one.
    """
    same = True
    for number in range(len(rows)):
        start, other = np.int64(offsets[_u(rows[number])]), np.int64(offsets[_u(others[number])])
        length = np.int64(offsets[_u(rows[number] + 1)]) - start
        same &= np.int64(offsets[_u(others[number] + 1)]) - other == length
        if not same:
            break
        done = np.int64(0)
        while done + 8 <= length:
            same &= words[_u(start + done)] == words[_u(other + done)]
            done += 8
        while done < length:
            same &= data[_u(start + done)] == data[_u(other + done)]
            done += 1
    return same
