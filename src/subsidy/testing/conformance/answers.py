"""Another system's decisions, as it hands them in: JSON Lines or csv, read without guessing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from subsidy.model.errors import InputError
from subsidy.model.text import nearest, shown
from subsidy.testing.conformance.case import AMOUNTS, COLUMNS, Row

__all__ = ["ALL_COLUMNS", "Answers", "read_answers", "supplied"]

ALL_COLUMNS = (*COLUMNS, *AMOUNTS)
_FEN = frozenset(AMOUNTS.values())
Answers = dict[str, list[list[Row]]]
"""The decisions of each case; more than one list where a case was answered more than once."""


def read_answers(file: str | Path) -> Answers:
    """Read a file of decisions.

    Parameters
    ----------
    file : path
        ``.csv``: a heading line, the column ``case`` and columns of a decision, one row for each claim in its order.
        Any other name: JSON Lines, each ``{"case": id, "decisions": [...]}``.

    Raises
    ------
    InputError
        With the line and what was found there.
    """
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(str(file), error.strerror or "no file", "a file of decisions, JSON Lines or csv") from None
    except UnicodeDecodeError as error:
        raise InputError(str(file), f"bytes that are no UTF-8 ({error.start})", "a file in UTF-8") from None
    return _from_csv(path, text) if path.suffix.lower() == ".csv" else _from_lines(path, text)


def _from_lines(path: Path, text: str) -> Answers:
    found: Answers = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            value = json.loads(line, parse_float=Decimal)
        except ValueError as error:
            raise InputError(where, f"no JSON ({error})", 'one line {"case": ID, "decisions": [...]}') from None
        if not isinstance(value, dict) or not isinstance(value.get("case"), str):
            raise InputError(where, shown(line[:60]), '{"case": ID, "decisions": [...]}')
        decisions = value.get("decisions")
        if not isinstance(decisions, list) or not all(isinstance(row, dict) for row in decisions):
            raise InputError(f"{where}: decisions", shown(decisions), "a list of objects, one for each claim")
        found.setdefault(value["case"], []).append(
            [_row(f"{where}: decisions[{n}]", r) for n, r in enumerate(decisions)]
        )
    return found


def _from_csv(path: Path, text: str) -> Answers:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    headings = list(reader.fieldnames or [])
    if "case" not in headings:
        raise InputError(f"{path}:1", shown(", ".join(headings)), "a heading line with the column case")
    found: Answers = {}
    for row in reader:
        where = f"{path}:{reader.line_num}"
        if None in row:
            raise InputError(where, "more cells than headings", f"{len(headings)} cells")
        case = row.pop("case")
        found.setdefault(case, [[]])[0].append(_row(where, row))
    return found


def _row(where: str, row: Mapping[str, Any]) -> Row:
    """Keep the columns of a decision, each as the type that the cases have; leave others alone."""
    found: Row = {}
    for name, value in row.items():
        if name not in ALL_COLUMNS:
            near = nearest(name, ALL_COLUMNS)
            if near is not None and near not in row:
                raise InputError(where, f"the column {shown(name)}", f"{near}, or another name for one of your own")
            continue
        found[name] = _value(f"{where}: {name}", name, value)
    return found


def _value(where: str, name: str, value: object) -> object:
    if value is None or value == "":
        return None
    if name in _FEN or name in AMOUNTS:
        try:
            number = Decimal(str(value))
            exact = number if name in AMOUNTS else Decimal(int(number))
        except (InvalidOperation, ValueError, OverflowError):
            number, exact = Decimal(0), Decimal(1)
        if isinstance(value, bool) or number != exact:
            raise InputError(where, shown(value), "yuan with two decimals" if name in AMOUNTS else "whole fen")
        return int(number) if name in _FEN else f"{number:.2f}" if number == round(number, 2) else str(number)
    if not isinstance(value, str):
        raise InputError(where, shown(value), "a text or null")
    return value


def supplied(answers: Answers) -> tuple[str, ...]:
    """Give the columns that the answers state anywhere, in our order."""
    rows: Iterable[Row] = (row for lists in answers.values() for rows in lists for row in rows)
    names = {name for row in rows for name in row}
    return tuple(name for name in ALL_COLUMNS if name in names)
