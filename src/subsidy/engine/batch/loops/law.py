"""Rules 1 to 6 of a batch in one pass: every answer is looked up in a table that the rule functions filled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from subsidy.engine.batch.loops.compiling import Array, Number, compiled

__all__ = ["Tables", "entitle", "stand"]

_NONE = -1
_EMPTY = -1
_u = np.uint64
_NO_FAULT = np.iinfo(np.int16).max


class Tables(NamedTuple):
    """What is looked up; see `subsidy.engine.batch.law.Law`, which makes them."""

    first_day: Number
    procedure: Array  # by day: the rules edition in force
    period: Array  # by day
    dates: Array  # by procedure and whether training was filed: which date decides
    shape: Array  # codes, streams, levels, and the cell of rows that have none
    own: Array  # by procedure: the confidence of its text
    too_weak: Array  # by confidence: a reason, 0 for none
    last_day: Array  # by procedure and day of the certificate
    insured: Array  # by procedure, stream and months from -1 on
    met: Array  # by place, procedure, stream and fact from -1 on: the answer of a condition
    fact: Array  # by place and procedure: which column a condition asks
    named: Array  # by place and procedure: the condition's name
    refuses: Array  # by reason
    fault_reason: Array
    fault_name: Array
    date_name: Array
    no_rules: Number
    too_late: Number
    applied_on: Number


@compiled
def _next(old: Number, new: Number, refuses: Array) -> bool:
    """Say whether a later rule's answer stands: it does where no rule said anything, or only that it can't say.

    Without `and` and `or`: to ask all costs less than to guess wrong which way a row goes.
    """
    return (new != 0) & ((old == 0) | (refuses[_u(new)] & ~refuses[_u(old)]))


@compiled
def stand(
    tables: Tables,
    grid_reason: Array,
    grid_confidence: Array,
    fault: Array,
    applied: Array,
    issued: Array,
    filed: Array,
    code: Array,
    stream: Array,
    level: Array,
    months: Array,
    facts: Array,
    start: Number,
    reason: Array,
    detail: Array,
    cell: Array,
    period: Array,
    procedure: Array,
    confidence: Array,
) -> int:
    """Ask rules 1 to 6 of some rows, whose facts begin at `start`; the last six arrays take the answers.

    Returns
    -------
    int
        How many rows fall into cells that aren't worked out yet; then the answers mean nothing.
    """
    codes, streams, levels, none = tables.shape
    days = len(tables.procedure)
    most = tables.insured.shape[1] - 2
    new = 0
    for row in range(len(fault)):
        at = max(applied[row] - tables.first_day, 0)
        ruled = tables.procedure[_u(at)]
        procedure[row] = ruled
        bad = fault[row] != _NO_FAULT
        if bad | (ruled == _NONE):
            reason[row] = tables.fault_reason[fault[row]] if bad else tables.no_rules
            detail[row] = tables.fault_name[fault[row]] if bad else tables.applied_on
            cell[row], period[row], confidence[row] = none, _NONE, _NONE
            continue
        since = max(issued[row] - tables.first_day, 0)
        date = tables.dates[_u(ruled), _u(filed[row] != _EMPTY)]
        day = since + (date == 1) * (at - since)
        day += (date == 2) * (max(filed[row] - tables.first_day, 0) - day)
        governed = np.int64(tables.period[_u(day)])
        place = ((governed * codes + min(np.int64(code[row]), codes - 1)) * streams + stream[row]) * levels + level[row]
        cell[row], period[row] = place, governed
        why = np.int64(grid_reason[_u(place)])
        if why < 0:
            new += 1
            continue
        name = np.int64(tables.date_name[_u(date)]) * (why == tables.no_rules)
        sure = max(grid_confidence[_u(place)], tables.own[_u(ruled)])
        confidence[row] = sure
        answer = np.int64(tables.too_weak[sure])
        later = _next(why, answer, tables.refuses)
        why, name = (answer, 0) if later else (why, name)
        late = applied[row] > tables.last_day[_u(np.int64(ruled) * days + since)]
        later = late & _next(why, tables.too_late, tables.refuses)
        why, name = (tables.too_late, 0) if later else (why, name)
        if most >= 0:
            known = _u(min(months[row], most) + 1)
            answer = np.int64(tables.insured[_u(np.int64(ruled) * streams + stream[row]), known])
            later = _next(why, answer, tables.refuses)
            why, name = (answer, 0) if later else (why, name)
        for number in range(tables.fact.shape[0]):
            column = tables.fact[number, _u(ruled)]
            if column >= 0:
                fact = _u(facts[column, start + row] + 1)
                answer = np.int64(tables.met[number, _u(np.int64(ruled) * streams + stream[row]), fact])
                later = _next(why, answer, tables.refuses)
                why, name = (answer, np.int64(tables.named[number, _u(ruled)])) if later else (why, name)
        reason[row], detail[row] = why, name
    return new


@compiled
def entitle(
    first_day: Number,
    procedures: Array,
    periods: Array,
    dates: Array,
    shape: Array,
    grid_reason: Array,
    bases: Array,
    uplifts: Array,
    amounts: Array,
    code: Array,
    level: Array,
    stream: Array,
    issued: Array,
    applied: Array,
    filed: Array,
    base: Array,
    uplift: Array,
    amount: Array,
) -> Number:
    """Look up rules 1 to 3 for some rows; the last three arrays take the amounts.

    Returns
    -------
    int
        How many rows fall into cells that aren't worked out yet; then the answers mean nothing.
    """
    codes, streams, levels, none = shape
    new = 0
    for row in range(len(code)):
        at = max(applied[row] - first_day, 0)
        ruled = procedures[_u(at)]
        since = max(issued[row] - first_day, 0)
        date = dates[_u(max(ruled, 0)), _u(filed[row] != _EMPTY)]
        day = since + (date == 1) * (at - since)
        day += (date == 2) * (max(filed[row] - first_day, 0) - day)
        own, grade, scheme = np.int64(code[row]), np.int64(level[row]), np.int64(stream[row])
        place = ((np.int64(periods[_u(day)]) * codes + min(own, codes - 1)) * streams + scheme) * levels + grade
        # One of them is below 0 where something can't be read, or no rules are in force.
        read = (own | grade | scheme | issued[row] | applied[row] | (filed[row] + 1) | ruled) >= 0
        place = _u(place if read else none)
        new += grid_reason[place] < 0
        base[row], uplift[row], amount[row] = bases[place], uplifts[place], amounts[place]
    return new
