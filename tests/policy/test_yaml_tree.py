"""Reading YAML as plain text with places."""

from __future__ import annotations

import pytest
import yaml

from subsidy.policy import yaml_tree
from subsidy.policy.problems import Place
from subsidy.policy.yaml_tree import Tree, parse_tree

TEXT = """\
# 注释
id: 4-04-05-05
名: {on: no, amount: 1510.10, code: 00123, time: 12:30, day: 2023-02-30}
empty:
nulls: [~, null, Null, NULL, "null", '', nULL]
folded: >-
  one
  two
'quoted key': "\\u4e00"
"""


@pytest.fixture(params=["c", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(yaml_tree, "_Loader", yaml.CSafeLoader if request.param == "c" else yaml.SafeLoader)
    return str(request.param)


def read(text: str | bytes) -> Tree:
    return parse_tree(text if isinstance(text, bytes) else text.encode(), Tree("f.yaml"))


@pytest.mark.usefixtures("parser")
def test_everything_stays_text_but_a_plain_null() -> None:
    tree = read(TEXT)
    assert tree.problems == []
    assert tree.root == {
        "id": "4-04-05-05",
        "名": {"on": "no", "amount": "1510.10", "code": "00123", "time": "12:30", "day": "2023-02-30"},
        "empty": None,
        "nulls": [None, None, None, None, "null", "", "nULL"],
        "folded": "one two",
        "quoted key": "一",
    }


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_places_count_lines_and_characters_from_one(ends: str, mark: bytes) -> None:
    tree = read(mark + TEXT.replace("\n", ends).encode())
    assert tree.place(()) == Place(2, 1)
    assert tree.place(("id",)) == Place(2, 5)
    assert tree.place(("id",), key=True) == Place(2, 1)
    assert tree.place(("名", "amount")) == Place(3, 21)
    assert tree.place(("名", "amount"), key=True) == Place(3, 13)
    assert tree.place(("nulls", 4)) == Place(5, 30)
    assert tree.place(("quoted key",), key=True) == Place(9, 1)


@pytest.mark.usefixtures("parser")
def test_a_key_may_hold_a_colon_where_a_value_follows() -> None:
    tree = read("'a:b': 1\nc：d: [2]\nhttp://x: {y: ~}")
    assert tree.root == {"a:b": "1", "c：d": ["2"], "http://x": {"y": None}}
    assert tree.problems == []


def test_a_place_that_is_not_there_is_that_of_what_stands_around() -> None:
    tree = read("a: {b: 1}")
    assert tree.place(("a", "c", "d")) == Place(1, 4)
    assert tree.place(("x",), key=True) == Place(1, 1)
    assert Tree("f.yaml").place(("a",)) == Place(1, 1)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\n---\nb: 2", "second_document", (2, 1)),
        ("a: 1\n...\n---\nb: 2", "second_document", (3, 1)),
        ("a: &x 1", "anchor", (1, 4)),
        ("&x a: 1", "anchor", (1, 1)),
        ("a: *x", "alias", (1, 4)),
        ("*x : 1", "alias", (1, 1)),
        ("a: !x 1", "tag", (1, 4)),
        ("a: ! 1", "tag", (1, 4)),
        ("!x {a: 1}", "tag", (1, 1)),
        ("a: !!python/object:os.system {}", "tag", (1, 4)),
        ("? [a]\n: 1", "key", (1, 3)),
        ("? {a: 1}\n: 1", "key", (1, 3)),
        ("? &x [a]\n: 1", "anchor", (1, 3)),
        ("a: [1, 2", "syntax", (1, 9)),
        ("a: 1\n\tb: 2", "tab", (2, 1)),
        ("a: 1\nb\nc: 2", "syntax", (2, 1)),
        ("a: '1", "syntax", (1, 6)),
        ("%YAML 9.0\n---\na: 1", "syntax", (1, 1)),
        ('a: "\\ud800"', "character", (1, 4)),
        ('"\\u2028": 1', "character", (1, 1)),
        ("a: 1\nb: \x00", "character", (2, 4)),
        ("a:\n  - 名\x85", "character", (2, 6)),
        ("a: \ufffe", "character", (1, 4)),
        ("{a:1}", "colon", (1, 2)),
    ],
)
def test_what_is_refused(text: str, code: str, place: tuple[int, int]) -> None:
    problem = read(text).problems[0]
    if "ud800" in text:  # one of the two parsers sees for itself that this is no character
        assert problem.code in {"character", "syntax"}
        return
    assert (problem.code, problem.place.line) == (code, place[0])
    if code != "syntax":
        assert problem.place == place
