"""The staff's desk by keyboard alone, and two materials beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, overflows

pytestmark = pytest.mark.browser


def test_a_list_is_worked_and_materials_compared_without_a_mouse(
    open_page: Callable[..., Page], known: dict[str, Any]
) -> None:
    page = open_page("chen-window")
    page.goto("/work/accept/?all=1")
    page.keyboard.press("j")
    expect(page.locator("#preview .card")).to_be_visible()
    with page.context.expect_page() as opened:
        page.keyboard.press("o")
    expect(opened.value.locator(".next-act")).to_be_visible()
    opened.value.close()
    page.keyboard.press("Escape")
    expect(page.locator("#preview .card")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("?")
    expect(page.locator("#keys-dialog")).to_be_hidden()  # what is typed is typed
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-dialog")).to_be_hidden()

    page.goto(f"/cases/{known['received']}/side/")
    panes = page.locator(".pane")
    expect(panes).to_have_count(2)
    left, right = panes.nth(0).bounding_box(), panes.nth(1).bounding_box()
    assert left and right and left["x"] + left["width"] <= right["x"]
    before = page.locator("#id_right").input_value()
    page.keyboard.press("]")
    expect(page.locator("#id_right")).not_to_have_value(before)
    page.set_viewport_size(PHONE)
    left, right = panes.nth(0).bounding_box(), panes.nth(1).bounding_box()
    assert left and right and left["y"] + left["height"] <= right["y"]
    assert not overflows(page)
