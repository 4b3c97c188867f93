"""From a window's fixed code, or from nothing, to one's own one-time tokens: sign in, or give the
case number and query code of the slip. A stranger sees no name, no case and no token."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.apps.cases.public import TooManyTriesError, case_by_code
from yiwang.apps.people.public import Window
from yiwang.apps.ratings import queries
from yiwang.apps.ratings.models import RatingInvitation
from yiwang.apps.ratings.operations.inviting import token_of_invitation
from yiwang.apps.ratings.queries import Own
from yiwang.foundation.shell.access import citizen_page, public_page

NOT_FOUND = "编号和查询码对不上。请对照收件凭证核对,6 位查询码也在短信里。"
NOTHING_HERE = "这个办件现在没有可以评价的。受理以后和领到结果以后可以评价,请在办理它的大厅扫码。"


@public_page
@sensitive_post_parameters("code")
def at_window(request: HttpRequest, window_id: int) -> HttpResponse:
    """The page behind the code that stands at a window."""
    window = get_object_or_404(Window.objects.select_related("hall"), pk=window_id)
    return _page(request, window)


@public_page
@sensitive_post_parameters("code")
def anywhere(request: HttpRequest) -> HttpResponse:
    """Without a window: by number and query code."""
    return _page(request, None)


def _page(request: HttpRequest, window: Window | None) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    number = request.POST.get("number", "").strip()[:40]
    context: dict[str, Any] = {"window": window, "number": number, "path": request.path}
    if request.method != "POST":
        if window is not None and actor.party_id is not None:
            own = queries.own_at_window(window, actor=actor, at=at)
            context |= {"services": _services(own), "is_known": True}
        return render(request, "ratings/portal/identify.html", context)
    try:
        case = case_by_code(number, request.POST.get("code", "")[:12])
    except TooManyTriesError:
        return render(request, "ratings/portal/identify.html", context | {"wait": True}, status=429)
    if case is None:
        context["error"] = NOT_FOUND
        return render(request, "ratings/portal/identify.html", context, status=422)
    own = queries.of_case(case.case_id, hall_id=window.hall_id if window else None, at=at)
    context |= {"services": _services(own), "is_known": True, "nothing": NOTHING_HERE}
    return render(request, "ratings/portal/identify.html", context)


def _services(own: list[Own]) -> list[dict[str, Any]]:
    """A token only where it can still be spent."""
    return [
        {
            "invitation": one.invitation,
            "url": "" if one.is_rated else f"/rate/{token_of_invitation(one.invitation)}/",
        }
        for one in own
    ]


@citizen_page
def mine(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """From a message to the token: the message holds none, so only its reader gets there."""
    row = RatingInvitation.objects.filter(pk=invitation_id).first()
    if row is None or not request.actor.acts_for(row.party_id):  # type: ignore[attr-defined]
        raise Http404
    return HttpResponseRedirect(f"/rate/{token_of_invitation(row)}/")
