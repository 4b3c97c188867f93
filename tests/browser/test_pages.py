"""Every page of every role: readable by all, on a phone too, with nothing wrong in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import PHONE, WIDE, overflows, serious_findings

pytestmark = pytest.mark.browser

# {name}: an id of tests.browser.prepare. A path with a status other than 200 has it in front.
PAGES = {
    "": [
        "/", "/items/", "/items/?q=开店", "/items/?q=没有这样的事", "/items/elder-card/",
        "/items/food-business-licence/", "/items/real-estate-transfer/", "/items/elder-card/print/",
        "/sign-in/", "/accessibility/", "/progress/", "/check/", "/check/{check_code}/",
        "404 /check/AAAA-AAAA-AAAA-AAAA/", "/rate/{token}/", "404 /rate/none/", "/demo/",
        "404 /none/",
    ],
    "lin-xiaoman": [
        "/", "/my/", "/my/certificates/", "/my/disclosures/", "/apply/food-business-licence/start/",
        "/apply/{draft}/1/", "/apply/{draft}/2/", "/apply/{draft}/3/", "/apply/{draft}/materials/",
        "/apply/{draft}/materials/?dispute=business_licence", "/apply/{draft}/check/",
        "/apply/{draft}/discard/", "/my/cases/{received}/", "/my/cases/{received}/receipt/",
        "/my/cases/{received}/withdraw/", "/my/cases/{asked}/", "/my/cases/{asked}/correct/",
        "/my/cases/{review}/", "/my/cases/{refused}/", "403 /work/",
    ],
    "wang-shouren": ["/apply/food-business-licence/start/", "/my/cases/{ready}/",
                     "/my/cases/{done}/"],
    "gulinaer": ["/my/cases/{paused}/"],
    "chen-window": [
        "/window/", "/work/accept/", "/work/deliver/", "/work/find/?q={short_number}",
        "/work/absence/", "/cases/{received}/", "/cases/{received}/correct/",
        "/cases/{asked}/", "/cases/{asked}/supply/", "403 /admin/jobs/",
    ],
    "zhao-review": ["/work/review/", "/work/cases/", "/cases/{review}/"],
    "feng-review": ["/cases/{paused}/"],
    "sun-approve": ["/work/review/", "/cases/{decide}/", "/cases/{refused}/"],
    "he-window": ["/work/deliver/", "/cases/{ready}/", "/cases/{done}/"],
    "tang-supervise": ["/supervision/", "/cases/{review}/"],
    "xu-editor": ["/catalog/", "/catalog/import/", "/catalog/elder-card/",
                  "/catalog/versions/{version}/"],
    "shen-publish": ["/catalog/", "/catalog/versions/{version}/"],
    "zhu-system": ["/admin/accounts/", "/admin/accounts/{account}/", "/admin/calendar/",
                   "/admin/jobs/", "/admin/messages/"],
    "qin-security": ["/admin/posts/", "/admin/posts/{post}/", "/admin/security/"],
    "you-audit": ["/admin/record/", "/admin/record/?subject=case:{done}", "/admin/security/"],
}  # fmt: skip
CASES = [(login, path) for login, paths in PAGES.items() for path in paths]


class Window:
    """One window of one person, and what its console said since the last question."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
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


@pytest.mark.parametrize(("login", "path"), CASES)
def test_the_page_can_be_used_by_everybody_wide_and_on_a_phone(
    login: str, path: str, windows: Callable[[str], Window], known: dict[str, Any]
) -> None:
    status, _, path = path.rpartition(" ") if path[0].isdigit() else ("200", "", path)
    window = windows(login)
    page = window.page
    page.set_viewport_size(WIDE)
    answer = page.goto(path.format(**known))
    assert answer is not None
    assert answer.status == int(status)
    found = [f"1280: {finding}" for finding in serious_findings(page)]
    page.set_viewport_size(PHONE)
    found += [f"390: {finding}" for finding in serious_findings(page)]
    if overflows(page):
        found.append("390: the page scrolls sideways")
    said = [text for text in window.asked() if status == "200" or f"status of {status}" not in text]
    assert found + said == []
