"""Hostile files: one clear message and exit code 2, or decisions and 0; never a traceback, in both languages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from tests.cli.calls import call, one_message
from tests.hostile.files import PERSON, REFUSED, USABLE

NO_ROWS = {"header_only.csv", "header_without_end.csv", "no_rows.parquet"}


def listing(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused(name: str, tmp_path: Path) -> None:
    make, part = REFUSED[name]
    make(tmp_path / name)
    output = str(tmp_path / "out.csv")
    one_message(call("assess", str(tmp_path / name), "-o", output), name, part)
    chinese = call("assess", str(tmp_path / name), "-o", output, "--lang", "zh")
    one_message(chinese, name)
    assert chinese.err.startswith("错误：")
    assert listing(tmp_path) == {name}


@pytest.mark.parametrize("name", USABLE)
def test_a_file_that_is_decided(name: str, tmp_path: Path) -> None:
    USABLE[name](tmp_path / name)
    for lang, ending in (("en", "csv"), ("zh", "xlsx")):
        answer = call("assess", str(tmp_path / name), "-o", str(tmp_path / f"out.{ending}"), "--lang", lang)
        assert answer.code == 0, answer.err
        assert answer.err == ""
        assert PERSON not in answer.out
        assert max(map(cell_len, answer.out.splitlines())) <= 80
    summary = call("assess", str(tmp_path / name), "-o", str(tmp_path / "out.parquet"), "--json").json()
    assert listing(tmp_path) == {name, "out.csv", "out.xlsx", "out.parquet"}
    assert (summary["claims"] == 0) == (name in NO_ROWS)
    # a cell longer than a block of the reader is no fault of the file
    block = pacsv.ReadOptions(block_size=1 << 26)
    assert pacsv.read_csv(tmp_path / "out.csv", read_options=block).num_rows == summary["claims"]
    assert pq.read_metadata(tmp_path / "out.parquet").num_rows == summary["claims"]


def test_rows_out_are_rows_in_for_ragged_rows(tmp_path: Path) -> None:
    USABLE["ragged.csv"](tmp_path / "ragged.csv")
    summary = call("assess", str(tmp_path / "ragged.csv"), "--json").json()
    assert summary["statuses"] == {"payable": 1, "refused": 0, "undetermined": 0, "invalid": 3}
    notes = {note["kind"]: (note["count"], note["rows"]) for note in summary["notes"]}
    assert notes == {"short_rows": (1, [3]), "long_rows": (1, [4]), "blank_rows": (1, [])}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    one_message(call("assess", str(path)), "can't be read (Permission denied)")


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
@pytest.mark.parametrize("name", ["none.csv", "a\nb.csv", "\x1b[31m.csv", "x" * 300 + ".csv", "a\0.csv", ".csv/x.csv"])
def test_a_file_that_is_not_there(name: str, tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        answer = call("assess", f"{tmp_path}/{name}", "--lang", lang)
        assert (answer.code, answer.out) == (2, "")
        assert "\x1b" not in answer.err
        assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", ["far_cell.xlsx", "utf16.csv", "ragged.csv"])
def test_as_history(name: str, tmp_path: Path) -> None:
    make = USABLE.get(name) or REFUSED[name][0]
    make(tmp_path / name)
    USABLE["plain.parquet"](tmp_path / "claims.parquet")
    answer = call("assess", str(tmp_path / "claims.parquet"), "--history", str(tmp_path / name))
    assert (answer.code, answer.out) == (2, "")
    assert name in answer.err
