"""Each fault of a policy is reported at its exact place, and all faults at once."""

from __future__ import annotations

import ast
import json
import re
import time
from pathlib import Path

import pytest

from subsidy.policy import yaml_tree
from subsidy.policy.loading import FILES, load_catalog, load_policy
from subsidy.policy.problems import PolicyError, Problem
from subsidy.policy.yaml_tree import MAX_BYTES
from tests.policy.support import BASE, BROKEN, base_files, write

CASES = sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir() and folder != BASE)
QUOTED = re.compile(r"('[^']*'|\"[^\"]*\")(?: again)?")


def faults(folder: Path) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    return caught.value


def broken(case: str, tmp_path: Path) -> Path:
    own = {file.name: file.read_bytes() for file in (BROKEN / case).iterdir() if file.name != "expected.txt"}
    assert own
    assert own.keys() <= base_files().keys()
    return write(tmp_path / "policy", base_files() | own)


def test_the_base_is_sound() -> None:
    assert load_policy(BASE).directory[0].id == "linhu-2023"


@pytest.mark.parametrize("case", CASES)
def test_each_broken_policy_is_reported_line_by_line(case: str, tmp_path: Path) -> None:
    folder = broken(case, tmp_path)
    said = faults(folder).message().replace(f"{folder}/", "").split("\n")
    assert said == (BROKEN / case / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES)
def test_what_is_quoted_stands_at_the_place(case: str, tmp_path: Path) -> None:
    for problem in faults(broken(case, tmp_path)).problems:
        match = QUOTED.fullmatch(problem.found.removeprefix("the key "))
        if match is None or problem.file.endswith(".csv"):
            continue
        text = Path(problem.file).read_bytes().decode("utf-8-sig")
        behind = re.split("\r\n|\r|\n", text)[problem.place.line - 1][problem.place.column - 1 :]
        found = ast.literal_eval(match[1])
        assert behind.startswith((found, repr(found), f'"{found}"', json.dumps(found)))


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "policy", base_files())
    (folder / name).unlink()
    said = faults(folder).message().replace(f"{folder}/", "")
    assert said == f"{name}:1:1: found No such file or directory, expected a file that can be read"


def test_a_folder_for_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "policy", base_files())
    for name in ("rules.yaml", "classification.csv"):
        (folder / name).unlink()
        (folder / name).mkdir()
    assert faults(folder).message().replace(f"{folder}/", "").split("\n") == [
        "rules.yaml:1:1: found Is a directory, expected a file that can be read",
        "classification.csv:1:1: found Is a directory, expected a file that can be read",
    ]


def test_all_files_missing_is_four_problems(tmp_path: Path) -> None:
    assert [Path(problem.file).name for problem in faults(tmp_path).problems] == list(FILES)


def test_the_classification_may_be_missing(tmp_path: Path) -> None:
    folder = write(tmp_path / "policy", base_files())
    (folder / "classification.csv").unlink()
    assert load_policy(folder).classification == {}


@pytest.mark.parametrize(("name", "found"), [("none", "no such folder"), ("rules.yaml", "a file")])
def test_no_folder(name: str, found: str, tmp_path: Path) -> None:
    write(tmp_path, base_files())
    folder = tmp_path / name
    expected = f"{folder}:1:1: found {found}, expected a folder with {', '.join(FILES)}"
    assert faults(folder).message() == expected


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    for name in ("x" * 5000, "zero\0byte"):
        assert faults(tmp_path / name).problems[0].code == "no_folder"


@pytest.mark.parametrize("path", ["none.yaml", "x" * 5000, "zero\0byte"])
def test_a_catalogue_that_is_not_there(path: str) -> None:
    with pytest.raises(PolicyError, match="expected a file that can be read"):
        load_catalog(path)


def test_an_unknown_minimum_confidence() -> None:
    said = "minimum_confidence: found 'sure', expected one of official, secondary, assumed"
    with pytest.raises(ValueError, match=said):
        load_policy(BASE, minimum_confidence="sure")


class TestHostile:
    """Alias bombs, deep nesting, huge files and tags that build objects are refused, and quickly."""

    @staticmethod
    def refused(content: bytes, tmp_path: Path, name: str = "rules.yaml", seconds: float = 5) -> Problem:
        folder = write(tmp_path / "policy", base_files() | {name: content})
        start = time.process_time()
        (problem,) = faults(folder).problems
        assert time.process_time() - start < seconds
        assert Path(problem.file).name == name
        return problem

    @pytest.mark.parametrize("name", ["rules.yaml", "classification.csv"])
    def test_a_huge_file(self, name: str, tmp_path: Path) -> None:
        problem = self.refused(b"#" * (MAX_BYTES + 1), tmp_path, name)
        assert problem.message().endswith(
            ":1:1: found more than 16777216 bytes, expected a policy file of at most 16 MiB"
        )

    def test_a_file_of_the_largest_size_is_read(self, tmp_path: Path) -> None:
        assert self.refused(b"#" * MAX_BYTES, tmp_path).code == "type"

    @pytest.mark.parametrize(
        ("part", "line", "column"),
        [("[", 1, 18), ("{a: ", 1, 69), ("- ", 1, 35), ("? ", 1, 3)],
        ids=["lists", "mappings", "items", "keys"],
    )
    def test_deep_nesting(self, part: str, line: int, column: int, tmp_path: Path) -> None:
        problem = self.refused((part * 100_000).encode(), tmp_path, seconds=1)
        assert problem.code == ("key" if "?" in part else "too_deep")
        assert problem.place == (line, column)

    def test_deep_nesting_by_lines(self, tmp_path: Path) -> None:
        text = "".join(f"{' ' * depth}a:\n" for depth in range(3000))
        assert self.refused(text.encode(), tmp_path, seconds=1).place == (18, 18)

    @pytest.mark.parametrize("text", ["editions: [{}]", "{}"], ids=["items", "keys"])
    def test_many_values(self, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(yaml_tree, "MAX_VALUES", 20_000)
        inside = "a, " * 20_005 if "[" in text else "a: {" + "a: , " * 20_005 + "}"
        folder = write(tmp_path / "policy", base_files() | {"rules.yaml": text.replace("{}", inside).encode()})
        problems = faults(folder).problems
        assert problems[-1].found == "more than 20000 values"

    def test_many_unknown_keys_cost_little(self, tmp_path: Path) -> None:
        text = "editions:\n- " + "\n  ".join(f"k{number}: 1" for number in range(2000))
        folder = write(tmp_path / "policy", base_files() | {"rules.yaml": text.encode()})
        start = time.process_time()
        assert len(faults(folder).problems) == 2005
        assert time.process_time() - start < 3

    def test_a_long_key_is_cut_in_the_message(self, tmp_path: Path) -> None:
        folder = write(tmp_path / "policy", base_files() | {"rules.yaml": b"editions: []\n" + b"x" * 900 + b": 1"})
        (problem,) = faults(folder).problems
        assert len(problem.message().removeprefix(problem.file)) < 250

    HEAD = "title: {zh: x}, source: {document: x, confidence: official}, effective_from: 2023-01-01"

    def test_a_crowd_of_editions_costs_little(self, tmp_path: Path) -> None:
        crowd = ", ".join(f"{{id: e{place}, published_on: 2023-01-01, {self.HEAD}}}" for place in range(5_000))
        folder = write(tmp_path / "policy", base_files() | {"rules.yaml": f"editions: [{crowd}]".encode()})
        start = time.process_time()
        assert [problem.code for problem in faults(folder).problems] == ["two_in_force"] * 4_999
        assert time.process_time() - start < 15

    def test_a_long_chain_of_former_codes_costs_little(self, tmp_path: Path) -> None:
        def renamed(old: str, new: str, name: str) -> str:
            return f"{{code: {new}, name: {{zh: {name}}}, former_codes: [{old}]}}"

        first = ", ".join(renamed(f"f{place}", f"c{place}", f"n{place}") for place in range(10_000))
        then = ", ".join(renamed(f"c{place}", f"f{place + 1}", f"m{place}") for place in range(10_000))
        editions = (
            f"{{id: a, published_on: 2023-01-01, {self.HEAD}, occupations: [{first}]}}",
            f"{{id: b, published_on: 2023-01-02, {self.HEAD}, occupations: [{then}]}}",
        )
        text = f"editions: [{', '.join(editions)}]"
        folder = write(tmp_path / "policy", base_files() | {"occupations.yaml": text.encode()})
        start = time.process_time()
        assert load_policy(folder).vocabulary.present("f0") == "f10000"
        assert time.process_time() - start < 15
