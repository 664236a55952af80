"""The charts, each as a Vega-Lite chart in two widths: bars to both sides of a line, and columns by month.

Lengths are drawn from numbers; every amount that is read is text, written exactly from whole fen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from subsidy.report.data import Slice
from subsidy.report.figures import count, signed
from subsidy.report.svg import INK, MUTED, RECOVERY, RULE, TOP_UP, Texts, drawn

__all__ = ["Bar", "Width", "bars", "columns", "money_bars"]

Width = Literal["wide", "narrow"]
Lang = Literal["zh", "en"]
Spec = dict[str, Any]

_WIDTHS: Final = {"wide": 760, "narrow": 350}
_NAMES: Final = 232
"""Width of the names beside the bars of a wide chart."""
_SIZE: Final = 13
_SMALL: Final = 11.5
_STEPS: Final = {"wide": 46, "narrow": 54}
_LABELS: Final = {"wide": 12, "narrow": 5}
"""How many months are named below the columns."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: what goes to the right and what goes to the left of the middle, with their labels.

    Examples
    --------
    >>> Bar("Paid twice", "3 claims", 0, 540000, "", "-5,400.00").left
    540000
    """

    name: str
    note: str
    right: int
    left: int
    right_label: str
    left_label: str


def money_bars(lines: Sequence[Slice], lang: Lang) -> list[Bar]:
    """Make a bar of each line of a table that has a difference: top-ups to the right, recoveries to the left.

    Examples
    --------
    >>> from subsidy.report.data import Text, Totals
    >>> line = Slice("A", Text("A 类", "Category A"), Totals(claims=1, due_fen=30000, top_ups=1, top_up_fen=30000))
    >>> [bar] = money_bars([line], "en")
    >>> bar.note, bar.right_label, bar.left_label
    ('1 top-up', '+300.00', '')
    """
    return [
        Bar(
            line.name.zh if lang == "zh" else line.name.en,
            _note(line, lang),
            line.totals.top_up_fen,
            line.totals.recovery_fen,
            signed(line.totals.top_up_fen) if line.totals.top_up_fen else "",
            signed(-line.totals.recovery_fen) if line.totals.recovery_fen else "",
        )
        for line in lines
        if line.totals.top_ups or line.totals.recoveries
    ]


def _note(line: Slice, lang: Lang) -> str:
    ups, downs = line.totals.top_ups, line.totals.recoveries
    if lang == "zh":
        parts = [f"补发 {count(ups)} 笔" if ups else "", f"追回 {count(downs)} 笔" if downs else ""]
    else:
        parts = [
            f"{count(ups)} top-up{'s' if ups > 1 else ''}" if ups else "",
            f"{count(downs)} recover{'ies' if downs > 1 else 'y'}" if downs else "",
        ]
    return " · ".join(filter(None, parts))


def bars(lines: Sequence[Bar], width: Width) -> str:
    """Draw lines with a bar to either side of a common zero, each with its name and its labels.

    Examples
    --------
    >>> svg = bars([Bar("Uplift gained", "1 top-up", 54000, 0, "+540.00", "")], "wide")
    >>> "Uplift gained" in svg, "+540.00" in svg, "top-up" in svg
    (True, True, True)
    """
    full, wide = _WIDTHS[width], width == "wide"
    first = _NAMES if wide else 0
    left = first + _room([line.left_label for line in lines])
    right = full - _room([line.right_label for line in lines])
    room = first if wide else full
    texts = Texts()
    data = [
        {
            "place": place,
            "lines": 2 if rest else 1,
            "name": texts.mark(name),
            "more": texts.mark(rest),
            "note": texts.mark(_fit(line.note, room - 12, _SMALL)),
            "right": line.right,
            "left": -line.left,
            "right_label": texts.mark(line.right_label),
            "left_label": texts.mark(line.left_label),
        }
        for place, line in enumerate(lines)
        for name, rest in [_lines(line.name, room - 12, 2 if wide and line.note else 1)]
    ]
    most = [-max((line.left for line in lines), default=0), max((line.right for line in lines), default=0)]
    y = {"field": "place", "type": "ordinal", "axis": None}
    scale = {"domain": most, "range": [left, right], "nice": False, "zero": False}
    down = 0 if wide else 12

    def bar(side: str, fill: str) -> Spec:
        x = {"field": side, "type": "quantitative", "axis": None, "scale": scale}
        mark = {"type": "bar", "fill": fill, "height": 18 if wide else 16, "yOffset": down}
        shown = [{"filter": f"datum.{side} != 0"}]
        return {"mark": mark, "transform": shown, "encoding": {"y": y, "x": x, "x2": {"datum": 0}}}

    def label(side: str, dx: int, align: str) -> Spec:
        x = {"field": side, "type": "quantitative", "axis": None, "scale": scale}
        mark = _text(_SIZE, INK, align=align, dx=dx, dy=down)
        return {"mark": mark, "encoding": {"y": y, "x": x, "text": {"field": f"{side}_label"}}}

    def title(field: str, size: float, fill: str, dy: int, lines: int) -> Spec:
        mark = _text(size, fill, align="left", dy=dy)
        shown = [{"filter": f"datum.lines == {lines} && datum.{field} != ''"}]
        return {"mark": mark, "transform": shown, "encoding": {"y": y, "x": {"value": 0}, "text": {"field": field}}}

    zero = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "stroke": INK},
        "encoding": {"x": {"datum": 0, "type": "quantitative", "axis": None, "scale": scale}},
    }
    noted = wide and any(line.note for line in lines)
    # Names of two lines and a note need more room than the others, and every line has the same.
    step = 58 if any(one["lines"] == 2 for one in data) else _STEPS[width] if noted or not wide else 34
    if noted:
        names = [title("name", _SIZE, INK, -8, 1), title("note", _SMALL, MUTED, 10, 1)]
        names += [
            title("name", _SIZE, INK, -15, 2),
            title("more", _SIZE, INK, 0, 2),
            title("note", _SMALL, MUTED, 16, 2),
        ]
    else:
        names = [title("name", _SIZE, INK, 0 if wide else -9, 1)]
    layers = [
        bar("right", TOP_UP),
        bar("left", RECOVERY),
        *([] if not wide else [zero]),
        label("right", 7, "left"),
        label("left", -7, "right"),
        *names,
    ]
    return drawn(
        {
            **_frame(full),
            "height": {"step": step},
            "data": {"values": data},
            "layer": layers,
        },
        f"chart {width}",
        texts,
    )


def columns(lines: Sequence[Slice], width: Width, lang: Lang) -> str:
    """Draw a column for each line of a table: top-ups above zero, recoveries below, with a scale in yuan.

    Examples
    --------
    >>> from subsidy.report.data import Text, Totals
    >>> month = Slice("2024-02", Text("2024-02", "2024-02"), Totals(claims=1, due_fen=100, top_ups=1, top_up_fen=100))
    >>> svg = columns([month], "narrow", "en")
    >>> "2024-02" in svg, "top-up" in svg
    (True, True)
    """
    full = _WIDTHS[width]
    most = max((max(line.totals.top_up_fen, line.totals.recovery_fen) for line in lines), default=0)
    margin = _room([f"{most // 100 * 10:,}"])
    texts = Texts()
    data = [
        {
            "place": place,
            "name": texts.mark(_month(line, lang)),
            "up": line.totals.top_up_fen,
            "down": -line.totals.recovery_fen,
        }
        for place, line in enumerate(lines)
    ]
    each = -(-len(data) // _LABELS[width])
    # Only every few months are named, the last one always: its name is what a reader looks for.
    named = [place for place in range(len(data)) if (len(data) - 1 - place) % each == 0]
    x = {
        "field": "place",
        "type": "ordinal",
        "scale": {"paddingInner": 0.28, "paddingOuter": 0.14},
        "axis": {
            "values": named,
            "labelExpr": f"{[one['name'] for one in data]}[datum.value]",
            "labelAngle": 0,
            "labelOverlap": False,
            "labelFontSize": _SMALL,
            "labelColor": MUTED,
            "labelPadding": 8,
            "domain": False,
            "ticks": False,
            "title": None,
            "orient": "bottom",
        },
    }
    axis = {
        "format": ",",
        "labelExpr": "format(datum.value / 100, ',')",
        "labelFontSize": _SMALL,
        "labelColor": MUTED,
        "tickCount": 5,
        "gridColor": RULE,
        "domain": False,
        "ticks": False,
        "title": None,
        "labelPadding": 8,
        "zindex": 0,
    }

    def column(field: str, fill: str) -> Spec:
        y = {"field": field, "type": "quantitative", "axis": axis}
        return {
            "transform": [{"filter": f"datum.{field} != 0"}],
            "mark": {"type": "bar", "fill": fill, "width": {"band": 1}},
            "encoding": {"x": x, "y": y, "y2": {"datum": 0}},
        }

    zero = {"data": {"values": [{}]}, "mark": {"type": "rule", "stroke": INK}, "encoding": {"y": {"datum": 0}}}
    frame = _frame(full - margin - 8)
    return drawn(
        {
            **frame,
            "padding": {"left": margin, "right": 8, "top": 8, "bottom": 30},
            "height": 230 if width == "wide" else 190,
            "data": {"values": data},
            "layer": [column("up", TOP_UP), column("down", RECOVERY), zero],
        },
        f"chart {width}",
        texts,
    )


def _month(line: Slice, lang: Lang) -> str:
    """Name a month below its column, where there is room for few letters; the table has the whole name."""
    if not line.key:
        return "不详" if lang == "zh" else "n/a"
    return line.name.zh if lang == "zh" else line.name.en


def _frame(width: int) -> Spec:
    """Give what all charts share: no margins but our own, no outline, no texts for screen readers."""
    return {
        "width": width,
        "autosize": {"type": "none"},
        "padding": 0,
        "background": None,
        "config": {"aria": False, "view": {"stroke": None}, "scale": {"bandPaddingInner": 0, "bandPaddingOuter": 0}},
    }


def _text(size: float, fill: str, *, align: str, dx: int = 0, dy: int = 0) -> Spec:
    return {"type": "text", "fontSize": size, "fill": fill, "align": align, "baseline": "middle", "dx": dx, "dy": dy}


def _room(labels: Sequence[str]) -> int:
    """Give the width that labels of figures need, nothing where there is none."""
    longest = max(map(len, labels), default=0)
    return round(longest * _SIZE * 0.6) + 12 if longest else 2


def _wide(text: str, size: float) -> float:
    """Give the width of a text, by what fonts have on the whole: Chinese characters are square."""
    return sum(size if unicodedata.east_asian_width(one) in "WF" else size * 0.54 for one in text)


def _lines(name: str, room: float, most: int) -> tuple[str, str]:
    """Break a name in two where it is too long for one line and two are allowed; between words where it has them."""
    if most == 1 or _wide(name, _SIZE) <= room:
        return _fit(name, room, _SIZE), ""
    whole = max(end for end in range(1, len(name)) if end == 1 or _wide(name[:end], _SIZE) <= room)
    end = name.rfind(" ", 0, whole + 1)
    end = end if end > 0 else whole
    return name[:end].rstrip(), _fit(name[end:].lstrip(), room, _SIZE)


def _fit(text: str, room: float, size: float) -> str:
    """Cut a text to a width."""
    if _wide(text, size) <= room:
        return text
    kept = text
    while kept and _wide(kept, size) > room - size:
        kept = kept[:-1]
    return kept.rstrip() + "…"
