"""Rules 1 to 3 asked alone, on the texts of an invented city."""

from __future__ import annotations

from datetime import date

from subsidy.model.level import Category, Level, Stream
from subsidy.policy.policy import Texts
from subsidy.rules.entitlement import facts, uplifts_with_worth
from tests.policy.support import Item, edition, policy

YEAR = ("2024-01-01", "2024-01-01")
LISTED, UNLISTED, UNMARKED = "9-01-01-01", "9-01-01-02", "9-01-01-03"
MARKS = f"{LISTED},观云员,\n{UNLISTED},采雾工,yes\n{UNMARKED},测风师,no\n"


def texts(*, uplifts: list[Item] | None = None, entry: Item | None = None, **occupation: object) -> Texts:
    listed = {"code": LISTED, "name": {"zh": "观云员"}, **occupation}
    made = policy(
        MARKS,
        occupations=[edition("directory", *YEAR, occupations=[listed])],
        catalog=[edition("list", *YEAR, entries=[{"occupation": LISTED, **entry}])] if entry else [],
        rules=[edition("rules", *YEAR, entitlement={"uplifts": uplifts or []})],
    )
    return made.texts_on(date(2024, 6, 1))


def test_an_unlisted_occupation_has_only_the_digital_mark_of_the_classification() -> None:
    assert facts(texts(), UNLISTED, Level.L3) == {"digital"}
    assert facts(texts(), UNMARKED, Level.L3) == frozenset()
    assert facts(texts(), "9-09-09-09", Level.L3) == frozenset()


def test_an_entry_that_lists_the_level_decides_digital_where_it_states_it() -> None:
    stated = {"levels": [3], "digital": False, "tags": ["starred"]}
    of_both = texts(entry=stated, digital=True, tags=["old"])
    assert facts(of_both, LISTED, Level.L3) == {"shortage", "old", "starred"}
    assert facts(of_both, LISTED, Level.L4) == {"digital", "old"}
    assert facts(texts(entry={"digital": True}), LISTED, Level.L4) == {"shortage", "digital"}
    assert facts(texts(entry={"levels": [3]}, digital=True), LISTED, Level.L3) == {"shortage", "digital"}


def test_an_uplift_for_another_stream_or_level_says_nothing_of_those_behind_it() -> None:
    found = texts(
        uplifts=[
            {"id": "stream", "rate": "0.10", "streams": ["skill_improvement"]},
            {"id": "level", "rate": "0.10", "levels": [4]},
            {"id": "unprinted", "amounts": {"training": {"A": {"4": "1500"}}}},
            {"id": "rate", "rate": "0.25"},
            {"id": "printed", "rate": "0.25", "amounts": {"training": {"A": {"3": "900"}, "any": {"4": "1"}}}},
        ]
    )
    assert found.rules is not None
    worths = uplifts_with_worth(found.rules.entitlement, Stream.TRAINING, Category.A, Level.L3, 100_000)
    assert [(worth.uplift.id, int(worth.fen), worth.printed) for worth in worths] == [
        ("rate", 25_000, False),
        ("printed", -10_000, True),
    ]
    # the row for any serves where the occupation has no category, or the text no row for it
    for category in (None, Category.B):
        worths = uplifts_with_worth(found.rules.entitlement, Stream.TRAINING, category, Level.L4, 0)
        assert [(worth.uplift.id, int(worth.fen)) for worth in worths if worth.printed] == [("printed", 100)]
