"""Every reason alone, and every two together: which of them is named, and whether a no outranks what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import NamedTuple

from subsidy.model.level import Level
from subsidy.rules.eligibility import add_months
from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Source, Stage
from subsidy.testing.conformance.themes.played import another_occupation, fillers, paid

__all__ = ["drafts"]


class Fault(NamedTuple):
    """What is wrong with a claim: its name, the columns that are changed, and what was paid before."""

    name: str
    changes: Row
    history: tuple[Row, ...] = ()


def drafts(source: Source) -> Iterator[Draft]:
    """Draft the faults of a record, then those of a claim on each stage."""
    yield from _every_reason_of_the_grid(source)
    for stage in source.stages:
        yield from _on(source, stage, "rule", _faults(source, stage))
    if source.stages:
        yield from _on(source, source.stages[-1], "record", _record_faults(source))
        yield from _repeated(source, source.stages[-1])


def _on(source: Source, stage: Stage, kind: str, faults: list[Fault]) -> Iterator[Draft]:
    """Draft a claim with each fault alone, and with every two of them."""
    row = source.claim(stage.place)
    sets = [(fault,) for fault in faults] + list(combinations(faults, 2))
    for several in sets:
        changes = {column: value for fault in several for column, value in fault.changes.items()}
        history = [dict(earlier) for fault in several for earlier in fault.history]
        for place, earlier in enumerate(history, start=1):
            earlier["claim_id"] = f"H{place}"
        names = [fault.name for fault in several]
        together = "S4.status.first-reason" if kind == "rule" else "S4.invalid.order"
        yield Draft(
            "reasons",
            f"{kind}/{stage.name}/{'+'.join(names)}",
            f"{'、'.join(names)}（{stage.procedure.id}，{stage.place.stream.zh}）",
            f"{' and '.join(names)} ({stage.procedure.id}, {stage.place.stream.en})",
            [{**row, **changes}],
            history,
            clause=together if len(several) > 1 else None,
        )


def _every_reason_of_the_grid(source: Source) -> Iterator[Draft]:
    """Draft the first cell of the grid with each reason."""
    seen = set()
    for place in source.places:
        reason = place.cell.reason
        if reason is not None and reason not in seen:
            seen.add(reason)
            yield Draft("reasons", f"grid/{reason.value}", f"{reason.value}", f"{reason.value}", [source.claim(place)])


def _faults(source: Source, stage: Stage) -> list[Fault]:
    """Give what can stand in the way of a claim on a stage, each fault as far from the others as can be."""
    procedure, place = stage.procedure.procedure, stage.place
    found = _entitlement_faults(source, stage)
    if procedure.claim_window is not None:
        issued = add_months(place.day - timedelta(days=1), -procedure.claim_window.months)
        if issued is not None:
            day = issued.isoformat()
            found.append(Fault("too-late", {"certificate_date": day, "training_filed_on": None}))
    months = procedure.insured_months.get(place.stream)
    if months:
        found.append(Fault("months-short", {"insured_months": months - 1}))
        found.append(Fault("months-unknown", {"insured_months": None}))
    for condition in procedure.conditions:
        if place.stream in condition.streams:
            found.append(Fault(f"{condition.id}=false", {condition.id: False}))
            found.append(Fault(f"{condition.id}=unknown", {condition.id: None}))
    other = another_occupation(source, place)
    found.append(Fault("same-certificate", {}, (paid(source, place, 1, occupation=other, certificate_no="S1"),)))
    found.append(Fault("same-level", {}, (paid(source, place, 2),)))
    for level in Level:
        if level.higher_than(place.level):
            found.append(Fault(f"higher-level-{level.value}", {}, (paid(source, place, 3, level=level.value),)))
            break
    for limit in procedure.limits:
        full = fillers(source, place, limit, limit.at_most)
        if place.stream in limit.streams and full:
            found.append(Fault(f"limit-{limit.id}", {}, tuple(full)))
    return found


def _entitlement_faults(source: Source, stage: Stage) -> list[Fault]:
    """Give another occupation, level or day that gives each reason of rules 1 to 3, under the same procedure."""
    place = stage.place
    found: dict[str, Fault] = {}
    for other in source.places:
        reason = other.cell.reason
        if reason is None or other.stream is not place.stream or other.day > place.day:
            continue
        by_filing = stage.procedure.procedure.entitlement_date == "training_filed_on"
        if other.day != place.day and stage.procedure.procedure.entitlement_date == "applied_on":
            continue
        changes: Row = {"occupation": other.code, "level": other.level.value}
        if other.day != place.day:
            changes["training_filed_on"] = other.day.isoformat()
            if not by_filing:
                changes["certificate_date"] = other.day.isoformat()
        found.setdefault(reason.value, Fault(reason.value, changes))
    return list(found.values())


def _record_faults(source: Source) -> list[Fault]:
    """Give each way in which a record can be unusable."""
    empty = [
        Fault(f"no-{column}", {column: None})
        for column in ("person_id", "occupation", "level", "certificate_no", "certificate_date", "applied_on")
    ]
    found = [
        Fault("no-claim_id", {"claim_id": ""}),
        *empty,
        Fault("check-character", {"person_id_type": None, "person_id": "110105194912310021"}),
        Fault("unknown-type", {"person_id_type": "护照"}),
        Fault("certificate-date", {"certificate_date": "2023-02-30"}),
        Fault("application-date", {"applied_on": "45170"}),
        Fault("filing-date", {"training_filed_on": "备案"}),
        Fault("level", {"level": "六级"}),
        Fault("stream", {"stream": "补贴"}),
        Fault("occupation", {"occupation": "没有这个职业"}),
        Fault("months", {"insured_months": "36.5"}),
        Fault("applied-before-issue", {"applied_on": "1990-01-01"}),
        Fault("filed-after-certificate", {"training_filed_on": "2190-01-01"}),
    ]
    return found + [Fault(f"{condition}", {condition: "未知"}) for condition in source.policy.vocabulary.conditions]


def _repeated(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft a claim id on several rows: alike, different, spelled differently, and beside a row that can't be read."""
    row = source.claim(stage.place)
    other = source.claim(stage.place, 2, occupation=another_occupation(source, stage.place))
    spelled = {**row, "level": stage.place.level.zh, "certificate_no": " s1 "}
    different = {**row, "certificate_no": "S9"}
    broken = {**row, "applied_on": "someday"}
    nameless = {**row, "claim_id": None}
    for name, rows, zh, en in (
        ("alike", [row, dict(row)], "两行相同", "two rows alike"),
        ("alike-three-times", [row, other, dict(row), dict(row)], "三行相同", "three rows alike, one other between"),
        ("alike-when-read", [row, spelled], "写法不同而内容相同", "spelled differently, alike when read"),
        ("different", [row, different], "两行不同", "two rows differ"),
        ("one-different", [row, dict(row), different], "两行相同，一行不同", "two rows alike, one differs"),
        ("one-unreadable", [row, broken], "一行无法识别", "one of them can't be read"),
        ("without-id", [nameless, dict(nameless)], "两行均无编号", "two rows without an id: not the same one"),
        ("all-kept", [broken, other, row, nameless], "有误的行不影响其他行", "a bad row never stops a batch"),
    ):
        yield Draft("reasons", f"repeated/{name}", zh, en, rows)
