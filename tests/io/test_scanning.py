"""The pass over a csv file: its encoding by the whole file, and whether each line is a row."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.io import scanning
from subsidy.io.said import FileError
from subsidy.io.scanning import scan
from tests.io.tables import ROW, csv_text, notes, opened, row, texts, write_csv


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with BOM"), ("gb18030", "GB18030")]
)
@pytest.mark.parametrize("occupation", ["焊工", "\u4dae", "\U00020000", "4-04-05-05"])
def test_the_encoding_is_found(encoding: str, name: str, occupation: str, tmp_path: Path) -> None:
    """A character beyond GBK, one beyond 16 bits, and none at all, which is UTF-8."""
    path = write_csv(tmp_path / "c.csv", [row(occupation=occupation)], encoding=encoding)
    source = opened(path)
    plain = occupation.isascii() and encoding == "gb18030"
    assert source.encoding == ("UTF-8" if plain else name)
    assert texts(source) == [row(occupation=occupation)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_late_character_tells(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sample of the file would not show: it is decided on all of it, whatever the chunks."""
    rows = [row(claim_id=f"C{number}") for number in range(2_000)] + [row(occupation="焊工")]
    path = write_csv(tmp_path / "c.csv", rows, encoding=encoding)
    for chunk in (64, 1 << 22):
        monkeypatch.setattr(scanning, "_CHUNK", chunk)
        source = opened(path)
        assert source.encoding == {"utf-8": "UTF-8", "gb18030": "GB18030"}[encoding]
        assert texts(source)[-1]["occupation"] == "焊工"


@pytest.mark.parametrize("chunk", [16, 100, 1 << 22])
def test_the_line_of_a_bad_byte(chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "_CHUNK", chunk)
    lines = csv_text([row(occupation="焊工")] * 50).encode().split(b"\r\n")
    lines[0] += b",\xe5\xa4\x87\xe6\xb3\xa8"
    lines[37] += b",\xff"
    path = tmp_path / "c.csv"
    path.write_bytes(b"\r\n".join(lines))
    with pytest.raises(FileError, match="line 38 has bytes"):
        scan(path, "c.csv")
    lines[0] = lines[0][:-7]  # without Chinese headings it might have been GB18030
    path.write_bytes(b"\r\n".join(lines))
    with pytest.raises(FileError, match=r"neither UTF-8 \(line 38\) nor GB18030 \(line (38|2)\)"):
        scan(path, "c.csv")


_PIECES = st.lists(
    st.sampled_from(["a", "焊", ",", '"', "\n", "\r\n", "\r", "\n\n", "x,y\n", '"p\nq"', "\0"]), max_size=40
)


@given(pieces=_PIECES, chunk=st.sampled_from([1, 2, 3, 7, 64]))
def test_where_each_line_is_a_row_the_csv_module_agrees(
    pieces: list[str], chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Never does a file count as one of which each line is a row where a cell holds a line break."""
    text = "".join(pieces)
    path = tmp_path_factory.getbasetemp() / "lines.csv"
    path.write_bytes(text.encode())
    before, scanning._CHUNK = scanning._CHUNK, chunk
    try:
        found = scan(path, "lines.csv")
    except FileError:
        return
    finally:
        scanning._CHUNK = before
    rows = list(csv.reader(io.StringIO(text, newline="")))
    lines = text.replace("\r\n", "\n").rstrip("\r\n").split("\n")
    if found.each_line_is_a_row(","):
        assert [cells for cells in rows if cells] == [next(csv.reader([line])) for line in lines]
        assert found.lines == len(lines)
    else:
        odd = any(line.count('"') % 2 for line in text.split("\n"))
        inside = re.search(r'[^",\r\n]"', text)
        alone = text.count("\r") != text.count("\r\n")
        assert odd or inside or alone or any(not line for line in lines) or text[:1] in "\r\n"


def test_a_mark_inside_of_a_cell_does_not_open_one(tmp_path: Path) -> None:
    """Each line has an even number of marks; still the second cell holds a line break."""
    path = tmp_path / "c.csv"
    path.write_bytes(b'a","p\nq""')
    assert list(csv.reader(io.StringIO('a","p\nq""', newline=""))) == [['a"', 'p\nq"']]
    assert not scan(path, "c.csv").each_line_is_a_row(",")
    path.write_bytes(b'a;","p\nq""')
    assert not scan(path, "c.csv").each_line_is_a_row(",")
    path.write_bytes(b'"a","p, ""q"""\n"",""\n')
    assert scan(path, "c.csv").each_line_is_a_row(",")
    assert not scan(path, "c.csv").each_line_is_a_row(";")


def test_the_line_of_the_first_nul(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(csv_text([row(), row(claim_id="C\0 2")]), encoding="utf-8", newline="")
    source = opened(path)
    assert [one["claim_id"] for one in texts(source)] == ["C1", "C\0 2"]
    assert notes(source)["nul"] == (None, (3,))
    assert ROW["claim_id"] == "C1"
