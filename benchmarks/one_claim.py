"""One claim: `assess`, `quote` and `Claim` beside the same work by OpenFisca and zen (entitlement only)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any

from benchmarks.timing import Timed, side_by_side
from subsidy import Claim, Level, Stream, assess, load_policy, quote

ON = date(2023, 9, 1)
PERSON = "11010519491231002X"
CLAIM: dict[str, Any] = {
    "claim_id": "C1",
    "person_id": PERSON,
    "occupation": "4-04-05-05",
    "level": Level.L3,
    "certificate_no": "S1",
    "certificate_date": date(2023, 9, 1),
    "applied_on": date(2023, 10, 8),
}
PEERS = {"OpenFisca": "benchmarks.peer_openfisca", "zen": "benchmarks.peer_zen"}


def cells() -> Iterator[tuple[str, Level]]:
    """Every listed occupation at every level."""
    directory = load_policy().texts_on(ON).directory
    assert directory is not None
    return ((row.code, level) for row in directory.occupations for level in Level)


def peer(name: str) -> Callable[[str, str], float]:
    """Make a peer, and see that it gives our amounts in every cell."""
    work: Callable[[str, str], float] = import_module(PEERS[name]).entitlement(load_policy(), ON)
    for code, level in cells():
        ours = quote(code, level, ON, stream=Stream.TRAINING).amount
        theirs = work(code, level.value)
        assert round(theirs, 2) == float(ours), (name, code, level, theirs, ours)
    return work


def run() -> dict[str, Timed]:
    """Time all of it in one run."""
    policy = load_policy()
    claim = Claim(**CLAIM)
    text = CLAIM | {"level": "三级", "certificate_date": "2023-09-01", "applied_on": "2023-10-08"}
    history = [
        Claim(**(CLAIM | {"claim_id": f"H{code[-1]}", "certificate_no": f"T{code[-1]}", "occupation": code}))
        for code in ("4-04-05-06", "4-04-05-07")
    ]
    works: dict[str, Callable[[], object]] = {
        "assess, no history": lambda: assess(claim, policy=policy),
        "assess, two claims of history": lambda: assess(claim, history, policy=policy),
        "assess and steps": lambda: assess(claim, policy=policy).steps,
        "Claim from typed values": lambda: Claim(**CLAIM),
        "Claim from text": lambda: Claim.model_validate(text),
        "quote (entitlement only)": lambda: quote("4-04-05-05", Level.L3, ON, policy=policy),
    }
    for name in PEERS:
        try:
            one = peer(name)
        except ModuleNotFoundError as error:
            print(f"{name} isn't installed ({error.name}): left out")
            continue
        works[f"{name} (entitlement only)"] = lambda one=one: one("4-04-05-05", "3")  # type: ignore[misc]
    return side_by_side(works)
