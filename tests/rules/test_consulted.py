"""What is cited: an edition with its document, or the part whose own source stands in for it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from subsidy.model.decision import Cite
from subsidy.model.level import Level
from subsidy.model.words import Confidence
from subsidy.policy.policy import Texts
from subsidy.policy.texts import Uplift
from subsidy.rules.consulted import cite_catalog, cite_directory, cite_rules
from subsidy.rules.entitlement import Worth
from tests.policy.support import Item, edition, policy

YEAR = ("2024-01-01", "2024-01-01")
OWN = {"document": "Own", "confidence": "assumed", "number": "No. 2", "url": "https://example.org/own"}
EDITION = {"document": "Whole", "confidence": "official", "number": "No. 1", "url": "https://example.org/whole"}
PLAIN, SOURCED, UNLISTED = "9-01-01-01", "9-01-01-02", "9-01-01-03"


def texts() -> Texts:
    def text(name: str, **more: object) -> Item:
        return edition(name, *YEAR) | {"source": EDITION, **more}

    made = policy(
        occupations=[
            text(
                "directory",
                occupations=[
                    {"code": PLAIN, "name": {"zh": "观云员"}},
                    {"code": SOURCED, "name": {"zh": "采雾工"}, "source": OWN},
                ],
            )
        ],
        catalog=[
            text("list", entries=[{"occupation": PLAIN}]),
            text("more", mode="adds", entries=[{"occupation": SOURCED, "levels": [3], "source": OWN}]),
        ],
        rules=[text("rules")],
    )
    return made.texts_on(date(2024, 6, 1))


def whole(kind: str, name: str) -> Cite:
    return Cite.model_validate(
        {"kind": kind, "edition": name, **EDITION, "confidence": Confidence.OFFICIAL},
    )


def part(kind: str, name: str, of: str) -> Cite:
    return Cite.model_validate({"kind": kind, "edition": name, "part": of, **OWN, "confidence": Confidence.ASSUMED})


def test_an_occupation_with_a_source_of_its_own_is_cited_by_it() -> None:
    assert cite_directory(texts(), PLAIN) == (whole("directory", "directory"),)
    assert cite_directory(texts(), SOURCED) == (part("directory", "directory", SOURCED),)
    assert cite_directory(texts(), UNLISTED) == (whole("directory", "directory"),)
    assert cite_directory(policy().texts_on(date(2024, 6, 1)), PLAIN) == ()


def test_an_entry_with_a_source_of_its_own_stands_in_for_all_catalogues_in_force() -> None:
    every = (whole("catalog", "list"), whole("catalog", "more"))
    assert cite_catalog(texts(), SOURCED, Level.L3) == (part("catalog", "more", SOURCED),)
    assert cite_catalog(texts(), SOURCED, Level.L4) == every  # the entry does not list the level
    assert cite_catalog(texts(), PLAIN, Level.L3) == every
    assert cite_catalog(texts(), UNLISTED, Level.L3) == every


def test_uplifts_that_hold_are_cited_each_by_its_own_source_and_the_edition_once() -> None:
    rules = texts().rules
    assert rules is not None

    def worth(name: str, **more: object) -> Worth:
        uplift = Uplift.model_validate({"id": name, "rate": "0.1", **more})
        return Worth(uplift, Fraction(1), printed=False)

    assert cite_rules(rules, []) == (whole("rules", "rules"),)
    assert cite_rules(rules, [worth("one"), worth("two")]) == (whole("rules", "rules"),)
    assert cite_rules(rules, [worth("one", source=OWN), worth("two")]) == (
        part("rules", "rules", "one"),
        whole("rules", "rules"),
    )
