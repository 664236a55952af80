"""What there is to say of the rules' parameters: uplifts, conditions, limits that clash or do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from subsidy.engine.findings.folder import Finding, Folder
from subsidy.engine.findings.kind import Bilingual
from subsidy.model.level import Level, Stream
from subsidy.policy.policy import Policy
from subsidy.policy.texts import EntitlementDate, Limit, RulesEdition, Uplift
from subsidy.policy.yaml_tree import Path_
from subsidy.rules.entitlement import DIGITAL, SHORTAGE

__all__ = ["limits", "tags", "unasked", "uplifts"]

Rules = tuple[Path_, RulesEdition]
_FACTS = frozenset({SHORTAGE, DIGITAL})


def _rules(folder: Folder) -> Iterator[Rules]:
    for place, edition in enumerate(folder.policy.rules):
        yield ("editions", place), edition


def _tags(policy: Policy) -> dict[str, frozenset[str]]:
    """Give all tags that an occupation ever has, its entries' among them, by present code."""
    tags: dict[str, frozenset[str]] = {}
    carried = [(one.code, one.tags) for edition in policy.directory for one in edition.occupations]
    carried += [(one.occupation, one.tags) for edition in policy.catalog_editions for one in edition.entries]
    for code, own in carried:
        now = policy.vocabulary.present(code)
        tags[now] = tags.get(now, frozenset()) | frozenset(own)
    return tags


def uplifts(folder: Folder) -> Iterator[Finding]:
    """Two uplifts that can hold at once, where the text doesn't say how they stack; at the later of both."""
    tags = list(_tags(folder.policy).values())
    for path, edition in _rules(folder):
        part = edition.entitlement
        if "stacking" in part.model_fields_set:
            continue
        for (_, first), (place, second) in combinations(enumerate(part.uplifts), 2):
            asked = {*first.requires, *second.requires} - _FACTS
            if _cells(first) & _cells(second) and (not asked or any(asked <= own for own in tags)):
                at = (*path, "entitlement", "uplifts", place, "id")
                yield folder.finding("uplifts-overlap", "rules", at, edition, first=first.id, second=second.id)


def _cells(uplift: Uplift) -> set[tuple[Stream, Level]]:
    """Give the streams and levels at which an uplift can have a worth."""
    return {
        (stream, level)
        for stream in uplift.streams
        for level in uplift.levels
        if uplift.rate is not None or any(level in row for row in uplift.amounts.get(stream, {}).values())
    }


def tags(folder: Folder) -> Iterator[Finding]:
    """Tags that an uplift or a limit asks for and that nothing has."""
    known = frozenset[str]().union(*_tags(folder.policy).values()) | _FACTS
    for path, edition in _rules(folder):
        for where, what, asked in _asking(edition, path):
            for place, tag in enumerate(asked):
                if tag not in known:
                    yield folder.finding("tag-unknown", "rules", (*where, place), edition, what=what, tag=tag)


def _asking(edition: RulesEdition, path: Path_) -> Iterator[tuple[Path_, Bilingual, tuple[str, ...]]]:
    for row, uplift in enumerate(edition.entitlement.uplifts):
        name = Bilingual(f"上浮 {uplift.id} ", f"The uplift {uplift.id}")
        yield (*path, "entitlement", "uplifts", row, "requires"), name, uplift.requires
    for row, limit in enumerate(edition.procedure.limits):
        name = Bilingual(f"次数限制 {limit.id} ", f"The limit {limit.id}")
        yield (*path, "procedure", "limits", row, "requires"), name, limit.requires
        yield (*path, "procedure", "limits", row, "except"), name, limit.except_


def _paid_streams(policy: Policy, edition: RulesEdition) -> frozenset[Stream]:
    """Give the streams with amounts in any rate table that can decide a claim under this procedure.

    A date that decides is never after the claim. No rate table at all is a gap: no stream is wrong for it.
    """
    procedure = edition.procedure
    tables = [
        table
        for table in policy.rates
        if table.effective_from <= edition.last_day
        and (procedure.entitlement_date is not EntitlementDate.APPLIED_ON or table.last_day >= edition.effective_from)
    ]
    if not tables:
        return frozenset(Stream)
    return frozenset(
        stream
        for table in tables
        for stream in Stream
        if any(table.amounts.get(stream, {}).values()) or any(table.by_occupation.get(stream, {}).values())
    )


def _streams(streams: tuple[Stream, ...]) -> Bilingual:
    return Bilingual("、".join(one.zh for one in streams), " and ".join(one.en for one in streams))


def unasked(folder: Folder) -> Iterator[Finding]:
    """Conditions and months of insurance for streams that nothing is paid in."""
    for path, edition in _rules(folder):
        paid = _paid_streams(folder.policy, edition)
        for row, condition in enumerate(edition.procedure.conditions):
            if paid.isdisjoint(condition.streams):
                at = (*path, "procedure", "conditions", row, "id")
                said = {"condition": condition.id, "streams": _streams(condition.streams)}
                yield folder.finding("condition-never-asked", "rules", at, edition, **said)
        for stream in edition.procedure.insured_months:
            if stream not in paid:
                at = (*path, "procedure", "insured_months", stream.value)
                streams = _streams((stream,))
                yield folder.finding("insured-months-never-asked", "rules", at, edition, streams=streams)


def limits(folder: Folder) -> Iterator[Finding]:
    """Limits that allow nothing, bind nothing, or that another one always reaches first."""
    for path, edition in _rules(folder):
        paid = _paid_streams(folder.policy, edition)
        own = edition.procedure.limits
        for row, limit in enumerate(own):
            at = (*path, "procedure", "limits", row, "id")
            why = _why_never(limit, paid)
            other = next(
                (one.id for place, one in enumerate(own) if place != row and _shadows(one, limit, place < row)),
                None,
            )
            if why is not None:
                yield folder.finding("limit-never-binds", "rules", at, edition, limit=limit.id, why=why)
            elif other is not None:
                yield folder.finding("limit-shadowed", "rules", at, edition, limit=limit.id, other=other)
            elif limit.at_most == 0:
                where = (*at[:-1], "at_most")
                yield folder.finding("limit-allows-nothing", "rules", where, edition, limit=limit.id)


def _why_never(limit: Limit, paid: frozenset[Stream]) -> Bilingual | None:
    both = [fact for fact in limit.requires if fact in limit.except_]
    if both:
        return Bilingual(f"requires 与 except 均有 {both[0]}", f"it both requires and excepts {both[0]}")
    if paid.isdisjoint(limit.streams):
        streams = _streams(limit.streams)
        return Bilingual(
            f"{streams.zh}在此期间没有补贴标准", f"no rate table of that time has amounts for {streams.en}"
        )
    return None


def _shadows(other: Limit, limit: Limit, earlier: bool) -> bool:
    """Say whether another limit binds all that this one does and is reached no later; of twins, the first."""
    covers = (
        set(other.streams) >= set(limit.streams)
        and set(other.requires) <= set(limit.requires)
        and set(other.except_) <= set(limit.except_)
        and (other.per == "lifetime" or limit.per == "calendar_year")
        and other.at_most <= limit.at_most
    )
    return covers and (earlier or not _same_reach(other, limit))


def _same_reach(one: Limit, other: Limit) -> bool:
    return all(
        (
            one.per == other.per,
            one.at_most == other.at_most,
            set(one.streams) == set(other.streams),
            set(one.requires) == set(other.requires),
            set(one.except_) == set(other.except_),
        )
    )
