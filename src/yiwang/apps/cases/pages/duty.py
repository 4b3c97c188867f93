"""Passing one's queue to a colleague for a time, and who is on duty at one's organ today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.cases.pages.absence import moment_of
from yiwang.apps.cases.pages.staff_fields import error_list, field
from yiwang.apps.cases.pages.work import FINDERS
from yiwang.apps.people.public import (
    HandoverTerm,
    InvalidHandoverError,
    end_handover,
    hand_over,
    handovers_of,
    receivers_of,
    roster,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import BEIJING, civil_date

HOME = "/work/handovers/"


@require_http_methods(["GET", "POST"])
@staff_page(*FINDERS)
def handovers(request: HttpRequest) -> HttpResponse:
    """What runs or is to come, given and received; and a form for a new one."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _hand_over(request)
            messages.success(request, "已移交,到期自动结束,双方都能看到。")
            return HttpResponseRedirect(HOME, status=303)
        except InvalidHandoverError as error:
            errors = error.fields
    return _page(request, errors)


def _hand_over(request: HttpRequest) -> None:
    """Raises InvalidHandoverError, AccessDeniedError."""
    typed = request.POST
    post, _, receiver = typed.get("receiver", "").partition("-")
    is_known = all(t.isascii() and t.isdigit() and len(t) < 19 for t in (post, receiver))
    if not is_known:
        raise InvalidHandoverError({"receiver": "请选择移交哪个岗位、交给谁。"})
    hand_over(
        post_id=int(post),
        receiver_id=int(receiver),
        term=HandoverTerm(
            moment_of(typed.get("starts_at", "")),
            moment_of(typed.get("ends_at", "")),
            typed.get("reason", ""),
        ),
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )


def _page(request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    typed = request.POST
    labels = {p.post_id: f"{p.organ_label} {p.post_label}" for p in actor.postings}
    options = tuple(
        (f"{post_id}-{account_id}", f"{labels[post_id]} → {name}")
        for post_id, people in receivers_of(actor, on=civil_date(at)).items()
        for account_id, name in people
    )
    start = at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")
    fields = [
        field("receiver", "移交哪个岗位的待办,交给谁", kind="radios", options=options,
              value=typed.get("receiver", ""), error=errors.get("receiver", "")),
        field("reason", "原因", value=typed.get("reason", ""), error=errors.get("reason", ""),
              maxlength=200, width="w-full"),
    ]  # fmt: skip
    times: list[dict[str, Any]] = [
        {"name": name, "label": label, "error": errors.get(name, ""),
         "value": typed.get(name) or default}
        for name, label, default in (("starts_at", "从", start), ("ends_at", "到", ""))
    ]  # fmt: skip
    context = {
        "rows": handovers_of(actor.account_id or 0, at=at),
        "me": actor.account_id,
        "fields": fields,
        "times": times,
        "has_options": bool(options),
        "errors": [
            *({"text": t["error"], "url": f"#id_{t['name']}"} for t in times if t["error"]),
            *error_list(fields),
        ],
    }
    return render(request, "cases/staff/handovers.html", context, status=422 if errors else 200)


@require_POST
@staff_page(*FINDERS)
def end(request: HttpRequest, handover_id: int) -> HttpResponse:
    """Back earlier than planned."""
    end_handover(handover_id=handover_id, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    messages.success(request, "移交已结束。")
    return HttpResponseRedirect(HOME, status=303)


@require_GET
@staff_page(*FINDERS)
def duty(request: HttpRequest) -> HttpResponse:
    """The roster of the organs one has a post at."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organs = sorted({p.organ_id for p in actor.postings if p.organ_id is not None})
    context = {"posts": roster(organ_ids=organs, at=request.at), "now": request.at}  # type: ignore[attr-defined]
    return render(request, "cases/staff/duty.html", context)
