"""Reading a YAML file safely into plain text, lists and mappings, with the place of every node.

Scalars stay text: what a text means (a date, an amount, a code) is decided by the key it stands under, so
1510.10 is exact, 4-04-05-05 is never a date and `no` never a boolean. Whatever a policy file has no need of
(tags, anchors, aliases, a second document, deep nesting, huge files) is refused at the first event, before it
can cost anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, Protocol

import yaml

from subsidy.policy.problems import Place, Problem, quoted

__all__ = ["MAX_BYTES", "Path_", "Tree", "decode", "read_bytes", "read_tree"]

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 16
MAX_VALUES = 500_000
# What YAML readers refuse, and what nobody sees but they count as a line or as part of a word.
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_COLON = re.compile("[:：]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

Path_ = tuple[str | int, ...]
Node = str | None | list["Node"] | dict[str, "Node"]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Tree:
    """The content of one file: its root, and where each value and each key stands."""

    file: str
    root: Node = None
    problems: list[Problem] = field(default_factory=list)
    values: dict[Path_, Place] = field(default_factory=dict)
    keys: dict[Path_, Place] = field(default_factory=dict)

    def place(self, path: Path_, *, key: bool = False) -> Place:
        """Give the place of a value (or of its key), or that of the nearest node around it."""
        if key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def report(self, code: str, path: Path_, found: str, *expected: str, key: bool = False) -> None:
        """Add a problem at a path."""
        self.problems.append(Problem(code, self.file, self.place(path, key=key), path, found, expected))


def read_tree(file: Path, shown_as: str) -> Tree:
    """Read a file; what is wrong with it as YAML stands in ``problems``."""
    tree = Tree(shown_as)
    data = read_bytes(file, shown_as)
    if isinstance(data, Problem):
        tree.problems.append(data)
        return tree
    return parse_tree(data, tree)


def parse_tree(data: bytes, tree: Tree) -> Tree:
    """Fill a tree from the bytes of a file."""
    text = decode(data, tree.file)
    if isinstance(text, Problem):
        tree.problems.append(text)
        return tree
    try:
        _Builder(tree, text).build()
    except _Refused as refused:
        tree.problems.append(refused.problem)
    except yaml.MarkedYAMLError as error:
        tree.problems.append(_syntax(error, tree.file, text))
    return tree


def read_bytes(file: Path, shown_as: str) -> bytes | Problem:
    """Read a file of at most `MAX_BYTES`."""
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe or device might never end
            return Problem("file_unreadable", shown_as, Place(1, 1), (), "something that is not a file", ("file",))
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path that holds a zero byte
        found = getattr(error, "strerror", None) or str(error)
        return Problem("file_unreadable", shown_as, Place(1, 1), (), found, ("file",))
    if len(data) > MAX_BYTES:
        found = f"more than {MAX_BYTES} bytes"
        return Problem("file_too_large", shown_as, Place(1, 1), (), found, ("file_size",))
    return data


def decode(data: bytes, shown_as: str) -> str | Problem:
    """Give the text of a file: UTF-8, with or without a byte order mark, and nothing unprintable in it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        expected = "utf8_not_gb18030" if _is_gb18030(data) else "utf8"
        found = f"byte 0x{data[error.start]:02X}"
        return Problem("encoding", shown_as, _end_of(before), (), found, (expected,))
    odd = _UNPRINTABLE.search(text)
    if odd:
        place = _end_of(text[: odd.start()])
        return Problem("character", shown_as, place, (), _character(odd[0]), ("printable",))
    return text


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _character(odd: str) -> str:
    return f"the character U+{ord(odd):04X}"


def _end_of(text: str) -> Place:
    """Give the place behind a text."""
    lines = _LINE_END.split(text)
    return Place(len(lines), len(lines[-1]) + 1)


class _Mark(Protocol):
    """A place as the parser gives it; line and column start at 0."""

    line: int
    column: int


def _place(mark: _Mark | None) -> Place:
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)


def _syntax(error: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    """Say what the parser met; where a key has no colon, at the key and not where the parser gave up."""
    # the parser may count one line more than there is
    place, begun = min(_place(error.problem_mark), _end_of(text)), _place(error.context_mark)
    if _LINE_END.split(text)[place.line - 1][place.column - 1 :].startswith("\t"):
        return Problem("tab", file, place, (), "a tab", ("blanks",))
    if error.context == "while scanning a simple key":
        return Problem("syntax", file, begun, (), "a key without a colon", ("colon",))
    what = " ".join(filter(None, (error.problem, error.context)))
    if begun.line < place.line and error.context_mark is not None:
        what += f" that begins in line {begun.line}"
    return Problem("syntax", file, place, (), f"text that isn't YAML ({what})", ("yaml",))


class _Refused(Exception):  # noqa: N818 - it says that reading stops, and never leaves this module
    """Reading stops here."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, tree: Tree, text: str) -> None:
        self.tree = tree
        self.events = iter(yaml.parse(text, Loader=_Loader))
        self.count = 0

    def build(self) -> None:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "second_document", "a second document", "one_document")
            elif isinstance(event, yaml.NodeEvent):
                self.tree.root = self._node(event, ())

    def _refuse(self, event: yaml.Event, code: str, found: str, expected: str, path: Path_ = ()) -> NoReturn:
        raise _Refused(Problem(code, self.tree.file, _place(event.start_mark), path, found, (expected,)))

    def _node(self, event: yaml.Event, path: Path_) -> Node:
        self.count += 1
        if self.count > MAX_VALUES:
            self._refuse(event, "too_many", f"more than {MAX_VALUES} values", "values", path)
        if len(path) > MAX_DEPTH:
            self._refuse(event, "too_deep", f"more than {MAX_DEPTH} levels", "depth", path)
        self.tree.values[path] = _place(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            text = self._text(event, path)
            return None if event.implicit[0] and text in _NULLS else text
        self._admit(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: Path_) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path_) -> Node:
        mapping: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._admit(event, path)
                self._refuse(event, "key", "a list or mapping", "key_text", path)
            key = self._text(event, path)
            place = _place(event.start_mark)
            if key in mapping:
                found = f"{quoted(key)} again"
                self.tree.problems.append(
                    Problem("duplicate_key", self.tree.file, place, (*path, key), found, ("once",))
                )
                self._node(next(self.events), (*path, f"{key} (again)"))
                continue
            self.tree.keys[(*path, key)] = place
            value = self._node(next(self.events), (*path, key))
            if value is None and _COLON.search(key):  # as {1:4300} and {1：4300} are read
                self.tree.problems.append(Problem("colon", self.tree.file, place, path, quoted(key), ("colon",)))
                continue
            mapping[key] = value
        return mapping

    def _text(self, event: yaml.ScalarEvent, path: Path_) -> str:
        self._admit(event, path)
        text = str(event.value)
        odd = _UNPRINTABLE.search(text) if event.style == '"' else None
        if odd:  # written as an escape
            self._refuse(event, "character", _character(odd[0]), "printable", path)
        return text

    def _admit(self, event: yaml.Event, path: Path_) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "alias", f"the alias *{event.anchor}", "written_out", path)
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            self._refuse(event, "anchor", f"the anchor &{event.anchor}", "written_out", path)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag:
            self._refuse(event, "tag", f"the tag {event.tag}", "no_tag", path)
