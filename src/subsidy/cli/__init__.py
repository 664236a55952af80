"""The command line ``subsidy``: a thin layer that reads what people type and prints what the engine answers.

Nothing here decides anything. What a command does is a module of its own, imported only to run it; rich is
imported only to print for people, and pandas never.
"""

from __future__ import annotations

from subsidy.cli.app import app, main

__all__ = ["app", "main"]
