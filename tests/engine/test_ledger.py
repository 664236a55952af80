"""What a person was already paid: who came first, and how much a limit counts."""

from __future__ import annotations

from subsidy.engine.ledger import Counters, Ledger, case_of
from subsidy.model.level import Level
from subsidy.rules.history import LEVEL_BIT
from tests.engine.test_decide import CODE, LIMIT, city, usable

EVERY_LEVEL = sum(LEVEL_BIT.values())


def test_of_several_claims_the_one_that_counts_first_is_named() -> None:
    law = city()
    ledger = Ledger(law)
    assert ledger.first_claim(CODE, EVERY_LEVEL) is None
    for place, (name, level) in enumerate((("Z", "5"), ("Y", "4"), ("X", "3"), ("W", "4"))):
        ledger.add(case_of(law, *usable(law, claim_id=name, level=level, certificate_no=f"S{place}")))
    assert (ledger.empty, Ledger(law).empty) == (False, True)
    assert ledger.first_claim(CODE, EVERY_LEVEL) == "Z"
    assert ledger.first_claim(CODE, LEVEL_BIT[Level.L3] | LEVEL_BIT[Level.L4]) == "Y"
    assert ledger.first_claim(CODE, LEVEL_BIT[Level.L3]) == "X"
    assert ledger.first_claim(CODE, LEVEL_BIT[Level.L1]) is None
    assert ledger.first_claim("9-09-09-09", EVERY_LEVEL) is None
    assert [ledger.certificate_paid_by(f"S{place}") for place in range(5)] == ["Z", "Y", "X", "W", None]


def test_limits_that_count_alike_share_one_number_whatever_they_allow() -> None:
    first = [LIMIT, LIMIT | {"id": "other", "at_most": "9"}, LIMIT | {"id": "life", "per": "lifetime"}]
    law = city(limits=[*first, LIMIT | {"id": "facts", "requires": ["digital"]}])
    counters = Counters.of(law)
    assert Counters.of(law) is counters
    assert [limit.id for limit in counters.limits] == ["yearly", "life", "facts"]
    assert [counters.numbers[id(limit)] for limit in law.rules[0].procedure.limits] == [0, 0, 1, 2]
    ledger = Ledger(law)
    case = case_of(law, *usable(law))
    assert [ledger.count(limit, case) for limit in law.rules[0].procedure.limits] == [0, 0, 0, 0]
    ledger.add(case)
    ledger.add(case)
    assert [ledger.count(limit, case) for limit in law.rules[0].procedure.limits] == [2, 2, 2, 0]
