"""The window: 本次到窗, and the codes an applicant scans. No page of staff holds a link to rate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.people.public import InvalidPartyError, PartyKind, Shown, Window
from yiwang.apps.ratings.domain.vocabulary import VisitKind
from yiwang.apps.ratings.errors import HandlingError, InvalidActError, ServiceNotFoundError
from yiwang.apps.ratings.operations import visiting
from yiwang.apps.ratings.operations.inviting import token_of_invitation
from yiwang.apps.ratings.permissions import INVITE
from yiwang.foundation.documents.qr import svg
from yiwang.foundation.links import public_url
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, radios
from yiwang.foundation.shell.paper_fields import paper_fields


@require_http_methods(["GET", "POST"])
@staff_page(INVITE)
def record(request: HttpRequest) -> HttpResponse:
    """Who was here and for what; then the code to show."""
    posted = request.POST
    page = ActForm(
        title="本次到窗",
        button="登记并出示评价码",
        done="已登记。请申请人用自己的手机扫码评价。",
        back="/visits/",
        invalid=(InvalidActError, InvalidPartyError),
        refused=(HandlingError,),
        note=format_html(
            "咨询、没有生成办件的事、为办件来窗口,都登记一次,来人各有一次评价。"
            '工作人员不能代评,也不能要求给好评。<a href="{}">打印本窗口的固定二维码</a>',
            "/visits/window-code/",
        ),
        fields=_fields,
    )

    def act(at: Any) -> None:
        row = visiting.record_visit(
            who=Shown(
                posted.get("paper_kind", ""),
                posted.get("paper_number", ""),
                posted.get("name", ""),
                kind=PartyKind.NATURAL_PERSON,
            ),
            kind=posted.get("kind", ""),
            matter=posted.get("matter", ""),
            case_number=posted.get("case_number", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )
        page.back = f"/visits/codes/{row.pk}/"

    return page.answer(request, act)


def _fields(typed: Any) -> list[dict[str, Any]]:
    return [
        *paper_fields(typed),
        radios("kind", "来办什么", typed, [(k.value, k.label, "") for k in VisitKind]),
        line(
            "case_number",
            "办件编号",
            typed,
            is_optional=True,
            hint="为办件到窗时填写",
            maxlength=40,
        ),
        line("matter", "事由", typed, hint="一句话,例如:咨询食品经营许可延续", maxlength=100),
    ]


@require_GET
@staff_page(INVITE)
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """From a case to the code of the point it has come to."""
    try:
        row = visiting.offer(case_id=case_id, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    except ServiceNotFoundError as error:
        raise Http404 from error
    except HandlingError as error:
        context = {"why": error.message, "back": f"/cases/{case_id}/"}
        return render(request, "ratings/staff/not_yet.html", context, status=409)
    return HttpResponseRedirect(f"/visits/codes/{row.pk}/")


@require_GET
@staff_page(INVITE)
def code(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """请申请人扫码评价: the picture on the screen and on the slip. Each showing is recorded; the
    page says nothing of whether there is a rating."""
    at = request.at  # type: ignore[attr-defined]
    try:
        row = visiting.show(invitation_id=invitation_id, actor=request.actor, at=at)  # type: ignore[attr-defined]
    except ServiceNotFoundError as error:
        raise Http404 from error
    address = public_url(f"/rate/{token_of_invitation(row)}/")
    context = {
        "print_title": "请申请人扫码评价",
        "invitation": row,
        "printed_at": at,
        "qr": SafeString(svg(address, scale=6, title="一次性评价码")),
    }
    response = render(request, "ratings/staff/code.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
@staff_page(INVITE)
def window_code(request: HttpRequest) -> HttpResponse:
    """The fixed code of one's own window, to be printed and put up."""
    seat = visiting.window_posting(request.actor)  # type: ignore[attr-defined]
    if seat is None:
        raise Http404
    window = get_object_or_404(Window.objects.select_related("hall"), pk=seat.window_id)
    context = {
        "print_title": f"{window.hall.name} {window.number} 窗口",
        "window": window,
        "qr": SafeString(svg(public_url(f"/rate/at/{window.pk}/"), scale=8, title="窗口评价码")),
    }
    return render(request, "ratings/staff/window_code.html", context)
