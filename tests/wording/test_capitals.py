"""Amounts in capital characters (人民币大写), against a table written by hand after the rules for vouchers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from subsidy import InputError
from subsidy.wording.words import capitals

# 正确填写票据和结算凭证的基本规定: 整 after 元, left out after 分; one 零 for zeros inside, none at the end.
BY_HAND = {
    "0": "零元整",
    "0.05": "伍分",
    "0.30": "叁角",
    "0.35": "叁角伍分",
    "10.00": "壹拾元整",
    "16.09": "壹拾陆元零玖分",
    "340.00": "叁佰肆拾元整",
    "1010.10": "壹仟零壹拾元壹角",
    "1800.00": "壹仟捌佰元整",
    "2340.00": "贰仟叁佰肆拾元整",
    "10000.00": "壹万元整",
    "20030.05": "贰万零叁拾元零伍分",
    "100000.01": "壹拾万元零壹分",
    "1001000.00": "壹佰万壹仟元整",
    "100010001.10": "壹亿零壹万零壹元壹角",
    "200000000.00": "贰亿元整",
}


def fen(yuan: str) -> int:
    whole, _, part = yuan.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


@pytest.mark.parametrize(("yuan", "written"), BY_HAND.items())
def test_as_written_by_hand(yuan: str, written: str) -> None:
    assert capitals(fen(yuan)) == f"人民币{written}"


@pytest.mark.parametrize("yuan", ["0.05", "540.00", "20030.05"])
def test_what_is_taken_back_is_negative(yuan: str) -> None:
    assert capitals(-fen(yuan)) == f"人民币负{BY_HAND.get(yuan, '伍佰肆拾元整')}"


def test_the_largest_amounts() -> None:
    assert capitals(99_999_999_999_999_999).startswith("人民币玖佰玖拾玖万玖仟玖佰玖拾玖亿")
    for beyond in (10**17, -(10**17)):
        with pytest.raises(InputError, match=r"less than 1000000000000000\.00 yuan"):
            capitals(beyond)


def test_the_library_for_capitals_is_loaded_only_when_asked() -> None:
    code = (
        "import sys; from subsidy import quote; from subsidy.wording.words import explain, capitals; "
        "explain(quote('4-04-05-05', 3, '2023-09-01'), 'en'); assert 'cn2an' not in sys.modules; "
        "capitals(1); assert 'cn2an' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
