"""``subsidy assess``: decide claims given as JSON; a table file is handed on to `subsidy.cli.assess_file`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from subsidy.cli.claims import Claims, history_failure, is_json, read_claims
from subsidy.cli.commands import Settings
from subsidy.cli.declared import RECEIPT_KEY
from subsidy.cli.failures import OPEN, PAID, Failure
from subsidy.cli.language import Both
from subsidy.cli.output import amounts, editions, print_json, steps
from subsidy.cli.reading import STDIN
from subsidy.engine.assess import assess
from subsidy.engine.sequence import assess_all
from subsidy.model.decision import Decision
from subsidy.model.errors import HistoryError
from subsidy.model.money import format_yuan
from subsidy.model.words import Status
from subsidy.policy.policy import Policy
from subsidy.wording.words import advice, reason_text

__all__ = ["as_json", "run"]

Form = Literal["masked", "whole", "keyed_hash"]


class _Receipt(NamedTuple):
    """What receipt is asked for."""

    file: str
    form: Form
    key: bytes | None


def run(
    settings: Settings,
    source: str,
    receipt: str | None,
    person_id: str,
    output: str | None,
    history: str | None,
    skip_bad_history: bool,
    workers: int | None,
) -> int:
    """Decide, print, and give the exit code."""
    if not is_json(source):
        from subsidy.cli.assess_file import Wish, run_file  # JSON needs no pyarrow

        if receipt is not None:
            raise _only_for("--receipt", Both("一份 JSON 申领", "one claim as JSON"), source)
        return run_file(settings, Wish(source, output, history, skip_bad_history, workers))
    for name, given in (("-o", output), ("--history", history), ("--skip-bad-history", skip_bad_history or None)):
        if given is not None:
            raise _only_for(name, Both(" csv、xlsx 或 parquet 文件", "a csv, xlsx or parquet file"), source)
    claims = read_claims(source)
    wanted = None if receipt is None else _wanted(receipt, person_id, claims)
    policy = settings.load()
    if claims.one:
        return _one(settings, policy, claims, wanted)
    return _batch(settings, policy, claims)


def _only_for(option: str, what: Both, source: str) -> Failure:
    found = Both("标准输入的 JSON", "JSON on standard input") if source == STDIN else Both(source, source)
    return Failure(
        Both(f"{option}：仅适用于{what.zh}，现为 {found.zh}", f"{option}: serves {what.en} only, found {found.en}")
    )


def _wanted(file: str, person_id: str, claims: Claims) -> _Receipt:
    """Check what is asked of a receipt before anything is decided."""
    if not claims.one:
        raise Failure(
            Both(
                "--receipt：现为成批申领，应为一份申领",
                "--receipt: found a list of claims, expected one claim",
            )
        )
    form = cast(Form, person_id.replace("-", "_"))
    key = os.environ.get(RECEIPT_KEY, "")
    if form == "keyed_hash" and not key:
        raise Failure(
            Both(
                f"--person-id keyed-hash：环境变量 {RECEIPT_KEY} 为空，应为密钥",
                f"--person-id keyed-hash: the environment variable {RECEIPT_KEY} is empty, expected the key",
            )
        )
    return _Receipt(file, form, key.encode("utf-8", "surrogateescape") if form == "keyed_hash" else None)


def _one(settings: Settings, policy: Policy, claims: Claims, wanted: _Receipt | None) -> int:
    try:
        decision = assess(claims.records[0], claims.history, policy=policy)
    except HistoryError as error:
        raise history_failure(policy, claims, error) from None
    if wanted is not None and decision.status is not Status.INVALID:
        _write(decision, wanted)
    if settings.as_json:
        print_json(as_json(decision))
    if decision.status is Status.INVALID:
        raise _invalid(decision)
    if not settings.as_json:
        _print(decision, settings, wanted)
    return PAID if decision.status is Status.PAYABLE else OPEN


def _invalid(decision: Decision) -> Failure:
    """Say how to mend a record that can't be used."""
    if decision.reason is None:
        raise AssertionError("an invalid record has a reason")
    zh, en = reason_text(decision.reason, "zh"), reason_text(decision.reason, "en")
    mend = Both(advice(decision, "zh") or "", advice(decision, "en") or "")
    return Failure(Both(f"{zh}。{mend.zh}", f"{en}. {mend.en}"))


def _write(decision: Decision, wanted: _Receipt) -> None:
    text = json.dumps(decision.receipt(wanted.form, key=wanted.key), ensure_ascii=False, indent=2)
    try:
        Path(wanted.file).write_text(f"{text}\n", encoding="utf-8", errors="surrogatepass")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        file = wanted.file
        raise Failure(
            Both(f"--receipt：{file} 无法写入（{why}）", f"--receipt: {file} can't be written ({why})")
        ) from None


def as_json(decision: Decision) -> dict[str, Any]:
    """Give a decision as JSON: the columns of its output, amounts in yuan too, and the steps."""
    return {
        "claim_id": decision.claim_id,
        "status": decision.status,
        "reason": decision.reason,
        "detail": decision.detail,
        "blocked_by": decision.blocked_by,
        **amounts(decision),
        "base_fen": decision.base_fen,
        "uplift_fen": decision.uplift_fen,
        "amount_fen": decision.amount_fen,
        "confidence": decision.confidence,
        **editions(decision),
        "steps": steps(decision),
        "policy_fingerprint": decision.policy_fingerprint,
    }


def _print(decision: Decision, settings: Settings, wanted: _Receipt | None) -> None:
    page = settings.page()
    page.answer(decision, page.say(f"申领 {decision.claim_id}", f"Claim {decision.claim_id}"))
    if wanted is not None:
        page.blank()
        page.paragraph(page.say(f"核定凭证已写入 {wanted.file}", f"The receipt is in {wanted.file}"))


def _batch(settings: Settings, policy: Policy, claims: Claims) -> int:
    try:
        decisions = assess_all(claims.records, claims.history, policy=policy)
    except HistoryError as error:
        raise history_failure(policy, claims, error) from None
    if settings.as_json:
        print_json([as_json(decision) for decision in decisions])
    else:
        _print_batch(decisions, settings)
    return PAID if all(decision.status is Status.PAYABLE for decision in decisions) else OPEN


def _print_batch(decisions: list[Decision], settings: Settings) -> None:
    page = settings.page()
    rows = []
    for decision in decisions:
        why = "" if decision.reason is None else reason_text(decision.reason, page.lang)
        about = decision.blocked_by or decision.detail
        why += page.say(f"（{about}）", f" ({about})") if why and about else ""
        rows.append((decision.claim_id or "", page.status(decision.status), why, format_yuan(decision.amount_fen)))
    headings = page.say("申领编号,核定结果,理由,金额（元）", "Claim,Result,Why,Amount (yuan)").split(",")
    page.table(headings, rows, right=[3], whole=[1, 3])
    page.blank()
    counts = [
        page.say(f"{status.zh} {count}", f"{count} {status}")
        for status in Status
        if (count := sum(decision.status is status for decision in decisions))
    ]
    total = page.yuan(sum(decision.amount_fen for decision in decisions))
    many = "claim" if len(decisions) == 1 else "claims"
    parts = [page.say(f"共 {len(decisions)} 份申领", f"{len(decisions)} {many}"), *counts]
    page.paragraph(page.say("，", ", ").join(parts) + page.say(f"；合计 {total}。", f"; {total} in all."))
