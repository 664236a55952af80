"""An agency over time: texts become known, claims arrive, money is paid rightly and wrongly, differences are booked.

Whatever happens in whatever order, the laws of sections 4 and 6 of the design hold. What stands in the way and what a
limit counts is read from the policy by the laws of `subsidy.testing`, not by the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from subsidy import Claim, Decision, Policy, Status, assess, recalculate, verify
from subsidy.model.money import format_yuan
from subsidy.testing import policies, records
from subsidy.testing.drawn_claims import claim_of
from subsidy.testing.implementations import frame_of
from subsidy.testing.laws.reading import binds, code_of, person_of, procedure_of, used_up
from tests.engine.batch.chance import picks
from tests.engine.recalculation.strategies import retroactive_policy
from tests.policy.support import few

BEGINS = date(2023, 1, 10)
PERSONS = (("P1", "other"), ("P2", "other"))
MOST_CLAIMS = 9
MOST_REPEATED = 4
WRONG = (-10_000, 5_000, 77)
SHOWN = ["claim_id", "paid_fen", "due_fen", "adjustment_fen", "kind", "cause", "status", "reason"]
Item = Mapping[str, Any]


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
    payments: list[Item]
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

    @initialize(policy=st.one_of(policies(gaps=False), picks().map(retroactive_policy)))
    def begin(self, policy: Policy) -> None:
        self.policy = policy

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

    @rule(days=st.sampled_from((1, 10, 45, 150)))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @precondition(lambda self: any(one.published_on > self.day for one in self.policy.editions))
    @rule()
    def the_next_text_is_published(self) -> None:
        self.day = min(one.published_on for one in self.policy.editions if one.published_on > self.day)

    @precondition(lambda self: len(self.claims) < MOST_CLAIMS)
    @rule(
        data=st.data(),
        person=st.sampled_from(PERSONS),
        letter=st.sampled_from("MAZ"),
        certificate=st.sampled_from((None, None, None, "S1")),
        before=st.sampled_from((5, 0, 40)),
        prompt=st.sampled_from((True, True, False)),
    )
    def a_claim_arrives(
        self, data: st.DataObject, person: tuple[str, str], letter: str, certificate: str | None, **how: Any
    ) -> None:
        name = f"{letter}{len(self.claims)}"  # ids don't come in the order of arrival
        issued = self.day - timedelta(days=how["before"])
        self.claims[name] = data.draw(
            records(
                self.policy,
                claim_id=name,
                person=person,
                certificate_no=certificate or f"S-{name}",
                certificate_date=issued,
                applied_on=self.day,
                prompt=how["prompt"],
            )
        )

    @precondition(lambda self: bool(self.claims))
    @rule(data=st.data())
    def a_claim_is_decided(self, data: st.DataObject) -> None:
        name = self.some(data)
        decision = self.decide(name)
        again = assess(self.claims[name], self.decided[-1].history, policy=self.policy.as_known_on(self.day))
        assert again == decision
        assert again.policy_fingerprint == decision.policy_fingerprint

    @precondition(lambda self: bool(self.claims))
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

    @precondition(lambda self: bool(self.claims))
    @rule(data=st.data(), more=st.sampled_from(WRONG))
    def a_claim_is_paid_wrongly(self, data: st.DataObject, more: int) -> None:
        """Whatever was decided."""
        name = self.some(data)
        self.pay(name, 100_000 + more)
        self.careless.add(name)

    @precondition(lambda self: bool(self.payments))
    @rule(data=st.data(), what=st.sampled_from(("paid twice", "returned", "withdrawn", "taken back", "too much back")))
    def a_payment_goes_wrong(self, data: st.DataObject, what: str) -> None:
        payment = data.draw(st.sampled_from(self.payments))
        name = payment["claim_id"]
        if what in {"returned", "withdrawn"}:
            payment["state"] = what
        elif what == "paid twice":
            self.pay(name, payment["fen"])
            self.careless.add(name)
        else:
            self.pay(name, -self.money()[name] - (100 if what == "too much back" else 0))
        if self.money()[name] == 0:
            self.careless.discard(name)

    @precondition(lambda self: bool(self.claims))
    @rule()
    def the_differences_are_booked(self) -> None:
        """Recalculate by what is known today, book it tomorrow: then by that knowledge nothing is left."""
        today, rows = self.day, self.recalculated()
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

    @precondition(lambda self: bool(self.claims))
    @rule()
    def the_books_are_audited(self) -> None:
        rows = self.recalculated()
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

    @precondition(lambda self: bool(self.decided))
    @rule()
    def earlier_decisions_are_repeated(self) -> None:
        """Every decision can be made again, and every receipt holds, by what was known on its day: also today."""
        for day, claim, history, decision, receipt in self.decided[-MOST_REPEATED:]:
            again = assess(claim, history, policy=self.policy.as_known_on(day))
            assert again == decision
            assert again.receipt() == receipt
            for policy in (self.policy.as_known_on(day), self.known, self.policy):
                assert verify(receipt, policy).differences == ()


# -- laws --------------------------------------------------------------------------------


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
    rows: list[dict[str, Any]] = found.where(found.notna(), None).to_dict("records")
    return rows


TestAgency = Agency.TestCase
TestAgency.settings = settings(few(15), stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
