"""Where a case stands, by short number and query code, without signing in; names are masked."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.apps.cases.guessing import count_wrong, is_blocked
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations.filing import is_query_code
from yiwang.apps.cases.pages.next_steps import next_step
from yiwang.apps.cases.pages.own import own_strip
from yiwang.foundation.shell.access import public_page
from yiwang.kernel.numbering import NumberingError, parse_short_number

MOST_TRIES, WAIT = 5, timedelta(minutes=15)
TRIES, SINCE = "progress_tries", "progress_since"
NOT_FOUND = "编号和查询码对不上。请对照收件凭证核对,6 位查询码也在短信里。"


@public_page
@sensitive_post_parameters("code")
def progress(request: HttpRequest) -> HttpResponse:
    number = (request.POST.get("number") or request.GET.get("number") or "").strip()[:40]
    context: dict[str, object] = {"number": number}
    if request.method != "POST":
        return render(request, "cases/portal/progress.html", context)
    if _is_waiting(request) or is_blocked(number):
        return render(request, "cases/portal/progress.html", {**context, "wait": True}, status=429)
    case = by_query_code(number, request.POST.get("code", ""))
    if case is None:
        _count(request)
        count_wrong(number)
        context["error"] = NOT_FOUND
        return render(request, "cases/portal/progress.html", context, status=422)
    request.session.pop(TRIES, None)
    at = request.at  # type: ignore[attr-defined]
    context |= {"case": case, "step": next_step(case, at), "strip": own_strip(case, at)}
    return render(request, "cases/portal/progress.html", context)


def by_query_code(number: str, code: str) -> Case | None:
    """The case with this short number, if the code is its own."""
    try:
        wanted = parse_short_number(number).text
    except NumberingError:
        return None
    case = Case.objects.select_related("organ", "hall").filter(short_number=wanted).first()
    if case is None or not is_query_code(case, code):
        return None
    return case


def _is_waiting(request: HttpRequest) -> bool:
    """True after five wrong tries in this session, for a quarter of an hour."""
    if request.session.get(TRIES, 0) < MOST_TRIES:
        return False
    at = request.at.timestamp()  # type: ignore[attr-defined]
    if at - request.session.get(SINCE, 0) < WAIT.total_seconds():
        return True
    request.session.pop(TRIES, None)
    return False


def _count(request: HttpRequest) -> None:
    request.session[TRIES] = request.session.get(TRIES, 0) + 1
    request.session[SINCE] = request.at.timestamp()  # type: ignore[attr-defined]
