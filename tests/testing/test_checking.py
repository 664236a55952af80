"""The report: which law is broken, on which smallest example; known failures; the suites for others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from subsidy import InputError, Policy
from subsidy.testing import LAWS, Implementation, LawsBrokenError, LawTests, Report, check_implementation, report_on
from subsidy.testing.drawn_claims import Record
from subsidy.testing.known import read_known_failures
from tests.testing.wrong import WRONG, Rows, right

BY_NAME = {wrong.name: wrong for wrong in WRONG}
ONCE = BY_NAME["leaves the uplift out of the amount"].decide
LAW = "amount_is_base_plus_uplift"


def _smallest(name: str, law: str) -> str:
    report = report_on(BY_NAME[name].decide, laws=[law], most_shrinks=120)
    return str(report.broken[law])


def test_the_smallest_example_of_a_wrong_amount() -> None:
    text = _smallest("leaves the uplift out of the amount", LAW)
    assert text.startswith(f"{LAW}: BROKEN\n  law:      Amount = base + uplift, exactly, in whole fen.\n")
    assert "  expected: C7: the amount 1300.00\n" in text
    assert "  found:    C7: payable; base 1000.00, uplift 300.00, amount 1000.00\n" in text
    assert text.count("claim_id:") == 1
    assert "history:" not in text
    assert len(text.splitlines()) < 50


def test_the_smallest_example_of_a_missing_history() -> None:
    text = _smallest("ignores the history", "one_payment_for_a_certificate")
    assert text.count("claim_id:") == 2, text
    assert "claim_id: H0" in text


def test_an_exception_is_a_broken_law_without_a_person() -> None:
    def raises(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        raise LookupError("no rate for 11010519491231002X")

    report = report_on(raises, max_examples=5)
    assert set(report.broken) == {"rows_out_are_rows_in"}
    assert "LookupError: no rate for 110***********002X" in str(report)


def test_an_answer_without_a_field_is_a_broken_law() -> None:
    def forgets(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> list[dict[str, str]]:
        return [{"claim_id": "C"} for _ in claims]

    assert set(report_on(forgets, max_examples=3).broken) == {"rows_out_are_rows_in"}


def _counting(implementation: Callable[..., object], asked: list[int]) -> Implementation:
    def counts(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> object:
        asked.append(len(claims))
        return implementation(claims, history=history, policy=policy)

    return counts


def test_no_world_is_decided_after_every_law_asked_for_is_broken() -> None:
    asked: list[int] = []
    report = report_on(_counting(ONCE, asked), laws=[LAW], max_examples=440, most_shrinks=0)
    assert set(report.broken) == {LAW}
    assert 0 < len(asked) < 11


def test_a_law_that_holds_is_asked_on_every_world_of_its_own_kind_and_no_other() -> None:
    asked: list[int] = []
    report = report_on(_counting(right, asked), laws=[LAW], max_examples=22, most_shrinks=0)
    assert [one.law.name for one in report.outcomes] == ["rows_out_are_rows_in", LAW]
    assert len(asked) == 21  # the simplest of all begins each run, and is decided once


def test_a_broken_law_shortens_the_search_for_no_other() -> None:
    asked: list[int] = []
    report_on(_counting(ONCE, asked), laws=[LAW, "base_is_the_amount_of_the_table"], max_examples=22, most_shrinks=0)
    assert len(asked) == 21


def test_missing_answers_are_told_beside_any_law() -> None:
    def none(claims: Sequence[Record], /, *, history: Sequence[Record], policy: Policy) -> Rows:
        return []

    assert set(report_on(none, laws=[LAW], max_examples=3, most_shrinks=0).broken) == {"rows_out_are_rows_in"}


def test_the_error_holds_the_report() -> None:
    with pytest.raises(LawsBrokenError, match=f"{LAW}: BROKEN") as raised:
        check_implementation(ONCE, laws=[LAW], most_shrinks=0)
    assert isinstance(raised.value.report, Report)
    assert not raised.value.report.ok


def test_the_same_seed_gives_the_same_report() -> None:
    first, second, other = (str(report_on(ONCE, laws=[LAW], most_shrinks=0, seed=seed)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_known_failures() -> None:
    assert check_implementation(ONCE, laws=[LAW], known_failures=[LAW], most_shrinks=0).broken
    with pytest.raises(LawsBrokenError, match="HOLDS, though it is listed as a known failure"):
        check_implementation(right, laws=[LAW], known_failures=[LAW], max_examples=5)


@pytest.mark.parametrize("wrong", [{"laws": ["nothing"]}, {"known_failures": ["nothing"]}])
def test_a_law_that_is_none(wrong: dict[str, list[str]]) -> None:
    with pytest.raises(InputError, match="nothing"):
        report_on(right, **wrong)  # type: ignore[arg-type]


def test_every_law_says_its_sentence() -> None:
    for law in LAWS.values():
        assert law.sentence.endswith("."), law.name
        assert len(law.sentence) > 30, law.name


def test_a_list_of_known_failures(tmp_path: Path) -> None:
    file = tmp_path / "known.txt"
    file.write_text(f"# ours\n{LAW}  # until May\n\n", encoding="utf-8")
    assert read_known_failures(file) == {LAW}
    file.write_text("no_law\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"known\.txt, line 1"):
        read_known_failures(file)


class _Inherited(LawTests):
    implementation = staticmethod(ONCE)
    known_failures = (LAW, "rows_out_are_rows_in")
    max_examples = 22


def test_an_inherited_suite() -> None:
    _Inherited().test_law("persons_stand_alone")
    _Inherited().test_law(LAW)
    with pytest.raises(AssertionError, match="rows_out_are_rows_in: HOLDS, though"):
        _Inherited().test_law("rows_out_are_rows_in")
    with pytest.raises(AssertionError, match="the_entitlement_is_that_of_its_date: BROKEN"):
        _Inherited().test_law("the_entitlement_is_that_of_its_date")


def test_an_inherited_suite_has_a_test_for_each_law() -> None:
    (mark,) = _Inherited.test_law.pytestmark  # type: ignore[attr-defined]
    assert mark.args == ("law", list(LAWS))


THEIRS = """
from subsidy.engine.sequence import assess_all

def implementation(claims, /, *, history, policy):
    rows = assess_all(claims, history, policy=policy)
    return [{name: getattr(row, name) for name in FIELDS} | {"blocked_by": None} for row in rows]

FIELDS = "claim_id status reason detail base_fen uplift_fen amount_fen".split()
"""


def test_a_module_named_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "theirs" / "law.py").write_text(THEIRS, encoding="utf-8")
    known = tmp_path / "theirs" / "known_failures.txt"
    chosen = "rows_out or blocked_by"

    def run() -> str:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--pyargs", "subsidy.testing"]
        environment = os.environ | {"SUBSIDY_TESTS_MODULE": "theirs.law", "PYTEST_ADDOPTS": ""}
        done = subprocess.run(
            [*command, "-k", chosen], check=False, capture_output=True, text=True, cwd=tmp_path, env=environment
        )
        return done.stdout

    first = run()
    assert "1 failed, 1 passed" in first, first
    assert "blocked_by_names_the_first_in_the_way: BROKEN" in first
    known.write_text("blocked_by_names_the_first_in_the_way\n", encoding="utf-8")
    assert "2 passed" in run()
