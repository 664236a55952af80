"""How the loops are compiled: kept on disk where that can be, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit

__all__ = ["Array", "Number", "compiled", "rule"]

Array = Any
Number = Any
"""Of any width: which, numba finds out."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a loop when it is first called."""
    try:
        made = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no place to keep what was compiled
        made = njit(nogil=True)(function)
    return cast("Callable[_P, _R]", made)


def rule(function: Callable[..., bool]) -> Callable[..., bool]:
    """Compile a rule function of `subsidy.rules` from its one text, to be called from a loop."""
    return cast("Callable[..., bool]", njit(nogil=True, inline="always")(function))
