"""The texts of the law (section 3): which edition is in force on a day, and what it says of an occupation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.reference.forms import UnreadableError, compared

LEVELS = ["1", "2", "3", "4", "5", "special"]
STREAMS = ["training", "skill_improvement"]
WEAKEST_FIRST = ["assumed", "secondary", "official"]

Edition = dict[str, Any]


@dataclass
class Policy:
    """A policy folder as it was read: four lists of editions, and the national classification."""

    directory: list[Edition]
    rates: list[Edition]
    catalogue: list[Edition]
    rules: list[Edition]
    names: dict[str, str]  # of the classification: code -> name
    digital: dict[str, bool]  # of the classification: code -> digital
    present_codes: dict[str, str]  # former code -> present code
    meanings: dict[str, str]  # every code, name and alias as it is compared -> code
    known_on: date | None = None

    def condition_ids(self) -> list[str]:
        """One boolean column for each condition id, of every edition of the folder."""
        found: list[str] = []
        for edition in self.rules:
            for condition in procedure(edition)["conditions"]:
                if condition["id"] not in found:
                    found.append(condition["id"])
        return found


def read_policy(folder: Path) -> Policy:
    """Scalars are read as text and then typed: the base loader of PyYAML gives texts only."""

    def editions(name: str) -> list[Edition]:
        text = (folder / name).read_text(encoding="utf-8")
        found: list[Edition] = yaml.load(text, Loader=yaml.BaseLoader)["editions"]  # noqa: S506  (texts only)
        return found

    names, digital = {}, {}
    classification = folder / "classification.csv"
    if classification.exists():
        with classification.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                names[row["code"]] = row["name"]
                digital[row["code"]] = row["digital"] == "yes"
    directory = editions("occupations.yaml")
    present_codes = {}
    for edition in directory:
        for listed in edition["occupations"]:
            for former in listed.get("former_codes") or []:
                present_codes[former] = listed["code"]
    return Policy(
        directory=directory,
        rates=editions("subsidy_rates.yaml"),
        catalogue=editions("shortage_catalog.yaml"),
        rules=editions("rules.yaml"),
        names=names,
        digital=digital,
        present_codes=present_codes,
        meanings=meanings_of(directory, names, present_codes),
    )


def meanings_of(directory: list[Edition], names: dict[str, str], present_codes: dict[str, str]) -> dict[str, str]:
    """What each text that a claim may state as its occupation means; a later line below outweighs an earlier one."""
    found = {compared(name): code for code, name in names.items()}
    # Names and aliases are looked up over all editions (the one published last wins), then in the classification.
    for edition in sorted(directory, key=lambda edition: day(edition["published_on"])):
        for listed in edition["occupations"]:
            found |= {compared(name): listed["code"] for name in all_names(listed)}
    # A code that any edition or the classification lists means itself.
    found |= {compared(code): code for code in names}
    for edition in directory:
        found |= {compared(listed["code"]): listed["code"] for listed in edition["occupations"]}
    # A former code: its present one.
    found |= {compared(former): former for former in present_codes}
    return {text: present_codes.get(code, code) for text, code in found.items()}


def day(text: str) -> date:
    return date.fromisoformat(text)


def missing(value: Any) -> bool:
    """Left out or null = open."""
    return value is None or value in ("", "null", "~")


def true(value: Any) -> bool:
    return str(value).lower() == "true"


# ---- which edition is in force -------------------------------------------------------------------------------------


def is_known(policy: Policy, published_on: str) -> bool:
    """``published_on`` says when it became known; known on k left out: everything is known."""
    return policy.known_on is None or day(published_on) <= policy.known_on


def governs(policy: Policy, edition: Edition, on: date) -> bool:
    """``effective_from``, ``effective_to`` (inclusive; left out or null = open)."""
    if on < day(edition["effective_from"]):
        return False
    if not missing(edition.get("effective_to")) and on > day(edition["effective_to"]):
        return False
    # The old edition gets `ended`: it ends then, but only for who knows that text.
    ended = edition.get("ended") or {}
    return not ended or not is_known(policy, ended["published_on"]) or on <= day(ended["last_day"])


def in_force(policy: Policy, editions: list[Edition], on: date) -> Edition | None:
    """Of the editions with ``published_on <= k`` that govern d, the one published last is in force."""
    best: Edition | None = None
    for edition in editions:
        if not is_known(policy, edition["published_on"]) or not governs(policy, edition, on):
            continue
        if best is None or day(edition["published_on"]) > day(best["published_on"]):
            best = edition
    return best


def adds(edition: Edition) -> bool:
    return bool(edition.get("mode") == "adds")


def catalogues_in_force(policy: Policy, on: date) -> list[Edition]:
    """Start from the `replaces` edition in force; add each `adds` edition published on the same day or later.

    In the order of their weight: by published_on, then `replaces` before `adds`, then place in the file.
    """
    start = in_force(policy, [edition for edition in policy.catalogue if not adds(edition)], on)
    found = [] if start is None else [start]
    for edition in policy.catalogue:
        if not adds(edition) or not is_known(policy, edition["published_on"]) or not governs(policy, edition, on):
            continue
        if start is None or day(edition["published_on"]) >= day(start["published_on"]):
            found.append(edition)
    return sorted(found, key=lambda edition: day(edition["published_on"]))  # sorting keeps the order among equals


# ---- what a text says of an occupation -----------------------------------------------------------------------------


def code_of(policy: Policy, text: Any) -> str:
    """An occupation in a claim may be a code, a name (Chinese or English) or an alias."""
    if not isinstance(text, str):
        raise UnreadableError
    wanted = compared(text)
    if wanted in policy.meanings:
        return policy.meanings[wanted]
    # A well-formed d-dd-dd-dd found nowhere stays itself; any other text is bad_occupation.
    parts = wanted.split("-")
    if [len(part) for part in parts] == [1, 2, 2, 2] and all(part.isascii() and part.isdigit() for part in parts):
        return wanted
    raise UnreadableError


def all_names(listed: dict[str, Any]) -> list[str]:
    name = listed["name"]
    return [*(name.values() if isinstance(name, dict) else [name]), *(listed.get("aliases") or [])]


def present(policy: Policy, code: str) -> str:
    """Former codes: in every edition and claim they mean this code."""
    return policy.present_codes.get(code, code)


def occupation_in(policy: Policy, directory: Edition, code: str) -> dict[str, Any] | None:
    """``covers: all``: occupations known to classification.csv count as listed too, without category."""
    for listed in directory["occupations"]:
        if present(policy, listed["code"]) == code:
            return dict(listed)
    if directory.get("covers", "listed") == "all" and code in policy.names:
        return {"code": code}
    return None


def own_facts(policy: Policy, code: str, listed: dict[str, Any] | None) -> set[str]:
    """``digital`` left out: as classification.csv says, else false. Tags: free words that a condition can ask for."""
    facts = set()
    stated = None if listed is None else listed.get("digital")
    if policy.digital.get(code, False) if stated is None else true(stated):
        facts.add("digital")
    if listed is not None:
        facts |= set(listed.get("tags") or [])
    return facts


def entry_of(policy: Policy, catalogues: list[Edition], code: str, level: str) -> dict[str, Any] | None:
    """Where two of those name the same occupation, the later wins, as a whole entry.

    An entry that does not list the level says nothing; levels left out = all, special too.
    """
    found = None
    for edition in catalogues:
        for entry in edition["entries"]:
            if present(policy, entry["occupation"]) == code:
                found = entry
    if found is None or level not in (found.get("levels") or LEVELS):
        return None
    return dict(found)


def with_entry(facts: set[str], entry: dict[str, Any] | None) -> set[str]:
    """``digital``: that entry's `digital` if it states it, else the occupation's. Tags: both. It is on the list."""
    if entry is None:
        return set(facts)
    found = facts | {"shortage"} | set(entry.get("tags") or [])
    if "digital" in entry:
        found.discard("digital")
        if true(entry["digital"]):
            found.add("digital")
    return found


def row_of(amounts: dict[str, Any], stream: str, category: str | None) -> dict[str, str] | None:
    """The row of the category; `any` only where the stream has no row for the category or the occupation has none."""
    rows = amounts.get(stream) or {}
    if category is not None and category in rows:
        return dict(rows[category])
    return rows.get("any")


def fen(yuan: str) -> Fraction:
    """Money is exact."""
    return Fraction(yuan) * 100


# ---- the parameters of the rules, every key optional, with its default ---------------------------------------------


def entitlement(edition: Edition) -> dict[str, Any]:
    stated = edition.get("entitlement") or {}
    rounding = {"to": "fen", "mode": "half_up", **(stated.get("rounding") or {})}
    return {"uplifts": [], "stacking": "highest", "ceiling": {}, **stated, "rounding": rounding}


def procedure(edition: Edition) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "entitlement_date": "certificate_date",
        "claim_window": None,
        "insured_months": {},
        "conditions": [],
        "lower_after_higher": "refuse",
        "limits": [],
    }
    return {**defaults, **(edition.get("procedure") or {})}


def confidence_of(edition: Edition, part: dict[str, Any] | None = None) -> str:
    """An occupation, an entry, an uplift may carry its own source; it stands in for the edition's."""
    source = (part or {}).get("source") or edition["source"]
    return str(source["confidence"])


def weakest(confidences: list[str]) -> str | None:
    """Null where none was."""
    return min(confidences, key=WEAKEST_FIRST.index) if confidences else None
