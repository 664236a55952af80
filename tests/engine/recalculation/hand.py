"""Small worlds that can be checked by hand: one town, round amounts, and each cause of section 6.

The town pays 1000 yuan at level 5, 1500 at level 4 and 700 at level 2. What it published later governs from January
2023 or July: in May a list with X on it (+30%) and without Y, and a directory that has W too; in October 1200 yuan at
level 5 from July on. Claims were made, and mostly paid, in between.
"""

from __future__ import annotations

from typing import Any

from subsidy import Policy
from tests.policy.support import edition
from tests.policy.support import policy as make_policy

Item = dict[str, Any]
X, Y, Z, W = "9-01-01-01", "9-01-01-02", "9-01-01-03", "9-01-01-04"
FIRST, MAY, OCTOBER = "2023-01-01", "2023-05-20", "2023-10-10"
MARCH, JUNE, AUGUST = "2023-03-01", "2023-06-01", "2023-08-20"


def town(*, uplift_of_october: str | None = None, closes: bool = False, **procedure: Any) -> Policy:
    """Make the town; `closes`: a directory of March 2024 has Z and W no more, from January 2023 on."""

    def rules(rate: str) -> Item:
        uplift = {"id": "listed", "rate": rate, "requires": ["shortage"]}
        return {"entitlement": {"uplifts": [uplift]}, "procedure": procedure}

    def directory(*codes: str) -> Item:
        return {"occupations": [{"code": code, "name": {"zh": code}} for code in codes]}

    later = [edition("rules-october", OCTOBER, FIRST, **rules(uplift_of_october))] if uplift_of_october else []
    fewer = [edition("directory-2024", "2024-03-01", FIRST, **directory(X, Y))] if closes else []
    return make_policy(
        occupations=[
            edition("directory", FIRST, FIRST, **directory(X, Y, Z)),
            edition("directory-may", MAY, FIRST, **directory(X, Y, Z, W)),
            *fewer,
        ],
        rates=[
            edition("rates", FIRST, FIRST, amounts={"training": {"any": {"5": 1000, "4": 1500, "2": 700}}}),
            edition(
                "rates-october", OCTOBER, "2023-07-01", amounts={"training": {"any": {"5": 1200, "4": 1500, "2": 700}}}
            ),
        ],
        catalog=[
            edition("list", FIRST, FIRST, entries=[{"occupation": Y}]),
            edition("list-may", MAY, FIRST, entries=[{"occupation": X}]),
        ],
        rules=[edition("rules", FIRST, FIRST, **rules("0.30")), *later],
    )


def claim(claim_id: str | None = "C1", code: str = X, level: str = "5", day: str = "2023-02-10", **more: Any) -> Item:
    """Make a claim of P for a certificate of its own, applied for on the day of the certificate."""
    return {
        "claim_id": claim_id,
        "person_id": "P",
        "person_id_type": "other",
        "occupation": code,
        "level": level,
        "certificate_no": f"S-{claim_id}",
        "certificate_date": day,
        "applied_on": day,
    } | more


def paid(claim_id: str, amount: str, on: str = MARCH, state: str = "paid") -> Item:
    return {"claim_id": claim_id, "amount": amount, "paid_on": on, "state": state}


Case = tuple[Policy, list[Item], list[Item], list[tuple[str, str, str | None]]]

# By name: policy, claims, payments; then paid, due (yuan) and cause of each row.
CASES: dict[str, Case] = {
    "all right": (town(), [claim()], [paid("C1", "1300", JUNE)], [("1300", "1300", None)]),
    "no claim": (
        town(),
        [claim()],
        [paid("C1", "1300"), paid("Z9", "40"), paid("Z9", "-15"), paid("Z8", "7", state="退票")],
        [("1300", "1300", None), ("0", "0", "payment_without_claim"), ("25", "0", "payment_without_claim")],
    ),
    "can't be read, with money": (
        town(),
        [claim(level="?")],
        [paid("C1", "900")],
        [("900", "900", "undetermined")],
    ),
    "can't be read, money taken back twice": (
        town(),
        [claim(level="?")],
        [paid("C1", "-9")],
        [("-9", "0", "undetermined")],
    ),
    "law missing": (town(), [claim(day="2022-12-31")], [paid("C1", "900")], [("900", "900", "undetermined")]),
    "listed after payment": (
        town(late_listing="keep"),
        [claim()],
        [paid("C1", "1000")],
        [("1000", "1000", "listed_after_payment")],
    ),
    "listed after payment, and one yuan too little": (
        town(late_listing="keep"),
        [claim()],
        [paid("C1", "999")],
        [("999", "1000", "paid_amount_wrong")],
    ),
    "listed before payment": (
        town(late_listing="keep"),
        [claim()],
        [paid("C1", "1000", JUNE)],
        [("1000", "1300", "paid_amount_wrong")],
    ),
    "refused": (town(closes=True), [claim(code=Z)], [paid("C1", "1000")], [("1000", "0", "became_unpayable")]),
    "refused always": (town(), [claim(level="3")], [paid("C1", "1000")], [("1000", "0", "became_unpayable")]),
    "refused, more taken back": (town(), [claim(level="3")], [paid("C1", "-1")], [("-1", "0", "paid_amount_wrong")]),
    "refused and never paid": (town(), [claim(level="3")], [], [("0", "0", None)]),
    "more taken back than paid": (
        town(),
        [claim(code=Z)],
        [paid("C1", "1000"), paid("C1", "-1000.50", JUNE)],
        [("-0.50", "1000", "paid_amount_wrong")],
    ),
    "not paid yet": (town(), [claim(code=Z)], [], [("0", "1000", "not_paid_yet")]),
    "returned": (town(), [claim(code=Z)], [paid("C1", "1000", state="退票")], [("0", "1000", "not_paid_yet")]),
    "taken back": (
        town(),
        [claim(code=Z)],
        [paid("C1", "1000"), paid("C1", "-1000")],
        [("0", "1000", "not_paid_yet")],
    ),
    "paid twice": (
        town(),
        [claim(code=Z)],
        [paid("C1", "1000"), paid("C1", "1000", JUNE)],
        [("2000", "1000", "paid_twice")],
    ),
    "in two parts that are the same and too little": (
        town(),
        [claim(code=Z)],
        [paid("C1", "400"), paid("C1", "400", JUNE)],
        [("800", "1000", "paid_amount_wrong")],
    ),
    "in two parts": (town(), [claim(code=Z)], [paid("C1", "400"), paid("C1", "600")], [("1000", "1000", None)]),
    "wrong amount": (town(), [claim(code=Z)], [paid("C1", "1100")], [("1100", "1000", "paid_amount_wrong")]),
    "base changed": (
        town(),
        [claim(code=Z, day="2023-08-10")],
        [paid("C1", "1000", AUGUST)],
        [("1000", "1200", "base_changed")],
    ),
    "uplift gained": (town(), [claim()], [paid("C1", "1000")], [("1000", "1300", "uplift_gained")]),
    "uplift lost": (town(), [claim(code=Y)], [paid("C1", "1300")], [("1300", "1000", "uplift_lost")]),
    "uplift of another rate": (
        town(uplift_of_october="0.40"),
        [claim()],
        [paid("C1", "1300", JUNE)],
        [("1300", "1400", "uplift_rate_changed")],
    ),
    "became payable": (town(), [claim(code=W)], [], [("0", "1000", "became_payable")]),
    "paid before it could be": (
        town(),
        [claim(code=W)],
        [paid("C1", "900")],
        [("900", "1000", "paid_amount_wrong")],
    ),
    "what becomes payable pushes out none that was paid": (
        town(limits=[{"id": "yearly", "at_most": 1, "per": "calendar_year"}]),
        [claim("C1", W), claim("C2", Z, day="2023-02-20")],
        [paid("C2", "1000")],
        [("0", "0", None), ("1000", "1000", None)],
    ),
    "same certificate: the one with money first": (
        town(),
        [claim("C1", Z, certificate_no="S"), claim("C2", Z, "4", "2023-02-20", certificate_no="S")],
        [paid("C2", "1500")],
        [("0", "0", None), ("1500", "1500", None)],
    ),
    "of two with money the earlier money": (
        town(),
        [claim("C1", Z), claim("C2", Z)],
        [paid("C1", "1000", JUNE), paid("C2", "1000", MARCH)],
        [("1000", "0", "became_unpayable"), ("1000", "1000", None)],
    ),
    "money that was gone for a while is as new as it came back": (
        town(),
        [claim("C1", Z), claim("C2", Z)],
        [paid("C1", "1000"), paid("C1", "-1000", "2023-04-01"), paid("C1", "1000", AUGUST), paid("C2", "1000", JUNE)],
        [("1000", "0", "became_unpayable"), ("1000", "1000", None)],
    ),
    "paid and taken back within a day was never gone": (
        town(),
        [claim("C1", Z), claim("C2", Z)],
        [
            paid("C1", "1000"),
            paid("C1", "-1000", AUGUST),
            paid("C1", "1000", AUGUST),
            paid("C2", "1000", JUNE),
        ],
        [("1000", "1000", None), ("1000", "0", "became_unpayable")],
    ),
    "what can't be read keeps its money and its certificate": (
        town(),
        [claim("C1", Z, level="?", certificate_no="S"), claim("C2", Z, certificate_no="S")],
        [paid("C1", "10")],
        [("10", "10", "undetermined"), ("0", "0", None)],
    ),
    "what can't be read and has no money counts nowhere": (
        town(),
        [claim("C1", Z, level="?", certificate_no="S"), claim("C2", Z, certificate_no="S")],
        [],
        [("0", "0", "undetermined"), ("0", "1000", "not_paid_yet")],
    ),
    "the same row twice: the money counts once": (
        town(),
        [claim(code=Z), claim(code=Z)],
        [paid("C1", "1000")],
        [("1000", "1000", None), ("0", "0", "undetermined")],
    ),
    "rows of one id that differ: the money is reported once": (
        town(),
        [claim(code=Z), claim(code=Z, level="4")],
        [paid("C1", "1000")],
        [("0", "0", "undetermined"), ("1000", "1000", "undetermined")],  # level 4 is told before level 5
    ),
}
