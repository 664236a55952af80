"""What a policy's files must agree on beyond the shape of each value; a check is named after its complaint.

The checks read the raw tree, so that they still speak where another part of the same file is faulty; those of
dates take the editions that could be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from subsidy.model.claim import OPTIONAL_FIELDS, REQUIRED_FIELDS
from subsidy.model.occupation import LOCAL_CODE
from subsidy.model.text import compact
from subsidy.policy.problems import quoted
from subsidy.policy.texts import CatalogEdition, Edition
from subsidy.policy.yaml_tree import Node, Path_, Tree

__all__ = ["check_dates", "check_tree", "listed_codes", "unknown_codes"]

Found = Iterator[tuple[Path_, str]]
_COLUMNS = frozenset((*REQUIRED_FIELDS, *OPTIONAL_FIELDS))


def _items(node: Node, path: Path_, key: str) -> Iterator[tuple[Path_, Node]]:
    """Walk the list under a key."""
    below = node.get(key) if isinstance(node, dict) else None
    for place, item in enumerate(below if isinstance(below, list) else ()):
        yield (*path, key, place), item


def _texts(node: Node, path: Path_, key: str) -> Found:
    """Walk the texts under a key: one text, or a list of them."""
    below = node.get(key) if isinstance(node, dict) else None
    if isinstance(below, str):
        yield (*path, key), below
    for place, item in enumerate(below if isinstance(below, list) else ()):
        if isinstance(item, str):
            yield (*path, key, place), item


def _below(node: Node, *keys: str) -> Node:
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _by_occupation(path: Path_, edition: Node) -> Iterator[Found]:
    """Walk the codes of each stream of a rate table's ``by_occupation``; they are keys."""
    streams = _below(edition, "by_occupation")
    for stream, codes in streams.items() if isinstance(streams, dict) else ():
        if isinstance(codes, dict):
            yield (((*path, "by_occupation", stream, code), code) for code in codes)


def check_tree(tree: Tree) -> None:
    """Report ids, codes and names that mean two things, uplifts without a worth, and misnamed conditions."""
    editions = list(_items(tree.root, (), "editions"))
    _repeated(tree, "duplicate_id", (found for edition in editions for found in _id(edition)))
    for path, edition in editions:
        occupations = list(_items(edition, path, "occupations"))
        codes = [found for item_path, item in occupations for found in _texts(item, item_path, "code")]
        _repeated(tree, "duplicate_code", codes)
        _two_meanings(tree, occupations)
        _still_listed(tree, occupations, codes)
        for of_stream in _by_occupation(path, edition):
            _repeated(tree, "duplicate_code", of_stream, key=True)
        entries = _items(edition, path, "entries")
        listed = (found for at, item in entries for found in _texts(item, at, "occupation"))
        _repeated(tree, "duplicate_entry", listed)
        for part, key in (("entitlement", "uplifts"), ("procedure", "conditions"), ("procedure", "limits")):
            items = _items(_below(edition, part), (*path, part), key)
            _repeated(tree, "duplicate_id", (found for item in items for found in _id(item)))
        _without_worth(tree, _items(_below(edition, "entitlement"), (*path, "entitlement"), "uplifts"))
        _named_as_column(tree, _items(_below(edition, "procedure"), (*path, "procedure"), "conditions"))


def _without_worth(tree: Tree, uplifts: Iterable[tuple[Path_, Node]]) -> None:
    for path, item in uplifts:
        if isinstance(item, dict) and item.get("rate") is None and not _has_cell(item.get("amounts")):
            tree.report("no_worth", path, "neither rate nor amounts", "worth")


def _has_cell(node: Node) -> bool:
    return any(map(_has_cell, node.values())) if isinstance(node, dict) else node is not None


def _named_as_column(tree: Tree, conditions: Iterable[tuple[Path_, Node]]) -> None:
    for condition in conditions:
        for path, name in _id(condition):
            if name.lower() in _COLUMNS:
                tree.report("condition_id", path, quoted(name), "not_a_column")


def _id(item: tuple[Path_, Node]) -> Found:
    return _texts(item[1], item[0], "id")


def _repeated(tree: Tree, code: str, found: Iterable[tuple[Path_, str]], *, key: bool = False) -> None:
    first: dict[str, Path_] = {}
    for path, text in found:
        meant = compact(text)
        if meant in first:
            line = tree.place(first[meant], key=key).line
            tree.report(code, path, quoted(text), "unique", str(line), key=key)
        first.setdefault(meant, path)


def _names(path: Path_, item: Node) -> Found:
    name = _below(item, "name")
    for key in ("zh", "en"):
        yield from _texts(name, (*path, "name"), key)
    yield from _texts(item, path, "aliases")


def _two_meanings(tree: Tree, occupations: Sequence[tuple[Path_, Node]]) -> None:
    """Report a name or alias that means two codes within an edition."""
    meanings: dict[str, tuple[str, Path_]] = {}
    for path, item in occupations:
        code = _below(item, "code")
        if not isinstance(code, str):
            continue
        for where, name in _names(path, item):
            meant, first = meanings.setdefault(compact(name), (code, where))
            if compact(meant) != compact(code):
                tree.report("two_meanings", where, quoted(name), "one_meaning", str(tree.place(first).line), meant)


def _still_listed(tree: Tree, occupations: Sequence[tuple[Path_, Node]], codes: Sequence[tuple[Path_, str]]) -> None:
    """Report a former code that its edition still lists, or that it gives to two occupations."""
    listed = {compact(code): path for path, code in codes}
    first: dict[str, Path_] = {}
    for path, item in occupations:
        for where, code in _texts(item, path, "former_codes"):
            key = compact(code)
            if key in listed:
                tree.report("former_code_listed", where, quoted(code), "not_listed", str(tree.place(listed[key]).line))
            elif key in first:
                tree.report("duplicate_code", where, quoted(code), "unique", str(tree.place(first[key]).line))
            first.setdefault(key, where)


def check_dates(tree: Tree, editions: Sequence[tuple[int, Edition]]) -> None:
    """Report periods that end before they begin, and two texts of one day that govern the same date."""
    for place, edition in editions:
        path: Path_ = ("editions", place)
        if edition.effective_to is not None and edition.effective_to < edition.effective_from:
            found = edition.effective_to.isoformat()
            tree.report(
                "ends_before",
                (*path, "effective_to"),
                found,
                "not_before",
                edition.effective_from.isoformat(),
            )
        if edition.ended is not None and edition.ended.published_on < edition.published_on:
            tree.report(
                "ends_before",
                (*path, "ended", "published_on"),
                edition.ended.published_on.isoformat(),
                "not_before",
                edition.published_on.isoformat(),
            )
    by_day: dict[date, list[tuple[int, Edition]]] = {}
    for place, edition in editions:
        # what ends a text later only shortens it, so the day of publication shows the widest period
        known = edition.as_known_on(edition.published_on)
        adds = isinstance(edition, CatalogEdition) and edition.mode == "adds"
        if known is not None and not adds and known.effective_from <= known.last_day:
            by_day.setdefault(edition.published_on, []).append((place, known))
    for of_one_day in by_day.values():
        _two_in_force(tree, of_one_day)


def _two_in_force(tree: Tree, editions: Iterable[tuple[int, Edition]]) -> None:
    """Two editions of one day that govern the same date, each named once, at the later one in the file."""
    widest: tuple[int, Edition] | None = None
    for item in sorted(editions, key=lambda item: item[1].effective_from):
        if widest is not None and item[1].effective_from <= widest[1].last_day:
            (_, other), (place, later) = sorted((widest, item), key=lambda item: item[0])
            found = f"{later.published_on.isoformat()} on {later.id}"
            tree.report("two_in_force", ("editions", place, "published_on"), found, "one_in_force", other.id)
        if widest is None or item[1].last_day > widest[1].last_day:
            widest = item


def listed_codes(tree: Tree) -> Iterator[str]:
    """Give the compared form of every code and former code of the directory."""
    for path, edition in _items(tree.root, (), "editions"):
        for item_path, item in _items(edition, path, "occupations"):
            for key in ("code", "former_codes"):
                yield from (compact(code) for _, code in _texts(item, item_path, key))


def unknown_codes(tree: Tree, known: frozenset[str]) -> None:
    """Report codes in rates and catalogue that neither a directory edition nor the classification lists."""
    for path, edition in _items(tree.root, (), "editions"):
        entries = _items(edition, path, "entries")
        _unknown(tree, known, (found for at, item in entries for found in _texts(item, at, "occupation")))
        for of_stream in _by_occupation(path, edition):
            _unknown(tree, known, of_stream, key=True)


def _unknown(tree: Tree, known: frozenset[str], codes: Iterable[tuple[Path_, str]], *, key: bool = False) -> None:
    for path, code in codes:
        # a text that isn't of the form of a code is reported as that
        if LOCAL_CODE.fullmatch(code) and compact(code) not in known:
            tree.report("unknown_code", path, quoted(code), "known_code", key=key)
