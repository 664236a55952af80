"""All kinds of finding by their code. Codes never change their meaning; ``docs/findings.md`` lists them."""

from __future__ import annotations

from subsidy.engine.findings.kinds_of_amounts import AMOUNTS, RULES
from subsidy.engine.findings.kinds_of_texts import ENTRIES, TEXTS

__all__ = ["KINDS"]

KINDS = {kind.code: kind for kind in (*TEXTS, *ENTRIES, *AMOUNTS, *RULES)}
