"""`subsidy assess` on a file, as a process of its own, with its time and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["FailedError", "Run", "assess_file"]


class FailedError(Exception):
    """The command didn't do what was asked."""


class Run(NamedTuple):
    seconds: float
    peak: float  # MiB


def assess_file(claims: Path, decisions: Path, *options: str) -> Run:
    """Decide a file; raise `FailedError` with what the command said."""
    decisions.unlink(missing_ok=True)
    command = [sys.executable, "-m", "subsidy", "assess", str(claims), "-o", str(decisions), *options]
    launcher = [sys.executable, str(Path(__file__).with_name("measured.py")), *command]
    found = json.loads(subprocess.run(launcher, check=True, capture_output=True, text=True).stdout)
    if found["code"] not in {0, 1} or not decisions.exists():
        said = found["said"].strip().splitlines()[-1:] or ["nothing"]
        raise FailedError(f"exit code {found['code']}; it said: {said[0]}")
    return Run(found["seconds"], found["peak"])
