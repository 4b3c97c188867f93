"""Asking and answering on pages: typed text is kept, the guide shows what an editor wrote."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.acting import actor, received
from tests.pages.client import signed_in

from yiwang.apps.enquiries.models import Enquiry, GuideNote
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
GUIDE = "/items/elder-card/"


def test_somebody_who_is_not_signed_in_asks_and_reads_the_answer_with_the_slip() -> None:
    anybody = Client()
    assert "在线咨询、纠错" in anybody.get(GUIDE).content.decode()
    page = anybody.get(f"{GUIDE}ask/").content.decode()
    assert "投诉要告知您处理结果,请先登录" in page and 'value="COMPLAINT"' not in page
    answer = anybody.post(f"{GUIDE}ask/", {"kind": "CONSULT", "text": "短"})
    assert answer.status_code == 422 and "请写清楚" in answer.content.decode()
    answer = anybody.post(
        f"{GUIDE}ask/", {"kind": "CONSULT", "text": "周六能办吗?", "contact": "a@b.cn"}
    )
    assert answer.status_code == 303
    slip = answer["Location"]
    page = anybody.get(slip).content.decode()
    assert "周六能办吗?" in page and "请保存本页地址" in page and "a@b.cn" not in page
    assert anybody.get("/asked/nothing/").status_code == 404


def test_a_case_is_complained_about_and_handled_by_another_person_on_pages() -> None:
    at = now()
    case = received("elder-card", by=actor("he-guifang", at), at=at)
    citizen = signed_in("he-guifang")
    assert f"/my/cases/{case.pk}/ask/" in citizen.get(f"/my/cases/{case.pk}/").content.decode()
    posted = {"kind": "COMPLAINT", "text": "等了一上午没有人叫号。"}
    url = citizen.post(f"/my/cases/{case.pk}/ask/", posted)["Location"]
    assert "待决定是否受理" in citizen.get(url).content.decode()
    assert signed_in("wang-shouren").get(url).status_code == 404
    assert "投诉:老年人证办理" in citizen.get("/my/enquiries/").content.decode()
    row = Enquiry.objects.get()
    reviewer = signed_in("zhou-review")
    listed = reviewer.get("/enquiries/").content.decode()
    assert "等了一上午" not in listed  # what was written is not in lists
    assert row.asker_label in listed
    page = reviewer.get(f"/enquiries/{row.pk}/").content.decode()
    assert "等了一上午没有人叫号" in page and "不予受理投诉" in page
    empty = reviewer.post(f"/enquiries/{row.pk}/", {"action": "ACCEPT", "text": ""})
    assert empty.status_code == 422
    done = reviewer.post(f"/enquiries/{row.pk}/", {"action": "ACCEPT", "text": "已受理,正在核实。"})
    assert done.status_code == 303
    assert "已受理,正在核实" in citizen.get(url).content.decode()
    assert signed_in("zhu-system").get("/enquiries/").status_code == 403


def test_an_answered_question_can_be_asked_again_and_nothing_typed_is_lost() -> None:
    citizen, reviewer = signed_in("he-guifang"), signed_in("zhou-review")
    url = citizen.post(f"{GUIDE}ask/", {"kind": "GUIDE_ERROR", "text": "电话打不通。"})["Location"]
    row = Enquiry.objects.get()
    answer = {"action": "ANSWER", "text": "号码已经换了。", "is_guide_wrong": "yes"}
    assert reviewer.post(f"/enquiries/{row.pk}/", answer).status_code == 303
    assert citizen.post(url, {"act": "again", "text": "?"}).status_code == 422
    assert "追问" in citizen.post(url, {"act": "again", "text": "新号码多少?"}).content.decode()
    reviewer.post(f"/enquiries/{row.pk}/", {"action": "ANSWER", "text": "在指南上。"})
    assert "申请人满意" in citizen.post(url, {"act": "satisfy"}).content.decode()
    note = GuideNote.objects.get()
    editor = signed_in("xu-editor")
    assert "号码已经换了" in editor.get("/guide-notes/").content.decode()
    assert "/guide-notes/" in editor.get("/catalog/").content.decode()
    mended = {"mended": "yes", "outcome": "新版已更正电话。"}
    assert editor.post(f"/guide-notes/{note.pk}/", mended).status_code == 303
    assert "已经处理过" in editor.get(f"/guide-notes/{note.pk}/").content.decode()
    assert reviewer.get("/guide-notes/").status_code == 403


def test_an_editors_answer_stands_on_the_guide_until_it_is_withdrawn() -> None:
    editor = signed_in("xu-editor")
    posted = {"item": "elder-card", "question": "照片要几寸?", "answer": "请打 13800138000。"}
    refused = editor.post("/guide-notes/publish/", posted)
    page = refused.content.decode()
    assert refused.status_code == 422 and "不能带个人信息" in page and "照片要几寸" in page
    posted["answer"] = "一寸或者二寸都可以。"
    assert editor.post("/guide-notes/publish/", posted).status_code == 303
    assert "一寸或者二寸都可以" in Client().get(GUIDE).content.decode()
    page = editor.get("/guide-notes/?item=elder-card").content.decode()
    url = page.split("/guide-notes/answers/")[1].split("/withdraw/")[0]
    assert editor.post(f"/guide-notes/answers/{url}/withdraw/").status_code == 303
    assert "一寸或者二寸都可以" not in Client().get(GUIDE).content.decode()
