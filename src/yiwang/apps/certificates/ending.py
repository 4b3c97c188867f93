"""How a certificate ends without a revocation: its day comes, the organ cancels it, a penalty
withdraws it. And how one lives on because its renewal was not decided in time."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from yiwang.apps.certificates.acting import (
    CertificateAct,
    begin,
    of_this_platform,
    require_texts,
)
from yiwang.apps.certificates.domain.grounds import CANCELLATION, expired_cancel_fits, ground_of
from yiwang.apps.certificates.domain.states import CertificateAction
from yiwang.apps.certificates.errors import InvalidActError, NotNowError
from yiwang.apps.certificates.events import CertificateChanged, CertificateReissued
from yiwang.apps.certificates.holding import open_proposal
from yiwang.apps.certificates.hooks import hooks
from yiwang.apps.certificates.models import Certificate, CertificateStatus
from yiwang.apps.certificates.papers import cancellation_notice, replacement
from yiwang.apps.certificates.permissions import CANCEL, REVOKE
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.statements import insert
from yiwang.kernel.identifiers import licence_id
from yiwang.kernel.moment import civil_date

RENEWAL_ARTICLE = "《中华人民共和国行政许可法》第五十条第二款"


@transaction.atomic
def end_of_validity(*, certificate_id: int, at: datetime) -> Certificate | None:
    """The day after the last day: expired, unless a renewal was applied for in time (§50).

    None where nothing was to be done: it may have been changed since it was looked for.
    """
    actor, today = system_actor("timer"), civil_date(at)
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("organ", "holder")
        .filter(pk=certificate_id, status=CertificateStatus.VALID, valid_until__lt=today)
        .first()
    )
    if row is None:
        return None
    pending = hooks().pending_renewal(row, today)
    action = CertificateAction.DEEM_RENEWED if pending else CertificateAction.EXPIRE
    act = begin(row.pk, action, actor=actor, at=at)
    if pending:
        change = act.move(reason="延续申请在有效期届满前没有作出决定", articles=[RENEWAL_ARTICLE])
        act.changes["renewal_subject"] = pending
        act.facts["subject"] = pending
    else:
        change = act.move(reason="有效期届满")
    act.events.append(CertificateChanged(row.pk, change.status, change.pk))
    return act.commit(f"certificates.{action.value}")


def expire_due(*, at: datetime, most: int = 500) -> int:
    """Every valid certificate whose last day is over; returns how many were changed."""
    keys = list(
        Certificate.objects.filter(status=CertificateStatus.VALID, valid_until__lt=civil_date(at))
        .order_by("valid_until", "id")
        .values_list("pk", flat=True)[:most]
    )
    return sum(end_of_validity(certificate_id=key, at=at) is not None for key in keys)


@transaction.atomic
def settle_renewal(*, renewal_subject: str, outcome: str, at: datetime) -> int:
    """The application that kept certificates in force is decided or ended: they are over now."""
    keys = Certificate.objects.filter(
        status=CertificateStatus.DEEMED, renewal_subject=renewal_subject
    ).values_list("pk", flat=True)
    for key in list(keys):
        act = begin(key, CertificateAction.EXPIRE, actor=system_actor("renewal"), at=at)
        change = act.move(reason=outcome)
        act.facts["subject"] = renewal_subject
        act.events.append(CertificateChanged(key, change.status, change.pk))
        act.commit("certificates.expire")
    return len(keys)


@transaction.atomic
def cancel(
    *, certificate_id: int, ground: str, reason: str, actor: Actor, at: datetime
) -> Certificate:
    """注销 in one of the six situations of §70, by the issuing organ; with a notice."""
    act = begin(certificate_id, CertificateAction.CANCEL, actor=actor, at=at)
    row = act.certificate
    actor.require(CANCEL, organ_id=row.organ_id)
    of_this_platform(row)
    found = ground_of(CANCELLATION, ground)
    if found is None:
        raise InvalidActError({"ground": "请选择注销的情形(行政许可法 §70)。"})
    if why := expired_cancel_fits(ground, row.status):
        raise InvalidActError({"ground": why})
    require_texts(reason=(reason, 4, "请写明注销的理由,会写进注销通知书。"))
    if open_proposal(row) is not None:
        raise NotNowError("正在办理拟撤销,先作出撤销或者不予撤销的决定。")
    act.paper(cancellation_notice(row, found, reason.strip(), hooks().remedy(row), at))
    change = act.move(ground=found, reason=reason.strip(), articles=[found.article])
    _answered(act)
    act.events.append(CertificateChanged(row.pk, change.status, change.pk))
    return act.commit("certificates.cancel")


@transaction.atomic
def enter_withdrawal(
    *, certificate_id: int, decision_number: str, decided_on: date, reason: str,
    actor: Actor, at: datetime,
) -> Certificate:  # fmt: skip
    """登记吊销: a penalty decided in another procedure, by its number and day."""
    act = begin(certificate_id, CertificateAction.WITHDRAW, actor=actor, at=at)
    row = act.certificate
    actor.require(REVOKE, organ_id=row.organ_id)
    of_this_platform(row)
    require_texts(
        decision_number=(decision_number, 4, "请写明行政处罚决定书的文号。"),
        reason=(reason, 4, "请写明处罚机关和处罚的事由。"),
    )
    if decided_on > civil_date(at) or decided_on < row.issued_on:
        raise InvalidActError({"decided_on": "处罚决定的日期应在颁发之后、今天以前。"})
    change = act.move(
        reason=f"{decision_number.strip()[:80]}({decided_on.isoformat()}):{reason.strip()[:400]}",
        articles=["《中华人民共和国行政处罚法》第九条"],
    )
    _answered(act)
    act.facts["number"] = decision_number.strip()[:80]
    act.events.append(CertificateChanged(row.pk, change.status, change.pk))
    return act.commit("certificates.withdraw")


@transaction.atomic
def reissue(*, certificate_id: int, actor: Actor, at: datetime) -> Certificate:
    """补发: a new certificate with the same content stands for the lost one, which stays lost.

    Returns the new one. Raises NotNowError where nobody asked, or it was done already.
    """
    act = begin(certificate_id, CertificateAction.REISSUE, actor=actor, at=at)
    lost = act.certificate
    actor.require(CANCEL, organ_id=lost.organ_id)
    of_this_platform(lost)
    if Certificate.objects.filter(supersedes=lost).exists():
        raise NotNowError("已经补发过新证。")
    if lost.asked != "REPLACE":
        raise NotNowError("持证人没有申请补领。")
    if lost.valid_until is not None and lost.valid_until < civil_date(at):
        raise NotNowError("原证的有效期已经届满,不能补发,请持证人申请延续或者重新申请。")
    new = _replacement(lost)
    insert([new])
    _answered(act)
    act.facts["replacement"] = {"id": new.pk, "identifier": new.identifier}
    act.events.append(CertificateReissued(lost.pk, new.pk))
    act.commit("certificates.reissue")
    made = CertificateAct(new, actor, at)
    assert new.document_id is not None
    made.paper(replacement(new, lost, new.document_id, at))
    made.facts["supersedes"] = {"id": lost.pk, "identifier": lost.identifier}
    return made.commit("certificates.issue_replacement")


def _replacement(lost: Certificate) -> Certificate:
    times = 1
    before = lost.supersedes
    while before is not None:
        times, before = times + 1, before.supersedes
    parts = licence_id.parse(lost.identifier)
    identifier = licence_id.compose(
        type_code=parts.type_code,
        issuer=parts.issuer,
        serial=parts.serial,
        version=f"{times + 1:03d}",
    )
    return Certificate(
        identifier=identifier,
        kind=lost.kind,
        name=lost.name,
        number=f"{lost.number.split('(补')[0]}(补{times})",
        holder=lost.holder,
        organ=lost.organ,
        fields=lost.fields,
        issued_on=lost.issued_on,
        valid_until=lost.valid_until,
        subject=lost.subject,
        document_id=uuid.uuid4(),
        source=lost.source,
        supersedes=lost,
    )


def _answered(act: CertificateAct) -> None:
    """What the holder asked for is done with."""
    act.changes |= {"asked": "", "asked_reason": "", "asked_at": None}
