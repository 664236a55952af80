"""Files decided in parts on disk: the output, the summary and every error are those of deciding them at once."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from subsidy.engine.batch.spans import Spans
from subsidy.io import csv_file, large, parquet_file, parts, repeats, shared_parts, summary
from subsidy.io.columns import claim_columns
from subsidy.io.deciding import Outcome, decide_file
from subsidy.io.large import InParts, Sizes, is_large
from subsidy.io.place import find_target
from subsidy.io.said import FileError
from subsidy.io.source import Source, open_table
from subsidy.io.spool import Spool
from subsidy.model.errors import HistoryError
from subsidy.policy.policy import Policy
from tests.engine.batch.chance import any_claims, any_policy, seeded
from tests.engine.batch.support import resident, town
from tests.io.tables import row, write_csv, write_parquet, write_xlsx
from tests.policy.support import Item

NEVER = Sizes(most_rows=10**9, most_bytes=1 << 60)
ALWAYS = [Sizes(0, 0, part, bucket) for part, bucket in ((100, 64), (60, 1000), (10_000, 7))]
FIRST_DAY = date(2000, 1, 1)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files of some hundred rows come in several batches, and those in several groups."""
    monkeypatch.setattr(parquet_file, "_BATCH", 64)
    monkeypatch.setattr(csv_file, "_BLOCK", 1 << 13)
    monkeypatch.setattr(parts, "_GROUP", 150)


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


SPELLINGS: list[Callable[[str], str]] = [str, str, str, str.lower, wide, lambda text: f" {text[:3]} {text[3:]}"]


def made(seed: int, rows: int, letter: str = "") -> list[Item]:
    """Make claims of many persons, some ids and certificates again and again, spelled in several ways."""
    random = Random(seed)  # noqa: S311
    claims = any_claims(seeded(seed), rows, letter=letter)
    persons: list[tuple[str, str | None]] = [(resident(17 * number), None) for number in range(rows // 5)]
    persons += [(f"k{number}", "other") for number in range(rows // 25)]
    for claim in claims:
        if random.random() < 0.9:
            claim["person_id"], claim["person_id_type"] = random.choice(persons)
    for _ in range(rows // 20):
        one, other = random.choice(claims), random.choice(claims)
        if random.random() < 0.5:
            one.update(other)  # alike
        elif random.random() < 0.5:
            one["claim_id"] = other["claim_id"]
        else:
            one["certificate_no"] = other["certificate_no"]
    for claim in claims:
        if random.random() < 0.03:
            claim[random.choice(["claim_id", "person_id", "certificate_no", "level", "applied_on"])] = None
        for name in ("claim_id", "person_id", "certificate_no"):
            if claim[name] is not None:
                claim[name] = random.choice(SPELLINGS)(claim[name])
    return claims


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def as_csv(path: Path, claims: Sequence[Item]) -> Path:
    names = list(dict.fromkeys(name for claim in claims for name in claim))
    return write_csv(path, [{name: as_text(claim[name]) for name in names} for claim in claims], names)


def as_parquet(path: Path, claims: Sequence[Item]) -> Path:
    """Write days as days, months as numbers, words as a dictionary, and persons under two headings."""
    columns: dict[str, pa.Array] = {}
    for name in claims[0]:
        values = [claim[name] for claim in claims]
        if name in {"certificate_date", "applied_on", "training_filed_on"}:
            columns[name] = pa.array(values, pa.date32())
        elif name == "insured_months":
            columns[name] = pa.array(values, pa.int64())
        elif name in {"resident", "insured"}:
            columns[name] = pa.array(values, pa.bool_())
        else:
            texts = pa.array([None if value is None else str(value) for value in values], pa.string())
            columns[name] = texts.dictionary_encode() if name in {"occupation", "level"} else texts
    whole = columns["person_id"].to_pylist()
    columns["person_id"] = pa.array([one if number % 3 else None for number, one in enumerate(whole)])
    columns["身份证号"] = pa.array([None if number % 3 else one for number, one in enumerate(whole)])
    pq.write_table(pa.table(columns), path)
    return path


WRITERS = {"csv": as_csv, "parquet": as_parquet}


def opened(path: Path, policy: Policy) -> Source:
    return open_table(path, claim_columns(policy.vocabulary.conditions))


def decided(
    path: Path, target: Path | None, policy: Policy, sizes: Sizes, history: Path | None = None, **more: Any
) -> Outcome:
    return decide_file(
        opened(path, policy),
        None if target is None else find_target(target),
        policy=policy,
        history=None if history is None else opened(history, policy),
        sizes=sizes,
        **more,
    )


def content(path: Path) -> object:
    return path.read_bytes() if path.suffix == ".csv" else pq.read_table(path).to_pylist()


def same(claims: Path, policy: Policy, history: Path | None = None, *, to: str = "csv", **more: Any) -> Outcome:
    """Decide a file at once and in parts of several sizes, and compare all there is."""
    truth = decided(claims, claims.with_name(f"whole.{to}"), policy, NEVER, history, **more)
    for sizes in ALWAYS:
        found = decided(claims, claims.with_name(f"parts.{to}"), policy, sizes, history, **more)
        assert found == truth
        assert content(claims.with_name(f"parts.{to}")) == content(claims.with_name(f"whole.{to}"))
    return truth


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_any_claims(tmp_path: Path, kind: str, seed: int) -> None:
    claims = WRITERS[kind](tmp_path / f"claims.{kind}", made(seed, 700))
    truth = same(claims, any_policy(seeded(seed)), to=kind, workers=1 + seed % 2)
    reasons = {str(reason) for _, reason in truth.summary.counts}
    assert {"duplicate_claim_id", "missing_value"} <= reasons
    assert truth.shared > 3


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_with_a_history(tmp_path: Path, kind: str, seed: int) -> None:
    policy = any_policy(seeded(seed))
    claims = WRITERS[kind](tmp_path / f"claims.{kind}", made(seed, 500))
    history = as_parquet(tmp_path / "history.parquet", made(seed + 100, 400, letter="H"))
    truth = same(claims, policy, history, skip_bad_history=True)
    assert any(" too" in problem for problem in truth.skipped_history)
    assert any("missing_value" in problem for problem in truth.skipped_history)


def town_rows(count: int, **more: Any) -> list[dict[str, str]]:
    """Make usable claims of a third as many persons."""
    return [
        {
            "claim_id": f"C{number}",
            "person_id": resident(number % (1 + count // 3)),
            "occupation": f"9-01-01-0{1 + number % 3}",
            "level": str(1 + number % 5),
            "certificate_no": f"S{number}",
            "certificate_date": "2024-01-02",
            "applied_on": f"2024-0{1 + number % 9}-20",
            "insured_months": "24",
        }
        | more
        for number in range(count)
    ]


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    return write_csv(path, rows, list(rows[0]))


def test_a_file_concatenated_twice(tmp_path: Path) -> None:
    rows = town_rows(400)
    truth = same(write(tmp_path / "claims.csv", rows + rows), town())
    assert sum(count for (_, reason), count in truth.summary.counts.items() if reason == "duplicate_claim_id") == 400


def test_a_file_concatenated_twice_with_other_levels(tmp_path: Path) -> None:
    rows = town_rows(300)
    other = [one | {"level": "special"} for one in rows]
    truth = same(write(tmp_path / "claims.csv", rows + other), town())
    assert {reason for _, reason in truth.summary.counts} == {"duplicate_claim_id"}


def test_one_id_and_one_person_for_all(tmp_path: Path) -> None:
    same(write(tmp_path / "claims.csv", town_rows(300, claim_id="C", person_id=resident(5))), town())
    same(write(tmp_path / "more.csv", town_rows(300, person_id=resident(5), certificate_no="S")), town())


def test_no_person_anywhere(tmp_path: Path) -> None:
    same(write(tmp_path / "claims.csv", town_rows(300, person_id="")), town())


def test_ids_and_certificates_as_numbers(tmp_path: Path) -> None:
    rows = town_rows(300)
    columns = {name: pa.array([one[name] for one in rows]) for name in rows[0]}
    columns["claim_id"] = pa.array([number % 290 for number in range(300)], pa.int32())
    columns["certificate_no"] = pa.array([float(number % 200) for number in range(300)])
    columns["person_id"] = pa.array([number % 30 for number in range(300)], pa.int64())
    columns["person_id_type"] = pa.array(["other"] * 300)
    pq.write_table(pa.table(columns), tmp_path / "claims.parquet")
    truth = same(tmp_path / "claims.parquet", town(), to="parquet")
    assert truth.shared > 50
    assert truth.summary.by_reason(next(iter(truth.summary.by_status()))[0])


def test_a_file_without_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "claims.csv", town_rows(1))
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    sizes = Sizes(-1, 1 << 60)
    assert is_large([opened(path, town())], sizes)
    assert decided(path, tmp_path / "out.csv", town(), sizes) == decided(path, tmp_path / "whole.csv", town(), NEVER)
    assert content(tmp_path / "out.csv") == content(tmp_path / "whole.csv")


def test_hashes_only_propose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With hashes of four bits, unequal ids share one all the time."""
    strong = Spans.hashes
    monkeypatch.setattr(Spans, "hashes", lambda spans: strong(spans) & np.uint64(0xF << 60))
    policy = any_policy(seeded(3))
    claims = as_csv(tmp_path / "claims.csv", made(3, 400))
    history = as_csv(tmp_path / "history.csv", made(103, 200, letter="H"))
    decided(claims, tmp_path / "whole.csv", policy, NEVER, history, skip_bad_history=True)
    for sizes in ALWAYS:  # how many share a certificate is counted by hashes alone
        decided(claims, tmp_path / "parts.csv", policy, sizes, history, skip_bad_history=True)
        assert content(tmp_path / "parts.csv") == content(tmp_path / "whole.csv")


def broken_history(number: int) -> list[dict[str, str]]:
    rows = [one | {"claim_id": f"H{place}"} for place, one in enumerate(town_rows(260))]
    if number & 1:
        for place in (*range(3, 240, 2), 250):
            rows[place]["level"] = "9"
    if number & 2:
        for place in (200, 30, 255):
            rows[place]["claim_id"] = "ｈ7"
        rows[120]["claim_id"] = "H90"
    if number & 4:
        for place in (*range(1, 230, 2), 256):
            rows[place]["claim_id"] = f"c{260 - place}"
    return rows


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("number", range(1, 8))
def test_a_history_that_cannot_be_used(tmp_path: Path, number: int, skip: bool) -> None:
    claims = write(tmp_path / "claims.csv", town_rows(300))
    history = write(tmp_path / "history.csv", broken_history(number))
    if skip and not number & 4:
        assert same(claims, town(), history, skip_bad_history=True).skipped_history
        return
    with pytest.raises(HistoryError) as truth:
        decided(claims, None, town(), NEVER, history, skip_bad_history=skip)
    for sizes in ALWAYS:
        with pytest.raises(HistoryError) as found:
            decided(claims, tmp_path / "out.csv", town(), sizes, history, skip_bad_history=skip)
        assert found.value.problems == truth.value.problems
    assert not (tmp_path / "out.csv").exists()


def test_there_are_several_parts(tmp_path: Path) -> None:
    source = opened(write(tmp_path / "claims.csv", town_rows(300)), town())
    with InParts(source, None, tmp_path, town(), False, 1, Sizes(0, 0, 50, 50)) as found:
        found.read(lambda _: None)
        sizes = [found._claims.tables.get(number).num_rows for number in range(found._claims.count)]
    assert len(sizes) == 7
    assert sum(sizes) == 300
    assert min(sizes) > 10


def test_progress_goes_on(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    claims = write(tmp_path / "claims.csv", town_rows(300))
    decided(claims, None, town(), ALWAYS[0], progress=lambda *what: told.append(what))
    for stage in ("read", "decide", "write"):
        rows = [done for one, done, _ in told if one == stage]
        assert rows == sorted(rows)
        assert rows[-1] == 300
        assert len(rows) > 2


def open_files() -> list[str]:
    folder = Path("/proc/self/fd")
    return sorted(str(one.readlink()) for one in folder.iterdir() if one.is_symlink()) if folder.is_dir() else []


@pytest.mark.parametrize("kind", [KeyboardInterrupt, MemoryError, OSError])
@pytest.mark.parametrize("when", ["read", "decide", "write"])
def test_nothing_is_left_behind(tmp_path: Path, when: str, kind: type[BaseException]) -> None:
    claims = write(tmp_path / "claims.csv", town_rows(300))
    (tmp_path / "out.csv").write_text("as it was", encoding="utf-8")
    before = open_files()
    seen: list[str] = []

    def stop(stage: str, done: int, _: int | None) -> None:
        if stage == when and done > 1:
            seen.extend(one for one in open_files() if str(tmp_path) in one)
            raise kind

    with pytest.raises((kind, FileError)):
        decided(claims, tmp_path / "out.csv", town(), ALWAYS[0], progress=stop)
    assert {one.name for one in tmp_path.iterdir()} == {"claims.csv", "out.csv"}
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "as it was"
    assert not seen or len(seen) >= 2
    assert len([one for one in open_files() if str(tmp_path) in one]) == len(
        [one for one in before if str(tmp_path) in one]
    )


_KILLED = """
import os, signal, sys
from subsidy.io.columns import claim_columns
from subsidy.io.deciding import decide_file
from subsidy.io.large import Sizes
from subsidy.io.place import find_target
from subsidy.io.source import open_table
from subsidy.policy.loading import default_policy
def stop(stage, done, total):
    if stage == sys.argv[2] and done:
        os.kill(os.getpid(), signal.SIGKILL)
decide_file(open_table("claims.csv", claim_columns()), find_target("out.csv"), policy=default_policy(), progress=stop,
            sizes=Sizes(0, 0, 50, 50))
"""


@pytest.mark.skipif(
    not hasattr(os, "O_TMPFILE"), reason="only here does a file without a name have none from the first"
)
@pytest.mark.parametrize("when", ["read", "decide", "write"])
def test_not_even_by_a_killed_process(tmp_path: Path, when: str) -> None:
    write_csv(tmp_path / "claims.csv", [row(claim_id=f"C{number}") for number in range(300)])
    run = subprocess.run([sys.executable, "-c", _KILLED, "-", when], cwd=tmp_path, check=False)
    assert run.returncode == -signal.SIGKILL
    assert [one.name for one in tmp_path.iterdir()] == ["claims.csv"]


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def seek(self, _: int) -> None: ...

        def write(self, _: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def close(self) -> None: ...

    monkeypatch.setattr(Spool, "_opened", lambda _: Full())
    claims = write(tmp_path / "claims.csv", town_rows(300))
    for target in (None, tmp_path / "out.csv"):
        with pytest.raises(FileError, match="temporary files can't be written there"):
            decided(claims, target, town(), ALWAYS[0])
    assert [one.name for one in tmp_path.iterdir()] == ["claims.csv"]


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="temporary files"):
        Spool(tmp_path / "nowhere", pa.schema([("row", pa.int64())]))


def test_what_is_large(tmp_path: Path) -> None:
    rows = [row(claim_id=f"C{number}") for number in range(50)]
    csv, parquet = write_csv(tmp_path / "c.csv", rows), write_parquet(tmp_path / "c.parquet", rows)
    xlsx = write_xlsx(tmp_path / "c.xlsx", rows)
    one, two, three = (opened(path, town()) for path in (csv, parquet, xlsx))
    size = csv.stat().st_size
    assert not is_large([one, two])
    assert not is_large([one], Sizes(50, size))
    assert is_large([one], Sizes(49, size))
    assert is_large([one], Sizes(50, size - 1))
    assert is_large([one, two], Sizes(99, 1 << 60))
    assert not is_large([one, two], Sizes(100, 1 << 60))
    assert not is_large([three], Sizes(0, 0))
    assert large.IN_MEMORY.most_rows == 8_000_000


def test_the_first_shared_certificates_are_as_many_as_in_memory() -> None:
    assert shared_parts._FIRST == summary._FIRST
    assert shared_parts._MOST_PERSONS == summary._MOST_PERSONS


def test_hashes_that_recur() -> None:
    hashes = np.array([5, 1 << 40, 5, 7, (1 << 40) + 5, 1 << 40, 9], np.uint64)
    wanted = repeats.recurring(hashes)
    assert wanted.tolist() == [5, 1 << 40]
    assert repeats.rows_with(hashes, wanted).tolist() == [0, 1, 2, 5]
    assert repeats.rows_with(hashes, wanted[:0]).tolist() == []
