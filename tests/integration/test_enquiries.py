"""Questions and complaints: who may, by when, told while true, and never by who handled the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.acting import accepted, actor, received
from tests.authorising import party

from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.enquiries import queries
from yiwang.apps.enquiries.domain.states import EnquiryState
from yiwang.apps.enquiries.errors import (
    EnquiryNotFoundError,
    InvalidActError,
    NotNowError,
)
from yiwang.apps.enquiries.models import Enquiry, EnquiryEntry, GuideNote
from yiwang.apps.enquiries.operations import answering, asking, publishing
from yiwang.apps.enquiries.verifying import check_enquiries
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import now
from yiwang.foundation.messaging.models import Message, MessageStatus
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
ELDER = "elder-card"
ANONYMOUS = Actor(ref="anonymous", label="")


def asked(kind: str = "CONSULT", by: str = "he-guifang") -> Enquiry:
    at = now()
    return asking.ask_about_guide(
        item=ELDER, kind=kind, text="照片要几寸的?", contact="", actor=actor(by, at), at=at
    )


def complained() -> tuple[Enquiry, int]:
    """A complaint about a case that 赵 reviewed nothing of and 何 took in and accepted."""
    at = now()
    citizen = actor("he-guifang", at)
    case = accepted(ELDER, by=citizen, clerk=actor("he-window", at), at=at)
    row = asking.ask_about_case(
        case_id=case.pk, kind="COMPLAINT", text="窗口态度很不好。", actor=citizen, at=at
    )
    return row, case.pk


def act(row: Enquiry, action: str, by: str, **more: bool) -> Enquiry:
    at = now()
    return answering.act_on(
        enquiry_id=row.pk, action=action, text="已经核实,情况如下。", actor=actor(by, at), at=at,
        **more,
    )  # fmt: skip


def test_a_question_is_answered_asked_again_and_ended_by_the_asker() -> None:
    at, row = now(), asked()
    days = calendar().working_days(civil_date(at), row.due_on)
    assert row.state == EnquiryState.ASKED and days == 2
    act(row, "ANSWER", "zhou-review")
    citizen = actor("he-guifang", at)
    row = asking.ask_again(enquiry_id=row.pk, text="那一寸可以吗?", actor=citizen, at=at)
    assert (row.state, row.round) == (EnquiryState.ASKED, 2) and row.due_on is not None
    act(row, "ANSWER", "zhou-review")
    row = asking.satisfy(enquiry_id=row.pk, actor=citizen, at=at)
    assert row.state == EnquiryState.SATISFIED and row.ended_at == at and row.due_on is None
    with pytest.raises(TransitionNotAllowedError):
        act(row, "ANSWER", "zhou-review")
    assert EnquiryEntry.objects.filter(enquiry=row).count() == 4


def test_another_organ_and_another_person_see_nothing_of_it() -> None:
    row = asked()
    for login in ("wang-shouren", "zhao-review", "he-window"):
        with pytest.raises(EnquiryNotFoundError):
            queries.whole_enquiry(row.pk, actor=actor(login, now()))
    with pytest.raises(EnquiryNotFoundError):
        act(row, "ANSWER", "zhao-review")
    ours = queries.enquiries_of(actor=actor("zhou-review", now()))
    theirs = queries.enquiries_of(actor=actor("zhao-review", now()))
    assert row.pk in [r.pk for r in ours.rows] and row.pk not in [r.pk for r in theirs.rows]


def test_a_complaint_never_reaches_who_handled_the_case() -> None:
    at = now()
    row, case_id = complained()
    Enquiry.objects.filter(pk=row.pk).update(excluded=[*row.excluded, actor("zhou-review", at).ref])
    handler = actor("zhou-review", at)
    assert row.pk not in [r.pk for r in queries.enquiries_of(actor=handler).rows]
    with pytest.raises(EnquiryNotFoundError):
        act(row, "ACCEPT", "zhou-review")
    assert actor("he-window", at).ref in row.excluded
    other = actor("wu-review", at)
    assert row.pk in [r.pk for r in queries.enquiries_of(actor=other).rows]
    assert act(row, "ACCEPT", "wu-review").state == EnquiryState.ACCEPTED
    supervisor = actor("tang-supervise", at)
    assert row.pk in [r.pk for r in queries.enquiries_of(actor=supervisor).rows]
    row = answering.act_on(
        enquiry_id=row.pk, action="HANDLE", text="已批评教育并道歉。", actor=supervisor, at=at
    )
    assert row.state == EnquiryState.HANDLED
    with pytest.raises(CaseNotFoundError):
        asking.ask_about_case(
            case_id=case_id, kind="COMPLAINT", text="不是我的。",
            actor=actor("wang-shouren", at), at=at,
        )  # fmt: skip


def test_supervisors_do_not_read_questions() -> None:
    row = asked()
    with pytest.raises(EnquiryNotFoundError):
        queries.whole_enquiry(row.pk, actor=actor("tang-supervise", now()))


def told(row: Enquiry) -> list[str]:
    found = Message.objects.filter(
        subject=row.subject, status=MessageStatus.SENT, channel="IN_SITE"
    )
    return [message.title for message in found.order_by("id")]


def test_a_handled_complaint_is_told_and_an_answer_that_was_overtaken_is_not() -> None:
    at = now()
    row, _ = complained()
    act(row, "ACCEPT", "wu-review")
    act(row, "HANDLE", "wu-review")
    while drain(at=at):
        pass
    send_pending(at=at, limit=500)
    row.refresh_from_db()
    assert row.state == EnquiryState.TOLD and row.ended_at is not None
    assert told(row) == ["您的投诉处理好了"]  # 受理 was overtaken before it was sent
    question = asked()
    act(question, "ANSWER", "zhou-review")
    while drain(at=at):
        pass
    asking.ask_again(
        enquiry_id=question.pk, text="还是不清楚。", actor=actor("he-guifang", at), at=at
    )
    send_pending(at=at, limit=500)
    assert told(question) == []


def test_what_is_not_answered_in_time_is_urged_once() -> None:
    row = asked()
    assert row.due_on is not None
    sweep(at=row.sort_due_at - timedelta(seconds=1), limit=5000)
    row.refresh_from_db()
    assert row.urged_at is None
    later = row.sort_due_at + timedelta(minutes=1)
    sweep(at=later, limit=5000)
    row.refresh_from_db()
    assert row.urged_at == later
    answering.urge(row.subject, later + timedelta(days=1))
    row.refresh_from_db()
    assert row.urged_at == later


def test_a_wrong_guide_opens_a_note_that_an_editor_closes_once() -> None:
    at, row = now(), asked("GUIDE_ERROR")
    act(row, "ANSWER", "zhou-review", is_guide_wrong=True)
    note = GuideNote.objects.get(enquiry=row)
    assert note.item_code == ELDER and note.pk in [n.pk for n in queries.open_notes()]
    closing = {"note_id": note.pk, "is_mended": True, "outcome": "第二版已改。", "at": at}
    with pytest.raises(AccessDeniedError):
        publishing.close_note(**closing, actor=actor("zhou-review", at))
    publishing.close_note(**closing, actor=actor("xu-editor", at))
    assert note.pk not in [n.pk for n in queries.open_notes()]
    with pytest.raises(NotNowError):
        publishing.close_note(**closing, actor=actor("xu-editor", at))


def test_an_anonymous_question_is_read_with_its_slip_and_cannot_be_a_complaint() -> None:
    at = now()
    about = {"item": ELDER, "text": "周六上班吗?", "contact": "", "actor": ANONYMOUS, "at": at}
    with pytest.raises(InvalidActError):
        asking.ask_about_guide(**about, kind="COMPLAINT")
    row = asking.ask_about_guide(**about, kind="CONSULT")
    assert queries.by_slip(row.slip).enquiry.pk == row.pk
    with pytest.raises(EnquiryNotFoundError):
        queries.by_slip(row.slip[:-1] + ("A" if row.slip[-1] != "A" else "B"))
    with pytest.raises(EnquiryNotFoundError):
        queries.by_slip(asked().slip)  # of somebody who is known: not by a link


@pytest.mark.parametrize(
    "text", ["请打 13800138000", "证件 11010519491231002X 行吗", "138 0013 8000 可以吗"]
)
def test_a_public_answer_holds_nobodys_number(text: str) -> None:
    editor = actor("xu-editor", now())
    with pytest.raises(InvalidActError) as refused:
        publishing.publish_answer(
            item=ELDER, question=text, answer="可以网上办。", actor=editor, at=now()
        )
    assert "question" in refused.value.fields


def test_a_state_changed_by_hand_is_found() -> None:
    row = asked()
    findings: list[tuple[str, str, str]] = []
    assert row.subject in check_enquiries(findings) and findings == []
    Enquiry.objects.filter(pk=row.pk).update(state="ANSWERED")
    check_enquiries(findings)
    assert [f[0] for f in findings] == [row.subject]


def test_a_case_taken_in_by_a_clerk_keeps_the_clerk_out() -> None:
    at = now()
    case = received(ELDER, by=actor("he-guifang", at), at=at)
    row = asking.ask_about_case(
        case_id=case.pk, kind="COMPLAINT", text="一直没人理。",
        actor=actor("he-guifang", at), at=at,
    )  # fmt: skip
    assert row.excluded == [actor("he-guifang", at).ref]
    assert row.party_id == party("he-guifang").pk
