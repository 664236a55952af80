"""Decide the conformance cases of an export: score.py CASES DECISIONS; `subsidy cases check` then scores them."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path

from bugs import office_with

from subsidy import Confidence, Policy, load_policy


def score(cases: Path, decisions: Path, bug: str | None = None) -> None:
    """Write the decisions of the back office on every case of an export."""
    office, folder = office_with(bug), cases / "v1"

    @cache
    def policy(name: str, known_on: str | None, confidence: str | None) -> Policy:
        found = load_policy(folder / "policies" / name)
        found = found.as_known_on(known_on) if known_on else found
        return found.with_minimum_confidence(Confidence(confidence) if confidence else None)

    themes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["themes"]
    with decisions.open("w", encoding="utf-8") as out:
        for line in (line for theme in themes for line in (folder / theme["file"]).open(encoding="utf-8")):
            case = json.loads(line)
            texts = policy(case["policy"], case["known_on"], case["minimum_confidence"])
            decided = office(case["claims"], history=case["history"], policy=texts)
            out.write(json.dumps({"case": case["id"], "decisions": decided}) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python score.py CASES DECISIONS")
    score(Path(sys.argv[1]), Path(sys.argv[2]), os.environ.get("BACK_OFFICE_BUG"))
