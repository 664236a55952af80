"""Random policies and histories, decided by the independent reading of the law and by both engines: no column differs.

The reference (tests/reference) was written from the specification alone and gets the texts as plain data, as they stand
in the files; the library's reading of them is not between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy import Confidence, Policy, assess, assess_frame
from subsidy.engine.batch.compiled import SWITCH
from subsidy.engine.sequence import assess_all
from subsidy.testing import make_policy, worlds
from subsidy.testing.drawn_texts import CLASSIFICATION_ROWS, texts
from subsidy.testing.implementations import frame_of
from tests.engine.batch import chance
from tests.engine.batch.chance import Pick, any_claims, any_texts, picks
from tests.engine.batch.support import OUTPUT, as_rows, difference, frame_rows
from tests.policy.support import few
from tests.policy.support import policy as policy_of_data
from tests.reference import Policy as Reading
from tests.reference import decide
from tests.reference.texts import meanings_of

Item = Mapping[str, Any]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
KNOWN = st.sampled_from((None, None, "2022-12-01", "2023-06-01", "2023-12-01"))
CONFIDENCE = st.sampled_from((None, None, None, *Confidence))
BLOCKED_BY = OUTPUT.index("blocked_by")


@st.composite
def plain_texts(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    return texts(draw)


# -- the reference -----------------------------------------------------------------------


def reading(data: Mapping[str, Sequence[Item]], classification: str, known_on: str | None) -> Reading:
    """Give the texts to the reference: plain data in which every scalar is text, as its YAML loader leaves it."""
    directory, rates, catalogue, rules = (as_text(data[name]) for name in ("occupations", "rates", "catalog", "rules"))
    rows = [line.split(",") for line in classification.splitlines() if line and not line.startswith("code,")]
    names, digital = {row[0]: row[1] for row in rows}, {row[0]: row[2] == "yes" for row in rows}
    present = {
        former: listed["code"]
        for edition in directory
        for listed in edition["occupations"]
        for former in listed.get("former_codes", ())
    }
    return Reading(
        directory=directory,
        rates=rates,
        catalogue=catalogue,
        rules=rules,
        names=names,
        digital=digital,
        present_codes=present,
        meanings=meanings_of(directory, names, present),
        known_on=None if known_on is None else date.fromisoformat(known_on),
    )


def as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): as_text(item) for key, item in value.items() if item is not None or key == "claim_window"}
    if isinstance(value, (list, tuple)):
        return [as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)


def as_cells(records: Sequence[Item]) -> list[dict[str, Any]]:
    """Write dates as text: the reference reads files."""
    return [
        {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in record.items()}
        for record in records
    ]


# -- all three ---------------------------------------------------------------------------


def alike(read: Reading, policy: Policy, claims: Sequence[Item], history: Sequence[Item]) -> None:
    """Decide by the reference, by columns, in a row, and one by one: every column of every row is the same."""
    minimum = policy.minimum_confidence
    found = decide(read, as_cells(claims), as_cells(history), None if minimum is None else str(minimum))
    wanted = [tuple(row[name] for name in OUTPUT) for row in found]
    in_a_row = as_rows(assess_all(claims, history, policy=policy))
    assert in_a_row == wanted, difference(in_a_row, wanted, claims)
    frame = frame_of(history) if history else None
    with pytest.MonkeyPatch.context() as patch:
        for loops in ("never", "always"):
            patch.setenv(SWITCH, loops)
            columns = frame_rows(assess_frame(frame_of(claims), frame, policy))
            assert columns == wanted, f"loops {loops}: {difference(columns, wanted, claims)}"
    paid = list(history)
    for place in sorted(range(len(claims)), key=lambda at: turn(claims[at], found[at])):
        row = found[place]
        if row["reason"] == "duplicate_claim_id":
            continue
        alone = as_rows([assess(claims[place], paid, policy=policy)])[0]
        # Paid claims and those of the batch are one history here, so another may come first; who did is proven above.
        assert without_blocker(alone) == without_blocker(wanted[place])
        if row["status"] == "payable":
            paid.append(claims[place])


def turn(claim: Item, row: Item) -> tuple[str, str]:
    return ("", "") if row["status"] == "invalid" else (str(claim["applied_on"]), row["claim_id"])


def without_blocker(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*row[:BLOCKED_BY], row[BLOCKED_BY] is None, *row[BLOCKED_BY + 1 :])


@settings(few(40), suppress_health_check=SLOW)
@given(st.data(), KNOWN, CONFIDENCE)
def test_worlds_of_the_kit(data: st.DataObject, known_on: str | None, minimum: Confidence | None) -> None:
    drawn = data.draw(plain_texts())
    policy = make_policy(drawn).with_minimum_confidence(minimum)
    if known_on is not None:
        policy = policy.as_known_on(known_on)
    world = data.draw(worlds(policy=policy, most_claims=7, most_history=3, invalid=8))
    alike(reading(drawn, CLASSIFICATION_ROWS, known_on), policy, world.claims, world.history)


@settings(few(40), suppress_health_check=SLOW)
@given(picks(), st.integers(1, 8), st.integers(0, 3), KNOWN, CONFIDENCE)
def test_policies_by_chance(pick: Pick, rows: int, past: int, known_on: str | None, minimum: Confidence | None) -> None:
    """Also days without a text, texts that end, and ids that only their code points put in order."""
    drawn = any_texts(pick)
    policy = policy_of_data(chance.CLASSIFICATION, **drawn).with_minimum_confidence(minimum)
    if known_on is not None:
        policy = policy.as_known_on(known_on)
    history = {one["claim_id"]: one for one in any_claims(pick, past, letter="H") if sound(one)}
    alike(reading(drawn, chance.CLASSIFICATION, known_on), policy, any_claims(pick, rows), list(history.values()))


def sound(claim: Item) -> bool:
    filed = claim["training_filed_on"]
    return claim["applied_on"] >= claim["certificate_date"] and (filed is None or filed <= claim["certificate_date"])


def test_the_reference_is_asked() -> None:
    """A reading in which one amount differs is found."""
    pick = chance.seeded(1)
    drawn = any_texts(pick)
    policy = policy_of_data(chance.CLASSIFICATION, **drawn)
    claims = any_claims(pick, 40)
    read = reading(drawn, chance.CLASSIFICATION, None)
    alike(read, policy, claims, [])
    doubled = [
        as_text(edition) | {"amounts": {stream: doubled_rows(rows) for stream, rows in edition["amounts"].items()}}
        for edition in drawn["rates"]
    ]
    with pytest.raises(AssertionError):
        alike(replace(read, rates=doubled), policy, claims, [])


def doubled_rows(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    return {name: {level: str(2 * amount) for level, amount in row.items()} for name, row in rows.items()}
