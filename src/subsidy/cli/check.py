"""``subsidy check``: what keeps a policy folder from loading; else what is odd, missing, assumed or unsourced in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from subsidy.cli.commands import Settings
from subsidy.cli.failures import OPEN, PAID, Failure
from subsidy.cli.language import Both
from subsidy.cli.output import print_json
from subsidy.engine.findings import Finding, check_folder
from subsidy.model.words import Confidence
from subsidy.policy.loading import packaged_folder
from subsidy.policy.problems import PolicyError, path_text

if TYPE_CHECKING:
    from subsidy.cli.pages import Page

__all__ = ["run"]

# word in Chinese and English, and colour
_SEVERITIES = {
    "error": (Both("错误", "Errors"), "bold red"),
    "warning": (Both("警告", "Warnings"), "bold yellow"),
    "info": (Both("提示", "Notes"), "bold cyan"),
}


def run(settings: Settings, folder: str | None, today: date | None) -> int:
    """Check, print, and give the exit code."""
    given = _folder(settings, folder)
    path = packaged_folder() if given is None else Path(given)
    day = today or date.today()  # noqa: DTZ011  (the day where the user sits)
    try:
        findings = [one for one in check_folder(path, today=day) if not _sure_enough(one, settings)]
    except PolicyError as error:
        if settings.as_json:
            print_json(_as_json(error))
        raise
    if settings.as_json:
        print_json([finding.to_json() for finding in findings])
    else:
        _print(settings.page(), findings, given)
    return OPEN if findings else PAID


def _folder(settings: Settings, folder: str | None) -> str | None:
    if settings.known_on is not None:
        raise Failure(
            Both(
                "--known-on：check 检查文件夹中的全部文本，请去掉此选项",
                "--known-on: check looks at every text of the folder, leave this option out",
            )
        )
    if folder is not None and settings.policy not in (None, folder):
        raise Failure(
            Both(
                "DIR：现有 DIR 和 --policy 两个文件夹，应为一个",
                "DIR: found two folders, DIR and --policy, expected one",
            )
        )
    given = folder if folder is not None else settings.policy
    if given == "":
        raise Failure(Both("DIR：现为 ''，应为政策文件夹", "DIR: found '', expected a policy folder"))
    return given


def _sure_enough(finding: Finding, settings: Settings) -> bool:
    """Say whether a finding is only about a source that is as sure as the caller asks for."""
    wanted = settings.minimum_confidence
    if wanted is None or finding.code not in {*Confidence}:
        return False
    return not Confidence(finding.code).weaker_than(wanted)


def _as_json(error: PolicyError) -> list[dict[str, object]]:
    return [
        {
            "code": problem.code,
            "severity": "error",
            "file": problem.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "path": path_text(problem.path),
            "edition": None,
            "message": {"zh": problem.message("zh"), "en": problem.message("en")},
            "advice": None,
        }
        for problem in error.problems
    ]


def _print(page: Page, findings: Sequence[Finding], given: str | None) -> None:
    name = page.say("随附的政策", "the packaged policy") if given is None else given
    if not findings:
        page.paragraph(page.say(f"{name}：没有发现。", f"{name}: no findings."), style="green")
        return
    page.title(page.say(f"{name}：{len(findings)} 项发现", f"{name}: {_counted(len(findings), 'finding')}"))
    for severity, (word, style) in _SEVERITIES.items():
        some = [finding for finding in findings if finding.severity == severity]
        if some:
            page.blank()
            page.paragraph(page.say(f"{word.zh} {len(some)}", f"{word.en}: {len(some)}"), style=style)
        for finding in some:
            page.blank()
            file = Path(finding.file).name if given is None else finding.file
            page.paragraph(f"{file}:{finding.line}:{finding.column}  {finding.code}", indent=2, style=style)
            page.paragraph(finding.path, indent=2, style="dim")
            page.paragraph(finding.message.in_language(page.lang), indent=4)
            page.paragraph(f"→ {finding.advice.in_language(page.lang)}", indent=4)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
