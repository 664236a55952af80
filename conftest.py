"""What is run beside tests/, and what of all that is measured.

Every sample in README and docs is run: Python blocks as doctests, console blocks through the command line.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

if TYPE_CHECKING:
    from sybil import Example

ROOT = Path(__file__).parent
CORE = ("model", "policy", "rules", "engine")
MEASURED_SEEDS = 10


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make test` ask for the coverage of the core alone."""
    parser.addoption("--measure-core", action="store_true", help="with --cov: measure the tests of the core only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stop the tracer where it proves nothing: under it everything takes twice as long or longer.

    The core must be covered by its own tests, and of those that repeat themselves by chance by the first few.
    """
    if not config.getoption("--measure-core"):
        return
    folders = [ROOT / top / layer for top in ("tests", "src/subsidy") for layer in CORE]
    for item in items:
        seed = item.callspec.params.get("seed", 0) if hasattr(item, "callspec") else 0
        if seed >= MEASURED_SEEDS or not any(folder in item.path.parents for folder in folders):
            item.add_marker("unmeasured")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Stop the tracer for the whole of a test, and start it again for the next one that is measured.

    The marker of pytest-cov stops it for the call alone, so that all that a module's fixtures make is traced, and in a
    worker not at all: there a first tracer, which nobody reads, goes on as soon as the second is stopped.
    """
    plugin: Any = item.config.pluginmanager.getplugin("_cov")
    controller = plugin and plugin.cov_controller
    if controller:
        measured = item.get_closest_marker("unmeasured") is None
        if controller.started and not measured:
            controller.pause()
            _stop_forgotten_tracers()
        elif measured and not controller.started:
            controller.resume()
    return (yield)


def _stop_forgotten_tracers() -> None:
    from coverage import Coverage

    while (forgotten := Coverage.current()) is not None:
        forgotten.stop()


def _printed(command: str, lang: str) -> str:
    """Run one command line of a console block, `subsidy ... [< FILE]`, and give what it prints."""
    from subsidy.cli import app

    words, _, file = command.removeprefix("$ ").partition(" < ")
    program, *arguments = shlex.split(words)
    assert program == "subsidy", f"{command!r}: only the subsidy command is run"
    given = (ROOT / file.strip()).read_text(encoding="utf-8") if file else None
    result = CliRunner().invoke(app, arguments, input=given, env={"COLUMNS": "80", "LANG": lang, "LC_ALL": lang})
    return result.output


def _run_console(example: Example) -> str | None:
    lang = "zh_CN.UTF-8" if ".zh." in Path(example.path).name else "en_US.UTF-8"
    expected, printed, command = [], [], ""
    for line in str(example.parsed).splitlines():
        expected.append(line.rstrip())
        if line.startswith("$ "):
            command = line
            printed += [command, *(shown.rstrip() for shown in _printed(command, lang).splitlines())]
    if expected != printed:
        return "expected:\n" + "\n".join(expected) + "\nprinted:\n" + "\n".join(printed)
    return None


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser("console", _run_console)],
    patterns=["README*.md", "docs/*.md"],
    path=str(ROOT),
).pytest()
