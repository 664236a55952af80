"""Claims in parquet: the types that columns have, and only our columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from subsidy.io.said import FileError
from tests.hostile.files import parquet_columns
from tests.io.tables import PERSON, decided, expected, notes, opened, texts


def write(path: Path, **changed: pa.Array) -> Path:
    pq.write_table(pa.table(parquet_columns(**changed)), path)
    return path


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"level": pa.array([3], pa.int8())},
        {"level": pa.array([3.0])},
        {"level": pa.array([Decimal("3.00")])},
        {"applied_on": pa.array([date(2023, 10, 8)])},
        {"applied_on": pa.array([1_696_809_599], pa.timestamp("s"))},
        {"applied_on": pa.array([20231008])},
        {"occupation": pa.array(["焊工"]).dictionary_encode()},
        {"occupation": pa.array(["4-04-05-05"], pa.large_string())},
        {"insured_months": pa.array([36.0])},
        {"insured_on_certificate_date": pa.array([True])},
        {"person_id": pa.array([int(PERSON)])},
        {"person_id": pa.array([float(PERSON)])},
        {"claim_id": pa.array([12.0])},
        {"claim_id": pa.array([None], pa.null())},
    ],
)
def test_typed_columns_are_decided_as_their_values_are(changed: dict[str, pa.Array], tmp_path: Path) -> None:
    path = write(tmp_path / "c.parquet", **changed)
    decided(path, tmp_path / "out.parquet")
    (found,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert expected(pq.read_table(path).to_pylist()) == [{name: found[name] for name in list(found)[:-2]}]


def test_binary_columns_are_texts(tmp_path: Path) -> None:
    source = opened(write(tmp_path / "c.parquet", person_id=pa.array([PERSON.encode()])))
    assert texts(source)[0]["person_id"] == PERSON
    assert notes(source) == {"binary": (None, ())}
    view = opened(write(tmp_path / "v.parquet", claim_id=pa.array(["C1"], pa.string_view())))
    assert texts(view)[0]["claim_id"] == "C1"
    assert notes(view) == {}


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary()])
@pytest.mark.parametrize("heading", ["claim_id", "person_id", "certificate_no", "level"])
def test_bytes_that_are_no_text_are_refused(heading: str, kind: pa.DataType, tmp_path: Path) -> None:
    """A column may be marked as text whatever it holds; it was an internal error, and a column of ids stopped all."""
    octets = pa.array([b"C1\xff"], pa.large_binary() if pa.types.is_large_string(kind) else pa.binary())
    column = pa.Array.from_buffers(kind, 1, octets.buffers())
    with pytest.raises(FileError, match=f"{heading} doesn't hold UTF-8 text only; export as text"):
        opened(write(tmp_path / "c.parquet", **{heading: column})).table()


def test_other_columns_are_never_read(tmp_path: Path) -> None:
    path = write(tmp_path / "c.parquet", note=pa.array([[{"claim_id": 1}]]), zzz=pa.array([b"\xff"]))
    source = opened(path)
    assert source.headings == tuple(parquet_columns())
    assert source.table().column_names == list(parquet_columns())


def test_numbers_beyond_fifteen_digits_are_told(tmp_path: Path) -> None:
    source = opened(
        write(tmp_path / "c.parquet", person_id=pa.array([int(PERSON)]), certificate_no=pa.array([10**15 - 1]))
    )
    source.table()
    assert notes(source) == {"long_number": (1, (1,))}
    assert source.rows == 1


def test_rows_come_in_their_order_over_row_groups(tmp_path: Path) -> None:
    names = [f"C{number}" for number in range(5_000)]
    columns = {name: column.take(pa.array([0] * 5_000)) for name, column in parquet_columns().items()}
    pq.write_table(pa.table({**columns, "claim_id": names}), tmp_path / "c.parquet", row_group_size=700)
    assert opened(tmp_path / "c.parquet").table().column("claim_id").to_pylist() == names
