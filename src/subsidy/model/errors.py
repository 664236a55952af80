"""The exceptions of this library, a small tree under `SubsidyError`."""

from __future__ import annotations

__all__ = ["HistoryError", "InputError", "SubsidyError"]


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
