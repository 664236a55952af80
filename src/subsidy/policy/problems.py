"""What is wrong with a policy file, where, and what would have served; in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from subsidy.model.errors import SubsidyError
from subsidy.model.text import without_persons

__all__ = ["Place", "PolicyError", "Problem", "path_text", "quoted"]


class Place(NamedTuple):
    """A place in a file; line and column start at 1 and count characters."""

    line: int
    column: int


_LONGEST = 40

# What was expected, by keyword. Texts may hold one {} that the problem fills in.
_EXPECTED: dict[str, tuple[str, str]] = {
    "file": ("a file that can be read", "可读取的文件"),
    "file_size": ("a policy file of at most 16 MiB", "不超过 16 MiB 的政策文件"),
    "folder": ("a folder with {}", "含有 {} 的文件夹"),
    "values": ("the few thousand values that a policy file has", "政策文件应有的数据量"),
    "yaml": (
        "YAML text; mind brackets, quotes and the blank behind a colon",
        "正确的 YAML 文本；请检查括号、引号及冒号后的空格",
    ),
    "colon": (
        "a key, a half-width colon and a blank, as in id: 2023",
        "键、半角冒号和空格，如 id: 2023",
    ),
    "blanks": ("blanks; a tab can't indent or begin a value", "空格；不能用制表符缩进"),
    "utf8": ("UTF-8 text; save the file as UTF-8", "UTF-8 文本；请另存为 UTF-8 编码"),
    "utf8_not_gb18030": (
        "UTF-8 text; this looks like GB18030 (GBK): save the file as UTF-8",
        "UTF-8 文本；本文件似为 GB18030 (GBK) 编码，请另存为 UTF-8",
    ),
    "printable": ("text without control characters; delete it", "不含控制字符的文本；请删除该字符"),
    "one_document": (
        "one document; delete what stands behind the second ---",
        "单个文档；请删除第二个 --- 之后的内容",
    ),
    "written_out": (
        "the content written out; anchors and aliases aren't allowed",
        "直接写出内容；不允许使用锚点和别名",
    ),
    "no_tag": ("a plain value; tags aren't allowed", "普通值；不允许使用标签"),
    "depth": ("the few levels that a policy file has", "政策文件应有的层级"),
    "key_text": ("a key that is plain text", "纯文本的键"),
    "once": ("every key once; delete one of the two", "每个键只出现一次；请删除其一"),
    "mapping": ("a mapping (key: value); mind the blank after the colon", "键值对 (键: 值)；冒号后须有空格"),
    "list": ("a list", "列表"),
    "text": ("text", "文本"),
    "date": ("a real date written like 2023-09-01", "形如 2023-09-01 的有效日期"),
    "yuan": ("yuan from 0 to 999999999.99 with at most two decimals", "0 至 999999999.99 元，至多两位小数"),
    "rate": ("a rate from 0 to 100 such as 0.30, in plain digits", "0 至 100 的比率，如 0.30"),
    "whole_number": ("a whole number from {} to {}", "{} 至 {} 的整数"),
    "boolean": ("true or false", "true 或 false"),
    "one_of": ("one of {}", "以下之一：{}"),
    "code": (
        "a code like 4-04-05-05, or a local one of letters, digits and hyphens",
        "形如 4-04-05-05 的编码，或由字母、数字、连字符组成的地方编码",
    ),
    "id": (
        "an id of letters, digits, hyphens, dots and underscores",
        "由字母、数字、连字符、点和下划线组成的编号",
    ),
    "tag": (
        "a word without blanks and the signs + , ; : that isn't shortage or digital",
        "不含空格和 + , ; : 的词，且不是 shortage 或 digital",
    ),
    "fact": (
        "shortage, digital or a tag (a word without blanks and the signs + , ; :)",
        "shortage、digital 或标签（不含空格和 + , ; : 的词）",
    ),
    "not_a_column": ("an id that isn't a column of a claim", "与申领字段不同名的编号"),
    "present": ("the key {}, which is required", "必填的键 {}"),
    "known_key": ("one of the keys {}", "以下键之一：{}"),
    "did_you_mean": ("the key {} (one of {})", "键 {}（可用的键：{}）"),
    "name": ("a name in zh or en", "zh 或 en 名称"),
    "worth": ("a rate, or amounts, or both", "rate 或 amounts，或两者皆有"),
    "unique": ("each only once; the first stands at line {}", "不得重复；首次出现在第 {} 行"),
    "one_meaning": (
        "a name for one code; line {} gives it to {}",
        "一个名称只对应一个编码；第 {} 行已用于 {}",
    ),
    "not_listed": (
        "a code that isn't listed here any more; line {} lists it",
        "本版本不再列出的编码；第 {} 行仍列出",
    ),
    "no_circle": ("former codes that don't lead back to themselves", "曾用编码不得循环"),
    "known_code": (
        "a code that a directory edition or classification.csv lists; add it there or mend it",
        "补贴职业目录或 classification.csv 中已有的编码；请补录或更正",
    ),
    "not_before": ("a date not before {}", "不早于 {} 的日期"),
    "one_in_force": (
        "at most one edition published on a day to govern a date; {} governs it too: change one of the dates",
        "同日发布的版本不得同时适用于同一日期；{} 亦适用：请更改其一的日期",
    ),
    "csv_row": ("a row of three: code, name, digital", "三列：编码、名称、数字职业标识"),
    "csv_mark": ("yes, no or nothing", "yes、no 或留空"),
    "csv_header": ("the heading code,name,digital", "表头 code,name,digital"),
    "not_empty": ("at least one", "至少一项"),
    "each_once": ("each word once; delete one {}", "每项只出现一次；请删除一个 {}"),
    "other": ("{}", "{}"),
}


# What was found, where it isn't a value of the file (those stand in quotes), in Chinese.
_FOUND_ZH = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        ("nothing", "空缺"),
        ("No such file or directory", "不存在的文件"),
        ("Is a directory", "文件夹"),
        ("no such folder", "不存在的文件夹"),
        ("a file", "文件"),
        ("a mapping", "键值对"),
        ("an empty mapping", "空的键值对"),
        ("a list", "列表"),
        ("an empty list", "空列表"),
        ("a list or mapping", "列表或键值对"),
        ("a second document", "第二个文档"),
        ("a tab", "制表符"),
        ("a key without a colon", "没有冒号的键"),
        ("neither rate nor amounts", "既无 rate 也无 amounts"),
        ("the key (['\"].*)", r"键 \1"),
        ("the alias (.*)", r"别名 \1"),
        ("the anchor (.*)", r"锚点 \1"),
        ("the tag (.*)", r"标签 \1"),
        ("the character (.*)", r"字符 \1"),
        ("byte (.*)", r"字节 \1"),
        ("more than ([0-9]+) levels", r"超过 \1 层"),
        ("more than ([0-9]+) values", r"超过 \1 个值"),
        ("more than ([0-9]+) bytes", r"超过 \1 字节"),
        ("text that isn't YAML \\((.*)\\)", r"不是 YAML 的文本 (\1)"),
        ("a row that can't be read \\((.*)\\)", r"无法读取的行 (\1)"),
        ("(['\"].*) again", r"重复的 \1"),
        ("([0-9-]+) on (.*)", r"\2 的 \1"),
    )
)


def _found_zh(found: str) -> str:
    for english, chinese in _FOUND_ZH:
        match = english.fullmatch(found)
        if match:
            return match.expand(chinese)
    return found


@dataclass(frozen=True)
class Problem:
    """One fault of a policy file.

    Parameters
    ----------
    code : str
        Stable name of the kind of fault.
    file : str
        The file as the caller named it.
    place : Place
        Line and column, from 1.
    path : tuple
        The keys and positions that lead to it.
    found : str
        What stands there.
    expected : tuple of str
        A keyword of what would have served, then what it names.
    """

    code: str
    file: str
    place: Place
    path: tuple[str | int, ...]
    found: str
    expected: tuple[str, ...]

    def message(self, lang: str = "en") -> str:
        """Say in one line what was found and what was expected."""
        keyword, *names = self.expected
        expected = _EXPECTED[keyword][lang == "zh"].format(*names)
        where = f"{self.file}:{self.place.line}:{self.place.column}: "
        where += f"{path_text(self.path)}: " if self.path else ""
        if lang == "zh":
            return without_persons(f"{where}现为 {_found_zh(self.found)}，应为 {expected}")
        return without_persons(f"{where}found {self.found}, expected {expected}")


def path_text(path: Iterable[str | int]) -> str:
    """Write a key path.

    Examples
    --------
    >>> path_text(("editions", 0, "entries", 3, "levels"))
    'editions[0].entries[3].levels'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if len(part) <= _LONGEST and part.isprintable() else quoted(part)
            text += f".{word}" if text else word
    return text


def quoted(text: str) -> str:
    """Write a text of a file as it stands there, in quotes, in one line, cut where it is long.

    Examples
    --------
    >>> quoted("１8"), quoted("a" * 50)
    ("'１8'", "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'...")
    """
    return repr(text) if len(text) <= _LONGEST else f"{text[:_LONGEST]!r}..."


class PolicyError(SubsidyError, ValueError):
    """A policy folder can't be used; names every problem of its files with file, line and column.

    Parameters
    ----------
    problems : tuple of Problem
        In the order of files and lines.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return self.message()

    def message(self, lang: str = "en") -> str:
        """Say all problems, one a line."""
        return "\n".join(problem.message(lang) for problem in self.problems)
