"""Areas, organs, halls and windows: kept by the system administrator, closed and never deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import actor, received
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.catalog.public import current_version
from yiwang.apps.people.administration import AdministrationError, assign_post
from yiwang.apps.people.domain.places import PlaceKind
from yiwang.apps.people.models import (
    Account,
    Area,
    Hall,
    Organ,
    Post,
    PostHolding,
    SecurityEvent,
    Window,
)
from yiwang.apps.people.places.acting import close_place
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.identifiers import uscc
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db

LISTS = ("/admin/areas/", "/admin/organs/", "/admin/halls/", "/admin/windows/")
CODE = uscc.complete(department="1", organ_kind="1", region="990102", organ_body="00009999")
ORGAN = {
    "slug": "taolin-parks",
    "name": "椰城市桃林区园林局",
    "short_name": "桃林区园林局",
    "kind": "DEPARTMENT",
    "uscc": CODE,
    "area": "990102000000",
    "document_word": "椰桃园",
    "address": "",
    "phone": "",
    "reason": "机构改革方案",
}
HALL = {
    "slug": "luoying-hall",
    "name": "落英镇便民服务中心",
    "area": "990102100000",
    "address": "落英镇一号",
    "hours": "周一至周五 09:00—12:00、14:00—17:30;周六 09:00—12:00",
    "reason": "新设便民服务中心",
}


def post(path: str, login: str = "zhu-system", **typed: Any) -> Any:
    return signed_in(login).post(path, typed)


def organ(slug: str) -> Organ:
    return Organ.objects.get(slug=slug)


def values(response: Any) -> dict[str, str]:
    return {field["name"]: field.get("value", "") for field in response.context["fields"]}


def errors(response: Any) -> dict[str, str]:
    return {f["name"]: f["error"] for f in response.context["fields"] if f["error"]}


def freed(slug: str) -> Organ:
    """An organ that nobody holds a post at any longer."""
    found = organ(slug)
    PostHolding.objects.filter(post__organ=found).delete()
    return found


@pytest.mark.parametrize("path", [*LISTS, *(f"{path}add/" for path in LISTS)])
def test_only_the_system_administrator_opens_them(path: str) -> None:
    assert signed_in("zhu-system").get(path).status_code == 200
    for login in ("qin-security", "you-audit", "chen-window", "lin-xiaoman"):
        assert signed_in(login).get(path).status_code == 403


@pytest.mark.parametrize("path", LISTS)
def test_a_list_and_one_of_it_take_few_statements(path: str) -> None:
    client = signed_in("zhu-system")
    first = client.get(path).context["table"]["rows"][0]["url"]
    # One place asks each who may keep it open: posts, places below, cases, items.
    for address, most in ((path, 8), (first, 12)):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        assert len(captured) <= most


def test_the_tree_says_where_a_level_is_missing_and_what_is_a_zone() -> None:
    client = signed_in("zhu-system")
    below = client.get("/admin/areas/?under=990104000000").content.decode()
    assert "上面没有镇街一级" in below
    assert "云泽区" in below
    city = client.get("/admin/areas/?under=990100000000").content.decode()
    assert "园区,只作统计口径" in city


def test_a_search_finds_any_level_and_says_when_it_finds_none() -> None:
    client = signed_in("zhu-system")
    assert "雾岚村" in client.get("/admin/areas/?q=雾岚").content.decode()
    assert "没有符合的区域" in client.get("/admin/areas/?q=zzz").content.decode()
    assert "没有撤销过的机构" in client.get("/admin/organs/?closed=1").content.decode()


def test_a_new_organ_is_written_down_with_its_reason() -> None:
    assert post("/admin/organs/add/", **ORGAN).status_code == 303
    row = organ("taolin-parks")
    entry = RecordEntry.objects.get(subject=f"organ:{row.pk}")
    assert (entry.operation, entry.facts["reason"]) == ("people.add_organ", "机构改革方案")
    assert verify_all(environment().roots).is_clean
    shown = signed_in("zhu-system").get(f"/admin/organs/{row.pk}/").content.decode()
    assert "机构改革方案" in shown


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("uscc", CODE[:-1] + ("0" if CODE[-1] != "0" else "1")),
        ("uscc", "11990102000022015X"),
        ("document_word", "椰桃审"),
        ("document_word", "Tao"),
        ("area", "9901"),
        ("area", "990188000000"),
        ("slug", "Taolin Parks"),
        ("kind", "COMPANY"),
        ("name", ""),
        ("reason", "改"),
    ],
)
def test_a_slip_in_an_organ_is_named_at_its_field_and_nothing_is_lost(part: str, text: str) -> None:
    response = post("/admin/organs/add/", **(ORGAN | {part: text}))
    assert response.status_code == 422
    assert list(errors(response)) == [part]
    assert values(response)[part] == text or part == "kind"
    kept = {name: ORGAN[name] for name in ("address", "phone", "short_name") if name != part}
    assert {name: values(response)[name] for name in kept} == kept
    assert not Organ.objects.filter(slug="taolin-parks").exists()


def test_an_area_finds_its_parent_even_where_a_level_is_missing() -> None:
    typed = {"code": "990104198203", "name": "霞起村", "reason": "民政部门批复"}
    assert post("/admin/areas/add/", **typed).status_code == 303
    row = Area.objects.get(pk="990104198203")
    assert (row.parent_id, row.level, row.is_zone) == ("990104000000", "VILLAGE", False)


@pytest.mark.parametrize("code", ["990104198", "990104198201", "880104198203", "99010419820x"])
def test_a_wrong_division_code_or_one_without_a_parent_is_told(code: str) -> None:
    response = post("/admin/areas/add/", code=code, name="某村", reason="民政部门批复")
    assert response.status_code == 422
    assert list(errors(response)) == ["code"]
    assert values(response)["code"] == code


@pytest.mark.parametrize(
    "hours",
    ["工作日上午", "周一至周五 9点到12点", "周一 12:00—09:00", "周一 09:00—12:00、11:00—13:00"],
)
def test_hours_of_a_hall_must_be_readable(hours: str) -> None:
    response = post("/admin/halls/add/", **(HALL | {"hours": hours}))
    assert response.status_code == 422
    assert list(errors(response)) == ["hours"]
    assert values(response)["hours"] == hours


def test_hours_as_people_type_them_are_kept_in_their_normal_form() -> None:
    typed = HALL | {"hours": "工作日 9:00-12:00,13:30-17:00"}
    assert post("/admin/halls/add/", **typed).status_code == 303
    hall = Hall.objects.get(slug="luoying-hall")
    assert hall.hours == "周一至周五 09:00—12:00、13:30—17:00"
    same = {"name": hall.name, "address": hall.address, "reason": "再写一遍", "seen": "1"}
    again = post(f"/admin/halls/{hall.pk}/change/", hours="每天 9:00~12:00", **same)
    assert again.status_code == 303
    hall.refresh_from_db()
    assert hall.hours == "周一至周日 09:00—12:00"


def test_the_halls_of_the_city_have_readable_hours() -> None:
    for hall in Hall.objects.all():
        response = post(
            f"/admin/halls/{hall.pk}/change/",
            name=hall.name,
            address=hall.address + "(东门)",
            hours=hall.hours,
            reason="入口改到东门",
            seen="0",
        )
        assert response.status_code == 303


def test_a_hall_gets_a_window_and_the_window_its_items() -> None:
    assert post("/admin/halls/add/", **HALL).status_code == 303
    typed = {"hall": "luoying-hall", "number": "B01", "name": "综合窗口", "reason": "新设窗口"}
    assert post("/admin/windows/add/", **typed).status_code == 303
    assert list(errors(post("/admin/windows/add/", **typed))) == ["number"]
    window = Window.objects.get(hall__slug="luoying-hall")
    given = {"items": ["elder-card"], "reason": "按事项清单配置", "seen": "1"}
    assert post(f"/admin/windows/{window.pk}/package/", **given).status_code == 303
    window.refresh_from_db()
    assert window.package == ["elder-card"]


def test_a_renamed_organ_is_called_so_at_once_and_its_old_name_stays_in_the_record() -> None:
    row, typed = organ("taolin-market"), {"reason": "更名批复", "seen": "0", "phone": ""}
    typed |= {"name": "桃林区市场局", "short_name": "桃林市场", "address": "榕荫路15号"}
    assert post(f"/admin/organs/{row.pk}/change/", **typed).status_code == 303
    entry = RecordEntry.objects.get(subject=f"organ:{row.pk}")
    assert entry.facts["before"]["name"] == "椰城市桃林区市场监督管理局"
    at = now()
    holder = Account.objects.filter(holdings__post__organ=row, is_active=True)[0]
    signed = load_actor(holder.pk, at=at)
    assert signed is not None
    assert {p.organ_label for p in signed.actor.postings if p.organ_id == row.pk} <= {"桃林市场"}


def test_who_did_not_see_the_last_change_does_not_undo_it() -> None:
    row = organ("taolin-market")
    path = f"/admin/organs/{row.pk}/change/"
    typed = {"name": "甲", "short_name": "甲", "reason": "更名批复", "seen": "0"}
    assert post(path, **typed).status_code == 303
    late = post(path, **(typed | {"name": "乙"}))
    assert late.status_code == 409
    assert "刚才有人改过" in late.content.decode()
    row.refresh_from_db()
    assert row.name == "甲"


def test_a_window_takes_its_items_from_the_next_request_and_its_posts_page_tells() -> None:
    at, holding = now(), PostHolding.objects.get(account__login="chen-window")
    window = holding.post.window
    assert window is not None
    kept = [code for code in window.package if code != "elder-card"]
    typed = {"items": kept, "reason": "老年人证改由社区收", "seen": "0"}
    assert post(f"/admin/windows/{window.pk}/package/", **typed).status_code == 303
    signed = load_actor(holding.account_id, at=at)
    assert signed is not None
    assert signed.actor.postings[0].package == set(kept)
    told = signed_in("qin-security").get(f"/admin/posts/{holding.post_id}/").content.decode()
    assert "老年人证改由社区收" in told
    assert SecurityEvent.objects.filter(kind="PACKAGE_CHANGED").exists()


def test_an_unknown_item_is_not_put_into_a_package() -> None:
    window = Window.objects.order_by("id")[0]
    typed = {"items": ["no-such-item"], "reason": "按事项清单配置", "seen": "0"}
    response = post(f"/admin/windows/{window.pk}/package/", **typed)
    assert response.status_code == 422
    assert list(errors(response)) == ["items"]


def test_an_organ_with_holders_or_open_cases_is_not_closed_and_says_what_is_open() -> None:
    at = now()
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at)
    path = f"/admin/organs/{case.organ_id}/close/"
    shown = signed_in("zhu-system").get(path).content.decode()
    assert "在岗" in shown
    assert case.short_number in shown
    response = post(path, reason="机构撤并批复", seen="0")
    assert response.status_code == 409
    assert "还不能撤销" in response.content.decode()
    PostHolding.objects.filter(post__organ_id=case.organ_id).delete()
    assert case.short_number in post(path, reason="机构撤并批复", seen="0").content.decode()
    assert Organ.objects.get(pk=case.organ_id).valid_until is None


def test_a_closed_organ_keeps_its_history_and_gets_nothing_new() -> None:
    at = now()
    case = received("food-business-licence", by=actor("lin-xiaoman", at), at=at)
    row = freed(case.organ.slug)
    Case.objects.filter(pk=case.pk).update(state="WITHDRAWN", ended_at=at)
    typed = {"reason": "机构撤并批复", "seen": "0"}
    assert post(f"/admin/organs/{row.pk}/close/", **typed).status_code == 303
    row.refresh_from_db()
    assert row.valid_until == civil_date(at)
    assert current_version("food-business-licence", today=civil_date(at)) is None
    copied = (
        "INSERT INTO cases_case SELECT (jsonb_populate_record(c, jsonb_build_object("
        "'id', -1, 'number', 'x', 'short_number', 'x', 'filing_key', gen_random_uuid()))).* "
        "FROM cases_case c WHERE c.id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="organ is closed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(copied, [case.pk])
    with pytest.raises(AdministrationError, match="已经撤销"):
        assign_post(
            post_id=Post.objects.filter(organ=row)[0].pk,
            account_id=Account.objects.get(login="chen-window").pk,
            actor=actor("qin-security", at),
            at=at,
        )
    assert post(f"/admin/organs/{row.pk}/close/", **(typed | {"seen": "1"})).status_code == 409
    listed = signed_in("zhu-system").get("/admin/organs/?closed=1").content.decode()
    assert row.name in listed


def test_an_area_with_something_below_it_is_not_closed() -> None:
    response = post("/admin/areas/990104000000/close/", reason="区划调整批复", seen="0")
    assert response.status_code == 409
    assert "下级区域" in response.content.decode()
    assert (
        post("/admin/areas/990104198202/close/", reason="区划调整批复", seen="0").status_code == 303
    )
    assert "雾岚村" in signed_in("zhu-system").get("/admin/areas/?closed=1").content.decode()


def test_nobody_else_closes_an_organ() -> None:
    at = now()
    for login in ("qin-security", "you-audit"):
        with pytest.raises(AccessDeniedError):
            close_place(
                kind=PlaceKind.ORGAN,
                key=organ("taolin-fire").pk,
                reason="机构撤并批复",
                seen=0,
                actor=actor(login, at),
                at=at,
            )
