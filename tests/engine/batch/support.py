"""Deciding a frame twice, as columns and claim by claim, and saying readably where the two differ."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pytest
from stdnum.cn.ric import calc_check_digit

from subsidy import Policy
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.sequence import assess_all
from subsidy.model.decision import Decision
from subsidy.model.errors import HistoryError
from subsidy.model.text import without_persons
from tests.policy.support import Item, edition
from tests.policy.support import policy as make_policy

OUTPUT = (
    "claim_id",
    "status",
    "reason",
    "detail",
    "blocked_by",
    "base_fen",
    "uplift_fen",
    "amount_fen",
    "confidence",
    "directory_edition",
    "catalog_edition",
    "rate_edition",
    "rules_edition",
)
AMOUNTS = ("base_fen", "uplift_fen", "amount_fen")
REQUIRED = ("claim_id", "person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on")
_MOST_SHOWN = 5
Row = tuple[Any, ...]
# By arrays, and by loops that numba compiles. A function that chooses its mutant by the environment can't be compiled.
WAYS = {"never": "arrays"} if os.environ.get("MUTANT_UNDER_TEST") else {"never": "arrays", "always": "loops"}
_forced: list[str] = []


@contextmanager
def forced(way: str) -> Iterator[str]:
    """Force one of both ways, whatever the number of rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, way)
        _forced.append(way)
        try:
            yield way
        finally:
            _forced.pop()


def ways() -> list[str]:
    """Give the way that is forced here already, else both."""
    return _forced[-1:] or [*WAYS]


# -- both ways ---------------------------------------------------------------------------


def plain(value: object) -> object:
    """Give a value of a decision as text or number."""
    return str(value) if isinstance(value, str) else value


def as_rows(decisions: Iterable[Decision]) -> list[Row]:
    return [tuple(plain(getattr(one, name)) for name in OUTPUT) for one in decisions]


def frame_rows(frame: pd.DataFrame) -> list[Row]:
    """Give the rows of a frame of decisions as plain values, with None for every null."""
    columns = []
    for name in OUTPUT:
        values = np.array(frame[name], dtype=object)
        values[pd.isna(values)] = None
        columns.append(values.tolist())
    return list(zip(*columns, strict=True))


def records(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Give the rows of a frame as pandas hands them out one by one."""
    return [] if frame is None else [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def one_by_one(claims: pd.DataFrame, history: pd.DataFrame | None = None, policy: Policy | None = None) -> list[Row]:
    """Decide a frame claim by claim."""
    return as_rows(assess_all(records(claims), records(history), policy=policy))


def same(
    claims: pd.DataFrame, history: pd.DataFrame | None = None, policy: Policy | None = None, **more: Any
) -> pd.DataFrame:
    """Decide a frame claim by claim and as columns, and compare every output column of every row; give the decisions.

    As columns by arrays and by loops, if neither is forced; claim by claim, which is slow, once for both. Where the
    plain way refuses the history, the frame must refuse it for the same reasons; none is decided then.
    """
    try:
        expected = one_by_one(claims, history, policy)
    except HistoryError as error:
        problems = error.problems
    else:
        return [_decided(way, expected, claims, history, policy, **more) for way in ways()][-1]
    for way in ways():
        with forced(way), pytest.raises(HistoryError) as caught:
            assess_frame(claims, history, policy, **more)
        also = caught.value.problems
        assert also == problems, f"loops {way}: batch {also[:3]}, one by one {problems[:3]}"
    return pd.DataFrame(columns=list(OUTPUT))


def same_both_ways(
    claims: pd.DataFrame, history: pd.DataFrame | None = None, policy: Policy | None = None
) -> pd.DataFrame:
    """Decide a frame by arrays, and where there is numba also by loops, whatever is forced; each as claim by claim."""
    found = []
    for way in ("never", "always")[: 1 + (find_spec("numba") is not None)]:
        with forced(way):
            found.append(same(claims, history, policy))
    assert found[0].equals(found[-1])
    return found[0]


def _decided(
    way: str, expected: list[Row], claims: pd.DataFrame, *history_and_policy: Any, **more: Any
) -> pd.DataFrame:
    with forced(way):
        found = assess_frame(claims, *history_and_policy, **more)
    assert tuple(found.columns) == OUTPUT
    assert len(found) == len(claims)
    assert found.index.equals(claims.index)
    assert found.index.names == claims.index.names
    rows = frame_rows(found)
    assert rows == expected, f"loops {way}: {difference(rows, expected, records(claims))}"
    return found


def decided(
    claims: pd.DataFrame, history: pd.DataFrame | None = None, policy: Policy | None = None, **more: Any
) -> pd.DataFrame:
    """Decide a frame as columns in each way, and demand that both say the same."""
    frames = []
    for way in ways():
        with forced(way):
            frames.append(assess_frame(claims, history, policy, **more))
    for other in frames[1:]:
        if not other.equals(frames[0]):
            pd.testing.assert_frame_equal(other, frames[0])  # says in words where; of categories it is very slow
            raise AssertionError(other, frames[0])
    return frames[0]


def difference(found: Sequence[Row], expected: Sequence[Row], claims: Sequence[Mapping[str, Any]] = ()) -> str:
    """Say in words where decisions differ: the first rows, and how many."""
    places = [row for row, (one, other) in enumerate(zip(found, expected, strict=True)) if one != other]
    return "\n".join((f"{len(places)} of {len(found)} rows differ", *_differing(places, found, expected, claims)))


def _differing(
    places: Sequence[int], found: Sequence[Row], expected: Sequence[Row], claims: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    for row in places[:_MOST_SHOWN]:
        yield f"row {row}:"
        for name, batch, single in zip(OUTPUT, found[row], expected[row], strict=True):
            if batch != single:
                yield f"  {name}: batch {batch!r}, one by one {single!r}"
        if row < len(claims):
            yield f"  claim: {without_persons(repr(dict(claims[row])))}"


# -- claims ------------------------------------------------------------------------------


@cache
def resident(number: int) -> str:
    """Make up a resident number, another one for each number below 20 million."""
    day, order = divmod(number, 1000)
    front = f"320506{date(1950, 1, 1) + timedelta(days=day):%Y%m%d}{order:03d}"
    return front + str(calc_check_digit(front + "0"))


def claim(claim_id: str | None = "C1", **more: Any) -> dict[str, Any]:
    """Make a record that `town()` pays."""
    return {
        "claim_id": claim_id,
        "person_id": "P",
        "person_id_type": "other",
        "occupation": "9-01-01-01",
        "level": "5",
        "certificate_no": f"S-{claim_id}",
        "certificate_date": date(2024, 1, 2),
        "applied_on": date(2024, 3, 1),
        "stream": "training",
        "insured_months": 24,
    } | more


def frame(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Make a frame of records, every column as Python objects."""
    return pd.DataFrame([dict(row) for row in rows], dtype=object)


# -- policies ----------------------------------------------------------------------------

OPEN = ("2000-01-01", "2000-01-01")
LEVELS = {"5": 1000, "4": 1500, "3": 2000, "2": 3000, "1": 4000, "special": 700}
OCCUPATIONS: list[Item] = [
    {"code": "9-01-01-01", "name": {"zh": "观云员", "en": "Cloud watcher"}, "category": "A", "digital": True},
    {"code": "9-01-01-02", "name": {"zh": "采雾工"}, "category": "B", "digital": False, "tags": ["starred"]},
    {"code": "9-01-01-03", "name": {"zh": "测风师"}, "aliases": ["风力测量员"], "former_codes": ["9-01-01-30"]},
]
AMOUNTS_OF_TOWN = {
    "training": {"A": LEVELS, "B": {level: amount + 10 for level, amount in LEVELS.items()}, "any": {"5": 55.5}},
    "skill_improvement": {"any": {level: amount + 20 for level, amount in LEVELS.items()}},
}
UPLIFTS: list[Item] = [{"id": "shortage", "rate": "0.30", "requires": ["shortage"]}]


def town(
    *procedures: tuple[str, Item],
    uplifts: Sequence[Item] = UPLIFTS,
    entries: Sequence[Item] = ({"occupation": "9-01-01-01", "levels": [5, 3]},),
    listed_from: str = OPEN[1],
) -> Policy:
    """Make a policy of a small town; procedures by their first day, left out: one that asks nothing."""
    rules = [
        edition(
            f"rules-{first}",
            first,
            first,
            procedure=procedure,
            entitlement={"uplifts": list(uplifts), "stacking": "highest"},
        )
        for first, procedure in procedures or ((OPEN[1], {}),)
    ]
    return make_policy(
        "9-01-01-09,云外客,yes\n",
        occupations=[edition("directory", *OPEN, occupations=OCCUPATIONS)],
        rates=[edition("rates", *OPEN, amounts=AMOUNTS_OF_TOWN)],
        catalog=[edition("list", OPEN[0], listed_from, entries=list(entries))],
        rules=rules,
    )
