"""A world: a policy, claims and a history, for an implementation to decide; its print is for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import strategies as st

from subsidy import Policy
from subsidy.testing.choices import Choice, chosen, one_of
from subsidy.testing.drawn_claims import PERSONS, Person, Record, draw_record
from subsidy.testing.drawn_policies import policies
from subsidy.testing.faults import FAULTS, Fault
from subsidy.testing.ground import ground_of

if TYPE_CHECKING:
    from hypothesis.vendor.pretty import RepresentationPrinter

__all__ = ["World", "worlds"]

_PERSON_COLUMNS = ("person_id", "person_id_type")
_OWN = "own"
_DATES = ("published_on", "effective_from", "effective_to")


@dataclass(frozen=True, eq=False)
class World:
    """What an implementation is given: a policy, claims to decide, and claims already paid.

    Parameters
    ----------
    policy : Policy
        The law.
    claims, history : sequence of mapping
        Records by English column headings; columns that aren't there are unknown.

    Notes
    -----
    ``repr`` prints only what differs from the defaults, in the words of the policy files; persons are numbered.
    """

    policy: Policy
    claims: tuple[Record, ...] = ()
    history: tuple[Record, ...] = ()

    def having(
        self,
        *,
        policy: Policy | None = None,
        claims: Iterable[Record] | None = None,
        history: Iterable[Record] | None = None,
    ) -> World:
        """Give this world with another policy, other claims or another history."""
        return replace(
            self,
            policy=self.policy if policy is None else policy,
            claims=self.claims if claims is None else tuple(claims),
            history=self.history if history is None else tuple(history),
        )

    def __repr__(self) -> str:
        persons: dict[tuple[object, object], int] = {}
        shown: dict[str, object] = {"policy": _policy_as_data(self.policy)}
        for name, rows in (("history", self.history), ("claims", self.claims)):
            if rows:
                shown[name] = [_record_as_data(row, persons) for row in rows]
        return _as_yaml(shown)

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """Let hypothesis print it so too: left to itself it prints the fields, and with them whole person ids."""
        for line in repr(self).splitlines():
            printer.break_()
            printer.text(line)


# -- printing ----------------------------------------------------------------------------


def _record_as_data(record: Record, persons: dict[tuple[object, object], int]) -> dict[str, object]:
    """Give a record without what is empty; the person is a number, for an id must not stand in a report."""
    row: dict[str, object] = {"claim_id": record.get("claim_id")}
    person = tuple(_plain(record.get(name)) for name in _PERSON_COLUMNS)
    if person[0] is not None:
        row["person"] = persons.setdefault((person[0], person[1]), len(persons) + 1)
    row |= {str(name): value for name, value in record.items() if name not in {*_PERSON_COLUMNS, "claim_id"}}
    return {name: _plain(value) for name, value in row.items() if value is not None or name == "claim_id"}


def _policy_as_data(policy: Policy) -> dict[str, object]:
    shown: dict[str, object] = {}
    if policy.known_on is not None:
        shown["known_on"] = str(policy.known_on)
    if policy.minimum_confidence is not None:
        shown["minimum_confidence"] = str(policy.minimum_confidence)
    for name, editions in (
        ("occupations", policy.directory),
        ("rates", policy.rates),
        ("catalog", policy.catalog_editions),
        ("rules", policy.rules),
    ):
        shown[name] = [
            _edition_as_data(one.model_dump(mode="json", by_alias=True, exclude_defaults=True)) for one in editions
        ]
    return shown


def _edition_as_data(edition: dict[str, Any]) -> dict[str, Any]:
    """Leave out title and source of an official text: they decide nothing."""
    source = edition.pop("source", {})
    edition.pop("title", None)
    confidence = source.get("confidence")
    days = {name: edition.pop(name) for name in _DATES if name in edition}
    head = {"id": edition.pop("id")} | days | ({} if confidence == "official" else {"confidence": confidence})
    rows = edition.get("occupations")
    for row in rows if isinstance(rows, list) else ():
        row["name"] = row["name"].get("zh") or row["name"].get("en")
    return head | edition


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


class _Dumper(yaml.SafeDumper):
    """Writes as people do: blocks outside, one line for what is small inside; lists are indented."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class hands it over
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


class _Line(dict[str, object]):
    """A mapping that is written on one line."""


_Dumper.add_representer(
    _Line, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=True)
)


def _as_yaml(data: object) -> str:
    text = yaml.dump(
        _small(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=118
    )
    return text.replace("'", "").rstrip()


def _small(data: object, depth: int = 0) -> object:
    """Mark what is written on one line: rows of claims and occupations, amounts of a row."""
    if isinstance(data, Mapping):
        flat = all(not isinstance(item, (Mapping, list)) or not item for item in data.values())
        items = {key: _small(item, depth + 1) for key, item in data.items()}
        return _Line(items) if depth > 1 and flat else items
    if isinstance(data, list):
        return [_small(item, depth + 1) for item in data]
    return data


# -- drawing -----------------------------------------------------------------------------


@st.composite
def worlds(
    draw: st.DrawFn,
    *,
    policy: Choice[Policy] | None = None,
    most_claims: int = 5,
    most_history: int = 2,
    persons: Choice[int] | None = None,
    prompt: Choice[bool] | None = None,
    invalid: int = 0,
    certificates: Choice[bool] | None = None,
) -> World:
    """Give worlds: a policy, a few claims of a few persons, and what was paid before.

    Parameters
    ----------
    policy : Policy
        Left out: small random ones.
    most_claims, most_history : int
        How many records at most.
    persons : int
        How many persons at most, 1 to 6; as many as claims: mostly a claim each.
    prompt : bool
        As for `records`.
    invalid : int
        Of 100 claims, about how many can't be used.
    certificates : bool
        Whether two claims may state one certificate number.
    """
    of = chosen(draw, policy, policies())
    many = chosen(draw, persons, (1, 2, 3))
    shared = chosen(draw, certificates, (False, True))
    sound: tuple[Fault | None, ...] = (None,) * round(len(FAULTS) * (100 - invalid) / max(invalid, 1))
    faults = (*sound, *FAULTS) if invalid else (None,)
    # A few values for all records of a world, so that claims meet: three occupations, levels and days.
    ground = ground_of(of)
    few: dict[str, list[Any]] = {
        "occupation": [one_of(draw, ground.texts) for _ in range(3)],
        "level": [one_of(draw, ground.levels) for _ in range(3)],
        "certificate_date": [one_of(draw, ground.days) for _ in range(3)],
    }

    shape = (of, tuple(few.items()), PERSONS[:many], shared, prompt)
    # The number first, then each record by a strategy of its own: so shrinking can leave any one of them out.
    now = [draw(_rows(*shape, faults)) for _ in range(1 + one_of(draw, range(most_claims)))]
    past = [draw(_rows(*shape, (None,))) for _ in range(one_of(draw, range(most_history + 1)))]
    claims = [_named(row, f"C{(number * 3 + 7) % 11}") for number, row in enumerate(now)]  # not in order: C7, C10, C2
    return World(of, tuple(claims), tuple(_named(row, f"H{number}") for number, row in enumerate(past)))


@st.composite
def _rows(
    draw: st.DrawFn,
    policy: Policy,
    few: tuple[tuple[str, list[Any]], ...],
    persons: tuple[Person, ...],
    shared: bool,
    prompt: Choice[bool] | None,
    faults: tuple[Fault | None, ...],
) -> dict[str, Any]:
    """Give records that take what is fixed for a world from its few values."""
    own: dict[str, Any] = {field: one_of(draw, values) for field, values in few}
    number = one_of(draw, (_OWN, _OWN, "S1")) if shared else _OWN
    person = one_of(draw, persons)
    record = draw_record(draw, policy, claim_id="C", person=person, certificate_no=number, prompt=prompt, **own)
    fault = one_of(draw, faults)
    return record if fault is None else fault.into(record)


def _named(record: Record, name: str) -> Record:
    """Give the record its claim id, and a certificate number of its own where it has no other."""
    named = dict(record)
    if named["claim_id"] is not None:
        named["claim_id"] = name
    if named["certificate_no"] == _OWN:
        named["certificate_no"] = f"S-{name}"
    return named
