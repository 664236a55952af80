"""Rows that can't be used: kept with their reason, or, where asked, one error that lists the first of them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from subsidy.engine.batch.frame import assess_frame
from subsidy.model.errors import InputError, InvalidRowsError, SubsidyError
from tests.engine.batch.support import OPEN, OUTPUT, REQUIRED, claim, frame, same, town
from tests.policy.support import Item

CONDITIONS = [{"id": name, "title": {"en": name}} for name in ("resident", "insured")]
TOWN = town((OPEN[1], {"conditions": CONDITIONS}))
PERSON = "11010519491231002X"

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "claim_id": ({"claim_id": ""}, "missing_value"),
    "person_id": ({"person_id": None}, "missing_value"),
    "occupation": ({"occupation": float("nan")}, "missing_value"),
    "level": ({"level": pd.NA}, "missing_value"),
    "certificate_no": ({"certificate_no": "\u3000"}, "missing_value"),
    "certificate_date": ({"certificate_date": pd.NaT}, "missing_value"),
    "applied_on": ({"applied_on": ""}, "missing_value"),
    "person number": ({"person_id": PERSON[:-1] + "1", "person_id_type": None}, "bad_person_id"),
    "person as a float": ({"person_id": 1.1010519491231002e17}, "bad_person_id"),
    "person as a long integer": ({"person_id": 110105194912310021}, "bad_person_id"),
    "person type": ({"person_id_type": "护照"}, "bad_person_id"),
    "date of the certificate": ({"certificate_date": "2024-02-30"}, "bad_date"),
    "date of the claim": ({"applied_on": 45200}, "bad_date"),
    "date of filing": ({"training_filed_on": "soon"}, "bad_date"),
    "level's word": ({"level": "六级"}, "bad_level"),
    "stream": ({"stream": 1}, "bad_stream"),
    "occupation's word": ({"occupation": "观云"}, "bad_occupation"),
    "certificate as a fraction": ({"certificate_no": 1.5}, "missing_value"),
    "claim id as a list": ({"claim_id": [1]}, "missing_value"),
    "months": ({"insured_months": 1.5}, "bad_number"),
    "months below zero": ({"insured_months": -1}, "bad_number"),
    "first condition": ({"resident": "perhaps"}, "bad_boolean"),
    "second condition": ({"insured": 2}, "bad_boolean"),
    "applied before issue": ({"applied_on": date(2024, 1, 1)}, "applied_before_issue"),
    "filed after certificate": ({"training_filed_on": date(2024, 1, 3)}, "filed_after_certificate"),
}


def test_one_fault_alone() -> None:
    rows = [claim(f"C{n}", person_id=n) | fault for n, (fault, _) in enumerate(FAULTS.values())]
    found = same(frame(*rows), policy=TOWN)
    assert set(found["status"]) == {"invalid"}
    reasons = [str(reason) for reason in found["reason"]]
    expected = [reason for _, reason in FAULTS.values()]
    assert reasons == expected
    alone = [same(frame(row), policy=TOWN)["reason"].iloc[0] for row in rows]
    assert [str(reason) for reason in alone] == expected


def test_two_and_three_faults_together() -> None:
    """Of several the first in the order of the table is reported."""
    rows: list[Item] = []
    for some in (*combinations(FAULTS, 2), *list(combinations(FAULTS, 3))[::3]):
        row = claim(f"C{len(rows)}", person_id=len(rows))
        for name in some:
            row |= FAULTS[name][0]
        rows.append(row)
    found = same(frame(*rows), policy=TOWN)
    assert set(found["status"]) == {"invalid"}


def test_invalid_rows_use_up_nothing_and_stop_nobody() -> None:
    faults = [fault for fault, _ in FAULTS.values() if "claim_id" not in fault and "person_id" not in fault]
    true = {"resident": True, "insured": True}
    bad = [claim(f"C{n}", **true) | fault for n, fault in enumerate(faults)]
    found = same(frame(*bad, claim("Z", **true)), policy=TOWN)
    assert found["status"].tolist()[-1] == "payable"


# -- repeated ids ------------------------------------------------------------------------

SPELLED = {"claim_id": " c1 ", "level": "五级", "applied_on": "2024年3月1日", "stream": None, "insured_months": "24.0"}


def test_rows_that_are_alike_keep_the_first() -> None:
    rows = [claim(), claim("C2", person_id="Q"), claim() | SPELLED, claim()]
    found = same(frame(*rows), policy=TOWN)
    assert [str(status) for status in found["status"]][:2] != ["invalid", "invalid"]
    assert found["reason"].tolist()[2:] == ["duplicate_claim_id"] * 2


@pytest.mark.parametrize("name", [*claim(), "training_filed_on", "resident"])
def test_rows_of_one_id_that_differ_in_any_field_are_all_invalid(name: str) -> None:
    others = {
        "claim_id": "C2", "person_id": "Q", "person_id_type": None, "occupation": "9-01-01-02", "level": "4",
        "certificate_no": "S", "certificate_date": date(2024, 1, 1), "applied_on": date(2024, 3, 2),
        "stream": "skill_improvement", "insured_months": None, "training_filed_on": date(2023, 1, 1), "resident": True,
    }  # fmt: skip
    rows = [claim(), claim() | {name: others[name]}, claim("C3", person_id="Z")]
    found = same(frame(*rows), policy=TOWN)
    repeated = [reason == "duplicate_claim_id" for reason in found["reason"]]
    assert repeated == ([False] * 3 if name == "claim_id" else [True, True, False])


def test_rows_of_one_id_that_are_unusable_in_the_same_way() -> None:
    rows = [claim(level="六级"), claim(level=" 六级"), claim("C2", level="?"), claim("C2", level="??"), claim("C2")]
    same(frame(*rows), policy=TOWN)


def test_very_many_rows_of_one_id() -> None:
    rows = [claim(level=str(1 + n % 2), person_id=f"P{n % 2}") for n in range(600)]
    same(frame(*rows), policy=TOWN)
    same(frame(*[rows[0]] * 600), policy=TOWN)


def test_rows_without_an_id_are_not_repeated() -> None:
    found = same(frame(*[claim(claim_id=None)] * 3, claim("C1")), policy=TOWN)
    assert found["reason"].tolist()[:3] == ["missing_value"] * 3


# -- one error for all -------------------------------------------------------------------


def bad_frame(rows: int) -> pd.DataFrame:
    person = PERSON[:-1] + "1"
    bad = [claim(f"B{n}", person_id=person, person_id_type=None) for n in range(rows)]
    made = frame(*bad, *(claim(f"L{n}", level="六级") for n in range(3)), claim("C1"))
    made.index = pd.Index([f"label-{n}" for n in range(len(made))])
    return made


def test_asked_to_raise_it_lists_the_first_rows_and_counts_all() -> None:
    with pytest.raises(InvalidRowsError) as caught:
        assess_frame(bad_frame(30), policy=TOWN, on_invalid="raise")
    error = caught.value
    assert isinstance(error, SubsidyError)
    assert isinstance(error, ValueError)
    assert dict(error.counts) == {"bad_person_id": 30, "bad_level": 3}
    assert len(error.problems) == 20
    for row, problem in enumerate(error.problems):
        assert f"row {row}:" in problem
        assert "person_id" in problem
        assert "bad_person_id" in problem
    text = str(error)
    assert PERSON[:-1] not in text + repr(error)
    assert "33" in text
    assert all(problem in text for problem in error.problems)
    assert "bad_level" in text


def test_rows_are_counted_from_the_first_whatever_the_index_says() -> None:
    with pytest.raises(InvalidRowsError) as caught:
        assess_frame(frame(claim(), claim("C2", level="六级")).set_axis([8, 9]), policy=TOWN, on_invalid="raise")
    [problem] = caught.value.problems
    assert "row 1:" in problem
    assert "level" in problem


def test_an_invalid_rows_error_can_be_pickled() -> None:
    import pickle

    with pytest.raises(InvalidRowsError) as caught:
        assess_frame(bad_frame(1), policy=TOWN, on_invalid="raise")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert str(again) == str(caught.value)
    assert again.problems == caught.value.problems


def test_where_nothing_is_invalid_nothing_is_raised() -> None:
    claims = frame(claim(), claim("C2", level="4", applied_on=date(2025, 1, 2)))
    kept, strict = (assess_frame(claims, policy=TOWN, on_invalid=how) for how in ("keep", "raise"))
    pd.testing.assert_frame_equal(kept, strict)
    assert Counter(strict["status"]) == {"undetermined": 2}


def test_a_word_that_is_neither_keep_nor_raise_is_refused() -> None:
    with pytest.raises(ValueError, match="on_invalid"):
        assess_frame(frame(claim()), policy=TOWN, on_invalid="ignore")  # type: ignore[arg-type]


# -- frames that are no claims -----------------------------------------------------------


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_column_that_is_missing(name: str) -> None:
    with pytest.raises(InputError, match=name):
        assess_frame(frame(claim()).drop(columns=name), policy=TOWN)
    with pytest.raises(InputError, match=name):
        assess_frame(frame(claim()), frame(claim("H")).drop(columns=name), TOWN)


def test_two_columns_of_one_heading() -> None:
    claims = frame(claim())
    claims[" LEVEL"] = "4"
    with pytest.raises(InputError, match="LEVEL"):
        assess_frame(claims, policy=TOWN)
    twice = pd.concat([frame(claim()), frame(claim())[["level"]]], axis=1)
    with pytest.raises(InputError, match="level"):
        assess_frame(twice, policy=TOWN)


def test_two_columns_of_a_heading_that_is_not_ours_are_left_alone() -> None:
    claims = pd.concat([frame(claim()), pd.DataFrame([[1, 2, 3]], columns=["note", "note", " NOTE"])], axis=1)
    found = assess_frame(claims, policy=TOWN)
    assert tuple(found.columns) == OUTPUT
    assert len(found) == 1
