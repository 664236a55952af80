"""The tables of a policy's grid: each cell is what the functions of one claim say, worked out when it is asked."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest

from subsidy import Level, Stream
from subsidy.engine.alike import alike
from subsidy.engine.batch import grid as grids
from subsidy.engine.batch.grid import CONFIDENCES, NO_AMOUNT, NO_CONFIDENCE, REASONS, Grid, Kind, reason_number
from subsidy.engine.cells import cell_of
from subsidy.model.words import Reason
from tests.engine.batch.support import OPEN, town

LIMITED = town((OPEN[1], {"limits": [{"id": "L", "at_most": 1, "per": "lifetime"}]}), listed_from="2023-01-01")


def test_every_cell_of_a_small_grid() -> None:
    policy = LIMITED.as_known_on(date(2030, 1, 1))  # of which nothing was worked out yet
    made = Grid(policy)
    codes, streams, levels = [*made.codes, "9-99-99-99"], [*Stream], [*Level]
    assert made.codes == sorted(policy.vocabulary.titles)
    assert made.none == len(policy.periods) * len(codes) * len(streams) * len(levels)
    places = [*product(range(len(policy.periods)), range(len(codes)), range(len(streams)), range(len(levels)))]
    columns = [np.array(column, np.int32) for column in zip(*places, strict=True)]
    columns[1][columns[1] == len(codes) - 1] = 10_000  # all that the policy doesn't know share one
    cells = made.cells(*columns)
    assert cells.tolist() == [*range(made.none)]
    assert (made.reason[:-1] == -1).all()
    made.fill(cells[1::2])
    assert (made.reason[cells[::2]] == -1).all()
    made.fill(cells)
    for number, (period, code, stream, level) in enumerate(places):
        cell = cell_of(policy, policy.periods[period], streams[stream], codes[code], levels[level])
        assert REASONS[made.reason[number]] == cell.reason
        assert made.base[number] == (NO_AMOUNT if cell.base_fen is None else cell.base_fen)
        assert made.uplift[number] == (NO_AMOUNT if cell.uplift_fen is None else cell.uplift_fen)
        assert made.amount[number] == cell.amount_fen
        known = None if made.confidence[number] == NO_CONFIDENCE else CONFIDENCES[made.confidence[number]]
        assert known == cell.confidence
        assert made.kinds[made.kind[number]] == Kind(streams[stream], levels[level], cell.facts)
    assert len(set(made.kinds)) == len(made.kinds)
    last = (made.reason, made.base, made.uplift, made.amount, made.confidence)
    assert [int(column[made.none]) for column in last] == [0, NO_AMOUNT, NO_AMOUNT, 0, NO_CONFIDENCE]


def test_codes_that_are_treated_alike_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def count(*given: Any) -> Any:
        asked.append((given[1].first_day, *given[2:]))
        return cell_of(*given)

    monkeypatch.setattr(grids, "cell_of", count)
    made = Grid(LIMITED)
    made.fill(np.arange(made.none))
    assert len(asked) == len(set(asked))
    assert len(asked) < made.none
    made.fill(np.arange(made.none))
    groups = sum(len(alike(texts, [*made.codes, ""])) for texts in LIMITED.periods)
    assert len(asked) == groups * len(Level) * len(Stream)


def test_a_policy_has_one_grid() -> None:
    assert Grid.of(LIMITED) is Grid.of(LIMITED)
    assert Grid.of(LIMITED) is not Grid.of(LIMITED.as_known_on(date(2025, 1, 1)))
    assert [REASONS[reason_number(reason)] for reason in (None, *Reason)] == [None, *Reason]
