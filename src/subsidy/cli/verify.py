"""``subsidy verify``: read a receipt, decide again, and say whether and where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from subsidy.cli.commands import Settings
from subsidy.cli.failures import OPEN, PAID, Failure
from subsidy.cli.language import Both
from subsidy.cli.output import print_json
from subsidy.cli.reading import STDIN, kind_of, parse, read_bytes
from subsidy.engine.receipt import Difference, Verification, verify
from subsidy.model.errors import InputError
from subsidy.model.person import mask_person_id

if TYPE_CHECKING:
    from subsidy.cli.pages import Page

__all__ = ["run"]

_PERSON = ("person_id", "person")
_EXPECTED = Both(
    "核定凭证 subsidy.decision/1（subsidy assess --receipt）",
    "a receipt, form subsidy.decision/1 (subsidy assess --receipt)",
)


def run(settings: Settings, receipt: str) -> int:
    """Verify, print, and give the exit code."""
    content = parse(read_bytes(receipt, "subsidy verify - < receipt.json"), receipt)
    name = "JSON" if receipt == STDIN else receipt
    if not isinstance(content, dict):
        raise _not_a_receipt(name, kind_of(content))
    try:
        found = verify(content, settings.load())
    except InputError as error:
        what = f"{error.field}: {error.found} ({error.expected})"
        raise _not_a_receipt(name, Both(f" {what}", what)) from None
    differences = [_shown(one) for one in found.differences]
    if settings.as_json:
        print_json(
            {
                "ok": found.ok,
                "rerun": found.rerun,
                "differences": [{"path": path, "receipt": was, "now": now} for path, was, now in differences],
            }
        )
    else:
        _print(found, differences, settings.page())
    return PAID if found.ok else OPEN


def _not_a_receipt(name: str, found: Both) -> Failure:
    return Failure(
        Both(
            f"{name}：现为{found.zh}，应为{_EXPECTED.zh}",
            f"{name}: found {found.en}, expected {_EXPECTED.en}",
        )
    )


def _shown(one: Difference) -> tuple[str, str, str]:
    """Give a difference with any person's number masked."""
    if one.path.rpartition(".")[2] in _PERSON:
        return one.path, mask_person_id(one.receipt.strip('"')), mask_person_id(one.now.strip('"'))
    return one.path, one.receipt, one.now


def _print(found: Verification, differences: list[tuple[str, str, str]], page: Page) -> None:
    if found.ok:
        text = page.say("凭证完整，重新核定结果一致。", "The receipt is intact, and deciding again gives the same.")
        if not found.rerun:
            text = page.say(
                "凭证完整。该申领数据有误、未曾核定，故不重新核定。",
                "The receipt is intact. Its record couldn't be used, so there is nothing to decide again.",
            )
        page.paragraph(text, style="green")
        return
    number = len(differences)
    places = "place" if number == 1 else "places"
    page.paragraph(
        page.say(f"凭证与重新核定的结果有 {number} 处不同：", f"The receipt differs in {number} {places}:"),
        style="bold red",
    )
    for path, was, now in differences:
        page.blank()
        page.paragraph(path, indent=2, style="bold")
        page.facts([(page.say("  凭证", "  receipt"), was), (page.say("  现为", "  now"), now)])
