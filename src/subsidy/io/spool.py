"""Tables that wait on disk, in a file without a name: however the process ends, nothing is left behind."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

import numpy as np
import pyarrow as pa

from subsidy.engine.batch.arrays import Array, in_threads
from subsidy.io.said import FileError, Said, system_error

__all__ = ["Spool", "spread"]

_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")
_PLAIN = pa.ipc.IpcWriteOptions()
_WRITING = Said("无法写入临时文件", "temporary files can't be written there")


class Spool:
    """Tables of one schema by number; what is put under a number comes back in the order in which it was put.

    Parameters
    ----------
    folder : Path
        On whose disk the file lies.
    schema : pa.Schema
        Of every table.
    compressed : bool
        Numbers that are as good as random don't get smaller.

    Examples
    --------
    >>> with Spool(Path(tempfile.gettempdir()), pa.schema([("row", pa.int64())])) as spool:
    ...     spool.put(7, pa.table({"row": [1, 2]}))
    ...     spool.put(7, pa.table({"row": [5]}))
    ...     spool.get(7).column("row").to_pylist(), spool.get(8).num_rows
    ([1, 2, 5], 0)
    """

    def __init__(self, folder: Path, schema: pa.Schema, *, compressed: bool = True) -> None:
        self.schema = schema
        self._options = _COMPRESSED if compressed else _PLAIN
        self._places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self._end = 0
        self._folder = folder
        self._file = self._opened()

    def _opened(self) -> IO[bytes]:
        try:
            return tempfile.TemporaryFile(dir=self._folder, prefix=".subsidy-")
        except OSError as error:
            raise self._error(error) from None

    def _error(self, error: OSError) -> FileError:
        return system_error(str(self._folder), error, _WRITING)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the disk back."""
        with suppress(OSError):  # what could not be written before can't be written now
            self._file.close()

    def put(self, number: int, table: pa.Table) -> None:
        """Write a table."""
        stream = pa.BufferOutputStream()
        with pa.ipc.new_stream(stream, table.schema, options=self._options) as writer:
            writer.write_table(table)
        written = stream.getvalue()
        try:
            self._file.seek(self._end)
            self._file.write(written)
        except OSError as error:
            raise self._error(error) from None
        self._places[number].append((self._end, written.size))
        self._end += written.size

    def get(self, number: int) -> pa.Table:
        """Read what was put under a number; dictionaries may differ from chunk to chunk."""
        tables = []
        for start, size in self._places.get(number, ()):
            with pa.ipc.open_stream(self._bytes(start, size)) as reader:
                tables.append(reader.read_all())
        return pa.concat_tables(tables) if tables else self.schema.empty_table()

    def _bytes(self, start: int, size: int) -> bytes:
        try:
            self._file.seek(start)  # what is still in a buffer is written then, and may find no room
            return self._file.read(size)
        except OSError as error:
            raise self._error(error) from None


def spread(spool: Spool, table: pa.Table, numbers: Array, count: int, workers: int) -> None:
    """Put each row of a table under its number, in the order of the rows; numbers go from 0 to below a count."""
    narrow = numbers.astype(np.uint16 if count <= 1 << 16 else np.int64)  # sixteen bits are sorted much faster
    order = np.argsort(narrow, kind="stable")
    borders = np.searchsorted(narrow.take(order), np.arange(count + 1))
    places = pa.array(order)
    columns = in_threads(lambda column: column.take(places), table.columns, workers)
    ordered = pa.table(columns, schema=table.schema)
    for number in range(count):
        first, last = int(borders[number]), int(borders[number + 1])
        if first < last:
            spool.put(number, ordered.slice(first, last - first))
