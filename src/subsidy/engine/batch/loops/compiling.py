"""How the loops are compiled: kept on disk where that can be, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from inspect import getsource
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit
from numba.core import caching

__all__ = ["Array", "Number", "compiled", "rule"]

Array = Any
Number = Any
"""Of any width: which, numba finds out."""

_P = ParamSpec("_P")
_R = TypeVar("_R")


_FunctionCache: Any = caching.FunctionCache  # its types are few


def _made_of(function: Any) -> list[str]:
    """Give the text of a function, and what it names of its module: numbers, and other functions with their texts."""
    found = [getsource(function)]
    for name in function.__code__.co_names:
        named = function.__globals__.get(name)
        found += _made_of(named.py_func) if hasattr(named, "py_func") else [repr(named)]
    return found


class _Kept(_FunctionCache):  # type: ignore[misc]
    """What was compiled, on disk.

    A disk that is full, or files that are broken, cost time and nothing else. What was compiled of another text is
    never taken: numba itself would look at the loop's own file only, and rules come from others.
    """

    def _index_key(self, sig: Any, codegen: Any) -> tuple[object, ...]:
        return (*super()._index_key(sig, codegen), sha256("\0".join(_made_of(self._py_func)).encode()).digest())

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Give what was compiled for these types, None where there is nothing."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # noqa: BLE001 - whatever half a file is read as
            with suppress(OSError):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled."""
        with suppress(OSError):
            super().save_overload(sig, data)


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a loop when it is first called."""
    made: Any = njit(nogil=True)(function)
    with suppress(RuntimeError):  # no place to keep what was compiled
        made._cache = _Kept(function)
    return cast("Callable[_P, _R]", made)


def rule(function: Callable[..., bool]) -> Callable[..., bool]:
    """Compile a rule function of `subsidy.rules` from its one text, to be called from a loop."""
    return cast("Callable[..., bool]", njit(nogil=True, inline="always")(function))
