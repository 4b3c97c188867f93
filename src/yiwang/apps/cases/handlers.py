"""What follows from what happened: messages to the applicant, and timers that fall due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from yiwang.apps.cases import events
from yiwang.apps.cases.domain.machine import FINALS, CaseState
from yiwang.apps.cases.models import Case, CaseChannel
from yiwang.apps.cases.operations.delivering import has_blank, is_ready_for_pickup, pickup_code_of
from yiwang.apps.cases.operations.ending import deem_withdrawn
from yiwang.apps.cases.operations.receiving import CORRECTION_DUE, deem_accepted
from yiwang.apps.cases.operations.stopping import resume_when_expected
from yiwang.apps.cases.taken_in import receiver_name
from yiwang.apps.certificates.events import CertificateStored
from yiwang.apps.certificates.public import drop_making, retime_making
from yiwang.apps.people.public import is_agent_today, left_since, stands_today
from yiwang.foundation.access import system_actor
from yiwang.foundation.documents.events import DocumentReady
from yiwang.foundation.documents.jobs import defer_documents
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.moment import chinese_date, civil_date, start_of_day

PICKUP, CORRECTION, PROGRESS = "cases.pickup", "cases.correction", "cases.progress"
MOVED, AGENT = "cases.due_moved", "cases.agent"
DUE_WORDS = {
    "delivery_due_on": "送达期限",
    "promised_due_on": "承诺办结日期",
    "receipt_due_on": "答复日期",
}


def case_of(case_id: int) -> Case:
    return Case.objects.select_related("organ", "hall").get(pk=case_id)


def make_documents(event: Any, at: datetime) -> None:
    """Have the papers of the act rendered and signed."""
    defer_documents(event.subject)


def on_received(event: events.CaseReceived, at: datetime) -> None:
    case = case_of(event.case_id)
    due = f"最迟 {chinese_date(case.receipt_due_on)} 答复。" if case.receipt_due_on else ""
    if case.taken_in_hall_id is not None:
        due += taken_in_words(case)
    tell(
        case,
        PROGRESS,
        "RECEIVED",
        "已收到您的申请",
        f"您的办件 {case.short_number}「{case.item_name}」已收到。{due}",
        at,
    )


def taken_in_words(case: Case) -> str:
    """Who took it in, who really handles it, and by when its papers are handed over (代收)."""
    row = case.take_in
    papers = ""
    if row.papers:
        papers = f",纸质材料最迟 {chinese_date(row.hand_over_due_on)} 移交"
    return f"由{row.hall.name}代收,{receiver_name(case, row.receiver)}办理{papers},您不用再跑。"


def on_accepted(event: events.CaseAccepted, at: datetime) -> None:
    case = case_of(event.case_id)
    due = f"承诺 {chinese_date(case.promised_due_on)} 前办结。" if case.promised_due_on else ""
    word = "依法视为受理" if event.is_deemed else "已受理"
    tell(
        case,
        PROGRESS,
        "ACCEPTED",
        f"您的申请{word}",
        f"您的办件 {case.short_number}「{case.item_name}」{word}。{due}",
        at,
    )


def on_correction_requested(event: events.CorrectionRequested, at: datetime) -> None:
    case = case_of(event.case_id)
    until = chinese_date(case.correction_until) if case.correction_until else ""
    tell(
        case,
        CORRECTION,
        f"asked:{case.corrections_asked}",
        "请补正材料",
        f"您的办件 {case.short_number}「{case.item_name}」需要补正,内容已一次写全,"
        f"请在 {until} 前提交,可以在网上补正,不用再跑一趟。",
        at,
    )


def on_document_ready(event: DocumentReady, at: datetime) -> None:
    """When the last paper of a result is stored the applicant may come, not before (R049)."""
    if not event.of.startswith("case:"):
        return
    _tell_ready(case_of(int(event.of.removeprefix("case:"))), at)


def on_certificate_stored(event: CertificateStored, at: datetime) -> None:
    """制证完成、已入库: the printed certificate was what the applicant still waited for."""
    _tell_ready(case_of(int(event.of.removeprefix("case:"))), at)


def on_voided(event: events.CaseEnded, at: datetime) -> None:
    """Nothing more is made for a case that ended without a hand-over."""
    by = system_actor("case")
    drop_making(subject=event.subject, reason="办件已终结,不再发证", actor=by, at=at)


def on_delivery_moved(event: events.DueDatesMoved, at: datetime) -> None:
    """The queue of certificates to print follows the delivery clock."""
    case = case_of(event.case_id)
    if case.state == CaseState.GRANTED and has_blank(case):
        retime_making(
            subject=case.subject, due_on=case.delivery_due_on, sort_due_at=case.sort_due_at
        )


def _tell_ready(case: Case, at: datetime) -> None:
    if still_ready(case.subject, "result"):
        return
    refused = case.state == CaseState.REFUSED
    title = "您的办理结果已作出" if refused else "您的证件可以领取了"
    tell(
        case,
        PICKUP,
        "result",
        title,
        f"您的办件 {case.short_number}「{case.item_name}」的结果已制作完成,请到 {case.hall.name}"
        f"({case.hall.address},{case.hall.hours})领取,取件码 {pickup_code_of(case)};"
        "可以网上签收的,在「我的办件」里签收即可,不用跑。",
        at,
    )


def on_due_moved(event: events.DueDatesMoved, at: datetime) -> None:
    """A holiday notice moved the case's due days: told once, by the day that matters now."""
    case = case_of(event.case_id)
    entry = (
        RecordEntry.objects.filter(subject=case.subject, operation=MOVED).order_by("-seq").first()
    )
    moved = entry.facts["moved"] if entry else {}
    column = next((name for name in DUE_WORDS if name in moved), None)
    if column is None:
        return
    before, after = (chinese_date(date.fromisoformat(day)) for day in moved[column])
    tell(
        case,
        MOVED,
        f"{event.notice_id}:{column}:{moved[column][1]}",
        "因放假安排,日期有调整",
        f"您的办件 {case.short_number}「{case.item_name}」的{DUE_WORDS[column]}由 {before} 顺延到 "
        f"{after},因为公布了新的放假安排。您不用做什么。",
        at,
    )


def still_moved(subject: str, occasion: str) -> str:
    """True while the day told is the case's day and the case is still open."""
    _, column, day = occasion.split(":")
    case = Case.objects.filter(pk=id_of(subject)).first()
    if case is None or case.state in FINALS:
        return "办件已经终结"
    if str(getattr(case, column)) != day:
        return "到期日又有变化"
    return ""


def tell(case: Case, kind: str, occasion: str, title: str, body: str, at: datetime) -> None:
    queue(
        kind=kind,
        subject=case.subject,
        occasion=occasion,
        recipient_id=told_to(case, at),
        title=title,
        body=body,
        link=f"/my/cases/{case.pk}",
        at=at,
    )
    is_agents = case.channel == CaseChannel.ONLINE or case.filed_under is not None
    if is_agents and case.filed_by_id is not None:
        _tell_agent(case, f"{kind}|{occasion}", title, at)


def told_to(case: Case, at: datetime) -> int:
    """Who is told: whoever filed, while they stand for the applicant; else the applicant."""
    filer = case.filed_by_id
    if filer is None or filer == case.applicant_id or case.filed_under is not None:
        return case.applicant_id
    if case.channel == CaseChannel.WINDOW:
        left = left_since(filer, case.applicant_id, case.received_at)
        return case.applicant_id if left else filer
    return filer if stands_today(filer, case.applicant_id, at=at) else case.applicant_id


def _tell_agent(case: Case, occasion: str, title: str, at: datetime) -> None:
    """An agent in force is told that there is news, never a code: the text is the principal's."""
    assert case.filed_by_id is not None
    if not is_agent_today(case.filed_by_id, case.applicant_id, case.item_code, at=at):
        return
    queue(
        kind=AGENT,
        subject=case.subject,
        occasion=occasion[:80],
        recipient_id=case.filed_by_id,
        title=f"您代办的事有新消息:{title}"[:120],
        body=f"您替 {case.applicant_label} 办的「{case.item_name}」(编号 {case.short_number})"
        f"有新消息:{title}。请在「我的办件」里看。",
        link=f"/my/cases/{case.pk}",
        at=at,
    )


def still_agent(subject: str, occasion: str) -> str:
    """Asked again when it is sent: an authorisation may have been taken back meanwhile."""
    case = Case.objects.filter(pk=id_of(subject)).first()
    filer = case.filed_by_id if case is not None else None
    if case is None or filer is None:
        return "办件或代理人不存在"
    still = is_agent_today(filer, case.applicant_id, case.item_code)
    return "" if still else "委托已经结束"


def still_ready(subject: str, occasion: str) -> str:
    """A pick-up notice is true only while the result is decided, made, stored and not yet handed
    over: 制证完成、已入库 (R049: a wrong message cost five journeys)."""
    case = Case.objects.select_for_update().filter(pk=id_of(subject)).first()
    if case is None:
        return "办件不存在"
    if case.state not in (CaseState.GRANTED, CaseState.REFUSED):
        return f"办件现在的状态是「{case.state_label}」,没有可领取的结果"
    return "" if is_ready_for_pickup(case) else "证件或决定书还没有制作完成、入库"


def still_to_correct(subject: str, occasion: str) -> str:
    case = Case.objects.filter(pk=id_of(subject)).first()
    if case is None or case.state != CaseState.CORRECTION:
        return "申请人已经提交补正,或办件已不在待补正状态"
    return ""


def still_progress(subject: str, occasion: str) -> str:
    """News of a state that is over is not news: it would send somebody on a needless way."""
    case = Case.objects.filter(pk=id_of(subject)).first()
    expected = {"RECEIVED": CaseState.RECEIVED, "ACCEPTED": CaseState.REVIEW}[occasion]
    if case is None or case.state != expected:
        return "办件已经进入下一步"
    return ""


def id_of(subject: str) -> int:
    return int(subject.removeprefix("case:"))


def receipt_due(subject: str, at: datetime) -> None:
    """The receipt limit has run out: deemed accepted, if nobody was quicker."""
    try:
        deem_accepted(case_id=id_of(subject), at=at)
    except TransitionNotAllowedError:
        return


def pause_ends(subject: str, at: datetime) -> None:
    try:
        resume_when_expected(case_id=id_of(subject), at=at)
    except TransitionNotAllowedError:
        return


def correction_due(subject: str, at: datetime) -> None:
    """Three days before an open correction ends remind once; after its end, where the item's law
    says that silence withdraws, the platform does so. Otherwise the approver decides."""
    case = case_of(id_of(subject))
    until = case.correction_until
    if case.state != CaseState.CORRECTION or until is None:
        return
    if civil_date(at) > until:
        deem_withdrawn(case_id=case.pk, at=at)
        return
    set_timers(subject, {CORRECTION_DUE: start_of_day(until + timedelta(days=1))})
    tell(
        case,
        CORRECTION,
        f"reminder:{case.corrections_asked}",
        "提醒:补正期限快到了",
        f"您的办件 {case.short_number}「{case.item_name}」还没有补正,期限到 "
        f"{chinese_date(until)}。",
        at,
    )
