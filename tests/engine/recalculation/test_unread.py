"""What rules 7 to 10 can still read of a paid claim whose record can't be used."""

from __future__ import annotations

from typing import Any

import pytest

from subsidy import Level, Stream
from subsidy.engine.batch.grid import Kind
from subsidy.engine.recalculation.unread import kind_so_far
from tests.engine.recalculation import hand

LISTED = frozenset({"shortage"})
BARE = Kind(Stream.TRAINING, Level("5"), frozenset(), dated=True)
FILED = {"training_filed_on": "2022-12-20"}


@pytest.mark.parametrize(
    ("spoiled", "expected"),
    [
        ({"certificate_no": "?" * 200}, BARE._replace(facts=LISTED)),
        ({"person_id": None}, None),
        ({"person_id_type": "?"}, None),
        ({"person_id_type": "resident"}, None),
        ({"person_id_type": "resident", "person_id": "11010519491231002X"}, BARE._replace(facts=LISTED)),
        ({"stream": "?"}, BARE._replace(stream=None, facts=LISTED)),
        ({"level": "?"}, BARE._replace(level=None)),
        ({"applied_on": "?"}, BARE._replace(dated=False)),
        ({"occupation": "?"}, BARE),
        ({"applied_on": "2022-12-31"}, BARE),
        ({"training_filed_on": "?"}, BARE),
        ({"certificate_date": "?"}, BARE),
    ],
)
def test_kind_so_far(spoiled: dict[str, Any], expected: Kind | None) -> None:
    assert kind_so_far(hand.town(), hand.claim() | spoiled) == expected


@pytest.mark.parametrize(("filed", "facts"), [({}, LISTED), (FILED, frozenset()), ({"training_filed_on": ""}, LISTED)])
def test_facts_are_those_of_the_entitlement_date(filed: dict[str, Any], facts: frozenset[str]) -> None:
    """Training that was filed before any list was in force."""
    policy = hand.town(entitlement_date="training_filed_on")
    found = kind_so_far(policy, hand.claim(level="5") | filed | {"certificate_no": None})
    assert found == BARE._replace(facts=facts)
