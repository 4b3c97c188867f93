"""Who may open what: other people's drafts, cases, files and papers do not exist."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import PDF, accepted, actor, deciding, draft, received, reviewed
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import delivering, filing
from yiwang.apps.cases.public import case_facts
from yiwang.apps.people.public import Disclosure, Party
from yiwang.apps.ratings.domain.vocabulary import RatingPoint
from yiwang.apps.ratings.operations.inviting import invite, service_of_case, token_of
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.issuing import make_ready
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.messaging.models import Message

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"


@pytest.fixture
def at() -> datetime:
    return now()


@pytest.fixture
def case(at: datetime) -> Case:
    """林小满's company's case, received at 桃林区."""
    party = Party.objects.get(label="椰城小满餐饮有限公司")
    lin = actor("lin-xiaoman", at)
    return received(FOOD, by=lin, at=at, applicant=party, hall="taolin-hall")


def first_paper(case: Case, at: datetime) -> LegalDocument:
    paper = LegalDocument.objects.filter(subject=case.subject).first()
    assert paper is not None
    make_ready(paper.pk, at=at)
    return LegalDocument.objects.get(pk=paper.pk)


def test_other_peoples_things_do_not_exist(case: Case, at: datetime) -> None:
    lin = actor("lin-xiaoman", at)
    own = draft(FOOD, by=lin, at=at, applicant=Party.objects.get(pk=case.applicant_id))
    own.refresh_from_db()
    paper = first_paper(case, at)
    files = [
        Attachment.objects.get(pk=own.files["layout"]).pk,
        case.materials.get(code="layout").attachment_id,
    ]
    urls = [
        f"/apply/{own.pk}/1/",
        f"/apply/{own.pk}/materials/",
        f"/apply/{own.pk}/check/",
        f"/apply/{own.pk}/discard/",
        f"/my/cases/{case.pk}/",
        f"/my/cases/{case.pk}/receipt/",
        f"/my/cases/{case.pk}/qr.svg",
        f"/my/cases/{case.pk}/correct/",
        f"/my/cases/{case.pk}/withdraw/",
        f"/documents/{paper.pk}/",
        *(f"/files/{key}/" for key in files),
    ]
    owner, stranger = signed_in("lin-xiaoman"), signed_in("wang-shouren")
    for url in urls:
        assert owner.get(url).status_code in (200, 303), url
        assert stranger.get(url).status_code == 404, url
        assert Client().get(url).url.startswith("/sign-in/?next="), url
    for act in ("withdraw", "sign", "correct"):
        assert stranger.post(f"/my/cases/{case.pk}/{act}/", {}).status_code == 404
    assert stranger.post(f"/apply/{own.pk}/check/").status_code == 404
    assert signed_in("shen-publish").get(f"/my/cases/{case.pk}/").status_code == 403


def test_staff_of_another_organ_get_no_file(case: Case) -> None:
    key = case.materials.get(code="layout").attachment_id
    assert signed_in("feng-review").get(f"/files/{key}/").status_code == 404
    assert not Disclosure.objects.exists()


def test_staff_opening_a_file_is_recorded_for_the_person(case: Case, at: datetime) -> None:
    key = case.materials.get(code="layout").attachment_id
    paper = first_paper(case, at)
    assert signed_in("lin-xiaoman").get(f"/files/{key}/").status_code == 200
    assert not Disclosure.objects.exists()
    response = signed_in("chen-window").get(f"/files/{key}/")
    assert response.content == PDF
    row = Disclosure.objects.get()
    assert (row.party_id, row.subject) == (case.applicant_id, case.subject)
    assert "材料.pdf" in row.what
    signed_in("zhao-review").get(f"/documents/{paper.pk}/")
    assert Disclosure.objects.count() == 2


def test_a_file_is_sent_so_that_it_can_do_nothing(case: Case) -> None:
    key = case.materials.get(code="layout").attachment_id
    response = signed_in("lin-xiaoman").get(f"/files/{key}/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "private, no-store"


def test_an_image_is_sandboxed_and_an_odd_format_only_downloaded(at: datetime) -> None:
    from yiwang.apps.cases.operations.drafts import add_file

    lin = actor("lin-xiaoman", at)
    own = draft("elder-card", by=lin, at=at)
    png, tiff = b"\x89PNG\r\n\x1a\n" + b"0" * 32, b"II*\x00" + b"0" * 32
    sent = {}
    for name, content in (("a.png", png), ("b.tiff", tiff)):
        row = add_file(draft_id=own.pk, code="photo", name=name, content=content, actor=lin, at=at)
        sent[name] = signed_in("lin-xiaoman").get(f"/files/{row.pk}/")
    assert sent["a.png"]["Content-Security-Policy"].startswith("sandbox;")
    assert sent["b.tiff"]["Content-Disposition"].startswith("attachment;")


def test_a_paper_in_the_making_says_so(case: Case) -> None:
    paper = LegalDocument.objects.get(subject=case.subject)
    response = signed_in("lin-xiaoman").get(f"/documents/{paper.pk}/")
    assert response.status_code == 202
    assert "正在制作" in response.content.decode()
    assert "制作中" in signed_in("lin-xiaoman").get(f"/my/cases/{case.pk}/").content.decode()
    assert signed_in("lin-xiaoman").get(f"/documents/{uuid4()}/").status_code == 404


def test_my_pages_keep_to_their_statements(case: Case, at: datetime) -> None:
    lin = actor("lin-xiaoman", at)
    party = Party.objects.get(pk=case.applicant_id)
    for _ in range(3):
        received(FOOD, by=lin, at=at, applicant=party, hall="taolin-hall")
    draft(FOOD, by=lin, at=at, applicant=party)
    client = signed_in("lin-xiaoman")
    budgets = {
        "/my/": 8,
        "/": 8,
        "/my/certificates/": 8,
        f"/my/cases/{case.pk}/": 12,
        f"/my/cases/{case.pk}/receipt/": 12,
    }
    for url, most in budgets.items():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) <= most, (url, [query["sql"] for query in captured])


def test_my_list_pages_by_key(case: Case, at: datetime) -> None:
    from yiwang.apps.cases.pages.own import overview, parties_of

    lin = actor("lin-xiaoman", at)
    party = Party.objects.get(pk=case.applicant_id)
    second = received(FOOD, by=lin, at=at, applicant=party, hall="taolin-hall")
    first_page = overview(actor=lin, at=at, size=1)
    assert [row.case.pk for row in first_page.cases] == [second.pk]
    rest = overview(actor=lin, at=at, size=1, after=first_page.next_cursor)
    assert [row.case.pk for row in rest.cases] == [case.pk]
    assert rest.next_cursor is None
    assert parties_of(lin)[0] == lin.party_id
    assert signed_in("lin-xiaoman").get("/my/?after=nonsense").status_code == 400


def test_an_empty_list_says_how_to_begin() -> None:
    page = signed_in("shen-lan").get("/my/").content.decode()
    assert "您还没有办过事" in page
    assert 'href="/items/"' in page
    assert "还没有查到您的证照" in signed_in("he-guifang").get("/my/certificates/").content.decode()


def test_certificates_say_from_where_and_whether_they_hold() -> None:
    page = signed_in("lin-xiaoman").get("/my/certificates/").content.decode()
    assert "椰城小满餐饮有限公司" in page
    assert "人口基础信息库(演示)" in page
    assert "长期有效" in page


def test_progress_needs_the_code_and_shows_no_name(at: datetime) -> None:
    one = received("elder-card", by=actor("wang-shouren", at), at=at)
    client = Client()
    code = filing.query_code_of(one)
    found = client.post("/progress/", {"number": one.short_number, "code": code})
    page = found.content.decode()
    assert found.status_code == 200
    assert "老年人证办理" in page
    assert "王*" in page
    assert "王守仁" not in page
    wrong = "000000" if code != "000000" else "111111"
    denied = client.post("/progress/", {"number": one.short_number, "code": wrong})
    assert denied.status_code == 422
    assert one.short_number in denied.content.decode()
    assert "老年人证办理" not in denied.content.decode()


def test_five_wrong_tries_close_the_progress_page_for_the_session(at: datetime) -> None:
    one = received("elder-card", by=actor("wang-shouren", at), at=at)
    client = Client()
    for _ in range(5):
        assert client.post("/progress/", {"number": "1", "code": "1"}).status_code == 422
    right = {"number": one.short_number, "code": filing.query_code_of(one)}
    assert client.post("/progress/", right).status_code == 429
    session = client.session
    session["progress_since"] -= 16 * 60
    session.save()
    assert client.post("/progress/", right).status_code == 200


def concluded(at: datetime) -> Case:
    lin = actor("lin-xiaoman", at)
    party = Party.objects.get(label="椰城小满餐饮有限公司")
    clerk = actor("chen-window", at)
    one = accepted(FOOD, by=lin, clerk=clerk, at=at, applicant=party, hall="taolin-hall")
    reviewed(one, reviewer=actor("zhao-review", at), at=at)
    deciding.grant(case_id=one.pk, actor=actor("sun-approve", at), at=at)
    for row in LegalDocument.objects.filter(subject=one.subject):
        make_ready(row.pk, at=at)
    return delivering.deliver_online(case_id=one.pk, actor=lin, at=at)


def test_a_paper_is_checked_by_code_and_by_its_very_bytes(at: datetime) -> None:
    one = concluded(at)
    paper = LegalDocument.objects.select_related("file").get(
        subject=one.subject, kind="CERTIFICATE"
    )
    client, url = Client(), f"/check/{paper.check_code}/"
    page = client.get(url).content.decode()
    assert paper.number in page
    assert "有效" in page
    assert paper.file_id is not None
    assert paper.file_id in page.replace("<wbr>", "")
    loose = paper.check_code.replace("-", "").lower()
    assert client.get("/check/", {"code": loose}).url == url
    content = signed_in("lin-xiaoman").get(f"/documents/{paper.pk}/").content
    assert "文件是原件" in upload(client, url, content)
    assert "文件是原件" in upload(client, "/check/", content)
    altered = content.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    assert altered != content
    assert "文件与原件不一致" in upload(client, url, altered)
    other = LegalDocument.objects.get(subject=one.subject, kind="RECEIPT")
    bytes_of_other = signed_in("lin-xiaoman").get(f"/documents/{other.pk}/").content
    assert "签名有效,但与登记的文件不同" in upload(client, url, bytes_of_other)


def upload(client: Client, url: str, content: bytes) -> str:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("a.pdf", content, content_type="application/pdf")
    return client.post(url, {"file": file}).content.decode()


def test_a_person_is_masked_on_the_public_check_and_an_unknown_code_is_said_so(
    at: datetime,
) -> None:
    one = received("elder-card", by=actor("wang-shouren", at), at=at)
    paper = LegalDocument.objects.get(subject=one.subject)
    page = Client().get(f"/check/{paper.check_code}/").content.decode()
    assert "王*" in page
    assert "王守仁" not in page
    assert "制作中" in page
    unknown = Client().get("/check/AAAA-BBBB-CCCC-DDDD/")
    assert unknown.status_code == 404
    assert "没有这个查验码" in unknown.content.decode()
    assert Client().post("/check/", {}).status_code == 422


def test_one_case_is_rated_once_and_a_bad_grade_needs_a_word(at: datetime) -> None:
    one = concluded(at)
    invite(service_of_case(case_facts(one.pk), RatingPoint.ISSUE), at=at)
    client, url = Client(), f"/rate/{token_of(one.pk)}/"
    page = client.get(url).content.decode()
    for word in ("非常满意", "满意", "基本满意", "不满意", "非常不满意"):
        assert f"<span>{word}</span>" in page
    bare = client.post(url, {"satisfaction": "DISSATISFIED", "text": " "})
    assert bare.status_code == 422
    assert 'value="DISSATISFIED" checked' in bare.content.decode()
    assert client.post(url, {}).status_code == 422
    given = {"satisfaction": "DISSATISFIED", "tags": ["系统难用"], "is_anonymous": "1"}
    assert client.post(url, given).status_code == 303
    assert "谢谢您的评价" in client.get(url).content.decode()
    again = client.post(url, {"satisfaction": "SATISFIED"})
    assert again.status_code == 409
    assert "不满意" in again.content.decode()
    assert client.get("/rate/nothing/").status_code == 404


def test_a_message_of_the_case_leads_to_the_rating(at: datetime) -> None:
    one = concluded(at)
    Message.objects.create(
        kind="ratings.invitation",
        subject=one.subject,
        occasion="delivered",
        recipient_id=one.applicant_id,
        channel="IN_SITE",
        title="请您评价这次办理",
        body="一件一评。",
        link=f"/rate/{token_of(one.pk)}",
        status="SENT",
        created_at=at,
        sent_at=at,
    )
    client = signed_in("lin-xiaoman")
    assert f"/rate/{token_of(one.pk)}" in client.get(f"/my/cases/{one.pk}/").content.decode()
    assert "请您评价这次办理" in client.get("/my/").content.decode()


def test_words_that_are_never_said_to_applicants(case: Case, at: datetime) -> None:
    client = signed_in("lin-xiaoman")
    for url in ("/", "/my/", f"/my/cases/{case.pk}/", f"/items/{FOOD}/", "/progress/", "/check/"):
        page = client.get(url).content.decode()
        for word in ("拒绝", "驳回", "失败", "不通过"):
            assert word not in page, (url, word)
