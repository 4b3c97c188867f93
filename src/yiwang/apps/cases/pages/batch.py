"""One opinion, or one decision to grant, on several cases, with what became of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.operations.batching import agree_to, grant_to
from yiwang.foundation.shell.access import staff_page

LONGEST_ID = 18


@require_POST
@staff_page(permissions.REVIEW, permissions.DECIDE)
def batch(request: HttpRequest) -> HttpResponse:
    """Do it, then say which were done and which must be handled one by one, and why."""
    chosen = [
        int(text)
        for text in request.POST.getlist("step")
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    ]
    is_grant = request.POST.get("do") == "grant"
    opinion = request.POST.get("opinion", "").strip()[:4000]
    context: dict[str, Any] = {"opinion": opinion, "is_grant": is_grant}
    try:
        found = (grant_to if is_grant else agree_to)(
            step_ids=chosen,
            opinion=opinion,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except InvalidInputError as error:
        context |= {"problem": "".join(error.fields.values()), "steps": chosen}
        return render(request, "cases/staff/batch.html", context, status=422)
    context |= {
        "done": [one for one in found if not one.reason],
        "left": [one for one in found if one.reason],
    }
    return render(request, "cases/staff/batch.html", context)
