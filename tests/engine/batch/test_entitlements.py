"""What the texts alone give, row by row, against the cell that one claim falls into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
import pytest

from subsidy import Policy
from subsidy.engine.batch import entitlements as module
from subsidy.engine.batch.calendar import MOST_DAYS
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.entitlements import NO_AMOUNT, entitlements
from subsidy.engine.ledger import case_of
from subsidy.engine.records import Unusable, read_record
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import OPEN, claim, frame, records, town
from tests.engine.batch.writings import table

NONE = (NO_AMOUNT, NO_AMOUNT, 0)
ASKED = {"occupation", "level", "stream", "certificate_date", "applied_on", "training_filed_on"}
ORDER = {"applied_before_issue", "filed_after_certificate"}


def rows_of(claims: pd.DataFrame, policy: Policy, **more: Any) -> list[tuple[int, int, int]]:
    """Ask by arrays, and where there is numba also by loops."""
    rows = []
    for way in ("never", "always")[: 1 + (find_spec("numba") is not None)]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(SWITCH, way)
            found = entitlements(claims, policy, **more)
        assert [column.dtype for column in found] == [np.int64] * 3
        rows.append([(int(base), int(uplift), int(amount)) for base, uplift, amount in zip(*found, strict=True)])
    assert rows[0] == rows[-1]
    return rows[0]


def alone(claims: pd.DataFrame, policy: Policy) -> Iterator[tuple[int, int, int] | None]:
    """Give what each row gets alone; None where other fields than those that are asked can't be used."""
    for record in records(claims):
        read = read_record(policy, record)
        if isinstance(read, Unusable):
            yield NONE if read.detail in ASKED and read.reason not in ORDER else None
            continue
        cell = case_of(policy, read.claim, read.code).cell
        if cell is None:
            yield NONE
        else:
            base, uplift = (NO_AMOUNT if fen is None else fen for fen in (cell.base_fen, cell.uplift_fen))
            yield base, uplift, cell.amount_fen


def check(claims: pd.DataFrame, policy: Policy, **more: Any) -> list[tuple[int, int, int]]:
    found = rows_of(claims, policy, **more)
    assert len(found) == len(claims)
    for row, (one, expected) in enumerate(zip(found, alone(claims, policy), strict=True)):
        assert expected is None or one == expected, row
    return found


@pytest.mark.parametrize("seed", range(12))
def test_any_claims_by_any_policy(seed: int) -> None:
    pick = seeded(700 + seed)
    policy = any_policy(pick)
    check(table(pick, any_claims(pick, 60)), policy)


TEXTS = town(
    ("2023-01-01", {"entitlement_date": "certificate_date"}),
    ("2023-07-01", {"entitlement_date": "training_filed_on"}),
    ("2024-01-01", {"entitlement_date": "applied_on"}),
    listed_from="2023-06-01",
)
DAYS = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 5, 31), date(2023, 6, 1), date(2023, 7, 1), date(2024, 1, 1)]


def test_each_date_that_may_decide() -> None:
    rows = [
        claim(certificate_date=issued, applied_on=applied, training_filed_on=filed, level=level)
        for issued in DAYS
        for applied in DAYS
        if issued <= applied
        for filed in (None, *(day for day in DAYS if day <= issued))
        for level in ("5", "4", "六级", None)
    ]
    found = check(frame(*rows), TEXTS)
    unclear = {(100_000, NO_AMOUNT, 0), (150_000, NO_AMOUNT, 0)}  # without a list no uplift is known
    assert set(found) == {NONE, (100_000, 30_000, 130_000), (150_000, 0, 150_000)} | unclear
    bare = frame(*rows).drop(columns=["training_filed_on", "stream"])
    check(bare, TEXTS)


def test_what_can_not_be_read_has_no_amount() -> None:
    bad: list[dict[str, Any]] = [
        *({field: None} for field in ("level", "occupation", "certificate_date", "applied_on")),
        *({field: "?"} for field in ASKED),
    ]
    good: list[dict[str, Any]] = [
        {"stream": None},
        {"training_filed_on": None},
        {"claim_id": None},
        {"person_id": None},
    ]
    rows = [claim() | one for one in (*bad, *good)]
    found = rows_of(frame(*rows), town())
    assert found == [NONE] * len(bad) + [(100_000, 30_000, 130_000)] * len(good)


@pytest.mark.parametrize("workers", [1, 3])
def test_more_rows_than_a_batch(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch has days of its own, and those far apart have another calendar."""
    monkeypatch.setattr(module, "BATCH", 7)
    rows = [claim(certificate_date=day, applied_on=day + timedelta(days=number), level=str(1 + number % 5))
            for number, day in enumerate(DAYS * 5)]  # fmt: skip
    rows += [claim(certificate_date=date(1, 1, 1), applied_on=day) for day in (*DAYS, date.max)]
    check(frame(*rows), TEXTS, workers=workers)
    for count in (0, 1, 7, 8, 14):
        check(frame(*rows).iloc[:count], TEXTS, workers=workers)


def test_days_at_the_ends_of_the_calendar() -> None:
    for days in ((date.min, date.min), (date.max, date.max), (date(9999, 1, 1), date.max), (date.min, date(3, 1, 1))):
        check(frame(*(claim(certificate_date=days[0], applied_on=day) for day in days)), town())


def test_nothing_but_what_is_no_day() -> None:
    check(frame(claim(certificate_date=None, applied_on="x")), town((OPEN[1], {})))


def test_days_about_as_far_apart_as_one_table_holds() -> None:
    for days in (MOST_DAYS + shift for shift in (-3100, -2049, -2048, -2047, -1000, -1, 0, 1, 1000, 2049)):
        issued = date(2023, 3, 1) - timedelta(days=days)
        check(frame(claim(certificate_date=issued, applied_on="2023-03-01"), claim()), TEXTS)
