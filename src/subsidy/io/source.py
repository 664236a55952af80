"""A table of claims in a file, whatever its form: what was found of it, and its rows in batches."""

from __future__ import annotations

import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyarrow as pa

from subsidy.io.columns import Chosen, Wanted
from subsidy.io.said import FileError, Note, Said, system_error
from subsidy.io.spoiled import Watch

__all__ = ["READABLE", "Kind", "Source", "kind_of_file", "open_table"]

Kind = Literal["csv", "xlsx", "parquet"]
READABLE: dict[str, Kind] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_READING = Said("无法读取", "can't be read")


class Source(ABC):
    """A file of claims; opened by `open_table`, which has found its headings.

    Attributes
    ----------
    kind : str
        csv, xlsx or parquet.
    name : str
        The file as the caller named it.
    encoding : str or None
        Of a csv file: UTF-8, UTF-8 with BOM, or GB18030.
    headings : tuple of str
        Our columns as the file names them, in its order; no other column is read.
    fields : tuple of str
        Which column each of them is.
    rows : int or None
        How many rows there are, None where only reading tells; of a csv file, about.
    """

    kind: Kind
    encoding: str | None = None
    rows: int | None = None

    def __init__(self, path: Path, name: str, chosen: Chosen, wanted: Wanted) -> None:
        self.path = path
        self.name = name
        self._chosen = chosen
        self.headings = chosen.names
        self.fields = chosen.fields
        self._wanted = wanted
        self._watch = Watch(chosen, wanted, self.row_number)
        self._found: list[Note] = [*chosen.notes]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noticed; complete once all rows were read."""
        return (*self._found, *self._watch.notes())

    @property
    def schema(self) -> pa.Schema:
        """Headings and types of the batches."""
        return pa.schema([(name, pa.string()) for name in self.headings])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read the rows, in order, a batch at a time.

        Raises
        ------
        FileError
            If the file can't be read to its end.
        """
        self._watch = Watch(self._chosen, self._wanted, self.row_number)
        self._found = [*self._chosen.notes]
        try:
            for batch in self._read():
                self._watch.see(batch)
                yield batch
        except OSError as error:
            raise system_error(self.name, error, _READING) from None

    def table(self) -> pa.Table:
        """Read all rows."""
        return pa.Table.from_batches(list(self.batches()), schema=self.schema)

    @abstractmethod
    def _read(self) -> Iterator[pa.RecordBatch]:
        """Read the rows of our columns."""

    def row_number(self, index: int) -> int:
        """Give the number by which people find the row: that of a spreadsheet, where the headings are row 1."""
        return index + 2


def kind_of_file(name: str) -> Kind:
    """Say by the ending of its name what kind of table a file is.

    Examples
    --------
    >>> kind_of_file("claims.CSV")
    'csv'
    """
    ending = Path(name).suffix.lower()
    kind = READABLE.get(ending)
    if kind is not None:
        return kind
    if ending in {".xls", ".xlsb", ".et", ".ods"}:
        raise FileError(
            Said(
                f"{name}：不支持 {ending} 文件；请另存为 .xlsx 或 CSV UTF-8",
                f"{name}: files of the kind {ending} aren't read; save it as .xlsx or CSV UTF-8",
            )
        )
    found = Said(f"以 {ending} 结尾" if ending else "没有扩展名", f"the ending {ending}" if ending else "no ending")
    raise FileError(
        Said(
            f"{name}：文件名{found.zh}，应以 .csv、.xlsx 或 .parquet 结尾",
            f"{name}: found {found.en}, expected .csv, .xlsx or .parquet",
        )
    )


def open_table(name: str | os.PathLike[str], wanted: Wanted) -> Source:
    """Open a file of claims and find its headings.

    Parameters
    ----------
    name : str or path
        A csv, xlsx or parquet file.
    wanted : Wanted
        The columns that it may have, as `subsidy.io.columns.claim_columns` gives them.

    Returns
    -------
    Source
        Its rows are read by `Source.batches` or `Source.table`.

    Raises
    ------
    FileError
        If it can't be read, isn't what its name says, or lacks a required column.
    """
    named = os.fspath(name)
    kind = kind_of_file(named)
    path = Path(named)
    require_regular(path, named)
    try:
        if kind == "csv":
            from subsidy.io.csv_file import CsvSource

            return CsvSource(path, named, wanted)
        if kind == "xlsx":
            from subsidy.io.xlsx_file import XlsxSource

            return XlsxSource(path, named, wanted)
        from subsidy.io.parquet_file import ParquetSource

        return ParquetSource(path, named, wanted)
    except OSError as error:
        raise system_error(named, error, _READING) from None


def require_regular(path: Path, name: str) -> None:
    """Refuse what isn't a file that can be read twice."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise system_error(name, error, _READING) from None
    if not stat.S_ISREG(mode):
        what = Said("是文件夹", "a folder") if stat.S_ISDIR(mode) else Said("是管道或设备", "a pipe or device")
        raise FileError(Said(f"{name}：{what.zh}，应为普通文件", f"{name}: found {what.en}, expected a file"))
