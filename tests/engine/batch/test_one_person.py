"""Persons who make it hard: very many claims, or all on one day; ids that sort unlike they look; spellings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count, permutations
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from subsidy import Policy
from subsidy.engine.batch.frame import assess_frame
from tests.engine.batch.support import OPEN, WAYS, claim, forced, frame, resident, same, town
from tests.policy.support import Item

TOWN = town()
CODES = ("9-01-01-01", "9-01-01-02", "9-01-01-03")
LEVELS = ("5", "4", "3", "2", "1", "special")


@pytest.fixture(autouse=True)
def loops() -> None:
    """Every table here is decided by `same`, which does so both ways."""


def limited(*limits: Item, **more: Any) -> Policy:
    return town((OPEN[1], {"limits": list(limits), **more}))


def many(
    rows: int, days: int, *, person: str | None = "P", certificates: int | None = None, seed: int = 1
) -> pd.DataFrame:
    """Give claims on days in no order, of one person, or with person None of a person each."""
    pick = np.random.default_rng(seed)
    ids = np.arange(rows).astype(str)
    applied = np.datetime64("2001-01-01") + pick.integers(0, days, rows)
    number = ids if certificates is None else pick.integers(0, certificates, rows).astype(str)
    return pd.DataFrame(
        {
            "claim_id": np.char.add("C", ids),
            "person_id": person if person is not None else np.char.add("P", ids),
            "person_id_type": "other",
            "occupation": pick.choice(CODES, rows),
            "level": pick.choice(LEVELS, rows),
            "certificate_no": np.char.add("S", number),
            "certificate_date": applied,
            "applied_on": applied,
            "insured_months": 24,
        }
    )


MANY_LIMITS = limited(
    {"id": "yearly", "at_most": 2, "per": "calendar_year"},
    {"id": "shortage", "at_most": 9, "per": "lifetime", "requires": ["shortage"]},
    {"id": "plain", "at_most": 7, "per": "lifetime", "except": ["shortage", "digital"]},
)


@pytest.mark.unmeasured
@pytest.mark.parametrize("policy", [TOWN, MANY_LIMITS], ids=["no limits", "limits"])
@pytest.mark.parametrize("rows", [90, 100, 1000, 20_000])
def test_very_many_claims_of_one_person(policy: Policy, rows: int) -> None:
    same(many(rows, 8000, certificates=rows // 2), policy=policy)


def test_one_of_very_many_claims_among_persons_with_few() -> None:
    few = [many(3, 900, person=f"P{number}", seed=number) for number in range(300)]
    for number, part in enumerate(few):
        part["claim_id"] += f"/{number}"
    claims = pd.concat([*few[:150], many(3000, 900), *few[150:]], ignore_index=True)
    same(claims, policy=MANY_LIMITS)


def seconds(claims: pd.DataFrame, policy: Policy) -> float:
    taken = []
    for _ in range(3):
        start = perf_counter()
        assess_frame(claims, policy=policy)
        taken.append(perf_counter() - start)
    return min(taken)


@pytest.mark.unmeasured
@pytest.mark.parametrize("way", WAYS)
def test_a_hundred_thousand_claims_of_one_person_take_linear_time(way: str) -> None:
    """Five times the claims take five times as long, not twenty-five; with some room for a busy machine."""
    with forced(way):
        small, large = many(20_000, 8000), many(100_000, 8000)
        seconds(small, MANY_LIMITS)
        assert seconds(large, MANY_LIMITS) < 12 * seconds(small, MANY_LIMITS) + 0.1
        found = assess_frame(large, policy=TOWN)
        # no certificate is paid twice here, so each level of each occupation is paid at most once
        assert 0 < (found["status"] == "payable").sum() <= len(CODES) * len(LEVELS)
        assert found["claim_id"].tolist() == large["claim_id"].tolist()


def test_all_claims_of_one_person_on_one_day() -> None:
    claims = many(3000, 1)
    claims["occupation"] = [f"9-{row % 90 + 10}-{row % 7 + 10}-{row % 80 + 10}" for row in range(len(claims))]
    claims.loc[::5, "occupation"] = CODES[0]
    same(claims, policy=limited({"id": "day", "at_most": 5, "per": "calendar_year"}))
    same(claims.assign(occupation=CODES[0]), policy=TOWN)


# In the order of their code points. UTF-16, which some tables use, would put the last two before the first of the
# full-width ones, and a comparison of a fixed number of bytes would take one id for another that begins with it.
IN_ORDER = (
    "C", "C-", "C0", "C00", "C1", "C10", "C10000000", "C100000000000000000", "C2", "CA", "CB", "C\u4e00", "C\u4e00A",
    "C\ue000", "C\ufe30", "C\uff5f", "C\uffe5", "C\uffe5A", "C\U00010000", "C\U0001f600", "C\U0010ffff",
)  # fmt: skip


def on_one_day(ids: Sequence[str]) -> pd.DataFrame:
    """Claims for one certificate, so that the first in order is paid and names itself in all others."""
    return frame(*(claim(name, certificate_no="S") for name in ids))


def test_ties_are_ordered_by_the_code_points_of_the_claim_id() -> None:
    assert list(IN_ORDER) == sorted(IN_ORDER)
    for first in range(len(IN_ORDER) - 1):
        for pair in permutations(IN_ORDER[first : first + 2]):
            found = same(on_one_day(pair), policy=TOWN)
            assert found["blocked_by"].dropna().tolist() == [IN_ORDER[first]]
    found = same(on_one_day(IN_ORDER[::-1]), policy=TOWN)
    assert found["blocked_by"].dropna().tolist() == [IN_ORDER[0]] * (len(IN_ORDER) - 1)


def test_ties_among_many_persons() -> None:
    ids = [f"{name}{number}" for number in range(500) for name in IN_ORDER[::-1]]
    rows = len(ids)
    persons = [str(row // (2 * len(IN_ORDER))) for row in range(rows)]
    days = [date(2024, 3, 1) + timedelta(days=row % 2) for row in range(rows)]
    claims = pd.DataFrame(
        {name: [value] * rows for name, value in claim().items()}
        | {"claim_id": ids, "person_id": persons, "applied_on": days, "certificate_no": persons}
    )
    mixed = claims.sample(frac=1, random_state=3)
    same(mixed, policy=TOWN)


def test_ids_count_as_they_are_normalised() -> None:
    """Full-width letters and blanks are gone before ids are ordered or compared."""
    found = same(on_one_day(["ｃ２", " c 1", "C\u200b10"]), policy=TOWN)
    assert found["claim_id"].tolist() == ["C2", "C1", "C10"]
    assert found["blocked_by"].tolist()[::2] == ["C1", "C1"]


NUMBER = "11010519491231002X"
SPELLINGS = (
    NUMBER,
    NUMBER.lower(),
    "１１０１０５１９４９１２３１００２Ｘ",
    "110105 19491231 002x",
    "\u200b11010519491231002ｘ ",
)


@pytest.mark.parametrize("kind", [object, "str", "category"])
def test_spellings_of_one_number_are_one_person(kind: Any) -> None:
    rows = [claim(f"C{row}", person_id=text, person_id_type=None) for row, text in enumerate(SPELLINGS)]
    claims = frame(*rows).astype({"person_id": kind})
    found = same(claims, policy=TOWN)
    assert found["blocked_by"].dropna().tolist() == ["C0"] * (len(SPELLINGS) - 1)


def test_a_number_with_hyphens_is_no_resident_number_but_may_be_another() -> None:
    text = "110105-19491231-002X"
    found = same(frame(claim(person_id=text, person_id_type=None), claim("C2", person_id=text)), policy=TOWN)
    assert [str(reason) for reason in found["reason"].astype(object).fillna("-")] == ["bad_person_id", "-"]


def test_the_same_text_of_another_type_is_another_person() -> None:
    kinds = ("resident", "other", None, "身份证", "其他", " OTHER ")
    rows = [claim(f"C{row}", person_id=NUMBER, person_id_type=kind) for row, kind in enumerate(kinds)]
    found = same(frame(*rows), policy=TOWN)
    assert [None if pd.isna(by) else by for by in found["blocked_by"]] == [None, None, "C0", "C0", "C1", "C1"]


def test_persons_of_other_types_by_any_text() -> None:
    texts = ("P", "p ", "Ｐ", "P1", "P" * 18, "P" * 64, "P" * 65, "P" * 65 + "Q", "中", 7, "7", 7.0)
    rows = [claim(f"C{row:02}", person_id=text) for row, text in enumerate(texts)]
    found = same(frame(*rows), policy=TOWN)
    assert found["blocked_by"].dropna().tolist() == ["C00", "C00", "C09"]
    assert found["reason"].tolist()[-1] == "bad_person_id"  # what was a float may have lost digits


def test_resident_numbers_of_every_kind_are_checked() -> None:
    """Real and unreal birthdays, every check character, and each of the first 17 digits changed."""
    numbers = [resident(number) for number in range(0, 11_000, 37)]
    births = ("19000229", "20000229", "20230229", "20240229", "19991301", "19990001", "19990100", "19991131",
              "00000101", "00010101", "99991231", "21000228")  # fmt: skip
    numbers += [f"320506{birth}001{check}" for birth in births for check in "0123456789X"]
    numbers += [NUMBER[:place] + digit + NUMBER[place + 1 :] for place in range(17) for digit in "0123456789/:A"]
    ids = count()
    rows = [claim(f"C{next(ids)}", person_id=number, person_id_type=None) for number in dict.fromkeys(numbers)]
    found = same(frame(*rows).astype({"person_id": "str"}), policy=TOWN)
    invalid = (found["reason"].astype(object) == "bad_person_id").sum()
    assert 250 < len(found) - invalid < len(found)
