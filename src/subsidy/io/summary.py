"""What a run came to: counts, sums, what they rest on, and certificates that several persons claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.ids import normal_ids
from subsidy.engine.batch.objects import python_values
from subsidy.engine.batch.spans import Spans
from subsidy.model.claim import read_id
from subsidy.model.text import is_empty, mask_person_id
from subsidy.model.words import Confidence, Reason, Status

__all__ = ["Certificates", "Shared", "Summary", "normal", "places"]

_FIRST = 3
_MOST_PERSONS = 3
_MOST_COMPARED = 20_000


class Shared(NamedTuple):
    """A certificate number that several persons claim."""

    certificate_no: str
    persons: tuple[str, ...]
    """Masked, the first few of them."""
    persons_in_all: int


@dataclass
class Summary:
    """Counts and sums over decisions, filled part by part.

    Parameters
    ----------
    rows : int
        Decisions seen.
    counts : Counter
        By status and reason.
    resting : dict
        Of each confidence: how many payable claims rest on it, and their amount in fen.
    amount_fen, uplift_fen : int
        Sums over payable claims.
    """

    rows: int = 0
    counts: Counter[tuple[Status, Reason | None]] = field(default_factory=Counter)
    resting: dict[Confidence | None, tuple[int, int]] = field(default_factory=dict)
    amount_fen: int = 0
    uplift_fen: int = 0

    def add(self, decisions: pa.Table) -> None:
        """Count in the next decisions, with the columns of the engine."""
        for batch in decisions.to_batches():
            self._add(batch)

    def _add(self, batch: pa.RecordBatch) -> None:
        statuses, status = _codes(batch.column("status"))
        reasons, reason = _codes(batch.column("reason"))
        both = status.astype(np.int64) * (len(reasons) + 1) + reason + 1
        for key, count in enumerate(np.bincount(both).tolist()):
            if count:
                name, why = divmod(key, len(reasons) + 1)
                self.counts[Status(statuses[name]), Reason(reasons[why - 1]) if why else None] += count
        self.rows += len(batch)
        if Status.PAYABLE in statuses:
            self._add_payable(batch, status == statuses.index(Status.PAYABLE))

    def _add_payable(self, batch: pa.RecordBatch, payable: npt.NDArray[np.bool_]) -> None:
        fen = batch.column("amount_fen").to_numpy(zero_copy_only=False)
        uplift = pc.fill_null(batch.column("uplift_fen"), 0).to_numpy(zero_copy_only=False)
        self.amount_fen += int(fen[payable].sum())
        self.uplift_fen += int(uplift[payable].sum())
        degrees, degree = _codes(batch.column("confidence"))
        for code in range(-1, len(degrees)):
            mask = payable & (degree == code)
            count = int(np.count_nonzero(mask))
            if count:
                key = Confidence(degrees[code]) if code >= 0 else None
                before = self.resting.get(key, (0, 0))
                self.resting[key] = before[0] + count, before[1] + int(fen[mask].sum())

    def by_status(self) -> Iterator[tuple[Status, int]]:
        """Give how many decisions have each status that occurs."""
        for status in Status:
            count = sum(many for (one, _), many in self.counts.items() if one is status)
            if count:
                yield status, count

    def by_reason(self, status: Status) -> list[tuple[Reason | None, int]]:
        """Give the reasons of a status, the most frequent first."""
        found = [(reason, count) for (one, reason), count in self.counts.items() if one is status]
        return sorted(found, key=lambda pair: (-pair[1], str(pair[0])))


def _codes(column: pa.Array) -> tuple[list[str], npt.NDArray[np.int32]]:
    """Give the words of a column and the number of each row's word, -1 where it has none."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    numbers = pc.fill_null(pc.cast(column.indices, pa.int32()), -1)
    return column.dictionary.to_pylist(), numbers.to_numpy(zero_copy_only=False)


class Certificates:
    """Finds certificate numbers that several persons claim, whatever becomes of the claims.

    Of each row it keeps sixteen bytes; the texts are compared where these are equal.

    Parameters
    ----------
    fields : sequence of str
        Which column each of the table is.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        self._numbers = places(fields, "certificate_no")
        self._persons = places(fields, "person_id")
        self._hashes: list[npt.NDArray[np.uint64]] = []
        self._of_persons: list[npt.NDArray[np.uint64]] = []

    def add(self, claims: pa.RecordBatch) -> None:
        """Take in the next claims."""
        for places, kept in ((self._numbers, self._hashes), (self._persons, self._of_persons)):
            texts = normal(claims, places)
            hashes = Spans(texts).hashes()
            if texts.null_count:
                hashes[pc.is_null(texts).to_numpy(zero_copy_only=False)] = 0
            kept.append(hashes)

    def shared(self, claims: pa.Table) -> tuple[int, list[Shared]]:
        """Give how many there are, and the first of them with masked persons; ``claims`` are all the rows added."""
        rows, groups = self._mixed()
        many = len(rows) > _MOST_COMPARED
        if many:  # their number is known by the hashes alone, which hardly ever err; named are the first
            firsts = np.unique(groups)
            count = len(firsts)
            rows = rows[groups <= firsts[: 2 * _FIRST][-1]]
        found = _shared(self._texts(claims, rows))
        return (count if many else len(found)), found[:_FIRST]

    def _mixed(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Give the rows of certificates that have several persons, and the first row of each one's certificate."""
        if not self._hashes:
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        numbers, persons = np.concatenate(self._hashes), np.concatenate(self._of_persons)
        order = np.argsort(numbers, kind="stable")
        order = order[(numbers[order] != 0) & (persons[order] != 0)]
        number, person = numbers[order], persons[order]
        starts = np.flatnonzero(np.concatenate([np.ones(min(len(order), 1), np.bool_), number[1:] != number[:-1]]))
        sizes = np.diff(np.append(starts, len(order)))
        first = np.repeat(starts, sizes)
        differs = person != person[first]
        mixed = np.repeat(np.logical_or.reduceat(differs, starts), sizes) if len(starts) else differs
        return order[mixed], order[first[mixed]]

    def _texts(self, claims: pa.Table, rows: npt.NDArray[np.intp]) -> list[tuple[str, str]]:
        """Give certificate and person of some rows, in the order of the file."""
        some = np.zeros(claims.num_rows, np.bool_)
        some[rows] = True
        batches = claims.filter(pa.array(some)).to_batches() if len(rows) else []  # take would join all chunks first
        return [
            pair
            for batch in batches
            for pair in zip(
                normal(batch, self._numbers).to_pylist(), normal(batch, self._persons).to_pylist(), strict=True
            )
        ]


def _shared(pairs: Sequence[tuple[str, str]]) -> list[Shared]:
    """Give the certificates that more than one person has, in the order in which they come."""
    persons: dict[str, dict[str, None]] = {}
    for number, person in pairs:
        persons.setdefault(number, {})[person] = None
    return [
        Shared(number, tuple(map(mask_person_id, list(own)[:_MOST_PERSONS])), len(own))
        for number, own in persons.items()
        if len(own) > 1
    ]


def places(fields: Sequence[str], field: str) -> list[int]:
    """Give the places of the columns that are one field."""
    return [place for place, one in enumerate(fields) if one == field]


def normal(claims: pa.RecordBatch, places: Sequence[int]) -> pa.Array:
    """Give ids as they are compared; of several columns, the first that holds one serves."""
    texts = [normal_ids(_text(claims.column(place))) for place in places]
    return texts[0] if len(texts) == 1 else pc.coalesce(*texts)


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column
    if pa.types.is_integer(column.type):
        return pc.cast(column, pa.string())
    return pa.array([_id(value) for value in python_values(column)], pa.string())


def _id(value: object) -> str | None:
    """Read an id as the engine does; what is none can't be one that several persons have."""
    try:
        return None if is_empty(value) else read_id(value)
    except ValueError:
        return None
