"""Money of an id that several rows have belongs to the first of them by what they say, field by field."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from subsidy.engine.batch.sources import source_of_frame
from subsidy.engine.recalculation.owners import owners_of
from subsidy.model.claim import REQUIRED_FIELDS
from tests.engine.recalculation import hand

POLICY = hand.town()
VALUES = st.sampled_from(["", "a", "b", "é"])


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_first_by_what_it_says(said: list[tuple[str, str]], random: object) -> None:
    rows = [dict.fromkeys(REQUIRED_FIELDS, "x") | {"level": one, "occupation": other} for one, other in said]
    source = source_of_frame(POLICY, pd.DataFrame(rows))
    places = list(range(len(rows)))[::-1]
    random.shuffle(places)  # type: ignore[attr-defined]
    half = len(places) // 2
    groups = [group for group in (places[:half], np.array(places[half:])) if len(group)]
    found = owners_of(source, groups)
    assert found.tolist() == [min(group, key=lambda row: (*said[row], row)) for group in groups]
    assert found.dtype == np.int64


def test_of_no_id() -> None:
    found = owners_of(source_of_frame(POLICY, pd.DataFrame([dict.fromkeys(REQUIRED_FIELDS, "x")])), [])
    assert (found.tolist(), found.dtype) == ([], np.dtype(np.int64))
