"""Our own two ways of deciding keep every law; each wrong implementation breaks the ones that it must."""

from __future__ import annotations

import pytest
from hypothesis import settings

from subsidy import assess, assess_frame
from subsidy.testing import (
    LAWS,
    Implementation,
    World,
    by_frame,
    check_implementation,
    make_policy,
    one_by_one,
    report_on,
)
from tests.policy.support import Item, edition
from tests.testing.wrong import WRONG, Wrong, right

# A profile that looks harder looks harder here too.
MORE = 10 if settings().max_examples > 1_000 else 1


def test_one_by_one(chance_seed: int) -> None:
    assert check_implementation(one_by_one(assess), max_examples=22 * MORE, seed=chance_seed).ok


def test_by_frame(chance_seed: int) -> None:
    assert check_implementation(by_frame(assess_frame), max_examples=11 * MORE, seed=chance_seed).ok


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_implementation_breaks_the_law(wrong: Wrong) -> None:
    report = report_on(wrong.decide, laws=wrong.laws, max_examples=440, most_shrinks=0)
    assert set(wrong.laws) <= set(report.broken), f"{wrong.name}: {report}"


def test_every_law_can_be_broken() -> None:
    assert set(LAWS) == {name for wrong in WRONG for name in wrong.laws}


def test_what_the_mutations_stand_around_is_right() -> None:
    assert check_implementation(right, max_examples=11).ok


# -- what only long looking found ----------------------------------------------------------


def _claim(claim_id: str | None, day: str, certificate: str) -> Item:
    return {
        "claim_id": claim_id,
        "person_id": "P1",
        "person_id_type": "other",
        "occupation": "9-01-01-02",
        "level": "5",
        "certificate_no": certificate,
        "certificate_date": day,
        "applied_on": day,
    }


def test_two_claims_without_an_id_are_not_of_one_id() -> None:
    world = World(make_policy({}), (_claim(None, "2022-04-01", "S1"), _claim(None, "2022-04-01", "S2")))
    for name in ("rows_out_are_rows_in", "an_unusable_record_is_invalid"):
        assert LAWS[name].breach(one_by_one(assess), world) is None


@pytest.mark.parametrize("implementation", [one_by_one(assess), by_frame(assess_frame)])
def test_a_listed_claim_may_be_payable_once_the_earlier_one_is_undetermined(implementation: Implementation) -> None:
    """On the day of the first no list has the occupation, on that of the second one has it."""
    first, later = ("2022-07-01", "2022-01-01"), ("2023-05-20", "2023-01-01")
    listed = [{"code": "9-01-01-02", "name": {"zh": "采雾工"}}]
    policy = make_policy(
        {
            "occupations": [edition("directory", *first, occupations=listed)],
            "rates": [edition("rates", *first, amounts={"training": {"any": {"5": 1000}}})],
            "catalog": [
                edition("list", *first, entries=[]),
                edition("list-2", *later, entries=[{"occupation": "9-01-01-02"}]),
            ],
            "rules": [
                edition(
                    "rules", *first, entitlement={"uplifts": [{"id": "u", "rate": "0.3", "requires": ["shortage"]}]}
                )
            ],
        }
    )
    world = World(policy, (_claim("C1", "2022-04-01", "S1"), _claim("C2", "2023-04-01", "S2")))
    assert LAWS["silence_of_an_incomplete_list_proves_nothing"].breach(implementation, world) is None
