"""All rows of a run, read: those given as history first, then the claims; and which of them can't be used."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import BATCH, NO_FAULT, Array, in_threads
from subsidy.engine.batch.compiled import pays
from subsidy.engine.batch.reading import Codes, Piece, Readers, Rows, read_piece
from subsidy.engine.batch.repeated import repeated_ids
from subsidy.engine.batch.sources import Source
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.texts import Texts
from subsidy.engine.records import Unusable, normal_form, read_record
from subsidy.model.errors import HistoryError
from subsidy.model.text import without_persons
from subsidy.model.words import Reason
from subsidy.policy.policy import Policy

__all__ = ["Gathered"]

_MOST_PROBLEMS = 100
_OTHER = np.uint64(1 << 63)
_NO_ROWS: Array = np.empty(0, np.int64)


class Gathered:
    """The rows of a run.

    Parameters
    ----------
    policy : Policy
        Says which conditions are columns, and what occupations are called.
    claims, history : Source
        Where the rows come from.
    workers : int
        Threads.
    """

    def __init__(self, policy: Policy, claims: Source, history: Source | None, workers: int) -> None:
        self._policy, self._workers = policy, workers
        self._claims, self._history = claims, history
        self.past = history.rows if history is not None else 0
        self.codes = Codes(policy)
        self.readers = Readers(policy, self.codes, loops=pays(claims.rows))
        self.rows = Rows(self.past + claims.rows, len(policy.vocabulary.conditions))
        self._pieces = self._read()
        self.others: tuple[Array, Array] = np.empty(0, np.int64), np.empty(0, np.uint64)
        """The rows of persons that have no resident number, and a hash of what names them."""
        self._number_others()
        self.both: list[str] = []
        self.repeated: list[Array] = []
        """The claims of each id that several have."""
        self.marked: Array = _NO_ROWS
        """Those that can't be used therefore."""

    def _read(self) -> list[Piece]:
        """Read all rows."""
        sources = ((self._history, 0), (self._claims, self.past))
        todo = [(source, start, at) for source, at in sources if source is not None
                for start in range(0, max(1, source.rows), BATCH)]  # fmt: skip

        def read(one: tuple[Source, int, int]) -> Piece:
            source, start, at = one
            stop = min(start + BATCH, source.rows)
            return read_piece(self.readers, source, self.rows, start, stop, at + start)

        return in_threads(read, todo, self._workers)

    def forget_rows(self) -> None:
        """Give back the memory of what was read but texts and faults: what comes next takes it, and no fresh memory."""
        fault, self.rows = self.rows.fault, self.rows.take(_NO_ROWS)
        self.rows.rows, self.rows.fault = len(fault), fault

    def read_again(self) -> None:
        """Read what was forgotten."""
        fault, self.rows = self.rows.fault, Rows(self.rows.rows, len(self._policy.vocabulary.conditions))
        self._read()
        self._number_others()
        self.rows.fault = fault

    @property
    def days(self) -> tuple[int, int]:
        """The first and the last day that a row names; both 1 where none does."""
        named = [piece.days for piece in self._pieces if piece.days is not None]
        return (min(first for first, _ in named), max(last for _, last in named)) if named else (1, 1)

    @property
    def parts(self) -> list[slice]:
        """The rows in pieces that fit the processor's memory."""
        return [slice(at, min(at + BATCH, self.rows.rows)) for at in range(0, max(1, self.rows.rows), BATCH)]

    def _number_others(self) -> None:
        """Give numbers to the persons that have no resident number, each text once."""
        texts = [piece.other_persons for piece in self._pieces if len(piece.other_persons)]
        if texts:
            whole = pa.concat_arrays([text.cast(pa.large_string()) for text in texts])
            rows = np.concatenate([piece.other_rows for piece in self._pieces])
            numbers = whole.dictionary_encode().indices.to_numpy(zero_copy_only=False)
            self.rows.person[rows] = numbers.astype(np.uint64) | _OTHER
            self.others = rows, Spans(whole).hashes()

    def number_certificates(self) -> None:
        """Give numbers to the certificates, each text once, instead of hashing them."""
        numbers = self.certificates.all.dictionary_encode().indices.fill_null(0).to_numpy(zero_copy_only=False)
        self.rows.certificate[:] = numbers.astype(np.uint64) + np.uint64(1)

    @cached_property
    def names(self) -> Texts:
        """The claim ids of all rows, normalised."""
        return Texts([piece.names for piece in self._pieces])

    @cached_property
    def certificates(self) -> Texts:
        """The certificate numbers of all rows, normalised."""
        return Texts([piece.certificates for piece in self._pieces])

    def record(self, row: int) -> dict[str, object]:
        """Give a row as it was handed in."""
        return self._records(np.array([row]))[0]

    def _records(self, rows: Array) -> list[dict[str, object]]:
        """Give rows as they were handed in: some of the history or some of the claims."""
        past = self._history is not None and bool(rows[0] < self.past)
        source = self._history if past and self._history is not None else self._claims
        return source.records(rows if past else rows - self.past)

    def mark_repeated(self, names: Texts) -> dict[int, str]:
        """Mark claims whose id other claims have, and all but the first of the history; say which of the history."""
        fault = self.readers.faults.number(Reason.DUPLICATE_CLAIM_ID, "claim_id")
        problems: dict[int, str] = {}
        for group in repeated_ids(self.rows.name, names.take, self._workers):
            own, past = group, group[:0]
            if self.past:
                own, past = group[group >= self.past], group[group < self.past]
                past = past[self.rows.fault[past] == NO_FAULT]
            if len(past):
                name = without_persons(names.take(group[:1])[0].as_py())
                if len(own):
                    self.both.append(f"claim_id: {name} stands both in history and among the claims")
                first = f"claim_id: {name} stands in history[{past[0]}] too"
                problems |= {row: f"history[{row}]: {first}" for row in past[1:].tolist()}
                self.rows.fault[past[1:]] = fault
            if len(own) > 1:
                self.repeated.append(own)
        alike = self._alike(self.repeated)
        marked = [own[1:] if same else own for own, same in zip(self.repeated, alike, strict=True)]
        if marked:
            self.marked = np.concatenate(marked)
            self.rows.fault[self.marked] = fault
        return problems

    def _alike(self, groups: list[Array]) -> list[bool]:
        """Say of each group whether its rows are alike in every field, normalised."""
        if not groups:
            return []
        rows = np.concatenate(groups)
        starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
        firsts = np.repeat(rows[starts], [len(group) for group in groups])
        equal = self.rows.equal(rows, firsts)
        one, other = (self.certificates.take(which[equal]) for which in (rows, firsts))
        equal[equal] = pc.equal(one, other).fill_null(False).to_numpy(zero_copy_only=False)
        alike = np.logical_and.reduceat(equal, starts)
        # What couldn't be read has no number to compare: its plain text is.
        unread = np.flatnonzero(np.minimum.reduceat(self.rows.fault[rows], starts) != NO_FAULT)
        records = iter(self._records(np.concatenate([groups[number] for number in unread])) if len(unread) else [])
        for number in unread.tolist():
            first, *others = islice(records, len(groups[number]))
            unlike = [other for other in others if repr(other) != repr(first)]  # most are the same to the letter
            forms = {normal_form(self._policy, record) for record in (first, *unlike)} if unlike else {()}
            alike[number] = len(forms) == 1
        return [bool(one) for one in alike]

    def _history_problems(self) -> dict[int, str]:
        """Say which rows of the history can't be used, the first of them in words."""
        problems: dict[int, str] = {}
        for row in np.flatnonzero(self.rows.fault[: self.past] != NO_FAULT).tolist():
            problems[row] = ""
            if len(problems) <= _MOST_PROBLEMS:
                read = read_record(self._policy, self.record(row))
                if not isinstance(read, Unusable):
                    raise AssertionError("a row can't be used in a table and can alone")
                problems[row] = f"history[{row}]: {read.detail}: {read.reason}, expected {read.expected}"
        return problems

    def check(self, names: Texts, *, skip: bool, repeated: Array | None) -> tuple[str, ...]:
        """Mark repeated claim ids; raise `HistoryError` for a history that can't be used, or give what is left out."""
        found = self._history_problems()
        if repeated is None:
            found |= self.mark_repeated(names)
        else:
            fault = self.readers.faults.number(Reason.DUPLICATE_CLAIM_ID, "claim_id")
            self.marked = repeated + self.past
            self.rows.fault[self.marked] = fault
        problems = _first_of([problem for _, problem in sorted(found.items())])
        if problems and not skip:
            raise HistoryError(problems)
        if self.both:
            raise HistoryError(_first_of(sorted(self.both)))
        return problems


def _first_of(problems: list[str]) -> tuple[str, ...]:
    """Give the first problems in words, and how many more there are."""
    if len(problems) <= _MOST_PROBLEMS:
        return tuple(problems)
    return (*problems[:_MOST_PROBLEMS], f"and {len(problems) - _MOST_PROBLEMS:,} more rows")
