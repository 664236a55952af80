"""Lines of Chinese and English that fit a number of terminal cells; a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len

__all__ = ["columns", "padded", "wrap"]

_CLOSING = frozenset('，。；：、！？）】》」』〉”’…·%,.;:!?)]}"')
_OPENING = frozenset('（【《「『〈“‘([{"')
_HEAD = re.compile(r"\s*(?:(?:[-*·•→]|\d{1,2}[.)])\s+)?")
_TWO = 2
# An amount stays with its unit.
_UNIT = re.compile(r"(?<=\d) (?=元|yuan\b)")
_JOINED = "\N{NO-BREAK SPACE}"


def _atoms(text: str) -> Iterator[str]:
    """Cut a line where it may break: at blanks, and beside a wide character unless punctuation forbids it."""
    atom = ""
    for char in text:
        if not atom:
            atom = char
            continue
        blank = char == " " or atom[-1] == " "
        wide = cell_len(char) == _TWO or cell_len(atom[-1]) == _TWO
        glued = char in _CLOSING or atom[-1] in _OPENING or _JOINED in (char, atom[-1])
        if (blank and char != " ") or (wide and not glued and char != " "):
            yield atom
            atom = char
        else:
            atom += char
    if atom:
        yield atom


def _folded(atom: str, width: int) -> Iterator[str]:
    """Cut an atom that is longer than a whole line, such as an address."""
    line = ""
    for char in atom:
        if cell_len(line + char) > width:
            yield line
            line = ""
        line += char
    yield line


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` cells; what follows a bullet or an indent stays under it.

    Examples
    --------
    >>> wrap("- 补贴标准为 1800.00 元，上浮 540.00 元。", 20)
    ['- 补贴标准为', '  1800.00 元，上浮', '  540.00 元。']
    """
    joined = _UNIT.sub(_JOINED, text)
    lines = (line for given in joined.splitlines() or [""] for line in _wrap_line(given.rstrip(), width))
    return [line.replace(_JOINED, " ") for line in lines]


def _wrap_line(text: str, width: int) -> Iterator[str]:
    if cell_len(text) <= width:
        yield text
        return
    match = _HEAD.match(text)
    head = match[0] if match else ""
    hang = " " * cell_len(head)
    line, empty = head, True
    for atom in _atoms(text[len(head) :]):
        if cell_len(line) + cell_len(atom.rstrip()) <= width:
            line, empty = line + atom, False
            continue
        if not empty:
            yield line.rstrip()
            line = hang
        *full, last = _folded(atom, max(width - len(hang), _TWO))
        for piece in full:
            yield line + piece
            line = hang
        line, empty = line + last, False
    if line.strip():
        yield line.rstrip()


def padded(text: str, width: int) -> str:
    """Fill a text with blanks up to a number of cells."""
    return text + " " * (width - cell_len(text))


def columns(rows: Iterable[tuple[str, str]], width: int, *, widest: int = 30) -> list[str]:
    """Set pairs in two columns; behind a first wider than ``widest``, the second begins on the next line."""
    pairs = list(rows)
    fitting = [cell_len(first) for first, _ in pairs if cell_len(first) <= widest]
    indent = 2 + max(fitting, default=0) + 2
    lines: list[str] = []
    for first, second in pairs:
        head, *rest = wrap(second, width - indent)
        start = f"  {first}"
        if cell_len(start) + _TWO > indent:
            lines.append(start)
            start = ""
        lines.append(f"{padded(start, indent)}{head}".rstrip())
        lines += [" " * indent + line for line in rest]
    return lines
