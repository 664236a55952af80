"""What the packaged and the base policy hold once they are loaded."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

from subsidy.model.level import Level, Stream
from subsidy.policy import loading
from subsidy.policy.loading import FILES, build_policy, default_policy, load_policy, packaged_folder
from subsidy.policy.problems import PolicyError
from subsidy.policy.yaml_tree import Tree, parse_tree
from tests.policy.support import BASE, PACKAGED, base_files, load_bytes


def test_amounts_and_rates_are_exact() -> None:
    base = load_policy(BASE)
    assert base.rates[0].amounts[Stream.TRAINING]["A"] == {Level.L5: 100000, Level.L4: 150050, Level.L3: 200000}
    assert base.rates[0].by_occupation[Stream.TRAINING]["4-04-05-05"] == {Level.L3: 151010}
    assert base.rules[0].entitlement.uplifts[0].rate == Decimal("0.30")
    assert base.texts_on(date(2023, 6, 1)).amounts_of(Stream.TRAINING, "4-04-05-05") == {Level.L3: 151010}
    assert base.texts_on(date(2023, 6, 1)).amounts_of(Stream.TRAINING, "6-18-02-04") == {}
    assert base.texts_on(date(2022, 6, 1)).amounts_of(Stream.TRAINING, "4-04-05-05") == {}


def test_neither_loading_nor_the_fingerprint_depends_on_the_calling_threads_decimals() -> None:
    with localcontext() as context:
        context.prec = 1
        odd = load_bytes(base_files())
        assert odd.fingerprint == load_policy(BASE).fingerprint
    assert odd == load_policy(BASE)


def test_the_texts_in_force_are_named() -> None:
    base = load_policy(BASE)
    assert base.texts_on(date(2023, 6, 1)).editions == ("linhu-2023",) * 4
    assert base.texts_on(date(2022, 12, 31)).editions == (None,) * 4
    assert base.texts_on(date(2024, 1, 1)).editions == ("linhu-2023", None, "linhu-2023", "linhu-2023")


def test_boundaries_of_the_packaged_policy() -> None:
    """Pin the days on which the law of design, section 8, changes."""
    found = [day.isoformat() for day in load_policy().boundaries]
    assert found == ["0001-01-01", "2019-10-22", "2020-01-01", "2023-06-01", "2023-08-17", "2024-01-01", "2025-01-01"]


def test_a_last_day_of_the_calendar_and_a_first() -> None:
    text = (BASE / "rules.yaml").read_text(encoding="utf-8")
    text = text.replace("published_on: 2023-01-10", "published_on: 0001-01-01")
    text = text.replace("effective_from: 2023-01-01", "effective_from: 0001-01-01\n    effective_to: 9999-12-31")
    whole = load_bytes(base_files() | {"rules.yaml": text.encode()})
    assert whole.periods[0].rules is whole.rules[0]
    assert whole.periods[-1].rules is whole.rules[0]
    assert whole.texts_on(date.min).rules is whole.texts_on(date.max).rules is whole.rules[0]


def test_the_last_day_but_one_of_the_calendar() -> None:
    text = (BASE / "rules.yaml").read_text(encoding="utf-8")
    text = text.replace("effective_from: 2023-01-01", "effective_from: 2023-01-01\n    effective_to: 9999-12-30")
    whole = load_bytes(base_files() | {"rules.yaml": text.encode()})
    assert whole.boundaries[-1] == date.max
    assert whole.texts_on(date(9999, 12, 30)).rules is whole.rules[0]
    assert whole.texts_on(date.max).rules is None


def test_the_packaged_policy_is_loaded_once() -> None:
    assert load_policy() is default_policy()
    assert load_policy() == load_policy(PACKAGED)
    assert packaged_folder() == PACKAGED


def test_in_an_installed_wheel_the_policy_lies_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path.resolve() / "subsidy"
    (package / "_data").mkdir(parents=True)
    monkeypatch.setattr(loading, "__file__", str(package / "policy" / "loading.py"))
    assert packaged_folder() == package / "_data"


def test_threads_may_share_a_policy() -> None:
    base = load_policy(BASE)
    found: list[str] = []

    def work() -> None:
        found.extend((base.fingerprint, str(base.periods[-1].editions)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(found)) == 2


def test_a_kind_of_fault_that_nobody_foresaw_is_said_in_pydantics_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_KINDS", {})
    trees = {name: parse_tree(data, Tree(name)) for name, data in base_files().items() if name in FILES}
    trees["rules.yaml"] = parse_tree(b"editions: [x]", Tree("rules.yaml"))
    with pytest.raises(PolicyError) as caught:
        build_policy(trees, {})
    problem = caught.value.problems[0]
    assert problem.message().startswith("rules.yaml:1:12: editions[0]: found 'x', expected Input should be")


def test_problems_come_in_the_order_of_files_and_lines() -> None:
    files = {name: data.replace(b"confidence: official", b"confidence: sure") for name, data in base_files().items()}
    files["rules.yaml"] += b"other: 1\n"
    files["classification.csv"] = b"code\n"
    with pytest.raises(PolicyError) as caught:
        load_bytes(files)
    order = [(problem.file, problem.place) for problem in caught.value.problems]
    names = [*FILES, "classification.csv"]
    assert order == sorted(order, key=lambda one: (names.index(one[0]), one[1]))
    assert len(order) == 6


@pytest.mark.parametrize("file", ["occupations.yaml", "classification.csv"])
def test_a_fault_elsewhere_in_what_lists_the_codes_makes_no_code_unknown(file: str) -> None:
    bad = {"occupations.yaml": (b"category: A", b"category: Z"), "classification.csv": (b",yes", b",maybe")}[file]
    files = base_files()
    files |= {file: files[file].replace(*bad)}
    with pytest.raises(PolicyError) as caught:
        load_bytes(files)
    assert [problem.file for problem in caught.value.problems] == [file]
