"""One case on one screen: what the staff may do, must not, and what is kept when it is not now."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, make_documents, received, reviewed, tick_all
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, CaseMaterial
from yiwang.apps.cases.operations import deciding, receiving
from yiwang.apps.cases.operations.delivering import pickup_code_of
from yiwang.apps.people.models import Account, Disclosure, Party
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument

pytestmark = pytest.mark.django_db
HALL = {"hall": "taolin-hall"}


def company() -> Party:
    return next(p for p in Party.objects.filter(kind="ENTERPRISE") if "小满" in p.name)


def food(**more: Any) -> Case:
    at = now()
    by = actor("lin-xiaoman", at)
    return received("food-business-licence", by=by, at=at, applicant=company(), **HALL, **more)


def in_review() -> Case:
    at = now()
    return accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        applicant=company(),
        **HALL,
    )


def to_decide() -> Case:
    return reviewed(in_review(), reviewer=actor("zhao-review", now()), at=now())


def post(login: str, case: Case, act: str, **typed: Any) -> Any:
    return signed_in(login).post(f"/cases/{case.pk}/{act}/", {"version": case.version, **typed})


# Before acceptance: the desk.


def test_the_screen_shows_the_whole_case_within_its_statements() -> None:
    case = in_review()
    client = signed_in("zhao-review")
    client.get(f"/cases/{case.pk}/")
    with CaptureQueriesContext(connection) as found:
        page = client.get(f"/cases/{case.pk}/").content.decode()
    assert len(found) <= 14, [q["sql"][:140] for q in found]
    for text in (case.short_number, "资料审查", "受理通知书", "计时事件", "办理记录", "承诺到期日"):
        assert text in page, text


def test_accepting_with_open_points_says_which_and_keeps_what_was_typed() -> None:
    case = food()
    answer = post(
        "chen-window",
        case,
        "accept",
        **{"problem-layout": "缺少三防设施的位置", "line-what": "签字", "line-why": "没有日期"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#material-process"' in page
    assert "还有 2 个要点没有核对" in page
    assert 'value="缺少三防设施的位置"' in page
    assert 'value="没有日期"' in page
    case.refresh_from_db()
    assert case.state == "RECEIVED"


@pytest.mark.row("R020")
def test_points_can_be_ticked_only_after_the_file_was_opened() -> None:
    case = food()
    page = signed_in("chen-window").get(f"/cases/{case.pk}/").content.decode()
    boxes = [part.split(">")[0] for part in page.split("<input")[1:] if 'name="point-' in part[:60]]
    assert boxes and all("disabled" in box for box in boxes)
    assert "全选" not in page
    refused = post(
        "chen-window", case, "save-checks", **{"problem-layout": "", "point-layout": "zones"}
    )
    assert refused.status_code == 409
    assert "请先打开" in refused.content.decode()
    opened = post("chen-window", case, "open", code="layout", **{"problem-process": "缺一页"})
    assert opened["Location"].endswith("#material-layout")
    page = signed_in("chen-window").get(opened["Location"]).content.decode()
    attachment = CaseMaterial.objects.get(case=case, code="layout").attachment_id
    assert f'src="/files/{attachment}/"' in page
    assert 'value="缺一页"' in page, "opening one material lost what was typed on another"
    case.refresh_from_db()
    ticked = post(
        "chen-window",
        case,
        "save-checks",
        **{"problem-layout": "", "point-layout": ["zones", "facilities"]},
    )
    assert ticked.status_code == 303
    assert set(CaseMaterial.objects.get(case=case, code="layout").points) == {"zones", "facilities"}


def test_ticking_and_accepting_is_one_press() -> None:
    case, at = food(), now()
    clerk = actor("chen-window", at)
    tick_all(case, clerk=clerk, at=at)
    case.refresh_from_db()
    receiving.tick(case_id=case.pk, code="layout", points=[], actor=clerk, at=at)
    case.refresh_from_db()
    points = ["zones", "no_crossing", "facilities"]
    answer = post("chen-window", case, "accept", **{"problem-layout": "", "point-layout": points})
    case.refresh_from_db()
    assert answer.status_code == 303
    assert case.state == "REVIEW"


def test_a_correction_notice_is_made_of_the_problems_and_the_free_lines() -> None:
    case = food()
    answer = post(
        "chen-window",
        case,
        "request-correction",
        **{
            "problem-layout": "标明三防设施的位置",
            "problem-process": "",
            "line-what": ["授权书", ""],
            "line-why": ["补签委托日期", ""],
        },
    )
    assert answer.status_code == 303, answer.content.decode()[:3000]
    notice = LegalDocument.objects.get(subject=case.subject, kind="CORRECTION_NOTICE")
    items = [(i["name"], i["reason"]) for i in _listed(notice.content)]
    assert items == [
        ("经营场所布局图和主要设备设施", "标明三防设施的位置"),
        ("授权书", "补签委托日期"),
    ]


def _listed(content: Any) -> list[dict[str, str]]:
    entries = content["lists"][0]["items"]
    return [
        {"name": e.get("name", e.get("text", "")), "reason": e.get("reason", "")} for e in entries
    ]


def test_an_empty_correction_notice_is_not_sent() -> None:
    case = food()
    answer = post("chen-window", case, "request-correction", **{"problem-layout": ""})
    assert answer.status_code == 422
    assert 'href="#lines"' in answer.content.decode()


def test_a_correction_cannot_be_asked_twice_and_the_screen_says_why() -> None:
    case = food()
    post("chen-window", case, "request-correction", **{"problem-layout": "标明位置"})
    case.refresh_from_db()
    client = signed_in("chen-window")
    page = client.get(f"/cases/{case.pk}/supply/").content.decode()
    assert "需要补正:标明位置" in page
    supplied = client.post(
        f"/cases/{case.pk}/supply/", {"version": case.version, "paper": "layout", **_form(case)}
    )
    assert supplied.status_code == 303, supplied.content.decode()[:3000]
    case.refresh_from_db()
    assert case.state == "RECEIVED"
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "不能再次要求补正" in page
    assert f'formaction="/cases/{case.pk}/request-correction/"' not in page
    again = post("chen-window", case, "request-correction", **{"problem-process": "再补一次"})
    assert again.status_code == 409


def _form(case: Case) -> dict[str, Any]:
    form = case.contents.order_by("-revision").first().form  # type: ignore[union-attr]
    return {
        name: ("true" if value else "false") if isinstance(value, bool) else value
        for name, value in form.items()
    }


def test_correcting_on_the_spot_keeps_secret_answers_out_of_the_page_and_in_the_case() -> None:
    case = food()
    client = signed_in("chen-window")
    before = case.contents.get().form
    page = client.get(f"/cases/{case.pk}/correct/").content.decode()
    assert before["contact_phone"] not in page
    typed = {**_form(case), "shop_name": "小满海边面馆", "contact_phone": ""}
    answer = client.post(f"/cases/{case.pk}/correct/", {"version": case.version, **typed})
    assert answer.status_code == 303
    after = case.contents.latest("revision").form
    assert after["shop_name"] == "小满海边面馆"
    assert after["contact_phone"] == before["contact_phone"]


def test_somebody_quicker_is_named_and_nothing_typed_is_lost() -> None:
    case = food()
    seen = case.version
    receiving.receive_paper(
        case_id=case.pk, code="layout", actor=actor("lin-window", now()), at=now()
    )
    answer = signed_in("chen-window").post(
        f"/cases/{case.pk}/refer/", {"version": seen, "reason": "疑似属于市级机关"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "「当场更正」" in page
    assert "疑似属于市级机关" in page
    case.refresh_from_db()
    assert f'name="version" value="{case.version}"' in page
    assert not case.is_referred


# What the law forbids now is visible and explained; what is not one's own is not there.


@pytest.mark.row("R032")
def test_a_window_has_no_act_that_refuses() -> None:
    case = food()
    page = signed_in("chen-window").get(f"/cases/{case.pk}/").content.decode()
    for slug in ("decline", "not-required", "refuse"):
        assert f"/cases/{case.pk}/{slug}/" not in page
    assert "拒收" not in page
    for slug in ("decline", "not-required", "refuse", "grant"):
        assert post("chen-window", case, slug).status_code == 403, slug


def test_acts_that_are_not_open_say_why() -> None:
    case = in_review()
    page = signed_in("sun-approve").get(f"/cases/{case.pk}/").content.decode()
    assert "还有环节没有完成:资料审查" in page
    assert "「不予受理」只能在「已收件待受理」时进行" in page
    assert "现在没有停止计时" in page
    assert f'action="/cases/{case.pk}/grant/"' not in page
    refused = post("sun-approve", case, "grant")
    assert refused.status_code == 409
    assert "还有环节没有完成" in refused.content.decode()


def test_a_reviewer_sees_no_decision_and_cannot_make_one() -> None:
    case = to_decide()
    page = signed_in("zhao-review").get(f"/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/grant/" not in page
    assert "准予许可</strong>" not in page
    assert post("zhao-review", case, "grant").status_code == 403


def test_a_stranger_finds_no_case() -> None:
    case = food()
    for login in ("feng-review", "zhu-system", "lin-xiaoman"):
        assert signed_in(login).get(f"/cases/{case.pk}/").status_code in (403, 404), login


# Review, stops, decisions, hand-over.


def test_a_site_check_needs_two_people_and_keeps_the_opinion() -> None:
    case = in_review()
    post("zhao-review", case, "give-opinion", step="review", conclusion="AGREE", opinion="材料属实")
    case.refresh_from_db()
    typed = {"step": "site_check", "conclusion": "AGREE", "opinion": "看过现场"}
    answer = post("zhao-review", case, "give-opinion", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "两名以上工作人员" in page
    assert "看过现场" in page
    assert 'href="#id_give-opinion-second_person"' in page
    done = post(
        "zhao-review", case, "give-opinion", second_person=actor("qian-review", now()).ref, **typed
    )
    assert done.status_code == 303


@pytest.mark.row("R169")
def test_a_stop_needs_ground_time_and_reason_and_shows_document_and_approver() -> None:
    case = in_review()
    page = signed_in("zhao-review").get(f"/cases/{case.pk}/").content.decode()
    assert "检验、检测" in page
    assert "专家评审" not in page, "a ground the item's law does not know is offered"
    answer = post("zhao-review", case, "pause", ground="expert", expected="x", unit="wd", reason="")
    page = answer.content.decode()
    assert answer.status_code == 422
    for name in ("ground", "expected", "reason"):
        assert f'href="#id_pause-{name}"' in page
    done = post(
        "zhao-review",
        case,
        "pause",
        ground="testing",
        expected="15",
        unit="wd",
        reason="检验水质样品",
    )
    assert done.status_code == 303
    case.refresh_from_db()
    page = signed_in("zhao-review").get(f"/cases/{case.pk}/").content.decode()
    notice = LegalDocument.objects.get(subject=case.subject, kind="PAUSE_NOTICE")
    events = page.split("计时事件")[1].split("办理记录")[0]
    for text in (
        "停止计时",
        "检验、检测",
        "行政许可法 §45",
        "预计 15 个工作日",
        "批准人:赵明澄",
        notice.number,
    ):
        assert text in events, text
    assert "已停止计时" in page
    resumed = post("zhao-review", case, "resume")
    assert resumed.status_code == 303
    page = signed_in("zhao-review").get(f"/cases/{case.pk}/").content.decode()
    assert "恢复计时" in page.split("计时事件")[1].split("办理记录")[0]


def test_extending_is_the_approvers_and_only_once() -> None:
    case = in_review()
    assert post("zhao-review", case, "extend", reason="案情复杂需要时间").status_code == 403
    assert post("sun-approve", case, "extend", reason="案情复杂需要时间").status_code == 303
    page = signed_in("sun-approve").get(f"/cases/{case.pk}/").content.decode()
    assert "期限只能延长一次" in page


def test_a_refusal_without_reason_is_not_made_and_keeps_the_facts() -> None:
    case = to_decide()
    page = signed_in("sun-approve").get(f"/cases/{case.pk}/").content.decode()
    assert "不予许可" in page
    assert "椰城市桃林区人民法院" in page, "the remedy is not shown before the decision"
    answer = post("sun-approve", case, "refuse", facts="现场没有清洗消毒设施。", reason="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "现场没有清洗消毒设施。" in page
    assert "没有理由的决定不能作出" in page
    done = post(
        "sun-approve",
        case,
        "refuse",
        facts="现场没有清洗消毒设施。",
        articles="食品安全法 §33(2)、(4)",
        reason="不符合法定的设备设施要求。",
    )
    case.refresh_from_db()
    assert done.status_code == 303
    assert case.state == "REFUSED"
    assert case.decision.articles == ["食品安全法 §33(2)、(4)"]


def test_a_result_is_handed_over_by_its_code_when_it_is_made() -> None:
    case, at = to_decide(), now()
    assert post("sun-approve", case, "grant").status_code == 303
    case.refresh_from_db()
    page = signed_in("chen-window").get(f"/cases/{case.pk}/").content.decode()
    assert "结果文书还在制作" in page
    make_documents(case, at)
    wrong = post("chen-window", case, "deliver", code="000000")
    assert wrong.status_code == (303 if pickup_code_of(case) == "000000" else 422)
    done = post("chen-window", case, "deliver", code=pickup_code_of(case))
    case.refresh_from_db()
    assert done.status_code == 303
    assert case.state == "COMPLETED"


@pytest.mark.row("R032")
def test_a_referred_case_is_declined_by_the_approver_with_the_right_organ() -> None:
    case = food()
    page = signed_in("sun-approve").get(f"/cases/{case.pk}/").content.decode()
    assert "窗口没有提请认定" in page
    assert post("chen-window", case, "refer", reason="疑似属于市级机关").status_code == 303
    case.refresh_from_db()
    assert "受理认定" in signed_in("sun-approve").get("/work/review/").content.decode()
    typed = {
        "ground": "NOT_THIS_ORGAN",
        "facts": "场所在望海区",
        "reason": "不属于本机关的管辖区域",
        "article": "行政许可法 §32(2)",
    }
    vague = post("sun-approve", case, "decline", **typed)
    assert vague.status_code == 422
    assert 'href="#id_decline-right_organ"' in vague.content.decode()
    assert (
        post("sun-approve", case, "decline", right_organ="望海区审批局", **typed).status_code == 303
    )
    case.refresh_from_db()
    assert case.state == "DECLINED"
    assert LegalDocument.objects.filter(subject=case.subject, kind="DECLINE_NOTICE").exists()


def test_a_referral_overtaken_by_acceptance_leaves_the_approvers_list() -> None:
    case, at = food(), now()
    clerk = actor("chen-window", at)
    receiving.refer(case_id=case.pk, reason="拿不准是否属于本机关", actor=clerk, at=at)
    tick_all(case, clerk=clerk, at=at)
    receiving.accept(case_id=case.pk, actor=clerk, at=at)
    assert "受理认定" not in signed_in("sun-approve").get("/work/review/").content.decode()
    case = reviewed(case, reviewer=actor("zhao-review", at), at=at)
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)


# Masked until a reason is given.


def test_full_data_are_shown_once_after_a_reason_that_the_person_can_read() -> None:
    at = now()
    by = actor("wang-shouren", at)
    case = received("elder-card", by=by, at=at, **HALL)
    party = Party.objects.get(pk=by.party_id)
    client = signed_in("chen-window")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert party.paper_number not in page
    assert party.name not in page
    short = client.post(f"/cases/{case.pk}/unmask/", {"reason": "看"})
    assert short.status_code == 422
    assert party.paper_number not in short.content.decode()
    before = Disclosure.objects.filter(party=party).count()
    shown = client.post(f"/cases/{case.pk}/unmask/", {"reason": "与证件原件核对"})
    assert party.paper_number in shown.content.decode()
    row = Disclosure.objects.filter(party=party).latest("id")
    assert Disclosure.objects.filter(party=party).count() == before + 1
    assert (row.reason, row.subject) == ("与证件原件核对", case.subject)
    assert party.paper_number not in client.get(f"/cases/{case.pk}/").content.decode()


# Instant approval: the table proposes, a person decides.


def test_an_instant_verdict_is_shown_with_what_it_read_and_granted_by_a_person() -> None:
    at = now()
    by = actor("wang-shouren", at)
    case = accepted("elder-card", by=by, clerk=actor("chen-window", at), at=at, **HALL)
    page = signed_in("zheng-approve").get(f"/cases/{case.pk}/").content.decode()
    assert "规则核验" in page
    assert case.instant_verdict is not None
    assert case.instant_verdict["outcome"] == "GRANT"
    for text in ("一键准予", "年龄(周岁)", "户籍在本省", "老年人权益保障法 §2"):
        assert text in page, text
    assert "一键准予" not in signed_in("zhou-review").get(f"/cases/{case.pk}/").content.decode()
    assert post("zhou-review", case, "grant-at-once").status_code == 403
    assert Case.objects.get(pk=case.pk).version == case.version, "half of it was done"
    assert post("zheng-approve", case, "grant-at-once").status_code == 303
    case.refresh_from_db()
    assert case.state == "GRANTED"
    decided_by = Account.objects.get(login="zheng-approve").pk
    assert case.decision.decided_by == f"account:{decided_by}"


def test_after_an_opinion_the_decision_is_an_act_of_its_own() -> None:
    at = now()
    by = actor("wang-shouren", at)
    case = accepted("elder-card", by=by, clerk=actor("chen-window", at), at=at, **HALL)
    reviewed(case, reviewer=actor("zhou-review", at), at=at)
    case.refresh_from_db()
    page = signed_in("zheng-approve").get(f"/cases/{case.pk}/").content.decode()
    assert "规则核验" in page
    assert "一键准予" not in page
    assert "请作出决定" in page
    assert post("zheng-approve", case, "grant").status_code == 303
    case.refresh_from_db()
    assert case.state == "GRANTED"


def test_a_verdict_for_a_person_grants_nothing_at_once() -> None:
    case = in_review()
    answer = post("sun-approve", case, "grant-at-once")
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.state == "REVIEW"
