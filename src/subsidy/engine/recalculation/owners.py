"""Whose the money is of an id that several rows have which say different things, so that none of them can be used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from subsidy.engine.batch.sources import Source

__all__ = ["owners_of"]


def owners_of(source: Source, groups: Sequence[Sequence[int]]) -> list[int]:
    """Give for each group of rows of one id the row that its money is reported and counted at.

    It is the first by what the rows say, field by field: that depends neither on their order nor on what other rows
    there are. Of rows that say the same it is the first.

    Parameters
    ----------
    source : Source
        The claims.
    groups : sequence of sequences of int
        The rows of each id.
    """
    rows = [row for group in groups for row in group]
    said = dict(zip(rows, source.texts(np.array(rows, np.int64)), strict=True))
    return [min(group, key=lambda row: (said[row], row)) for group in groups]
