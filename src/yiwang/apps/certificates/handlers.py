"""What follows from what happened to a certificate: papers, messages, and the nightly look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.apps.certificates import events
from yiwang.apps.certificates.ending import expire_due
from yiwang.apps.certificates.models import Certificate, ProposalState, RevocationProposal
from yiwang.foundation.documents.jobs import defer_documents
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.moment import chinese_date, civil_date, start_of_day

STATE, REVOCATION = "certificates.state", "certificates.revocation"
NIGHTLY, SUBJECT = "certificates.nightly", "certificates:daily"
AT_ONCE = 500
TOLD = {
    "DEEMED": "有效期届满,您的延续申请还在办理,依法视为准予延续,可以继续使用。",
    "EXPIRED": "有效期已经届满,不再有效。需要继续的,请重新申请。",
    "CANCELLED": "已经注销,不再有效。注销通知书在「我的证照」里。",
    "LOST": "已经挂失,暂时不能使用。找到后可以解除挂失,也可以申请补领。",
    "VALID": "已经解除挂失,可以继续使用。",
    "WITHDRAWN": "已经登记吊销,不再有效。",
}


def make_documents(event: Any, at: datetime) -> None:
    """Have the papers of the act rendered and signed."""
    defer_documents(event.subject)


def on_changed(event: events.CertificateChanged, at: datetime) -> None:
    row = Certificate.objects.get(pk=event.certificate_id)
    tell(
        row,
        STATE,
        f"{event.status}:{event.change_id}",
        f"「{row.name}」{row.status_label}"[:120],
        f"您的「{row.name}」({row.number}){TOLD[event.status]}",
        at,
    )


def on_revoked(event: events.CertificateRevoked, at: datetime) -> None:
    row = Certificate.objects.get(pk=event.certificate_id)
    tell(
        row,
        STATE,
        f"REVOKED:{event.change_id}",
        f"「{row.name}」已被撤销"[:120],
        f"您的「{row.name}」({row.number})已被撤销,不再有效。决定书写明了事实、依据、理由和救济途径,"
        "在「我的证照」里可以下载。",
        at,
    )


def on_reissued(event: events.CertificateReissued, at: datetime) -> None:
    defer_documents(f"certificate:{event.new_id}")
    row = Certificate.objects.get(pk=event.new_id)
    tell(
        row,
        STATE,
        "VALID:reissued",
        f"「{row.name}」已经补发"[:120],
        f"您的「{row.name}」已经补发,新证编号 {row.number},在「我的证照」里可以下载;原证作废。",
        at,
    )


def on_notified(event: events.RevocationNotified, at: datetime) -> None:
    proposal = RevocationProposal.objects.select_related("certificate").get(pk=event.proposal_id)
    row = proposal.certificate
    until = ""
    if proposal.due_at is not None:
        until = chinese_date(civil_date(proposal.due_at - timedelta(seconds=1)))
    tell(
        row,
        REVOCATION,
        f"proposal:{proposal.pk}",
        f"拟撤销您的「{row.name}」,请看告知书"[:120],
        f"颁发机关拟撤销您的「{row.name}」({row.number})。您可以在 {until} 前陈述、申辩"
        "或者要求听证,请在「我的证照」里办理。",
        at,
    )


def on_dropped(event: events.RevocationDropped, at: datetime) -> None:
    row = Certificate.objects.get(pk=event.certificate_id)
    tell(
        row,
        REVOCATION,
        f"dropped:{event.proposal_id}",
        f"「{row.name}」不予撤销"[:120],
        f"关于您的「{row.name}」({row.number}),颁发机关决定不予撤销,理由在「我的证照」里。",
        at,
    )


def tell(row: Certificate, kind: str, occasion: str, title: str, body: str, at: datetime) -> None:
    queue(
        kind=kind,
        subject=row.record_subject,
        occasion=occasion,
        recipient_id=row.holder_id,
        title=title,
        body=body,
        link=f"/my/certificates/{row.pk}/",
        at=at,
    )


def id_of(subject: str) -> int:
    return int(subject.removeprefix("certificate:"))


def still_in_state(subject: str, occasion: str) -> str:
    """News of a state is true while the certificate is in it."""
    row = Certificate.objects.select_for_update().filter(pk=id_of(subject)).first()
    if row is None or row.status != occasion.partition(":")[0]:
        return "证照的状态又有变化"
    return ""


def still_proposed(subject: str, occasion: str) -> str:
    """A notice is true while it waits for the holder; the end of it while it has ended so."""
    word, _, key = occasion.partition(":")
    row = RevocationProposal.objects.filter(pk=int(key)).first()
    wanted = ProposalState.NOTIFIED if word == "proposal" else ProposalState.DROPPED
    return "" if row is not None and row.state == wanted else "拟撤销已经有了结果"


def nightly(subject: str, at: datetime) -> None:
    """Shortly after midnight: what is over expires, or is deemed renewed."""
    done = expire_due(at=at, most=AT_ONCE)
    following = at + timedelta(seconds=30) if done >= AT_ONCE else next_night(at)
    set_timers(SUBJECT, {NIGHTLY: following})


def next_night(at: datetime) -> datetime:
    return start_of_day(civil_date(at) + timedelta(days=1)) + timedelta(minutes=5)


def prepare(*, at: datetime) -> None:
    """The standing timer of the night; one that runs is left as it is."""
    rows = [Timer(subject=SUBJECT, kind=NIGHTLY, due_at=at)]
    Timer.objects.bulk_create(rows, ignore_conflicts=True)
