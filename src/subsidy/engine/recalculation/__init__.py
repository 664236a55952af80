"""Recalculation: what is due now beside what was paid, claim by claim, and why they differ."""
