"""What must be in a document before it may be printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.foundation.documents.content import (
    Certificate,
    Document,
    DocumentError,
    IncompleteDocumentError,
    ItemList,
    ListedItem,
    Seal,
    Table,
)
from yiwang.foundation.documents.kinds import RULES, DeclineGround, DocumentKind
from yiwang.foundation.documents.wording import (
    chinese_date,
    chinese_number,
    refusal_title,
    remedy_text,
)

Make = Callable[..., Document]
MANDATORY = [(kind, name) for kind in DocumentKind for name in sorted(RULES[kind].required)]


@pytest.mark.parametrize(("kind", "name"), MANDATORY)
def test_a_document_without_a_mandatory_part_cannot_be_made(
    make: Make, kind: DocumentKind, name: str
) -> None:
    empty = None if name in ("seal", "ground", "certificate") else ()
    with pytest.raises(IncompleteDocumentError) as caught:
        make(kind, **{name: "" if isinstance(getattr(make(), name), str) else empty})
    assert name in caught.value.missing
    assert "不能出具" in str(caught.value)


@pytest.mark.parametrize("kind", [DocumentKind.REFUSAL_DECISION, DocumentKind.DECLINE_NOTICE])
@pytest.mark.parametrize("name", ["facts", "articles", "reason", "remedy"])
def test_refusing_and_declining_need_facts_article_reason_and_remedy(
    make: Make, kind: DocumentKind, name: str
) -> None:
    blank = ("  ",) if name == "articles" else "  "
    with pytest.raises(IncompleteDocumentError) as caught:
        make(kind, **{name: blank})
    assert caught.value.missing == (name,)


@pytest.mark.parametrize(
    "kind",
    [
        DocumentKind.ACCEPTANCE_NOTICE,
        DocumentKind.DECLINE_NOTICE,
        DocumentKind.NOT_REQUIRED_NOTICE,
        DocumentKind.CORRECTION_NOTICE,
    ],
)
@pytest.mark.parametrize("name", ["number", "seal"])
def test_vouchers_of_acceptance_declining_and_correction_bear_number_and_seal(
    make: Make, kind: DocumentKind, name: str
) -> None:
    with pytest.raises(IncompleteDocumentError):
        make(kind, **{name: None if name == "seal" else ""})


def test_declining_for_want_of_power_names_the_right_organ(make: Make) -> None:
    with pytest.raises(DocumentError, match="有权办理的机关"):
        make(DocumentKind.DECLINE_NOTICE, right_organ=" ")
    other = make(DocumentKind.DECLINE_NOTICE, right_organ="", ground=DeclineGround.BARRED_BY_LAW)
    assert other.right_organ == ""


def test_a_refusal_bears_the_word_of_its_regime(make: Make) -> None:
    assert refusal_title("不予许可") == "不予行政许可决定书"
    assert refusal_title("不予登记") == "不予登记决定书"
    with pytest.raises(DocumentError):
        make(title="驳回申请决定书")
    with pytest.raises(DocumentError):
        refusal_title("拒绝")


def test_each_item_of_a_correction_notice_has_its_reason(make: Make) -> None:
    without = (ItemList("材料", (ListedItem("布局图", "未标明面积"), ListedItem("任命文件"))),)
    with pytest.raises(DocumentError, match="逐项"):
        make(DocumentKind.CORRECTION_NOTICE, lists=without)
    with pytest.raises(DocumentError, match="逐项"):
        make(DocumentKind.CORRECTION_NOTICE, lists=(ItemList("材料", ()),))


@pytest.mark.parametrize("text", ["15日", "若干工作日", "2026年12月21日", "尽快"])
def test_time_needed_without_number_and_unit_is_refused(make: Make, text: str) -> None:
    with pytest.raises(DocumentError, match="数量和单位"):
        make(DocumentKind.PAUSE_NOTICE, time_needed=text)


@pytest.mark.parametrize("text", ["15个工作日", "三十个自然日", "3个月", "48小时"])
def test_time_needed_with_number_and_unit_is_taken(make: Make, text: str) -> None:
    assert make(DocumentKind.PAUSE_NOTICE, time_needed=text).time_needed == text


def test_check_address_and_code_come_together(make: Make) -> None:
    with pytest.raises(DocumentError, match="同时"):
        make(check_code="")
    with pytest.raises(DocumentError, match="http"):
        make(check_url="javascript:alert(1)")


def test_a_table_is_a_rectangle() -> None:
    with pytest.raises(DocumentError, match="列数"):
        Table(("甲", "乙"), (("1",),))
    with pytest.raises(DocumentError, match="列宽"):
        Table(("甲", "乙"), (), widths=(1, 0))


def test_a_certificate_has_sound_dates_and_photo() -> None:
    start = date(2026, 1, 2)
    with pytest.raises(DocumentError, match="有效期"):
        Certificate("甲", (), start, date(2026, 1, 1), "1.2")
    with pytest.raises(DocumentError, match="照片"):
        Certificate("甲", (), start, None, "1.2", photo=b"<svg onload='x'/>")
    with pytest.raises(DocumentError, match="证照标识"):
        Certificate("甲", (), start, None, " ")


def test_a_seal_has_a_name_that_fits_its_arc() -> None:
    with pytest.raises(DocumentError):
        Seal("")
    with pytest.raises(DocumentError):
        Seal("长" * 25)


@given(st.dates())
def test_dates_are_written_without_leading_zeros(day: date) -> None:
    year, rest = chinese_date(day).split("年")
    month, rest = rest.split("月")
    assert (year, month, rest) == (str(day.year), str(day.month), f"{day.day}日")


def test_numbers_of_headings_read_as_people_write_them() -> None:
    words = [chinese_number(number) for number in (1, 9, 10, 11, 20, 21, 99, 100)]
    assert words == ["一", "九", "十", "十一", "二十", "二十一", "九十九", "100"]


def test_remedy_names_both_roads_and_their_limits() -> None:
    text = remedy_text(review_organ="甲区人民政府", court="甲区人民法院")
    for words in ("六十日", "甲区人民政府", "行政复议", "六个月", "甲区人民法院", "行政诉讼"):
        assert words in text
    first = remedy_text(review_organ="甲区人民政府", court="甲区人民法院", review_first=True)
    assert "应当" in first and "十五日" in first and "六个月" not in first
    with pytest.raises(DocumentError):
        remedy_text(review_organ="", court="甲区人民法院")
