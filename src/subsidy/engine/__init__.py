"""Applying the law: one claim, and claims in a row."""
