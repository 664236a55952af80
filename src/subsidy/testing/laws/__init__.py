"""The laws of the policy, by name: properties that every implementation must keep."""

from subsidy.testing.laws import history, money, one_claim, records, texts
from subsidy.testing.laws.law import LAWS, Broken, Case, Law

__all__ = ["LAWS", "Broken", "Case", "Law", "history", "money", "one_claim", "records", "texts"]
