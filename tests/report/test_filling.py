"""From a recalculation to the figures of its page: nothing is added, nothing lost, whoever's claims they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from subsidy import InputError, Recalculation, recalculate
from subsidy.engine.recalculation.table import table_of
from subsidy.engine.recalculation.totals import Sums
from subsidy.report import filling
from subsidy.report.filling import PageMaker, changes_since
from subsidy.report.gathering import By
from tests.engine.batch.chance import seeded
from tests.engine.recalculation.worlds import any_world, frame_of, late_world

TABLES: tuple[By, ...] = ("cause", "occupation", "category", "level", "month")


def _made(seed: int) -> Recalculation:
    pick = seeded(seed)
    policy, claims, payments = (any_world if seed % 2 else late_world)(pick, pick((1, 10, 40)))
    return recalculate(pd.DataFrame(claims, dtype=object), frame_of(payments), policy=policy)


@pytest.mark.parametrize("seed", range(20))
def test_the_page_shows_the_sums_of_the_frame(seed: int) -> None:
    found = _made(seed)
    frame = found.adjustments
    maker = PageMaker(found.policy, date(2024, 6, 3))
    maker.begin(len(frame), int(frame["cause"].notna().sum()))
    maker.see(table_of(frame))
    data = maker.data(found.totals, found.run_id)
    fen = frame["adjustment_fen"]
    assert data.totals.claims == len(frame)
    assert (data.totals.top_up_fen, data.totals.recovery_fen) == (fen[fen > 0].sum(), -fen[fen < 0].sum())
    assert data.totals.paid_fen == frame["paid_fen"].sum()
    assert [abs(row.adjustment_fen) for row in data.largest] == sorted(abs(fen[fen != 0]), reverse=True)[:50]
    assert {row.claim_id for row in data.sample} <= {*frame["claim_id"].dropna(), ""}
    assert sum(data.differences) == (fen != 0).sum()


@pytest.mark.parametrize("size", [1, 3, 17])
@pytest.mark.parametrize("seed", range(6))
def test_parts_make_the_page_of_the_whole(seed: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_LARGEST", 4)
    monkeypatch.setattr(filling, "MOST_SAMPLE", 7)
    found = _made(seed)
    table, caused = table_of(found.adjustments), int(found.adjustments["cause"].notna().sum())
    pages = []
    for step in (size, len(table)):
        maker, sums = PageMaker(found.policy, date(2024, 6, 3)), Sums(TABLES)
        maker.begin(len(table), caused)
        for start in range(0, len(table), step):
            maker.see(table.slice(start, step))
            sums.add(table.slice(start, step))
        pages.append(maker.data(sums.totals, found.run_id))
    assert pages[0] == pages[1]
    assert len(pages[0].sample) == min(7, len(table))
    assert pages[0] == replace(pages[0], by_level=maker.data(found.totals, found.run_id).by_level)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_made_from_any_recalculation(lang: str) -> None:
    for seed in (0, 1, 2):
        page = _made(seed).to_html(lang, made_on="2024-06-03")
        assert len(page.encode()) < 2_000_000
        assert page == _made(seed).to_html(lang, made_on="2024-06-03")


def test_what_was_published_since_is_told_edition_by_edition() -> None:
    policy, _, _ = late_world(seeded(9004), 3)
    everything = {edition.id for edition in policy.editions}
    first = min(edition.published_on for edition in policy.editions)
    told = {change.edition for change in changes_since(policy, first)}
    assert told == everything - {edition.id for edition in policy.as_known_on(first).editions}


def test_only_a_claim_or_a_payment_can_be_explained() -> None:
    with pytest.raises(InputError, match="the id of a claim or of a payment"):
        _made(2).explain("NEVER-SEEN")
