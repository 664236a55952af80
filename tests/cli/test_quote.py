"""``subsidy quote``: amounts, exit codes, and one message for whatever can't be read."""

from __future__ import annotations

import pytest

from tests.cli.calls import call, one_message, process

TRAINER = ("quote", "--occupation", "4-04-05-05", "--level", "3")

PAYABLE = [
    (["--occupation", "4-04-05-05", "--level", "3", "--on", "2023-09-01"], "1800.00", "540.00", "2340.00"),
    (
        ["--occupation", "工业视觉系统运维员", "--level", "三级", "--on", "2023-09-01"],
        "2000.00",
        "600.00",
        "2600.00",
    ),
    (["--occupation", "4-10-01-05", "--level", "3", "--on", "2023-09-01"], "1500.00", "0.00", "1500.00"),
    (["--occupation", "4-04-05-05", "--level", "3", "--on", "2023-07-01"], "1800.00", "0.00", "1800.00"),
    (
        ["--occupation", "焊工", "--level", "3", "--stream", "skill_improvement", "--on", "2019-11-01"],
        "2000.00",
        "600.00",
        "2600.00",
    ),
    (
        ["--occupation", "4-04-05-05", "--level", "3", "--on", "2023-09-01", "--known-on", "2023-08-01"],
        "1800.00",
        "0.00",
        "1800.00",
    ),
]


@pytest.mark.parametrize(("arguments", "base", "uplift", "amount"), PAYABLE)
def test_payable_amounts(arguments: list[str], base: str, uplift: str, amount: str) -> None:
    answer = call("quote", *arguments, "--json")
    assert answer.code == 0
    found = answer.json()
    assert (found["status"], found["reason"]) == ("payable", None)
    assert (found["base"], found["uplift"], found["amount"]) == (base, uplift, amount)
    shown = call("quote", *arguments)
    assert shown.code == 0
    assert f"{amount} yuan" in shown.out


def test_json_has_every_key() -> None:
    found = call(*TRAINER, "--on", "2023-09-01", "--json").json()
    assert list(found) == [
        "occupation",
        "name",
        "level",
        "stream",
        "on",
        "status",
        "reason",
        "detail",
        "base",
        "uplift",
        "amount",
        "confidence",
        "directory_edition",
        "catalog_edition",
        "rate_edition",
        "rules_edition",
        "steps",
        "policy_fingerprint",
        "known_on",
    ]
    assert found["name"] == {"zh": "人工智能训练师", "en": "Artificial intelligence trainer"}
    assert (found["level"], found["stream"], found["on"]) == ("3", "training", "2023-09-01")
    assert found["confidence"] == "assumed"
    assert found["catalog_edition"] == "suzhou-digital-2023"
    assert found["known_on"] is None
    assert found["steps"][1]["figures"]["base_fen"] == 180000
    assert len(found["policy_fingerprint"]) == 64


def test_known_on_is_named() -> None:
    found = call(*TRAINER, "--on", "2023-09-01", "--known-on", "2023-08-01", "--json").json()
    assert found["known_on"] == "2023-08-01"
    assert "as known on 2023-08-01" in call(*TRAINER, "--on", "2023-09-01", "--known-on", "2023-08-01").out


OPEN = [
    (
        ["--occupation", "9-99-99-99", "--level", "3", "--on", "2023-09-01"],
        "refused",
        "occupation_not_listed",
    ),
    (
        ["--occupation", "4-04-05-05", "--level", "3", "--on", "2024-03-01"],
        "undetermined",
        "no_directory_in_force",
    ),
    (
        ["--occupation", "4-04-05-05", "--level", "3", "--on", "1999-01-01"],
        "undetermined",
        "no_rules_in_force",
    ),
    (
        ["--occupation", "养老护理员", "--level", "3", "--stream", "skill_improvement", "--on", "2019-11-01"],
        "undetermined",
        "catalog_incomplete",
    ),
    (
        ["--occupation", "养老护理员", "--level", "3", "--stream", "skill_improvement", "--on", "2021-03-01"],
        "undetermined",
        "no_catalog_in_force",
    ),
    (
        [
            "--occupation",
            "4-04-05-05",
            "--level",
            "3",
            "--on",
            "2023-09-01",
            "--minimum-confidence",
            "secondary",
        ],
        "undetermined",
        "confidence_too_low",
    ),
]


@pytest.mark.parametrize(("arguments", "status", "reason"), OPEN)
def test_refused_and_undetermined_give_status_and_reason(arguments: list[str], status: str, reason: str) -> None:
    answer = call("quote", *arguments, "--json")
    assert answer.code == 1
    assert (answer.json()["status"], answer.json()["reason"]) == (status, reason)
    assert answer.json()["amount"] == "0.00"
    shown = call("quote", *arguments)
    assert shown.code == 1
    assert status in shown.out
    assert reason in shown.out
    assert call("quote", *arguments, "--lang", "zh").code == 1


def test_chinese_and_english_pages() -> None:
    chinese = call(*TRAINER, "--on", "2023-09-01", "--lang", "zh")
    assert "人工智能训练师 4-04-05-05" in chinese.out
    assert "予以核定" in chinese.out
    assert "2340.00 元" in chinese.out
    english = call(*TRAINER, "--on", "2023-09-01", "--lang", "en")
    assert "Artificial intelligence trainer 4-04-05-05" in english.out
    assert "payable" in english.out


@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "理由"),
        ({"LC_ALL": "", "LANG": "zh_TW.UTF-8"}, "理由"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "Why"),
        ({"LC_ALL": None, "LANG": None}, "Why"),
    ],
)
def test_language_follows_the_environment(env: dict[str, str | None], word: str) -> None:
    assert word in call(*TRAINER, "--on", "2023-09-01", env=env).out


def test_common_options_stand_before_the_command_too() -> None:
    before = call("--lang", "zh", "--known-on", "2023-08-01", "--json", *TRAINER, "--on", "2023-09-01")
    behind = call(*TRAINER, "--on", "2023-09-01", "--lang", "zh", "--known-on", "2023-08-01", "--json")
    assert before.json() == behind.json()
    assert before.json()["uplift"] == "0.00"
    nearer = call("--known-on", "2023-08-01", *TRAINER, "--on", "2023-09-01", "--known-on", "2023-08-17", "--json")
    assert nearer.json()["uplift"] == "540.00"


WRONG = [
    (["--level", "7"], ["--level: found '7', expected 1 to 5"]),
    (["--on", "2023-02-30"], ["--on: found '2023-02-30', expected a real date like 2023-09-01"]),
    (["--on", ""], ["--on: found ''"]),
    (["--stream", "trainin"], ["--stream: found 'trainin'", "did you mean training?"]),
    (["--known-on", "soon"], ["--known-on: found 'soon'", "2023-09-01"]),
    (["--minimum-confidence", "offical"], ["found 'offical'", "did you mean official?"]),
    (["--lang", "fr"], ["--lang: found 'fr', expected one of zh, en"]),
    (["--occupation", "焊公"], ["--occupation: found '焊公'", "did you mean 焊工?"]),
    (["--occupation", "AI训练员"], ["did you mean 人工智能训练师?"]),
    (["--occupation", ""], ["--occupation: found ''", "a code, name or alias"]),
    (["--policy", "no/such/folder"], ["no/such/folder", "found no such folder", "occupations.yaml"]),
    (["--policy", ""], ["--policy: found '', expected a policy folder"]),
    (["--levl", "3"], ["no option --levl", "did you mean --level?"]),
    (["--json=yes"], ["--json: takes no value"]),
    (["--level"], ["--level: needs a value"]),
    (["stray"], ["unexpected argument 'stray'"]),
]


@pytest.mark.parametrize(("arguments", "parts"), WRONG)
def test_unusable_input_gives_one_message(arguments: list[str], parts: list[str]) -> None:
    one_message(call(*TRAINER, "--on", "2023-09-01", *arguments), *parts)
    one_message(call("--lang", "zh", *TRAINER, "--on", "2023-09-01", *arguments))


def test_unusable_input_in_chinese() -> None:
    one_message(call(*TRAINER, "--on", "2023-02-30", "--lang", "zh"), "--on：现为 '2023-02-30'，应为有效日期")
    one_message(call("quote", "--level", "7", "--lang", "zh"), "--level：现为 '7'，应为 1 至 5")


def test_missing_options_are_named() -> None:
    one_message(call("quote"), "option --occupation is missing", "subsidy quote --help")
    one_message(call("quote", "--occupation", "焊工", "--on", "2023-09-01"), "--level is missing", "expected 1 to 5")


def test_a_persons_number_is_never_echoed() -> None:
    answer = call("quote", "--occupation", "11010519491231002X", "--level", "3", "--on", "2023-09-01")
    one_message(answer, "110***********002X")


def test_as_a_process() -> None:
    answer = process(*TRAINER, "--on", "2023-09-01", "--json")
    assert (answer.code, answer.json()["amount"], answer.err) == (0, "2340.00", "")
    assert process(*TRAINER, "--on", "2024-03-01").code == 1
    one_message(process("quote", "--occupation", "焊工", "--level", "7", "--on", "2023-09-01"), "found '7'")
    one_message(process(*TRAINER, "--on", "2023-09-01", "--policy", "no/such/folder"), "no such folder")
