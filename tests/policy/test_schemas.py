"""The JSON Schemas that editors complete and check policy files with."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from subsidy.policy.loading import FILES, schemas
from subsidy.policy.problems import PolicyError
from tests.policy.support import BASE, BROKEN, PACKAGED, base_files, load_bytes
from tests.policy.write_schemas import written

ROOT = PACKAGED.parent
FULL = Path(__file__).parent / "full"
FOLDERS = [PACKAGED, BASE, FULL, *sorted(path.parent for path in ROOT.glob("tests/policies/*/rules.yaml"))]
SCHEMAS = {name.replace(".schema.json", ".yaml"): schema for name, schema in schemas().items()}


def as_an_editor_sees(value: Any) -> Any:
    """Give what plain YAML makes of a file, with days as text and every key as text."""
    match value:
        case dict():
            return {str(key): as_an_editor_sees(item) for key, item in value.items()}
        case list():
            return [as_an_editor_sees(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value


def complaints(name: str, data: bytes) -> list[str]:
    checker = Draft202012Validator(SCHEMAS[name], format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(as_an_editor_sees(yaml.safe_load(data)))]


@pytest.mark.parametrize("name", FILES)
def test_they_are_valid_schemas_and_written_as_they_should_be(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    file = name.replace(".yaml", ".schema.json")
    assert (PACKAGED / "schemas" / file).read_bytes().decode() == written()[file], (
        "write them again: python -m tests.policy.write_schemas"
    )
    assert {path.name for path in (PACKAGED / "schemas").iterdir()} == written().keys()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_sound_policy_is_valid(folder: Path, name: str) -> None:
    assert complaints(name, (folder / name).read_bytes()) == []


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("folder", [PACKAGED, FULL], ids=lambda folder: folder.name)
def test_every_file_names_its_schema_for_editors(folder: Path, name: str) -> None:
    first = (folder / name).read_text(encoding="utf-8").splitlines()[0]
    match = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert match
    assert (folder / match[1]).resolve() == PACKAGED / "schemas" / name.replace(".yaml", ".schema.json")


# What only the loader sees: what has to do with two places, other files, the calendar, or the way it is written.
ONLY_THE_LOADER = {
    "alias-means-two-codes",
    "amount-minus-zero",
    "amount-three-decimals",
    "amount-underscore",
    "anchor",
    "boolean-yes",
    "condition-named-as-a-column",
    "condition-named-as-a-column-in-capitals",
    "control-character-escaped",
    "duplicate-code-in-other-case",
    "duplicate-code-of-an-amount",
    "duplicate-condition-id",
    "duplicate-edition-id",
    "duplicate-entry",
    "duplicate-key",
    "duplicate-key-level",
    "duplicate-limit-id",
    "duplicate-occupation-code",
    "duplicate-uplift-id",
    "effective-to-before-from",
    "ended-before-published",
    "former-code-circle",
    "former-code-of-itself",
    "former-code-of-two",
    "former-code-still-listed",
    "level-twice",
    "line-separator",
    "merge-key",
    "name-means-two-codes",
    "tag",
    "three-editions-of-one-day",
    "too-early-and-too-late",
    "two-editions-of-one-day",
    "unknown-code-in-by-occupation",
    "unknown-code-in-entry",
    "unreadable-classification-hides-no-other-file",
    "unreadable-directory-hides-no-other-file",
    "uplift-with-empty-worth",
    "utf16",
}


def broken() -> list[tuple[str, list[tuple[str, bytes]]]]:
    """Give the YAML files of each broken policy that plain YAML can read."""
    cases = []
    for folder in sorted(BROKEN.iterdir()):
        files = []
        for name in FILES:
            data = (folder / name).read_bytes() if (folder / name).is_file() else None
            try:
                readable = data is not None and yaml.safe_load(data) is not NotImplemented
            except (yaml.YAMLError, ValueError, TypeError):
                readable = False
            if data is not None and readable:
                files.append((name, data))
        if files and folder != BASE and folder.name != "alias-bomb":  # plain YAML would explode
            cases.append((folder.name, files))
    return cases


def test_what_the_schemas_do_not_see_is_known() -> None:
    seen = {case: any(complaints(*file) for file in files) for case, files in broken()}
    assert {case for case, found in seen.items() if not found} == ONLY_THE_LOADER
    assert sum(seen.values()) > 50


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("rules.yaml", "rate: 0.30", "rate: 101"),
        ("rules.yaml", "rate: 0.30", "rate: '30%'"),
        ("rules.yaml", "id: employed", "id: [employed]"),
        ("subsidy_rates.yaml", "5: 1000", "5: -1"),
        ("subsidy_rates.yaml", "5: 1000", "6: 1000"),
        ("subsidy_rates.yaml", "{4-04-05-05:", "{码:"),
        ("occupations.yaml", "digital: true", "digital:"),
        ("occupations.yaml", "category: B", "category:"),
        ("occupations.yaml", "{zh: 焊工, en: Welder}", "{}"),
        ("shortage_catalog.yaml", "[1, 2, 3]", "[1, 1]"),
        ("shortage_catalog.yaml", "[1, 2, 3]", "[]"),
        ("shortage_catalog.yaml", "effective_to: 2023-12-31", "effective_to: never"),
    ],
)
def test_what_they_see_the_loader_sees_too(name: str, old: str, new: str) -> None:
    text = (BASE / name).read_text(encoding="utf-8")
    assert old in text
    data = text.replace(old, new).encode()
    assert complaints(name, data)
    with pytest.raises(PolicyError):
        load_bytes(base_files() | {name: data})


@pytest.mark.parametrize("name", FILES)
def test_every_key_is_explained(name: str) -> None:
    for part in SCHEMAS[name]["$defs"].values():  # type: ignore[attr-defined]
        assert part["description"]
        for key, schema in part["properties"].items():
            explained = "description" in schema or "$ref" in schema or "$ref" in schema.get("items", {})
            assert explained or key in {"id", "per", "to", "mode"}


def test_no_default_of_null_is_offered() -> None:
    def nulls(node: object) -> bool:
        if isinstance(node, dict):
            return ("default" in node and node["default"] is None) or any(map(nulls, node.values()))
        return isinstance(node, list) and any(map(nulls, node))

    assert not any(map(nulls, SCHEMAS.values()))
