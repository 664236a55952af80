"""What was known on a day: the policy on the eve of each publication and on its day, wherever the answer differs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from subsidy.engine.cells import cell_of
from subsidy.policy.policy import Policy
from subsidy.testing.conformance.case import Draft
from subsidy.testing.conformance.source import Place, Source
from subsidy.testing.conformance.themes.grid import cell_name, words

__all__ = ["drafts"]

_ONE_DAY = timedelta(days=1)


def drafts(source: Source) -> Iterator[Draft]:
    """Draft both sides of each publication, then names that stay known."""
    for published in _publications(source.policy):
        for day, place in _changed(source, published):
            zh, en = words(source, place)
            name = f"{published}/{day}/{cell_name(place)}"
            yield Draft(
                "known_on", name, f"截至 {day} 所知：{zh}", f"as known on {day}: {en}", [source.claim(place)],
                clause="S3.axes.known", known_on=day,
            )  # fmt: skip
    yield from _names(source)


def _publications(policy: Policy) -> list[date]:
    """Give the days on which a text, or the end of one, became known."""
    days = {edition.published_on for edition in policy.editions}
    days |= {edition.ended.published_on for edition in policy.editions if edition.ended}
    return sorted(days)


def _changed(source: Source, published: date) -> Iterator[tuple[date, Place]]:
    """Give the eve and the day of a publication, with one place for each way in which an answer changes between."""
    eve = published - _ONE_DAY
    before, after = source.policy.as_known_on(eve), source.policy.as_known_on(published)
    seen = set()
    for place in source.places:
        was, now = _answer(before, place), _answer(after, place)
        change = (place.day, place.stream, was, now)
        if was != now and change not in seen:
            seen.add(change)
            yield eve, place
            yield published, place


def _answer(policy: Policy, place: Place) -> tuple[object, ...]:
    texts = policy.texts_on(place.day)
    cell = cell_of(policy, texts, place.stream, place.code, place.level)
    return (cell, texts.editions)


def _names(source: Source) -> Iterator[Draft]:
    """Draft names and former codes that a later edition brings: they are known at every day of knowledge."""
    policy = source.policy
    paying = [place for place in source.places if place.cell.reason is None]
    if not paying:
        return
    for edition in policy.directory:
        eve = edition.published_on - _ONE_DAY
        for listed in edition.occupations:
            for text in (listed.name.zh, *listed.aliases, *listed.former_codes):
                place = next((one for one in paying if one.code == policy.vocabulary.present(listed.code)), paying[0])
                if text:
                    yield Draft(
                        "known_on",
                        f"names/{edition.id}/{listed.code}/{'-'.join(text.split())}",
                        f"截至 {eve} 所知，职业填 {text}",
                        f"as known on {eve}, the occupation stated as {text}",
                        [source.claim(place, occupation=text)],
                        clause="S3.occupation.names-not-law",
                        known_on=eve,
                    )
