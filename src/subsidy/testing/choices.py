"""What the strategies share: an argument that may be a value or a strategy, and made-up occupations and persons."""

from __future__ import annotations

from typing import TypeAlias, TypeVar, Union

from hypothesis import strategies as st

__all__ = ["CLASSIFIED", "FORMER", "LOCAL", "NATIONAL", "UNKNOWN", "Choice", "chosen"]

T = TypeVar("T")
Choice: TypeAlias = Union[T, "st.SearchStrategy[T]"]

# Codes that no national classification has, a local one, one that only the classification lists, one that an
# occupation had before, and one of the right form that nobody knows.
NATIONAL = ("9-01-01-01", "9-01-01-02", "9-01-01-03")
LOCAL = "ITEM-7"
CLASSIFIED = "9-01-01-09"
FORMER = "9-01-01-30"
UNKNOWN = "9-99-99-98"


def chosen(draw: st.DrawFn, given: Choice[T] | None, otherwise: st.SearchStrategy[T]) -> T:
    """Give what the caller fixed, or draw from the caller's strategy, or from the kit's own where none was given."""
    if given is None:
        return draw(otherwise)
    return draw(given) if isinstance(given, st.SearchStrategy) else given
