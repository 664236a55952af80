"""Pieces that histories are made of: claims already paid, and other occupations to be paid for."""

from __future__ import annotations

from stdnum.cn.ric import calc_check_digit

from subsidy.model.canonical import digest
from subsidy.policy.texts import Limit
from subsidy.rules.history import binds
from subsidy.testing.conformance.case import Row
from subsidy.testing.conformance.source import Place, Source

_NOWHERE = "999999"
"""No county has this code, so no number that begins with it is anybody's."""

__all__ = ["another_occupation", "counted_places", "facts_apart", "fillers", "made_up_number", "others", "paid"]


def paid(source: Source, place: Place, number: int, **changes: object) -> Row:
    """Make a claim that was paid before: as one of the place, with a number and a certificate of its own."""
    return source.claim(place, number) | {"claim_id": f"H{number}", "certificate_no": f"T{number}", **changes}


def others(source: Source, place: Place) -> list[Place]:
    """Give the places of the same day with another occupation, one for each, those that pay first."""
    found: dict[str, Place] = {}
    for other in source.places:
        if other.day == place.day and other.code != place.code:
            best = found.get(other.code)
            if best is None or _distance(other, place) < _distance(best, place):
                found[other.code] = other
    return sorted(found.values(), key=lambda other: (other.cell.reason is not None, other.code))


def _distance(other: Place, place: Place) -> tuple[bool, bool, bool]:
    return other.stream is not place.stream, other.cell.reason is not None, other.level is not place.level


def another_occupation(source: Source, place: Place) -> str:
    """Give an occupation of the same day that is not that of the place, one that pays if there is any."""
    found = others(source, place)
    return found[0].code if found else source.unknown_code


def fillers(source: Source, place: Place, limit: Limit, number: int, **changes: object) -> list[Row]:
    """Make paid claims of other occupations that a limit counts beside the place; none where there are too few."""
    counted = counted_places(source, place, limit)
    if len(counted) < number:
        return []
    return [paid(source, other, place_number, **changes) for place_number, other in enumerate(counted[:number], 11)]


def counted_places(source: Source, place: Place, limit: Limit) -> list[Place]:
    """Give places of the same day, one for each other occupation, whose facts a limit counts."""
    found: dict[str, Place] = {}
    for other in source.places:
        if other.day == place.day and other.code != place.code and binds(limit, other.stream, other.cell.facts):
            best = found.get(other.code)
            if best is None or _distance(other, place) < _distance(best, place):
                found[other.code] = other
    return sorted(found.values(), key=lambda other: (other.cell.reason is not None, other.code))


def facts_apart(source: Source, place: Place, limit: Limit) -> Place | None:
    """Give a place of the same day and stream that pays and that a limit does not count, for its facts."""
    for other in source.places:
        same = other.day == place.day and other.stream is place.stream and other.code != place.code
        if same and other.cell.reason is None and not binds(limit, other.stream, other.cell.facts):
            return other
    return None


def made_up_number(text: str) -> str:
    """Make a resident number of no county, with a right check character: the same for the same text."""
    drawn = int(digest(text), 16)
    year, month, day, place = 1950 + drawn % 50, 1 + drawn % 12, 1 + drawn % 28, drawn % 1000
    digits = f"{_NOWHERE}{year}{month:02}{day:02}{place:03}"
    return digits + calc_check_digit(f"{digits}?")
