"""Accepted forms: what a cell may hold and what it means, and how an occupation may be named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Place, Source, Stage, shared_file
from subsidy.testing.conformance.themes.played import paid

__all__ = ["drafts"]

_DATES = ("certificate_date", "applied_on", "training_filed_on")
_NEEDED = ("claim_id", "person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on")
_LARGEST = 2**53
"""Numbers beyond it are not the same in every reader of JSON."""

_FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def drafts(source: Source) -> Iterator[Draft]:
    """Draft each vector that JSON can hold, then every name of an occupation."""
    if source.stages:
        stage = source.stages[-1]
        for number, vector in enumerate(_vectors(), 1):
            yield from _of_vector(source, stage, number, vector)
    yield from _occupations(source)


def _vectors() -> list[dict[str, Any]]:
    """Read the vectors, each with the cell as JSON; those that JSON can't tell apart are left out."""
    written = shared_file("forms.yaml").read_text(encoding="utf-8")
    found = []
    for vector in yaml.load(written, Loader=yaml.BaseLoader)["vectors"]:  # noqa: S506  (it makes texts only)
        text, kind = str(vector.get("value", "")), vector.get("type", "text")
        cell: object
        match kind:
            case "text":
                cell = text
            case "null":
                cell = None
            case "bool":
                cell = text == "true"
            case "int" if abs(int(text)) < _LARGEST:
                cell = int(text)
            case "float" if text not in {"nan", "inf"} and not float(text).is_integer():
                cell = float(text)
            case _:
                continue
        found.append({**vector, "cell": cell, "shown": f"{kind} {text!r}" if kind != "text" else ascii(text)})
    return found


def _of_vector(source: Source, stage: Stage, number: int, vector: dict[str, Any]) -> Iterator[Draft]:
    kind, cell = str(vector["kind"]), vector["cell"]
    place = stage.place
    row = source.claim(place)
    asked: list[tuple[str, Row, list[Row]]] = []
    match kind:
        case "date":
            asked = [(column, _dated(row, column, cell, vector.get("means")), []) for column in _DATES]
        case "level" | "stream" | "person_id_type":
            asked = [(kind, {**row, kind: cell}, [])]
        case "number":
            asked = [("insured_months", {**row, "insured_months": cell}, [])]
        case "boolean":
            asked = [(one, {**row, one: cell}, []) for one in source.policy.vocabulary.conditions]
        case "id":
            asked = [("claim_id", {**row, "claim_id": cell}, []), _certificate(source, place, cell, vector)]
        case "person_id":
            asked = [_person(source, place, cell, vector)]
        case "heading":
            column = str(vector.get("means") or vector["of"])
            rest = {name: value for name, value in row.items() if name != column}
            asked = [(column, {**rest, str(cell): row[column]}, [])]
        case "empty":
            columns = (*_NEEDED, "stream", "training_filed_on", "person_id_type", "insured_months")
            asked = [(one, {**row, one: cell}, []) for one in (*columns, *source.policy.vocabulary.conditions)]
    for column, claim, history in asked:
        shown = vector["shown"]
        yield Draft(
            "forms", f"{kind}/{number:03}/{column}", f"{column} 为 {shown}", f"{column} is {shown}", [claim], history,
            clause="S5.forms", as_they_are=frozenset({column}),
        )  # fmt: skip


def _dated(row: Row, column: str, cell: object, means: object) -> Row:
    """Put a date into one column, and a day into the others that goes with what it means."""
    day = means if isinstance(means, str) else row["applied_on"]
    return {**row, **dict.fromkeys(_DATES, day), column: cell}


def _certificate(source: Source, place: Place, cell: object, vector: dict[str, Any]) -> tuple[str, Row, list[Row]]:
    """Draft a certificate that was paid for before, written as it is meant: so what it was taken for can be seen."""
    earlier = paid(source, place, 1, occupation=source.unknown_code, certificate_no=vector.get("means", "S1"))
    return "certificate_no", source.claim(place, certificate_no=cell), [earlier]


def _person(source: Source, place: Place, cell: object, vector: dict[str, Any]) -> tuple[str, Row, list[Row]]:
    """Draft a person who was paid before, written as it is meant: so who it was taken for can be seen."""
    kind = vector.get("person_id_type")
    row = source.claim(place, person_id=cell, person_id_type=kind)
    means = vector.get("means")
    history = [] if means is None else [paid(source, place, 1, person_id=means, person_id_type=kind)]
    return "person_id", row, history


def _occupations(source: Source) -> Iterator[Draft]:
    """Every code, name, alias and former code of every edition, and every name of the classification, once."""
    policy = source.policy
    names: set[str] = set()
    for text, code, clause in _spellings(source):
        name = f"occupation/{clause.rpartition('.')[2]}/{'-'.join(text.split())}"
        name = f"{name}/in-capitals" if name.upper() in names else name
        names.add(name.upper())
        place = next((one for one in source.places if one.code == code and one.cell.reason is None), None)
        if place is None:  # of those that stand for others, the place of one that is alike
            place = next((one for one in source.places if one.cell.reason is None), source.places[0])
        title = policy.vocabulary.titles.get(code)
        zh, en = (title.zh or title.en, title.en or title.zh) if title else (code, code)
        yield Draft(
            "forms",
            name,
            f"职业填 {text}（{zh}）",
            f"the occupation stated as {text} ({en})",
            [source.claim(place, occupation=text)],
            clause=clause,
        )


def _spellings(source: Source) -> Iterator[tuple[str, str, str]]:
    """Give each text once, with the code it means and the sentence by which it does."""
    policy = source.policy
    present = policy.vocabulary.present
    found: dict[str, tuple[str, str]] = {}
    for edition in policy.directory:
        for listed in edition.occupations:
            code = present(listed.code)
            for name in (listed.name.zh, listed.name.en):
                found.setdefault(name, (code, "S3.occupation.name"))
            found.setdefault(listed.name.en.upper(), (code, "S3.occupation.name"))
            for alias in listed.aliases:
                found.setdefault(alias, (code, "S3.occupation.alias"))
            for written in (listed.code, listed.code.translate(_FULL_WIDTH), *listed.former_codes):
                found.setdefault(written, (code, "S3.occupation.code"))
    for written, row in sorted(policy.classification.items()):
        found.setdefault(row.name, (present(written), "S3.occupation.name"))
    found.setdefault(source.unknown_code, (source.unknown_code, "S3.occupation.unknown-code"))
    for text in ("没有这个职业", "9-01-01", "9010101", "ZZ-NONE-01"):
        found.setdefault(text, (source.unknown_code, "S4.invalid.bad-occupation"))
    found.pop("", None)
    for text, (code, clause) in found.items():
        yield text, code, clause
