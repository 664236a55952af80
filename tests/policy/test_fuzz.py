"""Whatever stands in the files: they load, or `PolicyError` says where they are wrong; nothing else happens."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.policy.loading import FILES
from subsidy.policy.policy import Policy
from subsidy.policy.problems import PolicyError
from tests.policy.support import NAMES, PACKAGED, base_files, load_bytes, moderate

BASE_FILES = base_files()
PACKAGED_FILES = {name: (PACKAGED / name).read_bytes() for name in NAMES}

NASTY = (
    "",
    "~",
    "null",
    "yes",
    "true",
    "0",
    "-0",
    "-1",
    "1e3",
    "0.1e1",
    ".inf",
    ".nan",
    "1_000",
    "0x1F",
    "010",
    "12:30",
    "99999999999999999999",
    "1" * 5000,
    "0." + "0" * 500 + "1",
    "１２３",
    "٣",
    "2023-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2023-09-01T00:00:00Z",
    "[]",
    "{}",
    "[[]]",
    "{a: b}",
    "[1, 1]",
    "[key]",
    "'[key]'",
    "? x",
    "- x",
    "&a x",
    "*a",
    "!!python/object/apply:os.system [true]",
    "!!binary x",
    "<<: {}",
    "%TAG ! x",
    "---",
    "...",
    "|\n x",
    ">-\n",
    "'",
    '"',
    '"\\uD800"',
    '"\\0"',
    '"\\x85"',
    "\ufeff",
    "\u2028",
    "\u200b",
    "\u202e",
    "\x00",
    "\x85",
    "\t",
    "\r",
    "{0}",
    "{keyword}",
    "%s",
    "4-04-05-05",
    "4-04-05-55",
    "special",
    "any",
    "except_",
    "shortage",
    "名" * 2000,
)
LINE_END = re.compile(b"\r\n|\r|\n")


def no_fault_but_ours(files: Mapping[str, bytes]) -> None:
    """Load; every problem must stand inside its file, and say what it has to say in both languages."""
    try:
        policy = load_bytes(files)
    except PolicyError as error:
        problems = error.problems
    else:
        problems = ()
        usable(policy)
    for problem in problems:
        lines = LINE_END.split(files[problem.file])
        assert 1 <= problem.place.line <= len(lines) + 1
        line = b"".join(lines[problem.place.line - 1 : problem.place.line])
        # a character of the text is one byte or more
        assert 1 <= problem.place.column <= len(line) + 1
        for lang in ("en", "zh"):
            assert problem.message(lang).isprintable()


def usable(policy: Policy) -> None:
    assert re.fullmatch("[0-9a-f]{64}", policy.fingerprint)
    for period in policy.periods:
        assert period.first_day <= period.last_day
        assert period.entries is not None
        assert period.listing("4-04-05-05") is None or period.directory


@st.composite
def mutations(draw: st.DrawFn, data: bytes) -> bytes:
    """Change a file by bytes, by lines, or at one of its values."""
    kind = draw(st.sampled_from(["flip", "delete", "insert", "swap", "cut", "double", "value", "indent", "nasty"]))
    at = draw(st.integers(0, len(data)))
    lines = data.split(b"\n")
    one, two = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    nasty = draw(st.sampled_from(NASTY)).encode("utf-8", "surrogatepass")
    match kind:
        case "flip":
            return data[:at] + draw(st.binary(min_size=1, max_size=1)) + data[at + 1 :]
        case "delete":
            return data[:at] + data[at + draw(st.integers(1, 40)) :]
        case "insert":
            return data[:at] + draw(st.text(max_size=4)).encode() + data[at:]
        case "swap":
            lines[one], lines[two] = lines[two], lines[one]
        case "cut":
            return data[:at]
        case "double":
            lines.insert(one, lines[two])
        case "indent":
            lines[one] = b" " * draw(st.integers(1, 3)) + lines[one]
        case "nasty":
            return data[:at] + nasty + data[at:]
        case _:
            places = list(re.finditer(rb"(?<=[:\[,{-] )[^\s,\]}#][^,\]}\n]*|(?<=\n)[^,\n]+", data))
            if places:
                place = draw(st.sampled_from(places))
                return data[: place.start()] + nasty + data[place.end() :]
    return b"\n".join(lines)


@st.composite
def mutated(draw: st.DrawFn, files: Mapping[str, bytes]) -> dict[str, bytes]:
    changed = dict(files)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(NAMES))
        changed[name] = draw(mutations(changed[name]))
    return changed


@moderate(400)
@given(mutated(BASE_FILES))
def test_a_mutated_small_policy(files: dict[str, bytes]) -> None:
    no_fault_but_ours(files)


@pytest.mark.unmeasured
@moderate(60)
@given(mutated(PACKAGED_FILES))
def test_the_packaged_policy_mutated(files: dict[str, bytes]) -> None:
    no_fault_but_ours(files)


@moderate(150)
@given(st.sampled_from(NAMES), st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_a_file_of_anything(name: str, data: bytes) -> None:
    no_fault_but_ours(BASE_FILES | {name: data})


trees = st.recursive(
    st.none() | st.sampled_from(NASTY).filter(str.isprintable) | st.integers().map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("id", "title", "zh", "source", "amounts", "training", "A", "3", "levels", "code", "[key]")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@moderate(150)
@given(st.sampled_from(tuple(FILES)), st.lists(trees, max_size=3))
def test_editions_of_anything(name: str, editions: list[object]) -> None:
    no_fault_but_ours(BASE_FILES | {name: as_yaml({"editions": editions}).encode()})


def as_yaml(value: object) -> str:
    """Write plain data as YAML in which every text is quoted."""
    match value:
        case dict():
            return "{" + ", ".join(f"'{key}': {as_yaml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_yaml, value)) + "]"
        case None:
            return "~"
        case _:
            text = str(value).replace("'", "''")
            return f"'{text}'"


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("scalar", NASTY, ids=ascii)
def test_a_nasty_value_in_each_place(name: str, scalar: str) -> None:
    data = BASE_FILES[name]
    nasty = scalar.encode("utf-8", "surrogatepass")
    for place in re.finditer(rb"(?<=[:\[,{-] )[^\s,\]}#{\[][^,\]}\n]*|(?<=[\n,])[^,\n]+", data):
        no_fault_but_ours(BASE_FILES | {name: data[: place.start()] + nasty + data[place.end() :]})
