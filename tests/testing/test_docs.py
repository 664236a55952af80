"""The page on testing lists every law with its sentence, and every public name stands in the package."""

from __future__ import annotations

import re
from pathlib import Path

import subsidy.testing
from subsidy.testing import LAWS

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def test_the_table_of_laws() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("## The laws")[2]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(law.name, law.sentence) for law in LAWS.values()]


def test_public_names() -> None:
    for name in subsidy.testing.__all__:
        assert getattr(subsidy.testing, name) is not None
    assert sorted(subsidy.testing.__all__) == sorted(dir(subsidy.testing))
