"""``subsidy quote``: what the texts in force on a day give for an occupation at a level."""

from __future__ import annotations

from datetime import date

from subsidy.cli.commands import Settings
from subsidy.cli.failures import OPEN, PAID, found_expected
from subsidy.cli.language import Both
from subsidy.cli.output import amounts, editions, print_json, steps
from subsidy.engine.assess import quote
from subsidy.model.decision import Entitlement
from subsidy.model.level import Level, Stream
from subsidy.model.text import nearest, shown
from subsidy.model.words import Status
from subsidy.policy.policy import Policy

__all__ = ["run"]

_EXPECTED = Both("职业编码、名称或别名", "a code, name or alias of an occupation")


def run(settings: Settings, occupation: str, level: Level, on: date, stream: Stream) -> int:
    """Quote, print, and give the exit code."""
    policy = settings.load()
    code = policy.vocabulary.code_of(occupation)
    if code is None:
        near = policy.vocabulary.nearest(occupation) or nearest(occupation, _names(policy), cutoff=0.5)
        raise found_expected("--occupation", shown(occupation), _EXPECTED, near)
    answer = quote(code, level, on, stream=stream, policy=policy)
    if settings.as_json:
        print_json(_as_json(answer, policy))
    else:
        _print(answer, policy, settings)
    return PAID if answer.status is Status.PAYABLE else OPEN


def _names(policy: Policy) -> list[str]:
    """Give the Chinese names, some so short that one wrong character is half of it."""
    return [title.zh for title in policy.vocabulary.titles.values()]


def _as_json(answer: Entitlement, policy: Policy) -> dict[str, object]:
    title = policy.vocabulary.titles.get(answer.occupation)
    return {
        "occupation": answer.occupation,
        "name": {"zh": (title and title.zh) or None, "en": (title and title.en) or None},
        "level": answer.level,
        "stream": answer.stream,
        "on": answer.on.isoformat(),
        "status": answer.status,
        "reason": answer.reason,
        "detail": answer.detail,
        **amounts(answer),
        "confidence": answer.confidence,
        **editions(answer),
        "steps": steps(answer),
        "policy_fingerprint": answer.policy_fingerprint,
        "known_on": None if policy.known_on is None else policy.known_on.isoformat(),
    }


def _print(answer: Entitlement, policy: Policy, settings: Settings) -> None:
    page = settings.page()
    name = policy.vocabulary.title(answer.occupation).in_language(page.lang)
    occupation = name if name == answer.occupation else f"{name} {answer.occupation}"
    level, stream = answer.level, answer.stream
    parts = [page.say(level.zh, level.en), page.say(stream.zh, stream.en), answer.on.isoformat()]
    if policy.known_on is not None:
        parts.append(page.say(f"所知截至 {policy.known_on}", f"as known on {policy.known_on}"))
    page.answer(answer, occupation, " · ".join(parts))
