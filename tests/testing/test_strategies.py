"""Every strategy under hypothesis's own health checks: valid by construction, small, and tunable."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from subsidy import Claim, Level, Occupation, Policy, PolicyError, assess, assess_frame, load_policy
from subsidy.testing import (
    BrokenPolicy,
    World,
    broken_policies,
    claim_frames,
    claims,
    histories,
    levels,
    make_policy,
    occupations,
    policies,
    records,
    worlds,
)
from tests.policy.support import moderate

PACKAGED = load_policy()
FEW = moderate(25)


@settings(FEW)
@given(policies())
def test_policies_are_loaded_by_the_loader(policy: Policy) -> None:
    assert policy.rules
    assert policy.rates
    assert 1 <= len(policy.directory) <= 3
    days = [[one.published_on for one in text] for text in (policy.directory, policy.rates, policy.rules)]
    assert all(len(set(several)) == len(several) for several in days)


@settings(FEW)
@given(policies(editions=1, gaps=False, stacking="sum", rounding=st.just({"to": "yuan", "mode": "down"}), limits=[]))
def test_a_parameter_is_a_value_or_a_strategy(policy: Policy) -> None:
    (rules,) = policy.rules
    assert rules.entitlement.stacking == "sum"
    assert (rules.entitlement.rounding.to, rules.entitlement.rounding.mode) == ("yuan", "down")
    assert rules.procedure.limits == ()


WANTED: dict[str, Callable[[Policy], bool]] = {
    "several uplifts": lambda policy: any(len(one.entitlement.uplifts) > 1 for one in policy.rules),
    "printed amounts": lambda policy: any(one.amounts for rules in policy.rules for one in rules.entitlement.uplifts),
    "exceptions": lambda policy: any(one.except_ for rules in policy.rules for one in rules.procedure.limits),
    "lists that add": lambda policy: any(edition.mode == "adds" for edition in policy.catalog_editions),
    "incomplete lists": lambda policy: any(not edition.complete for edition in policy.catalog_editions),
    "ended texts": lambda policy: any(edition.ended for edition in policy.editions),
    "tags": lambda policy: any(row.tags for edition in policy.directory for row in edition.occupations),
    "ceilings": lambda policy: any(edition.entitlement.ceiling for edition in policy.rules),
    "conditions": lambda policy: any(edition.procedure.conditions for edition in policy.rules),
    "own amounts": lambda policy: any(edition.by_occupation for edition in policy.rates),
    "backwards": lambda policy: any(one.effective_from < one.published_on for one in policy.rates[1:]),
}


def test_policies_have_everything() -> None:
    seen: set[str] = set()

    @settings(max_examples=150, derandomize=True, database=None)
    @given(policies())
    def look(policy: Policy) -> None:
        seen.update(name for name, has in WANTED.items() if has(policy))
        assert len(repr(World(policy)).splitlines()) < 200

    look()
    assert seen == set(WANTED)


@settings(FEW)
@given(st.data())
def test_claims_are_usable(data: st.DataObject) -> None:
    policy = data.draw(policies())
    claim = data.draw(claims(policy))
    assert assess(claim, policy=policy).status != "invalid"
    assert data.draw(claims(policy, level="3", stream="training")).level is Level.L3


@settings(FEW)
@given(histories(PACKAGED, person=("P9", "other")))
def test_histories_can_be_given(history: list[Claim]) -> None:
    claim = {"claim_id": "C", "person_id": "P9", "person_id_type": "other", "occupation": "4-04-05-05", "level": 3}
    days = {"certificate_no": "S", "certificate_date": "2023-09-01", "applied_on": "2023-09-08"}
    assert assess(claim | days, history, policy=PACKAGED).status != "invalid"
    assert {one.person_id for one in history} <= {"P9"}


@settings(FEW)
@given(records(PACKAGED, certificate_date=date(2023, 9, 1), prompt=True))
def test_records_take_what_is_fixed(record: dict[str, object]) -> None:
    assert record["certificate_date"] == date(2023, 9, 1)
    assert assess(record, policy=PACKAGED).status != "invalid"


@settings(FEW)
@given(occupations(policy=PACKAGED, on=date(2023, 9, 1)))
def test_occupations_are_those_of_the_policy(occupation: Occupation) -> None:
    assert PACKAGED.occupation(occupation.code, date(2023, 9, 1)) == occupation


@settings(FEW)
@given(levels())
def test_levels(level: Level) -> None:
    assert level in Level


@settings(FEW)
@given(worlds(invalid=20))
def test_worlds_print_no_person(world: World) -> None:
    assert "11010519491231002X" not in repr(world)


@settings(FEW)
@given(claim_frames(PACKAGED, invalid=0.0, repeats=0.0, refusals=0.0))
def test_frames_without_faults(frame: pd.DataFrame) -> None:
    found = assess_frame(frame, policy=PACKAGED)
    assert not (found["status"] == "invalid").any()
    assert not found["reason"].isin(["claimed_too_late"]).any()


@settings(FEW)
@given(claim_frames(PACKAGED, rows=8, invalid=1.0, repeats=0.0, refusals=0.0))
def test_frames_of_faults_only(frame: pd.DataFrame) -> None:
    assert len(frame) == 8
    assert (assess_frame(frame, policy=PACKAGED)["status"] == "invalid").all()


@settings(FEW)
@given(claim_frames(PACKAGED, rows=6, invalid=0.0, repeats=0.0, refusals=1.0))
def test_frames_of_refusals_only(frame: pd.DataFrame) -> None:
    assert not (assess_frame(frame, policy=PACKAGED)["status"] == "payable").any()


def test_shares_are_shares() -> None:
    with pytest.raises(ValueError, match="together at most 1"):
        claim_frames(PACKAGED, invalid=0.7, repeats=0.7)


@settings(moderate(30))
@given(broken_policies())
def test_broken_policies_are_refused(broken: BrokenPolicy) -> None:
    with TemporaryDirectory() as folder:
        broken.write(Path(folder))
        with pytest.raises(PolicyError) as raised:
            load_policy(folder)
    assert any(problem.file.endswith(broken.file) for problem in raised.value.problems), broken.fault


def test_shrinking_leaves_what_matters() -> None:
    def two_occupations(world: World) -> bool:
        return len({one["occupation"] for one in world.claims}) == 2

    world = find(worlds(), two_occupations, settings=settings(database=None, derandomize=True))
    assert len(world.claims) <= 3
    assert world.history == ()
    assert all(len(text) == 1 for text in (world.policy.rates, world.policy.rules))


def test_the_print_of_a_world() -> None:
    policy = make_policy({"rules": [], "rates": [], "catalog": [], "occupations": []})
    claim = {"claim_id": "C1", "person_id": "P1", "person_id_type": "other", "level": "5", "insured_months": None}
    text = repr(World(policy, (claim, dict(claim) | {"claim_id": "C2", "person_id": "P2"})))
    assert text.splitlines()[-2:] == [
        "  - {claim_id: C1, person: 1, level: 5}",
        "  - {claim_id: C2, person: 2, level: 5}",
    ]


def test_hypothesis_shows_no_person_id_of_a_failing_world() -> None:
    policy = make_policy({"rules": [], "rates": [], "catalog": [], "occupations": []})
    claim = {"claim_id": "C1", "person_id": "11010519491231002X"}

    @settings(database=None)
    @given(st.just(World(policy, (claim,))))
    def fail(world: World) -> None:
        raise AssertionError(len(world.claims))

    with pytest.raises(AssertionError) as raised:
        fail()
    shown = "\n".join(raised.value.__notes__)
    assert "{claim_id: C1, person: 1}" in shown
    assert "11010519491231002X" not in shown


SOMEBODY = ("11010519491231002X", "resident")


@pytest.mark.parametrize(
    "drawn",
    [claims(PACKAGED, person=SOMEBODY), claims(person=SOMEBODY), histories(PACKAGED, person=SOMEBODY)],
    ids=["claims", "claims of any policy", "histories"],
)
def test_hypothesis_shows_no_person_id_of_a_failing_claim(drawn: st.SearchStrategy[object]) -> None:
    @settings(database=None, max_examples=20)
    @given(drawn)
    def fail(found: object) -> None:
        assert not found

    with pytest.raises(AssertionError) as raised:
        fail()
    shown = "\n".join(raised.value.__notes__)
    assert "Claim(person_id_type=" in shown
    assert "110***********002X" in shown
    assert SOMEBODY[0] not in shown


_TYPES = """
import hypothesis, sys
assert "pydantic" not in sys.modules and "pandas" not in sys.modules, "hypothesis got slower to import"
assert "subsidy.testing.drawn_claims" not in sys.modules
from hypothesis import find, strategies as st
from subsidy import Claim, Occupation, Policy
for kind in (Claim, Occupation, Policy):
    assert isinstance(find(st.from_type(kind), lambda found: True), kind)
"""


@pytest.mark.parametrize("first", ["", "from subsidy import Claim\n_ = Claim\nimport hypothesis\n"])
def test_types_are_known_to_hypothesis(first: str) -> None:
    light, asked, rest = _TYPES.partition("from hypothesis")
    script = (first or light) + asked + rest
    subprocess.run([sys.executable, "-c", script], check=True, timeout=600)
