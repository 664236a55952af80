"""The two languages of the command line, and how one is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

__all__ = ["LANGUAGES", "Both", "Lang", "chosen"]

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


class Both(NamedTuple):
    """One text in Chinese and English."""

    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """Give the text in one language."""
        return self.zh if lang == "zh" else self.en


def chosen(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """Give the language of a call: that of ``--lang``, else that of the environment.

    It must be known before the arguments are parsed, since help and errors are in it too. A wrong one is left
    to the parser to report.

    Examples
    --------
    >>> chosen(["quote", "--lang", "zh"], {}), chosen([], {"LC_ALL": "", "LANG": "zh_CN.UTF-8"})
    ('zh', 'zh')
    >>> chosen([], {})
    'en'
    """
    found: Lang | None = None
    for place, argument in enumerate(arguments):
        name, joined, value = argument.partition("=")
        if name == "--lang":
            given = value if joined else next(iter(arguments[place + 1 : place + 2]), "")
            found = "zh" if given == "zh" else "en" if given == "en" else found
    if found is not None:
        return found
    locale = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
