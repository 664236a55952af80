"""Files decided in parts, in the corners: many small ones of any types of column, and what only sizes can show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from subsidy.engine.batch.spans import Spans
from subsidy.io import csv_file, deciding, parquet_file, parts
from subsidy.io.columns import claim_columns
from subsidy.io.deciding import decide_file
from subsidy.io.large import InParts, Sizes
from subsidy.io.ordered import Ordered
from subsidy.io.place import find_target
from subsidy.io.said import FileError
from subsidy.io.shared_parts import SharedParts
from subsidy.io.source import Source, open_table
from subsidy.io.spool import Spool, spread
from subsidy.io.summary import Certificates
from subsidy.model.errors import HistoryError
from subsidy.policy.policy import Policy
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import resident, town
from tests.io.tables import write_csv, write_xlsx
from tests.policy.support import Item

NEVER = Sizes(10**9, 1 << 60)
TINY = (Sizes(0, 0, 9, 3), Sizes(0, 0, 50, 64))
IDS = ("claim_id", "person_id", "certificate_no")
DAYS = ("certificate_date", "applied_on", "training_filed_on")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small files come in several batches and groups, and be written in several pieces."""
    monkeypatch.setattr(parquet_file, "_BATCH", 16)
    monkeypatch.setattr(csv_file, "_BLOCK", 1 << 12)
    monkeypatch.setattr(parts, "_GROUP", 40)
    monkeypatch.setattr(deciding, "_PART", 11)


def opened(path: Path, policy: Policy) -> Source:
    return open_table(path, claim_columns(policy.vocabulary.conditions))


def decided(claims: Path, to: Path, policy: Policy, sizes: Sizes, history: Path | None, *, skip: bool) -> object:
    """Decide a file, and give all that there is to see of it: also the notes, or the error."""
    source, past = opened(claims, policy), None if history is None else opened(history, policy)
    try:
        found = decide_file(
            source, find_target(to), policy=policy, history=past, skip_bad_history=skip, workers=1, sizes=sizes
        )
    except HistoryError as error:
        assert not to.exists()
        return error.problems
    content = to.read_bytes() if to.suffix == ".csv" else pq.read_table(to).to_pylist()
    to.unlink()
    return found, source.notes, None if past is None else past.notes, content


def same(claims: Path, policy: Policy, history: Path | None = None, *, skip: bool = True, to: str = "csv") -> object:
    """Decide a file at once and in parts, and see that they don't differ and leave nothing."""
    target = claims.with_name(f"out.{to}")
    before = sorted(claims.parent.iterdir())
    truth = decided(claims, target, policy, NEVER, history, skip=skip)
    for sizes in TINY:
        assert decided(claims, target, policy, sizes, history, skip=skip) == truth
        assert sorted(claims.parent.iterdir()) == before
    return truth


# -- files by chance ---------------------------------------------------------------------

INTEGERS = pa.int64()
TYPES: tuple[Callable[[list[int | None]], pa.Array], ...] = (
    lambda numbers: pa.array(numbers, INTEGERS),
    lambda numbers: pa.array(numbers, INTEGERS).dictionary_encode(),
    lambda numbers: pa.array(numbers, INTEGERS).cast(pa.float64()),
    lambda numbers: pa.array(numbers, INTEGERS).cast(pa.decimal128(21, 2)),
    lambda numbers: pa.array(numbers, INTEGERS).cast(pa.int32()).cast(pa.date32()),
    lambda numbers: pa.nulls(len(numbers)),
)
TEXTS: tuple[Callable[[pa.Array], pa.Array], ...] = (
    lambda texts: texts,
    lambda texts: texts.dictionary_encode(),
    lambda texts: texts.cast(pa.large_string()).dictionary_encode(),
    lambda texts: texts.cast(pa.binary()),
)


def made(random: Random, rows: int, letter: str = "") -> list[Item]:
    """Make claims of which many have the id, the certificate or all of another, or lack something."""
    claims = any_claims(seeded(random.randrange(1 << 30)), rows, letter=letter)
    for claim in claims:
        if random.random() < 0.8:
            claim["person_id"], claim["person_id_type"] = resident(random.randrange(max(1, rows // 3))), None
    for _ in range(rows // 8):
        one, other = random.choice(claims), random.choice(claims)
        one.update(random.choice([other, {"claim_id": other["claim_id"]}, {"certificate_no": other["certificate_no"]}]))
    for claim in claims:
        if random.random() < 0.1:
            claim[random.choice([*IDS, "level", "applied_on"])] = None
    return claims


def as_csv(random: Random, path: Path, claims: Sequence[Item]) -> Path:
    """Write some cells with a line break, so that there are more lines than rows."""
    rows = [{name: "" if value is None else str(value) for name, value in claim.items()} for claim in claims]
    for one in rows:
        if random.random() < 0.05:
            one["certificate_no"] += "\n"
    return write_csv(path, rows, list(rows[0]))


def as_parquet(random: Random, path: Path, claims: Sequence[Item]) -> Path:
    """Write ids as texts of any kind, or as numbers, days or nothing."""
    columns: dict[str, pa.Array] = {}
    numbers: dict[str, int] = {}
    for name in claims[0]:
        values = [claim[name] for claim in claims]
        if name in IDS and random.random() < 0.25:
            listed = [None if value is None else numbers.setdefault(value, len(numbers) + 1) for value in values]
            columns[name] = random.choice(TYPES)(listed)
        elif name in DAYS:
            columns[name] = pa.array(values, pa.date32())
        else:
            texts = pa.array([None if value is None else str(value) for value in values], pa.string())
            columns[name] = random.choice(TEXTS)(texts)
    if random.random() < 0.4:  # some persons under another heading
        whole = pa.array([claim["person_id"] for claim in claims], pa.string())
        mask = pa.array([random.random() < 0.5 for _ in claims])
        columns["person_id"] = pc.if_else(mask, whole, None)
        columns["身份证号"] = random.choice(TEXTS)(whole)
    pq.write_table(pa.table(columns), path, row_group_size=random.choice([7, 50]))
    return path


@pytest.mark.parametrize("seed", range(14))
def test_any_small_files(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - made-up data needs no safe randomness
    claims, past = made(random, random.choice([1, 30, 90])), made(random, random.choice([1, 60]), letter="H")
    if seed % 4 == 0:
        past[-1]["claim_id"] = claims[0]["claim_id"]
    kind, to = ("csv", "parquet") if seed % 3 == 0 else ("parquet", "csv")
    write = as_csv if kind == "csv" else as_parquet
    history = as_parquet(random, tmp_path / "history.parquet", past) if seed % 5 else None
    same(
        write(random, tmp_path / f"claims.{kind}", claims), any_policy(seeded(seed)), history, skip=seed % 7 > 0, to=to
    )


@pytest.mark.parametrize("mask", [0, 3 << 62])
def test_hashes_of_no_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mask: int) -> None:
    """All ids may share one hash, that of nothing too: what is said of them hangs on their texts."""
    random = Random(mask)  # noqa: S311 - made-up data needs no safe randomness
    policy = any_policy(seeded(5))
    claims = as_csv(random, tmp_path / "claims.csv", made(random, 90))
    history = as_csv(random, tmp_path / "history.csv", made(random, 60, letter="H"))
    out = tmp_path / "out.csv"
    decide_file(
        opened(claims, policy), find_target(out), policy=policy, history=opened(history, policy), skip_bad_history=True
    )
    truth = out.read_bytes()
    strong = Spans.hashes
    monkeypatch.setattr(Spans, "hashes", lambda spans: strong(spans) & np.uint64(mask))
    for sizes in TINY:
        past = opened(history, policy)
        decide_file(
            opened(claims, policy), find_target(out), policy=policy, history=past, skip_bad_history=True, sizes=sizes
        )
        assert out.read_bytes() == truth


# -- what is asked of both files ---------------------------------------------------------


def rows_of(count: int, letter: str = "C") -> list[dict[str, str]]:
    return [
        {
            "claim_id": f"{letter}{number}",
            "person_id": resident(number % (1 + count // 3)),
            "occupation": "9-01-01-01",
            "level": str(1 + number % 5),
            "certificate_no": f"{letter}-{number}",
            "certificate_date": "2024-01-02",
            "applied_on": f"2024-0{1 + number % 9}-20",
        }
        for number in range(count)
    ]


def written(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    return write_csv(path, rows, list(rows[0]))


def test_few_claims_and_a_large_history(tmp_path: Path) -> None:
    """The history makes the parts as small as the claims do; also beside a sheet, which alone is never large."""
    history = written(tmp_path / "history.csv", rows_of(200, "H"))
    for claims in (written(tmp_path / "claims.csv", rows_of(9)), tmp_path / "claims.xlsx"):
        if claims.suffix == ".xlsx":
            write_xlsx(claims, rows_of(9), list(rows_of(1)[0]))
        same(claims, town(), history)
        with InParts(opened(claims, town()), opened(history, town()), tmp_path, town(), True, 1, TINY[1]) as found:
            found.read(lambda _: None)
            assert found._history is not None
            sizes = [found._history.part(number)[0].num_rows for number in range(found._history.count)]
        assert sum(sizes) == 200
        assert max(sizes) < 120


def test_a_large_history_alone_makes_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("decided in memory")

    monkeypatch.setattr(deciding, "InMemory", refuse)
    claims, history = written(tmp_path / "c.csv", rows_of(5)), written(tmp_path / "h.csv", rows_of(80, "H"))
    found = decide_file(
        opened(claims, town()), None, policy=town(), history=opened(history, town()), sizes=Sizes(50, 1 << 60, 20, 20)
    )
    assert found.summary.rows == 5


def test_a_claim_id_that_is_a_resident_number_is_masked(tmp_path: Path) -> None:
    number = resident(77)
    own, past = rows_of(60), rows_of(60, "H")
    past[3]["claim_id"] = past[50]["claim_id"] = number
    claims = written(tmp_path / "claims.csv", own)
    history = written(tmp_path / "history.csv", past)
    assert number not in str(same(claims, town(), history, skip=False))
    own[8]["claim_id"] = number
    written(claims, own)
    for skip in (False, True):
        told = str(same(claims, town(), history, skip=skip))
        assert number not in told
        assert number[:3] in told


@pytest.mark.parametrize("skip", [False, True])
def test_more_repeated_rows_of_a_history_than_are_told(tmp_path: Path, skip: bool) -> None:
    """They are found by their hashes, and told by their rows."""
    past = rows_of(250, "H")
    for number, one in enumerate(past):
        one["claim_id"] = f"H{number % 120}"
    claims, history = written(tmp_path / "claims.csv", rows_of(20)), written(tmp_path / "history.csv", past)
    told = str(same(claims, town(), history, skip=skip))
    assert "and 30 more rows" in told
    assert "history[120]: claim_id: H0 stands in history[0] too" in told


def test_a_file_cut_off_later_leaves_nothing(tmp_path: Path) -> None:
    """A quotation mark that isn't closed is seen only after rows were put on the disk."""
    claims = written(tmp_path / "claims.csv", rows_of(200))
    claims.write_bytes(claims.read_bytes() + b'C900,"320')
    told = []
    for sizes in (NEVER, *TINY):
        with pytest.raises(FileError) as caught:
            decide_file(opened(claims, town()), find_target(tmp_path / "out.csv"), policy=town(), sizes=sizes)
        told.append(str(caught.value))
    assert len(set(told)) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["claims.csv"]


# -- sizes -------------------------------------------------------------------------------


def test_rows_without_a_person_go_to_all_parts(tmp_path: Path) -> None:
    """A part of all of them could be as large as the file.

    The upper bits of their numbers count up to a million rows, so that a file of 300 is shown as one of a million.
    """
    schema = pa.schema([(name, pa.string()) for name in rows_of(1)[0]])
    table = pa.Table.from_pylist([one | {"person_id": None} for one in rows_of(300)], schema=schema)
    pq.write_table(table, tmp_path / "claims.parquet")
    with InParts(opened(tmp_path / "claims.parquet", town()), None, tmp_path, town(), False, 1, TINY[1]) as found:
        own = found._claims
        for start in range(4):
            own.rows = start << 18
            own._add(table)
        assert [own.tables.get(number).num_rows > 0 for number in range(own.count)].count(True) == 4
    same(tmp_path / "claims.parquet", town())


def test_groups_are_small_in_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else half a million rows of long cells would be held at once."""
    claims = written(tmp_path / "claims.csv", rows_of(300))
    monkeypatch.setattr(parts, "_GROUP", 1 << 30)
    groups = {}
    for size in (1 << 30, 2000):
        monkeypatch.setattr(parts, "_GROUP_BYTES", size)
        with InParts(opened(claims, town()), None, tmp_path, town(), False, 1, TINY[1]) as found:
            seen: list[int] = []
            found.read(seen.append)
            groups[size] = len(seen)
    assert groups[1 << 30] == 1
    assert groups[2000] > 4


@pytest.mark.parametrize("count", [1, 255, 256, 257, 300, (1 << 16) - 1, 1 << 16, (1 << 16) + 1])
def test_rows_are_spread_over_many_parts(tmp_path: Path, count: int) -> None:
    rows = np.arange(40)
    numbers = np.array([(row * 7919 + (count - 1) * (row % 3 == 0)) % count for row in rows])
    numbers[-3:] = count - 1, 0, count - 1
    schema = pa.schema([("row", pa.int64())])
    with Spool(tmp_path, schema) as spool:
        spread(spool, pa.table([rows], schema=schema), numbers, count, 1)
        for number in set(numbers.tolist()):
            assert spool.get(number).column("row").to_pylist() == rows[numbers == number].tolist()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 100])
@pytest.mark.parametrize("bucket", [1, 3, 5, 12, 13, 14])
def test_order_is_that_of_the_rows(tmp_path: Path, bucket: int, size: int) -> None:
    """The words of each part are its own; a piece may be a single row."""
    schema = pa.schema([("at", pa.int64()), ("word", pa.dictionary(pa.int8(), pa.string()))])
    parted: tuple[list[int], ...] = ([3, 7, 12], [], [0, 1, 2, 8], [4, 5, 6, 9, 10, 11])
    with ExitStack() as stack:
        ordered = Ordered(tmp_path, schema, bucket, stack)
        for rows in parted:
            words = pa.array([f"w{row % 5}" for row in rows], pa.string()).dictionary_encode()
            ordered.put(
                pa.table([rows, words.cast(schema.field("word").type)], schema=schema), np.array(rows, np.int64)
            )
        tables = list(ordered.tables(size))
    assert max(table.num_rows for table in tables) <= min(size, bucket)
    found = pa.concat_tables(tables).to_pylist()
    assert found == [{"at": row, "word": f"w{row % 5}"} for row in range(13)]


# -- certificates that are no numbers ----------------------------------------------------


@pytest.mark.parametrize(
    "certificates",
    [
        pa.array([float("nan"), float("nan"), 1.0]),
        pa.array([1.25, 1.5, 1.75]),
        pa.array([Decimal(10**25), Decimal(10**25 + 2**64), Decimal(3)], pa.decimal128(38, 0)),
    ],
)
@pytest.mark.parametrize("sizes", [NEVER, TINY[0]])
def test_what_is_no_certificate_is_not_shared(tmp_path: Path, certificates: pa.Array, sizes: Sizes) -> None:
    rows = rows_of(3)
    columns = {name: pa.array([one[name] for one in rows]) for name in rows[0]} | {"certificate_no": certificates}
    columns["person_id"] = pa.array([resident(number) for number in range(3)])
    pq.write_table(pa.table(columns), tmp_path / "claims.parquet")
    assert decide_file(opened(tmp_path / "claims.parquet", town()), None, policy=town(), sizes=sizes).shared == 0


# -- more text than one array of Arrow holds ---------------------------------------------


def long_cells(rows: int) -> pa.ChunkedArray:
    """Give nothing but one cell of a gigabyte for every three rows; it is asked for by nobody, and takes no memory."""
    zeros, empty = np.zeros(1 << 30, np.uint8), np.array([0, 1, 1, 1 << 30], np.int32)
    buffers = [None, pa.py_buffer(empty), pa.py_buffer(zeros)]
    return pa.chunked_array([pa.Array.from_buffers(pa.string(), 3, buffers)] * (rows // 3))


@pytest.mark.parametrize("in_parts", [False, True])
def test_shared_certificates_beside_long_cells(tmp_path: Path, in_parts: bool) -> None:
    """A parquet file of some megabytes can hold gigabytes of text."""
    rows = [one | {"certificate_no": "S", "claim_id": f"C{at}"} for at, one in enumerate(rows_of(9))]
    for at in (2, 5, 8):
        rows[at]["certificate_no"] = f"S{at}"
    claims = opened(written(tmp_path / "claims.csv", rows), town())
    table = claims.table()
    long = table.set_column(table.schema.get_field_index("occupation"), "occupation", long_cells(9))
    if not in_parts:
        certificates = Certificates(claims.fields)
        for batch in table.to_batches():
            certificates.add(batch)
        count, first = certificates.shared(long)
    else:
        with InParts(claims, None, tmp_path, town(), False, 1, Sizes(0, 0, 100, 64)) as found:
            found.read(lambda _: None)
            shared = SharedParts(found._claims, found._pairs, claims.fields)
            shared.see(long, np.arange(9))
            count, first = shared.count, list(shared.first())
    assert count == 1
    assert first[0].certificate_no == "S"
