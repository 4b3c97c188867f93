"""Whole journeys through the running platform, each person in a window of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.faults.house import House

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_an_elder_gets_the_card_signs_for_it_online_and_rates(open_page: Open) -> None:
    citizen = open_page("wang-shouren")
    case = acts.apply_for_elder_card(citizen)
    number = citizen.locator(".row-link").inner_text()
    citizen.get_by_role("link", name="看办理进度").click()
    expect(citizen.get_by_text("现在不用您做什么")).to_be_visible()

    clerk = open_page("he-window")
    clerk.goto("/work/accept/")
    clerk.get_by_role("link", name=number).click()
    expect(clerk.locator(".next-act")).to_contain_text("逐项核对材料")
    acts.check_and_accept(clerk, case)

    reviewer = open_page("zhou-review")
    reviewer.goto("/work/review/")
    reviewer.get_by_role("link", name=number).click()
    expect(reviewer.locator("#verdict")).to_contain_text("符合条件")
    reviewer.goto(f"/cases/{case}/")
    acts.give_opinion(reviewer)

    approver = open_page("zheng-approve")
    approver.goto(f"/cases/{case}/")
    # An opinion was given: what is left is the decision, not a press that does both.
    expect(approver.locator(".next-act")).to_contain_text("请作出决定")
    expect(approver.get_by_role("button", name="一键准予")).to_have_count(0)
    acts.decide(approver)

    citizen.goto(f"/my/cases/{case}/")
    acts.when_made(citizen, citizen.get_by_role("button", name="网上签收"))
    acts.press(citizen, "网上签收")
    acts.confirm(citizen, "签收")
    expect(citizen.get_by_role("heading", name="已经办结")).to_be_visible()
    certificate = citizen.locator(".document-card", has_text="电子老年人证")
    check = certificate.get_by_role("link", name="查验真伪").get_attribute("href")
    rating = citizen.get_by_role("link", name="请您评价这次办理")
    acts.when_made(citizen, rating)
    rating.click()
    acts.choose(citizen, "您对这次办理满意吗", "非常满意")
    acts.press(citizen, "提交评价")
    expect(citizen.get_by_role("heading", name="谢谢您的评价")).to_be_visible()

    anybody = open_page()
    anybody.goto(str(check))
    expect(anybody.get_by_role("heading", name="电子老年人证")).to_be_visible()
    expect(anybody.get_by_text("演示样件,不具法律效力")).to_be_visible()


def test_a_case_that_meets_the_rules_is_granted_by_one_person_with_one_press(
    open_page: Open, known: dict[str, Any]
) -> None:
    approver = open_page("zheng-approve")
    approver.goto(f"/cases/{known['instant']}/")
    expect(approver.locator(".next-act")).to_contain_text("一键准予")
    acts.press(approver, "一键准予")
    acts.confirm(approver, "核对过,准予")
    expect(approver.get_by_text("决定已作出")).to_be_visible()


def test_a_case_taken_in_at_the_window_is_corrected_online_once(open_page: Open) -> None:
    clerk = open_page("chen-window")
    acts.begin_at_window(clerk)
    for label, text in {
        "店铺名称(招牌)": "小满家常菜", "经营场所面积(平方米)": "120",
        "食品处理区面积(平方米)": "40", "食品安全管理人员姓名": "林小满", "从业人员人数": "8",
    }.items():  # fmt: skip
        clerk.get_by_label(label).fill(text)
    acts.choose(clerk, "主体业态", "餐饮服务经营者(餐馆)")
    clerk.get_by_role("checkbox", name="热食类食品制售").check()
    acts.choose(clerk, "是否通过网络经营", "否")
    acts.confirm_that(clerk, "本单位保证申请材料真实")
    for material in ("布局图", "操作流程", "规章制度目录"):
        row = clerk.locator(".take > li", has_text=material)
        row.get_by_role("checkbox", name="已收纸质件").check()
    clerk.locator("#take-in").click()
    expect(clerk.locator(".next-act")).to_contain_text("逐项核对材料")
    case = acts.case_of(clerk)

    layout = clerk.locator("#material-layout")
    layout.get_by_text("有问题:当场更正,或写明需要补正").click()
    layout.get_by_label("需要补正").fill("没有标明洗手和消毒设施,请在图上标出。")
    acts.press(clerk, "告知补正")
    acts.confirm(clerk, "写全了,告知补正")
    expect(clerk.get_by_text("补正告知书已发出")).to_be_visible()

    citizen = open_page("lin-xiaoman")
    citizen.goto(f"/my/cases/{case}/")
    citizen.get_by_role("link", name="去补正").click()
    expect(citizen.get_by_text("没有标明洗手和消毒设施").first).to_be_visible()
    citizen.locator("#id_file-layout").set_input_files([acts.PHOTO])
    acts.press(citizen, "提交补正")
    expect(citizen.get_by_text("现在不用您做什么").last).to_be_visible()

    clerk.goto(f"/cases/{case}/")
    expect(clerk.locator("#lines")).to_contain_text("一次")
    expect(clerk.get_by_role("button", name="告知补正", exact=True)).to_have_count(0)
    acts.check_and_accept(clerk, case)
    expect(clerk.get_by_text("受理通知书").first).to_be_visible()


def test_a_week_without_an_answer_makes_a_case_accepted(open_page: Open, house: House) -> None:
    case = house.run("tests.browser.prepare", "unanswered").splitlines()[-1]
    citizen = open_page("lin-xiaoman")
    citizen.goto(f"/my/cases/{case}/")
    expect(citizen.locator(".strip-headline")).to_contain_text("个工作日")
    expect(citizen.locator(".strip")).to_contain_text("收件告知时限")

    citizen.goto("/demo/")
    citizen.get_by_label("拨快的天数").fill("8")
    citizen.get_by_label("拨快的天数").press("Enter")
    expect(citizen.get_by_text("演示时间已到")).to_be_visible()

    citizen.goto(f"/my/cases/{case}/")
    acts.when_made(citizen, citizen.get_by_text("审查中", exact=True))
    expect(citizen.locator("main")).to_contain_text("视为受理")
    expect(citizen.locator(".strip")).to_contain_text("承诺到期日")
    expect(citizen.locator(".strip")).not_to_contain_text("收件告知时限")


@pytest.mark.row("R001")
def test_an_application_and_its_rating_need_no_mouse(
    open_page: Open, known: dict[str, Any]
) -> None:
    page = open_page("wang-shouren")
    page.on("filechooser", lambda chooser: chooser.set_files([acts.PHOTO]))
    page.goto("/")
    acts.reach(page, "", field="q")
    page.keyboard.type("老年人优待证")
    acts.enter(page)
    acts.enter(page, "老年人证办理")
    acts.enter(page, "立即办理")
    acts.enter(page, "开始填写")
    acts.tick(page, "paper_kind")
    acts.enter(page, "保存并继续")
    acts.tick(page, "household_place")
    acts.tick(page, "residence_area", nth=4)
    acts.enter(page, "保存并继续")
    acts.tick(page, "has_agent", nth=2)
    acts.tick(page, "truth_statement")
    acts.enter(page, "保存并继续")
    acts.reach(page, "", field="photo")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=photo]")).to_have_value(re.compile("照片"))
    acts.enter(page, "上传并去核对")
    acts.enter(page, "提交申请")
    expect(page.get_by_role("heading", name="我们收到了您的申请")).to_be_visible()

    page.goto(f"/rate/{known['token']}/")
    acts.tick(page, "satisfaction")
    acts.enter(page, "提交评价")
    expect(page.get_by_role("heading", name="谢谢您的评价")).to_be_visible()


def test_an_application_needs_no_scripts(open_page: Open) -> None:
    page = open_page("wang-shouren", javascript=False)
    acts.apply_for_elder_card(page)
    expect(page.get_by_text("已提交", exact=True).first).to_be_visible()
