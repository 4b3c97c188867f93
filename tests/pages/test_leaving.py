"""Leaving the site: the host is shown, nothing redirects, and nobody borrows our name."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client

from yiwang.foundation.leaving import UnknownTargetError, leaving_url

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[2] / "src" / "yiwang"
KNOWN = "https://gjzwfw.www.gov.cn/"
EVIL = [
    "https://evil.example/", "http://gjzwfw.www.gov.cn/", "//gjzwfw.www.gov.cn/",
    "https://gjzwfw.www.gov.cn@evil.example/", "https://gjzwfw.www.gov.cn.evil.example/",
    "https://evil.example\\@gjzwfw.www.gov.cn/", "https://gjzwfw.www.gov.cn:8443/",
    "https:/\\evil.example", "javascript:alert(1)//gjzwfw.www.gov.cn", "data:text/html,x",
    "https://gjzwfw.www.gov.cn\r\nX: y", "https://gjzwfw.www.gov.cn /", "https://[::1]/",
    "https://127.0.0.1/", "https://xn--/", "", "https://", "https://ɢjzwfw.www.gov.cn/",
]  # fmt: skip


@pytest.mark.row("R109")
@pytest.mark.parametrize("target", EVIL)
def test_an_unknown_target_is_not_offered(target: str) -> None:
    answer = Client().get(f"/leaving/?{urlencode({'to': target})}")
    assert answer.status_code == 404 and "Location" not in answer


@pytest.mark.row("R109")
def test_a_known_or_signed_target_is_shown_with_its_host_and_never_redirected_to() -> None:
    answer = Client().get(leaving_url(KNOWN))
    page = answer.content.decode()
    assert answer.status_code == 200 and "<strong>gjzwfw.www.gov.cn</strong>" in page
    assert "您访问的链接即将离开" in page and "是否继续?" in page and "其他政府网站" in page
    signed = leaving_url("https://www.post.example.com/track?n=1&m=2")
    page = Client().get(signed).content.decode()
    assert "<strong>www.post.example.com</strong>" in page and "非政府网站" in page
    assert 'href="https://www.post.example.com/track?n=1&amp;m=2"' in page
    assert Client().get(signed.replace("post", "pest", 1)).status_code == 404
    assert Client().get(signed[:-3] + "abc").status_code == 404


def test_a_target_that_is_no_plain_address_cannot_be_signed() -> None:
    with pytest.raises(UnknownTargetError):
        leaving_url("http://www.example.com/")


def test_no_template_links_to_another_site_by_itself() -> None:
    found = [
        path.name
        for path in SOURCE.rglob("*.html")
        if re.search(r"""(?:href|action|src)=["']?(?:https?:)?//""", path.read_text("utf-8"))
    ]
    assert found == []
    assert "/leaving/?to=https%3A%2F%2Fgjzwfw.www.gov.cn%2F" in Client().get("/").content.decode()
