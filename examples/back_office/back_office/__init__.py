"""The back office of an invented agency: it decides claims by rules that it wrote itself."""

from back_office.rules import decide

__all__ = ["decide"]
