"""The claims that ``subsidy assess`` is handed: the shapes that the JSON may have."""

from __future__ import annotations

from typing import Any, NamedTuple

from subsidy.cli.failures import Failure, found_expected
from subsidy.cli.language import Both, Lang
from subsidy.cli.reading import STDIN, kind_of, parse, read_bytes
from subsidy.engine.assess import assess
from subsidy.model.errors import HistoryError
from subsidy.model.text import nearest, shown
from subsidy.model.words import Status
from subsidy.policy.policy import Policy
from subsidy.wording.words import advice, reason_text

__all__ = ["Claims", "history_failure", "is_json", "read_claims"]

_EXAMPLE = "subsidy assess < claim.json"
_ENVELOPE = ("claim", "claims", "history")
_RECORD = Both("一份申领记录（对象）", "a claim record (an object)")
_RECORDS = Both("申领记录的列表", "a list of claim records")
Record = dict[str, Any]


class Claims(NamedTuple):
    """What is to be decided."""

    records: list[Record]
    history: list[Record]
    one: bool


def is_json(source: str) -> bool:
    """Say whether claims come as JSON: on standard input, or in a file whose name ends in .json."""
    return source == STDIN or source.lower().endswith(".json")


def read_claims(source: str) -> Claims:
    """Read claims as JSON, from standard input or a file."""
    return _shaped(parse(read_bytes(source, _EXAMPLE), source))


def _shaped(value: Any) -> Claims:
    if isinstance(value, list):
        return Claims(_records("claims", value), [], one=False)
    if not isinstance(value, dict):
        expected = Both(f"{_RECORD.zh}或{_RECORDS.zh}", f"{_RECORD.en} or {_RECORDS.en}")
        raise _kind("JSON", value, expected)
    if not any(key in value for key in _ENVELOPE):
        return Claims([value], [], one=True)
    for key in value:
        if key not in _ENVELOPE:
            expected = Both(" claim 或 claims，及 history", "claim or claims, and history")
            raise found_expected("JSON", shown(key), expected, nearest(key, _ENVELOPE))
    history = _records("history", value.get("history", []))
    if "claim" in value and "claims" in value:
        raise found_expected("JSON", "claim, claims", Both("二者之一", "one of the two"))
    if "claim" in value:
        if not isinstance(value["claim"], dict):
            raise _kind("claim", value["claim"], _RECORD)
        return Claims([value["claim"]], history, one=True)
    if "claims" not in value:
        raise found_expected("JSON", "history", Both("还有 claim 或 claims", "claim or claims too"))
    return Claims(_records("claims", value["claims"]), history, one=False)


def _kind(place: str, value: object, expected: Both) -> Failure:
    found = kind_of(value)
    return Failure(
        Both(
            f"{place}：现为{found.zh}，应为{expected.zh}",
            f"{place}: found {found.en}, expected {expected.en}",
        )
    )


def _records(name: str, value: object) -> list[Record]:
    if not isinstance(value, list):
        raise _kind(name, value, _RECORDS)
    for place, record in enumerate(value):
        if not isinstance(record, dict):
            raise _kind(f"{name}[{place}]", record, _RECORD)
    return value


def history_failure(policy: Policy, claims: Claims, error: HistoryError) -> Failure:
    """Say in both languages which history rows can't be used, and how to mend them."""
    lines = Both(*("\n".join(_history_lines(policy, claims, error, lang)) for lang in ("zh", "en")))
    count = len(error.problems)
    rows = "row" if count == 1 else "rows"
    return Failure(
        Both(
            f"错误：history 中 {count} 处无法使用，未作核定：\n{lines.zh}",
            f"error: {count} history {rows} can't be used, nothing was decided:\n{lines.en}",
        )
    )


def _history_lines(policy: Policy, claims: Claims, error: HistoryError, lang: Lang) -> list[str]:
    if lang == "en":
        return [f"  {problem}" for problem in error.problems]
    lines: list[str] = []
    seen: dict[str | None, str] = {}
    rows = [(f"history[{place}]", record) for place, record in enumerate(claims.history)]
    for place, record in rows:
        decision = assess(record, policy=policy)
        if decision.status is Status.INVALID and decision.reason is not None:
            mend = advice(decision, lang) or ""
            lines.append(f"  {place}：{decision.detail}：{reason_text(decision.reason, lang)}。{mend}")
        elif decision.claim_id in seen:
            lines.append(f"  {place}：申领编号 {decision.claim_id} 与 {seen[decision.claim_id]} 重复")
        seen.setdefault(decision.claim_id, place)
    for record in claims.records if not lines else ():
        decision = assess(record, policy=policy)
        if decision.claim_id in seen:
            lines.append(f"  {seen[decision.claim_id]}：申领编号 {decision.claim_id} 与本次申领重复")
    return lines
