"""Reading JSON that is handed in: bounded, strict, and every fault with its line and column."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, BinaryIO

from subsidy.cli.failures import Failure
from subsidy.cli.language import Both
from subsidy.model.text import shown

__all__ = ["MAX_BYTES", "STDIN", "kind_of", "parse", "read_bytes"]

MAX_BYTES = 64 * 1024 * 1024
_MIB = 1024 * 1024
_DEEPEST = 16
STDIN = "-"
_INPUT = Both("标准输入", "standard input")

# Outside of strings these are all that a fault of ours can be about; strings are named so as to be skipped.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"(?P<key>\s*:)?|[{}]|NaN|-?Infinity')


class _RefusedError(ValueError):
    """JSON that the parser takes and that we don't."""


def _name(source: str) -> Both:
    return _INPUT if source == STDIN else Both(source, source)


def read_bytes(source: str, example: str) -> bytes:
    """Read a file, or standard input for ``-``; at most `MAX_BYTES`.

    Parameters
    ----------
    source : str
        A path, or ``-``.
    example : str
        A call that would have served, for the message where nothing is there to read.
    """
    name = _name(source)
    if source == STDIN:
        if sys.stdin is None or sys.stdin.isatty():
            raise _nothing(Both("标准输入是终端", "standard input is a terminal"), example)
        data = _bounded(sys.stdin.buffer)
    else:
        try:
            with Path(source).open("rb") as stream:
                data = _bounded(stream)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise Failure(Both(f"{name.zh}：无法读取（{why}）", f"{name.en}: can't be read ({why})")) from None
    if len(data) > MAX_BYTES:
        most = MAX_BYTES // _MIB
        raise Failure(
            Both(
                f"{name.zh}：超过 {most} MiB，应不超过 {most} MiB；请分批处理",
                f"{name.en}: found more than {most} MiB, expected at most {most} MiB; split the input",
            )
        )
    if not data.strip():
        raise _nothing(Both(f"{name.zh}为空", f"{name.en} is empty"), example)
    return data


def _bounded(stream: BinaryIO) -> bytes:
    return stream.read(MAX_BYTES + 1)


def _nothing(found: Both, example: str) -> Failure:
    return Failure(Both(f"{found.zh}，应为 JSON：{example}", f"{found.en}, expected JSON: {example}"))


def parse(data: bytes, source: str = STDIN) -> Any:
    """Parse JSON strictly: UTF-8, every key once, no NaN, no numbers of thousands of digits.

    Raises
    ------
    Failure
        With line and column.
    """
    text = _decoded(data, source)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise _at(source, text, error.pos, *_syntax(text, error)) from None
    except _RefusedError:
        raise _at(source, text, *_place_of_fault(text)) from None
    except RecursionError:
        value, deep = None, True
    else:
        deep = _too_deep(value)
    if deep:
        found = Both("过深的嵌套", "too deep a nesting")
        raise _at(source, text, 0, found, Both(f"至多 {_DEEPEST} 层", f"at most {_DEEPEST} levels"))
    return value


def _too_deep(value: Any) -> bool:
    """Say whether a value is nested deeper than any claim or receipt is."""
    layer = [value]
    for _ in range(_DEEPEST):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
        if not layer:
            return False
    return True


def _decoded(data: bytes, source: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        name = _name(source)
        found = f"0x{data[error.start]:02X}"
        raise Failure(
            Both(
                f"{name.zh}:{line}:{column}：现为字节 {found}，应为 UTF-8 文本；请另存为 UTF-8 编码",
                f"{name.en}:{line}:{column}: found byte {found}, expected UTF-8 text; save the file as UTF-8",
            )
        ) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RefusedError
    return found


def _no_constant(_: str) -> Any:
    raise _RefusedError


_LONGEST = 40


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST:
        raise _RefusedError
    return int(digits)


def _syntax(text: str, error: json.JSONDecodeError) -> tuple[Both, Both]:
    """Say what stands where the parser stopped, and what it wanted."""
    rest = text[error.pos : error.pos + 1]
    found = Both("结尾", "the end") if not rest else Both(shown(rest), shown(rest))
    return found, _WANTED.get(error.msg, Both(f"正确的 JSON（{error.msg}）", f"JSON ({error.msg})"))


_WANTED = {
    "Expecting value": Both("一个值", "a value"),
    "Expecting property name enclosed in double quotes": Both("双引号中的键", "a key in double quotes"),
    "Illegal trailing comma before end of object": Both(
        "逗号之后的键，或删除逗号", "a key behind the comma, or no comma"
    ),
    "Illegal trailing comma before end of array": Both(
        "逗号之后的值，或删除逗号", "a value behind the comma, or no comma"
    ),
    "Expecting ':' delimiter": Both("冒号", "a colon"),
    "Expecting ',' delimiter": Both("逗号或右括号", "a comma or a closing bracket"),
    "Extra data": Both("结尾：只能有一个 JSON 值", "the end: one JSON value only"),
    "Unterminated string starting at": Both("以双引号结束的文本", "a text that ends with a double quote"),
}


def _place_of_fault(text: str) -> tuple[int, Both, Both]:
    """Find what the parser took and we don't: a key that stands twice, NaN, or an endless number."""
    keys: list[set[str]] = []
    long = re.compile(rf"-?[0-9]{{{_LONGEST},}}")
    for match in re.finditer(rf"{_TOKENS.pattern}|{long.pattern}", text):
        piece = match[0]
        if piece == "{":
            keys.append(set())
        elif piece == "}":
            keys.pop()
        elif match["key"]:
            key = json.loads(piece.rstrip(": \t\r\n"), strict=False)
            if key in keys[-1]:
                found = Both(f"重复的键 {shown(key)}", f"the key {shown(key)} again")
                return match.start(), found, Both("每个键只出现一次", "every key once")
            keys[-1].add(key)
        elif piece[0] != '"':
            found = Both(shown(piece), shown(piece))
            return match.start(), found, Both("文本或普通数字", "text or a plain number")
    return 0, Both("无法读取的值", "a value that can't be read"), Both("正确的 JSON", "JSON")


def _at(source: str, text: str, position: int, found: Both, expected: Both) -> Failure:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    name = _name(source)
    return Failure(
        Both(
            f"{name.zh}:{line}:{column}：现为{_spaced(found.zh)}，应为{_spaced(expected.zh)}",
            f"{name.en}:{line}:{column}: found {found.en}, expected {expected.en}",
        )
    )


def _spaced(text: str) -> str:
    """Set a blank before what begins with a sign or letter, as Chinese text has it."""
    return f" {text}" if text[:1].isascii() else text


def kind_of(value: object) -> Both:
    """Say what kind of JSON a value is.

    Examples
    --------
    >>> kind_of(3).en, kind_of([]).en
    ('a number', 'a list')
    """
    match value:
        case None:
            return Both("空值 null", "null")
        case bool():
            return Both("布尔值", "true or false")
        case int() | float():
            return Both("数字", "a number")
        case str():
            return Both("文本", "a text")
        case list():
            return Both("列表", "a list")
        case _:
            return Both("对象", "an object")
