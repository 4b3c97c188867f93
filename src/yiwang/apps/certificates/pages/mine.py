"""我的证照: what the city holds of a person and of the organisations they act for, and what a
holder may do with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.certificates import holding, revoking
from yiwang.apps.certificates.domain.grounds import REVOCATION, ground_of
from yiwang.apps.certificates.domain.states import IN_FORCE
from yiwang.apps.certificates.errors import (
    CertificateError,
    CertificateNotFoundError,
    InvalidActError,
)
from yiwang.apps.certificates.hooks import hooks
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.apps.certificates.pages.telling import (
    days_left,
    history,
    paper_url,
    proposal_rows,
    state_since,
    state_tag,
)
from yiwang.apps.certificates.queries import WholeCertificate, held_by, whole_certificate
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import citizen_page
from yiwang.foundation.shell.act_form import PORTAL, ActForm, radios, textarea
from yiwang.kernel.moment import civil_date


@citizen_page
def mine(request: HttpRequest) -> HttpResponse:
    today = civil_date(request.at)  # type: ignore[attr-defined]
    found = held_by(request.actor)  # type: ignore[attr-defined]
    notes = hooks().notes(found, today)
    open_ones = set(
        RevocationProposal.objects.filter(
            certificate__in=[row.pk for row in found],
            state="NOTIFIED",
            due_at__gt=request.at,  # type: ignore[attr-defined]
        ).values_list("certificate_id", flat=True)
    )
    rows = [
        {
            "certificate": row,
            "tag": state_tag(row, today),
            "since": state_since(row, today),
            "left": days_left(row, today),
            "notes": notes.get(row.pk, []),
            "is_proposed": row.pk in open_ones,
            "asked": holding.ASKED.get(row.asked, ""),
        }
        for row in found
    ]
    return render(request, "certificates/portal/mine.html", {"rows": rows})


@citizen_page
def one(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate: its state, what happened to it, what may be done."""
    whole = _own(request, certificate_id)
    row = whole.certificate
    today: date = civil_date(request.at)  # type: ignore[attr-defined]
    proposal = whole.open_proposal
    shown = [p for p in whole.proposals if p.notified_at is not None]
    context = {
        "certificate": row,
        "tag": state_tag(row, today),
        "since": state_since(row, today),
        "left": days_left(row, today),
        "replacement": whole.replacement,
        "notes": hooks().notes([row], today).get(row.pk, []),
        "entries": history(whole),
        "papers": [{"paper": paper, "url": paper_url(paper.pk)} for paper in whole.papers],
        "proposals": [{"proposal": p, "rows": proposal_rows(p, _ground_label(p))} for p in shown],
        "may_respond": proposal is not None and _is_open(proposal, request.at),  # type: ignore[attr-defined]
        "buttons": _buttons(whole),
        "asked": holding.ASKED.get(row.asked, ""),
        "is_own_issue": row.document_id is not None,
    }
    return render(request, "certificates/portal/one.html", context)


def _ground_label(proposal: RevocationProposal) -> str:
    ground = ground_of(REVOCATION, proposal.ground)
    return f"{ground.label}({ground.article})" if ground else ""


def _is_open(proposal: RevocationProposal, at: datetime) -> bool:
    return proposal.state == "NOTIFIED" and proposal.due_at is not None and at < proposal.due_at


def _buttons(whole: WholeCertificate) -> list[dict[str, str]]:
    row = whole.certificate
    if row.document_id is None:
        return []
    here = f"/my/certificates/{row.pk}/"
    found = []
    if row.status in IN_FORCE:
        found.append({"label": "挂失", "url": f"{here}lost/", "kind": "secondary"})
        if not row.asked and whole.open_proposal is None:
            found.append({"label": "申请注销", "url": f"{here}ask/", "kind": "secondary"})
    if row.status == "LOST" and whole.replacement is None:
        found.append({"label": "找到了,解除挂失", "url": f"{here}found/", "kind": "secondary"})
        if not row.asked:
            found.append({"label": "申请补领", "url": f"{here}ask/", "kind": "primary"})
    return found


def _own(request: HttpRequest, certificate_id: int) -> WholeCertificate:
    """Raises Http404 for one that is not this person's."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        whole = whole_certificate(certificate_id, actor=actor)
    except CertificateNotFoundError as error:
        raise Http404 from error
    if not actor.acts_for(whole.certificate.holder_id):
        raise Http404
    return whole


def _form(row: Certificate, **parts: Any) -> ActForm:
    return ActForm(
        back=f"/my/certificates/{row.pk}/",
        layout=PORTAL,
        invalid=(InvalidActError,),
        refused=(CertificateError,),
        about=[("证照", f"{row.name} {row.number}"), ("颁发机关", row.organ.name)],
        **parts,
    )


@require_http_methods(["GET", "POST"])
@citizen_page
def lost(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """挂失, with or without asking for a replacement."""
    whole = _own(request, certificate_id)
    page = _form(
        whole.certificate,
        title="挂失证照",
        button="挂失",
        done="已挂失,任何人查验都会看到。",
        note="挂失后立即不能使用;找到了可以解除,补发以后原证作废。",
        fields=lambda typed: [
            textarea("reason", "怎么遗失的", typed, maxlength=400, hint="写明时间和地点"),
            radios(
                "replace",
                "要不要补领",
                typed,
                [("1", "同时申请补领", "颁发机关核对后补发新证"), ("0", "先不补领", "")],
                value="1",
            ),
        ],
    )
    return page.answer(
        request,
        lambda at: holding.report_lost(
            certificate_id=certificate_id,
            reason=request.POST.get("reason", ""),
            replace=request.POST.get("replace", "1") == "1",
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@citizen_page
def found(request: HttpRequest, certificate_id: int) -> HttpResponse:
    whole = _own(request, certificate_id)
    page = _form(
        whole.certificate,
        title="解除挂失",
        button="解除挂失",
        done="已解除挂失,证照恢复有效。",
        fields=lambda typed: [],
    )
    return page.answer(
        request,
        lambda at: holding.find_again(
            certificate_id=certificate_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@citizen_page
def ask(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Ask for a replacement of a lost one, or for the cancellation of a valid one."""
    whole = _own(request, certificate_id)
    wish = holding.REPLACE if whole.certificate.status == "LOST" else holding.CANCEL
    word = holding.ASKED[wish]
    page = _form(
        whole.certificate,
        title=word,
        button=word,
        done="已提交,颁发机关办理后会告诉您。",
        note="注销以后不能恢复,需要时要重新申请。" if wish == holding.CANCEL else "",
        fields=lambda typed: [textarea("reason", "理由", typed, maxlength=400)],
    )
    return page.answer(
        request,
        lambda at: holding.ask(
            certificate_id=certificate_id,
            wish=wish,
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@citizen_page
def respond(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """State and defend, ask for a hearing, or waive in writing."""
    whole = _own(request, certificate_id)
    proposal = whole.open_proposal
    if proposal is None or proposal.notified_at is None:
        raise Http404
    chosen = request.POST.get("choice", "")
    page = _form(
        whole.certificate,
        title="陈述、申辩或要求听证",
        button="提交",
        done="已提交,颁发机关会复核您的意见。",
        fields=lambda typed: [
            radios(
                "choice",
                "您要",
                typed,
                [
                    ("STATE", "提出陈述、申辩意见", "机关必须复核,不会因此加重"),
                    ("HEAR", "要求举行听证", "不收费;可以同时写意见"),
                    ("WAIVE", "书面放弃陈述、申辩和听证", "放弃后不用等期满就可以作出决定"),
                ],
                value="STATE",
            ),
            textarea("statement", "您的意见", typed, rows=6, is_optional=True),
        ],
    )
    page.about = [*page.about, *proposal_rows(proposal, _ground_label(proposal))]
    return page.answer(
        request,
        lambda at: revoking.respond(
            proposal_id=proposal.pk,
            statement=request.POST.get("statement", ""),
            asks_hearing=chosen == "HEAR",
            waives=chosen == "WAIVE",
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )
