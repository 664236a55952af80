"""The exported cases: of the promised form, the same bytes every time, complete, right by an independent reading."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from subsidy import Level, Policy, Reason, Stream, assess_frame, load_policy
from subsidy.model.text import compact
from subsidy.model.words import Outcome
from subsidy.testing.conformance import default_sources, export_cases, source_of
from subsidy.testing.conformance.answers import ALL_COLUMNS
from subsidy.testing.conformance.case import COLUMNS
from subsidy.testing.conformance.clauses import CLAUSES, clause_of_reason
from subsidy.testing.conformance.themes import THEMES
from tests.cli.calls import call
from tests.reference import decide, read_policy

REPOSITORY = Path(__file__).parents[2]
NEEDED = ("claim_id", "person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on")
KONGSHAN = default_sources()[2].folder


@dataclass(frozen=True)
class Export:
    folder: Path
    manifest: dict[str, Any]
    cases: list[dict[str, Any]]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """The export by default, made once; its cases are read as any other system would."""
    folder = tmp_path_factory.mktemp("cases")
    export_cases(folder)
    place = folder / "v1"
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    cases = []
    for theme in manifest["themes"]:
        lines = (place / theme["file"]).read_text(encoding="utf-8").splitlines()
        assert len(lines) == theme["cases"]
        cases += [json.loads(line) for line in lines]
    return Export(place, manifest, cases)


# ---- form ------------------------------------------------------------------------------


def test_every_case_has_the_form_of_the_schema(export: Export) -> None:
    schema = json.loads((export.folder / "case.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    # Validating is slow; of cases with the same keys and types one in ten is enough, and every first of a theme.
    for case in export.cases[::10] + [next(c for c in export.cases if c["theme"] == theme) for theme in THEMES]:
        validator.validate(case)
    keys = {tuple(sorted(case)) for case in export.cases}
    assert keys == {tuple(sorted(schema["required"]))}
    assert {case["theme"] for case in export.cases} == set(schema["properties"]["theme"]["enum"])
    assert {tuple(sorted(row)) for case in export.cases for row in case["expected"]} == {tuple(sorted(ALL_COLUMNS))}
    wrong = export.cases[0] | {"history": None}
    assert not validator.is_valid(wrong)


def test_the_manifest_tells_the_truth(export: Export) -> None:
    files = {file["path"]: file for file in export.manifest["files"]}
    found = {path.relative_to(export.folder).as_posix() for path in export.folder.rglob("*") if path.is_file()}
    assert found == {*files, "manifest.json"}
    for name, file in files.items():
        content = (export.folder / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    assert export.manifest["cases"] == len(export.cases)
    assert export.manifest["claims"] == sum(len(case["claims"]) for case in export.cases)
    for policy in export.manifest["policies"]:
        assert files[f"{policy['folder']}/policy.json"]["sha256"] == policy["fingerprint"]
        assert load_policy(export.folder / policy["folder"]).fingerprint == policy["fingerprint"]
    assert export.manifest["columns"] == [*ALL_COLUMNS]


def test_ids_are_unique(export: Export) -> None:
    ids = [case["id"] for case in export.cases]
    assert len({case.upper() for case in ids}) == len(ids)
    claim_ids = [
        (case["id"], row["claim_id"])
        for case in export.cases
        for row in case["claims"] + case["history"]
        if str(row.get("claim_id") or "").upper().startswith(case["id"].upper())
    ]
    by_claim = defaultdict(set)
    for case, claim in claim_ids:
        by_claim[claim].add(case)
    assert not [claim for claim, cases in by_claim.items() if len(cases) > 1]
    assert len(claim_ids) > 15_000


def test_fingerprints_are_those_of_what_was_known(export: Export) -> None:
    policies = {policy["name"]: load_policy(export.folder / policy["folder"]) for policy in export.manifest["policies"]}
    stated = {(case["policy"], case["known_on"], case["policy_fingerprint"]) for case in export.cases}
    for name, known_on, fingerprint in stated:
        policy = policies[name] if known_on is None else policies[name].as_known_on(known_on)
        assert policy.fingerprint == fingerprint
    assert len(stated) > 20


def test_labels_point_to_sentences_of_the_docs(export: Export) -> None:
    page = (REPOSITORY / "docs" / "cases.md").read_text(encoding="utf-8")
    of_the_docs = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| S")}
    assert set(CLAUSES) - of_the_docs == {"S5.forms"}  # that one is the page docs/forms.md
    assert {case["labels"]["clause"] for case in export.cases} == set(CLAUSES)
    for case in export.cases:
        assert case["labels"]["rule"] == CLAUSES[case["labels"]["clause"]].rule
    assert {clause_of_reason(reason) for reason in Reason} <= set(CLAUSES)


def test_it_is_the_same_in_another_process_whatever_the_hash_seed(export: Export, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "subsidy", "cases", "export", str(tmp_path), "--policy", str(KONGSHAN)],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
    )
    own = {path.name: path.read_bytes() for path in (tmp_path / "v1").glob("*.jsonl")}
    assert len(own) == len(THEMES)
    for name, content in own.items():
        everything = (export.folder / name).read_bytes().splitlines(keepends=True)
        assert b"".join(line for line in everything if b'"policy":"kongshan"' in line) == content


def test_a_second_export_takes_the_place_of_the_first(export: Export, tmp_path: Path) -> None:
    source = source_of("guangdong-2023", REPOSITORY / "tests" / "policies" / "guangdong-2023")
    first = export_cases(tmp_path, [replace(source, name="other")])
    (tmp_path / "v1" / "mine.txt").write_text("not of the export")
    second = export_cases(tmp_path, [source])
    assert first["files"] != second["files"]
    found = {path.relative_to(tmp_path / "v1").as_posix() for path in (tmp_path / "v1").rglob("*") if path.is_file()}
    assert found == {*(file["path"] for file in second["files"]), "manifest.json", "mine.txt"}


# ---- right -----------------------------------------------------------------------------


def test_the_independent_reference_agrees_on_every_column_of_every_case(export: Export) -> None:
    policies = {policy["name"]: read_policy(export.folder / policy["folder"]) for policy in export.manifest["policies"]}
    wrong = []
    for case in export.cases:
        known_on = case["known_on"]
        policy = replace(policies[case["policy"]], known_on=known_on and date.fromisoformat(known_on))
        decisions = decide(policy, case["claims"], case["history"], case["minimum_confidence"])
        expected = [{name: row[name] for name in COLUMNS} for row in case["expected"]]
        if decisions != expected:
            wrong.append((case["id"], decisions, expected))
    assert wrong[:3] == []
    assert len(export.cases) > 12_000


def groups(export: Export) -> Iterator[tuple[Policy, list[dict[str, Any]]]]:
    """Cases that can be decided in one table: with one policy, the same headings, and none of their ids in another."""
    tables: dict[tuple[Any, ...], list[tuple[set[object], list[dict[str, Any]]]]] = defaultdict(list)
    for case in export.cases:
        heading = tuple(case["claims"][0]) if "/forms/heading/" in case["id"] else None
        ids: set[object] = {row["claim_id"] for row in case["expected"]} - {None}
        ids |= {compact(str(row["person_id"])) for row in case["history"] if "/forms/person_id/" in case["id"]}
        free = tables[case["policy"], case["known_on"], case["minimum_confidence"], heading]
        for taken, cases in free:
            if not taken & ids:
                taken.update(ids)
                cases.append(case)
                break
        else:
            free.append((ids, [case]))
    for (name, known_on, confidence, _), several in tables.items():
        policy = load_policy(export.folder / "policies" / name, minimum_confidence=confidence)
        for _, cases in several:
            yield policy if known_on is None else policy.as_known_on(known_on), cases


def table(rows: list[dict[str, Any]], added: tuple[str, ...] = ()) -> pd.DataFrame:
    frame = pd.DataFrame(rows, dtype=object)
    return frame.assign(**{name: None for name in added if name not in frame.columns})


def test_our_own_batch_output_scores_a_hundred_percent(export: Export, tmp_path: Path) -> None:
    """Cases put into tables, decided as columns, written as csv, and checked by the command."""
    with (tmp_path / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", *COLUMNS])
        for policy, cases in groups(export):
            # A table without a needed column is refused as a whole: it gets an empty one.
            refused = all(case["labels"]["reason"] == "missing_value" for case in cases)
            claims = table([row for case in cases for row in case["claims"]], NEEDED if refused else ())
            history = table([row for case in cases for row in case["history"]])
            names = [case["id"] for case in cases for _ in case["claims"]]
            decided = assess_frame(claims, history=history if len(history) else None, policy=policy)
            rows = decided[[*COLUMNS]].astype(object).where(decided[[*COLUMNS]].notna(), None)
            writer.writerows([name, *row] for name, row in zip(names, rows.to_numpy(), strict=True))
    answer = call("cases", "check", str(tmp_path / "decisions.csv"), "--cases", str(export.folder), "--json")
    found = json.loads(answer.out)
    assert found["differences"] == []
    assert (answer.code, found["ok"], found["total"]["percent"]) == (0, True, 100.0)
    assert found["total"]["cases"] == len(export.cases)
    assert set(found["not_given"]) == {"base", "uplift", "amount"}


# ---- complete --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coverage(export: Export) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((export.folder / "coverage.json").read_text(encoding="utf-8"))
    return found


def test_every_reason_is_exercised(coverage: dict[str, Any], export: Export) -> None:
    every = {reason.value for reason in Reason}
    of_policy: dict[str, set[str]] = defaultdict(set)
    for row in coverage["reasons"]:
        of_policy[row["policy"]].add(row["reason"])
    assert set.union(*of_policy.values()) == every
    # Where there is a directory there are rates, in all but the one city that is invented for its gaps.
    assert every - of_policy["suzhou"] == every - of_policy["yunshan"] == {"no_rates_in_force"}
    named = {case["id"]: case for case in export.cases}
    for row in coverage["reasons"]:
        for case in row["first"]:
            assert row["reason"] in {decision["reason"] for decision in named[case]["expected"]}


# What each rule can say; `no_lower_after_higher` isn't asked where lower levels are allowed.
COMPUTED, MET, NO, UNCLEAR, NOT_ASKED = (
    Outcome.COMPUTED,
    Outcome.MET,
    Outcome.NOT_MET,
    Outcome.UNCLEAR,
    Outcome.NOT_ASKED,
)
RULE_OUTCOMES: dict[str, set[Outcome]] = {
    "entitlement_date": {COMPUTED, UNCLEAR},
    "base_amount": {COMPUTED, NO, UNCLEAR},
    "uplift": {COMPUTED, UNCLEAR, NOT_ASKED},
    "ceiling": {COMPUTED, NOT_ASKED},
    "rounding": {COMPUTED, NOT_ASKED},
    "minimum_confidence": {MET, UNCLEAR},
    "within_claim_window": {MET, NO},
    "insured_long_enough": {MET, NO, UNCLEAR},
    "condition": {MET, NO, UNCLEAR},
    "certificate_paid_once": {MET, NO},
    "level_paid_once": {MET, NO},
    "no_lower_after_higher": {MET, NO},
    "limit": {MET, NO},
}


def test_every_outcome_of_every_rule_is_exercised_in_both_policies(coverage: dict[str, Any]) -> None:
    for policy in ("suzhou", "yunshan"):
        found: dict[str, set[str]] = defaultdict(set)
        for row in coverage["outcomes"]:
            if row["policy"] == policy:
                found[row["rule"]].add(row["outcome"])
                assert row["cases"] > 0
                assert row["first"]
        missing = {rule: {*map(str, outcomes)} - found[rule] for rule, outcomes in RULE_OUTCOMES.items()}
        assert {rule: gone for rule, gone in missing.items() if gone} == {}
        assert set(found) - set(RULE_OUTCOMES) == {"record"}


def test_every_cell_of_the_grid_is_exercised(export: Export) -> None:
    with (export.folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = {(row["policy"], row["first_day"], row["stream"], row["occupation"], row["level"]): row for row in rows}
    assert len(cells) == len(rows)
    assert not [key for key, row in cells.items() if not int(row["cases"]) or not row["first"]]
    for info in export.manifest["policies"]:
        policy = load_policy(export.folder / info["folder"])
        in_grid = {key[3] for key in cells if key[0] == info["name"]}
        expected = len(policy.periods) * len(Stream) * len(Level) * len(in_grid)
        assert sum(key[0] == info["name"] for key in cells) == expected
        stand_in = {policy_mark(policy, code): code for code in in_grid}
        for code in {policy.vocabulary.present(code) for code in policy.classification} | codes_of_texts(policy):
            # Every code is in the grid itself, or nothing in any text tells it from one that is.
            assert code in in_grid or policy_mark(policy, code) in stand_in


def codes_of_texts(policy: Policy) -> set[str]:
    codes = {listed.code for edition in policy.directory for listed in edition.occupations}
    codes |= {entry.occupation for edition in policy.catalog_editions for entry in edition.entries}
    codes |= {code for edition in policy.rates for rows in edition.by_occupation.values() for code in rows}
    return {policy.vocabulary.present(code) for code in codes}


def policy_mark(policy: Policy, code: str) -> tuple[object, ...]:
    """All that any rule can see of an occupation, in every period."""
    seen: list[object] = [code in policy.vocabulary.digital]
    for texts in policy.periods:
        amounts = [tuple(texts.amounts_of(stream, code).items()) for stream in Stream]
        seen += [texts.listing(code), texts.entries.get(code), *amounts]
    return tuple(seen)


# The example of the standard for such numbers, and variants of it with a fault; one that is made up.
RESIDENTS = {
    "11010519491231002X",
    "11010519491231002x",
    "110105194912310021",
    "110105199002310026",
    "320506199003070014",
}


def test_no_person_is_real_and_no_resident_number_is_new(export: Export) -> None:
    """Pseudonyms, and the resident numbers of the forms, which are made up; nothing else that looks like a person."""
    for case in export.cases:
        for row in case["claims"] + case["history"]:
            person, kind = row.get("person_id"), row.get("person_id_type")
            if case["theme"] not in {"forms", "reasons", "history"}:
                assert kind == "other"
            if kind in {None, "resident"} and isinstance(person, str) and re.fullmatch("[0-9]{17}.", person):
                assert person in RESIDENTS or person.startswith("999999")


# ---- another policy --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["wuxi-2023", "guangdong-2023", "fuyang-2017"])
def test_an_agency_exports_cases_of_its_own_policy(name: str, tmp_path: Path) -> None:
    folder = REPOSITORY / "tests" / "policies" / name
    answer = call("cases", "export", str(tmp_path), "--policy", str(folder), "--json")
    assert (answer.code, answer.err) == (0, "")
    manifest = json.loads(answer.out)
    assert [policy["name"] for policy in manifest["policies"]] == [name]
    assert manifest["policies"][0]["fingerprint"] == load_policy(folder).fingerprint
    policy = read_policy(tmp_path / "v1" / "policies" / name)
    themes = {theme["name"]: theme["cases"] for theme in manifest["themes"]}
    assert themes.keys() == THEMES.keys()
    lines = [
        line for theme in ("dates", "history", "reasons") for line in read_lines(tmp_path / "v1" / f"{theme}.jsonl")
    ]
    for case in lines[::3]:
        decisions = decide(policy, case["claims"], case["history"])
        assert decisions == [{column: row[column] for column in COLUMNS} for row in case["expected"]]


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# ---- docs ------------------------------------------------------------------------------


def rows_of_docs(heading: str) -> list[list[str]]:
    """The rows of the table under a heading line of docs/conformance.md."""
    lines = (REPOSITORY / "docs" / "conformance.md").read_text(encoding="utf-8").splitlines()
    start = lines.index(heading) + 2
    end = next(place for place in range(start, len(lines)) if not lines[place].startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:end]]


def test_the_docs_count_what_there_is(export: Export) -> None:
    *themes, total = rows_of_docs("| file | what it holds | cases | claims |")
    assert [(row[0], row[2], row[3]) for row in themes] == [
        (f"`{theme['file']}`", str(theme["cases"]), str(theme["claims"])) for theme in export.manifest["themes"]
    ]
    assert total[2:] == [str(export.manifest["cases"]), str(export.manifest["claims"])]


def test_the_docs_list_every_outcome_of_every_rule(coverage: dict[str, Any]) -> None:
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    first: dict[tuple[str, str, str], str] = {}
    for row in coverage["outcomes"]:
        key = (row["rule"], row["outcome"], row["reason"] or "")
        counted[key] += row["cases"]
        first.setdefault(key, row["first"][0])
    listed = rows_of_docs("| rule | says | reason | cases | one of them |")
    assert listed == [[*key, str(counted[key]), first[key]] for key in sorted(counted)]


def test_the_thirty_lines_of_the_readme_run_the_cases(tmp_path: Path) -> None:
    """The README of the export, done as it says: another system (here the reference) scores a hundred percent."""
    folder = REPOSITORY / "tests" / "policies" / "guangdong-2023"
    export_cases(tmp_path, [source_of("guangdong-2023", folder)])
    readme = (tmp_path / "v1" / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(code.splitlines()) <= 30
    names: dict[str, Any] = {}
    read = cache(read_policy)
    exec(code, names)  # noqa: S102  (our own page)

    def system(policy: Path, known_on: str | None, minimum: str | None, claims: Any, history: Any) -> list[Any]:
        view = replace(read(policy), known_on=date.fromisoformat(known_on) if known_on else None)
        return decide(view, claims, history, minimum)

    names["run"](tmp_path / "v1", system, tmp_path / "decisions.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    schema = json.loads((tmp_path / "v1" / "decisions.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for line in lines[::20]:
        Draft202012Validator(schema).validate(line)
    assert call("cases", "check", str(tmp_path / "decisions.jsonl"), "--cases", str(tmp_path)).code == 0
