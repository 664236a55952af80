"""Some columns of the adjustments are the same as those of all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy import InputError, Recalculation, recalculate
from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS

_ROW = {"person_id": "11010519491231002X", "occupation": "4-04-05-05", "level": 3, "certificate_date": "2023-09-01"}
CLAIMS = pd.DataFrame(
    {**_ROW, "claim_id": f"C{number}", "certificate_no": f"S{number}", "applied_on": day}
    for number, day in enumerate(["2023-10-08", "2023-10-09", "2023-10-10", None])
)
PAYMENTS = pd.DataFrame(
    {"claim_id": ["C0", "C2", "C3", "ghost"], "amount": ["1800", "2340", "5", "7"], "paid_on": "2023-11-01"}
)
WHOLE = recalculate(CLAIMS, PAYMENTS)
SUMMED = {"paid_fen", "due_fen", "adjustment_fen"}


def _of(*columns: str) -> Recalculation:
    return recalculate(CLAIMS, PAYMENTS, columns=columns)


@given(st.lists(st.sampled_from(ADJUSTMENT_COLUMNS), min_size=1, unique=True))
def test_some_columns_are_those_of_all(columns: list[str]) -> None:
    some = _of(*columns)
    pd.testing.assert_frame_equal(some.adjustments, WHOLE.adjustments[columns])
    assert some.run_id == WHOLE.run_id


@pytest.mark.parametrize(("columns", "found"), [(["claim_id", "due"], "'due'"), (["cause", "cause"], "'cause' twice")])
def test_columns_that_there_are_not(columns: list[str], found: str) -> None:
    with pytest.raises(InputError, match=f"columns: found {found}"):
        recalculate(CLAIMS, PAYMENTS, columns=columns)


@pytest.mark.parametrize("columns", [5, b"cause", [pd.NA], [["cause", "kind"]], np.array([["cause", "kind"]]), [None]])
def test_what_is_no_list_of_names(columns: Any) -> None:
    with pytest.raises(InputError, match=r"columns: found .*, expected columns of adjustments: claim_id, "):
        recalculate(CLAIMS, PAYMENTS, columns=columns)


def test_one_name_is_no_list_of_letters() -> None:
    assert list(recalculate(CLAIMS, PAYMENTS, columns="cause").adjustments) == ["cause"]


def test_what_needs_more_columns_says_so() -> None:
    pd.testing.assert_frame_equal(_of("cause", *SUMMED).totals("cause"), WHOLE.totals("cause"))
    pd.testing.assert_frame_equal(_of("applied_on", *SUMMED).totals("month"), WHOLE.totals("month"))
    pd.testing.assert_frame_equal(_of("adjustment_fen", "claim_id").booked("2024-01-01"), WHOLE.booked("2024-01-01"))
    for name in SUMMED:
        with pytest.raises(InputError, match=f"adjustments: found no column {name}"):
            _of("cause", *SUMMED - {name}).totals("cause")
    some = _of(*ADJUSTMENT_COLUMNS[:-1])
    missing = "no column first_paid_on, expected adjustments with them"
    with pytest.raises(InputError, match=missing):
        some.explain("C0")
    with pytest.raises(InputError, match=missing):
        some.to_html()
    with pytest.raises(InputError, match="no column applied_on"):
        _of("cause", *SUMMED).totals("month")
    with pytest.raises(InputError, match="no column claim_id"):
        _of("adjustment_fen").booked("2024-01-01")
