"""Small worlds: every way in which one person can make up to three claims of a few kinds.

A person's decisions depend on that person's claims only, so each world is a person and thousands of worlds stand
in one frame. What is decided of the first claims does not depend on later ones, so the worlds of three claims hold
those of one and two. The plain side is the engine for one claim, asked along the tree of worlds: a claim is decided
once for all worlds in which the same claims count before it; that it is what `assess_all` does is checked on a part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import product
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from subsidy import Claim, Level, Policy, Status, Stream
from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.decide import decide
from subsidy.engine.ledger import Case, Ledger, case_of
from subsidy.model.decision import Decision
from tests.engine.batch.support import OUTPUT, Row, claim, difference, forced, frame_rows, ways

PLACES = 3
# Which of a person's certificates are the same, up to their names: a world has one, two or three.
CERTIFICATES = ("AAA", "AAB", "ABA", "ABB", "ABC")
Numbers = npt.NDArray[np.int64]


class Kind(NamedTuple):
    """A claim without its person, id and certificate."""

    occupation: str
    level: Level
    stream: Stream
    applied_on: date
    more: tuple[tuple[str, Any], ...] = ()

    def record(self) -> dict[str, Any]:
        return claim(
            occupation=self.occupation,
            level=str(self.level),
            stream=str(self.stream),
            applied_on=self.applied_on,
            certificate_date=date(2023, 7 if self.stream is Stream.TRAINING else 6, 3),
            **dict(self.more),
        )


def kinds_of(
    occupations: Sequence[str],
    levels: Sequence[Level],
    streams: Sequence[Stream],
    days: Sequence[date],
    more: Sequence[dict[str, Any]] = ({},),
) -> list[Kind]:
    return [
        Kind(code, level, stream, day, tuple(extra.items()))
        for day, code, level, stream, extra in product(days, occupations, levels, streams, more)
    ]


class Worlds(NamedTuple):
    """Worlds of three claims each: for each place the kind's number, and which certificates are the same.

    The first `paid` of the three were given as history; the others are claims, in the order in which they count.
    """

    kinds: list[Kind]
    paid: int
    chosen: Numbers  # one row for each world: three kinds, then the place in CERTIFICATES

    def __len__(self) -> int:
        return len(self.chosen)


def all_worlds(kinds: list[Kind], *, paid: int = 0) -> Worlds:
    """Give every world of three claims: history in its order, then claims in theirs, each of any kind."""
    days = np.array([kind.applied_on.toordinal() for kind in kinds])
    each, which = np.arange(len(kinds)), np.arange(len(CERTIFICATES))
    first, second, certificates, third = np.meshgrid(each, each, which, each, indexing="ij")
    chosen = np.stack([first, second, third, certificates], axis=-1).reshape(-1, PLACES + 1)
    ordered = np.ones(len(chosen), dtype=np.bool_)
    for place in range(PLACES - 1):
        if place + 1 != paid:  # history may have been applied for later than the claims
            ordered &= days[chosen[:, place]] <= days[chosen[:, place + 1]]
    return Worlds(kinds, paid, chosen[ordered])


def number_of_worlds(kinds: list[Kind], *, paid: int = 0) -> int:
    """Count the same worlds by arithmetic, so that none is missing."""
    days = sorted({kind.applied_on for kind in kinds})
    alike = len(kinds) // len(days)
    assert len(kinds) == alike * len(days)
    three = len(days)
    ways = {0: three * (three + 1) * (three + 2) // 6, 1: three**2 * (three + 1) // 2, 2: three**2 * (three + 1) // 2}
    return ways[paid] * alike**3 * len(CERTIFICATES)


# -- the frame of all worlds -------------------------------------------------------------


def frames(worlds: Worlds, *, shuffled: bool = True) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Write worlds as a frame of claims and one of history; rows in no order, and ids in the order that counts."""
    order = np.random.default_rng(1).permutation(len(worlds)) if shuffled else np.arange(len(worlds))
    parts: list[list[pd.DataFrame]] = [[], []]
    for place in range(PLACES):
        parts[place >= worlds.paid].append(_part(worlds, place, order))
        order = order[::-1]
    claims, past = (pd.concat(some, ignore_index=True) if some else None for some in (parts[1], parts[0]))
    assert claims is not None
    return claims, past


def _part(worlds: Worlds, place: int, order: Numbers) -> pd.DataFrame:
    kinds = pd.DataFrame([kind.record() for kind in worlds.kinds])
    columns: pd.DataFrame = kinds.iloc[worlds.chosen[order, place]].reset_index(drop=True)
    persons = pd.Series(order).astype(str)
    letters = np.array([letters[place] for letters in CERTIFICATES])
    columns["person_id"] = persons
    columns["claim_id"] = persons + f"-{place}"
    columns["certificate_no"] = letters[worlds.chosen[order, PLACES]] + persons
    return columns


# -- both answers ------------------------------------------------------------------------


def decided_as_columns(worlds: Worlds, policy: Policy, **more: Any) -> tuple[Numbers, list[Row]]:
    """Decide all worlds in one frame; an answer's number for each world and claim, and the answers.

    In an answer a claim id is only the place of the claim.
    """
    claims, past = frames(worlds)
    found = assess_frame(claims, past, policy, **more)
    assert found["claim_id"].tolist() == claims["claim_id"].tolist()
    world, place = claims["person_id"].astype(int), claims["claim_id"].str[-1]
    blocked = found["blocked_by"].dropna()
    assert (blocked.str[:-2] == claims["person_id"][blocked.index]).all()
    found["claim_id"] = place
    found["blocked_by"] = blocked.str[-1].reindex(found.index)
    numbers = np.zeros(len(found), dtype=np.int64)
    for name in OUTPUT:
        codes, known = pd.factorize(found[name], use_na_sentinel=False)
        numbers = numbers * len(known) + codes
        numbers, answered = pd.factorize(numbers)
    first = np.unique(numbers, return_index=True)[1]
    assert len(first) == len(answered)
    answers = frame_rows(found.iloc[first])
    by_world = np.full((len(worlds), PLACES), -1)
    by_world[world.to_numpy(), place.astype(int).to_numpy()] = numbers
    return by_world, answers


Asked = tuple[int, int, str]
"""A claim as it is asked: its kind's number, its place and its certificate."""


class OneByOne:
    """Decides worlds claim by claim, each claim once for all worlds in which the same claims count before it."""

    def __init__(self, worlds: Worlds, policy: Policy) -> None:
        self.worlds, self.policy = worlds, policy
        self.answers: dict[Row, int] = {}
        self._decided: dict[tuple[Asked, ...], tuple[int, bool]] = {}
        self._ledgers: dict[tuple[Asked, ...], Ledger] = {}
        self._cases = {
            (number, place, letter): self._case(kind, place, letter)
            for number, kind in enumerate(worlds.kinds)
            for place in range(PLACES)
            for letter in "ABC"
        }

    def _case(self, kind: Kind, place: int, letter: str) -> Case:
        made = Claim.model_validate(
            {
                name: value
                for name, value in kind.record().items()
                if name not in {*self.policy.vocabulary.conditions, "claim_id", "certificate_no"}
            }
            | {"claim_id": str(place), "certificate_no": letter}
            | {"conditions": {name: dict(kind.more).get(name) for name in self.policy.vocabulary.conditions}}
        )
        code = self.policy.vocabulary.code_of(kind.occupation)
        assert code is not None
        return case_of(self.policy, made, code)

    def decided(self) -> Numbers:
        """Give an answer's number for each world and claim; -1 for what was given as history."""
        found: list[list[int]] = []
        counted: tuple[Asked, ...] = ()
        numbers: list[int] = []
        shown = None
        for one, other, third, which in self.worlds.chosen.tolist():
            letters = CERTIFICATES[which]
            first = ((one, 0, letters[0]), (other, 1, letters[1]))
            if first != shown:
                (counted, numbers), shown = self._beginning(first), first
            found.append([*numbers, self._ask((third, 2, letters[2]), counted)[0]])
        return np.array(found)

    def _beginning(self, claims: Sequence[Asked]) -> tuple[tuple[Asked, ...], list[int]]:
        """Give what counts of the first claims, and an answer's number for each."""
        counted: tuple[Asked, ...] = ()
        numbers = []
        for place, asked in enumerate(claims):
            number, counts = self._ask(asked, counted) if place >= self.worlds.paid else (-1, True)
            counted = (*counted, asked) if counts else counted
            numbers.append(number)
        return counted, numbers

    def _ask(self, asked: Asked, counted: tuple[Asked, ...]) -> tuple[int, bool]:
        key = (*counted, asked)
        if key not in self._decided:
            decision = decide(self.policy, self._cases[asked], self._ledger(counted))
            number = self.answers.setdefault(_answer(decision), len(self.answers))
            self._decided[key] = number, decision.status is Status.PAYABLE
        return self._decided[key]

    def _ledger(self, counted: tuple[Asked, ...]) -> Ledger:
        if counted not in self._ledgers:
            made = self._ledgers[counted] = Ledger(self.policy)
            for before in counted:
                made.add(self._cases[before])
        return self._ledgers[counted]


_answer: Callable[[Decision], Row] = attrgetter(*OUTPUT)


def compare(worlds: Worlds, policy: Policy, **more: Any) -> list[Row]:
    """Decide all worlds claim by claim, and as columns in each way; give the answers that there were."""
    single = OneByOne(worlds, policy)
    expected = single.decided()
    for way in ways():
        with forced(way):
            _compare(way, worlds, single, expected, *decided_as_columns(worlds, policy, **more))
    assert (expected[:, worlds.paid :] >= 0).all()
    return list(single.answers)


def _compare(
    way: str, worlds: Worlds, single: OneByOne, expected: Numbers, numbers: Numbers, answers: list[Row]
) -> None:
    known = list(single.answers)
    same_as = np.array([*(single.answers.get(answer, -2) for answer in answers), -1])
    different = np.flatnonzero((same_as[numbers] != expected).any(axis=1))
    if len(different):
        world = int(different[0])
        claims = [worlds.kinds[kind].record() for kind in worlds.chosen[world, :PLACES]]
        letters = CERTIFICATES[worlds.chosen[world, PLACES]]
        raise AssertionError(
            f"loops {way}: {len(different)} of {len(worlds)} worlds differ; world {world} (certificates {letters}, "
            f"{worlds.paid} given as history): {claims}\n"
            + difference(
                [answers[number] for number in numbers[world, worlds.paid :]],
                [known[number] for number in expected[world, worlds.paid :]],
            )
        )
