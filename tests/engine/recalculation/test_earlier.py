"""Whether a text of *then* asks no more of a claim than the text of now, and what it counts if it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from subsidy import Level, Stream
from subsidy.engine.batch.grid import Kind
from subsidy.engine.recalculation.earlier import Asking, _asks_no_more, _counts, _Paid, no_stricter
from subsidy.policy.policy import Policy
from subsidy.policy.texts import Procedure
from tests.engine.recalculation import hand
from tests.engine.recalculation.test_now import settled
from tests.policy.support import edition
from tests.policy.support import policy as make_policy

KIND = Kind(Stream.TRAINING, Level("4"), frozenset())
LISTED = KIND._replace(facts=frozenset({"shortage"}))


def _limit(at_most: int, per: str = "calendar_year", **more: Any) -> hand.Item:
    return {"id": f"{per}-{at_most}-{len(more)}", "at_most": at_most, "per": per} | more


def _procedure(*limits: hand.Item, lower: str = "refuse") -> Procedure:
    return hand.town(limits=list(limits), lower_after_higher=lower).rules[0].procedure


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (_procedure(), _procedure(), True),
        (_procedure(lower="allow"), _procedure(), True),
        (_procedure(), _procedure(lower="allow"), False),
        (_procedure(_limit(2)), _procedure(_limit(1)), True),
        (_procedure(_limit(1)), _procedure(_limit(1)), True),
        (_procedure(_limit(1)), _procedure(_limit(2)), False),
        (_procedure(_limit(2)), _procedure(_limit(3), _limit(2)), True),
        (_procedure(_limit(1)), _procedure(), False),
        (_procedure(), _procedure(_limit(1)), True),
        (_procedure(_limit(1)), _procedure(_limit(1, "lifetime")), False),
        (_procedure(_limit(1, requires=["shortage"])), _procedure(), True),
        (_procedure(_limit(1) | {"except": ["shortage"]}), _procedure(_limit(1)), False),
        (_procedure(_limit(1), _limit(1, "lifetime")), _procedure(_limit(1)), False),
    ],
)
def test_asks_no_more(then: Procedure, now: Procedure, expected: bool) -> None:
    assert _asks_no_more(then, KIND, now, KIND) is expected


@pytest.mark.parametrize("unread", [{"level": None}, {"stream": None}])
def test_of_what_cannot_be_read_nothing_is_said(unread: Any) -> None:
    one, other = _procedure(), KIND._replace(**unread)
    assert not _asks_no_more(one, other, one, KIND)
    assert not _asks_no_more(one, KIND, one, other)


def test_what_bars_depends_on_the_level() -> None:
    """A claim of level 5 is barred by more than one of level 3: whoever was let through as 3 wasn't asked of them."""
    one = _procedure()
    low, high = (KIND._replace(level=Level(level)) for level in "53")
    assert _asks_no_more(one, high, one, high)
    assert not _asks_no_more(one, low, one, high)


DAY = date(2023, 5, 1)
LIMITS = [_limit(1, requires=["shortage"]), _limit(2), _limit(3, "lifetime")]


def _lets(paid: list[tuple[Kind, date]], limits: list[hand.Item], kind: Kind, *, code: int = 9, no: str = "S") -> bool:
    procedure = _procedure(*limits)
    so_far = _Paid({_counts(limit): limit for limit in procedure.limits})
    for number, (one, day) in enumerate(paid):
        so_far.add(one, f"S{number}", number, day)
    return so_far.lets(Asking(0, 0, kind, procedure), no, code, DAY)


def test_limits_count_what_they_bind() -> None:
    other = date(2022, 5, 1)
    assert _lets([(KIND, DAY)], LIMITS, KIND)
    assert not _lets([(KIND, DAY), (KIND, DAY)], LIMITS, KIND)
    assert not _lets([(LISTED, DAY)], LIMITS, LISTED)
    assert _lets([(LISTED, DAY)], LIMITS, KIND)
    assert _lets([(KIND, DAY)], LIMITS, LISTED)
    assert _lets([(KIND, other), (KIND, DAY)], LIMITS, KIND)
    assert not _lets([(KIND, other), (KIND, other), (KIND, DAY)], LIMITS, KIND)
    assert _lets([(KIND._replace(stream=None), DAY)] * 4, LIMITS, KIND)
    assert _lets([(KIND._replace(dated=False), DAY)] * 2, LIMITS, KIND)
    assert not _lets([(KIND._replace(dated=False), DAY)] * 3, LIMITS, KIND)


def test_certificates_and_levels() -> None:
    paid = [(KIND, DAY)]
    assert not _lets(paid, [], KIND, no="S0")
    assert not _lets(paid, [], KIND, code=0)
    assert not _lets(paid, [], KIND._replace(level=Level("5")), code=0)
    assert _lets(paid, [], KIND._replace(level=Level("3")), code=0)
    assert _lets([(KIND._replace(level=None), DAY)], [], KIND, code=0)
    for unread in (KIND._replace(level=None), KIND._replace(stream=None)):
        assert not _lets([], [], unread)
    so_far = _Paid({})
    so_far.add(KIND, "S0", -1, DAY)  # what occupation it was can't be read
    assert so_far.lets(Asking(0, 0, KIND, _procedure()), "S", -1, DAY)


def _ruled(*procedures: hand.Item) -> Policy:
    days = (hand.FIRST, "2023-02-15", "2023-03-15")
    rules = [edition(day, day, day, procedure=one) for day, one in zip(days, procedures, strict=False)]
    return replace(hand.town(), rules=make_policy(rules=rules).rules)


def test_each_claim_by_its_own_text() -> None:
    """Of two policies with several texts: the pairs of texts that claims stand under, each asked once."""
    strict: hand.Item = {}
    allow, limited = {"lower_after_higher": "allow"}, {"limits": [_limit(1)]}
    _, now, _ = settled(_ruled(allow, strict, limited))
    _, then, _ = settled(_ruled(strict, limited, allow))
    rows = np.array([0, 1, 3, 5, 4])
    kind = then.law.grid.kind.take(then.standing.cell.take(rows))
    procedure = then.standing.procedure.take(rows)
    found = no_stricter(now, rows, then.law, kind, procedure)
    assert (found.tolist(), found.dtype) == ([False, False, True, False, False], np.dtype(np.bool_))
    own = now.law.grid.kind.take(now.standing.cell.take(rows))
    assert no_stricter(now, rows, now.law, own, now.standing.procedure.take(rows)).tolist() == [True] * 4 + [False]
