"""Acts on certificates by API: the holder's own, and the issuing organ's."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.params import functions as parameter

from yiwang.apps.certificates import ending, holding, queries, revoking
from yiwang.apps.certificates.acting import STAFF
from yiwang.apps.certificates.api_schemas import (
    CancelIn,
    DropIn,
    FindingIn,
    HearIn,
    IssuedPageOut,
    LostIn,
    ProposalPageOut,
    RespondIn,
    RevocationProposalOut,
    RevokeIn,
    WholeOut,
    WishIn,
    WithdrawIn,
    issued_out,
    proposal_out,
    whole_out,
)
from yiwang.apps.certificates.hooks import Remedy
from yiwang.apps.certificates.models import (
    CertificateStatus,
)
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import (
    Cursor,
    Id,
    PageSize,
)
from yiwang.foundation.api.declaring import AFTER, SIZE, endpoint

router = Router(tags=["证照管理"])
STATUS: Any = parameter.Query(None, description="只看一种状态")
ASKED: Any = parameter.Query(False, description="只看持证人申请补领或注销的")


def _staff(actor: Actor) -> None:
    if not any(actor.may(permission) for permission in STAFF):
        raise AccessDeniedError("这是颁发机关工作人员的内容。")


@endpoint(
    router,
    "GET",
    "/certificates",
    answers=IssuedPageOut,
    summary="本机关颁发的证照",
    also=(403,),
)
def issued_certificates(
    request: HttpRequest,
    status: CertificateStatus | None = STATUS,
    only_asked: bool = ASKED,
    after: Cursor = AFTER,
    size: PageSize = SIZE,
) -> IssuedPageOut:
    """Newest first, for the organ that issued them."""
    actor, _ = caller(request)
    _staff(actor)
    found = queries.issued_certificates(
        actor=actor,
        status=status.value if status else "",
        only_asked=only_asked,
        after=after or None,
        size=size,
    )
    return IssuedPageOut(
        certificates=[issued_out(row) for row in found.certificates], next_cursor=found.next_cursor
    )


@endpoint(
    router,
    "GET",
    "/certificates/proposals",
    answers=ProposalPageOut,
    summary="办理中的拟撤销",
    also=(403,),
)
def open_proposals(
    request: HttpRequest, after: Cursor = AFTER, size: PageSize = SIZE
) -> ProposalPageOut:
    """Of the organ that issued the certificates, oldest first; without the holder's statement."""
    actor, _ = caller(request)
    _staff(actor)
    found = queries.open_proposals(actor=actor, after=after or None, size=size)
    return ProposalPageOut(
        proposals=[
            proposal_out(row).model_copy(update={"statement": ""}) for row in found.proposals
        ],
        next_cursor=found.next_cursor,
    )


@endpoint(
    router,
    "GET",
    "/certificates/{certificate_id}",
    answers=WholeOut,
    summary="证照全貌",
    also=(404,),
)
def read_certificate(request: HttpRequest, certificate_id: Id) -> WholeOut:
    """For its holder and for the organ that issued it."""
    actor, _ = caller(request)
    return whole_out(certificate_id, actor)


def _act(path: str, summary: str) -> Any:
    return endpoint(
        router,
        "POST",
        f"/certificates/{{certificate_id}}/{path}",
        answers=WholeOut,
        summary=summary,
        also=(404, 409),
    )


@_act("lost", "挂失")
def report_certificate_lost(request: HttpRequest, certificate_id: Id, body: LostIn) -> WholeOut:
    actor, at = caller(request)
    holding.report_lost(
        certificate_id=certificate_id, reason=body.reason, replace=body.replace, actor=actor, at=at
    )
    return whole_out(certificate_id, actor)


@_act("found", "解除挂失")
def find_certificate_again(request: HttpRequest, certificate_id: Id) -> WholeOut:
    actor, at = caller(request)
    holding.find_again(certificate_id=certificate_id, actor=actor, at=at)
    return whole_out(certificate_id, actor)


@_act("ask", "申请补领或注销")
def ask_about_certificate(request: HttpRequest, certificate_id: Id, body: WishIn) -> WholeOut:
    actor, at = caller(request)
    holding.ask(
        certificate_id=certificate_id, wish=body.wish, reason=body.reason, actor=actor, at=at
    )
    return whole_out(certificate_id, actor)


@_act("reissue", "补发")
def reissue_certificate(request: HttpRequest, certificate_id: Id) -> WholeOut:
    """Answers with the lost one; its replacement names it in `supersedes`."""
    actor, at = caller(request)
    ending.reissue(certificate_id=certificate_id, actor=actor, at=at)
    return whole_out(certificate_id, actor)


@_act("cancel", "注销")
def cancel_certificate(request: HttpRequest, certificate_id: Id, body: CancelIn) -> WholeOut:
    actor, at = caller(request)
    ending.cancel(
        certificate_id=certificate_id, ground=body.ground, reason=body.reason, actor=actor, at=at
    )
    return whole_out(certificate_id, actor)


@_act("withdraw", "登记吊销")
def withdraw_certificate(request: HttpRequest, certificate_id: Id, body: WithdrawIn) -> WholeOut:
    actor, at = caller(request)
    ending.enter_withdrawal(
        certificate_id=certificate_id,
        decision_number=body.decision_number,
        decided_on=body.decided_on,
        reason=body.reason,
        actor=actor,
        at=at,
    )
    return whole_out(certificate_id, actor)


@_act("notify-revocation", "告知拟撤销")
def notify_revocation(request: HttpRequest, certificate_id: Id, body: FindingIn) -> WholeOut:
    """Five working days run from here; who notifies cannot decide."""
    actor, at = caller(request)
    finding = revoking.Finding(body.ground, body.facts, body.reason)
    revoking.notify(certificate_id=certificate_id, finding=finding, actor=actor, at=at)
    return whole_out(certificate_id, actor)


def _step(path: str, summary: str) -> Any:
    return endpoint(
        router,
        "POST",
        f"/certificates/proposals/{{proposal_id}}/{path}",
        answers=RevocationProposalOut,
        summary=summary,
        also=(404, 409),
    )


@_step("respond", "陈述申辩、要求听证或书面放弃")
def respond_to_revocation(
    request: HttpRequest, proposal_id: Id, body: RespondIn
) -> RevocationProposalOut:
    actor, at = caller(request)
    row = revoking.respond(
        proposal_id=proposal_id,
        statement=body.statement,
        asks_hearing=body.asks_hearing,
        waives=body.waives,
        actor=actor,
        at=at,
    )
    return proposal_out(row)


@_step("hear", "记录听证")
def record_revocation_hearing(
    request: HttpRequest, proposal_id: Id, body: HearIn
) -> RevocationProposalOut:
    actor, at = caller(request)
    row = revoking.hear(
        proposal_id=proposal_id,
        held_on=body.held_on,
        presiding=body.presiding,
        text=body.text,
        actor=actor,
        at=at,
    )
    return proposal_out(row)


@_step("revoke", "作出撤销决定")
def revoke_certificate(
    request: HttpRequest, proposal_id: Id, body: RevokeIn
) -> RevocationProposalOut:
    """By an approver who did not notify, after the period, a waiver or the hearing."""
    actor, at = caller(request)
    typed = body.review_organ.strip() and body.court.strip()
    remedy = Remedy(body.review_organ.strip(), "", body.court.strip()) if typed else None
    row = revoking.revoke(
        proposal_id=proposal_id, reason=body.reason, remedy=remedy, actor=actor, at=at
    )
    return proposal_out(row)


@_step("drop", "不予撤销")
def drop_revocation(request: HttpRequest, proposal_id: Id, body: DropIn) -> RevocationProposalOut:
    actor, at = caller(request)
    row = revoking.drop(
        proposal_id=proposal_id, ground=body.ground, reason=body.reason, actor=actor, at=at
    )
    return proposal_out(row)
