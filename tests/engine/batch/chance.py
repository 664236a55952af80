"""Policies and claims by chance: every choice is made by a `Pick`, behind which hypothesis or a seed may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from subsidy import Confidence, Policy
from tests.policy.support import Item, edition
from tests.policy.support import policy as make_policy

T = TypeVar("T")


class Pick(Protocol):
    """Takes one of several; the first of them is the plainest, for hypothesis to end up with."""

    def __call__(self, of: Sequence[T], /) -> T: ...


def picks() -> st.SearchStrategy[Pick]:
    """Let hypothesis choose."""

    @st.composite
    def make(draw: st.DrawFn) -> Pick:
        return lambda of: draw(st.sampled_from(of))

    return make()


def seeded(seed: int) -> Pick:
    """Let a seed choose."""
    return Random(seed).choice  # noqa: S311 - made-up data needs no safe randomness


def some(pick: Pick, of: Sequence[T], *, at_least: int = 0) -> list[T]:
    """Take some of several, in their order."""
    taken = [one for one in of if pick((True, False))]
    return taken if len(taken) >= at_least else list(of[:at_least])


def maybe(pick: Pick, make: Callable[[], Item], *, often: bool = True) -> Item:
    return make() if pick((True, False) if often else (False, False, False, True)) else {}


# -- policies ----------------------------------------------------------------------------

X, Y, Z, LOCAL, CLASSIFIED = "9-01-01-01", "9-01-01-02", "9-01-01-03", "ITEM-7", "9-01-01-09"
FORMER = "9-01-01-30"
CLASSIFICATION = f"{CLASSIFIED},云外客,yes\n{X},观云员,no\n{Y},采雾工,no\n"
DAYS = ("2023-01-01", "2022-07-01", "2023-03-01", "2023-08-31", "2024-01-01", "2024-02-29", "2024-07-01")
STREAMS = ("training", "skill_improvement")
LEVELS = ("5", "4", "3", "2", "1", "special")
CONDITIONS = ("resident", "insured")
FACTS = ("shortage", "digital", "starred")


def any_policy(pick: Pick) -> Policy:
    """Make a policy with a few editions of each text: gaps, later texts, lists that add, all kinds of rules."""
    policy = make_policy(CLASSIFICATION, **any_texts(pick))
    if not pick((True, True, True, False)):
        policy = policy.as_known_on(pick(DAYS))
    return policy.with_minimum_confidence(pick((None, None, None, *Confidence)))


def any_texts(pick: Pick) -> dict[str, list[Item]]:
    """Make the editions of the four texts as plain data."""
    return {
        "occupations": [*_editions(pick, "directory", _directory)],
        "rates": [*_editions(pick, "rates", _rates)],
        "catalog": [*_editions(pick, "list", _catalog)],
        "rules": [*_editions(pick, "rules", _rules)],
    }


def _editions(pick: Pick, name: str, content: Callable[[Pick], Item]) -> Iterator[Item]:
    published = list(DAYS)
    settled = pick((True, True, True, False))  # else there may be days without a text
    for number in range(pick((1, 2, 3))):
        known = DAYS[1] if settled and not number else pick(published)
        published.remove(known)  # two texts of one day would be an error where both govern a date
        first = known if settled and not number else pick(DAYS[:5])
        last = None if settled and not number else pick((None, None, *(day for day in DAYS if day >= first)))
        one = edition(f"{name}-{number}", known, first, last, **content(pick))
        one["source"] = _source(pick)
        if not settled and pick((False, True)):
            later = pick([day for day in DAYS if day >= known])
            one["ended"] = {"last_day": pick(DAYS), "published_on": later, "source": _source(pick)}
        yield one


def _source(pick: Pick) -> Item:
    return {"document": "D", "confidence": str(pick((*Confidence, Confidence.OFFICIAL)))}


def _own_source(pick: Pick) -> Item:
    return maybe(pick, lambda: {"source": _source(pick)}, often=False)


def _directory(pick: Pick) -> Item:
    rows: list[Item] = [
        {"code": X, "name": {"zh": "观云员", "en": "Cloud watcher"}, "former_codes": [FORMER]},
        {"code": Y, "name": {"zh": "采雾工"}, "aliases": ["采雾 员"]},
        {"code": Z, "name": {"zh": "测风师"}},
        {"code": LOCAL, "name": {"zh": "云雾茶艺"}},
    ]
    rows = [
        row
        | maybe(pick, lambda: {"category": pick("ABC")})
        | maybe(pick, lambda: {"digital": pick((True, False))})
        | maybe(pick, lambda: {"tags": ["starred"]}, often=False)
        | _own_source(pick)
        for row in rows
    ]
    return {"covers": pick(("listed", "all")), "occupations": rows[:1] + some(pick, rows[1:3]) + rows[3:]}


def _amounts(pick: Pick) -> Item:
    return {level: pick((1000, 1500, 0.5, 333.33, 0)) for level in LEVELS if pick((True, True, True, False))}


def _table(pick: Pick) -> Item:
    return {stream: {row: _amounts(pick) for row in ("any", *some(pick, "ABC"))} for stream in STREAMS}


def _rates(pick: Pick) -> Item:
    own = maybe(pick, lambda: {"by_occupation": {pick(STREAMS): {pick((X, Y, CLASSIFIED)): _amounts(pick)}}})
    return {"amounts": _table(pick)} | own


def _catalog(pick: Pick) -> Item:
    entries = [
        {"occupation": code}
        | maybe(pick, lambda: {"levels": some(pick, LEVELS, at_least=2)})
        | maybe(pick, lambda: {"digital": pick((True, False))}, often=False)
        | maybe(pick, lambda: {"tags": ["starred"]}, often=False)
        | _own_source(pick)
        for code in some(pick, (X, Y, LOCAL, CLASSIFIED), at_least=1)
    ]
    return {"mode": pick(("replaces", "adds")), "complete": pick((True, True, False)), "entries": entries}


def _rules(pick: Pick) -> Item:
    entitlement: Item = {
        "uplifts": [_uplift(pick, number) for number in range(pick((1, 0, 2)))],
        "stacking": pick(("highest", "sum")),
        "rounding": {"to": pick(("fen", "jiao", "yuan")), "mode": pick(("half_up", "half_even", "down"))},
    }
    entitlement |= maybe(pick, lambda: {"ceiling": {pick(STREAMS): {"5": 1100, "3": 900}}}, often=False)
    return {"entitlement": entitlement, "procedure": _procedure(pick)}


def _uplift(pick: Pick, number: int) -> Item:
    worth = {"rate": pick(("0.30", "0.333", "0"))} if pick((True, False)) else {"amounts": _table(pick)}
    narrow = maybe(pick, lambda: {"levels": ["5", "3"], "streams": [pick(STREAMS)]}, often=False)
    return {"id": f"uplift-{number}", "requires": some(pick, FACTS)} | worth | narrow | _own_source(pick)


def _procedure(pick: Pick) -> Item:
    procedure: Item = {
        "entitlement_date": pick(("certificate_date", "applied_on", "training_filed_on")),
        "lower_after_higher": pick(("refuse", "allow")),
        "late_listing": pick(("pay_difference", "keep")),
        "limits": [_limit(pick, number) for number in range(pick((1, 0, 2, 3)))],
        "conditions": [
            {"id": name, "title": {"en": name}} | maybe(pick, lambda: {"streams": [pick(STREAMS)]})
            for name in some(pick, CONDITIONS)
        ],
    }
    window = {"claim_window": {"months": pick((12, 1, 0, 6)), "last_day": pick(("inclusive", "exclusive"))}}
    procedure |= maybe(pick, lambda: window, often=False)
    return procedure | maybe(pick, lambda: {"insured_months": {pick(STREAMS): 12}}, often=False)


def _limit(pick: Pick, number: int) -> Item:
    return {
        "id": f"limit-{number}",
        "at_most": pick((2, 1, 3, 0)),
        "per": pick(("calendar_year", "lifetime")),
        "streams": some(pick, STREAMS, at_least=1),
        "requires": [fact for fact in FACTS if not pick((True, True, True, False))],
        "except": [fact for fact in FACTS if not pick((True, True, True, False))],
    }


# -- claims ------------------------------------------------------------------------------

PERSONS = (
    ("11010519491231002X", None),
    ("P-1", "other"),
    ("320506199003070014", "resident"),
    ("11010519491231002X", "other"),
    ("P-1\U00020000", "其他"),
)
CODES = (X, Y, Z, LOCAL, CLASSIFIED, FORMER, "9-99-99-99")
# In the order of their code points, which isn't that of UTF-16; one is the beginning of another.
IDS = ("C", "C1", "C10", "C2", "C2\uff5f", "C2\U0001f600", "C\u4e00", "C\ufffd", "C\U00020000")
SHIFTS = (0, 1, 30, 31, 59, 60, 182, 365, 366, 400)


def any_claims(pick: Pick, rows: int, *, letter: str = "", persons: int = 0) -> list[Item]:
    """Make claims as plain facts, of few persons if not said otherwise; a letter keeps the ids of two frames apart."""
    made: list[Item] = []
    of = [(f"P-{number}", "other") for number in range(persons)] or PERSONS[: pick((5, 2, 3))]
    codes, levels = CODES[: pick((7, 2, 3))], LEVELS[: pick((6, 2, 3))]
    careless = pick((False, False, True))
    for number in range(rows):
        if made and careless and not pick((True,) * 30 + (False,)):
            made.append(dict(pick(made)))  # the same claim again
            continue
        person, kind = pick(of)
        issued = date.fromisoformat(pick(DAYS)) + timedelta(days=pick((0, 0, -1, 28)))
        repeated = careless and letter == "" and not pick((True,) * 20 + (False,))
        made.append(
            {
                "claim_id": letter + pick(IDS) + ("" if repeated else f"-{number}"),
                "person_id": person,
                "person_id_type": kind,
                "occupation": pick(codes),
                "level": pick(levels),
                "certificate_no": f"S{pick(range(3)) if not pick((True, True, False)) else f'-{letter}{number}'}",
                "certificate_date": issued,
                "applied_on": issued + timedelta(days=pick((*SHIFTS, -1 if careless else 0))),
                "stream": pick((*STREAMS, None)),
                "insured_months": pick((12, 24, 0, None)),
                "training_filed_on": pick((None, *(issued - timedelta(days=days) for days in (0, 200, -careless)))),
                "resident": pick((True, True, None, False)),
                "insured": pick((True, True, None, False)),
            }
        )
    return made
