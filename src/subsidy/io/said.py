"""What is said of a file, in Chinese and English: errors that stop a run, and notes on what was noticed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from subsidy.model.errors import SubsidyError
from subsidy.model.text import clean, without_persons

__all__ = ["FileError", "Note", "Said", "listed", "missing_package", "system_error", "word"]

_LONGEST = 40
_FIRST = 3


class Said(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """Give the text in one language; whatever looks like a person's number is masked."""
        return without_persons(self.zh if lang == "zh" else self.en)


class FileError(SubsidyError, ValueError):
    """A file can't be used; nothing was decided and nothing was written.

    Parameters
    ----------
    said : Said
        Which file, what was found, and what would serve.

    Examples
    --------
    >>> print(FileError(Said("claims.csv：空文件", "claims.csv: empty")))
    claims.csv: empty
    """

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said

    def __str__(self) -> str:
        return self.message()

    def message(self, lang: str = "en") -> str:
        """Say what is wrong."""
        return self.said.text(lang)


class Note(NamedTuple):
    """Something that was noticed in a file and doesn't stop the run.

    Parameters
    ----------
    kind : str
        A stable name, such as ``scientific``.
    said : Said
        What a person reads.
    column : str or None
        The heading it is about.
    cells : int or None
        How many cells or rows it is about.
    rows : tuple of int
        The first of them, as a spreadsheet numbers its rows.
    serious : bool
        Whether somebody should look before the decisions are used.
    """

    kind: str
    said: Said
    column: str | None = None
    cells: int | None = None
    rows: tuple[int, ...] = ()
    serious: bool = True


def word(text: str) -> str:
    """Write a heading as a message shows it: in quotes, one line, cut where it is long.

    Examples
    --------
    >>> word("steam"), word("x" * 50)
    ("'steam'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'")
    """
    plain = clean(text)
    return f"'{plain if len(plain) <= _LONGEST else plain[:_LONGEST] + '...'}'"


def listed(rows: Sequence[int], count: int) -> Said:
    """Name the first few rows of many.

    Examples
    --------
    >>> listed((3, 8, 15), 12).en, listed((3,), 1).zh
    ('rows 3, 8, 15, ...', '第 3 行')
    """
    first = [str(row) for row in rows[:_FIRST]]
    more = count > len(first)
    zh = f"第 {'、'.join(first)} 行{'等' if more else ''}"
    en = f"{'row' if count == 1 else 'rows'} {', '.join(first)}{', ...' if more else ''}"
    return Said(zh, en)


def system_error(name: str, error: BaseException, doing: Said) -> FileError:
    """Make the error of a file that the system refuses."""
    why = getattr(error, "strerror", None) or type(error).__name__
    zh = {"No such file or directory": "文件不存在", "Permission denied": "没有权限", "Is a directory": "是文件夹"}
    return FileError(Said(f"{name}：{doing.zh}（{zh.get(why, why)}）", f"{name}: {doing.en} ({why})"))


def joined(parts: Iterable[str], lang: Literal["zh", "en"]) -> str:
    """Set words side by side as a language does."""
    return ("、" if lang == "zh" else ", ").join(parts)


def missing_package(name: str, package: str) -> FileError:
    """Say how to install what reads and writes xlsx files."""
    return FileError(
        Said(
            f"{name}：读写 .xlsx 文件需要 {package}；请安装：pip install 'subsidy[files]'，或改用 CSV",
            f"{name}: .xlsx files need {package}; install it with pip install 'subsidy[files]', or use CSV",
        )
    )
