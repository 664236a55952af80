"""``subsidy recalculate`` and ``subsidy compare`` as people and programs use them, in both languages."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.calls import call, one_message
from tests.io.tables import OTHER, PERSON, row, write_csv

# 4-04-05-05 was listed in August 2023 with effect for the certificates here: 1800 and 30% of it at level 3.
CLAIMS = [
    row(),
    row(claim_id="C2", person_id=OTHER, certificate_no="S2"),
    row(claim_id="C3", person_id=OTHER, certificate_no="S3", occupation="4-04-05-01"),
    row(claim_id="C4", person_id="x"),
]
PAYMENTS = [
    {"claim_id": "C1", "amount": "1800", "paid_on": "2023-10-20"},
    {"claim_id": "C2", "amount": "2340.00", "paid_on": "2023-10-20"},
    {"claim_id": "C2", "amount": "2340.00", "paid_on": "2023-11-20"},
    {"claim_id": "Z1", "amount": "10", "paid_on": "2023-10-20"},
]
PAID = ("claim_id", "amount", "paid_on")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # long names would be broken into lines
    monkeypatch.setenv("COLUMNS", "80")
    write_csv(Path("claims.csv"), CLAIMS)
    write_csv(Path("paid.csv"), PAYMENTS, PAID)


def read(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_run_in_both_languages() -> None:
    for lang, words in (
        (
            "en",
            ["Not the sum due then", "Paid twice", "Payment without a claim", "Can't be decided yet", "proposals"],
        ),
        ("zh", ["已发与当时应发不符", "重复发放", "有发放、无申领", "暂无法核定"]),
    ):
        answer = call("recalculate", "claims.csv", "--payments", "paid.csv", "-o", "out.csv", "--lang", lang)
        assert (answer.code, answer.err) == (0, "")
        assert all(cell_len(line) <= 80 for line in answer.out.splitlines())
        for word in [*words, "540.00", "2340.00", "out.csv", "claims.csv", "paid.csv"]:
            assert word in answer.out
        assert PERSON not in answer.out
    rows = read("out.csv")
    told = [(one["claim_id"], one["paid"], one["due"], one["adjustment"], one["cause"]) for one in rows]
    assert told[0] == ("C1", "1800.00", "2340.00", "540.00", "paid_amount_wrong")
    assert told[1] == ("C2", "4680.00", "2340.00", "-2340.00", "paid_twice")
    assert told[3:] == [
        ("C4", "0.00", "0.00", "0.00", "undetermined"),
        ("Z1", "10.00", "0.00", "-10.00", "payment_without_claim"),
    ]
    assert {len(one["run_id"]) for one in rows} == {16}
    assert PERSON not in Path("out.csv").read_text("utf-8")


def test_bookings_leave_nothing() -> None:
    arguments = ("recalculate", "claims.csv", "--payments", "paid.csv")
    answer = call(*arguments, "--bookings", "book.csv", "--booked-on", "2024-01-05")
    assert answer.code == 0
    assert read("book.csv")[0] == {"claim_id": "C1", "amount": "540.00", "paid_on": "2024-01-05", "state": "paid"}
    again = call(*arguments, "--payments", "book.csv", "-o", "out.csv", "--json")
    assert {one["adjustment_fen"] for one in read("out.csv")} == {"0"}
    told = json.loads(again.out)
    assert (told["adjustment"], told["top_ups"], told["recoveries"]) == ("0.00", 0, 0)


def test_json_and_repeated_runs() -> None:
    arguments = ("recalculate", "claims.csv", "--payments", "paid.csv", "-o", "out.csv", "--json")
    first = call(*arguments)
    written = Path("out.csv").read_bytes()
    assert call(*arguments).out == first.out
    assert Path("out.csv").read_bytes() == written
    told = json.loads(first.out)
    assert (told["claims"], told["payments"], told["rows"]) == (4, 4, 5)
    assert told["paid"] == "6490.00"
    causes = {one["cause"]: one["adjustment"] for one in told["totals"]["cause"]}
    assert causes["paid_amount_wrong"] == "540.00"
    assert told["run_id"] == read("out.csv")[0]["run_id"]
    earlier = json.loads(call(*arguments, "--known-on", "2023-08-01").out)
    assert earlier["known_on"] == "2023-08-01"
    assert earlier["run_id"] != told["run_id"]


def test_whole_person_ids_only_when_asked_for() -> None:
    call("recalculate", "claims.csv", "--payments", "paid.csv", "-o", "out.csv", "--whole-person-ids")
    assert read("out.csv")[0]["person_id"] == PERSON


def test_a_report() -> None:
    answer = call("recalculate", "claims.csv", "--payments", "paid.csv", "--report", "r.html", "--lang", "en")
    assert answer.code == 0
    page = Path("r.html").read_text("utf-8")
    assert 'lang="en"' in page
    assert "540.00" in page
    assert PERSON not in page


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["C1,1.005,2023-01-01"], ["row 2: amount: found '1.005', expected yuan with at most two decimals"]),
        (["C1,5,2023-01-01", ",5,2023-02-30"], ["row 3: claim_id: found ''", "row 3: paid_on: found '2023-02-30'"]),
    ],
)
def test_a_payment_that_cannot_be_read_stops_the_run(lines: list[str], words: list[str]) -> None:
    """Money must not get lost; what stood at the output stands there still."""
    Path("bad.csv").write_text("\n".join(["claim_id,amount,paid_on", *lines]), encoding="utf-8")
    Path("out.csv").write_text("old", encoding="utf-8")
    answer = call("recalculate", "claims.csv", "--payments", "bad.csv", "-o", "out.csv", "--lang", "en")
    assert answer.code == 2
    assert Path("out.csv").read_text("utf-8") == "old"
    for word in [*words, "nothing was recalculated", "bad.csv"]:
        assert word in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--payments"),
        (("--payments", "claims.csv"), "amount (发放金额)"),
        (("--payments", "nowhere.csv"), "nowhere.csv"),
        (("--payments", "paid.csv", "-o", "paid.csv"), "this is the input"),
        (("--payments", "paid.csv", "-o", "a.csv", "--bookings", "a.csv"), "one file for two of them"),
        (("--payments", "paid.csv", "--report", "a.csv"), "ends in .html"),
        (("--payments", "paid.csv", "--booked-on", "2024-01-01"), "needs --bookings"),
        (("--payments", "paid.csv", "--payments", "./paid.csv"), "the same file as paid.csv"),
        (("--payments", "paid.csv", "--bookings", "b.csv", "--booked-on", "2023-11-20"), "one of 2023-11-20"),
    ],
)
def test_what_is_wrong_is_said_once(arguments: tuple[str, ...], words: str) -> None:
    answer = call("recalculate", "claims.csv", *arguments, "--lang", "en")
    one_message(answer, words)


def test_two_columns_of_money_are_one_too_many() -> None:
    Path("both.csv").write_text("claim_id,amount,amount_fen,paid_on\nC1,1,100,2023-10-20\n", encoding="utf-8")
    for lang, words in (("zh", "两列只应有其一"), ("en", "expected one of them")):
        answer = call("recalculate", "claims.csv", "--payments", "both.csv", "--lang", lang)
        one_message(answer, words)
        assert lang == "en" or "found" not in answer.err


def test_nothing_at_all() -> None:
    write_csv(Path("none.csv"), [], PAID)
    write_csv(Path("empty.csv"), [])
    answer = call("recalculate", "empty.csv", "--payments", "none.csv", "-o", "out.csv", "--report", "r.html", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["rows"] == 0
    assert read("out.csv") == []


def test_comparison() -> None:
    """Before the list of August 2023 was known there was no uplift: 540.00 more for each claim of level 3."""
    answer = call("compare", "claims.csv", "2023-08-01", "2023-09-01", "-o", "out.csv", "--lang", "en")
    assert (answer.code, answer.err) == (0, "")
    assert all(cell_len(line) <= 80 for line in answer.out.splitlines())
    for word in ("2023-08-01 → 2023-09-01", "Artificial", "Level 3", "Category", "out.csv"):
        assert word in answer.out
    rows = read("out.csv")
    assert [one["difference"] for one in rows[:2]] == ["540.00", "540.00"]
    back = json.loads(call("compare", "claims.csv", "2023-09-01", "2023-08-01", "--json").out)
    told = json.loads(call("compare", "claims.csv", "2023-08-01", "2023-09-01", "--json").out)
    assert back["difference_fen"] == -told["difference_fen"] != 0
    assert told["totals"]["level"][0]["level"] == "3"


def test_policies_to_compare_are_folders_or_dates() -> None:
    answer = call("compare", "claims.csv", "nowhere", "2023-09-01", "--lang", "en")
    one_message(answer, "OLD: found 'nowhere', expected a policy folder or a date")
