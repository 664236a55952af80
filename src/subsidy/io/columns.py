"""Which columns of a file are ours: by their headings, in English or Chinese.

Extra columns are left alone. A required column that is missing is an error that names the nearest heading found; an
optional one that looks misspelt is a note, since without it a fact would be unknown and nobody would see why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from subsidy.engine.recalculation.payments import PAYMENT_HEADINGS
from subsidy.engine.records import HEADINGS
from subsidy.io.said import FileError, Note, Said, joined, word
from subsidy.model.claim import OPTIONAL_FIELDS, REQUIRED_FIELDS
from subsidy.model.text import compact, nearest

__all__ = ["Chosen", "Wanted", "choose", "claim_columns", "known_among", "payment_columns"]

_ALIKE = 0.7
_MOST_COMPARED = 300  # of thousands of headings; a wide file is hardly one of misspelt headings
_MOST_SHOWN = 8


class Wanted(NamedTuple):
    """The columns that a table may have.

    Parameters
    ----------
    headings : mapping
        The headings that serve for each column, its own name first.
    required : tuple of str
        Columns without which nothing can be decided.
    ids, dates : frozenset of str
        Columns of which Excel is known to spoil the cells, each kind in its way.
    instead : mapping
        For a required column another that may stand instead of it.
    """

    headings: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    ids: frozenset[str]
    dates: frozenset[str]
    instead: Mapping[str, str] = MappingProxyType({})


class Chosen(NamedTuple):
    """Our columns of a file: where they stand, their headings as they stand there, and which column each is."""

    places: tuple[int, ...]
    names: tuple[str, ...]
    fields: tuple[str, ...]
    notes: tuple[Note, ...]


def claim_columns(conditions: Iterable[str] = ()) -> Wanted:
    """Give the columns of a table of claims.

    Parameters
    ----------
    conditions : iterable of str
        The ids of the policy's conditions, each a column that a claim may have.

    Examples
    --------
    >>> claim_columns().headings["level"]
    ('level', '等级', '技能等级')
    """
    headings = {field: (field, *HEADINGS[field]) for field in (*REQUIRED_FIELDS, *OPTIONAL_FIELDS) if field in HEADINGS}
    headings |= {condition: (condition,) for condition in conditions}
    return Wanted(
        headings,
        tuple(REQUIRED_FIELDS),
        frozenset({"claim_id", "person_id", "certificate_no"}),
        frozenset({"certificate_date", "applied_on", "training_filed_on"}),
    )


def payment_columns() -> Wanted:
    """Give the columns of a table of payments; ``amount_fen`` may stand instead of ``amount``.

    Examples
    --------
    >>> payment_columns().headings["paid_on"]
    ('paid_on', '发放日期')
    """
    headings = {field: (field, *served) for field, served in PAYMENT_HEADINGS.items()}
    return Wanted(
        headings,
        ("claim_id", "amount", "paid_on"),
        frozenset({"claim_id"}),
        frozenset({"paid_on"}),
        MappingProxyType({"amount": "amount_fen"}),
    )


def _fields(wanted: Wanted) -> dict[str, str]:
    return {compact(heading): field for field, served in wanted.headings.items() for heading in served}


def known_among(headings: Sequence[str], wanted: Wanted) -> int:
    """Count the required columns that a row of cells would give as headings."""
    fields = _fields(wanted)
    return len({fields.get(compact(heading)) for heading in headings} & set(wanted.required))


def choose(headings: Sequence[str], wanted: Wanted, name: str) -> Chosen:
    """Find our columns among the headings of a file.

    Raises
    ------
    FileError
        If a required column is missing, or one of our headings stands twice.
    """
    fields = _fields(wanted)
    found = [(place, heading, fields.get(compact(heading))) for place, heading in enumerate(headings)]
    ours = [(place, heading, field) for place, heading, field in found if field is not None]
    extra = [heading for _, heading, field in found if field is None and compact(heading)][:_MOST_COMPARED]
    _refuse_repeated(ours, name)
    present = {field for _, _, field in ours}
    missing = [field for field in wanted.required if not present & {field, wanted.instead.get(field)}]
    if missing:
        raise _missing(missing, extra, headings, wanted, name)
    absent = [field for field in wanted.headings if field not in {*present, *wanted.instead.values()}]
    return Chosen(
        tuple(place for place, _, _ in ours),
        tuple(heading for _, heading, _ in ours),
        tuple(field for _, _, field in ours),
        tuple(_misspelt(extra, absent, wanted)),
    )


def _refuse_repeated(ours: Sequence[tuple[int, str, str]], name: str) -> None:
    first: dict[str, int] = {}
    for place, heading, _ in ours:
        before = first.setdefault(compact(heading), place)
        if before != place:
            told = word(heading)
            raise FileError(
                Said(
                    f"{name}：列名 {told} 重复（第 {before + 1} 列和第 {place + 1} 列）；请删除或改名其一",
                    f"{name}: the heading {told} stands twice (columns {before + 1} and {place + 1}); "
                    "delete or rename one of them",
                )
            )


def _missing(
    missing: Sequence[str], extra: Sequence[str], headings: Sequence[str], wanted: Wanted, name: str
) -> FileError:
    """Name every missing column, each with the heading found that is nearest to it."""
    zh, en = [], []
    for field in missing:
        served = wanted.headings[field]
        chinese = served[1] if len(served) > 1 else ""
        near = next(filter(None, (_nearest(heading, extra) for heading in served)), None)
        zh.append(f"{chinese}（{field}）" + (f"（是否为 {word(near)}？）" if near else ""))
        en.append(f"{field} ({chinese})" + (f" (found {word(near)}: is it that?)" if near else ""))
    # Without any of them the row is hardly one of headings; with digits it is one of data, of which nothing is shown.
    none = len(missing) == len(wanted.required)
    data = none and any(char.isdigit() for heading in headings for char in heading)
    shown = [] if data else [word(heading) for heading in headings if compact(heading)]
    more = len(shown) > _MOST_SHOWN
    first = shown[:_MOST_SHOWN]
    seen = Said("、".join(first) + ("等" if more else ""), ", ".join(first) + (", ..." if more else ""))
    columns = "column" if len(missing) == 1 else "columns"
    hint = Said("；列名应在第一行" if none else "", "; the first row should hold the headings" if none else "")
    return FileError(
        Said(
            f"{name}：缺少列 {joined(zh, 'zh')}；现有列名：{seen.zh or '（无）'}{hint.zh}",
            f"{name}: {columns} missing: {joined(en, 'en')}; headings found: {seen.en or 'none'}{hint.en}",
        )
    )


def _nearest(heading: str, extra: Sequence[str], cutoff: float = 0.6) -> str | None:
    plain = {compact(other): other for other in extra}
    near = nearest(compact(heading), plain, cutoff=cutoff)
    return None if near is None else plain[near]


def _misspelt(extra: Sequence[str], absent: Sequence[str], wanted: Wanted) -> Iterable[Note]:
    """Notice headings that look like a column of ours that the file doesn't have."""
    for field in absent:
        for heading in wanted.headings[field]:
            near = _nearest(heading, extra, _ALIKE)
            if near is not None:
                said = Said(
                    f"列 {word(near)} 未使用；是否应为“{heading}”？",
                    f"the column {word(near)} isn't used; did you mean {heading}?",
                )
                yield Note("misspelt", said, column=near)
                break
