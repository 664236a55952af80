"""Findings about the rate tables as they are printed: each at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.engine.faulty_policies import ROWS, Fault, check_fault, each


@each(ROWS)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)
