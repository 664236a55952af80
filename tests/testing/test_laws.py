"""Our own two ways of deciding keep every law; each wrong implementation breaks the ones that it must."""

from __future__ import annotations

import pytest
from hypothesis import settings

from subsidy import assess, assess_frame
from subsidy.testing import LAWS, by_frame, check_implementation, one_by_one, report_on
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
