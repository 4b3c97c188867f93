"""The issuing organ's certificates: the list, one of them, and the revocations under way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.certificates import holding, queries, revoking
from yiwang.apps.certificates.acting import STAFF, works_on
from yiwang.apps.certificates.domain.grounds import REVOCATION, ground_of
from yiwang.apps.certificates.domain.states import MACHINE, CertificateAction, CertificateStatus
from yiwang.apps.certificates.errors import CertificateNotFoundError
from yiwang.apps.certificates.models import RevocationProposal
from yiwang.apps.certificates.pages.telling import (
    history,
    paper_url,
    proposal_rows,
    state_since,
    state_tag,
)
from yiwang.apps.certificates.permissions import CANCEL, REVOKE
from yiwang.apps.certificates.queries import WholeCertificate
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import civil_date

ASKED = "ASKED"


@require_GET
@staff_page(*STAFF)
def listing(request: HttpRequest) -> HttpResponse:
    """What the actor's organs issued, newest first; by state, holders' wishes, or number."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = civil_date(request.at)  # type: ignore[attr-defined]
    state = request.GET.get("state", "")
    number = request.GET.get("q", "").strip()[:80]
    found = queries.issued_certificates(
        actor=actor,
        status=state if state in CertificateStatus.__members__ else "",
        only_asked=state == ASKED,
        number=number,
        after=request.GET.get("after"),
    )
    choices = [
        ("", "全部"),
        (ASKED, "持证人申请"),
        *((s.value, s.label) for s in CertificateStatus),
    ]
    context = {
        "tabs": tabs("/certificates/"),
        "filters": {
            "label": "按状态筛选",
            "links": [
                {"label": label, "url": _url(value, ""), "current": value == state}
                for value, label in choices
            ],
            "search": {"url": "/certificates/", "label": "证照编号", "value": number},
        },
        "rows": [
            {
                "certificate": row,
                "tag": state_tag(row, today),
                "asked": holding.ASKED.get(row.asked, ""),
            }
            for row in found.certificates
        ],
        "is_narrowed": bool(state or number),
        "pager": _pager(request, found.next_cursor, {"state": state, "q": number}),
    }
    return render(request, "certificates/staff/list.html", context)


def _url(state: str, number: str) -> str:
    query = urlencode({k: v for k, v in (("state", state), ("q", number)) if v})
    return f"/certificates/?{query}".rstrip("?")


def _pager(request: HttpRequest, cursor: str | None, kept: dict[str, str]) -> dict[str, str]:
    """Forward by key; back is the first page."""
    query = {name: value for name, value in kept.items() if value}
    first = f"{request.path}?{urlencode(query)}" if request.GET.get("after") else ""
    following = f"?{urlencode({**query, 'after': cursor})}" if cursor else ""
    return {"first_url": first, "next_url": following}


def tabs(current: str) -> dict[str, Any]:
    links = [("颁发的证照", "/certificates/"), ("拟撤销", "/certificates/proposals/")]
    return {
        "label": "证照管理",
        "links": [{"label": w, "url": u, "current": u == current} for w, u in links],
    }


@require_GET
@staff_page(*STAFF)
def proposals(request: HttpRequest) -> HttpResponse:
    """Revocations under way, the oldest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    found = queries.open_proposals(actor=actor, after=request.GET.get("after"))
    rows = [
        {
            "proposal": row,
            "certificate": row.certificate,
            "ground": ground.label if (ground := ground_of(REVOCATION, row.ground)) else "",
            "tag": {"label": row.get_state_display(), "tone": "warning"},
            "standing": _standing(row, at),
        }
        for row in found.proposals
    ]
    context = {
        "tabs": tabs("/certificates/proposals/"),
        "rows": rows,
        "pager": _pager(request, found.next_cursor, {}),
    }
    return render(request, "certificates/staff/proposals.html", context)


def _standing(row: RevocationProposal, at: datetime) -> str:
    """What it waits for, in words."""
    if row.due_at is None:
        return "等待本机关书面告知持证人"
    if row.is_hearing_asked and row.hearing_on is None:
        return "持证人要求听证,等待举行"
    if row.waived_at is not None:
        return "持证人已书面放弃,可以决定"
    return "期满,可以决定" if at >= row.due_at else "陈述、申辩期内"


@require_GET
@staff_page(*STAFF)
def certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """One certificate with its revocation, its papers, its history and the acts open now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    whole = found_certificate(request, certificate_id)
    row, today = whole.certificate, civil_date(at)
    context = {
        "tabs": tabs(""),
        "certificate": row,
        "tag": state_tag(row, today),
        "since": state_since(row, today),
        "replacement": whole.replacement,
        "asked": holding.ASKED.get(row.asked, ""),
        "proposals": [
            {"proposal": p, "rows": proposal_rows(p, ground_words(p))} for p in whole.proposals
        ],
        "papers": [{"paper": p, "url": paper_url(p.pk)} for p in whole.papers],
        "entries": history(whole),
        "buttons": _buttons(whole, actor, at),
    }
    return render(request, "certificates/staff/certificate.html", context)


def ground_words(proposal: RevocationProposal) -> str:
    ground = ground_of(REVOCATION, proposal.ground)
    return f"{ground.label}({ground.article})" if ground else ""


def found_certificate(request: HttpRequest, certificate_id: int) -> WholeCertificate:
    """Raises Http404 for one that is not there or not of this actor's organ."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        whole = queries.whole_certificate(certificate_id, actor=actor)
    except CertificateNotFoundError as error:
        raise Http404 from error
    if not works_on(actor, whole.certificate):
        raise Http404
    return whole


def _buttons(whole: WholeCertificate, actor: Actor, at: datetime) -> list[dict[str, str]]:
    """What this actor may do now; what is closed says why."""
    row, here = whole.certificate, f"/certificates/{whole.certificate.pk}/"
    organ, open_one = row.organ_id, whole.open_proposal
    if row.document_id is None:
        return []
    found = []
    if open_one is not None and open_one.state == "NOTIFIED":
        if actor.may(REVOKE, organ_id=organ):
            why = revoking.why_closed(open_one, actor, at)
            decide = {"label": "作出撤销决定", "kind": "danger"}
            found.append(decide | ({"disabled_reason": why} if why else {"url": f"{here}revoke/"}))
            found.append({"label": "不予撤销", "kind": "secondary", "url": f"{here}drop/"})
        if open_one.is_hearing_asked and open_one.hearing_on is None:
            found.append({"label": "记录听证", "kind": "secondary", "url": f"{here}hear/"})
    elif MACHINE.find(row.status, CertificateAction.NOTIFY.value):
        word = "告知持证人拟撤销" if open_one else "拟撤销"
        found.append({"label": word, "kind": "secondary", "url": f"{here}notify/"})
    if not actor.may(CANCEL, organ_id=organ):
        return found
    if row.asked == holding.REPLACE and whole.replacement is None:
        found.append({"label": "补发", "kind": "primary", "url": f"{here}reissue/"})
    if MACHINE.find(row.status, CertificateAction.CANCEL.value) and open_one is None:
        found.append({"label": "注销", "kind": "secondary", "url": f"{here}cancel/"})
    if MACHINE.find(row.status, CertificateAction.WITHDRAW.value) and actor.may(
        REVOKE, organ_id=organ
    ):
        found.append({"label": "登记吊销", "kind": "secondary", "url": f"{here}withdraw/"})
    return found
