"""帮办代办 and 绿色通道 at the window: with a reason, on top of the list, told to the applicant."""

from __future__ import annotations

import pytest
from tests.acting import actor, draft, received
from tests.authorising import party
from tests.pages.client import signed_in

from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, Draft, HelpCall, HelpKind, HelpRecord, HelpSample
from yiwang.apps.cases.operations import filing, helping
from yiwang.apps.cases.operations.helped import Help
from yiwang.apps.cases.queries import cases_to_accept
from yiwang.apps.people.models import Disclosure
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
ELDER = "elder-card"


def test_help_and_priority_need_their_reasons_and_nothing_typed_is_lost() -> None:
    at = now()
    clerk = actor("he-window", at)
    row = draft(ELDER, by=clerk, at=at, applicant=party("he-guifang"), channel="WINDOW")
    client, url = signed_in("he-window"), f"/window/drafts/{row.pk}/"
    page = client.get(url).content.decode()
    assert "帮办代办、绿色通道" in page
    posted = {
        **{k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in row.form.items()},
        "special": "1",
        "is_helped": "yes",
        "helped": "",
        "green_channel": "ELDER",
        "green_reason": "",
        "do": "submit",
    }
    answer = client.post(url, posted)
    page = answer.content.decode()
    assert answer.status_code == 422 and "怎样核实身份,例如" in page and "优先的理由,例如" in page
    assert 'value="ELDER" selected' in page
    said = {"helped": "本人到场,核对身份证原件", "green_reason": "72 岁,出示身份证"}
    assert client.post(url, {**posted, **said}).status_code == 303
    case = Case.objects.get(filing_key=row.pk)
    assert (case.is_helped, case.green_channel, case.lane) == (True, "ELDER", 0)
    facts = RecordEntry.objects.get(subject=case.subject, operation="cases.submit").facts
    assert facts["is_helped"] is True and facts["green_channel"] == "ELDER"
    seen = Disclosure.objects.get(subject=case.subject, party=party("he-guifang"))
    assert seen.reason == said["helped"] and "帮办代办" in seen.what
    row = HelpRecord.objects.get(case=case)
    assert (row.kind, row.helper, row.party_id) == (
        "WINDOW",
        clerk.ref,
        party("he-guifang").pk,
    )
    told = signed_in("he-guifang").get("/my/disclosures/").content.decode()
    assert "帮办代办" in told and said["helped"] in told


def test_the_green_channel_stands_on_top_and_pages_go_on() -> None:
    at = now()
    citizen, clerk = actor("he-guifang", at), actor("he-window", at)
    cases = [received(ELDER, by=citizen, at=at) for _ in range(4)]
    Case.objects.filter(pk=cases[3].pk).update(lane=0, green_channel="URGENT", green_reason="住院")
    found, after = [], None
    while True:
        page = cases_to_accept(actor=clerk, after=after, size=2)
        found += [case.pk for case in page.cases]
        after = page.next_cursor
        if after is None:
            break
    assert found == [cases[3].pk, *(case.pk for case in cases[:3])]
    listed = signed_in("he-window").get("/work/accept/").content.decode()
    assert "绿色通道:紧急事由" in listed and "住院" in listed


def helped(kind: str, number: str, by: str = "he-window", **more: str) -> HelpRecord:
    at = now()
    done = Help(kind, "望海区便民路 3 号", "整理材料", "已交件", civil_date(at), **more)
    return helping.note_help(number=number, help=done, actor=actor(by, at), at=at)


def a_case() -> Case:
    return received(ELDER, by=actor("he-guifang", now()), at=now())


@pytest.mark.row("R083")
@pytest.mark.row("R212")
def test_the_record_says_who_helped_whom_where_and_the_figure_is_a_recount() -> None:
    client, case, today = signed_in("he-window"), a_case(), civil_date(now())
    posted = {
        "number": case.short_number,
        "kind": "REGISTRATION",
        "helped_on": str(today),
        "place": "商事登记服务区",
        "what": "填写登记申请",
        "result": "",
    }
    answer = client.post("/help/new/", posted)
    page = answer.content.decode()
    assert answer.status_code == 422 and "请写明结果怎样" in page and "填写登记申请" in page
    assert client.post("/help/new/", {**posted, "result": "已受理"}).status_code == 303
    helped("VISIT", case.short_number)
    helped("VISIT", case.short_number)
    listed = client.get("/help/").content.decode()
    assert "注册帮办" in listed and "商事登记服务区:填写登记申请" in listed
    assert case.applicant_label in listed and case.short_number in listed
    assert '共帮办 <strong class="number">3</strong> 人次' in listed
    assert "上门帮办 2" in listed and "注册帮办 1" in listed
    organ = HelpRecord.objects.latest("id").organ_id
    counted = helping.person_times([organ], today, today)
    assert sum(counted.values()) == HelpRecord.objects.filter(organ_id=organ).count() == 3
    only = client.get("/help/?kind=REGISTRATION").content.decode()
    assert "填写登记申请" in only and "整理材料" not in only
    assert case.short_number not in signed_in("chen-window").get("/help/").content.decode()
    assert signed_in("zhou-review").get("/help/").status_code == 403


def test_somebody_without_a_case_is_helped_by_the_paper_they_show() -> None:
    client, today = signed_in("he-window"), civil_date(now())
    posted = {
        "kind": "VISIT", "helped_on": str(today), "place": "望海区便民路 3 号",
        "what": "讲解要带的材料", "result": "下周来办",
    }  # fmt: skip
    page = client.post("/help/new/", posted).content.decode()
    assert "请填写办件编号;没有办件的,填写帮办对象的证件号码和什么事。" in page
    known = {"paper_kind": "RESIDENT_ID", "paper_number": "590102199005180245"}
    page = client.post("/help/new/", {**posted, **known}).content.decode()
    assert "请写明是什么事" in page and 'value="590102199005180245"' in page
    assert "讲解要带的材料" in page and not HelpRecord.objects.filter(case=None).exists()
    known["paper_number"] = party("he-guifang").paper_number
    unit = {"paper_number": known["paper_number"], "paper_kind": "NONE", "matter": "老年优待证"}
    assert "请选择证件类型" in client.post("/help/new/", {**posted, **unit}).content.decode()
    done = client.post("/help/new/", {**posted, **known, "matter": "老年优待证"})
    assert done.status_code == 303
    row = HelpRecord.objects.latest("id")
    assert (row.case_id, row.item_name, row.party_id) == (
        None,
        "老年优待证",
        party("he-guifang").pk,
    )
    assert "老年优待证" in client.get("/help/").content.decode()
    case = received(ELDER, by=actor("wang-shouren", now()), at=now())
    other = client.post("/help/new/", {**posted, **known, "number": case.short_number})
    assert "这个办件的申请人不是帮办对象" in other.content.decode()


@pytest.mark.row("R160")
def test_help_by_post_needs_its_parcel_and_acting_for_somebody_its_basis() -> None:
    number = a_case().short_number
    with pytest.raises(InvalidInputError) as refused:
        helped("POST", number)
    assert "邮件号码" in refused.value.fields["parcel_number"]
    assert helped("POST", number, parcel_number="1234567890123").kind == HelpKind.POST
    assert "邮件 1234567890123" in signed_in("he-window").get("/help/").content.decode()
    with pytest.raises(InvalidInputError) as refused:
        helped("AGENCY", number)
    assert "委托凭据" in refused.value.fields["basis"]
    assert helped("AGENCY", number, basis="授权委托书").basis == "授权委托书"


def drawn_sample(seed: str, size: int) -> list[int]:
    at = now()
    today = civil_date(at)
    sample = helping.draw_sample(
        first=today, last=today, size=size, seed=seed, actor=actor("lin-window", at), at=at
    )
    calls = HelpCall.objects.filter(sample=sample).order_by("record_id")
    return list(calls.values_list("record_id", flat=True))


@pytest.mark.row("R084")
def test_those_helped_are_called_back_by_somebody_else_and_the_rate_shows_its_parts() -> None:
    at = now()
    case = received(ELDER, by=actor("he-guifang", at), at=at, hall="taolin-hall")
    for _ in range(5):
        helped("WINDOW", case.short_number, by="chen-window")
    own = helped("WINDOW", case.short_number, by="lin-window")
    assert drawn_sample("2026-11", 3) == drawn_sample("2026-11", 3)
    assert len(drawn_sample("其它", 50)) == 6
    sample = HelpSample.objects.latest("id")
    assert (sample.population, sample.size, sample.seed) == (6, 6, "其它")
    client = signed_in("lin-window")
    calls = [c for c in HelpCall.objects.filter(sample=sample) if c.record_id != own.pk]
    answers = ["satisfied", "satisfied", "unsatisfied", "missed"]
    for call, answer in zip(calls, answers, strict=False):
        posted = {"answer": answer, "said": "谢谢"}
        assert client.post(f"/help/calls/{call.pk}/", posted).status_code == 303
    page = client.get("/help/calls/").content.decode()
    assert "66.7 %" in page and "满意 2 ÷ 回访成功 3" in page
    assert "样本量 6,帮办 6 人次,已回访 4 · 随机种子 其它" in page
    assert "您帮办的,由别人回访" in page
    with pytest.raises(NotNowError):
        helping.note_call(
            call_id=HelpCall.objects.get(sample=sample, record=own).pk,
            is_reached=True, is_satisfied=True, said="", actor=actor("lin-window", at), at=at,
        )  # fmt: skip
    again = client.post(f"/help/calls/{calls[0].pk}/", {"answer": "missed"})
    assert again.status_code == 409
    assert client.post(f"/help/calls/{calls[4].pk}/", {"answer": ""}).status_code == 422
    assert signed_in("he-window").get(f"/help/calls/{calls[4].pk}/").status_code == 404


def test_filling_in_for_an_agent_is_noted_with_what_the_agent_showed() -> None:
    at = now()
    clerk = actor("he-window", at)
    row = draft(ELDER, by=clerk, at=at, applicant=party("he-guifang"), channel="WINDOW")
    shown = "女儿持授权委托书和本人身份证原件"
    Draft.objects.filter(pk=row.pk).update(
        is_helped=True, helped=shown, filed_by=party("lin-xiaoman")
    )
    case = filing.submit(draft_id=row.pk, actor=clerk, at=at)
    noted = HelpRecord.objects.get(case=case)
    assert (noted.kind, noted.basis, noted.helper) == ("AGENCY", shown, clerk.ref)
