"""JSON that is handed in: every fault with its line and column, and nothing that hangs, floods or crashes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy.cli import reading
from subsidy.cli.failures import Failure
from tests.cli.calls import RECORD, call, environment, one_message
from tests.policy.support import few

FAULTS: list[tuple[bytes, list[str]]] = [
    (b"", ["standard input is empty", "subsidy assess < claim.json"]),
    (b" \n\t", ["standard input is empty"]),
    (b'{"claim_id": }', ["standard input:1:14: found '}', expected a value"]),
    (b'{\n  "claim_id": "C1"\n  "level": 3\n}', [":3:3: found", "expected a comma"]),
    (b'{"claim_id": "C1"', ["found the end, expected a comma"]),
    (b'{"claim_id": "C1', ["expected a text that ends with a double quote"]),
    (b"{claim_id: 1}", [":1:2: found 'c', expected a key in double quotes"]),
    (b'{"claim_id" 1}', ["expected a colon"]),
    (b"{} {}", ["expected the end: one JSON value only"]),
    (b"[1,]", ["standard input:1:"]),
    (b'{"a": "\x01"}', ["standard input:1:"]),
    (b'{"level": 3, "level": 4}', [":1:14: found the key 'level' again, expected every key once"]),
    (b'{"claim": {"a": 1},\n "history": [{"x": 1,\n "x": 2}]}', [":3:2: found the key 'x' again"]),
    (b'{"a": "\\u007b\\"NaN", "b": NaN}', [":1:27: found 'NaN', expected text or a plain number"]),
    (b'{"a": -Infinity}', ["found '-Infinity'"]),
    (b'{"a": ' + b"9" * 5000 + b"}", [":1:7: found '99999"]),
    (b"[" * 100_000, ["too deep a nesting"]),
    (b'{"a":' * 20 + b"1" + b"}" * 20, ["too deep a nesting, expected at most 16 levels"]),
    ('{"申领编号": "C1"}'.encode("gb18030"), ["found byte 0xC9, expected UTF-8 text; save the file as UTF-8"]),
    ('{"claim_id": "C1"}'.encode("utf-16"), ["standard input:1:1: found byte 0xFF, expected UTF-8"]),
]


@pytest.mark.parametrize(("data", "parts"), FAULTS, ids=range(len(FAULTS)))
def test_faults_name_line_and_column(data: bytes, parts: list[str]) -> None:
    one_message(call("assess", given=data), *parts)
    one_message(call("assess", "--lang", "zh", given=data), "标准输入")


def test_a_byte_order_mark_is_no_fault() -> None:
    assert call("assess", given=b"\xef\xbb\xbf" + json.dumps(RECORD).encode()).code == 0


def test_too_much_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1024 * 1024)
    one_message(call("assess", given=b" " * (1024 * 1024 + 1)), "found more than 1 MiB", "split the input")


def test_two_hundred_megabytes_are_refused() -> None:
    """The bound is checked while reading, so the rest is never held."""
    writer = "import sys\nfor _ in range(200): sys.stdout.buffer.write(b' ' * 1_000_000)"
    with subprocess.Popen([sys.executable, "-c", writer], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as source:
        done = subprocess.run(
            [sys.executable, "-m", "subsidy", "assess"],
            stdin=source.stdout,
            capture_output=True,
            check=False,
            timeout=60,
            env=environment(),
        )
        source.kill()
    assert done.returncode == 2
    assert b"found more than 64 MiB" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_is_not_waited_for() -> None:
    leader, follower = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "subsidy", "assess"],
            stdin=follower,
            capture_output=True,
            check=False,
            timeout=60,
            env=environment(),
        )
    finally:
        os.close(leader)
        os.close(follower)
    assert done.returncode == 2
    assert b"standard input is a terminal, expected JSON: subsidy assess < claim.json" in done.stderr


def test_standard_input_that_is_closed() -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m subsidy assess <&-', sys.executable],
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(),
    )
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(VALUES)
def test_whatever_json_says_is_read_as_json_reads_it(value: Any) -> None:
    assert reading.parse(json.dumps(value).encode()) == value


def _said(data: bytes) -> str:
    """Give what is said of bytes, nothing where they are read."""
    try:
        reading.parse(data)
    except Failure as failure:
        return failure.text("zh") + failure.text("en")
    return ""


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:\\ NaInfity0-9e.+', max_size=60).map(str.encode))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    said = _said(data)
    assert "\n" not in said


@few(50)
@given(VALUES)
def test_no_value_breaks_a_command(value: Any) -> None:
    for arguments in (["assess"], ["assess", "--json"], ["verify", "-"]):
        assert call(*arguments, given=json.dumps(value)).code in (0, 1, 2)


@few(50)
@given(st.dictionaries(st.sampled_from([*RECORD, "stream", "insured_months", "conditions"]), VALUES))
def test_no_record_breaks_assess(record: dict[str, Any]) -> None:
    for given_ in ({**RECORD, **record}, [RECORD, {**RECORD, **record}], {"claim": RECORD, "history": [record]}):
        assert call("assess", given=given_).code in (0, 1, 2)
