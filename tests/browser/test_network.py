"""A slow and broken network: light pages, and nothing typed is lost."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import acts

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
MOST = 200 * 1024  # bytes, compressed, without fonts
KEPT = "Object.keys(localStorage).filter(name => name.startsWith('yiwang.draft.')).length"


def begin(page: Page) -> str:
    """王守仁 begins a 老年人证; the address of the second section."""
    page.goto("/apply/elder-card/start/")
    acts.choose(page, "由哪个大厅收件?", "椰城市政务服务大厅")
    acts.press(page, "开始填写")
    acts.choose(page, "证件类型", "居民身份证")
    acts.press(page, "保存并继续")
    expect(page.get_by_role("heading", name="户籍和居住")).to_be_visible()
    return page.url


@pytest.mark.row("R259")
def test_what_is_typed_offline_is_in_the_draft_when_the_network_is_back(open_page: Open) -> None:
    page = open_page("wang-shouren")
    url = begin(page)
    assert page.evaluate(KEPT) == 0
    page.context.set_offline(True)
    acts.choose(page, "户籍所在地", "本省")
    page.get_by_label("现居住地址").fill("椰城市望海区断网路 1 号 101")
    expect(page.get_by_text("网络断开,您填写的内容已保存在本机,恢复后会自动保存")).to_be_visible()
    acts.press(page, "保存并继续")  # does not lead to the browser's own error page
    expect(page.get_by_label("现居住地址")).to_have_value("椰城市望海区断网路 1 号 101")
    assert page.evaluate(KEPT) == 1
    page.context.set_offline(False)
    expect(page.get_by_text("您填写的内容已保存到草稿")).to_be_visible()
    assert page.evaluate(KEPT) == 0
    plain = open_page("wang-shouren", javascript=False)
    plain.goto(url)
    expect(plain.get_by_label("现居住地址")).to_have_value("椰城市望海区断网路 1 号 101")
    expect(plain.get_by_role("radio", name="本省")).to_be_checked()


def test_a_newer_draft_on_the_server_is_shown_beside_and_not_overwritten(open_page: Open) -> None:
    page = open_page("wang-shouren")
    url = begin(page)
    page.context.set_offline(True)
    page.get_by_label("现居住地址").fill("本机填写的地址 1 号")
    other = open_page("wang-shouren", javascript=False)
    other.goto(url)
    other.get_by_label("现居住地址").fill("别处填写的地址 2 号")
    other.get_by_role("button", name="先保存,以后再填").click()
    page.context.set_offline(False)
    expect(page.get_by_text("这份草稿在别处改过")).to_be_visible()
    other.goto(url)
    expect(other.get_by_label("现居住地址")).to_have_value("别处填写的地址 2 号")
    acts.press(page, "对照两份内容")
    table = page.locator("table", has_text="别处保存的")
    expect(table).to_contain_text("别处填写的地址 2 号")
    expect(table).to_contain_text("本机填写的地址 1 号")
    other.goto(url)
    expect(other.get_by_label("现居住地址")).to_have_value("别处填写的地址 2 号")


def test_nothing_stays_on_the_device_after_signing_out(open_page: Open) -> None:
    page = open_page("fu-axiu")  # nobody else needs this session
    begin(page)
    page.context.set_offline(True)
    page.get_by_label("现居住地址").fill("留在本机的地址 3 号")
    assert page.evaluate(KEPT) == 1
    page.context.route("**/keep/", lambda route: route.abort())
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    page.wait_for_url(lambda url: "/apply/" not in url)
    assert page.evaluate(KEPT) == 0


def weight(page: Page, path: str) -> int:
    """Bytes of a first view as they travel: compressed where it is text, without fonts."""
    found: list[Response] = []
    page.on("response", lambda response: found.append(response))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return sum(
        len(gzip.compress(body))
        if "image" not in one.headers.get("content-type", "")
        else len(body)
        for one in found
        if one.request.resource_type != "font" and one.status == 200
        for body in [one.body()]
    )


@pytest.mark.row("R259")
def test_pages_of_applicants_weigh_no_more_than_200_kb(
    open_page: Open, known: dict[str, Any]
) -> None:
    heavy = {}
    for path in ("/", "/items/food-business-licence/", f"/apply/{known['draft']}/1/", "/my/"):
        page = open_page("lin-xiaoman")
        size = weight(page, path)
        assert size > 1024, path
        if size > MOST:
            heavy[path] = size
    assert heavy == {}
