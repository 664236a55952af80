"""Which texts the rules consulted until they answered, for the confidence of a decision and for its explanation.

A source of its own (an occupation's, an entry's, that of an uplift that holds) stands in for its edition's.
Source: design, section 4, "Confidence".
"""

from __future__ import annotations

from subsidy.model.decision import Cite, TextKind
from subsidy.model.level import Level
from subsidy.policy.policy import Texts
from subsidy.policy.texts import Edition, RulesEdition, Source
from subsidy.rules.entitlement import Worth, entry_at_level

__all__ = ["cite", "cite_catalog", "cite_directory", "cite_rules"]


def cite(kind: TextKind, edition: Edition, source: Source | None = None, part: str | None = None) -> Cite:
    """Cite an edition, or a part of it with a source of its own."""
    own = source or edition.source
    return Cite(
        kind=kind,
        edition=edition.id,
        part=part if source else None,
        document=own.document,
        number=own.number,
        url=own.url,
        confidence=own.confidence,
    )


def cite_directory(texts: Texts, code: str) -> tuple[Cite, ...]:
    """Cite the directory in force, or the occupation's own source."""
    if texts.directory is None:
        return ()
    listing = texts.listing(code)
    return (cite("directory", texts.directory, listing.source if listing else None, code),)


def cite_rules(edition: RulesEdition, candidates: list[Worth]) -> tuple[Cite, ...]:
    """Cite the rules in force; where uplifts hold, each by its own source if it has one."""
    cites = [cite("rules", edition, worth.uplift.source, worth.uplift.id) for worth in candidates]
    return tuple(dict.fromkeys(cites)) or (cite("rules", edition),)


def cite_catalog(texts: Texts, code: str, level: Level) -> tuple[Cite, ...]:
    """Cite the catalogue editions in force, or the own source of the entry that was found."""
    listed = entry_at_level(texts, code, level)
    if listed is not None and listed.entry.source is not None:
        return (cite("catalog", listed.edition, listed.entry.source, code),)
    return tuple(cite("catalog", edition) for edition in texts.catalog)
