"""The steps of a decision, built when somebody asks: the same rules asked again, with the figures they used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from subsidy.engine.cells import cell_of, entitlement_steps, too_weak
from subsidy.engine.decide import Answer, answers, confidence_of
from subsidy.engine.ledger import Case, Ledger, case_of
from subsidy.engine.records import Unusable, Usable
from subsidy.model.decision import Cite, Decision, Figures, PersonIdAs, Step
from subsidy.model.level import Level, Stream
from subsidy.model.words import Outcome
from subsidy.policy.policy import Policy, Texts
from subsidy.policy.texts import Procedure, RulesEdition
from subsidy.rules.consulted import cite
from subsidy.rules.eligibility import last_claim_day

__all__ = ["ClaimTrace", "EntitlementTrace", "UnusableTrace", "occupation_figures"]


def occupation_figures(policy: Policy, code: str, level: Level, stream: Stream) -> Figures:
    """Give what was asked for, with the names that an explanation needs."""
    title = policy.vocabulary.title(code)
    return {
        "occupation": code,
        "name_zh": title.in_language("zh"),
        "name_en": title.in_language("en"),
        "level": level.value,
        "stream": stream.value,
    }


@dataclass(frozen=True)
class EntitlementTrace:
    """What is needed to build the steps of a quote again."""

    policy: Policy
    texts: Texts
    code: str
    level: Level
    stream: Stream

    def receipt(self, *_: object) -> Figures:
        """Refuse: a receipt proves what was decided on a claim."""
        raise ValueError("a quote has no receipt; only a decision on a claim has")

    def steps(self) -> tuple[Step, ...]:
        """Build the steps."""
        asked = Step(
            rule="record",
            outcome=Outcome.MET,
            figures=occupation_figures(self.policy, self.code, self.level, self.stream),
        )
        confidence = cell_of(self.policy, self.texts, self.stream, self.code, self.level).confidence
        weak = too_weak(self.policy.minimum_confidence, confidence)
        closing = Step(
            rule="minimum_confidence",
            outcome=Outcome.MET if weak is None else weak.outcome,
            reason=weak,
            figures={"confidence": confidence, "minimum": self.policy.minimum_confidence},
        )
        return (asked, *entitlement_steps(self.texts, self.stream, self.code, self.level), closing)


@dataclass(frozen=True)
class UnusableTrace:
    """The one step of a record that can't be used."""

    policy: Policy
    unusable: Unusable

    def receipt(self, decision: Decision, person_id: PersonIdAs, key: bytes | None) -> Figures:  # noqa: ARG002
        """Build the receipt; it holds nothing of the person."""
        from subsidy.engine.receipt import unusable_receipt

        return unusable_receipt(self.policy, self.unusable, decision, self.steps())

    def steps(self) -> tuple[Step, ...]:
        """Build the steps."""
        return (
            Step(
                rule="record",
                outcome=Outcome.NOT_MET,
                reason=self.unusable.reason,
                detail=self.unusable.detail,
                figures={"expected": self.unusable.expected},
            ),
        )


class ClaimTrace(NamedTuple):
    """What is needed to decide a claim again: the policy, the claim, and the first ``paid_before`` of those paid."""

    policy: Policy
    usable: Usable
    paid: Sequence[Usable]
    paid_before: int

    def receipt(self, decision: Decision, person_id: PersonIdAs, key: bytes | None) -> Figures:
        """Build the receipt."""
        from subsidy.engine.receipt import claim_receipt

        return claim_receipt(self, decision, person_id, key)

    def case(self) -> Case:
        """Find the texts and the cell of the claim again."""
        return case_of(self.policy, *self.usable)

    def ledger(self) -> Ledger:
        """Count again what was paid before."""
        ledger = Ledger(self.policy)
        for earlier in self.paid[: self.paid_before]:
            ledger.add(case_of(self.policy, *earlier))
        return ledger

    def steps(self) -> tuple[Step, ...]:
        """Build the steps."""
        case, ledger = self.case(), self.ledger()
        given = answers(self.policy, case, ledger)
        entitlement = next(given)
        head = (self._record_step(case), self._date_step(case, entitlement))
        if case.texts is None or case.procedure is None:
            return head
        inner = entitlement_steps(case.texts, case.claim.stream, case.code, case.claim.level)
        if entitlement.detail is not None:  # the rule itself doesn't know which date was asked for
            inner = (inner[0].model_copy(update={"detail": entitlement.detail}), *inner[1:])
        return (*head, *inner, *(self._step(case, case.procedure, ledger, answer) for answer in given))

    def _record_step(self, case: Case) -> Step:
        claim = case.claim
        figures = occupation_figures(self.policy, case.code, claim.level, claim.stream)
        figures |= {"claim_id": claim.claim_id, "person": claim.masked_person_id}
        return Step(rule="record", outcome=Outcome.MET, figures=figures)

    def _date_step(self, case: Case, entitlement: Answer) -> Step:
        claim = case.claim
        figures: Figures = {"applied_on": claim.applied_on.isoformat()}
        if case.procedure is None:
            reason = entitlement.reason
            return Step(
                rule="entitlement_date",
                outcome=Outcome.UNCLEAR,
                reason=reason,
                detail=entitlement.detail,
                figures=figures,
            )
        figures |= {
            "asked_for": case.procedure.procedure.entitlement_date.value,
            "date": case.date_name,
            "on": case.on.isoformat() if case.on else None,
        }
        cites = (cite("rules", case.procedure),)
        return Step(rule="entitlement_date", outcome=Outcome.COMPUTED, figures=figures, cites=cites)

    def _step(self, case: Case, edition: RulesEdition, ledger: Ledger, answer: Answer) -> Step:
        return Step(
            rule=answer.rule,
            outcome=Outcome.MET if answer.reason is None else answer.reason.outcome,
            reason=answer.reason,
            detail=answer.detail,
            blocked_by=answer.blocked_by,
            figures=self._figures(case, edition.procedure, ledger, answer),
            cites=() if answer.rule == "minimum_confidence" else (_cite(edition, answer),),
        )

    def _figures(self, case: Case, procedure: Procedure, ledger: Ledger, answer: Answer) -> Figures:
        """Give the figures that one rule behind the entitlement used."""
        claim = case.claim
        match answer.rule:
            case "minimum_confidence":
                confidence, minimum = confidence_of(case), self.policy.minimum_confidence
                return {"confidence": confidence, "minimum": minimum}
            case "within_claim_window":
                window = procedure.claim_window
                figures: Figures = {
                    "certificate_date": claim.certificate_date.isoformat(),
                    "applied_on": claim.applied_on.isoformat(),
                }
                if window is not None:
                    last = last_claim_day(window, claim.certificate_date)
                    figures |= {"months": window.months, "last_day": last.isoformat()}
                return figures
            case "insured_long_enough":
                return {
                    "required": procedure.insured_months.get(claim.stream),
                    "months": claim.insured_months,
                }
            case "condition":
                title = next(one.title for one in procedure.conditions if one.id == answer.detail)
                fact = claim.conditions.get(answer.detail or "")
                return {
                    "title_zh": title.in_language("zh"),
                    "title_en": title.in_language("en"),
                    "stated": fact,
                }
            case "limit":
                limit = next(one for one in procedure.limits if one.id == answer.detail)
                return {
                    "at_most": limit.at_most,
                    "count": ledger.count(limit, case),
                    "per": limit.per,
                    "year": claim.applied_on.year,
                    "streams": [*limit.streams],
                    "requires": [*limit.requires],
                    "except": [*limit.except_],
                }
            case "certificate_paid_once":
                return {"certificate_no": claim.certificate_no}
            case _:
                return {"occupation": case.code, "level": claim.level.value}


def _cite(edition: RulesEdition, answer: Answer) -> Cite:
    limits = edition.procedure.limits if answer.rule == "limit" else ()
    source = next((limit.source for limit in limits if limit.id == answer.detail), None)
    return cite("rules", edition, source, answer.detail)
