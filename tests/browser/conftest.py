"""A real platform and a real Chromium for the browser tests; one of each for the whole run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.faults.house import House

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`yiwang up --demo`, as a person starts it."""
    running = House(tmp_path_factory.mktemp("house"))
    running.up()
    yield running
    running.down()


def chromium() -> str | None:
    """Debian's Chromium where there is one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django's guard against that is for async views.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """A new window: open_page(login="…", size=PHONE, javascript=False)."""
    contexts: list[Any] = []

    def opened(login: str = "", size: dict[str, int] | None = None, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{house.port}",
            viewport=size or WIDE,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        if login:
            page.goto("/sign-in/")
            page.locator("input[name=login]").fill(login)
            page.locator("input[name=password]").fill("yiwang-demo")
            page.locator("input[name=password]").press("Enter")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()


def serious_findings(page: Page) -> list[str]:
    """axe-core's serious and critical findings on the page as it stands."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:120]}"
        for v in result["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def overflows(page: Page) -> bool:
    """True where the page scrolls sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )
