"""All cases of some policies: drafted by the themes, decided by the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from subsidy.model.words import Confidence
from subsidy.policy.policy import Policy
from subsidy.testing.conformance.case import Case, Draft, decided
from subsidy.testing.conformance.source import Source
from subsidy.testing.conformance.themes import THEMES

__all__ = ["build", "build_theme"]


def build(sources: Iterable[Source]) -> Iterator[Case]:
    """Give every case of the sources, theme by theme."""
    several = list(sources)
    for theme in THEMES:
        yield from build_theme(theme, several)


def build_theme(theme: str, sources: Iterable[Source]) -> Iterator[Case]:
    """Give the cases of one theme, policy by policy."""
    for source in sources:
        views: dict[tuple[date | None, Confidence | None], Policy] = {}
        for draft in THEMES[theme](source):
            yield decided(source.name, _view(source.policy, draft, views), draft)


def _view(policy: Policy, draft: Draft, views: dict[tuple[date | None, Confidence | None], Policy]) -> Policy:
    """Give the policy as a draft wants it, made once."""
    key = (draft.known_on, draft.minimum_confidence)
    if key not in views:
        known = policy if draft.known_on is None else policy.as_known_on(draft.known_on)
        views[key] = known.with_minimum_confidence(draft.minimum_confidence)
    return views[key]
