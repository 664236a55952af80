"""Rules 7 to 10: what a person was already paid. One state of small integers, one transition, for one claim or many.

Levels are bits of an integer and counts are integers, and the rules only compare and mask them, so the same text of
each rule serves Python integers and whole arrays of them.
Source: design, section 4, "History".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from subsidy.model.level import Level, Stream
from subsidy.model.words import Reason
from subsidy.policy.texts import Limit, Procedure

__all__ = [
    "HIGHER_BITS",
    "LEVEL_BIT",
    "barred_bits",
    "binds",
    "counting_year",
    "higher_level_paid",
    "history_bars",
    "level_paid",
    "limit_reached",
    "limits_of",
]

LEVEL_BIT: Final = {level: 1 << place for place, level in enumerate(Level)}
HIGHER_BITS: Final = {
    level: sum(bit for other, bit in LEVEL_BIT.items() if other.higher_than(level)) for level in Level
}


def level_paid(paid_bits: int, level_bit: int) -> bool:
    """Rule 8: the same occupation at the same level was paid, in any stream."""
    return (paid_bits & level_bit) != 0


def higher_level_paid(paid_bits: int, higher_bits: int) -> bool:
    """Rule 9: a higher level of the same occupation was paid, in any stream.

    ``special`` is neither higher nor lower than any level.
    """
    return (paid_bits & higher_bits) != 0


def limits_of(procedure: Procedure, stream: Stream, facts: frozenset[str]) -> list[Limit]:
    """Give the limits that bind a claim, in the order of the text."""
    return [limit for limit in procedure.limits if binds(limit, stream, facts)]


def binds(limit: Limit, stream: Stream, facts: frozenset[str]) -> bool:
    """Rule 10: say whether a limit counts, and binds, a claim of a stream with these facts.

    It does where its streams hold the stream and the facts include all of ``requires`` and none of ``except``.
    """
    return stream in limit.streams and facts.issuperset(limit.requires) and facts.isdisjoint(limit.except_)


def counting_year(limit: Limit, applied_on: date) -> int:
    """Give the year that a limit counts a claim in; 0 for a limit that counts a lifetime."""
    return applied_on.year if limit.per == "calendar_year" else 0


def limit_reached(count: int, at_most: int) -> bool:
    """Rule 10: as many payable claims count already as the limit allows."""
    return count >= at_most


def history_bars(
    certificate_paid: Any, paid_bits: Any, level_bit: Any, barred_bits: Any, counts: Iterable[tuple[Any, Any]]
) -> Iterator[tuple[Reason, Any]]:
    """Rules 7 to 10 in their order, of one claim or of an array of claims: what may stand in the way, and whether.

    Parameters
    ----------
    certificate_paid : bool or array
        Whether the certificate was paid before.
    paid_bits : int or array
        The levels of the claim's occupation that were paid.
    level_bit, barred_bits : int or array
        The claim's level, and the levels that bar it: those that are higher where the text refuses them, else none.
    counts : iterable of pairs
        For each limit that binds, in the order of the text: how many count already, how many it allows.
    """
    yield Reason.CERTIFICATE_ALREADY_PAID, certificate_paid
    yield Reason.SAME_LEVEL_ALREADY_PAID, level_paid(paid_bits, level_bit)
    yield Reason.HIGHER_LEVEL_ALREADY_PAID, higher_level_paid(paid_bits, barred_bits)
    for count, at_most in counts:
        yield Reason.LIMIT_REACHED, limit_reached(count, at_most)


def barred_bits(procedure: Procedure, level: Level) -> int:
    """Give the levels that bar a claim for a level of the same occupation once they were paid (rule 9)."""
    return HIGHER_BITS[level] if procedure.lower_after_higher == "refuse" else 0
