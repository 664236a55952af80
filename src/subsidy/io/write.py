"""Writing a table as csv, xlsx or parquet, part by part."""

from __future__ import annotations

import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from codecs import BOM_UTF8
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from subsidy.io.decisions import harmless
from subsidy.io.place import Target
from subsidy.io.said import FileError, Note, Said

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

__all__ = ["MOST_XLSX_ROWS", "Sink", "check_size", "open_sink"]

MOST_XLSX_ROWS = 1_048_575  # one more holds the headings
_IN_MEMORY_ROWS = 50_000
_LONGEST_CELL = 32_767
_WIDTHS = {"claim_id": 22, "policy_fingerprint": 24, "run_id": 20, "person_id": 22}
_WIDTH = 16
_SCRATCH = "subsidy-xlsx-"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Sink(ABC):
    """A file that is being written; `close` completes it."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self.notes: list[Note] = []

    @abstractmethod
    def write(self, rows: pa.Table) -> None:
        """Write the next rows, of the schema that it was opened with."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left."""

    def discard(self) -> None:  # noqa: B027 (most have nothing to tidy)
        """Leave it as it is, after something went wrong."""


class _Csv(Sink):
    """UTF-8 with a byte order mark, by which Excel knows it."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        super().__init__(schema)
        stream.write(BOM_UTF8)
        self._writer = pacsv.CSVWriter(stream, schema)

    def write(self, rows: pa.Table) -> None:
        for place, field in enumerate(self._schema):
            if _is_text(field.type):
                column = rows.column(place)
                mended = pa.chunked_array([harmless(chunk) for chunk in column.chunks], field.type)
                rows = rows.set_column(place, field, mended)
        self._writer.write_table(rows)

    def close(self) -> None:
        self._writer.close()


class _Parquet(Sink):
    """The columns with their types; words and editions as dictionaries."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        super().__init__(schema)
        self._writer = pq.ParquetWriter(stream, schema, compression="zstd")

    def write(self, rows: pa.Table) -> None:
        self._writer.write_table(rows)

    def close(self) -> None:
        self._writer.close()

    def discard(self) -> None:
        with suppress(OSError, ValueError, pa.ArrowException):
            self._writer.close()


class _Xlsx(Sink):
    """One sheet; texts as texts, amounts as numbers with two places."""

    def __init__(self, stream: BinaryIO, schema: pa.Schema, rows: int, sheet: str) -> None:
        super().__init__(schema)
        from xlsxwriter import Workbook  # type: ignore[import-untyped]

        # In memory nothing is left behind whatever happens, but that takes half a kilobyte for each cell.
        small = rows <= _IN_MEMORY_ROWS
        self._scratch = None if small else _scratch()
        self._book = Workbook(
            stream,
            {
                "in_memory": small,
                "constant_memory": not small,
                "tmpdir": self._scratch,
                "strings_to_numbers": False,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self._book.set_properties({"created": _EPOCH})  # equal decisions make equal files
        self._sheet = self._book.add_worksheet(sheet)
        self._row = 1
        self._cut = 0
        self._writers = [self._writer_of(field, place) for place, field in enumerate(schema)]
        bold = self._book.add_format({"bold": True})
        for place, field in enumerate(schema):
            self._sheet.set_column(place, place, _WIDTHS.get(field.name, _WIDTH))
        for place, field in enumerate(schema):
            self._sheet.write_string(0, place, field.name, bold)
        self._sheet.freeze_panes(1, 0)

    def _writer_of(self, field: pa.Field, place: int) -> Any:
        sheet: Worksheet = self._sheet
        if pa.types.is_decimal(field.type):
            yuan = self._book.add_format({"num_format": "0.00"})
            return lambda row, value: sheet.write_number(row, place, float(value), yuan)
        if pa.types.is_integer(field.type):
            return lambda row, value: sheet.write_number(row, place, value)
        if pa.types.is_boolean(field.type):
            return lambda row, value: sheet.write_boolean(row, place, value)
        if pa.types.is_date(field.type):
            day = self._book.add_format({"num_format": "yyyy-mm-dd"})
            return lambda row, value: sheet.write_datetime(row, place, value, day)
        return lambda row, value: sheet.write_string(row, place, self._fitting(value))

    def _fitting(self, text: str) -> str:
        """Cut what no cell of a sheet can hold."""
        if len(text) <= _LONGEST_CELL:
            return text
        self._cut += 1
        return text[:_LONGEST_CELL]

    def write(self, rows: pa.Table) -> None:
        for batch in rows.to_batches(max_chunksize=10_000):
            columns = [column.to_pylist() for column in batch.columns]
            for number, cells in enumerate(zip(*columns, strict=True), self._row):
                for write, cell in zip(self._writers, cells, strict=True):
                    if cell is not None:
                        write(number, cell)
            self._row += len(batch)

    def close(self) -> None:
        if self._cut:
            said = Said(
                f"{self._cut} 个单元格超过 Excel 的 {_LONGEST_CELL} 字，已截断",
                f"{self._cut} {'cell was' if self._cut == 1 else 'cells were'} cut to the {_LONGEST_CELL} characters "
                "that Excel holds",
            )
            self.notes.append(Note("cut", said, cells=self._cut))
        try:
            self._book.close()
        finally:
            self.discard()

    def discard(self) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)


def _scratch() -> str:
    """Make a folder for the parts of a large workbook, and remove those that killed processes left."""
    for left in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        number = left.name.removeprefix(_SCRATCH).partition("-")[0]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{_SCRATCH}{os.getpid()}-")


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # asking could end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def check_size(target: Target, rows: int) -> None:
    """Refuse more rows than a sheet holds, before they are decided."""
    if target.kind == "xlsx" and rows > MOST_XLSX_ROWS:
        raise FileError(
            Said(
                f"{target.name}：共 {rows} 行，超过 Excel 工作表的 {MOST_XLSX_ROWS} 行；请写入 .csv 或 .parquet",
                f"{target.name}: {rows} rows are more than the {MOST_XLSX_ROWS} that an Excel sheet holds; "
                "write .csv or .parquet",
            )
        )


def open_sink(stream: BinaryIO, target: Target, schema: pa.Schema, rows: int, sheet: str = "decisions") -> Sink:
    """Begin to write a table.

    Parameters
    ----------
    stream : binary file
        As `subsidy.io.place.replacing` gives it.
    target : Target
        Whose kind says how.
    schema : pa.Schema
        Of every part that is written.
    rows : int
        How many there will be.
    sheet : str
        The name of the sheet in a workbook.
    """
    if target.kind == "csv":
        return _Csv(stream, schema)
    if target.kind == "parquet":
        return _Parquet(stream, schema)
    return _Xlsx(stream, schema, rows, sheet)


def _is_text(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary))
