"""Rules 7 to 10 on many persons, in rounds, one by one and compiled, against a plain reading of their text."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pytest

from subsidy import Policy, Reason
from subsidy.engine.batch import fold as module
from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.classes import HISTORY, OPEN, PAYABLE, STATES, Classes
from subsidy.engine.batch.faults import Faults
from subsidy.engine.batch.fold import Refused, fold
from subsidy.engine.batch.grid import Kind, reason_number
from subsidy.engine.batch.law import Details
from subsidy.engine.batch.order import Part
from subsidy.engine.batch.texts import Texts
from subsidy.model.level import Level, Stream
from subsidy.policy.texts import Limit
from subsidy.rules.history import binds, limits_of
from tests.engine.batch.support import OPEN as FIRST
from tests.engine.batch.support import town
from tests.policy.support import Item

FACTS = ("shortage", "digital", "starred")
NUMBA = find_spec("numba") is not None


def limit(number: int, at_most: int, per: str, **more: object) -> Item:
    return {"id": f"limit-{number}", "at_most": at_most, "per": per, **more}


# More than a machine word has counters for, of which each binds other claims.
MANY = [
    limit(number, 1 + number % 3, per, **more)
    for number, (per, more) in enumerate(
        (per, more)
        for per in ("calendar_year", "lifetime")
        for more in (
            {},
            {"streams": ["training"]},
            *({name: [fact]} for name in ("requires", "except") for fact in FACTS),
        )
    )
]
PROCEDURES: dict[str, list[tuple[str, Item]]] = {
    "no limits": [(FIRST[1], {})],
    "lower after higher": [(FIRST[1], {"lower_after_higher": "allow"})],
    "yearly": [(FIRST[1], {"limits": [limit(1, 2, "calendar_year")]})],
    "lifetime": [(FIRST[1], {"limits": [limit(1, 3, "lifetime", requires=["shortage"]), limit(2, 2, "lifetime")]})],
    "nothing": [(FIRST[1], {"limits": [limit(1, 0, "lifetime", requires=["digital"]), limit(2, 300, "lifetime")]})],
    "many": [(FIRST[1], {"limits": MANY})],
    "many backwards": [(FIRST[1], {"limits": MANY[::-1], "lower_after_higher": "allow"})],
    "two texts": [
        (FIRST[1], {"limits": [limit(1, 1, "calendar_year"), limit(2, 2, "lifetime")]}),
        ("2010-01-01", {"limits": [limit(3, 2, "lifetime"), limit(4, 2, "calendar_year", streams=["training"])]}),
    ],
}
KINDS = [
    *(Kind(stream, level, frozenset(facts)) for stream in Stream for level in Level
      for facts in ((), FACTS[:1], FACTS[1:], FACTS)),
    # Paid records that can't be read any more but for some of it: they stand at the end.
    Kind(None, Level.L3, frozenset()), Kind(Stream.TRAINING, None, frozenset(), dated=False),
]  # fmt: skip
READABLE = len(KINDS) - 2


class World(NamedTuple):
    """Claims, and all that decides them."""

    policy: Policy
    details: Details
    part: Part
    years: Array
    names: list[str]


def world(name: str, seed: int, *, persons: int = 14, most: int = 9, days: int = 60) -> World:
    """Make persons with one claim up to many, few of whom differ in more than a thing or two."""
    rng = np.random.default_rng(seed)
    policy = town(*PROCEDURES[name])
    sizes = 1 + rng.integers(0, most, persons) * rng.integers(0, 2, persons)
    rows = int(sizes.sum())
    state = rng.choice([PAYABLE, PAYABLE, PAYABLE, OPEN, HISTORY], rows)
    kind = rng.choice([*range(4), *rng.integers(0, READABLE, 4)], rows)
    odd = (state == HISTORY) & (rng.random(rows) < 0.3)
    kind[odd] = READABLE + rng.integers(0, 2, int(odd.sum()))
    procedure = rng.integers(0, len(policy.rules), rows)
    part = Part(
        key=np.repeat(rng.permutation(persons).astype(np.uint64) << np.uint64(50), sizes),
        certificate=rng.integers(1, 4 + 2 * most, rows).astype(np.uint64),
        code=rng.integers(0, 3, rows).astype(np.int32),
        kind=((kind * len(policy.rules) + procedure) * STATES + state).astype(np.int32),
        day=rng.integers(0, days, rows).astype(np.int32),
        row=rng.permutation(rows).astype(np.int32),
        later=state != HISTORY,
    )
    years = (2020 + np.arange(days) // 20).astype(np.int16)
    return World(policy, Details(policy, Faults(policy)), part, years, [f"C{n}" for n in rng.permutation(rows)])


Paid = list[tuple[int, int, Kind, int, int]]


def counted(bound: Limit, paid: Paid, year: int) -> int:
    """Say how many claims that were paid a limit counts."""
    yearly = bound.per == "calendar_year"
    return sum(
        kind.stream is not None
        and binds(bound, kind.stream, kind.facts)
        and (not yearly or (kind.dated and own == year))
        for _, _, kind, own, _ in paid
    )


def plainly(given: World) -> list[tuple[int, int, int, int]]:
    """Decide claim by claim: row, reason, detail, row in the way."""
    policy, details, part, years, names = given
    found = []

    def place(at: int) -> tuple[int, bool, int, str]:
        late = part.later is not None and bool(part.later[at])
        return int(part.key[at]), late, int(part.day[at]), names[int(part.row[at])]

    for _, person in groupby(sorted(range(len(part.key)), key=place), key=lambda at: int(part.key[at])):
        paid: Paid = []
        for at in person:
            rest, state = divmod(int(part.kind[at]), STATES)
            number, which = divmod(rest, len(policy.rules))
            kind, row = KINDS[number], int(part.row[at])
            certificate, code, year = int(part.certificate[at]), int(part.code[at]), int(years[part.day[at]])
            answer = None
            if state != HISTORY and kind.stream is not None and kind.level is not None:
                answer = _stands(details, policy, which, kind, paid, certificate, code, year)
            if answer is not None:
                found.append((row, *answer))
            elif state != OPEN:
                paid.append((certificate, code, kind, year, row))
    return sorted(found)


def _stands(
    details: Details, policy: Policy, which: int, kind: Kind, paid: Paid, certificate: int, code: int, year: int
) -> tuple[int, int, int] | None:
    assert kind.stream is not None
    assert kind.level is not None
    procedure = policy.rules[which].procedure
    level, higher = kind.level, procedure.lower_after_higher == "refuse"
    of_code = [(other.level, row) for _, own, other, _, row in paid if own == code and other.level is not None]
    for reason, rows in (
        (Reason.CERTIFICATE_ALREADY_PAID, [row for own, _, _, _, row in paid if own == certificate]),
        (Reason.SAME_LEVEL_ALREADY_PAID, [row for other, row in of_code if other is level]),
        (Reason.HIGHER_LEVEL_ALREADY_PAID, [row for other, row in of_code if higher and other.higher_than(level)]),
    ):
        if rows:
            return reason_number(reason), 0, rows[0]
    for bound in limits_of(procedure, kind.stream, kind.facts):
        if counted(bound, paid, year) >= bound.at_most:
            return reason_number(Reason.LIMIT_REACHED), details.number(bound.id), -1
    return None


def folded(given: World) -> list[tuple[int, int, int, int]]:
    """Ask in rounds, and where there is numba also one person after the other."""
    found, *others = [_folded(given, loops=loops) for loops in (False, True)[: 1 + NUMBA]]
    assert others in ([], [found])
    return found


def _folded(given: World, *, loops: bool) -> list[tuple[int, int, int, int]]:
    classes = Classes(given.policy, KINDS, given.details, loops=loops)
    refused = fold(given.part, classes, given.years, 0, Texts([pa.array(given.names)]).by_name)
    assert [column.dtype for column in refused] == [np.int64, np.int8, np.int16, np.int64]
    return sorted((*map(int, one),) for one in zip(*refused, strict=True))  # type: ignore[misc]


NAMES = list(PROCEDURES)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", NAMES)
def test_in_rounds(name: str, seed: int) -> None:
    given = world(name, seed)
    assert folded(given) == plainly(given)


@pytest.mark.parametrize("rounds", [0, 1, 2, 5])
@pytest.mark.parametrize("name", NAMES)
def test_persons_with_more_claims_than_there_are_rounds(
    name: str, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROUNDS", max(rounds, 1))
    monkeypatch.setattr(module, "FEWEST_PERSONS", 3 if rounds else 99)
    given = world(name, 20 + rounds)
    assert folded(given) == plainly(given)


@pytest.mark.parametrize("name", NAMES)
def test_one_claim_each(name: str) -> None:
    """Who has one claim is refused by a limit that allows none, and by nothing else."""
    given = world(name, 40, most=1)
    assert len(np.unique(given.part.key)) == len(given.part.key)
    found = folded(given)
    assert found == plainly(given)
    assert bool(found) == (name == "nothing")


@pytest.mark.parametrize("persons", [0, 1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_few_persons(name: str, persons: int) -> None:
    given = world(name, 50 + persons, persons=persons, most=30)
    assert folded(given) == plainly(given)


@pytest.mark.parametrize("name", ["many", "nothing"])
def test_more_kinds_than_a_packed_number_has_room_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KIND_MASK", 100)
    given = world(name, 60, persons=60)
    assert folded(given) == plainly(given)


def test_how_many_rounds_pay() -> None:
    """As many as the eighth person has claims, and never more than 96."""
    sizes = [[9] * 7, [9] * 8, [9] * 7 + [4], [500] * 8, [500] * 7 + [2]]
    assert [module._rounds(np.array(one)) for one in sizes] == [0, 9, 4, 96, 2]


def test_what_stands_in_the_way_is_one_number_for_each_claim() -> None:
    refused = Refused(
        np.array([3, 5, 2**31 - 1]), np.zeros(3, np.int8), np.zeros(3, np.int16), np.array([7, -1, 2**32 - 1])
    )
    assert [divmod(int(one), 2**32) for one in refused.in_the_way()] == [(3, 7), (2**31 - 1, 2**32 - 1)]
