"""Calls of the command line for the tests: inside this process, and as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from subsidy.cli import app

REPOSITORY = Path(__file__).parents[2]
POLICIES = REPOSITORY / "tests" / "policies"
PERSON = "320507199003074513"  # made up
RECORD: dict[str, object] = {
    "claim_id": "C1",
    "person_id": PERSON,
    "occupation": "4-04-05-05",
    "level": "3",
    "certificate_no": "S1",
    "certificate_date": "2023-09-01",
    "applied_on": "2023-10-08",
}
_PLAIN = {"COLUMNS": "80", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "NO_COLOR": None, "FORCE_COLOR": None}


class Answer(NamedTuple):
    """What a call gave."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def call(*arguments: str, given: str | bytes | Any = "", env: Mapping[str, str | None] = {}) -> Answer:
    """Call the command line in this process; ``given`` is standard input, as text, bytes or a value for JSON."""
    text = given if isinstance(given, (str, bytes)) else json.dumps(given, ensure_ascii=False)
    result = CliRunner().invoke(app, arguments, input=text, env={**_PLAIN, **env}, catch_exceptions=False)
    return Answer(result.exit_code, result.stdout, result.stderr)


def process(*arguments: str, given: bytes = b"", env: Mapping[str, str] = {}) -> Answer:
    """Call ``python -m subsidy`` as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "subsidy", *arguments],
        input=given,
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(env),
    )
    return Answer(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def environment(env: Mapping[str, str] = {}) -> dict[str, str]:
    """Give the environment of a process: ours, in English and without colour settings."""
    plain = {name: value for name, value in _PLAIN.items() if value is not None}
    kept = {name: value for name, value in os.environ.items() if name not in _PLAIN}
    return {**kept, "PYTHONPATH": str(REPOSITORY / "src"), **plain, **env}


def one_message(answer: Answer, *parts: str) -> None:
    """Require exit code 2 and exactly one line on standard error that holds all parts, and nothing else."""
    assert answer.code == 2, answer
    assert answer.out == ""
    assert answer.err.count("\n") == 1, answer.err
    assert answer.err.startswith(("error: ", "错误：")) or ":1:1: " in answer.err
    for part in parts:
        assert part in answer.err
