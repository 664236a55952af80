"""The receipt of a decision: self-contained proof that needs no engine to follow, and its verification.

Form ``subsidy.decision/1``: the normalised input, every step in order, for each text which edition was chosen and which
were passed over and why, the policy's fingerprint, the library's version, and hashes over all of it.
Source of the form: design, section 5, "The receipt".
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from subsidy.engine.candidates import TextChoice, text_choices
from subsidy.engine.decide import decide
from subsidy.engine.records import Unusable, Usable
from subsidy.engine.trace import ClaimTrace
from subsidy.model.canonical import canonical, digest
from subsidy.model.claim import Claim
from subsidy.model.decision import Decision, Figures, PersonIdAs, Step
from subsidy.model.errors import InputError
from subsidy.model.level import Level, Stream
from subsidy.model.money import format_yuan
from subsidy.model.person import PersonIdType, mask_person_id
from subsidy.model.words import Confidence, Reason, Status
from subsidy.policy.loading import default_policy
from subsidy.policy.policy import Policy

__all__ = ["FORM", "Difference", "Receipt", "Verification", "claim_receipt", "receipt_schema", "verify"]

FORM: Literal["subsidy.decision/1"] = "subsidy.decision/1"
_DIGEST_LENGTH = 16


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClaimInput(_Part):
    """A claim as it was read, its person's number as the caller chose, its occupation with the code it means."""

    claim_id: str | None
    person_id: str | None = None
    person_id_type: PersonIdType | None = None
    occupation: str | None = None
    occupation_code: str | None = None
    level: Level | None = None
    certificate_no: str | None = None
    certificate_date: date | None = None
    applied_on: date | None = None
    stream: Stream | None = None
    insured_months: int | None = None
    training_filed_on: date | None = None
    conditions: dict[str, bool | None] = {}


class PolicyUsed(_Part):
    """Which policy decided: its fingerprint, whose knowledge it is, and the confidence that was asked for."""

    fingerprint: str
    known_on: date | None
    minimum_confidence: Confidence | None


class Outcome(_Part):
    """The decision; amounts in yuan with two decimals."""

    status: Status
    reason: Reason | None
    detail: str | None
    blocked_by: str | None
    base: str | None
    uplift: str | None
    amount: str
    confidence: Confidence | None


class Content(_Part):
    """What a receipt says, before it is sealed."""

    form: Literal["subsidy.decision/1"] = FORM
    library_version: str
    policy: PolicyUsed
    person_id_as: PersonIdAs
    input: ClaimInput
    history: tuple[ClaimInput, ...]
    decision: Outcome
    texts: dict[str, TextChoice]
    steps: tuple[Step, ...]


class Receipt(Content):
    """The receipt of one decision, form ``subsidy.decision/1``."""

    digests: dict[str, str] = Field(description="For each part by its path: the first digits of its SHA-256.")
    sha256: str = Field(description="SHA-256 of all but this, as canonical JSON (sorted keys, no blanks, UTF-8).")


class Difference(NamedTuple):
    """One place where a receipt and the decision made again (or its own hashes) differ."""

    path: str
    receipt: str
    now: str


class Verification(_Part):
    """What became of verifying a receipt.

    Parameters
    ----------
    ok : bool
        Nothing differs.
    rerun : bool
        The decision was made again; False for a record that couldn't be used, which has only its hashes.
    differences : tuple of Difference
        In the order of the receipt.
    """

    ok: bool
    rerun: bool
    differences: tuple[Difference, ...]


def receipt_schema() -> dict[str, JsonValue]:
    """Give the JSON Schema of a receipt."""
    schema = Receipt.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": FORM, **schema}


def _parts(content: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Walk the parts that are hashed one by one: fields of mappings, items of lists, plain values."""
    for key, value in content.items():
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{name}", item) for name, item in value.items())
        elif isinstance(value, list) and value:
            yield from ((f"{key}[{place}]", item) for place, item in enumerate(value))
        else:
            yield key, value


def _seal(content: dict[str, Any]) -> dict[str, Any]:
    """Add the hashes to a receipt's content."""
    digests = {path: digest(part, _DIGEST_LENGTH) for path, part in _parts(content)}
    sealed = content | {"digests": digests}
    return sealed | {"sha256": digest(sealed)}


def _person(number: str, person_id_as: PersonIdAs, key: bytes | None) -> str:
    if person_id_as == "whole":
        return number
    if person_id_as == "masked":
        return mask_person_id(number)
    if person_id_as != "keyed_hash":
        raise ValueError(f"person_id: found {person_id_as!r}, expected masked, whole or keyed_hash")
    if not key:
        raise ValueError("person_id: keyed_hash needs a key of at least one byte")
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def _input(usable: Usable, person: str) -> ClaimInput:
    fields = dict(usable.claim) | {
        "person_id": person,
        "occupation_code": usable.code,
        "conditions": dict(usable.claim.conditions),
    }
    return ClaimInput.model_validate(fields)


def claim_receipt(
    trace: ClaimTrace, decision: Decision, person_id_as: PersonIdAs, key: bytes | None
) -> dict[str, JsonValue]:
    """Build the receipt of a decided claim."""
    person = _person(trace.usable.claim.person_id, person_id_as, key)
    return _build(trace, decision, person_id_as, person)


def _build(trace: ClaimTrace, decision: Decision, person_id_as: PersonIdAs, person: str) -> dict[str, JsonValue]:
    from subsidy import __version__

    content = Content(
        library_version=__version__,
        policy=_used(trace.policy),
        person_id_as=person_id_as,
        input=_input(trace.usable, person),
        history=tuple(_input(earlier, person) for earlier in trace.paid[: trace.paid_before]),
        decision=_outcome(decision),
        texts=text_choices(trace.policy, trace.case()),
        steps=tuple(_with_person(step, person) for step in trace.steps()),
    )
    return _seal(content.model_dump(mode="json"))


def unusable_receipt(policy: Policy, unusable: Unusable, decision: Decision, steps: tuple[Step, ...]) -> Figures:
    """Build the receipt of a record that couldn't be used; it holds no more of the record than its id."""
    from subsidy import __version__

    content = Content(
        library_version=__version__,
        policy=_used(policy),
        person_id_as="masked",
        input=ClaimInput(claim_id=unusable.claim_id),
        history=(),
        decision=_outcome(decision),
        texts={},
        steps=steps,
    )
    return _seal(content.model_dump(mode="json"))


def _used(policy: Policy) -> PolicyUsed:
    return PolicyUsed(
        fingerprint=policy.fingerprint, known_on=policy.known_on, minimum_confidence=policy.minimum_confidence
    )


def _outcome(decision: Decision) -> Outcome:
    return Outcome(
        status=decision.status,
        reason=decision.reason,
        detail=decision.detail,
        blocked_by=decision.blocked_by,
        base=None if decision.base_fen is None else format_yuan(decision.base_fen),
        uplift=None if decision.uplift_fen is None else format_yuan(decision.uplift_fen),
        amount=format_yuan(decision.amount_fen),
        confidence=decision.confidence,
    )


def _with_person(step: Step, person: str) -> Step:
    if "person" not in step.figures:
        return step
    return step.model_copy(update={"figures": step.figures | {"person": person}})


def verify(receipt: Mapping[str, Any] | str | bytes, policy: Policy | None = None) -> Verification:
    """Check a receipt's hashes, make its decision again, and say where they differ.

    Parameters
    ----------
    receipt : mapping, str or bytes
        A receipt as `Decision.receipt` gave it, or its JSON text.
    policy : Policy, optional
        The policy of today; left out: the packaged one. Where its fingerprint is another, the decision is made under
        this policy as it was known on the day when it had the receipt's fingerprint, or on the receipt's ``known_on``.

    Returns
    -------
    Verification

    Raises
    ------
    InputError
        If it isn't a receipt of this form.

    Examples
    --------
    >>> from subsidy import assess
    >>> receipt = assess({"claim_id": "C1", "person_id": "11010519491231002X", "occupation": "人工智能训练师",
    ...     "level": 3, "certificate_no": "S1", "certificate_date": "2023-09-01", "applied_on": "2023-10-08"}).receipt()
    >>> verify(receipt).ok
    True
    >>> receipt["decision"]["amount"] = "2640.00"
    >>> [difference.path for difference in verify(receipt).differences]
    ['decision.amount', 'sha256']
    """
    content = _content_of(receipt)
    found = _broken_seals(content)
    try:
        read = Receipt.model_validate_json(canonical(content), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"receipt.{where}", "a value that can't be used", first["msg"]) from None
    if read.input.occupation_code is None:
        return Verification(ok=not found, rerun=False, differences=tuple(found.values()))
    again = _made_again(read, _view(read, policy or default_policy()))
    for difference in _compare(content, again):
        found[difference.path] = difference
    order = {path: place for place, path in enumerate(content)}
    differences = sorted(found.values(), key=lambda one: order.get(one.path.split(".")[0].split("[")[0], len(order)))
    return Verification(ok=not differences, rerun=True, differences=tuple(differences))


def _content_of(receipt: Mapping[str, Any] | str | bytes) -> dict[str, Any]:
    if not isinstance(receipt, Mapping):
        try:
            receipt = json.loads(receipt)
        except (ValueError, RecursionError) as error:
            raise InputError("receipt", f"text that isn't JSON ({error})", "the JSON text of a receipt") from None
    if not isinstance(receipt, Mapping) or receipt.get("form") != FORM:
        form = receipt.get("form") if isinstance(receipt, Mapping) else type(receipt).__name__
        raise InputError("receipt.form", repr(form), FORM)
    return dict(receipt)


def _broken_seals(content: dict[str, Any]) -> dict[str, Difference]:
    """Compare the hashes that a receipt carries with those of its content."""
    sealed = _seal({key: value for key, value in content.items() if key not in {"digests", "sha256"}})
    carried = content.get("digests")
    carried = carried if isinstance(carried, dict) else {}
    found: dict[str, Difference] = {}
    for path in dict.fromkeys((*sealed["digests"], *carried)):
        was, now = str(carried.get(path, "no hash")), str(sealed["digests"].get(path, "no such part"))
        if was != now:
            found[path] = Difference(path, f"hash {was}", f"hash {now}")
    whole = digest({key: value for key, value in content.items() if key != "sha256"})
    if content.get("sha256") != whole:
        found["sha256"] = Difference("sha256", str(content.get("sha256")), whole)
    return found


def _view(read: Receipt, policy: Policy) -> Policy:
    """Give the policy as it was when the receipt was made, as far as the texts of today tell."""
    policy = policy.with_minimum_confidence(read.policy.minimum_confidence)
    if read.policy.known_on is not None:
        policy = policy.as_known_on(read.policy.known_on)
    if policy.fingerprint == read.policy.fingerprint:
        return policy
    days = {edition.published_on for edition in policy.editions}
    days |= {edition.ended.published_on for edition in policy.editions if edition.ended is not None}
    for day in sorted(days, reverse=True):
        view = policy.as_known_on(day)
        if view.fingerprint == read.policy.fingerprint:
            return view
    return policy


def _made_again(read: Receipt, policy: Policy) -> dict[str, JsonValue]:
    person = read.input.person_id or ""
    paid = [_claim_of(earlier) for earlier in read.history]
    trace = ClaimTrace(policy, _claim_of(read.input), paid, len(paid))
    decision = decide(policy, trace.case(), trace.ledger())
    return _build(trace, decision, read.person_id_as, person)


def _claim_of(given: ClaimInput) -> Usable:
    """Give the claim of a receipt; it was checked when it was decided, and its person may be masked by now."""
    return Usable(Claim.model_construct(**dict(given)), given.occupation_code or "")


def _compare(content: dict[str, Any], again: dict[str, Any]) -> Iterator[Difference]:
    """Compare what a receipt says with the decision made again, leaf by leaf; the library may be a newer one."""
    expected = {**again, "policy": again["policy"] | {"known_on": content["policy"]["known_on"]}}
    for key in ("policy", "input", "history", "decision", "texts", "steps"):
        was, now = content[key], expected[key]
        if key == "texts":
            now = _without_later(was, now)
        yield from _differing(key, was, now)


def _without_later(was: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Leave out editions that were published after the receipt was made, which it can't name."""
    kept: dict[str, Any] = {}
    for kind, choice in now.items():
        named = {one["edition"] for one in was.get(kind, {"candidates": ()})["candidates"]}
        candidates = [
            one for one in choice["candidates"] if one["edition"] in named or one["outcome"] != "not_yet_published"
        ]
        kept[kind] = choice | {"candidates": candidates}
    return kept


def _differing(path: str, was: object, now: object) -> Iterator[Difference]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*was, *now)):
            yield from _differing(f"{path}.{key}", was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for place, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _differing(f"{path}[{place}]", one, other)
    elif was != now or type(was) is not type(now):
        yield Difference(path, json.dumps(was, ensure_ascii=False), json.dumps(now, ensure_ascii=False))
