"""What follows from what happened on the branches of a case's way: messages, and timers."""

from __future__ import annotations

from datetime import datetime

from yiwang.apps.cases import events
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.handlers import case_of, id_of, tell
from yiwang.apps.cases.models import (
    Case,
    CaseMaterial,
    MaterialStatus,
    OriginalCheck,
    OutsideStatus,
    Parcel,
    SpecialProcedure,
)
from yiwang.apps.cases.operations.held import NOT_FOUND, answer_for
from yiwang.apps.certificates.events import SourceRestored
from yiwang.foundation.timers.sweep import set_timer_for_all
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.moment import chinese_date

ENDED, OUTSIDE, PROCEDURE = "cases.ended", "cases.outside", "cases.procedure"
PARCEL, GAPS = "cases.parcel", "cases.gaps"
ORIGINALS, ANSWERED = "cases.originals", "cases.answered"
ASK_AGAIN = "cases.ask_again"


def _name(case: Case) -> str:
    return f"您的办件 {case.short_number}「{case.item_name}」"


def on_ended(event: events.CaseEnded, at: datetime) -> None:
    case = case_of(event.case_id)
    why = "理由、依据和不服的途径写在告知书里。" if event.document_id else ""
    tell(
        case,
        ENDED,
        case.state,
        f"办件{case.state_label}",
        f"{_name(case)}{case.state_label}。{why}您可以重新申请,已经提交过的材料可以再用。",
        at,
    )


def still_ended(subject: str, occasion: str) -> str:
    case = Case.objects.filter(pk=id_of(subject)).first()
    return "" if case is not None and case.state == occasion else "办件状态又有变化"


def on_forwarded(event: events.CaseForwarded, at: datetime) -> None:
    case = case_of(event.case_id)
    status = OutsideStatus.objects.filter(case=case).order_by("-id").first()
    if status is not None:
        _tell_outside(case, status, f"{_name(case)}已转 {status.system} 办理,由其作出决定。", at)


def on_status_reported(event: events.StatusReported, at: datetime) -> None:
    status = OutsideStatus.objects.get(pk=event.status_id)
    case = case_of(event.case_id)
    _tell_outside(
        case, status, f"{_name(case)}有新的状态:{status.status}(来自 {status.system})。", at
    )


def _tell_outside(case: Case, status: OutsideStatus, body: str, at: datetime) -> None:
    tell(case, OUTSIDE, str(status.pk), "办理系统有回传", body, at)


def still_outside(subject: str, occasion: str) -> str:
    """Only the newest status of the other side is news."""
    newest = OutsideStatus.objects.filter(case_id=id_of(subject)).order_by("-id").first()
    return "" if newest is not None and str(newest.pk) == occasion else "又有了新的状态"


def on_procedure(event: events.ProcedureStarted | events.ProcedureAdvanced, at: datetime) -> None:
    """What the applicant must know of a special procedure: told once per state with a paper."""
    row = SpecialProcedure.objects.get(pk=event.procedure_id)
    if not event.document_id:
        return
    case = case_of(event.case_id)
    when = f",定于 {chinese_date(row.held_on)} 举行" if row.held_on else ""
    until = f",期限到 {chinese_date(row.due_on)}" if row.due_on and not row.held_on else ""
    tell(
        case,
        PROCEDURE,
        f"{row.pk}:{row.state}",
        f"{row.name}告知",
        f"{_name(case)}需要进行{row.name}{when}{until}。内容和您的权利写在告知书里。",
        at,
    )


def still_open_procedure(subject: str, occasion: str) -> str:
    number, _, state = occasion.partition(":")
    row = SpecialProcedure.objects.filter(pk=int(number)).first()
    return "" if row is not None and row.state == state else "程序已经进入下一步"


def on_sent(event: events.ResultSent, at: datetime) -> None:
    parcel = Parcel.objects.get(pk=event.parcel_id)
    case = case_of(event.case_id)
    tell(
        case,
        PARCEL,
        str(parcel.pk),
        "办理结果已经寄出",
        f"{_name(case)}的结果已交 {parcel.carrier} 寄出,单号 {parcel.number}。",
        at,
    )


def still_on_its_way(subject: str, occasion: str) -> str:
    parcel = Parcel.objects.filter(pk=int(occasion)).first()
    return "" if parcel is not None and parcel.signed_at is None else "已经签收"


def deferral_due(subject: str, at: datetime) -> None:
    """Remind of promised materials the day before they are due; what follows the approver says."""
    case = case_of(id_of(subject))
    if case.state != CaseState.REVIEW or case.deferral_until is None or still_has_gaps(subject, ""):
        return
    tell(
        case,
        GAPS,
        str(case.deferral_until),
        "提醒:容缺材料补交期限快到了",
        f"{_name(case)}还有承诺补交的材料,请在 {chinese_date(case.deferral_until)} 前补交,"
        "可以在网上补,不用再跑一趟。",
        at,
    )


def still_has_gaps(subject: str, occasion: str) -> str:
    missing = CaseMaterial.objects.filter(
        case_id=id_of(subject), is_deferred=True, status=MaterialStatus.MISSING
    )
    return "" if missing.exists() else "容缺的材料已经补齐"


def on_source_restored(event: SourceRestored, at: datetime) -> None:
    """Every case that waits for a source's answer is looked at by itself, soon."""
    waiting = CaseMaterial.objects.filter(status=MaterialStatus.UNCERTAIN)
    found = {f"case:{pk}" for pk in waiting.values_list("case_id", flat=True)}
    if found:
        set_timer_for_all(sorted(found), ASK_AGAIN, at)


def ask_again(subject: str, at: datetime) -> None:
    try:
        answer_for(case_id=id_of(subject), at=at)
    except TransitionNotAllowedError:
        return


def on_answered(event: events.HoldingsAnswered, at: datetime) -> None:
    """Only what was not found is news to the applicant: the rest needs nothing of them."""
    names = _not_found(event.case_id)
    if not names:
        return
    case = case_of(event.case_id)
    tell(
        case,
        ANSWERED,
        f"{case.version}",
        "数据源恢复后没有查到您的材料",
        f"{_name(case)}申请时暂时查不到的材料,恢复后没有查到:{'、'.join(names)}。"
        "现在不用您来:需要补的,会一次写在补正告知里,可以在网上补。",
        at,
    )


def _not_found(case_id: int) -> list[str]:
    rows = CaseMaterial.objects.filter(
        case_id=case_id, status=MaterialStatus.MISSING, note=NOT_FOUND, required=True
    )
    return list(rows.order_by("id").values_list("name", flat=True))


def still_not_found(subject: str, occasion: str) -> str:
    return "" if _not_found(id_of(subject)) else "材料已经补齐或查到"


def _due_originals(case_id: int) -> list[str]:
    rows = CaseMaterial.objects.filter(case_id=case_id, original=OriginalCheck.DUE)
    return list(rows.order_by("id").values_list("name", flat=True))


def on_originals_wanted(event: events.OriginalsWanted, at: datetime) -> None:
    case = case_of(event.case_id)
    names = _due_originals(case.pk)
    if not names:
        return
    tell(
        case,
        ORIGINALS,
        "wanted",
        "审查已完成,请带原件来核验",
        f"{_name(case)}已审查完。请带以下原件到 {case.hall.name}({case.hall.address},"
        f"{case.hall.hours})核验,一次就好:{'、'.join(names)}。核验一致后作出决定。",
        at,
    )


def still_wants_originals(subject: str, occasion: str) -> str:
    case = Case.objects.filter(pk=id_of(subject)).first()
    if case is None or case.state != CaseState.REVIEW:
        return "办件已经不在审查"
    return "" if _due_originals(case.pk) else "原件已经核验"
