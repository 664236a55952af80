"""Frames of claims for hypothesis, with tunable shares of repeats, refusals and records that can't be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from subsidy import Policy
from subsidy.testing.choices import UNKNOWN, Choice, chosen, one_of
from subsidy.testing.drawn_claims import PERSONS, draw_record
from subsidy.testing.faults import FAULTS
from subsidy.testing.implementations import frame_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["claim_frames"]

_PARTS = 100


@dataclass(frozen=True)
class _Shares:
    """What becomes of a row, by a number from 0 to 99; 0 is a sound row of its own."""

    repeats: float
    refusals: float
    invalid: float

    def kind_of(self, number: int) -> str:
        place = (_PARTS - number) / _PARTS  # 99 comes first, so that shrinking leaves sound rows
        for name in ("repeats", "refusals", "invalid"):
            share = getattr(self, name)
            if place <= share:
                return name
            place -= share
        return "sound"


def claim_frames(
    policy: Policy | None = None,
    *,
    rows: Choice[int] | None = None,
    persons: Choice[int] | None = None,
    repeats: float = 0.1,
    refusals: float = 0.2,
    invalid: float = 0.1,
) -> st.SearchStrategy[pd.DataFrame]:
    """Give frames of claims with the English headings and a column for each condition of the policy.

    Parameters
    ----------
    policy : Policy
        Left out: a small random one.
    rows : int
        How many; left out: 1 to 12.
    persons : int
        Of how many persons at most, 1 to 6; left out: 3.
    repeats, refusals, invalid : float
        The shares of rows that repeat an earlier one (alike or not), that must be refused by the texts (an occupation
        that no directory lists, or a claim ten years late), and that can't be used. Together at most 1.

    Raises
    ------
    ValueError
        If a share is below zero, or they are more than one together.

    Examples
    --------
    >>> from hypothesis import find
    >>> from subsidy import load_policy
    >>> frame = find(claim_frames(load_policy(), rows=2, invalid=0.5), lambda frame: frame["level"].isna().any())
    >>> frame["claim_id"].tolist()
    ['C1', 'C2']
    """
    shares = _Shares(repeats, refusals, invalid)
    if min(repeats, refusals, invalid) < 0 or repeats + refusals + invalid > 1:
        raise ValueError("repeats, refusals and invalid are shares: none below zero, together at most 1")
    return _frames(policy, shares, rows, persons)


@st.composite
def _frames(
    draw: st.DrawFn, policy: Policy | None, shares: _Shares, rows: Choice[int] | None, persons: Choice[int] | None
) -> pd.DataFrame:
    from subsidy.testing.drawn_policies import policies

    of = draw(policies()) if policy is None else policy
    many = chosen(draw, persons, (3,))
    made: list[dict[str, Any]] = []
    for number in range(chosen(draw, rows, range(1, 13))):
        kind = shares.kind_of(one_of(draw, range(_PARTS)))
        if kind == "repeats" and made:
            again = dict(one_of(draw, made))
            made.append(again | one_of(draw, ({}, {"certificate_no": "ANOTHER"})))
            continue
        person = one_of(draw, PERSONS[:many])
        name = f"C{number + 1}"
        record = draw_record(draw, of, claim_id=name, person=person, certificate_no=f"S{number + 1}", prompt=True)
        if kind == "invalid":
            record = one_of(draw, FAULTS).into(record)
        elif kind == "refusals":
            late = {"applied_on": record["applied_on"] + timedelta(days=3653)}
            record |= one_of(draw, ({"occupation": UNKNOWN}, late))
        made.append(record)
    return frame_of(made)
