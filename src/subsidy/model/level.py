"""Level, stream and category: the three coordinates of a rate table besides the occupation."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import product

from subsidy.model.text import compact, read_identifier

__all__ = ["Category", "Level", "Stream"]

LEVEL_FORMS = "one of 1 to 5 (三级, 高级工, 三级/高级工 ...) or special (专项职业能力)"
STREAM_FORMS = "training (职业培训补贴) or skill_improvement (参保职工技能提升补贴)"


class Level(StrEnum):
    """A skill level: 5 初级工 is the lowest, 1 高级技师 the highest; ``special`` 专项职业能力 stands apart.

    Examples
    --------
    >>> Level.read("三级/高级工")
    <Level.L3: '3'>
    >>> Level.L1.higher_than(Level.L2), Level.SPECIAL.higher_than(Level.L5)
    (True, False)
    """

    L5 = "5"
    L4 = "4"
    L3 = "3"
    L2 = "2"
    L1 = "1"
    SPECIAL = "special"

    @classmethod
    def read(cls, value: object) -> Level:
        """Read a level in any of its spellings.

        Parameters
        ----------
        value : object
            3, 3.0, "3", "三级", "高级工", "三级/高级工", "国家职业资格三级", "专项" and the like.

        Raises
        ------
        ValueError
            With the forms that would have served.
        """
        if isinstance(value, cls):
            return value
        found = _LEVELS.get(value) if isinstance(value, str) else None
        if found is None:
            try:
                text = read_identifier(value)
            except ValueError:
                raise ValueError(LEVEL_FORMS) from None
            found = _from_parts(text)
        if found is None:
            raise ValueError(LEVEL_FORMS)
        return found

    def higher_than(self, other: Level) -> bool:
        """Say whether this level is higher; ``special`` is neither higher nor lower than any."""
        special = Level.SPECIAL
        return self is not special and other is not special and self.value < other.value

    @property
    def zh(self) -> str:
        """The official Chinese name, e.g. 三级/高级工."""
        return _SPECIAL_ZH if self is Level.SPECIAL else f"{_NUMERALS[self]}级/{_TITLES[self]}"

    @property
    def en(self) -> str:
        """An English name, e.g. level 3."""
        return "special ability" if self is Level.SPECIAL else f"level {self.value}"


_SPECIAL_ZH = "专项职业能力"
_NUMERALS = {Level.L5: "五", Level.L4: "四", Level.L3: "三", Level.L2: "二", Level.L1: "一"}
_TITLES = {Level.L5: "初级工", Level.L4: "中级工", Level.L3: "高级工", Level.L2: "技师", Level.L1: "高级技师"}
_SHORT_TITLES = {Level.L5: "初级", Level.L4: "中级", Level.L3: "高级"}
_PREFIXES = ("国家职业资格", "职业资格", "职业技能等级", "技能等级", "职业技能", "LEVEL")


_JOINTS = re.compile(r"[/()\-_、·,]")


def _from_parts(text: str) -> Level | None:
    """Read the halves of a level's name, as in 三级/高级工 or 高级工(三级): both must say the same.

    To join them first would make the one level 高级技师 of the two in 高级/技师, and the level 3 of -3.
    """
    parts = [part.removesuffix("证书") for part in _JOINTS.split(text.removesuffix("证书").strip("()"))]
    levels = {_LEVELS.get(part) for part in parts if part not in _PREFIXES}
    return levels.pop() if len(levels) == 1 else None


def _level_spellings() -> dict[str, Level]:
    spellings: dict[str, Level] = {}
    for level, numeral in _NUMERALS.items():
        numbers = [level.value, f"{level.value}级", f"{numeral}级", f"L{level.value}"]
        titles = [_TITLES[level], *filter(None, [_SHORT_TITLES.get(level)])]
        joined = [first + second for first, second in product(numbers, titles)]
        joined += [second + first for first, second in product(numbers, titles)]
        forms = [*numbers, *titles, *joined]
        spellings |= {prefix + form: level for prefix, form in product(("", *_PREFIXES), forms)}
        spellings[f"{level.value}.0"] = level
    for form in ("SPECIAL", "SPECIALABILITY", "专项", "专项能力", "专项职业能力", "专项职业能力考核"):
        spellings[form] = Level.SPECIAL
    return spellings


_LEVELS = _level_spellings()


class Stream(StrEnum):
    """Which fund pays: ``training`` 职业培训补贴 or ``skill_improvement`` 参保职工技能提升补贴.

    Examples
    --------
    >>> Stream.read("技能提升补贴")
    <Stream.SKILL_IMPROVEMENT: 'skill_improvement'>
    """

    TRAINING = "training"
    SKILL_IMPROVEMENT = "skill_improvement"

    @classmethod
    def read(cls, value: object) -> Stream:
        """Read a stream by its name in English or Chinese; raise ValueError with the forms that serve."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            found = _STREAMS.get(value) or _STREAMS.get(compact(value))
            if found is not None:
                return found
        raise ValueError(STREAM_FORMS)

    @property
    def zh(self) -> str:
        """The official Chinese name."""
        return "职业培训补贴" if self is Stream.TRAINING else "参保职工技能提升补贴"

    @property
    def en(self) -> str:
        """An English name."""
        return "training subsidy" if self is Stream.TRAINING else "skill improvement subsidy"


_STREAMS = {
    **dict.fromkeys(
        (
            "training",
            "TRAINING",
            "TRAININGSUBSIDY",
            "职业培训补贴",
            "培训补贴",
            "职业培训",
            "培训",
            "培训获证补贴",
        ),
        Stream.TRAINING,
    ),
    **dict.fromkeys(
        (
            "skill_improvement",
            "SKILL_IMPROVEMENT",
            "SKILLIMPROVEMENT",
            "SKILLIMPROVEMENTSUBSIDY",
            "参保职工技能提升补贴",
            "参保职工技能提升",
            "技能提升补贴",
            "技能提升",
        ),
        Stream.SKILL_IMPROVEMENT,
    ),
}


class Category(StrEnum):
    """Cost class of an occupation in a year's directory: A manufacturing, B production, C life services."""

    A = "A"
    B = "B"
    C = "C"
