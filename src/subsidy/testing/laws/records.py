"""Laws on rows and records: what goes in comes out, what can't be used harms nobody, writing means nothing."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from subsidy import Level, Policy, Reason, Stream
from subsidy.model.text import is_empty, read_identifier
from subsidy.model.words import INVALID_REASONS
from subsidy.testing.drawn_claims import Record, claim_of
from subsidy.testing.laws.law import Broken, Case, NotSaid, law
from subsidy.testing.laws.reading import person_of

RECORDS, ANY, HISTORY = "records", "any", "history"
# Fields in the order in which a missing one is reported.
_FIELDS = (
    "claim_id",
    "person_id",
    "occupation",
    "level",
    "certificate_no",
    "certificate_date",
    "applied_on",
    "stream",
    "insured_months",
    "training_filed_on",
    "person_id_type",
)


def _name(record: Record) -> str | None:
    """Give the claim id of a record as a decision shows it."""
    try:
        return None if is_empty(record.get("claim_id")) else read_identifier(record["claim_id"])
    except ValueError:
        return None


def _repeated(case: Case) -> set[str | None]:
    names = Counter(_name(record) for record in case.world.claims)
    return {name for name, times in names.items() if name is not None and times > 1}


@law(RECORDS)
def rows_out_are_rows_in(case: Case) -> None:
    """No row is ever dropped, and one bad row never stops a batch: rows out = rows in, in the same order."""
    expected = [_name(record) for record in case.world.claims]
    found = [row.claim_id for row in case.answer(case.world)]
    if found != expected:
        raise Broken(f"decisions on {expected}", f"decisions on {found}")


@law(ANY)
def a_reason_has_its_status(case: Case) -> None:
    """To refuse is an act of law, and not to know is not: every reason gives its own status, and payable has none."""
    for row in case.rows:
        try:
            status = "payable" if row.reason is None else str(Reason(row.reason).status)
        except ValueError:
            raise Broken(f"a reason of the list, for {row.claim_id}", row.reason) from None
        if row.status != status:
            raise Broken(f"{row.claim_id}: status {status} with the reason {row.reason}", row)


@law(ANY)
def only_payable_claims_have_an_amount(case: Case) -> None:
    """Payable: base and uplift are known; refused, undetermined or invalid: the amount is 0.00."""
    for row in case.rows:
        if row.status == "payable":
            if row.base_fen is None or row.uplift_fen is None or row.amount_fen is None:
                raise Broken(f"{row.claim_id}: base, uplift and amount of a payable claim", row)
        elif row.amount_fen != 0:
            raise Broken(f"{row.claim_id}: the amount 0.00 of a claim that isn't payable", row)
        if row.status == "invalid" and not (row.base_fen is row.uplift_fen is None):
            raise Broken(f"{row.claim_id}: no base and no uplift of a record that can't be used", row)


@law(RECORDS)
def an_unusable_record_is_invalid(case: Case) -> None:
    """The record itself is unusable: status invalid, with the first reason of the table and the field that it names.

    Which values can be read is asked of `subsidy.Claim`, of which occupation a text means the policy's names.
    """
    repeated = _repeated(case)
    for record, row in zip(case.world.claims, case.rows, strict=True):
        if _name(record) in repeated:
            continue
        fault = _first_fault(case.policy, record)
        if fault is None and row.status == "invalid":
            raise Broken(f"{row.claim_id}: a record that can be used", row)
        if fault is not None and (row.status, row.reason, row.detail) != ("invalid", *fault):
            raise Broken(f"{row.claim_id}: invalid: {fault[0]} ({fault[1]})", row)


def _first_fault(policy: Policy, record: Record) -> tuple[str, str] | None:
    faults: list[tuple[int, int, str]] = []

    def add(reason: str, field: str) -> None:
        rank = _FIELDS.index(field) if field in _FIELDS else len(_FIELDS)
        faults.append((INVALID_REASONS.index(Reason(reason)), rank, field))

    try:
        claim_of(policy, record)
    except ValidationError as error:
        for found in error.errors():
            add(found["type"], str(found["loc"][-1]))
    occupation = record.get("occupation")
    if isinstance(occupation, str) and not is_empty(occupation) and policy.vocabulary.code_of(occupation) is None:
        add(Reason.BAD_OCCUPATION, "occupation")
    if not faults:
        return None
    rank, _, field = min(faults)
    return str(INVALID_REASONS[rank]), field


@law(RECORDS)
def invalid_records_change_nobody_else(case: Case) -> None:
    """One bad row never stops a batch: without the invalid records all others are decided the same."""
    kept = [place for place, row in enumerate(case.rows) if row.status != "invalid"]
    if len(kept) == len(case.rows):
        raise NotSaid
    other = case.world.having(claims=[case.world.claims[place] for place in kept])
    pairs = [(place, number) for number, place in enumerate(kept)]
    case.same(other, pairs, "the invalid records were left out")


@law(RECORDS)
def of_repeated_rows_the_first_stays(case: Case) -> None:
    """Other rows have the id: if all are alike in every (normalised) field, all but the first are invalid."""
    place, name = _usable_alone(case)
    again = dict(case.world.claims[place]) | {"certificate_no": f" {case.world.claims[place]['certificate_no']} "}
    other = case.world.having(claims=[*case.world.claims, again])
    changed = f"the row of {name} was added again, with blanks around its certificate number"
    case.same(other, [(at, at) for at in range(len(case.rows))], changed)
    _demand_duplicate(case, other, len(case.rows), changed)


@law(RECORDS)
def of_rows_that_differ_none_stays(case: Case) -> None:
    """Other rows have the id: if any two differ, all of them are invalid, and none of them uses anything up."""
    place, name = _usable_alone(case)
    again = dict(case.world.claims[place]) | {"certificate_no": "ANOTHER"}
    other = case.world.having(claims=[*case.world.claims, again])
    changed = f"a row with the id {name} and another certificate number was added"
    for at in (place, len(case.rows)):
        _demand_duplicate(case, other, at, changed)
    without = case.world.having(claims=[one for at, one in enumerate(case.world.claims) if at != place])
    rest = case.decide(without)
    there = case.decide(other)
    for number, at in enumerate(at for at in range(len(case.rows)) if at != place):
        if rest[number] != there[at]:
            raise Broken(rest[number], there[at], f"{changed}; expected is what is decided without both rows")


def _usable_alone(case: Case) -> tuple[int, str]:
    repeated = _repeated(case)
    for place, (claim, record) in enumerate(zip(case.claims, case.world.claims, strict=True)):
        if claim is not None and _name(record) not in repeated:
            return place, claim.claim_id
    raise NotSaid


def _demand_duplicate(case: Case, world: Any, place: int, changed: str) -> None:
    row = case.decide(world)[place]
    if (row.status, row.reason, row.detail) != ("invalid", "duplicate_claim_id", "claim_id"):
        raise Broken(f"{row.claim_id}: invalid: duplicate_claim_id (claim_id)", row, changed)


@law(HISTORY)
def writing_means_nothing(case: Case) -> None:
    """Numbers and ids are normalised (full-width, spaces, case); levels, streams and dates have several writings."""
    rewritten = [_rewritten(record) if at % 2 == 0 else record for at, record in enumerate(case.world.claims)]
    other = case.world.having(claims=rewritten)
    if other.claims == case.world.claims:
        raise NotSaid
    case.same(
        other, [(at, at) for at in range(len(case.rows))], "values of every second row were written in another way"
    )


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def _rewritten(record: Record) -> dict[str, Any]:
    """Write a record's sound values in another way: each stays the same value."""
    other = dict(record)
    number = record.get("certificate_no")
    if isinstance(number, str) and not is_empty(number):
        other["certificate_no"] = f" {number.lower().translate(_WIDE)}"
    for field, words in (("level", Level), ("stream", Stream)):
        if record.get(field) in list(words):
            other[field] = words(record[field]).zh
    for field in ("certificate_date", "applied_on"):
        if isinstance(record.get(field), date):
            day = record[field]
            other[field] = f"{day.year}年{day.month}月{day.day}日"
    for field, value in record.items():
        if isinstance(value, bool):
            other[field] = "是" if value else "否"
    return other


@law(ANY)
def a_name_means_its_code(case: Case) -> None:
    """An occupation in a claim may be a code, a former code, a name or an alias: all mean the present code."""
    records = [
        record if claim is None else dict(record) | {"occupation": case.policy.vocabulary.code_of(claim.occupation)}
        for record, claim in zip(case.world.claims, case.claims, strict=True)
    ]
    if records == list(case.world.claims):
        raise NotSaid
    other = case.world.having(claims=records)
    case.same(other, [(at, at) for at in range(len(case.rows))], "each occupation was written by its present code")


@law(HISTORY)
def order_of_rows_means_nothing(case: Case) -> None:
    """Claims count by applied_on, then claim_id; the order of rows, in claims and history, decides nothing."""
    last = len(case.rows) - 1
    repeated = _repeated(case)
    claims, history = case.world.claims[::-1], case.world.history[::-1]
    if last < 1 and len(history) < 2:
        raise NotSaid
    pairs = [(at, last - at) for at, one in enumerate(case.world.claims) if _name(one) not in repeated]
    case.same(case.world.having(claims=claims, history=history), pairs, "the rows were turned round")


@law(HISTORY)
def persons_stand_alone(case: Case) -> None:
    """History depends on the same person: claims and history of others decide nothing."""
    repeated = _repeated(case)
    persons = dict.fromkeys(person_of(claim) for claim in case.claims if claim is not None)
    if len(persons) < 2 and all(person_of(claim) in persons for claim in case.history):
        raise NotSaid
    for person in persons:
        own = [
            place
            for place, claim in enumerate(case.claims)
            if claim is not None and person_of(claim) == person and claim.claim_id not in repeated
        ]
        history = [record for record in case.world.history if _is_of(record, person)]
        other = case.world.having(claims=[case.world.claims[place] for place in own], history=history)
        pairs = [(place, number) for number, place in enumerate(own)]
        case.same(other, pairs, "the claims and the history of other persons were left out")


def _is_of(record: Mapping[str, Any], person: tuple[str, str]) -> bool:
    return (record.get("person_id"), record.get("person_id_type") or "resident") == person


@law(ANY)
def the_same_again_gives_the_same(case: Case) -> None:
    """Decisions are reproducible: the same claims under a policy of the same fingerprint are decided the same."""
    again = case.world.having(policy=pickle.loads(pickle.dumps(case.policy)))  # noqa: S301 - pickled here
    if again.policy.fingerprint != case.policy.fingerprint:
        raise NotSaid
    case.same(again, [(at, at) for at in range(len(case.rows))], "the same policy, loaded again")
