"""Filters of the work lists on the page: badges, keeping one under a name, the default."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, received
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, SavedFilter
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
LISTS = [
    ("chen-window", "/work/accept/"),
    ("chen-window", "/work/deliver/"),
    ("zhao-review", "/work/review/"),
    ("zhao-review", "/work/cases/"),
]


def food(days_ago: int = 0) -> Case:
    at = now() - timedelta(days=days_ago)
    by = actor("lin-xiaoman", at)
    return received("food-business-licence", by=by, at=at, hall="taolin-hall")


def save(client: Client, name: str, query: str = "due=LATE", **more: str) -> int:
    typed = {"work_list": "accept", "query": query, "name": name, **more}
    return client.post("/work/saved/", typed).status_code


@pytest.mark.parametrize(("login", "url"), LISTS)
def test_a_list_with_twenty_saved_filters_stays_within_eight_statements(
    login: str, url: str
) -> None:
    food(30)
    at = now() - timedelta(days=40)
    accepted("food-business-licence", by=actor("lin-xiaoman", at),
             clerk=actor("chen-window", at), at=at, hall="taolin-hall")  # fmt: skip
    account = actor(login, now()).account_id
    for number in range(20):
        SavedFilter.objects.create(
            account_id=account,
            work_list=url.split("/")[2],
            name=f"筛选{number}",
            query="applicant=PERSON&due=LATE",
            saved_at=now(),
        )
    client = signed_in(login)
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        page = client.get(f"{url}?due=LATE&applicant=PERSON")
    assert len(found) <= 8, [q["sql"][:120] for q in found]
    assert "筛选19" in page.content.decode()


def test_a_filter_is_saved_counted_opened_and_removed() -> None:
    late = food(30)
    food()
    client = signed_in("chen-window")
    assert save(client, "要赶的") == 303
    row = SavedFilter.objects.get()
    page = client.get("/work/accept/").content.decode()
    chip = page.split(">要赶的")[1].split("</a>")[0]
    assert '<span class="count">1</span>' in chip
    opened = client.get(f"/work/saved/{row.pk}/")
    assert opened["Location"] == "/work/accept/?due=LATE"
    page = client.get(opened["Location"]).content.decode()
    assert page.count("row-link") == 1
    assert late.short_number in page
    row.refresh_from_db()
    assert row.uses == 1
    client.post(f"/work/saved/{row.pk}/change/", {"do": "remove"})
    assert "还没有保存的筛选" in client.get("/work/saved/").content.decode()


def test_the_default_of_a_list_is_what_it_opens_with_and_all_is_one_click_away() -> None:
    late, fresh = food(30), food()
    client = signed_in("chen-window")
    save(client, "要赶的", is_default="1")
    save(client, "窗口收的", "channel=WINDOW", is_default="1")
    assert list(SavedFilter.objects.filter(is_default=True).values_list("name", flat=True)) == [
        "窗口收的"
    ]
    row = SavedFilter.objects.get(name="要赶的")
    client.post(f"/work/saved/{row.pk}/change/", {"do": "default"})
    page = client.get("/work/accept/").content.decode()
    assert "按您的默认筛选显示" in page
    assert late.short_number in page
    assert fresh.short_number not in page
    assert fresh.short_number in client.get("/work/accept/?all=1").content.decode()
    client.post(f"/work/saved/{row.pk}/change/", {"do": "plain"})
    assert fresh.short_number in client.get("/work/accept/").content.decode()


def test_a_name_is_asked_for_taken_once_and_twenty_are_enough() -> None:
    client = signed_in("chen-window")
    assert save(client, "") == 422
    assert save(client, "甲") == 303
    page = client.post(
        "/work/saved/", {"work_list": "accept", "query": "due=TODAY", "name": "甲"}
    ).content.decode()
    assert "已经有叫「甲」的筛选" in page
    assert 'value="甲"' in page, "what was typed is lost"
    assert "due=TODAY" in page
    for number in range(19):
        assert save(client, f"第{number}个") == 303
    assert save(client, "太多了") == 422
    assert SavedFilter.objects.count() == 20
    assert save(client, "没有条件", "hall=1") == 422


def test_a_saved_filter_is_ones_own_and_of_a_list_one_works() -> None:
    client, other = signed_in("chen-window"), signed_in("he-window")
    save(client, "要赶的")
    row = SavedFilter.objects.get()
    assert other.get(f"/work/saved/{row.pk}/").status_code == 404
    other.post(f"/work/saved/{row.pk}/change/", {"do": "remove"})
    assert SavedFilter.objects.filter(pk=row.pk).exists()
    assert save(signed_in("zhao-review"), "不是我的列表") == 403
    assert client.post("/work/saved/", {"work_list": "none"}).status_code == 404


def test_a_day_that_is_none_is_told_and_stays_as_typed() -> None:
    page = signed_in("zhao-review").get("/work/cases/?first=2026-13-40&state=REVIEW")
    text = page.content.decode()
    assert "请填写日期" in text
    assert 'value="2026-13-40"' in text
