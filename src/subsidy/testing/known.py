"""Whom the laws are checked on when pytest runs them for another project, and which failures it knows of.

``SUBSIDY_TESTS_MODULE`` names a module whose ``implementation`` is checked. ``SUBSIDY_TESTS_KNOWN_FAILURES`` names a
text file with one law a line (``#`` begins a remark); left out: ``known_failures.txt`` beside the module, if any.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

from subsidy import InputError
from subsidy.testing.implementations import Implementation
from subsidy.testing.laws import LAWS

__all__ = ["KNOWN_FAILURES", "MODULE", "named_implementation", "named_known_failures", "read_known_failures"]

MODULE = "SUBSIDY_TESTS_MODULE"
KNOWN_FAILURES = "SUBSIDY_TESTS_KNOWN_FAILURES"
_FILE = "known_failures.txt"


def _module() -> ModuleType | None:
    name = os.environ.get(MODULE)
    if not name:
        return None
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # as `python -m` does; pytest alone doesn't
    return import_module(name)


def named_implementation() -> Implementation | None:
    """Give the implementation of the module that the environment names, None where it names none.

    Raises
    ------
    InputError
        If the module has no callable of the name ``implementation``.
    """
    module = _module()
    if module is None:
        return None
    found: Implementation | None = getattr(module, "implementation", None)
    if not callable(found):
        raise InputError(MODULE, module.__name__, "a module with a callable named implementation")
    return found


def named_known_failures() -> frozenset[str]:
    """Give the laws that the file named in the environment, or else beside the module, lists."""
    named = os.environ.get(KNOWN_FAILURES)
    if named:
        return read_known_failures(named)
    module = _module()
    beside = Path(module.__file__).parent / _FILE if module is not None and module.__file__ else None
    return read_known_failures(beside) if beside is not None and beside.is_file() else frozenset()


def read_known_failures(file: str | Path) -> frozenset[str]:
    """Read a list of known failures: one law a line; what follows ``#`` is a remark.

    Raises
    ------
    InputError
        If a line names no law.
    """
    names: list[str] = []
    for number, line in enumerate(Path(file).read_text(encoding="utf-8").splitlines(), 1):
        name = line.partition("#")[0].strip()
        if name and name not in LAWS:
            raise InputError(f"{Path(file).name}, line {number}", name, f"one of {', '.join(LAWS)}")
        names += [name] if name else []
    return frozenset(names)
