"""What depends on one claim alone, for columns of claims: the texts that decide, rules 1 to 6, and what history asks.

Every answer comes from a table, and every table is filled by the functions of `subsidy.rules` and `subsidy.engine`
that a single claim is decided by.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from subsidy.engine.batch.arrays import EMPTY, NO_FAULT, Array
from subsidy.engine.batch.calendar import Calendar
from subsidy.engine.batch.faults import Faults
from subsidy.engine.batch.grid import CONFIDENCES, NO_CONFIDENCE, REASONS, Grid, reason_number
from subsidy.engine.batch.reading import LEVELS, STREAMS, Rows
from subsidy.engine.cells import too_weak
from subsidy.model.words import Reason, Status
from subsidy.policy.policy import Policy
from subsidy.policy.texts import ClaimWindow, EntitlementDate
from subsidy.rules.eligibility import condition_met, entitlement_date_name, insured_long_enough, last_claim_day

if TYPE_CHECKING:
    from subsidy.engine.batch.loops.law import Tables

__all__ = ["NONE", "Dating", "Details", "Law", "Standing"]

NONE = -1
_REFUSES = np.array([reason is not None and reason.status is Status.REFUSED for reason in REASONS])
_DATES = tuple(one.value for one in EntitlementDate)
_NO_RULES = reason_number(Reason.NO_RULES_IN_FORCE)


class Details:
    """What a decision can name besides its reason, by number; 0 is nothing."""

    def __init__(self, policy: Policy, faults: Faults) -> None:
        limits = [limit.id for edition in policy.rules for limit in edition.procedure.limits]
        fields = [field for _, field in faults.all]
        self.all: list[str | None] = [None, *dict.fromkeys([*_DATES, *fields, *policy.vocabulary.conditions, *limits])]
        self._numbers = {name: number for number, name in enumerate(self.all)}
        self.of_faults = np.array([self._numbers[field] for field in fields], dtype=np.int16)

    def number(self, name: str) -> int:
        """Give the number of a name."""
        return self._numbers[name]


class Standing(NamedTuple):
    """What rules 1 to 6 say of some rows."""

    reason: Array
    detail: Array
    cell: Array
    period: Array
    procedure: Array
    confidence: Array

    @classmethod
    def empty(cls, rows: int, grid: Grid) -> Standing:
        """Give room for what is said of some rows: no more of it than needed, for fresh memory is dear."""
        cell = np.int32 if grid.none < 1 << 31 else np.int64
        period = np.int16 if len(grid.policy.periods) < 1 << 15 else np.int32
        kinds = (np.int8, np.int16, cell, period, _of_procedures(grid.policy), np.int8)
        return cls(*(np.empty(rows, kind) for kind in kinds))


def _of_procedures(policy: Policy) -> np.dtype[Any]:
    """Give the smallest type that holds the number of each rules edition, and `NONE`."""
    return np.min_scalar_type(-1 - len(policy.rules))


class Dating:
    """Which rules edition's procedure governs each day, which period it falls into, and which date decides a claim."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self.calendar = calendar
        self._procedures = len(policy.rules)
        places = {id(edition): number for number, edition in enumerate(policy.rules)}
        numbers = [NONE if one.rules is None else places[id(one.rules)] for one in policy.periods]
        self.period = calendar.steps([first.toordinal() for first in policy.boundaries])
        self.procedure = np.array(numbers, _of_procedures(policy))[self.period]
        named = [
            [_DATES.index(entitlement_date_name(one.procedure, filed=filed)) for filed in (False, True)]
            for one in policy.rules
        ]
        self.dates = np.array(named or [[0, 0]], dtype=np.int8)

    def entitlement_date(
        self, procedure: Array, applied: Array, issued: Array, filed: Array
    ) -> tuple[Array | int, Array]:
        """Say which date decides each row, and give its place in the calendar.

        Parameters
        ----------
        procedure : Array
            The rules edition in force on the day of application, by number.
        applied, issued : Array
            Places of the days of application and of the certificate.
        filed : Array
            Ordinals of the days on which training was filed.
        """
        used = np.unique(self.dates[self.occurring(procedure)])
        if len(used) == 1 and used[0] == 0:
            return 0, issued
        dates = self.dates.ravel().take(procedure * np.int64(2) + (filed != EMPTY), mode="clip")
        day = np.where(dates == _DATES.index("certificate_date"), issued, applied)
        if _DATES.index("training_filed_on") in used:
            day = np.where(dates == _DATES.index("training_filed_on"), self.calendar.places(filed), day)
        return dates, day

    def occurring(self, procedure: Array) -> list[int]:
        """Give the procedures that occur."""
        counts = np.bincount(procedure.astype(np.int64) + 1, minlength=self._procedures + 1)
        return np.flatnonzero(counts[1:]).tolist()


class Law:
    """The tables of one policy over the days of one run."""

    def __init__(self, policy: Policy, calendar: Calendar, faults: Faults, *, loops: bool = False) -> None:
        self.policy = policy
        self.loops = loops
        self.grid = Grid.of(policy)
        self.calendar = calendar
        self.details = Details(policy, faults)
        self._faults = faults
        self.procedures = [edition.procedure for edition in policy.rules]
        self._dating = Dating(policy, calendar)
        self._own = np.array([CONFIDENCES.index(one.source.confidence) for one in policy.rules] or [0], np.int8)
        self._last_days = self._windows()
        self.years = calendar.years

    def _windows(self) -> Array:
        """Tabulate the last day on which a claim is in time, for each procedure and day of a certificate."""
        asked: dict[object, Array] = {None: np.full(len(self.calendar.days), date.max.toordinal(), np.int32)}
        for procedure in self.procedures:
            window = procedure.claim_window
            if window is not None and window not in asked:
                asked[window] = self._window(window)
        tables = [asked[procedure.claim_window] for procedure in self.procedures] or [asked[None]]
        return np.concatenate(tables)

    def _window(self, window: ClaimWindow) -> Array:
        """Give the table of one window; the last one is kept, since frames of one caller mostly span the same days."""
        days = self.calendar.days
        kept = cast("tuple[Array, Array] | None", self.policy.memo.get(("window", window)))
        if kept is None or not np.array_equal(kept[0], days):
            kept = days, self.calendar.table(lambda day: last_claim_day(window, day).toordinal())
            self.policy.memo["window", window] = kept
        return kept[1]

    def stand(self, rows: Rows, part: slice, whole: Standing) -> None:
        """Ask rules 1 to 6 of some rows, and put the answers into their places among those of all."""
        if self.loops and self.calendar.first is not None:
            self._stand_in_one_pass(rows, part, whole)
            return
        for column, found in zip(whole, self.standing(rows, part), strict=True):
            column[part] = found

    def _stand_in_one_pass(self, rows: Rows, part: slice, whole: Standing) -> None:
        from subsidy.engine.batch.loops.law import stand

        days: list[Array] = [rows.applied_day, rows.certificate_day, rows.filed_day]
        columns = [rows.fault, *days, rows.code, rows.stream, rows.level, rows.months]
        given = [*(column[part] for column in columns), rows.conditions, part.start]
        into = [column[part] for column in whole]
        while stand(self._tables, self.grid.reason, self.grid.confidence, *given, *into):
            self.grid.fill(whole.cell[part])

    @cached_property
    def _tables(self) -> Tables:
        """All that a loop looks up."""
        from subsidy.engine.batch.loops.law import Tables

        minimum = self.policy.minimum_confidence
        weak = [0 if minimum is None else reason_number(too_weak(minimum, one)) for one in CONFIDENCES]
        columns, names, answers = self._condition_answers
        return Tables(
            first_day=cast("int", self.calendar.first),
            procedure=self._dating.procedure,
            period=self._dating.period,
            dates=self._dating.dates,
            shape=(len(self.grid.codes) + 1, len(STREAMS), len(LEVELS), self.grid.none),
            own=self._own,
            too_weak=np.array([*weak, 0], np.int8),
            last_day=self._last_days,
            insured=self._insured_answers,
            met=answers,
            fact=columns,
            named=names,
            refuses=_REFUSES,
            fault_reason=self._faults.reasons,
            fault_name=self.details.of_faults,
            date_name=np.array([self.details.number(name) for name in _DATES], np.int16),
            no_rules=_NO_RULES,
            too_late=reason_number(Reason.CLAIMED_TOO_LATE),
            applied_on=self.details.number("applied_on"),
        )

    def standing(self, rows: Rows, part: slice) -> Standing:
        """Ask rules 1 to 6 of some rows, with arrays."""
        fault = rows.fault[part]
        applied = self.calendar.places(rows.applied_day[part])
        issued = self.calendar.places(rows.certificate_day[part])
        procedure = self._dating.procedure.take(applied)
        usable = fault == NO_FAULT
        ruled = usable & (procedure != NONE)
        dates, day = self._dating.entitlement_date(procedure, applied, issued, rows.filed_day[part])
        period = self._dating.period.take(day)
        cell = self.grid.cells(period, rows.code[part], rows.stream[part], rows.level[part])
        whole = ruled.all()
        if not whole:
            cell[~ruled] = self.grid.none
            period[~ruled] = NONE
        reason = self.grid.reason.take(cell)
        if reason.min(initial=0) < 0:
            self.grid.fill(cell)
            reason = self.grid.reason.take(cell)
        answers = _Answers(reason, np.zeros(len(reason), np.int16), None if whole else ruled)
        self._name_dates(answers, dates)
        confidence = self._confidence(answers, cell, procedure)
        self._late(answers, rows, part, procedure, issued)
        self._insured(answers, rows, part, procedure)
        self._conditions(answers, rows, part, procedure)
        if not whole:
            self._unusable(answers, fault, usable & ~ruled)
            confidence[~ruled] = NO_CONFIDENCE
        return Standing(answers.reason, answers.detail, cell, period, procedure, confidence)

    def _name_dates(self, answers: _Answers, dates: Array | int) -> None:
        """Name the date on which no rules are in force."""
        rows = np.flatnonzero(answers.reason == _NO_RULES)
        if len(rows):
            names = np.array([self.details.number(name) for name in _DATES], np.int16)
            answers.detail[rows] = names[dates[rows] if isinstance(dates, np.ndarray) else dates]

    def _confidence(self, answers: _Answers, cell: Array, procedure: Array) -> Array:
        """Give the weakest text of each row, and refuse to tell amounts on weaker ones than the caller admits."""
        confidence = np.maximum(self.grid.confidence.take(cell), self._own.take(procedure))
        minimum = self.policy.minimum_confidence
        if minimum is not None:
            table = [reason_number(too_weak(minimum, one)) for one in CONFIDENCES]
            answers.add(np.array(table, np.int8).take(confidence))
        return confidence

    def _late(self, answers: _Answers, rows: Rows, part: slice, procedure: Array, issued: Array) -> None:
        """Rule 4, by the last day on which each row is in time."""
        if len(self.procedures) == 1:
            last = self._last_days.take(issued)
        else:
            last = self._last_days.take(procedure * np.int64(len(self.calendar.days)) + issued, mode="wrap")
        late = rows.applied_day[part] > last
        if late.any():
            answers.add(np.where(late, np.int8(reason_number(Reason.CLAIMED_TOO_LATE)), np.int8(0)))

    @cached_property
    def _insured_answers(self) -> Array:
        """Tabulate rule 5 by procedure, stream and months: unknown, then 0 up to the most that any text asks."""
        required = [procedure.insured_months.get(stream) for procedure in self.procedures for stream in STREAMS]
        most = max((months for months in required if months is not None), default=NONE)
        known = [None, *range(most + 1)] if most > NONE else []
        table = [[reason_number(insured_long_enough(wanted, months)) for months in known] for wanted in required]
        return np.array(table or [[]], np.int8)

    def _insured(self, answers: _Answers, rows: Rows, part: slice, procedure: Array) -> None:
        """Rule 5."""
        table = self._insured_answers
        wide = table.shape[1]
        if wide:
            months = np.minimum(rows.months[part], wide - 2) + 1
            row = procedure * np.int64(len(STREAMS)) + rows.stream[part]
            answers.add(table.ravel().take(row * wide + months, mode="wrap"))

    @cached_property
    def _condition_answers(self) -> tuple[Array, Array, Array]:
        """Tabulate rule 6: for each place in a text and each text which column is asked, its name, what a fact answers.

        The answers are by procedure and stream, and by fact: unknown, false, true.
        """
        columns = {name: number for number, name in enumerate(self.policy.vocabulary.conditions)}
        places = max((len(procedure.conditions) for procedure in self.procedures), default=0)
        column = np.full((places, len(self.procedures)), NONE, np.int16)
        name = np.zeros(column.shape, np.int16)
        answer = np.zeros((places, len(self.procedures) * len(STREAMS), 3), np.int8)
        for number, procedure in enumerate(self.procedures):
            for place, condition in enumerate(procedure.conditions):
                column[place, number] = columns[condition.id]
                name[place, number] = self.details.number(condition.id)
                for stream in condition.streams:
                    row = number * len(STREAMS) + STREAMS.index(stream)
                    answer[place, row] = [reason_number(condition_met(fact)) for fact in (None, False, True)]
        return column, name, answer

    def _conditions(self, answers: _Answers, rows: Rows, part: slice, procedure: Array) -> None:
        """Rule 6: each condition in its place in each text."""
        columns, names, tables = self._condition_answers
        row = procedure * np.int64(len(STREAMS)) + rows.stream[part]
        occurring = self._dating.occurring(procedure)
        for place, table in enumerate(tables):
            for number in occurring:
                column = columns[place, number]
                if column == NONE:
                    continue
                own = np.zeros_like(table)
                those = slice(number * len(STREAMS), (number + 1) * len(STREAMS))
                own[those] = table[those]
                found = own.ravel().take(row * 3 + (rows.conditions[column][part] + 1), mode="wrap")
                answers.add(found, names[place, number])

    def _unusable(self, answers: _Answers, fault: Array, lawless: Array) -> None:
        """Put the reasons of rows that can't be used, and of those that no rules govern."""
        bad = np.flatnonzero(fault != NO_FAULT)
        answers.reason[bad] = self._faults.reasons[fault[bad]]
        answers.detail[bad] = self.details.of_faults[fault[bad]]
        answers.reason[lawless] = _NO_RULES
        answers.detail[lawless] = self.details.number("applied_on")


class _Answers:
    """The reason that stands so far: the first that refuses, else the first that is unclear."""

    def __init__(self, reason: Array, detail: Array, asked: Array | None) -> None:
        self.reason, self.detail = reason, detail
        self._asked = asked

    def add(self, reasons: Array, detail: int = 0) -> None:
        """Take what the next rule says."""
        rows = np.flatnonzero(reasons)
        if not len(rows):
            return
        if self._asked is not None:
            rows = rows[self._asked[rows]]
        old, new = self.reason[rows], reasons[rows]
        rows = rows[(old == 0) | (~_REFUSES[old] & _REFUSES[new])]
        self.reason[rows] = reasons[rows]
        self.detail[rows] = detail
