"""Ids and certificate numbers of a whole batch in the form in which they are compared."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from subsidy.engine.batch.arrays import Array
from subsidy.engine.batch.spans import Spans
from subsidy.model.text import compact

__all__ = ["PLAIN", "normal_ids", "normal_spans"]

_BLANK, _DELETE = 0x20, 0x7F
_LOWER = ord("a"), ord("z")


def _plain_bytes() -> Array:
    """Mark the bytes that no text needs normalising for: ASCII but blanks and lower case, and Chinese characters."""
    plain = np.zeros(256, dtype=np.bool_)
    plain[_BLANK + 1 : _DELETE] = True
    plain[_LOWER[0] : _LOWER[1] + 1] = False
    plain[0x80:0xC0] = True  # what follows the first byte of a character
    plain[0xE4:0xEA] = True  # U+4000 to U+9FFF: neither width nor case
    return plain


PLAIN = _plain_bytes()


def normal_ids(array: pa.Array) -> pa.Array:
    """Give texts as `subsidy.model.text.compact` does, null where nothing is left."""
    return normal_spans(array).array


def normal_spans(array: pa.Array) -> Spans:
    """Give texts as `subsidy.model.text.compact` does, null where nothing is left; most are so already.

    Parameters
    ----------
    array : pa.Array
        Of type string or large_string.

    Returns
    -------
    Spans
        Of the normalised texts, which its `array` holds.
    """
    spans = Spans(array)
    if not _is_plain(spans):
        upper = pc.ascii_upper(array)
        spans = Spans(upper)
        array = upper if _is_plain(spans) else _mended(upper, spans)
        spans = Spans(array)
    if not (spans.lengths == 0).any():
        return spans
    if array.null_count == int((spans.lengths == 0).sum()):
        return spans  # what is empty is null already
    return Spans(pc.if_else(pa.array(spans.lengths > 0), array, pa.scalar(None, array.type)))


def _is_plain(spans: Spans) -> bool:
    found = spans.bytes
    if not len(found):
        return True
    most = found.max()
    if most < _LOWER[0]:
        return bool(found.min() > _BLANK)
    return bool(PLAIN[found].all())


def _mended(array: pa.Array, spans: Spans) -> pa.Array:
    """Normalise the texts that hold anything else, one by one."""
    places = np.flatnonzero(~PLAIN[spans.bytes])
    rows = np.unique(np.searchsorted(spans.starts, places, side="right") - 1)
    rows = rows[spans.lengths[rows] > 0]  # bytes that lie under a null
    mask = np.zeros(len(array), dtype=np.bool_)
    mask[rows] = True
    texts = [compact(text) for text in array.take(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(array, pa.array(mask), pa.array(texts, type=array.type))
