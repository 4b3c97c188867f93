"""Error pages: what happened, what was kept, what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def error_page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """The page for a status; without permission its own page."""
    actor = getattr(request, "actor", None)
    if status == 403 and actor is not None and actor.ref != "anonymous":
        return render(request, "shell/no_permission.html", {"reason": message}, status=403)
    context = {"status": status, "reference": getattr(request, "reference", "")}
    if message:
        context["happened"] = message
    return render(request, "shell/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(
        request,
        403,
        "页面停留时间太长,安全校验已过期。请返回上一页刷新后再提交,已保存的草稿不受影响。",
    )
