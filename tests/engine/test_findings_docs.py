"""docs/findings.md lists every kind of finding with its own words."""

from __future__ import annotations

import re

from subsidy.engine.findings import KINDS, Kind
from tests.cases_io import REPOSITORY

PAGE = REPOSITORY / "docs" / "findings.md"
ROW = re.compile(r"^\| `(?P<code>[a-z-]+)` \| (error|warning|info) \|.*$", re.MULTILINE)


def row(kind: Kind) -> str:
    """The row of a kind: code, severity, message and advice, each English first; … is what the check fills in."""
    cells = [
        f"{re.sub(r'{[a-z_]+}', '…', text.en)}<br>{re.sub(r'{[a-z_]+}', '…', text.zh)}"
        for text in (kind.message, kind.advice)
    ]
    return f"| `{kind.code}` | {kind.severity} | {' | '.join(cells)} |"


def test_every_kind_has_its_row_and_no_row_is_left_over() -> None:
    rows = {match["code"]: match[0] for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))}
    assert rows == {kind.code: row(kind) for kind in KINDS.values()}
