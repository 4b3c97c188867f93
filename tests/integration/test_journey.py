"""One case all the way, and every way it may go wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.acting import accepted, actor, make_documents, received, reviewed

from yiwang.apps.cases.errors import (
    CaseNotFoundError,
    ConflictError,
    InvalidInputError,
    NotNowError,
)
from yiwang.apps.cases.models import Case, CaseMaterial, ClockRow, ReviewStep
from yiwang.apps.cases.operations import (
    deciding,
    delivering,
    filing,
    receiving,
    reviewing,
    stopping,
)
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.certificates.models import Certificate
from yiwang.apps.ratings.errors import RatingError
from yiwang.apps.ratings.models import Rating
from yiwang.apps.ratings.operations.inviting import token_of
from yiwang.apps.ratings.operations.rating import rate
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.messaging.models import Message, MessageStatus
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.worker import relay_once

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"


@pytest.fixture
def case(at: datetime) -> Case:
    """An accepted food licence."""
    return accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)


def decide_path(case: Case, at: datetime) -> Case:
    return reviewed(case, reviewer=actor("zhao-review", at), at=at)


def granted(case: Case, at: datetime) -> Case:
    decide_path(case, at)
    return deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)


def test_a_citizen_gets_a_licence_and_rates_it(case: Case, at: datetime) -> None:
    granted(case, at)
    certificate = Certificate.objects.get(subject=case.subject)
    assert certificate.identifier.startswith("1.2.156.3005.2.")
    make_documents(case, at)
    relay_once()
    delivering.deliver_at_window(
        case_id=case.pk,
        code=delivering.pickup_code_of(case),
        actor=actor("he-window", at),
        at=at + timedelta(hours=2),
    )
    relay_once()
    case.refresh_from_db()
    assert case.state == "COMPLETED"
    rating = rate(
        token=token_of(case.pk),
        satisfaction="VERY_SATISFIED",
        actor=actor("lin-xiaoman", at),
        at=at,
        tags=["速度快"],
    )
    assert rating.tags == ["速度快"]
    kinds = set(LegalDocument.objects.filter(subject=case.subject).values_list("kind", flat=True))
    assert kinds == {
        "RECEIPT", "ACCEPTANCE_NOTICE", "GRANT_DECISION", "CERTIFICATE", "DELIVERY_RECEIPT",
    }  # fmt: skip


@pytest.mark.row("R049")
def test_no_pickup_notice_before_the_certificate_is_stored(case: Case, at: datetime) -> None:
    granted(case, at)
    relay_once()
    pickup = Message.objects.filter(subject=case.subject, kind="cases.pickup")
    assert not pickup.exists()
    make_documents(case, at)
    relay_once()
    assert pickup.count() == 2 and set(pickup.values_list("status", flat=True)) == {"SENT"}
    assert case.short_number in pickup[0].body


@pytest.mark.row("R049")
def test_a_queued_message_that_is_no_longer_true_is_withdrawn(case: Case, at: datetime) -> None:
    granted(case, at)
    make_documents(case, at)
    from yiwang.foundation.outbox.relay import drain

    drain(at=at)
    delivering.deliver_at_window(
        case_id=case.pk, code=delivering.pickup_code_of(case), actor=actor("he-window", at), at=at
    )
    send_pending(at=at)
    message = Message.objects.filter(subject=case.subject, kind="cases.pickup").first()
    assert message is not None and message.status == MessageStatus.WITHDRAWN
    assert "已办结" in message.note


def test_two_at_once_one_wins_and_the_other_is_told(case: Case, at: datetime) -> None:
    step = ReviewStep.objects.filter(case=case, state="OPEN").exclude(job="decide").first()
    assert step is not None
    seen = case.version
    opinion = {
        "case_id": case.pk,
        "step": step.code,
        "conclusion": "AGREE",
        "opinion": "符合要求",
        "at": at,
    }
    reviewing.give_opinion(actor=actor("zhao-review", at), version=seen, **opinion)
    with pytest.raises(ConflictError) as caught:
        reviewing.give_opinion(actor=actor("qian-review", at), version=seen, **opinion)
    assert "提出审查意见" in caught.value.message
    assert ReviewStep.objects.get(pk=step.pk).done_by_label == "赵明澄"


@pytest.mark.row("R032")
@pytest.mark.row("R162")
def test_the_window_has_no_act_that_refuses(at: datetime) -> None:
    clerk = actor("he-window", at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    with pytest.raises(AccessDeniedError):
        deciding.not_required(
            case_id=case.pk, reason="依法不需要办理许可", article="条例第三条", actor=clerk, at=at
        )
    with pytest.raises(AccessDeniedError):
        deciding.decline(
            case_id=case.pk,
            ground="NOT_THIS_ORGAN",
            right_organ="市住房和城乡建设局",
            facts="不属本局",
            reason="不属本局职权",
            article="行政许可法第三十二条",
            actor=clerk,
            at=at,
        )
    referred = receiving.refer(case_id=case.pk, reason="疑似不属本局职权", actor=clerk, at=at)
    done = deciding.decline(
        case_id=referred.pk,
        ground="NOT_THIS_ORGAN",
        right_organ="市住房和城乡建设局",
        facts="申请内容是建设工程",
        reason="不属于市场监管部门职权",
        article="行政许可法第三十二条",
        actor=actor("sun-approve", at),
        at=at,
    )
    assert done.state == "DECLINED"
    paper = LegalDocument.objects.get(subject=case.subject, kind="DECLINE_NOTICE")
    assert "市住房和城乡建设局" in str(paper.content)


@pytest.mark.row("R032")
def test_an_absent_approver_is_replaced_by_the_deputy(case: Case, at: datetime) -> None:
    from yiwang.apps.people.models import Absence, Account

    decide_path(case, at)
    with pytest.raises(CaseNotFoundError):
        deciding.grant(case_id=case.pk, actor=actor("li-approve", at), at=at)
    Absence.objects.create(
        account=Account.objects.get(login="sun-approve"),
        starts_at=at - timedelta(hours=1),
        ends_at=at + timedelta(days=1),
        reason="出差",
    )
    assert deciding.grant(case_id=case.pk, actor=actor("li-approve", at), at=at).state == "GRANTED"


@pytest.mark.row("R019")
def test_a_comprehensive_window_acts_by_package_not_by_department(at: datetime) -> None:
    case = received("planning-permit", by=actor("xu-xiangyang", at), at=at)
    with pytest.raises(CaseNotFoundError):
        receiving.request_correction(
            case_id=case.pk, items=[("图纸", "缺少签章")], actor=actor("chen-window", at), at=at
        )
    done = receiving.request_correction(
        case_id=case.pk, items=[("图纸", "缺少签章")], actor=actor("he-window", at), at=at
    )
    assert done.state == "CORRECTION" and done.organ.slug == "yecheng-planning"


def test_correction_is_asked_once_with_all_contents(at: datetime) -> None:
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    case = received(FOOD, by=citizen, at=at)
    receiving.request_correction(
        case_id=case.pk, items=[("布局流程图", "没有标注尺寸")], actor=clerk, at=at
    )
    code = CaseMaterial.objects.filter(case=case).exclude(status="HELD").first().code
    later = at + timedelta(days=2)
    receiving.supply_correction(
        case_id=case.pk, files={code: ("新图.pdf", b"%PDF-1.4 new")}, actor=citizen, at=later
    )
    with pytest.raises(NotNowError) as caught:
        receiving.request_correction(
            case_id=case.pk, items=[("另一份", "又想起来")], actor=clerk, at=later
        )
    assert "一次性告知" in caught.value.message


def test_the_receipt_clock_runs_anew_after_a_correction(at: datetime) -> None:
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    case = received(FOOD, by=citizen, at=at)
    assert str(case.receipt_due_on) == "2026-03-09"
    asked = receiving.request_correction(
        case_id=case.pk, items=[("布局流程图", "没有标注尺寸")], actor=clerk, at=at
    )
    assert asked.receipt_due_on is not None
    supplied = receiving.supply_correction(
        case_id=case.pk, paper=[], actor=citizen, at=at + timedelta(days=7)
    )
    assert str(supplied.receipt_due_on) == "2026-03-16"


def test_silence_is_acceptance_from_the_day_of_receipt(at: datetime) -> None:
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    assert receiving.deem_accepted(case_id=case.pk, at=at + timedelta(days=6)) is None
    done = receiving.deem_accepted(case_id=case.pk, at=at + timedelta(days=8))
    assert done is not None and done.state == "REVIEW" and done.is_deemed_accepted
    assert done.accepted_at == case.received_at
    start = ClockRow.objects.get(case=case, clock="DECISION", kind="STARTED")
    assert start.at == case.received_at


@pytest.mark.row("R169")
def test_a_stop_registered_late_stops_from_its_registration_and_is_marked(
    case: Case, at: datetime
) -> None:
    reviewer, later = actor("zhao-review", at), at + timedelta(days=2)
    words: dict[str, Any] = {
        "case_id": case.pk,
        "ground": definition_of(case.item_version_id).pause_grounds[0].code,
        "expected": "10wd",
        "reason": "需要委托检测机构检验",
        "actor": reviewer,
        "at": later,
    }
    for wrong in (at.date() - timedelta(days=1), later.date() + timedelta(days=1)):
        with pytest.raises(InvalidInputError) as caught:
            stopping.pause(began_on=wrong, **words)
        assert set(caught.value.fields) == {"began_on"}
    stopping.pause(began_on=at.date(), **words)
    row = ClockRow.objects.get(case=case, kind="PAUSED")
    assert row.at == later  # not the day of the fact: what was counted stays counted
    entry = RecordEntry.objects.filter(subject=case.subject).latest("seq")
    assert entry.facts["late_days"] == 2
    notice = LegalDocument.objects.get(subject=case.subject, kind="PAUSE_NOTICE")
    assert "登记迟了 2 个工作日" in str(notice.content)


@pytest.mark.row("R169")
def test_a_pause_needs_a_lawful_ground_a_document_and_an_expected_time(
    case: Case, at: datetime
) -> None:
    reviewer = actor("zhao-review", at)
    with pytest.raises(InvalidInputError) as caught:
        stopping.pause(
            case_id=case.pk,
            ground="waiting_for_leader",
            expected="x",
            reason="等",
            actor=reviewer,
            at=at,
        )
    assert set(caught.value.fields) == {"ground", "expected", "reason"}
    ground = definition_of(case.item_version_id).pause_grounds[0]
    due = case.promised_due_on
    paused = stopping.pause(
        case_id=case.pk,
        ground=ground.code,
        expected="10wd",
        reason="需要委托检测机构检验",
        actor=reviewer,
        at=at + timedelta(days=1),
    )
    assert paused.promised_due_on is None and paused.statutory_due_on is None
    notice = LegalDocument.objects.get(subject=case.subject, kind="PAUSE_NOTICE")
    assert "10 个工作日" in str(notice.content)
    resumed = stopping.resume(case_id=case.pk, actor=reviewer, at=at + timedelta(days=4))
    assert resumed.promised_due_on > due


def test_a_pause_ends_by_itself_when_its_time_has_run_out(case: Case, at: datetime) -> None:
    from yiwang.apps.catalog.public import definition_of
    from yiwang.foundation.timers.sweep import sweep

    ground = definition_of(case.item_version_id).pause_grounds[0]
    stopping.pause(
        case_id=case.pk,
        ground=ground.code,
        expected="3wd",
        reason="需要委托检测机构检验",
        actor=actor("zhao-review", at),
        at=at,
    )
    sweep(at=at + timedelta(days=3))
    case.refresh_from_db()
    assert case.promised_due_on is None
    sweep(at=at + timedelta(days=5))
    case.refresh_from_db()
    # 3 wd after Monday 2 March: the stop's last day is Thursday 5 March, the clock runs on Friday.
    assert (
        str(ClockRow.objects.get(case=case, kind="RESUMED").at.astimezone(at.tzinfo).date())
        == "2026-03-05"
    )
    assert case.promised_due_on is not None


def test_a_refusal_without_facts_article_and_reason_is_not_made(case: Case, at: datetime) -> None:
    decide_path(case, at)
    approver = actor("sun-approve", at)
    with pytest.raises(InvalidInputError) as caught:
        deciding.refuse(
            case_id=case.pk, facts="", articles=[], reason="不行", actor=approver, at=at
        )
    assert set(caught.value.fields) == {"facts", "articles", "reason"}
    done = deciding.refuse(
        case_id=case.pk,
        facts="经营场所与污染源距离不足二十五米",
        articles=["食品安全法第三十三条"],
        reason="选址不符合食品安全要求",
        actor=approver,
        at=at,
    )
    assert done.state == "REFUSED"
    paper = LegalDocument.objects.get(subject=case.subject, kind="REFUSAL_DECISION")
    assert paper.title.startswith("不予") and "行政复议" in str(paper.content)


def test_nothing_is_decided_while_paused_or_with_open_steps(case: Case, at: datetime) -> None:
    with pytest.raises(NotNowError):
        deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)


def test_a_decision_is_made_once(case: Case, at: datetime) -> None:
    granted(case, at)
    with pytest.raises(TransitionNotAllowedError) as caught:
        deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)
    assert "现在的状态是" in caught.value.message
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(subject=case.subject).first().__class__.objects.create(
            identifier="x",
            kind="x",
            name="x",
            number="x",
            holder=case.applicant,
            organ=case.organ,
            fields={},
            issued_on=at.date(),
            subject=case.subject,
            source="x",
        )


@pytest.mark.row("R020")
def test_a_tick_needs_the_file_opened_by_the_same_clerk(at: datetime) -> None:
    clerk, other = actor("chen-window", at), actor("lin-window", at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    row = CaseMaterial.objects.filter(case=case, status="PROVIDED").exclude(attachment=None).first()
    points = [p.code for p in definition_of(case.item_version_id).material(row.code).points]
    with pytest.raises(NotNowError):
        receiving.tick(case_id=case.pk, code=row.code, points=points, actor=clerk, at=at)
    receiving.open_material(case_id=case.pk, code=row.code, actor=other, at=at)
    with pytest.raises(NotNowError):
        receiving.tick(case_id=case.pk, code=row.code, points=points, actor=clerk, at=at)
    receiving.open_material(case_id=case.pk, code=row.code, actor=clerk, at=at)
    receiving.tick(case_id=case.pk, code=row.code, points=points, actor=clerk, at=at)


def test_handing_in_twice_gives_one_case(at: datetime) -> None:
    from tests.acting import draft

    citizen = actor("lin-xiaoman", at)
    row = draft(FOOD, by=citizen, at=at)
    first = filing.submit(draft_id=row.pk, actor=citizen, at=at)
    second = filing.submit(draft_id=row.pk, actor=citizen, at=at)
    assert first.pk == second.pk and Case.objects.filter(filing_key=row.pk).count() == 1


def test_a_rating_needs_the_applicants_token_even_in_sql(case: Case, at: datetime) -> None:
    granted(case, at)
    make_documents(case, at)
    relay_once()
    delivering.deliver_at_window(
        case_id=case.pk, code=delivering.pickup_code_of(case), actor=actor("he-window", at), at=at
    )
    relay_once()
    citizen = actor("lin-xiaoman", at)
    with pytest.raises(RatingError):
        rate(token="wrong", satisfaction="VERY_SATISFIED", actor=citizen, at=at)
    with (
        pytest.raises(Exception, match="own token"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(
            "INSERT INTO ratings_rating (invitation_id, token, kind, satisfaction, tags, text, "
            "is_anonymous, channel, rated_at) SELECT id, 'guess', 'ACTIVE', 'VERY_SATISFIED', '[]', '', "
            "false, 'ONLINE', now() FROM ratings_ratinginvitation"
        )
    rate(token=token_of(case.pk), satisfaction="SATISFIED", actor=citizen, at=at)
    with pytest.raises(RatingError, match="已经评价"):
        rate(token=token_of(case.pk), satisfaction="SATISFIED", actor=citizen, at=at)
    assert Rating.objects.get().token == ""
