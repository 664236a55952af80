"""What is said of a call, or of rows of a frame, that can't be used: word for word."""

from __future__ import annotations

import pytest

from subsidy.engine.batch.frame import assess_frame
from subsidy.model.errors import InputError, InvalidRowsError
from subsidy.model.level import LEVEL_FORMS
from tests.engine.batch.support import claim, frame, town

TOWN = town()


def test_each_row_that_can_not_be_used_with_what_would_have_served() -> None:
    rows = [claim("C1"), claim("C2", level="?"), claim("C3"), claim("C3", level="4"), claim("C4", level="?")]
    with pytest.raises(InvalidRowsError) as caught:
        assess_frame(frame(*rows), policy=TOWN, on_invalid="raise")
    assert caught.value.problems == (
        f"row 1: level: bad_level, expected {LEVEL_FORMS}",
        "row 2: claim_id: duplicate_claim_id, expected an id that no other row has",
        "row 3: claim_id: duplicate_claim_id, expected an id that no other row has",
        f"row 4: level: bad_level, expected {LEVEL_FORMS}",
    )
    assert list(caught.value.counts.items()) == [("bad_level", 2), ("duplicate_claim_id", 2)]


def test_the_first_twenty_rows_are_told_and_all_counted() -> None:
    rows = [claim(f"C{number}", level="?") for number in range(25)]
    with pytest.raises(InvalidRowsError) as caught:
        assess_frame(frame(*rows), policy=TOWN, on_invalid="raise")
    assert [problem.split(":")[0] for problem in caught.value.problems] == [f"row {number}" for number in range(20)]
    assert caught.value.counts == {"bad_level": 25}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"on_invalid": "stop"}, "on_invalid: found 'stop', expected keep or raise"),
        ({"bad_history": "stop"}, "bad_history: found 'stop', expected raise or skip"),
    ],
    ids=["on_invalid", "bad_history"],
)
def test_a_word_that_serves_for_nothing(more: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        assess_frame(frame(claim()), policy=TOWN, **more)  # type: ignore[arg-type]
    assert str(caught.value) == said


def test_rows_left_out_are_an_attribute_only_where_there_are_some() -> None:
    claims, past = frame(claim("C")), [claim("H1", level="?"), claim("H2", level="4")]
    found = assess_frame(claims, frame(*past), TOWN, bad_history="skip")
    assert found.attrs == {
        "policy_fingerprint": TOWN.fingerprint,
        "skipped_history": (f"history[0]: level: bad_level, expected {LEVEL_FORMS}",),
    }
    assert [*assess_frame(claims, frame(past[1]), TOWN, bad_history="skip").attrs] == ["policy_fingerprint"]


def test_of_which_frame_a_column_is_missing() -> None:
    good = frame(claim())
    for name, claims, past in (("claims", good[["level"]], None), ("history", good, good[["level"]])):
        with pytest.raises(InputError, match=f"^{name}: found the columns 'level', expected claim_id"):
            assess_frame(claims, past, TOWN)
