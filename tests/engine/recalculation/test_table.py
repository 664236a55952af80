"""The kinds of the columns that files hold."""

from __future__ import annotations

from subsidy.engine.recalculation.table import ADJUSTMENTS, _kind


def test_texts_whole_fen_truth_and_days() -> None:
    for field in ADJUSTMENTS:
        day, truth, fen = field.name.endswith("_on"), field.name == "payable_then", field.name.endswith("_fen")
        assert str(_kind(field.name)) == ("date32[day]" if day else "bool" if truth else "int64" if fen else "string")
        assert _kind(field.name) == field.type
