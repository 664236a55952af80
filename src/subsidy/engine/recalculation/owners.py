"""Whose the money is of an id that several rows have which say different things, so that none of them can be used."""

from __future__ import annotations

from collections.abc import Mapping

from subsidy.engine.records import Record, normal_form
from subsidy.policy.policy import Policy

__all__ = ["owner_of"]


def owner_of(policy: Policy, rows: Mapping[int, Record]) -> int:
    """Give the row that the money of an id is reported and counted at: the first by what the rows say, normalised.

    That depends neither on their order nor on what other rows there are. Of rows that say the same it is the first.

    Parameters
    ----------
    policy : Policy
        Says what an occupation's names mean.
    rows : mapping
        The records by row.
    """
    return min(rows, key=lambda row: (repr(normal_form(policy, rows[row])), row))
