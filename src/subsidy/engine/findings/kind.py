"""A kind of finding: a stable code, how grave it is, what it says and what to do, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["COMMA", "SEMICOLON", "Bilingual", "Kind", "Severity", "kind", "several"]

Severity = Literal["error", "warning", "info"]
_SHOWN = 5


class Bilingual(NamedTuple):
    """One text in Chinese and English.

    Examples
    --------
    >>> Bilingual("等级", "level").in_language("en")
    'level'
    """

    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        """Give the text in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en

    def filled(self, **values: object) -> Bilingual:
        """Fill in the words in braces; a value may be bilingual itself."""
        zh, en = (
            text.format(
                **{
                    name: value.in_language(lang) if isinstance(value, Bilingual) else value
                    for name, value in values.items()
                }
            )
            for lang, text in (("zh", self.zh), ("en", self.en))
        )
        return Bilingual(zh, en)


COMMA = Bilingual("、", ", ")
SEMICOLON = Bilingual("；", "; ")


def several(found: Iterable[Bilingual], apart: Bilingual = COMMA) -> Bilingual:
    """Write a list, cut after the fifth.

    Examples
    --------
    >>> several(Bilingual(str(n), str(n)) for n in range(7))
    Bilingual(zh='0、1、2、3、4 等7项', en='0, 1, 2, 3, 4 and 2 more')
    """
    items = list(found)
    zh = apart.zh.join(item.zh for item in items[:_SHOWN])
    en = apart.en.join(item.en for item in items[:_SHOWN])
    more = len(items) - _SHOWN
    return Bilingual(f"{zh} 等{len(items)}项", f"{en} and {more} more") if more > 0 else Bilingual(zh, en)


@dataclass(frozen=True)
class Kind:
    """One kind of finding.

    Parameters
    ----------
    code : str
        Its stable name.
    severity : {"error", "warning", "info"}
        error: amounts come out wrong. warning: somebody should mend it. info: a fact to be aware of.
    message, advice : Bilingual
        What is so, and what to do.
    """

    code: str
    severity: Severity
    message: Bilingual
    advice: Bilingual


def kind(code: str, severity: Severity, message: tuple[str, str], advice: tuple[str, str]) -> Kind:
    """Make a kind; of each pair of texts the Chinese stands first."""
    return Kind(code, severity, Bilingual(*message), Bilingual(*advice))
