"""``subsidy assess FILE -o FILE``: as people and programs use it, in both languages."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from rich.cells import cell_len

from tests.cli.calls import call, environment, one_message, process
from tests.io.tables import OTHER, PERSON, WRITERS, row, write_csv, write_parquet

ROWS = [
    row(),
    row(claim_id="C2", certificate_no="S2"),
    row(claim_id="C3", person_id=OTHER),
    row(claim_id="C4", certificate_no="S4", certificate_date="2024-03-01", applied_on="2024-03-02", occupation="焊工"),
    row(claim_id="C5", level="9"),
    row(claim_id="C6", person_id="x"),
]


def fitting(text: str) -> bool:
    return all(cell_len(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize("kind", [*WRITERS])
def test_a_run(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exit code is 0 whatever the decisions are; the summary counts them."""
    monkeypatch.chdir(tmp_path)  # long names would be broken into lines
    path = WRITERS[kind](Path(f"claims.{kind}"), ROWS)
    output = Path("out.csv")
    for lang, words in (
        ("en", ["payable", "refused", "of which uplift"]),
        ("zh", ["予以核定", "不予核定", "其中上浮"]),
    ):
        answer = call("assess", str(path), "-o", str(output), "--lang", lang)
        assert (answer.code, answer.err) == (0, "")
        assert fitting(answer.out)
        for word in [*words, "4680.00", "1080.00", "out.csv", "320***********4513"]:
            assert word in answer.out
        assert PERSON not in answer.out
    assert len(output.read_text(encoding="utf-8-sig").splitlines()) == 7


def test_the_summary_as_json(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "claims.csv", ROWS)
    answer = call("assess", str(path), "--output", str(tmp_path / "out.parquet"), "--json")
    assert (answer.code, answer.err) == (0, "")
    found = answer.json()
    assert found["statuses"] == {"payable": 2, "refused": 1, "undetermined": 1, "invalid": 2}
    assert {(one["status"], one["reason"]): one["claims"] for one in found["reasons"]} == {
        ("refused", "same_level_already_paid"): 1,
        ("undetermined", "no_directory_in_force"): 1,
        ("invalid", "bad_level"): 1,
        ("invalid", "bad_person_id"): 1,
    }
    assert (found["claims"], found["amount"], found["uplift_fen"]) == (6, "4680.00", 108000)
    assert found["resting_on"]["assumed"] == {"claims": 2, "amount": "4680.00"}
    assert found["shared_certificates"] == {
        "count": 1,
        "first": [
            {"certificate_no": "S1", "persons": ["320***********4513", "320***********6022", "*"], "persons_in_all": 3}
        ],
    }
    assert found["files"] == [
        {"file": str(path), "kind": "csv", "encoding": "UTF-8", "headings": [*row()]},
    ]
    assert (found["output"], found["notes"], found["skipped_history"]) == (str(tmp_path / "out.parquet"), [], 0)


def test_without_an_output_it_says_so(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "claims.csv", ROWS))
    assert "aren't written; add -o FILE" in call("assess", path).out
    assert "未写入文件" in call("assess", path, "--lang", "zh").out
    assert call("assess", path, "--json").json()["output"] is None
    assert [one.name for one in tmp_path.iterdir()] == ["claims.csv"]


def test_policy_options_hold(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "claims.csv", [row()]))
    assert call("assess", path, "--json", "--known-on", "2023-08-01").json()["amount"] == "1800.00"
    weak = call("assess", path, "--json", "--minimum-confidence", "official").json()
    assert weak["statuses"]["undetermined"] == 1
    assert call("assess", path, "--json", "--workers", "1").json()["amount"] == "2340.00"


HISTORY = [
    row(claim_id="H1", level="9"),
    row(claim_id="H2", certificate_no="S9"),
    row(claim_id="H3", person_id=""),
]


def test_history_counts(tmp_path: Path) -> None:
    claims, paid = write_csv(tmp_path / "claims.csv", [row()]), write_parquet(tmp_path / "paid.parquet", HISTORY[1:2])
    answer = call("assess", str(claims), "--history", str(paid), "--json")
    assert [one["reason"] for one in answer.json()["reasons"]] == ["same_level_already_paid"]
    assert [one["kind"] for one in answer.json()["files"]] == ["csv", "parquet"]


def test_history_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are named as the file numbers them; with leave they are left out and reported."""
    monkeypatch.chdir(tmp_path)
    claims, paid, out = "claims.csv", "paid.csv", "out.csv"
    write_csv(Path(claims), [row()])
    write_csv(Path(paid), HISTORY)
    english = call("assess", claims, "--history", paid, "-o", out)
    assert (english.code, english.out) == (2, "")
    assert english.err.startswith(
        f"error: {paid}: 2 rows can't be used, nothing was decided:\n  row 2: level: bad_level"
    )
    assert "\n  row 4: person_id: missing_value, expected a value\n" in english.err
    assert english.err.endswith("leave them out with --skip-bad-history\n")
    chinese = call("assess", claims, "--history", paid, "-o", out, "--lang", "zh")
    assert "2 处无法使用，未作核定：\n  第 2 行：level：技能等级无法识别（bad_level）\n  第 4 行：" in chinese.err
    assert not Path(out).exists()
    for lang, words in (("en", ["2 rows left out", "row 4: person_id"]), ("zh", ["跳过 2 行", "第 4 行：person_id"])):
        answer = call("assess", claims, "--history", paid, "-o", out, "--skip-bad-history", "--lang", lang)
        assert (answer.code, answer.err) == (0, "")
        assert fitting(answer.out)
        assert all(word in answer.out for word in words)
    counted = call("assess", claims, "--history", paid, "--skip-bad-history", "--json").json()
    assert (counted["skipped_history"], counted["statuses"]["refused"]) == (2, 1)


def test_ids_that_stand_twice_in_history(tmp_path: Path) -> None:
    claims = str(write_csv(tmp_path / "claims.csv", [row()]))
    both = str(write_csv(tmp_path / "both.csv", [row()]))
    answer = call("assess", claims, "--history", both)
    assert answer.code == 2
    assert "C1 stands both in history and among the claims" in answer.err
    assert "--skip-bad-history" not in answer.err
    assert "申领编号 C1 与本次申领重复" in call("assess", claims, "--history", both, "--lang", "zh").err
    twice = str(write_csv(tmp_path / "twice.csv", [HISTORY[1], row(claim_id="H2"), HISTORY[0]]))
    answer = call("assess", claims, "--history", twice)
    assert "  row 3: claim_id: H2 stands in row 2 too\n" in answer.err
    assert "第 3 行：申领编号 H2 与第 2 行重复" in call("assess", claims, "--history", twice, "--lang", "zh").err


def test_many_unusable_rows_are_not_all_listed(tmp_path: Path) -> None:
    claims = str(write_csv(tmp_path / "claims.csv", [row()]))
    paid = str(write_csv(tmp_path / "paid.csv", [row(claim_id=f"H{number}", level="9") for number in range(50)]))
    english = call("assess", claims, "--history", paid).err
    assert english.count("bad_level") == 10
    assert "\n  and 40 more\n" in english
    assert "另有 40 处" in call("assess", claims, "--history", paid, "--lang", "zh").err


def test_misspelt_columns_are_told_before(tmp_path: Path) -> None:
    path = str(write_csv(tmp_path / "claims.csv", [row() | {"steam": "x"}], [*row(), "steam"]))
    assert call("assess", path).err == f"warning: {path}: the column 'steam' isn't used; did you mean stream?\n"
    assert call("assess", path, "--lang", "zh").err == f"提示：{path}：列 'steam' 未使用；是否应为“stream”？\n"
    assert [note["kind"] for note in call("assess", path, "--json").json()["notes"]] == ["misspelt"]


def test_what_was_noticed_is_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "claims.csv", [row(), row(claim_id="C2", person_id="3.2E+17")], encoding="gb18030")
    english, chinese = call("assess", str(path)).out, call("assess", str(path), "--lang", "zh").out
    assert "Noticed\n  - person_id: 1 cell (row 3) in scientific notation" in english
    assert "“person_id”列有 1 处为科学计数法" in chinese
    (note,) = call("assess", str(path), "--json").json()["notes"]
    assert (note["kind"], note["column"], note["count"], note["rows"]) == ("scientific", "person_id", 1, [3])


WRONG: list[tuple[list[str], list[str]]] = [
    (["claims.csv", "--receipt", "r.json"], ["--receipt: serves one claim as JSON only"]),
    (["-", "-o", "out.csv"], ["-o: serves a csv, xlsx or parquet file only, found JSON on standard input"]),
    (["claim.json", "--history", "paid.csv"], ["--history: serves a csv", "found claim.json"]),
    (["claims.csv", "--skip-bad-history"], ["needs --history"]),
    (["claims.csv", "--workers", "0"], ["--workers: found '0', expected a whole number from 1 to"]),
    (["claims.csv", "-o", "claims.csv"], ["this is the input"]),
    (["claims.csv", "-o", "paid.csv", "--history", "paid.csv"], ["this is the input"]),
    (["claims.csv", "-o", "out.xls"], ["expected a name that ends in .csv, .xlsx or .parquet"]),
    (["claims.csv", "-o", "none/out.csv"], ["there is no folder"]),
    (["claims.csv", "-o", ""], ["-o: expected a name"]),
    (["none.csv", "-o", "out.csv"], ["none.csv: can't be read (No such file or directory)"]),
    (["claims.csv", "--history", "none.csv"], ["none.csv: can't be read"]),
    (["claims", "-o", "out.csv"], ["no ending, expected .csv, .xlsx or .parquet"]),
    (["", "-o", "out.csv"], ["expected .csv, .xlsx or .parquet"]),
    (["claims.csv", "more.csv"], ["unexpected argument 'more.csv'"]),
]


@pytest.mark.parametrize(("arguments", "parts"), WRONG)
def test_a_call_that_cannot_be_done(
    arguments: list[str], parts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told before any work, in one message; no file is touched."""
    monkeypatch.chdir(tmp_path)
    for name in ("claims.csv", "paid.csv"):
        write_csv(Path(name), [row(claim_id=name)])
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    one_message(call("assess", *arguments), *parts)
    one_message(call("assess", *arguments, "--lang", "zh"))
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_a_fault_of_the_program_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "claims.csv", [row()])

    def broken(*_: Any, **__: Any) -> NoReturn:
        raise KeyError(PERSON)

    monkeypatch.setattr("subsidy.io.deciding.Summary", broken)
    answer = call("assess", str(path), "-o", str(tmp_path / "out.csv"))
    assert (answer.code, answer.out) == (70, "")
    assert PERSON not in answer.err
    assert [one.name for one in tmp_path.iterdir()] == ["claims.csv"]


def test_json_needs_no_pyarrow() -> None:
    script = (
        "import sys; from subsidy.cli import main; sys.argv = ['subsidy', 'assess']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('pyarrow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(row()).encode(),
        capture_output=True,
        check=True,
        env=environment(),
    )
    assert done.stdout.endswith(b"False\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
def test_progress_is_shown_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    import pty

    path = write_csv(tmp_path / "claims.csv", [row(claim_id=f"C{number}") for number in range(50_000)])
    arguments = ("assess", str(path), "-o", str(tmp_path / "out.csv"), "--lang", "zh")
    silent = process(*arguments)
    assert (silent.code, silent.err) == (0, "")
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "subsidy", *arguments],
        stdout=subprocess.PIPE,
        stderr=follower,
        env=environment({"TERM": "xterm"}),
    ) as running:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65_536)
            except OSError:
                break
            shown += piece
        out = running.stdout.read() if running.stdout else b""
    os.close(leader)
    assert running.returncode == 0
    assert out.decode() == silent.out
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert "读取" in text
    assert "50,000" in text
    assert all(cell_len(line) <= 80 for line in re.split(r"[\r\n]+", text))


# What a process does that imports all once, then runs each call in a child of its own: so kills hit the run itself.
_DRIVER = """
import json, os, sys
from subsidy.cli import main
import subsidy.cli.assess_file, subsidy.io.csv_file, subsidy.io.parquet_file, xlsxwriter
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(1, 2)
        sys.argv = ["subsidy", *json.loads(line)]
        try:
            main()
        except SystemExit as ended:
            os._exit(ended.code)
        os._exit(99)
    print(child, flush=True)
    sys.stdin.readline()  # until then the child keeps its number, so no other process is ever hit
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
KILLS = 30


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """The output is absent, or the old one, or complete; nothing else is left, by whatever signal."""
    source = write_csv(tmp_path / "claims.csv", [row(claim_id=f"C{number}") for number in range(5_000)])
    (tmp_path / "out").mkdir()
    driver = subprocess.Popen(
        [sys.executable, "-c", _DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )
    assert driver.stdin
    assert driver.stdout

    def run(output: Path, number: int | None = None, after: float = 0.0) -> int:
        assert driver.stdin
        assert driver.stdout
        driver.stdin.write(json.dumps(["assess", str(source), "-o", str(output), "--workers", "1"]) + "\n")
        driver.stdin.flush()
        child = int(driver.stdout.readline())
        if number is not None:
            time.sleep(after)
            os.kill(child, number)
        driver.stdin.write("wait\n")
        driver.stdin.flush()
        return int(driver.stdout.readline())

    signals = [signal.SIGTERM, signal.SIGINT, signal.SIGKILL if hasattr(os, "O_TMPFILE") else signal.SIGTERM]
    stopped = 0
    with driver:
        complete: dict[str, bytes] = {}
        lasted: dict[str, float] = {}
        for ending in ("csv", "csv", "parquet", "xlsx"):  # the first waits for the driver to begin
            output = tmp_path / "out" / f"out.{ending}"
            started = time.monotonic()
            assert run(output) == 0
            lasted[ending] = time.monotonic() - started
            complete[ending] = output.read_bytes()
            output.unlink()
        for turn in range(10 * KILLS):
            if stopped >= KILLS:
                break
            ending = ("csv", "parquet", "csv", "parquet", "xlsx")[turn % 5]
            output = tmp_path / "out" / f"out.{ending}"
            old = b"old" if turn % 2 else None
            if old:
                output.write_bytes(old)
            after = (turn * 0.618 % 1.0) * lasted[ending]
            code = run(output, signals[turn % 3], after)
            found = output.read_bytes() if output.exists() else None
            assert code in {0, 130, *(-number for number in signals)}
            assert found in {old, complete[ending]}
            assert [one.name for one in (tmp_path / "out").iterdir()] == ([output.name] if found else [])
            assert {one.name for one in tmp_path.iterdir()} == {"claims.csv", "out"}
            assert code or found == complete[ending]
            stopped += bool(code)
            if not code:  # it came too late: the machine does other work at times
                lasted[ending] *= 0.9
            output.unlink(missing_ok=True)
        driver.stdin.close()
    assert stopped == KILLS
