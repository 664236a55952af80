"""Codes that every rule treats alike are worked out once; what any rule reads tells them apart."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy.engine.alike import alike, listed_codes
from subsidy.engine.cells import cell_of
from subsidy.model.level import Level, Stream
from subsidy.policy.policy import Policy
from tests.policy.support import Item, edition, policy

YEAR = ("2024-01-01", "2024-01-01")
FIRST, SECOND, FORMER, OUTSIDE = "9-01-01-01", "9-01-01-02", "9-01-01-03", "9-01-01-04"
DAY = date(2024, 6, 1)
OWN = {"document": "Own", "confidence": "assumed"}


def city(
    *,
    covers: str = "listed",
    occupation: Item | None = None,
    entries: list[Item] | None = None,
    amounts: Item | None = None,
    marks: str = "",
) -> Policy:
    listed = [{"code": code, "name": {"en": code}} for code in (FIRST, SECOND)]
    listed[1] |= occupation or {}
    return policy(
        marks or f"{FIRST},A,\n{OUTSIDE},D,\n",
        occupations=[edition("directory", *YEAR, occupations=listed, covers=covers)],
        rates=[edition("rates", *YEAR, amounts={"training": {"any": {"3": "9"}}}, by_occupation=amounts or {})],
        catalog=[edition("list", *YEAR, entries=entries or [])],
    )


def sorts(law: Policy) -> list[list[str]]:
    texts = law.texts_on(DAY)
    return alike(texts, listed_codes(law, texts))


@pytest.mark.parametrize(
    "change",
    [
        {"occupation": {"category": "A"}},
        {"occupation": {"digital": True}},
        {"occupation": {"tags": ["old"]}},
        {"occupation": {"source": OWN}},
        {"entries": [{"occupation": SECOND}]},
        {"entries": [{"occupation": FIRST}, {"occupation": SECOND, "levels": [3]}]},
        {"entries": [{"occupation": FIRST}, {"occupation": SECOND, "tags": ["old"]}]},
        {"entries": [{"occupation": FIRST}, {"occupation": SECOND, "source": OWN}]},
        {"amounts": {"training": {SECOND: {"3": "9"}}}},
        {"occupation": {"digital": False}, "marks": f"{SECOND},B,yes\n"},
    ],
    ids=str,
)
def test_whatever_a_rule_reads_tells_codes_apart(change: dict[str, object]) -> None:
    assert sorts(city()) == [[FIRST, SECOND]]
    assert sorts(city(**change)) == [[FIRST], [SECOND]]  # type: ignore[arg-type]


def test_a_directory_that_covers_all_lists_the_classification_behind_its_own() -> None:
    law = city(covers="all", occupation={"former_codes": [FORMER]})
    assert listed_codes(law, law.texts_on(DAY)) == [FIRST, SECOND, OUTSIDE]
    assert listed_codes(law, law.texts_on(date(2023, 6, 1))) == []
    assert listed_codes(city(), city().texts_on(DAY)) == [FIRST, SECOND]


def test_a_cell_is_worked_out_once_for_a_code_that_the_policy_knows() -> None:
    law = city()
    texts = law.texts_on(DAY)

    def twice(code: str) -> bool:
        one, other = (cell_of(law, texts, Stream.TRAINING, code, Level.L3) for _ in range(2))
        assert one == other
        return one is other

    assert [twice(code) for code in (FIRST, OUTSIDE, "9-09-09-09")] == [True, True, False]
    assert len(law.memo["cells"]) == 2  # type: ignore[arg-type]
