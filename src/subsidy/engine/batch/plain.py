"""Rules 7 to 10 on all claims of one person, one by one: for the few persons with very many claims.

Takes the same time for each claim however many there are.
"""

from __future__ import annotations

import numpy as np

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.classes import HISTORY, PAYABLE, STATES, Classes, Steps
from subsidy.engine.batch.grid import reason_number
from subsidy.engine.batch.order import Part
from subsidy.model.words import Reason
from subsidy.rules.history import LEVEL_BIT, history_bars

__all__ = ["plain_fold"]

_NONE = -1


class _Paid:
    """What a person was paid so far, by certificate, occupation and counter."""

    def __init__(self) -> None:
        self.certificates: dict[int, int] = {}
        self.bits: dict[int, int] = {}
        self.first: dict[tuple[int, int], tuple[int, int]] = {}
        self.counts: dict[tuple[int, int], int] = {}
        self._size = 0

    def add(self, certificate: int, code: int, bit: int, row: int) -> None:
        self.certificates.setdefault(certificate, row)
        self.bits[code] = self.bits.get(code, 0) | bit
        self.first.setdefault((code, bit), (self._size, row))
        self._size += 1

    def first_of(self, code: int, bits: int) -> int:
        """Give the row of the first claim paid for an occupation at one of some levels."""
        paid = (self.first.get((code, bit)) for bit in LEVEL_BIT.values() if bit & bits)
        return min(one for one in paid if one is not None)[1]


def plain_fold(person: Part, classes: Classes, years: Array) -> tuple[Array, Array, Array, Array]:
    """Give the rows that are refused, with reason, detail and the row that stands in the way; claims in their order."""
    paid = _Paid()
    refused: list[tuple[int, int, int, int]] = []
    columns = (person.certificate, person.code, person.kind, years.take(person.day), person.row)
    for certificate, code, kind, year, row in zip(*(column.tolist() for column in columns), strict=True):
        state = kind & (STATES - 1)
        steps = classes.steps(kind)
        answer = None if state == HISTORY else _stands(paid, steps, certificate, code, year)
        if answer is not None:
            refused.append((row, *answer))
        elif state in {HISTORY, PAYABLE}:
            paid.add(certificate, code, steps.bit, row)
            for counter, yearly in steps.moves:
                key = (counter, year if yearly else 0)
                paid.counts[key] = paid.counts.get(key, 0) + 1
    found = np.array(refused, np.int64).reshape(-1, 4).T
    return found[0], found[1].astype(np.int8), found[2].astype(np.int16), found[3]


def _stands(paid: _Paid, steps: Steps, certificate: int, code: int, year: int) -> tuple[int, int, int] | None:
    """Ask the rules of one claim: the number of the reason, the limit's, and the row in the way."""
    by = paid.certificates.get(certificate)
    counts = ((paid.counts.get((one.counter, year if one.yearly else 0), 0), one.at_most) for one in steps.limits)
    limits = iter(steps.limits)
    for reason, stands in history_bars(by is not None, paid.bits.get(code, 0), steps.bit, steps.barred, counts):
        limit = next(limits) if reason is Reason.LIMIT_REACHED else None
        if not stands:
            continue
        if reason is Reason.CERTIFICATE_ALREADY_PAID and by is not None:
            return reason_number(reason), 0, by
        if limit is not None:
            return reason_number(reason), limit.detail, _NONE
        bits = steps.bit if reason is Reason.SAME_LEVEL_ALREADY_PAID else steps.barred
        return reason_number(reason), 0, paid.first_of(code, bits)
    return None
