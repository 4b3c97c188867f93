"""A certificate in words: its state on a day, and what happened to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from yiwang.apps.certificates.domain.states import MACHINE
from yiwang.apps.certificates.models import Certificate, CertificateStatus, RevocationProposal
from yiwang.apps.certificates.queries import WholeCertificate
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import civil_date

TONES = {
    CertificateStatus.VALID: "success",
    CertificateStatus.DEEMED: "success",
    CertificateStatus.EXPIRED: "warning",
    CertificateStatus.LOST: "warning",
}
DEEMED_WORDS = (
    "有效期届满前,持证人按期提出了延续申请,颁发机关还没有作出决定,"
    "依据行政许可法第五十条第二款视为准予延续,可以继续使用,直到作出决定。"
)


def present_status(row: Certificate, today: date) -> CertificateStatus:
    """The state on the day it is shown: over is over, also before the night's work was done."""
    status = CertificateStatus(row.status)
    is_over = row.valid_until is not None and row.valid_until < today
    return CertificateStatus.EXPIRED if status is CertificateStatus.VALID and is_over else status


def state_tag(row: Certificate, today: date) -> dict[str, str]:
    status = present_status(row, today)
    return {"label": status.label, "tone": TONES.get(status, "danger")}


def state_since(row: Certificate, today: date) -> str:
    """「自 2026年11月21日 周六起撤销」; "" for one that is simply valid."""
    status = present_status(row, today)
    if status is CertificateStatus.VALID:
        return ""
    if status is CertificateStatus.EXPIRED and row.valid_until is not None:
        on: date | None = row.valid_until + timedelta(days=1)
        if row.status_on is not None and row.status == status and row.renewal_subject:
            on = row.status_on
    else:
        on = row.status_on
    since = f"自 {cn_date(on)}起" if on else ""
    words = {CertificateStatus.DEEMED: DEEMED_WORDS, CertificateStatus.LOST: "已挂失,请不要采信。"}
    return f"{since}{status.label}。{words.get(status, '不再有效,请不要采信。')}"


def warning_of(row: Certificate, today: date) -> dict[str, str] | None:
    """What the public check says at once of a certificate that is not simply valid."""
    text = state_since(row, today)
    if not text:
        return None
    status = present_status(row, today)
    other = getattr(row, "replacement", None)
    if other is not None:
        text += f"已由补发的 {other.number} 代替。"
    tone = "info" if status is CertificateStatus.DEEMED else "danger"
    title = f"这份证照{status.label}" if tone == "info" else f"这份证照已{status.label}"
    return {"tone": tone, "title": title, "text": text}


def days_left(row: Certificate, today: date) -> int | None:
    """Calendar days to the last day, it included; None for one without end or not in force."""
    if row.valid_until is None or present_status(row, today) is not CertificateStatus.VALID:
        return None
    return (row.valid_until - today).days + 1


def history(whole: WholeCertificate) -> list[dict[str, Any]]:
    """Timeline entries, oldest first."""
    row = whole.certificate
    labels = {t.action: t.label for t in MACHINE.transitions}
    papers = {paper.pk: paper for paper in whole.papers}
    entries: list[dict[str, Any]] = [
        {
            "title": "颁发",
            "tone": "success",
            "at": cn_date(row.issued_on),
            "who": row.organ.name,
            "said": "",
        }
    ]
    for change in whole.changes:
        paper = papers.get(change.document_id) if change.document_id else None
        said = ";".join(p for p in (change.ground_label, change.reason) if p)
        entries.append(
            {
                "title": labels.get(change.action, change.action),
                "tone": TONES.get(CertificateStatus(change.status), "danger"),
                "at": cn_datetime(change.at),
                "who": change.by_label or "系统自动",
                "said": said,
                "documents": [
                    {"label": f"{paper.title} {paper.number}", "url": paper_url(paper.pk)}
                ]
                if paper
                else [],
            }
        )
    return entries


def paper_url(key: object) -> str:
    return f"/certificates/papers/{key}/"


def proposal_rows(proposal: RevocationProposal, ground: str) -> list[tuple[str, str]]:
    """(label, text) of a proposal, for its holder and for the organ."""
    rows = [("情形", ground), ("拟认定的事实", proposal.facts), ("理由", proposal.reason)]
    if proposal.notified_at is not None:
        rows.append(("告知", f"{cn_datetime(proposal.notified_at)} {proposal.notified_by_label}"))
    if proposal.due_at is not None:
        last = civil_date(proposal.due_at - timedelta(seconds=1))
        rows.append(("陈述、申辩和要求听证", f"到 {cn_date(last)}(5 个工作日)"))
    if proposal.statement:
        rows.append(("持证人的意见", str(proposal.statement)))
    if proposal.is_hearing_asked:
        held = f",{cn_date(proposal.hearing_on)} 举行" if proposal.hearing_on else ",还没有举行"
        rows.append(("听证", f"持证人要求听证{held}"))
    if proposal.hearing_text:
        rows.append(("听证情况", f"主持人 {proposal.presiding}。{proposal.hearing_text}"))
    if proposal.waived_at:
        rows.append(("书面放弃", cn_datetime(proposal.waived_at)))
    if proposal.decided_at:
        told = f"{proposal.get_state_display()}:{proposal.decision}"
        rows.append(("决定", f"{told}({cn_datetime(proposal.decided_at)})"))
    return rows
