"""Help in two languages, completion, and every page within 80 cells."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from subsidy.cli.declared import COMMANDS
from tests.cli.calls import POLICIES, RECORD, REPOSITORY, call, environment, one_message, process

QUOTE = ("quote", "--occupation", "4-04-05-05", "--level", "3", "--on")
SECOND: dict[str, object] = {**RECORD, "claim_id": "C2"}
WIDE: dict[str, object] = {**RECORD, "claim_id": "C-" + "9" * 90}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "command",
    [
        [],
        *([name] for name in COMMANDS),
        ["catalog", "list"],
        ["catalog", "search"],
        ["cases", "export"],
        ["cases", "check"],
    ],
)
def test_help_fits_and_speaks_one_language(command: list[str], lang: str) -> None:
    answer = call(*command, "--help", "--lang", lang)
    assert (answer.code, answer.err) == (0, "")
    assert max(map(cell_len, answer.out.splitlines())) <= 80
    assert answer.out.startswith("用法：subsidy" if lang == "zh" else "Usage: subsidy")
    assert ("选项" in answer.out) == (lang == "zh")
    assert call(*command, "-h", "--lang", lang).out == answer.out
    assert call("--lang", lang, *command, "--help").out == answer.out


PAGES: list[tuple[list[str], object]] = [
    ([*QUOTE, "2023-09-01"], ""),
    ([*QUOTE, "2023-09-01", "--known-on", "2023-08-01"], ""),
    ([*QUOTE, "2024-03-01"], ""),
    ([*QUOTE, "1999-01-01"], ""),
    (["quote", "--occupation", "养老护理员", "--level", "3", "--on", "2019-11-01", "--stream", "技能提升补贴"], ""),
    (["assess"], RECORD),
    (["assess"], WIDE),
    (["assess"], {"claim": SECOND, "history": [RECORD]}),
    (["assess"], [RECORD, SECOND, {"claim_id": "C3"}, WIDE]),
    (["check"], ""),
    (["check", "--today", "2023-10-01", "--policy", str(POLICIES / "wuxi-2023")], ""),
    (["diff", "2023-08-01", "2023-09-01"], ""),
    (["diff", str(POLICIES / "wuxi-2023"), str(POLICIES / "yandu")], ""),
    (["diff", "2023-08-01", "2023-08-01"], ""),
    (["catalog", "list"], ""),
    (["catalog", "list", "--on", "2019-11-01"], ""),
    (["catalog", "list", "--on", "2023-09-01"], ""),
    (["catalog", "search", "管理员"], ""),
    (["catalog", "search", "a", "--all"], ""),
    (["catalog", "search", "no such thing"], ""),
    (["schema"], ""),
]


@pytest.mark.parametrize(("lang", "columns"), [("zh", 80), ("en", 80), ("zh", 60), ("en", 200)])
@pytest.mark.parametrize(("arguments", "given"), PAGES, ids=range(len(PAGES)))
def test_pages_fit(arguments: list[str], given: object, lang: str, columns: int) -> None:
    answer = call(*arguments, "--lang", lang, given=given, env={"COLUMNS": str(columns)})
    assert answer.code in (0, 1), answer.err
    assert answer.err == ""
    lines = answer.out.splitlines()
    assert lines
    assert max(map(cell_len, lines)) <= min(columns, 100)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_of_verify_fits(lang: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    call("assess", "--receipt", str(file), given=RECORD)
    changed = json.loads(file.read_text(encoding="utf-8"))
    changed["decision"]["amount"] = "2640.00"
    changed["texts"] = {}
    for given in (file.read_text(encoding="utf-8"), changed):
        answer = call("verify", "-", "--lang", lang, given=given)
        assert max(map(cell_len, answer.out.splitlines())) <= 80


def test_no_command_is_help_as_an_error() -> None:
    for arguments in ([], ["--json"], ["catalog"]):
        answer = call(*arguments)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith("Usage: subsidy")


def test_a_command_that_is_none() -> None:
    one_message(call("qoute"), "found 'qoute', expected one of quote, assess", "did you mean quote?")
    one_message(call("qoute", "--lang", "zh"), "是否为 quote？")
    one_message(call("catalog", "lst"), "did you mean list?")


def test_the_version() -> None:
    answer = call("--version")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("subsidy 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    answer = call("completion", shell)
    assert answer.code == 0
    assert "_SUBSIDY_COMPLETE" in answer.out
    assert call("completion", env={"SHELL": f"/usr/bin/{shell}"}).out == answer.out


def test_completion_for_another_shell() -> None:
    one_message(call("completion", "tcsh"), "found 'tcsh', expected one of bash, zsh, fish")
    one_message(call("completion", env={"SHELL": "/bin/tcsh"}), "expected bash, zsh or fish")
    one_message(call("completion", env={"SHELL": None}), "found ''")


@pytest.mark.parametrize(
    ("words", "place", "expected"),
    [
        ("subsidy ", 1, {*COMMANDS}),
        ("subsidy quote --lev", 2, {"--level"}),
        ("subsidy quote --stream ", 3, {"training", "skill_improvement"}),
        ("subsidy catalog s", 2, {"search"}),
        ("subsidy schema r", 2, {"rules"}),
    ],
)
def test_what_a_shell_completes(words: str, place: int, expected: set[str]) -> None:
    env = {"_SUBSIDY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)}
    answer = process(env=env)
    assert {line.partition(",")[2] for line in answer.out.split()} == expected


def test_completion_in_a_real_bash() -> None:
    script = (
        f'subsidy() {{ "{sys.executable}" -m subsidy "$@"; }}; export -f subsidy\n'
        'eval "$(subsidy completion bash)"; complete -p subsidy'
    )
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, check=True, timeout=60, env=environment(), cwd=REPOSITORY
    )
    assert b"-F _subsidy_completion subsidy" in done.stdout
