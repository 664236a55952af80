"""Claims in a parquet file: our columns with the types they have, text or numbers or dates; no other column is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from subsidy.io.columns import Wanted, choose
from subsidy.io.said import FileError, Note, Said
from subsidy.io.source import Source

__all__ = ["ParquetSource"]

_BATCH = 1 << 17
_BUFFER = 1 << 20
_FAULTS = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError)
_SERVED = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_integer,
    pa.types.is_floating,
    pa.types.is_decimal,
    pa.types.is_boolean,
    pa.types.is_date,
    pa.types.is_timestamp,
    pa.types.is_null,
)
_BINARY = (
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_fixed_size_binary,
    pa.types.is_binary_view,
    pa.types.is_string_view,
)


class ParquetSource(Source):
    """A parquet file; see the module."""

    kind = "parquet"

    def __init__(self, path: Path, name: str, wanted: Wanted) -> None:
        try:
            with pq.ParquetFile(path) as file:
                found, self.rows = file.schema_arrow, file.metadata.num_rows
        except _FAULTS as error:
            if isinstance(error, PermissionError):
                raise
            raise _damaged(name) from None
        chosen = choose(found.names, wanted, name)
        self._schema = pa.schema(
            [(heading, _served(found.types[place], heading, name)) for place, heading in _pairs(chosen)]
        )
        self._binary = tuple(
            heading for place, heading in _pairs(chosen) if any(test(found.types[place]) for test in _BINARY[:3])
        )
        super().__init__(path, name, chosen, wanted)

    @property
    def schema(self) -> pa.Schema:
        """Headings and types of the batches."""
        return self._schema

    def row_number(self, index: int) -> int:
        """Give the place of a row, from 1: no row holds the headings."""
        return index + 1

    def _read(self) -> Iterator[pa.RecordBatch]:
        for heading in self._binary:
            said = Said(f"“{heading}”列为二进制，按 UTF-8 文本读取", f"{heading}: binary, read as UTF-8 text")
            self._found.append(Note("binary", said, heading, serious=False))
        try:
            # Read ahead, pyarrow would keep all bytes of the file until its end.
            with pq.ParquetFile(self.path, pre_buffer=False, buffer_size=_BUFFER) as file:
                for batch in file.iter_batches(batch_size=_BATCH, columns=list(self.headings)):
                    found = batch.select(list(self.headings)).cast(self._schema)
                    self._check_texts(found)
                    yield found
        except FileError:
            raise
        except _FAULTS as error:
            if self._binary and isinstance(error, pa.ArrowInvalid) and "UTF8" in str(error):
                raise _not_text(self.name, self._binary) from None
            raise _damaged(self.name) from None

    def _check_texts(self, batch: pa.RecordBatch) -> None:
        """Refuse text columns that hold other bytes than text: a writer may mark anything as text."""
        for heading, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                column.validate(full=True)
            except pa.ArrowInvalid:
                raise _not_text(self.name, (heading,)) from None


def _pairs(chosen: Any) -> Iterator[tuple[int, str]]:
    return zip(chosen.places, chosen.names, strict=True)


def _served(kind: pa.DataType, heading: str, name: str) -> pa.DataType:
    """Give the type that a column is read as; refuse what no cell of a claim can be."""
    inner = kind
    if pa.types.is_dictionary(inner):
        inner = inner.value_type
    if isinstance(inner, pa.BaseExtensionType):
        inner = kind = inner.storage_type
    if any(test(inner) for test in _SERVED):
        return kind
    if any(test(inner) for test in _BINARY):
        return pa.string()
    raise FileError(
        Said(
            f"{name}：“{heading}”列的类型为 {kind}，应为文本、数字或日期",
            f"{name}: {heading}: found the type {kind}, expected text, numbers or dates",
        )
    )


def _not_text(name: str, headings: tuple[str, ...]) -> FileError:
    columns, do = ("column", "doesn't") if len(headings) == 1 else ("columns", "don't all")
    return FileError(
        Said(
            f"{name}：{'、'.join(headings)} 列含有不是 UTF-8 文本的字节；请以文本列重新导出",
            f"{name}: the {columns} {', '.join(headings)} {do} hold UTF-8 text only; export as text",
        )
    )


def _damaged(name: str) -> FileError:
    return FileError(
        Said(
            f"{name}：不是完整的 Parquet 文件；文件可能已损坏或被截断，请重新导出",
            f"{name}: not a whole parquet file; it may be damaged or cut off, export it again",
        )
    )
