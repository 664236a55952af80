"""What a person was already paid, as small integers: what rules 7 to 10 ask of it, and how a payable claim moves it."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from typing import NamedTuple, cast

from subsidy.engine.cells import Cell, cell_of
from subsidy.model.claim import Claim
from subsidy.model.level import Level
from subsidy.policy.policy import Policy, Texts
from subsidy.policy.texts import Limit, RulesEdition
from subsidy.rules.eligibility import entitlement_date
from subsidy.rules.history import LEVEL_BIT, binds, counting_year

__all__ = ["Case", "Ledger", "case_of"]


class Case(NamedTuple):
    """A usable claim with the texts that decide it; None where no rules edition is in force on ``applied_on``."""

    claim: Claim
    code: str
    procedure: RulesEdition | None
    date_name: str
    on: date | None
    texts: Texts | None
    cell: Cell | None

    @property
    def facts(self) -> frozenset[str]:
        """The facts (认定事实) on the claim's entitlement date; none are known without one."""
        return self.cell.facts if self.cell is not None else frozenset()


def case_of(policy: Policy, claim: Claim, code: str) -> Case:
    """Find the texts that decide a claim, and the cell of the grid that it falls into."""
    procedure = policy.texts_on(claim.applied_on).rules
    if procedure is None:
        return Case(claim, code, None, "applied_on", None, None, None)
    name, day = entitlement_date(procedure.procedure, claim)
    texts = policy.texts_on(day)
    return Case(claim, code, procedure, name, day, texts, cell_of(policy, texts, claim.stream, code, claim.level))


class Counters(NamedTuple):
    """What the limits of a policy count, whatever they allow; limits that count alike share one number."""

    limits: tuple[Limit, ...]
    numbers: dict[int, int]

    @classmethod
    def of(cls, policy: Policy) -> Counters:
        """Give the counters of a policy, numbered once."""
        found = policy.memo.get("counters")
        if found is None:
            places: dict[Hashable, int] = {}
            distinct: list[Limit] = []
            numbers: dict[int, int] = {}
            for limit in (limit for edition in policy.rules for limit in edition.procedure.limits):
                counts = (frozenset(limit.streams), limit.per, frozenset(limit.requires), frozenset(limit.except_))
                if counts not in places:
                    places[counts] = len(distinct)
                    distinct.append(limit)
                numbers[id(limit)] = places[counts]  # the policy keeps its limits alive
            found = policy.memo["counters"] = cls(tuple(distinct), numbers)
        return cast("Counters", found)


class Ledger:
    """The claims of one person that count so far, in order; grows by `add`.

    Asking and adding take the same time however many claims it holds.
    """

    __slots__ = ("_certificates", "_counts", "_first", "_levels", "_policy", "_size")

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._size = 0
        self._certificates: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        self._first: dict[tuple[str, Level], tuple[int, str]] = {}
        self._counts: dict[tuple[int, int], int] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing counts yet."""
        return not self._size

    def add(self, case: Case) -> None:
        """Count a claim that was paid or is payable."""
        claim = case.claim
        self._certificates.setdefault(claim.certificate_no, claim.claim_id)
        self._levels[case.code] = self.levels(case.code) | LEVEL_BIT[claim.level]
        self._first.setdefault((case.code, claim.level), (self._size, claim.claim_id))
        for number, limit in enumerate(Counters.of(self._policy).limits):
            if binds(limit, claim.stream, case.facts):
                key = (number, counting_year(limit, claim.applied_on))
                self._counts[key] = self._counts.get(key, 0) + 1
        self._size += 1

    def certificate_paid_by(self, certificate_no: str) -> str | None:
        """Give the first claim that a certificate was paid for, None where it was not."""
        return self._certificates.get(certificate_no)

    def levels(self, code: str) -> int:
        """Give the levels of an occupation that were paid, as bits."""
        return self._levels.get(code, 0)

    def first_claim(self, code: str, bits: int) -> str | None:
        """Give the first claim paid for an occupation at one of the levels of some bits."""
        paid = (self._first.get((code, level)) for level, bit in LEVEL_BIT.items() if bit & bits)
        first = min((one for one in paid if one is not None), default=None)
        return None if first is None else first[1]

    def count(self, limit: Limit, case: Case) -> int:
        """Count the claims that a limit counts beside a claim."""
        if not self._counts:
            return 0
        number = Counters.of(self._policy).numbers[id(limit)]
        return self._counts.get((number, counting_year(limit, case.claim.applied_on)), 0)
