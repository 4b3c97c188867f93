"""Handing the result over: by code at the window, or in the account online."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import DELIVERY_CLOCK, CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.events import ResultDelivered
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.receiving import face_of
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.secrets import keyring
from yiwang.kernel.clock import ClockEventKind

RESULT_KINDS = ("GRANT_DECISION", "REFUSAL_DECISION", "CERTIFICATE")


def pickup_code_of(case: Case) -> str:
    """The six digits told to the applicant with the pick-up notice."""
    return keyring().digits("case.pickup", str(case.filing_key))


def result_documents(case: Case) -> list[LegalDocument]:
    """The papers that make up the result."""
    return list(
        LegalDocument.objects.filter(subject=case.subject, kind__in=RESULT_KINDS)
        .defer("content")
        .order_by("made_on", "kind")
    )


def is_ready_for_pickup(case: Case) -> bool:
    """True where every paper of the result is made and stored: 证件可领 (R049)."""
    found = result_documents(case)
    return bool(found) and all(d.status == DocumentStatus.READY for d in found)


@transaction.atomic
def deliver_at_window(
    *, case_id: int, code: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """Hand over at the window to whoever names the pick-up code. Raises InvalidInputError."""
    act = begin(
        case_id=case_id,
        action=CaseAction.DELIVER,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DELIVER,
    )
    if code.strip() != pickup_code_of(act.case):
        raise InvalidInputError(
            {"code": "取件码不对。请申请人在「我的办件」或短信里核对,也可凭身份证件由窗口核验。"}
        )
    return _deliver(act, how="窗口领取(核对取件码)", by=actor.label)


@transaction.atomic
def deliver_online(*, case_id: int, actor: Actor, at: datetime, version: int | None = None) -> Case:
    """The applicant signs for the result in their own account, where the item delivers online."""
    act = begin(case_id=case_id, action=CaseAction.DELIVER, actor=actor, at=at, version=version)
    if not actor.acts_for(act.case.applicant_id, act.case.filed_by_id):
        raise AccessDeniedError("只有申请人本人或经办人可以在网上签收。")
    if "ONLINE" not in act.definition.result.delivery:
        raise InvalidInputError({"delivery": "这个事项的结果需要到窗口领取或邮寄,不能网上签收。"})
    return _deliver(act, how="网上签收", by="本平台")


def _deliver(act: Act, *, how: str, by: str) -> Case:
    documents = result_documents(act.case)
    ready = bool(documents) and all(d.status == DocumentStatus.READY for d in documents)
    act.check(Situation(result_ready=ready))
    if any(r.clock == DELIVERY_CLOCK and r.kind == ClockEventKind.STARTED.value for r in act.rows):
        act.clock(DELIVERY_CLOCK, ClockEventKind.FINISHED)
    act.changes["ended_at"] = act.at
    paper = papers.delivery_receipt(
        face_of(act),
        papers=[f"{d.title} {d.number}" for d in documents],
        how=how,
        by=by,
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.facts |= {"how": how, "delivered": [str(d.pk) for d in documents]}
    act.events.append(ResultDelivered(case_id=act.case.pk, outcome=act.case.state))
    return act.commit()
