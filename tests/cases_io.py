"""Reads tests/cases/*.yaml, the cases that a subsidy officer can check by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from subsidy import Policy, load_policy
from subsidy.policy.yaml_tree import read_tree

HERE = Path(__file__).parent
REPOSITORY = HERE.parent


@dataclass(frozen=True)
class Example:
    """One case: what is asked, and what must come out."""

    file: str
    policy_name: str
    content: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def shows(self) -> list[str]:
        return list(self.content.get("shows") or [])

    @property
    def policy_folder(self) -> Path:
        return REPOSITORY / "data" if self.policy_name == "suzhou" else HERE / "policies" / self.policy_name

    def policy(self) -> Policy:
        confidence = self.content.get("minimum_confidence")
        known_on = self.content.get("known_on")
        return case_policy(self.policy_folder, confidence, known_on)


@cache
def case_policy(folder: Path, confidence: str | None, known_on: str | None) -> Policy:
    policy = load_policy(folder, minimum_confidence=confidence)
    return policy if known_on is None else policy.as_known_on(date.fromisoformat(known_on))


def read_examples() -> Iterator[Example]:
    for file in sorted((HERE / "cases").glob("*.yaml")):
        tree = read_tree(file, file.name)
        assert not tree.problems, [problem.message() for problem in tree.problems]
        root: Any = tree.root
        for content in root["cases"]:
            yield Example(file.name, root["policy"], content)


EXAMPLES = list(read_examples())
QUOTES = [example for example in EXAMPLES if "quote" in example.content]
CLAIMS = [example for example in EXAMPLES if "claim" in example.content]
BATCHES = [example for example in EXAMPLES if "claims" in example.content]
