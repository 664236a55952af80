"""What decides a table both ways must see a difference in either of them, wherever it stands in for the fixture."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from subsidy import Level, Stream
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.batch.frame import assess_frame
from tests.engine.batch import support, worlds
from tests.engine.batch.support import WAYS, claim, decided, forced, frame, same, town, ways

TOWN = town()


@pytest.fixture(autouse=True)
def loops() -> None:
    """Each test here chooses its way itself."""


@pytest.fixture(params=list(WAYS))
def spoiled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take a fen off every amount, in one of both ways."""

    def spoils(*given: Any, **more: Any) -> pd.DataFrame:
        found = assess_frame(*given, **more)
        return found.assign(amount_fen=found["amount_fen"] - 1) if os.environ[SWITCH] == request.param else found

    for module in (support, worlds):
        monkeypatch.setattr(module, "assess_frame", spoils)
    return str(request.param)


def test_same(spoiled: str) -> None:
    with pytest.raises(AssertionError, match=f"^loops {spoiled}: 1 of 1 rows differ"):
        same(frame(claim()), policy=TOWN)


def test_decided(spoiled: str) -> None:
    with pytest.raises(AssertionError, match="amount_fen"):
        decided(frame(claim()), policy=TOWN)


def test_compare(spoiled: str) -> None:
    kinds = worlds.kinds_of(("9-01-01-01",), (Level.L5,), tuple(Stream), [date(2024, 1, 1)])
    with pytest.raises(AssertionError, match=f"^loops {spoiled}: 40 of 40 worlds differ"):
        worlds.compare(worlds.all_worlds(kinds), TOWN)


def test_both_ways_are_taken_where_none_is_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "never")  # whatever a developer has set
    assert ways() == [*WAYS]
    with forced("never"):
        assert ways() == ["never"]
    assert ways() == [*WAYS]


def test_who_lets_the_fixture_be_decides_no_table_by_itself() -> None:
    """Else it would be decided by arrays only, without a word."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")}
    others = {name for name, text in texts.items() if re.search(r'def loops\(\) -> None:\n    """Every table', text)}
    assert len(others) > 4
    for name in others:
        assert "decide_table" not in texts[name]
        calls = texts[name].count("assess_frame(")
        assert calls == (2 if name == "test_one_person.py" else 0), name  # those two are forced there
