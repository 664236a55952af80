"""The nouns: money, level, occupation, claim, payment, decision. Imports nothing of ours."""
