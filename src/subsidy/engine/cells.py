"""The grid of entitlements: every cell worked out once by the rule functions, then only looked up.

A cell is (stream, occupation, level, period between edition boundaries). All codes that the directory in force
doesn't list share the answer of the rules for such codes, but keep their own facts.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple, cast

from subsidy.model.decision import Cite, Figures, Step
from subsidy.model.level import Level, Stream
from subsidy.model.words import Confidence, Outcome, Reason
from subsidy.policy.policy import Listing, Policy, Texts
from subsidy.policy.texts import EntitlementPart
from subsidy.rules import consulted
from subsidy.rules.entitlement import (
    Worth,
    asks_catalog,
    base_amount,
    catalog_gap,
    ceiling,
    entry_at_level,
    facts,
    holding,
    rounding,
    taken,
    uplifts_with_worth,
)

__all__ = ["Cell", "cell_of", "entitlement_steps", "too_weak"]


class Cell(NamedTuple):
    """What rules 1 to 3 give in one cell; amounts in whole fen, None where the texts don't give them."""

    reason: Reason | None
    base_fen: int | None
    uplift_fen: int | None
    amount_fen: int
    confidence: Confidence | None
    facts: frozenset[str]


def cell_of(policy: Policy, texts: Texts, stream: Stream, code: str, level: Level) -> Cell:
    """Give the cell of a policy, from its memo or by asking the rules."""
    cells = cast("dict[tuple[date, Stream, str, Level], Cell]", policy.memo.setdefault("cells", {}))
    key = (texts.first_day, stream, code, level)
    cell = cells.get(key)
    if cell is None:
        cell = _work_out(texts, stream, code, level)
        if code in policy.vocabulary.titles:  # else claims with made-up codes could fill the memory
            cells[key] = cell
    return cell


def _work_out(texts: Texts, stream: Stream, code: str, level: Level) -> Cell:
    steps = entitlement_steps(texts, stream, code, level)
    cites = [cite.confidence for step in steps for cite in step.cites]
    by_rule = {step.rule: step for step in steps}
    reason = next((step.reason for step in steps if step.reason is not None), None)
    total = by_rule["rounding"].figures
    return Cell(
        reason,
        cast(int | None, by_rule["base_amount"].figures.get("base_fen")),
        cast(int | None, total.get("uplift_fen")),
        cast(int, total.get("amount_fen", 0)),
        Confidence.weakest(cites),
        facts(texts, code, level),
    )


def too_weak(minimum: Confidence | None, confidence: Confidence | None) -> Reason | None:
    """Say whether an amount rests on texts weaker than the caller admits."""
    if minimum is not None and confidence is not None and confidence.weaker_than(minimum):
        return Reason.CONFIDENCE_TOO_LOW
    return None


def _not_asked(*rules: str) -> tuple[Step, ...]:
    return tuple(Step(rule=rule, outcome=Outcome.NOT_ASKED) for rule in rules)


def entitlement_steps(texts: Texts, stream: Stream, code: str, level: Level) -> tuple[Step, ...]:
    """Ask rules 1 to 3 in their order, with the figures and texts that each used."""
    base = base_amount(texts, stream, code, level)
    listing = texts.listing(code)
    if isinstance(base, Reason):
        return (_no_base_step(texts, code, listing, base), *_not_asked("uplift", "ceiling", "rounding"))
    if texts.rules is None or texts.rates is None or listing is None:
        raise AssertionError("rule 1 gave a base amount without texts")
    base_step = Step(
        rule="base_amount",
        outcome=Outcome.COMPUTED,
        figures={
            "category": listing.category,
            "by_occupation": level in texts.amounts_of(stream, code),
            "base_fen": base,
        },
        cites=(*consulted.cite_directory(texts, code), consulted.cite("rates", texts.rates)),
    )
    worths = uplifts_with_worth(texts.rules.entitlement, stream, listing.category, level, base)
    asked = asks_catalog(worths, listing)
    candidates = holding(worths, facts(texts, code, level))
    chosen = taken(texts.rules.entitlement, candidates)
    gap = catalog_gap(texts, code, level) if asked else None
    uplift_step = _uplift_step(texts, code, level, asked, gap, worths, [] if gap else candidates, [] if gap else chosen)
    if gap is not None:
        return (base_step, uplift_step, *_not_asked("ceiling", "rounding"))
    return (base_step, uplift_step, *_total_steps(texts.rules.entitlement, stream, level, base, chosen))


def _no_base_step(texts: Texts, code: str, listing: Listing | None, reason: Reason) -> Step:
    """Rule 1 where it gives no amount; it consulted no text behind the one that gave the reason."""
    cites: tuple[Cite, ...] = ()
    if texts.rules is not None:
        cites = (*consulted.cite_rules(texts.rules, []), *consulted.cite_directory(texts, code))
        if listing is not None and texts.rates is not None:
            cites = (*cites, consulted.cite("rates", texts.rates))
    return Step(
        rule="base_amount",
        outcome=reason.outcome,
        reason=reason,
        figures={"category": listing.category if listing else None},
        cites=cites,
    )


def _uplift_step(
    texts: Texts,
    code: str,
    level: Level,
    asked: bool,
    gap: Reason | None,
    worths: list[Worth],
    candidates: list[Worth],
    chosen: list[Worth],
) -> Step:
    """Rule 2: which uplifts there are for this cell, which hold, and which are taken."""
    if texts.rules is None:
        raise AssertionError("rule 2 was asked without rules")
    figures: Figures = {
        "asks_catalog": asked,
        "in_catalog": entry_at_level(texts, code, level) is not None,
        "facts": [*sorted(facts(texts, code, level))],
        "stacking": texts.rules.entitlement.stacking,
        "uplifts": [
            {
                "id": worth.uplift.id,
                "requires": [*worth.uplift.requires],
                "holds": worth in candidates,
                "taken": worth in chosen,
                "printed": worth.printed,
                "rate": None if worth.uplift.rate is None else format(worth.uplift.rate.normalize(), "f"),
                "worth_fen": str(worth.fen),
            }
            for worth in worths
        ],
    }
    return Step(
        rule="uplift",
        outcome=Outcome.COMPUTED if gap is None else gap.outcome,
        reason=gap,
        figures=figures,
        cites=(
            *consulted.cite_rules(texts.rules, candidates),
            *(consulted.cite_catalog(texts, code, level) if asked else ()),
        ),
    )


def _total_steps(
    part: EntitlementPart, stream: Stream, level: Level, base: int, chosen: list[Worth]
) -> tuple[Step, Step]:
    """Rule 3: the total, no more than the ceiling, rounded."""
    total = base + sum((worth.fen for worth in chosen), Fraction())
    limited = ceiling(part, stream, level, total)
    amount = rounding(part, limited)
    return (
        Step(
            rule="ceiling",
            outcome=Outcome.COMPUTED,
            figures={
                "total_fen": str(total),
                "ceiling_fen": part.ceiling.get(stream, {}).get(level),
                "limited": limited < total,
            },
        ),
        Step(
            rule="rounding",
            outcome=Outcome.COMPUTED,
            figures={
                "to": part.rounding.to.value,
                "mode": part.rounding.mode.value,
                "exact_fen": str(limited),
                "base_fen": base,
                "uplift_fen": amount - base,
                "amount_fen": amount,
            },
        ),
    )
