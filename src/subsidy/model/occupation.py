"""An occupation (职业/工种) and the form of its code."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from subsidy.model.level import Category

__all__ = ["CODE_FORMS", "NATIONAL_CODE", "Name", "Occupation"]

NATIONAL_CODE = re.compile(r"[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
LOCAL_CODE = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", re.ASCII)
CODE_FORMS = "a code like 4-04-05-05, or a local one of letters, digits and hyphens"


class Name(BaseModel):
    """A name in Chinese and English; either may be left out of a policy file, not both."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    zh: str = ""
    en: str = ""

    def in_language(self, lang: str) -> str:
        """Give the name in ``zh`` or ``en``, or the other where that one is missing."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)


class Occupation(BaseModel):
    """An occupation as a policy knows it.

    Examples
    --------
    >>> Occupation(code="4-04-05-05", name=Name(zh="人工智能训练师"), category=Category.B, digital=True).code
    '4-04-05-05'
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    code: str
    name: Name
    category: Category | None = None
    digital: bool = False
