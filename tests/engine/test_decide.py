"""Every rule is asked once, in the order of the specification, each with the words that its step carries."""

from __future__ import annotations

from datetime import date

import pytest

from subsidy.engine.decide import Answer, answers
from subsidy.engine.ledger import Ledger, case_of
from subsidy.engine.records import Unusable, Usable, read_record
from subsidy.model.words import Reason
from subsidy.policy.policy import Policy
from tests.policy.support import edition, policy

YEAR = ("2024-01-01", "2024-01-01")
CODE = "9-01-01-01"
RECORD = {
    "claim_id": "C1",
    "person_id": "11010519491231002X",
    "occupation": CODE,
    "level": "4",
    "certificate_no": "S1",
    "certificate_date": "2024-05-01",
    "applied_on": "2024-06-01",
}
LIMIT = {"id": "yearly", "streams": ["training"], "at_most": "1", "per": "calendar_year"}
RULES = ["entitlement", "minimum_confidence", "within_claim_window", "insured_long_enough", "certificate_paid_once"]


def city(**procedure: object) -> Policy:
    return policy(
        f"{CODE},观云员,\n",
        occupations=[edition("directory", *YEAR, occupations=[{"code": CODE, "name": {"zh": "观云员"}}])],
        rates=[edition("rates", *YEAR, amounts={"training": {"any": {"3": "2000", "4": "1500"}}})],
        rules=[edition("rules", *YEAR, procedure=procedure)],
    )


def usable(law: Policy, **changes: object) -> Usable:
    read = read_record(law, RECORD | changes)
    assert not isinstance(read, Unusable)
    return read


def asked(law: Policy, paid: list[Usable] | None = None, *, every: bool = True, **changes: object) -> list[Answer]:
    ledger = Ledger(law)
    for one in paid or []:
        ledger.add(case_of(law, *one))
    return list(answers(law, case_of(law, *usable(law, **changes)), ledger, every=every))


@pytest.mark.parametrize(
    ("lower_after_higher", "rule"), [("refuse", ["no_lower_after_higher"]), ("allow", [])], ids=["refuse", "allow"]
)
def test_every_rule_that_the_text_has_is_asked_in_its_order(lower_after_higher: str, rule: list[str]) -> None:
    law = city(
        lower_after_higher=lower_after_higher,
        conditions=[
            {"id": "resident", "title": {"en": "R"}},
            {"id": "other", "title": {"en": "O"}, "streams": ["training"]},
        ],
        limits=[LIMIT],
    )
    given = asked(law, resident=True, other=True)
    assert given == [
        *(Answer(name, None) for name in RULES[:4]),
        Answer("condition", None, "resident"),
        Answer("condition", None, "other"),
        Answer("certificate_paid_once", None),
        Answer("level_paid_once", None),
        *(Answer(name, None) for name in rule),
        Answer("limit", None, "yearly"),
    ]
    assert asked(law, every=False, resident=True, other=True) == []


def test_without_rules_on_the_day_of_application_no_other_rule_is_asked() -> None:
    law, day = city(), "2023-06-01"
    assert asked(law, certificate_date=day, applied_on=day) == [
        Answer("entitlement", Reason.NO_RULES_IN_FORCE, "applied_on")
    ]
    case = case_of(law, *usable(law, certificate_date=day, applied_on=day))
    assert (case.date_name, case.on, case.facts) == ("applied_on", None, frozenset())


def test_of_a_day_without_rules_the_name_of_its_date_is_told() -> None:
    first = asked(city(), certificate_date="2023-12-31")[0]
    assert first == Answer("entitlement", Reason.NO_RULES_IN_FORCE, "certificate_date")


def test_the_first_claim_that_stands_in_the_way_is_named_by_rules_7_to_9_and_by_no_limit() -> None:
    law = city(limits=[LIMIT])
    first = usable(law, claim_id="H1", level="3", certificate_no="S0", applied_on="2024-05-02")
    second = usable(law, claim_id="H2", certificate_no="S1", applied_on="2024-05-03")
    third = usable(law, claim_id="H3", certificate_no="S1", applied_on="2024-05-04")
    expected = [
        Answer("certificate_paid_once", Reason.CERTIFICATE_ALREADY_PAID, None, "H2"),
        Answer("level_paid_once", Reason.SAME_LEVEL_ALREADY_PAID, None, "H2"),
        Answer("no_lower_after_higher", Reason.HIGHER_LEVEL_ALREADY_PAID, None, "H1"),
        Answer("limit", Reason.LIMIT_REACHED, "yearly"),
    ]
    assert asked(law, [first, second, third], every=False) == expected
    assert asked(law, [first, second, third])[-4:] == expected


def test_the_year_of_a_limit_is_that_of_the_application() -> None:
    law = city(limits=[LIMIT])
    paid = usable(law, claim_id="H1", level="5", certificate_no="S0")
    assert [one.detail for one in asked(law, [paid], every=False)] == ["yearly"]
    assert asked(law, [paid], every=False, applied_on=date(2025, 1, 1)) == []
