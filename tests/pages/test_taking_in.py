"""代收 by a plain browser: found at the item step, handed over, signed for, found missing."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import PDF, actor, answers_for
from tests.integration.taking import ESTATE, hall, papers_of, row_of, taken_in
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, Draft, PapersHandOver
from yiwang.apps.cases.operations import receiving, taking_in
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
TAKER, RIGHT = "chen-window", "he-window"
HAND_OVER, CONFIRM, ALL = "/work/taken-in/", "/work/taken-in/confirm/", "/work/taken-in/all/"
GULINAER = "590103198707010284"


def items_address(client: Client) -> str:
    answer = client.post("/window/", {"paper_kind": "RESIDENT_ID", "paper_number": GULINAER})
    return answer["Location"]


def handed_over(*cases: Case) -> PapersHandOver:
    return taking_in.hand_over(
        case_ids=[c.pk for c in cases],
        way="INTERNAL",
        parcel_number="",
        actor=actor(TAKER, now()),
        at=now(),
    )


@pytest.mark.row("R018")
def test_whatever_the_city_offers_is_found_and_can_be_begun() -> None:
    client = signed_in(TAKER)
    address = items_address(client)
    page = client.get(f"{address}&q=不动产").content.decode()
    assert "本大厅不进驻,可以代收" in page
    who = unquote(address.split("who=")[1])
    begun = client.post("/window/start/", {"who": who, "item": ESTATE})
    draft = Draft.objects.get(item_code=ESTATE)
    assert begun["Location"] == f"/window/drafts/{draft.pk}/"
    page = client.get(begun["Location"]).content.decode()
    assert "纸质材料最迟" in page
    answer = client.post(begun["Location"], {"do": "submit"}, follow=True)
    case = Case.objects.get(filing_key=draft.pk)
    text = answer.content.decode()
    assert f"/cases/{case.pk}/" in answer.redirect_chain[-1][0]
    assert "本大厅代收" in text
    assert "补齐代收材料" in text
    assert "告知补正</button>" not in text


@pytest.mark.row("R018")
def test_where_several_halls_have_it_the_clerk_is_asked_and_loses_nothing() -> None:
    hall("nearer", "990102001000", [ESTATE])
    client = signed_in(TAKER)
    address = items_address(client)
    page = client.get(f"{address}&q=不动产").content.decode()
    assert '<option value="nearer">nearer大厅</option>' in page
    who = unquote(address.split("who=")[1])
    asked = client.post("/window/start/", {"who": who, "item": ESTATE}, follow=True)
    text = asked.content.decode()
    assert "请选择由哪个大厅办理" in text
    assert '<option value="nearer">' in text, "the clerk must search again"
    client.post("/window/start/", {"who": who, "item": ESTATE, "hand_to": "nearer"})
    assert Draft.objects.get(item_code=ESTATE).hall.slug == "nearer"


@pytest.mark.row("R018")
def test_the_selected_ones_are_handed_over_on_a_list_to_print_and_signed_for() -> None:
    cases = [taken_in(at=now()), taken_in(at=now())]
    taker, right = signed_in(TAKER), signed_in(RIGHT)
    page = taker.get(HAND_OVER).content.decode()
    assert all(case.short_number in page for case in cases)
    sent = taker.post(
        f"{HAND_OVER}hand-over/",
        {"case": [c.pk for c in cases], "way": "POST", "parcel_number": "EMS0001234"},
    )
    made = PapersHandOver.objects.get()
    assert sent["Location"] == f"/work/hand-overs/{made.pk}/"
    for client in (taker, right):
        listed = client.get(sent["Location"]).content.decode()
        assert made.number in listed
        assert "EMS0001234" in listed
        assert all(case.short_number in listed for case in cases)
    assert "代收,纸质材料在途" in right.get("/work/accept/").content.decode()
    waiting = right.get(CONFIRM).content.decode()
    assert all(case.short_number in waiting for case in cases)
    done = right.post(CONFIRM, {"case": [c.pk for c in cases]}, follow=True).content.decode()
    assert "已签收 2 个办件" in done
    assert "代收,纸质材料在途" not in right.get("/work/accept/").content.decode()
    followed = taker.get(ALL).content.decode()
    assert "已签收" in followed
    assert "已收件待受理" in followed


@pytest.mark.row("R018")
def test_what_is_missing_stands_on_top_of_the_taking_halls_list() -> None:
    case = taken_in(at=now())
    handed_over(case)
    right = signed_in(RIGHT)
    form = f"/cases/{case.pk}/missing-papers/"
    code = next(iter(row_of(case).papers))
    nothing = right.post(form, {"note": "信封是空的"})
    assert nothing.status_code == 422
    assert "信封是空的" in nothing.content.decode(), "what was typed is lost"
    assert right.post(form, {"missing": code, "note": "信封是空的"}).status_code == 303
    page = signed_in(TAKER).get(HAND_OVER).content.decode()
    assert "签收时缺件" in page
    assert "信封是空的" in page
    assert right.post(form, {"missing": code}).status_code == 409


def test_nothing_chosen_or_no_parcel_number_is_said_and_nothing_typed_is_lost() -> None:
    case = taken_in(at=now())
    client = signed_in(TAKER)
    empty = client.post(f"{HAND_OVER}hand-over/", {"way": "POST", "parcel_number": "12"})
    assert empty.status_code == 422
    assert "请勾选" in empty.content.decode()
    short = client.post(
        f"{HAND_OVER}hand-over/", {"case": case.pk, "way": "POST", "parcel_number": "12"}
    )
    text = short.content.decode()
    assert short.status_code == 422
    assert "邮寄移交要填邮件号码" in text
    assert 'value="12"' in text
    assert re.search(rf'name="case" value="{case.pk}" checked', text)
    assert client.post(CONFIRM, {"case": "x" * 30}).status_code == 422


def test_papers_brought_later_are_taken_in_until_they_leave() -> None:
    case = taken_in(at=now(), paper=[])
    client = signed_in(TAKER)
    form = f"/cases/{case.pk}/complete-papers/"
    code = papers_of(ESTATE, now())[0]
    assert client.get(form).status_code == 200
    assert client.post(form, {}).status_code == 422
    scan = SimpleUploadedFile("新.pdf", PDF)
    assert client.post(form, {"paper": code, f"file-{code}": scan}).status_code == 303
    handed_over(case)
    late = client.post(form, {"paper": code})
    assert late.status_code == 409
    assert "已移交" in late.content.decode()
    assert signed_in(RIGHT).get(form).status_code == 404


@pytest.mark.row("R018")
def test_the_taking_windows_screen_has_no_act_on_the_application() -> None:
    case = taken_in(at=now())
    client = signed_in(TAKER)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f'action="/cases/{case.pk}/accept/"' not in page
    assert client.post(f"/cases/{case.pk}/accept/", {"version": case.version}).status_code == 403
    assert "代收的纸质件,在途" in signed_in(RIGHT).get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.row("R018")
def test_who_was_asked_for_a_correction_is_served_at_the_same_counter() -> None:
    case = taken_in(at=now(), paper=[])
    who = {"actor": actor(RIGHT, now()), "at": now()}
    receiving.request_correction(case_id=case.pk, items=[("合同", "缺页")], **who)
    client = signed_in(TAKER)
    supply = f"/cases/{case.pk}/supply/"
    assert f'href="{supply}"' in client.get(f"/cases/{case.pk}/").content.decode()
    version = Case.objects.get(pk=case.pk).version
    code = papers_of(ESTATE, now())[0]
    answers = {
        name: ("true" if value is True else "false" if value is False else value)
        for name, value in answers_for(ESTATE).items()
    }
    done = client.post(supply, {"version": version, "paper": code, **answers})
    assert done.status_code == 303, done.content.decode()[:2000]
    assert case.short_number in client.get(HAND_OVER).content.decode()


@pytest.mark.row("R018")
def test_another_hall_and_other_people_see_nothing() -> None:
    case = taken_in(at=now())
    made = handed_over(case)
    for login in ("zhou-review", "lin-xiaoman"):
        assert signed_in(login).get(HAND_OVER).status_code == 403
    assert Client().get(HAND_OVER).status_code == 302
    from tests.integration.taking import moved_to

    third = hall("third", "990103000000", [ESTATE])
    moved_to("lin-window", third.windows.get(), now())
    other = signed_in("lin-window")
    for address in (f"/cases/{case.pk}/", f"/work/hand-overs/{made.pk}/",
                    f"/cases/{case.pk}/missing-papers/"):  # fmt: skip
        assert other.get(address).status_code == 404
    assert case.short_number not in other.get(CONFIRM).content.decode()
    assert other.post(CONFIRM, {"case": case.pk}).status_code == 404


@pytest.mark.parametrize(
    ("url", "empty"),
    [
        (HAND_OVER, "现在没有待移交的代收材料"),
        (CONFIRM, "现在没有待签收的代收材料"),
        (ALL, "本大厅还没有代收过"),
    ],
)
def test_an_empty_list_says_what_would_be_there(url: str, empty: str) -> None:
    page = signed_in("lin-window").get(url)
    assert page.status_code == 200
    assert empty in page.content.decode()


def test_the_lists_stay_within_eight_statements() -> None:
    cases = [taken_in(at=now()) for _ in range(3)]
    for login, url in ((TAKER, HAND_OVER), (TAKER, ALL), (RIGHT, "/work/accept/")):
        client = signed_in(login)
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        assert len(found) <= 8, [q["sql"][:120] for q in found]
    handed_over(*cases)
    client = signed_in(RIGHT)
    with CaptureQueriesContext(connection) as found:
        client.get(CONFIRM)
    assert len(found) <= 8, [q["sql"][:120] for q in found]
    client = signed_in(TAKER)
    address = f"{items_address(client)}&q=登记"
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    assert len(found) <= 9, [q["sql"][:120] for q in found]


@pytest.mark.row("R018")
def test_the_administrator_sees_what_is_resident_by_hall_and_by_item() -> None:
    from yiwang.apps.people.models import Hall, Window

    client = signed_in("zhu-system")
    place = Hall.objects.get(slug="taolin-hall")
    page = client.get(f"/admin/halls/{place.pk}/").content.decode()
    assert "进驻事项" in page
    assert "食品经营许可" in page
    assert "A01、A02" in page
    items = client.get("/admin/residents/?q=食品经营").content.decode()
    assert "桃林区政务服务大厅(A01、A02)" in items
    assert "每个事项都至少进驻一个大厅" in client.get("/admin/residents/?none=1").content.decode()
    city = Window.objects.get(hall__slug="yecheng-hall", number="A01")
    city.package = [code for code in city.package if code != ESTATE]
    city.save()
    assert ESTATE in client.get("/admin/residents/?none=1").content.decode()
    assert signed_in("chen-window").get("/admin/residents/").status_code == 403
