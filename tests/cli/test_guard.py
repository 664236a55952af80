"""Around the commands: internal faults, interrupts, closed pipes, encodings, colour, and what is imported."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from importlib import import_module
from typing import Any, NoReturn

import pytest

from subsidy import cli
from subsidy.cli import quote
from subsidy.cli.failures import scrubbed
from tests.cli.calls import PERSON, RECORD, call, environment, process

QUOTE = ("quote", "--occupation", "4-04-05-05", "--level", "3", "--on", "2023-09-01")


def broken(*_: Any, **__: Any) -> NoReturn:
    raise KeyError(PERSON)


def test_an_internal_error_is_one_line_without_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quote, "quote", broken)
    answer = call(*QUOTE)
    assert (answer.code, answer.out) == (70, "")
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("internal error: KeyError (subsidy/cli/quote.py:")
    assert "--traceback" in answer.err
    assert PERSON not in answer.err
    chinese = call(*QUOTE, "--lang", "zh")
    assert chinese.code == 70
    assert "这是程序本身的错误" in chinese.err


@pytest.mark.parametrize(("arguments", "env"), [(["--traceback"], {}), ([], {"SUBSIDY_TRACEBACK": "1"})])
def test_the_traceback_is_shown_when_asked_for(
    arguments: list[str], env: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote, "quote", broken)
    answer = call(*QUOTE, *arguments, env=env)
    assert answer.code == 70
    assert "Traceback (most recent call last)" in answer.err
    assert PERSON not in answer.err
    assert "320***********4513" in answer.err


def test_an_interrupt_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(quote, "quote", interrupted)
    assert call(*QUOTE) == (130, "", "")


def test_what_an_interrupt_leaves_behind_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of an archive that was closed while it was written: it complains at once, and when it is thrown away."""

    class Archive:
        closed = 0

        def close(self) -> None:
            Archive.closed += 1
            raise ValueError("seek of closed file")

        __del__ = close

    def interrupted(*_: Any, **__: Any) -> NoReturn:
        archive = Archive()
        try:
            raise KeyboardInterrupt
        finally:
            archive.close()

    monkeypatch.setattr(quote, "quote", interrupted)
    assert call(*QUOTE) == (130, "", "")
    assert Archive.closed == 2


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> NoReturn:
        raise OSError(28, "No space left on device", f"folder/{PERSON}")

    monkeypatch.setattr(quote, "print_json", full)
    answer = call(*QUOTE, "--json")
    assert answer.code == 70
    assert "No space left on device" in answer.err
    assert PERSON not in answer.err


def test_a_reader_that_went_away_is_no_news() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "subsidy", *QUOTE, "--json"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
            env=environment(),
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_console_that_lacks_characters_gets_replacements() -> None:
    ascii_only = process(*QUOTE, "--lang", "zh", env={"PYTHONIOENCODING": "ascii"})
    assert (ascii_only.code, ascii_only.err) == (0, "")
    assert "2340.00" in ascii_only.out


@pytest.mark.parametrize("arguments", [["--lang", "zh"], ["--json"], ["--help", "--lang", "zh"]])
def test_a_gbk_console(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "subsidy", *QUOTE, *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        env=environment({"PYTHONIOENCODING": "gbk"}),
    )
    assert (done.returncode, done.stderr) == (0, b"")
    done.stdout.decode("gbk")


def test_json_is_whole_on_any_console() -> None:
    """Characters that the console lacks are escaped, not replaced."""
    given = '{"claim_id": "\\u4dae\\ud83d\\ude00"}'
    for encoding in ("gbk", "ascii", "utf-8"):
        answer = process("assess", "--json", given=f"[{given}]".encode(), env={"PYTHONIOENCODING": encoding})
        assert answer.code == 1
        assert answer.json()[0]["claim_id"] == "\u4dae\U0001f600"


def test_half_a_surrogate_breaks_nothing() -> None:
    given = b'[{"claim_id": "\\ud800"}]'
    assert process("assess", given=given).code == 1
    assert process("assess", "--json", given=given).json()[0]["claim_id"] is None


def test_no_colour_where_nobody_sees_it() -> None:
    for arguments in (QUOTE, ("check",), ("catalog", "list"), ("quote",)):
        answer = process(*arguments)
        assert "\x1b" not in answer.out + answer.err


def on_a_terminal(env: dict[str, str]) -> str:
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "subsidy", *QUOTE], stdout=follower, env=environment({"TERM": "xterm", **env})
    ):
        os.close(follower)
        out = b""
        while chunk := _read(leader):
            out += chunk
    os.close(leader)
    return out.decode()


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_colour_on_a_terminal_unless_told_otherwise() -> None:
    assert "\x1b[1;32mpayable" in on_a_terminal({})
    assert "\x1b[1;32m" not in on_a_terminal({"NO_COLOR": "1"})


def test_escapes_in_the_input_do_not_reach_the_terminal() -> None:
    hostile = {**RECORD, "claim_id": "\x1b[2J\u202eC1"}
    for given in (hostile, [hostile], {**hostile, "level": "\x1b[2J"}):
        answer = call("assess", given=given)
        assert "\x1b" not in answer.out + answer.err
        assert "\u202e" not in answer.out + answer.err


def test_numbers_of_persons_are_masked_wherever_they_stand() -> None:
    assert scrubbed(f"a{PERSON}") == f"a{PERSON}"  # a longer word is none
    assert scrubbed(f"found '{PERSON}', expected") == "found '320***********4513', expected"
    assert scrubbed("１１０１０５１９４９１２３１００２Ｘ") == "１１０***********００２Ｘ"


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], ["pydantic", "yaml", "rich.console", "pandas", "numpy", "pyarrow", "stdnum"]),
        (["--version"], ["pydantic", "yaml", "rich.console", "pandas", "numpy", "pyarrow"]),
        ([*QUOTE, "--json"], ["rich.console", "pandas", "numpy", "pyarrow", "hypothesis", "cn2an"]),
        ([*QUOTE], ["pandas", "numpy", "pyarrow", "hypothesis"]),
        (["check"], ["pandas", "numpy", "pyarrow", "hypothesis"]),
    ],
)
def test_nothing_needless_is_imported(arguments: list[str], unwanted: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "subsidy", *arguments],
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(),
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "subsidy.cli.app" in imported
    assert imported.isdisjoint(unwanted)


def test_the_module_and_the_script_are_one() -> None:
    module = import_module("subsidy.__main__")  # importing it must not run it

    assert module.main is cli.main
