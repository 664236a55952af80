"""Recalculation beside the decisions alone: the same claims, and a payment for each that was to be paid or nearly."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks import claims_made
from benchmarks.batch import say
from benchmarks.timing import in_turn
from subsidy import assess_frame, load_policy, recalculate
from subsidy.engine.recalculation.adjustments import ADJUSTMENT_COLUMNS

__all__ = ["payments_for", "run"]

_WRONG = 0.2  # of the payments; the others are of the amount that was decided
_LATER = pd.Timedelta(days=30)
_UNKNOWN_DAY = pd.Timestamp("2023-10-01")
_DIFFERENCE = (
    "claim_id", "person_id", "paid_fen", "due_fen", "adjustment_fen", "kind", "cause", "reason",
    "directory_edition_then", "directory_edition", "catalog_edition_then", "catalog_edition",
    "rate_edition_then", "rate_edition", "rules_edition_then", "rules_edition",
)  # fmt: skip
_ORDER = {True: "each behind an uncounted call of its own", False: "one behind the other"}


def payments_for(claims: pd.DataFrame, decisions: pd.DataFrame, seed: int = 7) -> pd.DataFrame:
    """Give a payment for each claim that has an id, in no order; one in five is of nothing."""
    made = np.random.default_rng(seed)
    paid_on = pd.to_datetime(claims["applied_on"], errors="coerce").fillna(_UNKNOWN_DAY) + _LATER
    columns = {"claim_id": claims["claim_id"], "amount_fen": decisions["amount_fen"], "paid_on": paid_on}
    payments = pd.DataFrame(columns)
    payments = payments[payments["claim_id"].notna() & (payments["claim_id"].str.strip() != "")].copy()
    payments.loc[made.random(len(payments)) < _WRONG, "amount_fen"] = 0
    return payments.iloc[made.permutation(len(payments))].reset_index(drop=True)


def run(rows: int) -> None:
    """Time both on the same claims, and print how fast the one is beside the other."""
    policy = load_policy()
    say(f"making {rows:,} claims and their payments")
    claims = claims_made.frame(rows)
    payments = payments_for(claims, assess_frame(claims, policy=policy))
    works = {
        "assess_frame": lambda: assess_frame(claims, policy=policy),
        f"recalculate, {len(_DIFFERENCE)} columns: who is owed what, why, by which editions": lambda: recalculate(
            claims, payments, policy=policy, columns=_DIFFERENCE
        ),
        f"recalculate, all {len(ADJUSTMENT_COLUMNS)} columns": lambda: recalculate(claims, payments, policy=policy),
    }
    say("timing: " + ", ".join(works))
    for alone in (True, False):
        timed = in_turn(works, alone=alone)
        print(f"\n### Recalculation of {rows:,} claims with {len(payments):,} payments, {_ORDER[alone]}\n")
        print("| work | best, rows/s | median, rows/s | of the speed of assess_frame (medians) |\n|---|---:|---:|---:|")
        for name, (best, middle) in timed.items():
            share = timed["assess_frame"].median / middle
            print(f"| {name} | {rows / best:,.0f} | {rows / middle:,.0f} | {share:.0%} |")
