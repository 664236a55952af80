"""Claims in a row: each decision can be retraced, and a repeated id says what would have served."""

from __future__ import annotations

from subsidy import Reason, assess
from subsidy.engine.sequence import assess_all
from tests.engine.test_decide import RECORD, city, usable


def test_each_decision_keeps_the_steps_that_it_has_when_decided_alone() -> None:
    law = city()
    first, second = RECORD, RECORD | {"claim_id": "C2", "certificate_no": "S2", "applied_on": "2024-06-02"}
    together = assess_all([second, first], policy=law)
    alone = [assess(second, [first], policy=law), assess(first, policy=law)]
    assert together == alone
    assert [one.steps for one in together] == [one.steps for one in alone]
    assert [one.receipt() for one in together] == [one.receipt() for one in alone]
    assert [one.blocked_by for one in together] == ["C1", None]


def test_of_rows_with_one_id_the_first_stays_only_where_all_are_alike() -> None:
    law = city()
    spelled = RECORD | {"level": "四级", "certificate_date": "2024/5/1"}
    other = RECORD | {"certificate_no": "S9"}
    alike = assess_all([RECORD, spelled, usable(law).claim], policy=law)
    assert [one.reason for one in alike] == [None, Reason.DUPLICATE_CLAIM_ID, Reason.DUPLICATE_CLAIM_ID]
    assert (alike[1].claim_id, alike[1].detail) == ("C1", "claim_id")
    assert alike[1].steps[0].figures == {"expected": "an id that no other row has"}
    apart = assess_all([RECORD, spelled, other], policy=law)
    assert {one.reason for one in apart} == {Reason.DUPLICATE_CLAIM_ID}
