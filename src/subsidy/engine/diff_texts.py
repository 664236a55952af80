"""What changes between the texts of two policies: editions added, removed and changed, key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue

from subsidy.policy.policy import Policy, content_of
from subsidy.policy.texts import CatalogEdition, DirectoryEdition, Edition, RatesEdition, RulesEdition
from subsidy.policy.vocabulary import Classified

__all__ = ["TextChange", "diff_editions", "diff_texts"]

TextWord = Literal["directory", "rates", "catalog", "rules", "classification"]
Content = dict[str, JsonValue]

# Keys by which the items of a list are told apart; other lists are compared as wholes.
_KEYS = {"occupations": "code", "entries": "occupation", "uplifts": "id", "conditions": "id", "limits": "id"}
# Of these lists the order means something.
_ORDERED = frozenset({"uplifts", "conditions", "limits"})
_NAMES = frozenset({"title", "name", "aliases"})
_EDITIONS: dict[TextWord, type[Edition]] = {
    "directory": DirectoryEdition,
    "rates": RatesEdition,
    "catalog": CatalogEdition,
    "rules": RulesEdition,
}
# What every edition has of its own.
_OWN = frozenset({"id", "title", "source", "published_on", "effective_from", "effective_to", "ended"})
_HEAD = ("title", "published_on", "effective_from", "effective_to")


@dataclass(frozen=True)
class TextChange:
    """One change of a text.

    Parameters
    ----------
    text : {"directory", "rates", "catalog", "rules", "classification"}
        Which text.
    edition : str or None
        The edition's id; None for the classification.
    change : {"added", "removed", "changed"}
        What became of the edition (without ``path``), or of what stands at the path.
    path : str or None
        Where in the edition, e.g. ``occupations[4-04-05-05].category``; None for an edition as a whole.
    old, new : JSON value
        What stood and what stands there; of an edition as a whole its title and dates; null for nothing.
    concerns : {"law", "names", "source"}
        What it is about: only ``law`` can change a decision.
    """

    text: TextWord
    edition: str | None
    change: Literal["added", "removed", "changed"]
    path: str | None
    old: JsonValue
    new: JsonValue
    concerns: Literal["law", "names", "source"] = "law"

    def to_json(self) -> dict[str, JsonValue]:
        """Give it as plain JSON data."""
        return {
            "text": self.text,
            "edition": self.edition,
            "change": self.change,
            "path": self.path,
            "old": self.old,
            "new": self.new,
            "concerns": self.concerns,
        }


def diff_texts(old: Policy, new: Policy) -> tuple[TextChange, ...]:
    """Give what changes in the four texts and in the classification, in their order."""
    pairs: tuple[tuple[TextWord, Sequence[Edition], Sequence[Edition]], ...] = (
        ("directory", old.directory, new.directory),
        ("rates", old.rates, new.rates),
        ("catalog", old.catalog_editions, new.catalog_editions),
        ("rules", old.rules, new.rules),
    )
    changes = [change for text, before, after in pairs for change in _editions(text, before, after)]
    return (*changes, *_classification(old.classification, new.classification))


def diff_editions(old: Edition, new: Edition) -> tuple[TextChange, ...]:
    """Give what one edition of a text changes of another: only what can change a decision."""
    text = next(word for word, kind in _EDITIONS.items() if isinstance(new, kind))
    before, after = (
        {key: value for key, value in _content(edition).items() if key not in _OWN} for edition in (old, new)
    )
    found = (_changed(text, new.id, path, was, now) for path, was, now in _values(before, after, ()))
    return tuple(change for change in found if change.concerns == "law")


def _editions(text: TextWord, old: Sequence[Edition], new: Sequence[Edition]) -> Iterator[TextChange]:
    before, after = ({edition.id: _content(edition) for edition in editions} for editions in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield TextChange(text, name, "removed", None, _head(before[name]), None)
        elif name not in before:
            yield TextChange(text, name, "added", None, None, _head(after[name]))
        else:
            for path, was, now in _values(before[name], after[name], ()):
                yield _changed(text, name, path, was, now)


def _content(edition: Edition) -> Content:
    return cast(Content, content_of(edition))


def _head(content: Content) -> JsonValue:
    return {key: content[key] for key in _HEAD}


def _changed(text: TextWord, edition: str | None, path: tuple[str, ...], old: JsonValue, new: JsonValue) -> TextChange:
    change: Literal["added", "removed", "changed"] = "changed"
    if old is None or new is None:
        change = "added" if old is None else "removed"
    concerns: Literal["law", "names", "source"] = "law"
    if "source" in path:
        concerns = "source"
    elif _NAMES.intersection(path):
        concerns = "names"
    return TextChange(text, edition, change, _path_text(path), old, new, concerns)


def _path_text(path: tuple[str, ...]) -> str:
    text = ""
    for part in path:
        text += part if part.startswith("[") or not text else f".{part}"
    return text


Found = Iterator[tuple[tuple[str, ...], JsonValue, JsonValue]]


def _values(old: JsonValue, new: JsonValue, path: tuple[str, ...]) -> Found:
    """Walk the values that differ, with their paths."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _values(old.get(key), new.get(key), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and path[-1] in _KEYS:
        key = _KEYS[path[-1]]
        before, after = _by_key(old, key), _by_key(new, key)
        for name in dict.fromkeys((*before, *after)):
            yield from _values(before.get(name), after.get(name), (*path, f"[{name}]"))
        common = [[name for name in one if name in other] for one, other in ((before, after), (after, before))]
        if path[-1] in _ORDERED and common[0] != common[1]:
            yield (*path, "order"), cast(JsonValue, common[0]), cast(JsonValue, common[1])
    else:
        yield path, old, new


def _by_key(items: list[JsonValue], key: str) -> dict[str, JsonValue]:
    return {str(item[key]): item for item in items if isinstance(item, dict)}


def _classification(old: Mapping[str, Classified], new: Mapping[str, Classified]) -> Iterator[TextChange]:
    """Rows added, removed and changed; a name is only a name, the digital mark and the row itself can count."""
    if not old or not new:
        if old or new:
            was, now = _count(old), _count(new)
            yield TextChange("classification", None, "added" if new else "removed", None, was, now)
        return
    for code in dict.fromkeys((*old, *new)):
        before, after = old.get(code), new.get(code)
        if before is None or after is None:
            yield _changed("classification", None, (f"[{code}]",), _row(before), _row(after))
            continue
        if before.name != after.name:
            yield _changed("classification", None, (f"[{code}]", "name"), before.name, after.name)
        if before.digital != after.digital:
            yield _changed("classification", None, (f"[{code}]", "digital"), before.digital, after.digital)


def _count(rows: Mapping[str, Classified]) -> JsonValue:
    return {"rows": len(rows)} if rows else None


def _row(row: Classified | None) -> JsonValue:
    return None if row is None else {"name": row.name, "digital": row.digital}
