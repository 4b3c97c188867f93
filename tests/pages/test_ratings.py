"""Pages of ratings: the window asks, the applicant rates, the organ handles, supervisors count."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor
from tests.integration.rating import LIN, bad, rated, visited
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations.filing import query_code_of
from yiwang.apps.people.models import Disclosure, Window
from yiwang.apps.ratings.models import BadRating, Rating, RatingInvitation, RatingShowing
from yiwang.apps.ratings.operations.inviting import token_of_invitation
from yiwang.foundation.clockwork import now
from yiwang.foundation.outbox.relay import drain

pytestmark = pytest.mark.django_db
CLERK, UNIT, CHARGE, OTHER, WATCH = (
    "chen-window",
    "luo-liaison",
    "sun-approve",
    "fan-liaison",
    "tang-supervise",
)
VISIT = {"paper_number": LIN, "paper_kind": "RESIDENT_ID", "kind": "CONSULTATION"}
TEXT = "已调取录像并向本人说明。"


@pytest.fixture
def case() -> Case:
    at = now()
    made = accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor(CLERK, at),
        at=at,
        hall="taolin-hall",
    )
    drain(at=at)
    return made


def a01() -> Window:
    return Window.objects.get(hall__slug="taolin-hall", number="A01")


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def test_a_clerk_records_a_visit_and_gets_a_picture_and_no_link() -> None:
    clerk = signed_in(CLERK)
    answer = clerk.post("/visits/", {**VISIT, "matter": "咨询食品经营许可"})
    row = RatingInvitation.objects.get(point="VISIT")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/codes/{row.pk}/")
    page = text_of(clerk, answer.headers["Location"])
    assert "请申请人扫码评价" in page and "<svg" in page and "style=" not in page
    assert "/rate/" not in page and token_of_invitation(row) not in page
    assert LIN not in page and "林小满" not in page
    assert RatingShowing.objects.filter(invitation=row, way="WINDOW_SCREEN").count() == 1


def test_what_was_typed_wrong_is_kept_and_told() -> None:
    clerk = signed_in(CLERK)
    answer = clerk.post("/visits/", {**VISIT, "paper_number": "5901", "matter": "咨询许可延续"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "咨询许可延续" in page and "error-summary" in page
    unknown = clerk.post("/visits/", {**VISIT, "kind": "", "matter": ""})
    assert unknown.status_code == 422 and "请选择来办什么" in unknown.content.decode()


def test_nobody_but_a_window_records_visits_and_shows_codes(case: Case) -> None:
    row = visited(now())
    for login in ("zhao-review", UNIT, WATCH, "lin-xiaoman"):
        for path in ("/visits/", f"/visits/codes/{row.pk}/", "/visits/window-code/"):
            text_of(signed_in(login), path, 403)
    for path in (f"/visits/codes/{row.pk}/", f"/visits/cases/{case.pk}/", "/visits/cases/999999/"):
        text_of(signed_in("he-window"), path, 404)


def test_an_accepted_case_leads_the_window_to_its_code(case: Case) -> None:
    clerk = signed_in(CLERK)
    assert f"/visits/cases/{case.pk}/" in text_of(clerk, f"/cases/{case.pk}/")
    assert "请申请人扫码评价" not in text_of(signed_in("zhao-review"), f"/cases/{case.pk}/")
    answer = clerk.get(f"/visits/cases/{case.pk}/", follow=True)
    assert "受理环节" in answer.content.decode()


def test_staff_who_open_the_link_cannot_rate() -> None:
    row = visited(now())
    path = f"/rate/{token_of_invitation(row)}/"
    for login in (CLERK, UNIT, WATCH):
        client = signed_in(login)
        assert "不能代评" in text_of(client, path, 403)
        assert client.post(path, {"satisfaction": "VERY_SATISFIED"}).status_code == 403
    assert not Rating.objects.exists()
    assert Client().post(path, {"satisfaction": "SATISFIED"}).status_code == 303
    again = Client().post(path, {"satisfaction": "VERY_SATISFIED"})
    assert again.status_code == 409
    assert Rating.objects.get().satisfaction == "SATISFIED"


@pytest.mark.row("R068")
def test_a_windows_fixed_code_leads_to_ones_own_services_and_a_stranger_sees_none(
    case: Case,
) -> None:
    row, path = visited(now()), f"/rate/at/{a01().pk}/"
    printed = text_of(signed_in(CLERK), "/visits/window-code/")
    assert "<svg" in printed and "桃林区政务服务大厅 A01" in printed
    mine = text_of(signed_in("lin-xiaoman"), path)
    assert f"/rate/{token_of_invitation(row)}/" in mine and case.item_name in mine
    for stranger in (Client(), signed_in("wang-shouren"), signed_in(CLERK)):
        page = text_of(stranger, path)
        assert re.search(r"/rate/[\w-]{20,}/", page) is None and case.item_name not in page
    wrong = Client().post(path, {"number": case.short_number, "code": "000000"})
    assert wrong.status_code == 422 and case.item_name not in wrong.content.decode()
    right = Client().post(path, {"number": case.short_number, "code": query_code_of(case)})
    links = re.findall(r"/rate/[\w-]{20,}/", right.content.decode())
    assert len(links) == 1, "the case's own point, not the visit"
    assert Client().post(links[0], {"satisfaction": "SATISFIED"}).status_code == 303
    assert Client().post(links[0], {"satisfaction": "SATISFIED"}).status_code == 409
    after = Client().post(path, {"number": case.short_number, "code": query_code_of(case)})
    assert "已评价" in after.content.decode() and links[0] not in after.content.decode()
    slip = signed_in(CLERK).get(f"/visits/cases/{case.pk}/", follow=True)
    assert "<svg" in slip.content.decode(), "a case's slip carries its own token"
    other = Window.objects.get(hall__slug="yecheng-hall", number="A01")
    elsewhere = text_of(signed_in("lin-xiaoman"), f"/rate/at/{other.pk}/")
    assert "没有可以评价的服务" in elsewhere


def test_wrong_codes_are_counted_by_number_wherever_they_are_tried(case: Case) -> None:
    for _ in range(20):
        Client().post("/rate/", {"number": case.short_number, "code": "000000"})
    blocked = Client().post("/rate/", {"number": case.short_number, "code": query_code_of(case)})
    assert blocked.status_code == 429
    assert "输错太多次" in blocked.content.decode()


def test_a_message_leads_its_reader_and_nobody_else_to_the_token() -> None:
    row = visited(now())
    path = f"/my/ratings/{row.pk}/"
    answer = signed_in("lin-xiaoman").get(path)
    assert answer.headers["Location"] == f"/rate/{token_of_invitation(row)}/"
    text_of(signed_in("wang-shouren"), path, 404)
    text_of(signed_in(CLERK), path, 403)
    assert Client().get(path).headers["Location"].startswith("/sign-in/")


def test_a_bad_rating_goes_all_its_way_on_the_pages() -> None:
    row = bad(now(), text="等了两个小时")
    unit, charge, path = signed_in(UNIT), signed_in(CHARGE), f"/bad-ratings/{row.pk}/"
    listed = text_of(unit, "/bad-ratings/")
    assert path in listed and "待核实" in listed
    page = text_of(unit, path)
    assert "等了两个小时" in page and "德州" in page and "见转述" in page
    empty = unit.post(f"{path}verify/", {"verdict": "FOUNDED", "text": "短"})
    assert empty.status_code == 422 and "6 到 480" in empty.content.decode()
    for client, action, more in (
        (unit, "contact", {"reached": "yes"}),
        (unit, "verify", {"verdict": "FOUNDED"}),
        (unit, "ledger", {}),
        (unit, "remedy", {}),
        (charge, "approve", {"approved": "yes"}),
        (unit, "call-back", {"satisfied": "yes"}),
    ):
        assert client.get(f"{path}{action}/").status_code == 200
        answer = client.post(f"{path}{action}/", {"text": TEXT, **more})
        assert (answer.status_code, action) == (303, action)
    assert BadRating.objects.get().state == "CLOSED"
    late = unit.post(f"{path}remedy/", {"text": TEXT})
    assert late.status_code == 409 and "已办结" in late.content.decode()
    assert "没有差评" in text_of(unit, "/bad-ratings/")
    assert path in text_of(unit, "/bad-ratings/?which=all")


def test_a_supervisor_reviews_what_the_organ_calls_malicious() -> None:
    row = bad(now())
    path = f"/bad-ratings/{row.pk}/"
    signed_in(UNIT).post(f"{path}verify/", {"verdict": "MALICIOUS", "text": TEXT})
    watch = signed_in(WATCH)
    assert path in text_of(watch, "/bad-ratings/?which=disputed")
    assert (
        signed_in(UNIT).post(f"{path}review/", {"exclude": "yes", "text": TEXT}).status_code == 403
    )
    assert watch.post(f"{path}review/", {"exclude": "yes", "text": TEXT}).status_code == 303
    assert "不计入统计" in text_of(watch, "/bad-ratings/?which=all")


def test_bad_ratings_are_for_their_organ_and_its_supervisors() -> None:
    row = bad(now())
    for login in (CLERK, "zhao-review", "zhu-system", "lin-xiaoman"):
        for path in ("/bad-ratings/", f"/bad-ratings/{row.pk}/", "/bad-ratings/figures/"):
            assert "权限" in text_of(signed_in(login), path, 403) or login == "lin-xiaoman"
    text_of(signed_in(OTHER), f"/bad-ratings/{row.pk}/", 404)
    assert "没有差评" in text_of(signed_in(OTHER), "/bad-ratings/")
    text_of(signed_in(UNIT), "/bad-ratings/?after=nonsense", 400)


def test_the_phone_of_a_named_one_is_shown_once_and_told_to_the_person() -> None:
    named, hidden = bad(now()), bad(now(), is_anonymous=True)
    unit = signed_in(UNIT)
    shown = unit.post(f"/bad-ratings/{named.pk}/phone/").content.decode()
    assert "19900000001" in shown
    told = Disclosure.objects.get(subject=named.subject)
    assert told.party_id == named.rating.invitation.party_id
    assert unit.post(f"/bad-ratings/{hidden.pk}/phone/").status_code == 404
    page = text_of(unit, f"/bad-ratings/{hidden.pk}/")
    assert "匿名" in page and hidden.rating.invitation.short_number not in page
    assert "19900000001" not in page and "phone" not in page


def test_the_list_takes_eight_statements_however_long() -> None:
    client = signed_in(WATCH)
    for _ in range(3):
        bad(now())
        with CaptureQueriesContext(connection) as captured:
            client.get("/bad-ratings/")
        assert len(captured) <= 8, "\n".join(q["sql"][:120] for q in captured)


def test_figures_show_both_sides_and_each_opens_to_its_rows() -> None:
    at = now()
    rated(visited(at), "SATISFIED", at)
    bad(at, is_anonymous=True)
    visited(at)
    watch = signed_in(WATCH)
    begin = (at - timedelta(days=1)).date().isoformat()
    with CaptureQueriesContext(connection) as captured:
        page = text_of(watch, f"/bad-ratings/figures/?first={begin}")
    assert len(captured) <= 8
    assert "50.000%" in page and "66.667%" in page and "桃林区政务服务中心" in page
    links = set(re.findall(r'href="(/bad-ratings/figures/rows/[^"]+)"', page))
    assert len(links) > 14
    for link in links:
        shown = text_of(watch, link.replace("&amp;", "&"))
        assert "的分" in shown
    text_of(watch, "/bad-ratings/figures/?first=x", 422)
    text_of(watch, "/bad-ratings/figures/rows/?figure=none", 404)
