"""The entry point of hypothesis: ``st.from_type(Claim)`` works as soon as both libraries are imported.

Hypothesis loads this when it is imported itself, in every environment where subsidy is installed. So nothing of ours
(nor pydantic) is imported for it: types that are loaded already are registered now, the others as they are loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["register"]

# The module of each type, its name, and the strategy of ours that gives it.
_TYPES = (
    ("subsidy.model.claim", "Claim", "claims"),
    ("subsidy.model.occupation", "Occupation", "occupations"),
    ("subsidy.policy.policy", "Policy", "policies"),
)


def register() -> None:
    """Register the strategies of our types; called by hypothesis."""
    for module, *_ in _TYPES:
        if module in sys.modules:
            _register_types_of(module)
    if not any(isinstance(finder, _WhenLoaded) for finder in sys.meta_path):
        sys.meta_path.insert(0, _WhenLoaded())


def _register_types_of(module: str) -> None:
    from hypothesis import strategies as st

    for home, name, strategy in _TYPES:
        if home == module:
            st.register_type_strategy(getattr(sys.modules[home], name), _on_demand(strategy))


def _on_demand(name: str) -> Callable[[type], SearchStrategy[Any]]:
    """Give a function that imports our strategies only when one is asked for."""

    def strategy(_: type) -> SearchStrategy[Any]:
        import subsidy.testing

        found: SearchStrategy[Any] = getattr(subsidy.testing, name)()
        return found

    return strategy


class _WhenLoaded:
    """A finder that finds nothing itself; it lets a module of ours register its types once it is loaded."""

    def __init__(self) -> None:
        self._looking = False

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - importlib hands it over
        target: ModuleType | None = None,  # noqa: ARG002 - the same
    ) -> ModuleSpec | None:
        """Give our own modules with types a loader that registers them; leave all others alone."""
        if self._looking or fullname not in {module for module, *_ in _TYPES}:
            return None
        self._looking = True
        try:
            spec = find_spec(fullname)
        finally:
            self._looking = False
        if spec is None or spec.loader is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            _register_types_of(fullname)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
