"""What the tests of the policy loader share: the sound base policy, and policies made of plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import settings

from subsidy.policy.loading import CLASSIFICATION, FILES, build_policy
from subsidy.policy.policy import Policy
from subsidy.policy.vocabulary import read_classification
from subsidy.policy.yaml_tree import Tree, parse_tree

BROKEN = Path(__file__).parents[1] / "broken"
BASE = BROKEN / "_base"
PACKAGED = Path(__file__).parents[2] / "data"
NAMES = (*FILES, CLASSIFICATION)
KEYS = dict(zip(("occupations", "rates", "catalog", "rules"), FILES, strict=True))

Item = dict[str, Any]
SOURCE = {"document": "D", "confidence": "official"}


def base_files() -> dict[str, bytes]:
    """Give the content of the base policy by file name."""
    return {name: (BASE / name).read_bytes() for name in NAMES}


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a policy folder and give it back."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def load_bytes(files: Mapping[str, bytes]) -> Policy:
    """Load a policy from the bytes of its files."""
    rows, problems = read_classification(files.get(CLASSIFICATION, b"code,name,digital\n"), CLASSIFICATION)
    return build_policy({name: parse_tree(files[name], Tree(name)) for name in FILES}, rows, problems)


def edition(name: str, published: str, first: str, last: str | None = None, **more: object) -> Item:
    """Make an edition as plain data."""
    dates = {"published_on": published, "effective_from": first, "effective_to": last}
    return {"id": name, "title": {"en": name}, "source": SOURCE, **dates, **more}


def policy(classification: str = "", **texts: Sequence[Item]) -> Policy:
    """Load a policy of plain data; each text is named occupations, rates, catalog or rules."""
    files = {
        file: json.dumps({"editions": list(texts.get(key, ()))}, ensure_ascii=False).encode()
        for key, file in KEYS.items()
    }
    return load_bytes({**files, CLASSIFICATION: f"code,name,digital\n{classification}".encode()})


def moderate(examples: int) -> settings:
    """Settings of a test that always tries the same examples; a profile that differs in number wins."""
    return settings(few(examples), derandomize=not _profile_wins() or settings().derandomize)


def few(examples: int) -> settings:
    """Settings of a slow test, which tries as many examples as this; a profile that differs in number wins."""
    return settings() if _profile_wins() else settings(max_examples=examples)


def _profile_wins() -> bool:
    return settings().max_examples != settings(settings.get_profile("default")).max_examples
