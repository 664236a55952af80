"""Records as forms and tables hold them: what can be read of one, whether two are alike, what would have served."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest

from subsidy import InputError, Level, Reason
from subsidy.engine.records import Unusable, normal_form, read_record, readable, require
from tests.engine.test_decide import CODE, RECORD, city

FORMS = "a code, name or alias of an occupation"


@pytest.mark.parametrize(("text", "expected"), [("观云", f"{FORMS}; did you mean 观云员?"), ("xyz", FORMS)])
def test_an_occupation_that_means_nothing_names_the_nearest_one(text: str, expected: str) -> None:
    law = city()
    read = read_record(law, RECORD | {"occupation": text})
    assert isinstance(read, Unusable)
    assert (read.claim_id, read.detail, read.expected) == ("C1", "occupation", expected)
    with pytest.raises(InputError) as caught:
        require(law, text)
    assert (caught.value.field, caught.value.found, caught.value.expected) == ("occupation", repr(text), expected)


def test_what_can_be_read_of_a_record_is_kept_and_the_rest_left_out() -> None:
    law = city()
    whole = readable(law, RECORD)
    assert whole["occupation"] == CODE
    assert whole["level"] is Level.L4
    assert readable(law, RECORD | {"occupation": "观云员"}) == whole
    part = readable(law, RECORD | {"level": "9", "occupation": "xyz", "applied_on": "soon"})
    assert part == {
        field: value for field, value in whole.items() if field not in {"level", "occupation", "applied_on"}
    }


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({"occupation": "观云员", "level": "中级工", "certificate_date": "2024年5月1日"}, True),
        ({"certificate_no": "s１"}, True),
        ({"occupation": "9-01-01-02"}, False),
        ({"certificate_no": "S2"}, False),
    ],
)
def test_rows_are_alike_where_their_fields_mean_the_same(changes: dict[str, object], alike: bool) -> None:
    law = city()
    assert (normal_form(law, RECORD | changes) == normal_form(law, RECORD)) is alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"level": "level 9"}, {"level": "ＬＥＶＥＬ９"}, True),
        ({"level": "level 9"}, {"level": "level 8"}, False),
        ({"level": "9"}, {"level": 9}, True),
        ({"level": 9}, {"level": 8}, False),
        ({"occupation": "no such trade"}, {"occupation": "No suchtrade"}, True),
        ({"occupation": "no such trade"}, {"occupation": "no other trade"}, False),
        ({"claim_id": "观云员"}, {"claim_id": CODE}, False),
    ],
)
def test_what_cannot_be_read_is_compared_as_its_text(
    one: dict[str, object], other: dict[str, object], alike: bool
) -> None:
    law = city()
    assert (normal_form(law, RECORD | one) == normal_form(law, RECORD | other)) is alike


@pytest.mark.parametrize(
    ("changes", "reason", "detail", "expected"),
    [
        ({"person_id": "x", "person_id_type": "zz"}, Reason.BAD_PERSON_ID, "person_id_type", "resident"),
        ({"applied_on": "x", "certificate_date": "y"}, Reason.BAD_DATE, "certificate_date", "a date like 2023-09-01"),
        ({"person_id": 1.5, "person_id_type": "zz"}, Reason.BAD_PERSON_ID, "person_id", "text"),
        ({"person_id": "", "applied_on": " "}, Reason.MISSING_VALUE, "person_id", ""),
        ({"level": "9"}, Reason.BAD_LEVEL, "level", "one of 1 to 5"),
        ({"conditions": {"resident": "maybe"}}, Reason.BAD_BOOLEAN, "resident", ""),
    ],
)
def test_the_first_bad_field_in_the_order_of_the_columns_is_told(
    changes: dict[str, object], reason: Reason, detail: str, expected: str
) -> None:
    read = read_record(city(), RECORD | changes)
    assert isinstance(read, Unusable)
    assert (read.reason, read.detail) == (reason, detail)
    assert expected in read.expected
    assert not read.expected.startswith("expected")


REQUIRED = ("claim_id", "person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on")
FAULTS: list[tuple[dict[str, object], Reason]] = [({field: ""}, Reason.MISSING_VALUE) for field in REQUIRED]
FAULTS += [
    ({"person_id": "x"}, Reason.BAD_PERSON_ID),
    ({"certificate_date": "x"}, Reason.BAD_DATE),
    ({"applied_on": "x"}, Reason.BAD_DATE),
    ({"training_filed_on": "x"}, Reason.BAD_DATE),
    ({"level": "9"}, Reason.BAD_LEVEL),
    ({"stream": "x"}, Reason.BAD_STREAM),
    ({"occupation": "xyz"}, Reason.BAD_OCCUPATION),
    ({"insured_months": "-1"}, Reason.BAD_NUMBER),
    ({"resident": "maybe"}, Reason.BAD_BOOLEAN),
    ({"applied_on": "2020-01-01"}, Reason.APPLIED_BEFORE_ISSUE),
    ({"training_filed_on": "2030-01-01"}, Reason.FILED_AFTER_CERTIFICATE),
]


def test_of_two_faults_the_one_that_comes_first_in_the_table_of_the_specification_is_told() -> None:
    law = city(conditions=[{"id": "resident", "title": {"en": "R"}}])
    for (first, reason), (second, _) in combinations_with_replacement(FAULTS, 2):
        if first != second and first.keys() & second.keys():
            continue
        read = read_record(law, RECORD | first | second)
        assert isinstance(read, Unusable)
        assert (read.reason, read.detail) == (reason, *first), (first, second)
        assert read.claim_id == (None if "claim_id" in first else "C1")


def test_conditions_stand_in_columns_of_their_own_or_in_a_mapping() -> None:
    law = city(conditions=[{"id": "resident", "title": {"en": "R"}}])
    for given, stated in (
        ({"conditions": {"resident": False}}, {"resident": False}),
        ({"resident": "是"}, {"resident": True}),
        ({"conditions": {"resident": False}, "RESIDENT": True}, {"resident": True}),
        ({"conditions": None}, {}),
    ):
        read = read_record(law, RECORD | given)
        assert not isinstance(read, Unusable)
        assert dict(read.claim.conditions) == stated


def test_what_is_no_record_is_named() -> None:
    with pytest.raises(InputError) as caught:
        read_record(city(), 5)  # type: ignore[arg-type]
    expected = ("claim", "5 (int)", "a Claim, or a mapping of its columns")
    assert (caught.value.field, caught.value.found, caught.value.expected) == expected
