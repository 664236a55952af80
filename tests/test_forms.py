"""Every accepted form of every value: the vectors of forms.yaml, through one claim and through frames.

A frame of decisions doesn't show how a value was read, so each vector is put into claims that are decided otherwise
where it means anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml

from subsidy import Policy
from subsidy.engine.batch.frame import assess_frame
from subsidy.engine.records import Unusable, Usable, read_record
from subsidy.model.errors import InputError
from tests.engine.batch.support import LEVELS, OPEN, OUTPUT, REQUIRED, claim, frame, frame_rows, records, same, town
from tests.policy.support import Item

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs" / "forms.md"
Vector = dict[str, str]

VECTORS: list[Vector] = yaml.load((HERE / "forms.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)["vectors"]  # noqa: S506 - BaseLoader makes texts only
FIELDS: dict[str, tuple[str, ...]] = {
    "date": ("certificate_date", "applied_on", "training_filed_on"),
    "level": ("level",),
    "stream": ("stream",),
    "number": ("insured_months",),
    "boolean": ("resident",),
    "occupation": ("occupation",),
    "id": ("claim_id", "certificate_no"),
    "person_id": ("person_id",),
    "person_id_type": ("person_id_type",),
}
PERSON = "11010519491231002X"
KINDS: tuple[Any, ...] = (object, "str", "category")  # how a column of texts may be stored

_MAKE: dict[str, Callable[[str], Any]] = {
    "text": str,
    "int": int,
    "float": float,
    "bool": lambda text: text == "true",
    "null": lambda _: None,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "list": lambda _: [],
    "bytes": str.encode,
    "numpy.int64": lambda text: np.int64(int(text)),
    "numpy.float32": np.float32,
    "numpy.float64": np.float64,
    "numpy.bool": lambda text: np.bool_(text == "true"),
    "numpy.datetime64": np.datetime64,
    "pandas.Timestamp": pd.Timestamp,
    "pandas.NaT": lambda _: pd.NaT,
    "pandas.NA": lambda _: pd.NA,
}


def value_of(vector: Vector) -> Any:
    return _MAKE[vector.get("type", "text")](vector.get("value", ""))


def named(*kinds: str) -> pytest.MarkDecorator:
    chosen = [vector for vector in VECTORS if vector["kind"] in kinds]
    return pytest.mark.parametrize("vector", chosen, ids=lambda vector: ascii(" ".join(vector.values())))


CONDITION = {"conditions": [{"id": "resident", "title": {"en": "Resident"}}]}
ASKING = town((OPEN[1], CONDITION))
PLAIN = town()


def around(field: str, value: Any, vector: Vector) -> Item:
    """Put a value into a record that can be used."""
    more: Item = {"certificate_date": date.min} if field == "applied_on" else {}
    if field in {"certificate_date", "training_filed_on"}:
        more = {"certificate_date": date.max, "applied_on": date.max}
    kind = vector.get("person_id_type", "resident" if field == "person_id" else "other")
    if vector.get("means") == "resident":
        more["person_id"] = PERSON
    return claim(person_id_type=kind) | more | {field: value}


# -- one claim ---------------------------------------------------------------------------


@named(*FIELDS)
def test_one_claim(vector: Vector) -> None:
    for field in FIELDS[vector["kind"]]:
        read = read_record(ASKING, around(field, value_of(vector), vector))
        if "refused" in vector:
            assert isinstance(read, Unusable)
            assert (read.reason, read.detail) == (vector["refused"], field)
        else:
            assert isinstance(read, Usable), read
            assert meaning(field, read) == vector["means"]


def meaning(field: str, read: Usable) -> str:
    if field == "occupation":
        return read.code
    if field == "resident":
        return str(read.claim.conditions["resident"]).lower()
    return str(getattr(read.claim, field))


@named("empty")
def test_nothing(vector: Vector) -> None:
    value = value_of(vector)
    for fields in FIELDS.values():
        for field in fields:
            record = claim() | {field: value}
            if field == "person_id_type":
                record["person_id"] = PERSON
            found = same(frame(record), policy=ASKING)
            if field in REQUIRED:
                assert found[["reason", "detail"]].iloc[0].tolist() == ["missing_value", field]
            else:
                without = {name: cell for name, cell in record.items() if name != field}
                assert frame_rows(found) == frame_rows(assess_frame(frame(without), policy=ASKING))
                assert found["status"].iloc[0] != "invalid"


# -- frames ------------------------------------------------------------------------------


class Shown(NamedTuple):
    """Claims that show what a value means: the policy, the records, and what some output columns must hold."""

    policy: Policy
    records: list[Item]
    outcome: dict[str, list[Any]]


def _date(value: Any, vector: Vector) -> Iterator[Shown]:
    """Applied on that day for a certificate of that day, and too early for one of the day after; so filing."""
    day = date.fromisoformat(vector["means"])
    later = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
    early = "applied_before_issue" if later > day else None
    two = [claim("C1", person_id=1), claim("C2", person_id=2)]
    issued = [one | {"certificate_date": d, "applied_on": value} for one, d in zip(two, (day, later), strict=True)]
    yield Shown(PLAIN, issued, {"bad": [None, early]})
    sooner = max(day, date.min + timedelta(days=1)) - timedelta(days=1)
    for field, reason in (
        ("certificate_date", "applied_before_issue"),
        ("training_filed_on", "filed_after_certificate"),
    ):
        certificate = "applied_on" if field == "certificate_date" else "certificate_date"
        rows = [
            one | {"applied_on": date.max} | {field: value, certificate: d}
            for one, d in zip(two, (day, sooner), strict=True)
        ]
        yield Shown(PLAIN, rows, {"bad": [None, reason if sooner < day else None]})


def _level(value: Any, vector: Vector) -> Iterator[Shown]:
    yield Shown(PLAIN, [claim(level=value)], {"base_fen": [LEVELS[vector["means"]] * 100]})


def _stream(value: Any, vector: Vector) -> Iterator[Shown]:
    base = {"training": 1000_00, "skill_improvement": 1020_00}[vector["means"]]
    yield Shown(PLAIN, [claim(stream=value)], {"base_fen": [base]})


@cache
def _asking_months(months: int) -> Policy:
    """Ask for so many months in one stream, and one more in the other."""
    return town((OPEN[1], {"insured_months": {"training": months, "skill_improvement": months + 1}}))


def _number(value: Any, vector: Vector) -> Iterator[Shown]:
    months = int(vector["means"])
    rows = [claim(f"C{s}", person_id=s, stream=s, insured_months=value) for s in ("training", "skill_improvement")]
    short = "insured_too_short" if months < 1000 else None
    yield Shown(_asking_months(min(months, 999)), rows, {"reason": [None, short]})


def _boolean(value: Any, vector: Vector) -> Iterator[Shown]:
    reason = None if vector["means"] == "true" else "condition_not_met"
    yield Shown(ASKING, [claim(resident=value)], {"reason": [reason]})


def _occupation(value: Any, vector: Vector) -> Iterator[Shown]:
    """Paid once under this spelling and not again under the code; an unlisted code is only known as such."""
    code = vector["means"]
    rows = [claim("C1", occupation=value), claim("C2", occupation=code)]
    listed = code.startswith("9-01")
    reasons = [None, "same_level_already_paid"] if listed else ["occupation_not_listed"] * 2
    yield Shown(PLAIN, rows, {"reason": reasons, "blocked_by": [None, "C1" if listed else None]})


def _id(value: Any, vector: Vector) -> Iterator[Shown]:
    yield Shown(PLAIN, [claim(value)], {"claim_id": [vector["means"]], "reason": [None]})
    rows = [claim("C1", certificate_no=value), claim("C2", certificate_no=vector["means"], level="4")]
    yield Shown(PLAIN, rows, {"blocked_by": [None, "C1"], "reason": [None, "certificate_already_paid"]})


def _person_id(value: Any, vector: Vector) -> Iterator[Shown]:
    more = {"person_id_type": vector.get("person_id_type")}
    rows = [claim("C1", person_id=value) | more, claim("C2", person_id=vector["means"]) | more]
    yield Shown(PLAIN, rows, {"blocked_by": [None, "C1"], "reason": [None, "same_level_already_paid"]})


def _person_id_type(value: Any, vector: Vector) -> Iterator[Shown]:
    rows = [claim(f"C{n}", person_id=who, person_id_type=value) for n, who in enumerate((PERSON, "P"))]
    rows.append(claim("C3", person_id=PERSON, person_id_type=vector["means"]))
    refused = "bad_person_id" if vector["means"] == "resident" else None
    yield Shown(PLAIN, rows, {"reason": [None, refused, "same_level_already_paid"]})


_SHOW: dict[str, Callable[[Any, Vector], Iterator[Shown]]] = {
    "date": _date,
    "level": _level,
    "stream": _stream,
    "number": _number,
    "boolean": _boolean,
    "occupation": _occupation,
    "id": _id,
    "person_id": _person_id,
    "person_id_type": _person_id_type,
}


def stored(shown: Shown, value: Any, kind: Any) -> pd.DataFrame:
    """Write the claims as a frame, the columns that hold the value as columns of a kind."""
    claims = frame(*shown.records)
    holding = [name for name in claims if any(type(cell) is type(value) and cell == value for cell in claims[name])]
    texts = [name for name in holding if all(cell is None or isinstance(cell, str) for cell in claims[name])]
    return claims.astype(dict.fromkeys(texts, kind))


def kinds_for(value: Any) -> tuple[Any, ...]:
    return KINDS if isinstance(value, str) else KINDS[:1]


@named(*FIELDS)
def test_frames(vector: Vector) -> None:
    value = value_of(vector)
    if "refused" in vector:
        check_refused(value, vector)
        return
    for shown in _SHOW[vector["kind"]](value, vector):
        for kind in kinds_for(value):
            found = same(stored(shown, value, kind), policy=shown.policy)
            rows = [dict(zip(OUTPUT, row, strict=True)) for row in frame_rows(found)]
            invalid = [row["reason"] if row["status"] == "invalid" else None for row in rows]
            for name, expected in shown.outcome.items():
                assert (invalid if name == "bad" else [row[name] for row in rows]) == expected


def check_refused(value: Any, vector: Vector) -> None:
    for field in FIELDS[vector["kind"]]:
        record = around(field, value, vector)
        shown = Shown(ASKING, [record, claim("C9", person_id="Z", person_id_type="other")], {})
        for kind in kinds_for(value):
            found = same(stored(shown, value, kind), policy=ASKING)
            assert found["reason"].iloc[0] == vector["refused"]
            assert found["detail"].iloc[0] == field
            assert found["status"].iloc[1] != "invalid"


@pytest.mark.parametrize("kind", FIELDS)
def test_all_forms_of_a_kind_in_one_column(kind: str) -> None:
    """Texts, numbers and dates side by side, as sheets that people fill in have them."""
    rows = []
    for number, vector in enumerate(vector for vector in VECTORS if vector["kind"] in {kind, "empty"}):
        for field in FIELDS[kind]:
            record = around(field, value_of(vector), vector)
            if field != "claim_id":
                record["claim_id"] = f"{field}/{number}"
            if field != "person_id" and "person_id" not in field:
                record["person_id"] = f"{field}/{number}"
            rows.append(record)
    mixed = frame(*rows)
    same(mixed, policy=ASKING)
    same(mixed.sample(frac=1, random_state=2), policy=PLAIN)


# -- headings ----------------------------------------------------------------------------

_TELLING: dict[str, Item] = {
    "person_id_type": {},
    "stream": {"stream": "skill_improvement"},
    "insured_months": {"insured_months": 3},
    "training_filed_on": {"training_filed_on": date(2025, 1, 1)},
}


@named("heading")
def test_headings(vector: Vector) -> None:
    heading = vector["value"]
    policy = _asking_months(12)
    if "refused" in vector:
        field = vector["of"]
        renamed = frame(claim()).rename(columns={field: heading})
        read = read_record(policy, records(renamed)[0])
        assert isinstance(read, Unusable)
        assert (read.reason, read.detail) == (vector["refused"], field)
        with pytest.raises(InputError, match=field):
            assess_frame(renamed, policy=policy)
        return
    field = vector["means"]
    plain = frame(claim() | _TELLING.get(field, {}))
    found = same(plain.rename(columns={field: heading}), policy=policy)
    assert frame_rows(found) == frame_rows(assess_frame(plain, policy=policy))
    if field not in REQUIRED:
        without = assess_frame(plain.drop(columns=field), policy=policy)
        assert frame_rows(found) != frame_rows(without)


def test_of_several_headings_the_first_that_holds_a_value_serves() -> None:
    record = claim() | {"职业编码": None, "职业名称": "采雾工", "职业": "9-01-01-01"}
    del record["occupation"]
    rows = [record, claim("C2") | {"职业编码": "9-01-01-01", "职业名称": "", "职业": "?"}]
    del rows[1]["occupation"]
    found = same(frame(*rows), policy=PLAIN)
    assert found["base_fen"].tolist() == [1010_00, 1000_00]
    assert found["reason"].notna().sum() == 0


# -- the published table -----------------------------------------------------------------

_SPAN = re.compile(r"`([^`]+)`")
_SECTIONS = {
    "Dates": "date",
    "Levels": "level",
    "Streams": "stream",
    "Whole numbers": "number",
    "Booleans": "boolean",
    "Occupations": "occupation",
    "Ids": "id",
    "Person ids": "person_id",
    "Types of person id": "person_id_type",
    "Headings": "heading",
    "Empty": "empty",
}


def documented() -> Iterator[tuple[str, str, str]]:
    """Give each example of the tables of docs/forms.md: its kind, its text, and what the table says it means."""
    kind = ""
    for line in DOCS.read_text("utf-8").splitlines():
        if line.startswith("## "):
            kind = _SECTIONS.get(line.removeprefix("## "), "")
        if kind and line.startswith("|"):
            first, second, *_ = line.strip("|").split("|")
            says = _SPAN.search(second)
            for example in _SPAN.findall(first):
                yield kind, example, says[1] if says else ""


def published(vector: Vector) -> tuple[str, str, str]:
    kind, text = vector.get("type", ""), vector.get("value", "")  # null and the like are a type without a value
    says = vector.get("means") or vector.get("refused") or "empty"
    return vector["kind"], f"{kind} {text}".strip(), says


def test_the_published_table_and_the_vectors_agree() -> None:
    shown, known = list(documented()), {published(vector) for vector in VECTORS}
    assert [example for example in shown if example not in known] == []
    assert {kind for kind, _, _ in shown} == set(_SECTIONS.values())
    assert len(shown) >= 100


def test_there_are_vectors_of_every_kind_and_none_twice() -> None:
    assert {vector["kind"] for vector in VECTORS} == set(_SECTIONS.values())
    keys = [tuple(sorted(vector.items())) for vector in VECTORS]
    assert len(set(keys)) == len(keys) >= 150
