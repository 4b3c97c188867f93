"""What a holder does with a certificate: report it lost, find it again, ask for a replacement or
for its cancellation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.certificates.acting import begin, of_this_platform, require_texts
from yiwang.apps.certificates.domain.states import IN_FORCE, CertificateAction
from yiwang.apps.certificates.errors import CertificateNotFoundError, InvalidActError, NotNowError
from yiwang.apps.certificates.events import CertificateChanged
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.foundation.access import Actor

REPLACE, CANCEL = "REPLACE", "CANCEL"
ASKED = {REPLACE: "申请补领", CANCEL: "申请注销"}


def _own(certificate: Certificate, actor: Actor) -> None:
    if not actor.acts_for(certificate.holder_id):
        raise CertificateNotFoundError


@transaction.atomic
def report_lost(
    *, certificate_id: int, reason: str, actor: Actor, at: datetime, replace: bool = True
) -> Certificate:
    """挂失: at once out of force; `replace` asks the organ for a replacement as well."""
    act = begin(certificate_id, CertificateAction.REPORT_LOST, actor=actor, at=at)
    _own(act.certificate, actor)
    of_this_platform(act.certificate)
    require_texts(reason=(reason, 2, "请写明怎么遗失的,例如「11月20日在公交车上遗失」。"))
    change = act.move(reason=reason.strip()[:400])
    if replace:
        act.changes |= {"asked": REPLACE, "asked_reason": reason.strip()[:400], "asked_at": at}
    act.events.append(CertificateChanged(act.certificate.pk, change.status, change.pk))
    return act.commit("certificates.report_lost")


@transaction.atomic
def find_again(*, certificate_id: int, actor: Actor, at: datetime) -> Certificate:
    """解除挂失, while no replacement was issued."""
    act = begin(certificate_id, CertificateAction.FIND_AGAIN, actor=actor, at=at)
    _own(act.certificate, actor)
    if Certificate.objects.filter(supersedes=act.certificate).exists():
        raise NotNowError("已经补发了新证,原证不能恢复,请使用新证。")
    change = act.move()
    act.changes |= {"asked": "", "asked_reason": "", "asked_at": None}
    act.events.append(CertificateChanged(act.certificate.pk, change.status, change.pk))
    return act.commit("certificates.find_again")


@transaction.atomic
def ask(*, certificate_id: int, wish: str, reason: str, actor: Actor, at: datetime) -> Certificate:
    """Ask the issuing organ: a replacement of a lost one (补领), or a cancellation (注销)."""
    act = begin(certificate_id, None, actor=actor, at=at)
    row = act.certificate
    _own(row, actor)
    of_this_platform(row)
    if wish not in ASKED:
        raise InvalidActError({"wish": "请选择申请补领还是申请注销。"})
    if row.asked:
        raise NotNowError(f"您已经{ASKED[row.asked]},颁发机关正在办理。")
    if wish == REPLACE and (
        row.status != "LOST" or Certificate.objects.filter(supersedes=row).exists()
    ):
        raise NotNowError("挂失以后、补发以前才能申请补领。")
    if wish == CANCEL and row.status not in IN_FORCE:
        raise NotNowError("只有有效的证照才需要申请注销。")
    require_texts(reason=(reason, 2, "请写明理由,颁发机关办理时会看到。"))
    if wish == CANCEL and open_proposal(row) is not None:
        raise NotNowError("颁发机关正在办理拟撤销,有结果后再申请注销。")
    act.changes |= {"asked": wish, "asked_reason": reason.strip()[:400], "asked_at": at}
    act.facts["asked"] = wish
    return act.commit("certificates.ask")


def open_proposal(certificate: Certificate) -> RevocationProposal | None:
    return RevocationProposal.objects.filter(
        certificate=certificate, state__in=("REFERRED", "NOTIFIED")
    ).first()
