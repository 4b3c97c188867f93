"""Branches of a case's way: 认定受理, 容缺, 告知承诺, 退回, 转交, 转办, 邮寄. What the law forbids is
tried first; ends without a decision are beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.acting import accepted, draft, make_documents, received, reviewed, tick_all
from tests.integration.branching import (
    FOOD,
    PDF,
    REASON,
    change_item,
    in_correction,
    paper_of,
    people,
)

from yiwang.apps.cases import branch_handlers
from yiwang.apps.cases.errors import CaseError, InvalidInputError, NotNowError
from yiwang.apps.cases.models import (
    Case,
    CaseMaterial,
    OutsideStatus,
    Parcel,
    ReviewStep,
)
from yiwang.apps.cases.operations import (
    deciding,
    deferring,
    delivering,
    drafts,
    ending,
    filing,
    forwarding,
    receiving,
    reviewing,
    steps,
)
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.messaging.models import Message
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
__all__ = ["people"]


# 提请认定 → 认定应予受理.


def test_an_approver_may_only_rule_on_what_the_window_referred(
    at: datetime, people: dict[str, Any]
) -> None:
    case = received(FOOD, by=people["citizen"], at=at)
    with pytest.raises(NotNowError, match="没有提请认定"), transaction.atomic():
        deferring.order_acceptance(case_id=case.pk, reason=REASON, actor=people["approver"], at=at)
    receiving.refer(case_id=case.pk, reason="不确定是否需要许可", actor=people["clerk"], at=at)
    with pytest.raises(AccessDeniedError), transaction.atomic():
        deferring.order_acceptance(case_id=case.pk, reason=REASON, actor=people["clerk"], at=at)
    done = deferring.order_acceptance(
        case_id=case.pk, reason=REASON, actor=people["approver"], at=at
    )
    assert done.state == "REVIEW"
    assert not done.is_referred
    assert not ReviewStep.objects.filter(case=case, code__startswith="referral", state="OPEN")


# 容缺.


@pytest.fixture
def deferrable(at: datetime) -> None:
    change_item(
        at,
        deferral={"limit": "3wd", "mark": "E", "source": "演示数据"},
        materials={"safety_rules": {"is_deferrable": True}},
    )


def _with_gap(at: datetime, people: dict[str, Any]) -> Case:
    row = draft(FOOD, by=people["citizen"], at=at)
    case = filing.submit(draft_id=row.pk, actor=people["citizen"], at=at)
    CaseMaterial.objects.filter(case=case, code="safety_rules").update(
        status="MISSING", attachment=None
    )
    for material in CaseMaterial.objects.filter(case=case).exclude(status__in=["HELD", "MISSING"]):
        receiving.open_material(case_id=case.pk, code=material.code, actor=people["clerk"], at=at)
        points = definition_of(case.item_version_id).material(material.code)
        assert points is not None
        receiving.tick(
            case_id=case.pk, code=material.code, points=[p.code for p in points.points],
            actor=people["clerk"], at=at,
        )  # fmt: skip
    return case


def test_an_item_without_a_rule_for_it_accepts_nothing_with_gaps(
    at: datetime, people: dict[str, Any]
) -> None:
    case = received(FOOD, by=people["citizen"], at=at)
    if definition_of(case.item_version_id).deferral is None:
        with pytest.raises(NotNowError, match="容缺"):
            deferring.accept_with_gaps(case_id=case.pk, actor=people["clerk"], at=at)


@pytest.mark.row("R125")
@pytest.mark.usefixtures("deferrable")
def test_a_gap_is_promised_supplied_checked_and_only_then_granted(
    at: datetime, people: dict[str, Any]
) -> None:
    case = _with_gap(at, people)
    with pytest.raises(InvalidInputError), transaction.atomic():
        receiving.accept(case_id=case.pk, actor=people["clerk"], at=at)
    done = deferring.accept_with_gaps(case_id=case.pk, actor=people["clerk"], at=at)
    assert (done.state, done.deferral_until) == ("REVIEW", date(2026, 3, 5))
    assert paper_of(case, "DEFERRAL_NOTICE").content["time_needed"] == "3 个工作日"
    reviewed(done, reviewer=people["reviewer"], at=at)
    with pytest.raises(NotNowError, match="补齐前不能准予"), transaction.atomic():
        deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    with pytest.raises(InvalidInputError), transaction.atomic():  # not a deferred one
        deferring.supply_gaps(
            case_id=case.pk, files={"layout": ("图.pdf", PDF)}, actor=people["citizen"], at=at
        )
    deferring.supply_gaps(
        case_id=case.pk, files={"safety_rules": ("制度.pdf", PDF)}, actor=people["citizen"], at=at
    )
    with pytest.raises(NotNowError, match="补齐"), transaction.atomic():  # there, not checked
        deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    with pytest.raises(NotNowError, match="受理以后"), transaction.atomic():
        receiving.tick(case_id=case.pk, code="layout", points=[], actor=people["clerk"], at=at)
    receiving.open_material(case_id=case.pk, code="safety_rules", actor=people["clerk"], at=at)
    receiving.tick(
        case_id=case.pk, code="safety_rules", points=["list", "manager"],
        actor=people["clerk"], at=at,
    )  # fmt: skip
    assert deciding.grant(case_id=case.pk, actor=people["approver"], at=at).state == "GRANTED"


@pytest.mark.row("R125")
@pytest.mark.usefixtures("deferrable")
def test_a_gap_that_was_not_filled_ends_the_case_only_after_its_day(
    at: datetime, people: dict[str, Any]
) -> None:
    case = _with_gap(at, people)
    deferring.accept_with_gaps(case_id=case.pk, actor=people["clerk"], at=at)
    branch_handlers.deferral_due(case.subject, at + timedelta(days=2))
    told = Message.objects.filter(subject=case.subject, kind=branch_handlers.GAPS).latest("id")
    assert "3月5日" in told.body
    words = {"ground": "GAPS_OVERDUE", "facts": "到期没有补交制度目录", "reason": REASON,
             "article": "市容缺受理办法第八条", "actor": people["approver"]}  # fmt: skip
    with pytest.raises(NotNowError, match="还没有过"), transaction.atomic():
        ending.terminate(case_id=case.pk, at=at + timedelta(days=3), **words)
    done = ending.terminate(case_id=case.pk, at=at + timedelta(days=4), **words)
    assert (done.state, done.ended_at) == ("TERMINATED", at + timedelta(days=4))
    assert not ReviewStep.objects.filter(case=case, state="OPEN").exists()
    assert "行政复议" in paper_of(case, "TERMINATION_NOTICE").content["remedy"]


# 告知承诺.


@pytest.fixture
def promising(at: datetime) -> None:
    change_item(
        at,
        supervising_organ="taolin-market",
        commitments=[{
            "code": "permit", "kind": "PERMIT", "title": "食品经营许可告知承诺书",
            "text": "本单位承诺符合许可条件。", "replaces": ["layout", "process"],
            "skips": ["site_check", "food_items_check"], "check_points": ["现场与承诺一致"],
            "excluded": [{"field": "business_form", "values": ["CANTEEN"]}],
            "excluded_note": "单位食堂不适用告知承诺,请按一般程序办理。",
            "consequence": "责令限期整改,逾期不改的撤销许可。", "article": "国办发〔2020〕42号",
            "mark": "S",
        }],
    )  # fmt: skip


@pytest.mark.row("R123")
@pytest.mark.usefixtures("promising")
def test_a_commitment_replaces_materials_and_moves_checks_behind_the_decision(
    at: datetime, people: dict[str, Any]
) -> None:
    citizen = people["citizen"]
    row = draft(FOOD, by=citizen, at=at)
    for code in ("layout", "process"):
        drafts.remove_file(draft_id=row.pk, code=code, actor=citizen, at=at)
    with pytest.raises(InvalidInputError), transaction.atomic():
        filing.submit(draft_id=row.pk, actor=citizen, at=at)
    drafts.choose_commitment(draft_id=row.pk, code="permit", actor=citizen, at=at)
    case = filing.submit(draft_id=row.pk, actor=citizen, at=at)
    assert case.commitment == "permit"
    states = dict(CaseMaterial.objects.filter(case=case).values_list("code", "status"))
    assert (states["layout"], states["process"]) == ("PROMISED", "PROMISED")
    assert paper_of(case, "COMMITMENT").title == "食品经营许可告知承诺书"
    for material in CaseMaterial.objects.filter(case=case, status="PROVIDED"):
        points = definition_of(case.item_version_id).material(material.code)
        assert points is not None
        receiving.open_material(case_id=case.pk, code=material.code, actor=people["clerk"], at=at)
        receiving.tick(
            case_id=case.pk, code=material.code, points=[p.code for p in points.points],
            actor=people["clerk"], at=at,
        )  # fmt: skip
    case = receiving.accept(case_id=case.pk, actor=people["clerk"], at=at)
    case = reviewed(case, reviewer=people["reviewer"], at=at)
    assert set(ReviewStep.objects.filter(case=case).values_list("code", flat=True)) == {
        "review", "decide",
    }  # fmt: skip
    assert deciding.grant(case_id=case.pk, actor=people["approver"], at=at).state == "GRANTED"


@pytest.mark.row("R123")
@pytest.mark.usefixtures("promising")
def test_whom_the_commitment_excludes_is_told_the_ordinary_way(
    at: datetime, people: dict[str, Any]
) -> None:
    citizen = people["citizen"]
    row = draft(FOOD, by=citizen, at=at)
    drafts.choose_commitment(draft_id=row.pk, code="permit", actor=citizen, at=at)
    drafts.save_draft(draft_id=row.pk, form={"business_form": "CANTEEN"}, actor=citizen, at=at)
    with pytest.raises(InvalidInputError) as caught:
        filing.submit(draft_id=row.pk, actor=citizen, at=at)
    assert "单位食堂" in caught.value.fields["commitment"]


# 退回, 转交.


def test_a_step_sent_back_is_done_again_before_the_decision(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    case = reviewed(case, reviewer=people["reviewer"], at=at)
    due = case.promised_due_on
    with pytest.raises(InvalidInputError), transaction.atomic():
        steps.return_step(
            case_id=case.pk, step="decide", reason=REASON, actor=people["approver"], at=at
        )
    case = steps.return_step(
        case_id=case.pk,
        step="site_check",
        reason="照片没有冷藏设备,请补充",
        actor=people["approver"],
        at=at,
    )
    assert case.promised_due_on == due  # the clock does not stop for it
    rounds = list(
        ReviewStep.objects.filter(case=case, code="site_check")
        .order_by("round")
        .values_list("round", "state")
    )
    assert rounds == [(1, "DONE"), (2, "OPEN")]
    with pytest.raises(NotNowError), transaction.atomic():
        deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    case = reviewed(case, reviewer=people["reviewer"], at=at)
    assert ReviewStep.objects.filter(case=case, code="decide", state="OPEN").count() == 1
    assert deciding.grant(case_id=case.pk, actor=people["approver"], at=at).state == "GRANTED"


def test_a_step_is_passed_on_within_the_job_and_is_no_lock(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    to = {"case_id": case.pk, "step": "review", "note": "请熟悉餐饮的同事看", "at": at}
    with pytest.raises(InvalidInputError), transaction.atomic():
        steps.pass_on(to=people["clerk"].ref, actor=people["reviewer"], **to)
    steps.pass_on(to=people["colleague"].ref, actor=people["reviewer"], **to)
    row = ReviewStep.objects.get(case=case, code="review")
    assert (row.assignee, row.assignee_label) == (
        people["colleague"].ref,
        people["colleague"].label,
    )
    reviewing.give_opinion(
        case_id=case.pk, step="review", conclusion="AGREE", opinion="可以",
        actor=people["reviewer"], at=at,
    )  # fmt: skip


# 转办.


def test_a_case_of_another_system_is_forwarded_and_shows_its_status_with_source(
    at: datetime, people: dict[str, Any]
) -> None:
    case = received(FOOD, by=people["citizen"], at=at)
    tick_all(case, clerk=people["clerk"], at=at)
    go = {"case_id": case.pk, "opinion": "", "receipt": "S-1", "actor": people["clerk"], "at": at}
    with pytest.raises((NotNowError, AccessDeniedError)), transaction.atomic():
        forwarding.forward(**go)  # our own item is not handed away
    change_item(at, handling={"system": "PROVINCIAL", "name": "省食品经营许可系统(演示)"})
    other = received(FOOD, by=people["citizen"], at=at)
    go["case_id"] = other.pk
    with pytest.raises(InvalidInputError), transaction.atomic():
        forwarding.forward(**go)  # not with unchecked materials
    tick_all(other, clerk=people["clerk"], at=at)
    done = forwarding.forward(**go)
    assert done.state == "FORWARDED"
    assert done.ended_at is None
    with pytest.raises(TransitionNotAllowedError), transaction.atomic():
        deciding.grant(case_id=other.pk, actor=people["approver"], at=at)  # never claimed as ours
    back = {"case_id": other.pk, "actor": people["clerk"]}
    with pytest.raises(InvalidInputError), transaction.atomic():
        forwarding.report_back(status="已受理", at_source=at + timedelta(days=1), at=at, **back)
    forwarding.report_back(status="对方已受理", at_source=at, at=at + timedelta(hours=1), **back)
    end = forwarding.report_back(
        status="对方已发证", is_end=True, at=at + timedelta(days=2), **back
    )
    assert end.state == "ENDED_ELSEWHERE"
    told = OutsideStatus.objects.filter(case=other).order_by("id")
    assert [(s.system, s.status) for s in told] == [
        ("省食品经营许可系统(演示)", status) for status in ("已转办", "对方已受理", "对方已发证")
    ]


# 邮寄, 代领.


def test_a_parcel_is_delivered_on_the_day_it_is_signed_for(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    case = reviewed(case, reviewer=people["reviewer"], at=at)
    deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    parcel = {
        "carrier": "邮政快递",
        "number": "EX123456789CN",
        "address": "林女士 199… 椰影大道2号",
    }
    who = {"case_id": case.pk, "actor": people["clerk"]}
    with pytest.raises(CaseError, match="制作"), transaction.atomic():
        delivering.send_by_post(at=at, **parcel, **who)  # not made yet: nothing to send (R049)
    make_documents(case, at)
    delivering.send_by_post(at=at, **parcel, **who)
    found = Case.objects.get(pk=case.pk)
    assert (found.state, found.ended_at) == ("GRANTED", None)
    later = at + timedelta(days=2)
    with pytest.raises(InvalidInputError), transaction.atomic():
        delivering.deliver_by_post(signed_at=at - timedelta(hours=1), at=later, **who)
    done = delivering.deliver_by_post(signed_at=at + timedelta(days=1), at=later, **who)
    assert done.state == "COMPLETED"
    assert Parcel.objects.get(case=case).signed_at == at + timedelta(days=1)


def test_another_collects_with_the_code_and_a_checked_paper(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    case = reviewed(case, reviewer=people["reviewer"], at=at)
    deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    make_documents(case, at)
    code = delivering.pickup_code_of(case)
    who = {"case_id": case.pk, "actor": people["clerk"], "at": at}
    with pytest.raises(InvalidInputError) as caught, transaction.atomic():
        delivering.deliver_to_another(code="000000", who="", paper="", **who)
    assert set(caught.value.fields) == {"code", "who", "paper"}
    done = delivering.deliver_to_another(code=code, who="张代领", paper="590102199005180244", **who)
    assert done.state == "COMPLETED"


# The record.


def test_every_branch_leaves_a_record_that_verifies(
    at: datetime, people: dict[str, Any], tmp_path: Any
) -> None:
    case = in_correction(at, people)
    assert case.correction_until is not None
    after = datetime.combine(case.correction_until + timedelta(days=1), at.timetz())
    ending.terminate(
        case_id=case.pk, ground="CORRECTION_OVERDUE", facts="到期没有补正", reason=REASON,
        article="市政务服务管理办法", actor=people["approver"], at=after,
    )  # fmt: skip
    report = verify_all(tmp_path)
    mine = [f for f in report.findings if f[0] == case.subject]
    assert mine == []
