"""csv, xlsx and parquet: one table, one set of decisions, in and out."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from subsidy.io.decisions import FILE_COLUMNS, harmless
from subsidy.io.said import FileError
from subsidy.io.write import MOST_XLSX_ROWS, check_size
from subsidy.policy.loading import default_policy
from tests.io.tables import HEADINGS, OTHER, PERSON, WRITERS, decided, expected, opened, row, texts, write_csv
from tests.policy.support import few

_NASTY = st.sampled_from(
    ["", " ", "=1+1", "-5", "@x", '"', "a,b", "a\nb", "'", "NA", "00123", "１", "\u4dae", "x" * 50]
)
_VALUES = {
    "claim_id": st.sampled_from(["C1", "C2", "C3", "=C4", "-5", "+1", "c1", "a,b", 'q"q', "a\nb", "@cmd", "＝1", ""]),
    "person_id": st.sampled_from([PERSON, OTHER, PERSON[:-1] + "4", "1.10101E+17", "x"]),
    "occupation": st.sampled_from(["4-04-05-05", "焊工", "人工智能训练师", "none"]),
    "level": st.sampled_from(["3", "三级", "4", "9"]),
    "certificate_no": st.sampled_from(["S1", "S2", "s 1", "-7", "1E+20"]),
    "certificate_date": st.sampled_from(["2023-09-01", "2023年9月1日", "45170", "2024-03-01"]),
    "applied_on": st.sampled_from(["2023-10-08", "2023/10/9", "20231010"]),
    "insured_months": st.sampled_from(["", "24", "36.0", "x"]),
}
_ROWS = st.lists(
    st.fixed_dictionaries(
        {name: st.one_of(values, _NASTY) if name != "claim_id" else values for name, values in _VALUES.items()}
    ),
    min_size=1,
    max_size=8,
)


def read_back(path: Path) -> list[dict[str, Any]]:
    """Read decisions with other means than those that wrote them; empty cells are None."""
    if path.suffix == ".parquet":
        return [dict(one) for one in pq.read_table(path).to_pylist()]
    cells: list[list[Any]]
    if path.suffix == ".csv":
        cells = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    else:
        cells = [*CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)]
    return [
        {name: None if cell == "" else cell for name, cell in zip(cells[0], line, strict=True)} for line in cells[1:]
    ]


def as_written(one: dict[str, Any], ending: str) -> dict[str, Any]:
    """Give a decision as a file holds it."""
    made: dict[str, Any] = {}
    for name, value in one.items():
        if value is None or isinstance(value, int):
            made[name] = value if ending != "csv" or value is None else str(value)
        else:
            text = str(value)
            made[name] = f"'{text}" if ending == "csv" and text[0] in "=+-@" else text
    amount = Decimal(one["amount_fen"]) / 100
    made["amount"] = {"csv": f"{amount:.2f}", "xlsx": float(amount), "parquet": amount}[ending]
    made["policy_fingerprint"] = default_policy().fingerprint
    return made


@settings(few(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS, source=st.sampled_from([*WRITERS]), ending=st.sampled_from(["csv", "xlsx", "parquet"]))
def test_every_format_gives_the_decisions_of_the_loop(
    rows: list[dict[str, str]], source: str, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rows out = rows in, in their order, each as `assess_all` decides it; and no cell is a formula."""
    folder = tmp_path_factory.getbasetemp()
    if source == "xlsx":  # a row without any value is none there
        rows = [one for one in rows if any(one.values())] or [row(insured_months="")]
    headings = [*HEADINGS, "insured_months"]
    path = WRITERS[source](folder / f"claims.{source}", rows, headings)
    target = folder / f"decisions.{ending}"
    outcome = decided(path, target)
    truth = expected(rows)
    assert read_back(target) == [as_written(one, ending) for one in truth]
    assert outcome.summary.rows == len(rows)
    assert outcome.summary.amount_fen == sum(one["amount_fen"] for one in truth)  # type: ignore[misc]
    assert dict(outcome.summary.by_status()) == {
        status: count
        for status in {one["status"] for one in truth}
        if (count := sum(one["status"] == status for one in truth))
    }


@pytest.mark.parametrize("history", [*WRITERS])
def test_history_of_each_format_counts(history: str, tmp_path: Path) -> None:
    paid = [row(claim_id="H1", certificate_no="S9")]
    path = write_csv(tmp_path / "claims.csv", [row(), row(claim_id="C2", person_id=OTHER)])
    decided(path, tmp_path / "out.parquet", WRITERS[history](tmp_path / f"paid.{history}", paid))
    found = read_back(tmp_path / "out.parquet")
    assert [(one["status"], one["blocked_by"]) for one in found] == [("refused", "H1"), ("payable", None)]


def test_the_columns_and_types_of_a_parquet_file(tmp_path: Path) -> None:
    decided(write_csv(tmp_path / "claims.csv", [row()]), tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.names == FILE_COLUMNS.names
    assert table.schema.field("amount").type == pa.decimal128(18, 2)
    assert table.column("amount").to_pylist() == [Decimal("2340.00")]


def test_a_csv_file_begins_with_what_excel_looks_for(tmp_path: Path) -> None:
    decided(write_csv(tmp_path / "claims.csv", []), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == b"\xef\xbb\xbf" + ",".join(
        f'"{name}"' for name in FILE_COLUMNS.names
    ).encode() + b"\n"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_what_a_spreadsheet_would_run(sign: str, kind: pa.DataType) -> None:
    column = pa.array([f"{sign}1", "1" + sign, "", None], pa.string()).cast(kind)
    assert harmless(column).to_pylist() == [f"'{sign}1", "1" + sign, "", None]
    assert harmless(column).type == kind


def test_a_sheet_shows_amounts_as_numbers_and_formulas_as_text(tmp_path: Path) -> None:
    decided(write_csv(tmp_path / "claims.csv", [row(claim_id="=1+1")]), tmp_path / "out.xlsx")
    found = read_back(tmp_path / "out.xlsx")[0]
    assert (found["claim_id"], found["amount"], found["amount_fen"]) == ("=1+1", 2340.0, 234000)
    import zipfile

    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert b"0.00" in archive.read("xl/styles.xml") or b'numFmtId="2"' in archive.read("xl/styles.xml")


def test_large_sheets_are_written_through_a_folder_that_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal to the one that is held in memory, and nothing is left; also what a killed run left is removed."""
    from subsidy.io import write

    scratch = tmp_path / "scratch"
    left = scratch / f"{write._SCRATCH}999999999-x"
    left.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = write_csv(tmp_path / "claims.csv", [row(claim_id=f"C{number}") for number in range(30)])
    decided(path, tmp_path / "small.xlsx")
    monkeypatch.setattr(write, "_IN_MEMORY_ROWS", 10)
    decided(path, tmp_path / "large.xlsx")
    assert read_back(tmp_path / "large.xlsx") == read_back(tmp_path / "small.xlsx")
    assert list(scratch.iterdir()) == []


def test_more_rows_than_a_sheet_holds(tmp_path: Path) -> None:
    from subsidy.io.place import find_target

    check_size(find_target(tmp_path / "out.xlsx"), MOST_XLSX_ROWS)
    check_size(find_target(tmp_path / "out.csv"), MOST_XLSX_ROWS + 1)
    with pytest.raises(FileError, match="1048576 rows are more than the 1048575"):
        check_size(find_target(tmp_path / "out.xlsx"), MOST_XLSX_ROWS + 1)


def test_equal_decisions_make_equal_files(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "claims.csv", [row(), row(claim_id="C2")])
    for ending in ("csv", "xlsx", "parquet"):
        decided(path, tmp_path / f"a.{ending}")
        decided(path, tmp_path / f"b.{ending}")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_columns_of_two_headings(tmp_path: Path) -> None:
    """Code and name of an occupation may both stand there; the code serves where it is given."""
    headings = [*(name for name in HEADINGS if name != "occupation"), "职业名称", "职业编码"]
    rows = [
        {**row(), "职业名称": "焊工", "职业编码": "4-04-05-05"},
        {**row(claim_id="C2"), "职业名称": "焊工", "职业编码": ""},
    ]
    path = write_csv(tmp_path / "claims.csv", rows, headings)
    assert len(opened(path).headings) == 8
    assert len(texts(opened(path))) == 2
    decided(path, tmp_path / "out.parquet")
    truth = expected([{name: one[name] for name in headings} for one in rows])
    assert read_back(tmp_path / "out.parquet") == [as_written(one, "parquet") for one in truth]
