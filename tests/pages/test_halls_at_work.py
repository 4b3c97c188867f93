"""进驻和一窗 on the page and as a file: all townships, those with none first, each figure opens."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
SHARES, RESIDENT = "/halls-at-work/", "/halls-at-work/resident/"
FOOD, HYGIENE = "food-business-licence", "public-place-hygiene"


def accept(item: str) -> Case:
    at = now()
    clerk, by = actor("chen-window", at), actor("lin-xiaoman", at)
    return accepted(item, by=by, clerk=clerk, at=at, hall="taolin-hall")


def table(client: Client, url: str) -> list[list[str]]:
    answer = client.get(url)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.row("R076")
def test_townships_with_none_are_all_there() -> None:
    page = signed_in("tang-supervise").get(SHARES).content.decode()
    for name in ("椰影街道", "落英镇", "月汀镇", "晴沙镇"):
        assert name in page
    assert "个镇街一件也没有" in page
    assert "占 <strong" in page
    assert "无" in page


@pytest.mark.row("R076")
def test_a_figure_opens_to_its_cases_and_the_file_says_the_same() -> None:
    cases = [accept(FOOD), accept(HYGIENE)]
    client = signed_in("tang-supervise")
    page = client.get(f"{SHARES}?level=DISTRICT").content.decode()
    assert "100.0 %" in page
    assert "2 ÷ 2" in page
    link = page.split('href="/halls-at-work/cases/?')[2].split('"')[0].replace("&amp;", "&")
    behind = client.get(f"/halls-at-work/cases/?{link}").content.decode()
    assert all(case.short_number in behind for case in cases)
    assert f'href="/cases/{cases[0].pk}/"' in behind
    rows = table(client, f"{SHARES}export.csv?level=DISTRICT")
    district = next(row for row in rows if row[0] == "桃林区")
    assert district[3:6] == ["2", "2", "100.0 %"]
    empty = next(row for row in rows if row[0] == "澄湾区")
    assert empty[3:6] == ["0", "0", "无"]


@pytest.mark.row("R076")
def test_the_manager_of_a_hall_sees_and_exports_that_district_only() -> None:
    accept(FOOD)
    client = signed_in("sun-approve")
    assert "椰城市政务服务大厅" not in client.get(f"{SHARES}?level=HALL").content.decode()
    names = {row[0] for row in table(client, f"{SHARES}export.csv?level=HALL")[1:]}
    assert names == {"桃林区政务服务大厅"}
    page = client.get(f"{SHARES}?level=HALL").content.decode()
    assert "由真正的综合窗口受理" in page


def test_a_day_that_is_none_is_said_with_what_was_typed() -> None:
    client = signed_in("tang-supervise")
    for query in ("first=31.12.2026", "first=2026-11-03&last=2026-11-01", "last=0001-01-01"):
        page = client.get(f"{SHARES}?{query}")
        assert page.status_code == 422
        assert "error-summary" in page.content.decode()
    assert client.get(f"{SHARES}export.csv?first=x").status_code == 422


def test_whoever_does_not_watch_halls_sees_none_of_it() -> None:
    pages = (SHARES, f"{SHARES}cases/", f"{SHARES}export.csv", RESIDENT, f"{RESIDENT}items/",
             f"{RESIDENT}export.csv")  # fmt: skip
    for url in pages:
        assert signed_in("chen-window").get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_a_figure_that_is_none_opens_to_a_page_that_says_so() -> None:
    client = signed_in("tang-supervise")
    for place in ("", "nothing", "990103100000", "9" * 30):
        page = client.get(f"{SHARES}cases/?level=TOWNSHIP&place={place}")
        assert page.status_code == 200
        assert "这里没有办件" in page.content.decode()
    assert client.get(f"{SHARES}cases/?after=garbage").status_code in (200, 400)


@pytest.mark.row("R018")
def test_resident_items_by_unit_open_to_the_items_and_export() -> None:
    client = signed_in("tang-supervise")
    page = client.get(RESIDENT).content.decode()
    assert "桃林区行政审批服务局" in page
    link = page.split('href="/halls-at-work/resident/items/?')[1].split('"')[0]
    items = client.get(f"{RESIDENT}items/?{link}").content.decode()
    assert "椰城市政务服务大厅" in items
    assert "桃林区政务服务大厅" in client.get(f"{RESIDENT}?by=hall").content.decode()
    rows = table(client, f"{RESIDENT}export.csv")
    assert rows[0] == ["单位", "事项", "事项标识", "进驻的大厅"]
    assert len(rows) > 40
    assert "这里没有进驻事项" in client.get(f"{RESIDENT}items/?organ=999999").content.decode()


def test_the_pages_stay_within_eight_statements() -> None:
    accept(FOOD)
    client = signed_in("tang-supervise")
    for url in (SHARES, f"{SHARES}?level=HALL", f"{SHARES}cases/?level=DISTRICT&place=990102000000",
                RESIDENT, f"{RESIDENT}items/"):  # fmt: skip
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        assert len(found) <= 8, [q["sql"][:120] for q in found]
