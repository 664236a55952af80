"""Whose the money is of an id that several rows have which say different things, so that none of them can be used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.sources import Source

__all__ = ["owners_of"]


def owners_of(source: Source, groups: Sequence[Sequence[int] | Array]) -> Array:
    """Give for each group of rows of one id the row that its money is reported and counted at.

    It is the first by what the rows say, field by field: that depends neither on their order nor on what other rows
    there are. Of rows that say the same it is the first.

    Parameters
    ----------
    source : Source
        The claims.
    groups : sequence of sequences of int, none empty
        The rows of each id.
    """
    if not groups:
        return np.empty(0, np.int64)
    rows = np.concatenate([np.asarray(group, np.int64) for group in groups])
    group = np.repeat(np.arange(len(groups)), [len(one) for one in groups])
    said = pa.table([group, *source.texts(rows), rows], [str(place) for place in range(len(source.whole) + 2)])
    order = pc.sort_indices(said, sort_keys=[(name, "ascending") for name in said.column_names]).to_numpy()
    first = np.searchsorted(group.take(order), np.arange(len(groups)))
    return np.asarray(rows.take(order.take(first)))
