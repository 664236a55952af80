"""An agency over time: texts become known, claims arrive, money is paid rightly and wrongly, differences are booked.

Whatever happens in whatever order, the laws of sections 4 and 6 of the design hold. What stands in the way and what a
limit counts is read from the policy by the laws of `subsidy.testing`, not by the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

import pandas as pd
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from subsidy import Claim, Decision, Policy, Status, assess, recalculate, verify
from subsidy.model.money import format_yuan
from subsidy.policy.texts import Edition
from subsidy.testing import policies, records
from subsidy.testing.drawn_claims import claim_of
from subsidy.testing.ground import ground_of
from subsidy.testing.implementations import frame_of
from subsidy.testing.laws.reading import binds, code_of, person_of, procedure_of, used_up
from tests.engine.batch.chance import picks
from tests.engine.batch.support import OUTPUT
from tests.engine.recalculation.strategies import retroactive_policy
from tests.policy.support import few

BEGINS = date(2023, 1, 10)
PERSONS = (("P1", "other"), ("P1", "other"), ("P2", "other"))
MOST_CLAIMS = 9
MOST_REPEATED = 4
MISTAKES = ("paid wrongly", "paid twice", "returned", "withdrawn", "taken back", "too much back")
WRONG = (-10_000, 5_000, 77)
UNTIL_NEXT_TEXT = 30
SHOWN = ["claim_id", "paid_fen", "due_fen", "adjustment_fen", "kind", "cause", "status", "reason"]
Item = Mapping[str, Any]
E = TypeVar("E", bound=Edition)


class Decided(NamedTuple):
    """A decision as the agency made it: when, on what, after which paid claims; and the receipt it handed out."""

    day: date
    claim: Item
    history: tuple[Item, ...]
    decision: Decision
    receipt: Mapping[str, Any]


class Recalculated(NamedTuple):
    """A recalculation as it was made: by what was known on a day, of these claims and payments."""

    day: date
    claims: list[Item]
    payments: list[dict[str, Any]]
    rows: list[dict[str, Any]]


class Agency(RuleBasedStateMachine):
    """Keeps claims, decisions and payments; `careless` holds the claims on which the agency made a mistake."""

    def __init__(self) -> None:
        super().__init__()
        self.policy: Policy
        self.day = BEGINS
        self.claims: dict[str, Item] = {}
        self.decided: list[Decided] = []
        self.payments: list[dict[str, Any]] = []
        self.careless: set[str] = set()
        self.earlier: Recalculated | None = None

    @initialize(policy=st.one_of(policies(gaps=False), picks().map(retroactive_policy)), data=st.data())
    def begin(self, policy: Policy, data: st.DataObject) -> None:
        self.policy = policy
        for _ in range(3):
            self.arrives(data)

    # -- what is known, and who has money ----------------------------------------------

    @property
    def known(self) -> Policy:
        """The policy as it is known today."""
        return self.policy.as_known_on(self.day)

    def typed(self, name: str) -> Claim:
        return claim_of(self.policy, self.claims[name])

    def money(self) -> Counter[str]:
        totals: Counter[str] = Counter()
        for one in self.payments:
            totals[one["claim_id"]] += one["fen"] if one["state"] == "paid" else 0
        return totals

    def with_money(self) -> list[str]:
        return [name for name, fen in self.money().items() if fen > 0]

    def pay(self, name: str, fen: int) -> None:
        self.payments.append({"claim_id": name, "fen": fen, "paid_on": self.day, "state": "paid"})

    def decide(self, name: str) -> Decision:
        """Decide a claim today, after all claims that have money today; keep the receipt."""
        history = tuple(self.claims[paid] for paid in self.with_money() if paid != name)
        decision = assess(self.claims[name], history, policy=self.known)
        self.decided.append(Decided(self.day, self.claims[name], history, decision, decision.receipt()))
        return decision

    def recalculated(self, of: Iterable[str] | None = None) -> list[dict[str, Any]]:
        claims = [self.claims[name] for name in (self.claims if of is None else of)]
        return recalculated(self.policy, claims, self.payments, self.day)

    # -- what happens -------------------------------------------------------------------

    # Hypothesis leaves some rules out of each run; so what all else needs, time and claims, is one rule.
    @rule(data=st.data(), days=st.sampled_from((1, 10, 45, 150, UNTIL_NEXT_TEXT)), arrive=st.sampled_from((0, 1, 2)))
    def time_passes(self, data: st.DataObject, days: int, arrive: int) -> None:
        later = [one.published_on for one in self.policy.editions if one.published_on > self.day]
        if days == UNTIL_NEXT_TEXT and later:
            self.day = min(later)
        else:
            self.day += timedelta(days=days)
        for _ in range(min(arrive, MOST_CLAIMS - len(self.claims))):
            self.arrives(data)

    def arrives(self, data: st.DataObject) -> None:
        """Take in a claim of today; of few persons, occupations and levels, so that claims meet."""
        number, ground = len(self.claims), ground_of(self.policy)
        name = f"{data.draw(st.sampled_from('MAZ'))}{number}"  # ids don't come in the order of arrival
        self.claims[name] = data.draw(
            records(
                self.policy,
                claim_id=name,
                person=st.sampled_from(PERSONS),
                occupation=st.sampled_from(ground.codes[:2]),
                level=st.sampled_from(ground.levels[:2]),
                certificate_no=st.sampled_from((f"S-{name}", f"S-{name}", f"S-{name}", "S1")),
                certificate_date=self.day - timedelta(days=data.draw(st.sampled_from((5, 0, 40)))),
                applied_on=self.day,
                prompt=st.sampled_from((True, True, False)),
            )
        )

    @rule(data=st.data())
    def a_claim_is_decided(self, data: st.DataObject) -> None:
        name = self.some(data)
        decision = self.decide(name)
        again = assess(self.claims[name], self.decided[-1].history, policy=self.policy.as_known_on(self.day))
        assert again == decision
        assert again.policy_fingerprint == decision.policy_fingerprint
        by_hand = assess(self.claims[name], self.decided[-1].history, policy=published_by(self.policy, self.day))
        assert [getattr(by_hand, field) for field in OUTPUT] == [getattr(decision, field) for field in OUTPUT]
        self.earlier_decisions_hold()

    @rule(data=st.data())
    def a_claim_is_paid_rightly(self, data: st.DataObject) -> None:
        """What is payable today is paid today, once; no limit and no other claim stood in its way."""
        name = self.some(data)
        if self.money()[name] != 0:
            return
        before = [self.typed(paid) for paid in self.with_money()]
        decision = self.decide(name)
        if decision.status is not Status.PAYABLE or decision.amount_fen <= 0:
            return
        own = self.typed(name)
        before = [one for one in before if person_of(one) == person_of(own)]
        procedure = procedure_of(self.known, own)
        assert procedure is not None
        for limit in procedure.limits:
            if binds(self.known, limit, own):
                assert used_up(self.known, limit, own, before) < limit.at_most
        self.pay(name, decision.amount_fen)
        self.careless.discard(name)
        event("paid rightly")

    @rule(data=st.data(), what=st.sampled_from(MISTAKES))
    def money_goes_wrong(self, data: st.DataObject, what: str) -> None:
        """Money that comes back is no mistake of the agency."""
        if what == "paid wrongly" or not self.payments:  # whatever was decided
            name = self.some(data)
            self.pay(name, 100_000 + data.draw(st.sampled_from(WRONG)))
            self.careless.add(name)
            return
        payment = data.draw(st.sampled_from(self.payments))
        name = payment["claim_id"]
        if what in {"returned", "withdrawn"}:
            payment["state"] = what
            if payment["fen"] < 0:  # what was to be taken back wasn't, and others may have been paid instead
                self.careless.add(name)
        elif what == "paid twice":
            self.pay(name, payment["fen"])
            self.careless.add(name)
        else:
            self.pay(name, -self.money()[name] - (100 if what == "too much back" else 0))
        if self.money()[name] == 0:
            self.careless.discard(name)

    @rule(book=st.booleans())
    def the_books_are_audited(self, book: bool) -> None:
        """Recalculate by what is known today, and book it tomorrow: then by that knowledge nothing is left."""
        today, rows = self.day, self.recalculated()
        self.audit(rows)
        if not book:
            return
        self.day += timedelta(days=1)
        for row in rows:
            event(f"booked: {row['cause']}")
        for row in rows:
            if row["adjustment_fen"]:
                self.pay(row["claim_id"], row["adjustment_fen"])
        self.careless &= {row["claim_id"] for row in rows if row["status"] in {"undetermined", "invalid"}}
        if not any(row["status"] == "payable" and row["due_fen"] == 0 for row in rows):  # these use up without money
            left = recalculated(self.policy, list(self.claims.values()), self.payments, today)
            assert [row["adjustment_fen"] for row in left] == [0] * len(rows)
            assert [row["due_fen"] for row in left] == [row["due_fen"] for row in rows]

    def some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.claims)))

    # -- what holds at any time ---------------------------------------------------------

    @invariant()
    def one_payment_for_a_certificate_and_for_an_occupation_and_level(self) -> None:
        """Of the claims on which no mistake was made."""
        claims = [self.typed(name) for name in self.with_money() if name not in self.careless]
        alone(self.policy, claims)

    def audit(self, rows: list[dict[str, Any]]) -> None:
        sums_agree(rows, self.payments)
        payable = [self.typed(row["claim_id"]) for row in rows if row["status"] == "payable"]
        alone(self.policy, payable)
        limits_are_kept(self.known, payable)
        # Nothing that was paid is pushed out by a claim that becomes payable: without all others it is due the same.
        paid = set(self.with_money())
        kept = {name: self.claims[name] for name in self.claims if name in paid}
        alike = self.recalculated(kept)[: len(kept)]
        assert alike == [row for row in rows if row["claim_id"] in paid]
        if self.earlier is not None:
            day, claims, payments, then = self.earlier
            assert recalculated(self.policy, claims, payments, day) == then
        self.earlier = Recalculated(self.day, list(self.claims.values()), [dict(one) for one in self.payments], rows)

    def earlier_decisions_hold(self) -> None:
        """Every decision can be made again, and every receipt holds, by what was known on its day: also today."""
        for day, claim, history, decision, receipt in self.decided[-MOST_REPEATED:]:
            again = assess(claim, history, policy=self.policy.as_known_on(day))
            assert again == decision
            assert again.receipt() == receipt
            for policy in (self.policy.as_known_on(day), self.known, self.policy):
                assert verify(receipt, policy).differences == ()


# -- laws --------------------------------------------------------------------------------


def published_by(policy: Policy, day: date) -> Policy:
    """Take out by hand what was published after a day, and each end of a text that was."""

    def known(editions: tuple[E, ...]) -> tuple[E, ...]:
        return tuple(
            one if one.ended is None or one.ended.published_on <= day else one.model_copy(update={"ended": None})
            for one in editions
            if one.published_on <= day
        )

    return replace(
        policy,
        directory=known(policy.directory),
        rates=known(policy.rates),
        catalog_editions=known(policy.catalog_editions),
        rules=known(policy.rules),
    )


def alone(policy: Policy, claims: list[Claim]) -> None:
    """Demand that no two claims of a person have one certificate, or one occupation and level."""
    for keys in (
        [(*person_of(one), one.certificate_no) for one in claims],
        [(*person_of(one), code_of(policy, one), one.level) for one in claims],
    ):
        assert len(set(keys)) == len(keys)


def limits_are_kept(policy: Policy, claims: list[Claim]) -> None:
    """Demand it where all payable claims of a person have one procedure: else each has limits of its own."""
    for person in {person_of(one) for one in claims}:
        own = [one for one in claims if person_of(one) == person]
        procedures = [procedure_of(policy, one) for one in own]
        if procedures[0] is None or any(one != procedures[0] for one in procedures):
            continue
        for claim in own:
            others = [one for one in own if one is not claim]
            for limit in procedures[0].limits:
                if binds(policy, limit, claim):
                    assert used_up(policy, limit, claim, others) + 1 <= limit.at_most


def sums_agree(rows: list[dict[str, Any]], payments: list[dict[str, Any]]) -> None:
    """Demand that sum(due) - sum(paid) = sum(adjustments), and that each counting fen stands in one row."""
    due, paid, adjustments = (sum(row[name] for row in rows) for name in ("due_fen", "paid_fen", "adjustment_fen"))
    assert due - paid == adjustments
    assert paid == sum(one["fen"] for one in payments if one["state"] == "paid")
    names = [row["claim_id"] for row in rows]
    assert len(set(names)) == len(names)


def recalculated(policy: Policy, claims: list[Item], payments: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """Recalculate by what was known on a day; give the rows as plain values."""
    paid = [
        {
            "claim_id": one["claim_id"],
            "amount": format_yuan(one["fen"]),
            "paid_on": one["paid_on"],
            "state": one["state"],
        }
        for one in payments
    ]
    money = pd.DataFrame(paid, columns=["claim_id", "amount", "paid_on", "state"], dtype=object)
    found = recalculate(frame_of(claims), money, policy=policy, known_on=day).adjustments[SHOWN].astype(object)
    return [
        {str(name): value for name, value in row.items()} for row in found.where(found.notna(), None).to_dict("records")
    ]


TestAgency = Agency.TestCase
TestAgency.settings = settings(few(25), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
