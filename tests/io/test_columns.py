"""Which columns are ours: every heading that serves, what is missing, what looks misspelt."""

from __future__ import annotations

import pytest

from subsidy.io.columns import choose, claim_columns
from subsidy.io.said import FileError
from tests.io.tables import HEADINGS, wanted


@pytest.mark.parametrize("field", claim_columns().headings)
def test_every_heading_serves(field: str) -> None:
    for heading in claim_columns().headings[field]:
        headings = [heading, *(name for name in HEADINGS if name != field)]
        chosen = choose([f" {headings[0].upper()}　", *headings[1:]], wanted(), "c.csv")
        assert chosen.fields[0] == field
        assert chosen.notes == ()


def test_extra_columns_are_left_alone() -> None:
    chosen = choose(["姓名", *HEADINGS, "", "", "备注", "备注", "单位名称", "发证机构", "联系电话"], wanted(), "c.csv")
    assert chosen.fields == HEADINGS
    assert chosen.places == tuple(range(1, 8))
    assert chosen.notes == ()


def test_the_columns_of_conditions() -> None:
    chosen = choose([*HEADINGS, "INSURED_on_certificate_date"], claim_columns(["insured_on_certificate_date"]), "c.csv")
    assert chosen.fields[-1] == "insured_on_certificate_date"


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("steam", "stream"),
        ("参保月份", "参保月数"),
        ("insured_month", "insured_months"),
        ("备案时间", None),
        ("身份证类型", None),
        ("person_id_typ", "person_id_type"),
        ("insured_on_certificate_day", "insured_on_certificate_date"),
    ],
)
def test_an_optional_column_that_looks_misspelt(heading: str, meant: str | None) -> None:
    notes = choose([*HEADINGS, heading], claim_columns(["insured_on_certificate_date"]), "c.csv").notes
    assert [note.column for note in notes] == ([heading] if meant else [])
    if meant:
        assert notes[0].said.en == f"the column '{heading}' isn't used; did you mean {meant}?"
        assert choose([*HEADINGS, heading, meant], claim_columns(["insured_on_certificate_date"]), "c.csv").notes == ()


def test_every_missing_column_is_named_with_the_nearest() -> None:
    headings = ["claim_no", "身份证号码", "occupation", "level", "certificate_no", "applied_on"]
    with pytest.raises(FileError) as raised:
        choose(headings, wanted(), "c.csv")
    assert str(raised.value) == (
        "c.csv: columns missing: claim_id (申领编号) (found 'claim_no': is it that?), person_id (身份证号) (found "
        "'身份证号码': is it that?), certificate_date (发证日期); headings found: 'claim_no', '身份证号码', "
        "'occupation', 'level', 'certificate_no', 'applied_on'"
    )
    assert raised.value.message("zh") == (
        "c.csv：缺少列 申领编号（claim_id）（是否为 'claim_no'？）、身份证号（person_id）（是否为 '身份证号码'？）、"
        "发证日期（certificate_date）；现有列名：'claim_no'、'身份证号码'、'occupation'、'level'、'certificate_no'、"
        "'applied_on'"
    )


def test_a_heading_that_stands_twice() -> None:
    with pytest.raises(FileError, match=r"'LEVEL' stands twice \(columns 4 and 8\)"):
        choose([*HEADINGS, "LEVEL"], wanted(), "c.csv")


@pytest.mark.parametrize("headings", [["320507199003074513", "张三"], ["C1", "x", "李四"]])
def test_no_data_is_told_where_the_headings_are_missing(headings: list[str]) -> None:
    with pytest.raises(FileError) as raised:
        choose(headings, wanted(), "c.csv")
    for lang in ("zh", "en"):
        assert not any(heading in raised.value.message(lang) for heading in headings)
    assert str(raised.value).endswith("headings found: none; the first row should hold the headings")
