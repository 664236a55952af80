"""A chart as the page takes it: the drawing that Vega-Lite makes, reduced to shapes and text that the page styles.

Only the elements and attributes named here come through. Colours are replaced by classes, so that the style sheet
decides about colour, pattern, dark mode and print. Texts are filled in afterwards: the library sees a mark for each,
so nothing that came in is ever an expression to it, and it needn't measure what it only has to place. Names and
roles for screen readers are dropped, since the figure around the drawing has its own in both languages.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from subsidy.model.errors import SubsidyError

__all__ = ["INK", "MUTED", "RECOVERY", "RULE", "TOP_UP", "MissingLibraryError", "Texts", "drawn"]

# Each stands for a class of the style sheet; no chart is ever shown in these colours.
INK: Final = "#010101"
MUTED: Final = "#010102"
TOP_UP: Final = "#010103"
RECOVERY: Final = "#010104"
RULE: Final = "#010105"
_CLASSES = {INK: "ink", MUTED: "muted", TOP_UP: "top-up", RECOVERY: "recovery", RULE: "rule"}

_SVG = "{http://www.w3.org/2000/svg}"
_KEPT = {
    "g": {"transform"},
    "path": {"d", "transform"},
    "rect": {"x", "y", "width", "height", "transform"},
    "line": {"x1", "y1", "x2", "y2", "transform"},
    "text": {"text-anchor", "transform", "font-size", "font-weight"},
}
_LONG_DECIMAL = re.compile(r"(\d+\.\d\d)\d+")


class MissingLibraryError(SubsidyError):
    """A library that the report needs is not installed; the message says how to install it."""


class Texts:
    """The texts of one drawing; the chart holds a mark for each.

    Examples
    --------
    >>> texts = Texts()
    >>> texts.mark("Uplift gained"), texts.mark(""), texts.meant("@0"), texts.meant("200,000")
    ('@0', '', 'Uplift gained', '200,000')
    """

    def __init__(self) -> None:
        self._texts: list[str] = []

    def mark(self, text: str) -> str:
        """Keep a text, and give its mark; none for no text."""
        if not text:
            return ""
        self._texts.append(text)
        return f"@{len(self._texts) - 1}"

    def meant(self, shown: str) -> str:
        """Give the text that a mark stands for; figures of a scale stand for themselves."""
        return self._texts[int(shown[1:])] if shown.startswith("@") else shown


def drawn(spec: dict[str, Any], classes: str, texts: Texts | None = None) -> str:
    """Draw a Vega-Lite chart as inline SVG.

    Parameters
    ----------
    spec : dict
        The chart, with the colours of this module.
    classes : str
        Classes of the drawing.
    texts : Texts, optional
        The texts whose marks the chart holds.

    Returns
    -------
    str
        One ``<svg>`` element without ids, colours, styles and addresses.

    Raises
    ------
    MissingLibraryError
        If vl-convert isn't installed.

    Examples
    --------
    >>> mark = {"type": "bar", "fill": TOP_UP}
    >>> svg = drawn({"data": {"values": [{"x": 1}]}, "mark": mark, "encoding": {"x": {"field": "x"}}}, "wide")
    >>> svg.startswith('<svg class="wide"'), 'class="top-up"' in svg, "http" in svg
    (True, True, False)
    """
    made = ET.fromstring(_vega(json.dumps(spec)))  # noqa: S314 - written by the library just now
    width, height = made.attrib["width"], made.attrib["height"]
    svg = ET.Element(
        "svg",
        {
            "class": classes,
            "viewBox": f"0 0 {width} {height}",
            "width": width,
            "height": height,
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
    _keep(made, svg, texts or Texts())
    return ET.tostring(svg, encoding="unicode", short_empty_elements=True)


@lru_cache(maxsize=64)
def _vega(spec: str) -> str:
    """Have the library draw; charts that differ in their words only are drawn once."""
    try:
        from vl_convert import vegalite_to_svg
    except ImportError:
        raise MissingLibraryError("the report needs vl-convert-python: pip install 'subsidy[report]'") from None
    return vegalite_to_svg(spec, allowed_base_urls=[])  # no address: the data is in the spec


def _keep(found: ET.Element, into: ET.Element, texts: Texts) -> None:
    """Copy the children that are seen."""
    for child in found:
        tag = child.tag.removeprefix(_SVG)
        kept = _KEPT.get(tag)
        if kept is None:
            continue
        classes = [
            f"{'line-' if paint == 'stroke' else ''}{_CLASSES[child.attrib[paint]]}"
            for paint in ("fill", "stroke")
            if child.get(paint) in _CLASSES
        ]
        if tag == "g":
            group = ET.Element("g", {"transform": child.attrib["transform"]} if _moves(child) else {})
            _keep(child, group, texts)
            if len(group):
                # A group that does nothing is left out.
                into.extend(group if not group.attrib else [group])
        elif classes:
            attributes = {
                key: _LONG_DECIMAL.sub(r"\1", child.attrib[key]) for key in sorted(kept & child.attrib.keys())
            }
            shape = ET.SubElement(into, tag, {"class": " ".join(classes), **attributes})
            shape.text = None if child.text is None else texts.meant(child.text)


def _moves(group: ET.Element) -> bool:
    return group.get("transform", "translate(0,0)") != "translate(0,0)"
