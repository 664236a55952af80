"""The example of a downstream project: it is right, and its own suite and the cases find each bug that is seeded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from subsidy import Confidence, Policy
from subsidy.testing import Implementation, report_on
from subsidy.testing.conformance import Score, check_decisions, default_sources, export_cases, read_cases
from tests.cli.calls import call

PROJECT = Path(__file__).parents[1] / "examples" / "back_office"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
TABLE = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in README.partition("| bug | mistake |")[2].splitlines()
    if line.startswith("| `")
]
FOUND_BY = {bug: law for bug, _, law, _ in TABLE}
NAMED = {bug: rule for bug, _, _, rule in TABLE}


@pytest.fixture(scope="module")
def bugs() -> Any:
    """The example's own modules, found as its tests find them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROJECT)
        import bugs

        yield bugs
    for name in [name for name in sys.modules if name.partition(".")[0] in {"bugs", "back_office"}]:
        del sys.modules[name]


def run(*command: str, bug: str = "", where: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run Python as somebody in the example's folder does."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=where,
        env={**os.environ, "BACK_OFFICE_BUG": bug, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def test_its_own_suite_is_short_and_passes() -> None:
    suite = (PROJECT / "tests" / "test_policy.py").read_text(encoding="utf-8")
    assert len(suite.splitlines()) < 60
    assert f"`tests/test_policy.py`: {len(suite.splitlines())} lines" in README
    done = run("-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout


def test_its_own_suite_finds_a_bug_as_a_user_sees_it() -> None:
    done = run("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", bug="counts_refused_claims")
    assert done.returncode == 1, done.stdout
    assert "one_payment_for_a_certificate: BROKEN" in done.stdout
    assert "smallest example:" in done.stdout


def test_a_bug_that_does_not_exist_is_told() -> None:
    done = run("-m", "pytest", "-p", "no:cacheprovider", bug="off_by_one_dya")
    assert done.returncode == 2
    assert "ValueError: no bug 'off_by_one_dya'; there are: rounds_by_float, " in done.stdout


def test_the_readme_has_every_bug(bugs: Any) -> None:
    assert [(bug, mistake) for bug, mistake, _, _ in TABLE] == [(name, bug.mistake) for name, bug in bugs.BUGS.items()]


@pytest.mark.parametrize("bug", FOUND_BY)
def test_a_law_finds_each_bug_and_shows_a_small_example(bug: str, bugs: Any) -> None:
    law = FOUND_BY[bug]
    report = report_on(bugs.office_with(bug), laws=[law], most_shrinks=20)
    assert list(report.broken) == [law]
    example = report.broken[law].example
    assert example is not None
    assert len(example.claims) <= 3


def test_the_readme_shows_what_is_printed(bugs: Any) -> None:
    law = FOUND_BY["off_by_one_day"]
    report = report_on(bugs.office_with("off_by_one_day"), laws=[law], most_shrinks=100)
    printed = str(report.broken[law])
    shown = next(block for block in README.split("```") if block.startswith(f"text\n{law}"))
    at = 0
    for part in shown.removeprefix("text\n").split("..."):
        for line in filter(None, map(str.strip, part.strip(" \n}").splitlines())):
            at = printed.index(line, at) + len(line)


# -- conformance cases -------------------------------------------------------------------


@cache
def cases() -> list[dict[str, Any]]:
    """Those of the two invented cities, which use all that a policy can have."""
    return read_cases(sources=default_sources()[1:])


@cache
def policy(name: str, known_on: str | None, confidence: str | None) -> Policy:
    found = next(source.policy for source in default_sources() if source.name == name)
    found = found.as_known_on(known_on) if known_on else found
    return found.with_minimum_confidence(Confidence(confidence) if confidence else None)


def scored(office: Implementation, some: list[dict[str, Any]]) -> Score:
    answers = {}
    for case in some:
        texts = policy(case["policy"], case["known_on"], case["minimum_confidence"])
        decided: Any = office(case["claims"], history=case["history"], policy=texts)
        answers[case["id"]] = [json.loads(json.dumps(decided))]
    return check_decisions(answers, some)


def test_without_a_bug_every_case_is_right(bugs: Any) -> None:
    score = scored(bugs.office_with(None), cases())
    assert score.patterns == ()
    assert score.ok


@pytest.mark.parametrize("bug", NAMED)
def test_the_cases_name_the_rule_that_a_bug_breaks(bug: str, bugs: Any) -> None:
    some = [one for one in cases() if one["theme"] not in {"forms", "known_on", "confidence"}][::3]
    score = scored(bugs.office_with(bug), some)
    assert not score.ok
    assert NAMED[bug] in {pattern.rule for pattern in score.patterns[:6]}


def test_export_score_and_check_as_in_the_readme(tmp_path: Path) -> None:
    folder, decisions = tmp_path / "cases", tmp_path / "decisions.jsonl"
    export_cases(folder, default_sources()[2:])
    for bug, code in (("", 0), ("off_by_one_day", 1)):
        done = run("score.py", str(folder), str(decisions), bug=bug)
        assert (done.returncode, done.stderr) == (0, "")
        checked = call("cases", "check", str(decisions), "--cases", str(folder), "--lang", "en")
        assert checked.code == code, checked.out
        assert ("refused (claimed_too_late)" in checked.out) is bool(bug)
        assert ("(100.0%)" in checked.out) is not bool(bug)
