"""Decisions as a file holds them: the columns of the engine, the amount in yuan, and the policy's fingerprint.

A spreadsheet runs a cell that begins with ``=`` and some other signs as a formula. Texts come from claims, so in csv
such a cell gets an apostrophe in front; in xlsx it is written as text.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.decided import OUTPUT_COLUMNS

__all__ = ["FILE_COLUMNS", "YUAN", "as_file", "constant", "harmless", "yuan"]

YUAN = pa.decimal128(18, 2)
FINGERPRINT = pa.dictionary(pa.int8(), pa.string())
_COMMANDS = r"^[=+\-@\t\r\n＝＋－＠]"

FILE_COLUMNS = pa.schema([*OUTPUT_COLUMNS, ("amount", YUAN), ("policy_fingerprint", FINGERPRINT)])


def as_file(decisions: pa.Table, fingerprint: str) -> pa.Table:
    """Add what files hold beyond the columns of the engine.

    Parameters
    ----------
    decisions : pa.Table
        With the columns of `OUTPUT_COLUMNS`.
    fingerprint : str
        Of the policy.

    Returns
    -------
    pa.Table
        With the columns of `FILE_COLUMNS`.
    """
    table = decisions.append_column("amount", yuan(decisions.column("amount_fen")))
    table = table.append_column("policy_fingerprint", constant(fingerprint, len(table)))
    return table.cast(FILE_COLUMNS) if table.schema != FILE_COLUMNS else table


def constant(text: str, rows: int) -> pa.Array:
    """Give a column that says the same in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), pa.array([text]))


def yuan(column: pa.ChunkedArray) -> pa.Array:
    """Give fen, none of them missing, as decimals of two places, whose own whole number is the fen."""
    fen = column.combine_chunks()
    if isinstance(fen, pa.ChunkedArray):
        fen = pa.concat_arrays(fen.chunks) if fen.num_chunks else pa.array([], pa.int64())
    low = fen.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    words = np.empty((len(low), 2), np.int64)
    words[:, 0] = low
    words[:, 1] = low >> 63  # the sign goes on through the upper half
    return pa.Array.from_buffers(YUAN, len(low), [None, pa.py_buffer(words)])


def harmless(column: pa.Array) -> pa.Array:
    """Put an apostrophe before each text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> harmless(pa.array(["=1+1", "C-5", None])).to_pylist()
    ["'=1+1", 'C-5', None]
    """
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices, harmless(column.dictionary))
    risky = pc.match_substring_regex(column, _COMMANDS)
    if not pc.any(risky).as_py():
        return column
    sign, nothing = pa.scalar("'", column.type), pa.scalar("", column.type)
    return pc.if_else(pc.fill_null(risky, False), pc.binary_join_element_wise(sign, column, nothing), column)
