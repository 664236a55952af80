"""The exceptions of this library, a small tree under `SubsidyError`."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["HistoryError", "InputError", "InvalidRowsError", "SubsidyError"]


class SubsidyError(Exception):
    """Base of every error that this library raises on purpose."""


class InputError(SubsidyError, ValueError):
    """A value that a caller handed in can't be used.

    Parameters
    ----------
    field : str
        The name of the value, e.g. ``level``.
    found : str
        What was found, as text; never a whole person id.
    expected : str
        What would have served.

    Examples
    --------
    >>> str(InputError("level", "7", "one of 1 to 5 or special"))
    'level: found 7, expected one of 1 to 5 or special'
    """

    def __init__(self, field: str, found: str, expected: str) -> None:
        super().__init__(field, found, expected)
        self.field = field
        self.found = found
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.field}: found {self.found}, expected {self.expected}"


class HistoryError(SubsidyError, ValueError):
    """Claims given as history can't be used; nothing was decided.

    Parameters
    ----------
    problems : tuple of str
        One sentence for each unusable history row: which row, what was found, what was expected.

    Examples
    --------
    >>> print(HistoryError(("history[0]: level: found 7, expected one of 1 to 5 or special",)))
    1 history row can't be used:
      history[0]: level: found 7, expected one of 1 to 5 or special
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        count = len(self.problems)
        rows = "row" if count == 1 else "rows"
        return "\n  ".join((f"{count} history {rows} can't be used:", *self.problems))


class PaymentsError(SubsidyError, ValueError):
    """Payments can't be read; nothing was recalculated, for money must not get lost.

    Parameters
    ----------
    problems : tuple of str
        One sentence for each of the first payments that can't be read: which row, what was found, what was expected.
    count : int
        How many payments can't be read.

    Examples
    --------
    >>> print(PaymentsError(("payments[0]: paid_on: found '', expected a date",), 1))
    1 payment can't be read:
      payments[0]: paid_on: found '', expected a date
    """

    def __init__(self, problems: tuple[str, ...], count: int) -> None:
        super().__init__(problems, count)
        self.problems = problems
        self.count = count

    def __str__(self) -> str:
        rows = "payment" if self.count == 1 else "payments"
        more = (f"... and {self.count - len(self.problems)} more",) if self.count > len(self.problems) else ()
        return "\n  ".join((f"{self.count} {rows} can't be read:", *self.problems, *more))


class InvalidRowsError(SubsidyError, ValueError):
    """Records of a table can't be used, and the caller asked for an error then.

    Parameters
    ----------
    problems : tuple of str
        One sentence for each of the first rows that can't be used: which row (from 0), why, what was expected.
    counts : mapping
        How many rows can't be used, by reason.

    Examples
    --------
    >>> print(InvalidRowsError(("row 0: level: bad_level, expected one of 1 to 5 or special",), {"bad_level": 1}))
    1 row can't be used (bad_level 1):
      row 0: level: bad_level, expected one of 1 to 5 or special
    """

    def __init__(self, problems: tuple[str, ...], counts: Mapping[str, int]) -> None:
        super().__init__(problems, counts)
        self.problems = problems
        self.counts = counts

    def __str__(self) -> str:
        count = sum(self.counts.values())
        rows = "row" if count == 1 else "rows"
        by_reason = ", ".join(f"{reason} {number}" for reason, number in self.counts.items())
        more = (f"... and {count - len(self.problems)} more",) if count > len(self.problems) else ()
        return "\n  ".join((f"{count} {rows} can't be used ({by_reason}):", *self.problems, *more))
