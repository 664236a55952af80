"""What depends on one claim alone, for columns of claims: the texts that decide, rules 1 to 6, and what history asks.

Every answer comes from a table, and every table is filled by the functions of `subsidy.rules` and `subsidy.engine`
that a single claim is decided by.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple, cast

import numpy as np

from subsidy.engine.batch.arrays import EMPTY, NO_FAULT, Array
from subsidy.engine.batch.calendar import Calendar
from subsidy.engine.batch.faults import Faults
from subsidy.engine.batch.grid import CONFIDENCES, NO_CONFIDENCE, REASONS, Grid, reason_number
from subsidy.engine.batch.reading import STREAMS, Rows
from subsidy.engine.cells import too_weak
from subsidy.model.words import Reason, Status
from subsidy.policy.policy import Policy
from subsidy.policy.texts import ClaimWindow, EntitlementDate
from subsidy.rules.eligibility import condition_met, entitlement_date_name, insured_long_enough, last_claim_day

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
    def empty(cls, rows: int) -> Standing:
        """Give room for what is said of some rows."""
        kinds = (np.int8, np.int16, np.int64, np.int32, np.int8, np.int8)
        return cls(*(np.empty(rows, kind) for kind in kinds))


class Dating:
    """Which rules edition's procedure governs each day, which period it falls into, and which date decides a claim."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self.calendar = calendar
        self._procedures = len(policy.rules)
        places = {id(edition): number for number, edition in enumerate(policy.rules)}
        of_period = np.array([NONE if one.rules is None else places[id(one.rules)] for one in policy.periods], np.int8)
        self.period = calendar.steps([first.toordinal() for first in policy.boundaries])
        self.procedure = of_period[self.period]
        named = [
            [_DATES.index(entitlement_date_name(one.procedure, filed=filed)) for filed in (False, True)]
            for one in policy.rules
        ]
        self._dates = np.array(named or [[0, 0]], dtype=np.int8)

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
        used = np.unique(self._dates[self.occurring(procedure)])
        if len(used) == 1 and used[0] == 0:
            return 0, issued
        dates = self._dates.ravel().take(procedure * np.int64(2) + (filed != EMPTY), mode="clip")
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

    def __init__(self, policy: Policy, calendar: Calendar, faults: Faults) -> None:
        self.policy = policy
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

    def standing(self, rows: Rows, part: slice) -> Standing:
        """Ask rules 1 to 6 of some rows."""
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

    def _by_procedure(self, ask: Callable[[int, int], list[int]], inner: int) -> Array:
        """Tabulate something by procedure, stream and a small number."""
        table = [ask(number, stream) for number in range(len(self.procedures)) for stream in range(len(STREAMS))]
        return np.array(table or [[0] * inner], np.int8).ravel()

    def _insured(self, answers: _Answers, rows: Rows, part: slice, procedure: Array) -> None:
        """Rule 5, for months up to the most that any text asks."""
        required = [[one.insured_months.get(stream) for stream in STREAMS] for one in self.procedures]
        asked = [months for row in required for months in row if months is not None]
        if not asked:
            return
        most = max(asked)

        def ask(number: int, stream: int) -> list[int]:
            wanted = required[number][stream]
            known = [insured_long_enough(wanted, months) for months in range(most + 1)]
            return [reason_number(reason) for reason in (insured_long_enough(wanted, None), *known)]

        table = self._by_procedure(ask, most + 2)
        months = np.minimum(rows.months[part], most) + 1
        row = procedure * np.int64(len(STREAMS)) + rows.stream[part]
        answers.add(table.take(row * (most + 2) + months, mode="wrap"))

    def _conditions(self, answers: _Answers, rows: Rows, part: slice, procedure: Array) -> None:
        """Rule 6: each condition in its place in each text."""
        places = {name: number for number, name in enumerate(self.policy.vocabulary.conditions)}
        row = procedure * np.int64(len(STREAMS)) + rows.stream[part]
        occurring = self._dating.occurring(procedure)
        for place in range(max((len(self.procedures[one].conditions) for one in occurring), default=0)):
            for number in occurring:
                conditions = self.procedures[number].conditions
                if place >= len(conditions):
                    continue
                condition = conditions[place]
                met = [reason_number(condition_met(fact)) for fact in (None, False, True)]

                def ask(
                    other: int,
                    stream: int,
                    number: int = number,
                    streams: object = condition.streams,
                    met: list[int] = met,
                ) -> list[int]:
                    return met if other == number and STREAMS[stream] in streams else [0, 0, 0]  # type: ignore[operator]

                facts = rows.conditions[places[condition.id]][part]
                found = self._by_procedure(ask, 3).take(row * 3 + (facts + 1), mode="wrap")
                answers.add(found, self.details.number(condition.id))

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
