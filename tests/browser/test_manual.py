"""The manual's pictures: looked for in every run, written where YIWANG_WRITE_MANUAL=1 asks.

Where a page no longer shows what the manual says, the picture cannot be taken.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst
from playwright.sync_api import Page, expect

from tests.browser import acts
from tests.browser.conftest import PHONE, ROOT
from tests.browser.pictures import picture

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LARGEST = 150 * 1024  # bytes
CERTIFICATE = """
#set page(width: 15cm, height: auto, margin: 0.4cm, fill: luma(85%))
#block(fill: white, image("certificate.pdf", width: 100%))
"""


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go."""
    if os.environ.get("YIWANG_WRITE_MANUAL") != "1":
        return tmp_path_factory.mktemp("manual")
    folder = ROOT / "docs" / "manual"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take(page: Page, album: Path, name: str, *, whole: bool = False) -> None:
    """Keep what the window shows now, or the whole page."""
    found = picture(page, whole=whole)
    assert len(found) <= LARGEST
    (album / name).write_bytes(found)


def test_the_case_screen_shows_its_strip(
    open_page: Open, known: dict[str, Any], album: Path
) -> None:
    page = open_page("feng-review")
    page.goto(f"/cases/{known['told']}/")
    expect(page.locator(".strip-headline")).to_contain_text("个工作日")
    expect(page.locator(".strip")).to_contain_text("停止计时")
    take(page, album, "case.png")


def test_the_guide_fits_a_phone(open_page: Open, album: Path) -> None:
    page = open_page("lin-xiaoman", size=PHONE)
    page.goto("/items/food-business-licence/")
    page.get_by_role("heading", level=1).evaluate("one => one.scrollIntoView()")
    expect(page.get_by_role("link", name="立即办理")).to_be_in_viewport()
    take(page, album, "guide-390.png")


def test_the_home_page_shows_what_is_mine(open_page: Open, album: Path) -> None:
    page = open_page("gulinaer")
    page.goto("/")
    expect(page.get_by_role("heading", name="我的事")).to_be_visible()
    take(page, album, "home.png")


def test_the_form_says_what_it_knows_and_from_where(
    open_page: Open, known: dict[str, Any], album: Path
) -> None:
    page = open_page("lin-xiaoman")
    page.goto("/apply/food-business-licence/start/")
    acts.press(page, "开始填写")
    expect(page.get_by_text("已为您填好,来自单位登记信息").first).to_be_visible()
    take(page, album, "apply.png")


def test_the_window_has_the_form_and_the_materials_on_one_page(
    open_page: Open, album: Path
) -> None:
    page = open_page("chen-window")
    acts.begin_at_window(page)
    expect(page.get_by_text("不用提交").first).to_be_visible()
    take(page, album, "window.png")


def test_the_list_is_ordered_by_the_clock(
    open_page: Open, known: dict[str, Any], album: Path
) -> None:
    page = open_page("zhao-review")
    page.goto("/work/review/")
    page.locator(".row-link").first.focus()
    expect(page.get_by_label("办件预览")).to_be_visible()
    take(page, album, "review.png")


def test_the_certificate_says_that_it_is_a_specimen(
    open_page: Open, known: dict[str, Any], album: Path, tmp_path: Path
) -> None:
    page = open_page("wang-shouren")
    answer = page.request.get(f"/documents/{known['certificate']}/")
    assert answer.ok
    (tmp_path / "certificate.pdf").write_bytes(answer.body())
    (tmp_path / "page.typ").write_text(CERTIFICATE, encoding="utf-8")
    picture = typst.compile(tmp_path / "page.typ", format="png", ppi=110)
    assert len(picture) <= LARGEST
    (album / "certificate.png").write_bytes(picture)


def test_the_tour_lets_everybody_in(open_page: Open, album: Path) -> None:
    page = open_page()
    page.goto("/demo/")
    expect(page.get_by_role("heading", name="演示导览")).to_be_visible()
    take(page, album, "demo.png")
