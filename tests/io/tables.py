"""Tables of claims for the tests, and what deciding them row by row gives."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter  # type: ignore[import-untyped]

from subsidy.engine.sequence import assess_all
from subsidy.io.columns import Wanted, claim_columns
from subsidy.io.deciding import Outcome, decide_file
from subsidy.io.decisions import FILE_COLUMNS
from subsidy.io.place import find_target
from subsidy.io.source import Source, open_table
from subsidy.policy.loading import default_policy

PERSON = "320507199003074513"  # made up
OTHER = "320581198811236022"  # made up
ROW = {
    "claim_id": "C1",
    "person_id": PERSON,
    "occupation": "4-04-05-05",
    "level": "3",
    "certificate_no": "S1",
    "certificate_date": "2023-09-01",
    "applied_on": "2023-10-08",
}
HEADINGS = tuple(ROW)
Row = Mapping[str, str]


def wanted() -> Wanted:
    return claim_columns(default_policy().vocabulary.conditions)


def row(**changed: str) -> dict[str, str]:
    return {**ROW, **changed}


def csv_text(rows: Sequence[Row], headings: Sequence[str] = HEADINGS, **how: object) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, **how)  # type: ignore[arg-type]
    writer.writerow(headings)
    writer.writerows([one[heading] for heading in headings] for one in rows)
    return text.getvalue()


def write_csv(path: Path, rows: Sequence[Row], headings: Sequence[str] = HEADINGS, encoding: str = "utf-8") -> Path:
    path.write_bytes(csv_text(rows, headings).encode(encoding))
    return path


def write_xlsx(path: Path, rows: Sequence[Row], headings: Sequence[str] = HEADINGS) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([headings, *([one[heading] for heading in headings] for one in rows)]):
            for place, text in enumerate(cells):
                sheet.write_string(number, place, text)
    return path


def write_parquet(path: Path, rows: Sequence[Row], headings: Sequence[str] = HEADINGS) -> Path:
    pq.write_table(
        pa.table({heading: pa.array([one[heading] for one in rows], pa.string()) for heading in headings}), path
    )
    return path


WRITERS = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}


def opened(path: Path) -> Source:
    return open_table(path, wanted())


def texts(source: Source) -> list[dict[str, object]]:
    return [
        {field: one[name] for field, name in zip(source.fields, source.headings, strict=True)}
        for one in source.table().to_pylist()
    ]


def notes(source: Source) -> dict[str, tuple[int | None, tuple[int, ...]]]:
    return {note.kind: (note.cells, note.rows) for note in source.notes}


def decided(path: Path, target: Path | None, history: Path | None = None) -> Outcome:
    return decide_file(
        opened(path),
        None if target is None else find_target(target),
        policy=default_policy(),
        history=None if history is None else opened(history),
    )


def expected(rows: Sequence[Row], history: Sequence[Row] = ()) -> list[dict[str, object]]:
    """Give the decisions, one by one, with the columns of the engine."""
    made = assess_all(rows, history)
    return [{name: getattr(one, name) for name in FILE_COLUMNS.names[:-2]} for one in made]
