"""What the page of a recalculation shows, already added up, so that it is the same size for any input.

`subsidy.report.gathering` makes these from totals; `subsidy.report.page` writes them as HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

__all__ = [
    "BIN_EDGES_FEN",
    "MOST_CHANGES",
    "MOST_LARGEST",
    "MOST_SAMPLE",
    "MOST_SLICES",
    "REST",
    "Change",
    "ReportData",
    "Row",
    "Slice",
    "Text",
    "Totals",
]

MOST_SLICES: Final = 40
MOST_LARGEST: Final = 50
MOST_SAMPLE: Final = 500
MOST_CHANGES: Final = 200

REST: Final = "others"
"""The key of the line that stands for all occupations that have none of their own."""

BIN_EDGES_FEN: Final = (0, 20000, 40000, 60000, 80000, 100000, 150000, 200000, 300000, 500000)
"""Lower edges of the sizes of differences, in fen: a bin is over its edge, up to and with the next, the last open."""


class Text(NamedTuple):
    """Something to say, in Chinese and English.

    Examples
    --------
    >>> Text("人工智能训练师", "Artificial intelligence trainer").en
    'Artificial intelligence trainer'
    """

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts and sums, amounts in fen. What is to be recovered is a sum above zero.

    Raises
    ------
    ValueError
        If the sums contradict each other.

    Examples
    --------
    >>> Totals(claims=2, paid_fen=180000, due_fen=234000, top_ups=1, top_up_fen=54000).adjustment_fen
    54000
    """

    claims: int = 0
    paid_fen: int = 0
    due_fen: int = 0
    top_ups: int = 0
    top_up_fen: int = 0
    recoveries: int = 0
    recovery_fen: int = 0

    def __post_init__(self) -> None:
        if min(self.claims, self.top_ups, self.top_up_fen, self.recoveries, self.recovery_fen) < 0:
            raise ValueError(f"counts, top-ups and recoveries are never below zero: found {self}")
        if self.due_fen - self.paid_fen != self.top_up_fen - self.recovery_fen:
            raise ValueError(f"due - paid must be top-ups - recoveries: found {self}")
        if self.top_ups + self.recoveries > self.claims:
            raise ValueError(f"more top-ups and recoveries than claims: found {self}")

    @property
    def adjustment_fen(self) -> int:
        """Due minus paid, in fen: the net of top-ups and recoveries."""
        return self.due_fen - self.paid_fen

    @property
    def unchanged(self) -> int:
        """How many claims have no difference."""
        return self.claims - self.top_ups - self.recoveries

    def plus(self, other: Totals) -> Totals:
        """Add the totals of another part.

        Examples
        --------
        >>> Totals(claims=1).plus(Totals(claims=2)).claims
        3
        """
        return Totals(
            claims=self.claims + other.claims,
            paid_fen=self.paid_fen + other.paid_fen,
            due_fen=self.due_fen + other.due_fen,
            top_ups=self.top_ups + other.top_ups,
            top_up_fen=self.top_up_fen + other.top_up_fen,
            recoveries=self.recoveries + other.recoveries,
            recovery_fen=self.recovery_fen + other.recovery_fen,
        )


@dataclass(frozen=True, slots=True)
class Slice:
    """One line of a table: a cause, an occupation, a category, a level or a month, with its totals.

    Examples
    --------
    >>> Slice("A", Text("A 类", "Category A"), Totals(claims=3)).totals.unchanged
    3
    """

    key: str
    name: Text
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One claim, or the payments that have none. Amounts in fen; the difference and its kind follow from them.

    Examples
    --------
    >>> row = Row(claim_id="C1", person_id="110***********002X", occupation_code="4-04-05-05",
    ...     occupation=Text("人工智能训练师", "Artificial intelligence trainer"), level="3",
    ...     paid_fen=180000, due_fen=234000, cause="uplift_gained", explanation=Text("新列入目录。", "Newly listed."))
    >>> row.adjustment_fen, row.kind
    (54000, 'top_up')
    """

    claim_id: str
    person_id: str
    """Masked; whatever still looks like a whole resident number is masked by the page."""
    occupation_code: str
    occupation: Text
    level: str
    """1 to 5 or special; empty where it isn't known."""
    paid_fen: int
    due_fen: int
    cause: str | None
    explanation: Text

    @property
    def adjustment_fen(self) -> int:
        """Due minus paid, in fen."""
        return self.due_fen - self.paid_fen

    @property
    def kind(self) -> Literal["top_up", "recovery", "none"]:
        """Which way the money goes."""
        return "top_up" if self.adjustment_fen > 0 else "recovery" if self.adjustment_fen < 0 else "none"


class Change(NamedTuple):
    """One difference between the texts known then and now.

    Examples
    --------
    >>> Change("added", "suzhou-digital-2023", Text("紧缺职业(工种)目录", "Shortage catalogue"),
    ...     Text("列入 4-04-05-05", "4-04-05-05 is listed")).edition
    'suzhou-digital-2023'
    """

    change: Literal["added", "removed", "changed"]
    edition: str
    text: Text
    """Which of the texts: rules, directory, rate table or catalogue."""
    line: Text
    """What changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """Everything the page shows.

    Raises
    ------
    ValueError
        If a table is longer than the page takes, or its differences don't come to those of the headline: a page
        that contradicts itself is never written.

    Examples
    --------
    >>> ReportData(run_id="r1", policy_fingerprint="p1", known_on=None, made_on=date(2024, 6, 3),
    ...     totals=Totals(claims=2)).totals.unchanged
    2
    """

    run_id: str
    policy_fingerprint: str
    known_on: date | None
    """The policy as known on this day; None: all of it."""
    made_on: date
    """The day that the page bears. It is given, never read from a clock, so the same input makes the same page."""
    totals: Totals
    undetermined: int = 0
    """How many claims can't be decided, or have a record that can't be used."""
    without_claim: int = 0
    """How many rows are payments without a claim; they count as claims in the totals."""
    by_cause: tuple[Slice, ...] = ()
    by_occupation: tuple[Slice, ...] = ()
    by_category: tuple[Slice, ...] = ()
    by_level: tuple[Slice, ...] = ()
    by_month: tuple[Slice, ...] = ()
    """Months of application, the first one first."""
    differences: tuple[int, ...] = (0,) * (2 * len(BIN_EDGES_FEN))
    """How many differences each bin holds: top-ups by `BIN_EDGES_FEN`, then recoveries; no difference is in none."""
    largest: tuple[Row, ...] = ()
    """The largest differences, the largest one first."""
    sample: tuple[Row, ...] = ()
    """Rows to look up by claim id."""
    changes: tuple[Change, ...] = ()
    changes_left_out: int = 0
    """How many more changes of the texts there are."""
    first_paid_on: date | None = None
    """The day of the first payment, since which the texts are compared; None: nothing was paid."""

    def __post_init__(self) -> None:
        for name in ("by_cause", "by_occupation", "by_category", "by_level", "by_month"):
            slices: tuple[Slice, ...] = getattr(self, name)
            _at_most(name, len(slices), MOST_SLICES)
            if slices:
                self._agrees(name, slices)
        _at_most("largest", len(self.largest), MOST_LARGEST)
        _at_most("sample", len(self.sample), MOST_SAMPLE)
        _at_most("changes", len(self.changes), MOST_CHANGES)
        if not 0 <= self.without_claim <= self.totals.claims or not 0 <= self.undetermined <= self.totals.claims:
            raise ValueError(
                f"undetermined ({self.undetermined}) and without_claim ({self.without_claim}) are counts "
                f"of the {self.totals.claims} claims"
            )
        half = len(BIN_EDGES_FEN)
        if len(self.differences) != 2 * half:
            raise ValueError(f"differences: found {len(self.differences)} bins, expected {2 * half}")
        found = sum(self.differences[:half]), sum(self.differences[half:])
        expected = self.totals.top_ups, self.totals.recoveries
        if found not in {expected, (0, 0)}:
            raise ValueError(f"differences: found {found} top-ups and recoveries, the totals say {expected}")

    def _agrees(self, name: str, slices: tuple[Slice, ...]) -> None:
        """Ask that the lines of a table come to the headline; lines without a difference may be left out."""
        found = Totals()
        for one in slices:
            found = found.plus(one.totals)
        for figure in ("top_ups", "top_up_fen", "recoveries", "recovery_fen"):
            if getattr(found, figure) != getattr(self.totals, figure):
                raise ValueError(
                    f"{name}: {figure} come to {getattr(found, figure)}, the totals say {getattr(self.totals, figure)}"
                )


def _at_most(name: str, found: int, most: int) -> None:
    if found > most:
        raise ValueError(f"{name}: found {found}, the page takes at most {most}")
