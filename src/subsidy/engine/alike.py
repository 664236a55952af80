"""Codes that every rule treats alike, so that a grid over all codes is worked out once for each sort."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from subsidy.model.level import Stream
from subsidy.policy.policy import Policy, Texts

__all__ = ["alike", "likeness", "listed_codes"]


def likeness(texts: Texts, code: str) -> Hashable:
    """Give all that rules 1 to 3 and the facts read of a present code; equal codes are treated alike."""
    listed = texts.entries.get(code)
    entry = None
    if listed is not None:
        own = listed.entry
        entry = (own.levels, own.digital, own.tags, own.source, listed.edition.id)
    own_amounts = tuple(tuple(texts.amounts_of(stream, code).items()) for stream in Stream)
    return texts.listing(code), code in texts.vocabulary.digital, entry, own_amounts


def alike(texts: Texts, codes: Iterable[str]) -> list[list[str]]:
    """Put codes into groups that every rule treats alike, in the order of each group's first."""
    groups: dict[Hashable, list[str]] = {}
    for code in codes:
        groups.setdefault(likeness(texts, code), []).append(code)
    return list(groups.values())


def listed_codes(policy: Policy, texts: Texts) -> list[str]:
    """Give the present codes that the directory in force lists, in its order, then those that it covers."""
    if texts.directory is None:
        return []
    present = policy.vocabulary.present
    codes = [present(listed.code) for listed in texts.directory.occupations]
    if texts.directory.covers == "all":
        codes += [present(code) for code in policy.classification]
    return list(dict.fromkeys(codes))
