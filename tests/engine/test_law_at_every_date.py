"""The law at every date on which anything changes, and the day before and after, for every policy folder."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from subsidy import Level, Policy, Reason, Status, Stream, load_policy, quote
from tests.cases_io import HERE, REPOSITORY

FOLDERS = [
    REPOSITORY / "data",
    *sorted(folder for folder in (HERE / "policies").iterdir() if folder.is_dir()),
]


def changing_dates(policy: Policy) -> list[date]:
    """Every date that an edition names, and the day before and after."""
    named: set[date] = set()
    for edition in policy.editions:
        named |= {edition.published_on, edition.effective_from}
        if edition.effective_to is not None:
            named.add(edition.effective_to)
        if edition.ended is not None:
            named |= {edition.ended.last_day, edition.ended.published_on}
    return sorted({day + timedelta(days=shift) for day in named for shift in (-1, 0, 1)})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_cell_at_every_date_keeps_the_law(folder: Path) -> None:
    policy = load_policy(folder)
    listed = {policy.vocabulary.present(row.code) for edition in policy.directory for row in edition.occupations}
    listed |= {policy.vocabulary.present(e.occupation) for ed in policy.catalog_editions for e in ed.entries}
    codes = [*sorted(listed), "9-99-99-99"]
    asked = 0
    for day in changing_dates(policy):
        for stream in Stream:
            for code in codes:
                for level in Level:
                    asked += 1
                    answer = quote(code, level, day, stream=stream, policy=policy)
                    texts = policy.texts_on(day)
                    if answer.status is Status.PAYABLE:
                        assert answer.base_fen is not None
                        assert answer.uplift_fen is not None
                        assert answer.amount_fen == answer.base_fen + answer.uplift_fen
                        assert None not in (texts.rules, texts.directory, texts.rates)
                    else:
                        assert answer.amount_fen == 0
                        assert answer.reason is not None
                    # a missing text is never a silent refusal or a silent zero
                    assert (texts.rules is None) == (answer.reason is Reason.NO_RULES_IN_FORCE)
                    if texts.rules is not None and texts.directory is None:
                        assert answer.reason is Reason.NO_DIRECTORY_IN_FORCE
    assert asked > 0


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_texts_in_force_are_those_of_the_definition_on_every_day_and_from_every_knowledge(
    folder: Path,
) -> None:
    whole = load_policy(folder)
    for known_on in (None, *sorted({edition.published_on for edition in whole.editions})):
        policy = whole if known_on is None else whole.as_known_on(known_on)
        for day in changing_dates(whole):
            texts = policy.texts_on(day)
            assert texts.first_day <= day <= texts.last_day
            for name, editions in (
                ("directory", whole.directory),
                ("rates", whole.rates),
                ("rules", whole.rules),
            ):
                governing = []
                for edition in editions:
                    last = edition.effective_to or date.max
                    ended = edition.ended
                    if ended is not None and (known_on is None or ended.published_on <= known_on):
                        last = min(last, ended.last_day)
                    known = known_on is None or edition.published_on <= known_on
                    if known and edition.effective_from <= day <= last:
                        governing.append(edition)
                expected = max(governing, key=lambda edition: edition.published_on).id if governing else None
                found = getattr(texts, name)
                assert (None if found is None else found.id) == expected
