"""What there is to say of a policy folder that loads: gaps, overlaps, odd amounts, what is assumed.

Errors of form aren't here: those stop loading. The kinds and what to do about each: ``docs/findings.md``.
"""

from subsidy.engine.findings.check import check_folder
from subsidy.engine.findings.folder import Finding
from subsidy.engine.findings.kind import Bilingual, Kind, Severity
from subsidy.engine.findings.kinds import KINDS

__all__ = ["KINDS", "Bilingual", "Finding", "Kind", "Severity", "check_folder"]
