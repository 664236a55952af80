"""Claims already paid, given as a second frame: all of them count, and an unusable one is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.batch.grid import Grid
from subsidy.model.errors import HistoryError
from tests.engine.batch.support import OPEN, claim, frame, frame_rows, one_by_one, same, town

YEARLY = town(
    (
        OPEN[1],
        {
            "entitlement_date": "applied_on",
            "limits": [
                {"id": "yearly", "at_most": 2, "per": "calendar_year"},
                {"id": "shortage", "at_most": 1, "per": "lifetime", "requires": ["shortage"]},
            ],
        },
    )
)
PERSON = "11010519491231002X"


def paid(number: int, **more: Any) -> dict[str, Any]:
    return claim(f"H{number}", occupation=f"9-02-01-{number:02}") | more


def test_history_counts_even_where_it_was_applied_for_later() -> None:
    later = paid(1, occupation="9-01-01-01", level="3", applied_on=date(2025, 6, 1))
    found = same(frame(claim(), claim("C2", level="3")), frame(later), YEARLY)
    assert found["reason"].tolist() == ["higher_level_already_paid", "same_level_already_paid"]
    assert found["blocked_by"].tolist() == ["H1", "H1"]


def test_history_comes_before_every_claim_in_its_own_order() -> None:
    past = [paid(n, occupation="9-01-01-01", certificate_no="S", applied_on=date(2025, 1, 9 - n)) for n in range(3)]
    found = same(frame(claim(certificate_no="S")), frame(*past), YEARLY)
    assert found["blocked_by"].tolist() == ["H2"]


def test_yearly_limits_over_several_years() -> None:
    past = [paid(n, certificate_date=date(2023, 1, 2), applied_on=date(2023 + n % 4, 3, 1 + n)) for n in range(7)]
    claims = [
        claim(f"C{n}", occupation=f"9-01-01-0{1 + n % 3}", level=str(1 + n // 3), applied_on=date(2023 + n % 5, 2, 1))
        for n in range(15)
    ]
    found = same(frame(*[one | {"certificate_date": date(2023, 1, 2)} for one in claims]), frame(*past), YEARLY)
    assert "yearly" in set(found["detail"].dropna())


def test_history_that_no_rule_would_pay_counts_too() -> None:
    past = [
        paid(1, applied_on=date(1990, 1, 2), certificate_date=date(1990, 1, 2), occupation="9-01-01-01"),
        paid(2, occupation="9-99-99-99", certificate_no="S-C2"),
    ]
    found = same(frame(claim(), claim("C2", occupation="9-01-01-02")), frame(*past), YEARLY)
    assert found["blocked_by"].tolist() == ["H1", "H2"]


def test_history_of_other_persons_is_left_aside() -> None:
    past = [paid(n, person_id=f"Q{n}", occupation="9-01-01-01", certificate_no="S-C1") for n in range(5)]
    found = same(frame(claim()), frame(*past, paid(9, person_id=PERSON, person_id_type=None)), YEARLY)
    assert found["status"].tolist() == ["payable"]


def test_history_may_have_other_columns_spellings_and_types() -> None:
    columns = {
        "claim_id": "申领编号", "person_id": "证件号码", "person_id_type": "证件类型", "occupation": "职业名称",
        "level": "技能等级", "certificate_no": "证书编号", "certificate_date": "发证日期", "applied_on": "申请日期",
        "stream": "补贴项目", "insured_months": "参保月数",
    }  # fmt: skip
    past = frame(paid(1, occupation="观云员", level="五级", certificate_no="ｓ-c1", person_id=" p"))[::-1]
    past = past.rename(columns=columns).astype({"职业名称": "category", "技能等级": "str"})
    past["申请日期"] = pd.to_datetime(past["申请日期"])
    found = same(frame(claim()), past, YEARLY)
    assert found["blocked_by"].tolist() == ["H1"]


@pytest.mark.parametrize("rows", [0, 1])
def test_no_history_is_an_empty_history(rows: int) -> None:
    claims = frame(*[claim()] * rows) if rows else frame(claim()).iloc[:0]
    same(claims, frame(paid(1)).iloc[:0], YEARLY)
    same(claims, None, YEARLY)
    same(claims, frame(paid(1)), YEARLY)


def test_a_long_history_of_few_persons() -> None:
    past = [
        paid(n, person_id=f"P{n % 3}", applied_on=date(2024, 1, 2 + n % 28), certificate_no=f"T{n % 50}",
             occupation=f"9-01-{n % 89 + 10}-{n % 17 + 10}", claim_id=f"H{n}")
        for n in range(1500)
    ]  # fmt: skip
    claims = [claim(f"C{n}", person_id=f"P{n % 4}", certificate_no=f"T{n}", level=str(1 + n % 5)) for n in range(60)]
    same(frame(*claims), frame(*past), YEARLY)
    same(frame(*claims), frame(*past), town())


# -- history that can't be used ----------------------------------------------------------


def test_an_id_in_history_and_among_the_claims_is_an_error() -> None:
    claims, past = frame(claim("C1"), claim("C2")), frame(paid(1, claim_id=" c2"), paid(2))
    with pytest.raises(HistoryError) as caught:
        assess_frame(claims, past, YEARLY)
    assert caught.value.problems == ("claim_id: C2 stands both in history and among the claims",)
    same(claims, past, YEARLY)


def test_also_where_the_claim_itself_is_unusable() -> None:
    same(frame(claim("C1", level="?"), claim("C2")), frame(paid(1, claim_id="C1")), YEARLY)
    same(frame(claim("C1"), claim("C1", level="4")), frame(paid(1, claim_id="C1")), YEARLY)


BAD = [
    paid(1, level="9"),
    paid(2, person_id=PERSON[:-1] + "1", person_id_type=None),
    paid(3, applied_on=date(2020, 1, 1)),
    paid(4, claim_id=None),
    paid(5, occupation="观云"),
]


def test_every_bad_row_of_a_history_is_named() -> None:
    past = frame(paid(6), *BAD, paid(7), paid(7))
    with pytest.raises(HistoryError) as caught:
        assess_frame(frame(claim()), past, YEARLY)
    assert len(caught.value.problems) == len(BAD) + 1
    assert caught.value.problems[0].startswith("history[1]: level: ")
    assert PERSON[:-1] not in str(caught.value)
    same(frame(claim()), past, YEARLY)


def test_a_bad_history_row_of_another_person_is_an_error_too() -> None:
    same(frame(claim()), frame(paid(1, person_id="Q", level="9")), YEARLY)


def test_bad_rows_of_a_history_can_be_skipped() -> None:
    good = [paid(6, occupation="9-01-01-01"), paid(7)]
    past = frame(good[0], *BAD, good[1])
    found = assess_frame(frame(claim(), claim("C2")), past, YEARLY, bad_history="skip")
    assert frame_rows(found) == one_by_one(frame(claim(), claim("C2")), frame(*good), YEARLY)
    # what was skipped is said
    skipped = found.attrs["skipped_history"]
    assert len(skipped) == len(BAD)
    assert skipped[0].startswith("history[1]: level: ")
    assert PERSON[:-1] not in "".join(skipped)


def test_a_repeated_row_of_a_history_counts_once_where_bad_rows_are_skipped() -> None:
    past = frame(paid(1), paid(1), paid(2))
    claims = frame(*(claim(f"C{n}", level=str(n)) for n in range(1, 4)))
    found = assess_frame(claims, past, YEARLY, bad_history="skip")
    assert len(found.attrs["skipped_history"]) == 1
    assert frame_rows(found) == one_by_one(claims, past.iloc[[0, 2]], YEARLY)


def test_the_id_of_an_unusable_row_may_stand_in_a_usable_one() -> None:
    """The row that can't be used is no claim, so the other one doesn't repeat it."""
    past = frame(paid(1, level="9"), paid(1, occupation="9-01-01-01"), paid(1, level="9"))
    claims = frame(claim())
    same(claims, past, YEARLY)
    found = assess_frame(claims, past, YEARLY, bad_history="skip")
    assert frame_rows(found) == one_by_one(claims, past.iloc[[1]], YEARLY)
    assert found["blocked_by"].tolist() == ["H1"]
    assert len(found.attrs["skipped_history"]) == 2


def test_a_word_that_is_neither_raise_nor_skip_is_refused() -> None:
    with pytest.raises(ValueError, match="bad_history"):
        assess_frame(frame(claim()), None, YEARLY, bad_history="ignore")  # type: ignore[arg-type]


# -- beside other threads ----------------------------------------------------------------


class Growing(list[Any]):
    """Kinds of cells, to which another thread adds one whenever they are counted."""

    def __len__(self) -> int:
        found = super().__len__()
        self.append(self[0])
        return found


def test_history_without_law_beside_another_thread_that_finds_new_kinds() -> None:
    policy = town(("2023-01-01", {}))
    claims = frame(*(claim(f"C{level}", level=level, person_id=level) for level in "54321"))
    lawless = date(2000, 3, 1)
    before = frame(
        *(claim(f"H{level}", level=level, person_id=level, certificate_date=lawless, applied_on=lawless)
          for level in "54321")
    )  # fmt: skip
    found = same(claims, before, policy)
    assert set(found["reason"]) == {"same_level_already_paid"}
    grid = Grid.of(policy)
    grid.kinds = Growing(grid.kinds)
    pd.testing.assert_frame_equal(assess_frame(claims, before, policy), found)
