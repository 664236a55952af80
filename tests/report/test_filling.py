"""From a recalculation to the figures of its page: nothing is added, nothing lost, whoever's claims they are."""

from __future__ import annotations

import pandas as pd
import pytest

from subsidy import InputError, Recalculation, recalculate
from subsidy.report.filling import changes_since, report_data
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
    tables = {by: found.totals(by) for by in TABLES}
    data = report_data(frame, tables, found.policy, found.run_id, pd.Timestamp("2024-06-03").date())
    fen = frame["adjustment_fen"]
    assert data.totals.claims == len(frame)
    assert (data.totals.top_up_fen, data.totals.recovery_fen) == (fen[fen > 0].sum(), -fen[fen < 0].sum())
    assert data.totals.paid_fen == frame["paid_fen"].sum()
    assert [abs(row.adjustment_fen) for row in data.largest] == sorted(abs(fen[fen != 0]), reverse=True)[:50]
    assert {row.claim_id for row in data.sample} <= {*frame["claim_id"].dropna(), ""}
    assert sum(data.differences) == (fen != 0).sum()


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
