"""The words of documents a city may choose: their placeholders hold what the law wants said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.foundation.documents.composing import worded
from yiwang.foundation.documents.content import DocumentError, Seal
from yiwang.foundation.documents.fonts import FontSet
from yiwang.foundation.documents.in_force import HeldText, Registered, derived_seal
from yiwang.foundation.documents.kinds import SEALS, DocumentKind, SealUse
from yiwang.foundation.documents.previewing import sample_document, seal_image
from yiwang.foundation.documents.render import render
from yiwang.foundation.documents.texts import (
    FORBIDDEN,
    PLACEHOLDERS,
    SLOTS,
    Part,
    fill,
    problem_of_text,
    samples,
    slots_of,
)
from yiwang.kernel.dated import last_begun

GRANT, ON = SLOTS["GRANT_DECISION.OPENING"], date(2026, 11, 21)
CONTACT, TITLE = SLOTS["GRANT_DECISION.CONTACT"], SLOTS["RECEIPT.TITLE"]


@pytest.mark.parametrize("slot", SLOTS.values(), ids=lambda slot: slot.code)
def test_the_platforms_own_wording_passes_its_own_check(slot) -> None:
    assert problem_of_text(slot, slot.default) == ""
    assert set(slot.allowed) <= set(PLACEHOLDERS)


def test_a_text_with_its_placeholders_in_another_order_may_stand() -> None:
    assert problem_of_text(GRANT, "本机关{决定},事项是「{事项名称}」,编号 {办件编号}。") == ""


@pytest.mark.parametrize("name", GRANT.required)
def test_what_must_be_said_cannot_be_left_out(name: str) -> None:
    found = problem_of_text(GRANT, GRANT.default.replace(f"{{{name}}}", ""))
    assert f"{{{name}}}" in found
    assert "不能缺少" in found


def test_an_unknown_placeholder_is_named_with_those_that_are_known() -> None:
    found = problem_of_text(GRANT, f"{GRANT.default}{{申请人身份证}}")
    assert "{申请人身份证}" in found
    assert "{事项名称}、{决定}" in found


@pytest.mark.parametrize("broken", ["{", "}", "{事项名称", "决定}", "{{决定}}}"])
def test_a_brace_without_its_partner_is_refused(broken: str) -> None:
    assert "花括号" in problem_of_text(GRANT, f"{GRANT.default}{broken}")


@pytest.mark.parametrize("word", FORBIDDEN)
@pytest.mark.parametrize("slot", [GRANT, CONTACT], ids=lambda slot: slot.code)
def test_no_applicant_is_told_these_words(slot, word: str) -> None:
    assert word in problem_of_text(slot, f"{slot.default}您的申请{word}。")


def test_an_opening_is_never_empty_and_a_closing_may_be() -> None:
    assert problem_of_text(GRANT, "  ")
    assert problem_of_text(CONTACT, "") == ""
    assert problem_of_text(CONTACT, "长" * 401)


@pytest.mark.parametrize("good", ["收件凭证", "申请材料收件凭证", "收件回执"])
def test_a_title_may_be_another_paper_word(good: str) -> None:
    assert problem_of_text(TITLE, good) == ""


@pytest.mark.parametrize(
    "bad", ["", "凭证", "收件", "收件{事项名称}凭证", "驳回通知书", "收件,凭证"]
)
def test_a_title_that_is_none_is_refused(bad: str) -> None:
    assert problem_of_text(TITLE, bad)


def test_only_papers_that_no_law_names_have_a_title_to_choose() -> None:
    titled = {slot.kind for slot in SLOTS.values() if slot.part is Part.TITLE}
    assert titled == {DocumentKind.RECEIPT, DocumentKind.DEFERRAL_NOTICE}
    assert all(not kind.rule.basis for kind in titled)


@pytest.mark.parametrize("kind", DocumentKind)
def test_what_the_law_wants_of_a_kind_is_in_no_text(kind: DocumentKind) -> None:
    """No text can take the place of a field that the kind must have: they are other fields."""
    mine = {"paragraphs", "closing", "texts"}
    assert mine.isdisjoint(kind.rule.required)
    if "title" in kind.rule.required:
        assert slots_of(kind) == []


def test_a_line_that_names_what_is_missing_is_left_out() -> None:
    words = {"机关电话": "", "机关地址": "某路1号"}
    assert fill("咨询电话:{机关电话}\n地址:{机关地址}\n\n请保管好", words) == (
        "地址:某路1号",
        "请保管好",
    )


@given(st.text(), st.text())
def test_a_value_is_never_read_as_a_placeholder(name: str, other: str) -> None:
    words = {"事项名称": "{决定}" + name, "决定": other}
    lines = fill("「{事项名称}」", words)
    assert lines == (f"「{{决定}}{name}」",)


def test_an_opening_that_cannot_be_filled_stops_the_document() -> None:
    with pytest.raises(DocumentError, match="占位符"):
        worded({Part.OPENING: HeldText(GRANT, GRANT.default, "")}, {"事项名称": "某事"})


@pytest.mark.parametrize("kind", [kind for kind in DocumentKind if slots_of(kind)])
def test_a_sample_of_each_kind_prints_its_texts_and_says_it_is_one(
    kind: DocumentKind, fonts: FontSet, text_of: Callable[[bytes], str]
) -> None:
    texts = {slot.part: HeldText(slot, slot.default, "") for slot in slots_of(kind)}
    texts[Part.NOTE] = HeldText(SLOTS[f"{kind.value}.NOTE"], "请妥善保管本件", "", number=7)
    seal = derived_seal("某机关", kind.seals) if kind.seals else None
    document = sample_document(kind, texts, organ="某机关", seal=seal, on=ON)
    printed = text_of(render(document, fonts).pdf)
    assert "请妥善保管本件" in printed
    assert "样例" in printed
    assert document.texts == (f"{kind.value}.NOTE#7",)
    for line in fill(texts[Part.OPENING].text, samples()) if Part.OPENING in texts else ():
        assert "".join(line.split()) in printed


def test_the_image_of_a_seal_is_a_picture_of_that_seal(fonts: FontSet) -> None:
    one = seal_image(Seal("椰城市某局", "", "9901000000001"), fonts, is_demo=False)
    other = seal_image(Seal("椰城市某局", "", "9901000000002"), fonts, is_demo=False)
    assert one.startswith(b"\x89PNG\r\n\x1a\n")
    assert one != other


def test_every_sealed_kind_has_its_seals_in_the_table() -> None:
    assert set(SEALS) == set(DocumentKind)
    for kind, uses in SEALS.items():
        assert ("seal" in kind.rule.required) <= bool(uses), kind
        assert len(set(uses)) == len(uses)
        assert SealUse.OFFICIAL in uses or not uses, "an organ's own seal is good for everything"


days = st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))


@given(days, st.none() | days, days)
def test_a_seal_holds_from_its_first_day_until_the_day_before_it_stops(
    since: date, stopped: date | None, on: date
) -> None:
    seal = Registered(1, 1, SealUse.OFFICIAL, "某机关", "", "", since, stopped)
    assert seal.holds(on) == (since <= on and not (stopped is not None and on >= stopped))


@given(st.lists(days, max_size=6), days)
def test_of_rulings_the_last_begun_holds_and_of_one_day_the_later_written(
    since: list[date], on: date
) -> None:
    rows = [
        Registered(n, 1, SealUse.OFFICIAL, "某机关", "", "", d, None) for n, d in enumerate(since)
    ]
    found = last_begun(rows, on)
    begun = [row for row in rows if row.valid_from <= on]
    assert (found is None) == (not begun)
    for row in begun:
        assert found is not None
        assert (row.valid_from, row.number) <= (found.valid_from, found.number)
