"""A finding says itself, and where it is."""

from __future__ import annotations

from pathlib import Path

from tests.engine.faulty_policies import found
from tests.engine.sound_policy import RATES, Edit


def test_a_finding_says_itself_in_one_line_and_as_json(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "secondary", Edit(RATES, "confidence: official", "confidence: secondary"))
    file = str(tmp_path / RATES)
    assert finding.text("en") == (
        f"{file}:7:19: info secondary: editions[0].source.confidence: Edition rates: taken from a report or copy, not "
        "from the official text: 云山市2024年标准. Compare with the official text; where it agrees, mark it official."
    )
    assert finding.text("zh") == (
        f"{file}:7:19: info secondary: editions[0].source.confidence: 版本 rates：依据转载或报道，并非正式文本"
        "（云山市2024年标准）。请与正式文本核对，一致的标为 official。"
    )
    assert finding.to_json() == {
        "code": "secondary",
        "severity": "info",
        "file": file,
        "line": 7,
        "column": 19,
        "path": "editions[0].source.confidence",
        "edition": "rates",
        "message": finding.message._asdict(),
        "advice": finding.advice._asdict(),
    }
