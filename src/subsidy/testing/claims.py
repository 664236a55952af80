"""Claims for hypothesis: typed ones, records as a table holds them, and histories of what was paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from subsidy import Claim, Level, Occupation, Policy, Stream
from subsidy.testing.choices import UNKNOWN, Choice, chosen
from subsidy.testing.ground import Ground, ground_of

__all__ = ["Record", "claims", "histories", "levels", "months_later", "occupations", "records"]

Record = Mapping[str, Any]

# Made-up persons: pseudonyms. Of "Q" there are two: one pseudonym is that of another kind of number's text.
_PERSONS = ("P1", "P2", "P3", "P4", "P5", "P6")
_SHIFTS = (5, 0, 1, 30, 59, 180, 364, 365, 366, 400)
_FILED = (None, 0, 10, 200)
_INSURED = (36, 12, 11, 6, 0, None)
_STATED = (True, True, None, False)


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
    from subsidy.testing.policies import policies

    of = chosen(draw, policy, policies())
    ground = ground_of(of)
    day = chosen(draw, on, st.sampled_from(ground.days))
    found = of.occupation(draw(st.sampled_from(ground.codes)), day)
    assert found is not None, "a code that the policy lists is an occupation"
    return found


def months_later(day: date, months: int) -> date:
    """Give the same day of the month so many months later, or that month's last day where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


@st.composite
def _applied(draw: st.DrawFn, issued: date, ground: Ground, prompt: bool) -> date:
    """Draw a day of application: days after, or around the end of a claim window; only soon after where prompt."""
    if prompt:
        return issued + timedelta(days=draw(st.sampled_from(_SHIFTS[:5])))
    ends = [months_later(issued, months) + timedelta(days=days) for months in ground.months for days in (0, 1, -1)]
    days = [issued + timedelta(days=shift) for shift in _SHIFTS]
    return max(issued, draw(st.sampled_from([days[0], *ends, *days[1:]])))


@st.composite
def records(
    draw: st.DrawFn,
    policy: Policy,
    *,
    claim_id: Choice[str] | None = None,
    person: Choice[str] | None = None,
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
        A value or a strategy each. ``person`` is a pseudonym (``person_id_type`` other).
    prompt : bool
        Whether every claim is made soon after the certificate, with all that conditions ask for; such claims are
        refused by the texts or the history only.
    """
    ground = ground_of(policy)
    soon = chosen(draw, prompt, st.sampled_from((False, True)))
    issued = chosen(draw, certificate_date, st.sampled_from(ground.days))
    applied = chosen(draw, applied_on, _applied(issued, ground, soon))
    filed = draw(st.sampled_from(_FILED[:2] if soon else _FILED))
    record: dict[str, Any] = {
        "claim_id": chosen(draw, claim_id, st.sampled_from(("C1", "C2", "C10"))),
        "person_id": chosen(draw, person, st.sampled_from(_PERSONS[:3])),
        "person_id_type": "other",
        "occupation": chosen(draw, occupation, st.sampled_from((*ground.texts, UNKNOWN))),
        "level": str(chosen(draw, level, st.sampled_from(ground.levels))),
        "certificate_no": chosen(draw, certificate_no, st.sampled_from(("S1", "S2", "S3", "S4"))),
        "certificate_date": issued,
        "applied_on": max(issued, applied),
        "stream": str(chosen(draw, stream, st.sampled_from(ground.streams))),
        "insured_months": 36 if soon else draw(st.sampled_from(_INSURED)),
        "training_filed_on": None if filed is None else issued - timedelta(days=filed),
    }
    for name in ground.conditions:
        record[name] = True if soon else draw(st.sampled_from(_STATED))
    return record


def claims(policy: Policy | None = None, **fixed: Choice[Any] | None) -> st.SearchStrategy[Claim]:
    """Give usable claims, typed; the keyword arguments are those of `records`.

    Examples
    --------
    >>> from hypothesis import find
    >>> from subsidy import load_policy
    >>> find(claims(load_policy(), person="P9"), lambda claim: True).level
    <Level.L5: '5'>
    """
    if policy is None:
        from subsidy.testing.policies import policies

        return policies().flatmap(lambda drawn: claims(drawn, **fixed))
    return records(policy, **fixed).map(lambda record: claim_of(policy, record))


def claim_of(policy: Policy, record: Record) -> Claim:
    """Type a record with English headings; raise pydantic's ``ValidationError`` where it can't be used."""
    asked = set(policy.vocabulary.conditions)
    fields = {name: value for name, value in record.items() if name not in asked}
    return Claim.model_validate(fields | {"conditions": {name: record[name] for name in asked if name in record}})


@st.composite
def histories(
    draw: st.DrawFn, policy: Policy | None = None, *, most: int = 3, person: Choice[str] | None = None
) -> list[Claim]:
    """Give claims already paid: usable, each with an id of its own, of one person where ``person`` is a value.

    Parameters
    ----------
    policy : Policy
        Left out: a small random one.
    most : int
        How many at most.
    person : str
        The pseudonym.
    """
    from subsidy.testing.policies import policies

    of = draw(policies()) if policy is None else policy
    made = [
        draw(records(of, claim_id=f"H{number}", person=person, prompt=True))
        for number in range(draw(st.integers(0, most)))
    ]
    return [claim_of(of, one) for one in made]
