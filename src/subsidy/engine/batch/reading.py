"""Claims as columns of numbers: each field of each row read, and the first fault of the rows that can't be used.

What a value means is decided by the readers of a single claim (`subsidy.model`); here they are asked once for each
distinct value, or what they ask is asked of whole columns.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import BAD, EMPTY, NO_FAULT, Array
from subsidy.engine.batch.calendar import first_and_last
from subsidy.engine.batch.faults import Faults
from subsidy.engine.batch.ids import normal_spans
from subsidy.engine.batch.objects import python_values
from subsidy.engine.batch.persons import LENGTH, resident_keys, resident_keys_in_one_pass
from subsidy.engine.batch.sources import Column, Source, one_column
from subsidy.engine.batch.spans import Spans
from subsidy.engine.batch.values import Reader, days, numbered, whole_numbers
from subsidy.model.claim import read_id, read_occupation, read_person_id
from subsidy.model.level import Level, Stream
from subsidy.model.person import PersonIdType
from subsidy.model.text import is_empty, read_boolean, read_date, read_whole_number
from subsidy.model.words import Reason
from subsidy.policy.policy import Policy

__all__ = [
    "LEVELS",
    "STREAMS",
    "Asked",
    "Codes",
    "Piece",
    "Readers",
    "Rows",
    "normal_texts",
    "read_asked",
    "read_piece",
]

LEVELS = tuple(Level)
STREAMS = tuple(Stream)
_TYPES = tuple(PersonIdType)
_RESIDENT = _TYPES.index(PersonIdType.RESIDENT)


class Codes:
    """Numbers of occupation codes: first those that the policy knows, behind them what else claims name."""

    def __init__(self, policy: Policy) -> None:
        self._vocabulary = policy.vocabulary
        self.names = sorted(policy.vocabulary.titles)
        self.known = len(self.names)
        self._numbers = {code: number for number, code in enumerate(self.names)}
        self._lock = Lock()

    def read(self, value: object) -> int:
        """Give the number of the code that a value means."""
        code = self._vocabulary.code_of(read_occupation(value))
        if code is None:
            raise ValueError("a code, name or alias of an occupation")
        found = self._numbers.get(code)
        if found is None:
            with self._lock:
                found = self._numbers.setdefault(code, len(self.names))
                if found == len(self.names):
                    self.names.append(code)
        return found


class Readers:
    """The readers of one run: what each distinct value of a column means."""

    def __init__(self, policy: Policy, codes: Codes, *, loops: bool = False) -> None:
        self.faults = Faults(policy)
        self.loops = loops
        self.conditions = policy.vocabulary.conditions
        self.occupation = Reader(codes.read, loops=loops)
        self.level = Reader(lambda value: LEVELS.index(Level.read(value)), loops=loops)
        self.stream = Reader(lambda value: STREAMS.index(Stream.read(value)), loops=loops)
        self.person_id_type = Reader(lambda value: _TYPES.index(PersonIdType.read(value)), loops=loops)
        self.day = Reader(lambda value: read_date(value).toordinal(), loops=loops)
        self.months = Reader(read_whole_number, loops=loops)
        self.boolean = Reader(lambda value: int(read_boolean(value)), loops=loops)


class Rows:
    """The fields of all rows as numbers; days are ordinals, and what isn't there is `EMPTY`."""

    def __init__(self, rows: int, conditions: int) -> None:
        self.rows = rows
        self.person = np.empty(rows, np.uint64)
        self.certificate = np.empty(rows, np.uint64)
        self.name = np.empty(rows, np.uint64)
        self.code = np.empty(rows, np.int32)
        self.level = np.empty(rows, np.int8)
        self.stream = np.empty(rows, np.int8)
        self.certificate_day = np.empty(rows, np.int32)
        self.applied_day = np.empty(rows, np.int32)
        self.filed_day = np.empty(rows, np.int32)
        self.months = np.empty(rows, np.int64)
        self.conditions = np.empty((conditions, rows), np.int8)
        self.fault = np.empty(rows, np.int16)

    def take(self, rows: Array) -> Rows:
        """Give some rows."""
        some = Rows(0, 0)
        some.rows = len(rows)
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray):
                setattr(some, name, column.take(rows, axis=-1))
        return some

    def equal(self, some: Array, others: Array) -> Array:
        """Say of pairs of usable rows whether they have the same numbers; certificates by hash only."""
        columns: list[Array] = [self.person, self.certificate, self.code, self.level, self.stream, self.certificate_day]
        columns += [self.applied_day, self.filed_day, self.months, *self.conditions]
        equal = np.ones(len(some), np.bool_)
        for column in columns:
            equal &= column[some] == column[others]
        return equal


class Piece(NamedTuple):
    """What a batch of rows keeps as text: claim ids, certificate numbers, and the ids of persons of other types."""

    start: int
    names: pa.Array
    certificates: pa.Array
    other_rows: Array
    other_persons: pa.Array
    days: tuple[int, int] | None
    """The first and the last day that is named; None where none is."""


def read_piece(readers: Readers, source: Source, rows: Rows, start: int, stop: int, at: int) -> Piece:
    """Read some rows of a source into the place where they stand among all."""
    fields = _Fields(readers, source, start, stop)
    into = slice(at, at + stop - start)
    names = fields.ids("claim_id", read_id, Reason.MISSING_VALUE)
    certificates = fields.ids("certificate_no", read_id, Reason.MISSING_VALUE)
    rows.name[into] = names.hashes()
    rows.certificate[into] = certificates.hashes() | np.uint64(1)  # never 0, which stands for none
    other_rows, other_persons = _persons(fields, rows.person[into])
    rows.code[into] = fields.required("occupation", readers.occupation, np.int32, Reason.BAD_OCCUPATION)
    rows.level[into] = fields.required("level", readers.level, np.int8, Reason.BAD_LEVEL)
    rows.stream[into] = fields.optional("stream", readers.stream, np.int8, Reason.BAD_STREAM, default=0)
    named = _days(fields, rows, into)
    rows.months[into] = fields.months()
    for number, condition in enumerate(readers.conditions):
        rows.conditions[number][into] = fields.condition(condition)
    rows.fault[into] = fields.fault
    return Piece(at, names.array, certificates.array, other_rows + at, other_persons, named)


class Asked(NamedTuple):
    """What an entitlement depends on, of some rows; below 0 where it can't be read."""

    code: Array
    level: Array
    stream: Array
    certificate_day: Array
    applied_day: Array
    filed_day: Array


def read_asked(readers: Readers, source: Source, start: int, stop: int) -> Asked:
    """Read what an entitlement depends on."""
    fields = _Fields(readers, source, start, stop)
    rows = stop - start
    stream = fields.optional("stream", readers.stream, np.int8, Reason.BAD_STREAM, default=0)
    filed = fields.optional_day("training_filed_on")
    return Asked(
        fields.required("occupation", readers.occupation, np.int32, Reason.BAD_OCCUPATION),
        fields.required("level", readers.level, np.int8, Reason.BAD_LEVEL),
        stream if isinstance(stream, np.ndarray) else np.full(rows, stream, np.int8),
        fields.required_day("certificate_date"),
        fields.required_day("applied_on"),
        np.full(rows, EMPTY, np.int32) if filed is None else filed,
    )


def _days(fields: _Fields, rows: Rows, into: slice) -> tuple[int, int] | None:
    """Read the three days, see that they stand in their order, and give the first and the last of all."""
    certificate, applied = fields.required_day("certificate_date"), fields.required_day("applied_on")
    filed = fields.optional_day("training_filed_on")
    fields.found((applied < certificate) & (applied > 0), Reason.APPLIED_BEFORE_ISSUE, "applied_on")
    if filed is not None:
        late = (filed > certificate) & (certificate > 0)
        fields.found(late, Reason.FILED_AFTER_CERTIFICATE, "training_filed_on")
    rows.certificate_day[into] = certificate
    rows.applied_day[into] = applied
    rows.filed_day[into] = EMPTY if filed is None else filed
    return first_and_last([certificate, applied] if filed is None else [certificate, applied, filed])


def _persons(fields: _Fields, into: Array) -> tuple[Array, pa.Array]:
    """Read the persons: a number for each resident; of the others rows and texts, to be numbered together."""
    types = fields.optional("person_id_type", fields.readers.person_id_type, np.int8, Reason.BAD_PERSON_ID, _RESIDENT)
    plain = fields.plain_texts("person_id")
    if fields.readers.loops and plain is not None and not isinstance(types, np.ndarray) and types == _RESIDENT:
        found = resident_keys_in_one_pass(plain, into)
        if found is not None:
            fields.found(found == EMPTY, Reason.MISSING_VALUE, "person_id")
            fields.found(found == 0, Reason.BAD_PERSON_ID, "person_id")
            return _NO_ROWS, plain.slice(0, 0)
    spans = fields.ids("person_id", read_person_id, Reason.BAD_PERSON_ID)
    texts = spans.array
    resident = types == _RESIDENT if isinstance(types, np.ndarray) else None
    if spans.length == LENGTH and (resident is None or resident.all()):
        good, keys = resident_keys(spans)
        if spans.filled is None:
            into[:] = keys
            fields.found(~good, Reason.BAD_PERSON_ID, "person_id")
        else:
            into[spans.filled] = keys
            bad = np.zeros(spans.rows, np.bool_)
            bad[spans.filled[~good]] = True
            fields.found(bad, Reason.BAD_PERSON_ID, "person_id")
        return _NO_ROWS, texts.slice(0, 0)
    asked = (spans.lengths > 0) if resident is None else (spans.lengths > 0) & resident
    rows = np.flatnonzero(asked & (spans.lengths == LENGTH))
    good, keys = resident_keys(spans, rows)
    into[rows] = keys
    asked[rows[good]] = False
    fields.found(asked, Reason.BAD_PERSON_ID, "person_id")
    if resident is None:
        return _NO_ROWS, texts.slice(0, 0)
    others = np.flatnonzero(~resident & (spans.lengths > 0))
    return others, texts.take(pa.array(others))


_NO_ROWS: Array = np.empty(0, np.int64)


class _Fields:
    """The fields of one batch, and the first fault of each of its rows so far."""

    def __init__(self, readers: Readers, source: Source, start: int, stop: int) -> None:
        self.readers = readers
        self._source, self._start, self._stop = source, start, stop
        self.fault = np.full(stop - start, NO_FAULT, np.int16)

    def found(self, mask: Array, reason: Reason, field: str) -> None:
        """Note a fault of some rows; of several the first in order stays."""
        if mask.any():
            number = np.int16(self.readers.faults.number(reason, field))
            np.minimum(self.fault, number, out=self.fault, where=mask)

    def _column(self, columns: tuple[Column, ...]) -> pa.Array | Array | None:
        return one_column(columns, self._start, self._stop) if columns else None

    def _values(self, field: str) -> pa.Array | Array | None:
        return self._column(self._source.fields[field])

    def required(self, field: str, reader: Reader, dtype: type[np.generic], bad: Reason) -> Array:
        """Read a field that no claim may lack."""
        found = numbered(self._values(field), reader, dtype)
        self._required(found, field, bad)
        return found

    def _required(self, found: Array, field: str, bad: Reason) -> None:
        if found.size and found.min() < 0:
            self.found(found == EMPTY, Reason.MISSING_VALUE, field)
            self.found(found == BAD, bad, field)

    def optional(self, field: str, reader: Reader, dtype: type[np.generic], bad: Reason, default: int) -> Array | int:
        """Read a field that may be empty; one number where no row has it."""
        values = self._values(field)
        if values is None:
            return default
        found = numbered(values, reader, dtype)
        if found.size and found.min() < 0:
            self.found(found == BAD, bad, field)
            found = np.where(found == EMPTY, dtype(default), found)
        return found

    def required_day(self, field: str) -> Array:
        """Read a day that no claim may lack."""
        found = days(self._values(field), self.readers.day)
        self._required(found, field, Reason.BAD_DATE)
        return found

    def optional_day(self, field: str) -> Array | None:
        """Read a day that may be empty; None where no row has one."""
        values = self._values(field)
        if values is None:
            return None
        found = days(values, self.readers.day)
        if found.size and found.min() < EMPTY:
            self.found(found == BAD, Reason.BAD_DATE, field)
        return found

    def months(self) -> Array | int:
        """Read the months of insurance."""
        values = self._values("insured_months")
        if values is None:
            return EMPTY
        found = whole_numbers(values, self.readers.months)
        if found.size and found.min() < EMPTY:
            self.found(found == BAD, Reason.BAD_NUMBER, "insured_months")
        return found

    def condition(self, condition: str) -> Array | int:
        """Read the column of a condition: 1 true, 0 false."""
        values = self._column(self._source.conditions[condition])
        if values is None:
            return EMPTY
        found = numbered(values, self.readers.boolean, np.int8)
        if found.size and found.min() < EMPTY:
            self.found(found == BAD, Reason.BAD_BOOLEAN, condition)
        return found

    def plain_texts(self, field: str) -> pa.Array | None:
        """Give a field's texts as they are, where they are and aren't encoded."""
        values = self._values(field)
        if values is None or isinstance(values, np.ndarray) or not len(values):
            return None
        return values if pa.types.is_string(values.type) or pa.types.is_large_string(values.type) else None

    def ids(self, field: str, read: Callable[[object], str], bad: Reason) -> Spans:
        """Read ids as normalised texts, null where there is none."""
        values = self._values(field)
        spans = normal_texts(values)
        if spans is None:
            spans = Spans(self._one_by_one(values, field, read, bad))
        if spans.array.null_count:
            self.found(spans.array.is_null().to_numpy(zero_copy_only=False), Reason.MISSING_VALUE, field)
        return spans

    def _one_by_one(self, values: pa.Array | Array, field: str, read: Callable[[object], str], bad: Reason) -> pa.Array:
        found: list[str | None] = []
        unreadable = np.zeros(len(values), np.bool_)
        for row, value in enumerate(python_values(values) if isinstance(values, pa.Array) else values.tolist()):
            try:
                found.append(None if is_empty(value) else read(value))
            except ValueError:
                found.append(None if bad is Reason.MISSING_VALUE else "?")
                unreadable[row] = bad is not Reason.MISSING_VALUE
        self.found(unreadable, bad, field)
        return pa.array(found, type=pa.large_string())


def normal_texts(values: pa.Array | Array | None) -> Spans | None:
    """Give texts normalised, None where a column holds something else than texts."""
    if values is None or isinstance(values, np.ndarray):
        return None
    kind = values.type
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        return normal_spans(pc.cast(values.dictionary_decode(), pa.large_string()))
    if not _is_text(kind):
        return None
    plain = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return normal_spans(values if plain else pc.cast(values, pa.large_string()))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
