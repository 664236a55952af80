"""Is the back office right? The laws of the policy say so, on policies and claims that are made up for it.

BACK_OFFICE_BUG=off_by_one_day (or another name of bugs.py) seeds a bug, which some of these tests must find.
"""

import os

from bugs import office_with
from hypothesis import given, settings

from subsidy import Claim, load_policy
from subsidy.testing import LAWS, Case, LawTests, World, check_implementation, claims

OFFICE = office_with(os.environ.get("BACK_OFFICE_BUG"))
OURS = load_policy()  # the folder that we use; the packaged one in this example
MONEY = [law.name for law in LAWS.values() if law.worlds == "money"]
ON_OUR_TEXTS = (
    "the_entitlement_is_that_of_its_date",
    "the_first_rule_that_says_no_is_the_reason",
    "not_to_know_is_undetermined",
)


class TestLaws(LawTests):
    """A test for each law; where one is broken it shows the law and a smallest example."""

    implementation = staticmethod(OFFICE)


def test_amounts_in_other_worlds() -> None:
    """Money twice: the same laws on other policies and claims than above."""
    check_implementation(OFFICE, laws=MONEY, seed=1, max_examples=50, most_shrinks=30)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(claims(OURS))
def test_our_own_texts(claim: Claim) -> None:
    """Amount and reason under the texts that we use, where the tests above invent some."""
    record = claim.model_dump(exclude={"conditions"}) | dict(claim.conditions)
    case = Case(OFFICE, World(OURS, (record,)))
    for name in ON_OUR_TEXTS:
        broken = LAWS[name].breach_in(case)
        assert broken is None, f"{name}: {LAWS[name].sentence} Here: {broken}"
