"""How a table may hold the same claims: headings, spellings, types of columns, indexes, and cells of nonsense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from subsidy.engine.records import HEADINGS
from subsidy.model.text import compact
from tests.engine.batch.chance import Pick
from tests.engine.batch.support import REQUIRED
from tests.policy.support import Item

Write = Callable[[Any], Any]
NOTHING: tuple[Any, ...] = (None, float("nan"), pd.NA, pd.NaT, "", "\u3000", "\u200b")
ODD: tuple[Any, ...] = ("?", "abc", 0.5, -1, True, b"x", 10**20, float("inf"), "9" * 40, "\ud800", date(2023, 5, 1))


def wide(text: str) -> str:
    """Write ASCII in full-width characters."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


# -- one value ---------------------------------------------------------------------------

_TEXT: tuple[Write, ...] = (str, lambda text: f" {text}\u3000", wide, lambda text: "\u200b" + text, str.lower)
_ID = (*_TEXT, lambda text: text.replace("-", "- "))
_DAY: tuple[Write, ...] = (
    lambda day: day,
    lambda day: datetime(day.year, day.month, day.day),  # noqa: DTZ001 - tables hold such
    str,
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: int(f"{day:%Y%m%d}"),
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day} 23:59:59",
    lambda day: wide(day.isoformat()),
    lambda day: datetime(day.year, day.month, day.day, 23, 59, 59, 999_999),  # noqa: DTZ001 - tables hold such
    lambda day: pd.Timestamp(day) + pd.Timedelta(hours=13),
    np.datetime64,
)
_NUMERALS = {"5": "五级", "4": "四级/中级工", "3": "高级工", "2": "技师(二级)", "1": "１级", "special": "专项职业能力"}
_LEVEL: tuple[Write, ...] = (
    str,
    lambda level: _NUMERALS[level],
    lambda level: int(level) if level.isdigit() else level,
    lambda level: float(level) if level.isdigit() else level.upper(),
    lambda level: f" {level} ",
)
_STREAM: tuple[Write, ...] = (
    str,
    {"training": "职业培训补贴", "skill_improvement": "技能提升补贴"}.__getitem__,
    lambda stream: stream.replace("_", " ").title() if stream == "training" else stream.upper(),
)
_NUMBER: tuple[Write, ...] = (int, float, str, lambda number: f"{number}.0", lambda number: wide(f"{number}"))
_FLAG: tuple[Write, ...] = (
    bool,
    lambda flag: "是" if flag else "否",
    lambda flag: str(flag).upper(),
    int,
    lambda flag: f"{int(flag)}",
    np.bool_,
    float,
)
_NAMES = {
    "9-01-01-01": "Cloud  watcher",
    "9-01-01-02": "采雾员",
    "9-01-01-03": "测风师",
    "ITEM-7": "云雾茶艺",
    "9-01-01-09": "云外客",
}
_OCCUPATION = (*_TEXT[:4], lambda code: _NAMES.get(code, code), lambda code: code.replace("-", " - "))

WRITINGS: dict[str, tuple[Write, ...]] = {
    "claim_id": _ID,
    "person_id": _ID,
    "person_id_type": (str, lambda kind: f" {kind.upper()}", lambda kind: kind),
    "occupation": _OCCUPATION,
    "level": _LEVEL,
    "certificate_no": _ID,
    "certificate_date": _DAY,
    "applied_on": _DAY,
    "stream": _STREAM,
    "insured_months": _NUMBER,
    "training_filed_on": _DAY,
    "resident": _FLAG,
    "insured": _FLAG,
}


# -- one column --------------------------------------------------------------------------

DTYPES: tuple[Any, ...] = (
    object,
    "str",
    pd.StringDtype("pyarrow"),
    pd.StringDtype("python"),
    pd.ArrowDtype(pa.string()),
    pd.ArrowDtype(pa.large_string()),
    pd.ArrowDtype(pa.string_view()),
    pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())),
    "category",
    "float64",
    "float32",
    "int64",
    "int8",
    "UInt16",
    "Int64",
    "Float64",
    pd.ArrowDtype(pa.int32()),
    pd.ArrowDtype(pa.float64()),
    pd.ArrowDtype(pa.decimal128(38, 2)),
    "bool",
    "boolean",
    pd.ArrowDtype(pa.bool_()),
    "datetime64[s]",
    "datetime64[ms]",
    "datetime64[us]",
    "datetime64[ns]",
    "datetime64[us, Asia/Shanghai]",
    pd.ArrowDtype(pa.date32()),
    pd.ArrowDtype(pa.date64()),
    pd.ArrowDtype(pa.timestamp("us")),
    pd.ArrowDtype(pa.timestamp("ns", tz="UTC")),
)


def _kind(value: Any) -> type:
    for kind in (str, bool, np.bool_, datetime, np.datetime64, date, int, float):
        if isinstance(value, kind):
            return {np.bool_: bool, np.datetime64: datetime}.get(kind, kind)
    return object


_SUITED = {"T": str, "b": bool, "i": int, "u": int, "f": float, "M": datetime, "m": datetime}


def _suits(dtype: Any, kinds: set[type]) -> bool:
    """Say whether a type of column can hold values of these kinds as what they are."""
    name = str(dtype)
    if dtype is object or (dtype == "category" and len(kinds) < 2):
        return True
    if "str" in name:
        return kinds <= {str}
    if "bool" in name:
        return kinds <= {bool}
    if "date" in name or "timestamp" in name:
        return kinds <= {date, datetime}
    return kinds <= {int, float} if name != "category" else False


def column(pick: Pick, values: Sequence[Any]) -> pd.Series:
    """Make a column of values in one of the types that can hold them."""
    kinds = {_kind(value) for value in values if not _missing(value)}
    dtype = pick([dtype for dtype in DTYPES if _suits(dtype, kinds)])
    missing = [None if _missing(value) else value for value in values]
    if dtype is not object:
        try:
            return pd.Series(missing, dtype=dtype)
        except (TypeError, ValueError, OverflowError, pa.ArrowException):
            pass  # a number that is too large, a fraction, a gap where none can be
    return pd.Series(list(values), dtype=object)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value))


def _cells(pick: Pick, name: str, values: Sequence[Any], *, nonsense: bool) -> list[Any]:
    writings = WRITINGS[name]
    one = pick(writings)
    each = pick((False, False, True))
    nonsense = nonsense and pick((False, False, True))
    cells = []
    for value in values:
        if nonsense and not pick((True,) * 40 + (False,)):
            cells.append(pick((*NOTHING, *ODD)))
        elif value is None:
            cells.append(pick(NOTHING) if each else None)
        else:
            cells.append((pick(writings) if each else one)(value))
    return cells


# -- one frame ---------------------------------------------------------------------------


def table(pick: Pick, claims: Sequence[Item], *, nonsense: bool = True, plain_index: bool = False) -> pd.DataFrame:
    """Write claims as a frame in any of the ways that are accepted."""
    columns: list[tuple[str, pd.Series]] = []
    for name in WRITINGS:
        if name not in {*REQUIRED, "person_id_type"} and not pick((True,) * 8 + (False,)):
            continue
        values = [one[name] for one in claims]
        headings = (name, *HEADINGS.get(name, ()))
        heading = pick((name, *headings, f" {headings[-1]}\u3000", name.upper()))
        columns.append((heading, column(pick, _cells(pick, name, values, nonsense=nonsense))))
        if len(headings) > 2 and pick((False, True)):
            # a second column for the same; where the first in the list holds a value, it serves
            other = pick([other for other in headings if compact(other) != compact(heading)])
            rest = [value if pick((True, False)) else None for value in values]
            columns.append((other, column(pick, _cells(pick, name, rest, nonsense=nonsense))))
    columns = columns[::-1] if pick((False, True)) else columns
    made = pd.DataFrame(dict(columns))
    if pick((False, True)):
        made["note"] = pd.Series([{"x": [1]}] * len(made), dtype=object)
        made[7] = 1
    return made if plain_index else _indexed(pick, made)


def _indexed(pick: Pick, made: pd.DataFrame) -> pd.DataFrame:
    rows = len(made)
    indexes: list[Callable[[], Any]] = [
        lambda: pd.RangeIndex(rows),
        lambda: pd.RangeIndex(rows)[::-1],
        lambda: pd.Index([7] * rows, name="claim_id"),
        lambda: pd.Index([f"r{row % 3}" for row in range(rows)], name=("a", 1)),
        lambda: pd.MultiIndex.from_arrays([list(range(rows)), ["x"] * rows], names=["one", None]),
        lambda: pd.date_range("2024-01-01", periods=rows, name="applied_on"),
        lambda: pd.CategoricalIndex(["k"] * rows),
        lambda: pd.Index([None, float("nan"), *range(rows)][:rows], dtype=object),
    ]
    made.index = pick(indexes)()
    return made
