"""What the strategies share: an argument that may be a value or a strategy, and made-up occupations and persons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias, TypeVar, Union

from hypothesis import strategies as st

__all__ = ["CLASSIFIED", "FORMER", "LOCAL", "NATIONAL", "UNKNOWN", "Choice", "chosen", "one_of"]

T = TypeVar("T")
Choice: TypeAlias = Union[T, "st.SearchStrategy[T]"]

# Codes that no national classification has, a local one, one that only the classification lists, one that an
# occupation had before, and one of the right form that nobody knows.
NATIONAL = ("9-01-01-01", "9-01-01-02", "9-01-01-03")
LOCAL = "ITEM-7"
CLASSIFIED = "9-01-01-09"
FORMER = "9-01-01-30"
UNKNOWN = "9-99-99-98"


def chosen(draw: st.DrawFn, given: Choice[T] | None, otherwise: st.SearchStrategy[T] | Sequence[T]) -> T:
    """Give what the caller fixed, or draw from the caller's strategy, or from the kit's own where none was given."""
    if given is None:
        return draw(otherwise) if isinstance(otherwise, st.SearchStrategy) else one_of(draw, otherwise)
    return draw(given) if isinstance(given, st.SearchStrategy) else given


def one_of(draw: st.DrawFn, of: Sequence[T]) -> T:
    """Draw one of several; the strategy is kept, for to make and check a new one takes longer than to draw."""
    return of[draw(_places(len(of)))]


@lru_cache(256)
def _places(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)
