"""Masking of personal data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.masking import HIDDEN, MaskKind, mask, mask_paper


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张三丰", "张*"),
        ("欧阳锋", "欧阳*"),
        ("司马相如", "司马*"),
        ("欧阳", "欧*"),
        ("張 三", "張*"),
        ("阿依古丽·买买提", "阿*·*"),
        ("阿依古丽•买买提•艾山", "阿*·*·*"),
        ("约翰·史密斯", "约*·*"),
        ("John Smith", "J* S*"),
        ("José García", "J*"),
        ("𠮷田一", "𠮷*"),
        ("丹", "*"),
        ("X", "*"),
    ],
)
def test_names_keep_only_the_surname_or_initials(name: str, shown: str) -> None:
    assert mask(MaskKind.NAME, name) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (MaskKind.ID_NUMBER, "11010519491231002X", "110105********002X"),
        (MaskKind.ID_NUMBER, "110105491231002", "110105*****1002"),
        (MaskKind.ID_NUMBER, "1101051949123100", HIDDEN),
        (MaskKind.PHONE, "13800138000", "138****8000"),
        (MaskKind.PHONE, "+86 138-0013-8000", "138****8000"),
        (MaskKind.PHONE, "8613800138000", "138****8000"),
        (MaskKind.PHONE, "0898-68661234", "0898-******34"),
        (MaskKind.PHONE, "(010)68661234", "010-******34"),
        (MaskKind.PHONE, "1380013800", HIDDEN),
        (MaskKind.PASSPORT, "E12345678", "E*****678"),
        (MaskKind.PASSPORT, "12345", HIDDEN),
        (MaskKind.BANK_ACCOUNT, "6222 0212 3456 7890", "************7890"),
        (MaskKind.BANK_ACCOUNT, "1234", HIDDEN),
        (MaskKind.EMAIL, "zhangsan@example.cn", "z***@example.cn"),
        (MaskKind.EMAIL, "zhangsan", HIDDEN),
        (MaskKind.ORGANISATION, "海口某某餐饮有限公司", "海口某某餐饮有限公司"),
        (MaskKind.ORGANISATION, "91350100M000100Y43", "91350100M000100Y43"),
        (MaskKind.NAME, " ", ""),
    ],
)
def test_each_kind_is_masked_in_its_form(kind: MaskKind, value: str, shown: str) -> None:
    assert mask(kind, value) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("海南省海口市龙华区金贸街道国贸大道1号", "海南省海口市龙华区金贸街道****"),
        ("三亚市吉阳区迎宾路101号", "三亚市吉阳区迎宾路****"),
        ("海口市国贸大道一号明珠小区3栋", "海口市国贸大道****"),
        ("海口市明珠小区3栋", "海口市****"),
        ("三亚市凤凰路山水云天南区3栋", "三亚市凤凰路****"),
        ("景德镇市昌江区新枫街道瓷都大道1号", "景德镇市昌江区新枫街道****"),
        ("河南省新乡市红旗区东街街道2号", "河南省新乡市红旗区东街街道****"),
        ("河南省新乡县七里营镇刘庄村12号", "河南省新乡县七里营镇****"),
        ("海南省乐东黎族自治县九所镇龙栖湾村6号", "海南省乐东黎族自治县九所镇****"),
        ("广东省东莞市南城街道鸿福路1号", "广东省东莞市南城街道****"),
        ("幸福里小区3栋201室", HIDDEN),
    ],
)
def test_addresses_end_at_the_street(address: str, shown: str) -> None:
    assert mask(MaskKind.ADDRESS, address) == shown


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        (PaperKind.RESIDENT_ID, "11010519491231002x", "110105********002X"),
        (PaperKind.TAIWAN_PERMIT, "12345678", "1****678"),
        (PaperKind.HK_MACAO_PERMIT, "H12345678", "H*****678"),
        (PaperKind.USCC, "91350100M000100Y43", "91350100M000100Y43"),
        (PaperKind.OTHER, "琼军第123号", HIDDEN),
    ],
)
def test_numbers_of_papers_are_masked_by_their_kind(
    kind: PaperKind, number: str, shown: str
) -> None:
    assert mask_paper(kind, number) == shown


@given(st.sampled_from([k for k in MaskKind if k is not MaskKind.ORGANISATION]), st.text())
def test_masking_never_raises_and_always_hides_something(kind: MaskKind, value: str) -> None:
    shown = mask(kind, value)
    assert shown == "" or "*" in shown


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_the_middle_of_a_mobile_number_is_hidden(number: str) -> None:
    assert mask(MaskKind.PHONE, number) == number[:3] + "****" + number[7:]
