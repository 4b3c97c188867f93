"""An application all the way, with a browser that runs no scripts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.acting import PDF, actor, answers_for, deciding, reviewed, tick_all
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.operations import filing, receiving
from yiwang.apps.cases.operations.delivering import pickup_code_of
from yiwang.apps.cases.pages.next_steps import next_step
from yiwang.apps.catalog.public import definition_of, form_sections
from yiwang.apps.people.public import Hall, Party
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.issuing import make_ready
from yiwang.foundation.documents.models import LegalDocument

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"


@pytest.fixture
def at() -> datetime:
    """Pages read the real clock; the acts between them must not be before."""
    return now()


def pdf(name: str = "材料.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def begin(client: Client, code: str = FOOD, hall: str = "taolin-hall") -> Draft:
    """Through the start page: for the first applicant offered."""
    page = client.get(f"/apply/{code}/start/").content.decode()
    applicant = re.findall(r'name="applicant" value="(\d+)"', page)[0]
    place = Hall.objects.get(slug=hall).pk
    response = client.post(f"/apply/{code}/start/", {"applicant": applicant, "hall": place})
    assert response.status_code == 303
    return Draft.objects.get(pk=response.url.split("/")[2])


def _posted(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def fill(client: Client, draft: Draft) -> None:
    """Every section of the form, then a file for every material that is asked for."""
    definition = definition_of(draft.item_version_id)
    answers = {**answers_for(definition.code), **draft.form}
    for number, section in enumerate(form_sections(definition), 1):
        data = {f.code: _posted(answers[f.code]) for f in section.fields if f.code in answers}
        response = client.post(f"/apply/{draft.pk}/{number}/", {**data, "act": "next"})
        assert response.status_code == 303, response.content.decode()
    page = client.get(f"/apply/{draft.pk}/materials/").content.decode()
    wanted = re.findall(r'type="file" name="([a-z_]+)"', page)
    assert wanted
    files = {code: pdf() for code in wanted}
    assert client.post(f"/apply/{draft.pk}/materials/", {**files, "act": "next"}).status_code == 303


def hand_in(client: Client, code: str = FOOD) -> Case:
    draft = begin(client, code)
    fill(client, draft)
    response = client.post(f"/apply/{draft.pk}/check/")
    assert response.status_code == 303
    return Case.objects.get(pk=response.url.split("/")[3])


def make_papers(case: Case, at: datetime) -> None:
    for row in LegalDocument.objects.filter(subject=case.subject, status="PENDING"):
        make_ready(row.pk, at=at)


def test_an_application_all_the_way_to_the_licence_without_scripts(at: datetime) -> None:
    client = signed_in("lin-xiaoman")
    case = hand_in(client)
    code = filing.query_code_of(case)
    receipt = client.get(f"/my/cases/{case.pk}/receipt/").content.decode()
    assert case.short_number in receipt
    assert code in receipt
    assert "已提交" in receipt
    assert "最迟" in receipt
    clerk, reviewer = actor("chen-window", at), actor("zhao-review", at)
    tick_all(case, clerk=clerk, at=at)
    receiving.accept(case_id=case.pk, actor=clerk, at=now())
    page = client.get(f"/my/cases/{case.pk}/").content.decode()
    assert "现在不用您做什么" in page
    assert "剩 <strong" in page or '剩 <strong class="figure">5</strong>' in page
    reviewed(case, reviewer=reviewer, at=now())
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=now())
    waiting = client.get(f"/my/cases/{case.pk}/").content.decode()
    assert "请先不要专程来取" in waiting
    assert pickup_code_of(case) not in waiting
    make_papers(case, now())
    ready = client.get(f"/my/cases/{case.pk}/").content.decode()
    assert pickup_code_of(case) in ready
    version = Case.objects.get(pk=case.pk).version
    assert client.post(f"/my/cases/{case.pk}/sign/", {"version": version}).status_code == 303
    case.refresh_from_db()
    assert case.state == "COMPLETED"
    certificate = LegalDocument.objects.get(subject=case.subject, kind="CERTIFICATE")
    download = client.get(f"/documents/{certificate.pk}/")
    assert download.status_code == 200
    assert download.content.startswith(b"%PDF")
    assert "食品经营许可证" in client.get("/my/certificates/").content.decode()


def test_what_the_city_knows_is_filled_in_and_says_from_where() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    page = client.get(f"/apply/{draft.pk}/1/").content.decode()
    assert "椰城小满餐饮有限公司" in page
    assert "91990102MA0XM00158" in page
    assert "已为您填好,来自单位登记信息" in page
    assert "已为您填好,来自您的实名信息" in page
    materials = client.get(f"/apply/{draft.pk}/materials/").content.decode()
    assert "政府已有这份材料:营业执照" in materials
    assert 'name="business_licence"' not in materials
    disputed = client.get(f"/apply/{draft.pk}/materials/?dispute=business_licence")
    assert 'name="business_licence"' in disputed.content.decode()


def test_an_own_file_takes_the_place_of_a_disputed_one() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    url = f"/apply/{draft.pk}/materials/"
    client.post(url, {"business_licence": pdf("我的执照.pdf"), "act": "upload"})
    page = client.get(url).content.decode()
    assert "我的执照.pdf" in page
    assert "以您上传的为准" in page
    client.post(url, {"remove": "business_licence"})
    assert "政府已有这份材料:营业执照" in client.get(url).content.decode()


def test_what_was_typed_stays_when_something_must_be_mended() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    response = client.post(
        f"/apply/{draft.pk}/2/",
        {"shop_name": "小满的店", "shop_address": "短", "area_sqm": "很大", "act": "next"},
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="小满的店"' in page
    assert 'value="短"' in page
    assert 'value="很大"' in page
    assert 'href="#id_area_sqm"' in page
    assert "需要修改" in page
    assert Draft.objects.get(pk=draft.pk).form["area_sqm"] == "很大"


def test_half_a_page_may_be_saved_and_an_answer_taken_back() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    url = f"/apply/{draft.pk}/2/"
    response = client.post(url, {"shop_name": "小满的店", "act": "later"})
    assert (response.status_code, response.url) == (303, "/my/")
    mine = client.get("/my/").content.decode()
    assert "草稿已保存,尚未提交" in mine
    client.post(url, {"shop_name": "", "act": "later"})
    assert "shop_name" not in Draft.objects.get(pk=draft.pk).form


def test_nothing_incomplete_can_be_handed_in_and_all_of_it_is_told_at_once() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    response = client.post(f"/apply/{draft.pk}/check/")
    page = response.content.decode()
    assert response.status_code == 422
    assert "请上传「经营场所布局图和主要设备设施」" in page
    assert "请填写:店铺名称(招牌)" in page
    assert f"/apply/{draft.pk}/2/#id_shop_name" in page
    assert f"/apply/{draft.pk}/materials/#material-layout" in page
    assert not Case.objects.filter(filing_key=draft.pk).exists()


def test_handing_in_twice_gives_one_case() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    fill(client, draft)
    first = client.post(f"/apply/{draft.pk}/check/")
    second = client.post(f"/apply/{draft.pk}/check/")
    assert first.url == second.url
    assert Case.objects.filter(filing_key=draft.pk).count() == 1


def test_a_file_that_is_none_is_refused_with_the_reason_and_the_others_are_kept() -> None:
    client = signed_in("lin-xiaoman")
    draft = begin(client)
    bad = SimpleUploadedFile("layout.pdf", b"MZ not a pdf")
    response = client.post(
        f"/apply/{draft.pk}/materials/", {"layout": bad, "process": pdf("流程.pdf"), "act": "next"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "「layout.pdf」没有收下:不能识别这个文件的格式" in page
    assert "流程.pdf" in page


def test_an_item_for_organisations_says_so_to_somebody_without_one() -> None:
    client = signed_in("wang-shouren")
    page = client.get(f"/apply/{FOOD}/start/")
    assert "您名下没有可以代表的单位" in page.content.decode()
    response = client.post(f"/apply/{FOOD}/start/", {"applicant": "1", "hall": "1"})
    assert response.status_code == 200
    assert not Draft.objects.exists()


def test_nobody_applies_for_somebody_they_do_not_represent() -> None:
    client = signed_in("lin-xiaoman")
    other = Party.objects.get(label="椰城海风医疗器械有限公司")
    hall = Hall.objects.get(slug="taolin-hall")
    response = client.post(f"/apply/{FOOD}/start/", {"applicant": other.pk, "hall": hall.pk})
    assert response.status_code == 422
    assert not Draft.objects.filter(applicant=other).exists()


def test_a_correction_is_answered_online_with_what_was_asked_in_view(at: datetime) -> None:
    client = signed_in("lin-xiaoman")
    case = hand_in(client)
    receiving.request_correction(
        case_id=case.pk,
        items=[("经营场所布局图", "没有标明洗手设施的位置")],
        actor=actor("chen-window", at),
        at=now(),
    )
    url = f"/my/cases/{case.pk}/correct/"
    page = client.get(url).content.decode()
    assert "没有标明洗手设施的位置" in page
    assert "去补正" in client.get("/my/").content.decode()
    version = Case.objects.get(pk=case.pk).version
    answers = {k: _posted(v) for k, v in case.contents.get(revision=1).form.items()}
    empty = client.post(url, {**answers, "version": version})
    assert empty.status_code == 422
    changed = {**answers, "shop_name": "改名的店", "staff_count": "许多", "version": version}
    wrong = client.post(url, changed)
    assert wrong.status_code == 422
    assert 'value="改名的店"' in wrong.content.decode()
    assert 'value="许多"' in wrong.content.decode()
    good = client.post(url, {**answers, "version": version, "file-layout": pdf("新图.pdf")})
    assert good.status_code == 303
    case.refresh_from_db()
    assert case.state == "RECEIVED"
    assert case.contents.count() == 1
    late = client.post(url, {**answers, "version": version, "file-layout": pdf("新图.pdf")})
    assert late.status_code == 409


def test_withdrawing_asks_first_and_tells_when_it_is_too_late() -> None:
    client = signed_in("lin-xiaoman")
    case = hand_in(client)
    assert "要撤回这个申请吗" in client.get(f"/my/cases/{case.pk}/withdraw/").content.decode()
    stale = client.post(f"/my/cases/{case.pk}/withdraw/", {"version": 99, "reason": "写错了店名"})
    assert stale.status_code == 409
    assert "写错了店名" in stale.content.decode()
    response = client.post(f"/my/cases/{case.pk}/withdraw/", {"version": case.version})
    assert response.status_code == 303
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"
    again = client.post(f"/my/cases/{case.pk}/withdraw/", {})
    assert again.status_code == 409


def test_opinions_of_the_review_are_not_told_before_the_decision(at: datetime) -> None:
    client = signed_in("lin-xiaoman")
    case = hand_in(client)
    clerk = actor("chen-window", at)
    tick_all(case, clerk=clerk, at=now())
    receiving.accept(case_id=case.pk, actor=clerk, at=now())
    reviewed(case, reviewer=actor("zhao-review", at), at=now())
    page = client.get(f"/my/cases/{case.pk}/").content.decode()
    assert "完成了「资料审查」" in page
    assert "材料属实,符合要求。" not in page
    assert "赵明澄" not in page
    assert "陈小帆" not in page


def test_a_representative_sees_what_another_one_filed(at: datetime) -> None:
    """The legal representative reads the case that the company's other agent handed in."""
    filer, legal = signed_in("chen-zhiyuan"), signed_in("zhou-haifeng")
    draft = begin_for(filer, "medical-device-licence", "椰城海风医疗器械有限公司")
    fill(filer, draft)
    case_id = filer.post(f"/apply/{draft.pk}/check/").url.split("/")[3]
    assert legal.get(f"/my/cases/{case_id}/").status_code == 200
    assert f"/my/cases/{case_id}/" in legal.get("/my/").content.decode()


def begin_for(client: Client, code: str, label: str) -> Draft:
    party = Party.objects.get(label=label)
    hall = Hall.objects.get(slug="yecheng-hall")
    response = client.post(f"/apply/{code}/start/", {"applicant": party.pk, "hall": hall.pk})
    assert response.status_code == 303
    return Draft.objects.get(pk=response.url.split("/")[2])


def test_a_day_that_is_over_is_not_told_as_one_to_wait_for(at: datetime) -> None:
    case = Case(state="REVIEW", promised_due_on=at.date() - timedelta(days=2))
    step = next_step(case, at)
    assert "已经过了" in step.text
    assert not step.is_mine
    case.promised_due_on = at.date() + timedelta(days=2)
    assert "前作出决定" in next_step(case, at).text
