"""Whether the loops of `subsidy.engine.batch.loops` serve: they need numba, the extra `fast`, and many rows to pay.

The loops do what the array calls beside them do, row by row in one pass, and let go of the interpreter meanwhile. They
hold no rule: what a rule says comes from tables that the rule functions fill, or is the rule function itself, compiled.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from os import environ

__all__ = ["SWITCH", "pays"]

SWITCH = "SUBSIDY_LOOPS"
"""Environment variable: `never` leaves the loops alone, `always` takes them for any number of rows."""

_MANY, _ENOUGH = 1 << 20, 1 << 16


@cache
def _loaded() -> bool:
    """Load numba; say whether it is there. One that can't be loaded is as good as none, whatever it stumbles over.

    It raises ImportError beside a numpy that it doesn't know, OSError where a library of the system is missing, and
    others where its parts are of several versions.
    """
    try:
        return hasattr(import_module("numba"), "njit")
    except Exception:  # noqa: BLE001 - only speed depends on it
        return False


def pays(rows: int) -> bool:
    """Say whether so many rows are worth the loops: to load them takes half a second, once in a process."""
    asked = environ.get(SWITCH, "")
    if asked == "never" or (asked != "always" and rows < (_ENOUGH if "numba" in sys.modules else _MANY)):
        return False
    return _loaded()
