"""Days on which something changes, and limits that count some claims only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.engine.batch.support import OPEN, claim, frame, same, town
from tests.policy.support import Item


@pytest.fixture(autouse=True)
def loops() -> None:
    """Every table here is decided by `same`, which does so both ways."""


def reasons(found: pd.DataFrame) -> list[str | None]:
    return [None if pd.isna(reason) else str(reason) for reason in found["reason"]]


# -- the claim window --------------------------------------------------------------------

ISSUED = (date(2024, 2, 29), date(2023, 2, 28), date(2023, 8, 31), date(2023, 1, 30), date(2023, 12, 31))


@pytest.mark.parametrize("last_day", ["inclusive", "exclusive"])
@pytest.mark.parametrize("months", [0, 1, 6, 12, 48])
def test_the_last_day_of_a_window(last_day: str, months: int) -> None:
    policy = town((OPEN[1], {"claim_window": {"months": months, "last_day": last_day}}))
    rows = []
    for issued in ISSUED:
        later = (pd.Timestamp(issued) + pd.DateOffset(months=months)).date()  # the month's last day where it is shorter
        for shift in (-1, 0, 1):
            applied = max(later + timedelta(days=shift), issued)
            name = f"{issued}/{shift}"
            rows.append(claim(name, person_id=name, certificate_date=issued, applied_on=applied))
    found = same(frame(*rows), policy=policy)
    in_time = {(True, True): None, (True, False): "claimed_too_late"}
    for row, reason in zip(rows, reasons(found), strict=True):
        shift = int(row["claim_id"].split("/")[1])
        if months:
            assert reason == in_time[True, shift < 0 or (shift == 0 and last_day == "inclusive")]


def test_a_window_that_ends_behind_the_calendar() -> None:
    policy = town((OPEN[1], {"claim_window": {"months": 1200, "last_day": "exclusive"}}))
    days = (date(9999, 12, 31), date(9900, 1, 1), date(9899, 12, 31), date(9900, 1, 31))
    rows = [claim(f"C{n}", person_id=n, certificate_date=day, applied_on=date.max) for n, day in enumerate(days)]
    found = same(frame(*rows), policy=policy)
    assert reasons(found) == [None, None, "claimed_too_late", None]


@pytest.mark.parametrize("editions", [127, 128, 129, 300])
def test_rules_that_change_more_often_than_a_byte_counts(editions: int) -> None:
    first = [date(2023, 1, 1) + timedelta(days=number) for number in range(editions)]
    policy = town(*((str(day), {"claim_window": {"months": day.day % 3}}) for day in first))
    rows = [
        claim(f"C{n}", person_id=n, certificate_date=day - timedelta(days=40), applied_on=day)
        for n, day in enumerate([first[0] - timedelta(days=1), *first])
    ]
    found = same(frame(*rows), policy=policy)
    assert found["rules_edition"].nunique() > editions - 41
    assert {"claimed_too_late", "no_rules_in_force"} <= set(reasons(found))


# -- days far apart ----------------------------------------------------------------------

FAR = (date.min, date(1, 12, 31), date(1582, 10, 15), date(1969, 12, 31), date(1970, 1, 1), date(2024, 2, 29), date.max)


@pytest.mark.parametrize("kind", [object, "str", "datetime64[s]", "datetime64[us]", "date32[pyarrow]"])
def test_the_first_and_the_last_day_of_the_calendar(kind: Any) -> None:
    days = [(issued, applied) for issued in FAR for applied in FAR]
    claims = frame(*(claim(f"C{n}", certificate_date=one, applied_on=other) for n, (one, other) in enumerate(days)))
    if kind == "str":
        claims = claims.astype({"certificate_date": "str", "applied_on": "str"})
    elif kind is not object:
        claims["certificate_date"] = claims["certificate_date"].astype(kind)
        claims["applied_on"] = claims["applied_on"].astype(kind)
    policy = town((OPEN[1], {"limits": [{"id": "yearly", "at_most": 1, "per": "calendar_year"}]}))
    found = same(claims, policy=policy)
    assert {"applied_before_issue", "no_rules_in_force", None} <= set(reasons(found))


def test_more_days_than_fourteen_bits_hold() -> None:
    rng = np.random.default_rng(5)
    days = np.datetime64("1900-01-01") + rng.integers(0, 60_000, 4000)
    rows = len(days)
    claims = pd.DataFrame({name: [value] * rows for name, value in claim().items()}).assign(
        claim_id=[f"C{row}" for row in range(rows)],
        person_id=rng.integers(0, 900, rows).astype(str),
        certificate_no=rng.integers(0, 3000, rows).astype(str),
        certificate_date=days,
        applied_on=days,
        level=rng.choice(["1", "2", "3", "4", "5", "special"], rows),
    )
    same(claims, policy=town((OPEN[1], {"limits": [{"id": "yearly", "at_most": 1, "per": "calendar_year"}]})))


@pytest.mark.parametrize("kind", [f"datetime64[{unit}]" for unit in ("s", "ms", "us", "ns")])
def test_the_last_moment_of_a_day_is_that_day(kind: Any) -> None:
    """Also before 1970, where moments are negative numbers."""
    days = (date(1969, 12, 31), date(1900, 3, 1), date(2024, 2, 29), date(2024, 12, 31))
    last = [pd.Timestamp(day) + pd.Timedelta(days=1) - pd.Timedelta(1, unit="s") for day in days]
    rows = [claim(f"C{n}", person_id=n, certificate_date=str(day), applied_on=None) for n, day in enumerate(days)]
    claims = frame(*rows)
    claims["applied_on"] = pd.Series(last).astype(kind)
    assert "applied_before_issue" not in reasons(same(claims, policy=town()))
    before = [pd.Timestamp(day) - pd.Timedelta(1, unit="s") for day in days]
    claims["applied_on"] = pd.Series(before).astype(kind)
    assert set(reasons(same(claims, policy=town()))) == {"applied_before_issue"}


def test_moments_of_other_time_zones_are_the_day_that_they_show() -> None:
    """Two of them may be equal and yet show two days; a table of moments keeps them apart."""
    evening = datetime(2024, 3, 1, 20, tzinfo=UTC)
    morning = evening.astimezone(timezone(timedelta(hours=8)))
    assert evening == morning
    moments = (evening, morning, pd.Timestamp(morning), pd.Timestamp(evening))
    rows = [claim(f"C{n}", certificate_date="2024-03-02", applied_on=day) for n, day in enumerate(moments)]
    found = same(frame(*rows), policy=town())
    early = "applied_before_issue"
    assert reasons(found) == [early, None, "same_level_already_paid", early]
    aware = frame(*rows[:1])
    aware["applied_on"] = pd.to_datetime(aware["applied_on"])
    same(aware, policy=town())
    aware["applied_on"] = aware["applied_on"].dt.tz_convert("Asia/Shanghai")
    assert reasons(same(aware, policy=town())) == [None]


# -- limits ------------------------------------------------------------------------------

LISTED, PLAIN, STARRED = "9-01-01-01", "9-01-01-03", "9-01-01-02"
PER = ("calendar_year", "lifetime")


@pytest.mark.parametrize("at_most", [0, 1, 2, 3])
@pytest.mark.parametrize("per", PER)
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"requires": ["shortage"]},
        {"except": ["shortage"]},
        {"requires": ["starred"], "except": ["digital"]},
        {"requires": ["shortage", "digital"]},
        {"requires": ["shortage"], "except": ["shortage"]},
        {"streams": ["skill_improvement"], "except": ["starred", "digital"]},
    ],
    ids=str,
)
def test_limits_with_except_and_requires(at_most: int, per: str, facts: Item) -> None:
    policy = town((OPEN[1], {"limits": [{"id": "limit", "at_most": at_most, "per": per, **facts}]}))
    rng = np.random.default_rng(at_most)
    rows = [
        claim(
            f"C{n}",
            person_id=f"P{rng.integers(12)}",
            occupation=str(rng.choice([LISTED, PLAIN, STARRED, "9-01-01-09", "9-99-99-99"])),
            level=str(rng.choice(["5", "4", "3", "special"])),
            stream=str(rng.choice(["training", "skill_improvement"])),
            applied_on=date(2024, 1, 2) + timedelta(days=int(rng.integers(0, 800))),
        )
        for n in range(200)
    ]
    same(frame(*rows), policy=policy)


def test_entries_whose_levels_or_digital_mark_differ_from_the_directory() -> None:
    """A limit and an uplift read the entry's facts, and only at the levels that the entry lists."""
    entries: list[Item] = [
        {"occupation": LISTED, "levels": [5, 3], "digital": False},
        {"occupation": STARRED, "levels": [4], "digital": True, "tags": ["urgent"]},
        {"occupation": "9-01-01-09", "levels": ["special"], "tags": ["starred"]},
    ]
    uplifts: list[Item] = [
        {"id": "digital", "rate": "0.30", "requires": ["shortage", "digital"]},
        {"id": "urgent", "rate": "0.50", "requires": ["urgent"]},
    ]
    limits: list[Item] = [
        {"id": "digital", "at_most": 1, "per": "lifetime", "requires": ["digital"]},
        {"id": "starred", "at_most": 1, "per": "calendar_year", "requires": ["starred"]},
        {"id": "rest", "at_most": 2, "per": "lifetime", "except": ["digital", "starred"]},
    ]
    policy = town((OPEN[1], {"limits": limits, "lower_after_higher": "allow"}), uplifts=uplifts, entries=entries)
    rows = [
        claim(f"C{n}{code[-1]}{level}{stream}", person_id=str(n), occupation=code, level=level, stream=stream)
        for n, codes in enumerate([(LISTED,), (STARRED,), (LISTED, STARRED), (PLAIN, "9-01-01-09", LISTED, STARRED)])
        for code in codes
        for level in ("5", "4", "3", "special")
        for stream in ("training", "skill_improvement")
    ]
    found = same(frame(*rows), policy=policy)
    assert {"digital", "starred", "rest"} <= set(found["detail"].dropna())


def test_more_limits_than_one_machine_word_has_room_for() -> None:
    limits: list[Item] = [
        {"id": f"limit-{n}", "at_most": 3 + 1000 * (n % 3), "per": PER[n % 2], "streams": ["training"], **facts}
        for n, facts in enumerate(
            {"requires": need, "except": rest}
            for need in ([], ["shortage"], ["digital"], ["starred"], ["shortage", "digital"])
            for rest in ([], ["starred"], ["shortage"], ["digital"])
        )
    ]
    policy = town((OPEN[1], {"limits": limits}))
    rng = np.random.default_rng(7)
    rows = [
        claim(
            f"C{n}",
            person_id=f"P{n % 5}",
            occupation=f"9-01-01-0{rng.integers(1, 4)}",
            level=str(rng.choice(["5", "4", "3", "2", "1", "special"])),
            applied_on=date(2024, 1, 2) + timedelta(days=int(rng.integers(0, 1500))),
        )
        for n in range(300)
    ]
    assert "limit_reached" in reasons(same(frame(*rows), policy=policy))


def test_a_limit_of_very_many_is_reached_by_very_many() -> None:
    """More than a byte counts, also over two years, and over what was given as history."""
    policy = town((OPEN[1], {"limits": [{"id": "year", "at_most": 300, "per": "calendar_year"}]}))
    rows = [
        claim(f"C{n:04}", occupation=LISTED, stream="training", level="5", applied_on=date(2024 + n % 2, 3, 1))
        for n in range(900)
    ]
    past = frame(*(row | {"claim_id": f"H{row['claim_id']}", "certificate_no": f"H{n}"} for n, row in enumerate(rows)))
    same(frame(*rows), past, policy)
    same(frame(*rows), past.iloc[:590], policy)
    codes = [f"9-01-01-{n:02}" for n in range(10, 99)]
    everyone = town((OPEN[1], {"limits": [{"id": "year", "at_most": 300, "per": "calendar_year"}]}))
    same(frame(*(row | {"occupation": codes[n % 89]} for n, row in enumerate(rows))), past.iloc[:580], everyone)
