"""A small policy of an invented city of which `check` has nothing to say; tests spoil it by edits of its text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

TODAY = date(2024, 6, 1)
DIRECTORY, RATES, CATALOG, RULES = "occupations.yaml", "subsidy_rates.yaml", "shortage_catalog.yaml", "rules.yaml"
CLASSIFICATION = "classification.csv"
# Lines of it that tests replace, or put something behind.
FROM = "    effective_from: 2024-01-01\n"
ROW_B = "        B: {5: 800, 4: 1200, 3: 1800, special: 600}\n"
LIST_END = "      - {occupation: 9-01-01-02}\n"
UPLIFTS = """        - id: shortage
          rate: "0.30"
          requires: [shortage]
          streams: [training]
        - id: starred
          rate: "0.10"
          requires: [starred]
          levels: [5]
      stacking: highest
"""

_HEAD = """editions:
  - id: ID
    title: {zh: 云山市2024年NAME, en: Yunshan ID of 2024}
    source:
      document: 云山市2024年NAME
      number: 云人社〔2023〕88号
      confidence: official
      verified_on: 2024-05-01
    published_on: 2023-12-20
    effective_from: 2024-01-01
"""


def _head(name: str, zh: str) -> str:
    return _HEAD.replace("ID", name).replace("NAME", zh)


SOUND = {
    DIRECTORY: _head("directory", "目录")
    + """    occupations:
      - {code: 9-01-01-01, name: {zh: 观云员, en: Cloud watcher}, category: A, digital: true}
      - {code: 9-01-01-02, name: {zh: 采雾工, en: Mist gatherer}, category: B, digital: false, tags: [starred]}
""",
    RATES: _head("rates", "标准")
    + """    amounts:
      training:
        A: {5: 1000, 4: 1500, 3: 2000, special: 800}
        B: {5: 800, 4: 1200, 3: 1800, special: 600}
""",
    CATALOG: _head("list", "紧缺目录")
    + """    entries:
      - {occupation: 9-01-01-01, digital: true, levels: [5, 4, 3]}
      - {occupation: 9-01-01-02}
""",
    RULES: _head("rules", "办法")
    + """    entitlement:
      uplifts:
"""
    + UPLIFTS
    + """      ceiling: {}
      rounding: {to: fen, mode: half_up}
    procedure:
      entitlement_date: applied_on
      insured_months: {training: 12}
      conditions:
        - {id: resident, title: {zh: 云山户籍, en: Resident of Yunshan}, streams: [training]}
      limits:
        - {id: yearly, streams: [training, skill_improvement], at_most: 3, per: calendar_year}
        - {id: lifetime, streams: [training], at_most: 5, per: lifetime, except: [shortage]}
""",
    CLASSIFICATION: """code,name,digital
9-01-01-01,观云员,yes
9-01-01-02,采雾工,no
9-01-01-03,测风师,
""",
}


class Edit(NamedTuple):
    """Replace a piece of text, which must stand in the file exactly once; a mark « shows where a finding points."""

    file: str
    old: str
    new: str


class Place(NamedTuple):
    """Where a finding points."""

    file: str
    line: int
    column: int


MARK = "«"


def write(folder: Path, edits: Iterable[Edit] = ()) -> Place | None:
    """Write the sound policy with edits into a folder; give the place of the mark, if one of them bears it."""
    texts = dict(SOUND)
    for file, old, new in edits:
        assert texts[file].count(old) == 1, (file, old, texts[file].count(old))
        texts[file] = texts[file].replace(old, new)
    place = None
    for file, text in texts.items():
        before, mark, _ = text.partition(MARK)
        if mark:
            place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        (folder / file).write_text(text.replace(MARK, ""), encoding="utf-8")
    return place


def edition(name: str, published_on: str, effective_from: str, rest: str, *, to: str = "null") -> str:
    """Write another sound edition, to stand behind those of a file."""
    return f"""  - id: {name}
    title: {{zh: 云山市{name}, en: Yunshan {name}}}
    source: {{document: 云山市{name}, number: 云人社〔2024〕1号, confidence: official, verified_on: 2024-05-01}}
    published_on: {published_on}
    effective_from: {effective_from}
    effective_to: {to}
{rest}"""
