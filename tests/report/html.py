"""A small reader of HTML for the tests: elements with their attributes, their parents and their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"meta", "input", "link", "br"}


@dataclass(eq=False)
class Element:
    """One element."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, tag: str | None = None, **attributes: str) -> Iterator[Element]:
        """Give this element's descendants of a tag and with attributes, in order."""
        for child in self.children:
            if isinstance(child, Element):
                if tag in {None, child.tag} and attributes.items() <= child.attributes.items():
                    yield child
                yield from child.all(tag, **attributes)

    def one(self, tag: str, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found

    def with_class(self, name: str) -> list[Element]:
        return [element for element in self.all() if name in element.classes]

    def texts(self) -> Iterator[tuple[str, list[Element]]]:
        """Give every piece of text with the elements it stands in, the nearest first."""
        for child in self.children:
            if isinstance(child, Element):
                yield from child.texts()
            elif child.strip():
                around: list[Element] = []
                at: Element | None = self
                while at is not None:
                    around.append(at)
                    at = at.parent
                yield child, around


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        assert len(element.attributes) == len(attrs), f"{tag} has an attribute twice"
        self.at.children.append(element)
        if tag not in _EMPTY:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> ends <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read(html: str) -> Element:
    """Read a page; every element must be closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> is never closed"
    return reader.root
