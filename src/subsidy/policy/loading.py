"""Loading a policy folder: every fault of every file at once, each with line, column and key path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import DictSchema, WithDefaultSchema

from subsidy.model.errors import InputError
from subsidy.model.text import compact, nearest, shown
from subsidy.model.words import Confidence
from subsidy.policy.catalog import ShortageCatalog
from subsidy.policy.consistency import check_dates, check_tree, listed_codes, unknown_codes
from subsidy.policy.policy import Policy
from subsidy.policy.problems import Place, PolicyError, Problem, quoted
from subsidy.policy.texts import (
    CatalogEdition,
    CatalogFile,
    DirectoryEdition,
    DirectoryFile,
    Edition,
    RatesEdition,
    RatesFile,
    RulesEdition,
    RulesFile,
)
from subsidy.policy.vocabulary import Classified, Vocabulary, former_code_circle, read_classification
from subsidy.policy.yaml_tree import Path_, Tree, read_bytes, read_tree

__all__ = [
    "CLASSIFICATION",
    "FILES",
    "default_policy",
    "load_catalog",
    "load_policy",
    "packaged_folder",
    "schemas",
]

CLASSIFICATION = "classification.csv"
FILES: Mapping[str, type[BaseModel]] = {
    "occupations.yaml": DirectoryFile,
    "subsidy_rates.yaml": RatesFile,
    "shortage_catalog.yaml": CatalogFile,
    "rules.yaml": RulesFile,
}
_DIRECTORY, _RATES, _CATALOG, _RULES = FILES
E = TypeVar("E", bound=Edition)

# pydantic's own kinds of error, by the keyword of what would have served; all others are ours and carry it
_KINDS = {"model_type": "mapping", "dict_type": "mapping", "tuple_type": "list"}


def packaged_folder() -> Path:
    """Give the folder of the packaged policy: that of an installed wheel, or of a working copy."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "_data"
    return inside if inside.is_dir() else here.parents[3] / "data"


def load_policy(folder: str | Path | None = None, *, minimum_confidence: Confidence | str | None = None) -> Policy:
    """Load a policy folder.

    Parameters
    ----------
    folder : path, optional
        A folder with occupations.yaml, subsidy_rates.yaml, shortage_catalog.yaml, rules.yaml and, if it has
        one, classification.csv. Left out: the packaged policy.
    minimum_confidence : {"official", "secondary", "assumed"}, optional
        Amounts that rest on weaker texts are left undetermined (``confidence_too_low``).

    Returns
    -------
    Policy

    Raises
    ------
    InputError
        If there is no such confidence.
    PolicyError
        With every problem of every file: file, line, column, key path, what was found and what was expected.
    InputError
        If ``minimum_confidence`` is none of these words.

    Notes
    -----
    Format: design, section 3. Loading is safe against hostile files.

    Examples
    --------
    >>> policy = load_policy()
    >>> [edition.id for edition in policy.rules]
    ['suzhou-2019', 'jiangsu-2023', 'suzhou-2023']
    """
    wanted = None if minimum_confidence is None else _confidence(minimum_confidence)
    policy = default_policy() if folder is None else _load(_folder(folder))
    return policy.with_minimum_confidence(wanted)


def _confidence(word: str) -> Confidence:
    try:
        return Confidence(word)
    except ValueError:
        raise InputError("minimum_confidence", shown(word), f"one of {', '.join(Confidence)}") from None


def _holds(question: Callable[[], bool]) -> bool:
    """Ask something of a path; what can't be asked doesn't hold."""
    try:
        return question()
    except OSError:  # a name that is too long, a folder that may not be read
        return False


def _folder(folder: str | Path) -> Path:
    path = Path(folder)
    if _holds(path.is_dir):
        return path
    found = "a file" if _holds(path.exists) else "no such folder"
    expected = ("folder", ", ".join(FILES))
    raise PolicyError((Problem("no_folder", str(folder), Place(1, 1), (), found, expected),))


@cache
def default_policy() -> Policy:
    """Give the packaged policy, loaded once."""
    return _load(packaged_folder())


def _load(folder: Path) -> Policy:
    trees = {name: read_tree(folder / name, str(folder / name)) for name in FILES}
    classification, csv_problems = _classification(folder)
    return build_policy(trees, classification, csv_problems)


def _classification(folder: Path) -> tuple[dict[str, Classified], list[Problem]]:
    path = folder / CLASSIFICATION
    if not _holds(path.exists):
        return {}, []
    data = read_bytes(path, str(path))
    return ({}, [data]) if isinstance(data, Problem) else read_classification(data, str(path))


def build_policy(
    trees: Mapping[str, Tree], classification: dict[str, Classified], problems: Iterable[Problem] = ()
) -> Policy:
    """Make a policy of the content of its files; raise `PolicyError` with all that is wrong."""
    directory = _editions(trees[_DIRECTORY], DirectoryEdition)
    rates = _editions(trees[_RATES], RatesEdition)
    catalog = _editions(trees[_CATALOG], CatalogEdition)
    rules = _editions(trees[_RULES], RulesEdition)
    _former_circle(trees[_DIRECTORY], directory)
    faults = list(problems)
    if trees[_DIRECTORY].root is not None and not faults:  # else every code would be unknown
        known = frozenset((*map(compact, classification), *listed_codes(trees[_DIRECTORY])))
        for name in (_RATES, _CATALOG):
            unknown_codes(trees[name], known)
    faults[:0] = [problem for tree in trees.values() for problem in _in_order(tree)]
    if faults:
        raise PolicyError(tuple(faults))
    conditions = dict.fromkeys(item.id for edition in rules for item in edition.procedure.conditions)
    vocabulary = Vocabulary.gather(directory, classification, tuple(conditions))
    return Policy(directory, rates, catalog, rules, classification, vocabulary)


def _in_order(tree: Tree) -> list[Problem]:
    return sorted(tree.problems, key=lambda problem: problem.place)


def _former_circle(tree: Tree, directory: tuple[DirectoryEdition, ...]) -> None:
    circle = None if tree.problems else former_code_circle(directory)
    for place, edition in enumerate(directory if circle else ()):
        for row, listed in enumerate(edition.occupations):
            for number, code in enumerate(listed.former_codes):
                if compact(code) == circle:
                    path = ("editions", place, "occupations", row, "former_codes", number)
                    tree.report("former_code_circle", path, quoted(code), "no_circle")


def load_catalog(path: str | Path) -> ShortageCatalog:
    """Load a shortage catalogue that stands alone.

    Parameters
    ----------
    path : path
        A shortage_catalog.yaml, or a folder with one.

    Returns
    -------
    ShortageCatalog
        Occupations are asked for by code; whether a code exists isn't checked, for there is no directory.

    Raises
    ------
    PolicyError
        With every problem of the file.

    Examples
    --------
    >>> from datetime import date
    >>> catalog = load_catalog(packaged_folder() / "shortage_catalog.yaml")
    >>> catalog.lists("6-18-02-04", 3, date(2019, 11, 1))
    True
    """
    file = Path(path)
    if _holds(file.is_dir):
        file = file / _CATALOG
    tree = read_tree(file, str(file))
    editions = _editions(tree, CatalogEdition)
    if tree.problems:
        raise PolicyError(tuple(_in_order(tree)))
    codes = {compact(entry.occupation): entry.occupation for edition in editions for entry in edition.entries}
    return ShortageCatalog(editions, Vocabulary(codes))


def _editions(tree: Tree, kind: type[E]) -> tuple[E, ...]:
    """Type the editions of a file one by one, so that a faulty one doesn't hide the faults of the others."""
    if tree.problems and tree.root is None:
        return ()
    if not isinstance(tree.root, dict):
        tree.report("type", (), _found(tree.root), "mapping")
        return ()
    for key in tree.root:
        if key != "editions":
            tree.report("unknown_key", (key,), f"the key {quoted(key)}", *_known_keys(key, ["editions"]), key=True)
    raw = tree.root.get("editions")
    if not isinstance(raw, list):
        if "editions" in tree.root:
            tree.report("type", ("editions",), _found(raw), "list")
        else:
            tree.report("missing", ("editions",), "nothing", "present", "editions")
        return ()
    editions: list[tuple[int, E]] = []
    for place, item in enumerate(raw):
        try:
            editions.append((place, kind.model_validate(item, by_alias=True, by_name=False)))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                _report(tree, kind, ("editions", place), detail)
    check_tree(tree)
    check_dates(tree, editions)
    return tuple(edition for _, edition in editions)


def _report(tree: Tree, kind: type[BaseModel], prefix: Path_, detail: ErrorDetails) -> None:
    loc = detail["loc"]
    at_key = loc[-1:] == ("[key]",) and (*prefix, *loc) not in tree.keys
    path: Path_ = (*prefix, *(loc[:-1] if at_key else loc))
    found = _found(detail["input"])
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            tree.report("missing", path, "nothing", "present", str(loc[-1]))
        case "extra_forbidden":
            key = str(loc[-1])
            tree.report(
                "unknown_key",
                path,
                f"the key {quoted(key)}",
                *_known_keys(key, _keys_at(kind, loc[:-1])),
                key=True,
            )
        case "literal_error":
            words = str(context["expected"]).replace(" or ", ", ").replace("'", "")
            tree.report("one_of", path, found, "one_of", words)
        case custom if "keyword" in context:
            tree.report("key" if at_key else custom, path, found, custom, *context["names"], key=at_key)
        case builtin:
            keyword = _KINDS.get(builtin)
            tree.report("type", path, found, *((keyword,) if keyword else ("other", detail["msg"])))


def _known_keys(key: str, known: list[str]) -> tuple[str, ...]:
    """Say which keys would have served in place of an unknown one."""
    near = nearest(key, known)
    names = ", ".join(known)
    return ("known_key", names) if near is None else ("did_you_mean", near, names)


def _found(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "a mapping" if value else "an empty mapping"
        case list():
            return "a list" if value else "an empty list"
        case _:
            return quoted(str(value))


JsonSchema = dict[str, object]


class _ForEditors(GenerateJsonSchema):
    """Leaves out what would mislead: titles that only repeat a key, defaults that can't be written."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the base class hands it over
        return False

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchema:
        result = super().default_schema(schema)
        if "default" in result and result["default"] is None:
            del result["default"]
        return result

    def dict_schema(self, schema: DictSchema) -> JsonSchema:
        result = super().dict_schema(schema)
        if "patternProperties" in result:
            result["additionalProperties"] = False
        return result


@cache
def _schema(kind: type[BaseModel]) -> JsonSchema:
    return kind.model_json_schema(by_alias=True, schema_generator=_ForEditors)


def _keys_at(kind: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    """Give the keys that a part of a file may have, by walking the JSON Schema of the file."""
    schema = _schema(kind)
    node = schema
    for part in path:
        node = _resolve(schema, node)
        if isinstance(part, int):
            node = _part(node, "items")
        else:
            node = _part(_part(node, "properties"), part) or _part(node, "additionalProperties")
    return list(_part(_resolve(schema, node), "properties"))


def _part(node: object, key: str) -> JsonSchema:
    part = node.get(key) if isinstance(node, dict) else None
    return part if isinstance(part, dict) else {}


def _resolve(schema: JsonSchema, node: JsonSchema) -> JsonSchema:
    choices = node.get("anyOf")
    for choice in (node, *(choices if isinstance(choices, list) else ())):
        if "$ref" in choice:
            return _part(schema["$defs"], str(choice["$ref"]).rpartition("/")[2])
    return node


def schemas() -> dict[str, JsonSchema]:
    """Give the JSON Schema of each policy file, for the completion of editors, by file name."""
    return {
        name.replace(".yaml", ".schema.json"): {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **_schema(kind),
        }
        for name, kind in FILES.items()
    }
