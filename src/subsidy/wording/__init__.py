"""Decisions in plain Chinese and English, told from their steps."""
