"""What the fingerprint of a policy depends on: every value of every text, and nothing else.

The edits are made at each value of a policy that uses every key of the format, so a key that is added without a
thought here makes a test fail.
"""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from subsidy.model.words import Confidence
from subsidy.policy.loading import FILES, load_policy
from subsidy.policy.policy import Policy
from subsidy.policy.problems import PolicyError
from subsidy.policy.texts import CatalogFile, DirectoryFile, RatesFile, RulesFile
from subsidy.policy.yaml_tree import Path_, Tree, parse_tree
from tests.policy.support import NAMES, PACKAGED, load_bytes

FULL = Path(__file__).parent / "full"
FULL_FILES = {name: (FULL / name).read_bytes() for name in NAMES}
TREES: dict[str, Any] = {name: parse_tree(FULL_FILES[name], Tree(name)).root for name in FILES}
FINGERPRINT = load_bytes(FULL_FILES).fingerprint

Leaf = tuple[str, Path_, str | None, str]


def dump(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


def fingerprint(name: str, data: bytes) -> str:
    return load_bytes(FULL_FILES | {name: data}).fingerprint


def nodes(node: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, below in items:
        yield from nodes(below, (*path, key))


def put(tree: Any, path: Path_, value: object) -> Any:
    changed = deepcopy(tree)
    node = changed
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return changed


def drop(tree: Any, path: Path_) -> Any:
    changed = deepcopy(tree)
    node = changed
    for part in path[:-1]:
        node = node[part]
    del node[path[-1]]
    return changed


WORDS = {
    "confidence": ("official", "secondary", "assumed"),
    "covers": ("all", "listed"),
    "category": ("A", "B", "C"),
    "digital": ("true", "false"),
    "complete": ("true", "false"),
    "mode": ("replaces", "adds"),
    "stacking": ("sum", "highest"),
    "to": ("fen", "jiao", "yuan"),
    "entitlement_date": ("certificate_date", "applied_on", "training_filed_on"),
    "last_day": ("inclusive", "exclusive"),
    "lower_after_higher": ("refuse", "allow"),
    "late_listing": ("keep", "pay_difference"),
    "per": ("lifetime", "calendar_year"),
    "streams": ("training", "skill_improvement"),
    "levels": ("4", "5"),
}
ROUNDING_MODES = ("half_up", "half_even", "down")
DATES = {"issued_on", "published_on", "effective_from", "effective_to", "last_day", "verified_on"}


def other(path: Path_, value: str | None) -> list[str]:
    """Give other values that could stand at a place."""
    key = next(str(part) for part in reversed(path) if isinstance(part, str))
    if value is None:
        return ["2029-12-31"]
    if key in DATES and value[:4].isdigit():
        return [(date.fromisoformat(value) + timedelta(days=1)).isoformat()]
    words = ROUNDING_MODES if "rounding" in path and key == "mode" else WORDS.get(key)
    if words:
        return [word for word in words if word != value]
    if key in {"code", "occupation", "former_codes"}:
        return ["4-04-05-05" if key == "occupation" and value != "4-04-05-05" else "6-31-01-03"]
    return ["7" if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) else f"{value}x"]


LEAVES = [
    (name, path, value, new)
    for name in FILES
    for path, value in nodes(TREES[name])
    if not isinstance(value, (dict, list))
    for new in other(path, value)
]


def at(leaf: Leaf) -> str:
    name, path, _, new = leaf
    return f"{name}:{'.'.join(map(str, path))}={new}"


CLASHES = {"shortage_catalog.yaml:editions.0.entries.1.occupation=4-04-05-05"}  # it stands there already


@pytest.mark.parametrize("leaf", LEAVES, ids=at)
def test_every_value_changes_it_but_the_day_somebody_looked(leaf: Leaf) -> None:
    name, path, _, new = leaf
    data = dump(put(TREES[name], path, new))
    if at(leaf) in CLASHES:
        with pytest.raises(PolicyError):
            fingerprint(name, data)
    else:
        assert (fingerprint(name, data) == FINGERPRINT) is (path[-1] == "verified_on")


KEYS = [
    (name, path, value) for name in FILES for path, value in nodes(TREES[name]) if path and isinstance(path[-1], str)
]
REQUIRED = {"editions", "id", "title", "source", "document", "confidence", "published_on", "effective_from"}
REQUIRED |= {"last_day", "code", "name", "occupation", "months", "at_most", "per"}


@pytest.mark.parametrize(("name", "path", "value"), KEYS, ids=str)
def test_every_key_that_is_left_out_changes_it_unless_it_said_the_default(
    name: str, path: Path_, value: object
) -> None:
    data = dump(drop(TREES[name], path))
    try:
        found = fingerprint(name, data)
    except PolicyError as error:
        # the key is required, or it was the only name or worth, or kept two editions apart
        codes = {problem.code for problem in error.problems}
        assert codes & {"missing", "name", "no_worth", "unknown_code", "two_in_force"}
        assert path[-1] in REQUIRED | {"zh", "en", "rate", "ended", "mode", "occupations"}
    else:
        says_the_default = path[-1] == "verified_on" or value in (None, [], "replaces")
        assert (found == FINGERPRINT) is says_the_default


def test_every_key_of_the_format_is_used_by_the_policy_of_these_tests() -> None:
    """Leave no key untried: the models say which there are."""
    used = {str(path[-1]) for name in FILES for path, _ in nodes(TREES[name]) if path}
    models: list[Any] = [DirectoryFile, RatesFile, CatalogFile, RulesFile]
    known: set[str] = set()
    for model in models:
        schema = model.model_json_schema(by_alias=True)
        for part in (schema, *schema["$defs"].values()):
            known |= set(part.get("properties", {}))
    assert known - used == set()


@pytest.mark.parametrize("name", FILES)
def test_every_item_of_a_list_and_the_order_of_items_count(name: str) -> None:
    for path, value in nodes(TREES[name]):
        if isinstance(value, list) and len(value) > 1:
            assert fingerprint(name, dump(put(TREES[name], path, value[::-1]))) != FINGERPRINT
            assert fingerprint(name, dump(put(TREES[name], path, value[:-1]))) != FINGERPRINT


def reordered(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: reordered(node[key]) for key in reversed(node)}
    return [reordered(item) for item in node] if isinstance(node, list) else node


SAME: dict[str, Callable[[str], bytes]] = {
    "JSON": lambda name: dump(TREES[name]),
    "other order of keys": lambda name: dump(reordered(TREES[name])),
    "block style": lambda name: yaml.safe_dump(TREES[name], allow_unicode=True, width=40).encode(),
    "escapes": lambda name: json.dumps(TREES[name]).encode(),
    "comments": lambda name: FULL_FILES[name].replace(b"\n", b"  # comment\n"),
    "blank lines": lambda name: FULL_FILES[name].replace(b"\n", b"\n\n"),
    "Windows line ends": lambda name: FULL_FILES[name].replace(b"\n", b"\r\n"),
    "byte order mark": lambda name: b"\xef\xbb\xbf" + FULL_FILES[name],
    "document marks": lambda name: b"---\n" + FULL_FILES[name] + b"...\n",
}


@pytest.mark.parametrize("how", SAME)
@pytest.mark.parametrize("name", FILES)
def test_formatting_comments_and_order_of_keys_do_not_change_it(name: str, how: str) -> None:
    data = SAME[how](name)
    assert data != FULL_FILES[name]
    assert fingerprint(name, data) == FINGERPRINT


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("subsidy_rates.yaml", "1500.50", "1500.5"),
        ("subsidy_rates.yaml", '"2000.00"', "2000"),
        ("subsidy_rates.yaml", "5: 1000", "'5': '1000'"),
        ("rules.yaml", "rate: 0.30", "rate: 0.3"),
        ("rules.yaml", '"0.1"', "0.10"),
        ("rules.yaml", "months: 6", "months: '06'"),
        ("rules.yaml", "effective_to:", "effective_to: ~"),
        ("shortage_catalog.yaml", "mode: replaces", "ended: ~"),
        ("classification.csv", "电工,", "电工,no"),
        ("classification.csv", "焊工", '"焊工"'),
    ],
)
def test_the_same_value_written_otherwise_does_not_change_it(name: str, old: str, new: str) -> None:
    text = FULL_FILES[name].decode()
    assert text.count(old) == 1
    assert fingerprint(name, text.replace(old, new).encode()) == FINGERPRINT


class TestTheClassificationCounts:
    ROWS: ClassVar = list(csv.reader(io.StringIO(FULL_FILES["classification.csv"].decode())))

    @pytest.mark.parametrize("row", [1, 2, 3])
    @pytest.mark.parametrize("column", [0, 1, 2])
    def test_every_cell(self, row: int, column: int) -> None:
        rows: list[list[str]] = deepcopy(self.ROWS)
        rows[row][column] = {0: "9-01", 1: "别名", 2: "no" if rows[row][2] == "yes" else "yes"}[column]
        data = "".join(",".join(cells) + "\n" for cells in rows).encode()
        if column == 0 and row == 3:
            data += "6-31-01-03,电工二,\n".encode()  # the catalogue names it
        assert fingerprint("classification.csv", data) != FINGERPRINT

    def test_a_row_more(self) -> None:
        data = FULL_FILES["classification.csv"] + "9-01,新,\n".encode()
        assert fingerprint("classification.csv", data) != FINGERPRINT

    def test_the_order_of_rows_does_not(self) -> None:
        head, *rows = FULL_FILES["classification.csv"].decode().splitlines()
        data = "\n".join([head, *rows[::-1]]).encode()
        other = load_bytes(FULL_FILES | {"classification.csv": data})
        assert other.fingerprint == FINGERPRINT
        assert other == load_bytes(FULL_FILES)


class TestEquality:
    """Two policies of one content are one policy; frozen, hashable, picklable."""

    WHOLE = load_bytes(FULL_FILES)

    def test_of_one_content(self) -> None:
        again = load_bytes(FULL_FILES | {"rules.yaml": FULL_FILES["rules.yaml"] + b"# a comment\n"})
        assert again == self.WHOLE
        assert hash(again) == hash(self.WHOLE)
        assert len({again, self.WHOLE}) == 1

    def test_of_other_content(self) -> None:
        rules = FULL_FILES["rules.yaml"].replace(b"0.30", b"0.31")
        assert load_bytes(FULL_FILES | {"rules.yaml": rules}) != self.WHOLE

    def test_of_other_knowledge_or_confidence(self) -> None:
        later = self.WHOLE.as_known_on(date(2030, 1, 1))
        assert later.fingerprint == self.WHOLE.fingerprint
        assert later != self.WHOLE
        assert later == self.WHOLE.as_known_on(date(2030, 1, 1))
        assert later != self.WHOLE.as_known_on(date(2030, 1, 2))
        sure = self.WHOLE.with_minimum_confidence(Confidence.OFFICIAL)
        assert sure != self.WHOLE
        assert sure.with_minimum_confidence(None) == self.WHOLE

    def test_of_other_names(self) -> None:
        before = date(2023, 12, 31)
        text = FULL_FILES["occupations.yaml"].decode()
        assert text.endswith("occupations: []\n")
        more = text.removesuffix("[]\n") + "[{code: 9-01, name: {zh: 新职业}}]\n"
        other = load_bytes(FULL_FILES | {"occupations.yaml": more.encode()}).as_known_on(before)
        assert other.fingerprint == self.WHOLE.as_known_on(before).fingerprint
        assert other != self.WHOLE.as_known_on(before)  # names are known at every time

    def test_something_else_is_no_policy(self) -> None:
        assert self.WHOLE != "policy"
        assert self.WHOLE.__eq__("policy") is NotImplemented

    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_pickling(self, protocol: int) -> None:
        for one in (self.WHOLE, self.WHOLE.as_known_on(date(2023, 6, 1))):
            _ = one.periods, one.catalog
            one.memo["engine"] = lambda: None  # what the engine keeps can't be pickled and isn't
            again = pickle.loads(pickle.dumps(one, protocol))  # noqa: S301 - our own bytes
            assert again == one
            assert again.fingerprint == one.fingerprint
            assert again.known_on == one.known_on
            assert again.memo == {}
            assert again.periods == one.periods

    def test_parts_can_be_pickled_and_the_catalogue_hashed(self) -> None:
        catalog = self.WHOLE.catalog
        again = pickle.loads(pickle.dumps(catalog))  # noqa: S301 - our own bytes
        assert again == catalog
        assert hash(again) == hash(catalog)
        for one in self.WHOLE.editions:
            assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes

    def test_nothing_can_be_set(self) -> None:
        with pytest.raises(AttributeError):
            self.WHOLE.known_on = date(2023, 1, 1)  # type: ignore[misc]
        with pytest.raises(ValueError, match="frozen"):
            setattr(self.WHOLE.rules[0], "id", "other")  # noqa: B010 - mypy knows that it can't be set

    def test_the_same_confidence_is_the_same_policy_with_all_that_was_worked_out(self) -> None:
        assert self.WHOLE.with_minimum_confidence(None) is self.WHOLE
        assert load_policy() is load_policy()
        assert load_policy(minimum_confidence="official").minimum_confidence is Confidence.OFFICIAL


def test_the_knowledge_of_a_day_has_its_own_fingerprint() -> None:
    whole = load_bytes(FULL_FILES)
    days = {one.published_on for one in whole.editions} | {date(2023, 11, 20)}
    prints = [whole.as_known_on(day).fingerprint for day in sorted(days)]
    assert len(set(prints)) == len(prints)
    assert prints[-1] == whole.fingerprint


def test_the_packaged_policy_has_one_fingerprint_and_no_hidden_state() -> None:
    one, two = load_policy(PACKAGED), load_policy(PACKAGED)
    assert one.fingerprint == two.fingerprint == load_policy().fingerprint
    assert replace(one) == two
    assert isinstance(one, Policy)
