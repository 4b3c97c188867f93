"""The hall's pages without scripts: booking, one's own, the day, the roster, the audit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import actor
from tests.authorising import party
from tests.pages.client import signed_in

from yiwang.apps.cases.models import HelpRecord
from yiwang.apps.hall.models import Appointment, HelpZone, PriorityClass, RosterShift
from yiwang.apps.hall.slots import free_slots, last_day
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import BEIJING, civil_date

pytestmark = pytest.mark.django_db


def zone(name: str = "企业帮办专区") -> HelpZone:
    return HelpZone.objects.select_related("hall", "area").get(name__startswith=name)


def free(row: HelpZone) -> list[str]:
    at = now()
    slots = free_slots(row, first=civil_date(at), last=last_day(at), at=at)
    return [slot.starts_at.isoformat() for slot in slots if slot.is_free]


def book(client: Client, row: HelpZone, **more: str) -> Appointment:
    posted = {
        "starts_at": free(row)[0], "item": "elder-card", "wanted": "请帮忙填表。", "channel": "",
        "ground": "", **more,
    }  # fmt: skip
    answer = client.post(f"/halls/zones/{row.pk}/book/", posted)
    assert answer.status_code == 303, answer.content.decode()
    return Appointment.objects.latest("id")


def today(row: Appointment) -> Appointment:
    """The appointment as if it were of today, half an hour ago."""
    at = now().astimezone(BEIJING)
    Appointment.objects.filter(pk=row.pk).update(on=civil_date(at), starts_at=at)
    row.refresh_from_db()
    return row


def test_everybody_finds_the_halls_and_what_is_free_and_nothing_personal() -> None:
    row = zone()
    listed = Client().get("/halls/?item=elder-card").content.decode()
    assert row.name in listed and f"/halls/zones/{row.pk}/?item=elder-card" in listed
    page = Client().get(f"/halls/zones/{row.pk}/?item=elder-card").content.decode()
    assert "可以预约的时间" in page and "还有" in page
    assert Appointment.objects.filter(zone=row)[0].party_label not in page
    assert Client().get("/halls/zones/999999/").status_code == 404
    assert Client().get(f"/halls/zones/{row.pk}/book/").status_code == 302
    RosterShift.objects.filter(zone=row).delete()
    empty = Client().get(f"/halls/zones/{row.pk}/").content.decode()
    assert "最近没有可以预约的时段" in empty


def fill(row: HelpZone, day: date) -> None:
    """Every half hour of a day taken to the last place, by people who did not come."""
    one = Appointment.objects.filter(zone=row, begun_at=None)[0]
    for slot in free_slots(row, first=day, last=day, at=now()):
        there = Appointment.objects.filter(zone=row, starts_at=slot.starts_at)
        taken = set(there.values_list("number", flat=True))
        for number in sorted(set(range(1, row.places * 9)) - taken)[: slot.free]:
            one.pk, one.on, one.starts_at, one.number = None, day, slot.starts_at, number
            one.state = "ABSENT"
            one.save(force_insert=True)


def test_a_zone_opens_on_the_first_day_with_a_place_left_and_says_when_there_is_none() -> None:
    row = zone()
    days = sorted({slot[:10] for slot in free(row)})
    fill(row, date.fromisoformat(days[0]))
    page = Client().get(f"/halls/zones/{row.pk}/").content.decode()
    assert f'href="?on={days[1]}#days" aria-current="page"' in page and "还有" in page
    for day in days[1:]:
        fill(row, date.fromisoformat(day))
    assert not free(row)
    page = Client().get(f"/halls/zones/{row.pk}/").content.decode()
    assert "最近没有可以预约的时段" in page and '<nav class="tabs" aria-label="日期">' not in page


@pytest.mark.row("R057")
def test_somebody_books_reads_what_to_bring_moves_and_cancels() -> None:
    client, row = signed_in("he-guifang"), zone()
    at = free(row)[0]
    form = client.get(f"/halls/zones/{row.pk}/book/?at={at.replace('+', '%2B')}&item=elder-card")
    page = form.content.decode()
    assert (
        "平台默认(演示)" in page
        and f'value="{at}" selected' in page
        and 'value="elder-card" selected' in page
    )
    wrong = client.post(
        f"/halls/zones/{row.pk}/book/",
        {
            "party": party("he-guifang").pk,
            "starts_at": "",
            "item": "elder-card",
            "wanted": "看不清字",
            "channel": "ELDER",
        },
    )
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "请选择时段" in page and "看不清字" in page
    made = book(client, row, channel="ELDER", ground="72 岁")
    page = client.get(f"/my/appointments/{made.pk}/").content.decode()
    assert "要带什么" in page and "/items/elder-card/" in page and "取消预约" in page
    assert row.hall.address in page
    listed = client.get("/my/appointments/").content.decode()
    assert f"/my/appointments/{made.pk}/" in listed
    url = f"/my/appointments/{made.pk}"
    assert client.post(f"{url}/move/", {"starts_at": free(row)[-1]}).status_code == 303
    assert client.post(f"{url}/cancel/").status_code == 303
    assert client.post(f"{url}/cancel/").status_code == 409
    for other in ("wang-shouren", "chen-zhiyuan"):
        assert signed_in(other).get(f"{url}/").status_code == 404
    assert "您没有预约过帮办" in signed_in("elena").get("/my/appointments/").content.decode()
    assert "/my/appointments/" in client.get("/my/").content.decode()
    assert "/halls/?item=elder-card" in client.get("/items/elder-card/").content.decode()


@pytest.mark.row("R161")
def test_the_day_from_check_in_to_the_help_record_and_the_audit() -> None:
    row = zone()
    first = today(book(signed_in("zhang-yichen"), row))
    elder = today(book(signed_in("he-guifang"), row, channel="ELDER", ground="72 岁"))
    staff, list_ = signed_in("chen-window"), f"/zones/{row.pk}/"
    one = "/zones/appointments"
    assert staff.post(f"{one}/{first.pk}/check-in/", {"channel": ""}).status_code == 303
    bare = staff.post(f"{one}/{elder.pk}/check-in/", {"channel": "ELDER", "evidence": ""})
    assert bare.status_code == 422 and "没有出示凭据的" in bare.content.decode()
    shown = {"channel": "ELDER", "ground": "72 岁", "evidence": "身份证原件"}
    assert staff.post(f"{one}/{elder.pk}/check-in/", shown).status_code == 303
    page = staff.get(list_).content.decode()
    assert page.index(elder.party_label) < page.index(first.party_label)
    early = staff.post(f"{one}/{first.pk}/call/", {"reason": ""})
    assert early.status_code == 422 and "提前叫号要写明原因" in early.content.decode()
    assert staff.post(f"{one}/{first.pk}/call/", {"reason": "急着接孩子"}).status_code == 303
    assert staff.post(f"/zones/{row.pk}/call-next/").status_code == 303
    assert (
        "没有签到等候的人"
        in staff.post(f"/zones/{row.pk}/call-next/", follow=True).content.decode()
    )
    staff.post(f"{one}/{elder.pk}/start/")
    posted = {"kind": "WINDOW", "what": "代填申请表", "result": "", "number": ""}
    wrong = staff.post(f"{one}/{elder.pk}/end/", posted)
    assert wrong.status_code == 422 and "代填申请表" in wrong.content.decode()
    assert staff.post(f"{one}/{elder.pk}/end/", {**posted, "result": "已交"}).status_code == 303
    assert HelpRecord.objects.latest("id").what == "代填申请表"
    assert "代填申请表" in staff.get("/help/").content.decode()
    audit = signed_in("tang-supervise").get("/green-uses/").content.decode()
    assert "身份证原件" in audit and "没有按先后叫号" in audit and "急着接孩子" in audit
    assert "2(" in audit or "1(50.0 %)" in audit
    only = signed_in("tang-supervise").get("/green-uses/?marked=1").content.decode()
    assert "身份证原件" not in only and "急着接孩子" in only
    table = signed_in("tang-supervise").get("/green-uses/export.csv").content.decode("utf-8-sig")
    assert "急着接孩子" in table and "张奕辰" not in table
    assert staff.get("/green-uses/").status_code == 403


def test_the_pages_of_staff_are_for_the_staff_of_that_hall() -> None:
    row = zone()
    for login, status in (
        ("chen-window", 200), ("sun-approve", 200), ("tang-supervise", 200), ("zhu-system", 200),
        ("he-window", 404), ("zhao-review", 403), ("lin-xiaoman", 403),
    ):  # fmt: skip
        assert signed_in(login).get(f"/zones/{row.pk}/").status_code == status, login
    assert signed_in("chen-window").get(f"/zones/{row.pk}/roster/").status_code == 403
    page = signed_in("chen-window").get(f"/zones/{row.pk}/?on=2020-01-01").content.decode()
    assert "这一天没有预约" in page


@pytest.mark.row("R057")
def test_the_roster_is_seen_made_and_asks_before_the_booked_are_left_alone() -> None:
    row, manager = zone("园区"), signed_in("zheng-approve")
    url = f"/zones/{row.pk}/roster/"
    page = manager.get(url).content.decode()
    assert "何嘉树" in page and "撤下" in page
    wrong = manager.post(url, {"account": "", "on": "", "halves": "MORNING"})
    assert wrong.status_code == 422 and "以内的日期" in wrong.content.decode()
    booked = Appointment.objects.get(zone=row)
    shift = RosterShift.objects.get(zone=row, on=booked.on)
    off = f"/zones/shifts/{shift.pk}/off/"
    refused = manager.post(off, {"substitute": "", "tells": "no"})
    assert refused.status_code == 422 and "请选一位替班的同事" in refused.content.decode()
    assert manager.post(off, {"substitute": "", "tells": "yes"}).status_code == 303
    booked.refresh_from_db()
    assert booked.state == "DISPLACED"
    own = signed_in("ouyang-yan").get(f"/my/appointments/{booked.pk}/").content.decode()
    assert "请您另选" in own and "不用重新填写" in own
    later = civil_date(now()) + timedelta(days=40)
    who = actor("he-window", now()).account_id
    posted = {"account": who, "on": later, "halves": ["MORNING", "AFTERNOON"]}
    assert manager.post(url, posted).status_code == 303
    assert RosterShift.objects.filter(zone=row, on=later).count() == 2


def test_a_manager_adds_a_zone_and_a_class_and_nothing_typed_is_lost() -> None:
    manager = signed_in("sun-approve")
    posted = {
        "hall": zone().hall_id, "name": "注册专区", "place": "一楼", "kinds": ["REGISTRATION"],
        "audience": "ORGANISATIONS", "area": "", "classes": [], "hours_0": "9点到12点",
        "places": "3",
    }  # fmt: skip
    wrong = manager.post("/zones/new/", posted)
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "请写成 09:00-12:00" in page and "9点到12点" in page
    assert manager.post("/zones/new/", {**posted, "hours_0": "09:00-12:00"}).status_code == 303
    made = HelpZone.objects.get(name="注册专区")
    page = manager.get(f"/zones/{made.pk}/change/").content.decode()
    assert "09:00-12:00" in page and 'name="seen" value="1"' in page
    assert manager.post(f"/zones/{made.pk}/close/").status_code == 303
    kept = {
        "code": "soldier", "name": "军人优先", "rank": "3", "channels": ["MILITARY"],
        "source": "平台默认", "mark": "D", "active": "yes",
    }  # fmt: skip
    assert manager.post("/zones/classes/new/", {**kept, "rank": "0"}).status_code == 422
    assert manager.post("/zones/classes/new/", kept).status_code == 303
    assert PriorityClass.objects.get(pk="soldier").is_active
    assert "军人优先" in manager.get("/zones/classes/").content.decode()
    assert manager.get("/zones/classes/soldier/").status_code == 200
    assert manager.get("/zones/classes/none-such/").status_code == 404


def test_a_clerk_books_for_somebody_who_calls() -> None:
    row, client = zone(), signed_in("chen-window")
    posted = {
        "via": "PHONE", "paper_kind": "RESIDENT_ID", "name": "", "channel": "",
        "paper_number": party("wang-shouren").paper_number, "starts_at": free(row)[0],
        "item": "", "wanted": "来问养老金",
    }  # fmt: skip
    url = f"/zones/{row.pk}/book/"
    wrong = client.post(url, {**posted, "paper_number": "123"})
    assert wrong.status_code == 422 and "来问养老金" in wrong.content.decode()
    assert client.post(url, posted).status_code == 303
    made = Appointment.objects.latest("id")
    assert (made.party_id, made.via) == (party("wang-shouren").pk, "PHONE")
    assert client.get(f"/zones/appointments/{made.pk}/move/").status_code == 200
    assert client.post(f"/zones/appointments/{made.pk}/cancel/").status_code == 303


@pytest.mark.parametrize(
    ("login", "url"),
    [
        ("he-guifang", "/halls/zones/{zone}/"),
        ("he-guifang", "/my/appointments/"),
        ("chen-window", "/zones/"),
        ("chen-window", "/zones/{zone}/"),
        ("sun-approve", "/zones/{zone}/roster/"),
        ("tang-supervise", "/green-uses/"),
    ],
)
def test_a_list_takes_eight_statements(login: str, url: str) -> None:
    client, address = signed_in(login), url.format(zone=zone().pk)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= 8, "\n".join(q["sql"][:140] for q in captured)
