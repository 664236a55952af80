"""A receipt is proof: it verifies as made, and any changed byte of input, figure or text is found and named."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from subsidy import Decision, InputError, Policy, assess, load_policy, verify
from subsidy.engine.receipt import receipt_schema
from subsidy.model.canonical import digest
from tests.cases_io import CLAIMS, HERE, REPOSITORY, Example

PERSON = "11010519491231002X"
CLAIM = {
    "claim_id": "C1",
    "person_id": PERSON,
    "occupation": "人工智能训练师",
    "level": "三级",
    "certificate_no": "S1",
    "certificate_date": "2023-09-01",
    "applied_on": "2023-10-08",
}
YUNSHAN_CLAIM = CLAIM | {"occupation": "9-01-01-01", "certificate_date": "2024-07-05", "applied_on": "2024-07-08"}
PAID = CLAIM | {"claim_id": "H1", "certificate_no": "S0", "occupation": "4-04-05-06"}
SCHEMA = REPOSITORY / "docs" / "schemas" / "subsidy.decision-1.schema.json"
KEPT = sorted((HERE / "receipts").glob("*.json"))


@cache
def validator() -> jsonschema.Draft202012Validator:
    """Make the schema and check it once: that takes ten times as long as to validate a receipt by it."""
    schema = receipt_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, (*path, place))
    else:
        yield path


def changed(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("1" if value[-1:] == "0" else "0") if value else "x"
        case _:
            return "x"


def with_change(receipt: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    copied = copy.deepcopy(receipt)
    node: Any = copied
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = changed(node[path[-1]])
    return copied


def text_of(path: tuple[str | int, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@pytest.fixture(scope="module")
def receipt() -> dict[str, Any]:
    return dict(assess(CLAIM, [PAID]).receipt())


@pytest.mark.parametrize("example", CLAIMS, ids=lambda example: example.id)
def test_the_receipt_of_every_case_verifies_and_fits_its_schema(example: Example) -> None:
    policy = example.policy()
    decision = assess(example.content["claim"], example.content.get("history") or [], policy=policy)
    made = decision.receipt()
    validator().validate(made)
    again = verify(json.dumps(made, ensure_ascii=False), policy)
    assert again.differences == ()
    assert again.ok
    assert again.rerun is (decision.status != "invalid")


def named_by(broken: dict[str, Any]) -> list[str]:
    """The paths that verifying a receipt names."""
    try:
        found = verify(broken)
    except InputError as error:  # a value that no receipt can hold, e.g. the date 2023-10-90
        return [error.field.removeprefix("receipt.")]
    assert found.ok is (not found.differences)
    return [difference.path for difference in found.differences]


def test_any_changed_leaf_is_found_and_named(receipt: dict[str, Any]) -> None:
    paths = [path for path in leaves(receipt) if path != ("form",)]
    assert len(paths) > 150
    for path in paths:
        named = [name.replace("[", ".").replace("]", "") for name in named_by(with_change(receipt, path))]
        place = ".".join(str(part) for part in (path[1:] if path[0] == "digests" else path)).replace("[", ".")
        place = place.replace("]", "")
        assert any(place.startswith(name) or name.startswith(place) for name in named), (path, named)


def test_a_forger_who_mends_the_hashes_is_found_by_the_rerun(receipt: dict[str, Any]) -> None:
    from subsidy.engine.receipt import _seal

    forged = {key: value for key, value in copy.deepcopy(receipt).items() if key not in {"digests", "sha256"}}
    forged["decision"]["amount"] = "2640.00"
    forged["steps"][2]["figures"]["base_fen"] = 210000
    found = verify(_seal(forged))
    assert [difference.path for difference in found.differences] == [
        "decision.amount",
        "steps[2].figures.base_fen",
    ]


def test_a_text_that_a_receipt_leaves_out_is_a_difference(receipt: dict[str, Any]) -> None:
    from subsidy.engine.receipt import _seal

    forged = {key: value for key, value in copy.deepcopy(receipt).items() if key not in {"digests", "sha256"}}
    del forged["texts"]["rates"]
    (difference,) = verify(_seal(forged)).differences
    assert (difference.path, difference.receipt) == ("texts.rates", "null")


def test_a_removed_step_is_found(receipt: dict[str, Any]) -> None:
    broken = copy.deepcopy(receipt)
    del broken["steps"][-1]
    assert any(difference.path.startswith("steps") for difference in verify(broken).differences)


@pytest.mark.parametrize("person_id", ["masked", "whole", "keyed_hash"])
def test_the_person_stands_in_it_only_as_the_caller_chose(person_id: Any) -> None:
    made = assess(CLAIM, [PAID]).receipt(person_id, key=b"secret")
    text = json.dumps(made, ensure_ascii=False)
    assert (PERSON in text) is (person_id == "whole")
    assert (PERSON[-4:] in text) is (person_id != "keyed_hash")
    assert verify(made).ok


def test_a_keyed_hash_needs_a_key() -> None:
    with pytest.raises(ValueError, match="key"):
        assess(CLAIM).receipt("keyed_hash")
    with pytest.raises(ValueError, match="masked, whole or keyed_hash"):
        assess(CLAIM).receipt("plain")  # type: ignore[arg-type]


def test_a_decision_without_its_claim_gives_no_receipt() -> None:
    with pytest.raises(ValueError, match="assess the claim again"):
        Decision(claim_id="C1", status=assess(CLAIM).status).receipt()


def test_a_receipt_made_before_a_text_was_published_verifies_under_the_later_policy() -> None:
    now = load_policy()
    before = now.as_known_on(now.rules[1].published_on)
    made = assess(CLAIM, policy=before).receipt()
    assert made["decision"]["uplift"] == "0.00"  # type: ignore[index,call-overload]
    assert verify(made, now).ok
    # as an agency makes it, whose folder did not hold the later texts at all
    held = Policy(
        before.directory,
        before.rates,
        before.catalog_editions,
        before.rules,
        before.classification,
        before.vocabulary,
    )
    kept = assess(CLAIM, policy=held).receipt()
    assert kept["policy"]["known_on"] is None  # type: ignore[index,call-overload]
    assert verify(kept, now).differences == ()


def test_another_policy_is_named(tmp_path: Path) -> None:
    for file in (REPOSITORY / "data").iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    rates = tmp_path / "subsidy_rates.yaml"
    rates.write_text(rates.read_text(encoding="utf-8").replace("3: 1800", "3: 1900"), encoding="utf-8")
    found = [difference.path for difference in verify(assess(CLAIM).receipt(), load_policy(tmp_path)).differences]
    assert "policy.fingerprint" in found
    assert "decision.base" in found
    assert any(path.startswith("texts.rates.candidates") and path.endswith("digest") for path in found)


@pytest.mark.parametrize(
    "broken", ["", "[]", "{}", "null", '{"form": "subsidy.decision/9"}', "not json", "[" * 100_000]
)
def test_what_is_no_receipt_is_said(broken: str) -> None:
    with pytest.raises(InputError):
        verify(broken)


def test_the_committed_schema_is_current() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == receipt_schema()


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_receipts_of_former_versions_still_verify(file: Path) -> None:
    assert verify(file.read_text(encoding="utf-8")).differences == ()


def test_receipts_are_kept() -> None:
    assert len(KEPT) >= 6


def test_the_receipt_of_an_unusable_record_holds_its_id_and_no_more() -> None:
    made: Any = assess(CLAIM | {"level": "9"}).receipt()
    assert {key: value for key, value in made["input"].items() if value} == {"claim_id": "C1"}
    assert made["steps"][0]["detail"] == made["decision"]["detail"] == "level"


def test_a_difference_shows_both_values_as_json(receipt: dict[str, Any]) -> None:
    forged = copy.deepcopy(receipt)
    forged["decision"]["detail"] = "改"
    forged["steps"][0]["figures"]["name_zh"] = "焊工"
    found = {one.path: (one.receipt, one.now) for one in verify(forged).differences}
    assert found["decision.detail"] == ('"改"', "null")
    assert found["steps[0].figures.name_zh"] == ('"焊工"', '"人工智能训练师"')
    assert [path for path in found if path.startswith("input")] == []


def test_a_keyed_hash_is_that_of_the_number_and_says_when_a_key_is_missing() -> None:
    made: Any = assess(CLAIM).receipt("keyed_hash", key=b"secret")
    expected = hmac.new(b"secret", PERSON.encode(), hashlib.sha256).hexdigest()
    assert made["input"]["person_id"] == expected
    for key in (None, b""):
        with pytest.raises(ValueError, match=r"^person_id: keyed_hash needs a key of at least one byte$"):
            assess(CLAIM).receipt("keyed_hash", key=key)


def test_without_a_person_a_receipt_is_made_again_without_one(receipt: dict[str, Any]) -> None:
    from subsidy.engine.receipt import _seal

    bare = {key: value for key, value in copy.deepcopy(receipt).items() if key not in {"digests", "sha256"}}
    for part in (bare["input"], *bare["history"]):
        part["person_id"] = ""
    bare["steps"][0]["figures"]["person"] = ""
    assert verify(_seal(bare)).differences == ()


def test_a_receipt_is_verified_as_the_newest_knowledge_with_its_fingerprint() -> None:
    """Also where a text that ends an edition is all that was published in between."""
    law = load_policy(HERE / "policies" / "yunshan")
    ends = [edition.ended.published_on for edition in law.editions if edition.ended is not None]
    days = sorted({edition.published_on for edition in law.editions} | set(ends))
    assert set(ends) - {edition.published_on for edition in law.editions}
    for day in days:
        view = law.as_known_on(day)
        held = Policy(
            view.directory, view.rates, view.catalog_editions, view.rules, view.classification, view.vocabulary
        )
        made = assess(YUNSHAN_CLAIM, policy=held).receipt()
        assert verify(made, law).differences == ()


def test_it_says_whose_knowledge_decided(receipt: dict[str, Any]) -> None:
    made: Any = assess(CLAIM, policy=load_policy().as_known_on("2023-09-30")).receipt()
    assert made["policy"]["known_on"] == "2023-09-30"
    assert receipt["policy"]["known_on"] is None
    unusable = verify(assess({"claim_id": "C1"}).receipt())
    assert (unusable.ok, unusable.rerun, unusable.differences) == (True, False, ())


def test_hashes_that_are_missing_wrong_or_of_nothing_are_named(receipt: dict[str, Any]) -> None:
    broken = copy.deepcopy(receipt)
    own = broken["digests"].pop("decision.amount")
    broken["digests"]["no.part"] = "0000"
    broken["sha256"] = "1111"
    found = {one.path: one for one in verify(broken).differences}
    assert found["decision.amount"] == ("decision.amount", "hash no hash", f"hash {own}")
    assert found["no.part"] == ("no.part", "hash 0000", "hash no such part")
    whole = digest({key: value for key, value in broken.items() if key != "sha256"})
    assert found["sha256"] == ("sha256", "1111", whole)
    assert len(found) == 3
    del broken["sha256"]
    with pytest.raises(InputError) as caught:
        verify(broken)
    assert (caught.value.field, caught.value.found) == ("receipt.sha256", "a value that can't be used")


def test_differences_stand_in_the_order_of_the_receipt(receipt: dict[str, Any]) -> None:
    broken = copy.deepcopy(receipt)
    broken["steps"][2]["figures"]["base_fen"] = 1
    broken["history"][0]["certificate_no"] = "S7"
    broken["decision"]["amount"] = "1.00"
    broken["library_version"] = "0.0.9"
    order = list(dict.fromkeys(path.split(".")[0].split("[")[0] for path in named_by(broken)))
    assert order == [key for key in receipt if key in order]
    assert order[0] == "library_version"
    assert {"history", "decision", "steps", "sha256"} <= set(order)


def test_a_value_of_another_type_is_no_value_of_a_receipt(receipt: dict[str, Any]) -> None:
    from subsidy.engine.receipt import _seal

    broken = {key: value for key, value in copy.deepcopy(receipt).items() if key not in {"digests", "sha256"}}
    broken["input"]["insured_months"] = "24"
    with pytest.raises(InputError) as caught:
        verify(_seal(broken))
    assert (caught.value.field, caught.value.found) == ("receipt.input.insured_months", "a value that can't be used")


@pytest.mark.parametrize(
    ("broken", "field", "found", "expected"),
    [
        ("{", "receipt", "text that isn't JSON (Expecting", "the JSON text of a receipt"),
        ("[]", "receipt.form", "'list'", "subsidy.decision/1"),
        ('{"form": "subsidy.decision/9"}', "receipt.form", "'subsidy.decision/9'", "subsidy.decision/1"),
    ],
)
def test_what_was_found_instead_of_a_receipt_is_said(broken: str, field: str, found: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        verify(broken)
    assert (caught.value.field, caught.value.expected) == (field, expected)
    assert caught.value.found.startswith(found)
