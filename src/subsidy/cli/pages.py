"""What people read: calm pages of at most 100 cells, in one language, without colour where nobody sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from subsidy.cli.failures import scrubbed
from subsidy.cli.language import Both, Lang
from subsidy.cli.output import EDITIONS
from subsidy.cli.wrapping import padded, wrap
from subsidy.model.decision import Decision, Entitlement
from subsidy.model.money import format_yuan
from subsidy.model.words import Confidence, Status
from subsidy.wording.words import explain, reason_text

__all__ = ["Cell", "Page"]

Cell = str | tuple[str, str]
"""A text, or a text with its style."""

_WIDEST = 100
_STATUS_STYLE = {
    Status.PAYABLE: "bold green",
    Status.REFUSED: "bold red",
    Status.UNDETERMINED: "bold yellow",
    Status.INVALID: "bold magenta",
}
_CONFIDENCE = {
    Confidence.OFFICIAL: Both("正式文本 official", "official"),
    Confidence.SECONDARY: Both("二手来源 secondary", "secondary"),
    Confidence.ASSUMED: Both("推定 assumed", "assumed"),
}
_EDITIONS = (
    Both("补贴职业目录", "Directory"),
    Both("紧缺职业目录", "Catalogue"),
    Both("补贴标准表", "Rates"),
    Both("办法", "Rules"),
)
_NONE = Both("（无）", "none")


class Page:
    """A page: titles, facts, paragraphs and tables, never wider than the terminal."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=False)
        self.console.width = min(self.console.width, _WIDEST)

    def say(self, zh: str, en: str) -> str:
        """Give one of two texts."""
        return zh if self.lang == "zh" else en

    def blank(self) -> None:
        """Print an empty line."""
        self._line("")

    def title(self, text: str) -> None:
        """Print a line that names what follows."""
        self.paragraph(text, style="bold")

    def paragraph(self, text: str, *, indent: int = 0, style: str = "") -> None:
        """Print text, wrapped between words or Chinese characters."""
        for line in wrap(scrubbed(text), self.console.width - indent):
            self._line(Text(" " * indent + line if line else "", style=style))

    def facts(self, rows: Iterable[tuple[str, Cell]]) -> None:
        """Print labels with their values beside them."""
        pairs = list(rows)
        indent = 2 + max(cell_len(label) for label, _ in pairs) + 2
        for label, value in pairs:
            text, style = value if isinstance(value, tuple) else (value, "")
            head, *rest = wrap(scrubbed(text), self.console.width - indent)
            self._line(Text.assemble((padded(f"  {label}", indent), "dim"), (head, style)))
            for more in rest:
                self._line(Text(" " * indent + more, style=style))

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        right: Iterable[int] = (),
        whole: Iterable[int] = (),
    ) -> None:
        """Print a table.

        Parameters
        ----------
        headings : sequence of str
            One for each column.
        rows : iterable of sequences
            The cells.
        right : iterable of int
            Columns set to the right, as amounts are.
        whole : iterable of int
            Columns that are never broken, as codes are.
        """
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold", border_style="dim")
        aligned, unbroken = set(right), set(whole)
        for place, heading in enumerate(headings):
            justify: Literal["left", "right"] = "right" if place in aligned else "left"
            table.add_column(heading, justify=justify, overflow="fold", no_wrap=place in unbroken)
        for row in rows:
            pairs = (cell if isinstance(cell, tuple) else (cell, "") for cell in row)
            table.add_row(*(Text(scrubbed(text), style=style) for text, style in pairs))
        self.console.print(table)

    def _line(self, text: str | Text) -> None:
        self.console.print(text, soft_wrap=True)

    def status(self, status: Status) -> tuple[str, str]:
        """Give a status in words and colour."""
        return self.say(status.zh, status.value), _STATUS_STYLE[status]

    def yuan(self, fen: int | None) -> str:
        """Write an amount."""
        if fen is None:
            return self.say("未定", "not known")
        return format_yuan(fen) + self.say(" 元", " yuan")

    def _aligned(self, *amounts: int | None) -> list[str]:
        """Write amounts so that their decimal points stand under each other."""
        longest = max(len(format_yuan(fen)) for fen in amounts if fen is not None)
        return [
            self.yuan(fen) if fen is None else " " * (longest - len(format_yuan(fen))) + self.yuan(fen)
            for fen in amounts
        ]

    def answer(self, answer: Decision | Entitlement, title: str, subtitle: str = "") -> None:
        """Print result, amounts, confidence and editions, then why."""
        why = explain(answer, self.lang)
        base, uplift, amount = self._aligned(answer.base_fen, answer.uplift_fen, answer.amount_fen)
        sure = _NONE if answer.confidence is None else _CONFIDENCE[answer.confidence]
        rows: list[tuple[str, Cell]] = [
            (self.say("核定结果", "Result"), self.status(answer.status)),
            (self.say("补贴标准", "Base"), base),
            (self.say("上浮", "Uplift"), uplift),
            (self.say("金额", "Amount"), (amount, "bold")),
            (self.say("可信度", "Confidence"), sure.text(self.lang)),
        ]
        if answer.reason is not None:
            reason = reason_text(answer.reason, self.lang)
            rows.insert(
                1,
                (
                    self.say("原因", "Reason"),
                    self.say(f"{reason}（{answer.reason}）", f"{reason} ({answer.reason})"),
                ),
            )
        for name, column in zip(_EDITIONS, EDITIONS, strict=True):
            rows.append((name.text(self.lang), getattr(answer, column) or _NONE.text(self.lang)))
        self.title(title)
        if subtitle:
            self.paragraph(subtitle)
        self.blank()
        self.facts(rows)
        self.blank()
        self.title(self.say("理由", "Why"))
        self.paragraph(why, indent=2)
