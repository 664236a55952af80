"""What a law is: a name, the sentence of the policy that it checks, and a function that finds where it is broken."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from subsidy import Claim, Policy
from subsidy.model.text import without_persons
from subsidy.testing.drawn_claims import Record, claim_of
from subsidy.testing.implementations import ANSWER, Implementation, Row, rows_of
from subsidy.testing.world import World

__all__ = ["LAWS", "Broken", "Case", "Law", "NotSaid", "law"]

MONEY = ("status", "reason", "detail", "base_fen", "uplift_fen", "amount_fen")


class Broken(AssertionError):  # noqa: N818 - raised by a law as an assertion is, and shown as what it says
    """A law is broken: what it expects, what was found, and what was changed in the world, where something was."""

    def __init__(self, expected: object, found: object, changed: str = "") -> None:
        super().__init__(f"expected {expected}, found {found}" + (f" ({changed})" if changed else ""))
        self.expected, self.found, self.changed = str(expected), str(found), changed


class NotSaid(Exception):  # noqa: N818 - no error: the law says nothing of this world
    """The law says nothing of this world."""


class Case:
    """A world and what an implementation decides of it, asked once."""

    def __init__(self, implementation: Implementation, world: World) -> None:
        self.implementation, self.world = implementation, world
        self._answers: dict[World, list[Row] | Broken] = {}

    @property
    def policy(self) -> Policy:
        """The policy of the world."""
        return self.world.policy

    def answer(self, world: World) -> list[Row]:
        """Ask the implementation; an exception of its breaks whatever law asked."""
        if world not in self._answers:
            self._answers[world] = self._ask(world)
        found = self._answers[world]
        if isinstance(found, Broken):
            raise Broken(found.expected, found.found, found.changed)
        return found

    def _ask(self, world: World) -> list[Row] | Broken:
        try:
            return rows_of(self.implementation(world.claims, history=world.history, policy=world.policy))
        except Exception as error:  # noqa: BLE001 - whatever it raises, the answer is missing
            return Broken("a decision for each claim", without_persons(f"{type(error).__name__}: {error}"))

    def decide(self, world: World) -> list[Row]:
        """Ask the implementation; where rows are missing, or all are, another law is broken and this says nothing."""
        if world is not self.world:
            _ = self.rows  # where already the world as it is has no answers, a change of it says nothing
        try:
            rows = self.answer(world)
        except Broken:
            if world is self.world:
                raise NotSaid from None
            raise
        if len(rows) != len(world.claims):
            raise NotSaid
        return rows

    @cached_property
    def rows(self) -> list[Row]:
        """The decisions on the world as it is."""
        return self.decide(self.world)

    @cached_property
    def claims(self) -> list[Claim | None]:
        """The claims, typed; None for one that can't be used."""
        return [_typed(self.policy, record) for record in self.world.claims]

    @cached_property
    def history(self) -> list[Claim]:
        """The claims already paid, typed, in the order in which they count."""
        typed = [_typed(self.policy, record) for record in self.world.history]
        return sorted((one for one in typed if one is not None), key=in_order)

    def decided(self) -> Iterable[tuple[Claim, Row]]:
        """Give each usable claim that wasn't found invalid, with its decision."""
        return [
            (claim, row)
            for claim, row in zip(self.claims, self.rows, strict=True)
            if claim is not None and row.status != "invalid"
        ]

    def same(self, other: World, pairs: Sequence[tuple[int, int]], changed: str, *, of: Sequence[str] = ANSWER) -> None:
        """Demand that rows of this world have the decisions of rows of another, up to the fields asked for."""
        there = self.decide(other)
        for here, place in pairs:
            if any(getattr(self.rows[here], name) != getattr(there[place], name) for name in of):
                raise Broken(self.rows[here], there[place], changed)


def _typed(policy: Policy, record: Record) -> Claim | None:
    try:
        claim = claim_of(policy, record)
    except ValueError:
        return None
    return None if policy.vocabulary.code_of(claim.occupation) is None else claim


def in_order(claim: Claim) -> tuple[Any, str]:
    """Give the order in which claims count."""
    return claim.applied_on, claim.claim_id


@dataclass(frozen=True)
class Law:
    """A law that every implementation must keep.

    Parameters
    ----------
    name : str
        Its name, as reports and lists of known failures have it.
    sentence : str
        The sentence of the policy that it checks.
    worlds : str
        The kind of worlds that it is checked on.
    check : callable
        Takes a `Case` and raises `Broken`.
    """

    name: str
    sentence: str
    worlds: str
    check: Callable[[Case], None]

    def breach(self, implementation: Implementation, world: World) -> Broken | None:
        """Give how an implementation breaks this law in a world, None where it keeps it."""
        return self.breach_in(Case(implementation, world))

    def breach_in(self, case: Case) -> Broken | None:
        """The same, where other laws ask the same world."""
        try:
            self.check(case)
        except NotSaid:
            return None
        except Broken as broken:
            return broken
        return None


LAWS: dict[str, Law] = {}


def law(worlds: str) -> Callable[[Callable[[Case], None]], Law]:
    """Make a law of a function: its name, and the first paragraph of its docstring as the sentence."""

    def make(check: Callable[[Case], None]) -> Law:
        text = inspect.getdoc(check) or ""
        made = Law(check.__name__, " ".join(text.partition("\n\n")[0].split()), worlds, check)
        LAWS[made.name] = made
        return made

    return make
