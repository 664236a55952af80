"""Names of occupations: which code a text in a claim means.

Names, aliases and former codes are not law: they are gathered over all editions and known at every
`as_known_on`.
Source: design, section 3, "An occupation in a claim".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from subsidy.model.occupation import LOCAL_CODE, NATIONAL_CODE
from subsidy.model.text import compact, nearest
from subsidy.policy.problems import Place, Problem, quoted
from subsidy.policy.texts import DirectoryEdition, Title
from subsidy.policy.yaml_tree import decode

__all__ = ["Classified", "Vocabulary", "former_code_circle", "read_classification"]

_HEADER = ["code", "name", "digital"]
_MARKS = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class Classified:
    """A row of the national classification: a code's name and digital mark."""

    name: str
    digital: bool


def read_classification(data: bytes, file: str) -> tuple[dict[str, Classified], list[Problem]]:
    """Read ``classification.csv``: code, name, digital (yes, no, or empty for not known, which counts as no).

    Returns
    -------
    dict, list
        The rows by code, and what is wrong with the file.
    """
    text = decode(data, file)
    if isinstance(text, Problem):
        return {}, [text]
    rows: dict[str, Classified] = {}
    first: dict[str, int] = {}
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = next(reader, [])
        if header != _HEADER:
            found = quoted(",".join(header)) if header else "nothing"
            return {}, [Problem("csv_header", file, Place(1, 1), (), found, ("csv_header",))]
        line = reader.line_num + 1
        for row in reader:
            fault = _fault(row)
            code = compact(row[0]) if row else ""
            if fault is None and code in first:
                fault = "duplicate_code", row[0], ("unique", str(first[code]))
            if fault is None:
                rows[row[0]] = Classified(row[1], _MARKS[row[2]])
                first[code] = line
            else:
                kind, found, expected = fault
                problems.append(Problem(kind, file, Place(line, 1), (), quoted(found), expected))
            line = reader.line_num + 1
    except csv.Error as error:
        found = f"a row that can't be read ({error})"
        problems.append(Problem("csv_row", file, Place(line, 1), (), found, ("csv_row",)))
    return rows, problems


def _fault(row: list[str]) -> tuple[str, str, tuple[str, ...]] | None:
    """Give what is wrong with a row by itself: the kind, what was found, what was expected."""
    if len(row) != len(_HEADER):
        return "csv_row", ",".join(row), ("csv_row",)
    code, name, mark = row
    if not LOCAL_CODE.fullmatch(code):
        return "code", code, ("code",)
    if not name.strip():
        return "csv_row", ",".join(row), ("csv_row",)
    if mark not in _MARKS:
        return "csv_mark", mark, ("csv_mark",)
    return None


def _by_publication(editions: Iterable[DirectoryEdition]) -> list[DirectoryEdition]:
    # stable: of one day, the later in the file wins
    return sorted(editions, key=lambda edition: edition.published_on)


def _former(editions: Iterable[DirectoryEdition]) -> dict[str, str]:
    """Give the next code of each former code, both in their compared form."""
    return {
        compact(old): compact(listed.code)
        for edition in _by_publication(editions)
        for listed in edition.occupations
        for old in listed.former_codes
    }


def former_code_circle(editions: Iterable[DirectoryEdition]) -> str | None:
    """Give a former code that leads back to itself over the editions, None where there is none."""
    former = _former(editions)
    seen: set[str] = set()
    for start in former:
        code, trail = start, set[str]()
        while code in former and code not in seen:
            seen.add(code)
            trail.add(code)
            code = former[code]
        if code in trail:
            return code
    return None


def _ends(former: Mapping[str, str]) -> dict[str, str]:
    """Follow each former code to the present one; there is no circle."""
    ends: dict[str, str] = {}
    for start in former:
        code, trail = start, []
        while code in former and code not in ends:
            trail.append(code)
            code = former[code]
        ends |= dict.fromkeys(trail, ends.get(code, code))
    return ends


@dataclass(frozen=True)
class Vocabulary:
    """Which code a text means, and what a code is called.

    Parameters
    ----------
    codes : dict
        Compared form of each known code and former code, to the present code.
    names : dict
        Compared form of each name and alias, to the present code.
    titles : dict
        Present code to its name.
    digital : frozenset of str
        The present codes that the classification marks as digital.
    classified : frozenset of str
        The present codes that the classification lists.
    conditions : tuple of str
        Ids of the conditions of any rules edition: columns that a claim may have.
    """

    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    titles: Mapping[str, Title] = field(default_factory=dict, hash=False)
    digital: frozenset[str] = frozenset()
    classified: frozenset[str] = frozenset()
    conditions: tuple[str, ...] = ()

    @classmethod
    def gather(
        cls,
        editions: tuple[DirectoryEdition, ...],
        classification: Mapping[str, Classified],
        conditions: tuple[str, ...] = (),
    ) -> Vocabulary:
        """Gather the names of all editions (the one published last wins), then the classification's."""
        published = _by_publication(editions)
        ends = _ends(_former(editions))
        spelling = {compact(code): code for code in sorted(classification)}
        spelling |= {compact(listed.code): listed.code for edition in published for listed in edition.occupations}

        codes = {key: spelling[ends.get(key, key)] for key in (*spelling, *ends)}

        def present(code: str) -> str:
            return codes[compact(code)]

        def is_former(code: str) -> bool:
            return compact(code) in ends

        names: dict[str, str] = {}
        titles: dict[str, Title] = {}
        marks: dict[str, bool] = {}
        # Of rows that mean one code its own is better than those of former codes: it comes last and wins.
        for code in sorted(classification, key=lambda code: (not is_former(code), code)):
            row, now = classification[code], present(code)
            names[compact(row.name)] = now
            titles[now] = Title(zh=row.name)
            marks[now] = row.digital
        for edition in published:
            for listed in sorted(edition.occupations, key=lambda listed: not is_former(listed.code)):
                now = present(listed.code)
                titles[now] = listed.name
                names |= {compact(name): now for name in (listed.name.zh, listed.name.en, *listed.aliases) if name}
        return cls(
            codes=codes,
            names=names,
            titles=titles,
            digital=frozenset(code for code, digital in marks.items() if digital),
            classified=frozenset(marks),
            conditions=conditions,
        )

    def code_of(self, text: str) -> str | None:
        """Give the code that a text in a claim means: a code, former code, name or alias; else None."""
        found = self.codes.get(text)  # as most claims have it
        if found is not None:
            return found
        key = compact(text)
        found = self.codes.get(key) or self.names.get(key)
        if found is None and NATIONAL_CODE.fullmatch(key):
            return key
        return found

    def present(self, code: str) -> str:
        """Give the present code of a code that a text of the policy uses."""
        return self.codes.get(compact(code), code)

    def title(self, code: str) -> Title:
        """Give what a code is called; the code itself where no name is known."""
        return self.titles.get(code) or Title(zh=code, en=code)

    def nearest(self, text: str) -> str | None:
        """Give the known name nearest to a text that means nothing."""
        found = nearest(compact(text), self.names)
        return None if found is None else self.titles[self.names[found]].in_language("zh")
