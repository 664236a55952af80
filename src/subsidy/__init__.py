"""Vocational-certificate training subsidies, decided exactly, fast and explainably.

The law is data (a policy folder), the rules are plain functions, and this page is the table of contents. Names are
loaded when first used, so that ``import subsidy`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subsidy.engine.assess import assess, quote
    from subsidy.engine.batch.frame import assess_frame
    from subsidy.engine.receipt import Verification, verify
    from subsidy.model.claim import Claim, Payment, PaymentState
    from subsidy.model.decision import Decision, Entitlement, Step
    from subsidy.model.errors import HistoryError, InputError, InvalidRowsError, PaymentsError, SubsidyError
    from subsidy.model.level import Category, Level, Stream
    from subsidy.model.occupation import Occupation
    from subsidy.model.words import Confidence, Outcome, Reason, Status
    from subsidy.policy.catalog import ShortageCatalog
    from subsidy.policy.loading import load_catalog, load_policy
    from subsidy.policy.policy import Policy
    from subsidy.policy.problems import PolicyError
    from subsidy.report.comparison import Comparison, compare
    from subsidy.report.recalculation import Recalculation, recalculate
    from subsidy.wording.words import explain

__version__ = "0.1.0"

_HOME = {
    "assess": "engine.assess",
    "assess_frame": "engine.batch.frame",
    "quote": "engine.assess",
    "Verification": "engine.receipt",
    "verify": "engine.receipt",
    "explain": "wording.words",
    "Claim": "model.claim",
    "Payment": "model.claim",
    "PaymentState": "model.claim",
    "Decision": "model.decision",
    "Entitlement": "model.decision",
    "Step": "model.decision",
    "HistoryError": "model.errors",
    "InputError": "model.errors",
    "InvalidRowsError": "model.errors",
    "PaymentsError": "model.errors",
    "Comparison": "report.comparison",
    "compare": "report.comparison",
    "Recalculation": "report.recalculation",
    "recalculate": "report.recalculation",
    "SubsidyError": "model.errors",
    "Category": "model.level",
    "Level": "model.level",
    "Stream": "model.level",
    "Occupation": "model.occupation",
    "Confidence": "model.words",
    "Outcome": "model.words",
    "Reason": "model.words",
    "Status": "model.words",
    "ShortageCatalog": "policy.catalog",
    "load_catalog": "policy.loading",
    "load_policy": "policy.loading",
    "Policy": "policy.policy",
    "PolicyError": "policy.problems",
}

__all__ = [
    "Category",
    "Claim",
    "Comparison",
    "Confidence",
    "Decision",
    "Entitlement",
    "HistoryError",
    "InputError",
    "InvalidRowsError",
    "Level",
    "Occupation",
    "Outcome",
    "Payment",
    "PaymentState",
    "PaymentsError",
    "Policy",
    "PolicyError",
    "Reason",
    "Recalculation",
    "ShortageCatalog",
    "Status",
    "Step",
    "Stream",
    "SubsidyError",
    "Verification",
    "__version__",
    "assess",
    "assess_frame",
    "compare",
    "explain",
    "load_catalog",
    "load_policy",
    "quote",
    "recalculate",
    "verify",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'subsidy' has no attribute {name!r}")
    found: object = getattr(import_module(f"subsidy.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
