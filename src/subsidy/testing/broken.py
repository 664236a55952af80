"""Policy folders that must be refused: a sound one with one fault, for who writes a loader or an editor of policies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from subsidy.testing.choices import UNKNOWN, one_of
from subsidy.testing.drawn_policies import FILE_OF
from subsidy.testing.drawn_texts import CLASSIFICATION_ROWS, Plain, texts

__all__ = ["BrokenPolicy", "broken_policies"]


@dataclass(frozen=True)
class BrokenPolicy:
    """The files of a policy folder that must be refused.

    Parameters
    ----------
    fault : str
        What is wrong, in words.
    file : str
        The file in which it is wrong.
    files : mapping
        The text of each file by its name.
    """

    fault: str
    file: str
    files: Mapping[str, str]

    def write(self, folder: Path) -> Path:
        """Write the files into a folder, made where there is none, and give it back."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder


Texts = dict[str, list[Plain]]
Spoil = Callable[[Plain], None]


def _set(**values: Any) -> Spoil:
    return lambda edition: edition.update(values)


def _drop(key: str) -> Spoil:
    return lambda edition: edition.pop(key)


def _twice(key: str) -> Spoil:
    return lambda edition: edition.update({key: [edition[key][0], *edition[key]]})


def _first_row(**values: Any) -> Spoil:
    return lambda edition: edition["occupations"][0].update(values)


def _amount(value: str) -> Spoil:
    return lambda edition: edition.update(amounts={"training": {"any": {"5": value}}})


def _part(part: str, **values: Any) -> Spoil:
    return lambda edition: edition[part].update(values)


_BAD_UPLIFT = {"id": "uplift-x", "requires": ["shortage"]}
_BAD_LIMIT = {"id": "limit-x", "at_most": 1, "per": "month"}
# In which text, what is wrong, and how the first edition gets it.
_FAULTS: tuple[tuple[str, str, Spoil], ...] = (
    ("occupations", "an unknown key", _set(colour="red")),
    ("occupations", "no id", _drop("id")),
    ("occupations", "no source", _drop("source")),
    ("occupations", "no day of publication", _drop("published_on")),
    ("occupations", "an impossible date", _set(effective_from="2023-02-30")),
    ("occupations", "an end before the beginning", _set(effective_to="1999-12-31")),
    ("occupations", "a confidence that is none", _set(source={"document": "D", "confidence": "certain"})),
    ("occupations", "an occupation listed twice", _twice("occupations")),
    ("occupations", "a code of no form", _first_row(code="4-04-05-05-")),
    ("occupations", "a category that is none", _first_row(category="D")),
    ("occupations", "an occupation without a name", _first_row(name={})),
    ("occupations", "a former code of itself", _first_row(former_codes=["9-01-01-01"])),
    ("rates", "an amount with three decimals", _amount("1000.005")),
    ("rates", "an amount below zero", _amount("-1000")),
    ("rates", "an amount with a unit", _amount("1000元")),
    ("rates", "a level that is none", _set(amounts={"training": {"any": {"6": "1000"}}})),
    ("rates", "a stream that is none", _set(amounts={"schooling": {"any": {"5": "1000"}}})),
    ("rates", "an occupation that nothing lists", _set(by_occupation={"training": {UNKNOWN: {"5": "1000"}}})),
    ("catalog", "an occupation that nothing lists", _set(entries=[{"occupation": UNKNOWN}])),
    ("catalog", "an entry without levels", _set(entries=[{"occupation": "9-01-01-01", "levels": []}])),
    ("catalog", "a mode that is none", _set(mode="removes")),
    ("catalog", "an occupation entered twice", _set(entries=[{"occupation": "9-01-01-01"}] * 2)),
    ("rules", "an uplift of nothing", _part("entitlement", uplifts=[_BAD_UPLIFT])),
    ("rules", "a rate that is a text", _part("entitlement", uplifts=[_BAD_UPLIFT | {"rate": "30%"}])),
    ("rules", "two uplifts of one id", _part("entitlement", uplifts=[_BAD_UPLIFT | {"rate": "0.3"}] * 2)),
    ("rules", "a rounding that is none", _part("entitlement", rounding={"to": "cent", "mode": "half_up"})),
    ("rules", "a limit per month", _part("procedure", limits=[_BAD_LIMIT])),
    ("rules", "a window of minus one month", _part("procedure", claim_window={"months": "-1"})),
)


@st.composite
def broken_policies(draw: st.DrawFn) -> BrokenPolicy:
    """Give small policy folders with one fault each: `subsidy.load_policy` must refuse them and name the file.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(broken_policies(), lambda broken: broken.file == "rules.yaml").fault
    'an uplift of nothing'
    """
    drawn: Texts = json.loads(json.dumps(texts(draw, gaps=False)))
    name, fault, spoil = one_of(draw, _FAULTS)
    spoil(drawn[name][0])
    files = {
        FILE_OF[text]: json.dumps({"editions": editions}, ensure_ascii=False, indent=1)
        for text, editions in drawn.items()
    }
    return BrokenPolicy(fault, FILE_OF[name], files | {"classification.csv": CLASSIFICATION_ROWS})
