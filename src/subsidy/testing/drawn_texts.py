"""Policy texts as plain data, drawn piece by piece: what stands in the four files of a policy folder.

Every choice is one draw from a short list whose first item is the plainest, so that generation is fast and what
shrinking leaves is what matters. Everything is valid by construction: days of publication differ, codes are known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from subsidy.testing.choices import CLASSIFIED, FORMER, LOCAL, NATIONAL, Choice, chosen, one_of

__all__ = ["CLASSIFICATION_ROWS", "MANY_LIMITS", "MANY_UPLIFTS", "Plain", "texts"]

Plain = dict[str, Any]
Content = Callable[[st.DrawFn], Plain]
X, Y, Z = NATIONAL
CLASSIFICATION_ROWS = f"code,name,digital\n{CLASSIFIED},云外客,yes\n{X},观云员,no\n{Y},采雾工,no\n"

# The first edition of a text, and later ones: published_on, effective_from, effective_to. Of a text's editions no two
# are published on one day. Some govern backwards, some end, some begin long after they were published.
_FIRST = ("2022-07-01", "2022-01-01", None)
_SECOND = (
    ("2023-05-20", "2023-07-01", None),
    ("2023-05-20", "2023-01-01", None),
    ("2023-05-20", "2023-01-01", "2023-12-31"),
    ("2022-11-01", "2023-08-31", "2024-02-28"),
)
_THIRD = (
    ("2024-03-01", "2023-07-01", None),
    ("2023-10-10", "2024-01-01", None),
    ("2024-03-01", "2023-03-01", None),
    ("2024-03-01", "2023-08-01", "2023-08-31"),
)
_ENDED = {"last_day": "2023-06-30", "published_on": "2023-06-01"}
_GAPS: tuple[Plain, ...] = (
    {},
    {"effective_to": "2023-09-30"},
    {"ended": _ENDED | {"source": {"document": "D", "confidence": "official"}}},
    {"effective_from": "2023-03-01"},
)
_CONFIDENCE = ("official", "official", "secondary", "assumed")
_OWN_SOURCE: Plain = {"source": {"document": "OWN", "confidence": "secondary"}}


def _edition(name: str, span: tuple[str, str, str | None], confidence: str, content: Plain) -> Plain:
    published, first, last = span
    return {
        "id": name,
        "title": {"en": name},
        "source": {"document": name, "confidence": confidence},
        "published_on": published,
        "effective_from": first,
        "effective_to": last,
        **content,
    }


def _editions(
    draw: st.DrawFn, name: str, content: Content, most: Choice[int] | None, gaps: Choice[bool] | None
) -> list[Plain]:
    number = chosen(draw, most, (1, 2, 1, 3))
    made = [_edition(f"{name}-1", _FIRST, one_of(draw, _CONFIDENCE), content(draw))]
    if chosen(draw, gaps, (False, False, False, True)):
        made[0] |= one_of(draw, _GAPS)
    if number > 1:
        made.append(_edition(f"{name}-2", one_of(draw, _SECOND), one_of(draw, _CONFIDENCE), content(draw)))
    if number > 2:
        made.append(_edition(f"{name}-3", one_of(draw, _THIRD), one_of(draw, _CONFIDENCE), content(draw)))
    return made


# -- the directory -----------------------------------------------------------------------


_DIRECTORY_ROWS: tuple[tuple[Plain, ...], ...] = (
    tuple(
        {"code": X, "name": {"zh": "观云员", "en": "Cloud watcher"}, "former_codes": [FORMER], **more}
        for more in (
            {"category": "A", "digital": True},
            {"category": "A"},
            {"digital": True, "tags": ["starred"]},
            {"category": "B", "digital": True, **_OWN_SOURCE},
        )
    ),
    tuple(
        {"code": Y, "name": {"zh": "采雾工", "en": "Mist gatherer"}, "aliases": ["雾工"], **more}
        for more in ({"category": "B"}, {}, {"category": "C", "tags": ["starred"]}, {"digital": True})
    ),
    ({}, {"code": Z, "name": {"zh": "测风师"}}, {"code": Z, "name": {"zh": "测风师"}, "category": "A"}),
    ({}, {"code": LOCAL, "name": {"zh": "云雾茶艺"}}),
)


def _directory(draw: st.DrawFn) -> Plain:
    rows = [one_of(draw, variants) for variants in _DIRECTORY_ROWS]
    return {"occupations": [row for row in rows if row], "covers": one_of(draw, ("listed", "all"))}


# -- rates -------------------------------------------------------------------------------

# Round amounts, amounts whose share of 30 percent ends on half a fen, and halves of a yuan and a jiao.
_AMOUNTS: tuple[Plain, ...] = (
    {"5": "1000", "4": "1500", "3": "2000"},
    {"5": "1000.05", "4": "1500.50", "3": "2001.15", "special": "600.25"},
    {"5": "500.05", "4": "1000.05", "3": "1500", "2": "2500", "1": "3000", "special": "400"},
    {"5": "0.50", "4": "0", "3": "333.33"},
)
_OWN_AMOUNTS: tuple[Plain, ...] = (
    {},
    {"training": {X: {"5": "1510.10", "2": "2990"}}},
    {"skill_improvement": {Y: {"4": "777.77"}}, "training": {CLASSIFIED: {"5": "990"}}},
)
_ROW_OR_NONE = (None, *_AMOUNTS)


def _rates(draw: st.DrawFn) -> Plain:
    anything, first, second = one_of(draw, _AMOUNTS), one_of(draw, _ROW_OR_NONE), one_of(draw, _ROW_OR_NONE)
    rows = {"any": anything} | {name: row for name, row in (("A", first), ("B", second)) if row is not None}
    other = one_of(draw, ("same", "less", "none"))
    amounts = {"training": rows}
    if other != "none":
        amounts["skill_improvement"] = rows if other == "same" else {"any": first or anything, "B": anything}
    return {"amounts": amounts, "by_occupation": one_of(draw, _OWN_AMOUNTS)}


# -- the catalogue -----------------------------------------------------------------------

_ENTRY: tuple[Plain, ...] = (
    {},
    {"levels": ["5", "4"]},
    {"levels": ["3", "2", "1"], "digital": False},
    {"digital": True},
    {"tags": ["starred"], **_OWN_SOURCE},
)
_ENTRIES = ((*_ENTRY, None), (None, *_ENTRY), (None, *_ENTRY))


def _catalog(draw: st.DrawFn, complete: Choice[bool] | None) -> Plain:
    drawn = [one_of(draw, variants) for variants in _ENTRIES]
    entries = [
        {"occupation": code, **entry}
        for code, entry in zip((X, Y, CLASSIFIED), drawn, strict=True)
        if entry is not None
    ]
    whole = chosen(draw, complete, (True, True, True, False))
    return {"mode": one_of(draw, ("replaces", "adds")), "complete": whole, "entries": entries}


# -- rules -------------------------------------------------------------------------------

_PRINTED: Plain = {
    "training": {"A": {"5": "1300.55", "3": "2650.50"}, "any": {"5": "1250", "4": "1400.95"}},
    "skill_improvement": {"any": {"4": "1999.99"}},
}
_UPLIFTS: tuple[Plain, ...] = (
    {"rate": "0.30", "requires": ["shortage"]},
    {"rate": "0.30", "requires": ["shortage", "digital"]},
    {"rate": "0.10", "requires": []},
    {"rate": "0.333", "requires": ["starred"]},
    {"rate": "0.2", "requires": ["digital"], "levels": ["5", "3"], "streams": ["training"]},
    {"amounts": _PRINTED, "requires": ["shortage"]},
    {"rate": "0.30", "amounts": _PRINTED, "requires": ["shortage"], **_OWN_SOURCE},
    {"rate": "0.15", "requires": [], "streams": ["skill_improvement"]},
    {"rate": "0.30", "amounts": _PRINTED, "requires": []},
    {"rate": "0.05", "requires": ["shortage", "starred"], "levels": ["4", "special"]},
    {"amounts": {"training": {"any": {"5": "900"}}}, "requires": ["digital"]},
)
_CEILINGS: tuple[Plain, ...] = (
    {},
    {"training": {"5": "1200", "4": "1600", "3": "2100.55"}},
    {},
    {"skill_improvement": {"5": "1100", "4": "900"}},
)
_ROUNDINGS: tuple[Plain, ...] = tuple(
    {"to": to, "mode": mode} for to in ("fen", "yuan", "jiao") for mode in ("half_up", "half_even", "down")
)
_WINDOWS: tuple[Plain | None, ...] = (
    None,
    {"months": 12},
    {"months": 12, "last_day": "exclusive"},
    {"months": 6},
    {"months": 1, "last_day": "exclusive"},
    {"months": 0},
)
_INSURED: tuple[Plain, ...] = ({}, {"skill_improvement": 12}, {"training": 6, "skill_improvement": 36})
_CONDITIONS: tuple[list[Plain], ...] = (
    [],
    [{"id": "resident", "title": {"en": "Resident"}}],
    [
        {"id": "insured_then", "title": {"en": "Insured then"}, "streams": ["skill_improvement"]},
        {"id": "resident", "title": {"en": "Resident"}, "streams": ["training"]},
    ],
)
_LIMITS: tuple[Plain, ...] = (
    {"at_most": 1, "per": "calendar_year"},
    {"at_most": 2, "per": "calendar_year", "streams": ["training", "skill_improvement"]},
    {"at_most": 2, "per": "lifetime"},
    {"at_most": 1, "per": "lifetime", "streams": ["training"]},
    {"at_most": 1, "per": "calendar_year", "except": ["shortage"]},
    {"at_most": 1, "per": "lifetime", "requires": ["shortage"]},
    {"at_most": 1, "per": "calendar_year", "streams": ["skill_improvement"], "requires": ["digital"]},
    {"at_most": 1, "per": "lifetime", "requires": ["starred"], "except": ["digital"]},
    {"at_most": 3, "per": "lifetime"},
    {"at_most": 0, "per": "lifetime", "requires": ["starred"]},
)


@st.composite
def _some_of(draw: st.DrawFn, of: tuple[Plain, ...], name: str, numbers: tuple[int, ...]) -> list[Plain]:
    """Draw a few of several; each gets an id by its number."""
    return [{"id": f"{name}-{number + 1}", **one_of(draw, of)} for number in range(one_of(draw, numbers))]


_UPLIFT_LISTS = _some_of(_UPLIFTS, "uplift", (1, 2, 0, 3))
_LIMIT_LISTS = _some_of(_LIMITS, "limit", (0, 1, 2))
MANY_UPLIFTS = _some_of(_UPLIFTS, "uplift", (1, 2, 3, 2))
MANY_LIMITS = _some_of(_LIMITS, "limit", (1, 2, 1, 2))


def _rules(draw: st.DrawFn, given: Mapping[str, Choice[Any] | None]) -> Plain:
    def take(name: str, otherwise: st.SearchStrategy[Any] | Sequence[Any]) -> Any:
        return chosen(draw, given.get(name), otherwise)

    entitlement = {
        "uplifts": take("uplifts", _UPLIFT_LISTS),
        "stacking": take("stacking", ("highest", "sum")),
        "ceiling": take("ceiling", _CEILINGS),
        "rounding": take("rounding", _ROUNDINGS),
    }
    dates = ("certificate_date", "applied_on", "training_filed_on")
    procedure = {
        "entitlement_date": take("entitlement_date", dates),
        "claim_window": take("claim_window", _WINDOWS),
        "insured_months": take("insured_months", _INSURED),
        "conditions": take("conditions", _CONDITIONS),
        "lower_after_higher": take("lower_after_higher", ("refuse", "allow")),
        "late_listing": take("late_listing", ("pay_difference", "keep")),
        "limits": take("limits", _LIMIT_LISTS),
    }
    return {"entitlement": entitlement, "procedure": procedure}


def texts(
    draw: st.DrawFn,
    *,
    editions: Choice[int] | None = None,
    gaps: Choice[bool] | None = None,
    complete: Choice[bool] | None = None,
    **parameters: Choice[Any] | None,
) -> dict[str, list[Plain]]:
    """Draw the editions of the four texts: occupations, rates, catalog, rules."""
    contents: dict[str, Content] = {
        "occupations": _directory,
        "rates": _rates,
        "catalog": lambda draw: _catalog(draw, complete),
        "rules": lambda draw: _rules(draw, parameters),
    }
    return {name: _editions(draw, name, content, editions, gaps) for name, content in contents.items()}
