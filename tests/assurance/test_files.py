"""The laws of the kit on the command line: a policy folder, tables of claims and of what was paid, and the decisions.

Every world is written to files as an agency has them, `subsidy assess` decides them, and its file is read back.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import settings

from subsidy import Policy
from subsidy.model.claim import REQUIRED_FIELDS
from subsidy.policy.loading import CLASSIFICATION, FILES
from subsidy.testing import LAWS, Implementation, check_implementation, report_on
from subsidy.testing.implementations import ANSWER
from tests.cli.calls import call

Item = Mapping[str, Any]
MORE = 10 if settings().max_examples > 1_000 else 1


# -- a policy as a folder ----------------------------------------------------------------


def write_policy(folder: Path, policy: Policy) -> None:
    """Write the texts that this policy knows; JSON is YAML too."""
    folder.mkdir()
    texts = (policy.directory, policy.rates, policy.catalog_editions, policy.rules)
    for name, editions in zip(FILES, texts, strict=True):
        plain = [one.model_dump(mode="json", by_alias=True, exclude_unset=True) for one in editions]
        (folder / name).write_text(json.dumps({"editions": plain}, ensure_ascii=False), encoding="utf-8")
    with (folder / CLASSIFICATION).open("w", encoding="utf-8", newline="") as file:
        rows = policy.classification.items()
        csv.writer(file).writerows(
            [["code", "name", "digital"], *([code, row.name, "yes" if row.digital else "no"] for code, row in rows)]
        )


# -- claims as tables, decisions from them -----------------------------------------------


def as_cell(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def columns_of(records: Sequence[Item]) -> dict[str, list[str]]:
    names = dict.fromkeys([*REQUIRED_FIELDS, *(name for one in records for name in one)])
    return {name: [as_cell(one.get(name)) for one in records] for name in names}


def write_csv(path: Path, records: Sequence[Item]) -> None:
    columns = columns_of(records)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*columns], *zip(*columns.values(), strict=True)])


def write_parquet(path: Path, records: Sequence[Item]) -> None:
    pq.write_table(pa.table({name: pa.array(cells, pa.string()) for name, cells in columns_of(records).items()}), path)


def read_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: _value(name, row[name]) for name in ANSWER} for row in csv.DictReader(file)]


def _value(name: str, cell: str) -> str | int | None:
    return None if cell == "" else int(cell) if name.endswith("_fen") else cell


def read_parquet(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path, columns=list(ANSWER)).to_pylist()
    return rows


FORMS: dict[str, tuple[Callable[[Path, Sequence[Item]], None], Callable[[Path], list[dict[str, Any]]]]] = {
    "csv": (write_csv, read_csv),
    "parquet": (write_parquet, read_parquet),
}


def by_files(folder: Path, ending: str) -> Implementation:
    """Make an implementation of the command line: it decides through files of this form."""
    write, read = FORMS[ending]
    numbers = count()
    folders: dict[str, Path] = {}

    def decide(claims: Sequence[Item], /, *, history: Sequence[Item], policy: Policy) -> list[dict[str, Any]]:
        if not claims:
            return []
        texts = folders.get(policy.fingerprint)
        if texts is None:
            texts = folders[policy.fingerprint] = folder / f"policy-{next(numbers)}"
            write_policy(texts, policy)
        given, paid, decided = (folder / f"{name}-{next(numbers)}.{ending}" for name in ("claims", "paid", "decided"))
        write(given, claims)
        arguments = ["assess", str(given), "-o", str(decided), "--policy", str(texts)]
        if history:
            write(paid, history)
            arguments += ["--history", str(paid)]
        if policy.minimum_confidence is not None:
            arguments += ["--minimum-confidence", str(policy.minimum_confidence)]
        answer = call(*arguments)
        assert answer.code == 0, answer.err
        return read(decided)

    return decide


# -- the tests ---------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FORMS)
def test_the_laws_hold_on_the_command_line(ending: str, tmp_path: Path, chance_seed: int) -> None:
    assert check_implementation(by_files(tmp_path, ending), max_examples=4 * MORE, seed=chance_seed).ok


def test_a_command_line_that_forgets_the_history_is_found(tmp_path: Path) -> None:
    right = by_files(tmp_path, "csv")

    def forgets(claims: Sequence[Item], /, *, history: Sequence[Item], policy: Policy) -> object:
        return right(claims, history=(), policy=policy)

    law = "history_counts_even_if_applied_for_later"
    assert law in LAWS
    assert set(report_on(forgets, laws=[law], max_examples=5, most_shrinks=0).broken) == {law}
