"""What a problem says, in English and Chinese."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from string import Formatter

import pytest

from subsidy.model.text import nearest
from subsidy.policy import problems
from subsidy.policy.loading import load_policy
from subsidy.policy.problems import Place, PolicyError, Problem, path_text, quoted
from tests.policy.support import BASE, BROKEN, base_files, write

EXPECTED = problems._EXPECTED
CASES = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir() and folder != BASE)
CHINESE = re.compile("[\u4e00-\u9fff]")


def faults_of(case: str, tmp_path: Path) -> tuple[Problem, ...]:
    own = {file.name: file.read_bytes() for file in (BROKEN / case).iterdir() if file.suffix != ".txt"}
    with pytest.raises(PolicyError) as caught:
        load_policy(write(tmp_path / case, base_files() | own))
    return caught.value.problems


def places(text: str) -> int:
    return sum(field is not None for _, field, _, _ in Formatter().parse(text))


@pytest.mark.parametrize("keyword", EXPECTED)
def test_every_keyword_says_the_same_in_both_languages(keyword: str) -> None:
    english, chinese = EXPECTED[keyword]
    assert places(english) == places(chinese)
    names = [f"NAME{place}" for place in range(places(english))]
    problem = Problem("any", "rules.yaml", Place(3, 5), ("editions", 0), "nothing", (keyword, *names))
    for lang in ("en", "zh"):
        message = problem.message(lang)
        assert message.startswith("rules.yaml:3:5: editions[0]: ")
        assert "{" not in message
        assert all(name in message for name in names)
    assert problem.message() == problem.message("en")
    assert keyword == "other" or CHINESE.search(chinese)
    assert not CHINESE.search(english)


def test_every_keyword_is_used_by_some_broken_policy(tmp_path: Path) -> None:
    used = {problem.expected[0] for case in CASES for problem in faults_of(case, tmp_path)}
    elsewhere = {"file", "file_size", "folder", "values", "other"}  # see test_broken.py and test_loading.py
    assert EXPECTED.keys() - elsewhere == used


@pytest.mark.parametrize("case", CASES)
def test_every_broken_policy_is_reported_in_chinese(case: str, tmp_path: Path) -> None:
    for problem in faults_of(case, tmp_path):
        message = problem.message("zh")
        found, _, expected = message.partition("现为 ")[2].partition("，应为 ")
        assert CHINESE.search(expected) or problem.expected[0] == "other"
        # what was found is a value of the file, a date, or said in Chinese
        assert found.startswith(("'", '"')) or re.fullmatch("[0-9-]+", found) or CHINESE.search(found)
        assert message.startswith(problem.message("en").partition("found ")[0])


@pytest.mark.parametrize(
    "found",
    [
        "No such file or directory",
        "Is a directory",
        "no such folder",
        "a file",
        "more than 16777216 bytes",
        "more than 500000 values",
    ],
)
def test_what_only_a_file_can_be_is_said_in_chinese(found: str) -> None:
    assert CHINESE.search(problems._found_zh(found))


def test_what_nobody_foresaw_is_said_as_it_is() -> None:
    assert problems._found_zh("Permission denied") == "Permission denied"


def test_a_value_is_never_translated() -> None:
    for value in ("nothing", "a list", "the key 'x'", "'x' again"):
        assert problems._found_zh(quoted(value)) == quoted(value)


def test_an_error_says_all_its_problems_and_survives_pickling() -> None:
    both = tuple(Problem("any", "f.yaml", Place(line, 1), (), "nothing", ("text",)) for line in (1, 2))
    error = PolicyError(both)
    assert str(error) == "f.yaml:1:1: found nothing, expected text\nf.yaml:2:1: found nothing, expected text"
    assert error.message("zh").split("\n")[1] == "f.yaml:2:1: 现为 空缺，应为 文本"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(again), again.problems, str(again)) == (PolicyError, both, str(error))
    assert isinstance(error, ValueError)


def test_the_nearest_word() -> None:
    known = ["complete", "mode", "entries"]
    assert nearest("completed", known) == "complete"
    assert nearest("entires", known) == "entries"
    assert nearest("zzz", known) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("editions", 0, "entries", 3, "levels"), "editions[0].entries[3].levels"),
        ((0, 1), "[0][1]"),
        (("by_occupation", "training", "4-04-05-05", "3"), "by_occupation.training.4-04-05-05.3"),
        (("a\nb", "名"), r"'a\nb'.名"),
        (("x" * 41,), f"'{'x' * 40}'..."),
        (("x" * 40,), "x" * 40),
    ],
)
def test_path_text(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("１8", "'１8'"),
        ("official ", "'official '"),
        ("le\u200bvels", r"'le\u200bvels'"),
        ("a\nb", r"'a\nb'"),
        ("x" * 40, f"'{'x' * 40}'"),
        ("x" * 41, f"'{'x' * 40}'..."),
    ],
)
def test_quoted_hides_nothing(value: str, text: str) -> None:
    assert quoted(value) == text
