"""The one form of plain data that hashes are taken of."""

from __future__ import annotations

import hashlib
import json

__all__ = ["canonical", "digest"]


def digest(value: object, length: int = 64) -> str:
    """Give the first digits of the SHA-256 of plain data as canonical JSON: sorted keys, no blanks, UTF-8.

    Examples
    --------
    >>> digest({"b": 1, "a": "紧缺"}, 16) == digest({"a": "紧缺", "b": 1}, 16)
    True
    """
    return hashlib.sha256(canonical(value)).hexdigest()[:length]


def canonical(value: object) -> bytes:
    """Write plain data as canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
