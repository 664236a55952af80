"""Findings about the amounts that come out: each at its place, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.engine.faulty_policies import AMOUNTS, Fault, check_fault, each


@each(AMOUNTS)
def test_a_fault_is_found_at_its_place_and_nothing_else_is(fault: Fault, tmp_path: Path) -> None:
    check_fault(fault, tmp_path)
