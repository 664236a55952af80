"""Claims for hypothesis: typed ones, records as a table holds them, and histories of what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from subsidy import Claim, Level, Occupation, Policy, Stream
from subsidy.testing.choices import Choice, chosen, one_of
from subsidy.testing.ground import Ground, ground_of

__all__ = [
    "PERSONS",
    "Person",
    "Record",
    "claims",
    "draw_record",
    "histories",
    "levels",
    "months_later",
    "occupations",
    "records",
]

Record = Mapping[str, Any]

# Made-up persons: a number or pseudonym, and its type. Two have one text: one of them as a resident number, the
# example of its standard, the other as any other text.
Person = tuple[str, str]
PERSONS: tuple[Person, ...] = (
    ("P1", "other"),
    ("11010519491231002X", "resident"),
    ("11010519491231002X", "other"),
    ("P4", "other"),
    ("P5", "other"),
    ("P6", "other"),
)
_SOON = (5, 0, 1, 30, 59)
_LATE = (200, 365, 400)
_FILED = (None, 0, 10, 60)
_INSURED = (36, 12, 11, 6, 0, None)
_STATED = (True, True, None, False)
_CARELESS = ("", "facts", "dates", "", "dates", "dates and facts")


def levels() -> st.SearchStrategy[Level]:
    """Give levels, 5 first; ``special`` last.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(levels(), lambda level: level is not Level.L5)
    <Level.L4: '4'>
    """
    return st.sampled_from(tuple(Level))


@st.composite
def occupations(draw: st.DrawFn, *, policy: Choice[Policy] | None = None, on: Choice[date] | None = None) -> Occupation:
    """Give occupations of a policy as its directory has them on a day.

    Parameters
    ----------
    policy : Policy
        Left out: small random ones.
    on : date
        The day; left out: drawn from the days on which the policy's texts matter.
    """
    from subsidy.testing.drawn_policies import policies

    of = chosen(draw, policy, policies())
    ground = ground_of(of)
    day = chosen(draw, on, ground.days)
    found = of.occupation(one_of(draw, ground.codes), day)
    assert found is not None, "a code that the policy lists is an occupation"
    return found


def months_later(day: date, months: int) -> date:
    """Give the same day of the month so many months later, or that month's last day where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _applied(draw: st.DrawFn, issued: date, ground: Ground, *, prompt: bool) -> date:
    """Draw a day of application: soon after the certificate, or else around the end of a claim window, or late."""
    if prompt:
        return issued + timedelta(days=one_of(draw, _SOON))
    ends = [months_later(issued, months) + timedelta(days=days) for months in ground.months for days in (0, 1, -1)]
    late = [issued + timedelta(days=days) for days in _LATE]
    return max(issued, one_of(draw, [*ends, *late] if len(ends) < 2 * len(late) else ends))


@st.composite
def records(
    draw: st.DrawFn,
    policy: Policy,
    *,
    claim_id: Choice[str] | None = None,
    person: Choice[Person] | None = None,
    occupation: Choice[str] | None = None,
    level: Choice[Level | str] | None = None,
    stream: Choice[Stream | str] | None = None,
    certificate_no: Choice[str] | None = None,
    certificate_date: Choice[date] | None = None,
    applied_on: Choice[date] | None = None,
    prompt: Choice[bool] | None = None,
) -> dict[str, Any]:
    """Give usable claims as records by column heading, with a column for each condition of the policy.

    Dates stand on days that matter to the policy: inside periods, on their edges, and around the end of the window.

    Parameters
    ----------
    policy : Policy
        Whose occupations, levels, conditions and days they are drawn from.
    claim_id, person, occupation, level, stream, certificate_no, certificate_date, applied_on
        A value or a strategy each. ``person`` is the id and its type, as in ``("P1", "other")``.
    prompt : bool
        Whether every claim is made soon after the certificate, with all that conditions ask for; such claims are
        refused by the texts or the history only.
    """
    return draw_record(
        draw,
        policy,
        claim_id=claim_id,
        person=person,
        occupation=occupation,
        level=level,
        stream=stream,
        certificate_no=certificate_no,
        certificate_date=certificate_date,
        applied_on=applied_on,
        prompt=prompt,
    )


def draw_record(draw: st.DrawFn, policy: Policy, **fixed: Any) -> dict[str, Any]:
    """Draw what `records` gives, inside another strategy."""
    given = fixed.get
    ground = ground_of(policy)
    soon = chosen(draw, given("prompt"), (False,))
    careless = "" if soon else one_of(draw, _CARELESS)
    issued = chosen(draw, given("certificate_date"), ground.days)
    applied = given("applied_on")
    if applied is None:
        applied = _applied(draw, issued, ground, prompt="dates" not in careless)
    elif isinstance(applied, st.SearchStrategy):
        applied = draw(applied)
    filed = one_of(draw, _FILED)
    who, kind = chosen(draw, given("person"), PERSONS[:3])
    record: dict[str, Any] = {
        "claim_id": chosen(draw, given("claim_id"), ("C1", "C2", "C10")),
        "person_id": who,
        "person_id_type": kind,
        "occupation": chosen(draw, given("occupation"), ground.texts),
        "level": str(chosen(draw, given("level"), ground.levels)),
        "certificate_no": chosen(draw, given("certificate_no"), ("S1", "S2", "S3", "S4")),
        "certificate_date": issued,
        "applied_on": max(issued, applied),
        "stream": str(chosen(draw, given("stream"), ground.streams)),
        "insured_months": one_of(draw, _INSURED) if "facts" in careless else 36,
        "training_filed_on": None if filed is None else issued - timedelta(days=filed),
    }
    for name in ground.conditions:
        record[name] = one_of(draw, _STATED) if "facts" in careless else True
    return record


def claims(policy: Policy | None = None, **fixed: Choice[Any] | None) -> st.SearchStrategy[Claim]:
    """Give usable claims, typed; the keyword arguments are those of `records`.

    Examples
    --------
    >>> from hypothesis import find
    >>> from subsidy import load_policy
    >>> find(claims(load_policy(), person=("P9", "other")), lambda claim: True).level
    <Level.L5: '5'>
    """
    if policy is None:
        from subsidy.testing.drawn_policies import policies

        return policies().flatmap(lambda drawn: claims(drawn, **fixed))
    return _typed(policy, fixed)


@st.composite
def _typed(draw: st.DrawFn, policy: Policy, fixed: Mapping[str, Any]) -> Claim:
    """Give the claim itself for hypothesis to print; of a mapped record it would print the call, and the id in it."""
    return claim_of(policy, draw(records(policy, **fixed)))


def claim_of(policy: Policy, record: Record) -> Claim:
    """Type a record with English headings; raise pydantic's ``ValidationError`` where it can't be used."""
    asked = set(policy.vocabulary.conditions)
    fields = {name: value for name, value in record.items() if name not in asked}
    return Claim.model_validate(fields | {"conditions": {name: record[name] for name in asked if name in record}})


@st.composite
def histories(
    draw: st.DrawFn, policy: Policy | None = None, *, most: int = 3, person: Choice[Person] | None = None
) -> list[Claim]:
    """Give claims already paid: usable, each with an id of its own, of one person where ``person`` is a value.

    Parameters
    ----------
    policy : Policy
        Left out: a small random one.
    most : int
        How many at most.
    person : tuple of str
        The id and its type.
    """
    from subsidy.testing.drawn_policies import policies

    of = draw(policies()) if policy is None else policy
    made = [
        draw_record(draw, of, claim_id=f"H{number}", person=person, prompt=True)
        for number in range(draw(st.integers(0, most)))
    ]
    return [claim_of(of, one) for one in made]
