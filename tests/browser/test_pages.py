"""Every page of every role: readable by all, on a phone too, with nothing wrong in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import acts
from tests.browser.conftest import AXE, PHONE, WIDE, overflows, serious_findings

pytestmark = pytest.mark.browser

# {name}: an id of tests.browser.making. A path with a status other than 200 has it in front.
PAGES = {
    "": [
        "/", "/items/", "/items/?q=开店", "/items/?q=没有这样的事", "/items/elder-card/",
        "/items/food-business-licence/", "/items/real-estate-transfer/", "/items/elder-card/print/",
        "/items/company-registration/", "/items/entertainment-licence/",
        "/items/elder-card/?household_place=OUTSIDE&has_agent=true", "/en/",
        "/en/items/food-business-licence/", "/en/items/disability-card/",
        "/sign-in/", "/accessibility/", "/progress/", "/check/", "/check/{check_code}/",
        "404 /check/AAAA-AAAA-AAAA-AAAA/", "/rate/{token}/", "404 /rate/none/", "/demo/",
        "404 /none/", "/halls/", "/halls/zones/1/", "404 /halls/zones/99999/",
        "/items/elder-card/ask/", "404 /leaving/?to=https://evil.example/",
        "/leaving/?to=https://gjzwfw.www.gov.cn/",
    ],
    "lin-xiaoman": [
        "/", "/my/", "/my/messages/", "/my/certificates/", "/my/disclosures/", "/apply/food-business-licence/start/",
        "/apply/{draft}/1/", "/apply/{draft}/2/", "/apply/{draft}/3/", "/apply/{draft}/materials/",
        "/apply/{draft}/materials/?dispute=business_licence", "/apply/{draft}/check/",
        "/apply/{draft}/discard/", "/my/cases/{received}/", "/my/cases/{received}/receipt/",
        "/my/cases/{received}/withdraw/", "/my/cases/{asked}/", "/my/cases/{asked}/correct/",
        "/my/cases/{review}/", "/my/cases/{refused}/", "403 /work/",
        "/my/materials/", "/my/enquiries/", "/my/cases/{received}/ask/",
    ],
    "wang-shouren": ["/apply/food-business-licence/start/", "/my/cases/{ready}/",
                     "/my/cases/{done}/"],
    "he-guifang": ["/my/authorisations/", "/my/authorisations/new/", "/my/authorisations/1/",
                   "/my/authorisations/?show=received", "/halls/zones/1/book/"],
    "fu-axiu": ["/my/appointments/", "/my/appointments/1/", "/my/appointments/1/move/"],
    "gulinaer": ["/my/cases/{paused}/"],
    "chen-window": [
        "/window/", "/work/accept/", "/work/deliver/", "/work/find/?q={short_number}",
        "/work/absence/", "/work/saved/", "/work/duty/", "/cases/{received}/", "/cases/{received}/side/", "/cases/{received}/correct/",
        "/cases/{asked}/", "/cases/{asked}/supply/", "403 /admin/jobs/", "/relations/",
        "/relations/authorisation/", "/relations/guardian/", "/relations/representative/",
        "/help/", "/help/new/", "/help/calls/", "/help/calls/draw/", "/zones/", "/zones/1/",
        "/zones/1/book/", "/zones/appointments/1/check-in/",
    ],
    "zhao-review": ["/work/review/", "/work/cases/?state=REVIEW", "/cases/{review}/", "/enquiries/",
                    "/cases/{review}/side/", "/work/templates/", "/work/templates/new/",
                    "/work/handovers/"],
    "feng-review": ["/cases/{paused}/"],
    "sun-approve": ["/zones/1/roster/", "/zones/1/change/", "/zones/classes/",
                    "/zones/classes/elder-disabled/", "/zones/shifts/1/off/", "/work/review/", "/cases/{decide}/", "/cases/{refused}/"],
    "he-window": ["/work/deliver/", "/cases/{ready}/", "/cases/{done}/"],
    "tang-supervise": ["/green-uses/", "/supervision/", "/cases/{review}/"],
    "xu-editor": ["/catalog/", "/catalog/quality/", "/catalog/import/", "/catalog/items/new/",
                  "/catalog/elder-card/",
                  "/guide-notes/", "/guide-notes/publish/"],
    "shen-publish": ["/catalog/", "/catalog/quality/", "/catalog/versions/{version}/"],
    "zhu-system": ["/admin/accounts/", "/admin/accounts/{account}/", "/admin/calendar/",
                   "/admin/jobs/", "/admin/messages/", "/second-factor/"],
    "qin-security": ["/admin/posts/", "/admin/posts/{post}/", "/admin/security/"],
    "you-audit": ["/admin/record/", "/admin/record/?subject=case:{done}", "/admin/security/"],
}  # fmt: skip
APPLICANTS = ("", "lin-xiaoman", "wang-shouren", "he-guifang", "fu-axiu", "gulinaer")
STAFF = tuple(login for login in PAGES if login not in APPLICANTS)
HIGHEST_RIBBON = 56  # px: more than that is taken from the page on a phone
ENTRIES = ("关怀版", "无障碍说明")
PRINTED = ("/items/elder-card/print/",)
CASES = [(login, path) for login, paths in PAGES.items() for path in paths]


class Window:
    """One window of one person, and what its console said since the last question."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        context.add_init_script(path=AXE)
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda m: self.said.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def asked(self) -> list[str]:
        said, self.said = self.said, []
        return said


@pytest.fixture(scope="module")
def windows(sign_in: Callable[..., BrowserContext]) -> Iterator[Callable[[str], Window]]:
    """The window of a login, opened once."""
    opened: dict[str, Window] = {}

    def window(login: str) -> Window:
        if login not in opened:
            for other in opened.values():
                other.context.close()
            opened.clear()
            opened[login] = Window(sign_in(login))
        return opened[login]

    yield window
    for one in opened.values():
        one.context.close()


def troubles(window: Window) -> list[str]:
    """What somebody could not use on the page that is open, wide and on a phone."""
    page = window.page
    page.set_viewport_size(WIDE)
    found = [f"1280: {finding}" for finding in serious_findings(page)]
    page.set_viewport_size(PHONE)
    found += [f"390: {finding}" for finding in serious_findings(page)]
    if overflows(page):
        found.append("390: the page scrolls sideways")
    return found


@pytest.mark.row("R001")
@pytest.mark.parametrize(("login", "path"), CASES)
def test_the_page_can_be_used_by_everybody_wide_and_on_a_phone(
    login: str, path: str, windows: Callable[[str], Window], known: dict[str, Any]
) -> None:
    status, _, path = path.rpartition(" ")
    window = windows(login)
    page = window.page
    answer = page.goto(path.format(**known))
    assert answer is not None
    assert answer.status == int(status or 200)
    found = troubles(window)
    if path not in PRINTED:
        found += [f"no way to {word}" for word in ENTRIES if not page.get_by_text(word).count()]
    # Chromium itself notes every page that is not 200.
    said = [text for text in window.asked() if not status or f"status of {status}" not in text]
    assert found + said == []


def test_the_window_steps_can_be_used_too(windows: Callable[[str], Window]) -> None:
    window = windows("chen-window")
    window.page.set_viewport_size(WIDE)
    acts.begin_at_window(window.page)
    found = troubles(window)
    window.page.go_back()
    expect(window.page.get_by_role("heading", name="选择事项")).to_be_visible()
    assert found + troubles(window) + window.asked() == []


@pytest.mark.row("R001", "R108")
@pytest.mark.parametrize("login", APPLICANTS)
def test_the_large_type_stays_from_page_to_page_and_fits_a_phone(
    login: str, open_page: Callable[..., Page], known: dict[str, Any]
) -> None:
    page = open_page(login, size=PHONE)
    page.goto("/")
    page.get_by_role("link", name="关怀版").click()
    found = []
    for path in PAGES[login]:
        page.goto(path.rpartition(" ")[2].format(**known))
        size = page.evaluate(
            "parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"
        )
        if page.locator("html").get_attribute("data-edition") != "elder" or size < 18:
            found.append(f"{path}: not in large type")
        if overflows(page):
            found.append(f"{path}: scrolls sideways")
    assert found == []
    page.goto("/")
    page.get_by_role("link", name="标准版").click()
    expect(page.get_by_role("link", name="关怀版")).to_be_visible()


@pytest.mark.row("R001")
@pytest.mark.parametrize("login", STAFF)
def test_the_staff_pages_fit_a_phone_in_large_type(
    login: str, open_page: Callable[..., Page], known: dict[str, Any]
) -> None:
    page = open_page(login, size=PHONE)
    page.goto("/accessibility/")
    page.get_by_role("link", name="关怀版", exact=True).click()
    found = []
    for path in PAGES[login]:
        page.goto(path.rpartition(" ")[2].format(**known))
        assert page.locator("html").get_attribute("data-edition") == "elder"
        if page.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            found.append(f"{path}: scrolls sideways")
    assert found == []


@pytest.mark.parametrize("login", ["", "zhao-review"])
def test_the_demonstrations_clock_takes_little_of_a_phone_and_is_in_reach(
    login: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(login, size=PHONE)
    page.goto("/items/")
    ribbon = page.get_by_role("region", name="演示说明")
    box = ribbon.bounding_box()
    assert box is not None
    assert box["height"] <= HIGHEST_RIBBON
    forward = ribbon.get_by_role("button", name="1 小时")
    expect(forward).to_be_hidden()
    ribbon.get_by_text("拨快时钟").click()
    expect(forward).to_be_visible()
    assert not overflows(page)
