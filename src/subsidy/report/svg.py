"""A chart as the page takes it: the drawing that Vega-Lite makes, reduced to shapes and text that the page styles.

Only the elements and attributes named here come through. Colours are replaced by classes, so that the style sheet
decides about colour, pattern, dark mode and print; names and roles for screen readers are dropped, since the
figure around the drawing has its own in both languages.
"""

from __future__ import annotations

import re
from typing import Any, Final
from xml.etree import ElementTree as ET

from subsidy.model.errors import SubsidyError

__all__ = ["INK", "MUTED", "RECOVERY", "RULE", "TOP_UP", "MissingLibraryError", "drawn"]

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


def drawn(spec: dict[str, Any], classes: str) -> str:
    """Draw a Vega-Lite chart as inline SVG.

    Parameters
    ----------
    spec : dict
        The chart, with the colours of this module.
    classes : str
        Classes of the drawing.

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
    try:
        from vl_convert import vegalite_to_svg
    except ImportError:
        raise MissingLibraryError("the report needs vl-convert-python: pip install 'subsidy[report]'") from None
    # No address is allowed: the data is in the spec.
    made = ET.fromstring(vegalite_to_svg(spec, allowed_base_urls=[]))  # noqa: S314 - written by the library just now
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
    _keep(made, svg)
    return ET.tostring(svg, encoding="unicode", short_empty_elements=True)


def _keep(found: ET.Element, into: ET.Element) -> None:
    """Copy the children that are seen."""
    for child in found:
        tag = child.tag.removeprefix(_SVG)
        kept = _KEPT.get(tag)
        if kept is None or child.get("display") == "none":
            continue
        classes = [
            f"{'line-' if paint == 'stroke' else ''}{_CLASSES[child.attrib[paint]]}"
            for paint in ("fill", "stroke")
            if child.get(paint) in _CLASSES
        ]
        if tag == "g":
            group = ET.Element("g", {"transform": child.attrib["transform"]} if _moves(child) else {})
            _keep(child, group)
            if len(group):
                # A group that does nothing is left out.
                into.extend(group if not group.attrib else [group])
        elif classes:
            attributes = {
                key: _LONG_DECIMAL.sub(r"\1", child.attrib[key]) for key in sorted(kept & child.attrib.keys())
            }
            shape = ET.SubElement(into, tag, {"class": " ".join(classes), **attributes})
            shape.text = child.text


def _moves(group: ET.Element) -> bool:
    return group.get("transform", "translate(0,0)") != "translate(0,0)"
