"""Both time axes: which text is in force on a day, as known on a day; and the catalogues that add.

The expectations are computed day by day from the sentences of the design, on plain data, without our code.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.policy.policy import Policy
from subsidy.policy.problems import PolicyError
from tests.policy.support import SOURCE, Item, edition, moderate, policy

DAYS = [date(2023, 1, 1) + timedelta(days=number) for number in range(12)]
FOREVER = date.max


def ids(policy_: Policy, day: date) -> tuple[str | None, str | None, str | None, str | None]:
    return policy_.texts_on(day).editions


def in_force(policy_: Policy, day: str) -> str | None:
    return policy_.texts_on(date.fromisoformat(day)).editions[3]


class TestOneText:
    """Of the editions with published_on <= k that govern d, the one published last is in force."""

    LAST_YEAR = edition("last", "2022-05-20", "2022-01-01")
    THIS_YEAR = edition("this", "2023-05-20", "2023-01-01")

    def test_both_ends_are_included(self) -> None:
        one = policy(rules=[edition("one", "2023-01-01", "2023-02-01", "2023-02-28")])
        days = ["2023-01-31", "2023-02-01", "2023-02-28", "2023-03-01"]
        assert [in_force(one, day) for day in days] == [None, "one", "one", None]

    @pytest.mark.parametrize("last", [None, "9999-12-31"])
    def test_an_open_end_has_no_end(self, last: str | None) -> None:
        one = policy(rules=[edition("one", "2023-01-01", "2023-02-01", last)])
        assert in_force(one, "9999-12-31") == "one"
        assert one.boundaries == (date.min, date(2023, 2, 1))

    def test_a_retroactive_edition_supersedes(self) -> None:
        both = policy(rules=[self.THIS_YEAR, self.LAST_YEAR])  # the place in the file doesn't matter
        assert [in_force(both, day) for day in ("2022-12-31", "2023-01-01", "2023-05-19")] == [
            "last",
            "this",
            "this",
        ]

    def test_until_this_year_is_out_last_year_serves(self) -> None:
        both = policy(rules=[self.LAST_YEAR, self.THIS_YEAR])
        assert in_force(both.as_known_on(date(2023, 5, 19)), "2023-03-01") == "last"
        assert in_force(both.as_known_on(date(2023, 5, 20)), "2023-03-01") == "this"
        assert in_force(both.as_known_on(date(2022, 5, 19)), "2022-06-01") is None

    def test_an_end_of_the_later_text_lets_the_earlier_govern_again(self) -> None:
        later = edition("later", "2023-05-20", "2023-06-01", "2023-06-30")
        both = policy(rules=[edition("first", "2023-01-01", "2023-01-01"), later])
        days = ("2023-05-31", "2023-06-01", "2023-06-30", "2023-07-01")
        assert [in_force(both, day) for day in days] == ["first", "later", "later", "first"]

    def test_ended_only_for_who_knows_that_text(self) -> None:
        ended = {"last_day": "2023-06-30", "published_on": "2023-08-01", "source": SOURCE}
        one = policy(rules=[edition("one", "2023-01-01", "2023-01-01", ended=ended)])
        assert [in_force(one, day) for day in ("2023-06-30", "2023-07-01")] == ["one", None]
        before = one.as_known_on(date(2023, 7, 31))
        assert [in_force(before, day) for day in ("2023-07-01", "9999-12-31")] == ["one", "one"]
        assert in_force(one.as_known_on(date(2023, 8, 1)), "2023-07-01") is None

    def test_an_edition_that_is_ended_after_its_own_end_keeps_its_own(self) -> None:
        ended = {"last_day": "2023-12-31", "published_on": "2023-08-01", "source": SOURCE}
        one = policy(rules=[edition("one", "2023-01-01", "2023-01-01", "2023-06-30", ended=ended)])
        assert [in_force(one, day) for day in ("2023-06-30", "2023-07-01")] == ["one", None]

    def test_an_edition_that_ends_before_it_begins_governs_no_day(self) -> None:
        ended = {"last_day": "2022-12-31", "published_on": "2023-08-01", "source": SOURCE}
        other = edition("other", "2023-08-01", "2023-01-01")
        one = policy(rules=[edition("one", "2023-01-01", "2023-01-01", ended=ended), other])
        assert in_force(one, "2023-02-01") == "other"
        assert in_force(one.as_known_on(date(2023, 7, 1)), "2023-02-01") == "one"

    def test_two_of_one_day_that_govern_no_common_date_are_fine(self) -> None:
        first = edition("first", "2023-01-01", "2023-01-01", "2023-06-30")
        second = edition("second", "2023-01-01", "2023-07-01")
        assert in_force(policy(rules=[second, first]), "2023-06-30") == "first"

    def test_two_of_one_day_that_are_kept_apart_by_a_text_of_that_day_are_fine(self) -> None:
        ended = {"last_day": "2023-06-30", "published_on": "2023-01-01", "source": SOURCE}
        first = edition("first", "2023-01-01", "2023-01-01", ended=ended)
        second = edition("second", "2023-01-01", "2023-07-01")
        assert in_force(policy(rules=[first, second]), "2023-07-01") == "second"

    def test_two_of_one_day_that_only_a_later_text_keeps_apart_are_an_error(self) -> None:
        ended = {"last_day": "2023-06-30", "published_on": "2023-01-02", "source": SOURCE}
        first = edition("first", "2023-01-01", "2023-01-01", ended=ended)
        with pytest.raises(PolicyError, match="at most one edition"):
            policy(rules=[first, edition("second", "2023-01-01", "2023-07-01")])

    def test_knowing_less_twice_is_knowing_the_least(self) -> None:
        both = policy(rules=[self.LAST_YEAR, self.THIS_YEAR])
        early, late = date(2023, 1, 1), date(2023, 6, 1)
        assert both.as_known_on(late).as_known_on(early) == both.as_known_on(early)
        assert both.as_known_on(early).as_known_on(late) == both.as_known_on(early)
        assert both.as_known_on(early).known_on == early

    def test_the_policy_itself_is_left_as_it_was(self) -> None:
        both = policy(rules=[self.LAST_YEAR, self.THIS_YEAR])
        both.as_known_on(date(2022, 12, 31))
        assert [one.id for one in both.rules] == ["last", "this"]


days = st.sampled_from(DAYS)


def days_from(first: date) -> st.SearchStrategy[date]:
    return st.sampled_from(DAYS[DAYS.index(first) :])


@st.composite
def editions(draw: st.DrawFn, prefix: str, *, adds: bool = False) -> list[Item]:
    made: list[Item] = []
    for number in range(draw(st.integers(0, 4))):
        first = draw(days)
        last = draw(st.none() | days_from(first))
        published = draw(days)
        ends = None if last is None else last.isoformat()
        one = edition(f"{prefix}{number}", published.isoformat(), first.isoformat(), ends)
        if draw(st.booleans()):
            known = draw(days_from(published))
            one["ended"] = {
                "last_day": draw(days).isoformat(),
                "published_on": known.isoformat(),
                "source": SOURCE,
            }
        if adds:
            one["mode"] = draw(st.sampled_from(["replaces", "adds"]))
            codes = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
            one["entries"] = [{"occupation": code, "levels": [draw(st.integers(1, 5))]} for code in codes]
        made.append(one)
    return made


def governs(one: Item, day: date, known: date) -> bool:
    """Read one edition as the design says it: known on a day, does it govern another?"""
    if date.fromisoformat(one["published_on"]) > known:
        return False
    last = one["effective_to"] and date.fromisoformat(one["effective_to"])
    if last is not None and day > last:
        return False
    ended = one.get("ended")
    if ended is not None and date.fromisoformat(ended["published_on"]) > known:
        ended = None
    if ended is not None and day > date.fromisoformat(ended["last_day"]):
        return False
    return date.fromisoformat(one["effective_from"]) <= day


def chosen(items: list[Item], day: date, known: date) -> Item | None:
    best = None
    for one in items:
        if governs(one, day, known) and (best is None or one["published_on"] > best["published_on"]):
            best = one
    return best


def clash(items: list[Item]) -> bool:
    """Two published on the same day that both govern some date, as known on that day."""
    return any(
        one["published_on"] == two["published_on"]
        and governs(one, day, date.fromisoformat(one["published_on"]))
        and governs(two, day, date.fromisoformat(one["published_on"]))
        for place, one in enumerate(items)
        for two in items[:place]
        for day in (*DAYS, FOREVER)
    )


def added_up(items: list[Item], day: date, known: date) -> tuple[list[str], dict[str, tuple[str, int]]]:
    """Give the ids in the order in which they add up, and what they list: edition and level by code."""
    base = chosen([one for one in items if one["mode"] == "replaces"], day, known)
    order = [] if base is None else [base]
    for published in sorted({one["published_on"] for one in items}):
        for one in items:
            in_time = base is None or published >= base["published_on"]
            if one["mode"] == "adds" and one["published_on"] == published and in_time:
                order += [one] if governs(one, day, known) else []
    listed: dict[str, tuple[str, int]] = {}
    for one in order:
        for entry in one["entries"]:
            listed[entry["occupation"]] = (one["id"], entry["levels"][0])
    return [one["id"] for one in order], listed


CODES = "a,甲,no\nb,乙,no\nc,丙,no\n"


@moderate(120)
@given(editions("r"), editions("c", adds=True), editions("d"))
def test_every_day_and_every_knowledge(rules: list[Item], catalog: list[Item], rates: list[Item]) -> None:
    texts: dict[str, Any] = {"rules": rules, "catalog": catalog, "rates": rates}
    if clash(rules) or clash(rates) or clash([one for one in catalog if one["mode"] == "replaces"]):
        with pytest.raises(PolicyError) as caught:
            policy(CODES, **texts)
        assert {problem.code for problem in caught.value.problems} == {"two_in_force"}
        return
    whole = policy(CODES, **texts)
    for known in (*DAYS, None):
        seen = whole if known is None else whole.as_known_on(known)
        until = FOREVER if known is None else known
        for day in (*DAYS, date.min, FOREVER):
            order, listed = added_up(catalog, day, until)
            rule, rate = chosen(rules, day, until), chosen(rates, day, until)
            expected = (None, "+".join(order) or None, rate and rate["id"], rule and rule["id"])
            assert ids(seen, day) == expected
            entries = seen.texts_on(day).entries
            found = {code: (one.edition.id, int(one.entry.levels[0])) for code, one in entries.items()}
            assert found == listed
            assert whole.catalog.listing_on(day, known) == entries
            assert set(whole.catalog.on(day, known)) == {one.entry for one in entries.values()}
            assert whole.catalog.lists("a", 3, day, known) is ("a" in listed and listed["a"][1] == 3)


@moderate(100)
@given(editions("r"), editions("c", adds=True))
def test_periods_are_every_day_once_and_change_only_at_boundaries(rules: list[Item], catalog: list[Item]) -> None:
    try:
        whole = policy(CODES, rules=rules, catalog=catalog)
    except PolicyError:
        return
    periods = whole.periods
    assert (periods[0].first_day, periods[-1].last_day) == (date.min, date.max)
    for one, two in pairwise(periods):
        assert one.last_day + timedelta(days=1) == two.first_day
    assert tuple(one.first_day for one in periods) == whole.boundaries
    for one in periods:
        assert whole.texts_on(one.first_day) is whole.texts_on(one.last_day) is one
    changes = {day for day in DAYS[1:] if ids(whole, day) != ids(whole, day - timedelta(days=1))}
    assert changes <= set(whole.boundaries)


class TestCataloguesThatAdd:
    """Start from the `replaces` edition in force on d; add each `adds` edition that governs d, published later."""

    @staticmethod
    def catalog(*parts: tuple[str, str, str, str | None]) -> Policy:
        """Make a catalogue of editions: id, mode, published_on, codes (each listed at a level of its place)."""
        items = [
            edition(
                name,
                published,
                "2023-01-01",
                mode=mode,
                entries=[{"occupation": code, "levels": [place + 1]} for code in codes or ""],
            )
            for place, (name, mode, published, codes) in enumerate(parts)
        ]
        return policy(CODES, catalog=items)

    @staticmethod
    def on(whole: Policy) -> tuple[str | None, dict[str, str]]:
        texts = whole.texts_on(date(2023, 12, 1))
        return texts.editions[1], {code: one.edition.id for code, one in texts.entries.items()}

    def test_quarterly_lists_stay_valid_beside_each_other(self) -> None:
        whole = self.catalog(
            ("base", "replaces", "2023-01-01", "a"),
            ("q2", "adds", "2023-04-01", "b"),
            ("q3", "adds", "2023-07-01", "c"),
        )
        assert self.on(whole) == ("base+q2+q3", {"a": "base", "b": "q2", "c": "q3"})

    def test_a_list_that_replaces_ends_those_that_were_added_before(self) -> None:
        whole = self.catalog(
            ("q2", "adds", "2023-04-01", "b"),
            ("base", "replaces", "2023-05-01", "a"),
            ("q3", "adds", "2023-07-01", "c"),
        )
        assert self.on(whole) == ("base+q3", {"a": "base", "c": "q3"})

    def test_published_on_the_same_day_it_adds(self) -> None:
        whole = self.catalog(("q2", "adds", "2023-05-01", "b"), ("base", "replaces", "2023-05-01", "a"))
        assert self.on(whole) == ("base+q2", {"a": "base", "b": "q2"})

    def test_of_one_day_replaces_comes_before_adds_so_adds_wins(self) -> None:
        whole = self.catalog(("q2", "adds", "2023-05-01", "a"), ("base", "replaces", "2023-05-01", "ab"))
        assert self.on(whole) == ("base+q2", {"a": "q2", "b": "base"})
        day = date(2023, 12, 1)
        assert whole.catalog.lists("a", 1, day)  # as a whole entry: not at the level of the one it wins over
        assert not whole.catalog.lists("a", 2, day)

    def test_of_one_day_the_later_place_in_the_file_wins(self) -> None:
        whole = self.catalog(("one", "adds", "2023-05-01", "ab"), ("two", "adds", "2023-05-01", "bc"))
        assert self.on(whole) == ("one+two", {"a": "one", "b": "two", "c": "two"})

    def test_the_later_published_wins_wherever_it_stands(self) -> None:
        whole = self.catalog(("later", "adds", "2023-06-01", "ab"), ("earlier", "adds", "2023-05-01", "bc"))
        assert self.on(whole) == ("earlier+later", {"a": "later", "b": "later", "c": "earlier"})

    def test_none_that_replaces_then_all_that_add(self) -> None:
        whole = self.catalog(("one", "adds", "2022-01-01", "a"), ("two", "adds", "2023-05-01", "b"))
        assert self.on(whole) == ("one+two", {"a": "one", "b": "two"})

    def test_an_ended_base_leaves_what_was_added_before_it_too(self) -> None:
        items = [
            edition("q", "2023-01-01", "2023-01-01", mode="adds", entries=[{"occupation": "a"}]),
            edition("base", "2023-02-01", "2023-02-01", "2023-02-28", entries=[{"occupation": "b"}]),
        ]
        whole = policy(CODES, catalog=items)
        found = [whole.texts_on(date(2023, month, 15)).editions[1] for month in (1, 2, 3)]
        assert found == ["q", "base", "q"]
