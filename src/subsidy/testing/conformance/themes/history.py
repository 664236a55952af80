"""History: certificates, levels and who stands in the way, on every stage; limits and mixtures are beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from subsidy.model.level import Level, Stream
from subsidy.testing.conformance.case import Draft, Row
from subsidy.testing.conformance.source import Source, Stage
from subsidy.testing.conformance.themes.limits import limit_drafts
from subsidy.testing.conformance.themes.mixed import mixed_drafts
from subsidy.testing.conformance.themes.played import another_occupation, made_up_number, paid

__all__ = ["drafts"]

_USES_UP = "S4.only-payable-uses-up"


def drafts(source: Source) -> Iterator[Draft]:
    """Draft all scenarios of each stage."""
    for stage in source.stages:
        yield from _certificates(source, stage)
        yield from _levels(source, stage)
        yield from _order(source, stage)
        yield from _persons(source, stage)
        yield from limit_drafts(source, stage)
        yield from mixed_drafts(source, stage)


def _draft(
    stage: Stage, name: str, zh: str, en: str, claims: list[Row], history: list[Row], clause: str | None = None
) -> Draft:
    where = f"{stage.procedure.id}，{stage.place.stream.zh}", f"{stage.procedure.id}, {stage.place.stream.en}"
    return Draft(
        "history", f"{stage.name}/{name}", f"{zh}（{where[0]}）", f"{en} ({where[1]})", claims, history, clause
    )


def _other_stream(stage: Stage) -> str:
    return next(stream.value for stream in Stream if stream is not stage.place.stream)


def _certificates(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft rule 7: the same certificate, however it is written and whatever it was paid for."""
    place = stage.place
    row = source.claim(place, certificate_no="苏A-2023 17")
    other = another_occupation(source, place)
    for name, zh, en, changes in (
        ("same", "同一证书", "the same certificate", {"certificate_no": "苏A-2023 17"}),
        ("written", "同一证书，写法不同", "written differently", {"certificate_no": " 苏ａ－2023　17"}),
        ("longer", "证书编号多一位", "one sign more: another one", {"certificate_no": "苏A-2023 170"}),
        ("stream", "另一项目已补", "paid in the other stream",
         {"certificate_no": "苏A-2023 17", "stream": _other_stream(stage)}),
    ):  # fmt: skip
        earlier = paid(source, place, 1, **{"occupation": other, **changes})
        yield _draft(stage, f"certificate/{name}", zh, en, [row], [earlier], "S4.history.certificate")


def _levels(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft rules 8 and 9: every level after every other, of the same occupation and of another one."""
    place = stage.place
    for earlier in Level:
        for level in Level:
            row = source.claim(place, level=level.value)
            before = paid(source, place, 1, level=earlier.value, stream=_other_stream(stage))
            yield _draft(
                stage,
                f"levels/{earlier.value}-then-{level.value}",
                f"已补{earlier.zh}，再申领{level.zh}",
                f"{level.en} after {earlier.en}",
                [row],
                [before],
                "S4.history.same-level" if level is earlier else "S4.history.higher-level",
            )
    apart = paid(source, place, 1, occupation=another_occupation(source, place))
    yield _draft(
        stage, "levels/other-occupation", "另一职业同等级", "the same level of another occupation",
        [source.claim(place)], [apart], "S4.history.same-level",
    )  # fmt: skip
    for former in _former_codes(source, place.code):
        earlier_row = paid(source, place, 1, occupation=former)
        yield _draft(
            stage, f"levels/former-code-{former}", "以旧编码已补同等级", "the same level paid under a former code",
            [source.claim(place)], [earlier_row], "S4.history.same-level",
        )  # fmt: skip


def _former_codes(source: Source, code: str) -> list[str]:
    present = source.policy.vocabulary.present
    listed = (one for edition in source.policy.directory for one in edition.occupations)
    return sorted({former for one in listed if present(one.code) == code for former in one.former_codes})


def _order(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft who comes first: history before the batch, then the day of application, then the claim id by code point."""
    place = stage.place
    day = place.day
    later, much_later = (day + timedelta(days=1)).isoformat(), (day + timedelta(days=400)).isoformat()
    clause = "S4.history.batch-order"
    first, second = source.claim(place, 1), source.claim(place, 2)
    third = source.claim(place, 3)
    upper, lower = {**first, "claim_id": "C10"}, {**second, "claim_id": "C9"}
    chinese, latin = {**first, "claim_id": "甲"}, {**second, "claim_id": "Z"}
    for name, zh, en, claims in (
        ("rows", "同日两笔，行序相反", "same day, rows the other way round", [second, first]),
        ("days", "先申请者先计", "applied for earlier counts first", [{**first, "applied_on": later}, second]),
        ("three", "三笔只核一笔", "three for one level: one is payable", [third, second, first]),
        ("code-point", "C10 在 C9 之前", "C10 comes before C9: by code point, not by number", [lower, upper]),
        ("chinese-id", "字母在汉字之前", "a letter comes before a Chinese character", [chinese, latin]),
        ("refused-first", "较早的一笔不予核定", "the earlier one is refused and uses up nothing",
         [{**first, "occupation": source.unknown_code, "certificate_no": "S2"}, second]),
        ("invalid-first", "较早的一笔数据有误", "the earlier one is invalid and uses up nothing",
         [{**first, "level": "?", "certificate_no": "S2"}, second]),
    ):  # fmt: skip
        used_up = name.endswith("-first")
        yield _draft(stage, f"order/{name}", zh, en, claims, [], _USES_UP if used_up else clause)
    late = paid(source, place, 1, applied_on=much_later)
    yield _draft(stage, "order/paid-later", "已发放的，申请日期较晚也计", "paid in fact, though applied for later",
                 [first], [late], clause)  # fmt: skip
    blockers = [late, paid(source, place, 3), paid(source, place, 2)]
    yield _draft(stage, "order/blocked-by", "多笔妨碍，取第一笔", "of several in the way the first is named",
                 [first], blockers, "S4.history.blocked-by")  # fmt: skip
    same = [{**earlier, "certificate_no": "S1"} for earlier in blockers]
    yield _draft(stage, "order/blocked-by-certificate", "同一证书多笔已补", "of several for the certificate too",
                 [first], same, "S4.history.blocked-by")  # fmt: skip
    yield _draft(stage, "order/blocked-by-history", "已发放的先于同批", "history stands before the batch",
                 [first, second], [late], "S4.history.blocked-by")  # fmt: skip
    steps = [
        source.claim(place, number, level=level.value, applied_on=(day + timedelta(days=number)).isoformat())
        for number, level in enumerate((Level.L5, Level.L4, Level.L3), 1)
    ]
    yield _draft(stage, "order/step-up", "逐级申领", "one level after the other, upwards",
                 steps, [], "S4.history.higher-level")  # fmt: skip
    down = [{**row, "applied_on": earlier["applied_on"]} for row, earlier in zip(steps, reversed(steps), strict=True)]
    yield _draft(stage, "order/step-down", "先申领高等级", "the higher level first, then down",
                 down, [], "S4.history.higher-level")  # fmt: skip


def _persons(source: Source, stage: Stage) -> Iterator[Draft]:
    """Draft the same person (the same id of the same type, however it is written) and others."""
    place = stage.place
    one, two = (made_up_number(f"{source.name}/{stage.name}/{number}") for number in (1, 2))
    wide = one.translate({ord(sign): ord(sign) + 0xFEE0 for sign in one})
    for name, zh, en, mine, earlier in (
        ("another", "另一人", "another person", {}, {"person_id": "P2"}),
        ("written", "同一人，写法不同", "the same person, written differently", {}, {"person_id": " ｐ1"}),
        ("resident", "同一居民身份证号码", "the same resident number",
         {"person_id": one, "person_id_type": None},
         {"person_id": f"{wide[:6]} {wide[6:]}", "person_id_type": "居民身份证"}),
        ("type", "号码相同而类型不同", "the same text of another type is another person",
         {"person_id": two, "person_id_type": None}, {"person_id": two, "person_id_type": "other"}),
    ):  # fmt: skip
        row = source.claim(place) | mine
        before = paid(source, place, 1, **earlier)
        yield _draft(stage, f"person/{name}", zh, en, [row], [before], "S4.history.person")
