"""One fault each: how to spoil the sound policy, and what `check` must then say, and where."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from subsidy.engine.findings import Finding, check_folder
from tests.engine.sound_policy import CATALOG, DIRECTORY, RATES, RULES, TODAY, Edit, edition, write

GOLDEN = Path(__file__).parent / "golden" / "findings"


class Fault(NamedTuple):
    """A fault: its name, the finding that it makes, the edits, one of them with the mark at the finding's place."""

    name: str
    code: str
    edits: tuple[Edit, ...]
    says: str
    also: tuple[str, ...] = ()


def _fault(name: str, code: str, edits: list[tuple[str, str, str]], says: str, also: str = "") -> Fault:
    return Fault(name, code, tuple(Edit(*edit) for edit in edits), says, tuple(also.split()))


_FROM = "    effective_from: 2024-01-01\n"
_ENDED = """    effective_from: 2024-01-01
    ended:
      last_day: «2024-03-31
      published_on: 2024-03-01
      source: {document: 云山市通知, number: 云人社〔2024〕2号, confidence: official}
"""
_ROWS_A = "        A: {5: 1000, 4: 1500, 3: 2000, special: 800}\n"
_ROWS_B = "        B: {5: 800, 4: 1200, 3: 1800, special: 600}\n"
_TABLE = f"    amounts:\n      training:\n{_ROWS_A}{_ROWS_B}"
_OWN = "source: {document: 云山日报, url: 'http://a.test', confidence: MARKsecondary}"
_LIST_END = "      - {occupation: 9-01-01-02}\n"
_LIST = "    mode: MODE\n    entries:\n      - {occupation: OCCUPATION, levels: [5, 4]}\n"
_YEARLY = "        - {id: yearly, streams: [training, skill_improvement], at_most: 3, per: calendar_year}\n"
_LIFETIME = "        - {id: lifetime, streams: [training], at_most: 5, per: lifetime, except: [shortage]}\n"
_SHORTAGE = '          rate: "0.30"\n          requires: [shortage]\n          streams: [training]\n'
_CEILING = "      ceiling: {}\n"
_ROUNDING = "rounding: {to: fen, mode: half_up}"


def _list(mode: str, occupation: str) -> str:
    return _LIST.replace("MODE", mode).replace("OCCUPATION", occupation)


GAPS = [
    _fault(
        "rates end",
        "gap-in-rates",
        [(RATES, _FROM, _FROM + "    effective_to: «2024-03-31\n")],
        "No edition of the rate table governs 2024-04-01 and later",
    ),
    _fault(
        "rates end by a later text",
        "gap-in-rates",
        [(RATES, _FROM, _ENDED)],
        "governs 2024-04-01 and later",
    ),
    _fault(
        "rules between two editions",
        "gap-in-rules",
        [
            (RULES, _FROM, _FROM + "    effective_to: «2024-03-31\n"),
            (RULES, _LIFETIME, _LIFETIME + edition("next", "2024-03-01", "2024-05-01", "")),
        ],
        "governs 2024-04-01 to 2024-04-30",
    ),
    _fault(
        "a gap to come is one where the next edition is there already",
        "gap-in-rates",
        [
            (RATES, _FROM, _FROM + "    effective_to: «2024-12-31\n"),
            (RATES, _ROWS_B, _ROWS_B + edition("next", "2024-03-01", "2025-02-01", _TABLE)),
        ],
        "governs 2025-01-01 to 2025-01-31",
    ),
    _fault(
        "directory begins after the other texts",
        "gap-in-directory",
        [(DIRECTORY, "effective_from: 2024-01-01", "effective_from: «2024-02-01")],
        "No edition of the directory governs 2024-01-01 to 2024-01-31",
    ),
    _fault(
        "catalogue ends while an uplift asks for it",
        "gap-in-catalog",
        [(CATALOG, _FROM, _FROM + "    effective_to: «2024-03-31\n")],
        "No edition of the shortage catalogue governs 2024-04-01 and later",
    ),
    _fault(
        "a fact that only one occupation has asks the catalogue for the other",
        "gap-in-catalog",
        [
            (CATALOG, _FROM, _FROM + "    effective_to: «2024-03-31\n"),
            (RULES, "requires: [shortage]", "requires: [digital]"),
        ],
        "governs 2024-04-01 and later",
    ),
]

TEXTS = [
    _fault(
        "a correction published later takes all dates",
        "superseded-wholly",
        [
            (RATES, "  - id: rates", "  - id: «rates"),
            (RATES, _ROWS_B, _ROWS_B + edition("corrected", "2024-02-01", "2024-01-01", _TABLE)),
        ],
        "Edition rates is superseded on all of its dates by corrected",
    ),
    _fault(
        "a list that adds is passed over for a later one that replaces",
        "superseded-wholly",
        [
            (
                CATALOG,
                _LIST_END,
                _LIST_END
                + edition("early", "2023-12-01", "2024-01-01", _list("adds", "9-01-01-01")).replace("id: ", "id: «"),
            ),
        ],
        "Edition early is superseded on all of its dates by list",
    ),
    _fault(
        "a table that reaches back",
        "superseded-in-part",
        [
            (RATES, "  - id: rates", "  - id: «rates"),
            (RATES, _ROWS_B, _ROWS_B + edition("later", "2024-05-10", "2024-03-01", _TABLE)),
        ],
        "Edition rates is superseded 2024-03-01 and later by later, published on 2024-05-10",
    ),
    _fault(
        "a table after which the earlier one is back in force",
        "superseded-in-part",
        [
            (RATES, "  - id: rates", "  - id: «rates"),
            (RATES, _ROWS_B, _ROWS_B + edition("spring", "2024-02-01", "2024-03-01", _TABLE, to="2024-04-30")),
        ],
        "Edition rates is superseded 2024-03-01 to 2024-04-30 by spring",
    ),
    _fault(
        "part of a list",
        "catalog-incomplete",
        [(CATALOG, "    entries:\n", "    complete: «false\n    entries:\n")],
        "holds a part of the list only",
    ),
    _fault(
        "an assumed edition",
        "assumed",
        [(DIRECTORY, "confidence: official", "confidence: «assumed")],
        "Edition directory: assumed",
    ),
    _fault(
        "a secondary edition",
        "secondary",
        [(RULES, "confidence: official", "confidence: «secondary")],
        "Edition rules: taken from a report",
    ),
    _fault(
        "an occupation's own source",
        "assumed",
        [
            (
                DIRECTORY,
                "tags: [starred]}",
                "source: {document: 云山日报, url: 'http://a.test', confidence: «assumed}, tags: [starred]}",
            )
        ],
        "Edition directory, 9-01-01-02: assumed",
    ),
    _fault(
        "entries with the same source of their own, once",
        "secondary",
        [
            (CATALOG, "levels: [5, 4, 3]}", "levels: [5, 4, 3], " + _OWN.replace("MARK", "«") + "}"),
            (CATALOG, "occupation: 9-01-01-02}", "occupation: 9-01-01-02, " + _OWN.replace("MARK", "") + "}"),
        ],
        "Edition list, 9-01-01-01, 9-01-01-02: taken from a report",
    ),
    _fault(
        "an uplift's own source",
        "secondary",
        [(RULES, _SHORTAGE, _SHORTAGE + "          source: {document: 云山日报, number: 5, confidence: «secondary}\n")],
        "Edition rules, uplift shortage: taken from a report",
    ),
    _fault(
        "a limit's own source",
        "unsourced",
        [(RULES, "except: [shortage]}", "except: [shortage], source: {document: «云山日报, confidence: official}}")],
        "Edition rules, limit lifetime: its source has neither a number nor an address",
    ),
    _fault(
        "an edition that can't be looked up",
        "unsourced",
        [(RATES, "document: 云山市2024年标准\n      number: 云人社〔2023〕88号", "document: «云山市2024年标准")],
        "Edition rates: its source has neither a number nor an address",
    ),
    _fault(
        "a text that ends another and can't be looked up",
        "unsourced",
        [
            (
                RATES,
                _FROM,
                _ENDED.replace("«", "").replace(
                    "document: 云山市通知, number: 云人社〔2024〕2号", "document: «云山市通知"
                ),
            )
        ],
        "Edition rates, the text that ends it",
        "gap-in-rates",
    ),
    _fault(
        "an edition without an English name",
        "name-missing",
        [
            (
                CATALOG,
                "title: {zh: 云山市2024年紧缺目录, en: Yunshan list of 2024}",
                "title: «{zh: 云山市2024年紧缺目录}",
            )
        ],
        "Edition list: no name in English",
    ),
    _fault(
        "occupations without a Chinese name, once",
        "name-missing",
        [
            (DIRECTORY, "name: {zh: 观云员, en: Cloud watcher}", "name: «{en: Cloud watcher}"),
            (DIRECTORY, "name: {zh: 采雾工, en: Mist gatherer}", "name: {en: Mist gatherer}"),
        ],
        "Edition directory, 9-01-01-01 Cloud watcher, 9-01-01-02 Mist gatherer: no name in Chinese",
    ),
    _fault(
        "a condition without an English name",
        "name-missing",
        [(RULES, "title: {zh: 云山户籍, en: Resident of Yunshan}", "title: «{zh: 云山户籍}")],
        "Edition rules, condition resident: no name in English",
    ),
    _fault(
        "never verified",
        "not-verified",
        [
            (RULES, "      verified_on: 2024-05-01\n    published_on: 2023-12-20", "    published_on: 2023-05-20"),
            (RULES, "      document: ", "      «document: "),
        ],
        "nobody has verified it since it was published",
    ),
    _fault(
        "verified long ago",
        "not-verified",
        [
            (
                RULES,
                "verified_on: 2024-05-01\n    published_on: 2023-12-20",
                "verified_on: «2023-05-31\n    published_on: 2023-05-20",
            )
        ],
        "it was last verified on 2023-05-31",
    ),
]

ENTRIES = [
    _fault(
        "two lists that add name the same occupation",
        "entry-repeated",
        [
            (
                CATALOG,
                _LIST_END,
                edition("q2", "2024-04-01", "2024-01-01", _list("adds", "9-01-01-02"))
                + edition("q3", "2024-05-01", "2024-01-01", _list("adds", "«9-01-01-02")),
            ),
        ],
        "Catalogue edition q3 lists again what q2 lists: 9-01-01-02 Mist gatherer",
    ),
    _fault(
        "a list that adds names what the list of the year names",
        "entry-repeated",
        [
            (
                CATALOG,
                _LIST_END,
                _LIST_END + edition("q2", "2024-04-01", "2024-01-01", _list("adds", "«9-01-01-02")),
            ),
        ],
        "Catalogue edition q2 lists again what list lists: 9-01-01-02 Mist gatherer",
    ),
    _fault(
        "an entry that the directory doesn't list",
        "entry-not-listed",
        [(CATALOG, "occupation: 9-01-01-02", "occupation: «9-01-01-03")],
        "The catalogue lists 9-01-01-03 测风师, which the directory in force at that time, directory, doesn't list",
    ),
    _fault(
        "an entry with a level without rate",
        "entry-without-rate",
        [(CATALOG, "levels: [5, 4, 3]", "levels: «[5, 4, 3, 2]")],
        "The catalogue lists 9-01-01-01 Cloud watcher at level 2, for which the rate table rates has no amount",
    ),
    _fault(
        "an entry for all levels of which none has a rate",
        "entry-without-rate",
        [
            (CATALOG, "occupation: 9-01-01-02", "occupation: «9-01-01-02"),
            (RATES, _ROWS_B, ""),
        ],
        "The catalogue lists 9-01-01-02 Mist gatherer at level 5, level 4, level 3, level 2, level 1, special ability",
        "category-without-rate",
    ),
    _fault(
        "an entry's digital mark differs from the directory's",
        "entry-digital-differs",
        [(CATALOG, "digital: true", "digital: «false")],
        "The catalogue says that 9-01-01-01 Cloud watcher isn't digital, the directory directory says that",
    ),
    _fault(
        "an entry's digital mark differs from the classification's",
        "entry-digital-differs",
        [(CATALOG, "digital: true", "digital: «false"), (DIRECTORY, ", digital: true", "")],
        "the classification says that it is digital",
    ),
    _fault(
        "the directory's digital mark differs from the classification's",
        "occupation-digital-differs",
        [(DIRECTORY, "category: B, digital: false", "category: B, digital: «true")],
        "The directory says that 9-01-01-02 Mist gatherer is digital, the classification says that it isn't digital",
    ),
]

ROWS = [
    _fault(
        "a row that pays a higher level less",
        "higher-level-paid-less",
        [(RATES, "B: {5: 800, 4: 1200, 3: 1800", "B: {5: 800, 4: 1200, 3: «1100")],
        "training subsidy, category B: level 3 is paid 1100.00 yuan, less than level 4 with 1200.00 yuan",
    ),
    _fault(
        "an amount of its own that pays a higher level less",
        "higher-level-paid-less",
        [(RATES, _ROWS_B, _ROWS_B + "    by_occupation: {training: {9-01-01-02: {3: 1800.5, 4: «700}}}\n")],
        "training subsidy, 9-01-01-02 Mist gatherer: level 4 is paid 700.00 yuan, less than level 5 with 800.00 yuan",
        "fractional-yuan",
    ),
    _fault(
        "a category without a row",
        "category-without-rate",
        [(DIRECTORY, "category: B", "category: C"), (RATES, "      training:", "      «training:")],
        "training subsidy has neither a row for category C nor one for any; in the directory directory that leaves "
        "without an amount: 9-01-01-02 Mist gatherer",
        "entry-without-rate",
    ),
    _fault(
        "an occupation without a category and no row for any",
        "category-without-rate",
        [(DIRECTORY, "category: A, ", ""), (RATES, "      training:", "      «training:")],
        "neither a row for occupations without a category nor one for any",
        "entry-without-rate",
    ),
    _fault(
        "a row that lacks a level",
        "level-without-rate",
        [(RATES, "        B: {5: 800, 4: 1200, 3: 1800", "        «B: {5: 800, 4: 1200")],
        "training subsidy, category B has no amount for level 3, which other rows of the stream have",
    ),
    _fault(
        "an amount of its own that the category has too",
        "amount-redundant",
        [(RATES, _ROWS_B, _ROWS_B + "    by_occupation: {training: {9-01-01-02: {3: «1800, 4: 1201}}}\n")],
        "9-01-01-02 Mist gatherer has in training subsidy, level 3, is that of its category: 1800.00 yuan",
        "fractional-yuan",
    ),
]

AMOUNTS = [
    _fault(
        "an uplift for the lower levels only",
        "higher-level-paid-less-after-uplift",
        [
            (RULES, '          rate: "0.30"\n', '          rate: "0.50"\n          levels: [5, 4]\n'),
            (RULES, "        - id: shortage", "        «- id: shortage"),
        ],
        "training subsidy, 9-01-01-01 Cloud watcher: with the uplift level 3 is paid 2000.00 yuan, less",
    ),
    _fault(
        "a printed amount that the rate doesn't give",
        "printed-amount-differs",
        [
            (
                RULES,
                _SHORTAGE,
                _SHORTAGE + "          amounts: {training: {A: {5: 1300, 3: «2700}}}\n",
            )
        ],
        "level 3 (base 2000.00): 2700.00 yuan, by the rate 2600.00",
    ),
    _fault(
        "a printed amount under the base",
        "uplift-below-zero",
        [(RULES, '          rate: "0.30"\n', "          amounts: {training: {A: {5: 1300, 3: «1900}}}\n")],
        "training subsidy, level 3: the printed amount of the uplift shortage takes the amount below the base, so that "
        "the uplift is below zero: 9-01-01-01 Cloud watcher (base 2000.00, amount 1900.00 yuan)",
    ),
    _fault(
        "a printed amount in the row for any under the base",
        "uplift-below-zero",
        [(RULES, '          rate: "0.30"\n', "          amounts: {training: {any: {3: «1900}}}\n")],
        "9-01-01-01 Cloud watcher (base 2000.00, amount 1900.00 yuan)",
    ),
    _fault(
        "a ceiling under the base",
        "uplift-below-zero",
        [(RULES, _CEILING, "      ceiling: {training: {3: «1900}}\n")],
        "training subsidy, level 3: the ceiling takes the amount below the base",
        "higher-level-paid-less-after-uplift",
    ),
    _fault(
        "rounding below the base",
        "uplift-below-zero",
        [
            (RULES, _ROUNDING, "rounding: «{to: yuan, mode: down}"),
            (RATES, "B: {5: 800, 4: 1200, 3: 1800, special: 600}", "B: {5: 800, 4: 1200, 3: 1800, special: 0.50}"),
            (CATALOG, _LIST_END, ""),
        ],
        "special ability: rounding takes the amount below the base, so that the uplift is below zero: 9-01-01-02 Mist "
        "gatherer (base 0.50, amount 0.00 yuan)",
    ),
    _fault(
        "printed amounts that add up to less than nothing",
        "amount-below-zero",
        [
            (RULES, '          rate: "0.30"\n', "          amounts: {training: {B: {5: «100}}}\n"),
            (RULES, '          rate: "0.10"\n', "          amounts: {training: {B: {5: 100}}}\n"),
            (RULES, "stacking: highest", "stacking: sum"),
        ],
        "training subsidy, level 5: the amount itself is below zero: 9-01-01-02 Mist gatherer (base 800.00, amount "
        "-600.00 yuan)",
    ),
    _fault(
        "an amount with jiao",
        "fractional-yuan",
        [
            (RATES, "special: 800}", "special: 800.50}"),
            (RULES, _ROUNDING, "rounding: «{to: fen, mode: half_up}"),
        ],
        "amounts that aren't whole yuan: 1, for example 9-01-01-01 Cloud watcher (special ability, 800.50 yuan)",
    ),
]

PARAMETERS = [
    _fault(
        "uplifts that overlap without stacking",
        "uplifts-overlap",
        [(RULES, "      stacking: highest\n", ""), (RULES, "        - id: starred", "        - id: «starred")],
        "The uplifts shortage and starred can hold at once",
    ),
    _fault(
        "a tag that nothing has",
        "tag-unknown",
        [(RULES, "requires: [starred]", "requires: [«stared]")],
        "The uplift starred asks for the tag stared",
    ),
    _fault(
        "a tag that nothing has, in a limit",
        "tag-unknown",
        [(RULES, "except: [shortage]", "except: [shortage, «urgent]")],
        "The limit lifetime asks for the tag urgent",
    ),
    _fault(
        "a limit of nothing",
        "limit-allows-nothing",
        [(RULES, "at_most: 5, per: lifetime", "at_most: «0, per: lifetime")],
        "The limit lifetime is at most 0",
    ),
    _fault(
        "a limit that both asks for and excepts a fact",
        "limit-never-binds",
        [(RULES, "{id: lifetime, ", "{id: «lifetime, requires: [shortage], ")],
        "The limit lifetime binds no claim: it both requires and excepts shortage",
    ),
    _fault(
        "a limit of a stream without rates",
        "limit-never-binds",
        [(RULES, "{id: lifetime, streams: [training]", "{id: «lifetime, streams: [skill_improvement]")],
        "no rate table of that time has amounts for skill improvement subsidy",
    ),
    _fault(
        "a limit behind a stricter one",
        "limit-shadowed",
        [
            (
                RULES,
                _LIFETIME,
                _LIFETIME + "        - {id: «loose, streams: [training], at_most: 4, per: calendar_year}\n",
            )
        ],
        "The limit loose has no effect: yearly binds the same claims",
    ),
    _fault(
        "a limit before a stricter one",
        "limit-shadowed",
        [(RULES, _YEARLY, "        - {id: «loose, streams: [training], at_most: 4, per: calendar_year}\n" + _YEARLY)],
        "The limit loose has no effect: yearly binds the same claims",
    ),
    _fault(
        "two equal limits: the second has no effect",
        "limit-shadowed",
        [(RULES, _LIFETIME, _LIFETIME + _LIFETIME.replace("id: lifetime", "id: «twin"))],
        "The limit twin has no effect: lifetime binds the same claims",
    ),
    _fault(
        "a condition of a stream without rates",
        "condition-never-asked",
        [
            (
                RULES,
                "{id: resident, title: {zh: 云山户籍, en: Resident of Yunshan}, streams: [training]}",
                "{id: «resident, title: {zh: 云山户籍, en: Resident of Yunshan}, streams: [skill_improvement]}",
            )
        ],
        "The condition resident is never asked",
    ),
    _fault(
        "months of insurance for a stream without rates",
        "insured-months-never-asked",
        [(RULES, "insured_months: {training: 12}", "insured_months: {training: 12, skill_improvement: «36}")],
        "Months of insurance are asked for skill improvement subsidy",
    ),
]

FAULTS = [*GAPS, *TEXTS, *ENTRIES, *ROWS, *AMOUNTS, *PARAMETERS]


def each(faults: list[Fault]) -> pytest.MarkDecorator:
    """Ask a test for each of some faults."""
    return pytest.mark.parametrize("fault", faults, ids=lambda fault: f"{fault.code}: {fault.name}")


def said(finding: Finding) -> str:
    """One finding in both languages, its place without the folder."""
    file = f"{Path(finding.file).parent}{os.sep}"
    return "".join(f"{finding.edition}: {finding.text(lang).removeprefix(file)}\n" for lang in ("zh", "en"))


def check_fault(fault: Fault, folder: Path) -> None:
    """Find a fault at its place, said in the words of the golden file, and nothing else."""
    place = write(folder, fault.edits)
    findings = check_folder(folder, today=TODAY)
    assert {finding.code for finding in findings} == {fault.code, *fault.also}
    found = [finding for finding in findings if finding.code == fault.code]
    assert place is not None
    assert [(Path(one.file).name, one.line, one.column) for one in found] == [place]
    assert fault.says in found[0].message.en
    golden = (GOLDEN / f"{fault.code}.txt").read_text(encoding="utf-8")
    assert f"# {fault.name}\n{''.join(map(said, findings))}" in golden


def found(folder: Path, code: str, *edits: Edit) -> list[Finding]:
    """Give what is found of a kind in the sound policy with edits."""
    write(folder, edits)
    return [finding for finding in check_folder(folder, today=TODAY) if finding.code == code]
