"""The comprehensive window by a plain browser: person, item, form and materials, slip."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import PDF, answers_for, make_documents
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.people.models import Disclosure, Party
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument

# A valid code of a company of the demonstration.
COMPANY = "91990102MA0XM00158"

pytestmark = pytest.mark.django_db
XIAOMAN = "590102199005180244"


def at_items(client: Client, **typed: str) -> str:
    """Step 1 done; the address of step 2."""
    answer = client.post("/window/", {"paper_kind": "RESIDENT_ID", **typed})
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


def as_organisation(client: Client) -> str:
    """The token of 林小满 applying for her company, picked on step 2."""
    page = client.get(at_items(client, paper_number=XIAOMAN)).content.decode()
    assert "林* 本人" in page
    assert "椰城小满餐饮有限公司" in page
    return page.split('<a href="?who=')[1].split('"')[0]


def begin(client: Client, item: str, who: str) -> Draft:
    answer = client.post("/window/start/", {"who": who, "item": item})
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return Draft.objects.get(pk=answer["Location"].split("/")[3])


@pytest.mark.row("R019")
def test_any_item_of_the_package_is_taken_in_from_the_paper_to_the_slip() -> None:
    client = signed_in("chen-window")
    draft = begin(client, "food-business-licence", as_organisation(client))
    page = client.get(f"/window/drafts/{draft.pk}/").content.decode()
    assert "椰城小满餐饮有限公司" in page
    assert "91990102MA0XM00158" in page, "the form is not prefilled"
    assert "不用提交" in page
    answers = {k: _posted(v) for k, v in answers_for("food-business-licence").items()}
    answer = client.post(
        f"/window/drafts/{draft.pk}/",
        {
            **answers,
            "do": "submit",
            "paper": ["process", "safety_rules"],
            "file-layout": SimpleUploadedFile("布局图.pdf", PDF),
        },
    )
    case = Case.objects.get(filing_key=draft.pk)
    assert answer.status_code == 303
    assert answer["Location"] == f"/cases/{case.pk}/#papers"
    assert case.organ.slug == "taolin-market", "the window's own organ does not decide it"
    kept = {row.code: row.status for row in case.materials.all()}
    assert kept["layout"] == "PROVIDED"
    assert kept["process"] == kept["safety_rules"] == "PAPER"
    assert kept["business_licence"] == "HELD"
    make_documents(case, now())
    page = client.get(f"/cases/{case.pk}/").content.decode()
    slip = LegalDocument.objects.get(subject=case.subject, kind="RECEIPT")
    assert f"/documents/{slip.pk}/" in page
    assert case.short_number in page
    again = client.post(f"/window/drafts/{draft.pk}/", {**answers, "do": "submit"})
    assert again["Location"] == answer["Location"], "a second press makes a second case"
    assert Case.objects.filter(filing_key=draft.pk).count() == 1


def _posted(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


@pytest.mark.row("R032")
def test_nothing_missing_stops_the_receipt() -> None:
    client = signed_in("chen-window")
    draft = begin(client, "food-business-licence", as_organisation(client))
    answer = client.post(f"/window/drafts/{draft.pk}/", {"do": "submit", "shop_name": "小满面馆"})
    case = Case.objects.get(filing_key=draft.pk)
    assert answer["Location"] == f"/cases/{case.pk}/#papers"
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "请填写:经营场所地址" in page, "the clerk is not told what the form lacks"
    refused = client.post(f"/cases/{case.pk}/accept/", {"version": case.version})
    assert refused.status_code == 422, "a form with gaps was accepted"
    asked = client.post(f"/cases/{case.pk}/request-correction/", {"version": case.version})
    assert asked.status_code == 303
    notice = LegalDocument.objects.get(subject=case.subject, kind="CORRECTION_NOTICE")
    for name in ("经营场所布局图和主要设备设施", "食品加工操作流程", "食品安全规章制度目录"):
        assert name in str(notice.content), "what is not there was not told at once"


def test_what_is_typed_wrongly_comes_back_with_everything_typed() -> None:
    client = signed_in("chen-window")
    draft = begin(client, "food-business-licence", as_organisation(client))
    answer = client.post(
        f"/window/drafts/{draft.pk}/",
        {"do": "submit", "shop_name": "小满面馆", "area_sqm": "很大", "paper": "process"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="小满面馆"' in page
    assert 'value="很大"' in page
    assert 'value="process" checked' in page
    assert 'href="#id_area_sqm"' in page
    assert not Case.objects.filter(filing_key=draft.pk).exists()


def test_enter_in_a_field_saves_and_does_not_hand_in() -> None:
    client = signed_in("chen-window")
    draft = begin(client, "food-business-licence", as_organisation(client))
    page = client.get(f"/window/drafts/{draft.pk}/").content.decode()
    form = page.split('enctype="multipart/form-data"')[1]
    first = form[form.index("<button") :].split(">")[0]
    assert 'value="save"' in first, "the browser's Enter presses the first button"


def test_an_emptied_field_is_empty_after_saving() -> None:
    client = signed_in("chen-window")
    draft = begin(client, "food-business-licence", as_organisation(client))
    client.post(f"/window/drafts/{draft.pk}/", {"do": "save", "shop_name": "小满面馆"})
    client.post(f"/window/drafts/{draft.pk}/", {"do": "save", "seats": "12"})
    draft.refresh_from_db()
    assert draft.form == {"seats": 12}


@pytest.mark.row("R018")
def test_an_item_outside_the_package_is_taken_in_for_the_hall_that_has_it() -> None:
    client = signed_in("chen-window")
    address = at_items(client, paper_number=XIAOMAN)
    page = client.get(f"{address}&q=不动产").content.decode()
    assert "本大厅不进驻,可以代收" in page
    assert "由 椰城市政务服务大厅 办理" in page
    draft = begin(client, "real-estate-transfer", unquote(address.split("who=")[1]))
    assert (draft.hall.slug, draft.taken_in_window.number) == ("yecheng-hall", "A01")


def test_a_known_paper_needs_no_name_and_shows_a_masked_one() -> None:
    client = signed_in("chen-window")
    page = client.get(at_items(client, paper_number=XIAOMAN)).content.decode()
    assert "林*" in page
    assert XIAOMAN not in page
    assert "林小满" not in page


def test_a_new_person_is_registered_once() -> None:
    client = signed_in("chen-window")
    typed = {"paper_number": "11010519491231002X", "name": "赵新人", "phone": "19900000055"}
    before = Party.objects.count()
    at_items(client, **typed)
    at_items(client, **typed)
    assert Party.objects.count() == before + 1


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"paper_number": ""}, "#id_paper_number"),
        ({"paper_number": "590102199005180245"}, "#id_paper_number"),
        ({"paper_number": "11010519491231002X"}, "#id_name"),
        ({"paper_number": XIAOMAN, "name": "王小满"}, "#id_name"),
        ({"paper_number": XIAOMAN, "uscc": "123", "organisation": "某某公司"}, "#id_uscc"),
    ],
)
def test_what_was_read_wrongly_is_said_beside_its_field(typed: dict[str, str], place: str) -> None:
    client = signed_in("chen-window")
    answer = client.post("/window/", {"paper_kind": "RESIDENT_ID", **typed})
    assert answer.status_code == 422
    assert f'href="{place}"' in answer.content.decode()


def test_prefilling_is_a_disclosure_the_person_can_see() -> None:
    client = signed_in("chen-window")
    before = Disclosure.objects.count()
    begin(client, "food-business-licence", as_organisation(client))
    row = Disclosure.objects.latest("id")
    assert Disclosure.objects.count() == before + 1
    assert row.party.name == "林小满"
    assert "窗口收件" in row.reason


def test_another_clerk_cannot_use_the_address_of_who_is_at_my_window() -> None:
    address = at_items(signed_in("chen-window"), paper_number=XIAOMAN)
    answer = signed_in("lin-window").get(address)
    assert answer.status_code == 302
    assert answer["Location"] == "/window/"


def test_another_clerks_draft_does_not_exist() -> None:
    client = signed_in("chen-window")
    draft = begin(client, "food-business-licence", as_organisation(client))
    assert signed_in("lin-window").get(f"/window/drafts/{draft.pk}/").status_code == 404


def test_a_person_cannot_be_chosen_for_an_item_of_organisations() -> None:
    client = signed_in("chen-window")
    page = client.get(at_items(client, paper_number=XIAOMAN)).content.decode()
    assert "这个事项由法人或其他组织申请" in page


def test_the_window_is_for_those_who_receive() -> None:
    assert signed_in("zhao-review").get("/window/").status_code == 403
    assert signed_in("lin-xiaoman").get("/window/").status_code == 403
    assert Client().get("/window/").status_code == 302


def test_the_windows_pages_stay_within_their_statements() -> None:
    client = signed_in("chen-window")
    address = at_items(client, paper_number=XIAOMAN)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(address)
    assert len(found) <= 8, [q["sql"][:120] for q in found]


def test_a_company_code_in_the_place_of_a_person_is_moved_to_its_place() -> None:
    page = signed_in("chen-window").post(
        "/window/", {"paper_number": COMPANY, "paper_kind": "RESIDENT_ID"}
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert "这是单位的统一社会信用代码" in text
    assert re.search(f'name="uscc"[^>]*value="{COMPANY}"', text)
