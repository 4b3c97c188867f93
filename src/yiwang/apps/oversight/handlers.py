"""What oversight does about decisions, about certificates, and about the passing of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from yiwang.apps.cases import events as case_events
from yiwang.apps.cases.public import items_of_cases
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.certificates import events as certificate_events
from yiwang.apps.certificates.public import (
    Certificate,
    Hooks,
    Remedy,
    certificate_of_case,
    settle_renewal,
)
from yiwang.apps.oversight.domain.states import CheckState
from yiwang.apps.oversight.events import CheckRecorded
from yiwang.apps.oversight.models import FollowUpCheck
from yiwang.apps.oversight.notes import notes_of
from yiwang.apps.oversight.operations.checking import close_checks, open_check
from yiwang.apps.oversight.operations.publishing import (
    enter,
    find_missed,
    publish_one,
    publish_waiting,
    withdraw_of_case,
)
from yiwang.apps.oversight.operations.renewing import (
    CLOSES,
    OPENS,
    case_id_of,
    pending_renewal,
    remind,
    start_reminders,
)
from yiwang.apps.oversight.operations.sampling import draw_day
from yiwang.foundation.documents.jobs import defer_documents
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.moment import chinese_date, civil_date, start_of_day

CHECKED = "oversight.check"
NIGHTLY, SUBJECT = "oversight.nightly", "oversight:daily"
SAMPLING = "oversight.sampling"
ENDED = {"granted": "延续申请已准予,由新证代替", "refused": "延续申请已作出不予延续的决定"}


def on_granted(event: case_events.CaseGranted, at: datetime) -> None:
    """A promise to check, a decision to publish, an end to remind of, a renewal settled."""
    open_check(case_id=event.case_id, at=at)
    _publish(event.case_id, at)
    certificate = certificate_of_case(event.subject)
    if certificate is not None:
        start_reminders(certificate, at=at)
    settle_renewal(renewal_subject=event.subject, outcome=ENDED["granted"], at=at)


def on_refused(event: case_events.CaseRefused, at: datetime) -> None:
    _publish(event.case_id, at)
    settle_renewal(renewal_subject=event.subject, outcome=ENDED["refused"], at=at)


def on_ended(event: Any, at: datetime) -> None:
    """Withdrawn or ended without a decision: nothing keeps a certificate in force any longer."""
    settle_renewal(renewal_subject=event.subject, outcome="延续申请没有作出决定即已终结", at=at)


def _publish(case_id: int, at: datetime) -> None:
    row = enter(case_id=case_id, at=at)
    if row is not None:
        publish_one(row.pk, at=at)


def on_revoked(event: certificate_events.CertificateRevoked, at: datetime) -> None:
    kind, _, key = event.of.partition(":")
    if kind == "case" and key.isdecimal():
        withdraw_of_case(case_id=int(key), reason="许可已被依法撤销(行政许可法 §69)", at=at)
    close_checks(certificate_id=event.certificate_id, reason="证照已被撤销", at=at)


def on_changed(event: certificate_events.CertificateChanged, at: datetime) -> None:
    if event.status in ("CANCELLED", "WITHDRAWN", "EXPIRED"):
        close_checks(certificate_id=event.certificate_id, reason="证照已经失效", at=at)


def on_reissued(event: certificate_events.CertificateReissued, at: datetime) -> None:
    """Reminders and an open check follow the new certificate."""
    start_reminders(Certificate.objects.get(pk=event.new_id), at=at)
    FollowUpCheck.objects.filter(certificate_id=event.certificate_id).update(
        certificate_id=event.new_id
    )


def on_check(event: CheckRecorded, at: datetime) -> None:
    """Tell the applicant what will be checked, or what came of it; have the paper made."""
    defer_documents(event.subject)
    row = FollowUpCheck.objects.select_related("organ").get(pk=event.check_id)
    until = chinese_date(row.rectify_until) if row.rectify_until else ""
    bodies = {
        "PENDING": f"将在 {chinese_date(row.due_on)} 前由{row.organ.name}核查,请保持与承诺一致。",
        "PASSED": "经核查符合承诺。",
        "RECTIFYING": f"经核查与承诺不符,请在 {until} 前改正。责令整改通知书在「我的证照」里。",
        "TRANSFERRED": "整改期满仍不符合承诺,已移送发证机关。"
        "发证机关决定以前会告知您陈述、申辩和听证的权利。",
    }
    if event.state not in bodies or row.state != event.state:
        return
    link = f"/my/certificates/{row.certificate_id}/" if row.certificate_id else "/my/certificates/"
    queue(
        kind=CHECKED,
        subject=row.subject,
        occasion=event.state,
        recipient_id=row.applicant_id,
        title=f"告知承诺核查:{CheckState(event.state).label}",
        body=f"您的办件 {row.short_number}「{row.item_name}」以告知承诺方式办理,"
        f"{bodies[event.state]}",
        link=link,
        at=at,
    )


def still_checked(subject: str, occasion: str) -> str:
    """News of a check is true while it is in that state."""
    row = FollowUpCheck.objects.filter(pk=int(subject.removeprefix("follow_up:"))).first()
    return "" if row is not None and row.state == occasion else "核查已经进入下一步"


def renewal_opens(subject: str, at: datetime) -> None:
    remind(subject, "opens", at=at)


def renewal_closes(subject: str, at: datetime) -> None:
    remind(subject, "closes", at=at)


def nightly(subject: str, at: datetime) -> None:
    """Decisions whose event was missed, and whatever still waits to be published."""
    find_missed(at=at)
    done = publish_waiting(at=at)
    night = start_of_day(civil_date(at) + timedelta(days=1)) + timedelta(minutes=15)
    set_timers(SUBJECT, {NIGHTLY: at + timedelta(seconds=30) if done >= 500 else night})


def sampling_due(subject: str, at: datetime) -> None:
    """On the morning of a working day the files of the days before are drawn."""
    draw_day(day=civil_date(at), at=at)
    following = start_of_day(civil_date(at) + timedelta(days=1)) + timedelta(hours=1)
    set_timers(SUBJECT, {SAMPLING: following})


def prepare(*, at: datetime) -> None:
    """The standing timers; what runs is left as it is."""
    Timer.objects.bulk_create(
        [Timer(subject=SUBJECT, kind=kind, due_at=at) for kind in (NIGHTLY, SAMPLING)],
        ignore_conflicts=True,
    )


def remedy_of(certificate: Certificate) -> Remedy | None:
    """Where the item's decisions may be taken."""
    case_id = case_id_of(certificate)
    item = items_of_cases([case_id]).get(case_id) if case_id is not None else None
    if item is None:
        return None
    remedy = definition_of(item.item_version_id).remedy
    return Remedy(remedy.review_organ, remedy.review_address, remedy.court)


def _notes(certificates: Sequence[Certificate], today: date) -> Any:
    return notes_of(list(certificates), today)


HOOKS = Hooks(pending_renewal=pending_renewal, remedy=remedy_of, notes=_notes)
TIMERS = {OPENS: renewal_opens, CLOSES: renewal_closes, NIGHTLY: nightly, SAMPLING: sampling_due}
