"""Which editions were candidates for a decision, which was chosen, and why the others were passed over."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from subsidy.engine.ledger import Case
from subsidy.model.canonical import digest
from subsidy.policy.policy import Policy, content_of
from subsidy.policy.texts import Edition

__all__ = ["Candidate", "CandidateOutcome", "TextChoice", "text_choices"]

_DIGEST_LENGTH = 16


class CandidateOutcome(StrEnum):
    """What became of an edition: in force, or why it was passed over."""

    IN_FORCE = "in_force"
    NOT_YET_PUBLISHED = "not_yet_published"
    NOT_IN_FORCE = "not_in_force"
    SUPERSEDED = "superseded"


class Candidate(BaseModel):
    """An edition of a text, and why it was chosen or passed over on the day that decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    published_on: date
    effective_from: date
    last_day: date
    outcome: CandidateOutcome
    superseded_by: str | None = None
    digest: str


class TextChoice(BaseModel):
    """One of the texts: the day that decides, and its editions in the order of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: date
    candidates: tuple[Candidate, ...]


def text_choices(policy: Policy, case: Case) -> dict[str, TextChoice]:
    """Give the choice among the editions of each text: procedure by ``applied_on``, the others by the deciding date."""
    whole = policy.whole or policy
    applied_on = case.claim.applied_on
    chosen = {case.procedure.id} if case.procedure else set()
    choices = {"procedure": _choice(whole.rules, policy.rules, chosen, applied_on)}
    if case.texts is None or case.on is None:
        return choices
    texts = case.texts
    for kind, every, known, in_force in (
        ("directory", whole.directory, policy.directory, (texts.directory,)),
        ("rates", whole.rates, policy.rates, (texts.rates,)),
        ("catalog", whole.catalog_editions, policy.catalog_editions, texts.catalog),
        ("rules", whole.rules, policy.rules, (texts.rules,)),
    ):
        ids = {edition.id for edition in in_force if edition is not None}
        choices[kind] = _choice(every, known, ids, case.on)
    return choices


def _choice(every: tuple[Edition, ...], known: tuple[Edition, ...], chosen: set[str], on: date) -> TextChoice:
    as_known = {edition.id: edition for edition in known}
    newest = max((as_known[name] for name in chosen), key=lambda edition: edition.published_on, default=None)
    candidates: list[Candidate] = []
    for edition in every:
        seen = as_known.get(edition.id, edition)
        by = None
        if edition.id not in as_known:
            outcome = CandidateOutcome.NOT_YET_PUBLISHED
        elif edition.id in chosen:
            outcome = CandidateOutcome.IN_FORCE
        elif not seen.governs(on):
            outcome = CandidateOutcome.NOT_IN_FORCE
        else:
            outcome, by = CandidateOutcome.SUPERSEDED, newest.id if newest else None
        candidates.append(
            Candidate(
                edition=edition.id,
                published_on=seen.published_on,
                effective_from=seen.effective_from,
                last_day=seen.last_day,
                outcome=outcome,
                superseded_by=by,
                digest=digest(content_of(seen), _DIGEST_LENGTH),
            )
        )
    return TextChoice(on=on, candidates=tuple(candidates))
