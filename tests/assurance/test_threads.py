"""Eight threads share one fresh policy and start at once: each gets what one thread gets alone.

Nothing of the policy is worked out before they start (periods, vocabulary, memo, grid), so all of them do so together.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pandas as pd
import pytest

from subsidy import Policy, assess, assess_frame, explain, load_policy, quote, recalculate, verify
from subsidy.engine import assess as assessing
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.cells import cell_of
from subsidy.model.level import Level
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import frame_rows

THREADS = 8
PACKAGED = Path(__file__).parents[2] / "data"
DAY = date(2023, 9, 1)
Item = Mapping[str, Any]
Task = Callable[[Policy], object]


@pytest.fixture(autouse=True)
def switching_often() -> Iterator[None]:
    """Let threads take turns a thousand times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


# -- what each thread does ---------------------------------------------------------------


def tasks(claims: list[Item], payments: list[Item]) -> list[Task]:
    """Everything that is public and takes a policy."""
    frame = pd.DataFrame(claims)
    paid = pd.DataFrame(payments, columns=["claim_id", "amount", "paid_on"])
    codes = sorted({str(one["occupation"]) for one in claims})

    def quotes(policy: Policy) -> object:
        return [quote(code, level, DAY, policy=policy).model_dump() for code in codes for level in (Level.L5, Level.L3)]

    def decisions(policy: Policy) -> object:
        made = [assess(one, policy=policy) for one in claims]
        return [(one.model_dump(), one.steps) for one in made]

    def receipts(policy: Policy) -> object:
        made = [assess(one, policy=policy).receipt() for one in claims[:6]]
        assert all(verify(one, policy).ok for one in made)
        return made

    def words(policy: Policy) -> object:
        return [explain(assess(one, policy=policy), lang) for one in claims[:6] for lang in ("zh", "en")]

    def columns(policy: Policy) -> object:
        return frame_rows(assess_frame(frame, policy=policy))

    def adjustments(policy: Policy) -> object:
        found = recalculate(frame, paid, policy=policy).adjustments.astype(object)
        return found.where(found.notna(), None).to_dict("records")

    def earlier(policy: Policy) -> object:
        return columns(policy.as_known_on("2023-06-01"))

    def itself(policy: Policy) -> object:
        return policy.fingerprint, [texts.editions for texts in policy.periods], policy.catalog.on(DAY)

    return [quotes, decisions, receipts, words, columns, adjustments, earlier, itself]


def one_thread(of: list[Task], policy: Policy) -> list[object]:
    return [task(policy) for task in of]


def all_threads(of: list[Task], policy: Policy) -> list[list[object]]:
    """Start all at once; each begins with another task, so that each is the first to ask for something."""
    barrier = Barrier(THREADS)

    def run(number: int) -> list[object]:
        found: dict[int, object] = {}
        barrier.wait(timeout=60)
        for place in range(len(of)):
            task = (number + place) % len(of)
            found[task] = of[task](policy)
        return [found[task] for task in range(len(of))]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def alike(of: list[Task], fresh: Callable[[], Policy]) -> None:
    expected = one_thread(of, fresh())
    for number, found in enumerate(all_threads(of, fresh())):
        for task, wanted, got in zip(of, expected, found, strict=True):
            assert got == wanted, f"{task.__qualname__} differs in thread {number}"


# -- the tests ---------------------------------------------------------------------------


def few_claims(seed: int) -> tuple[list[Item], list[Item]]:
    """Give claims of five persons, and payments for every other one."""
    claims: list[Item] = [*any_claims(seeded(seed), 24)]
    paid: list[Item] = [
        {"claim_id": one["claim_id"], "amount": "1000.00", "paid_on": one["applied_on"] + timedelta(days=20)}
        for one in claims[::2]
    ]
    return claims, paid


@pytest.mark.parametrize("loops", ["never", "always"])
@pytest.mark.parametrize("seed", range(3))
def test_a_fresh_policy_of_any_kind(seed: int, loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, loops)
    alike(tasks(*few_claims(seed)), lambda: any_policy(seeded(seed)))


@pytest.mark.parametrize("loops", ["never", "always"])
def test_the_packaged_policy_freshly_loaded(loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, loops)
    claims, paid = few_claims(7)
    codes = ("4-04-05-05", "人工智能训练师", "焊工")
    claims = [dict(one) | {"occupation": codes[at % 3]} for at, one in enumerate(claims)]
    alike(tasks(claims, paid), lambda: load_policy(PACKAGED))


def test_a_race_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up that keeps what it was asked in one place for all threads gives one of them another's amount."""
    asked: dict[str, Any] = {}

    def careless(policy: Policy, *what: Any) -> Any:
        asked["what"] = what
        time.sleep(0.001)
        return cell_of(policy, *asked["what"])

    def quotes_at(level: Level) -> Task:
        return lambda policy: quote("4-04-05-05", level, DAY, policy=policy).model_dump()

    monkeypatch.setattr(assessing, "cell_of", careless)
    of = [quotes_at(level) for level in Level]
    assert one_thread(of, load_policy(PACKAGED)) == one_thread(of, load_policy(PACKAGED))
    with pytest.raises(AssertionError, match="differs in thread"):
        alike(of, lambda: load_policy(PACKAGED))
