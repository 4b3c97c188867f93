"""What people do in the browser, by the words they see; for the journeys and the manual."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Locator, Page, TimeoutError, expect

PATIENCE, GLANCE = 20_000, 500  # ms: in all for what the worker makes, and between two looks
MOST_TABS = 80
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const drawn = one.matches("input[type=radio], input[type=checkbox]") ? one.parentElement : one;
  const around = getComputedStyle(drawn);
  const seen = [style, around].some(s => s.outlineStyle !== "none" || s.boxShadow !== "none");
  return [one.name || "", one.innerText || one.value || "", seen];
}"""
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PHOTO: FilePayload = {"name": "照片.pdf", "mimeType": "application/pdf", "buffer": PDF}


def press(page: Page, name: str) -> None:
    """Press the first button with this word."""
    page.get_by_role("button", name=name, exact=True).first.click()


def confirm(page: Page, name: str) -> None:
    """Answer the page's own question with the word on its button."""
    page.locator("#confirm-dialog").get_by_role("button", name=name, exact=True).click()


def choose(page: Page, group: str, option: str) -> None:
    """One of the choices under a question."""
    asked = page.get_by_role("group", name=re.compile(f"^{re.escape(group)}"))
    asked.get_by_role("radio", name=option).first.check()


def confirm_that(page: Page, undertaking: str) -> None:
    """Tick an undertaking: a box whose label is what is promised."""
    page.get_by_role("checkbox", name=re.compile(f"^{re.escape(undertaking)}")).check()


def answer_elder_card(page: Page) -> None:
    """The three pages of questions of the 老年人证, from the first to the materials."""
    expect(page.get_by_role("textbox", name="姓名")).to_have_value("王守仁")
    choose(page, "证件类型", "居民身份证")
    press(page, "保存并继续")
    choose(page, "户籍所在地", "本省")
    choose(page, "现在居住的区", "望海区")
    press(page, "保存并继续")
    choose(page, "是否由他人代办", "否")
    confirm_that(page, "我保证填写的信息真实")
    press(page, "保存并继续")


def apply_for_elder_card(page: Page) -> int:
    """From the home page to the receipt, as 王守仁 does; the case's number in addresses."""
    page.goto("/")
    page.get_by_label("您想办什么事?").fill("老年人优待证")
    press(page, "搜索")
    page.get_by_role("link", name="老年人证办理").first.click()
    page.get_by_role("link", name="立即办理").click()
    choose(page, "由哪个大厅收件?", "椰城市政务服务大厅")
    press(page, "开始填写")
    answer_elder_card(page)
    expect(page.get_by_text("不用提交").first).to_be_visible()
    page.get_by_label("选择近期免冠照片的文件").set_input_files([PHOTO])
    press(page, "上传并去核对")
    expect(page.get_by_text("草稿已保存,尚未提交")).to_be_visible()
    press(page, "提交申请")
    expect(page.get_by_role("heading", name="我们收到了您的申请")).to_be_visible()
    return case_of(page)


def case_of(page: Page) -> int:
    """The case in the page's address."""
    found = re.search(r"/cases/(\d+)/", page.url)
    assert found is not None, page.url
    return int(found[1])


def begin_at_window(page: Page) -> None:
    """林小满 comes to the window for her company's 食品经营许可: up to form and materials."""
    page.goto("/window/")
    page.get_by_label("证件号码").fill("590102199005180244")
    page.get_by_label("证件号码").press("Enter")
    page.get_by_role("link", name="椰城小满餐饮有限公司").click()
    page.get_by_role("button", name=re.compile("食品经营许可")).click()
    expect(page.get_by_role("heading", name="材料")).to_be_visible()


def check_and_accept(page: Page, case: int) -> None:
    """Open every material, tick every point, accept."""
    page.goto(f"/cases/{case}/")
    openers = page.get_by_role("button", name=re.compile("开始核对$"))
    while openers.count():
        openers.first.click()
        page.wait_for_url(re.compile(r"\?open="))
    for point in page.locator("#desk-form input[name^=point-]:enabled").all():
        point.check()
    press(page, "受理")
    expect(page.get_by_text("已受理,办理期限开始计算")).to_be_visible()


def give_opinion(page: Page, step: str = "", second: str = "") -> None:
    """An agreeing opinion on the case that is open; on one of its open steps where it is named."""
    act = page.locator("#act-give_opinion")
    if act.get_attribute("open") is None:
        act.locator("summary").click()
    if step:
        act.get_by_role("radio", name=step).check()
    act.get_by_role("radio", name="符合要求", exact=True).check()
    act.get_by_label("审查意见").fill("逐项核对,符合要求。")
    if second:
        act.get_by_label("另一名核查人员").select_option(label=second)
    act.get_by_role("button").click()
    expect(page.get_by_text("审查意见已提交。")).to_be_visible()


def decide(page: Page) -> None:
    """The approver's agreeing decision on the case that is open, with its question answered."""
    act = page.locator("#act-grant")
    if act.get_attribute("open") is None:
        act.locator("summary").click()
    button = act.get_by_role("button")
    word = button.inner_text()
    button.click()
    confirm(page, word)
    expect(page.get_by_text("决定已作出")).to_be_visible()


def when_made(page: Page, sign: Locator) -> None:
    """Wait for what the worker makes: the page is loaded anew until it shows it."""
    for _ in range(PATIENCE // GLANCE):
        try:
            sign.first.wait_for(timeout=GLANCE)
        except TimeoutError:
            page.reload()
        else:
            return
    raise AssertionError(f"not made: {page.url}")


def reach(page: Page, what: str, *, field: str = "") -> None:
    """Press Tab until the focus is on what has these words, or on the field of this name.

    Fails where Tab never gets there, and where the focus cannot be seen.
    """
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        name, words, is_seen = page.evaluate(FOCUS)
        if (name == field) if field else (what in words):
            assert is_seen, f"the focus on {what or field} cannot be seen on {page.url}"
            return
    raise AssertionError(f"Tab does not reach {what or field} on {page.url}")


def enter(page: Page, what: str = "") -> None:
    """Press Enter on what has these words, or where the focus is, and arrive on the next page."""
    if what:
        reach(page, what)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Page, field: str, *, nth: int = 1) -> None:
    """Choose the nth answer of a question with the keyboard."""
    reach(page, "", field=field)
    page.keyboard.press("Space")
    for _ in range(nth - 1):
        page.keyboard.press("ArrowDown")
