"""The branches of a case as the people at the desks and the applicant meet them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.acting import actor, draft, received, reviewed, tick_all
from tests.integration.branching import change_item
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, CaseMaterial, CaseProposal, ReviewStep, SpecialProcedure
from yiwang.apps.cases.operations import filing, receiving
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def post(login: str, case: Case, act: str, **typed: Any) -> Any:
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    return signed_in(login).post(f"/cases/{case.pk}/{act}/", {"version": version, **typed})


def page(login: str, case: Case, base: str = "/cases") -> str:
    answer = signed_in(login).get(f"{base}/{case.pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def in_review() -> Case:
    at = now()
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    tick_all(case, clerk=actor("he-window", at), at=at)
    return receiving.accept(case_id=case.pk, actor=actor("he-window", at), at=at)


def test_a_referred_case_is_accepted_by_the_approvers_ruling() -> None:
    at = now()
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    assert "认定应予受理" not in page("sun-approve", case)
    assert post("he-window", case, "refer", reason="不确定是否需要许可").status_code == 303
    assert "认定应予受理" in page("sun-approve", case)
    answer = post("sun-approve", case, "order-acceptance", reason="属于许可范围,应予受理")
    assert answer.status_code == 303
    assert Case.objects.get(pk=case.pk).state == "REVIEW"


def test_gaps_from_the_desk_to_the_applicant_and_back() -> None:
    at = now()
    change_item(
        at,
        deferral={"limit": "3wd", "mark": "E", "source": "演示数据"},
        materials={"safety_rules": {"is_deferrable": True}},
    )
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    case = filing.submit(draft_id=draft(FOOD, by=citizen, at=at).pk, actor=citizen, at=at)
    CaseMaterial.objects.filter(case=case, code="safety_rules").update(
        status="MISSING", attachment=None
    )
    checked = {}
    for row in CaseMaterial.objects.filter(case=case).exclude(status__in=["HELD", "MISSING"]):
        receiving.open_material(case_id=case.pk, code=row.code, actor=clerk, at=at)
        material = definition_of(case.item_version_id).material(row.code)
        assert material is not None
        checked[f"point-{row.code}"] = [p.code for p in material.points]
        checked[f"problem-{row.code}"] = [""]
    assert "容缺受理" in page("he-window", case)
    assert post("he-window", case, "accept-with-gaps", **checked).status_code == 303
    own = page("lin-xiaoman", case, "/my/cases")
    assert "还有承诺补交的材料" in own
    client = signed_in("lin-xiaoman")
    empty = client.post(f"/my/cases/{case.pk}/gaps/", {})
    assert empty.status_code == 422
    assert "请选择要补交的材料文件" in empty.content.decode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("制度.pdf", PDF, content_type="application/pdf")
    done = client.post(f"/my/cases/{case.pk}/gaps/", {"file-safety_rules": file})
    assert done.status_code in (302, 303)
    assert "补来的容缺材料" in page("he-window", case)
    assert "补来的容缺材料" not in page("zhao-review", case)


def test_two_people_in_sight_of_each_other() -> None:
    case = in_review()
    typed = dict(case.contents.latest("revision").form)
    typed |= {"shop_name": "改正后的店名"}
    form = {k: ("true" if v is True else "false" if v is False else v) for k, v in typed.items()}
    client = signed_in("zhao-review")
    answer = client.post(
        f"/cases/{case.pk}/propose-correction/",
        {"version": case.version, "proposal_reason": "与营业执照不一致", **form},
    )
    assert answer.status_code == 303, answer.content.decode()[:2000]
    proposal = CaseProposal.objects.get(case=case)
    assert "您提出的变更要由另一位" in page("zhao-review", case)
    seen = page("sun-approve", case)
    assert "待第二人确认:更正办件信息" in seen
    assert "改正后的店名" in seen
    refused = post(
        "sun-approve", case, "decide-proposal", proposal_id=proposal.pk, answer="no", note=""
    )
    assert refused.status_code == 422
    done = post(
        "sun-approve", case, "decide-proposal", proposal_id=proposal.pk, answer="yes", note=""
    )
    assert done.status_code == 303
    assert case.contents.latest("revision").form["shop_name"] == "改正后的店名"


def test_a_hearing_on_the_screens() -> None:
    at = now()
    change_item(
        at,
        procedures=[
            {"code": "hearing", "kind": "HEARING", "name": "听证", "is_required": False,
             "pause_ground": "hearing", "article": "行政许可法 §47", "mark": "K"},
        ],
    )  # fmt: skip
    case = in_review()
    assert "启动特别程序" in page("sun-approve", case)
    done = post("sun-approve", case, "start-procedure", code="hearing", told="涉及相邻住户的利益")
    assert done.status_code == 303
    row = SpecialProcedure.objects.get(case=case)
    own = page("lin-xiaoman", case, "/my/cases")
    assert "要求听证" in own
    asked = signed_in("lin-xiaoman").post(f"/my/cases/{case.pk}/hearing/{row.pk}/")
    assert asked.status_code in (302, 303)
    wrong = post(
        "sun-approve", case, "advance-procedure", procedure_id=row.pk, held_on="不是日期",
        place="", presiding="",
    )  # fmt: skip
    assert wrong.status_code == 422
    assert "请填写日期" in wrong.content.decode()


def test_a_step_is_sent_back_and_shown_as_the_second_time() -> None:
    case = in_review()
    at = now()
    reviewed(case, reviewer=actor("zhao-review", at), at=at)
    done = post("sun-approve", case, "return-step", step="review", reason="请补充核对布局图")
    assert done.status_code == 303
    assert "(第 2 次)" in page("zhao-review", case)
    assert ReviewStep.objects.filter(case=case, code="review").count() == 2


def test_an_item_of_another_system_is_not_accepted_here() -> None:
    at = now()
    change_item(at, handling={"system": "PROVINCIAL", "name": "省食品系统(演示)"})
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    tick_all(case, clerk=actor("he-window", at), at=at)
    assert "请转 省食品系统(演示) 办理" in page("he-window", case)
    refused = post("he-window", case, "accept")
    assert refused.status_code == 409
    assert "不在本平台受理" in refused.content.decode()
    assert post("he-window", case, "forward", receipt="P-2026-1").status_code == 303
    own = page("lin-xiaoman", case, "/my/cases")
    assert "来自 省食品系统(演示)" in own
    assert post("he-window", case, "report-back", status="对方已受理").status_code == 303
    assert "对方已受理" in page("lin-xiaoman", case, "/my/cases")


def test_one_opinion_on_several_cases_only_where_the_item_allows_it() -> None:
    alone = in_review()  # taken in before the item allowed it
    assert (
        "批量提出「符合要求」" not in signed_in("zhao-review").get("/work/review/").content.decode()
    )
    change_item(now(), is_batch_allowed=True)
    first, second = in_review(), in_review()
    client = signed_in("zhao-review")
    assert "批量提出「符合要求」" in client.get("/work/review/").content.decode()
    steps = {c.pk: c.steps.get(state="OPEN").pk for c in (alone, first, second)}
    empty = client.post("/work/review/batch/", {"step": list(steps.values()), "opinion": ""})
    assert empty.status_code == 422
    assert str(steps[first.pk]) in empty.content.decode()  # nothing chosen is lost
    done = client.post(
        "/work/review/batch/", {"step": list(steps.values()), "opinion": "材料齐全,符合要求"}
    )
    text = done.content.decode()
    assert "这个环节要逐件办理" in text
    assert ReviewStep.objects.filter(code="review", state="DONE").count() == 2
    again = client.post("/work/review/batch/", {"step": [steps[first.pk]], "opinion": "再来一次"})
    assert "没有办" in again.content.decode()
    outsider = signed_in("zhou-review").post(
        "/work/review/batch/", {"step": [alone.steps.get(state="OPEN").pk], "opinion": "符合"}
    )
    assert alone.short_number not in outsider.content.decode()
