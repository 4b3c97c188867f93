"""What every page and component promises, checked on the rendered gallery."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.template import engines
from django.template.loader import render_to_string
from lxml import html

from yiwang.foundation.shell.errors import words_for
from yiwang.foundation.shell.gallery import gallery_context
from yiwang.foundation.shell.gallery_forms import LONG_NAME

LAYOUTS = ["shell/portal.html", "shell/staff.html"]
HIDDEN_WORDS = ["拒绝", "驳回", "失败", "不通过"]


def page(layout: str = LAYOUTS[0], **options: Any) -> html.HtmlElement:
    return html.document_fromstring(source(layout, **options))


def source(layout: str = LAYOUTS[0], **options: Any) -> str:
    return render_to_string("shell/gallery.html", gallery_context(layout=layout, **options))


def rendered(text: str, **context: Any) -> str:
    return engines["django"].from_string("{% load shell %}" + text).render(context)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pages_hold_nothing_a_strict_content_policy_forbids(layout: str) -> None:
    root = page(layout)
    assert not root.xpath("//*[@style] | //style | //script[not(@src)]")
    assert not [name for name in root.xpath("//@*/..") if any(k[:2] == "on" for k in name.attrib)]
    assert not [url for url in root.xpath("//@src | //@href") if url.startswith(("data:", "http"))]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_ids_are_unique_and_every_reference_finds_its_element(layout: str) -> None:
    root = page(layout)
    ids = Counter(root.xpath("//@id"))
    assert [name for name, times in ids.items() if times > 1] == []
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        wanted = {name for value in root.xpath(f"//@{attribute}") for name in value.split()}
        assert wanted <= set(ids)
    assert {url[1:] for url in root.xpath("//*[@data-error-summary]//a/@href")} <= set(ids)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_control_has_a_label(layout: str) -> None:
    root = page(layout)
    for control in root.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = root.xpath("//label[@for=$id]", id=control.get("id", ""))
        assert named or control.xpath("ancestor::label"), html.tostring(control)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_care_edition_and_accessibility_statement_stand_at_the_top(layout: str) -> None:
    top = page(layout).xpath("//header")[0].text_content()
    assert "关怀版" in top
    assert "无障碍说明" in top


def test_elder_edition_offers_the_way_back() -> None:
    root = page(edition="elder")
    assert root.get("data-edition") == "elder"
    assert "标准版" in root.xpath("//header")[0].text_content()


def test_first_stop_of_the_keyboard_skips_to_the_content() -> None:
    root = page()
    assert root.xpath("(//body//a)[1]/@href") == ["#main"]
    assert root.xpath("//main/@id") == ["main"]


def test_demonstration_shows_its_clock_and_a_watermark_and_real_pages_neither() -> None:
    assert "演示时间 2026年11月21日 周六 09:00" in source()
    assert "demo-watermark" in source()
    assert "demo-" not in source(is_demo=False)


def test_single_letter_keys_exist_for_staff_only_and_can_be_switched_off() -> None:
    assert page(LAYOUTS[1]).xpath("//body[@data-keys]//input[@data-keys-toggle]")
    assert not page(LAYOUTS[0]).xpath("//body[@data-keys]")


def test_what_needs_a_script_is_hidden_until_one_runs() -> None:
    root = page()
    needing = root.xpath("//*[@data-copy or @data-print or @data-needs-js]")
    assert needing
    assert all("hidden" in element.attrib for element in needing)


def test_forbidden_act_is_visible_and_says_why() -> None:
    (button,) = page().xpath("//button[@aria-disabled]")
    assert button.get("type") == "button"
    assert "依法视为受理" in button.getparent().text_content()


def test_cells_carry_their_column_name_for_narrow_screens() -> None:
    rows = page().xpath("//table[@class='table']/tbody/tr")
    assert len(rows) == 5
    for row in rows:
        assert row.xpath("./*/@data-label")[1:] == [
            "办件编号",
            "事项",
            "申请人",
            "环节",
            "材料",
            "时限",
        ]


def test_row_with_a_missing_cell_is_refused() -> None:
    table = {"caption": "表", "columns": [{"label": "甲"}, {"label": "乙"}]}
    with pytest.raises(ValueError, match="zip"):
        render_to_string(
            "shell/components/table.html", {"table": table | {"rows": [{"cells": [1]}]}}
        )


def test_day_table_explains_every_box_of_the_strip() -> None:
    for strip in page().xpath("//section[contains(@class, 'strip ')]"):
        boxes = strip.xpath(".//ol[@class='strip-days']/li")
        assert len(strip.xpath(".//tbody/tr")) == len(boxes)
        assert len(strip.xpath(".//li[@tabindex='0']")) == min(len(boxes), 1)


def test_user_text_is_escaped_everywhere() -> None:
    evil = "<b>x</b>"
    field = {"name": "a", "label": evil, "value": evil, "hint": evil, "error": evil}
    assert evil not in render_to_string("shell/components/field.html", {"field": field})
    assert evil not in rendered("{% notice title=t %}{{ t }}{% endnotice %}", t=evil)
    assert evil not in rendered("{% fieldset legend=t %}{{ t }}{% endfieldset %}", t=evil)
    assert evil not in rendered("{% panel title=t %}{{ t }}{% endpanel %}", t=evil)


def test_long_names_are_written_whole() -> None:
    assert source().count(LONG_NAME) >= 3


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 418, 503])
def test_error_pages_say_what_happened_what_was_kept_and_what_to_do(status: int) -> None:
    text = render_to_string("shell/error.html", {"status": status})
    words = words_for(status)
    assert all(part in text for part in (words.title, words.happened, words.kept, words.to_do))
    title = re.search(r"<title>(.*?)</title>", text)
    assert title
    assert not title[1].strip().startswith(str(status))


def test_shell_never_uses_words_of_refusal() -> None:
    everything = source() + "".join(
        render_to_string("shell/error.html", {"status": code}) for code in (400, 403, 404, 409, 500)
    )
    assert not [word for word in HIDDEN_WORDS if word in everything]


def test_dates_are_written_with_their_weekday_in_beijing_time() -> None:
    text = rendered(
        "{{ day|cn_date }}|{{ at|cn_datetime }}|{{ at|cn_date }}|{{ none|cn_date }}"
        "|{{ day|cn_day }}",
        day=date(2026, 11, 21),
        at=datetime(2026, 11, 20, 17, 30, tzinfo=UTC),
        none=None,
    )
    assert text == ("2026年11月21日 周六|2026年11月21日 周六 01:30|2026年11月21日 周六||11月21日")


def test_paper_carries_version_code_and_time() -> None:
    context = {
        "print_title": "办事指南",
        "version": "3.2",
        "check_code": "8K2M",
        "qr_url": "/q.svg",
    }
    text = render_to_string("shell/print.html", context)
    assert all(part in text for part in ("版本 3.2", "查验码 8K2M", "/q.svg"))


def test_choices_with_a_group_stand_in_a_fieldset_of_it() -> None:
    options = [
        {"value": "a", "label": "甲", "group": "一"},
        {"value": "b", "label": "乙", "group": "一", "selected": True},
        {"value": "c", "label": "丙", "group": "二"},
    ]
    field = {"name": "kinds", "label": "种类", "kind": "checkboxes", "options": options}
    text = rendered('{% include "shell/components/field.html" %}', field=field)
    root = html.fragment_fromstring(text.strip(), create_parent=True)
    groups = root.xpath("fieldset/fieldset")
    assert [group.xpath("string(legend)") for group in groups] == ["一", "二"]
    assert [group.xpath(".//input/@value") for group in groups] == [["a", "b"], ["c"]]
    assert root.xpath(".//input[@checked]/@value") == ["b"]
    assert root.xpath(".//input/@id") == root.xpath(".//label/@for")
    assert len(set(root.xpath(".//@id"))) == 4


def test_without_a_city_the_title_and_the_heading_have_no_stray_blanks() -> None:
    def told(city: str) -> tuple[str, str]:
        context = gallery_context(layout=LAYOUTS[0])
        context["shell"] = replace(context["shell"], city=city)
        root = html.document_fromstring(render_to_string("shell/gallery.html", context))
        return root.findtext(".//title"), root.xpath('string(//*[@class="brand-city"])')

    (with_title, with_brand), (title, brand) = told("海滨市"), told("")
    assert with_title.endswith(" · 一网 海滨市") and title == with_title.removesuffix(" 海滨市")
    assert with_brand == f"海滨市{brand}" and brand.strip() == brand != ""
