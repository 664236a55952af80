"""What the cases are about: each theme drafts the cases of one file from the texts of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from subsidy.testing.conformance.case import Draft
from subsidy.testing.conformance.source import Source
from subsidy.testing.conformance.themes import confidence, dates, forms, grid, history, known_on, reasons

__all__ = ["THEMES"]

THEMES: Mapping[str, Callable[[Source], Iterator[Draft]]] = {
    "grid": grid.drafts,
    "dates": dates.drafts,
    "reasons": reasons.drafts,
    "forms": forms.drafts,
    "history": history.drafts,
    "known_on": known_on.drafts,
    "confidence": confidence.drafts,
}
"""Each theme by the name of its file, in the order of the files."""
