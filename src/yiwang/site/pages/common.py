"""Pages that belong to no room: where to begin, the edition, the accessibility statement."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.people.pages.signing import redirect
from yiwang.foundation.leaving import UnknownTargetError, host_to_leave_for
from yiwang.foundation.shell.access import public_page, signed_in_page
from yiwang.foundation.shell.own_path import own_path
from yiwang.site.shell import staff_start

A_YEAR = 365 * 24 * 3600


@signed_in_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where a session begins: staff at the first work of their posts, everybody else at home."""
    return redirect(staff_start(request.actor))  # type: ignore[attr-defined]


@public_page
@require_safe
def edition(request: HttpRequest) -> HttpResponse:
    """Change between the standard and the elder edition (关怀版), and back to where one was."""
    response = redirect(own_path(request.GET.get("next")))
    other = "standard" if request.COOKIES.get("edition") == "elder" else "elder"
    response.set_cookie(
        "edition",
        other,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use the pages, what is not done, whom to tell."""
    return render(request, "site/accessibility.html")


@public_page
@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """Ask before somebody goes to another site; only known and signed targets, never a redirect."""
    target = request.GET.get("to", "")
    try:
        host = host_to_leave_for(target, request.GET.get("sign", ""))
    except UnknownTargetError as error:
        raise Http404 from error
    is_government = host.endswith(".gov.cn")
    context = {"target": target, "host": host, "is_government": is_government}
    return render(request, "site/leaving.html", context)
