"""One's own absence: registering it hands the posts' tasks to the deputies (B角)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.cases.pages.staff_fields import error_list, field
from yiwang.apps.cases.pages.work import FINDERS
from yiwang.apps.people.public import (
    InvalidAbsenceError,
    absences_of,
    deputies_for,
    end_absence,
    register_absence,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import BEIJING

HOME = "/work/absence/"


@require_http_methods(["GET", "POST"])
@staff_page(*FINDERS)
def absence(request: HttpRequest) -> HttpResponse:
    """Show my posts, their deputies and my absences; take in a new one."""
    typed, errors = request.POST, {}
    if request.method == "POST":
        try:
            _register(request)
            messages.success(request, "已登记。离岗期间,待办自动由 B角 办理。")
            return HttpResponseRedirect(HOME, status=303)
        except InvalidAbsenceError as error:
            errors = error.fields
    return _page(request, typed, errors)


@require_POST
@staff_page(*FINDERS)
def back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Back earlier than planned."""
    end_absence(absence_id=absence_id, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    messages.success(request, "已结束离岗,待办由您本人办理。")
    return HttpResponseRedirect(HOME, status=303)


def _register(request: HttpRequest) -> None:
    """Raises InvalidAbsenceError."""
    at: datetime = request.at  # type: ignore[attr-defined]
    times = {name: moment_of(request.POST.get(name, "")) for name in ("starts_at", "ends_at")}
    problems = {name: "请选择日期和时间。" for name, moment in times.items() if moment is None}
    starts_at, ends_at = times["starts_at"], times["ends_at"]
    if starts_at is None or ends_at is None:
        raise InvalidAbsenceError(problems)
    register_absence(
        starts_at=starts_at,
        ends_at=ends_at,
        reason=request.POST.get("reason", ""),
        actor=request.actor,  # type: ignore[attr-defined]
        at=at,
    )


def moment_of(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def _page(request: HttpRequest, typed: Any, errors: dict[str, str]) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    fields = [
        field(
            "reason",
            "原因",
            value=typed.get("reason", ""),
            error=errors.get("reason", ""),
            hint="例如:休假、出差、培训、公务外出。",
            width="w-20",
            maxlength=80,
        ),
    ]
    times = [
        {
            "name": "starts_at",
            "label": "从",
            "error": errors.get("starts_at", ""),
            "value": typed.get("starts_at") or at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M"),
        },
        {
            "name": "ends_at",
            "label": "到",
            "error": errors.get("ends_at", ""),
            "value": typed.get("ends_at", ""),
        },
    ]
    context = {
        "posts": deputies_for(actor),
        "absences": absences_of(actor.account_id or 0, at=at),
        "fields": fields,
        "times": times,
        "now": at,
        "errors": [
            *({"text": t["error"], "url": f"#id_{t['name']}"} for t in times if t["error"]),
            *error_list(fields),
        ],
    }
    return render(request, "cases/staff/absence.html", context, status=422 if errors else 200)
