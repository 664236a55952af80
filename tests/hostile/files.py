"""Hostile files: each is made by one function, which says in its docstring what is wrong with it.

``python -m tests.hostile.files FOLDER`` writes them all to a folder, to try them by hand.
"""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PERSON = "320507199003074513"  # made up
HEADINGS = "claim_id,person_id,occupation,level,certificate_no,certificate_date,applied_on"
ROW = f"C1,{PERSON},4-04-05-05,3,S1,2023-09-01,2023-10-08"
_CELLS = ROW.split(",")
_SHEET = "xl/worksheets/sheet1.xml"

Maker = Callable[[Path], None]


def _bytes(data: bytes) -> Maker:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def _text(text: str, encoding: str = "utf-8") -> Maker:
    return _bytes(text.encode(encoding))


def sheet_xml(rows: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main"><sheetData>{rows}</sheetData></worksheet>'
    )


def cell(name: str, text: str) -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


def claims_xml(more: str = "", rows: int = 1) -> str:
    """Give a sheet with headings and claims, and whatever more."""
    lines = [HEADINGS.split(","), *[[f"C{number}", *_CELLS[1:]] for number in range(rows)]]
    made = "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{'ABCDEFG'[place]}{number}", text) for place, text in enumerate(line))
        + "</row>"
        for number, line in enumerate(lines, 1)
    )
    return sheet_xml(made + more)


def write_xlsx(path: Path, sheet: str | bytes, *, more: dict[str, bytes] | None = None, state: str = "") -> None:
    """Write a workbook of one sheet, given as XML."""
    space = "http://schemas.openxmlformats.org"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{space}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{space}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{space}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{space}/spreadsheetml/2006/main" '
        f'xmlns:r="{space}/officeDocument/2006/relationships"><sheets>'
        f'<sheet name="S" sheetId="1" {state}r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="{space}/package/2006/'
        f'relationships"><Relationship Id="rId1" Type="{space}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        _SHEET: sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, **(more or {})}.items():
            archive.writestr(name, content)


def _bomb(path: Path) -> None:
    """A hundred megabytes of cells in half of one."""
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>' + "0" * 30_000 + "</t></is></c></row>"
    write_xlsx(path, claims_xml("".join(row.format(number) for number in range(3, 3_500))))


def _truncated(path: Path) -> None:
    write_xlsx(path, claims_xml(rows=500))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def _flipped(path: Path) -> None:
    """A byte in the middle of the packed sheet is another."""
    write_xlsx(path, claims_xml(rows=500))
    data = bytearray(path.read_bytes())
    place = data.index(_SHEET.encode()) + 200
    data[place] ^= 0xFF
    path.write_bytes(data)


def _understated(path: Path) -> None:
    """The size of the sheet is said to be less than it is."""
    write_xlsx(path, claims_xml(rows=500))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(_SHEET).file_size.to_bytes(4, "little")
    for place in (data.find(size), data.rfind(size)):
        data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)


def _twice(path: Path) -> None:
    buffer = io.BytesIO()
    write_xlsx(path, claims_xml())
    buffer.write(path.read_bytes())
    with zipfile.ZipFile(buffer, "a") as archive, _silenced():
        archive.writestr(_SHEET, claims_xml())
    path.write_bytes(buffer.getvalue())


def _plain_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")


class _silenced:  # noqa: N801 (used as a function is)
    def __enter__(self) -> None:
        import warnings

        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *_: object) -> None:
        self._caught.__exit__(None, None, None)


def parquet_columns(**changed: pa.Array) -> dict[str, pa.Array]:
    columns = {name: pa.array([text]) for name, text in zip(HEADINGS.split(","), _CELLS, strict=True)}
    return {**columns, **changed}


def _parquet(**changed: pa.Array) -> Maker:
    return lambda path: pq.write_table(pa.table(parquet_columns(**changed)), path)


def _parquet_cut(path: Path) -> None:
    _parquet()(path)
    path.write_bytes(path.read_bytes()[:-20])


def _parquet_rotten(path: Path) -> None:
    """The head and the foot are right, and the data between them isn't."""
    many = pa.table({name: column.take(pa.array([0] * 5_000)) for name, column in parquet_columns().items()})
    pq.write_table(many, path, use_dictionary=False, compression="none")
    data = bytearray(path.read_bytes())
    for place in range(40, len(data) - 4_000, 97):
        data[place] ^= 0x5A
    path.write_bytes(data)


_WIDE = ",".join([*(f"extra{number}" for number in range(9_993)), HEADINGS])

USABLE: dict[str, Maker] = {
    "header_only.csv": _text(HEADINGS + "\n"),
    "header_without_end.csv": _text(HEADINGS),
    "mixed_types.csv": _text(f"{HEADINGS}\n1,2,3,4,5,6,7\ntrue,false,NaN,1e5,null,None,-\n{ROW}\n"),
    "many_columns.csv": _text(_WIDE + "\n" + "," * 9_993 + ROW + "\n"),
    "nul_bytes.csv": _text(f"{HEADINGS}\n{ROW}\n\0\0,{ROW[3:]}\nC\0 2,{ROW[3:]}\n"),
    "formulas.csv": _text(f"{HEADINGS}\n" + "".join(f"{sign}1+1{ROW[2:]}\n" for sign in "=+-@\t＝＋－＠")),
    "huge_cell.csv": _text(f"{HEADINGS},note\n{ROW},{'x' * 10_000_000}\n{'C' * 9_000_000}{ROW[2:]},\n"),
    "ragged.csv": _text(f"{HEADINGS}\n{ROW}\nC2\nC3,{ROW[3:]},a,b\n,,,,,,,,,,\n\n"),
    "gb18030.csv": _text(f"{HEADINGS},备注\n{ROW},\u4dae\n", "gb18030"),
    "old_mac.csv": _text(f"{HEADINGS}\r{ROW}\r"),
    "quotes.csv": _text(f'{HEADINGS}\n"C""1",{ROW[3:]}\n5" pipe,{ROW[3:]}\n'),
    "control.csv": _text(f"{HEADINGS}\n\x1b[31mC1\u202e,{ROW[3:]}\n"),
    "plain.xlsx": lambda path: write_xlsx(path, claims_xml()),
    "nameless_cells.xlsx": lambda path: write_xlsx(
        path, claims_xml().replace(' r="A2"', "").replace(' r="B2"', "").replace('<row r="2"', "<row")
    ),
    "far_row.xlsx": lambda path: write_xlsx(path, claims_xml(f'<row r="1048576">{cell("A1048576", "x")}</row>')),
    "entity.xlsx": lambda path: write_xlsx(path, claims_xml().replace("C0", "&lt;&amp;")),
    "plain.parquet": _parquet(),
    "no_rows.parquet": lambda path: pq.write_table(pa.table(parquet_columns()).slice(0, 0), path),
    "nulls.parquet": _parquet(**{name: pa.nulls(1) for name in HEADINGS.split(",")}),
    "integers.parquet": _parquet(person_id=pa.array([int(PERSON)]), level=pa.array([3], pa.uint8())),
    "floats.parquet": _parquet(person_id=pa.array([float(PERSON)]), claim_id=pa.array([float("nan")])),
    "decimals.parquet": _parquet(level=pa.array([Decimal("3.00")]), claim_id=pa.array([Decimal("1.5")])),
    "dates.parquet": _parquet(
        certificate_date=pa.array([date(2023, 9, 1)]), applied_on=pa.array([2**62], pa.timestamp("ns"))
    ),
    "binary.parquet": _parquet(person_id=pa.array([PERSON.encode()])),
    "dictionary.parquet": _parquet(
        occupation=pa.array(["焊工"]).dictionary_encode(), claim_id=pa.array(["C1"]).dictionary_encode()
    ),
    "nested_extra.parquet": _parquet(conditions=pa.array([{"a": 1}]), note=pa.array([[b"\xff"]])),
    "boolean_ids.parquet": _parquet(claim_id=pa.array([True]), person_id=pa.array([False])),
}
"""Files that are decided, whatever becomes of their rows."""

REFUSED: dict[str, tuple[Maker, str]] = {
    "empty.csv": (_text(""), "empty"),
    "blank.csv": (_text("\n\r\n\n"), "empty"),
    "bom_only.csv": (_bytes(b"\xef\xbb\xbf"), "empty"),
    "no_headings.csv": (_text(ROW + "\n"), "columns missing: claim_id"),
    "latin1.csv": (_text(f"{HEADINGS}\n{ROW},caf\xe9\n", "latin-1"), "neither UTF-8 (line 2) nor GB18030 (line 2)"),
    "half_utf8.csv": (
        _bytes(f"{HEADINGS},备注\n{ROW},张三".encode()[:-1]),
        "line 2 has bytes that aren't UTF-8",
    ),
    "utf16.csv": (_text(f"{HEADINGS}\n{ROW}\n", "utf-16"), "found UTF-16"),
    "utf16_without_bom.csv": (_text(f"{HEADINGS}\n{ROW}\n", "utf-16-le"), "found UTF-16"),
    "zeros.csv": (_bytes(bytes(100_000)), "found UTF-16"),
    "unclosed.csv": (_text(f'{HEADINGS}\n"C1,{ROW[3:]}\n{ROW}\n'), "quotation mark"),
    "twice.csv": (_text(f"{HEADINGS},Claim_ID\n{ROW},C2\n"), "stands twice (columns 1 and 8)"),
    "xlsx.csv": (lambda path: write_xlsx(path, claims_xml()), "rename it to end in .xlsx"),
    "parquet.csv": (_parquet(), "rename it to end in .parquet"),
    "xls.csv": (_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100), "old Excel file"),
    "random.csv": (_bytes(bytes(range(1, 256)) * 50), "neither UTF-8"),
    "empty.xlsx": (_text(""), "empty"),
    "text.xlsx": (_text(f"{HEADINGS}\n{ROW}\n"), "not a whole xlsx file"),
    "old.xlsx": (_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100), "password"),
    "no_sheet.xlsx": (lambda path: write_xlsx(path, b""), "not a whole xlsx file"),
    "empty_sheet.xlsx": (lambda path: write_xlsx(path, sheet_xml("")), "empty"),
    "hidden.xlsx": (lambda path: write_xlsx(path, claims_xml(), state='state="hidden" '), "no sheet is visible"),
    "truncated.xlsx": (_truncated, "not a whole xlsx file"),
    "flipped.xlsx": (_flipped, "not a whole xlsx file"),
    "understated.xlsx": (_understated, "not a whole xlsx file"),
    "twice.xlsx": (_twice, "not a whole xlsx file"),
    "broken_xml.xlsx": (lambda path: write_xlsx(path, claims_xml()[:-60]), "not a whole xlsx file"),
    "utf16.xlsx": (lambda path: write_xlsx(path, claims_xml().encode("utf-16")), "not a whole xlsx file"),
    "bomb.xlsx": (_bomb, "unpacks to"),
    "far_cell.xlsx": (
        lambda path: write_xlsx(path, claims_xml(f'<row r="1048576">{cell("XFD1048576", "x")}</row>')),
        "row 1048576 and column 16384",
    ),
    "far_cell_elsewhere.xlsx": (
        lambda path: write_xlsx(
            path, claims_xml("<row r='9'><c s='1' r='XFD1'><v>1</v></c><c r='A900000'><v>1</v></c></row>")
        ),
        "row 900000 and column 16384",
    ),
    "far_nameless.xlsx": (
        lambda path: write_xlsx(
            path, claims_xml(f'<row>{"<c/>" * 20_000}</row><row r="1048576"><c><v>1</v></c></row>')
        ),
        "more than can be read",
    ),
    "zip.xlsx": (_plain_zip, "not a whole xlsx file"),
    "empty.parquet": (_text(""), "not a whole parquet file"),
    "text.parquet": (_text(f"{HEADINGS}\n{ROW}\n"), "not a whole parquet file"),
    "cut.parquet": (_parquet_cut, "not a whole parquet file"),
    "rotten.parquet": (_parquet_rotten, "not a whole parquet file"),
    "nested.parquet": (_parquet(person_id=pa.array([[PERSON]])), "person_id: found the type list"),
    "struct.parquet": (_parquet(level=pa.array([{"level": 3}])), "level: found the type struct"),
    "not_text.parquet": (_parquet(claim_id=pa.array([b"\xff\xfe"])), "doesn't hold UTF-8 text"),
    "durations.parquet": (_parquet(applied_on=pa.array([1], pa.duration("s"))), "found the type duration"),
    "no_columns.parquet": (lambda path: pq.write_table(pa.table({"x": [1]}), path), "headings found: 'x'"),
    "old.xls": (_text("x"), "aren't read"),
    "none": (_text("x"), "no ending"),
    "words.doc": (_text("x"), "the ending .doc"),
    "folder.csv": (lambda path: path.mkdir(), "found a folder"),
}
"""Files that are refused, with what the message says in English."""
if hasattr(os, "mkfifo"):
    REFUSED["pipe.csv"] = (os.mkfifo, "found a pipe")


def main(folder: Path) -> None:
    """Write all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in {**USABLE, **{name: make for name, (make, _) in REFUSED.items()}}.items():
        make(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
