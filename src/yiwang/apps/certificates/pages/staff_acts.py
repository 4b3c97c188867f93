"""Forms of the issuing organ: notify, hear, revoke, drop, cancel, withdraw, reissue."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from yiwang.apps.certificates import ending, holding, revoking
from yiwang.apps.certificates.domain.grounds import CANCELLATION, DROPPING, REVOCATION, Ground
from yiwang.apps.certificates.errors import CertificateError, InvalidActError
from yiwang.apps.certificates.hooks import Remedy, hooks
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.apps.certificates.pages.staff import found_certificate, ground_words
from yiwang.apps.certificates.pages.telling import proposal_rows
from yiwang.apps.certificates.permissions import CANCEL, PROPOSE, REVOKE
from yiwang.apps.certificates.queries import WholeCertificate
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import (
    ActForm,
    day,
    line,
    posted_day,
    radios,
    textarea,
)

_MUST = ",依法应当办理"


def _form(row: Certificate, **parts: Any) -> ActForm:
    about = [
        ("证照", f"{row.name} {row.number}"),
        ("持证主体", row.holder.label),
        ("状态", row.status_label),
    ]
    return ActForm(
        back=f"/certificates/{row.pk}/",
        invalid=(InvalidActError,),
        refused=(CertificateError,),
        about=about,
        **parts,
    )


def _choices(grounds: tuple[Ground, ...]) -> list[tuple[str, str, str]]:
    return [
        (ground.code, ground.label, f"{ground.article}{_MUST if ground.is_mandatory else ''}")
        for ground in grounds
    ]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _notified(whole: WholeCertificate) -> RevocationProposal:
    proposal = whole.open_proposal
    if proposal is None or proposal.notified_at is None:
        raise Http404
    return proposal


@require_http_methods(["GET", "POST"])
@staff_page(PROPOSE, REVOKE)
def notify(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """拟撤销告知: the paper goes to the holder at once, and five working days run."""
    whole = found_certificate(request, certificate_id)
    waiting = whole.open_proposal
    kept = {
        "ground": waiting.ground if waiting else "",
        "facts": waiting.facts if waiting else "",
        "reason": waiting.reason if waiting else "",
    }
    page = _form(
        whole.certificate,
        title="拟撤销告知",
        button="出具拟撤销告知书",
        done="已书面告知持证人,5 个工作日后由另一名审批人员决定。",
        note="告知的人不能作出撤销决定。持证人可以陈述、申辩、要求听证,也可以书面放弃。",
        fields=lambda typed: [
            radios("ground", "撤销的情形", typed, _choices(REVOCATION), value=kept["ground"]),
            textarea("facts", "拟认定的事实", typed, rows=5, value=kept["facts"]),
            textarea("reason", "拟撤销的理由", typed, value=kept["reason"]),
        ],
    )
    return page.answer(
        request,
        lambda at: revoking.notify(
            certificate_id=certificate_id,
            finding=revoking.Finding(
                request.POST.get("ground", ""),
                request.POST.get("facts", ""),
                request.POST.get("reason", ""),
            ),
            actor=_actor(request),
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(PROPOSE, REVOKE)
def hear(request: HttpRequest, certificate_id: int) -> HttpResponse:
    whole = found_certificate(request, certificate_id)
    proposal = _notified(whole)
    page = _form(
        whole.certificate,
        title="记录听证",
        button="记录",
        done="听证已记录。",
        note="听证由拟办人员以外的人主持,决定以听证笔录为依据(行政许可法 §48)。",
        fields=lambda typed: [
            day("held_on", "听证日期", typed),
            line("presiding", "主持人", typed, maxlength=40),
            textarea("text", "听证情况和结论", typed, rows=6),
        ],
    )

    def act(at: Any) -> object:
        held_on = posted_day(request, "held_on")
        if held_on is None:
            raise InvalidActError({"held_on": "请填写听证的日期。"})
        return revoking.hear(
            proposal_id=proposal.pk,
            held_on=held_on,
            presiding=request.POST.get("presiding", ""),
            text=request.POST.get("text", ""),
            actor=_actor(request),
            at=at,
        )

    return page.answer(request, act)


@require_http_methods(["GET", "POST"])
@staff_page(REVOKE)
def revoke(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """撤销决定. Where the item is known its remedy is printed; else it is asked for."""
    whole = found_certificate(request, certificate_id)
    proposal, row = _notified(whole), whole.certificate
    known = hooks().remedy(row)
    page = _form(
        row,
        title="撤销决定",
        button="作出撤销决定",
        done="撤销决定已作出,决定书已送持证人,公开查验立即可见。",
        confirm="撤销后证照立即失效,不能恢复。确定撤销?",
        fields=lambda typed: [
            textarea("reason", "撤销的理由", typed, hint="写明对陈述、申辩意见是否采纳及原因。"),
            *([] if known else _remedy_fields(typed)),
        ],
    )
    page.about = [*page.about, *proposal_rows(proposal, ground_words(proposal))]
    if request.method == "GET":
        page.closed = revoking.why_closed(proposal, _actor(request), request.at)  # type: ignore[attr-defined]
    return page.answer(
        request,
        lambda at: revoking.revoke(
            proposal_id=proposal.pk,
            reason=request.POST.get("reason", ""),
            remedy=_typed_remedy(request),
            actor=_actor(request),
            at=at,
        ),
    )


def _remedy_fields(typed: Any) -> list[dict[str, Any]]:
    return [
        line("review_organ", "行政复议机关", typed, maxlength=60),
        line("court", "管辖法院", typed, maxlength=60),
    ]


def _typed_remedy(request: HttpRequest) -> Remedy | None:
    organ, court = (request.POST.get(name, "").strip() for name in ("review_organ", "court"))
    return Remedy(organ, "", court) if organ and court else None


@require_http_methods(["GET", "POST"])
@staff_page(REVOKE)
def drop(request: HttpRequest, certificate_id: int) -> HttpResponse:
    whole = found_certificate(request, certificate_id)
    proposal = _notified(whole)
    page = _form(
        whole.certificate,
        title="不予撤销",
        button="决定不予撤销",
        done="已决定不予撤销,持证人会收到消息。",
        fields=lambda typed: [
            radios("drop_ground", "情形", typed, _choices(DROPPING)),
            textarea("reason", "理由", typed, hint="持证人可以看到"),
        ],
    )
    page.about = [*page.about, *proposal_rows(proposal, ground_words(proposal))]
    return page.answer(
        request,
        lambda at: revoking.drop(
            proposal_id=proposal.pk,
            ground=request.POST.get("drop_ground", ""),
            reason=request.POST.get("reason", ""),
            actor=_actor(request),
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(CANCEL)
def cancel(request: HttpRequest, certificate_id: int) -> HttpResponse:
    row = found_certificate(request, certificate_id).certificate
    wish = row.asked == holding.CANCEL
    page = _form(
        row,
        title="注销",
        button="注销",
        done="已注销,注销通知书已送持证人。",
        confirm="注销后证照立即失效,不能恢复。确定注销?",
        note=f"持证人申请注销:{row.asked_reason}" if wish else "",
        fields=lambda typed: [
            radios(
                "ground",
                "注销的情形",
                typed,
                _choices(CANCELLATION),
                value="BY_LAW" if wish else "",
            ),
            textarea("reason", "理由", typed, value=row.asked_reason if wish else ""),
        ],
    )
    return page.answer(
        request,
        lambda at: ending.cancel(
            certificate_id=certificate_id,
            ground=request.POST.get("ground", ""),
            reason=request.POST.get("reason", ""),
            actor=_actor(request),
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(REVOKE)
def withdraw(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """登记吊销: what a penalty decided elsewhere did to it."""
    row = found_certificate(request, certificate_id).certificate
    page = _form(
        row,
        title="登记吊销",
        button="登记",
        done="吊销已登记,公开查验立即可见。",
        note="吊销是行政处罚,由处罚机关按处罚程序决定;这里只登记已经作出的决定。",
        fields=lambda typed: [
            line("decision_number", "行政处罚决定书文号", typed, maxlength=80),
            day("decided_on", "决定日期", typed),
            textarea("reason", "处罚机关和事由", typed),
        ],
    )

    def act(at: Any) -> object:
        decided_on = posted_day(request, "decided_on")
        if decided_on is None:
            raise InvalidActError({"decided_on": "请填写处罚决定的日期。"})
        return ending.enter_withdrawal(
            certificate_id=certificate_id,
            decision_number=request.POST.get("decision_number", ""),
            decided_on=decided_on,
            reason=request.POST.get("reason", ""),
            actor=_actor(request),
            at=at,
        )

    return page.answer(request, act)


@require_http_methods(["GET", "POST"])
@staff_page(CANCEL)
def reissue(request: HttpRequest, certificate_id: int) -> HttpResponse:
    row = found_certificate(request, certificate_id).certificate
    page = _form(
        row,
        title="补发",
        button="补发新证",
        done="已补发,新证在持证人的「我的证照」里;原证作废。",
        note=f"持证人:{row.asked_reason}" if row.asked_reason else "",
        fields=lambda typed: [],
    )
    return page.answer(
        request,
        lambda at: ending.reissue(certificate_id=certificate_id, actor=_actor(request), at=at),
    )
