"""Guides of items with special branches, the chooser of situations, and the guides in English."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.pages.client import signed_in

from yiwang.apps.catalog.public import CurrentVersion, current_version, current_versions
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
ELDER, FOOD = "elder-card", "food-business-licence"
CHINESE = re.compile("[\u4e00-\u9fff]")


def page(url: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def part(text: str, begin: str, end: str) -> str:
    return text.split(f'id="{begin}"')[1].split(f'id="{end}"')[0]


def versions() -> list[CurrentVersion]:
    return current_versions(today=civil_date(now()))


def test_every_guide_opens_on_screen_and_on_paper() -> None:
    client = Client()
    for version in versions():
        item = version.definition
        for text in (
            page(f"/items/{item.code}/", client),
            page(f"/items/{item.code}/print/", client),
        ):
            assert all(material.name in text for material in item.materials)
            assert all(place.address in text for place in item.places)


def test_an_item_decided_elsewhere_says_by_whom_and_promises_no_steps_of_theirs() -> None:
    text = page("/items/company-registration/")
    assert "由省市场主体登记系统(演示)办理,本平台提供指南、收件转办和状态回传" in text
    steps = part(text, "steps", "places")
    assert "转给省市场主体登记系统(演示)" in steps
    assert "以该系统的结果为准" in steps
    assert "办理系统" not in page(f"/items/{FOOD}/")
    assert "现实中在省级不动产登记系统登簿" in page("/items/real-estate-transfer/")


def test_a_limit_that_binds_the_applicant_is_told_apart() -> None:
    text = page("/items/birth-registration/")
    assert "请在这个时间内申请" in text
    assert "婴儿出生后一个月内申报(户口登记条例 §7)" in text
    assert "没有规定" in part(text, "summary", "conditions")


def test_gaps_and_commitments_are_told_with_limit_and_consequence() -> None:
    text = page(f"/items/{FOOD}/")
    gaps = part(text, "deferral", "commitments")
    assert "「食品安全规章制度目录」" in gaps
    assert "3 个工作日内补交,补齐前不作决定" in gaps
    assert "「演示数据」" in gaps
    promise = part(text, "commitments", "steps")
    assert "餐饮服务许可告知承诺" in promise
    assert "决定前不做「现场核查」,改为事后核查" in promise
    assert "依法撤销许可" in promise
    assert "单位食堂" in promise
    assert "可以后补" in part(text, "materials", "deferral")
    assert "作出告知承诺的,不用提交这份材料" in page("/items/public-place-hygiene/")


def test_special_procedures_say_what_they_do_to_the_clock() -> None:
    hearing = part(page("/items/entertainment-licence/"), "procedures", "renewal")
    assert "每一件都要进行" in hearing
    assert "娱乐场所管理条例 §10" in hearing
    planning = part(page("/items/planning-permit/"), "procedures", "places")
    assert "只停止承诺时限,法定时限照常计算" in planning
    assert "不停止计时" in planning


def test_the_renewal_window_is_told_and_an_estimate_of_it_is_marked() -> None:
    known = part(page("/items/medical-device-licence/"), "renewal", "places")
    assert "届满前 90 个工作日到 30 个工作日之间申请延续" in known
    assert "视为准予延续(行政许可法 §50)" in known
    assert "待核实" not in known
    assert "「待核实」" in part(page(f"/items/{FOOD}/"), "renewal", "places")


def test_answers_narrow_the_list_of_materials_without_scripts() -> None:
    proof = "在本市居住满一年的材料"
    plain = page(f"/items/{ELDER}/")
    assert 'action="/items/elder-card/#materials"' in plain
    assert proof in part(plain, "materials", "steps")
    assert "「户籍所在地」选“外省,或者港澳台居民”时" in plain
    inside = page(f"/items/{ELDER}/?household_place=IN_PROVINCE&has_agent=false")
    assert proof not in part(inside, "materials", "commitments")
    assert "看您的情形才需要" not in inside
    outside = page(f"/items/{ELDER}/?household_place=OUTSIDE&has_agent=false")
    assert proof in part(outside, "materials", "steps")
    assert "需要您提交 3 份" in outside
    assert "household_place=OUTSIDE" in re.findall(r'/items/elder-card/print/[^"]*', outside)[0]
    paper = page(f"/items/{ELDER}/print/?household_place=IN_PROVINCE")
    assert "按这些情形列出:户籍所在地:本省;" in paper
    assert "<select" not in paper


def test_of_either_or_materials_one_is_listed() -> None:
    text = page("/items/residence-permit/?reason=WORK")
    listed = part(text, "materials", "steps")
    assert "就业证明" in listed
    assert "就读证明" not in listed
    assert "住址证明" not in listed


@pytest.mark.parametrize("query", ["household_place=%27%22", "has_agent=1", "household_place="])
def test_an_answer_the_form_does_not_offer_is_none(query: str) -> None:
    assert "看您的情形才需要" in page(f"/items/{ELDER}/?{query}")


def test_remedies_of_those_who_are_no_organ_name_no_reconsideration() -> None:
    for code in ("water-supply", "disability-card"):
        told = part(page(f"/items/{code}/"), "remedy", "law")
        assert "申请行政复议" not in told
    assert "民事诉讼" in page("/items/water-supply/")
    assert "申请行政复议" in part(page(f"/items/{FOOD}/"), "remedy", "law")


def test_the_pdf_tells_the_special_branches_too() -> None:
    answer = Client().get("/items/entertainment-licence/guide.pdf")
    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join("".join(one.extract_text() for one in reader.pages).split())
    for words in ("特别规定", "每一件都要进行", "到期延续", "「是否委托他人代办」选“是”时"):
        assert words in text


def test_full_items_have_a_guide_in_english_and_the_two_languages_link_each_other() -> None:
    listed = re.findall(r'data-item="([a-z-]+)"', page("/en/"))
    whole = {v.definition.code for v in versions() if v.definition.english}
    assert set(listed) == whole
    assert len(whole) == 12
    assert 'href="/en/"' in page("/items/")
    for code in whole:
        assert f'href="/en/items/{code}/"' in page(f"/items/{code}/")
        english = page(f"/en/items/{code}/")
        assert f'href="/items/{code}/"' in english
        version = current_version(code, today=civil_date(now()))
        assert version is not None
        item = version.definition
        assert item.english is not None
        assert all(place.address in english for place in item.places)
        assert item.consult_phone in english
    assert Client().get("/en/items/legal-aid/").status_code == 404
    assert Client().get("/en/items/none/").status_code == 404


def test_figures_in_english_keep_their_marks() -> None:
    text = page("/en/items/construction-permit/")
    assert "7 calendar days, from receipt of the application" in text
    assert "text of the law" in text
    assert "demonstration figure" in text
    assert "not yet verified" in page(f"/en/items/{FOOD}/")
    assert "Monday to Friday 09:00–12:00, 14:00–17:30 (except public holidays)" in text
    assert "The decision is made in another system" in page("/en/items/disability-card/")


def test_english_is_complete_and_free_of_chinese() -> None:
    for version in versions():
        english = version.definition.english
        if english is None:
            continue
        assert english.conditions
        assert english.steps
        assert set(english.materials) == {m.code for m in version.definition.materials}
        words = [english.name, english.summary, english.result, english.fee, english.note]
        words += [*english.conditions, *english.steps, *english.materials.values()]
        assert not any(CHINESE.search(text) for text in words), version.definition.code


def test_held_certificates_need_not_be_handed_in_for_the_new_items() -> None:
    text = page("/items/longevity-allowance/", signed_in("fu-axiu"))
    assert "政府已有这份材料:户口登记" in text
    assert "您不用准备材料" in text
    driver = page("/items/ride-hailing-driver/", signed_in("zhou-haifeng"))
    assert "政府已有这份材料:机动车驾驶证" in driver
    assert "政府已有这份材料:背景核查结果" in driver
