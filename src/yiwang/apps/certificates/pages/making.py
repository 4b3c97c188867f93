"""The queue of certificates to print, one task, and its acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.certificates.domain.making import MACHINE, QUEUED, MakingAction, MakingState
from yiwang.apps.certificates.errors import (
    CertificateError,
    CertificateNotFoundError,
    InvalidActError,
)
from yiwang.apps.certificates.making import printing, reads
from yiwang.apps.certificates.models import BlankWaste, Making
from yiwang.apps.certificates.permissions import MAKE
from yiwang.apps.people.public import unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.storing import read, safe_name
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, textarea
from yiwang.kernel.moment import civil_date

LIST = "/making/"
TONES = {
    "WAITING": "info",
    "TAKEN": "info",
    "PRINTED": "warning",
    "SPOILED": "danger",
    "STORED": "success",
    "ISSUED": "success",
    "DROPPED": "neutral",
}


@require_GET
@staff_page(MAKE)
def listing(request: HttpRequest) -> HttpResponse:
    """What is to be printed, the most urgent first; by state."""
    state = request.GET.get("state", "")
    state = state if state in {s.value for s in QUEUED} else ""
    found = reads.queue(
        actor=request.actor,  # type: ignore[attr-defined]
        state=state,
        after=request.GET.get("after"),
    )
    choices = [("", "全部"), *((s.value, s.label) for s in QUEUED)]
    kept = {"state": state} if state else {}
    context = {
        "filters": {
            "label": "按状态筛选",
            "links": [
                {"label": w, "url": f"{LIST}?state={v}" if v else LIST, "current": v == state}
                for v, w in choices
            ],
        },
        "rows": [_row(row, request) for row in found.makings],
        "is_narrowed": bool(state),
        "pager": pager(request, found.next_cursor, kept),
    }
    return render(request, "certificates/staff/making_list.html", context)


def pager(request: HttpRequest, cursor: str | None, kept: dict[str, str]) -> dict[str, str]:
    """Forward by key; back is the first page."""
    first = f"{request.path}?{urlencode(kept)}" if request.GET.get("after") else ""
    following = f"?{urlencode({**kept, 'after': cursor})}" if cursor else ""
    return {"first_url": first, "next_url": following}


def _row(row: Making, request: HttpRequest) -> dict[str, Any]:
    today = civil_date(request.at)  # type: ignore[attr-defined]
    return {
        "making": row,
        "tag": {"label": row.state_label, "tone": TONES[row.state]},
        "is_overdue": row.due_on is not None and row.due_on < today and row.state in QUEUED,
    }


def _found(request: HttpRequest, making_id: int) -> Making:
    """Raises Http404 for one that is not there or of another place."""
    try:
        return reads.making_of(making_id, actor=request.actor)  # type: ignore[attr-defined]
    except CertificateNotFoundError as error:
        raise Http404 from error


@require_GET
@staff_page(MAKE)
def one(request: HttpRequest, making_id: int) -> HttpResponse:
    """One task: what to print, the acts open now, the sheets it has used up."""
    row = _found(request, making_id)
    context = _row(row, request) | {
        "buttons": _buttons(row, request.actor),  # type: ignore[attr-defined]
        "wastes": reads.wastes_of(row),
        "may_open": row.state in (MakingState.TAKEN, MakingState.PRINTED),
    }
    return render(request, "certificates/staff/making.html", context)


_WORDS = {
    "take": ("领取制证任务", "primary"),
    "print": ("打印", "primary"),
    "store": ("制证完成入库", "primary"),
    "spoil": ("登记打印废", "secondary"),
    "confirm-destroyed": ("确认销毁", "primary"),
    "put-back": ("退回队列", "secondary"),
}


def _buttons(row: Making, actor: Actor) -> list[dict[str, str]]:
    """What may be done now; what this person may not says why."""
    found = []
    for slug, (label, kind) in _WORDS.items():
        if MACHINE.find(row.state, slug.replace("-", "_")) is None:
            continue
        why = _why_not(slug, row, actor)
        url = {"disabled_reason": why} if why else {"url": f"{LIST}{row.pk}/{slug}/"}
        found.append({"label": label, "kind": kind} | url)
    return found


def _why_not(slug: str, row: Making, actor: Actor) -> str:
    if slug == "print" and row.taken_by != actor.ref:
        return f"由 {row.taken_by_label} 领取"
    if slug == "confirm-destroyed":
        own = BlankWaste.objects.filter(blank=row.blank_id, by=actor.ref).exists()
        return "登记作废的人不能自己确认" if own else ""
    return ""


Act = Callable[..., Making]
_ACTS: dict[str, tuple[MakingAction, Act, str, str]] = {
    "take": (MakingAction.TAKE, printing.take, "已领取,请打印。", ""),
    "put-back": (MakingAction.PUT_BACK, printing.put_back, "已退回队列。", ""),
    "print": (
        MakingAction.PRINT,
        printing.print_on_blank,
        "已登记打印,请核对纸上的号码与页面上的空白证照号码一致。",
        "系统按号码从小到大取下一张在库的空白证照。",
    ),
    "spoil": (
        MakingAction.SPOIL,
        printing.spoil,
        "已登记打印废,请另一位工作人员监销。",
        "作废的证照不能入库,销毁并由另一人确认后才能用下一张重新打印。",
    ),
    "confirm-destroyed": (
        MakingAction.CONFIRM_DESTROYED,
        printing.confirm_destroyed,
        "已确认销毁,任务回到队列。",
        "请当面核对作废的号码并看着销毁。",
    ),
    "store": (
        MakingAction.STORE,
        printing.store,
        "已入库,申请人会收到领取通知。",
        "入库后马上通知申请人来领取,请先核对内容和号码。",
    ),
}
_TYPED = {"spoil": "reason", "store": "shelf"}


@require_http_methods(["GET", "POST"])
@staff_page(MAKE)
def act(request: HttpRequest, making_id: int, slug: str) -> HttpResponse:
    """One act on one task, confirmed on a page of its own."""
    if slug not in _ACTS:
        raise Http404
    row = _found(request, making_id)
    action, operation, done, note = _ACTS[slug]
    extra = _TYPED.get(slug, "")
    page = ActForm(
        title=_WORDS[slug][0],
        button=_WORDS[slug][0],
        done=done,
        back=f"{LIST}{row.pk}/",
        invalid=(InvalidActError,),
        refused=(CertificateError,),
        about=_about(row),
        note=note,
        closed=MACHINE.why_not(row.state, action.value) if request.method == "GET" else "",
        fields=lambda typed: _fields(extra, typed),
    )
    more = {extra: request.POST.get(extra, "")} if extra else {}
    actor = request.actor  # type: ignore[attr-defined]
    return page.answer(
        request, lambda at: operation(making_id=making_id, actor=actor, at=at, **more)
    )


def _about(row: Making) -> list[tuple[str, str]]:
    number = str(row.blank.number) if row.blank is not None else "打印时分配"
    return [
        ("证照", f"{row.certificate.name} {row.certificate.number}"),
        ("办件", row.short_number),
        ("状态", row.state_label),
        ("空白证照", f"{row.blank_name} {number}"),
    ]


def _fields(extra: str, typed: Any) -> list[dict[str, Any]]:
    if extra == "reason":
        return [textarea("reason", "作废的原因", typed, maxlength=400, rows=2)]
    if extra == "shelf":
        return [line("shelf", "存放位置", typed, is_optional=True, hint="例如 A 柜 3 层")]
    return []


@require_GET
@staff_page(MAKE)
def face(request: HttpRequest, making_id: int) -> HttpResponse:
    """The certificate's own file to print from, while the task is in hand; the look is told."""
    row = _found(request, making_id)
    at: datetime = request.at  # type: ignore[attr-defined]
    paper = (
        LegalDocument.objects.select_related("file")
        .defer("content")
        .filter(pk=row.certificate.document_id)
        .first()
        if row.certificate.document_id
        else None
    )
    if paper is None or row.state not in (MakingState.TAKEN, MakingState.PRINTED):
        raise Http404
    if paper.file is None:
        context = {"document": paper, "back": f"{LIST}{row.pk}/"}
        return render(request, "certificates/portal/pending.html", context, status=202)
    unmask(
        party=row.certificate.holder,
        what=f"证照「{row.certificate.name} {row.certificate.number}」"[:120],
        reason=f"制证 {row.short_number}",
        actor=request.actor,  # type: ignore[attr-defined]
        at=at,
        subject=row.record_subject,
    )
    response = HttpResponse(read(paper.file), content_type=paper.file.media_type)
    name = quote(safe_name(f"{paper.title}.pdf"), safe="")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response
