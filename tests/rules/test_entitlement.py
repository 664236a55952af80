"""Rules 1 to 3 asked alone, on the texts of an invented city."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy.model.level import Category, Level, Stream
from subsidy.model.words import Reason
from subsidy.policy.policy import Texts
from subsidy.rules.entitlement import asks_catalog, base_amount, facts, uplifts_with_worth
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


@pytest.mark.parametrize("category", ["A", "B", "C", None])
@pytest.mark.parametrize("any_row", [None, {"5": "300"}])
@pytest.mark.parametrize("own", [{}, {"5": "0"}, {"3": "700"}])
def test_an_own_amount_wins_cell_by_cell_then_the_row_of_the_category_then_any(
    category: str | None, any_row: Item | None, own: Item
) -> None:
    """An own amount of nothing wins too; a level missing in a row that exists isn't looked for in another one."""
    rows = {"A": {"5": "100"}, "B": {"4": "200"}, **({"any": any_row} if any_row else {})}
    listed = {"code": LISTED, "name": {"zh": "观云员"}, **({"category": category} if category else {})}
    found = policy(
        MARKS,
        occupations=[edition("directory", *YEAR, occupations=[listed])],
        rates=[
            edition(
                "rates", *YEAR, amounts={"training": rows}, by_occupation={"training": {LISTED: own}} if own else {}
            )
        ],
        rules=[edition("rules", *YEAR)],
    ).texts_on(date(2024, 6, 1))
    row = rows.get(category or "any", rows.get("any", {}))
    for level in Level:
        printed = own.get(level.value, row.get(level.value))
        expected = Reason.LEVEL_NOT_SUBSIDISED if printed is None else int(printed) * 100
        assert base_amount(found, Stream.TRAINING, LISTED, level) == expected
        assert base_amount(found, Stream.SKILL_IMPROVEMENT, LISTED, level) is Reason.LEVEL_NOT_SUBSIDISED


ASKED: list[tuple[list[list[str]], bool]] = [
    ([], False),
    ([[]], False),
    ([["shortage"]], True),
    ([["digital"]], False),
    ([["starred"]], False),
    ([["digital", "starred"]], False),
    ([["urgent"]], True),
    ([["digital", "urgent"]], True),
    ([["digital"], ["shortage"]], True),
    ([[], ["starred"]], False),
]


@pytest.mark.parametrize(("needs", "asked"), ASKED)
def test_the_catalogue_is_asked_for_shortage_and_for_what_the_occupation_itself_lacks(
    needs: list[list[str]], asked: bool
) -> None:
    uplifts: list[Item] = [{"id": f"u{n}", "rate": "0.10", "requires": need} for n, need in enumerate(needs)]
    found = texts(uplifts=uplifts, digital=True, tags=["starred"])
    listing = found.listing(LISTED)
    assert found.rules is not None
    assert listing is not None
    worths = uplifts_with_worth(found.rules.entitlement, Stream.TRAINING, None, Level.L3, 100)
    assert asks_catalog(worths, listing) is asked
