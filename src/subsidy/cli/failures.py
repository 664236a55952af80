"""What stops a command: one message that says what was found, what was expected and what is nearest."""

from __future__ import annotations

import re

from subsidy.cli.language import Both, Lang

__all__ = [
    "INTERNAL",
    "INTERRUPTED",
    "OPEN",
    "PAID",
    "PIPE_CLOSED",
    "UNUSABLE",
    "Failure",
    "found_expected",
    "scrubbed",
]

# Exit codes. 0 and 1 are answers.
PAID = 0  # payable; for the other commands: done, clean, intact
OPEN = 1  # refused or undetermined; findings; a receipt that differs
UNUSABLE = 2  # unusable input or policy
INTERNAL = 70  # a fault of this program
INTERRUPTED = 130
PIPE_CLOSED = 141

# Anything of the shape of a resident number, in plain or full width.
_PERSON_ID = re.compile(r"(?<![0-9A-Za-z])[0-9０-９]{17}[0-9０-９XxＸｘ](?![0-9A-Za-z])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Failure(Exception):  # noqa: N818 (it is what a command ends with, not an error of the library)
    """Ends a command with one message in both languages.

    Parameters
    ----------
    message : Both
        What was found, what was expected, how to mend it.
    code : int
        The exit code.
    """

    def __init__(self, message: Both, code: int = UNUSABLE) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def text(self, lang: Lang) -> str:
        """Give the message in one language."""
        return self.message.text(lang)


def found_expected(field: str, found: str, expected: Both, near: str | None = None) -> Failure:
    """Make the failure of one value.

    Examples
    --------
    >>> found_expected("--level", "'7'", Both("1 至 5", "1 to 5")).text("en")
    "--level: found '7', expected 1 to 5"
    """
    hint = Both(f"；是否为 {near}？", f"; did you mean {near}?") if near else Both("", "")
    return Failure(
        Both(
            f"{field}：现为 {found}，应为{expected.zh}{hint.zh}",
            f"{field}: found {found}, expected {expected.en}{hint.en}",
        )
    )


def scrubbed(text: str) -> str:
    """Mask whatever looks like a person's number, and drop what could move the cursor or turn text around.

    Examples
    --------
    >>> scrubbed("found 11010519491231002X")
    'found 110***********002X'
    """
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _PERSON_ID.sub(_masked, text))


def _masked(match: re.Match[str]) -> str:
    from subsidy.model.person import mask_person_id  # its library is slow to import

    return mask_person_id(match[0])
