"""Every cell of every policy folder: the columns give what `quote` and `assess` give for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import accumulate, product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from subsidy import Level, Policy, Stream, assess, load_policy, quote
from subsidy.engine.alike import alike
from subsidy.model.words import Reason
from subsidy.policy.policy import Texts
from tests.cases_io import HERE, REPOSITORY
from tests.engine.batch.support import OUTPUT, Row, as_rows, decided, difference, frame_rows, records, same

FOLDERS = [REPOSITORY / "data", *sorted(folder for folder in (HERE / "policies").iterdir() if folder.is_dir())]
UNLISTED = ("9-99-99-99", "1-00-00-00")
folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@pytest.fixture(autouse=True)
def loops() -> None:
    """Every table here is decided by `same` and `decided`, which does so both ways."""


def days_of(texts: Texts) -> list[date]:
    """The first and the last day of a period, and one between."""
    middle = texts.first_day + (texts.last_day - texts.first_day) / 2
    return sorted({texts.first_day, middle, texts.last_day})


def codes_of(policy: Policy) -> list[str]:
    return [*sorted({policy.vocabulary.present(code) for code in policy.vocabulary.titles}), *UNLISTED]


def grid(policy: Policy, cells: list[tuple[str, Level, Stream, date, date]]) -> pd.DataFrame:
    """One claim of a person of its own for each cell, with all that the rules behind the entitlement could ask."""
    codes, levels, streams, days, applied = zip(*cells, strict=True)
    numbers = [str(number) for number in range(len(cells))]
    columns: dict[str, Any] = {
        "claim_id": numbers,
        "person_id": numbers,
        "person_id_type": "other",
        "occupation": codes,
        "level": [str(level) for level in levels],
        "certificate_no": numbers,
        "certificate_date": pd.array([*days], dtype="date32[pyarrow]"),
        "applied_on": pd.array([*applied], dtype="date32[pyarrow]"),
        "training_filed_on": pd.array([*days], dtype="date32[pyarrow]"),
        "stream": [str(stream) for stream in streams],
        "insured_months": 999,
    }
    return pd.DataFrame(columns | dict.fromkeys(policy.vocabulary.conditions, True))


def sorts_of(policy: Policy, codes: list[str]) -> Iterator[tuple[Texts, list[list[str]]]]:
    for texts in policy.periods:
        yield texts, alike(texts, codes)


@pytest.mark.unmeasured
@folders
def test_every_cell_is_decided_as_quoted_and_as_assessed(folder: Path) -> None:
    policy = load_policy(folder)
    codes = codes_of(policy)
    sorts = [
        (day, group) for texts, groups in sorts_of(policy, codes) for day, group in product(days_of(texts), groups)
    ]
    cells = [
        (code, level, stream, day, day)
        for day, group in sorts
        for level, stream in product(Level, Stream)
        for code in group
    ]
    assert len(set(cells)) == len(cells) == len(codes) * len(Level) * len(Stream) * len({day for day, _ in sorts})
    claims = grid(policy, cells)
    rows = frame_rows(decided(claims, policy=policy))
    groups = [(group, level, stream, day) for day, group in sorts for level, stream in product(Level, Stream)]
    firsts = [*accumulate((len(group) for group, *_ in groups), initial=0)]
    assert firsts.pop() == len(cells)
    asked = records(claims.iloc[firsts])
    for row, record, (group, level, stream, day) in zip(firsts, asked, groups, strict=True):
        # the first of a group is asked one by one, and the others must have what it has
        check_cell(policy, record, rows[row], (group[0], level, stream, day))
        wanted = rows[row][1:]
        assert [one[1:] for one in rows[row : row + len(group)]] == [wanted] * len(group)


def check_cell(policy: Policy, record: dict[str, Any], found: Row, cell: tuple[str, Level, Stream, date]) -> None:
    code, level, stream, day = cell
    expected = as_rows([assess(record, policy=policy)])
    assert [found] == expected, difference([found], expected, [record])
    answer = quote(code, level, day, stream=stream, policy=policy)
    row = dict(zip(OUTPUT, found, strict=True))
    if answer.reason is not None and answer.reason is not Reason.NO_RULES_IN_FORCE:
        assert row["reason"] == answer.reason
    for name in ("base_fen", "uplift_fen", "directory_edition", "catalog_edition", "rate_edition", "rules_edition"):
        if policy.texts_on(day).rules is not None:  # else no rule is asked, and the claim has no entitlement date
            assert row[name] == getattr(answer, name), name
    if row["status"] == "payable":
        assert row["amount_fen"] == answer.amount_fen


@pytest.mark.unmeasured
@folders
def test_a_procedure_of_any_period_over_an_entitlement_of_any_other(folder: Path) -> None:
    policy = load_policy(folder)
    codes = codes_of(policy)
    ends = [day for texts in policy.periods for day in sorted({texts.first_day, texts.last_day})]
    cells = [
        (group[0], level, stream, day, applied)
        for texts, groups in sorts_of(policy, codes)
        for day in sorted({texts.first_day, texts.last_day})
        for applied in ends
        if applied >= day
        for group, level, stream in product(groups, Level, Stream)
    ]
    assert len(cells) >= len(policy.periods) * (len(policy.periods) + 1) // 2 * len(Level) * len(Stream)
    same(grid(policy, cells), policy=policy)


@folders
@pytest.mark.parametrize("confidence", ["official", "secondary"])
def test_a_minimum_confidence_and_less_knowledge(folder: Path, confidence: str) -> None:
    whole = load_policy(folder, minimum_confidence=confidence)
    for known_on in sorted({edition.published_on for edition in whole.editions}):
        policy = whole.as_known_on(known_on)
        codes = codes_of(policy)
        cells = [
            (group[0], level, stream, day, day)
            for texts, groups in sorts_of(policy, codes)
            for day, group, level, stream in product([texts.first_day], groups, (Level.L3, Level.SPECIAL), Stream)
        ]
        same(grid(policy, cells), policy=policy)


@folders
def test_names_aliases_and_former_codes_mean_their_code(folder: Path) -> None:
    policy = load_policy(folder)
    listed = [row for text in policy.directory for row in text.occupations]
    names = {name for row in listed for name in (row.name.zh, row.name.en, *row.aliases, *row.former_codes, row.code)}
    names |= {classified.name for classified in policy.classification.values()}
    wanted = sorted(names - {""})[::7] if len(names) > 500 else sorted(names - {""})
    texts = policy.periods[-2 if len(policy.periods) > 1 else 0]
    cells = [(name, Level.L3, stream, texts.first_day, texts.first_day) for name in wanted for stream in Stream]
    found = same(grid(policy, cells), policy=policy)
    assert "bad_occupation" not in set(found["reason"].dropna())
    spoiled = grid(policy, [(f" {name}\u3000", *rest) for name, *rest in cells])  # type: ignore[misc]
    assert frame_rows(decided(spoiled, policy=policy)) == frame_rows(found)
