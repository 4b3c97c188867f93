"""A real platform and a real Chromium for the browser tests; one of each for the whole run."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.faults.house import House

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 20_000  # ms: what a page may take on a busy machine before a test gives up
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# Filtered in the page: the full report of a long page takes longer to bring over than to make.
RUN_AXE = """() => axe.run(document, {resultTypes: ["violations"], preload: false}).then(result =>
  result.violations.filter(v => v.impact === "serious" || v.impact === "critical")
    .map(v => `${v.id}: ${v.help} ${v.nodes[0].html.slice(0, 160)}`))"""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`yiwang up --demo`, as a person starts it."""
    running = House(tmp_path_factory.mktemp("house"))
    running.up()
    yield running
    running.down()


@pytest.fixture(scope="session")
def known(house: House) -> dict[str, Any]:
    """Cases in every state, made in the running house: their ids by name."""
    found: dict[str, Any] = json.loads(
        house.run("tests.browser.prepare", "everything").splitlines()[-1]
    )
    return found


def chromium() -> str | None:
    """Debian's Chromium where there is one, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django's guard against that is for async views.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sign_in(browser: Browser, house: House) -> Callable[..., BrowserContext]:
    """A window's context: sign_in("he-window", size=PHONE, javascript=False); "" for nobody.

    Every login goes through the sign-in page once; its cookies serve the later windows.
    """
    kept: dict[str, Any] = {}

    def context(login: str = "", **more: Any) -> BrowserContext:
        opened = browser.new_context(
            base_url=f"http://127.0.0.1:{house.port}",
            viewport=more.get("size") or WIDE,
            java_script_enabled=more.get("javascript", True),
            locale="zh-CN",
            reduced_motion="reduce",
            storage_state=kept.get(login),
        )
        opened.set_default_timeout(PATIENCE)
        if login and login not in kept:
            page = opened.new_page()
            page.goto("/sign-in/")
            page.locator("input[name=login]").fill(login)
            page.locator("input[name=password]").fill("yiwang-demo")
            page.locator("input[name=password]").press("Enter")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            page.close()
            kept[login] = opened.storage_state()
        return opened

    return context


@pytest.fixture
def open_page(sign_in: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """A new window: open_page("lin-xiaoman", size=PHONE, javascript=False)."""
    contexts: list[BrowserContext] = []

    def opened(login: str = "", **more: Any) -> Page:
        context = sign_in(login, **more)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def serious_findings(page: Page) -> list[str]:
    """axe-core's serious and critical findings on the page as it stands; AXE is its init script."""
    found: list[str] = page.evaluate(RUN_AXE)
    return found


def overflows(page: Page) -> bool:
    """True where the page scrolls sideways."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )
