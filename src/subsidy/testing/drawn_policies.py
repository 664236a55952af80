"""Policies for hypothesis: small, random, valid; and folders that must be refused."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from subsidy import Confidence, Policy
from subsidy.policy.loading import CLASSIFICATION, FILES, build_policy
from subsidy.policy.vocabulary import read_classification
from subsidy.policy.yaml_tree import Node, Tree
from subsidy.testing.choices import Choice, chosen
from subsidy.testing.drawn_texts import CLASSIFICATION_ROWS, Plain, texts

__all__ = ["FILE_OF", "make_policy", "policies"]

FILE_OF = dict(zip(("occupations", "rates", "catalog", "rules"), FILES, strict=True))


@st.composite
def policies(
    draw: st.DrawFn,
    *,
    editions: Choice[int] | None = None,
    gaps: Choice[bool] | None = None,
    complete: Choice[bool] | None = None,
    uplifts: Choice[list[Plain]] | None = None,
    stacking: Choice[str] | None = None,
    ceiling: Choice[Plain] | None = None,
    rounding: Choice[Plain] | None = None,
    entitlement_date: Choice[str] | None = None,
    claim_window: Choice[Plain | None] | None = None,
    insured_months: Choice[Plain] | None = None,
    conditions: Choice[list[Plain]] | None = None,
    lower_after_higher: Choice[str] | None = None,
    late_listing: Choice[str] | None = None,
    limits: Choice[list[Plain]] | None = None,
    minimum_confidence: Choice[Confidence | None] | None = None,
) -> Policy:
    """Give small valid policies: several editions on both time axes, uplifts, limits, ceilings, roundings.

    Every argument may be left out (drawn), a value (fixed), or a strategy (drawn from it). The values of the rules'
    parameters have the form that they have in ``rules.yaml``.

    Parameters
    ----------
    editions : int
        How many editions each text has, 1 to 3.
    gaps : bool
        Whether the first edition of a text may begin late or end early, so that no text governs some days.
    complete : bool
        Whether the editions of the catalogue are complete.
    uplifts, stacking, ceiling, rounding
        The entitlement part of every rules edition.
    entitlement_date, claim_window, insured_months, conditions, lower_after_higher, late_listing, limits
        The procedure of every rules edition. No window at all is ``st.none()``.
    minimum_confidence : Confidence
        Amounts on weaker texts are left undetermined; left out: nothing is.

    Returns
    -------
    SearchStrategy[Policy]

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(policies(editions=1, stacking="sum", limits=[{"id": "one", "at_most": 1, "per": "lifetime"}]))
    ... def one_limit(policy):
    ...     assert [limit.at_most for rules in policy.rules for limit in rules.procedure.limits] == [1]
    >>> one_limit()
    """
    drawn = texts(
        draw,
        editions=editions,
        gaps=gaps,
        complete=complete,
        uplifts=uplifts,
        stacking=stacking,
        ceiling=ceiling,
        rounding=rounding,
        entitlement_date=entitlement_date,
        claim_window=claim_window,
        insured_months=insured_months,
        conditions=conditions,
        lower_after_higher=lower_after_higher,
        late_listing=late_listing,
        limits=limits,
    )
    return make_policy(drawn).with_minimum_confidence(chosen(draw, minimum_confidence, (None,)))


def make_policy(drawn: dict[str, list[Plain]], classification: str = CLASSIFICATION_ROWS) -> Policy:
    """Make a policy of plain data: the editions of ``occupations``, ``rates``, ``catalog`` and ``rules``.

    Parameters
    ----------
    drawn : dict
        The editions of each text as they stand in its file.
    classification : str
        The content of ``classification.csv``.

    Raises
    ------
    PolicyError
        With every problem, as `subsidy.load_policy`.
    """
    return _made(json.dumps(drawn, sort_keys=True), classification)


@lru_cache(2048)
def _made(drawn: str, classification: str) -> Policy:
    data = json.loads(drawn)
    rows, problems = read_classification(classification.encode(), CLASSIFICATION)
    trees = {file: Tree(file, {"editions": _as_text(data.get(name, []))}) for name, file in FILE_OF.items()}
    return build_policy(trees, rows, problems)


def _as_text(value: Any) -> Node:
    """Give plain data as a policy file's tree has it: every scalar is text."""
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
