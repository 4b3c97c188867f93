"""授权委托 on the pages: what is asked, what is said when it is wrong, and what an agent sees."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.acting import PDF, actor, draft
from tests.authorising import authorised, party
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import filing
from yiwang.apps.people import authorising
from yiwang.apps.people.authority_models import Authorisation, Guardianship
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
LIST = "/my/authorisations/"
MOTHER, AGENT, ELDER = "he-guifang", "ouyang-yan", "elder-card"


def text_of(response: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def form(**more: Any) -> dict[str, Any]:
    agent, today = party(AGENT), civil_date(now())
    return {
        "name": agent.name,
        "paper_kind": agent.paper_kind,
        "paper_number": agent.paper_number,
        "scope": "SOME",
        "items": [ELDER],
        "acts": ["APPLY"],
        "valid_from": str(today),
        "valid_until": str(today + timedelta(days=9)),
        **more,
    }


def proposed(client: Client) -> Authorisation:
    answer = client.post(f"{LIST}new/", form())
    assert answer.status_code == 303
    return Authorisation.objects.get(pk=int(answer["Location"].split("/")[-2]))


def test_a_mother_authorises_and_revokes_with_one_press() -> None:
    mother, agent = signed_in(MOTHER), signed_in(AGENT)
    row = proposed(mother)
    page = text_of(mother.get(f"{LIST}{row.pk}/"))
    assert "最后一步:填验证码" in page and party(AGENT).paper_number not in page
    assert agent.get(f"{LIST}{row.pk}/").status_code == 404
    answer = mother.post(f"{LIST}{row.pk}/confirm/", {"code": authorising.code_of(row)})
    assert answer.status_code == 303
    seen = text_of(agent.get(f"{LIST}{row.pk}/"))
    assert "退出代理" in seen and "撤销委托" not in seen
    assert "委托您" in text_of(agent.get(f"{LIST}?show=received"))
    assert f"受委托,替{party(MOTHER).name}办" in text_of(agent.get(f"/apply/{ELDER}/start/"))
    assert mother.post(f"{LIST}{row.pk}/revoke/").status_code == 303
    assert "受委托" not in text_of(agent.get(f"/apply/{ELDER}/start/"))
    assert "委托人撤销" in text_of(mother.get(f"{LIST}?show=given-ended"))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost() -> None:
    mother = signed_in(MOTHER)
    answer = mother.post(f"{LIST}new/", form(name="某人甲", paper_number="12", acts=[]))
    page = answer.content.decode()
    assert answer.status_code == 422 and Authorisation.objects.filter(state="PROPOSED").count() == 0
    assert "某人甲" in page and 'value="12"' in page and "至少选一项" in page
    checked = [tag for tag in re.findall("<input[^>]+>", page) if " checked" in tag]
    assert any(f'value="{ELDER}"' in tag for tag in checked)


def test_a_wrong_code_says_how_many_are_left_and_an_old_one_offers_the_form_again() -> None:
    mother = signed_in(MOTHER)
    row = proposed(mother)
    answer = mother.post(f"{LIST}{row.pk}/confirm/", {"code": "x"})
    assert answer.status_code == 422 and "还可以试4次" in text_of(answer)
    for _ in range(4):
        mother.post(f"{LIST}{row.pk}/confirm/", {"code": "x"})
    page = mother.get(f"{LIST}{row.pk}/")
    assert "验证码连续五次不对" in text_of(page)
    again = mother.get(f"{LIST}new/?from={row.pk}").content.decode()
    assert party(AGENT).paper_number in again and party(AGENT).name in again
    assert signed_in(AGENT).get(f"{LIST}new/?from={row.pk}").status_code == 404


def test_ten_an_hour_and_then_a_wait() -> None:
    mother = signed_in(MOTHER)
    for _ in range(10):
        assert mother.post(f"{LIST}new/", form(name="")).status_code == 422
    assert mother.post(f"{LIST}new/", form(name="")).status_code == 429


def filed_by_agent(*acts: str) -> Case:
    at = now()
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    authorised(mother.party_id, party(AGENT), ELDER, by=mother, at=at, acts=acts)
    agent = actor(AGENT, at)
    begun = draft(ELDER, by=agent, at=at, applicant=party(MOTHER))
    return filing.submit(draft_id=begun.pk, actor=agent, at=at)


def test_an_agents_page_offers_what_they_may_and_the_story_names_them() -> None:
    case = filed_by_agent("APPLY")
    agent, mother = signed_in(AGENT), signed_in(MOTHER)
    page = text_of(agent.get(f"/my/cases/{case.pk}/"))
    assert "您是代理人" in page and "撤回申请" not in page
    assert agent.get(f"/my/cases/{case.pk}/withdraw/").status_code == 403
    assert agent.get(f"/my/cases/{case.pk}/correct/").status_code == 403
    own = text_of(mother.get(f"/my/cases/{case.pk}/"))
    assert f"由代理人{party(AGENT).label}提交" in own and "撤回申请" in own
    assert party(AGENT).name not in own
    row = Authorisation.objects.filter(principal=party(MOTHER)).latest("id")
    used = text_of(mother.get(f"{LIST}{row.pk}/"))
    assert "提交了申请" in used and "开始填写申请" in used
    assert text_of(agent.get("/my/")).count(case.short_number) == 1
    Authorisation.objects.filter(pk=row.pk)
    mother.post(f"{LIST}{row.pk}/revoke/")
    assert agent.get(f"/my/cases/{case.pk}/").status_code == 404
    assert case.short_number not in text_of(agent.get("/my/"))


def test_a_window_registers_a_guardian_and_another_clerk_confirms() -> None:
    first, second = signed_in("chen-window"), signed_in("he-window")
    posted = {
        "child_paper_kind": "RESIDENT_ID",
        "child_paper_number": "590102201809170412",
        "child_name": "叶小鹿",
        "guardian_paper_kind": "RESIDENT_ID",
        "guardian_paper_number": party("ye-ying").paper_number,
        "guardian_name": "叶莺",
        "relation": "父母",
        "evidence": "出生医学证明 A990000001",
    }
    answer = first.post("/relations/guardian/", posted)
    assert answer.status_code == 422 and "叶小鹿" in answer.content.decode()
    file = SimpleUploadedFile("证明.pdf", PDF, content_type="application/pdf")
    assert first.post("/relations/guardian/", {**posted, "file": file}).status_code == 303
    row = Guardianship.objects.get()
    assert "请另一位工作人员复核" in text_of(first.get("/relations/"))
    decide = f"/relations/guardians/{row.pk}/decide/"
    assert first.post(decide, {"do": "approve"}).status_code == 409
    assert second.get(f"/relations/guardians/{row.pk}/paper/").status_code == 200
    assert second.post(decide, {"do": "approve"}).status_code == 303
    assert row.child_id in actor("ye-ying", now()).represents
    assert signed_in("zhao-review").get("/relations/").status_code == 403


def test_a_window_authorises_and_changes_a_representative() -> None:
    clerk = signed_in("chen-window")
    mother, head = party(MOTHER), party("zhou-haifeng")
    posted = form(
        principal_paper_kind=mother.paper_kind,
        principal_paper_number=mother.paper_number,
        principal_name=mother.name,
        seen=["principal", "agent"],
    )
    assert clerk.post("/relations/authorisation/", posted).status_code == 422
    file = SimpleUploadedFile("授权委托书.pdf", PDF, content_type="application/pdf")
    assert clerk.post("/relations/authorisation/", {**posted, "file": file}).status_code == 303
    assert actor(AGENT, now()).may_act_as(mother.pk, ELDER, "APPLY")
    company = next(iter(actor("zhou-haifeng", now()).represents))
    from yiwang.apps.people.models import Party

    unit, new = Party.objects.get(pk=company), party("shen-lan")
    file = SimpleUploadedFile("执照.pdf", PDF, content_type="application/pdf")
    change = {
        "organisation_paper_kind": "USCC",
        "organisation_paper_number": unit.paper_number,
        "organisation_name": unit.name,
        "paper_kind": new.paper_kind,
        "paper_number": new.paper_number,
        "name": new.name,
        "evidence": "营业执照变更登记",
        "file": file,
    }
    assert clerk.post("/relations/representative/", change).status_code == 303
    assert company not in actor("zhou-haifeng", now()).represents and head
    assert "前任法定代表人" in text_of(_reviewed(company))


def _reviewed(company: int) -> Any:
    row = Authorisation.objects.filter(principal_id=company, state="CONFIRMED").first()
    assert row is not None  # the demonstration's own
    return signed_in("shen-lan").get(f"{LIST}{row.pk}/")
