"""`check_implementation`: every law against one implementation, each broken one with a small example, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from textwrap import indent
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st

from subsidy import InputError
from subsidy.testing.drawn_policies import policies
from subsidy.testing.drawn_texts import MANY_LIMITS, MANY_UPLIFTS, Plain
from subsidy.testing.implementations import Implementation
from subsidy.testing.laws import LAWS, Broken, Case, Law
from subsidy.testing.world import World, worlds

__all__ = ["LawsBrokenError", "Outcome", "Report", "check_implementation", "report_on"]

ROWS = LAWS["rows_out_are_rows_in"]
MAX_EXAMPLES = 100
MOST_SHRINKS = 300
_MOST_SEEDS = 1_000_000


@dataclass(frozen=True)
class Outcome:
    """What became of one law.

    Parameters
    ----------
    law : Law
        The law.
    broken : Broken or None
        Expected and found; None where it held.
    example : World or None
        The smallest world found in which it is broken.
    known : bool
        Whether the law stood among the known failures.
    """

    law: Law
    broken: Broken | None = None
    example: World | None = None
    known: bool = False

    @property
    def held(self) -> bool:
        """Whether the law held."""
        return self.broken is None

    @property
    def ok(self) -> bool:
        """Whether this is as it was said to be: held, or broken and known."""
        return self.held is not self.known

    def __str__(self) -> str:
        if self.broken is None:
            state = "HOLDS, though it is listed as a known failure: take it off the list" if self.known else "held"
            return f"{self.law.name}: {state}"
        lines = [
            f"{self.law.name}: BROKEN" + (" (known)" if self.known else ""),
            f"  law:      {self.law.sentence}",
            f"  expected: {self.broken.expected}",
            f"  found:    {self.broken.found}",
        ]
        if self.broken.changed:
            lines.append(f"  when:     {self.broken.changed}")
        if self.example is not None:
            lines += ["  smallest example:", indent(repr(self.example), "    ")]
        return "\n".join(lines)


@dataclass(frozen=True)
class Report:
    """What became of each law; its text is for people."""

    outcomes: tuple[Outcome, ...]
    max_examples: int
    seed: int

    @property
    def ok(self) -> bool:
        """Whether every law held, but for the known failures, and each of those is still broken."""
        return all(one.ok for one in self.outcomes)

    @property
    def broken(self) -> dict[str, Outcome]:
        """The broken laws by name."""
        return {one.law.name: one for one in self.outcomes if not one.held}

    def __str__(self) -> str:
        bad = [one for one in self.outcomes if not one.ok or not one.held]
        head = (
            f"{sum(one.held for one in self.outcomes)} of {len(self.outcomes)} laws held "
            f"({self.max_examples} worlds of each kind, seed {self.seed})"
        )
        return "\n\n".join([head, *map(str, bad)])


class LawsBrokenError(AssertionError):
    """An implementation breaks laws; ``report`` holds which, and the message is its text."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report


def check_implementation(
    implementation: Implementation,
    *,
    laws: Collection[str] | None = None,
    max_examples: int = MAX_EXAMPLES,
    seed: int = 0,
    known_failures: Collection[str] = (),
    most_shrinks: int = MOST_SHRINKS,
) -> Report:
    """Check an implementation against the laws of the policy.

    Parameters
    ----------
    implementation : callable
        See `Implementation`; `one_by_one` and `by_frame` make one of two common shapes.
    laws : names, optional
        Which laws; left out: all. ``rows_out_are_rows_in`` is checked beside them, on their worlds: without answers no
        law says anything. Once each of them is found broken, no further world is decided.
    max_examples : int
        How many worlds of each kind.
    seed : int
        Another seed, other worlds. The same seed gives the same worlds again.
    known_failures : names
        Laws that are known to be broken. One of them that holds is an error too, so that the list stays true.
    most_shrinks : int
        How many smaller worlds are tried for each broken law; 0: the first one found is shown.

    Returns
    -------
    Report
        In which every law held (but for the known failures).

    Raises
    ------
    LawsBrokenError
        Otherwise; its message says in words which law is broken, and on which smallest example.
    InputError
        If there is no law of a name.

    Examples
    --------
    >>> from subsidy import assess_frame
    >>> from subsidy.testing import by_frame, check_implementation
    >>> print(check_implementation(by_frame(assess_frame), laws=["amount_is_base_plus_uplift"], max_examples=10))
    2 of 2 laws held (10 worlds of each kind, seed 0)
    """
    report = report_on(
        implementation,
        laws=laws,
        max_examples=max_examples,
        seed=seed,
        known_failures=known_failures,
        most_shrinks=most_shrinks,
    )
    if not report.ok:
        raise LawsBrokenError(report)
    return report


def report_on(
    implementation: Implementation,
    *,
    laws: Collection[str] | None = None,
    max_examples: int = MAX_EXAMPLES,
    seed: int = 0,
    known_failures: Collection[str] = (),
    most_shrinks: int = MOST_SHRINKS,
) -> Report:
    """Give the report of `check_implementation` without raising where laws are broken."""
    names = dict.fromkeys(_known_names(LAWS if laws is None else laws))
    asked, known = [LAWS[name] for name in names] or [ROWS], set(_known_names(known_failures))
    breaches: dict[str, Breach] = {}
    for kind in dict.fromkeys(one.worlds for one in asked):
        of_kind = [one for one in asked if one.worlds == kind]
        breaches = _first_breaches(implementation, of_kind, kind, max_examples, seed * _MOST_SEEDS) | breaches
    outcomes = []
    for one in dict.fromkeys([ROWS, *asked]):
        found = breaches.get(one.name)
        if found is not None and most_shrinks:
            found = _smallest(implementation, one, found, most_shrinks)
        broken, example = (None, None) if found is None else (found.broken, found.world)
        outcomes.append(Outcome(one, broken, example, one.name in known))
    return Report(tuple(outcomes), max_examples, seed)


def _known_names(names: Iterable[str]) -> list[str]:
    wanted = list(names)
    for name in wanted:
        if name not in LAWS:
            raise InputError("laws", name, f"one of {', '.join(LAWS)}")
    return wanted


# -- worlds of each kind -----------------------------------------------------------------

_NO_PROCEDURE: dict[str, Any] = {"claim_window": st.none(), "insured_months": {}, "conditions": []}
_PLAIN_UPLIFTS: tuple[list[Plain], ...] = (
    [{"id": "listed", "rate": "0.30", "requires": ["shortage"]}],
    [],
    [{"id": "listed", "rate": "0.30", "requires": ["shortage", "digital"]}],
)
_WINDOWS: tuple[Plain, ...] = (
    {"months": 12},
    {"months": 12, "last_day": "exclusive"},
    {"months": 6},
    {"months": 1, "last_day": "exclusive"},
)
_INSURED: tuple[Plain, ...] = ({"training": 12}, {"skill_improvement": 12}, {"training": 6, "skill_improvement": 36})
_CONDITIONS: tuple[list[Plain], ...] = (
    [{"id": "resident", "title": {"en": "Resident"}}],
    [{"id": "resident", "title": {"en": "Resident"}, "streams": ["training"]}],
    [
        {"id": "insured_then", "title": {"en": "Insured then"}, "streams": ["skill_improvement"]},
        {"id": "resident", "title": {"en": "Resident"}},
    ],
)


@cache
def worlds_of(kind: str) -> st.SearchStrategy[World]:
    """Give the strategy of one kind of worlds: each stresses a part of the policy and leaves the rest plain."""
    uplifts = st.sampled_from(_PLAIN_UPLIFTS)
    kinds: Mapping[str, Callable[[], st.SearchStrategy[World]]] = {
        "any": lambda: worlds(invalid=10),
        "records": lambda: worlds(policy=policies(editions=1, gaps=False), invalid=30),
        "money": lambda: worlds(
            policy=policies(editions=st.sampled_from((1, 2, 3, 2)), uplifts=MANY_UPLIFTS, limits=[], **_NO_PROCEDURE),
            persons=6,
            most_claims=5,
            most_history=1,
            prompt=True,
            certificates=False,
        ),
        "procedure": lambda: worlds(
            policy=policies(
                editions=st.sampled_from((1, 2)),
                gaps=False,
                complete=True,
                uplifts=uplifts,
                claim_window=st.sampled_from(_WINDOWS),
                insured_months=st.sampled_from(_INSURED),
                conditions=st.sampled_from(_CONDITIONS),
                limits=[],
            ),
            persons=6,
            most_claims=5,
            most_history=0,
        ),
        "history": lambda: worlds(
            policy=policies(editions=1, gaps=False, uplifts=uplifts, limits=MANY_LIMITS, **_NO_PROCEDURE),
            persons=st.sampled_from((1, 1, 2, 3)),
            most_claims=6,
            prompt=True,
        ),
    }
    return kinds[kind]()


class Breach(NamedTuple):
    """How a law is broken, in which world, of which kind, drawn from which seed."""

    broken: Broken
    world: World
    kind: str
    seed: int


class _Enough(BaseException):
    """Ends a run of hypothesis; no exception, which it would take for a failure."""


def _run(kind: str, check: Callable[[World], None], phases: tuple[Phase, ...], max_examples: int, number: int) -> None:
    """Draw worlds of a kind: the same ones for the same number, whatever is checked."""
    chosen = settings(
        max_examples=max_examples,
        phases=phases,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(chosen(given(worlds_of(kind))(check)))()


# After its first ten worlds hypothesis varies each of them a few times; new ones find more, so we begin anew.
_AT_ONCE = 11


@lru_cache(256)
def _drawn(kind: str, number: int, several: int) -> tuple[World, ...]:
    """Draw some worlds, kept for the next implementation; whatever is checked, they are the same."""
    found: list[World] = []

    def keep(world: World) -> None:
        found.append(world)

    _run(kind, keep, (Phase.generate,), several, number)
    return tuple(found)


def _first_breaches(
    implementation: Implementation, laws: list[Law], kind: str, max_examples: int, number: int
) -> dict[str, Breach]:
    """Find for each law the first world that breaks it; each world is decided once for all laws.

    Where rows are missing most laws say nothing, so that is found out beside them; it prolongs no search.
    """
    found: dict[str, Breach] = {}
    searched = dict.fromkeys([ROWS, *laws])
    for start in range(0, max_examples, _AT_ONCE):
        # Each run begins with the simplest world of all, which the first run has checked.
        for world in _drawn(kind, number + start, min(_AT_ONCE, max_examples - start))[start > 0 :]:
            case = Case(implementation, world)
            for law in searched:
                broken = None if law.name in found else law.breach_in(case)
                if broken is not None:
                    found[law.name] = Breach(broken, world, kind, number + start)
            if all(law.name in found for law in laws):
                return found
    return found


def _smallest(implementation: Implementation, law: Law, found: Breach, most_shrinks: int) -> Breach:
    """Let hypothesis look for a smaller world that breaks a law; the last it found is the smallest."""
    best, tried = found, 0

    def check(world: World) -> None:
        nonlocal best, tried
        broken = law.breach(implementation, world)
        tried += broken is not None or tried > 0  # counted from the first breach on
        if broken is not None and len(repr(world)) <= len(repr(best.world)):
            best = Breach(broken, world, found.kind, found.seed)
        if tried > most_shrinks:
            raise _Enough
        if broken is not None:
            raise broken

    try:
        _run(found.kind, check, (Phase.generate, Phase.shrink), _AT_ONCE, found.seed)
    except (Broken, _Enough):
        pass
    except Exception as error:  # noqa: BLE001 - an implementation that answers now so, now so: hypothesis calls it flaky
        best.broken.changed = best.broken.changed or f"not the same each time ({type(error).__name__})"
    return _bare(implementation, law, best)


def _bare(implementation: Implementation, law: Law, found: Breach) -> Breach:
    """Leave out every record and text whose absence leaves the law broken."""
    again = True
    while again:
        again = False
        for smaller in _smaller(found.world):
            broken = law.breach(implementation, smaller)
            if broken is not None:
                found, again = found._replace(broken=broken, world=smaller), True
                break
    return found


def _smaller(world: World) -> Iterator[World]:
    """Give the world with one record or one edition less."""
    for name in ("claims", "history"):
        rows = getattr(world, name)
        for place in range(len(rows)):
            yield world.having(**{name: rows[:place] + rows[place + 1 :]})
    for name in ("directory", "rates", "catalog_editions", "rules"):
        editions = getattr(world.policy, name)
        for place in range(len(editions)):
            fewer: dict[str, Any] = {name: editions[:place] + editions[place + 1 :]}
            yield world.having(policy=replace(world.policy, **fewer))
