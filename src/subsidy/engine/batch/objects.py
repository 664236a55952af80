"""Arrow values as Python objects, also those that Python has no object for."""

from __future__ import annotations

from typing import cast

import pyarrow as pa

__all__ = ["python_value", "python_values"]


def python_values(values: pa.Array) -> list[object]:
    """Give the values as Python objects; what is none there, as a day of no calendar, as a text that says so."""
    try:
        return list(values.to_pylist())
    except (OverflowError, ValueError):
        return [python_value(value) for value in values]


def python_value(value: pa.Scalar) -> object:
    """Give one value as a Python object."""
    try:
        return cast("object", value.as_py())
    except (OverflowError, ValueError):
        return f"a {value.type} that no calendar has"
