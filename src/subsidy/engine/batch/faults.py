"""Why a record can't be used, as one number: of two faults of a row the lower number is the one that is reported."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from subsidy.engine.batch.arrays import Array
from subsidy.engine.records import FIELDS
from subsidy.model.words import INVALID_REASONS, Reason
from subsidy.policy.policy import Policy

__all__ = ["Faults"]


class Faults:
    """Every fault that a record of a policy can have, in the order in which they are asked."""

    def __init__(self, policy: Policy) -> None:
        rank = {reason: place for place, reason in enumerate(INVALID_REASONS)}
        places = {field: place for place, field in enumerate((*FIELDS, *policy.vocabulary.conditions))}
        pairs = [(reason, field) for reason in INVALID_REASONS for field in places]
        self.all = sorted(pairs, key=lambda pair: (rank[pair[0]], places[pair[1]]))
        self._numbers = {pair: number for number, pair in enumerate(self.all)}

    def number(self, reason: Reason, field: str) -> int:
        """Give the number of a fault."""
        return self._numbers[reason, field]

    @cached_property
    def reasons(self) -> Array:
        """The reason of each fault, as its place among all reasons from 1."""
        order = {reason: place for place, reason in enumerate(Reason, start=1)}
        return np.array([order[reason] for reason, _ in self.all], dtype=np.int8)
